"""Statements as Python lines: assignments, branches, loops."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any

from simatic_xml.program import nodes as n
from simatic_xml.program.types.types import Text as TextType
from virtual_plc.code.python_text import Text, expression, join_pieces
from virtual_plc.instructions import keeps_target
from virtual_plc.python_tier import block_calls, expressions, instruction_calls
from virtual_plc.python_tier.access import targets
from virtual_plc.python_tier.access.elements import range_of
from virtual_plc.python_tier.block_code import BlockCode
from virtual_plc.python_tier.control import counting, jumps, loops, rungs
from virtual_plc.python_tier.evaluation import value
from virtual_plc.python_tier.stl import operations

_MOST_BRANCHES = 30
_LONGEST_CHAIN = 8
"""How many choices of CASE are tested one behind the other."""
_ANYWHERE = (-(1 << 64), 1 << 64)


def function(code: BlockCode, statements: Sequence[n.Statement]) -> None:
    """Write the statements of a whole function, and the lines that leave it."""
    body(code, statements)
    code.leave()


def body(code: BlockCode, statements: Sequence[n.Statement]) -> None:
    """Write a list of statements; one with labels that are jumped to becomes a small state machine."""
    if jumps.needs_machine(code, statements):
        jumps.machine(code, statements, plain_body)
    else:
        plain_body(code, statements)


def plain_body(code: BlockCode, statements: Sequence[n.Statement]) -> None:
    """Write statements one behind the other."""
    for each in rungs.join(code, statements):
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
        counting.count(code, node.place)
    writer(code, node)
    code.writer.place = outer


def _assign(code: BlockCode, node: n.Assign) -> None:
    checked = _check_conversion(code, node.value)
    if checked is not None:
        found, right = checked
        code.writer.line("if {}:", right)
        with code.branch():
            targets.store(code, node.target, found.with_range(range_of(node.value.type)), node.value.type)
        return
    code.capacity = node.target.type.length if isinstance(node.target.type, TextType) else None
    found = block_calls.value_for(code, node.value, node.target.type)
    code.capacity = None
    targets.store(code, node.target, found, node.value.type)


def _check_conversion(code: BlockCode, node: n.Expression) -> tuple[Text, Text] | None:
    """Write a conversion that leaves its target where it fails; return its value and whether it is right."""
    if not keeps_target(node):
        return None
    if isinstance(node, n.InstructionCall):
        return instruction_calls.checked_call(code, node)
    return expressions.checked_convert(code, node) if isinstance(node, n.Convert) else None


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
    with code.branch() as written:
        counting.count(code, first.condition.place, taken=True)
        body(code, first.body)
    if not (rest or otherwise or code.context.coverage):
        return
    mark = code.writer.mark()
    code.writer.line("else:")
    with code.branch() as written_else:
        counting.count(code, first.condition.place, taken=False)
        if rest:
            _write_nested(code, rest, last, otherwise=otherwise)
        else:
            last()
    code.written |= written & written_else
    if rest:
        code.writer.join_branches(mark)


@dataclass(frozen=True, slots=True)
class _Labels:
    """A choice of CASE with its test, and its lowest and highest label."""

    choice: n.Choice
    test: Text
    low: int
    high: int


def _case(code: BlockCode, node: n.Case) -> None:
    """Write CASE; the first choice that has the value counts."""
    selector = code.keep_value(value(code, node.selector))
    choices = [_labels(code, selector, each) for each in node.choices]

    def write_otherwise() -> None:
        counting.count(code, node.place, taken=False)
        body(code, node.otherwise or [])

    last = write_otherwise if node.otherwise is not None or code.context.coverage else None
    if code.facts.entries or len(choices) <= _LONGEST_CHAIN:
        _write_choices(code, choices, last)
    elif last is None:
        _write_halves(code, selector, choices, None)
    else:
        none_taken = code.temp()
        code.writer.line("{} = False", none_taken)
        _write_halves(code, selector, choices, lambda: code.writer.line("{} = True", none_taken))
        code.writer.line("if {}:", none_taken)
        with code.branch():
            last()


def _labels(code: BlockCode, selector: Text, choice: n.Choice) -> _Labels:
    tests, numbers = [], []
    for low, high in choice.ranges:
        first, final = value(code, low), value(code, high)
        alone = low is high
        tests.append(
            expression("{} == {}", selector, first) if alone else expression("{} <= {} <= {}", first, selector, final)
        )
        numbers += [each.range or _ANYWHERE for each in (first, final)]
    test = join_pieces("{} or {}", tests)
    return _Labels(choice, test, min(low for low, _ in numbers), max(high for _, high in numbers))


def _write_halves(code: BlockCode, selector: Text, choices: list[_Labels], last: Callable[[], None] | None) -> None:
    """Write many choices: a comparison decides which half of them is tested; `last` writes what is done when none is taken."""
    pivot = _find_pivot(choices) if len(choices) > _LONGEST_CHAIN else None
    if pivot is None:
        _write_choices(code, choices, last)
        return
    code.writer.line("if {} < {}:", selector, pivot)
    with code.branch():
        _write_halves(code, selector, [each for each in choices if each.high < pivot], last)
    code.writer.line("else:")
    with code.branch():
        _write_halves(code, selector, [each for each in choices if each.low >= pivot], last)


def _find_pivot(choices: list[_Labels]) -> int | None:
    """Return the label that parts choices best, None where each one is in the middle of others."""
    ordered = sorted(choices, key=lambda each: each.low)
    highest = accumulate((each.high for each in ordered), max)
    cuts = [at for at, (most, behind) in enumerate(zip(highest, ordered[1:], strict=False), 1) if most < behind.low]
    return ordered[min(cuts, key=lambda at: abs(2 * at - len(ordered)))].low if cuts else None


def _write_choices(code: BlockCode, choices: Sequence[_Labels], last: Callable[[], None] | None) -> None:
    """Write choices that are tested one behind the other; `last` writes what is done when none is taken."""
    for number, each in enumerate(choices):
        code.writer.place = each.choice.place
        condition = jumps.entering(code, each.test, each.choice.body)
        code.writer.line("elif {}:" if number else "if {}:", condition)
        with code.branch():
            counting.count(code, each.choice.place, taken=True)
            body(code, each.choice.body)
    if last is None:
        return
    if not choices:
        last()
        return
    code.writer.line("else:")
    with code.branch():
        last()


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
