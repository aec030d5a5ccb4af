"""Boxes with their pins: instructions, calls and the gates of FBD."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simatic_xml.flgnet.figures import CHARACTER, GAP, ROW, Curve, Figure, Frame, Label, Line, Mark, text_width

_STUB = 10.0


@dataclass(frozen=True, slots=True)
class PinRow:
    """One pin of a box.

    Attributes:
        name: name inside the frame.
        value: operand outside the frame, empty where the pin has none.
        logic: what leads to the pin, or leaves it, instead of an operand.
        negated: whether the pin has the circle of negation.
        is_open: whether the pin has a wire at all.
    """

    name: str
    value: str = ""
    logic: Figure | None = None
    negated: bool = False
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Box:
    """A box while it is drawn; the first row of each side may be the one that power flows through."""

    title: str
    over: str
    left: Sequence[PinRow]
    right: Sequence[PinRow]
    flow_in: bool
    flow_out: bool
    to_right: bool = False

    @property
    def outside(self) -> float:
        """Width that values and logic need on the left of the frame."""
        return max((_outer(row) for row in self.left), default=0.0)

    @property
    def inside(self) -> float:
        """Width of the frame."""
        names = [text_width(row.name) for row in self.left], [text_width(row.name) for row in self.right]
        pins = max(names[0], default=0.0) + max(names[1], default=0.0) + 2 * CHARACTER + 8
        return max(pins, text_width(self.title) + 16, 40.0)

    def lines(self) -> tuple[list[float], list[float], float]:
        """Return the heights of the pins under the line of the box, and of its lower edge."""
        left = _heights(self.left)
        right = _heights(self.right)
        edge = max([*left, *right, 0.0]) + ROW * 0.7
        return left, right, edge

    def logic(self) -> list[tuple[float, Figure]]:
        """Return what leads to and from the pins, with the height of its line."""
        left, right, _edge = self.lines()
        pairs = [*zip(left, self.left, strict=True), *zip(right, self.right, strict=True)]
        return [(height, row.logic) for height, row in pairs if row.logic]

    def figure(self) -> Figure:
        """Return the box as a figure."""
        right = max((_outer(row) for row in self.right), default=0.0)
        _left, _right, edge = self.lines()
        below = max([edge, *(height + logic.below for height, logic in self.logic())])
        above = ROW * 1.7 + (ROW if self.over else 0.0)
        width = self.outside + max(self.inside, text_width(self.over)) + right
        return Figure(width, above, below, self._draw, self.to_right)

    def _draw(self, x: float, y: float, _width: float) -> Iterator[Mark]:
        left_heights, right_heights, edge = self.lines()
        frame = x + self.outside + max(0.0, (text_width(self.over) - self.inside) / 2)
        end = frame + self.inside
        top = y - ROW * 1.6
        yield Frame(frame, top, self.inside, y + edge - top)
        yield Label(frame + self.inside / 2, top + 14, self.title, style="title")
        if self.over:
            yield Label(frame + self.inside / 2, top - 6, self.over)
        if self.flow_in:
            yield Line(x, y, frame, y)
        for row, height in zip(self.left, left_heights, strict=True):
            yield from _draw_left(row, frame, y + height, flows=self.flow_in and height == 0)
        for row, height in zip(self.right, right_heights, strict=True):
            yield from _draw_right(row, end, y + height, flows=self.flow_out and height == 0)
        if self.flow_out:
            yield Line(end, y, x + self.figure().width, y)


def _outer(row: PinRow) -> float:
    if row.logic:
        return row.logic.width + _STUB
    return text_width(row.value) + _STUB + GAP / 2 if row.value else _STUB + 2


def _heights(rows: Sequence[PinRow]) -> list[float]:
    heights: list[float] = []
    lowest = 0.0
    for row in rows:
        if row.logic and heights:
            lowest += row.logic.above - ROW / 2
        heights.append(lowest)
        lowest += ROW + (row.logic.below if row.logic else 0.0)
    return heights


def _draw_left(row: PinRow, frame: float, y: float, *, flows: bool) -> Iterator[Mark]:
    if row.name:
        yield Label(frame + 4, y + 4, row.name, "start", "pin")
    if row.negated:
        yield _circle(frame - 3, y)
    if flows:
        return
    edge = frame - (6 if row.negated else 0)
    if row.logic:
        start = frame - _STUB - row.logic.width
        yield from row.logic.draw(start, y, row.logic.width)
        yield Line(frame - _STUB, y, edge, y)
    else:
        if row.value or row.is_open:
            yield Line(frame - _STUB, y, edge, y)
        if row.value:
            yield Label(frame - _STUB - 3, y + 4, row.value, "end")


def _draw_right(row: PinRow, end: float, y: float, *, flows: bool) -> Iterator[Mark]:
    if row.name:
        yield Label(end - 4, y + 4, row.name, "end", "pin")
    if row.negated:
        yield _circle(end + 3, y)
    if flows:
        return
    if row.logic:
        yield Line(end, y, end + _STUB, y)
        yield from row.logic.draw(end + _STUB, y, row.logic.width)
    else:
        if row.value or row.is_open:
            yield Line(end + (6 if row.negated else 0), y, end + _STUB, y)
        if row.value:
            yield Label(end + _STUB + 3, y + 4, row.value, "start")


def _circle(x: float, y: float) -> Curve:
    return Curve(f"M{x - 3:g} {y:g}a3 3 0 1 0 6 0a3 3 0 1 0 -6 0")
