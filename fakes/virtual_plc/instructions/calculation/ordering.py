"""How values compare: as they are, but a DTL by its moment, an S5TIME by its duration, a structure by its parts."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from simatic_xml.program.types.moments import s5time_milliseconds
from simatic_xml.program.types.types import Array, DataType, Elementary, Structure
from virtual_plc.memory.shapes import plain


def sort_key(data_type: DataType) -> Callable[[Any], Any]:
    """Return the function that gives the key to compare values of a type by."""
    match data_type:
        case Structure(name="DTL"):
            return dtl_key
        case Elementary(name="S5Time"):
            return s5time_key
        case Structure() | Array():
            return plain
    return lambda value: value


def has_key(data_type: DataType) -> bool:
    """Return whether values of a type are compared by a key instead of the value."""
    return isinstance(data_type, Structure | Array) or (
        isinstance(data_type, Elementary) and data_type.name == "S5Time"
    )


def s5time_key(word: int) -> float:
    """Return the milliseconds of an S5TIME; what has digits that are none is equal to nothing."""
    return s5time_milliseconds(word) if f"{word & 0xFFF:x}".isdecimal() else float("nan")


def dtl_key(value: Any) -> tuple[float, ...]:
    """Return the parts of a DTL that order it; the weekday adds nothing, and what is no moment is equal to nothing."""
    parts = (value.YEAR, value.MONTH, value.DAY, value.HOUR, value.MINUTE, value.SECOND)
    try:
        dt.datetime(*parts)  # noqa: DTZ001 - a PLC's time has no zone
    except ValueError:
        return (float("nan"),)
    return (*parts, value.NANOSECOND)


def unequal(a: Any, b: Any) -> bool:
    """Return whether `a <> b` holds; NaN is neither equal nor unequal to a number, also to itself."""
    return a != b and (not isinstance(a, float) or (a == a and b == b))
