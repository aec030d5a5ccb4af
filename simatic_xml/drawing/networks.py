"""Draw LAD and FBD networks as TIA Portal shows them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import count

from simatic_xml.drawing import naming
from simatic_xml.drawing.boxes import Box, PinRow
from simatic_xml.drawing.figures import Figure, Row, fork, parallel, spacer
from simatic_xml.drawing.folding import MARKS_WIDTH, fold
from simatic_xml.drawing.marks import MISSING, NOTHING, RAIL_GAP, Label, Line, Mark, Subject, text_width, wire
from simatic_xml.drawing.sheet import Sheet
from simatic_xml.drawing.symbols import lead, node_name, rail_stub, symbol
from simatic_xml.drawing.wires import Wires
from simatic_xml.flgnet import shorthand
from simatic_xml.flgnet.catalogue import ABSENT_IN_FBD, all_pins, entry, flow_pins
from simatic_xml.flgnet.lifting import lift
from simatic_xml.flgnet.model import Ident, NetworkGraph, Part, Pin, Rail
from simatic_xml.flgnet.tree import (
    Branch,
    From,
    Item,
    Node,
    OpenPin,
    Operand,
    Parallel,
    Series,
    Step,
    Tree,
    UnwiredPin,
    Value,
)
from simatic_xml.flgnet.wiring import NotLiftableError

MARGIN = 12.0
_RAIL = 14.0
_LEAST = 240.0
"""Width to which rows are folded at most; narrower ones would only be taller."""

_BOX_WIDTH = 200.0
_CONTACT_LETTERS = {"PContact": "P", "NContact": "N"}
_WIDE_BARS = "M-16 -9 v18M16 -9 v18"
_SYMBOL_PINS = frozenset({*naming.OVER, *naming.UNDER, "in1", "in2", "value"})
"""Pins whose operand belongs to the symbol itself, so that it lacks something without it."""

_FBD_COILS = {"Coil": "=", "PCoil": "P=", "NCoil": "N="}


def tree_of(network: NetworkGraph) -> Tree:
    """Return a network as series; what no series can show becomes boxes that name what their pins are wired to."""
    try:
        return lift(network)
    except NotLiftableError:
        return _boxes_only(network)


def _boxes_only(network: NetworkGraph) -> Tree:
    """Return every part as a separate box that names what its pins are wired to."""
    steps = {part.uid: Step(part, origin=part.uid) for part in network.parts}
    texts = {access.uid: access.text for access in network.accesses}
    for found, index, pin in network.pins():
        others = [end for position, end in enumerate(found.ends) if position != index]
        if pin.part in steps and others:
            end = found.ends[0] if index else others[0]
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


class NetworkDrawing:
    """Draws one network.

    Attributes:
        tree: the network as series.
        most: width of the drawing beyond which rows are folded, None for any width.
        wires: its wires.
    """

    def __init__(self, network: NetworkGraph, most: float | None = None, numbers: Iterator[int] | None = None) -> None:
        """Draw a network that is at most as wide as ``most``, if its single boxes allow that.

        Args:
            network: the network.
            most: width of the drawing.
            numbers: counts the rows that continue below, where several networks share a drawing.
        """
        self.tree = tree_of(network)
        self.most = most
        self.wires = Wires(network)
        self._numbers = numbers or count(1)

    def sheet(self) -> Sheet:
        """Return the whole network with its rails."""
        space = None if self.most is None else self.most - 2 * MARGIN - (2 * _RAIL if self.tree.rail else 0)
        rungs = [self.series(rung, space) for rung in self.tree.rungs]
        width = max([figure.width for figure in rungs], default=60.0)
        marks: list[Mark] = []
        height = MARGIN
        left = MARGIN + (_RAIL if self.tree.rail else 0)
        for label in self.tree.labels:
            name = naming.operand_name(label.name)
            marks.append(Label(MARGIN, height + 12, f"{name}:", "start", "title"))
            width = max(width, text_width(name) + 20)
            height += 20
        top = height
        for figure in rungs:
            line = height + figure.above
            if self.tree.rail and not figure.detached:
                marks.append(wire(MARGIN, line, left, line, figure.enters))
            marks += figure.draw(left, line, width + _RAIL if figure.to_right and self.tree.rail else figure.width)
            height = line + figure.below + 12
        right = left + width
        if self.tree.rail:
            marks.append(Line(MARGIN, top, MARGIN, height, "rail"))
            marks += [Line(right + _RAIL, top, right + _RAIL, height, "rail")] if any(f.to_right for f in rungs) else []
            right += _RAIL
        return Sheet(right + MARGIN, height + MARGIN, marks)

    def series(
        self, series: Series, most: float | None, *, fed: bool | None = None, goes_on: bool = False, number: int = 0
    ) -> Figure:
        """Return a series as a figure.

        Args:
            series: the series.
            most: width beyond which it is folded, None for any width.
            fed: whether something leads to its start, as a power rail does.
            goes_on: whether its line leads to something after it.
            number: the wire that it leads to, where its items do not show that.
        """
        whole = self._row(series, None, number, fed=fed, goes_on=goes_on).figure()
        if most is None or whole.width <= most:
            return whole
        folded = fold(self._row(series, most, number, fed=fed, goes_on=goes_on), most, self._numbers, goes_on=goes_on)
        return folded if folded.width < whole.width else whole

    def _row(self, series: Series, most: float | None, number: int, *, fed: bool | None, goes_on: bool) -> Row:
        row = Row(wire=number)
        wires = self.wires.before_each(series, number)
        fed = self.tree.rail if fed is None else fed
        inner = _less(most, MARKS_WIDTH) if len(series) > 1 else most
        for index, item in enumerate(series):
            is_last = index + 1 == len(series)
            leads_on = goes_on or not is_last
            if isinstance(item, Branch) and leads_on:
                row.taps.append((len(row.figures), self._fork(item, inner)))
                row.figures += [spacer(wires[index])] if is_last else []
            else:
                row.figures.append(self._item(item, inner, wires[index], fed=fed or index > 0, goes_on=leads_on))
        return row

    def _fork(self, branch: Branch, most: float | None) -> Figure:
        return fork([self.series(arm, _less(most, RAIL_GAP), fed=True) for arm in branch.arms])

    def _item(self, item: Item, most: float | None, number: int, *, fed: bool, goes_on: bool) -> Figure:
        match item:
            case Step():
                return self._step(item, most, fed=fed, goes_on=goes_on)
            case Parallel(branches, origin=uid):
                inner = _less(most, 2 * RAIL_GAP)
                figures = [
                    self.series(branch, inner, fed=fed, goes_on=True, number=self.wires.at(uid, f"in{place}"))
                    for place, branch in enumerate(branches, 1)
                ]
                return parallel(figures, number, self.wires.out_of(item))
            case Branch():
                return self._fork(item, most)
            case Node(name):
                return node_name(name, number, is_start=False)
            case From(name):
                return node_name(name, number, is_start=True)
            case Operand(text):
                return lead(Subject(wire=number, operand=naming.operand_name(text)))
        raise TypeError(item)

    def _step(self, step: Step, most: float | None, *, fed: bool, goes_on: bool) -> Figure:
        known = entry(step.part)
        group = known.group if known and self.tree.rail else ""
        values = {pin: subject for pin in step.inputs if (subject := self._subject(step, pin)).operand}
        wires = (self.wires.into(step), self.wires.out_of(step))
        if len(values) < len(step.inputs):
            group = ""
        if group == "compare" and {"in1", "in2"} <= set(values) and step.part.name in shorthand.OPERATOR_OF:
            return _draw_compare(step, values, wires)
        if group == "contact" and ("operand" in values or step.part.name == "Not"):
            return _draw_contact(step, values, wires)
        if group in ("coil", "jump"):
            return _draw_coil(step, values, wires)
        return self._box(step, most, fed=fed, goes_on=goes_on).figure()

    def _box(self, step: Step, most: float | None, *, fed: bool, goes_on: bool) -> Box:
        part = step.part
        flow_in, flow_out = flow_pins(part)
        continued = step.via or flow_out
        over = _outside(step, naming.OVER) if naming.shows_operand_over(part) else None
        under = _outside(step, naming.UNDER)
        inputs = {pin: value for pin, value in step.inputs.items() if pin not in (over, under)}
        left = self._rows(step, flow_in, inputs, most, is_input=True, hidden=(over, under))
        if left and not fed and flow_in not in step.inputs:
            left = left[1:] if flow_in == ABSENT_IN_FBD else [replace(left[0], is_open=True), *left[1:]]
        right = self._rows(step, continued, step.outputs, most, is_input=False)
        return Box(
            self._title(part),
            left,
            right,
            "" if part.is_call else naming.box_note(part),
            self._over(step, over),
            self._subject(step, under),
            flow_in=fed and flow_in is not None and flow_in not in step.inputs,
            flow_out=goes_on and continued is not None and continued not in step.outputs,
            wires=(self.wires.into(step), self.wires.at(step.origin, continued)),
        )

    def _over(self, step: Step, pin: str | None) -> Subject:
        """Return the part with what is over its box: the operand of a pin, or the instance."""
        found = self._subject(step, pin)
        return found if found.operand else Subject(step.origin, operand=naming.operand_name(step.part.instance or ""))

    def _subject(self, step: Step, pin: str | None) -> Subject:
        """Return a pin of a part with its wire, and the operand that is there."""
        return Subject(step.origin, self.wires.at(step.origin, pin), pin or "", _text_at(step, pin))

    def _title(self, part: Part) -> str:
        known = entry(part)
        if known is None or known.group != "coil" or self.tree.rail:
            return naming.box_title(part)
        title = _FBD_COILS.get(part.name) or naming.coil_letters(part)
        return f"/{title}" if "operand" in part.negated else title

    def _rows(
        self,
        step: Step,
        flow: str | None,
        pins: dict[str, Value],
        most: float | None,
        *,
        is_input: bool,
        hidden: Sequence[str | None] = (),
    ) -> list[PinRow]:
        """Return the pins of one side, first the one that the series runs through, unless something else is there."""
        flow = None if flow in pins else flow
        known = all_pins(step.part, [*step.inputs, *step.outputs])
        listed = [pin for pin in (known[0 if is_input else 1] if known else []) if pin not in hidden]
        own_flow = flow_pins(step.part)
        rows: list[PinRow] = []
        for name in dict.fromkeys([*([flow] if flow else []), *listed, *pins]):
            value = pins.get(name)
            silent = name in own_flow and name != flow
            if (value is None and silent) or (isinstance(value, UnwiredPin) and silent):
                continue
            row = self._pin(step, name, value, most, is_input=is_input)
            rows.append(replace(row, is_open=False) if name == flow else row)
        return rows

    def _pin(self, step: Step, name: str, value: Value | None, most: float | None, *, is_input: bool) -> PinRow:
        part, subject = step.part, Subject(step.origin, self.wires.at(step.origin, name), name)
        negated = name in part.negated
        known = entry(part)
        group = known.group if known else ""
        hidden = group == "gate" or (name in flow_pins(part) and group in ("coil", "contact", "compare", "jump"))
        text = "" if hidden and name != ABSENT_IN_FBD else naming.pin_name(part, name)
        if isinstance(value, Operand):
            return PinRow(text, replace(subject, operand=naming.operand_name(value.text)), negated=negated)
        if isinstance(value, list):
            logic = self._logic(value, most, subject.wire, is_input=is_input)
            return PinRow(text, subject, logic, negated=negated)
        return PinRow(text, subject, negated=negated, is_open=not isinstance(value, UnwiredPin))

    def _logic(self, series: Series, most: float | None, number: int, *, is_input: bool) -> Figure:
        figure = self.series(series, _less(most, _BOX_WIDTH), goes_on=is_input, number=number)
        starts_at_rail = is_input and self.tree.rail and not (series and isinstance(series[0], From))
        return rail_stub(figure) if starts_at_rail else figure


def _less(most: float | None, used: float) -> float | None:
    return None if most is None else max(most - used, _LEAST)


def _outside(step: Step, pins: Sequence[str]) -> str | None:
    """Return the pin whose operand is over or under the box, None where there is none."""
    return next((pin for pin in pins if not step.part.is_call and _text_at(step, pin)), None)


def _text_at(step: Step, pin: str | None) -> str:
    """Return the operand at a pin, question marks where the symbol lacks it, nothing for any other pin."""
    match step.inputs.get(pin or ""):
        case Operand(text):
            return naming.operand_name(text)
        case OpenPin() | UnwiredPin() if pin in _SYMBOL_PINS:
            return MISSING
    return ""


def _draw_compare(step: Step, values: dict[str, Subject], wires: tuple[int, int]) -> Figure:
    letters = [f"={naming.compare_sign(step.part.name)}", f"={naming.type_line(step.part) or 'Auto'}"]
    half = max(16.0, text_width(letters[1][1:]) / 2 + 3)
    marks = [f"M{-half:g} -12 v24M{half:g} -12 v24", *letters]
    return symbol(values["in1"], marks, half, under=values["in2"], wires=wires)


def _draw_contact(step: Step, values: dict[str, Subject], wires: tuple[int, int]) -> Figure:
    if step.part.name == "Not":
        return symbol(Subject(step.origin), [_WIDE_BARS, "=NOT"], 16, wires=wires)
    letter = _CONTACT_LETTERS.get(step.part.name)
    marks = ["M-6 -9 v18M6 -9 v18"] + ([f"={letter}"] if letter else [])
    if "operand" in step.part.negated:
        marks.append("M-6 9 l12 -18")
    return symbol(values["operand"], marks, 6, under=values.get("bit", NOTHING), wires=wires)


def _draw_coil(step: Step, values: dict[str, Subject], wires: tuple[int, int]) -> Figure:
    over = next((values[pin] for pin in ("operand", "label") if pin in values), Subject(step.origin))
    under = next((values[pin] for pin in ("bit", "value") if pin in values), NOTHING)
    letters = naming.coil_letters(step.part)
    half = 6 + max(0.0, text_width(letters) / 2 - 4)
    marks = [f"M{-half:g} -9 q-8 9 0 18M{half:g} -9 q8 9 0 18"] + ([f"={letters}"] if letters else [])
    if "operand" in step.part.negated:
        marks.append("M-5 9 l10 -18")
    return symbol(over, marks, half + 4, to_right=True, under=under, wires=wires)
