"""Describes a value of a wrong type: the field, the valid values and the given kind, in place of msgspec's words."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import msgspec
from msgspec import inspect

from engineering_api.operations.fields import Request
from engineering_api.operations.secret_fields import SECRET_KEYS
from openness_bridge import likeness

_ENUM = re.compile(r"Invalid enum value '?(.*?)'?$", re.DOTALL)
_EXPECTED = re.compile(r"Expected `([^`]*)`(.*?)(?:, got `([^`]*)`(.*))?$", re.DOTALL)
_WORDS = {
    "bool": "true or false",
    "int": "an integer",
    "float": "a number",
    "str": "text",
    "array": "a list",
    "object": "an object",
    "null": "null",
}
MOST = 30
"""Values that a message lists."""
LONGEST = 200
"""Characters of a text that is shown as it was sent."""


def describe(what: str, pointer: str, request: type[msgspec.Struct]) -> str:
    """Return the sentence about a wrong value.

    Args:
        what: msgspec's description of it.
        pointer: Where it is in the request, such as /items/0/kind.
        request: The type of the request.
    """
    parts = _parts(pointer)
    name = next((part for part in reversed(parts) if not part.isdigit()), "")
    subject = f"The field '{name}'" if name else "The request"
    if found := _ENUM.fullmatch(what):
        values = [str(value) for value in _values(inspect.type_info(request), parts)]
        near = likeness.find_near(found[1], values)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        return f"{subject} has no value '{found[1]}'.{hint} Valid values: {', '.join(values[:MOST])}."
    if found := _EXPECTED.fullmatch(what):
        given = f", not {_in_words(found[3])}" if found[3] else ""
        return f"{subject} must be {_in_words(found[1])}{_limit(found[2])}{given}."
    return f"{subject}: {what}."


def possible(pointer: str, request: type[msgspec.Struct]) -> list[str]:
    """Return the values that a place of a request can have; none where they are not a short list."""
    values = _values(inspect.type_info(request), _parts(pointer))
    return [str(value) for value in values] if len(values) <= MOST else []


def sent(document: Any, pointer: str, request: type[Request]) -> str | float | bool | None:
    """Return the value at a place of a request's document, to show it: a short one, and no password."""
    value, parts = document, _parts(pointer)
    kinds = _along(inspect.type_info(request), parts)
    if {part.casefold() for part in parts} & SECRET_KEYS or any(_is_secret(kind) for kind in kinds):
        return None
    for part in parts:
        try:
            value = value[int(part)] if isinstance(value, list) else value[part]
        except (KeyError, IndexError, TypeError, ValueError):
            return None
    return value if isinstance(value, int | float) or (isinstance(value, str) and len(value) <= LONGEST) else None


def _is_secret(kind: Any) -> bool:
    return isinstance(kind, inspect.Metadata) and bool((kind.extra or {}).get("secret"))


def _parts(pointer: str) -> list[str]:
    return [part for part in pointer.split("/") if part]


def _in_words(kinds: str) -> str:
    return " or ".join(_WORDS.get(kind.strip(), kind.strip()) for kind in kinds.split("|"))


def _limit(text: str) -> str:
    return text.replace(" >= ", " of at least ").replace(" <= ", " of at most ").replace("length of", "length")


def _values(kind: Any, parts: list[str]) -> list[Any]:
    """Return the valid values at a place of a type."""
    for each in _along(kind, parts):
        if isinstance(each, inspect.LiteralType):
            return list(each.values)
        if isinstance(each, inspect.EnumType):
            return [member.value for member in each.cls]
    return []


def _along(kind: Any, parts: list[str]) -> Iterator[Any]:
    """Yield the types on the way to a place of a type, with the alternatives of each."""
    yield kind
    if isinstance(kind, inspect.Metadata):
        yield from _along(kind.type, parts)
    elif isinstance(kind, inspect.UnionType):
        for each in kind.types:
            yield from _along(each, parts)
    elif isinstance(kind, inspect.StructType) and parts:
        for field in kind.fields:
            if field.encode_name == parts[0]:
                yield from _along(field.type, parts[1:])
    elif isinstance(kind, inspect.ListType) and parts:
        yield from _along(kind.item_type, parts[1:])
    elif isinstance(kind, inspect.DictType) and parts:
        yield from _along(kind.value_type, parts[1:])
