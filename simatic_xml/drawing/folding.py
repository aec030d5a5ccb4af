"""Wide rows in several lines: a row that is too long continues below, with an arrow and a number at both ends."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from simatic_xml.drawing.figures import Figure, Row, stack
from simatic_xml.drawing.marks import GAP, Mark, wire
from simatic_xml.drawing.symbols import CONTINUATION_WIDTH, Continuation, continuation

_ARROW = CONTINUATION_WIDTH + GAP
"""Width that the arrow at one end of a line needs."""

MARKS_WIDTH = 2 * _ARROW + GAP
"""Width that a line of a folded row needs next to its figures: an arrow at both ends and the way back up."""


def fold(row: Row, most: float, numbers: Iterator[int], *, goes_on: bool) -> Figure:
    """Return a row as a figure that is at most as wide as ``most``, if no single figure in it is wider.

    Args:
        row: the row.
        most: width.
        numbers: counts the continuations of the drawing.
        goes_on: whether something follows the row, so that its last line leads back to the height of the first.
    """
    whole = row.figure()
    if whole.width <= most:
        return whole
    space = most - (GAP if goes_on else 0.0)
    pieces = _split(row, space)
    for piece, following in pairwise(pieces):
        place = Continuation(numbers)
        number = piece.figures[-1].leaves
        piece.figures.append(continuation(place, number, is_start=False))
        following.figures.insert(0, continuation(place, number, is_start=True))
    for piece in pieces[1:]:
        piece.taps = [(index + 1, tap) for index, tap in piece.taps]
    lines = [line for piece in pieces for line in _lines(piece, space, numbers, is_last=piece is pieces[-1])]
    return lines[0].figure if len(lines) == 1 else _stacked(lines, goes_on=goes_on)


def _split(row: Row, most: float) -> list[Row]:
    """Cut a row where the next figure would not fit; what leaves the line between two figures stays with the first."""
    pieces = [Row()]
    for index, figure in enumerate(row.figures):
        here = [tap for at, tap in row.taps if at == index]
        piece = pieces[-1]
        piece.taps += [(len(piece.figures), tap) for tap in here]
        arrows = _ARROW * (1 if len(pieces) == 1 else 2)
        if piece.figures and piece.width + GAP + figure.width + arrows > most:
            pieces.append(piece := Row())
        piece.figures.append(figure)
    last = pieces[-1]
    last.taps += [(len(last.figures), tap) for at, tap in row.taps if at >= len(row.figures)]
    return pieces


@dataclass(frozen=True, slots=True)
class _Line:
    """A line of a folded row; ``is_last`` is that of the end of the row."""

    figure: Figure
    is_last: bool = False


def _lines(piece: Row, most: float, numbers: Iterator[int], *, is_last: bool) -> Iterator[_Line]:
    """Yield a line, and below it what leaves it but is too wide for its place there."""
    moved: list[_Line] = []
    for number, (index, tap) in enumerate(piece.taps):
        if piece.start(index) + tap.width > most:
            place = Continuation(numbers)
            piece.taps[number] = (index, continuation(place, tap.enters, is_start=False))
            moved.append(_Line(Row([continuation(place, tap.enters, is_start=True), tap]).figure()))
    yield _Line(piece.figure(), is_last)
    yield from moved


def _stacked(lines: Sequence[_Line], *, goes_on: bool) -> Figure:
    figures = [line.figure for line in lines]
    offsets = stack(figures)
    [last] = [figure for line, figure in zip(lines, figures, strict=True) if line.is_last]
    returns = goes_on and not last.to_right
    to_right = any(figure.to_right for figure in figures)

    def draw(x: float, y: float, width: float) -> Iterator[Mark]:
        room = width - (GAP if returns else 0.0)
        for offset, line in zip(offsets, lines, strict=True):
            figure = line.figure
            reach = room if figure.to_right or (returns and line.is_last) else figure.width
            if returns and line.is_last:
                end = x + width - GAP / 2
                yield wire(x + reach, y + offset, end, y + offset, last.leaves)
                yield wire(end, y, end, y + offset, last.leaves)
                yield wire(end, y, x + width, y, last.leaves)
            yield from figure.draw(x, y + offset, reach)

    width = max(figure.width for figure in figures) + (GAP if returns else 0.0)
    first, below = figures[0], offsets[-1] + figures[-1].below
    enters, leaves = first.enters, last.leaves
    return Figure(width, first.above, below, draw, to_right, first.detached, enters=enters, leaves=leaves)
