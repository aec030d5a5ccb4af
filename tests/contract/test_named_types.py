"""Named types of the OpenAPI description: one schema for each set of words, free value and part of the JSON form."""

from __future__ import annotations

import json
from enum import StrEnum
from typing import Annotated, Any, Literal

import jsonschema
import msgspec
import pytest

from engineering_api import VERSION
from engineering_api.app import catalogue
from engineering_api.features.blocks.block_generation_operations import MOTOR
from engineering_api.web.openapi.document import describe
from engineering_api.web.openapi.named_types import collect
from engineering_api.web.openapi.samples import samples

REF = "#/components/schemas/{name}"
Colour = Annotated[Literal["red", "green"], msgspec.Meta(title="Colour")]
Free = Annotated[Any, msgspec.Meta(title="Free", description="Any value.")]


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
    used = "#/components/schemas/ProgrammingLanguage"
    assert components["BlockInfo"]["properties"]["language"]["$ref"] == used
    assert components["BlockContent"]["properties"]["programmingLanguage"]["$ref"] == used
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


class Size(StrEnum):
    """How large it is."""

    SMALL = "small"
    LARGE = "large"


class Ball(msgspec.Struct):
    """A ball."""

    colour: Annotated[Colour, msgspec.Meta(description="Of the outside.")]
    inside: Annotated[Colour | None, msgspec.Meta(description="Of the inside.")] = None
    size: Size = Size.SMALL
    others: list[Colour] = []
    title: str = ""
    notes: Annotated[dict[str, Free], msgspec.Meta(examples=[{"title": "red"}])] = {}


def collected(*kinds: Any) -> dict[str, Any]:
    return collect(msgspec.json.schema_components(kinds, ref_template=REF)[1], REF)


def test_a_named_type_has_one_schema_to_which_its_fields_refer() -> None:
    made = collected(Ball)
    reference = {"$ref": "#/components/schemas/Colour"}
    assert made["Colour"] == {"title": "Colour", "type": "string", "enum": ["green", "red"]}
    fields = made["Ball"]["properties"]
    assert fields["colour"] == reference | {"description": "Of the outside."}
    assert fields["inside"]["anyOf"][0] == reference
    assert fields["others"]["items"] == reference
    assert fields["size"] == {"$ref": "#/components/schemas/Size", "default": "small"}
    assert made["Size"]["type"] == "string"
    assert fields["title"] == {"type": "string", "default": ""}
    assert made["Free"] == {"title": "Free"}
    assert fields["notes"]["examples"] == [{"title": "red"}]


def test_two_types_cannot_have_one_name() -> None:
    other = Annotated[Literal["blue"], msgspec.Meta(title="Colour")]
    with pytest.raises(ValueError, match="Colour"):
        collected(Ball, msgspec.defstruct("Other", [("colour", other)]))
    with pytest.raises(ValueError, match="Ball"):
        collected(Ball, msgspec.defstruct("Other", [("x", Annotated[Literal["x"], msgspec.Meta(title="Ball")])]))


@pytest.mark.parametrize(
    ("schema", "field", "named"),
    [
        ("JobRecord", "status", "JobStatus"),
        ("JobRecord", "result", "JsonValue"),
        ("Me", "right", "Role"),
        ("OnlineReport", "state", "OnlineState"),
        ("InstanceState", "operatingState", "OperatingState"),
        ("RuntimeValue", "quality", "Quality"),
        ("PipelineExecution", "status", "PipelineStatus"),
        ("Delivery", "status", "DeliveryStatus"),
        ("ChangedFile", "status", "FileStatus"),
    ],
)
def test_fields_with_known_words_refer_to_them(document: dict[str, Any], schema: str, field: str, named: str) -> None:
    schemas = document["components"]["schemas"]
    assert schemas[schema]["properties"][field]["$ref"] == REF.format(name=named)


def test_a_query_refers_to_the_words_of_its_answer(document: dict[str, Any]) -> None:
    parameters = document["paths"]["/api/jobs"]["get"]["parameters"]
    (status,) = (each["schema"] for each in parameters if each.get("name") == "status")
    assert {"$ref": REF.format(name="JobStatus")} in status["anyOf"]
