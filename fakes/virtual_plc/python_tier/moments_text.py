"""Sums and differences of durations, times and dates in different units: through nanoseconds.

Durations in one unit are whole numbers like any others and are not handled here.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

from simatic_xml.program import nodes as n
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.types.types import DataType, Elementary, Kind, Structure
from virtual_plc.code.python_text import Text, expression
from virtual_plc.instructions.texts import dates
from virtual_plc.memory.shapes import plain
from virtual_plc.python_tier import numbers_text
from virtual_plc.python_tier.block_code import BlockCode, require
from virtual_plc.python_tier.evaluation import in_order

__all__ = ["calculation", "dtl_object", "is_moment_operation", "operation", "plain"]

Calculation = Callable[[Any, Any], tuple[Any, bool]]
_COUNTS = (Kind.INTEGER, Kind.DURATION, Kind.BITS)


def dtl_object(members: dict[str, int]) -> Any:
    """Return a DTL with these members."""
    made = dates.new_dtl(0)
    for name, value in members.items():
        setattr(made, name, value)
    return made


def is_moment_operation(node: n.Binary) -> bool:
    """Return whether `+` or `-` joins values that are no counts of one unit."""
    types = (node.type, node.left.type, node.right.type)
    if node.operator not in "+-" or not any(_unit(each) for each in types):
        return False
    units = {_unit(each) for each in types} - {0}
    plain_counts = all(isinstance(each, Elementary) and each.kind in _COUNTS for each in types)
    return not plain_counts or len(units) > 1


def _unit(data_type: DataType) -> int:
    if isinstance(data_type, Structure) or not isinstance(data_type, Elementary):
        return 1
    return 1 if data_type.kind is Kind.DATE_AND_TIME else data_type.unit


def operation(code: BlockCode, node: n.Binary) -> Text:
    """Return a sum or difference of times and dates."""
    left, right = in_order(code, (node.left, node.right))
    function = calculation(node.operator, node.left.type, node.right.type, node.type)
    name = code.bind("add_times" if node.operator == "+" else "subtract_times", function)
    if code.reports:
        return numbers_text.report_result(code, expression("{}({}, {})", name, left, right), node.type)
    return expression("{}({}, {})[0]", name, left, right, safe=False)


@cache
def calculation(operator: str, left: DataType, right: DataType, result: DataType) -> Calculation:
    """Return the function of `+` or `-` for two times or dates; it also returns whether the result is right."""
    first, second, give = _reader(left, right), _reader(right, left), _giver(result)
    sign = 1 if operator == "+" else -1

    def calculate(a: Any, b: Any) -> tuple[Any, bool]:
        try:
            return give(first(a) + sign * second(b))
        except ValueError:
            return dates.of_moment(0, result)[0], False

    return calculate


def _reader(data_type: DataType, beside: DataType) -> Callable[[Any], int]:
    """Return what turns a value into nanoseconds; a number counts in the unit of the value next to it."""
    if dates.is_moment(data_type):
        return lambda value: dates.moment(value, data_type)
    if isinstance(data_type, Elementary) and dates.is_span(data_type):
        return lambda value: dates.span(value, data_type)
    scale = _unit(beside)
    return lambda value: value * scale


def _giver(data_type: DataType) -> Callable[[int], tuple[Any, bool]]:
    if dates.is_moment(data_type):
        return lambda nanoseconds: dates.of_moment(nanoseconds, data_type)
    span = require(data_type, Elementary, Place())
    return lambda nanoseconds: dates.of_span(nanoseconds, span)
