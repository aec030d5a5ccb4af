"""What an arithmetic operator does with values of two types, times and dates included."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from simatic_xml.program.types.types import DataType, Elementary, Kind
from virtual_plc.instructions.calculation.arithmetic import Result, checked_operation
from virtual_plc.instructions.calculation.numbers import wrapping
from virtual_plc.instructions.texts import dates


@cache
def binary_operation(operator: str, left: DataType, right: DataType, result: DataType) -> Callable[[Any, Any], Result]:
    """Return what `+ - * / MOD **` does, with whether the result is right.

    Args:
        operator: the operator.
        left: type of the left operand.
        right: type of the right operand.
        result: type of the result.
    """
    timed = [each for each in (left, right) if dates.is_moment(each) or dates.is_span(each)]
    if operator not in ("+", "-") or not timed:
        return checked_operation(operator, result)
    unit = next((each.unit for each in timed if isinstance(each, Elementary) and dates.is_span(each)), 1)
    sign = 1 if operator == "+" else -1

    def calculate(a: Any, b: Any) -> Result:
        try:
            total = nanoseconds(a, left, unit) + sign * nanoseconds(b, right, unit)
        except ValueError:
            return of_nanoseconds(0, result)[0], False
        return of_nanoseconds(total, result)

    return calculate


def nanoseconds(value: Any, data_type: DataType, unit: int = 1) -> int:
    """Return a time, date or number of units in nanoseconds.

    Raises:
        ValueError: a DTL that is no moment.
    """
    if dates.is_moment(data_type):
        return dates.moment(value, data_type)
    if isinstance(data_type, Elementary) and dates.is_span(data_type):
        return dates.span(value, data_type)
    return int(value) * unit


def of_nanoseconds(total: int, data_type: DataType) -> Result:
    """Return nanoseconds as a time, date, or whole number of days."""
    if dates.is_moment(data_type):
        return dates.of_moment(total, data_type)
    if isinstance(data_type, Elementary) and data_type.kind in (Kind.DURATION, Kind.TIME_OF_DAY):
        return dates.of_span(total, data_type)
    days = total // dates.DAY
    kept = wrapping(data_type)(days)
    return kept, kept == days
