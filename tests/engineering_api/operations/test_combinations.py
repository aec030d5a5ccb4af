"""Rules about fields that go together: what the binder refuses is what the schema of the description refuses."""

import json
from itertools import product
from typing import Annotated, Any

import msgspec
import pytest
from jsonschema import Draft202012Validator

from engineering_api import VERSION
from engineering_api.app import catalogue
from engineering_api.operations.binding import bind_document
from engineering_api.operations.combinations import (
    at_least_one,
    at_most_one,
    combine,
    exactly_one,
    ruled_types,
    rules_of,
    together,
)
from engineering_api.operations.fields import Request, named
from engineering_api.web.openapi.document import describe
from openness_bridge.errors import Problem

VALUES: dict[str, list[Any]] = {
    "rawXml": [None, "", "<a/>"],
    "scl": [None, "x"],
    "rows": [[], [1]],
    "save": [False, True],
    "count": [0, 1],
}


class Fields(Request):
    """Fields with defaults of all kinds."""

    raw_xml: Annotated[str | None, named("Text.", "xml")] = None
    scl: str | None = None
    rows: list[int] = []
    save: bool = False
    count: int = 0


@combine(exactly_one("raw_xml", "scl", "rows"))
class One(Fields):
    """Exactly one."""


@combine(exactly_one("raw_xml", ("scl", "rows"), code="test.one"))
class OneOrSome(Fields):
    """One, or some of two."""


@combine(at_least_one("rows", "save", "count"))
class Some(Fields):
    """At least one."""


@combine(at_most_one("raw_xml", "save", "count"))
class Most(Fields):
    """At most one."""


@combine(together("raw_xml", "rows", "count"))
class All(Fields):
    """All or none."""


@combine(at_most_one("save", "count"))
class Both(One):
    """A rule in addition to that of the base."""


def documents() -> list[dict[str, Any]]:
    """Each field left out, or with each value."""
    absent = object()
    choices = product(*([absent, *values] for values in VALUES.values()))
    return [{name: each for name, each in zip(VALUES, chosen, strict=True) if each is not absent} for chosen in choices]


@pytest.mark.parametrize("request_type", [One, OneOrSome, Some, Most, All, Both])
def test_the_binder_and_the_schema_refuse_the_same(request_type: type[Request]) -> None:
    validator = Draft202012Validator({"allOf": [rule.schema(request_type) for rule in rules_of(request_type)]})
    outcomes = set()
    for document in documents():
        try:
            bind_document(request_type, document)
            is_bound = True
        except Problem:
            is_bound = False
        assert validator.is_valid(document) == is_bound, document
        outcomes.add(is_bound)
    assert outcomes == {True, False}


@pytest.mark.parametrize(
    ("request_type", "document", "code", "message"),
    [
        (One, {}, "request.contradiction", "Give exactly one of rawXml, scl and rows."),
        (One, {"xml": "a", "scl": "b"}, "request.contradiction", "Give exactly one of rawXml, scl and rows."),
        (OneOrSome, {}, "test.one", "Give exactly one of rawXml and scl or rows."),
        (Some, {}, "request.missing_field", "Give at least one of rows, save and count."),
        (Most, {"xml": "a", "save": True}, "request.contradiction", "Give at most one of rawXml, save and count."),
        (All, {"rows": [1]}, "request.missing_field", "Give rawXml, rows and count, or none of them."),
    ],
)
def test_the_refusal_names_the_fields(
    request_type: type[Request], document: dict[str, Any], code: str, message: str
) -> None:
    with pytest.raises(Problem) as caught:
        bind_document(request_type, document)
    assert (caught.value.code, caught.value.message) == (code, message)


def test_the_place_of_a_part_is_named() -> None:
    class Whole(Request):
        parts: list[One]
        other: One | None = None

    assert ruled_types(Whole) == {One}
    bind_document(Whole, {"parts": [{"scl": "x"}], "other": {"xml": "x"}})
    with pytest.raises(Problem) as caught:
        bind_document(Whole, {"parts": [{"scl": "x"}, {}]})
    assert caught.value.place is not None
    assert caught.value.place.pointer == "/parts/1"


def test_a_rule_names_fields_that_there_are() -> None:
    with pytest.raises(ValueError, match="nothing"):
        combine(exactly_one("scl", "nothing"))(Fields)


def test_the_description_of_a_body_has_its_rules() -> None:
    document = json.loads(msgspec.json.encode(describe(catalogue(), VERSION)))
    body = document["paths"]["/api/devices/{deviceName}/blocks/{blockName}/content"]["put"]["requestBody"]
    schema = body["content"]["application/json"]["schema"] | {"components": document["components"]}
    validator = Draft202012Validator(schema)
    assert validator.is_valid({"rawXml": "<a/>"})
    assert validator.is_valid({"interface": {}, "networks": []})
    assert not validator.is_valid({})
    assert not validator.is_valid({"rawXml": "<a/>", "networks": []})
    trigger = next(
        each for name, each in document["components"]["schemas"].items() if name.endswith("Trigger") and "allOf" in each
    )
    assert not Draft202012Validator(trigger).is_valid({"change": "memory:a", "every": "10s"})
    assert Draft202012Validator(trigger["allOf"][0]).is_valid({"change": "memory:a", "every": ""})


def test_each_operation_with_a_rule_has_an_example_that_meets_it() -> None:
    ruled = [op for op in catalogue() if ruled_types(op.request)]
    assert len(ruled) >= 12
    for op in ruled:
        bind_document(op.request, dict(op.example))
