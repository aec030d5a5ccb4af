"""The promises of an OpenAPI description as rows: a route, a field of a request, a status of an answer, a property of a schema.

The description is too large to be reviewed. These rows leave out what says nothing about which values fit, and both versions
of the API share the rows in which they agree.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import msgspec

from engineering_api.web.forms.versions import PREFIX_1, PREFIX_2
from engineering_api.web.openapi.forms import JSON, enveloped_schema

Schema = dict[str, Any]
NOTES = {"title", "description", "example", "examples", "discriminator", "readOnly", "writeOnly", "deprecated"}
"""Keywords of a schema that say nothing about which values fit, or nothing that its alternatives do not say."""
CLOSED = {"additionalProperties": False}
_COMPONENTS = "#/components/"
_SCHEMAS = "schemas/"


class Row(NamedTuple):
    """A promise.

    Attributes:
        subject: Id of an operation, name of a schema, `parameters/` or `responses/` and the name of a component.
        place: What of it: `query.sort?` is an optional field, `200` a status, empty the operation's route or a whole schema.
        type: Method, path and right, or a type: its name, a list of alternatives, or what is left of its JSON schema.
    """

    subject: str
    place: str
    type: str


def rows(document: Schema) -> Iterator[Row]:
    """Yield the rows of an OpenAPI description."""
    for path, methods in document["paths"].items():
        for method, described in methods.items():
            yield from _operation(f"{method.upper()} {path.replace(PREFIX_2, PREFIX_1, 1)}", described)
    components = document["components"]
    for name, schema in components["schemas"].items():
        yield from _schema(name, schema)
    for name, parameter in components.get("parameters", {}).items():
        yield Row(f"parameters/{name}", "", _write(parameter["schema"]))
    for name, response in components["responses"].items():
        yield from _contents(f"responses/{name}", "", response)


def _operation(route: str, described: Schema) -> Iterator[Row]:
    subject = described["operationId"]
    yield Row(subject, "", f"{route} {described['x-right']}")
    options = [each["$ref"].rpartition("/")[2] for each in described["parameters"] if "$ref" in each]
    if options:
        yield Row(subject, "options", " ".join(sorted(options)))
    for each in described["parameters"]:
        if "$ref" not in each:
            yield Row(subject, f"{each['in']}.{_mark(each['name'], each['required'])}", _write(each["schema"]))
    for media, content in described.get("requestBody", {"content": {}})["content"].items():
        if media == JSON:
            yield from _body(subject, content["schema"])
        else:
            yield Row(subject, f"body {media}?", _write(content["schema"]))
    for status, response in described["responses"].items():
        if status.startswith(("1", "2", "3")):
            yield from _contents(subject, status, response)


def _body(subject: str, schema: Schema) -> Iterator[Row]:
    for row in _schema(subject, schema):
        if row.place:
            yield row._replace(place=f"body.{row.place}")
        elif row.type != _encode(CLOSED):
            yield row._replace(place="body")


def _contents(subject: str, status: str, response: Schema) -> Iterator[Row]:
    if "$ref" in response:
        yield Row(subject, status, _write(response))
    elif not response.get("content"):
        yield Row(subject, status, "null")
    for media, content in response.get("content", {}).items():
        yield Row(subject, status if media == JSON else f"{status} {media}".strip(), _write(content["schema"]))


def _schema(subject: str, schema: Schema) -> Iterator[Row]:
    """Yield a row for each property of an object, and one for all else that there is."""
    properties = schema.get("properties", {})
    own = {"type", "properties", "required"} if properties and schema.get("type") == "object" else set()
    whole = {keyword: value for keyword, value in schema.items() if keyword not in own}
    if not own or simplify(whole):
        yield Row(subject, "", _write(whole))
    if own:
        for name, each in properties.items():
            yield Row(subject, _mark(name, name in schema.get("required", ())), _write(each))


def _mark(name: str, required: bool) -> str:
    return name if required else f"{name}?"


def _write(schema: Schema) -> str:
    short = simplify(schema)
    return short if isinstance(short, str) else _encode(short)


def _encode(value: Any) -> str:
    return msgspec.json.encode(value, order="deterministic").decode()


def simplify(schema: Any) -> Any:
    """Return a schema without notes: a type or component by its name, alternatives as a list, anything else as an object.

    The order of alternatives, enumerations and required fields makes no difference.
    """
    if not isinstance(schema, dict):
        return schema
    if (data := _enveloped(schema)) is not None:
        return {"envelope": simplify(data)}
    made = {keyword: _value(keyword, value) for keyword, value in schema.items() if keyword not in NOTES}
    if made.get("default", 0) is None:
        del made["default"]
    if "const" in made:
        made["enum"] = [made.pop("const")]
    if "enum" in made or "items" in made:
        made.pop("type", None)
    match made:
        case {"type": str(name), **others} if not others:
            return name
        case {"$ref": str(name), **others} if not others:
            return name
        case {"anyOf": list(alternatives), **others} if not others:
            return alternatives
    return made


def _value(keyword: str, value: Any) -> Any:
    match keyword:
        case "$ref":
            return value.removeprefix(_COMPONENTS).removeprefix(_SCHEMAS)
        case "properties" | "patternProperties":
            return {name: simplify(each) for name, each in value.items()}
        case "required" | "enum":
            return sorted(value, key=_encode)
        case "anyOf" | "oneOf" | "allOf":
            return sorted(map(simplify, value), key=_encode)
        case "prefixItems":
            return [*map(simplify, value)]
        case "default" | "const":
            return value
    return simplify(value)


def _enveloped(schema: Schema) -> Any:
    """Return the data of an answer of version 1, or None where the schema is something else."""
    match schema:
        case {"allOf": [_, {"properties": {"data": data}}, _]} if schema == enveloped_schema(data):
            return data
    return None
