"""Jump labels of one block: each exists once, and no jump leads into a loop.

Facts: S7-1500 system manual, "GOTO": label and jump are in one block; a loop can be left by a jump, not entered.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from simatic_xml.program.nodes import For, Jump, Label, Repeat, Statement, While
from simatic_xml.program.scope import Scope
from simatic_xml.program.walking import bodies

Loops = tuple[int, ...]


def check_labels(scope: Scope, body: Iterable[Statement]) -> None:
    """Report labels that exist twice, jumps to labels that do not exist, and jumps into a loop."""
    labels: dict[str, Loops] = {}
    jumps: list[tuple[Jump, Loops]] = []
    for statement, loops in _with_loops(body):
        if isinstance(statement, Jump) and statement.keyword == "GOTO":
            jumps.append((statement, loops))
        elif isinstance(statement, Label):
            if statement.name.casefold() in labels:
                message = f"The label '{statement.name}' is defined twice; rename one."
                scope.error("label.twice", message, statement.place)
            labels.setdefault(statement.name.casefold(), loops)
    for jump, loops in jumps:
        _check_jump(scope, jump, loops, labels.get(jump.label.casefold()))


def _check_jump(scope: Scope, jump: Jump, around: Loops, target: Loops | None) -> None:
    if target is None:
        if jump.label:
            message = f"There is no label '{jump.label}' to jump to; add it, or correct the name."
            scope.error("label.undefined", message, jump.place)
    elif target != around[: len(target)]:
        message = f"The label '{jump.label}' is inside a loop; a jump cannot enter a loop."
        scope.error("jump.into_loop", message, jump.place)


def _with_loops(body: Iterable[Statement]) -> Iterator[tuple[Statement, Loops]]:
    """Yield every statement with the numbers of the loops around it."""
    count = 0
    stack = [(each, ()) for each in reversed(list(body))]
    pending: list[tuple[Statement, Loops]] = list(stack)
    while pending:
        statement, loops = pending.pop()
        yield statement, loops
        if isinstance(statement, For | While | Repeat):
            count += 1
            loops = (*loops, count)
        for inner in reversed(bodies(statement)):
            pending.extend((each, loops) for each in reversed(inner))
