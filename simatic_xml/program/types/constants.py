"""The one check that every constant of a typed block is a value of its type, in every language.

The execution of a program relies on it: a constant of a numeric type is a number, never a text.
"""

from __future__ import annotations

from collections.abc import Iterator

from simatic_xml.program import nodes as n
from simatic_xml.program import typed_blocks
from simatic_xml.program.diagnostics import Diagnostic, Severity
from simatic_xml.program.types.ranges import fits
from simatic_xml.program.types.types import Array, Elementary, Text, type_name
from simatic_xml.program.walking import block_statements, expressions, operands


def findings(block: typed_blocks.Block) -> Iterator[Diagnostic]:
    """Yield an error for each constant whose value does not fit its type."""
    for statement in block_statements(block):
        for operand in operands(statement):
            yield from _findings(operand)
    for each in _of_actions(block):
        yield from _findings(each)


def _of_actions(block: typed_blocks.Block) -> Iterator[n.Expression]:
    for step in block.graph.steps if block.graph is not None else ():
        for action in step.actions:
            yield from (each for each in (action.operand, action.argument) if each is not None)


def _findings(expression: n.Expression) -> Iterator[Diagnostic]:
    for each in expressions(expression):
        if isinstance(each, n.Constant) and not _is_value(each):
            message = f"{each.value} is not a value of {type_name(each.type)}. Write a literal of that type."
            yield Diagnostic(Severity.ERROR, "value.type", message, each.place)


def _is_value(constant: n.Constant) -> bool:
    match constant.type:
        case Elementary() | Text():
            return fits(constant.value, constant.type)
        case Array():
            return False
    return True
