"""Named types of the OpenAPI description: one schema for each set of words and for each free value."""

import json
from enum import StrEnum
from typing import Annotated, Any, Literal

import msgspec
import pytest

from engineering_api import VERSION
from engineering_api.app import catalogue
from engineering_api.web.openapi.document import describe
from engineering_api.web.openapi.named import collect

REF = "#/components/schemas/{name}"
Colour = Annotated[Literal["red", "green"], msgspec.Meta(title="Colour")]
Free = Annotated[Any, msgspec.Meta(title="Free", description="Any value.")]


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
def test_fields_with_known_words_refer_to_them(schema: str, field: str, named: str) -> None:
    schemas = described()["components"]["schemas"]
    assert schemas[schema]["properties"][field]["$ref"] == REF.format(name=named)


def test_a_query_refers_to_the_words_of_its_answer() -> None:
    parameters = described()["paths"]["/api/jobs"]["get"]["parameters"]
    (status,) = (each["schema"] for each in parameters if each.get("name") == "status")
    assert {"$ref": REF.format(name="JobStatus")} in status["anyOf"]


def described() -> dict[str, Any]:
    made: dict[str, Any] = json.loads(msgspec.json.encode(describe(catalogue(), VERSION)))
    return made
