"""JSON Schemas of tools: the request struct as input, the answer in a frame as output, without useless parts."""

from __future__ import annotations

from typing import Any

import msgspec

from engineering_api.operations.declaration import Operation
from engineering_api.operations.fields import marked
from engineering_api.web import options
from engineering_api.web.openapi.json_forms import FORM

SUPERFLUOUS = {"title", FORM}
FRAME: dict[str, Any] = {
    "cut": {"type": "array", "items": {"type": "string"}},
    "resource": {"type": "string"},
    "job": {"type": "string"},
    "change": {"type": "object"},
}
"""The further fields of a result: what is left out, where the whole is, the job that continues, what is changed."""


OPTIONS: dict[str, Any] = {
    "filter": {"type": "string"},
    "sort": {"type": "string"},
    "page": {"type": "integer"},
    "pageSize": {"type": "integer"},
}
"""What every list takes; the instructions of the server say how."""


def input_schema(op: Operation) -> dict[str, Any]:
    """Return what a tool takes: the fields of the request without passwords, and without files where it only reads."""
    schema = _inline(op.request)
    hidden = {field.encode_name for field in marked(op.request, "secret")}
    if not op.changes:
        hidden.update(field.encode_name for field in marked(op.request, "writes"))
    properties = {name: each for name, each in schema.get("properties", {}).items() if name not in hidden}
    required = [name for name in schema.get("required", ()) if name in properties]
    properties |= {name: OPTIONS[name] for name in options.names(op) if name in OPTIONS}
    made: dict[str, Any] = {"type": "object", "properties": properties}
    if required:
        made["required"] = required
    if "$defs" in schema:
        made["$defs"] = schema["$defs"]
    return dict(_concise(without(made, SUPERFLUOUS)))


def output_schema(op: Operation) -> dict[str, Any]:
    """Return what a tool answers: the operation's answer as `result`, parts of which may be cut, and the frame."""
    result = _open(_inline(op.answer))
    definitions = result.pop("$defs", {})
    made: dict[str, Any] = {"type": "object", "properties": {"result": result}}
    if definitions:
        made["$defs"] = definitions
    made = without(made, SUPERFLUOUS | {"description", "required", "default"})
    made["properties"] |= {name: each for name, each in FRAME.items() if name in {"cut", "resource"} or op.changes}
    return made


def without(schema: Any, keys: set[str]) -> Any:
    """Return a schema without some keywords; properties of these names stay."""
    if isinstance(schema, list):
        return [without(each, keys) for each in schema]
    if not isinstance(schema, dict):
        return schema
    return {
        key: {name: without(each, keys) for name, each in value.items()}
        if key in {"properties", "$defs"}
        else without(value, keys)
        for key, value in schema.items()
        if key not in keys
    }


def _open(schema: Any) -> Any:
    """Return a schema without the values of named enumerations: clients refuse an answer with one that is new."""
    if isinstance(schema, list):
        return [_open(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    named = isinstance(schema.get("title"), str) and isinstance(schema.get("enum"), list)
    return {key: _open(each) for key, each in schema.items() if not (named and key == "enum")}


def _concise(schema: Any) -> Any:
    """Return a schema of arguments in few words.

    It has no null, which an absent field means, too, no empty defaults, and only the first lines of descriptions.
    """
    if isinstance(schema, list):
        return [_concise(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    made = {name: _concise(each) for name, each in schema.items() if not (name == "default" and not each)}
    if isinstance(said := made.get("description"), str):
        made["description"] = said.partition("\n")[0]
    variants = [each for each in made.get("anyOf", ()) if each != {"type": "null"}]
    if len(variants) == 1:
        del made["anyOf"]
        made |= variants[0]
    return made


def _inline(kind: Any) -> dict[str, Any]:
    """Return a type's schema with the type itself at the top."""
    schema = msgspec.json.schema(kind)
    reference = schema.get("$ref")
    if reference is None:
        return schema
    definitions = schema["$defs"]
    name = reference.rpartition("/")[2]
    top = dict(definitions[name])
    others = {key: value for key, value in definitions.items() if key != name or _refers(definitions, reference)}
    return top | ({"$defs": others} if others else {})


def _refers(definitions: dict[str, Any], reference: str) -> bool:
    return f'"{reference}"'.encode() in msgspec.json.encode(definitions)
