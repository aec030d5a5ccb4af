"""A finished drawing: marks on a sheet, and the SVG document of them; lines and texts take the colour around them."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from lxml import etree

from simatic_xml.drawing.marks import LINE, MISSING, Curve, Frame, Label, Line, Mark, Subject

_STYLE = """
.network{color:#1f2328;font:12px ui-monospace,Consolas,'DejaVu Sans Mono',monospace;fill:currentColor}
.network .line{stroke:currentColor;stroke-width:1.2;fill:none}
.network .rail,.network .bar{stroke:currentColor;stroke-width:2.5}
.network .grid{stroke:currentColor;stroke-width:.8;stroke-opacity:.6}
.network .frame{stroke:currentColor;stroke-width:1.2;fill:currentColor;fill-opacity:.05}
.network .operand{fill:#0550ae}.network .title,.network .letter{font-weight:bold}.network .node{font-style:italic}
.network .type,.network .continuation{font-size:10.5px}
@media(prefers-color-scheme:dark){.network{color:#e6edf3}.network .operand{fill:#79c0ff}}
"""
_LINE_CLASSES = {"wire": "line"}


@dataclass(frozen=True, slots=True)
class Sheet:
    """Marks within a width and a height, from the upper left corner."""

    width: float
    height: float
    marks: Sequence[Mark]

    def at(self, x: float, y: float) -> Iterable[Mark]:
        """Yield the marks moved to a place."""
        return (_move(mark, x, y) for mark in self.marks)


def _move(mark: Mark, x: float, y: float) -> Mark:
    match mark:
        case Line():
            return replace(mark, x1=mark.x1 + x, x2=mark.x2 + x, y1=mark.y1 + y, y2=mark.y2 + y)
        case Curve():
            return replace(mark, x=mark.x + x, y=mark.y + y)
        case Label():
            return replace(mark, x=mark.x + x, y=mark.y + y)
    return replace(mark, x=mark.x + x, y=mark.y + y)


def belonging_to(place: str, marks: Iterable[Mark]) -> Iterable[Mark]:
    """Yield the marks of a network that belongs to a place in a GRAPH program."""
    return (replace(mark, subject=replace(mark.subject, place=place)) for mark in marks)


def write(sheet: Sheet) -> str:
    """Return the SVG document of a sheet."""
    size = {"width": f"{sheet.width:.0f}", "height": f"{sheet.height:.0f}"}
    size["viewBox"] = f"0 0 {sheet.width:.0f} {sheet.height:.0f}"
    root = etree.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size, "class": "network", "role": "img"})
    etree.SubElement(root, "style").text = _STYLE
    for mark in sheet.marks:
        _write_mark(root, mark)
    return etree.tostring(root, encoding="unicode")


def _write_mark(root: etree._Element, mark: Mark) -> None:
    match mark:
        case Line(x1, y1, x2, y2, style, subject):
            ends = {"x1": f"{x1:.1f}", "y1": f"{y1:.1f}", "x2": f"{x2:.1f}", "y2": f"{y2:.1f}"}
            etree.SubElement(root, "line", {**ends, "class": _LINE_CLASSES.get(style, style), **_names(subject)})
        case Label(x, y, text, anchor, style, subject):
            place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor, "class": style, **_names(subject)}
            _write_lines(etree.SubElement(root, "text", place), text.split("\n"), x)
        case Frame(x, y, width, height, subject):
            frame = {"x": f"{x:.1f}", "y": f"{y:.1f}", "width": f"{width:.1f}", "height": f"{height:.1f}"}
            etree.SubElement(root, "rect", {**frame, "class": "frame", **_names(subject)})
        case Curve(path, x, y, style, subject):
            place = {"transform": f"translate({x:.1f} {y:.1f})"}
            kind = "line" if style == "symbol" else style
            etree.SubElement(root, "path", {"d": path, **place, "class": kind, **_names(subject)})


def _write_lines(text: etree._Element, lines: Sequence[str], x: float) -> None:
    if len(lines) == 1:
        text.text = lines[0]
        return
    for index, line in enumerate(lines):
        place = {"x": f"{x:.1f}", "dy": f"{LINE if index else 0:g}"}
        etree.SubElement(text, "tspan", place).text = line


def _names(subject: Subject) -> dict[str, str]:
    """Return the attributes that name what a mark shows, for tools that link it."""
    known = {
        "data-part": subject.part,
        "data-wire": subject.wire,
        "data-pin": subject.pin,
        "data-operand": subject.operand,
        "data-place": subject.place,
    }
    return {name: str(value) for name, value in known.items() if value and value != MISSING}
