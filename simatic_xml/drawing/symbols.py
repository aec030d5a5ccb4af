"""Symbols on the line: contacts, coils, names of wires, and the marks where a wide network continues."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simatic_xml.drawing.figures import Figure
from simatic_xml.drawing.marks import (
    CHARACTER,
    LINE,
    NOTHING,
    ROW,
    Curve,
    Label,
    Line,
    Mark,
    Subject,
    count_lines,
    dot,
    text_width,
    wire,
    wrap,
)

OPERAND_WIDTH = 26
"""Characters of an operand over a contact or coil in one line; TIA Portal breaks operands too, its width is a setting."""


def symbol(
    over: Subject,
    marks: Sequence[str],
    half: float,
    *,
    to_right: bool = False,
    under: Subject = NOTHING,
    wires: tuple[int, int] = (0, 0),
) -> Figure:
    """Return a contact or coil: a symbol in the middle of the line with its operand over it.

    Args:
        over: the operand over the symbol, with the number of the part.
        marks: paths around the middle of the symbol; ``=text`` is a text in the middle.
        half: half the width of the symbol.
        to_right: whether it is a coil.
        under: the operand under the symbol.
        wires: numbers of the wires on the left and on the right.
    """
    upper, lower = wrap(over.operand, OPERAND_WIDTH), wrap(under.operand, OPERAND_WIDTH)
    width = max(text_width(upper) + 12, text_width(lower) + 12, 2 * half + 16)
    raised = LINE * max(0, count_lines(upper) - 1)

    def draw(x: float, y: float, own: float) -> Iterator[Mark]:
        middle = x + own / 2
        yield wire(x, y, middle - half, y, wires[0])
        yield wire(middle + half, y, x + own, y, wires[1])
        yield Label(middle, y - 14 - raised, upper, subject=over)
        if lower:
            yield Label(middle, y + 24, lower, subject=under)
        yield from _draw_letters(middle, y, [mark[1:] for mark in marks if mark.startswith("=")])
        for path in marks:
            if not path.startswith("="):
                yield Curve(path, middle, y, subject=Subject(over.part))

    below = 16 + LINE * count_lines(lower) if lower else 12
    return Figure(width, 28 + raised, below, draw, to_right, enters=wires[0], leaves=wires[1])


def _draw_letters(x: float, y: float, letters: Sequence[str]) -> Iterator[Mark]:
    """Draw one letter in the middle, or an operator over its data type."""
    styles = ["letter", "type"]
    first = y + 4 if len(letters) == 1 else y - 1
    for index, letter in enumerate(letters):
        yield Label(x, first + index * 11, letter, style=styles[index])


def node_name(name: str, number: int, *, is_start: bool) -> Figure:
    """Return the name of a wire with this number, at a place of the wire or where a series starts at it."""
    width = text_width(name) + 8

    def draw(x: float, y: float, own: float) -> Iterator[Mark]:
        yield Label(x + own / 2, y - 6, name, style="node", subject=Subject(wire=number))
        yield dot(x if is_start else x + own / 2, y, number)
        yield wire(x, y, x + own, y, number)

    return Figure(width, 20, 4, draw, detached=is_start, enters=number, leaves=number)


CONTINUATION_WIDTH = 2 * CHARACTER + 22


@dataclass(slots=True)
class Continuation:
    """The place where a row continues below; it gets its number when it is drawn, so that they count from the top."""

    numbers: Iterator[int]
    number: int = 0

    def name(self) -> str:
        """Return the number as text."""
        self.number = self.number or next(self.numbers)
        return str(self.number)


def continuation(place: Continuation, wire_number: int, *, is_start: bool) -> Figure:
    """Return the arrow where a wire ends, or starts in the row that continues it; both have the same number."""
    width = CONTINUATION_WIDTH

    def draw(x: float, y: float, _own: float) -> Iterator[Mark]:
        name = place.name()
        arrow = x + width - 18 if is_start else x + 8
        start, end = (arrow + 8, x + width) if is_start else (x, arrow)
        yield wire(start, y, end, y, wire_number)
        yield Curve("M0 -5l8 5l-8 5z", arrow, y, "arrow", Subject(wire=wire_number))
        if is_start:
            yield Label(arrow - 3, y + 4, name, "end", "continuation")
        else:
            yield Label(arrow + 11, y + 4, name, "start", "continuation")

    return Figure(width, 12, 8, draw, detached=is_start, enters=wire_number, leaves=wire_number)


def lead(operand: Subject) -> Figure:
    """Return the operand that a series of FBD starts with."""
    shown = wrap(operand.operand, OPERAND_WIDTH)
    lines = count_lines(shown)

    def draw(x: float, y: float, own: float) -> Iterator[Mark]:
        yield Label(x + own - 6, y + 4 - (lines - 1) * LINE / 2, shown, "end", subject=operand)

    half = lines * LINE / 2
    number = operand.wire
    return Figure(text_width(shown) + 6, half + 5, half + 1, draw, enters=number, leaves=number)


def rail_stub(figure: Figure) -> Figure:
    """Return a figure behind a short piece of power rail."""

    def draw(x: float, y: float, width: float) -> Iterator[Mark]:
        yield Line(x + 2, y - ROW / 2, x + 2, y + ROW / 2, "rail")
        yield wire(x + 2, y, x + 10, y, figure.enters)
        yield from figure.draw(x + 10, y, width - 10)

    above, below = max(figure.above, ROW / 2), max(figure.below, ROW / 2)
    return Figure(figure.width + 10, above, below, draw, enters=figure.enters, leaves=figure.leaves)
