"""Program_Alarm, Get_AlarmResources and Gen_UsrMsg: what a program reports to operators.

Facts: docs/facts/communication.md#program-alarms.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from virtual_plc.instructions.jobs import as_int
from virtual_plc.instructions.registry import Reference, Site, register_maker
from virtual_plc.memory import call_names
from virtual_plc.memory.shapes import plain
from virtual_plc.surroundings.alarms import AlarmEvent

NO_ROOM: Final = 0x8002
NO_MODE: Final = 0x8080
COMING, GOING = 1, 2
_VALUES: Final = " ".join(f"SD_{number}" for number in range(1, 11))


@register_maker("Program_Alarm", f"instance SIG TIMESTAMP {_VALUES}", "")
def _alarm(site: Site) -> Callable[..., None]:
    services, own = site.services, site.operands.get("", "")

    def alarm(instance: Any, SIG: bool, TIMESTAMP: int | None, *values: Any) -> None:
        instance.Error, instance.Status = False, 0
        before, instance._state = bool(instance._state), bool(SIG)
        if before == instance._state:
            return
        name = call_names.static_path(services.sites, site.block, own)
        moment = TIMESTAMP or services.wall_clock
        event = AlarmEvent(name, instance._state, moment, tuple(map(plain, values)))
        if not services.surroundings.alarms.take(event):
            instance._state, instance.Error, instance.Status = before, True, NO_ROOM

    return alarm


@register_maker("Get_AlarmResources", "", "RET")
def _resources(site: Site) -> Callable[[], int]:
    alarms = site.services.surroundings.alarms
    return lambda: alarms.most - len(alarms.pending)


@register_maker("Gen_UsrMsg", "Mode TextID TextListID &AssocValues", "RET ENO")
def _message(site: Site) -> Callable[..., tuple[int, bool]]:
    services = site.services

    def message(Mode: int, TextID: int, TextListID: int, AssocValues: Reference | None) -> tuple[int, bool]:
        if Mode not in (COMING, GOING):
            return as_int(NO_MODE), False
        values = plain(AssocValues.get()) if AssocValues is not None else {}
        status = services.request("Gen_UsrMsg", Mode=Mode, TextID=TextID, TextListID=TextListID, AssocValues=values)
        return status, status == 0

    return message
