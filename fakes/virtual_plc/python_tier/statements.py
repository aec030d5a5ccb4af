"""Statements as Python lines: assignments, branches, loops."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from simatic_xml.program import nodes as n
from simatic_xml.program.types.types import Text as TextType
from virtual_plc.code.python_text import Text, expression, join_pieces
from virtual_plc.python_tier import block_calls, counting, instruction_calls, jumps, loops, targets
from virtual_plc.python_tier.block_code import BlockCode
from virtual_plc.python_tier.evaluation import value
from virtual_plc.python_tier.stl import operations

_MOST_BRANCHES = 30


def body(code: BlockCode, statements: Sequence[n.Statement]) -> None:
    """Write a list of statements; one with labels that are jumped to becomes a small state machine."""
    if jumps.needs_machine(code, statements):
        jumps.machine(code, statements, plain_body)
    else:
        plain_body(code, statements)


def plain_body(code: BlockCode, statements: Sequence[n.Statement]) -> None:
    """Write statements one behind the other."""
    for each in statements:
        statement(code, each)
        if isinstance(each, n.Jump):
            return


def statement(code: BlockCode, node: n.Statement) -> None:
    """Write one statement."""
    outer = code.writer.place
    code.writer.place = node.place
    writer = _WRITERS.get(type(node))
    if writer is None:
        raise code.refuse(f"'{type(node).__name__}' cannot be executed.", node.place)
    if not isinstance(node, n.Region | n.Label):
        counting.statement(code, node.place)
    writer(code, node)
    code.writer.place = outer


def _assign(code: BlockCode, node: n.Assign) -> None:
    code.capacity = node.target.type.length if isinstance(node.target.type, TextType) else None
    found = block_calls.value_for(code, node.value, node.target.type)
    code.capacity = None
    targets.store(code, node.target, found, node.value.type)


def _evaluate(code: BlockCode, node: n.Evaluate) -> None:
    match node.call:
        case n.BlockCall():
            block_calls.block_call(code, node.call)
        case n.InstructionCall():
            found = instruction_calls.instruction_call(code, node.call)
            if not found.safe:
                code.writer.effect("{}", found)


# Branches ------------------------------------------------------------------------------------------------------------


def _if(code: BlockCode, node: n.If) -> None:
    _branches(code, node.branches, node.otherwise)


def _branches(code: BlockCode, branches: Sequence[n.Branch], otherwise: list[n.Statement] | None) -> None:
    """Write branches; a condition that needs separate lines is inside of the ELSE of those before.

    Python indents only so deep: after some branches the others follow, where a name says that none was taken.
    """
    first, rest = list(branches[:_MOST_BRANCHES]), branches[_MOST_BRANCHES:]
    if not rest:
        _write_nested(code, first, lambda: body(code, otherwise or []), otherwise=bool(otherwise))
        return
    none_taken = code.temp()
    code.writer.line("{} = False", none_taken)
    _write_nested(code, first, lambda: code.writer.line("{} = True", none_taken), otherwise=True)
    code.writer.line("if {}:", none_taken)
    with code.branch():
        _branches(code, rest, otherwise)


def _write_nested(code: BlockCode, branches: list[n.Branch], last: Callable[[], None], *, otherwise: bool) -> None:
    """Write branches inside of each other; `last` writes what is done when none is taken."""
    first, *rest = branches
    condition = value(code, first.condition)
    code.writer.line("if {}:", jumps.entering(code, condition, first.body))
    with code.branch():
        counting.branch(code, first.condition.place, taken=True)
        body(code, first.body)
    if not (rest or otherwise or code.context.coverage):
        return
    mark = code.writer.mark()
    code.writer.line("else:")
    with code.branch():
        counting.branch(code, first.condition.place, taken=False)
        if rest:
            _write_nested(code, rest, last, otherwise=otherwise)
        else:
            last()
    if rest:
        code.writer.join_branches(mark)


def _case(code: BlockCode, node: n.Case) -> None:
    selector = code.keep_value(value(code, node.selector))
    is_first = True
    for choice in node.choices:
        tests = [_test(code, selector, low, high) for low, high in choice.ranges]
        code.writer.place = choice.place
        condition = jumps.entering(code, join_pieces("{} or {}", tests), choice.body)
        code.writer.line("if {}:" if is_first else "elif {}:", condition)
        with code.branch():
            counting.branch(code, choice.place, taken=True)
            body(code, choice.body)
        is_first = False
    if node.otherwise is None and not code.context.coverage:
        return
    if is_first:
        body(code, node.otherwise or [])
        return
    code.writer.line("else:")
    with code.branch():
        counting.branch(code, node.place, taken=False)
        body(code, node.otherwise or [])


def _test(code: BlockCode, selector: Text, low: n.Expression, high: n.Expression) -> Text:
    first = value(code, low)
    if low is high:
        return expression("{} == {}", selector, first)
    return expression("{} <= {} <= {}", first, selector, value(code, high))


# Others --------------------------------------------------------------------------------------------------------------


def _region(code: BlockCode, node: n.Region) -> None:
    body(code, node.body)


def _label(_: BlockCode, __: n.Label) -> None:
    """Write nothing for a label that nothing jumps to."""


_WRITERS: dict[type, Callable[[BlockCode, Any], None]] = {
    n.Assign: _assign,
    n.Evaluate: _evaluate,
    n.If: _if,
    n.Case: _case,
    n.For: loops.write_for,
    n.While: loops.write_while,
    n.Repeat: loops.write_repeat,
    n.Jump: jumps.jump,
    n.Label: _label,
    n.Region: _region,
    n.StlOperation: operations.operate,
}
