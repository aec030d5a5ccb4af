"""Rungs of LAD and FBD as one expression: a wire that only the next statement reads, and reads first, goes into it.

Parallel branches behind a wire read it once each: `w AND a OR w AND b` is `w AND (a OR b)`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from simatic_xml.program import nodes as n
from simatic_xml.program import walking
from simatic_xml.program.types.types import BOOL
from virtual_plc.python_tier.block_code import BlockCode

_WITHOUT_FAULTS = (n.Local, n.Field, n.TagOperand, n.DataBlock, n.Wire, n.Constant, n.Unary, n.Binary)


def join(code: BlockCode, statements: Sequence[n.Statement]) -> list[n.Statement]:
    """Return statements with the wires of rungs joined; where coverage counts statements, as they are."""
    joined: list[n.Statement] = []
    for each in statements:
        wire = joined[-1] if joined else None
        found = None
        if isinstance(wire, n.Assign) and isinstance(wire.target, n.Wire) and not code.context.coverage:
            found = _joined(code, wire.target, wire.value, each)
        if found is None:
            joined.append(each)
        else:
            joined[-1] = found
    return joined


def _joined(code: BlockCode, wire: n.Wire, value: n.Expression, statement: n.Statement) -> n.Statement | None:
    """Return a statement with the value of a wire in place of it, None where something else reads the wire too.

    The value is evaluated at the same moment, because the statement reads the wire before all else.
    """
    if not all(isinstance(each, _WITHOUT_FAULTS) for each in walking.expressions(value)):
        return None
    match statement:
        case n.Assign():
            put, condition = _in_assignment(statement), statement.value
        case n.If():
            put, condition = _in_branch(statement), statement.branches[0].condition
        case _:
            return None
    reads = sum(each == wire for each in walking.expressions(condition))
    if not reads or code.facts.wires[wire.number] != reads + 1:
        return None
    condition = _factored(condition)
    if sum(each == wire for each in walking.expressions(condition)) != 1:
        return None
    found = _replaced(condition, wire, value)
    return None if found is None else put(found)


def _in_assignment(statement: n.Assign) -> Callable[[n.Expression], n.Statement]:
    return lambda value: replace(statement, value=value)


def _in_branch(statement: n.If) -> Callable[[n.Expression], n.Statement]:
    first, *others = statement.branches
    return lambda value: replace(statement, branches=[replace(first, condition=value), *others])


def _replaced(node: n.Expression, wire: n.Wire, value: n.Expression) -> n.Expression | None:
    """Return a condition with a value in place of the wire that it reads first, None where it reads another operand first."""
    if node == wire:
        return value
    if isinstance(node, n.Binary) and node.type == BOOL:
        left = _replaced(node.left, wire, value)
        return None if left is None else replace(node, left=left)
    if isinstance(node, n.Unary):
        inner = _replaced(node.operand, wire, value)
        return None if inner is None else replace(node, operand=inner)
    return None


def _factored(node: n.Expression) -> n.Expression:
    """Return parallel branches that begin with the same wire as that wire and the rest of the branches."""
    if not isinstance(node, n.Binary) or node.type != BOOL or node.operator not in ("AND", "OR"):
        return node
    if node.operator == "AND":
        return replace(node, left=_factored(node.left))
    ways = [_chain(each, "AND") for each in _chain(node, "OR")]
    first = ways[0][0]
    if not isinstance(first, n.Wire) or any(each[0] != first or len(each) == 1 for each in ways):
        return node
    rest = [_tied("AND", each[1:]) for each in ways]
    return n.Binary("AND", first, _tied("OR", rest), BOOL, node.place)


def _chain(node: n.Expression, operator: str) -> list[n.Expression]:
    """Return the operands of a chain of one operator, the first one first."""
    found: list[n.Expression] = []
    while isinstance(node, n.Binary) and node.operator == operator and node.type == BOOL:
        found.append(node.right)
        node = node.left
    return [node, *reversed(found)]


def _tied(operator: str, operands: Sequence[n.Expression]) -> n.Expression:
    first, *others = operands
    for each in others:
        first = n.Binary(operator, first, each, BOOL, each.place)
    return first


__all__ = ["join"]
