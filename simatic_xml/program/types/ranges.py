"""The values of a type: limits, the result for a value outside of them, and 32-bit floating-point numbers."""

from __future__ import annotations

import math
import struct
from functools import cache

from simatic_xml.program.types.types import DataType, Elementary, Kind, Text, Unknown

_DAY = 86_400_000_000_000
_LAST_LDT = 9_223_372_036_854_775_807
_LAST_WCHAR = 0xD7FF


_LAST_NUMBER = 2047
"""Timers and counters of the largest CPUs."""


@cache
def limits(data_type: Elementary) -> tuple[int, int] | None:
    """Return the lowest and highest count of an elementary type; None if its value is not a count.

    Durations, dates and times count their unit; a bit string is the unsigned number of its pattern.
    """
    match data_type.kind:
        case Kind.REAL | Kind.CHARACTER | Kind.BOOL:
            return None
        case Kind.TIMER | Kind.COUNTER:
            return 0, _LAST_NUMBER
        case Kind.DURATION if not data_type.unit:
            return None
        case Kind.TIME_OF_DAY:
            return 0, _DAY // data_type.unit - 1
        case Kind.DATE_AND_TIME:
            return (0, _LAST_LDT) if data_type.unit else None
    return number_limits(data_type)


def number_limits(data_type: Elementary) -> tuple[int, int]:
    """Return the lowest and highest number that the bits of a type hold."""
    if data_type.signed:
        return -(1 << data_type.bits - 1), (1 << data_type.bits - 1) - 1
    return 0, (1 << data_type.bits) - 1


def fits(value: object, data_type: DataType) -> bool:
    """Return whether a value is one of the type; an unknown type has every value.

    A Bool is `True` or `False`, a whole number fits a floating-point type, and a string fits by its length.
    """
    match data_type:
        case Unknown():
            return True
        case Text():
            return isinstance(value, str) and (data_type.length is None or len(value) <= data_type.length)
        case Elementary():
            return _fits_elementary(value, data_type)
    return isinstance(value, str)


def _fits_elementary(value: object, data_type: Elementary) -> bool:
    if data_type.kind is Kind.BOOL or isinstance(value, bool):
        return isinstance(value, bool) and data_type.kind is Kind.BOOL
    if isinstance(value, str):
        return _fits_text(value, data_type)
    if data_type.kind is Kind.REAL:
        return isinstance(value, int | float) and _is_real(value, data_type)
    if data_type.kind is Kind.DURATION and not data_type.unit:
        return isinstance(value, int) and _is_s5time(value)
    allowed = limits(data_type)
    return isinstance(value, int) and allowed is not None and allowed[0] <= value <= allowed[1]


def _is_s5time(word: int) -> bool:
    """Return whether a word has a time base and three decimal digits."""
    return 0 <= word < 1 << 14 and f"{word & 0xFFF:x}".isdecimal()


def _fits_text(value: str, data_type: Elementary) -> bool:
    if data_type.kind is Kind.CHARACTER:
        return len(value) == 1 and ord(value) <= min((1 << data_type.bits) - 1, _LAST_WCHAR)
    return data_type.kind is Kind.DATE_AND_TIME and not data_type.unit


def _is_real(value: float, data_type: Elementary) -> bool:
    try:
        number = float(value)
    except OverflowError:
        return False
    return data_type.bits == 64 or math.isinf(number) or not math.isinf(real32(number))


def wrap(value: int, data_type: Elementary) -> int:
    """Return the part of a whole number that the bits of a type hold."""
    rest = value & ((1 << data_type.bits) - 1)
    return rest - (1 << data_type.bits) if data_type.signed and rest >> (data_type.bits - 1) else rest


def real32(value: float) -> float:
    """Return a number rounded to 32 bits; one that is too large becomes infinite."""
    try:
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


def shortest(value: float) -> str:
    """Return the shortest decimal number that is this 32-bit number again."""
    for digits in range(1, 10):
        text = f"{value:.{digits}g}"
        if real32(float(text)) == value:
            return text
    return repr(value)
