"""GET_DIAG: the diagnostic status of a module, a device or the CPU. Facts: docs/facts/communication.md#diagnostic-status."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import reduce
from operator import or_
from typing import Final

from simatic_xml.program.types.types import DWORD, Structure
from virtual_plc.cpu.services import Services
from virtual_plc.instructions.jobs import as_int
from virtual_plc.instructions.registry import Reference, Site, register_maker
from virtual_plc.surroundings import Module

NO_MODE, WRONG_TYPE, NO_MODULE = 0x8080, 0x8081, 0x8090
CPU, EXECUTION_UNIT = 49, 52
"""Hardware identifiers of the CPU, and of its part that has the operating state."""
SUPPORTED, OWN, SUBORDINATE = range(3)
STARTUP, RUN = 6, 8
_SHAPES: Final = {OWN: "DIS", SUBORDINATE: "DNN"}


@dataclass(frozen=True, slots=True)
class _Status:
    """A diagnostic status: MaintenanceState, ComponentStateDetail, OwnState, IOState."""

    maintenance: int
    detail: int
    own: int
    io: int


_GOOD: Final = _Status(0, 0x8000, 0, 0x0001)
_DISABLED: Final = _Status(1, 0x1_8000, 1, 0x0002)
_FAULTY: Final = _Status(7, 0x8040, 4, 0x0010)
_MISSING: Final = _Status(8, 0x9800, 5, 0x0020)
_HARDWARE_FAULT: Final = 0x8000
"""Bit of IOState that an S7-1500 sets with the one of an error."""


def _status(module: Module | None) -> _Status:
    if module is None:
        return _GOOD
    if module.disabled:
        return _DISABLED
    if not module.present:
        return _MISSING
    return _FAULTY if module.faulty else _GOOD


@register_maker("GET_DIAG", "MODE LADDR &DIAG &DETAIL", "CNT_DIAG RET ENO")
def _get(site: Site) -> Callable[..., tuple[int, int, bool]]:
    services, modules = site.services, site.services.surroundings.modules
    is_small = site.memory.program.cpu.family == "S7-1200"

    def get(MODE: int, LADDR: int, DIAG: Reference | None, _detail: Reference | None) -> tuple[int, int, bool]:
        is_known = LADDR in (CPU, EXECUTION_UNIT) or modules.find(LADDR) is not None
        status = 0
        if MODE not in (SUPPORTED, OWN, SUBORDINATE):
            status = NO_MODE
        elif not is_known and not (MODE == SUPPORTED and is_small):
            status = NO_MODULE
        elif DIAG is None or not _takes(DIAG, MODE):
            status = WRONG_TYPE
        else:
            _show(DIAG, services, LADDR, MODE, fault=0 if is_small else _HARDWARE_FAULT)
        return 0, as_int(status), status == 0

    return get


def _show(reference: Reference, services: Services, identifier: int, mode: int, *, fault: int) -> None:
    """Write what a mode asks for; `fault` goes with the bit of an error in IOState."""
    modules, target = services.surroundings.modules, reference.get()
    if mode == SUPPORTED:
        reference.set(1 << SUPPORTED | 1 << OWN | 1 << SUBORDINATE)
    elif mode == OWN:
        found = _status(modules.find(identifier))
        target.MaintenanceState, target.ComponentStateDetail = found.maintenance, found.detail
        target.OwnState, target.IOState = found.own, found.io | (fault if found.io & _FAULTY.io else 0)
        target.OperatingState = _operating_state(services) if identifier == EXECUTION_UNIT else 0
    else:
        below = modules.station(identifier) if modules.find(identifier) else [each for each, _ in modules.listed()]
        members = [_status(modules.find(each)) for each in below if each != identifier] or [_GOOD]
        states = reduce(or_, (each.io for each in members))
        target.SubordinateState = max(members, key=lambda each: each.maintenance).own
        target.SubordinateIOState, target.DNNmode = states | (fault if states & _FAULTY.io else 0), 0


def _operating_state(services: Services) -> int:
    start = services.query("RD_SINFO")["TOP_SI"]
    return STARTUP if start is not None and start.block.event == "Startup" else RUN


def _takes(reference: Reference, mode: int) -> bool:
    """Return whether a VARIANT points to the type that a mode writes."""
    if mode == SUPPORTED:
        return reference.type == DWORD
    return isinstance(reference.type, Structure) and reference.type.name == _SHAPES[mode]
