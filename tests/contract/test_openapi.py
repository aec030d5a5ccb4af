"""The OpenAPI document: whole in itself. tests/contract/test_generation.py holds it to the catalogue."""

import json
import re

import msgspec

from engineering_api import VERSION
from engineering_api.app import catalogue
from engineering_api.web.openapi.document import describe


def document() -> dict:
    return json.loads(msgspec.json.encode(describe(catalogue(), VERSION)))


def test_every_reference_leads_somewhere() -> None:
    made = document()
    for kind, name in re.findall(r'"#/components/(\w+)/([^"]+)"', json.dumps(made)):
        assert name in made["components"][kind]


def test_every_endpoint_is_described() -> None:
    described = {
        (op["x-endpoint"], f"{method.upper()} {path}", op["x-right"])
        for path, methods in document()["paths"].items()
        for method, op in methods.items()
        if "x-endpoint" in op
    }
    assert (
        described
        == {(each.name, str(route), each.right.word) for each in catalogue().endpoints for route in each.routes}
        != set()
    )


def test_an_upload_is_described_with_the_status_that_it_has() -> None:
    paths = document()["paths"]
    assert {"201"} == {each for each in paths["/api/files"]["post"]["responses"] if each.startswith("2")}
    assert {"201"} == {each for each in paths["/api/files/{path}"]["put"]["responses"] if each.startswith("2")}


def test_operation_ids_are_unique() -> None:
    ids = [op["operationId"] for path in document()["paths"].values() for op in path.values()]
    assert len(ids) == len(set(ids))


def test_path_parameters_are_declared() -> None:
    for path, methods in document()["paths"].items():
        for op in methods.values():
            declared = {p["name"] for p in op["parameters"] if p.get("in") == "path"}
            assert declared == set(re.findall(r"\{(\w+)\}", path))
