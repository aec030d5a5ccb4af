"""Statements in C. Jumps of the program are jumps of C; loops, jumps and calls count down what the scan may use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from simatic_xml.program import nodes as n
from simatic_xml.program.types.ranges import limits
from simatic_xml.program.types.types import Elementary
from virtual_plc.code.c_text import C, c, join_pieces
from virtual_plc.code.naming import Name, attribute
from virtual_plc.native_tier import expressions, places
from virtual_plc.native_tier.block_text import BlockText, NotNative


def body(code: BlockText, statements: Sequence[n.Statement]) -> None:
    """Write statements one behind the other."""
    for each in statements:
        statement(code, each)


def statement(code: BlockText, node: n.Statement) -> None:
    """Write one statement.

    Raises:
        NotNative: native code does not have it.
    """
    write = _WRITERS.get(type(node))
    if write is None:
        raise NotNative("STL" if isinstance(node, n.StlOperation) else f"'{type(node).__name__}'", node.place)
    if isinstance(node, n.Label | n.Region):
        write(code, node)
        return
    with code.braces():
        write(code, node)


def _evaluate(code: BlockText, node: n.Evaluate) -> None:
    expressions.value(code, node.call)


def _if(code: BlockText, node: n.If) -> None:
    _branches(code, node.branches, node.otherwise or [])


def _branches(code: BlockText, branches: Sequence[n.Branch], otherwise: list[n.Statement]) -> None:
    """Write branches; a condition is evaluated inside of the ELSE of those before it."""
    first, *rest = branches
    condition = expressions.value(code, first.condition)
    with code.braces(c("if ({})", condition)):
        body(code, first.body)
    if rest or otherwise:
        with code.braces(c("else")):
            if rest:
                _branches(code, rest, otherwise)
            else:
                body(code, otherwise)


def _case(code: BlockText, node: n.Case) -> None:
    selector = expressions.value(code, node.selector)
    end = code.number()
    for choice in node.choices:
        tests = [_test(code, selector, low, high) for low, high in choice.ranges]
        with code.braces(c("if ({})", join_pieces("{} || {}", tests))):
            body(code, choice.body)
            code.line("goto end{};", end)
    body(code, node.otherwise or [])
    code.line("end{}:;", end)


def _test(code: BlockText, selector: C, low: n.Expression, high: n.Expression) -> C:
    least = expressions.value(code, low)
    if low is high:
        return c("{} == {}", selector, least)
    most = expressions.value(code, high)
    return c("({0} <= {1} && {1} <= {2})", least, selector, most)


def _for(code: BlockText, node: n.For) -> None:
    """Count in numbers so wide that a limit at the end of the type ends the loop, too."""
    data_type = node.variable.type
    if not isinstance(data_type, Elementary) or limits(data_type) is None:
        raise NotNative("A FOR loop with this variable", node.variable.place)
    form = code.form(data_type, node.place)
    wide = c("__int128") if form.size == 8 else c("int64_t")
    start, limit, step = (expressions.value(code, each) for each in (node.start, node.limit, node.step))
    counter = code.keep_value(wide, "{}", start)
    _set(code, node.variable, start)
    known = node.step.value if isinstance(node.step, n.Constant) else None
    rising = isinstance(known, int) and known >= 0
    falling = isinstance(known, int) and known < 0
    up, down = c("{} <= {}", counter, limit), c("{} >= {}", counter, limit)
    goes_on = up if rising else down if falling else c("({} >= 0 ? {} : {})", step, up, down)
    number = code.number()
    code.line("for (;;) {{ if (!({})) break;", goes_on)
    _turn(code, number, node.body)
    now = places.locate(code, node.variable, expressions.value).read(code)
    code.line("{} = ({}){} + {};", counter, wide, now, step)
    _set(code, node.variable, c("({}){}", form.text, counter))
    code.line("}} done{}:;", number)


def _set(code: BlockText, variable: n.Expression, value: C) -> None:
    places.locate(code, variable, expressions.value, writing=True).write(code, value)


def _while(code: BlockText, node: n.While) -> None:
    number = code.number()
    code.line("for (;;) {{")
    condition = expressions.value(code, node.condition)
    code.line("if (!{}) break;", condition)
    _turn(code, number, node.body)
    code.line("}} done{}:;", number)


def _repeat(code: BlockText, node: n.Repeat) -> None:
    number = code.number()
    code.line("for (;;) {{")
    _turn(code, number, node.body)
    condition = expressions.value(code, node.condition)
    code.line("if ({}) break;", condition)
    code.line("}} done{}:;", number)


def _turn(code: BlockText, number: int, statements: Sequence[n.Statement]) -> None:
    """Write one turn of a loop; CONTINUE leads behind it."""
    code.line("spend(c);")
    code.loops.append(number)
    with code.braces():
        body(code, statements)
    code.loops.pop()
    code.line("again{}:;", number)


def _jump(code: BlockText, node: n.Jump) -> None:
    if node.keyword == "RETURN":
        code.line("return eno;")
    elif node.keyword == "GOTO":
        code.line("spend(c); goto {};", _label(node.label))
    else:
        code.line("goto done{};" if node.keyword == "EXIT" else "goto again{};", code.loops[-1])


def _label(name: str) -> Name:
    return Name("l_", attribute(name.casefold()))


_WRITERS: dict[type, Callable[[BlockText, Any], None]] = {
    n.Assign: expressions.assign,
    n.Evaluate: _evaluate,
    n.If: _if,
    n.Case: _case,
    n.For: _for,
    n.While: _while,
    n.Repeat: _repeat,
    n.Jump: _jump,
    n.Label: lambda code, node: code.line("{}:;", _label(node.name)),
    n.Region: lambda code, node: body(code, node.body),
}
