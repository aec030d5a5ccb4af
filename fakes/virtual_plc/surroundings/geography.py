"""Geographical addresses: the place of each hardware identifier. Facts: docs/facts/communication.md#geographical-addresses."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import IntEnum
from typing import Final

from virtual_plc.surroundings.modules import Modules

FIRST_SYSTEM: Final = 100
"""Number of the first PROFINET IO system, as TIA Portal gives them; those of DP master systems are below."""


class Kind(IntEnum):
    """Kinds of hardware, by their numbers in HWTYPE."""

    IO_SYSTEM = 1
    DEVICE = 2
    RACK = 3
    MODULE = 4
    SUBMODULE = 5


@dataclass(frozen=True, slots=True)
class Position:
    """A geographical address.

    Attributes:
        kind: what is there.
        system: number of the IO system, 0 for the rack of the CPU.
        station: device number in the IO system, 0 for the rack.
        slot: slot of a module.
    """

    kind: Kind
    system: int = 0
    station: int = 0
    slot: int = 0

    @property
    def area(self) -> int:
        """AREA: 0 the CPU, 1 PROFINET IO, 2 PROFIBUS DP."""
        return 0 if not self.system else 1 if self.system >= FIRST_SYSTEM else 2


def positions(modules: Modules) -> dict[int, Position]:
    """Return the place of each hardware identifier that has one; a device outside of IO systems and its modules do not."""
    found = dict(_systems(modules))
    devices = {identifier: each for identifier, each in found.items() if each.kind is Kind.DEVICE}
    for identifier, module in modules.listed():
        if module.io_system and identifier not in found:
            found[identifier] = devices[identifier] = Position(Kind.DEVICE, module.io_system, module.device_number)
    slots = {each: (device, slot) for device, own in modules.slots.items() for slot, each in own.items()}
    for identifier, module in modules.listed():
        device, slot = slots.get(identifier, (0, module.slot))
        home = devices.get(device) if device else Position(Kind.RACK)
        if home is not None and identifier not in found:
            found[identifier] = Position(Kind.MODULE, home.system, home.station, slot)
    return found


def _systems(modules: Modules) -> Iterator[tuple[int, Position]]:
    for number, (identifier, members) in enumerate(sorted(modules.systems.items()), FIRST_SYSTEM):
        yield identifier, Position(Kind.IO_SYSTEM, number)
        for station, device in members.items():
            yield device, Position(Kind.DEVICE, number, station)
