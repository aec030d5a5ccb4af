"""EXIT, CONTINUE, RETURN and GOTO.

A list of statements with labels that are jumped to becomes a loop that ends at its end: `at` says where it continues.
Python leaves only its innermost loop; a jump that has to leave more says in `go` where it is bound for, and each loop
on the way looks there when it ends. A jump into a branch of IF or CASE says in `into` which label it is bound for, and
goes to the statement around, whose conditions then give way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from simatic_xml.program import nodes as n
from simatic_xml.program import walking
from simatic_xml.program.diagnostics import Place
from virtual_plc.code.naming import Name
from virtual_plc.code.python_text import Text, expression, join_pieces
from virtual_plc.python_tier.block_code import BlockCode
from virtual_plc.python_tier.control import counting


@dataclass(slots=True)
class Frame:
    """A Python loop around the current lines.

    Attributes:
        labels: for a state machine the number of each label, by casefolded name; None for a loop of the program.
        name: variable of a state machine that says where it continues.
        own: the labels in its list itself.
        crossing: jumps that leave this loop for one further out: what `go` says, and which keyword or label it is.
    """

    labels: dict[str, int] | None = None
    name: Name | None = None
    own: frozenset[str] = frozenset()
    crossing: dict[int, tuple[str, str]] = field(default_factory=dict)

    def owns(self, label: str) -> bool:
        """Return whether a label is in the list itself, not inside of one of its branches."""
        return label in self.own


def needs_machine(code: BlockCode, statements: Sequence[n.Statement]) -> bool:
    """Return whether a list has labels that a jump uses: its own, or inside of its branches from outside."""
    return any(
        (isinstance(each, n.Label) and each.name.casefold() in code.facts.targets) or entries_in(code, [each])
        for each in statements
    )


def entries_in(code: BlockCode, statements: Sequence[n.Statement]) -> dict[str, int]:
    """Return the labels inside of statements, outside of loops, that are jumped to from outside, with their numbers."""
    if not code.facts.entries:
        return {}
    found: dict[str, int] = {}
    for statement in statements:
        if isinstance(statement, n.For | n.While | n.Repeat):
            continue
        for body in walking.bodies(statement):
            labels = {each.name.casefold() for each in body if isinstance(each, n.Label)}
            found |= {label: code.facts.entries[label] for label in labels if label in code.facts.entries}
            found |= entries_in(code, body)
    return found


Body = Callable[[BlockCode, Sequence[n.Statement]], None]


def machine(code: BlockCode, statements: Sequence[n.Statement], write: Body) -> None:
    """Write a list of statements with labels.

    Args:
        code: the block.
        statements: the list.
        write: writes statements between labels.
    """
    parts: list[list[n.Statement]] = [[]]
    labels: dict[str, int] = {}
    for each in statements:
        if isinstance(each, n.Label) and each.name.casefold() in code.facts.targets:
            labels[each.name.casefold()] = len(parts)
            parts.append([])
        elif inner := entries_in(code, [each]):
            labels |= dict.fromkeys(inner, len(parts))
            parts.append([each])
        else:
            parts[-1].append(each)
    own = frozenset(each.name.casefold() for each in statements if isinstance(each, n.Label))
    frame = Frame(labels, Name("a", code.temp().text), own)
    _begin(code, frame)
    code.writer.line("while True:")
    with code.branch():
        code.frames.append(frame)
        counting.turns(code, 1)
        for number, part in enumerate(parts):
            code.writer.line("if {} <= {}:", frame.name, number)
            with code.branch():
                code.status.first = None if number else False
                write(code, part)
        code.writer.line("break")
    after_loop(code)


def _begin(code: BlockCode, frame: Frame) -> None:
    """Write where a state machine begins: at its first statement, or where a jump from outside is bound for."""
    code.writer.line("{} = 0", frame.name)
    assert frame.labels is not None  # noqa: S101 (it is that of a state machine)
    for label, part in frame.labels.items():
        number = code.facts.entries.get(label)
        if number is None:
            continue
        code.writer.line("if into == {}:", number)
        with code.writer.deeper():
            code.writer.line("{} = {}", frame.name, part)
            if frame.owns(label):
                code.writer.line("into = 0")


def entering(code: BlockCode, condition: Text, body: Sequence[n.Statement]) -> Text:
    """Return the condition of a branch: while a jump is bound for a label inside of a branch, that decides."""
    if not code.facts.entries:
        return condition
    numbers = entries_in(code, body) | {
        each.name.casefold(): code.facts.entries[each.name.casefold()]
        for each in body
        if isinstance(each, n.Label) and each.name.casefold() in code.facts.entries
    }
    bound = [expression("into == {}", number) for number in numbers.values()]
    return join_pieces("{} or {}", [expression("not into and {}", condition), *bound])


@contextmanager
def loop(code: BlockCode) -> Iterator[None]:
    """Write the body of a loop of the program; `after_loop` has to follow."""
    code.frames.append(Frame())
    yield


def after_loop(code: BlockCode) -> None:
    """Write what follows a loop: jumps that go further out continue."""
    frame = code.frames.pop()
    for number, (keyword, label) in frame.crossing.items():
        code.writer.line("if go == {}:", number)
        with code.writer.deeper():
            leave(code, keyword, label)


def jump(code: BlockCode, node: n.Jump) -> None:
    """Write a jump."""
    if node.keyword == "RETURN":
        code.leave()
        return
    leave(code, node.keyword, node.label.casefold())


def leave(code: BlockCode, keyword: str, label: str) -> None:
    """Write a jump to a frame around: directly from the innermost one, else through `go`."""
    index = _target(code, keyword, label)
    frame = code.frames[index]
    if index == len(code.frames) - 1:
        if frame.labels is not None:
            code.writer.line("{} = {}", frame.name, frame.labels[label])
            if label in code.facts.entries and not frame.owns(label):
                code.writer.line("into = {}", code.facts.entries[label])
        if code.crosses:
            code.writer.line("go = 0")
        code.writer.line("break" if keyword == "EXIT" else "continue")
        return
    code.crosses = True
    number = code.jump_number(keyword, label, id(frame))
    code.writer.line("go = {}", number)
    code.frames[-1].crossing[number] = (keyword, label)
    code.writer.line("break")


def _target(code: BlockCode, keyword: str, label: str) -> int:
    """Return which frame a jump is bound for."""
    for index in range(len(code.frames) - 1, -1, -1):
        labels = code.frames[index].labels
        if (labels is None) != (keyword == "GOTO") and (labels is None or label in labels):
            return index
    raise code.refuse(f"The label '{label}' cannot be reached from here.", code.writer.place or Place())
