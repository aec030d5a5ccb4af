"""What a drawing consists of: lines, texts, frames and curves, and how wide a text is.

Lengths are SVG user units, which are pixels at the usual size.
"""

from dataclasses import dataclass
from typing import TypeAlias
from unicodedata import east_asian_width

CHARACTER = 7.3
LINE = 14.0
"""Distance of two lines of one text."""

ROW = 18.0
GAP = 14.0
RAIL_GAP = 12.0
_BREAKS = frozenset("._-,/]) ")


@dataclass(frozen=True, slots=True)
class Subject:
    """What a mark shows, for tools that link it or paint current on it.

    Attributes:
        part: number of the part in its network, 0 for none.
        wire: number of the wire in its network, 0 for none.
        pin: name of the pin that an operand is at.
        operand: an operand as TIA Portal shows it, without line breaks.
        place: in GRAPH what the network belongs to: ``T1``, ``S1``, ``S1.interlock``, ``S1.supervision``, ``before.1``,
            ``after.1``.
    """

    part: int = 0
    wire: int = 0
    pin: str = ""
    operand: str = ""
    place: str = ""


NOTHING = Subject()
MISSING = "<???>"
"""What is shown where a symbol lacks its operand."""


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line; ``style`` is wire, rail, grid or bar."""

    x1: float
    y1: float
    x2: float
    y2: float
    style: str = "wire"
    subject: Subject = NOTHING


@dataclass(frozen=True, slots=True)
class Label:
    """A text whose first line is at a height; ``anchor`` is start, middle or end.

    A line feed starts the next line of the drawing and is no part of the text.
    """

    x: float
    y: float
    text: str
    anchor: str = "middle"
    style: str = "operand"
    subject: Subject = NOTHING


@dataclass(frozen=True, slots=True)
class Frame:
    """The frame of a box."""

    x: float
    y: float
    width: float
    height: float
    subject: Subject = NOTHING


@dataclass(frozen=True, slots=True)
class Curve:
    """A path in SVG notation around a place, filled unless its style is `symbol`."""

    path: str
    x: float
    y: float
    style: str = "symbol"
    subject: Subject = NOTHING


Mark: TypeAlias = Line | Label | Frame | Curve


def text_width(text: str) -> float:
    """Return the width of a text in the fixed-pitch font of the drawing; that of its longest line."""
    return max(_characters(line) for line in text.split("\n")) * CHARACTER


def _characters(text: str) -> int:
    return sum(2 if east_asian_width(char) in "WF" else 1 for char in text)


def count_lines(text: str) -> int:
    """Return how many lines a text has; an empty one has none."""
    return text.count("\n") + 1 if text else 0


def wrap(text: str, most: int) -> str:
    """Break a text into lines of at most ``most`` characters, behind a dot, blank or the like where there is one."""
    lines: list[str] = []
    while _characters(text) > most:
        end = _fitting(text, most)
        places = [place for place in range(end // 3, end) if text[place] in _BREAKS]
        cut = places[-1] + 1 if places else end
        lines.append(text[:cut])
        text = text[cut:]
    return "\n".join([*lines, text])


def _fitting(text: str, most: int) -> int:
    """Return how many characters at the start of a text fit, at least one."""
    used = 0
    for place, char in enumerate(text):
        used += _characters(char)
        if used > most:
            return max(place, 1)
    return len(text)


def wire(x1: float, y1: float, x2: float, y2: float, number: int) -> Line:
    """Return a piece of a wire."""
    return Line(x1, y1, x2, y2, subject=Subject(wire=number))


def dot(x: float, y: float, number: int = 0) -> Curve:
    """Return the dot that joins wires."""
    return Curve("M-2 0a2 2 0 1 0 4 0a2 2 0 1 0 -4 0", x, y, "dot", Subject(wire=number))
