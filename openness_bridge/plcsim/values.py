"""Converts values of tags between the PLCSIM Advanced API (a field for each primitive type) and their usual form.

A value is a truth value, a number or a text of one character; it may also be given as text, as TIA Portal writes it
(`T#2s`, `16#FF`, `true`). Durations, dates and times are counts of the unit of their type; a Date_And_Time, whose bytes are decimal
digits, is a text (`calendar.py`).
Facts: docs/facts/plcsim-advanced.md#values.
"""

from __future__ import annotations

from contextlib import suppress
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from openness_bridge.errors import Problem
from openness_bridge.model import Model
from openness_bridge.plcsim import calendar
from openness_bridge.plcsim.display_formats import format_value
from openness_bridge.values import enum
from simatic_xml.lazy import import_later
from simatic_xml.program.types.ranges import fits
from simatic_xml.program.types.types import ELEMENTARY, Elementary, Kind

if TYPE_CHECKING:
    from simatic_xml.program.types import values as literals
else:
    literals = import_later("simatic_xml.program.types.values")


Scalar = bool | int | float | str
_CALENDAR = "Date_And_Time"
_BY_API_NAME = {name.replace("_", ""): data_type for name, data_type in ELEMENTARY.items()}


@lru_cache(maxsize=1000)
def elementary(data_type: str) -> Elementary | None:
    """Return the type that an EDataType names; None for structures, texts and unknown ones."""
    return _BY_API_NAME.get(data_type.replace("_", "").upper())


def from_api(value: Any, primitive: str, data_type: str) -> Scalar:
    """Return the value of an SDataValue: a character of Char and a Date_And_Time as text, a Counter as the number that its BCD is.

    The number of a Date_And_Time whose digits are not a moment stays a number.

    Args:
        value: The SDataValue.
        primitive: Its primitive type, which the caller knows: reading it from the value takes as long as all the rest.
        data_type: The type of the tag, such as Time.
    """
    found = getattr(value, primitive)
    if primitive == "Char":
        return chr(int(found) & 0xFF)
    if primitive == "UInt64" and _is_calendar(data_type):
        with suppress(ValueError):
            return calendar.decode(int(found).to_bytes(calendar.LENGTH, "big"))
    if data_type == "Counter":
        return int(f"{int(found) & 0xFFF:x}")
    return str(found) if primitive == "WChar" else found


def to_api(model: Model, primitive: str, data_type: str, given: Scalar) -> Any:
    """Return the SDataValue of a value for a tag.

    Args:
        model: The object model of PLCSIM Advanced.
        primitive: Primitive type of the tag, such as Int16.
        data_type: Type of the tag, such as Time.
        given: The value, or its text.

    Raises:
        Problem: The type does not have this value.
    """
    made = model.SDataValue()
    made.Type = enum(model, "EPrimitiveDataType", primitive)
    setattr(made, primitive, _for_api(primitive, convert(data_type, given)))
    return made


def convert(data_type: str, given: Scalar) -> Scalar:
    """Return a value in the form that its type has: durations, dates and times are counts of their unit.

    Args:
        data_type: Such as Time.
        given: The value, or its text as TIA Portal writes it.

    Raises:
        Problem: The type does not have this value.
    """
    kind = elementary(data_type)
    if kind is None:
        raise _refuse(given, data_type, "it is not a single value")
    value = _read(given, kind) if isinstance(given, str) else given
    if kind.kind is Kind.REAL and isinstance(value, int) and not isinstance(value, bool):
        value = float(value) if fits(value, kind) else None
    if kind.kind is Kind.BOOL and value in (0, 1):
        value = bool(value)
    if value is None or not fits(value, kind) or (_is_calendar(data_type) and not isinstance(value, str)):
        raise _refuse(given, kind.name, "write a value in its range")
    return value


def _for_api(primitive: str, value: Scalar) -> Any:
    """Return a value as its field of an SDataValue takes it: a character of Char as its signed number, a moment as its bytes."""
    if primitive == "UInt64" and isinstance(value, str):
        return int.from_bytes(calendar.encode(value), "big")
    if primitive != "Char" or not isinstance(value, str):
        return value
    number = ord(value)
    return number - 256 if number > 127 else number


def _read(text: str, kind: Elementary) -> Scalar | None:
    if kind.kind is Kind.CHARACTER and len(text) == 1:
        return text
    found = literals.literal(text.strip(), kind)
    if found is None:
        return _read_moment(text) if kind.name == _CALENDAR else None
    value, natural = found
    if not isinstance(natural, Elementary) or not natural.unit:
        return value
    if not kind.unit or natural.kind is not kind.kind:
        return None
    count, finer = divmod(int(value) * natural.unit, kind.unit)
    return None if finer else count


def _read_moment(text: str) -> str | None:
    """Return a Date_And_Time that has the form of its value; None where it has not."""
    try:
        return calendar.normalize(text.strip())
    except ValueError:
        return None


def _is_calendar(data_type: str) -> bool:
    kind = elementary(data_type)
    return kind is not None and kind.name == _CALENDAR


def as_text(data_type: str, value: Scalar) -> str:
    """Return a value as TIA Portal shows it, such as T#2s; empty when its type is not known."""
    kind = elementary(data_type)
    if kind is None or kind.kind is Kind.COUNTER:
        return ""
    return format_value(value, ELEMENTARY["S5TIME"] if kind.kind is Kind.TIMER else kind)


def _refuse(given: Scalar, type_name: str, what: str) -> Problem:
    return Problem("plcsim.value", f"{given!r} is not a value of {type_name}: {what}.")
