"""Loops as Python lines.

A FOR loop that nothing disturbs becomes Python's own, and the limits of its variable are known inside. Its turns are
counted before it starts; all other loops count each turn, so that a program that never ends is found.
"""

from __future__ import annotations

from collections.abc import Iterator

from simatic_xml.program import nodes as n
from simatic_xml.program import walking
from simatic_xml.program.types.ranges import number_limits
from simatic_xml.program.types.types import Elementary, Variable
from virtual_plc.code.python_text import Range, Text, expression, literal
from virtual_plc.python_tier import runtime
from virtual_plc.python_tier.access import targets
from virtual_plc.python_tier.block_code import BlockCode, require
from virtual_plc.python_tier.control import counting, jumps
from virtual_plc.python_tier.evaluation import body, in_order, value
from virtual_plc.python_tier.numbers_text import fit_pattern


def write_for(code: BlockCode, node: n.For) -> None:
    """Write FOR: bounds and step are evaluated once, the variable goes one step beyond the limit."""
    first, last, step = (code.keep_value(each) for each in in_order(code, (node.start, node.limit, node.step)))
    variable = _own_variable(code, node)
    if variable is None or not step.constant or not _stays_inside(node, last, step):
        _write_checked_for(code, node, first, last, step)
        return
    width = _number(step)
    beyond = _beyond(last, width)
    turns = expression("range({})", [first, beyond] if width == 1 else [first, beyond, literal(width)])
    name = code.path(variable)
    limits = _limits(first, last, width)
    count = _count(first, last, width)
    if count is None or count > runtime.TURNS:
        kept = code.temp()
        code.writer.line("{} = {}", kept, turns)
        turns = expression("{} if len({}) <= {} else count_turns({})", kept, kept, runtime.TURNS, kept)
        spent, end = expression("len({})", kept), expression("{}.start + len({}) * {}", kept, kept, width)
    else:
        spent, end = literal(count), literal(_number(first) + count * width)
    counting.turns(code, spent)
    code.writer.line("for {} in {}:", name, turns)
    with _known(code, variable, limits), code.branch(), jumps.loop(code):
        counting.count(code, node.place, taken=True)
        body(code, node.body)
    code.writer.line("else:")
    with code.writer.deeper():
        counting.count(code, node.place, taken=False)
        code.writer.effect("{} = {}", name, end)
    jumps.after_loop(code)


def _own_variable(code: BlockCode, node: n.For) -> Variable | None:
    """Return the variable of a loop when it is a local one that the body only reads."""
    if not isinstance(node.variable, n.Local) or not code.is_local(node.variable.variable):
        return None
    variable = node.variable.variable
    written = any(walking.root(each) == node.variable or _is(each, variable) for each in _targets(node.body))
    return None if written else variable


def _is(target: n.Expression, variable: Variable) -> bool:
    root = walking.root(target)
    return isinstance(root, n.Local) and root.variable is variable


def _targets(body: list[n.Statement]) -> Iterator[n.Expression]:
    """Yield what statements and the calls in them write."""
    for statement in walking.statements(body):
        if isinstance(statement, n.Assign):
            yield statement.target
        if isinstance(statement, n.For):
            yield statement.variable
        for operand in walking.operands(statement):
            for each in walking.expressions(operand):
                if isinstance(each, n.BlockCall | n.InstructionCall):
                    yield from (argument.value for argument in each.arguments if argument.direction != "Input")
                    yield from () if each.eno is None else (each.eno,)


def _stays_inside(node: n.For, last: Text, step: Text) -> bool:
    """Return whether one step beyond the limit still is a value of the type, so that the loop ends."""
    data_type = node.variable.type
    if not isinstance(data_type, Elementary) or last.range is None or _number(step) == 0:
        return False
    low, high = number_limits(data_type)
    width = _number(step)
    return last.range[1] + width <= high if width > 0 else last.range[0] + width >= low


def _number(constant: Text) -> int:
    """Return the whole number of a constant, 0 without one."""
    return constant.range[0] if constant.constant and constant.range is not None else 0


def _beyond(last: Text, width: int) -> Text:
    if last.constant:
        return literal(_number(last) + (1 if width > 0 else -1))
    return expression("{} + 1" if width > 0 else "{} - 1", last)


def _limits(first: Text, last: Text, width: int) -> Range | None:
    if first.range is None or last.range is None:
        return None
    return (first.range[0], last.range[1]) if width > 0 else (last.range[0], first.range[1])


def _count(first: Text, last: Text, width: int) -> int | None:
    if not (first.constant and last.constant):
        return None
    return len(range(_number(first), _number(last) + (1 if width > 0 else -1), width))


class _known:
    """A context in which a variable keeps its value, with known limits."""

    def __init__(self, code: BlockCode, variable: Variable, limits: Range | None) -> None:
        self._code, self._key, self._limits = code, id(variable), limits

    def __enter__(self) -> None:
        self._outer = self._code.ranges.get(self._key)
        self._code.loop_variables.add(self._key)
        if self._limits is not None:
            self._code.ranges[self._key] = self._limits

    def __exit__(self, *_: object) -> None:
        self._code.loop_variables.discard(self._key)
        self._code.ranges.pop(self._key, None)
        if self._outer is not None:
            self._code.ranges[self._key] = self._outer


def _write_checked_for(code: BlockCode, node: n.For, first: Text, last: Text, step: Text) -> None:
    """Write a FOR loop whose variable may be anything, and may be written by its body.

    It ends when the next value would not fit the type.
    """
    data_type = node.variable.type
    targets.store(code, node.variable, first, data_type)
    following = code.temp()
    code.writer.line("{} = {}", following, first)
    up, down = expression("{} <= {}", following, last), expression("{} >= {}", following, last)
    going = up if _number(step) >= 0 else down
    if not step.constant:
        going = expression("{} if {} >= 0 else {}", up, step, down)
    again = code.temp()
    code.writer.line("{} = False", again)
    code.writer.line("while True:")
    with code.branch(), jumps.loop(code):
        counting.turns(code, 1)
        code.writer.line("if {}:", again)
        with code.branch():
            now = value(code, node.variable)
            code.writer.line("{} = {} + {}", following, now, step)
            fitting = fit_pattern(following, require(data_type, Elementary, node.place))
            targets.store(code, node.variable, fitting, data_type)
        code.writer.line("{} = True", again)
        code.writer.line("if not {}:", going)
        with code.writer.deeper():
            counting.count(code, node.place, taken=False)
            code.writer.line("break")
        counting.count(code, node.place, taken=True)
        body(code, node.body)
    jumps.after_loop(code)


def write_while(code: BlockCode, node: n.While) -> None:
    """Write WHILE."""
    code.writer.line("while True:")
    with code.branch(), jumps.loop(code):
        counting.turns(code, 1)
        condition = value(code, node.condition)
        code.writer.line("if not {}:", condition)
        with code.writer.deeper():
            counting.count(code, node.condition.place, taken=False)
            code.writer.line("break")
        counting.count(code, node.condition.place, taken=True)
        body(code, node.body)
    jumps.after_loop(code)


def write_repeat(code: BlockCode, node: n.Repeat) -> None:
    """Write REPEAT; CONTINUE goes to its condition, which therefore is before the next turn."""
    again = code.temp()
    code.writer.line("{} = False", again)
    code.writer.line("while True:")
    with code.branch(), jumps.loop(code):
        counting.turns(code, 1)
        code.writer.line("if {}:", again)
        with code.branch():
            code.writer.place = node.condition.place
            condition = value(code, node.condition)
            code.writer.line("if {}:", condition)
            with code.writer.deeper():
                counting.count(code, node.condition.place, taken=True)
                code.writer.line("break")
            counting.count(code, node.condition.place, taken=False)
            code.writer.place = node.place
        code.writer.line("{} = True", again)
        body(code, node.body)
    jumps.after_loop(code)
