"""Version 2 as programs read it that make clients: names, examples and headers of its description are those that work."""

from __future__ import annotations

import json
import re
from functools import cache
from typing import Any

import msgspec
import pytest

from engineering_api import VERSION
from engineering_api.app import catalogue
from engineering_api.web.openapi.document import describe
from tests.support.service import Client

LONGEST_ID = 40


@cache
def document() -> dict[str, Any]:
    """The description of version 2: made at the first use, since it takes a second."""
    made: dict[str, Any] = json.loads(msgspec.json.encode(describe(catalogue(), VERSION, 2)))
    return made


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """Method, path and description of each operation."""
    return [(method, path, op) for path, ops in document()["paths"].items() for method, op in ops.items()]


def resolved(node: dict[str, Any]) -> dict[str, Any]:
    """What a reference leads to, or the node itself."""
    while "$ref" in node:
        _, kind, name = node["$ref"].rsplit("/", 2)
        node = document()["components"][kind][name]
    return node


def parameters(op: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {each["name"]: each for each in map(resolved, op["parameters"])}


def test_ids_are_short_names_of_methods() -> None:
    for _, path, op in operations():
        assert re.fullmatch(r"[a-z][a-z0-9_]*", op["operationId"]), path
        assert len(op["operationId"]) <= LONGEST_ID, path


def test_schemas_have_names_of_classes() -> None:
    assert [name for name in document()["components"]["schemas"] if not re.fullmatch(r"[A-Z][A-Za-z0-9]*", name)] == []


def test_the_example_of_a_filter_names_a_field_of_the_list() -> None:
    seen = 0
    for _, path, op in operations():
        found = parameters(op).get("filter")
        content = resolved(op["responses"].get("200", {})).get("content", {}).get("application/json", {})
        schema = resolved(content.get("schema", {}))
        if found is None or "items" not in schema or "Conditions" not in found["description"]:
            continue
        fields = resolved(schema["items"]).get("properties", {})
        name, compared, _ = found["example"].partition("~")
        assert bool(compared) is bool(fields) and (not fields or name in fields), path
        seen += 1
    assert seen > 50


@pytest.mark.slow
def test_if_match_is_described_where_it_is_taken(client: Client) -> None:
    """Nothing has this tag: where it is taken, nothing runs, and where it is not, a code reports it."""
    known = {op.name: op for op in catalogue()}
    wrong = []
    for method, path, described in operations():
        op, offered = known.get(described.get("x-operation", "")), "If-Match" in parameters(described)
        if op is None or not op.changes:
            assert not offered, path
            continue
        sent = dict(op.example or {})
        filled = path.format_map({name: sent.pop(name, "x") for name in re.findall(r"\{(\w+)\}", path)})
        answer = client.http.request(method.upper(), filled, json=sent, headers={"If-Match": '"none"'})
        if offered is ('"request.no_entity_tag"' in answer.text):
            wrong.append((method, path, answer.status_code, answer.text[:300]))
    assert wrong == []


def test_numbers_and_booleans_of_a_query_are_not_each_other(client: Client) -> None:
    client.refused(400, "request.wrong_type", "GET", "/api/projects?wait=true")
    for value in ("0", "1", "yes"):
        client.refused(400, "request.wrong_type", "GET", f"/api/source-control/diff?explain={value}")
