"""A drawing measured as a viewer shows it: where its texts, frames and wires are, and what the wires connect."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations
from unicodedata import east_asian_width

from lxml import etree

SVG = "{http://www.w3.org/2000/svg}"
ADVANCE = 0.602
"""Width of a character of the widest font that the drawings name, DejaVu Sans Mono, as part of the font's size."""

_SIZES = {"type": 10.5, "continuation": 10.5}
_SLACK = 0.6
"""Places are rounded to a tenth; marks may touch."""


@dataclass(frozen=True)
class Area:
    """A rectangle of the drawing with what it shows."""

    left: float
    top: float
    right: float
    bottom: float
    name: str = ""
    kind: str = ""

    def meets(self, other: "Area") -> bool:
        """Return whether two areas have more than an edge in common."""
        across = min(self.right, other.right) - max(self.left, other.left)
        return across > _SLACK and min(self.bottom, other.bottom) - max(self.top, other.top) > _SLACK

    def holds(self, other: "Area") -> bool:
        """Return whether another area is inside this one."""
        across = self.left - _SLACK <= other.left and other.right <= self.right + _SLACK
        return across and self.top - _SLACK <= other.top and other.bottom <= self.bottom + _SLACK


def numbers(element: etree._Element, *names: str) -> list[float]:
    return [float(element.get(name, "nan")) for name in names]


def texts(picture: etree._Element) -> list[Area]:
    """Return each line of text with the room that its letters need."""
    found = []
    for text in picture.iter(f"{SVG}text"):
        x, y = numbers(text, "x", "y")
        kind, anchor = text.get("class", ""), text.get("text-anchor", "")
        for line in list(text) or [text]:
            y += float(line.get("dy", "0"))
            shown = line.text or ""
            width = sum(2 if east_asian_width(char) in "WF" else 1 for char in shown) * ADVANCE * _SIZES.get(kind, 12)
            left = {"start": x, "middle": x - width / 2, "end": x - width}[anchor]
            found.append(Area(left, y - 9, left + width, y + 2.5, shown, kind))
    return [each for each in found if each.name.strip()]


def whole_text(text: etree._Element) -> str:
    """Return a text without its line breaks."""
    return "".join(map(str, text.itertext()))


def labels(picture: etree._Element) -> list[Area]:
    """Return each whole text with the room of all its lines."""
    found = []
    lines_of = iter(texts(picture))
    for text in picture.iter(f"{SVG}text"):
        whole = whole_text(text)
        if whole.strip():
            parts = [next(lines_of) for line in (list(text) or [text]) if (line.text or "").strip()]
            left, top = min(each.left for each in parts), min(each.top for each in parts)
            right, bottom = max(each.right for each in parts), max(each.bottom for each in parts)
            found.append(Area(left, top, right, bottom, whole, text.get("class", "")))
    return found


def frames(picture: etree._Element) -> list[Area]:
    found = []
    for frame in picture.iter(f"{SVG}rect"):
        x, y, width, height = numbers(frame, "x", "y", "width", "height")
        found.append(Area(x, y, x + width, y + height, frame.get("data-part", "")))
    return found


def lines(picture: etree._Element) -> list[Area]:
    """Return the lines, all of which run across or down; the name is the number of the wire."""
    found = []
    for line in picture.iter(f"{SVG}line"):
        x1, y1, x2, y2 = numbers(line, "x1", "y1", "x2", "y2")
        assert x1 == x2 or y1 == y2
        found.append(
            Area(min(x1, x2), min(y1, y2), max(x1, x2), max(y1, y2), line.get("data-wire", ""), line.get("class", ""))
        )
    return found


def faults(picture: etree._Element) -> Iterator[str]:
    """Yield what a reader would see as a mistake: marks outside, over each other, or through each other."""
    width, height = numbers(picture, "width", "height")
    page = Area(0, 0, width, height)
    words, boxes, wires = texts(picture), frames(picture), lines(picture)
    yield from (f"outside: {each}" for each in [*words, *boxes, *wires] if not page.holds(each))
    for one, other in combinations(boxes, 2):
        if one.meets(other) and not (one.holds(other) or other.holds(one)):
            yield f"frames overlap: {one} {other}"
    for one, other in combinations(words, 2):
        if one.meets(other):
            yield f"texts overlap: {one} {other}"
    for word in words:
        yield from (f"frame cuts text: {word} {box}" for box in boxes if box.meets(word) and not box.holds(word))
    for wire in wires:
        across = Area(wire.left - 1, wire.top - 1, wire.right + 1, wire.bottom + 1, kind=wire.kind)
        yield from (f"line through text: {across} {word}" for word in words if across.meets(word))
        if wire.kind != "grid":
            yield from (f"line in frame: {wire} {box}" for box in boxes if _enters(wire, box))


def _enters(wire: Area, box: Area) -> bool:
    """Return whether a part of a line is inside a frame."""
    inner = Area(box.left + 1, box.top + 1, box.right - 1, box.bottom - 1)
    across = min(wire.right, inner.right) - max(wire.left, inner.left)
    return across >= 0 and min(wire.bottom, inner.bottom) - max(wire.top, inner.top) >= 0
