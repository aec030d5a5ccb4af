"""EXIT, CONTINUE, RETURN and GOTO.

A list of statements with labels that are jumped to becomes a loop that is left at its end: `at` says where it goes on.
Python leaves only its innermost loop; a jump that has to leave more says in `go` where it is bound for, and each loop on
the way looks there when it ends.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from fakes.plc.python_code import counting
from fakes.plc.python_code.block_code import BlockCode
from simatic_xml.program import nodes as n
from simatic_xml.program import walking
from simatic_xml.program.diagnostics import Place


@dataclass(slots=True)
class Frame:
    """A Python loop around the lines at hand.

    Attributes:
        labels: for a state machine the number of each label, by casefolded name; None for a loop of the program.
        name: variable of a state machine that says where it goes on.
        crossing: jumps that leave this loop for one further out: what `go` says, and which keyword or label it is.
    """

    labels: dict[str, int] | None = None
    name: str = ""
    crossing: dict[int, tuple[str, str]] = field(default_factory=dict)


def needs_machine(code: BlockCode, statements: Sequence[n.Statement]) -> bool:
    """Tell whether a list has labels of its own that something jumps to."""
    return any(isinstance(each, n.Label) and each.name.casefold() in code.targets for each in statements)


def targets_of(block: n.Block) -> set[str]:
    """Return the casefolded labels that a block jumps to."""
    statements = list(walking.block_statements(block))
    labels = [each.label for each in statements if isinstance(each, n.Jump) and each.keyword == "GOTO"]
    labels += [each.target for each in statements if isinstance(each, n.StlOperation) and each.target]
    return {each.casefold() for each in labels}


Body = Callable[[BlockCode, Sequence[n.Statement]], None]


def machine(code: BlockCode, statements: Sequence[n.Statement], write: Body) -> None:
    """Write a list of statements with labels.

    Args:
        code: the block.
        statements: the list.
        write: writes statements that stand between labels.
    """
    parts: list[list[n.Statement]] = [[]]
    labels: dict[str, int] = {}
    for each in statements:
        if isinstance(each, n.Label) and each.name.casefold() in code.targets:
            labels[each.name.casefold()] = len(parts)
            parts.append([])
        else:
            parts[-1].append(each)
    frame = Frame(labels, code.temp().replace("t", "at"))
    code.writer.line(f"{frame.name} = 0")
    code.writer.line("while True:")
    with code.branch():
        code.frames.append(frame)
        counting.turns(code, "1")
        for number, part in enumerate(parts):
            code.writer.line(f"if {frame.name} <= {number}:")
            with code.branch():
                code.status.first = None if number else False
                write(code, part)
        code.writer.line("break")
    after_loop(code)


@contextmanager
def loop(code: BlockCode) -> Iterator[None]:
    """Write the body of a loop of the program; `after_loop` has to follow."""
    code.frames.append(Frame())
    yield


def after_loop(code: BlockCode) -> None:
    """Write what follows a loop: jumps that go further out go on."""
    frame = code.frames.pop()
    for number, (keyword, label) in frame.crossing.items():
        code.writer.line(f"if go == {number}:")
        with code.writer.deeper():
            leave(code, keyword, label)


def jump(code: BlockCode, node: n.Jump) -> None:
    """Write a jump."""
    if node.keyword == "RETURN":
        code.writer.line(code.returning)
        return
    leave(code, node.keyword, node.label.casefold())


def leave(code: BlockCode, keyword: str, label: str) -> None:
    """Write a jump to a frame around: at once from the innermost one, else through `go`."""
    index = _target(code, keyword, label)
    frame = code.frames[index]
    if index == len(code.frames) - 1:
        if frame.labels is not None:
            code.writer.line(f"{frame.name} = {frame.labels[label]}")
        if code.crosses:
            code.writer.line("go = 0")
        code.writer.line("break" if keyword == "EXIT" else "continue")
        return
    code.crosses = True
    number = code.jump_number(keyword, label, id(frame))
    code.writer.line(f"go = {number}")
    code.frames[-1].crossing[number] = (keyword, label)
    code.writer.line("break")


def _target(code: BlockCode, keyword: str, label: str) -> int:
    """Return which frame a jump is bound for."""
    for index in range(len(code.frames) - 1, -1, -1):
        labels = code.frames[index].labels
        if (labels is None) != (keyword == "GOTO") and (labels is None or label in labels):
            return index
    raise code.refuse(f"The label '{label}' cannot be reached from here.", code.writer.place or Place())
