"""Types as the catalogue names them, against types as the program has them."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from typing import Final, Literal

from simatic_xml.program.types import (
    ELEMENTARY,
    UNKNOWN,
    Array,
    DataType,
    Elementary,
    Kind,
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
        types: what the variables stand for.
        named: finds a system data type by name; without it one without members is made.
    """
    if text in types:
        return types[text]
    array = _ARRAY.fullmatch(text)
    if array:
        return Array(of_text(array["element"], types, named), (None,) * len(array["bounds"].split(",")))
    simple = ELEMENTARY.get(text.upper()) or _SIMPLE.get(text.casefold())
    if simple is not None:
        return simple
    return named(text) if named else Structure(text, "system")


_SIMPLE: Final[Mapping[str, DataType]] = {
    "string": Text("String"),
    "wstring": Text("WString"),
    ANYTHING: UNKNOWN,
    **{name.casefold(): Special(name) for name in _SPECIAL},
}


def accepts(allowed: tuple[str, ...], actual: DataType) -> bool:
    """Tell whether a type is, without conversion, among those that the catalogue allows."""
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
    """Return the first allowed type that a type is or widens to, None when there is none.

    A bit string or integer that widens to none of them takes the first that is as wide: whether that conversion is
    allowed depends on the block.
    """
    if accepts(allowed, actual):
        return _plain(allowed, actual)
    if isinstance(actual, Elementary) and actual.kind == Kind.CHARACTER:
        return Text(_TEXT_OF[actual.name]) if _TEXT_OF[actual.name] in allowed else None
    candidates = [ELEMENTARY[name.upper()] for name in allowed if name.upper() in ELEMENTARY]
    wide = next((each for each in candidates if wider(actual, each) == each), None)
    return wide or next((each for each in candidates if _as_wide(actual, each)), None)


_TEXT_OF: Final[Mapping[str, Literal["String", "WString"]]] = {"Char": "String", "WChar": "WString"}


def _plain(allowed: tuple[str, ...], actual: DataType) -> DataType:
    """Return the type that a variable gets from an actual one: a text without length, no hardware data type."""
    match actual:
        case Text():
            return Text(actual.name)
        case Elementary() if actual.name not in allowed and actual.base in allowed:
            return _base(actual)
    return actual


def _as_wide(actual: DataType, formal: Elementary) -> bool:
    countable = (Kind.BITS, Kind.INTEGER)
    both = isinstance(actual, Elementary) and actual.kind in countable and formal.kind in countable
    return both and isinstance(actual, Elementary) and formal.bits >= actual.bits


def wider(first: DataType, second: DataType) -> DataType | None:
    """Return the narrower of the types that both convert to without loss of range, None when there is none."""
    if first == second:
        return first
    match first, second:
        case Elementary(), Elementary():
            return _wider_elementary(first, second)
        case Text(), Text() if first.name == second.name:
            return Text(first.name)
        case Structure(), Structure() if first.name and first.name == second.name:
            return first
    return None


_INTEGERS: Final = tuple(
    ELEMENTARY[name] for name in ("SINT", "USINT", "INT", "UINT", "DINT", "UDINT", "LINT", "ULINT")
)
_LREAL: Final = ELEMENTARY["LREAL"]
_EXACT_IN_REAL: Final = 32
"""Widest integer that goes with Real by itself; a 64-bit one asks for LReal."""


def _wider_elementary(first: Elementary, second: Elementary) -> Elementary | None:
    one, other = sorted((_base(first), _base(second)), key=lambda each: (_RANK.get(each.kind, 0), each.bits))
    kinds = (one.kind, other.kind)
    if kinds == (Kind.INTEGER, Kind.INTEGER):
        return next((each for each in _INTEGERS if _holds(each, one) and _holds(each, other)), None)
    if kinds == (Kind.BITS, Kind.INTEGER):
        return next((each for each in (other, *_INTEGERS) if each.bits >= max(one.bits, other.bits)), None)
    if kinds == (Kind.INTEGER, Kind.REAL):
        return _LREAL if one.bits > _EXACT_IN_REAL else other
    same_kind = one.kind == other.kind and one.kind not in (Kind.TIMER, Kind.COUNTER)
    return other if same_kind or kinds == (Kind.BOOL, Kind.BITS) else None


_RANK: Final = {Kind.BOOL: 0, Kind.BITS: 1, Kind.INTEGER: 2, Kind.REAL: 3}


def _base(each: Elementary) -> Elementary:
    """Return the type that the value of a hardware data type has."""
    return ELEMENTARY[each.base.upper()] if each.base else each


def _holds(wide: Elementary, narrow: Elementary) -> bool:
    """Tell whether an integer type holds every value of another."""
    if wide.signed == narrow.signed:
        return wide.bits >= narrow.bits
    return wide.signed and wide.bits > narrow.bits
