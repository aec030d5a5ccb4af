"""Program_Alarm, Get_AlarmState, Get_AlarmResources and Gen_UsrMsg: what a program reports to operators.

The instance of Program_Alarm keeps the name of its alarm in `_state`; whether the alarm is pending, the CPU knows.
Facts: docs/facts/alarms.md#alarms-of-a-program; decisions: docs/conformance-plc/alarms.md.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from virtual_plc.instructions.jobs import as_int
from virtual_plc.instructions.registry import Reference, Site, register_maker
from virtual_plc.memory import call_names
from virtual_plc.memory.shapes import plain

NO_ROOM: Final = 0x8002
NO_ALARM: Final = 0x8001
NO_MODE: Final = 0x8080
COMING, GOING = 1, 2
_VALUES: Final = " ".join(f"SD_{number}" for number in range(1, 11))


@register_maker("Program_Alarm", f"instance SIG TIMESTAMP {_VALUES}", "")
def _alarm(site: Site) -> Callable[..., None]:
    services, own = site.services, site.operands.get("", "")

    def alarm(instance: Any, SIG: bool, TIMESTAMP: int | None, *values: Any) -> None:
        alarms = services.surroundings.alarms
        instance.Error, instance.Status = False, 0
        name = instance._state = call_names.static_path(services.sites, site.block, own)
        if bool(SIG) is (name in alarms.pending):
            return
        moment, given = TIMESTAMP or services.wall_clock, tuple(map(plain, values))
        if not SIG:
            alarms.clear(name, moment, given)
        elif not alarms.raise_(name, moment, given):
            instance.Error, instance.Status = True, NO_ROOM

    return alarm


@register_maker("Get_AlarmState", "&Alarm", "AlarmState Error STATUS ENO")
def _alarm_state(site: Site) -> Callable[[Reference | None], tuple[int, bool, int, bool]]:
    services = site.services

    def state(Alarm: Reference | None) -> tuple[int, bool, int, bool]:
        if Alarm is None:
            return 0, True, NO_ALARM, False
        return services.surroundings.alarms.state(Alarm.get()._state), False, 0, True

    return state


@register_maker("Get_AlarmResources", "", "RET")
def _resources(site: Site) -> Callable[[], int]:
    services = site.services
    return lambda: services.surroundings.alarms.most - len(services.surroundings.alarms.pending)


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
