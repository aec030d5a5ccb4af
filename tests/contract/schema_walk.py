"""Finds the properties in the schemas of operations that say little: free objects, and bare texts of a telling name."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from types import UnionType
from typing import Annotated, Any, NamedTuple, Union, get_args, get_origin

import msgspec

from engineering_api.operations.declaration import Operation
from engineering_api.web.openapi.named_types import FORM

TELLING = re.compile(r"(?:^|[a-z])(?:[Ss]tate|[Ss]tatus|[Tt]ype|[Ll]anguage|[Kk]ind|[Mm]ode|[Ll]evel|[Rr]ight)s?$")
"""Names of properties that usually have few values, also as the last word: nodeType, accessLevel, languages."""


NAMED = {"title", FORM}
"""Keywords of an object that has a name, and the description of another page or schema."""


class Property(NamedTuple):
    """A property of a request or an answer: the struct with its module, and the name on the wire."""

    struct: str
    name: str


def free_objects(operations: Iterable[Operation]) -> set[Property]:
    """Return the properties that allow any value, or an object of any members."""
    return {where for where, schema in _properties(operations) if any(map(_is_free, _parts(schema)))}


def bare_texts(operations: Iterable[Operation]) -> set[Property]:
    """Return the properties that are named like an enumeration and allow any text."""
    return {
        where
        for where, schema in _properties(operations)
        if TELLING.search(where.name) and any(map(_is_bare, _parts(schema)))
    }


def free_names(operations: Iterable[Operation]) -> set[Property]:
    """Return the named objects of any members: their title, with an empty property."""
    parts = (part for _, schema in _properties(operations) for part in _parts(schema))
    return {Property(part["title"], "") for part in parts if FORM not in part and _is_open(part) and "title" in part}


def _is_open(schema: dict[str, Any]) -> bool:
    return schema.get("type") == "object" and schema.get("additionalProperties") in (None, True, {})


def _is_free(schema: dict[str, Any]) -> bool:
    if schema.keys() & NAMED:
        return False
    if schema.get("type") == "array":
        return not schema.keys() & {"items", "prefixItems"}
    return _is_open(schema) or not schema.keys() & {"type", "enum", "$ref", "anyOf", "const"}


def _is_bare(schema: dict[str, Any]) -> bool:
    return schema.get("type") == "string" and not schema.keys() & {"enum", "pattern", "format"}


def _properties(operations: Iterable[Operation]) -> Iterator[tuple[Property, dict[str, Any]]]:
    structs = list(
        dict.fromkeys(each for op in operations for kind in (op.request, op.answer) for each in _structs(kind))
    )
    references, definitions = msgspec.json.schema_components(structs, ref_template="{name}")
    for struct, reference in zip(structs, references, strict=True):
        name = f"{struct.__module__.rpartition('.')[2]}.{struct.__name__}"
        for each, schema in definitions[reference["$ref"]].get("properties", {}).items():
            yield Property(name, each), schema


def _structs(kind: Any, found: dict[Any, None] | None = None) -> Iterable[Any]:
    """Return the structs that a type has, at any depth."""
    found = {} if found is None else found
    if get_origin(kind) in {Annotated, Union, UnionType, list, tuple, dict}:
        for each in get_args(kind):
            _structs(each, found)
    elif isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in found:
        found[kind] = None
        for field in msgspec.structs.fields(kind):
            _structs(field.type, found)
    return found


def _parts(schema: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield a schema's alternatives, the schema of what a list or an object by name has, or the schema itself."""
    if "anyOf" in schema:
        inner = schema["anyOf"]
    elif "items" in schema:
        inner = [schema["items"]]
    elif isinstance(schema.get("additionalProperties"), dict) and schema["additionalProperties"]:
        inner = [schema["additionalProperties"]]
    else:
        yield schema
        return
    for each in inner:
        yield from _parts(each)
