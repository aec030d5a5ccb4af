"""Types as the catalogue names them, against types as the program has them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final

from simatic_xml.program.types.conversions import is_permitted, loss
from simatic_xml.program.types.operations import wider
from simatic_xml.program.types.system_types import open_type, system_type
from simatic_xml.program.types.types import (
    ELEMENTARY,
    UNKNOWN,
    Array,
    DataType,
    Elementary,
    Reference,
    Special,
    Structure,
    Text,
    Unknown,
)

ANYTHING: Final = "*"
_ARRAY: Final = re.compile(r"Array\[(?P<bounds>[^\]]*)\] of (?P<element>.+)", re.IGNORECASE)
_SPECIAL: Final = (
    "Variant",
    "Any",
    "Pointer",
    "Void",
    "Block_FB",
    "Block_FC",
    "Block_DB",
    "Block_SDB",
    "ResolvedSymbol",
)


def of_text(text: str, types: Mapping[str, DataType], named: Callable[[str], DataType] | None = None) -> DataType:
    """Return the type that a text of the catalogue means.

    Args:
        text: a data type or a type variable.
        types: the types of the variables.
        named: finds a system data type by name; without it those of every CPU are taken.
    """
    if text in types:
        return types[text]
    array = _ARRAY.fullmatch(text)
    if array:
        return Array(of_text(array["element"], types, named), (None,) * len(array["bounds"].split(",")))
    simple = ELEMENTARY.get(text.upper()) or _SIMPLE.get(text.casefold())
    if simple is not None:
        return simple
    return named(text) if named else system_type(text) or open_type(text)


_SIMPLE: Final[Mapping[str, DataType]] = {
    "string": Text("String"),
    "wstring": Text("WString"),
    ANYTHING: UNKNOWN,
    **{name.casefold(): Special(name) for name in _SPECIAL},
}


def accepts(allowed: tuple[str, ...], actual: DataType) -> bool:
    """Return whether a type is, without conversion, among those that the catalogue allows."""
    if ANYTHING in allowed:
        return True
    match actual:
        case Elementary():
            return actual.name in allowed or (bool(actual.base) and actual.base in allowed)
        case Text() | Special():
            return actual.name in allowed
        case Array():
            return "Array" in allowed
        case Structure():
            return actual.name in allowed or "Struct" in allowed
        case Reference():
            return "Reference" in allowed
        case Unknown():
            return True


def fitting(allowed: tuple[str, ...], actual: DataType) -> DataType | None:
    """Return the allowed type that a type is or converts to, None when there is none.

    Conversions that lose nothing come first, then those that a block with IEC check has, then the wider ones.
    """
    if accepts(allowed, actual):
        return _plain(allowed, actual)
    candidates = [each for each in map(_convertible, allowed) if each is not None]
    possible = [each for each in candidates if is_permitted(actual, each)]
    return min(possible, key=lambda each: _cost(actual, each), default=None)


def _plain(allowed: tuple[str, ...], actual: DataType) -> DataType:
    """Return the type that a variable gets from an actual one: a text without length, no hardware data type."""
    match actual:
        case Text():
            return Text(actual.name)
        case Elementary() if actual.name not in allowed and actual.base in allowed:
            return ELEMENTARY[actual.base.upper()]
    return actual


def _convertible(name: str) -> DataType | None:
    """Return a type that other types may convert to."""
    found = ELEMENTARY.get(name.upper()) or _SIMPLE.get(name.casefold())
    return found if isinstance(found, Elementary | Text) else None


def _cost(actual: DataType, target: DataType) -> tuple[bool, bool, bool]:
    narrower = isinstance(actual, Elementary) and isinstance(target, Elementary) and target.bits < actual.bits
    return loss(actual, target) != "", not is_permitted(actual, target, iec_check=True), narrower


def common(first: DataType, second: DataType) -> DataType | None:
    """Return the type that two types have in common, as for comparing them; None when there is none."""
    return wider(first, second, "=")
