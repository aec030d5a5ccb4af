"""Columns that sequences are drawn from: parts one below the other along a line, and branches with columns side by side."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from typing import TypeAlias

from simatic_xml.drawing.marks import Line, Mark

DrawColumn: TypeAlias = Callable[[float, float], Iterator[Mark]]

_APART = 24.0
_DOUBLE = 4.0
_LEAD = 10.0
_OVER = 12.0
_LEAST = 60.0
"""Least distance of two lines."""

_SLICE = 10.0


@dataclass(frozen=True, slots=True)
class Strip:
    """The width that a column needs on both sides of its line between two heights."""

    top: float
    bottom: float
    left: float
    right: float


@dataclass(frozen=True, slots=True)
class Column:
    """Something along a vertical line.

    Attributes:
        strips: the width that it needs, by height.
        height: height.
        draw: yields the marks for the place of the line and the upper edge.
    """

    strips: tuple[Strip, ...]
    height: float
    draw: DrawColumn

    @property
    def left(self) -> float:
        """Width on the left of the line."""
        return max((strip.left for strip in self.strips), default=0.0)

    @property
    def right(self) -> float:
        """Width on the right of the line."""
        return max((strip.right for strip in self.strips), default=0.0)


def column(left: float, right: float, height: float, draw: DrawColumn) -> Column:
    """Return a column that is equally wide from top to bottom."""
    return Column((Strip(0.0, height, left, right),), height, draw)


def below_each_other(columns: Sequence[Column]) -> Column:
    """Return columns one below the other."""

    def draw(x: float, y: float) -> Iterator[Mark]:
        for column in columns:
            yield from column.draw(x, y)
            y += column.height

    tops = list(accumulate((column.height for column in columns), initial=0.0))
    strips = [
        _shift(strip, 0.0, top) for column, top in zip(columns, tops[:-1], strict=True) for strip in column.strips
    ]
    return Column(tuple(strips), tops[-1], draw)


def _shift(strip: Strip, x: float, y: float) -> Strip:
    return Strip(strip.top + y, strip.bottom + y, strip.left - x, strip.right + x)


def _place_side_by_side(columns: Sequence[Column]) -> list[float]:
    """Return the places of the lines, as near to each other as what is next to them at each height allows."""
    reach: dict[int, float] = {}
    places: list[float] = []
    for each in columns:
        needed = [
            reach[slice_] + _APART + strip.left for strip in each.strips for slice_ in _slices(strip) if slice_ in reach
        ]
        least = places[-1] + _LEAST if places else 0.0
        places.append(max([*needed, least]))
        for strip in each.strips:
            for slice_ in _slices(strip):
                reach[slice_] = max(reach.get(slice_, 0.0), places[-1] + strip.right)
    return places


def _slices(strip: Strip) -> range:
    """Return the numbers of the slices of equal height that a strip touches."""
    return range(int(strip.top // _SLICE), int(strip.bottom // _SLICE) + 1)


def branches(columns: Sequence[Column], joined: Sequence[bool], *, double: bool) -> Column:
    """Return the paths of a branch side by side; the first one continues the line above.

    Args:
        columns: the paths.
        joined: whether each path leads to the line below the branch.
        double: whether the lines are double, as those of simultaneous branches.
    """
    if not columns:
        return below_each_other([])
    reaching = max(column.height for column in columns)
    whole = [
        Column((*each.strips, Strip(each.height, reaching, 0.0, 0.0)), reaching, each.draw) if leads_on else each
        for each, leads_on in zip(columns, joined, strict=True)
    ]
    places = _place_side_by_side(whole)
    thickness, over = (_DOUBLE, _OVER) if double else (0.0, 0.0)
    top = _LEAD + thickness + _LEAD
    joins = any(joined)
    bottom = top + reaching + (_LEAD if joins else 0.0)

    def draw(x: float, y: float) -> Iterator[Mark]:
        yield Line(x, y, x, y + _LEAD)
        yield from _draw_rule(x, places[-1], y + _LEAD)
        for place, column, leads_on in zip(places, columns, joined, strict=True):
            yield Line(x + place, y + _LEAD + thickness, x + place, y + top)
            yield from column.draw(x + place, y + top)
            if leads_on:
                yield Line(x + place, y + top + column.height, x + place, y + bottom)
        if joins:
            last = max(place for place, leads_on in zip(places, joined, strict=True) if leads_on)
            yield from _draw_rule(x, last, y + bottom)
            yield Line(x, y + bottom + thickness, x, y + bottom + thickness + _LEAD)

    def _draw_rule(x: float, width: float, y: float) -> Iterator[Mark]:
        """Draw the line of the branch; a double one reaches over its outer paths, as the standard draws it."""
        for shift in (0.0, thickness) if double else (0.0,):
            yield Line(x - over, y + shift, x + width + over, y + shift)

    height = bottom + (thickness + _LEAD if joins else 0.0)
    rule = Strip(0.0, 0.0, over, places[-1] + over)
    strips = [replace(rule, bottom=top)] + ([replace(rule, top=bottom, bottom=height)] if joins else [])
    for place, each in zip(places, whole, strict=True):
        strips += [_shift(strip, place, top) for strip in each.strips]
    return Column(tuple(strips), height, draw)
