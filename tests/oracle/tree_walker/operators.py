"""Operators: what they make of two values, and whether the result is right.

Integers wrap, `/` and MOD go towards zero, a division by zero gives 0 and is wrong; REAL is rounded to 32 bits after each
operation and becomes infinite or NaN. Times and dates are counts of their units.
"""

from __future__ import annotations

import calendar
import math
import struct
from collections.abc import Callable
from typing import Any

from simatic_xml.program.types.moments import s5time_milliseconds
from simatic_xml.program.types.ranges import wrap
from simatic_xml.program.types.types import DataType, Elementary, Kind, Structure
from tests.oracle.tree_walker.moments import moment_operation
from virtual_plc.memory.shapes import plain

_COMPARISONS: dict[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    "<>": lambda a, b: bool(a < b or a > b) if isinstance(a, float) else bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}
_LOGIC: dict[str, Callable[[Any, Any], Any]] = {
    "AND": lambda a, b: a & b,
    "OR": lambda a, b: a | b,
    "XOR": lambda a, b: a ^ b,
}
_NUMBERS = (Kind.BOOL, Kind.BITS, Kind.INTEGER, Kind.REAL)


def unary(operator: str, value: Any, data_type: DataType) -> tuple[Any, bool]:
    """Return `NOT value` or `-value`, and whether it is right."""
    assert isinstance(data_type, Elementary)
    if operator == "NOT":
        return (not value, True) if data_type.kind is Kind.BOOL else (wrap(~value, data_type), True)
    if data_type.kind is Kind.REAL:
        return -value, math.isfinite(value)
    return _kept(-value, data_type)


def binary(operator: str, left: Any, right: Any, types: tuple[DataType, DataType, DataType]) -> tuple[Any, bool]:
    """Return what an operator makes of two values, and whether it is right.

    Args:
        operator: as in `nodes.Binary`.
        left: value of the left operand.
        right: value of the right operand.
        types: types of both operands and of the result.
    """
    if operator in _COMPARISONS:
        return _COMPARISONS[operator](_compared(left, types[0]), _compared(right, types[1])), True
    if operator in _LOGIC:
        return _LOGIC[operator](left, right), True
    result = types[2]
    if not isinstance(result, Elementary) or any(_is_moment(each) for each in types):
        return moment_operation(operator, left, right, types)
    if result.kind is Kind.REAL:
        return _real(operator, left, right, result)
    return _whole(operator, left, right, result)


def _is_moment(data_type: DataType) -> bool:
    return isinstance(data_type, Structure) or (isinstance(data_type, Elementary) and data_type.kind not in _NUMBERS)


def _compared(value: Any, data_type: DataType) -> Any:
    """Return what a value is compared by."""
    if isinstance(data_type, Structure) and data_type.name == "DTL":
        parts = [part for name, part in plain(value).items() if name != "WEEKDAY"]
        year, month, day, hour, minute, second, _ = parts
        is_time = hour < 24 and minute < 60 and second < 60
        is_day = year > 0 and 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year, month)[1]
        return parts if is_time and is_day else [math.nan * 1]
    if isinstance(data_type, Elementary) and data_type.kind is Kind.DURATION and not data_type.unit:
        digits = [value >> shift & 0xF for shift in (8, 4, 0)]
        return [s5time_milliseconds(value) if max(digits) < 10 else math.nan * 1]
    return value if isinstance(data_type, Elementary) else _identity(value)


def _identity(value: Any) -> Any:
    """Return what two references or structures are equal by."""
    if value is None or isinstance(value, str):
        return value
    container = getattr(value, "container", None)
    if container is not None:
        return id(container), value.key
    return plain(value) if not hasattr(value, "get") else id(value.get())


def _kept(value: int, data_type: Elementary) -> tuple[int, bool]:
    kept = wrap(value, data_type)
    return kept, kept == value


def _whole(operator: str, left: int, right: int, data_type: Elementary) -> tuple[int, bool]:
    if operator in ("/", "MOD") and right == 0:
        return 0, False
    whole = 0 if operator not in ("/", "MOD") else abs(left) // abs(right) * (1 if left * right >= 0 else -1)
    results = {
        "+": left + right,
        "-": left - right,
        "*": left * right,
        "/": whole,
        "MOD": left - whole * right,
    }
    return _kept(results[operator], data_type)


def _real(operator: str, left: float, right: float, data_type: Elementary) -> tuple[float, bool]:
    result = rounded(_double(operator, float(left), float(right)), data_type)
    return result, math.isfinite(result)


def rounded(value: float, data_type: Elementary) -> float:
    """Return a number as REAL or LREAL holds it."""
    if data_type.bits == 64:
        return value
    try:
        return float(struct.unpack("<f", struct.pack("<f", value))[0])
    except OverflowError:
        return math.copysign(math.inf, value)


def _double(operator: str, left: float, right: float) -> float:
    match operator:
        case "+":
            return left + right
        case "-":
            return left - right
        case "*":
            return left * right
        case "/":
            return quotient(left, right)
    return _power(left, right)


def quotient(left: float, right: float) -> float:
    """Return a quotient as IEEE 754 has it, also by zero."""
    if right != 0:
        return left / right
    if left == 0 or math.isnan(left):
        return math.nan
    return math.copysign(math.inf, left) * math.copysign(1, right)


def _power(left: float, right: float) -> float:
    """Return a power as IEEE 754 has it: infinite where it is too large or a pole, NaN where it does not exist."""
    try:
        return math.pow(left, right)
    except OverflowError:
        return -math.inf if left < 0 and math.fmod(right, 2) else math.inf
    except ValueError:
        return math.inf if left == 0 else math.nan
