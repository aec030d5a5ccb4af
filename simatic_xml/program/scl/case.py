"""The selector and the labels of CASE.

Facts: S7-1500 system manual, "CASE": the selector is an integer or bit string, labels are constants, each value belongs
to one branch. That a repeated value is an error is unverified.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Sequence
from operator import itemgetter

from simatic_xml.program.nodes import Broken, Choice, Constant, Expression, Statement
from simatic_xml.program.scl.context import Context
from simatic_xml.program.scl.type_tests import asks_type, type_constant
from simatic_xml.program.types import values
from simatic_xml.program.types.coercion import coerce
from simatic_xml.program.types.conversions import CLASSIC
from simatic_xml.program.types.layout import size_bits
from simatic_xml.program.types.types import DINT, UNKNOWN, DataType, Elementary, Kind, Text, Unknown, type_name
from simatic_xml.scl import nodes as tree

_SELECTED = (Kind.INTEGER, Kind.BITS, Kind.CHARACTER)
Body = Callable[[Sequence[tree.Statement]], list[Statement]]


def selector(context: Context, node: tree.Expression) -> Expression:
    """Return the selector of CASE; report one that is not an integer or bit string."""
    found = context.expression(node, DINT)
    data_type = found.type
    if isinstance(data_type, Unknown) or asks_type(found):
        return found
    if _selects(data_type):
        return found
    message = f"CASE needs an integer or a bit string, not a value of type {type_name(data_type)}."
    context.scope.error("type.case_selector", message, context.place(node))
    return Broken(UNKNOWN, found.place)


def _selects(data_type: DataType) -> bool:
    return isinstance(data_type, Elementary) and data_type.kind in _SELECTED


def choices(context: Context, node: tree.Case, chosen: Expression, body: Body) -> list[Choice]:
    """Return the branches of CASE; report labels that are not constants, or that two branches have."""
    seen = _UsedValues(context)
    made = []
    for choice in node.choices:
        ranges = [_range(context, label, chosen) for label in choice.labels]
        for label, pair in zip(choice.labels, ranges, strict=True):
            seen.add(label, *pair)
        made.append(Choice(ranges, body(choice.body), context.place(choice)))
    return made


def _range(context: Context, label: tree.Expression | tree.Range, chosen: Expression) -> tuple[Expression, Expression]:
    if isinstance(label, tree.Range):
        if _is_pattern(chosen.type) and context.scope.symbols.cpu.family not in CLASSIC:
            message = f"A bit string has no ranges in CASE; write the values, or convert the {type_name(chosen.type)}."
            context.scope.error("type.case_label", message, context.place(label))
        return _label(context, label.low, chosen), _label(context, label.high, chosen)
    value = _label(context, label, chosen)
    return value, value


def _label(context: Context, node: tree.Expression, chosen: Expression) -> Expression:
    if asks_type(chosen):
        return type_constant(context, node)
    if isinstance(chosen, Broken) or isinstance(chosen.type, Unknown):
        return context.expression(node)
    found = context.expression(node, chosen.type)
    place = context.place(node)
    if isinstance(found.type, Unknown):
        return found
    if not _selects(found.type) and not isinstance(found.type, Text):
        message = f"A label of CASE needs an integer or a bit string, not a value of type {type_name(found.type)}."
        context.scope.error("type.case_label", message, place)
        return found
    if _is_pattern(found.type) and _is_pattern(chosen.type) and _is_typed_wider(found, chosen.type):
        message = f"A label of CASE is not wider than its selector: {type_name(found.type)}, {type_name(chosen.type)}."
        context.scope.error("type.case_label", message, place)
        return found
    constant = values.fold(found)
    if constant is None:
        message = "A label of CASE must be a constant; this value is known only at runtime."
        context.scope.error("case.not_constant", message, place)
        return found
    return coerce(context.scope, constant, chosen.type, place)


def _is_pattern(data_type: DataType) -> bool:
    return isinstance(data_type, Elementary) and data_type.kind is Kind.BITS


def _is_typed_wider(label: Expression, selector: DataType) -> bool:
    typed = not isinstance(label, Constant) or label.fixed
    return typed and size_bits(label.type) > size_bits(selector)


class _UsedValues:
    """The values of the labels of this CASE so far, as ranges in order that do not overlap."""

    def __init__(self, context: Context) -> None:
        self.context = context
        self.ranges: list[tuple[int, int]] = []

    def add(self, label: tree.Expression | tree.Range, low: Expression, high: Expression) -> None:
        """Note the values of one label, and report those that another label has, or that are no values."""
        first, last = _number(low), _number(high)
        if first is None or last is None:
            return
        scope, place = self.context.scope, self.context.place(label)
        if first > last:
            message = f"The range {first}..{last} contains no value; write the lower value first."
            scope.error("case.range", message, place)
            return
        index = bisect_left(self.ranges, first, key=itemgetter(1))
        if index < len(self.ranges) and self.ranges[index][0] <= last:
            value = max(first, self.ranges[index][0])
            message = f"The value {value} belongs to an earlier branch of this CASE, too; the first one takes it."
            scope.error("case.twice", message, place)
            return
        self.ranges.insert(index, (first, last))


def _number(value: Expression) -> int | None:
    if not isinstance(value, Constant):
        return None
    if isinstance(value.value, str) and len(value.value) == 1:
        return ord(value.value)
    return value.value if isinstance(value.value, int) else None
