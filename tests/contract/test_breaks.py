"""What breaks clients, and what does not: a made-up description, changed in one way after the other."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

import pytest

from engineering_api.web.contract import Promise, Promises
from engineering_api.web.openapi.contract_rows import rows
from tests.contract.breaks import find_breaks

JSON = "application/json"
Made = dict[str, Any]


def reference(name: str) -> Made:
    return {"$ref": f"#/components/schemas/{name}"}


def operation() -> Made:
    """Creates a tag in a table: one of each kind of thing that a route takes."""
    fields = {
        "name": {"type": "string", "maxLength": 10, "pattern": "^[a-z]"},
        "size": {"type": "integer", "minimum": 1, "maximum": 8, "default": 1},
        "kind": {"enum": ["bit", "word"], "type": "string"},
        "owner": {"anyOf": [reference("Owner"), {"type": "null"}], "default": None},
        "tags": {"type": "array", "items": {"type": "integer"}},
    }
    body = {"type": "object", "properties": fields, "required": ["name"], "additionalProperties": False}
    return {
        "operationId": "tags_create",
        "x-right": "engineer",
        "parameters": [
            {"name": "table", "in": "path", "required": True, "schema": {"type": "string"}},
            {"name": "sort", "in": "query", "required": False, "schema": {"type": "string"}},
            {"$ref": "#/components/parameters/wait"},
        ],
        "requestBody": {"content": {JSON: {"schema": body}}},
        "responses": {
            "200": {"content": {JSON: {"schema": {"type": "array", "items": reference("Tag")}}}},
            "400": {"$ref": "#/components/responses/Failed400"},
        },
    }


def document() -> Made:
    tag = {
        "name": {"type": "string"},
        "size": {"type": "integer"},
        "comment": {"type": "string"},
        "state": reference("State"),
        "owner": reference("Owner"),
    }
    return {
        "paths": {"/api/tables/{table}/tags": {"post": operation()}},
        "components": {
            "schemas": {
                "Tag": {"type": "object", "properties": tag, "required": ["name", "size", "state"]},
                "State": {"type": "string", "enum": ["new", "used"]},
                "Owner": {"type": "object", "properties": {"mail": {"type": "string"}}, "required": ["mail"]},
                "Failure": {"type": "object", "properties": {"code": {"type": "string"}}, "required": ["code"]},
            },
            "parameters": {"wait": {"schema": {"type": "integer", "minimum": 0}}},
            "responses": {"Failed400": {"content": {JSON: {"schema": reference("Failure")}}}},
        },
    }


class Editing:
    """The parts of a description that the changes below change."""

    def __init__(self, whole: Made) -> None:
        self.paths = whole["paths"]
        self.operation = self.paths["/api/tables/{table}/tags"]["post"]
        self.parameters = self.operation["parameters"]
        self.body = self.operation["requestBody"]["content"][JSON]["schema"]
        self.fields = self.body["properties"]
        self.answers = self.operation["responses"]
        self.components = whole["components"]
        self.schemas = self.components["schemas"]
        self.tag = self.schemas["Tag"]


Change = Callable[[Editing], object]


def promises(change: Change | None = None, version: int = 1) -> Promises:
    whole = copy.deepcopy(document())
    if change:
        change(Editing(whole))
    return frozenset(Promise(version, row) for row in rows(whole))


def breaks(change: Change) -> list[str]:
    return sorted(map(str, find_breaks(promises(), promises(change))))


def rename(values: Made, old: str, new: str) -> object:
    values[new] = values.pop(old)
    return values


BREAKING: dict[str, tuple[Change, str]] = {
    "operation removed": (lambda it: it.paths.clear(), "tags_create removed"),
    "path changed": (lambda it: rename(it.paths, "/api/tables/{table}/tags", "/api/tags"), "tags_create removed"),
    "method changed": (
        lambda it: rename(it.paths["/api/tables/{table}/tags"], "post", "put"),
        "tags_create removed",
    ),
    "operation id changed": (lambda it: it.operation.update(operationId="tags_add"), "tags_create id"),
    "right raised": (lambda it: it.operation.update({"x-right": "administrator"}), "tags_create right"),
    "query removed": (lambda it: it.parameters.pop(1), "tags_create query.sort removed"),
    "query renamed": (lambda it: it.parameters[1].update(name="order"), "tags_create query.sort removed"),
    "query required": (lambda it: it.parameters[1].update(required=True), "tags_create query.sort required"),
    "query narrowed": (lambda it: it.parameters[1].update(schema={"enum": ["a"]}), "tags_create query.sort enum"),
    "query retyped": (lambda it: it.parameters[1].update(schema={"type": "integer"}), "tags_create query.sort type"),
    "shared option removed": (lambda it: it.parameters.pop(), "tags_create options.wait removed"),
    "shared option narrowed": (
        lambda it: it.components["parameters"]["wait"]["schema"].update(minimum=1),
        "parameters/wait minimum",
    ),
    "field removed": (lambda it: it.fields.pop("size"), "tags_create body.size removed"),
    "field renamed": (lambda it: rename(it.fields, "size", "length"), "tags_create body.size removed"),
    "body removed": (lambda it: it.operation.pop("requestBody"), "tags_create body.name removed"),
    "new required field": (
        lambda it: (it.fields.update(unit={"type": "string"}), it.body["required"].append("unit")),
        "tags_create body.unit required",
    ),
    "field required": (lambda it: it.body["required"].append("size"), "tags_create body.size required"),
    "field retyped": (lambda it: it.fields.update(size={"type": "string", "default": 1}), "tags_create body.size type"),
    "items narrowed": (
        lambda it: it.fields["tags"].update(items={"type": "integer", "minimum": 0}),
        "tags_create body.tags minimum",
    ),
    "maximum lowered": (lambda it: it.fields["size"].update(maximum=7), "tags_create body.size maximum"),
    "minimum raised": (lambda it: it.fields["size"].update(minimum=2), "tags_create body.size minimum"),
    "length limited": (lambda it: it.fields["name"].update(maxLength=9), "tags_create body.name maxLength"),
    "least length": (lambda it: it.fields["name"].update(minLength=1), "tags_create body.name minLength"),
    "pattern changed": (lambda it: it.fields["name"].update(pattern="^[a-f]"), "tags_create body.name pattern"),
    "word removed": (lambda it: it.fields["kind"].update(enum=["bit"]), "tags_create body.kind enum"),
    "no longer nullable": (lambda it: it.fields.update(owner=reference("Owner")), "tags_create body.owner null"),
    "default changed": (lambda it: it.fields["size"].update(default=2), "tags_create body.size default"),
    "new rule": (lambda it: it.body.update(allOf=[{"not": {"required": ["size", "kind"]}}]), "tags_create allOf"),
    "field of a shared schema required": (
        lambda it: (
            it.schemas["Owner"]["properties"].update(name={"type": "string"}),
            it.schemas["Owner"]["required"].append("name"),
        ),
        "Owner name required",
    ),
    "property removed": (lambda it: it.tag["properties"].pop("comment"), "Tag comment removed"),
    "property renamed": (lambda it: rename(it.tag["properties"], "comment", "note"), "Tag comment removed"),
    "property retyped": (lambda it: it.tag["properties"].update(size={"type": "string"}), "Tag size type"),
    "property widened": (lambda it: it.tag["properties"].update(size={"type": "number"}), "Tag size type"),
    "property optional": (lambda it: it.tag["required"].remove("size"), "Tag size optional"),
    "property nullable": (
        lambda it: it.tag["properties"].update(size={"anyOf": [{"type": "integer"}, {"type": "null"}]}),
        "Tag size null",
    ),
    "enumeration of an answer wider": (lambda it: it.schemas["State"]["enum"].append("gone"), "State enum"),
    "answer retyped": (
        lambda it: it.answers["200"]["content"][JSON].update(schema=reference("Tag")),
        "tags_create 200 type",
    ),
    "status changed": (lambda it: rename(it.answers, "200", "201"), "tags_create 200 status"),
    "status added": (lambda it: it.answers.update({"202": {}}), "tags_create 202 status"),
    "media type changed": (
        lambda it: rename(it.answers["200"]["content"], JSON, "text/csv"),
        "tags_create 200 status",
    ),
    "property of a failure removed": (
        lambda it: it.schemas["Failure"].update(properties={}, required=[]),
        "Failure code removed",
    ),
}

HARMLESS: dict[str, Change] = {
    "nothing": lambda _: None,
    "operation added": lambda it: it.paths.update({"/api/more": {"get": operation() | {"operationId": "more"}}}),
    "right lowered": lambda it: it.operation.update({"x-right": "viewer"}),
    "query added": lambda it: it.parameters.append(it.parameters[1] | {"name": "filter"}),
    "option with a wider limit": lambda it: it.components["parameters"]["wait"].update(schema={"type": "integer"}),
    "optional field added": lambda it: it.fields.update(unit={"type": "string"}),
    "field no longer required": lambda it: it.body["required"].clear(),
    "field wider": lambda it: it.fields["size"].update(type="number"),
    "limits wider": lambda it: it.fields["size"].update(minimum=0, maximum=9),
    "pattern dropped": lambda it: it.fields["name"].pop("pattern"),
    "word added": lambda it: it.fields["kind"].update(enum=["word", "bit", "byte"]),
    "word instead of an enumeration": lambda it: it.fields.update(kind={"type": "string"}),
    "nullable": lambda it: it.fields.update(tags={"anyOf": [it.fields["tags"], {"type": "null"}]}),
    "named instead of inline": lambda it: (
        it.schemas.update(Kind=it.fields["kind"]),
        it.fields.update(kind=reference("Kind")),
    ),
    "schema renamed": lambda it: (
        rename(it.schemas, "State", "TagState"),
        it.tag["properties"].update(state=reference("TagState")),
    ),
    "property added": lambda it: it.tag["properties"].update(more={"type": "string"}),
    "required property added": lambda it: (
        it.tag["properties"].update(more={"type": "string"}),
        it.tag["required"].append("more"),
    ),
    "property always there": lambda it: it.tag["required"].append("comment"),
    "property narrower": lambda it: it.tag["properties"].update(size={"type": "integer", "maximum": 9}),
    "enumeration of an answer narrower": lambda it: it.schemas["State"].update(enum=["used"]),
    "notes": lambda it: it.fields["size"].update(title="Size", description="In bits.", examples=[1]),
    "orders": lambda it: (it.parameters.reverse(), it.fields["owner"]["anyOf"].reverse(), it.tag["required"].sort()),
    "failure added": lambda it: it.answers.update({"409": {"$ref": "#/components/responses/Failed400"}}),
}


@pytest.mark.parametrize(("change", "found"), BREAKING.values(), ids=BREAKING)
def test_a_breaking_change_is_found_where_it_is(change: Change, found: str) -> None:
    assert found in breaks(change)
    others = {"body removed": 5, "status changed": 2, "media type changed": 2}
    (name,) = (name for name, (each, _) in BREAKING.items() if each is change)
    assert len(breaks(change)) == others.get(name, 1)


@pytest.mark.parametrize("change", HARMLESS.values(), ids=HARMLESS)
def test_another_change_breaks_nothing(change: Change) -> None:
    assert breaks(change) == []
    unseen = [HARMLESS[name] for name in ("nothing", "notes", "orders", "failure added")]
    assert (promises(change) == promises()) == (change in unseen)


def test_a_schema_breaks_only_in_the_direction_in_which_it_is_used() -> None:
    def change(it: Editing) -> None:
        it.schemas["Owner"]["required"].clear()

    assert breaks(change) == ["Owner mail optional"]
    assert breaks_without(lambda it: it.fields.pop("owner"), change) == ["Owner mail optional"]
    assert breaks_without(lambda it: it.tag["properties"].pop("owner"), change) == []


def breaks_without(without: Change, change: Change) -> list[str]:
    """The breaks of a change of a description that lacks something."""
    after = promises(lambda it: [each(it) for each in (without, change)])
    return sorted(map(str, find_breaks(promises(without), after)))


def test_each_version_is_compared_with_itself() -> None:
    first, second = promises(), promises(version=2)
    changed = promises(BREAKING["field removed"][0], version=2)
    assert find_breaks(first | second, second) == find_breaks(first, frozenset()) != set()
    assert {str(each) for each in find_breaks(first | second, first | changed)} == {"tags_create body.size removed"}
