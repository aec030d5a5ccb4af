"""Numbers as a CPU keeps them: integers of so many bits, REAL of 32 bits, quotients towards zero."""

from __future__ import annotations

import math
from array import array
from collections.abc import Callable
from functools import cache
from typing import Final

from simatic_xml.program.types.ranges import limits
from simatic_xml.program.types.types import DataType, Elementary, Kind

_CELL: Final = array("f", [0.0])


def single(value: float) -> float:
    """Return a number rounded to 32 bits; what is too large becomes infinite."""
    _CELL[0] = value
    return _CELL[0]


def is_real(data_type: DataType) -> bool:
    """Return whether a type is REAL or LREAL."""
    return isinstance(data_type, Elementary) and data_type.kind is Kind.REAL


@cache
def wrapping(data_type: DataType) -> Callable[[int], int]:
    """Return the function that keeps of a whole number what the bits of a type hold."""
    bits = data_type.bits if isinstance(data_type, Elementary) else 64
    mask = (1 << bits) - 1
    if not (isinstance(data_type, Elementary) and data_type.signed):
        return lambda value: value & mask
    half = 1 << bits - 1
    return lambda value: ((value + half) & mask) - half


@cache
def holding(data_type: DataType) -> Callable[[float], float]:
    """Return the function that rounds a number to REAL or LREAL."""
    return single if isinstance(data_type, Elementary) and data_type.bits == 32 else float


@cache
def range_of(data_type: DataType) -> tuple[int, int]:
    """Return the lowest and highest count of a type of whole numbers."""
    found = limits(data_type) if isinstance(data_type, Elementary) else None
    return found or (0, 0xFFFF)


def quotient(dividend: int, divisor: int) -> int:
    """Return the quotient towards zero; the divisor is not zero."""
    result = abs(dividend) // abs(divisor)
    return result if (dividend < 0) == (divisor < 0) else -result


def remainder(dividend: int, divisor: int) -> int:
    """Return what a division towards zero leaves; it has the sign of the dividend. The divisor is not zero."""
    return dividend - quotient(dividend, divisor) * divisor


def real_quotient(dividend: float, divisor: float) -> float:
    """Return a quotient as IEEE 754 has it, also by zero."""
    if divisor:
        return dividend / divisor
    if not dividend or math.isnan(dividend):
        return math.nan
    return math.copysign(math.inf, dividend) * math.copysign(1.0, divisor)
