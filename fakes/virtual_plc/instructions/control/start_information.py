"""RD_SINFO: the start information of the OB that runs, and of the last startup OB.

Facts: docs/facts/execution.md#start-information.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from simatic_xml.program.cpu.organization_blocks import EVENTS
from simatic_xml.program.types.types import Structure
from virtual_plc.code.naming import attribute
from virtual_plc.cpu.organization_blocks import Start
from virtual_plc.instructions.jobs import as_int
from virtual_plc.instructions.registry import Reference, Site, register_maker
from virtual_plc.memory.shapes import copy_into
from virtual_plc.memory.storage import new

WRONG_TOP, WRONG_STARTUP = 0x8081, 0x8083
OPTIMIZED: Final = 0xFE
"""SI_Format of optimized start information."""
_CLASSIC, _NONE = "SI_classic", "SI_none"
_OWN: Final = {
    "ProgramCycle": "SI_ProgramCycle",
    "Startup": "SI_Startup",
    "TimeOfDay": "SI_TimeOfDay",
    "TimeDelayInterrupt": "SI_Delay",
    "CyclicInterrupt": "SI_Cyclic",
    "HardwareInterrupt": "SI_HWInterrupt SI_HWInterrupt_Extended",
    "Status": "SI_Submodule",
    "Update": "SI_Submodule",
    "Profile": "SI_Submodule",
    "TimeErrorInterrupt": "SI_TimeError",
    "DiagnosticErrorInterrupt": "SI_DiagnosticInterrupt",
    "PullOrPlugOfModules": "SI_PlugPullModule",
    "RackOrStationFailure": "SI_StationFailure",
    "ProgrammingError": "SI_ProgIOAccessError",
    "IOAccessError": "SI_ProgIOAccessError",
}
"""Types of the start information of each event."""
_STANDARD, _SYNCHRONOUS_ERROR, _ASYNCHRONOUS_ERROR = 0x10, 0x20, 0x30
"""Event classes, in the upper four bits of EV_CLASS."""


@register_maker("RD_SINFO", "&TOP_SI &START_UP_SI", "RET ENO")
def _read(site: Site) -> Callable[[Reference, Reference], tuple[int, bool]]:
    services = site.services

    def read(TOP_SI: Reference, START_UP_SI: Reference) -> tuple[int, bool]:
        found = services.query("RD_SINFO")
        top, startup = found.get("TOP_SI"), found.get("START_UP_SI")
        if not _fits(TOP_SI, top.block.event if top is not None else ""):
            return as_int(WRONG_TOP), False
        if not _fits(START_UP_SI, "Startup"):
            return as_int(WRONG_STARTUP), False
        _show(TOP_SI, top)
        _show(START_UP_SI, startup)
        return 0, True

    return read


def _fits(reference: Reference, event: str) -> bool:
    kind = reference.type
    return isinstance(kind, Structure) and kind.name in (_CLASSIC, _NONE, *_OWN.get(event, "").split())


def _show(reference: Reference, start: Start | None) -> None:
    target, kind = reference.get(), reference.type
    copy_into(target, new(kind))
    assert isinstance(kind, Structure)  # noqa: S101 - checked before
    if kind.name == _CLASSIC:
        if start is not None:
            _show_classic(target, start)
        return
    target.SI_Format = OPTIMIZED
    target.OB_Class = EVENTS[start.block.event if start is not None else "Startup"].numbers[0]
    if start is None:
        return
    target.OB_Nr = start.block.number
    given = {_plain(name): value for name, value in start.information.items()}
    for member in kind.members:
        if _plain(member.name) in given:
            setattr(target, attribute(member.name), given[_plain(member.name)])


def _plain(name: str) -> str:
    """Return a name as different lists of start information have it in common: `Block_Nr` is `BlockNr`."""
    return name.replace("_", "").casefold()


def _show_classic(target: Any, start: Start) -> None:
    number = start.block.number
    events = _STANDARD if number < 80 or 99 < number < 121 or number > 122 else _ASYNCHRONOUS_ERROR
    target.EV_CLASS = start.information.get("Event_Class", _SYNCHRONOUS_ERROR if number in (121, 122) else events)
    target.EV_NUM = start.information.get("Fault_ID", 0)
    target.PRIORITY, target.NUM = start.block.priority, number & 0xFF
