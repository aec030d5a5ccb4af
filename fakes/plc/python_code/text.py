"""Pieces of Python text while a block is translated: an expression that knows how it may be used, and lines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import IntEnum

from simatic_xml.program.diagnostics import Place

Range = tuple[int, int]
"""Lowest and highest value of a whole number."""


class Level(IntEnum):
    """How strongly the outermost operator of an expression binds, weakest first."""

    CHOICE = 0
    OR = 1
    AND = 2
    NOT = 3
    COMPARE = 4
    BIT_OR = 5
    BIT_XOR = 6
    BIT_AND = 7
    SHIFT = 8
    SUM = 9
    PRODUCT = 10
    SIGN = 11
    ATOM = 13


@dataclass(frozen=True, slots=True)
class Text:
    """A Python expression.

    Attributes:
        text: the expression.
        level: its outermost operator.
        range: limits of a whole number, None where they are not known.
        steady: whether it is a constant or a name of our own that nothing changes, so that it may stand anywhere twice.
        safe: whether it can neither fault nor have an effect, so that it may be left out.
        constant: whether it is a constant.
    """

    text: str
    level: Level = Level.ATOM
    range: Range | None = None
    steady: bool = False
    safe: bool = True
    constant: bool = False

    def within(self, level: Level) -> str:
        """Return the text as it stands inside an operator, in parentheses where that binds more strongly."""
        return self.text if self.level >= level else f"({self.text})"

    def __str__(self) -> str:
        """Return the text as it stands where nothing binds it."""
        return self.text


def whole(value: int) -> Text:
    """Return a whole number."""
    return Text(str(value), Level.SIGN if value < 0 else Level.ATOM, (value, value), steady=True, constant=True)


@dataclass(slots=True)
class Line:
    """One line: how deep it is indented, what it says, and where the program says it."""

    depth: int
    text: str
    place: Place | None


class Writer:
    """The lines of a function.

    Attributes:
        lines: what was written so far.
        place: where the statement at hand stands in the program.
        effects: how many lines have an effect that an expression before them could see.
    """

    def __init__(self) -> None:
        """Begin inside of a function."""
        self.lines: list[Line] = []
        self.place: Place | None = None
        self.effects = 0
        self._depth = 1

    def line(self, text: str) -> None:
        """Write a line."""
        self.lines.append(Line(self._depth, text, self.place))

    def effect(self, text: str) -> None:
        """Write a line that changes what expressions read."""
        self.effects += 1
        self.line(text)

    def mark(self) -> int:
        """Return the place behind the last line."""
        return len(self.lines)

    def insert(self, mark: int, text: str) -> None:
        """Write a line at a mark."""
        self.lines.insert(mark, Line(self._depth, text, self.place))

    def join_branches(self, mark: int) -> None:
        """Make `elif` of an `else` at a mark and the `if` that is all there is in it."""
        outer, first = self.lines[mark : mark + 2]
        inner = self.lines[mark + 1 :]
        heads = [each.text for each in inner if each.depth == first.depth]
        if not heads[0].startswith("if ") or not all(each.startswith(("elif ", "else:")) for each in heads[1:]):
            return
        self.lines[mark:] = [Line(each.depth - 1, each.text, each.place) for each in inner]
        self.lines[mark].text = "el" + first.text
        self.lines[mark].depth = outer.depth

    @contextmanager
    def deeper(self) -> Iterator[None]:
        """Indent what is written inside; an empty body becomes `pass`."""
        self._depth += 1
        before = len(self.lines)
        yield
        if len(self.lines) == before:
            self.line("pass")
        self._depth -= 1
