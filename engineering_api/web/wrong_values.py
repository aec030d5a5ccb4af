"""Describes a value of a wrong type: the field, the valid values and the given kind, in place of msgspec's words."""

from __future__ import annotations

import re
from typing import Any

import msgspec
from msgspec import inspect

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
_MOST = 30
"""Values that a message lists."""


def describe(what: str, pointer: str, request: type[msgspec.Struct]) -> str:
    """Return the sentence about a wrong value.

    Args:
        what: msgspec's description of it.
        pointer: Where it is in the request, such as /items/0/kind.
        request: The type of the request.
    """
    parts = [part for part in pointer.split("/") if part]
    name = next((part for part in reversed(parts) if not part.isdigit()), "")
    subject = f"The field '{name}'" if name else "The request"
    if found := _ENUM.fullmatch(what):
        values = [str(value) for value in _values(inspect.type_info(request), parts)]
        near = likeness.find_near(found[1], values)
        hint = f" Did you mean '{near[0]}'?" if near else ""
        return f"{subject} has no value '{found[1]}'.{hint} Valid values: {', '.join(values[:_MOST])}."
    if found := _EXPECTED.fullmatch(what):
        given = f", not {_in_words(found[3])}" if found[3] else ""
        return f"{subject} must be {_in_words(found[1])}{_limit(found[2])}{given}."
    return f"{subject}: {what}."


def _in_words(kinds: str) -> str:
    return " or ".join(_WORDS.get(kind.strip(), kind.strip()) for kind in kinds.split("|"))


def _limit(text: str) -> str:
    return text.replace(" >= ", " of at least ").replace(" <= ", " of at most ").replace("length of", "length")


def _values(kind: Any, parts: list[str]) -> list[Any]:
    """Return the valid values at a place of a type."""
    if isinstance(kind, inspect.Metadata):
        return _values(kind.type, parts)
    if isinstance(kind, inspect.UnionType):
        return next((found for each in kind.types if (found := _values(each, parts))), [])
    if isinstance(kind, inspect.StructType) and parts:
        fields = (each for each in kind.fields if each.encode_name == parts[0])
        return next((_values(each.type, parts[1:]) for each in fields), [])
    if isinstance(kind, inspect.ListType) and parts:
        return _values(kind.item_type, parts[1:])
    if isinstance(kind, inspect.DictType) and parts:
        return _values(kind.value_type, parts[1:])
    if isinstance(kind, inspect.LiteralType):
        return list(kind.values)
    if isinstance(kind, inspect.EnumType):
        return [member.value for member in kind.cls]
    return []
