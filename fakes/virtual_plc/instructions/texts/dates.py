"""Dates and times in nanoseconds for calculations: since 1970 for moments, from zero o'clock for times of day.

Values: Date counts days since 1990; Date_And_Time and LDT are nanoseconds since 1970; a DTL is an object with parts.
"""

from __future__ import annotations

from datetime import date
from functools import cache
from typing import Any, Final, cast

from simatic_xml.program.types.moments import s5time, s5time_milliseconds
from simatic_xml.program.types.system_types import parse_type
from simatic_xml.program.types.types import DataType, Elementary, Kind, Structure
from virtual_plc.memory.starting_values import FIRST_DATE_AND_TIME, NANOSECONDS_OF_DAY, dtl
from virtual_plc.memory.storage import class_of

DAY: Final = NANOSECONDS_OF_DAY
_SECOND: Final = 1_000_000_000
_MILLISECOND: Final = 1_000_000
_FIRST_ORDINAL: Final = date(1970, 1, 1).toordinal()
_LAST_DATE_AND_TIME: Final = ((date(2090, 1, 1).toordinal() - _FIRST_ORDINAL) * DAY) - 1
_LAST_DTL: Final = ((date(2555, 1, 1).toordinal() - _FIRST_ORDINAL) * DAY) - 1
_LAST_DATE: Final = FIRST_DATE_AND_TIME + 0xFFFF * DAY
_LAST_LDT: Final = (1 << 63) - 1


@cache
def dtl_type() -> Structure:
    """Return the type DTL."""
    return cast("Structure", parse_type("DTL"))


def is_dtl(data_type: DataType) -> bool:
    """Return whether a type is DTL."""
    return isinstance(data_type, Structure) and data_type.name == "DTL" and data_type.origin == "system"


def is_moment(data_type: DataType) -> bool:
    """Return whether a type is a date with or without time: Date, Date_And_Time, LDT, DTL."""
    kinds = (Kind.DATE, Kind.DATE_AND_TIME)
    return is_dtl(data_type) or (isinstance(data_type, Elementary) and data_type.kind in kinds)


def is_span(data_type: DataType) -> bool:
    """Return whether a type is a duration or time of day."""
    return isinstance(data_type, Elementary) and data_type.kind in (Kind.DURATION, Kind.TIME_OF_DAY)


def new_dtl(nanoseconds: int) -> Any:
    """Return a DTL; its weekday is 1 on Sundays."""
    made = class_of(dtl_type())(False)
    for name, value in dtl(nanoseconds).items():
        setattr(made, name, value)
    return made


def dtl_nanoseconds(value: Any) -> int:
    """Return the nanoseconds since 1970 of a DTL.

    Raises:
        ValueError: there is no such day or time.
    """
    hour, minute, second, fraction = value.HOUR, value.MINUTE, value.SECOND, value.NANOSECOND
    if not (0 <= hour < 24 and 0 <= minute < 60 and 0 <= second < 60):
        message = f"{hour}:{minute}:{second} is not a time of day."
        raise ValueError(message)
    days = date(value.YEAR, value.MONTH, value.DAY).toordinal() - _FIRST_ORDINAL
    return int(days * DAY + ((hour * 60 + minute) * 60 + second) * _SECOND + fraction)


def moment(value: Any, data_type: DataType) -> int:
    """Return the nanoseconds since 1970 of a date or moment.

    Raises:
        ValueError: a DTL that is no moment.
    """
    if isinstance(data_type, Structure):
        return dtl_nanoseconds(value)
    if isinstance(data_type, Elementary) and data_type.kind is Kind.DATE:
        return FIRST_DATE_AND_TIME + int(value) * DAY
    return int(value)


def of_moment(nanoseconds: int, data_type: DataType) -> tuple[Any, bool]:
    """Return nanoseconds since 1970 as a date or moment, and whether the type has it; else its nearest.

    Date_And_Time keeps milliseconds only.
    """
    first, last = _limits(data_type)
    inside = min(max(nanoseconds, first), last)
    right = inside == nanoseconds
    if isinstance(data_type, Structure):
        return new_dtl(inside), right
    if isinstance(data_type, Elementary) and data_type.kind is Kind.DATE:
        return (inside - FIRST_DATE_AND_TIME) // DAY, right
    if isinstance(data_type, Elementary) and not data_type.unit:
        return inside - inside % _MILLISECOND, right
    return inside, right


def first_moment(data_type: DataType) -> int:
    """Return the first moment of a type in nanoseconds since 1970."""
    return _limits(data_type)[0]


def _limits(data_type: DataType) -> tuple[int, int]:
    if isinstance(data_type, Structure):
        return 0, _LAST_DTL
    if isinstance(data_type, Elementary) and data_type.kind is Kind.DATE:
        return FIRST_DATE_AND_TIME, _LAST_DATE + DAY - 1
    if isinstance(data_type, Elementary) and not data_type.unit:
        return FIRST_DATE_AND_TIME, _LAST_DATE_AND_TIME
    return 0, _LAST_LDT


def span(value: int, data_type: Elementary) -> int:
    """Return the nanoseconds of a duration or time of day."""
    if not data_type.unit:
        return s5time_milliseconds(value & 0x3FFF) * _MILLISECOND if _is_bcd(value) else 0
    return value * data_type.unit


def of_span(nanoseconds: int, data_type: Elementary) -> tuple[int, bool]:
    """Return nanoseconds as a duration or time of day, and whether the type has it.

    What is finer than the type counts is cut off; what is too long keeps the bits that fit, in a time of day it begins
    again at zero o'clock, in an S5TIME it is the longest.
    """
    if not data_type.unit:
        word = s5time(nanoseconds // _MILLISECOND) if nanoseconds >= 0 else None
        return (0x3999, False) if word is None else (word, True)
    if data_type.kind is Kind.TIME_OF_DAY:
        return nanoseconds % DAY // data_type.unit, 0 <= nanoseconds < DAY
    count = abs(nanoseconds) // data_type.unit * (1 if nanoseconds >= 0 else -1)
    half = 1 << data_type.bits - 1
    kept = (count + half) % (1 << data_type.bits) - half
    return kept, kept == count


def _is_bcd(word: int) -> bool:
    return f"{word & 0xFFF:03x}".isdecimal()
