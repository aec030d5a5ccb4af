"""Alarms that a CPU reports: they have no definition of the service's own unless an engineer gives them one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import msgspec

from openness_bridge.plcsim.alarms import AlarmChange, AlarmOrigin, CpuAlarm, CpuAlarmEvent
from runtime_data.alarms.alarm import Alarm
from runtime_data.alarms.definition import PROGRAM, AlarmDefinition
from runtime_data.alarms.state import Step
from runtime_data.alarms.texts import fill
from runtime_data.values import Value
from simatic_xml.instructions import alarm_texts

STEPS: dict[AlarmChange, Step] = {"raised": Step.RAISE, "cleared": Step.CLEAR, "acknowledged": Step.ACKNOWLEDGE}
Description = tuple[str, int, str]
DESCRIPTIONS: dict[AlarmOrigin, Description] = {
    "program": ("Errors", 500, "Program"),
    "message": ("Information", 200, "Messages"),
    "graph": ("Errors", 500, "GRAPH"),
    "supervision": ("Errors", 500, "Supervisions"),
    "system": ("System", 800, "CPU"),
}
"""Class, priority and the last level of the area of an alarm without a definition, by what raises it."""


class AlarmReport(msgspec.Struct, frozen=True, kw_only=True):
    """What a CPU reports of an alarm.

    Attributes:
        tag: source:path of the alarm.
        event: What happened.
        comment: Why, where the service concluded it.
    """

    tag: str
    event: CpuAlarmEvent
    comment: str = ""

    @property
    def step(self) -> Step:
        """What it does to the alarm."""
        return STEPS[self.event.change]

    @property
    def value(self) -> Value:
        """The first associated value."""
        values = self.event.values
        return Value(self.tag, values[0] if values else None, source_time=self.event.time, server_time=self.event.time)

    def changes(self, definition: AlarmDefinition) -> dict[str, Any]:
        """Return what it changes about an alarm besides its state."""
        event = self.event
        changed: dict[str, Any] = {"origin": event.origin, "cpu_time": event.cpu_time}
        if self.step is Step.RAISE:
            own = alarm_texts.fill(fill(definition, self.value), event.values)
            changed |= {"values": event.values, "texts": own or dict(event.texts)}
        return changed


class AlarmSnapshot(msgspec.Struct, frozen=True):
    """All alarms of a CPU at a moment.

    Attributes:
        source: Its source.
        alarms: The alarms by tag, casefolded.
        time: The moment, in microseconds since 1970.
    """

    source: str
    alarms: Mapping[str, CpuAlarm]
    time: int


def define(report: AlarmReport) -> AlarmDefinition:
    """Return the definition of an alarm that nobody has defined."""
    alarm_class, priority, level = DESCRIPTIONS[report.event.origin]
    source = report.tag.partition(":")[0]
    return AlarmDefinition(
        name=report.tag,
        tag=report.tag,
        trigger=PROGRAM,
        alarm_class=alarm_class,
        priority=priority,
        area=f"{source}/{level}",
        needs_acknowledge=report.event.needs_acknowledge,
    )


def define_again(alarm: Alarm) -> AlarmDefinition:
    """Return the definition of an alarm that was reported before."""
    return AlarmDefinition(
        name=alarm.name,
        tag=alarm.tag,
        trigger=PROGRAM,
        number=alarm.number,
        alarm_class=alarm.alarm_class,
        priority=alarm.priority,
        area=alarm.area,
        needs_acknowledge=alarm.needs_acknowledge,
        needs_reset=alarm.needs_reset,
    )
