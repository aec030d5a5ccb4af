"""Figures that networks are drawn from: each knows its size around the line that power flows along, and draws itself."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise
from typing import TypeAlias

from simatic_xml.drawing.marks import GAP, RAIL_GAP, ROW, Line, Mark, dot

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
    """

    width: float
    above: float
    below: float
    draw: Draw
    to_right: bool = False
    detached: bool = False
    stretches: bool = False


@dataclass(slots=True)
class Row:
    """Figures one after the other, and what leaves the line between them."""

    figures: list[Figure] = field(default_factory=list)
    taps: list[tuple[int, Figure]] = field(default_factory=list)

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
        return Figure(max(width, GAP), above, below, self._draw, last, detached)

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
                yield Line(cursor, y, start, y)
            yield from figure.draw(start, y, own)
            cursor = start + own
            if not is_last:
                yield Line(cursor, y, cursor + GAP, y)
                cursor += GAP
        if shifted == len(self.figures) and cursor < x + width:
            yield Line(cursor, y, x + width, y)
        yield from self._draw_taps(y, [*places, cursor])

    def _draw_taps(self, y: float, places: Sequence[float]) -> Iterator[Mark]:
        """Draw what leaves the line, from the right, so that no line down crosses another one."""
        bottom = y + max((figure.below for figure in self.figures), default=0.0)
        for index, tap in sorted(self.taps, key=_backwards):
            x = places[index] - (GAP / 2 if index else 0.0)
            line = bottom + tap.above + ROW / 2
            yield dot(x, y)
            yield Line(x, y, x, line)
            yield from tap.draw(x, line, tap.width)
            bottom = line + tap.below


def _backwards(tap: tuple[int, Figure]) -> int:
    return -tap[0]


def spacer() -> Figure:
    """Return a figure that only makes room for the gap before it."""
    return Figure(0.0, 0.0, 0.0, lambda _x, _y, _width: iter(()))


def stack(figures: Sequence[Figure]) -> list[float]:
    """Return how far under the first line each line is, with the figures one below the other."""
    offsets = [0.0]
    for upper, lower in pairwise(figures):
        offsets.append(offsets[-1] + upper.below + lower.above + ROW / 2)
    return offsets


def parallel(branches: Sequence[Figure]) -> Figure:
    """Return branches that join again."""
    offsets = stack(branches)

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
    offsets = stack(arms)

    def draw(x: float, y: float, width: float) -> Iterator[Mark]:
        for offset, arm in zip(offsets, arms, strict=True):
            yield Line(x, y + offset, x + RAIL_GAP, y + offset)
            yield from arm.draw(x + RAIL_GAP, y + offset, width - RAIL_GAP if arm.to_right else arm.width)
        if len(arms) > 1:
            yield Line(x, y, x, y + offsets[-1])

    width = max(arm.width for arm in arms) + RAIL_GAP
    to_right = any(arm.to_right for arm in arms)
    return Figure(width, arms[0].above, offsets[-1] + arms[-1].below, draw, to_right, stretches=True)
