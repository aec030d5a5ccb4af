"""Figures that networks are drawn from: each knows its size around the line that power flows along, and draws itself.

Lengths are SVG user units, which are pixels at the usual size.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias
from unicodedata import east_asian_width

CHARACTER = 7.3
ROW = 18.0
GAP = 14.0
RAIL_GAP = 12.0


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    style: str = "wire"


@dataclass(frozen=True, slots=True)
class Label:
    """A text; ``anchor`` is start, middle or end."""

    x: float
    y: float
    text: str
    anchor: str = "middle"
    style: str = "operand"


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of a box."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Curve:
    """A path in SVG notation, filled unless its style is `symbol`."""

    path: str
    style: str = "symbol"


Mark: TypeAlias = Line | Label | Frame | Curve
Draw: TypeAlias = Callable[[float, float, float], Iterator[Mark]]


@dataclass(frozen=True, slots=True)
class Figure:
    """Something with a line through it.

    Attributes:
        width: least width.
        above: height over the line.
        below: height under the line.
        draw: yields the marks for left end, height of the line, and width.
        to_right: whether it belongs at the right end of its rung, as a coil does.
        detached: whether nothing leads to its left end, because a name says where it starts.
    """

    width: float
    above: float
    below: float
    draw: Draw
    to_right: bool = False
    detached: bool = False


def text_width(text: str) -> float:
    """Return the width of a text in the fixed-pitch font of the drawing."""
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text) * CHARACTER


def dot(x: float, y: float) -> Curve:
    """Return the dot that joins wires."""
    return Curve(f"M{x - 2:g} {y:g}a2 2 0 1 0 4 0a2 2 0 1 0 -4 0", "dot")


@dataclass(slots=True)
class Row:
    """Figures one behind the other, and what leaves the line between them."""

    figures: list[Figure] = field(default_factory=list)
    taps: list[tuple[int, Figure]] = field(default_factory=list)

    def figure(self) -> Figure:
        """Return the whole row as one figure."""
        width = sum(figure.width for figure in self.figures) + GAP * max(0, len(self.figures) - 1)
        below = max((figure.below for figure in self.figures), default=0.0)
        for index, tap in self.taps:
            width = max(width, self._start(index) + tap.width)
            below += tap.above + tap.below + ROW / 2
        above = max((figure.above for figure in self.figures), default=0.0)
        last = self.figures[-1].to_right if self.figures else False
        detached = self.figures[0].detached if self.figures else False
        return Figure(max(width, GAP), above, below, self._draw, last, detached)

    def _start(self, index: int) -> float:
        return sum(figure.width + GAP for figure in self.figures[:index])

    def _draw(self, x: float, y: float, width: float) -> Iterator[Mark]:
        slack = width - sum(figure.width for figure in self.figures) - GAP * max(0, len(self.figures) - 1)
        shifted = len(self.figures)
        while shifted and self.figures[shifted - 1].to_right:
            shifted -= 1
        places: list[float] = []
        cursor = x
        for index, figure in enumerate(self.figures):
            extra = slack if index == shifted else 0.0
            places.append(cursor)
            own = figure.width + (extra if figure.width > GAP and self._is_fork(index) else 0.0)
            start = cursor + (extra if own == figure.width else 0.0)
            if start > cursor:
                yield Line(cursor, y, start, y)
            yield from figure.draw(start, y, own)
            cursor = start + own
            if index + 1 < len(self.figures):
                yield Line(cursor, y, cursor + GAP, y)
                cursor += GAP
        if shifted == len(self.figures) and cursor < x + width:
            yield Line(cursor, y, x + width, y)
        yield from self._draw_taps(y, [*places, cursor])

    def _is_fork(self, index: int) -> bool:
        return index + 1 == len(self.figures) and self.figures[index].draw.__name__ == "draw_fork"

    def _draw_taps(self, y: float, places: Sequence[float]) -> Iterator[Mark]:
        bottom = y + max((figure.below for figure in self.figures), default=0.0)
        for index, tap in self.taps:
            x = places[index] - (GAP / 2 if index else 0.0)
            line = bottom + tap.above + ROW / 2
            yield dot(x, y)
            yield Line(x, y, x, line)
            yield from tap.draw(x, line, tap.width)
            bottom = line + tap.below


def _stack(figures: Sequence[Figure]) -> list[float]:
    """Return how far under the first line each line is."""
    offsets = [0.0]
    for upper, lower in pairwise(figures):
        offsets.append(offsets[-1] + upper.below + lower.above + ROW / 2)
    return offsets


def parallel(branches: Sequence[Figure]) -> Figure:
    """Return branches that join again."""
    offsets = _stack(branches)

    def draw(x: float, y: float, width: float) -> Iterator[Mark]:
        for offset, branch in zip(offsets, branches, strict=True):
            if not branch.detached:
                yield Line(x, y + offset, x + RAIL_GAP, y + offset)
            yield from branch.draw(x + RAIL_GAP, y + offset, width - 2 * RAIL_GAP)
            yield Line(x + width - RAIL_GAP, y + offset, x + width, y + offset)
        attached = [offset for offset, branch in zip(offsets, branches, strict=True) if not branch.detached]
        yield Line(x, y, x, y + max(attached, default=0.0))
        yield Line(x + width, y, x + width, y + offsets[-1])

    width = max(branch.width for branch in branches) + 2 * RAIL_GAP
    return Figure(width, branches[0].above, offsets[-1] + branches[-1].below, draw)


def fork(arms: Sequence[Figure]) -> Figure:
    """Return arms that leave one place and do not join again."""
    offsets = _stack(arms)

    def draw_fork(x: float, y: float, width: float) -> Iterator[Mark]:
        for offset, arm in zip(offsets, arms, strict=True):
            yield Line(x, y + offset, x + RAIL_GAP, y + offset)
            yield from arm.draw(x + RAIL_GAP, y + offset, width - RAIL_GAP if arm.to_right else arm.width)
        if len(arms) > 1:
            yield Line(x, y, x, y + offsets[-1])

    width = max(arm.width for arm in arms) + RAIL_GAP
    to_right = any(arm.to_right for arm in arms)
    return Figure(width, arms[0].above, offsets[-1] + arms[-1].below, draw_fork, to_right)


def symbol(operand: str, marks: Sequence[str], half: float, *, to_right: bool = False, under: str = "") -> Figure:
    """Return a contact or coil: a symbol in the middle of the line with its operand over it.

    Args:
        operand: text over the symbol.
        marks: paths relative to the middle of the symbol.
        half: half the width of the symbol.
        to_right: whether it is a coil.
        under: text under the symbol.
    """
    width = max(text_width(operand) + 12, text_width(under) + 12, 2 * half + 16)

    def draw(x: float, y: float, own: float) -> Iterator[Mark]:
        middle = x + own / 2
        yield Line(x, y, middle - half, y)
        yield Line(middle + half, y, x + own, y)
        yield Label(middle, y - 14, operand)
        if under:
            yield Label(middle, y + 24, under)
        for path in marks:
            letter = path.removeprefix("=")
            if path != letter:
                yield Label(middle, y + 4, letter, style="letter")
            else:
                yield Curve(_moved(path, middle, y))

    return Figure(width, 28, 30 if under else 12, draw, to_right)


def _moved(path: str, x: float, y: float) -> str:
    """Move a path that starts with absolute ``M dx dy`` and continues relatively."""
    pieces = []
    for piece in path.split("M")[1:]:
        dx, dy, rest = piece.split(" ", 2)
        pieces.append(f"M{x + float(dx):g} {y + float(dy):g} {rest}")
    return "".join(pieces)
