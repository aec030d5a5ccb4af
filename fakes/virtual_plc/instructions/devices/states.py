"""DeviceStates and ModuleStates: which devices of an IO system, or modules of a device, have a status.

Facts: docs/facts/communication.md#states-of-devices.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Final

from simatic_xml.program.types.types import BOOL
from virtual_plc.instructions.data.runs import Run, run_of
from virtual_plc.instructions.jobs import as_int
from virtual_plc.instructions.registry import Reference, Site, register_maker
from virtual_plc.surroundings import Module

UNKNOWN, OTHER_KIND, WRONG_DATA, NO_MODE, NO_ROOM = 0x8091, 0x8092, 0x8093, 0x80B2, 0x8452
DEVICES, SLOTS = 1024, 128
"""Bits that a whole status has."""
_STATES: Final[Mapping[int, Callable[[Module], bool]]] = {
    1: lambda _: True,
    2: lambda module: module.faulty,
    3: lambda module: module.disabled,
    4: lambda module: module.present,
    5: lambda module: module.faulty or not module.present,
}
"""By MODE: configured, faulty, disabled, there, with a problem."""


def _query(kind: str, size: int, first: int) -> Callable[[Site], Callable[..., tuple[int, bool]]]:
    """Return what makes one of the instructions.

    Args:
        kind: attribute of the modules with the members of what LADDR names.
        size: bits of a whole status.
        first: bit of the member with the number 0.
    """

    def make(site: Site) -> Callable[..., tuple[int, bool]]:
        modules = site.services.surroundings.modules

        def query(LADDR: int, MODE: int, STATE: Reference | None) -> tuple[int, bool]:
            members = getattr(modules, kind).get(LADDR)
            run = None if STATE is None else run_of(STATE)
            status = 0
            if members is None:
                status = OTHER_KIND if modules.find(LADDR) is not None else UNKNOWN
            elif MODE not in _STATES:
                status = NO_MODE
            elif run is None or run.element != BOOL:
                status = WRONG_DATA
            elif len(run) > 1 and -(-len(run) // 8) * 8 < size:
                status = NO_ROOM
            else:
                found = ((number, modules.find(each)) for number, each in members.items())
                matches = _STATES[MODE]
                _write(run, [number + first for number, each in found if each is not None and matches(each)])
            return as_int(status), status == 0

        return query

    return make


def _write(run: Run, bits: Iterable[int]) -> None:
    """Write a status: bit 0 is whether any other bit is set."""
    wanted = set(bits)
    for at in range(len(run)):
        run.set(at, bool(wanted) if at == 0 else at in wanted)


register_maker("DeviceStates", "LADDR MODE &STATE", "RET ENO")(_query("systems", DEVICES, 0))
register_maker("ModuleStates", "LADDR MODE &STATE", "RET ENO")(_query("slots", SLOTS, 1))
