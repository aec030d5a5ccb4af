"""Alarms and lines of the journal as clients of the native routes get them. The form: docs/runtime/alarms.md."""

from __future__ import annotations

from typing import Annotated

import msgspec

from runtime_data.alarms.alarm import CONTROLLER, TAG, Alarm, AlarmEvent, EventKind
from runtime_data.alarms.reports import DESCRIPTIONS
from runtime_data.alarms.state import State
from runtime_data.alarms.texts import choose
from runtime_data.documents import rfc3339
from runtime_data.quality import Quality, quality_of
from runtime_data.values import RuntimeScalar

AlarmState = Annotated[
    str, msgspec.Meta(title="AlarmState", extra_json_schema={"enum": [each.value for each in State]})
]
AlarmEventKind = Annotated[
    str, msgspec.Meta(title="AlarmEventKind", extra_json_schema={"enum": [each.value for each in EventKind]})
]

AlarmOrigin = Annotated[
    str, msgspec.Meta(title="AlarmOrigin", extra_json_schema={"enum": [TAG, *DESCRIPTIONS, CONTROLLER]})
]


class RuntimeAlarm(msgspec.Struct, rename="camel", frozen=True):
    """An alarm. Times are in UTC, null where it has not happened.

    Attributes:
        id: The id of this occurrence.
        name: The definition's name.
        priority: 0 to 1000; 1000 is the most urgent.
        text: The text in the language that was asked for.
        texts: All texts by language.
        value: The value that raised it.
        quality: Of the tag's newest value. Of a bad one the state says nothing about the present.
        count: How often it was raised since it was Normal.
        user: Who acknowledged or reset it last.
        suppressed: Whether it is kept from operators, by design or by hand.
        origin: What raises it: tag, or what of a CPU: program, message, graph, supervision, system; controller where a
            controller lists it, and does not say what raises it.
        values: The associated values with which a CPU raised it.
        cpu_time: When it changed last, by the clock of the CPU; null for an alarm on a tag.
    """

    id: str
    name: str
    number: int
    tag: str
    state: AlarmState
    active: bool
    acknowledged: bool
    priority: int
    alarm_class: str
    area: str
    text: str
    texts: dict[str, str]
    value: RuntimeScalar
    value_text: str
    limit: RuntimeScalar
    quality: Quality
    status_code: int
    raised_at: str | None
    cleared_at: str | None
    acknowledged_at: str | None
    count: int
    user: str
    comment: str
    shelved_until: str | None
    shelved_by: str
    suppressed: bool
    suppressed_by_design: bool
    suppressed_by_hand: bool
    out_of_service: bool
    needs_acknowledge: bool
    needs_reset: bool
    origin: AlarmOrigin
    values: list[RuntimeScalar]
    cpu_time: str | None


class RuntimeAlarmEvent(msgspec.Struct, rename="camel", frozen=True):
    """A line of the journal.

    Attributes:
        number: Its number, which grows.
        time: When, in UTC.
        user: Who did it; empty where the tag did.
        alarm: The alarm after it.
    """

    number: int
    event: AlarmEventKind
    time: str | None
    user: str
    comment: str
    alarm: RuntimeAlarm


def show(alarm: Alarm, language: str = "") -> RuntimeAlarm:
    """Return an alarm as clients get it.

    Args:
        alarm: The alarm.
        language: The language of `text`, such as de-DE; the first there is where it is empty or there is no such text.
    """
    return RuntimeAlarm(
        alarm.id,
        alarm.name,
        alarm.number,
        alarm.tag,
        alarm.state.value,
        alarm.active,
        alarm.acknowledged,
        alarm.priority,
        alarm.alarm_class,
        alarm.area,
        choose(alarm.texts, language, alarm.name),
        alarm.texts,
        alarm.value,
        alarm.value_text,
        alarm.limit,
        quality_of(alarm.status),
        alarm.status,
        rfc3339(alarm.raised_at),
        rfc3339(alarm.cleared_at),
        rfc3339(alarm.acknowledged_at),
        alarm.count,
        alarm.user,
        alarm.comment,
        rfc3339(alarm.shelved_until),
        alarm.shelved_by,
        alarm.suppressed,
        alarm.suppressed_by_design,
        alarm.suppressed_by_hand,
        alarm.out_of_service,
        alarm.needs_acknowledge,
        alarm.needs_reset,
        alarm.origin,
        alarm.values,
        rfc3339(alarm.cpu_time),
    )


def show_event(event: AlarmEvent, language: str = "") -> RuntimeAlarmEvent:
    """Return a line of the journal as clients get it; arguments as of `show`."""
    return RuntimeAlarmEvent(
        event.number, event.kind.value, rfc3339(event.time), event.user, event.comment, show(event.alarm, language)
    )
