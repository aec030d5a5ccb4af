"""Gives objects that the JSON form of SimaticML defines the schemas that `simatic_xml` has for them."""

from __future__ import annotations

import json
import re
from typing import Any

import simatic_xml

FORM = "x-json-form"
"""Names the part of the JSON form that an object is; its schema is `simatic_xml.json_schema()`."""
_REF = "#/components/schemas/{name}"
_INNER = re.compile(r"#/\$defs/(\w+)")
_OWN = ("title", "type", "additionalProperties", FORM)
_EXAMPLES = {"example", "examples", "default"}


def share(document: dict[str, Any]) -> dict[str, Any]:
    """Return an OpenAPI document in which parts of the JSON form are components that their fields refer to.

    Raises:
        ValueError: Two types have one name.
    """
    found: dict[str, Any] = {}
    shared: dict[str, Any] = _refer(document, found)
    schemas = shared["components"]["schemas"]
    if taken := sorted(found.keys() & schemas.keys()):
        raise ValueError(f"Two types have one name: {taken}")
    shared["components"]["schemas"] = dict(sorted((schemas | found).items()))
    return shared


def _refer(value: Any, found: dict[str, Any]) -> Any:
    if isinstance(value, list):
        return [_refer(each, found) for each in value]
    if not isinstance(value, dict):
        return value
    if FORM in value:
        name = _add_form(value[FORM], found)
        return {"$ref": _REF.format(name=name)} | {key: each for key, each in value.items() if key not in _OWN}
    return {key: each if key in _EXAMPLES else _refer(each, found) for key, each in value.items()}


def _add_form(part: str, found: dict[str, Any]) -> str:
    """Add a part of the JSON form with the parts that it refers to; return its name as a component."""
    name, schema = _form_name(part), simatic_xml.json_schema()["$defs"][part]
    if name not in found:
        found[name] = _linked(schema) | {"title": name}
        for inner in _INNER.findall(json.dumps(schema)):
            _add_form(inner, found)
    return name


def _form_name(part: str) -> str:
    return f"Simatic{part[0].upper()}{part[1:]}"


def _linked(schema: Any) -> Any:
    if isinstance(schema, list):
        return [_linked(each) for each in schema]
    if not isinstance(schema, dict):
        return schema
    linked = {key: _linked(each) for key, each in schema.items()}
    if isinstance(reference := linked.get("$ref"), str):
        linked["$ref"] = _INNER.sub(lambda found: _REF.format(name=_form_name(found[1])), reference)
    return linked
