"""Watches the value of a tag for one alarm: compares it, and waits for delays. It has no clock of its own."""

from __future__ import annotations

from typing import Any

import msgspec

from runtime_data.alarms.definition import AlarmDefinition
from runtime_data.alarms.state import Step
from runtime_data.quality import quality_of
from runtime_data.values import Value


class Monitor(msgspec.Struct, frozen=True):
    """What is remembered between two values.

    Attributes:
        due: When a delay ends, in microseconds since 1970; 0 while none runs.
        level: The truth value of the last value that could be used, for edges; None before the first.
        value: The newest value while a delay runs.
    """

    due: int = 0
    level: bool | None = None
    value: Value | None = None


def holds(definition: AlarmDefinition, value: Value, *, active: bool) -> bool | None:
    """Return whether a value is one that raises the alarm; None where it does not say: it is bad or of another type.

    Args:
        definition: The alarm, which is not one on an edge.
        value: The value.
        active: Whether the alarm is active, so that the deadband keeps it active.
    """
    if not is_usable(value):
        return None
    if definition.trigger == "bit":
        given = value.value
        if not isinstance(given, int):
            return None
        return (int(given) >> definition.bit & 1 == 1) is not definition.inverted
    return _compare(definition, value.value, definition.deadband if active else 0.0)


def see(
    definition: AlarmDefinition, monitor: Monitor, value: Value, *, active: bool, time: int
) -> tuple[Monitor, list[Step]]:
    """Return what is remembered after a value, and what it does to the alarm.

    Args:
        definition: The alarm.
        monitor: The memory before the value.
        value: The value; one that cannot be used stops a delay and does nothing else.
        active: Whether the alarm is active.
        time: The present moment in microseconds since 1970.
    """
    if definition.is_edge:
        return _see_edge(definition, monitor, value)
    wanted = holds(definition, value, active=active)
    if wanted is None or wanted is active:
        return Monitor(), []
    if monitor.due:
        return msgspec.structs.replace(monitor, value=value), []
    delay = int((definition.delay_on if wanted else definition.delay_off) * 1e6)
    if delay:
        return Monitor(due=time + delay, value=value), []
    return Monitor(), [Step.RAISE if wanted else Step.CLEAR]


def is_usable(value: Value) -> bool:
    """Return whether a value says anything: it is not bad, and is a truth value, a number or a text."""
    return quality_of(value.status) != "Bad" and isinstance(value.value, bool | int | float | str)


def _see_edge(definition: AlarmDefinition, monitor: Monitor, value: Value) -> tuple[Monitor, list[Step]]:
    if not is_usable(value) or isinstance(value.value, str):
        return monitor, []
    level = bool(value.value)
    is_edge = monitor.level is not None and monitor.level is not level and level is (definition.trigger == "rising")
    return Monitor(level=level), [Step.RAISE, Step.CLEAR] if is_edge else []


def _compare(definition: AlarmDefinition, value: Any, deadband: float) -> bool | None:
    limit: Any = definition.limit
    if isinstance(value, str) is not isinstance(limit, str):
        return None
    match definition.trigger:
        case "greater":
            return bool(value > limit - deadband)
        case "greaterOrEqual":
            return bool(value >= limit - deadband)
        case "less":
            return bool(value < limit + deadband)
        case "lessOrEqual":
            return bool(value <= limit + deadband)
        case "equal":
            return bool(abs(value - limit) <= deadband if deadband else value == limit)
        case _:
            return bool(value != limit)
