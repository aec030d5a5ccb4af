"""Statements, one after the other, and the ways in which a program leaves that order."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from simatic_xml.program import nodes as n
from simatic_xml.program import walking
from simatic_xml.program.types.ranges import wrap
from simatic_xml.program.types.types import Elementary
from tests.oracle.tree_walker.activation import Activation
from tests.oracle.tree_walker.expressions import assign, evaluate, write
from tests.oracle.tree_walker.leaving import Continue, Exit, Goto, Return
from tests.oracle.tree_walker.stl import operate

_JUMPS: dict[str, type[Exception]] = {"EXIT": Exit, "CONTINUE": Continue, "RETURN": Return}


def run(activation: Activation, body: Sequence[n.Statement], label: str | None = None) -> None:
    """Execute statements in order.

    Args:
        activation: the running block.
        body: the statements.
        label: where they begin, None for the first one; the label may stand inside of a statement.
    """
    at = 0 if label is None else _holder(body, label)
    while at < len(body):
        try:
            if label is None:
                execute(activation, body[at])
            else:
                _enter(activation, body[at], label)
            label = None
            at += 1
        except Goto as jump:
            spend(activation)
            label = jump.label
            found = _holder(body, label)
            if found == len(body):
                raise
            at = found


def _holder(body: Sequence[n.Statement], label: str) -> int:
    """Return which statement is a label or has it inside, outside of loops; the number of statements for none."""
    return next((at for at, each in enumerate(body) if _holds(each, label)), len(body))


def _holds(statement: n.Statement, label: str) -> bool:
    if isinstance(statement, n.Label):
        return statement.name.casefold() == label
    if isinstance(statement, n.For | n.While | n.Repeat):
        return False
    return any(_holds(each, label) for body in walking.bodies(statement) for each in body)


def _enter(activation: Activation, statement: n.Statement, label: str) -> None:
    """Go on behind a label that stands in a statement."""
    for body in walking.bodies(statement):
        if any(_holds(each, label) for each in body):
            run(activation, body, label)


def spend(activation: Activation) -> None:
    """Take one turn of a loop, one jump or one call from what the scan may use.

    Raises:
        Fault: the scan takes too long.
    """
    services = activation.machine.services
    services.budget -= 1
    if services.budget < 0:
        services.overrun()


def execute(activation: Activation, statement: n.Statement) -> None:
    """Execute one statement."""
    how = _EXECUTED.get(type(statement))
    if how is not None:
        how(activation, statement)


def _jump(_: Activation, statement: n.Jump) -> None:
    if statement.keyword == "GOTO":
        raise Goto(statement.label)
    raise _JUMPS[statement.keyword]


def _if(activation: Activation, statement: n.If) -> None:
    for branch in statement.branches:
        if evaluate(activation, branch.condition):
            run(activation, branch.body)
            return
    run(activation, statement.otherwise or [])


def _case(activation: Activation, statement: n.Case) -> None:
    selector = evaluate(activation, statement.selector)
    for choice in statement.choices:
        for low, high in choice.ranges:
            least, most = evaluate(activation, low), evaluate(activation, high)
            if selector == least or (least != most and least <= selector <= most):
                run(activation, choice.body)
                return
    run(activation, statement.otherwise or [])


def _for(activation: Activation, statement: n.For) -> None:
    """Count from the start to the limit, both evaluated once; the variable ends with the first value behind the limit.

    The body may change the variable, which then goes on from there. A limit at the end of the type ends the loop all
    the same; the variable then has wrapped (unverified).
    """
    data_type = statement.variable.type
    assert isinstance(data_type, Elementary)
    value = evaluate(activation, statement.start)
    limit = evaluate(activation, statement.limit)
    step = evaluate(activation, statement.step)
    write(activation, statement.variable, value)
    while value <= limit if step >= 0 else value >= limit:
        if not _turn(activation, statement.body):
            return
        value = evaluate(activation, statement.variable) + step
        write(activation, statement.variable, wrap(value, data_type))


def _while(activation: Activation, statement: n.While) -> None:
    while evaluate(activation, statement.condition):
        if not _turn(activation, statement.body):
            return


def _repeat(activation: Activation, statement: n.Repeat) -> None:
    while _turn(activation, statement.body):
        if evaluate(activation, statement.condition):
            return


def _turn(activation: Activation, body: Sequence[n.Statement]) -> bool:
    """Execute the body of a loop once; tell whether the loop goes on."""
    spend(activation)
    try:
        run(activation, body)
    except Continue:
        return True
    except Exit:
        return False
    return True


_EXECUTED: dict[type[n.Statement], Callable[[Activation, Any], None]] = {
    n.Assign: lambda activation, statement: assign(activation, statement.target, statement.value),
    n.Evaluate: lambda activation, statement: evaluate(activation, statement.call),
    n.If: _if,
    n.Case: _case,
    n.For: _for,
    n.While: _while,
    n.Repeat: _repeat,
    n.Region: lambda activation, statement: run(activation, statement.body),
    n.Jump: _jump,
    n.StlOperation: operate,
}
"""What each statement does; a label does nothing."""
