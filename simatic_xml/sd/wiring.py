"""Convert the rungs of an SD document to the graph of a LAD or FBD network.

A rung runs through its elements from left to right. `wire#w1` gives the wire at its place a name; further rungs start
there (`RUNG wire#w1`), a pin is driven by it (`s1 := wire#w1`), and further rungs end in it (`END_RUNG wire#w1`): two
or more ways into one wire are an OR. Facts: exports of both forms of the same blocks by TIA Portal V21.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace

from lxml import etree

from simatic_xml.flgnet.building import build
from simatic_xml.flgnet.catalogue import ABSENT_IN_FBD, Entry, all_pins, flow_pins, parts
from simatic_xml.flgnet.errors import FlgNetError
from simatic_xml.flgnet.literals import natural_type
from simatic_xml.flgnet.model import Access, End, Ident, Label, NetworkGraph, Open, Part, Pin, Rail, Template, Wire
from simatic_xml.flgnet.operand import access_element, instance_element
from simatic_xml.flgnet.ordering import arrange
from simatic_xml.scl.nodes import Node
from simatic_xml.sd.instructions import ENO_PARTS, Spelling, is_known, of_name, pin_in_part
from simatic_xml.sd.names import Callee, Names
from simatic_xml.sd.nodes import RAIL, Element, Mark, Network, Rung, Value

_TEMPLATE = re.compile(r"([\w]+)\s*:=\s*([^,\[\];]+)")
_GATE_FLOW = "in1"
_WHOLE_NUMBERS = frozenset(("Int", "DInt", "LInt", "ULInt"))
_NUMBERS = frozenset(("SInt", "USInt", "UInt", "DInt", "UDInt", "LInt", "ULInt", "Byte", "Word", "DWord", "LWord"))
Report = Callable[[str, str, Node], None]


@dataclass(frozen=True, slots=True)
class _Later:
    """A named wire, until all names are known."""

    name: str


@dataclass(frozen=True, slots=True)
class _DeadEnd:
    """The place after an element that nothing can follow."""

    element: str


_Place = End | _Later | _DeadEnd | None


@dataclass(slots=True)
class _Pins:
    """The pins of one part as they are wired."""

    values: dict[str, Value] = field(default_factory=dict)
    outputs: dict[str, Value] = field(default_factory=dict)
    negated: list[str] = field(default_factory=list)


def element_of(network: Network, names: Names, namespace: str, report: Report) -> etree._Element | None:
    """Return the FlgNet element of a LAD or FBD network; None for an empty one, and for one that is reported.

    Args:
        network: the network.
        names: what the names in it mean.
        namespace: namespace of the element.
        report: takes code, message and place of what is wrong.
    """
    wiring = _Wiring(network, names, report)
    graph = wiring.run()
    if wiring.failed or not (graph.parts or graph.labels):
        return None
    try:
        arranged, _new = arrange(graph, wiring.pins)
        return build(arranged, namespace)
    except FlgNetError as error:
        report("sd.operand", error.message, network)
        return None


class _Wiring:
    def __init__(self, network: Network, names: Names, report: Report) -> None:
        self.network = network
        self.names = names
        self.rail = network.language.endswith("LAD")
        self.graph = NetworkGraph(labels=[Label(0, label) for label in network.labels])
        self.pins: dict[int, list[str]] = {}
        self.sources: dict[End, list[End]] = {}
        self.named: dict[str, End] = {}
        self.joins: dict[str, int] = {}
        self.waiting: list[tuple[str, Pin, Node]] = []
        self.count = 0
        self.failed = False
        self._report = report

    def fail(self, code: str, message: str, node: Node) -> None:
        self.failed = True
        self._report(code, message, node)

    def run(self) -> NetworkGraph:
        self.find_joins()
        for rung in self.network.rungs:
            self.rung(rung)
        for name, target, node in self.waiting:
            if name in self.named:
                self.connect(self.named[name], target)
            else:
                message = f"No rung names the wire 'wire#{name}' or ends in it; write it where the wire starts."
                self.fail("sd.wire_unknown", message, node)
        self.graph.wires = [Wire(0, (source, *ends)) for source, ends in self.sources.items() if ends]
        return self.graph

    def find_joins(self) -> None:
        """Find the wires that more than one way runs into; each gets its OR, whose output bears the name."""
        marks: Counter[str] = Counter()
        ways: Counter[str] = Counter()
        for rung in self.network.rungs:
            marks.update(item.wire for item in rung.items if isinstance(item, Mark))
            ways.update(name for name in (rung.end, *(i.wire for i in rung.items if isinstance(i, Mark))) if name)
        used = set(_find_referred(self.network.rungs))
        for name, number in ways.items():
            if marks[name] > 1:
                self.fail("sd.wire_twice", f"'wire#{name}' is defined twice; rename one.", self.network)
            elif number == 1 and name not in used:
                message = f"No other rung starts at 'wire#{name}' or ends in it, which TIA Portal refuses; remove it."
                self.fail("sd.wire_unused", message, self.network)
            elif number > 1 and name != RAIL:
                uid = self.number()
                self.graph.parts.append(Part(uid, "O", templates=(Template("Card", "Cardinality", str(number)),)))
                self.pins[uid] = ["out"]
                self.joins[name] = uid
                self.named[name] = Pin(uid, "out")

    def number(self) -> int:
        self.count += 1
        return self.count

    def connect(self, source: End, target: End) -> None:
        self.sources.setdefault(source, []).append(target)

    def rung(self, rung: Rung) -> None:
        place = self.start(rung)
        for item in rung.items:
            place = self.mark(item.wire, place, item) if isinstance(item, Mark) else self.element(item, place)
        if rung.end:
            self.mark(rung.end, place, rung)

    def start(self, rung: Rung) -> _Place:
        if self.rail and rung.items and not (rung.start and rung.start.wire):
            message = "A LAD rung starts at a wire; write RUNG wire#powerrail or the name of another wire."
            self.fail("sd.rung_start", message, rung)
        if rung.start is None:
            return None
        return self.place(rung.start, rung)

    def place(self, value: Value, node: Node, pin: str = "") -> _Place:
        """Return what a value drives a pin with; None for nothing."""
        if value.wire.lower() == RAIL:
            return Rail()
        if value.wire:
            return _Later(value.wire)
        return self.operand(value.text, node, pin) if value.text else None

    def operand(self, text: str, node: Node, pin: str = "") -> Ident:
        uid = self.number()
        text = self.names.operand(text) if pin != "label" else "label " + text.strip('"')
        try:
            access_element(text, "")
        except FlgNetError as error:
            self.fail("sd.operand", error.message, node)
        self.graph.accesses.append(Access(uid, text, ""))
        return Ident(uid)

    def mark(self, name: str, place: _Place, node: Node) -> _Place:
        """Give the wire at a place its name, or lead it into the OR of that name."""
        if place is None or isinstance(place, _DeadEnd) or name == RAIL:
            self.fail("sd.wire_place", f"'wire#{name}' marks no wire here; put it after an element.", node)
            return place
        if name in self.joins:
            uid = self.joins[name]
            pin = f"in{len(self.pins[uid])}"
            self.pins[uid].insert(-1, pin)
            self.attach(place, Pin(uid, pin), node)
            return Pin(uid, "out")
        if isinstance(place, _Later):
            if place.name not in self.named:
                self.fail("sd.wire_place", f"'wire#{name}' is only another name of 'wire#{place.name}'.", node)
                return place
            place = self.named[place.name]
        self.named[name] = place
        return place

    def attach(self, place: _Place, target: Pin, node: Node) -> None:
        match place:
            case _Later(name):
                self.waiting.append((name, target, node))
            case _DeadEnd(element):
                self.fail("sd.flow", f"Nothing can follow {element}; start another rung.", node)
            case None:
                self.connect(Open(self.number()), target)
            case _:
                self.connect(place, target)

    def element(self, item: Element, place: _Place) -> _Place:
        """Add the part of an element, wire its pins, and return where the rung continues."""
        if item.name:
            spelling = of_name(item.name)
            known = parts().get(spelling.part)
            pins = self.sort_pins(item, spelling, known)
            part = self.instruction(item, spelling, known, pins)
        else:
            called = self.names.resolve_call(item)
            spelling, pins = Spelling("", ""), self.call_pins(item, called)
            part = self.call(item, called, pins)
        flow_in, flow_out = flow_pins(part)
        if flow_in is None:
            flow_in = _GATE_FLOW
        negated = [*spelling.negated, *([flow_in] if item.negated else []), *pins.negated]
        part = self.add_part(part, tuple(dict.fromkeys(negated)))
        self.flow(item, part, flow_in, place, pins)
        self.wire_pins(item, part, pins, (flow_in, flow_out))
        return Pin(part.uid, flow_out) if flow_out else _DeadEnd(part.name)

    def add_part(self, part: Part, negated: tuple[str, ...]) -> Part:
        added = replace(part, uid=self.number(), instance_uid=0 if part.instance else None, negated=negated)
        self.graph.parts.append(added)
        return added

    def flow(self, item: Element, part: Part, flow_in: str, place: _Place, pins: _Pins) -> None:
        """Connect what the rung leads to an element, unless a pin says itself what drives it."""
        if flow_in in pins.values:
            if place not in (None, Rail()):
                message = f"'{flow_in}' of {part.name} is already connected, so the rung cannot lead into it."
                self.fail("sd.flow", message, item)
        elif place is not None or flow_in != ABSENT_IN_FBD:
            self.attach(place, Pin(part.uid, flow_in), item)

    def wire_pins(self, item: Element, part: Part, pins: _Pins, flow: tuple[str, str | None]) -> None:
        known = all_pins(part, [flow[0], *pins.values, *pins.outputs])
        for name in known[0] if known else ():
            if name != flow[0]:
                pins.values.setdefault(name, Value())
        for name in known[1] if known else ():
            if name != flow[1]:
                pins.outputs.setdefault(name, Value())
        for name, value in pins.values.items():
            self.attach(self.place(self.add_type(part, name, value, pins), item, name), Pin(part.uid, name), item)
        for name, value in pins.outputs.items():
            self.output(Pin(part.uid, name), value, item)
        order = [flow[0], *pins.values, flow[1], *pins.outputs]
        self.pins[part.uid] = list(dict.fromkeys(name for name in order if name))

    def add_type(self, part: Part, pin: str, value: Value, pins: _Pins) -> Value:
        """Return a number that is moved with the type of what it is moved to, where that is known."""
        if part.name != "Move" or pin != "in" or natural_type(value.text or "?") not in _WHOLE_NUMBERS:
            return value
        data_type = self.names.data_type(pins.outputs.get("out1", Value()).text)
        return replace(value, text=f"{data_type}#{value.text}") if data_type in _NUMBERS else value

    def output(self, pin: Pin, value: Value, item: Element) -> None:
        if value.wire:
            self.named.setdefault(value.wire, pin)
            self.sources.setdefault(pin, [])
        elif value.text:
            self.connect(pin, self.operand(value.text, item))
        else:
            self.connect(pin, Open(self.number()))

    def sort_pins(self, item: Element, spelling: Spelling, known: Entry | None) -> _Pins:
        """Return the pins of an instruction by their names in SimaticML, inputs and outputs apart."""
        pins = _Pins()
        for each in item.pins:
            if not each.name and not spelling.only:
                if each.value != Value() or len(item.pins) > 1:
                    self.fail("sd.pin", f"{spelling.name} has more than one pin; write name := value.", each)
                continue
            name = pin_in_part(spelling, each.name, known) if each.name else spelling.only
            is_output = each.operator == "=>" and name not in spelling.targets
            if known and (name in known.inputs or name in known.outputs):
                is_output = name not in known.inputs
            self.add_pin(pins, name, each.value, is_output=is_output)
        if known is not None and known.complete and not spelling.only:
            self.check_pins(item, spelling, known, pins)
        return pins

    def check_pins(self, item: Element, spelling: Spelling, known: Entry, pins: _Pins) -> None:
        for name in (*pins.values, *pins.outputs):
            if known.data_type(name) is None:
                message = f"{spelling.name} has no pin '{name}'; it has {', '.join((*known.inputs, *known.outputs))}."
                self.fail("sd.pin", message, item)

    @staticmethod
    def add_pin(pins: _Pins, name: str, value: Value, *, is_output: bool) -> None:
        (pins.outputs if is_output else pins.values)[name] = value
        if value.negated:
            pins.negated.append(name)

    def call_pins(self, item: Element, called: Callee) -> _Pins:
        """Return the pins of the call of a user block, with the spelling of its declarations."""
        pins = _Pins()
        declared = {each.name.casefold(): each for each in called.parameters}
        for each in item.pins:
            parameter = declared.get(each.name.casefold())
            is_output = parameter.section in ("Output", "Return") if parameter else each.operator == "=>"
            self.add_pin(pins, parameter.name if parameter else each.name, each.value, is_output=is_output)
        return pins

    def call(self, item: Element, called: Callee, pins: _Pins) -> Part:
        listed = called.parameters or self.names.assume_parameters(pins.values, pins.outputs)
        if called.instance:
            try:
                instance_element(called.instance, "")
            except FlgNetError as error:
                self.fail("sd.operand", error.message, item)
        return Part(0, called.block, called.block_type, instance=called.instance or None, parameters=listed)

    def instruction(self, item: Element, spelling: Spelling, known: Entry | None, pins: _Pins) -> Part:
        if not is_known(spelling):
            message = f"The instruction '{item.name}' is not in the catalogue; its pins are used as they are written."
            self._report("sd.instruction_unknown", message, item)
        makes_eno = item.attributes.get("S7_GenerateENO", "FALSE").upper() == "TRUE"
        own_eno = spelling.part in ENO_PARTS
        return Part(
            0,
            spelling.part,
            version=known.version if known else None,
            instance=item.callee or None,
            templates=self.templates(item, known, pins),
            equation=item.attributes.get("S7_Expression"),
            disabled_eno=None if makes_eno == own_eno else own_eno,
        )

    @staticmethod
    def templates(item: Element, known: Entry | None, pins: _Pins) -> tuple[Template, ...]:
        """Return the template values: the counted pins, and the data types, automatic where none is given."""
        given = dict(_TEMPLATE.findall(item.attributes.get("S7_Templates", "")))
        given |= {name: value for name, value in item.attributes.items() if not name.startswith("S7_")}
        given = {name.casefold(): (name, value.strip()) for name, value in given.items()}
        made: list[Template] = []
        for name, (kind, default) in known.templates.items() if known else ():
            own = given.pop(name.casefold(), ("", default))[1]
            if known and known.card and name == known.card[0]:
                own = str(max(known.count([*pins.values, *pins.outputs]), int(default or 0)))
            made.append(Template(name, kind, own or None))
        extra = [(name, value) for name, value in given.values() if name.casefold() not in ("card", "disableeno")]
        return (*made, *(Template(name, "Type", value) for name, value in extra))


def _find_referred(rungs: list[Rung]) -> Iterator[str]:
    """Yield the names of the wires that rungs start at and that drive pins."""
    for rung in rungs:
        if rung.start is not None:
            yield rung.start.wire
        elements = (item for item in rung.items if isinstance(item, Element))
        yield from (pin.value.wire for element in elements for pin in element.pins)
