"""Types with a title are one component each; the parts of the JSON form have the schema that simatic_xml has for them."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import msgspec
import pytest

from engineering_api import VERSION
from engineering_api.app import catalogue
from engineering_api.documentation.samples import samples
from engineering_api.features.blocks.block_generation_operations import MOTOR
from engineering_api.web.openapi import named_types
from engineering_api.web.openapi.document import describe


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(msgspec.json.encode(describe(catalogue(), VERSION)))
    return made


def schema(document: dict[str, Any], operation: str) -> dict[str, Any]:
    """The schema of the body of an operation, with all components."""
    bodies = (
        op["requestBody"]["content"]["application/json"]["schema"]
        for path in document["paths"].values()
        for op in path.values()
        if op.get("x-operation") == operation and "requestBody" in op
    )
    return next(bodies) | {"components": document["components"]}


def test_an_enumeration_is_one_component_that_requests_and_answers_use(document: dict[str, Any]) -> None:
    components = document["components"]["schemas"]
    assert components["CompileState"]["enum"] == ["Success", "Information", "Warning", "Error"]
    used = {"$ref": "#/components/schemas/ProgrammingLanguage"}
    assert components["BlockInfo"]["properties"]["language"] == used
    assert components["BlockContent"]["properties"]["programmingLanguage"] == used
    layout = schema(document, "blocks.create")["properties"]["memoryLayout"]["anyOf"]
    assert {"$ref": "#/components/schemas/MemoryLayout"} in layout


@pytest.mark.parametrize(
    ("part", "wrong"),
    [
        ({"networks": [{"tittle": "Start"}]}, "tittle"),
        ({"interface": {"Input": [{"type": "Bool"}]}}, "name"),
        ({"memoryLayout": "Fast"}, "Fast"),
        ({"members": [{"name": "speed", "type": "Int", "remanence": "Always"}]}, "Always"),
    ],
    ids=["network", "member without a name", "enumeration", "enumeration in the JSON form"],
)
def test_the_schema_of_a_block_accepts_a_block_and_finds_what_is_wrong(
    document: dict[str, Any], part: dict[str, Any], wrong: str
) -> None:
    validator = jsonschema.Draft202012Validator(schema(document, "blocks.create"))
    assert list(validator.iter_errors(MOTOR)) == []
    errors = [str(error) for error in validator.iter_errors(MOTOR | part)]
    assert any(wrong in error for error in errors), errors


def test_recorded_answers_fit_their_schemas() -> None:
    recorded = [op for op in catalogue() if op.name in samples()]
    schemas, definitions = msgspec.json.schema_components([op.answer for op in recorded], ref_template="#/$defs/{name}")
    wrong = [
        f"{op.name}: {error.json_path}: {error.message}"
        for op, found in zip(recorded, schemas, strict=True)
        for error in jsonschema.Draft202012Validator(found | {"$defs": definitions}).iter_errors(samples()[op.name])
    ]
    assert len(recorded) > 400
    assert wrong == []


def test_no_part_of_the_json_form_is_described_that_nothing_refers_to(document: dict[str, Any]) -> None:
    text = json.dumps(document)
    forms = [name for name in document["components"]["schemas"] if name.startswith("Simatic")]
    assert "SimaticNetwork" in forms
    assert [name for name in forms if f'/{name}"' not in text] == []


def test_two_types_of_one_name_are_refused() -> None:
    one, other = ({"title": "State", "type": "string", "enum": [value]} for value in ("on", "off"))
    paths = {"a": one, "b": other}
    with pytest.raises(ValueError, match="State"):
        named_types.share({"paths": paths, "components": {"schemas": {}}})
    with pytest.raises(ValueError, match="State"):
        named_types.share({"paths": {"a": one}, "components": {"schemas": {"State": {"properties": {}}}}})
