"""What data hold before a program runs: the default of each type, and start values as they are declared.

Values are those of `storage`: whole numbers for counts, `str` for characters, nanoseconds since 1970 for Date_And_Time.
Facts: help of TIA Portal, "Data types" (defaults); the default of Char, a space, is unverified.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from simatic_xml.program.nodes import Value
from simatic_xml.program.types import moments
from simatic_xml.program.types.ranges import fits
from simatic_xml.program.types.start_paths import follow
from simatic_xml.program.types.types import Array, DataType, Elementary, Kind, Structure, Text, Unknown
from simatic_xml.program.types.values import adapt, is_typed, literal
from virtual_plc.code.naming import attribute

Constants = Callable[[str], tuple[Value, DataType] | None]
"""Gives value and type of a constant by its name as written; None where there is none."""

NANOSECONDS_OF_DAY = 86_400_000_000_000
FIRST_DATE_AND_TIME = 7305 * NANOSECONDS_OF_DAY
"""1 January 1990 in nanoseconds since 1970, where Date_And_Time begins."""

LAST_DATE_AND_TIME = 43830 * NANOSECONDS_OF_DAY - 1
"""The last moment of 31 December 2089."""

_EPOCH = date(1970, 1, 1)


def default(data_type: DataType) -> Any:
    """Return what a value without parts holds where nothing is declared; None for references and the like."""
    match data_type:
        case Text():
            return ""
        case Elementary(kind=Kind.BOOL):
            return False
        case Elementary(kind=Kind.REAL):
            return 0.0
        case Elementary(kind=Kind.CHARACTER):
            return " "
        case Elementary(kind=Kind.DATE_AND_TIME, unit=0):
            return FIRST_DATE_AND_TIME
        case Elementary():
            return 0
    return None


def no_constants(_: str) -> tuple[Value, DataType] | None:
    """Return None: there are no constants."""
    return None


def value_of(text: str, data_type: DataType, constants: Constants = no_constants) -> Any:
    """Return the value of a start value without parts, a dictionary for a DTL; None when the text does not fit the type.

    Args:
        text: a literal, or the name of a constant with or without `#` and quotes.
        data_type: type of the variable.
        constants: where names are looked up.
    """
    found = literal(text, data_type) or constants(text.strip().removeprefix("#").strip('"'))
    if found is None:
        return None
    value = _convert(found[0], found[1], data_type, is_typed(text))
    return None if value is None else convert_constant(value, data_type)


def _convert(value: Value, written: DataType, wanted: DataType, typed: bool) -> Value | None:
    """Return a literal as the type of its variable; a string that is too long is cut."""
    if isinstance(wanted, Text) and isinstance(value, str):
        return value[: wanted.length]
    if isinstance(wanted, Structure):
        return value if isinstance(written, Structure) and written.name == wanted.name else None
    if written == wanted:
        return value if fits(value, wanted) else None
    plain = adapt(value, written, wanted)
    if plain is not None or not typed or isinstance(value, str):
        return plain
    same = isinstance(written, Elementary) and isinstance(wanted, Elementary) and written.kind is wanted.kind
    return value if same and fits(value, wanted) else None


def convert_constant(value: Value, data_type: DataType) -> Any:
    """Return the value of a typed constant as the memory keeps it: a Date_And_Time as nanoseconds, a DTL as a dictionary."""
    if isinstance(value, str) and isinstance(data_type, Structure):
        return dtl(moments.moment(value) or 0)
    if isinstance(value, str) and isinstance(data_type, Elementary) and data_type.kind is Kind.DATE_AND_TIME:
        return moments.moment(value)
    if isinstance(data_type, Elementary) and data_type.kind is Kind.REAL:
        return float(value)
    return value


def dtl(nanoseconds: int) -> dict[str, int]:
    """Return the members of a DTL by name, for nanoseconds since 1970; Sunday is weekday 1."""
    days, rest = divmod(nanoseconds, NANOSECONDS_OF_DAY)
    day = _EPOCH + timedelta(days=days)
    seconds, fraction = divmod(rest, 1_000_000_000)
    return {
        "YEAR": day.year,
        "MONTH": day.month,
        "DAY": day.day,
        "WEEKDAY": day.isoweekday() % 7 + 1,
        "HOUR": seconds // 3600,
        "MINUTE": seconds // 60 % 60,
        "SECOND": seconds % 60,
        "NANOSECOND": fraction,
    }


@dataclass(slots=True)
class Slot:
    """Where one value is kept: an attribute of an object, or an element of a list or array view."""

    container: Any
    key: str | int
    type: DataType

    def get(self) -> Any:
        """Return what it holds."""
        return getattr(self.container, self.key) if isinstance(self.key, str) else self.container[self.key]

    def set(self, value: Any) -> None:
        """Write a value; a text is cut to the length of its place."""
        if isinstance(self.type, Text):
            value = value[: self.type.length]
        if isinstance(self.key, str):
            setattr(self.container, self.key, value)
        else:
            self.container[self.key] = value


def position(array: Array, indices: Sequence[int]) -> int | None:
    """Return the place of an element in the flat list of an array; None when an index is outside of its bounds."""
    place = 0
    if len(indices) != len(array.bounds):
        return None
    for index, bound in zip(indices, array.bounds, strict=True):
        if bound is None or not bound[0] <= index <= bound[1]:
            return None
        place = place * (bound[1] - bound[0] + 1) + index - bound[0]
    return place


def indices_of(array: Array, place: int) -> tuple[int, ...]:
    """Return the indices of an element from its place in the flat list of an array."""
    indices: list[int] = []
    for bound in reversed(array.bounds):
        low, high = bound or (0, 0)
        place, offset = divmod(place, high - low + 1)
        indices.insert(0, low + offset)
    return tuple(indices)


def slot(root: Any, data_type: DataType, path: str) -> Slot | None:
    """Return where a start value goes; None when its path leads to nothing.

    Args:
        root: storage object, list or view.
        data_type: its type.
        path: `.motor.speed`, `.list[3]`; the indices of all arrays on the way may be together at the end, as exports
            have them. See `start_paths`.
    """
    way = follow(data_type, path)
    if way is None or isinstance(way.type, Unknown):
        return None
    indices = list(way.indices)
    found = Slot((root,), 0, data_type)
    for member in way.members:
        holder = _element(found, indices).get()
        if holder is None:
            return None
        found = Slot(holder, attribute(member.name), member.type)
    return _element(found, indices) if indices else found


def _element(found: Slot, indices: list[int]) -> Slot:
    """Return the element that the first indices name, through arrays of arrays too; remove them."""
    while indices and isinstance(found.type, Array):
        own, indices[:] = indices[: len(found.type.bounds)], indices[len(found.type.bounds) :]
        found = Slot(found.get(), position(found.type, own) or 0, found.type.element)
    return found


def put(target: Slot, text: str, constants: Constants = no_constants) -> bool:
    """Write a start value; return False when the text does not fit the type."""
    value = value_of(text, target.type, constants)
    if value is None:
        return False
    if isinstance(value, dict):
        holder = target.get()
        for name, each in value.items():
            setattr(holder, attribute(name), each)
    else:
        target.set(value)
    return True
