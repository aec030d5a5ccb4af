"""The wires of a LAD or FBD network, looked up from both ends, and the order in which its parts are executed.

Order: a part comes after everything that drives it; among those that are ready, the one that the file lists first. TIA
Portal writes parts in the order of the power flow, branch by branch from the top (every network of the available
exports), so this is its own order; that the CPU keeps it too is unverified.
"""

from __future__ import annotations

from collections.abc import Iterator
from heapq import heapify, heappop, heappush

from simatic_xml.flgnet.model import Access, End, Ident, NetworkGraph, Open, Part, Pin, Rail

Driver = Rail | Pin | Access
"""The source of a pin's value: the power rail, the output of a part, an operand."""


class Wiring:
    """The driver of each pin, and the targets of each output.

    An operand at the far end of a wire that starts at a pin is a target; one that starts a wire is a driver, or the
    operand that a coil writes. Ends that do not exist are left out: `flgnet.check` names them.
    """

    def __init__(self, network: NetworkGraph) -> None:
        """Index a network."""
        self.parts = {part.uid: part for part in network.parts}
        self._accesses = {access.uid: access for access in network.accesses}
        self._drivers: dict[Pin, Driver] = {}
        self._written: dict[Pin, list[Access]] = {}
        self._driven: dict[Pin, list[Pin]] = {}
        self._pins: dict[int, dict[str, None]] = {part.uid: {} for part in network.parts}
        for wire in network.wires:
            if wire.ends:
                self._add(wire.ends[0], wire.ends[1:])

    def _add(self, source: End, targets: tuple[End, ...]) -> None:
        driver = self._accesses.get(source.access) if isinstance(source, Ident) else source
        if isinstance(source, Pin):
            self._note(source)
        for target in targets:
            if isinstance(target, Pin):
                self._note(target)
            if isinstance(driver, Open) or driver is None:
                continue
            if isinstance(target, Pin):
                self._drivers[target] = driver
                if isinstance(driver, Pin):
                    self._driven.setdefault(driver, []).append(target)
            elif isinstance(target, Ident) and target.access in self._accesses and isinstance(driver, Pin):
                self._written.setdefault(driver, []).append(self._accesses[target.access])

    def _note(self, pin: Pin) -> None:
        if pin.part in self._pins:
            self._pins[pin.part][pin.name] = None

    def driver(self, pin: Pin) -> Driver | None:
        """Return the driver of a pin, None if there is none."""
        return self._drivers.get(pin)

    def find_written(self, pin: Pin) -> list[Access]:
        """Return the operands that an output writes; also one that the file wires to it as if it were an input."""
        driver = self._drivers.get(pin)
        return [*self._written.get(pin, ()), *([driver] if isinstance(driver, Access) else [])]

    def consumers(self, pin: Pin) -> int:
        """Return how many pins an output drives."""
        return len(self._driven.get(pin, ()))

    def is_used(self, pin: Pin) -> bool:
        """Return whether an output leads to an operand or a pin."""
        return pin in self._driven or pin in self._written

    def pins(self, part: Part) -> list[str]:
        """Return the names of the wired pins of a part, in the order of the file, those left open included."""
        return list(self._pins[part.uid])

    def in_order(self) -> Iterator[Part]:
        """Yield the parts in the order in which they are executed; those of a loop of wires are missing."""
        order = {uid: index for index, uid in enumerate(self.parts)}
        waiting = dict.fromkeys(self.parts, 0)
        followers: dict[int, list[int]] = {uid: [] for uid in self.parts}
        for driver, driven in self._driven.items():
            followers.get(driver.part, []).extend(pin.part for pin in driven if pin.part in waiting)
        for uid in (each for found in followers.values() for each in found):
            waiting[uid] += 1
        ready = [(order[uid], uid) for uid, count in waiting.items() if not count]
        heapify(ready)
        while ready:
            _, uid = heappop(ready)
            yield self.parts[uid]
            for follower in followers[uid]:
                waiting[follower] -= 1
                if not waiting[follower]:
                    heappush(ready, (order[follower], follower))
