"""What values and users change about alarms, collected until it is written: nothing counts before that."""

from __future__ import annotations

import uuid
from collections.abc import Mapping
from typing import Any

import msgspec

from runtime_data.alarms.alarm import Alarm, AlarmEvent, EventKind
from runtime_data.alarms.definition import AlarmDefinition
from runtime_data.alarms.monitor import Monitor, is_usable, see
from runtime_data.alarms.reports import AlarmReport
from runtime_data.alarms.state import State, Step, next_state
from runtime_data.alarms.texts import fill
from runtime_data.quality import quality_of
from runtime_data.values import Value

KIND_OF_STEP = {
    Step.RAISE: EventKind.RAISED,
    Step.CLEAR: EventKind.CLEARED,
    Step.ACKNOWLEDGE: EventKind.ACKNOWLEDGED,
    Step.RESET: EventKind.RESET,
}
NOTHING: Mapping[str, Any] = {}


class Changes:
    """Changes of alarms over those that are there.

    Attributes:
        alarms: The changed alarms by key.
        monitors: The changed monitors by key.
        events: Lines for the journal, in their order.
        delayed: Keys of alarms for which a delay began.
    """

    def __init__(self, alarms: Mapping[str, Alarm], monitors: Mapping[str, Monitor]) -> None:
        """Begin with none."""
        self._alarms, self._monitors = alarms, monitors
        self.alarms: dict[str, Alarm] = {}
        self.monitors: dict[str, Monitor] = {}
        self.events: list[AlarmEvent] = []
        self.delayed: set[str] = set()

    def alarm(self, definition: AlarmDefinition) -> Alarm:
        """Return the alarm of a definition as it is after the changes."""
        key = key_of(definition.name)
        return self.alarms.get(key) or self._alarms.get(key) or _fresh(definition)

    def monitor(self, key: str) -> Monitor:
        """Return what is remembered for an alarm."""
        return self.monitors.get(key) or self._monitors.get(key) or Monitor()

    def take(self, definition: AlarmDefinition, value: Value, time: int) -> None:
        """Take a value of one of the definition's tags."""
        if value.tag == definition.condition_tag:
            self._take_condition(definition, value, time)
        if value.tag != definition.tag or definition.is_reported:
            return
        self._note_quality(definition, value, time)
        key = key_of(definition.name)
        active = self.alarm(definition).active
        self.monitors[key], steps = see(definition, self.monitor(key), value, active=active, time=time)
        if self.monitors[key].due:
            self.delayed.add(key)
        for step in steps:
            self.step(definition, step, time, value=value)

    def report(self, definition: AlarmDefinition, report: AlarmReport) -> None:
        """Take what a CPU reports of an alarm."""
        comment, time = report.comment, report.event.time
        self.step(definition, report.step, time, value=report.value, comment=comment, also=report.changes(definition))

    def elapse(self, definition: AlarmDefinition, time: int) -> None:
        """Do what waited for a moment: the end of a delay or of shelving."""
        key = key_of(definition.name)
        monitor, alarm = self.monitor(key), self.alarm(definition)
        if 0 < monitor.due <= time:
            self.monitors[key] = Monitor()
            step = Step.CLEAR if alarm.active else Step.RAISE
            self.step(definition, step, monitor.due, value=monitor.value)
        if 0 < alarm.shelved_until <= time:
            self.mark(definition, EventKind.UNSHELVED, alarm.shelved_until, {"shelved_until": 0, "shelved_by": ""})

    def step(
        self,
        definition: AlarmDefinition,
        step: Step,
        time: int,
        *,
        value: Value | None = None,
        user: str = "",
        comment: str = "",
        also: Mapping[str, Any] = NOTHING,
    ) -> bool:
        """Move an alarm to its next state, and change further fields; return whether the step is possible."""
        alarm = self.alarm(definition)
        needs = definition if step is Step.RAISE else alarm
        state = next_state(alarm.state, step, needs_acknowledge=needs.needs_acknowledge, needs_reset=needs.needs_reset)
        if state is None:
            return False
        changed: dict[str, Any] = {"state": state}
        if step is Step.RAISE:
            changed |= _raised(definition, alarm, value, time)
        elif step is Step.CLEAR:
            changed |= {"cleared_at": time}
        else:
            changed |= {"user": user, "comment": comment}
            changed |= {"acknowledged_at": time} if step is Step.ACKNOWLEDGE else {}
        self.mark(definition, KIND_OF_STEP[step], time, changed | dict(also), user=user, comment=comment)
        return True

    def mark(
        self,
        definition: AlarmDefinition,
        kind: EventKind,
        time: int,
        changed: Mapping[str, Any],
        *,
        user: str = "",
        comment: str = "",
    ) -> None:
        """Change fields of an alarm, and write a line of the journal."""
        alarm = msgspec.structs.replace(self.alarm(definition), **changed)
        self.alarms[key_of(definition.name)] = alarm
        self.events.append(AlarmEvent(kind=kind, time=time, alarm=alarm, user=user, comment=comment))

    def replace(self, old: AlarmDefinition, new: AlarmDefinition, time: int) -> None:
        """Clear an alarm when what raises it changes, and end suppression by a condition that changes."""
        if _raises_by(old) != _raises_by(new):
            self.monitors[key_of(new.name)] = Monitor()
            self.step(old, Step.CLEAR, time, comment="The definition changed.")
        is_same = (old.condition_tag, old.condition_value) == (new.condition_tag, new.condition_value)
        if self.alarm(old).suppressed_by_design and not is_same:
            self.mark(old, EventKind.UNSUPPRESSED, time, {"suppressed_by_design": False})

    def remove(self, definition: AlarmDefinition, time: int, user: str) -> None:
        """Remove an alarm, in any state."""
        self.monitors[key_of(definition.name)] = Monitor()
        gone: dict[str, Any] = dict.fromkeys(("suppressed_by_design", "suppressed_by_hand", "out_of_service"), False)
        changed = gone | {"state": State.NORMAL, "shelved_until": 0, "shelved_by": ""}
        self.mark(definition, EventKind.REMOVED, time, changed, user=user)

    def _take_condition(self, definition: AlarmDefinition, value: Value, time: int) -> None:
        if not is_usable(value) or isinstance(value.value, str):
            return
        suppressed = bool(value.value) is not definition.condition_value
        if suppressed is not self.alarm(definition).suppressed_by_design:
            kind = EventKind.SUPPRESSED if suppressed else EventKind.UNSUPPRESSED
            self.mark(definition, kind, time, {"suppressed_by_design": suppressed})

    def _note_quality(self, definition: AlarmDefinition, value: Value, time: int) -> None:
        """Note that the value of an alarm that is not Normal became bad or good again."""
        alarm = self.alarm(definition)
        if alarm.state is State.NORMAL or alarm.status == value.status:
            return
        was_bad, is_bad = (quality_of(status) == "Bad" for status in (alarm.status, value.status))
        if was_bad is not is_bad:
            kind = EventKind.VALUE_BAD if is_bad else EventKind.VALUE_GOOD
            self.mark(definition, kind, time, {"status": value.status})


def key_of(name: str) -> str:
    """Return what the name of a definition is found by."""
    return name.casefold()


def _fresh(definition: AlarmDefinition) -> Alarm:
    return Alarm(id=_new_id(), name=definition.name, tag=definition.tag, **_described(definition))


def _described(definition: AlarmDefinition) -> dict[str, Any]:
    return {
        "number": definition.number,
        "priority": definition.priority,
        "alarm_class": definition.alarm_class,
        "area": definition.area,
        "limit": definition.limit,
        "needs_acknowledge": definition.needs_acknowledge,
        "needs_reset": definition.needs_reset,
    }


def _raised(definition: AlarmDefinition, alarm: Alarm, value: Value | None, time: int) -> dict[str, Any]:
    """Return what a raise changes, apart from the state. A new occurrence has a new id."""
    is_new = alarm.state is State.NORMAL
    found = value or Value(definition.tag, None)
    return _described(definition) | {
        "id": _new_id() if is_new else alarm.id,
        "tag": definition.tag,
        "texts": fill(definition, found),
        "value": found.value,
        "value_text": found.text,
        "status": found.status,
        "raised_at": time,
        "cleared_at": 0,
        "acknowledged_at": 0,
        "count": 1 if is_new else alarm.count + 1,
        "user": "" if is_new else alarm.user,
        "comment": "" if is_new else alarm.comment,
    }


def _raises_by(given: AlarmDefinition) -> tuple[Any, ...]:
    """Return what raises an alarm."""
    return given.tag, given.trigger, given.limit, given.bit, given.inverted, given.enabled


def _new_id() -> str:
    return str(uuid.uuid4())
