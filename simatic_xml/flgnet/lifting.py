"""From the graph of wires to the tree of series.

Every part gets one place: behind the wire that drives the pin which power flows into. An OR whose inputs all leave one
wire becomes branches in parallel from that wire. What leads to another pin is written at that pin. Where a wire is used
in a second place, it is named (``node``) and that place starts from the name (``from``).
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from simatic_xml.flgnet.catalogue import ABSENT_IN_FBD, all_pins, flow_pins
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
    Unwired,
    Value,
)

_OR = "O"
_MOST_NESTING = 60


class NotLiftableError(Exception):
    """The graph has a shape that series cannot say."""


def lift(network: NetworkGraph) -> Tree:
    """Read the graph as series.

    Raises:
        NotLiftableError: a wire without source, a loop, a pin that is driven twice, and the like.
    """
    try:
        return _Lifting(network, inline=True).run()
    except NotLiftableError:
        return _Lifting(network, inline=False).run()


@dataclass(slots=True)
class _Path:
    """The way from a wire to a target: the parts between, each with the output by which it is left."""

    start: End | None
    steps: list[tuple[int, str]] = field(default_factory=list)
    shared: bool = False


class _Lifting:
    """One attempt; ``inline`` writes logic at the pin that it leads to, otherwise only its name stands there."""

    def __init__(self, network: NetworkGraph, *, inline: bool) -> None:
        self.network = network
        self.inline = inline
        self.rail = network.has_rail
        self.parts = {part.uid: part for part in network.parts}
        self.texts = {access.uid: access.text for access in network.accesses}
        self.targets: dict[End, list[End]] = {}
        self.drivers: dict[Pin, End] = {}
        if len(self.parts) + len(self.texts) < len(network.parts) + len(network.accesses):
            raise NotLiftableError("a number that is given twice")
        self._read_wires()
        self.flow = {uid: flow_pins(part) for uid, part in self.parts.items()}
        self.home: dict[int, End | None] = {}
        self.paths: dict[Pin, _Path] = {}
        self.owned: set[int] = set()
        self.leads_to: dict[int, Pin] = {}
        self.names: dict[End, str] = {}
        self.shared: set[End] = set()
        self.placed: set[int] = set()
        self.depth = 0
        self.joins = self._find_homes()
        self.joins_at: dict[End, list[int]] = {}
        for uid in self.joins:
            self.joins_at.setdefault(self.home[uid] or Rail(), []).append(uid)

    def _read_wires(self) -> None:
        for wire in self.network.wires:
            source, *rest = wire.ends or (None,)
            if source is None or not rest or (source in self.targets and not isinstance(source, Rail)):
                raise NotLiftableError("a wire with less than two ends, or two wires from one pin")
            self.targets.setdefault(source, []).extend(rest)
            for end in rest:
                if (
                    isinstance(end, Rail)
                    or end in self.drivers
                    or (isinstance(end, Pin) and end.part not in self.parts)
                ):
                    raise NotLiftableError("a pin that is driven twice or does not exist")
                if isinstance(end, Pin):
                    self.drivers[end] = source
            if not all(end.access in self.texts for end in wire.ends if isinstance(end, Ident)):
                raise NotLiftableError("an operand that does not exist")
            if isinstance(source, Ident | Open) and len(rest) > 1:
                raise NotLiftableError("an operand that drives several pins")

    def inputs(self, uid: int) -> list[Pin]:
        """Return the driven pins of a part, in the order of the wires."""
        return self._inputs[uid]

    def _find_homes(self) -> dict[int, None]:
        """Find the wire that each part hangs on; return the parts that are joins of parallel branches."""
        self._inputs: dict[int, list[Pin]] = {uid: [] for uid in self.parts}
        for pin in self.drivers:
            self._inputs[pin.part].append(pin)
        for uid, pins in self._inputs.items():
            self._inputs[uid] = self._declared_order(self.parts[uid], pins)
        joins: dict[int, None] = {}
        for uid in self._in_flow_order():
            split = self._split(uid)
            if split is not None:
                joins[uid] = None
                self.home[uid] = split
            else:
                flow_in = self.flow[uid][0]
                driver = self.drivers.get(Pin(uid, flow_in)) if flow_in else None
                self.home[uid] = driver if isinstance(driver, Rail | Pin) else None
        return joins

    def _declared_order(self, part: Part, pins: list[Pin]) -> list[Pin]:
        """Sort pins as the instruction or the called block declares them, unless the wires of operands deny it."""
        known = all_pins(part, [pin.name for pin in pins])
        names = known[0] if known else [p.name for s in ("Input", "InOut") for p in part.parameters if p.section == s]
        rank = {name: index for index, name in enumerate(names)}
        declared = sorted(pins, key=lambda pin: rank.get(pin.name, -1))
        own = [pin for pin in pins if isinstance(self.drivers[pin], Ident | Open)]
        return declared if own == [pin for pin in declared if pin in own] else pins

    def _in_flow_order(self) -> list[int]:
        waiting = {uid: sum(isinstance(self.drivers[p], Pin) for p in pins) for uid, pins in self._inputs.items()}
        ready = [uid for uid, count in waiting.items() if not count]
        outputs: dict[int, list[End]] = {}
        for source, ends in self.targets.items():
            if isinstance(source, Pin):
                if source.part not in self.parts:
                    raise NotLiftableError("a wire from a part that does not exist")
                outputs.setdefault(source.part, []).extend(ends)
        for uid in ready:
            for end in outputs.get(uid, []):
                if isinstance(end, Pin):
                    waiting[end.part] -= 1
                    if not waiting[end.part]:
                        ready.append(end.part)
        if len(ready) < len(self.parts):
            raise NotLiftableError("a loop")
        return ready

    def _ancestors(self, wire: End | None) -> list[End]:
        """Return a wire, the wire that its part hangs on, and so on up to the rail."""
        chain: list[End] = []
        while isinstance(wire, Rail | Pin):
            chain.append(wire)
            wire = self.home[wire.part] if isinstance(wire, Pin) else None
        return chain

    def _split(self, uid: int) -> End | None:
        """Return the wire that the inputs of an OR have in common; None when it is no join."""
        part = self.parts[uid]
        pins = self._inputs[uid]
        names = [f"in{index + 1}" for index in range(len(pins))]
        if not self.rail or part.name != _OR or part.is_call or part.negated or len(pins) < 2:
            return None
        if sorted(pin.name for pin in pins) != sorted(names) or part.template("Card") != str(len(pins)):
            return None
        if len(part.templates) > 1 or part.version or part.instance or part.disabled_eno is not None:
            return None
        chains = [self._ancestors(self.drivers[pin]) for pin in pins]
        common = set(chains[0]).intersection(*chains[1:])
        return next((wire for wire in chains[0] if wire in common), None)

    def run(self) -> Tree:
        self._own_paths()
        rungs = [self._free(uid) for uid in self._children(Rail())] if self.rail else []
        roots = [uid for uid in self.parts if self.home[uid] is None and uid not in self.owned]
        rungs += [self._free(uid) for uid in roots]
        if len(self.placed) < len(self.parts):
            raise NotLiftableError("a part without a place")
        return Tree(rungs, self.rail or not self.parts, list(self.network.labels))

    def _own_paths(self) -> None:
        order = self._in_flow_order()
        for uid in order:
            if uid in self.joins:
                for pin in sorted(self._inputs[uid], key=lambda pin: int(pin.name[2:])):
                    self._own_path(pin, self.home[uid])
        for uid in order:
            for pin in self._inputs[uid]:
                if uid not in self.joins and pin.name != self.flow[uid][0]:
                    self._own_path(pin, None)

    def _own_path(self, pin: Pin, split: End | None) -> None:
        """Own the way up from a pin to ``split``, or to the first wire that something else uses too."""
        place: End | None = self.drivers[pin]
        if not isinstance(place, Rail | Pin):
            return
        path = self.paths[pin] = _Path(None)
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
        """Whether a wire drives nothing but one pin, or the one part that hangs on it."""
        if not self.inline:
            return False
        ends = self.targets[wire]
        return len(ends) == 1 if below is None else all(below in self._reached(end) for end in ends)

    def _children(self, wire: End) -> list[int]:
        """Return the parts that hang on a wire and are on no way to a target, in the order of the wire."""
        reached = [uid for end in self.targets.get(wire, []) for uid in self._reached(end)]
        hanging = [uid for uid in reached + self.joins_at.get(wire, []) if self.home[uid] == wire]
        return list(dict.fromkeys(uid for uid in hanging if uid not in self.owned))

    def _reached(self, end: End | None) -> list[int]:
        """Return the part at this end of a wire, and the parts that its way leads to."""
        reached: list[int] = []
        while isinstance(end, Pin) and end.part not in reached:
            reached.append(end.part)
            end = self.leads_to.get(end.part)
        return reached

    def _free(self, uid: int) -> Series:
        """Return the series that starts with this part and ends where the flow ends or parts."""
        self.depth += 1
        if self.depth > _MOST_NESTING:
            raise NotLiftableError("branches that nest too deeply to be read")
        try:
            return self._follow(uid)
        finally:
            self.depth -= 1

    def _follow(self, uid: int) -> Series:
        series = self._lead(uid)
        while True:
            out = self._exit(uid)
            series.append(self._make(uid, out))
            wire = Pin(uid, out) if out else None
            if wire is None or wire not in self.targets:
                return series
            children = self._children(wire)
            series += self._node(wire)
            if len(children) != 1:
                return [*series, Branch([self._free(child) for child in children])] if children else series
            uid = children[0]

    def _exit(self, uid: int) -> str | None:
        """Return the output by which a series goes on: the usual one, unless only another one drives parts."""
        usual = "out" if uid in self.joins else self.flow[uid][1]
        leading = [source.name for source, ends in self._outputs(uid) if all(isinstance(end, Pin) for end in ends)]
        return leading[0] if len(leading) == 1 else usual

    def _lead(self, uid: int) -> Series:
        """Return the operand that a series of FBD starts with, where its first part is driven by one."""
        driver = self._lead_operand(uid)
        return [Operand(self.texts[driver.access])] if driver else []

    def _lead_operand(self, uid: int) -> Ident | None:
        flow_in = self.flow[uid][0]
        driver = self.drivers.get(Pin(uid, flow_in)) if flow_in and not self.rail else None
        return driver if isinstance(driver, Ident) else None

    def _node(self, wire: End) -> Series:
        return [Node(self._name(wire))] if wire in self.shared else []

    def _name(self, wire: End) -> str:
        return self.names.setdefault(wire, f"n{len(self.names) + 1}")

    def _series(self, path: _Path) -> Series:
        """Return the series that leads to a target."""
        self.depth += 1
        if self.depth > _MOST_NESTING:
            raise NotLiftableError("logic that nests too deeply to be read")
        series: Series = [From(self._name(path.start), "")] if path.shared and path.start is not None else []
        if path.start is None:
            series += self._lead(path.steps[0][0])
        for uid, out in path.steps:
            series.append(self._make(uid, out))
            series += self._node(Pin(uid, out))
            children = self._children(Pin(uid, out))
            if children:
                series.append(Branch([self._free(child) for child in children]))
        self.depth -= 1
        return series

    def _make(self, uid: int, out: str | None) -> Item:
        if uid in self.placed:
            raise NotLiftableError("a part with two places")
        self.placed.add(uid)
        part = self.parts[uid]
        if uid in self.joins:
            pins = sorted(self._inputs[uid], key=lambda pin: int(pin.name[2:]))
            return Parallel([self._series(self.paths[pin]) for pin in pins], part, origin=uid)
        return self._step(part, out)

    def _step(self, part: Part, out: str | None) -> Step:
        flow_in, flow_out = self.flow[part.uid]
        via = out if out != flow_out else None
        step = Step(part, via=via, origin=part.uid)
        for pin in self._inputs[part.uid]:
            driver = self.drivers[pin]
            if pin.name == flow_in and isinstance(driver, Rail | Pin):
                continue
            if pin.name != flow_in or self.rail or isinstance(driver, Rail):
                step.inputs[pin.name] = self._input(pin, driver)
        if flow_in and Pin(part.uid, flow_in) not in self.drivers and (self.rail or flow_in != ABSENT_IN_FBD):
            step.inputs[flow_in] = Unwired()
        elif flow_in == ABSENT_IN_FBD and not self.rail and isinstance(self.drivers.get(Pin(part.uid, flow_in)), Open):
            step.inputs[flow_in] = OpenPin()
        continued = via or flow_out
        for source, ends in self._outputs(part.uid):
            if source.name != continued or not all(isinstance(end, Pin) for end in ends):
                step.outputs[source.name] = self._output(source, ends, source.name == continued)
        self._note_unwired(step, continued)
        return step

    def _outputs(self, uid: int) -> list[tuple[Pin, list[End]]]:
        if not hasattr(self, "_outputs_cache"):
            self._outputs_cache: dict[int, list[tuple[Pin, list[End]]]] = {}
            for source, ends in self.targets.items():
                if isinstance(source, Pin):
                    self._outputs_cache.setdefault(source.part, []).append((source, ends))
        return self._outputs_cache.get(uid, [])

    def _input(self, pin: Pin, driver: End) -> Value:
        match driver:
            case Ident(access):
                return Operand(self.texts[access])
            case Open():
                return OpenPin()
        path = self.paths[pin]
        series = self._series(path)
        if not series:
            return [From(self._name(driver))] if not isinstance(driver, Rail) else []
        return series

    def _output(self, source: Pin, ends: Sequence[End], continued: bool) -> Value:
        if len(ends) == 1 and isinstance(ends[0], Ident):
            return Operand(self.texts[ends[0].access])
        if len(ends) == 1 and isinstance(ends[0], Open):
            return OpenPin()
        if continued or not all(isinstance(end, Pin) for end in ends):
            raise NotLiftableError("an output that drives both an operand and a pin")
        series = self._node(source)
        children = self._children(source)
        if len(children) == 1:
            return [*series, *self._free(children[0])]
        return [*series, Branch([self._free(child) for child in children])] if children else series

    def _note_unwired(self, step: Step, continued: str | None) -> None:
        """Note the pins that have no wire although an author's silence would leave them open."""
        inputs, outputs = all_pins(step.part, [*step.inputs, *step.outputs]) or ([], [])
        for name in inputs:
            if name != self.flow[step.part.uid][0] and Pin(step.part.uid, name) not in self.drivers:
                step.inputs[name] = Unwired()
        for name in outputs:
            if name not in (continued, self.flow[step.part.uid][1]) and name not in step.outputs:
                step.outputs[name] = Unwired()
