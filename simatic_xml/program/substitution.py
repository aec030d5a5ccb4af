"""An expression with other expressions in the place of variables."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from simatic_xml.program import nodes as n


def substitute(expression: n.Expression, values: Mapping[str, n.Expression]) -> n.Expression:
    """Return the expression with the given value in the place of each local variable.

    Args:
        expression: operators, conversions and calls of instructions over local variables and constants.
        values: the value by name of the variable.
    """

    def walk(each: n.Expression) -> n.Expression:
        match each:
            case n.Local(variable):
                return values.get(variable.name, each)
            case n.Convert() | n.Unary():
                return replace(each, operand=walk(each.operand))
            case n.Binary():
                return replace(each, left=walk(each.left), right=walk(each.right))
            case n.InstructionCall():
                return replace(each, arguments=tuple(replace(a, value=walk(a.value)) for a in each.arguments))
        return each

    return walk(expression)
