"""Convert the graph of wires to the tree of series.

Every part gets one place: after the wire that drives the pin which power flows into. An OR whose inputs all leave one
wire becomes branches in parallel from that wire. What leads to another pin is written at that pin. Where a wire is used
in a second place, it is named (``node``) and that place starts from the name (``from``).
"""

from dataclasses import dataclass, field

from simatic_xml.flgnet.catalogue import ABSENT_IN_FBD, all_pins
from simatic_xml.flgnet.model import End, Ident, NetworkGraph, Open, Part, Pin, Rail
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
from simatic_xml.flgnet.wiring import NotLiftableError, Wiring

_OR = "O"
_MOST_NESTING = 60


def lift(network: NetworkGraph) -> Tree:
    """Read the graph as series.

    Raises:
        NotLiftableError: a wire without source, a loop, a pin that is driven twice, and the like.
    """
    wiring = Wiring(network)
    try:
        tree = _Lifting(wiring, _Places(wiring, inline=True)).run()
    except NotLiftableError:
        tree = _Lifting(wiring, _Places(wiring, inline=False)).run()
    tree.labels = list(network.labels)
    return tree


@dataclass(slots=True)
class _Path:
    """The way from a wire to a pin: the parts between, each with the output by which it is left.

    Attributes:
        start: the wire that the way starts at, None when its first part is driven by no other part.
        steps: the parts and outputs, in the order of the flow.
        shared: whether something else uses the start too, so that it needs a name.
    """

    start: End | None = None
    steps: list[tuple[int, str]] = field(default_factory=list)
    shared: bool = False


class _Places:
    """Finds the place of every part.

    Attributes:
        home: the wire that each part is connected to, None for a part that no other part drives.
        joins: the parts that join parallel branches.
        paths: the way to each pin that is not driven by its part's series.
        owned: the parts on such a way.
        shared: the wires that need a name.
    """

    def __init__(self, wiring: Wiring, *, inline: bool) -> None:
        self.wiring = wiring
        self.inline = inline
        self.home: dict[int, End | None] = {}
        self.joins: dict[int, None] = {}
        self.paths: dict[Pin, _Path] = {}
        self.owned: set[int] = set()
        self.shared: set[End] = set()
        self.leads_to: dict[int, Pin] = {}
        self.joins_at: dict[End, list[int]] = {}
        self._find_homes()
        self._find_paths()

    def _find_homes(self) -> None:
        for uid in self.wiring.in_flow_order:
            split = self._split(uid)
            if split is not None:
                self.joins[uid] = None
                self.joins_at.setdefault(split, []).append(uid)
            driver = split or self.wiring.flow_driver(uid)
            self.home[uid] = driver if isinstance(driver, Rail | Pin) else None

    def _split(self, uid: int) -> End | None:
        """Return the wire that the inputs of an OR have in common; None when it joins no branches."""
        pins = self.wiring.inputs[uid]
        if not self.wiring.rail or len(pins) < 2 or not _is_plain_or(self.wiring.parts[uid], pins):
            return None
        chains = [self._ancestors(self.wiring.drivers[pin]) for pin in pins]
        common = set(chains[0]).intersection(*chains[1:])
        return next((wire for wire in chains[0] if wire in common), None)

    def _ancestors(self, wire: End | None) -> list[End]:
        """Return a wire, the wire that its part is connected to, and so on up to the rail."""
        chain: list[End] = []
        while isinstance(wire, Rail | Pin):
            chain.append(wire)
            wire = self.home[wire.part] if isinstance(wire, Pin) else None
        return chain

    def _find_paths(self) -> None:
        for uid in self.joins:
            for pin in self.wiring.inputs[uid]:
                self._own_path(pin, self.home[uid])
        for uid in self.wiring.in_flow_order:
            for pin in self.wiring.inputs[uid]:
                if uid not in self.joins and pin.name != self.wiring.flow[uid][0]:
                    self._own_path(pin, None)

    def _own_path(self, pin: Pin, split: End | None) -> None:
        """Claim the way up from a pin to ``split``, or to the first wire that something else uses too."""
        place: End | None = self.wiring.drivers[pin]
        if not isinstance(place, Rail | Pin):
            return
        path = self.paths[pin] = _Path()
        below: int | None = None
        while isinstance(place, Pin) and place != split:
            if place.part in self.owned or (split is None and not self._is_alone(place, below)):
                self.shared.add(place)
                path.shared = True
                break
            below = place.part
            self.owned.add(below)
            self.leads_to[below] = pin
            path.steps.insert(0, (below, place.name))
            place = self.home[below]
        path.start = place

    def _is_alone(self, wire: End, below: int | None) -> bool:
        """Return whether a wire drives only one pin, or the one part that is connected to it."""
        if not self.inline:
            return False
        ends = self.wiring.targets[wire]
        return len(ends) == 1 if below is None else all(below in self._follow(end) for end in ends)

    def children(self, wire: End) -> list[int]:
        """Return the parts that are connected to a wire and are on no way to a pin, in the order of the wire."""
        reached = [uid for end in self.wiring.targets.get(wire, []) for uid in self._follow(end)]
        hanging = [uid for uid in reached + self.joins_at.get(wire, []) if self.home[uid] == wire]
        return list(dict.fromkeys(uid for uid in hanging if uid not in self.owned))

    def _follow(self, end: End | None) -> dict[int, None]:
        """Return the part at this end of a wire, and the parts that its way leads to."""
        reached: dict[int, None] = {}
        while isinstance(end, Pin) and end.part not in reached:
            reached[end.part] = None
            end = self.leads_to.get(end.part)
        return reached

    def roots(self) -> list[int]:
        """Return the parts that start a separate series, in the order of the network."""
        return [uid for uid in self.wiring.parts if self.home[uid] is None and uid not in self.owned]


def _is_plain_or(part: Part, pins: list[Pin]) -> bool:
    """Return whether a part is an OR that only says how many inputs it has."""
    names = [f"in{index + 1}" for index in range(len(pins))]
    plain = Part(part.uid, _OR, templates=part.templates)
    counted = [(template.name, template.value) for template in part.templates] == [("Card", str(len(pins)))]
    return part == plain and counted and [pin.name for pin in pins] == names


class _Lifting:
    """Writes the series, once every part has its place."""

    def __init__(self, wiring: Wiring, places: _Places) -> None:
        self.wiring = wiring
        self.places = places
        self.names: dict[End, str] = {}
        self.placed: set[int] = set()
        self.depth = 0

    def run(self) -> Tree:
        rungs = [self.free(uid) for uid in self.places.children(Rail())] if self.wiring.rail else []
        rungs += [self.free(uid) for uid in self.places.roots()]
        if len(self.placed) < len(self.wiring.parts):
            raise NotLiftableError("a part without a place")
        return Tree(rungs, self.wiring.rail or not self.wiring.parts)

    def deeper(self) -> None:
        self.depth += 1
        if self.depth > _MOST_NESTING:
            raise NotLiftableError("series that nest too deeply to be read")

    def free(self, uid: int) -> Series:
        """Return the series that starts with this part and ends where the flow ends or parts."""
        self.deeper()
        series = self.lead(uid)
        children = [uid]
        while len(children) == 1:
            wire = self.exit(children[0])
            series.append(self.place(children[0], wire.name if wire else None))
            children = self.places.children(wire) if wire else []
            series += self.node(wire) if wire else []
        if children:
            series.append(Branch([self.free(child) for child in children]))
        self.depth -= 1
        return series

    def exit(self, uid: int) -> Pin | None:
        """Return the output by which a series continues: the usual one, unless only another one drives parts."""
        usual = self.wiring.flow[uid][1]
        leading = [source for source in self.wiring.outputs[uid] if self.wiring.drives_parts(source)]
        if len(leading) == 1:
            return leading[0]
        return Pin(uid, usual) if usual else None

    def lead(self, uid: int) -> Series:
        """Return the operand that a series of FBD starts with, where its first part is driven by one."""
        driver = self.wiring.flow_driver(uid)
        if self.wiring.rail or not isinstance(driver, Ident):
            return []
        return [Operand(self.wiring.texts[driver.access])]

    def node(self, wire: End) -> Series:
        return [Node(self.name(wire))] if wire in self.places.shared else []

    def name(self, wire: End) -> str:
        return self.names.setdefault(wire, f"n{len(self.names) + 1}")

    def leading_to(self, pin: Pin) -> Series:
        """Return the series that leads to a pin."""
        self.deeper()
        path = self.places.paths[pin]
        series: Series = [From(self.name(path.start))] if path.shared and path.start is not None else []
        if path.start is None:
            series += self.lead(path.steps[0][0])
        for uid, out in path.steps:
            series.append(self.place(uid, out))
            series += self.node(Pin(uid, out))
            if children := self.places.children(Pin(uid, out)):
                series.append(Branch([self.free(child) for child in children]))
        self.depth -= 1
        return series

    def place(self, uid: int, out: str | None) -> Item:
        """Return the item of a part that the series leaves by ``out``."""
        if uid in self.placed:
            raise NotLiftableError("a part with two places")
        self.placed.add(uid)
        part = self.wiring.parts[uid]
        if uid in self.places.joins:
            return Parallel([self.leading_to(pin) for pin in self.wiring.inputs[uid]], part, origin=uid)
        usual = self.wiring.flow[uid][1]
        step = Step(part, via=out if out != usual else None, origin=uid)
        self.fill_inputs(step)
        for source in self.wiring.outputs[uid]:
            if source.name != out or not self.wiring.drives_parts(source):
                step.outputs[source.name] = self.output(source, continued=source.name == out)
        self.note_unwired(step, (out, usual))
        return step

    def fill_inputs(self, step: Step) -> None:
        uid = step.origin
        flow_in = self.wiring.flow[uid][0]
        for pin in self.wiring.inputs[uid]:
            if pin.name != flow_in:
                step.inputs[pin.name] = self.input(pin)
        driver = self.wiring.flow_driver(uid)
        if flow_in is None or isinstance(driver, Rail | Pin):
            return
        if self.wiring.rail:
            step.inputs = {flow_in: self.input(Pin(uid, flow_in)) if driver else UnwiredPin(), **step.inputs}
        elif driver is None and flow_in != ABSENT_IN_FBD:
            step.inputs[flow_in] = UnwiredPin()
        elif isinstance(driver, Open) and flow_in == ABSENT_IN_FBD:
            step.inputs[flow_in] = OpenPin()

    def input(self, pin: Pin) -> Value:
        match self.wiring.drivers[pin]:
            case Ident(access):
                return Operand(self.wiring.texts[access])
            case Open():
                return OpenPin()
        return self.leading_to(pin)

    def output(self, source: Pin, *, continued: bool) -> Value:
        match self.wiring.targets[source]:
            case [Ident(access)]:
                return Operand(self.wiring.texts[access])
            case [Open()]:
                return OpenPin()
        if continued or not self.wiring.drives_parts(source):
            raise NotLiftableError("an output that drives both an operand and a pin")
        children = self.places.children(source)
        if len(children) == 1:
            return [*self.node(source), *self.free(children[0])]
        branches: Series = [Branch([self.free(child) for child in children])] if children else []
        return [*self.node(source), *branches]

    def note_unwired(self, step: Step, flow: tuple[str | None, str | None]) -> None:
        """Note the pins that have no wire although an author's silence would leave them open."""
        inputs, outputs = all_pins(step.part, [*step.inputs, *step.outputs]) or ([], [])
        for name in inputs:
            if name != self.wiring.flow[step.origin][0] and Pin(step.origin, name) not in self.wiring.drivers:
                step.inputs[name] = UnwiredPin()
        for name in outputs:
            if name not in flow and name not in step.outputs:
                step.outputs[name] = UnwiredPin()
