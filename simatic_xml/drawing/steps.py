"""What a sequence is drawn from: steps with their actions, transitions, jumps and ends.

Facts: docs/facts/graph.md#in-the-editor.
"""

from collections.abc import Iterator, Sequence

from simatic_xml.drawing.columns import Column, Strip, column
from simatic_xml.drawing.figures import Figure
from simatic_xml.drawing.marks import (
    LINE,
    Curve,
    Frame,
    Label,
    Line,
    Mark,
    Subject,
    count_lines,
    text_width,
    wire,
    wrap,
)
from simatic_xml.drawing.sheet import belonging_to
from simatic_xml.graph.model import Action, Step, Transition

NAME_WIDTH = 24
_STEP_LEAST = 84.0
_FLAG = 16.0
_BAR = 13.0
_SPACE = 12.0
_ARROW_SPACE = 20.0
_HEADINGS = ("Interlock", "Event", "Qualifier", "Action")


def step_column(step: Step, sources: Sequence[str], most: int) -> Column:
    """Return a step with the table of its actions on the right.

    Args:
        step: the step.
        sources: names of the transitions that jump to it.
        most: characters of an action in one line.
    """
    name = wrap(step.name, NAME_WIDTH)
    width = max(text_width(name) + 20, text_width(f"S{step.number}") + 20, _STEP_LEAST)
    table = _Table(step.actions, most)
    box = 26 + LINE * count_lines(name)
    flags = ["C"] if step.interlock.programmed else []
    flags += ["V"] if step.supervision.programmed else []
    box = max(box, _FLAG * len(flags) + 6)
    raised = _ARROW_SPACE if sources else 0.0
    arrival = wrap(", ".join(sources), NAME_WIDTH)
    raised = max(raised, LINE * count_lines(arrival) + 6 if sources else 0.0)
    height = raised + max(box, table.height) + _SPACE

    def draw(x: float, y: float) -> Iterator[Mark]:
        if sources:
            yield from _draw_arrival(arrival, x, y + raised / 2)
        top = y + raised
        yield Line(x, y, x, top)
        left = x - width / 2
        yield Frame(left, top, width, box, Subject(place=f"S{step.number}"))
        if step.init:
            yield Frame(left + 3, top + 3, width - 6, box - 6)
        yield Label(x, top + 17, f"S{step.number}", style="title")
        yield Label(x, top + 17 + LINE, name, style="name")
        for index, flag in enumerate(flags):
            yield Frame(left - _FLAG, top + _FLAG * index, _FLAG, _FLAG)
            yield Label(left - _FLAG / 2, top + 12 + _FLAG * index, flag, style="letter")
        if step.actions:
            yield Line(x + width / 2, top + 12, x + width / 2 + _SPACE, top + 12)
            yield from table.draw(x + width / 2 + _SPACE, top)
        yield Line(x, top + box, x, y + height)

    strips = [Strip(0, raised, text_width(arrival) + 34, 0)] if sources else []
    strips.append(Strip(raised, raised + box, width / 2 + (_FLAG if flags else 0.0), width / 2))
    if step.actions:
        strips.append(Strip(raised, raised + table.height, 0, width / 2 + _SPACE + table.width))
    return Column((*strips, Strip(0, height, 0, 0)), height, draw)


def _draw_arrival(names: str, x: float, y: float) -> Iterator[Mark]:
    """Draw the arrow of the jumps that lead to a step."""
    yield Line(x - 26, y, x - 7, y)
    yield Curve("M-7 -4l7 4l-7 4z", x, y, "arrow")
    yield Label(x - 30, y + 4 - (count_lines(names) - 1) * LINE / 2, names, "end", "node")


class _Table:
    """The actions of a step."""

    def __init__(self, actions: Sequence[Action], most: int) -> None:
        self.rows = [_HEADINGS, *(_cells(action, most) for action in actions)]
        self.widths = [max(text_width(row[index]) for row in self.rows) + 12 for index in range(len(_HEADINGS))]
        self.heights = [LINE * max(1, *map(count_lines, row)) + 6 for row in self.rows]
        self.width = sum(self.widths)
        self.height = sum(self.heights) if actions else 0.0

    def draw(self, x: float, y: float) -> Iterator[Mark]:
        yield Frame(x, y, self.width, self.height)
        place = x
        for width in self.widths[:-1]:
            place += width
            yield Line(place, y, place, y + self.height, "grid")
        for number, (row, height) in enumerate(zip(self.rows, self.heights, strict=True)):
            if number:
                yield Line(x, y, x + self.width, y, "grid")
            place = x
            for text, width in zip(row, self.widths, strict=True):
                if text:
                    yield Label(place + 6, y + 14, text, "start", "action" if number else "type")
                place += width
            y += height


def _cells(action: Action, most: int) -> tuple[str, ...]:
    lines = [wrap(line.replace("\t", "    ").rstrip(), most) for line in action.text.splitlines()]
    interlock = "-(C)-" if action.interlock else ""
    return interlock, action.event, action.qualifier, "\n".join(lines)


def transition_column(transition: Transition, condition: Figure | None, *, fed: bool) -> Column:
    """Return a transition with its condition on the left.

    Args:
        transition: the transition.
        condition: its condition, None where there is none to draw.
        fed: whether the condition leads to the bar; a whole network that has its own coil does not.
    """
    name = wrap(transition.name, NAME_WIDTH)
    number = f"T{transition.number}"
    above = max(condition.above if condition else 0.0, LINE) + 4
    below = max(condition.below if condition else 0.0, LINE * count_lines(name)) + 8

    def draw(x: float, y: float) -> Iterator[Mark]:
        line = y + above
        yield Line(x, y, x, line + below)
        yield Line(x - _BAR, line, x + _BAR, line, "bar", Subject(place=f"T{transition.number}"))
        yield Label(x + _BAR + 6, line + 4, number, "start", "title")
        yield Label(x + _BAR + 12 + text_width(number), line + 4, name, "start", "name")
        if condition:
            start = x - _BAR - _SPACE - condition.width
            yield from condition.draw(start, line, condition.width)
            if fed:
                end = wire(start + condition.width, line, x - _BAR, line, condition.leaves)
                yield from belonging_to(f"T{transition.number}", [end])

    left = _BAR + (_SPACE + condition.width if condition else 0.0)
    right = _BAR + 12 + text_width(number) + text_width(name)
    return column(left, right, above + below, draw)


def jump_column(name: str) -> Column:
    """Return an arrow that leads to the step with this name."""
    shown = wrap(name, NAME_WIDTH)
    half = text_width(shown) / 2 + 2
    height = 30 + LINE * count_lines(shown)

    def draw(x: float, y: float) -> Iterator[Mark]:
        yield Line(x, y, x, y + 14)
        yield Curve("M-5 0h10l-5 9z", x, y + 13, "arrow")
        yield Label(x, y + 35, shown, style="jump")

    return column(half, half, height, draw)


def entry_column(name: str) -> Column:
    """Return the start of a path at the branch with this name."""
    half = text_width(name) / 2 + 2

    def draw(x: float, y: float) -> Iterator[Mark]:
        yield Label(x, y + 12, name, style="jump")
        yield Line(x, y + 17, x, y + 26)

    return column(half, half, 26, draw)


def end_column() -> Column:
    """Return the end of a sequence: the line stops at a bar."""

    def draw(x: float, y: float) -> Iterator[Mark]:
        yield Line(x, y, x, y + 14)
        yield Line(x - 9, y + 14, x + 9, y + 14, "bar")

    return column(9, 9, 20, draw)
