"""Write the graph of a LAD or FBD network as the rungs of an SD document.

A rung follows the power from the rail (in FBD from a first part) as far as it goes; where a wire parts, the rung takes
the first way, and the wire gets a name. After a rung come, in the order of the names in it, the rungs that end in that
wire and the rungs that start from it. Facts: exports of both forms of the same blocks by TIA Portal V21.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

from simatic_xml import limits
from simatic_xml.flgnet.catalogue import entry, flow_pins
from simatic_xml.flgnet.model import End, Ident, NetworkGraph, Open, Part, Pin, Rail
from simatic_xml.scl.diagnostics import SclError


@dataclass(frozen=True, slots=True)
class PlannedPin:
    """A pin of an element: an operand text, a wire, or neither for an open pin."""

    name: str
    is_output: bool
    text: str = ""
    wire: Pin | Rail | None = None


@dataclass(slots=True)
class Step:
    """A part in a rung; `out` is the wire by which the rung continues."""

    part: Part
    pins: list[PlannedPin]
    out: Pin | None


@dataclass(slots=True)
class Join:
    """The place where other ways come in: the output of an OR that the rung runs through."""

    out: Pin


Start: TypeAlias = Rail | Pin | str | None


@dataclass(slots=True)
class PlannedRung:
    """A rung: the rail, a wire or an operand that it starts with, its steps, and the wire that it ends in."""

    start: Start
    items: list[Step | Join] = field(default_factory=list)
    end: Pin | None = None


def plan(network: NetworkGraph, *, ladder: bool) -> list[PlannedRung]:
    """Return the rungs of a network.

    Raises:
        SclError: the network has a shape that rungs do not have.
    """
    return _Plan(network, ladder=ladder).run()


class _Plan:
    def __init__(self, network: NetworkGraph, *, ladder: bool) -> None:
        limits.require("network_parts", len(network.parts))
        self.network = network
        self.ladder = ladder
        self.parts = {part.uid: part for part in network.parts}
        self.texts = {access.uid: access.text for access in network.accesses}
        self.targets: dict[End, list[End]] = {}
        self.drivers: dict[Pin, End] = {}
        for wire in network.wires:
            self._add(wire.ends)
        self.joins = {part.uid for part in network.parts if ladder and self._is_join(part)}
        self.inputs: dict[int, list[Pin]] = {uid: [] for uid in self.parts}
        self.outputs: dict[int, list[Pin]] = {uid: [] for uid in self.parts}
        for pin in self.drivers:
            self.inputs[pin.part].append(pin)
        for source in self.targets:
            if isinstance(source, Pin):
                self.outputs[source.part].append(source)
        self.rungs: list[PlannedRung] = []
        self.written: set[int] = set()
        self.used: dict[Pin, None] = {}
        self.done: set[Pin] = set()
        self.expanded: set[Pin] = set()

    def _add(self, ends: tuple[End, ...]) -> None:
        if len(ends) < 2:
            raise SclError("A wire of the network ends nowhere.")
        source, *rest = ends
        if isinstance(source, Open) and len(rest) == 1 and isinstance(rest[0], Pin):
            self.drivers[rest[0]] = source
            return
        self.targets.setdefault(source, []).extend(rest)
        for end in rest:
            if isinstance(end, Pin):
                if end in self.drivers or end.part not in self.parts:
                    raise SclError("A pin of the network is driven twice, or belongs to no instruction.")
                self.drivers[end] = source

    def _is_join(self, part: Part) -> bool:
        """Return whether a part is an OR of LAD; rungs that end in one wire say it."""
        if part.is_call or part.name != "O":
            return False
        if part.negated:
            raise SclError("An OR of the network inverts an input, which rungs cannot express.")
        return True

    def run(self) -> list[PlannedRung]:
        if self.ladder:
            for end in self.targets.get(Rail(), []):
                self.rung_from(Rail(), end, feeding=False)
        for part in self.network.parts:
            if part.uid not in self.written and not isinstance(self.flow_driver(part.uid), Pin | Rail):
                self.root(part, feeding=False)
        for part in self.network.parts:
            if part.uid not in self.written:
                raise SclError("The network has a loop or a wire without source, which rungs do not have.")
        return self.rungs

    def flow_in(self, uid: int) -> str | None:
        """Return the pin that power flows into; the first one of a gate."""
        return flow_pins(self.parts[uid])[0] or "in1"

    def flow_driver(self, uid: int) -> End | None:
        name = self.flow_in(uid)
        return self.drivers.get(Pin(uid, name)) if name else None

    def root(self, part: Part, *, feeding: bool) -> None:
        """Write the rung that starts with a part that no other part drives."""
        driver = self.flow_driver(part.uid)
        start = self.texts[driver.access] if isinstance(driver, Ident) else None
        if self.ladder:
            raise SclError(f"{part.name} is not connected to a power rail; LAD in an SD document requires it.")
        pin = Pin(part.uid, self.flow_in(part.uid) or "")
        self.rung_from(start, pin, feeding=feeding)

    def rung_from(self, start: Start, first: End, *, feeding: bool) -> None:
        """Write the rung that starts at ``start`` and continues at the pin ``first``, and the rungs that belong to it.

        A rung that only leads to a pin of an instruction that is not written yet waits until that is, unless it is
        that pin's turn (``feeding``).
        """
        stack: list[tuple[Start, End, bool]] = [(start, first, feeding)]
        while stack:
            stack += reversed(self._rung(*stack.pop()))

    def _rung(self, start: Start, first: End, feeding: bool) -> list[tuple[Start, End, bool]]:
        if not isinstance(first, Pin) or self._is_written(first) or not (feeding or self._leads_on(first)):
            return []
        rung = PlannedRung(start)
        self.rungs.append(rung)
        named: dict[Pin, None] = {}
        if isinstance(start, Pin):
            self._name(start, named)
        place: End | None = first
        while isinstance(place, Pin):
            place = self._go(rung, place, named)
        last = rung.items[-1].out if rung.items else None
        if rung.end is None and last in self.used and not self._ways(last):
            rung.end = last
        return self._belonging(named)

    def _is_written(self, pin: Pin) -> bool:
        return pin in self.done or (pin.part in self.written and pin.part not in self.joins)

    def _leads_on(self, pin: Pin) -> bool:
        """Return whether the way from a pin ends in itself or at an instruction that is written already."""
        seen: set[int] = set()
        while pin.part not in seen:
            seen.add(pin.part)
            if pin.part in self.written:
                return True
            if pin.part not in self.joins and pin.name != self.flow_in(pin.part):
                return False
            out = self._out(pin.part)
            ends = [end for end in self.targets.get(out, []) if isinstance(end, Pin)] if out else []
            if not ends:
                return True
            pin = ends[0]
        return True

    def _out(self, uid: int) -> Pin | None:
        name = "out" if uid in self.joins else flow_pins(self.parts[uid])[1]
        return Pin(uid, name) if name else None

    def _go(self, rung: PlannedRung, pin: Pin, named: dict[Pin, None]) -> Pin | None:
        """Add the part at a pin to the rung; return the pin where the rung continues, None at its end."""
        uid = pin.part
        out = self._out(uid)
        if uid in self.joins and out is not None:
            self.done.add(pin)
            if uid in self.written or out in self.used:
                rung.end = out
                self._name(out, named)
                self.written.add(uid)
                return None
            self.written.add(uid)
            self._name(out, named)
            rung.items.append(Join(out))
        elif pin.name != self.flow_in(uid):
            self.done.add(pin)
            source = self.drivers[pin]
            rung.end = source if isinstance(source, Pin) else None
            if rung.end is None:
                raise SclError("The power rail drives an input besides the power flow, which rungs cannot express.")
            return None
        else:
            self.written.add(uid)
            rung.items.append(self._step(uid, out, named))
        return self._onward(out, named)

    def _onward(self, out: Pin | None, named: dict[Pin, None]) -> Pin | None:
        """Return the first way that a wire leads on, and name the wire where there are more."""
        ends = self.targets.get(out, []) if out else []
        if out is not None and any(isinstance(end, Ident) for end in ends) and len(ends) > 1:
            raise SclError("An output of the network drives both an operand and a pin, which rungs cannot express.")
        if out is not None and sum(isinstance(end, Pin) for end in ends) > 1:
            self._name(out, named)
        ways = self._ways(out)
        through = [pin for pin in ways if pin.part in self.joins or pin.name == self.flow_in(pin.part)]
        return next(iter(through or ways), None)

    def _ways(self, out: Pin | None) -> list[Pin]:
        """Return the pins that a wire drives and that no rung has come to yet."""
        ends = self.targets.get(out, []) if out else []
        return [end for end in ends if isinstance(end, Pin) and not self._is_written(end)]

    def _name(self, wire: Pin, named: dict[Pin, None]) -> None:
        self.used.setdefault(wire)
        named.setdefault(wire)

    def _step(self, uid: int, out: Pin | None, named: dict[Pin, None]) -> Step:
        pins: list[PlannedPin] = []
        for pin in self.inputs[uid]:
            driver = self.drivers[pin]
            if pin.name == self.flow_in(uid):
                continue
            if isinstance(driver, Pin):
                self._name(driver, named)
            pins.append(self._plan_pin(pin.name, driver, is_output=False))
        for pin in self.outputs[uid]:
            if pin != out:
                pins += self._output(pin, named)
        goes_on = out is not None and any(isinstance(end, Pin) for end in self.targets.get(out, []))
        if out is not None and not goes_on:
            pins += [self._plan_pin(out.name, end, is_output=True) for end in self.targets.get(out, []) if end != out]
        return Step(self.parts[uid], pins, out if goes_on else None)

    def _plan_pin(self, name: str, end: End, *, is_output: bool) -> PlannedPin:
        match end:
            case Ident(access):
                return PlannedPin(name, is_output, self.texts[access])
            case Pin() | Rail():
                return PlannedPin(name, is_output, wire=end)
        return PlannedPin(name, is_output)

    def _output(self, pin: Pin, named: dict[Pin, None]) -> list[PlannedPin]:
        ends = self.targets[pin]
        if all(isinstance(end, Pin) for end in ends):
            self._name(pin, named)
            return [PlannedPin(pin.name, is_output=True, wire=pin)]
        if len(ends) > 1:
            raise SclError("An output of the network drives both an operand and a pin, which rungs cannot express.")
        return [self._plan_pin(pin.name, ends[0], is_output=True)]

    def _belonging(self, named: dict[Pin, None]) -> list[tuple[Start, End, bool]]:
        """Return the rungs that end in the wires named in a rung, and those that start from them."""
        found: list[tuple[Start, End, bool]] = []
        for wire in named:
            if wire in self.expanded:
                continue
            self.expanded.add(wire)
            if wire.part in self.joins:
                for pin in self.inputs[wire.part]:
                    found += self._feeding(pin)
            elif wire.part not in self.written:
                found += self._way_to(wire)
            found += [(wire, end, False) for end in self.targets.get(wire, [])]
        return found

    def _feeding(self, pin: Pin) -> list[tuple[Start, End, bool]]:
        """Return the rung that leads to an input of an OR."""
        driver = self.drivers[pin]
        if isinstance(driver, Pin) and driver.part not in self.written:
            return self._way_to(driver)
        if isinstance(driver, Pin | Rail):
            return [(driver, pin, True)]
        raise SclError("An input of an OR has no wire, which rungs cannot express.")

    def _way_to(self, wire: Pin) -> list[tuple[Start, End, bool]]:
        """Return the rung through the parts in front of a wire, from the last place that is written."""
        place: Pin = wire
        seen: set[int] = set()
        while place.part not in seen:
            seen.add(place.part)
            if place.part in self.joins:
                ways = [self._feeding(pin) for pin in self.inputs[place.part]]
                return [way for each in ways for way in each]
            driver = self.flow_driver(place.part)
            target = Pin(place.part, self.flow_in(place.part) or "")
            if isinstance(driver, Pin) and driver.part not in self.written:
                place = driver
                continue
            if isinstance(driver, Rail | Pin):
                return [(driver, target, True)]
            if self.ladder:
                raise SclError("An instruction is not connected to a power rail; LAD in an SD document requires it.")
            return [(self.texts[driver.access] if isinstance(driver, Ident) else None, target, True)]
        raise SclError("The network has a loop, which rungs do not have.")


def flow_negated(part: Part) -> bool:
    """Return whether what runs into a part is inverted."""
    known = entry(part)
    name = flow_pins(part)[0] if known is None or known.flow_in else "in1"
    return name in part.negated
