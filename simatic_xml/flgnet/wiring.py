"""The wires of a network looked up from both sides, for reading them as series."""

from simatic_xml.flgnet.catalogue import all_pins, flow_pins
from simatic_xml.flgnet.model import End, Ident, NetworkGraph, Open, Part, Pin, Rail, Wire


class NotLiftableError(Exception):
    """The graph has a shape that series cannot express."""


class Wiring:
    """What drives each pin, and what each output drives.

    Attributes:
        rail: whether there is a power rail.
        parts: the parts by UId.
        texts: operand text by UId.
        targets: the ends that each source drives.
        drivers: the source of each driven pin.
        inputs: the driven pins of each part, in the order of its declaration.
        outputs: the wired outputs of each part.
        flow: the pins by which power usually flows into and out of each part.

    Raises:
        NotLiftableError: a wire without source or target, a pin that is driven twice, a loop, and the like.
    """

    def __init__(self, network: NetworkGraph) -> None:
        self.rail = network.has_rail
        self.parts = {part.uid: part for part in network.parts}
        self.texts = {access.uid: access.text for access in network.accesses}
        if len(self.parts) + len(self.texts) < len(network.parts) + len(network.accesses):
            raise NotLiftableError("a number that is given twice")
        self.targets: dict[End, list[End]] = {}
        self.drivers: dict[Pin, End] = {}
        for wire in network.wires:
            self._add(wire)
        self.inputs: dict[int, list[Pin]] = {uid: [] for uid in self.parts}
        self.outputs: dict[int, list[Pin]] = {uid: [] for uid in self.parts}
        for pin in self.drivers:
            self.inputs[pin.part].append(pin)
        for source in self.targets:
            if isinstance(source, Pin):
                self.outputs[source.part].append(source)
        self.inputs = {uid: self._in_declared_order(self.parts[uid], pins) for uid, pins in self.inputs.items()}
        self.flow = {uid: flow_pins(part) for uid, part in self.parts.items()}
        self.in_flow_order = self._in_flow_order()

    def _add(self, wire: Wire) -> None:
        source, *rest = wire.ends or (None,)
        if source is None or not rest or (source in self.targets and not isinstance(source, Rail)):
            raise NotLiftableError("a wire with less than two ends, or two wires from one pin")
        if not all(self._exists(end) for end in wire.ends) or Rail() in rest:
            raise NotLiftableError("a part or operand that does not exist, or a rail that is driven")
        if isinstance(source, Ident | Open) and len(rest) > 1:
            raise NotLiftableError("an operand that drives several pins")
        self.targets.setdefault(source, []).extend(rest)
        for end in rest:
            if end in self.drivers:
                raise NotLiftableError("a pin that is driven twice")
            if isinstance(end, Pin):
                self.drivers[end] = source

    def _exists(self, end: End) -> bool:
        match end:
            case Pin(part):
                return part in self.parts
            case Ident(access):
                return access in self.texts
        return True

    def _in_declared_order(self, part: Part, pins: list[Pin]) -> list[Pin]:
        """Sort pins as the instruction or the called block declares them, unless the wires of operands deny it."""
        known = all_pins(part, [pin.name for pin in pins])
        names = known[0] if known else [p.name for s in ("Input", "InOut") for p in part.parameters if p.section == s]
        rank = {name: index for index, name in enumerate(names)}
        declared = sorted(pins, key=lambda pin: rank.get(pin.name, -1))
        own = [pin for pin in pins if isinstance(self.drivers[pin], Ident | Open)]
        return declared if own == [pin for pin in declared if pin in own] else pins

    def _in_flow_order(self) -> list[int]:
        """Return the parts so that each comes after all that drive it."""
        waiting = {uid: sum(isinstance(self.drivers[p], Pin) for p in pins) for uid, pins in self.inputs.items()}
        ready = [uid for uid, count in waiting.items() if not count]
        for uid in ready:
            for target in (end for source in self.outputs[uid] for end in self.targets[source]):
                if isinstance(target, Pin):
                    waiting[target.part] -= 1
                    if not waiting[target.part]:
                        ready.append(target.part)
        if len(ready) < len(self.parts):
            raise NotLiftableError("a loop")
        return ready

    def drives_parts(self, source: End) -> bool:
        """Return whether all that a source drives are pins of parts."""
        return all(isinstance(end, Pin) for end in self.targets[source])

    def flow_driver(self, uid: int) -> End | None:
        """Return what drives the pin by which power flows into a part."""
        flow_in = self.flow[uid][0]
        return self.drivers.get(Pin(uid, flow_in)) if flow_in else None
