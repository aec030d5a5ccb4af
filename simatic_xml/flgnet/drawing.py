"""Draw a network as SVG, as TIA Portal shows it; lines and texts take the colour around them."""

from collections.abc import Sequence
from dataclasses import replace

from lxml import etree

from simatic_xml.flgnet import shorthand
from simatic_xml.flgnet.boxes import Box, PinRow
from simatic_xml.flgnet.catalogue import ABSENT_IN_FBD, all_pins, entry, flow_pins
from simatic_xml.flgnet.figures import (
    Curve,
    Figure,
    Frame,
    Label,
    Line,
    Mark,
    Row,
    dot,
    fork,
    parallel,
    symbol,
    text_width,
)
from simatic_xml.flgnet.lifting import lift
from simatic_xml.flgnet.model import Ident, NetworkGraph, Part, Pin, Rail
from simatic_xml.flgnet.parts_view import shown
from simatic_xml.flgnet.reading import graph
from simatic_xml.flgnet.tree import (
    Branch,
    From,
    Item,
    Node,
    Operand,
    Parallel,
    Series,
    Step,
    Tree,
    Unwired,
    Value,
)
from simatic_xml.flgnet.wiring import NotLiftableError

_MARGIN = 12.0
_CONTACT = "M-6 -9 v18M6 -9 v18M-6 0 "
_COIL = "M-6 -9 q-8 9 0 18M6 -9 q8 9 0 18"
_BARS = "M-6 -9 v18M6 -9 v18"
_CONTACT_LETTERS = {"PContact": "P", "NContact": "N"}
_COIL_LETTERS = {"SCoil": "S", "RCoil": "R", "PCoil": "P", "NCoil": "N", "SdCoil": "SD", "SfCoil": "SF"}
_COIL_LETTERS |= {"SpCoil": "SP", "SeCoil": "SE", "SsCoil": "SS", "Jump": "JMP", "JumpNot": "JMPN", "Return": "RET"}
_COIL_LETTERS |= {"CoilTON": "TON", "CoilTOF": "TOF", "CoilTP": "TP", "CoilTONR": "TONR", "ResetIECTimerCoil": "RT"}
_COIL_LETTERS |= {"TrCoil": "TR", "SvCoil": "SV", "IlCoil": "IL", "ReturnTrue": "RET 1", "ReturnFalse": "RET 0"}
_TITLES = {"A": "&", "O": ">=1", "X": "x", "Not": "NOT", "PBox": "P_TRIG", "NBox": "N_TRIG", "Sr": "SR", "Rs": "RS"}
_STYLE = """
.network{color:#1f2328;font:12px ui-monospace,Consolas,'DejaVu Sans Mono',monospace;fill:currentColor}
.network .line{stroke:currentColor;stroke-width:1.2;fill:none}
.network .rail{stroke:currentColor;stroke-width:2.5}
.network .frame{stroke:currentColor;stroke-width:1.2;fill:currentColor;fill-opacity:.05}
.network .operand{fill:#0550ae}.network .title,.network .letter{font-weight:bold}.network .node{font-style:italic}
@media(prefers-color-scheme:dark){.network{color:#e6edf3}.network .operand{fill:#79c0ff}}
"""


def svg(element: etree._Element) -> str:
    """Draw a ``FlgNet`` element.

    Returns:
        An SVG document, as wide as its texts need. What no series can show is drawn box by box, each wire named
        by the pin that it comes from.
    """
    network = graph(element)
    try:
        tree = lift(network)
    except NotLiftableError:
        tree = _boxes_only(network)
    return _Drawing(tree).document()


def _boxes_only(network: NetworkGraph) -> Tree:
    """Return every part as a separate box that names what its pins are wired to."""
    steps = {part.uid: Step(part) for part in network.parts}
    texts = {access.uid: access.text for access in network.accesses}
    for wire, index, pin in network.pins():
        others = [end for position, end in enumerate(wire.ends) if position != index]
        if pin.part in steps and others:
            end = wire.ends[0] if index else others[0]
            pins = steps[pin.part].inputs if index else steps[pin.part].outputs
            pins[pin.name] = Operand(_end_text(end, texts))
    return Tree([[step] for step in steps.values()], rail=False)


def _end_text(end: object, texts: dict[int, str]) -> str:
    match end:
        case Ident(access):
            return texts.get(access, "?")
        case Pin(part, name):
            return f"{part}.{name}"
        case Rail():
            return "|"
    return "…"


class _Drawing:
    def __init__(self, tree: Tree) -> None:
        self.tree = tree

    def document(self) -> str:
        rungs = [self.series(rung) for rung in self.tree.rungs]
        width = max([figure.width for figure in rungs], default=60.0)
        marks: list[Mark] = []
        height = _MARGIN
        left = _MARGIN + (14 if self.tree.rail else 0)
        for label in self.tree.labels:
            marks.append(Label(_MARGIN, height + 12, f"{label.name}:", "start", "title"))
            height += 20
        top = height
        for figure in rungs:
            line = height + figure.above
            if self.tree.rail:
                marks.append(Line(_MARGIN, line, left, line))
            marks += figure.draw(left, line, width + 14 if figure.to_right and self.tree.rail else figure.width)
            height = line + figure.below + 12
        right = left + width
        if self.tree.rail:
            marks.append(Line(_MARGIN, top, _MARGIN, height, "rail"))
            marks += [Line(right + 14, top, right + 14, height, "rail")] if any(f.to_right for f in rungs) else []
            right += 14
        return _write(marks, right + _MARGIN, height + _MARGIN)

    def series(self, series: Series, *, fed: bool | None = None, goes_on: bool = False) -> Figure:
        """Return a series as a figure.

        Args:
            series: the series.
            fed: whether something leads to its start, as a power rail does.
            goes_on: whether its line leads to something behind it.
        """
        row = Row()
        fed = self.tree.rail if fed is None else fed
        for index, item in enumerate(series):
            if isinstance(item, Branch) and index + 1 < len(series):
                row.taps.append((len(row.figures), self.fork(item)))
            else:
                row.figures.append(self.item(item, fed=fed or index > 0, goes_on=goes_on or index + 1 < len(series)))
        return row.figure()

    def fork(self, branch: Branch) -> Figure:
        return fork([self.series(arm, fed=True) for arm in branch.arms])

    def item(self, item: Item, *, fed: bool, goes_on: bool) -> Figure:
        match item:
            case Step():
                return self.step(item, fed=fed, goes_on=goes_on)
            case Parallel():
                return parallel([self.series(branch, fed=fed, goes_on=True) for branch in item.branches])
            case Branch():
                return self.fork(item)
            case Node(name):
                return _named(name, is_start=False)
            case From(name):
                return _named(name, is_start=True)
            case Operand(text):
                return _lead(shown(text))
        raise TypeError(item)

    def step(self, step: Step, *, fed: bool, goes_on: bool) -> Figure:
        known = entry(step.part)
        group = known.group if known and self.tree.rail else ""
        values = {pin: value for pin, value in step.inputs.items() if isinstance(value, Operand)}
        if len(values) < len(step.inputs):
            group = ""
        if group == "compare" and {"in1", "in2"} <= set(values) and step.part.name in shorthand.OPERATOR_OF:
            return self.compare(step.part, values)
        if group == "contact" and ("operand" in values or step.part.name == "Not"):
            return self.contact(step.part, values)
        if group in ("coil", "jump"):
            return self.coil(step.part, values)
        return self.box(step, fed=fed, goes_on=goes_on)

    def compare(self, part: Part, values: dict[str, Operand]) -> Figure:
        letters = [f"={shorthand.OPERATOR_OF[part.name]}", _BARS.replace("-6", "-16").replace("M6", "M16")]
        under = shown(values["in2"].text)
        return symbol(shown(values["in1"].text), letters, 16, under=under)

    def contact(self, part: Part, values: dict[str, Operand]) -> Figure:
        if part.name == "Not":
            return symbol("", [_BARS.replace("-6", "-16").replace("M6", "M16"), "=NOT"], 16)
        letter = _CONTACT_LETTERS.get(part.name)
        marks = [_BARS] + ([f"={letter}"] if letter else [])
        if "operand" in part.negated:
            marks.append("M-6 9 l12 -18")
        under = shown(values["bit"].text) if "bit" in values else ""
        return symbol(shown(values["operand"].text), marks, 6, under=under)

    def coil(self, part: Part, values: dict[str, Operand]) -> Figure:
        over = next((shown(values[pin].text) for pin in ("operand", "label") if pin in values), "")
        under = next((shown(values[pin].text) for pin in ("bit", "value") if pin in values), "")
        letter = _COIL_LETTERS.get(part.name, "" if part.name == "Coil" else part.name)
        half = 6 + max(0.0, text_width(letter) / 2 - 4)
        marks = [f"M{-half:g} -9 q-8 9 0 18M{half:g} -9 q8 9 0 18"] + ([f"={letter}"] if letter else [])
        if "operand" in part.negated:
            marks.append("M-5 9 l10 -18")
        return symbol(over, marks, half + 4, to_right=True, under=under)

    def box(self, step: Step, *, fed: bool, goes_on: bool) -> Figure:
        part = step.part
        flow_in, flow_out = flow_pins(part)
        known = entry(part)
        flows_in = fed and flow_in is not None and flow_in not in step.inputs
        continued = step.via or flow_out
        flows_out = goes_on and continued is not None and continued not in step.outputs
        inputs = self.rows(step, flow_in if flow_in not in step.inputs else None, step.inputs, is_input=True)
        if inputs and not fed:
            inputs = inputs[1:] if inputs[0].name == ABSENT_IN_FBD else [replace(inputs[0], is_open=True), *inputs[1:]]
        outputs = self.rows(step, continued if continued not in step.outputs else None, step.outputs, is_input=False)
        over = shown(step.part.instance or "")
        is_coil = known is not None and known.group == "coil"
        title = _title(part)
        if is_coil and not self.tree.rail:
            operand = step.inputs.get("operand")
            over = shown(operand.text) if isinstance(operand, Operand) else over
            inputs = [row for row in inputs if row.name != "operand"]
            title = _COIL_LETTERS.get(part.name, "=")
        return Box(title, over, inputs, outputs, flows_in, flows_out).figure()

    def rows(self, step: Step, flow: str | None, pins: dict[str, Value], *, is_input: bool) -> list[PinRow]:
        known = all_pins(step.part, [*step.inputs, *step.outputs])
        listed = list(known[0 if is_input else 1]) if known else []
        names = dict.fromkeys([*([flow] if flow else []), *listed, *pins])
        own_flow = flow_pins(step.part)
        rows: list[PinRow] = []
        for name in names:
            value = pins.get(name)
            silent = name in own_flow and name != flow
            if (value is None and silent) or (isinstance(value, Unwired) and silent):
                continue
            row = self.row(step.part, name, value, is_input=is_input)
            rows.append(replace(row, is_open=False) if name == flow else row)
        return rows

    def row(self, part: Part, name: str, value: Value | None, *, is_input: bool) -> PinRow:
        negated = name in part.negated
        known = entry(part)
        group = known.group if known else ""
        hidden = group == "gate" or (name in flow_pins(part) and group in ("coil", "contact", "compare"))
        text = "" if hidden and name != ABSENT_IN_FBD else name
        if isinstance(value, Operand):
            return PinRow(text, shown(value.text), negated=negated)
        if isinstance(value, list):
            return PinRow(text, logic=self.logic(value, is_input=is_input), negated=negated)
        return PinRow(text, negated=negated, is_open=not isinstance(value, Unwired))

    def logic(self, series: Series, *, is_input: bool) -> Figure:
        figure = self.series(series, goes_on=is_input)
        starts_at_rail = is_input and self.tree.rail and not (series and isinstance(series[0], From))
        return _with_stub(figure) if starts_at_rail else figure


def _title(part: Part) -> str:
    if part.is_call:
        return part.name
    return shorthand.OPERATOR_OF.get(part.name, _TITLES.get(part.name, part.name.upper()))


def _with_stub(figure: Figure) -> Figure:
    """Put a short piece of power rail in front of a figure."""

    def draw(x: float, y: float, width: float) -> "Sequence[Mark]":
        rail = Line(x + 2, y - 9, x + 2, y + 9, "rail")
        return [rail, Line(x + 2, y, x + 10, y), *figure.draw(x + 10, y, width - 10)]

    return Figure(figure.width + 10, figure.above, figure.below, lambda x, y, w: iter(draw(x, y, w)))


def _named(name: str, *, is_start: bool) -> Figure:
    width = text_width(name) + 8

    def draw(x: float, y: float, own: float) -> "Sequence[Mark]":
        label = Label(x + own / 2, y - 6, name, style="node")
        return [label, dot(x if is_start else x + own / 2, y), Line(x, y, x + own, y)]

    return Figure(width, 20, 4, lambda x, y, w: iter(draw(x, y, w)), detached=is_start)


def _lead(text: str) -> Figure:
    width = text_width(text) + 6
    return Figure(width, 12, 8, lambda x, y, _w: iter([Label(x, y + 4, text, "start")]))


def _write(marks: Sequence[Mark], width: float, height: float) -> str:
    size = {"width": f"{width:.0f}", "height": f"{height:.0f}", "viewBox": f"0 0 {width:.0f} {height:.0f}"}
    root = etree.Element("svg", {"xmlns": "http://www.w3.org/2000/svg", **size, "class": "network", "role": "img"})
    etree.SubElement(root, "style").text = _STYLE
    for mark in marks:
        _write_mark(root, mark)
    return etree.tostring(root, encoding="unicode")


def _write_mark(root: etree._Element, mark: Mark) -> None:
    match mark:
        case Line(x1, y1, x2, y2, style):
            ends = {"x1": f"{x1:.1f}", "y1": f"{y1:.1f}", "x2": f"{x2:.1f}", "y2": f"{y2:.1f}"}
            etree.SubElement(root, "line", {**ends, "class": "rail" if style == "rail" else "line"})
        case Label(x, y, text, anchor, style):
            place = {"x": f"{x:.1f}", "y": f"{y:.1f}", "text-anchor": anchor, "class": style}
            etree.SubElement(root, "text", place).text = text
        case Frame(x, y, width, height):
            frame = {"x": f"{x:.1f}", "y": f"{y:.1f}", "width": f"{width:.1f}", "height": f"{height:.1f}"}
            etree.SubElement(root, "rect", {**frame, "class": "frame"})
        case Curve(path, style):
            etree.SubElement(root, "path", {"d": path, "class": "line" if style == "symbol" else "dot"})
