"""The wires of a network seen from the parts that two networks share: what drives each of their pins, in order."""

from collections import defaultdict

from simatic_xml.flgnet.catalogue import flow_pins
from simatic_xml.flgnet.model import End, NetworkGraph, Pin, Rail

Place = tuple[int, str]
"""Shared number of a part, and a pin of it; -1 is the power rail."""

RAIL: Place = (-1, "")

POWER = "power"
"""Name of the pins by which power flows through a part; instructions name them differently."""


class Flow:
    """What drives the pins of shared parts; parts that only one network has are seen through.

    Attributes:
        drivers: For each driven pin the nearest shared outputs that drive it.
        targets: What each shared output drives, and the rail, in order.
        shared: Shared number of each part that both networks have, by UId.
    """

    def __init__(self, network: NetworkGraph, shared: dict[int, int]) -> None:
        """Look up all wires of `network`."""
        self.shared = shared
        self._flow = {part.uid: flow_pins(part) for part in network.parts}
        self._sources: dict[Pin, End] = {}
        self._inputs: dict[int, list[Pin]] = defaultdict(list)
        self.targets: dict[Place, list[Place]] = defaultdict(list)
        for wire in network.wires:
            for end in wire.ends[1:]:
                if isinstance(end, Pin):
                    self._sources[end] = wire.ends[0]
                    self._inputs[end.part].append(end)
        self.drivers = {
            self._find_place(pin): found
            for pin, source in self._sources.items()
            if pin.part in shared and (found := self._nearest(source))
        }
        self._order(network)

    def _order(self, network: NetworkGraph) -> None:
        """Note what each source drives first; without a rail the order of the parts is that of the program."""
        for pin, source in self._sources.items():
            place = self._place(source)
            if place is not None and pin.part in self.shared:
                self.targets[place].append(self._find_place(pin))
        if not network.has_rail:
            self.targets[RAIL] = [(self.shared[part.uid], "") for part in network.parts if part.uid in self.shared]

    def _place(self, end: End) -> Place | None:
        if isinstance(end, Rail):
            return RAIL
        return self._find_place(end) if isinstance(end, Pin) and end.part in self.shared else None

    def _find_place(self, pin: Pin) -> Place:
        """Return the place of a pin of a part that both networks have."""
        return self.shared[pin.part], POWER if pin.name in self._flow[pin.part] else pin.name

    def _nearest(self, source: End) -> frozenset[Place]:
        """Return the shared outputs or the rail that `source` comes from, through parts that are not shared."""
        found: set[Place] = set()
        seen: set[int] = set()
        waiting = [source]
        while waiting:
            end = waiting.pop()
            place = self._place(end)
            if place is not None:
                found.add(place)
            elif isinstance(end, Pin) and end.part not in seen:
                seen.add(end.part)
                waiting += [self._sources[pin] for pin in self._inputs[end.part]]
        return frozenset(found)

    def order(self, other: "Flow") -> dict[Place, list[Place]]:
        """Return what each source drives, in order, as far as the other network has the same targets there."""
        common = {source: set(targets) & set(other.targets.get(source, ())) for source, targets in self.targets.items()}
        ordered = {source: [each for each in self.targets[source] if each in kept] for source, kept in common.items()}
        return {source: targets for source, targets in ordered.items() if len(targets) > 1}
