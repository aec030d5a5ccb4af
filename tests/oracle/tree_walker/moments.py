"""Operators on times and dates: calculated in nanoseconds, then put back into the type of the result.

A whole number beside a time counts in the unit of that time. What does not fit a duration wraps, a time of day begins
again at zero o'clock, a date stays at its limit (all unverified).
"""

from __future__ import annotations

from simatic_xml.program.types.ranges import wrap
from simatic_xml.program.types.types import LTIME, DataType, Elementary, Kind
from virtual_plc.instructions.texts import dates


def moment_operation(
    operator: str, left: object, right: object, types: tuple[DataType, DataType, DataType]
) -> tuple[object, bool]:
    """Return what `+ - * /` makes of two values of which one is a time or a date; see `operators.binary`."""
    result = types[2]
    if operator in "*/":
        assert isinstance(left, int) and isinstance(right, int) and isinstance(result, Elementary)
        return _scaled(operator, left, right, result)
    unit = next(each.unit for each in (*types, LTIME) if isinstance(each, Elementary) and each.unit)
    try:
        a, b = (_nanoseconds(value, each, unit) for value, each in ((left, types[0]), (right, types[1])))
    except ValueError:
        return dates.of_moment(0, result)[0], False
    total = a + b if operator == "+" else a - b
    if dates.is_moment(result):
        return dates.of_moment(total, result)
    assert isinstance(result, Elementary)
    return dates.of_span(total, result)


def _nanoseconds(value: object, data_type: DataType, unit: int) -> int:
    if dates.is_moment(data_type):
        return dates.moment(value, data_type)
    assert isinstance(value, int) and isinstance(data_type, Elementary)
    return value * unit if data_type.kind is Kind.INTEGER else dates.span(value, data_type)


def _scaled(operator: str, left: int, right: int, result: Elementary) -> tuple[int, bool]:
    if operator == "/" and right == 0:
        return 0, False
    value = left * right if operator == "*" else abs(left) // abs(right) * (1 if left * right >= 0 else -1)
    kept = wrap(value, result)
    return kept, kept == value
