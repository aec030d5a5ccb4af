"""Symbols on the line: contacts, coils, names of wires, and the marks where a wide network continues."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from simatic_xml.drawing.figures import Figure
from simatic_xml.drawing.marks import CHARACTER, LINE, ROW, Curve, Label, Line, Mark, count_lines, dot, text_width, wrap

OPERAND_WIDTH = 26
"""Characters of an operand over a contact or coil in one line; TIA Portal breaks operands too, its width is a setting."""


def symbol(
    operand: str, marks: Sequence[str], half: float, *, to_right: bool = False, under: str = "", part: int = 0
) -> Figure:
    """Return a contact or coil: a symbol in the middle of the line with its operand over it.

    Args:
        operand: text over the symbol.
        marks: paths around the middle of the symbol; ``=text`` is a text in the middle.
        half: half the width of the symbol.
        to_right: whether it is a coil.
        under: text under the symbol.
        part: number of the part in its network.
    """
    over, under = wrap(operand, OPERAND_WIDTH), wrap(under, OPERAND_WIDTH)
    width = max(text_width(over) + 12, text_width(under) + 12, 2 * half + 16)
    raised = LINE * max(0, count_lines(over) - 1)

    def draw(x: float, y: float, own: float) -> Iterator[Mark]:
        middle = x + own / 2
        yield Line(x, y, middle - half, y)
        yield Line(middle + half, y, x + own, y)
        yield Label(middle, y - 14 - raised, over)
        if under:
            yield Label(middle, y + 24, under)
        yield from _draw_letters(middle, y, [mark[1:] for mark in marks if mark.startswith("=")])
        for path in marks:
            if not path.startswith("="):
                yield Curve(path, middle, y, part=part)

    below = 16 + LINE * count_lines(under) if under else 12
    return Figure(width, 28 + raised, below, draw, to_right)


def _draw_letters(x: float, y: float, letters: Sequence[str]) -> Iterator[Mark]:
    """Draw one letter in the middle, or an operator over its data type."""
    styles = ["letter", "type"]
    first = y + 4 if len(letters) == 1 else y - 1
    for index, letter in enumerate(letters):
        yield Label(x, first + index * 11, letter, style=styles[index])


def node_name(name: str, *, is_start: bool) -> Figure:
    """Return the name of a wire, at a place of the wire or where a series starts at it."""
    width = text_width(name) + 8

    def draw(x: float, y: float, own: float) -> Iterator[Mark]:
        yield Label(x + own / 2, y - 6, name, style="node")
        yield dot(x if is_start else x + own / 2, y)
        yield Line(x, y, x + own, y)

    return Figure(width, 20, 4, draw, detached=is_start)


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


def continuation(place: Continuation, *, is_start: bool) -> Figure:
    """Return the arrow where a row ends or starts that continues another one; both have the same number."""
    width = CONTINUATION_WIDTH

    def draw(x: float, y: float, _own: float) -> Iterator[Mark]:
        name = place.name()
        arrow = x + width - 18 if is_start else x + 8
        yield Line(arrow + 8, y, x + width, y) if is_start else Line(x, y, arrow, y)
        yield Curve("M0 -5l8 5l-8 5z", arrow, y, "arrow")
        if is_start:
            yield Label(arrow - 3, y + 4, name, "end", "continuation")
        else:
            yield Label(arrow + 11, y + 4, name, "start", "continuation")

    return Figure(width, 12, 8, draw, detached=is_start)


def lead(text: str) -> Figure:
    """Return the operand that a series of FBD starts with."""
    shown = wrap(text, OPERAND_WIDTH)
    lines = count_lines(shown)

    def draw(x: float, y: float, own: float) -> Iterator[Mark]:
        yield Label(x + own - 6, y + 4 - (lines - 1) * LINE / 2, shown, "end")

    half = lines * LINE / 2
    return Figure(text_width(shown) + 6, half + 5, half + 1, draw)


def rail_stub(figure: Figure) -> Figure:
    """Return a figure behind a short piece of power rail."""

    def draw(x: float, y: float, width: float) -> Iterator[Mark]:
        yield Line(x + 2, y - ROW / 2, x + 2, y + ROW / 2, "rail")
        yield Line(x + 2, y, x + 10, y)
        yield from figure.draw(x + 10, y, width - 10)

    return Figure(figure.width + 10, max(figure.above, ROW / 2), max(figure.below, ROW / 2), draw)
