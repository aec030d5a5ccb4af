"""Figures that networks are drawn from: each knows its size around the line that power flows along, and draws itself."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

from simatic_xml.drawing.marks import GAP, RAIL_GAP, ROW, Mark, dot, wire

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
        stretches: whether it takes the width that a coil at its end needs, as branches do.
        enters: number of the wire at its left end, 0 where that is not known.
        leaves: number of the wire at its right end.
    """

    width: float
    above: float
    below: float
    draw: Draw
    to_right: bool = False
    detached: bool = False
    stretches: bool = False
    enters: int = 0
    leaves: int = 0


@dataclass(slots=True)
class Row:
    """Figures one after the other, and what leaves the line between them; ``wire`` is the line of a row without figures."""

    figures: list[Figure] = field(default_factory=list)
    taps: list[tuple[int, Figure]] = field(default_factory=list)
    wire: int = 0

    @property
    def width(self) -> float:
        """Width of the figures with the gaps between them."""
        return sum(figure.width for figure in self.figures) + GAP * max(0, len(self.figures) - 1)

    def figure(self) -> Figure:
        """Return the whole row as one figure."""
        width = self.width
        below = max((figure.below for figure in self.figures), default=0.0)
        for index, tap in self.taps:
            width = max(width, self.start(index) + tap.width)
            below += tap.above + tap.below + ROW / 2
        above = max((figure.above for figure in self.figures), default=0.0)
        last = self.figures[-1].to_right if self.figures else False
        detached = self.figures[0].detached if self.figures else False
        enters = self.figures[0].enters if self.figures else self.wire
        leaves = self.figures[-1].leaves if self.figures else self.wire
        return Figure(max(width, GAP), above, below, self._draw, last, detached, enters=enters, leaves=leaves)

    def start(self, index: int) -> float:
        """Return where a figure starts in the row."""
        return sum(figure.width + GAP for figure in self.figures[:index])

    def _draw(self, x: float, y: float, width: float) -> Iterator[Mark]:
        slack = width - self.width
        shifted = len(self.figures)
        while shifted and self.figures[shifted - 1].to_right:
            shifted -= 1
        places: list[float] = []
        cursor = x
        for index, figure in enumerate(self.figures):
            extra = slack if index == shifted else 0.0
            places.append(cursor)
            is_last = index + 1 == len(self.figures)
            own = figure.width + (extra if figure.stretches and is_last else 0.0)
            start = cursor + (extra if own == figure.width else 0.0)
            if start > cursor:
                yield wire(cursor, y, start, y, figure.enters)
            yield from figure.draw(start, y, own)
            cursor = start + own
            if not is_last:
                yield wire(cursor, y, cursor + GAP, y, figure.leaves)
                cursor += GAP
        if shifted == len(self.figures) and cursor < x + width:
            yield wire(cursor, y, x + width, y, self.figures[-1].leaves if self.figures else self.wire)
        yield from self._draw_taps(y, [*places, cursor])

    def _draw_taps(self, y: float, places: Sequence[float]) -> Iterator[Mark]:
        """Draw what leaves the line, from the right, so that no line down crosses another one."""
        bottom = y + max((figure.below for figure in self.figures), default=0.0)
        for index, tap in sorted(self.taps, key=_backwards):
            x = places[index] - (GAP / 2 if index else 0.0)
            line = bottom + tap.above + ROW / 2
            yield dot(x, y, tap.enters)
            yield wire(x, y, x, line, tap.enters)
            yield from tap.draw(x, line, tap.width)
            bottom = line + tap.below


def _backwards(tap: tuple[int, Figure]) -> int:
    return -tap[0]


def spacer(number: int) -> Figure:
    """Return a figure that only makes room for the gap before it, on a wire of this number."""
    return Figure(0.0, 0.0, 0.0, lambda _x, _y, _width: iter(()), enters=number, leaves=number)


def stack(figures: Sequence[Figure]) -> list[float]:
    """Return how far under the first line each line is, with the figures one below the other."""
    offsets = [0.0]
    for upper, lower in pairwise(figures):
        offsets.append(offsets[-1] + upper.below + lower.above + ROW / 2)
    return offsets


def parallel(branches: Sequence[Figure], enters: int = 0, leaves: int = 0) -> Figure:
    """Return branches that leave one wire and join again in another one."""
    offsets = stack(branches)

    def draw(x: float, y: float, width: float) -> Iterator[Mark]:
        for offset, branch in zip(offsets, branches, strict=True):
            if not branch.detached:
                yield wire(x, y + offset, x + RAIL_GAP, y + offset, branch.enters)
            yield from branch.draw(x + RAIL_GAP, y + offset, width - 2 * RAIL_GAP)
            yield wire(x + width - RAIL_GAP, y + offset, x + width, y + offset, branch.leaves)
        attached = [offset for offset, branch in zip(offsets, branches, strict=True) if not branch.detached]
        yield wire(x, y, x, y + max(attached, default=0.0), enters)
        yield wire(x + width, y, x + width, y + offsets[-1], leaves)

    width = max(branch.width for branch in branches) + 2 * RAIL_GAP
    below = offsets[-1] + branches[-1].below
    return Figure(width, branches[0].above, below, draw, enters=enters, leaves=leaves)


def fork(arms: Sequence[Figure]) -> Figure:
    """Return arms that leave one place and do not join again."""
    offsets = stack(arms)

    def draw(x: float, y: float, width: float) -> Iterator[Mark]:
        for offset, arm in zip(offsets, arms, strict=True):
            yield wire(x, y + offset, x + RAIL_GAP, y + offset, arm.enters)
            yield from arm.draw(x + RAIL_GAP, y + offset, width - RAIL_GAP if arm.to_right else arm.width)
        if len(arms) > 1:
            yield wire(x, y, x, y + offsets[-1], arms[0].enters)

    width = max(arm.width for arm in arms) + RAIL_GAP
    to_right = any(arm.to_right for arm in arms)
    enters = arms[0].enters
    below = offsets[-1] + arms[-1].below
    return Figure(width, arms[0].above, below, draw, to_right, stretches=True, enters=enters)
