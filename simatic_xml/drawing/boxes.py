"""Boxes with their pins: instructions, calls and the gates of FBD."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simatic_xml.drawing.figures import Figure
from simatic_xml.drawing.marks import (
    CHARACTER,
    GAP,
    LINE,
    NOTHING,
    ROW,
    Curve,
    Frame,
    Label,
    Mark,
    Subject,
    count_lines,
    text_width,
    wire,
    wrap,
)

VALUE_WIDTH = 36
"""Characters of an operand at a pin in one line."""

_STUB = 10.0
_NAME_WIDTH = 40


@dataclass(frozen=True, slots=True)
class PinRow:
    """One pin of a box.

    Attributes:
        name: name inside the frame.
        subject: the pin with its wire, and the operand outside the frame, where the pin has one.
        logic: what leads to the pin, or leaves it, instead of an operand.
        negated: whether the pin has the circle of negation.
        is_open: whether the pin has a wire at all.
    """

    name: str
    subject: Subject = NOTHING
    logic: Figure | None = None
    negated: bool = False
    is_open: bool = False

    @property
    def value(self) -> str:
        """The operand outside the frame, empty where the pin has none."""
        return self.subject.operand

    @property
    def shown(self) -> str:
        """The operand in lines."""
        return wrap(self.value, VALUE_WIDTH)

    @property
    def half(self) -> float:
        """Half the height of the pin without logic."""
        return max(ROW, LINE * count_lines(self.shown) + 4) / 2

    @property
    def outer(self) -> float:
        """Width that the value or the logic needs outside the frame."""
        if self.logic:
            return self.logic.width + _STUB
        return text_width(self.shown) + _STUB + GAP / 2 if self.value else _STUB + 2


@dataclass(frozen=True, slots=True)
class Box:
    """A box while it is drawn; the first row of each side may be the one that power flows through.

    Attributes:
        title: name of the instruction or block, inside.
        type_line: data type of an instruction under its title, may be empty.
        over: operand or instance over the frame, may have none; with the number of the part.
        under: operand under the frame, such as the edge memory bit, may have none.
        left: inputs.
        right: outputs.
        flow_in: whether the line leads to the first input.
        flow_out: whether the line leaves the first output.
        wires: numbers of the wires that lead to the first input, and leave the first output.
    """

    title: str
    left: Sequence[PinRow]
    right: Sequence[PinRow]
    type_line: str = ""
    over: Subject = NOTHING
    under: Subject = NOTHING
    flow_in: bool = False
    flow_out: bool = False
    wires: tuple[int, int] = (0, 0)

    @property
    def outside(self) -> float:
        """Width that values and logic need on the left of the frame."""
        return max((row.outer for row in self.left), default=0.0)

    @property
    def inside(self) -> float:
        """Width of the frame."""
        names = [text_width(row.name) for row in self.left], [text_width(row.name) for row in self.right]
        pins = max(names[0], default=0.0) + max(names[1], default=0.0) + 2 * CHARACTER + 8
        return max(pins, text_width(self.heading) + 16, text_width(self.type_line) + 16, 40.0)

    @property
    def heading(self) -> str:
        """The title in lines."""
        return wrap(self.title, _NAME_WIDTH)

    @property
    def texts(self) -> tuple[str, str]:
        """What is over and under the frame, in lines."""
        return wrap(self.over.operand, VALUE_WIDTH), wrap(self.under.operand, VALUE_WIDTH)

    @property
    def top(self) -> float:
        """Height of the frame over the line of the box."""
        return ROW * 0.6 + LINE * (count_lines(self.heading) + count_lines(self.type_line)) + 4

    @property
    def side(self) -> float:
        """Width by which the texts over and under the frame are wider on each side."""
        return max(0.0, (max(map(text_width, self.texts)) - self.inside) / 2)

    def lines(self) -> tuple[list[float], list[float], float]:
        """Return the heights of the pins under the line of the box, and of its lower edge."""
        left = _heights(self.left)
        right = _heights(self.right)
        edge = max([*left, *right, 0.0]) + ROW * 0.7
        return left, right, edge

    def figure(self) -> Figure:
        """Return the box as a figure."""
        left, right, edge = self.lines()
        rows = [*zip(left, self.left, strict=True), *zip(right, self.right, strict=True)]
        extents = [height + (row.logic.below if row.logic else row.half) for height, row in rows]
        over, under = self.texts
        below = max([edge + LINE * count_lines(under) + (6 if under else 0), *extents])
        raised = [row.logic.above if row.logic else row.half for height, row in rows if height == 0]
        above = max([self.top + 2 + LINE * count_lines(over) + (4 if over else 0), *raised])
        outer = max((row.outer for row in self.right), default=0.0)
        width = max(self.outside, self.side) + self.inside + max(outer, self.side)
        return Figure(width, above, below, self._draw, enters=self.wires[0], leaves=self.wires[1])

    def _draw(self, x: float, y: float, _width: float) -> Iterator[Mark]:
        left_heights, right_heights, edge = self.lines()
        frame = x + max(self.outside, self.side)
        end = frame + self.inside
        middle = frame + self.inside / 2
        top = y - self.top
        yield Frame(frame, top, self.inside, self.top + edge, Subject(self.over.part))
        yield Label(middle, top + 13, self.heading, style="title")
        if self.type_line:
            yield Label(middle, top + 13 + LINE * count_lines(self.heading), self.type_line, style="type")
        over, under = self.texts
        if over:
            yield Label(middle, top - 6 - LINE * (count_lines(over) - 1), over, subject=self.over)
        if under:
            yield Label(middle, y + edge + 14, under, subject=self.under)
        if self.flow_in:
            yield wire(x, y, frame - _circle_width(self.left), y, self.wires[0])
        for row, height in zip(self.left, left_heights, strict=True):
            yield from _draw_left(row, frame, y + height, flows=self.flow_in and height == 0)
        for row, height in zip(self.right, right_heights, strict=True):
            yield from _draw_right(row, end, y + height, flows=self.flow_out and height == 0)
        if self.flow_out:
            yield wire(end + _circle_width(self.right), y, x + self.figure().width, y, self.wires[1])


def _circle_width(rows: Sequence[PinRow]) -> float:
    """Return how far the line ends from the frame, for the circle of negation at the first pin."""
    return 6.0 if rows and rows[0].negated else 0.0


def _heights(rows: Sequence[PinRow]) -> list[float]:
    """Return the heights of the rows; the first one is at the line of the box."""
    heights: list[float] = []
    lowest = 0.0
    for row in rows:
        above = row.logic.above + 2 if row.logic else row.half
        below = max(row.half, row.logic.below + 2) if row.logic else row.half
        height = lowest + max(above, ROW / 2) if heights else 0.0
        heights.append(height)
        lowest = height + below
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
        yield wire(frame - _STUB, y, edge, y, row.subject.wire)
    else:
        if row.value or row.is_open:
            yield wire(frame - _STUB, y, edge, y, row.subject.wire)
        if row.value:
            yield Label(frame - _STUB - 3, _first_line(row, y), row.shown, "end", subject=row.subject)


def _draw_right(row: PinRow, end: float, y: float, *, flows: bool) -> Iterator[Mark]:
    if row.name:
        yield Label(end - 4, y + 4, row.name, "end", "pin")
    if row.negated:
        yield _circle(end + 3, y)
    if flows:
        return
    edge = end + (6 if row.negated else 0)
    if row.logic:
        yield wire(edge, y, end + _STUB, y, row.subject.wire)
        yield from row.logic.draw(end + _STUB, y, row.logic.width)
    else:
        if row.value or row.is_open:
            yield wire(edge, y, end + _STUB, y, row.subject.wire)
        if row.value:
            yield Label(end + _STUB + 3, _first_line(row, y), row.shown, "start", subject=row.subject)


def _first_line(row: PinRow, y: float) -> float:
    return y + 4 - (count_lines(row.shown) - 1) * LINE / 2


def _circle(x: float, y: float) -> Curve:
    return Curve("M-3 0a3 3 0 1 0 6 0a3 3 0 1 0 -6 0", x, y)
