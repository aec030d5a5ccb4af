"""Alarms of a simulated CPU. The API of PLCSIM Advanced has no call for them; a simulated instance reports its own.

Facts: docs/facts/alarms.md#alarms-of-a-program.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal, cast

import msgspec

from openness_bridge.plcsim.runtime import Handle

TYPE = "SimulationInsight"
AlarmChange = Literal["raised", "cleared", "acknowledged"]
AlarmOrigin = Literal["program", "message", "graph", "supervision", "system"]


class CpuAlarmEvent(msgspec.Struct, frozen=True, kw_only=True):
    """A change of an alarm.

    Attributes:
        path: The alarm's name, as the tag list writes names: `Plant.left.high`.
        change: What happens to it.
        origin: What raises it: Program_Alarm, a message, a GRAPH block, a supervision, or the CPU.
        time: When; microseconds since 1970, in real time.
        cpu_time: When, by the clock of the CPU or by TIMESTAMP; microseconds since 1970, UTC.
        values: The associated values; None where the program gives none.
        texts: The text for each language, with the values.
        needs_acknowledge: Whether it has to be acknowledged.
        number: Counts all events of the CPU, from 1.
    """

    path: str
    change: AlarmChange
    origin: AlarmOrigin
    time: int
    cpu_time: int
    values: list[Any] = []
    texts: Mapping[str, str] = {}
    needs_acknowledge: bool = True
    number: int = 0


class CpuAlarm(msgspec.Struct, frozen=True):
    """An alarm that is pending, or has gone and waits for its acknowledgement.

    Attributes:
        raised: The event that raised it last.
        pending: Whether it has not gone yet.
        acknowledged: Whether it is acknowledged, or needs no acknowledgement.
    """

    raised: CpuAlarmEvent
    pending: bool
    acknowledged: bool


def reports_alarms(handle: Handle) -> bool:
    """Return whether an instance reports its alarms: a real one does not."""
    return handle.model.has(TYPE)


def read_alarms(handle: Handle) -> tuple[int, list[CpuAlarm]]:
    """Return the number of the newest event, and the alarms there are."""
    with handle.look() as api:
        number, found = handle.model.SimulationInsight.ReadAlarms(api)
    return int(number), [CpuAlarm(_event(each.came), bool(each.pending), bool(each.acknowledged)) for each in found]


def read_alarm_events(handle: Handle, after: int) -> list[CpuAlarmEvent] | None:
    """Return the events after the one with a number; None where some of them are not kept any more."""
    with handle.look() as api:
        found = handle.model.SimulationInsight.ReadAlarmEvents(api, after)
    return None if found is None else [_event(each) for each in found]


def read_alarm_names(handle: Handle) -> list[str]:
    """Return the paths of the alarms that the program can raise."""
    with handle.look() as api:
        return [path_of(str(each)) for each in handle.model.SimulationInsight.ReadAlarmNames(api)]


def acknowledge_alarms(handle: Handle, paths: Iterable[str]) -> list[str]:
    """Acknowledge alarms between two cycles; return the paths of those that waited for it."""
    wanted = {each.casefold() for each in paths}
    with handle.look() as api:
        insight = handle.model.SimulationInsight
        names = [str(each.came.alarm) for each in insight.ReadAlarms(api)[1]]
        found: Sequence[Any] = insight.AcknowledgeAlarms(
            api, [each for each in names if path_of(each).casefold() in wanted]
        )
    return [path_of(str(each)) for each in found]


def path_of(name: str) -> str:
    """Return the name of an alarm as the tag list writes names: without quotes."""
    return name.replace('"', "")


def _event(found: Any) -> CpuAlarmEvent:
    return CpuAlarmEvent(
        path=path_of(str(found.alarm)),
        change=cast("AlarmChange", str(found.change)),
        origin=cast("AlarmOrigin", str(found.origin)),
        time=int(found.recorded),
        cpu_time=int(found.moment) // 1000,
        values=[_plain(each) for each in found.values],
        texts=dict(found.texts),
        needs_acknowledge=bool(found.needs_acknowledge),
        number=int(found.serial),
    )


def _plain(value: Any) -> Any:
    """Return an associated value as JSON has it; a structure as its text."""
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
