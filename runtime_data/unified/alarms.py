"""Alarms as WinCC Unified's clients read them, and what operators do with them.

An occurrence has a number for clients, made of its id: a client that acknowledges an occurrence that is over gets an error.
"""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from typing import Any

import msgspec

from engineering_api.execution.runner import Runner
from engineering_api.operations.context import Context
from openness_bridge.errors import Detail, Kind, Place, Problem
from runtime_data.alarms.alarm import Alarm, AlarmEvent, EventKind
from runtime_data.alarms.engine import LONGEST_SHELVED, Alarms
from runtime_data.alarms.filters import ALL, VISIBLE
from runtime_data.alarms.state import State
from runtime_data.alarms.texts import choose
from runtime_data.native import runtime_alarms_operations as operations
from runtime_data.native.runtime_alarms_operations import RuntimeAlarmOutcomes
from runtime_data.unified.access import require_right
from runtime_data.unified.errors import show_error
from runtime_data.unified.filters import parse_filter
from runtime_data.unified.qualities import show_quality
from runtime_data.unified.tags import MOST_NAMES, require_few
from runtime_data.unified.times import NEVER, parse_time, show_span, show_time
from runtime_data.values import now

WEEK = 7 * 86_400 * 10**6
USUAL_SHELVING = 3600.0
"""Seconds for which an alarm is shelved where the client names none."""
_STATES = {
    State.NORMAL: "NORMAL",
    State.ACTIVE_UNACKNOWLEDGED: "RAISED",
    State.ACTIVE_ACKNOWLEDGED: "RAISED_ACKNOWLEDGED",
    State.CLEARED_UNACKNOWLEDGED: "RAISED_CLEARED",
}
_REASONS = {
    EventKind.RAISED: "ALARM_STATE_CHANGED_RAISE_EVENT",
    EventKind.CLEARED: "ALARM_STATE_CHANGED_CLEAR_EVENT",
    EventKind.ACKNOWLEDGED: "ALARM_STATE_CHANGED_ACKNOWLEDGE_EVENT",
    EventKind.RESET: "ALARM_STATE_CHANGED_RESET_EVENT",
    EventKind.REMOVED: "ALARM_STATE_CHANGED_REMOVE_EVENT",
    EventKind.VALUE_BAD: "ALARM_QUALITY_CHANGED",
    EventKind.VALUE_GOOD: "ALARM_QUALITY_CHANGED",
    EventKind.OUT_OF_SERVICE: "ALARM_ENABLE_STATE_CHANGED",
    EventKind.IN_SERVICE: "ALARM_ENABLE_STATE_CHANGED",
}
_SUPPRESSION = "ALARM_SUPPRESSION_STATE_CHANGED"


def instance_of(alarm: Alarm) -> int:
    """Return the number of an occurrence: 31 bits of the checksum of its id."""
    return zlib.crc32(alarm.id.encode()) & 0x7FFFFFFF


def state_of(alarm: Alarm) -> str:
    """Return the state by WinCC Unified's word; of a latched alarm in the order in which it cleared and was acknowledged."""
    if alarm.state is not State.LATCHED:
        return _STATES[alarm.state]
    was_cleared_first = alarm.acknowledged_at > alarm.cleared_at
    return "RAISED_CLEARED_ACKNOWLEDGED" if was_cleared_first else "RAISED_ACKNOWLEDGED_CLEARED"


def show_alarm(alarm: Alarm, languages: Sequence[str], kind: EventKind | None = None, when: int = 0) -> dict[str, Any]:
    """Return an alarm.

    Args:
        alarm: The alarm.
        languages: The languages of its texts, in this order.
        kind: What happened to it; None where it is only listed.
        when: When that was, in microseconds since 1970.
    """
    texts = [choose(alarm.texts, language, alarm.name) for language in languages]
    ticks, iso = show_span(alarm.raised_at, alarm.cleared_at)
    return {
        "name": alarm.name,
        "instanceID": instance_of(alarm),
        "raiseTime": show_time(alarm.raised_at),
        "acknowledgmentTime": show_time(alarm.acknowledged_at),
        "clearTime": show_time(alarm.cleared_at),
        "modificationTime": show_time(when or max(alarm.raised_at, alarm.cleared_at, alarm.acknowledged_at)),
        "state": state_of(alarm),
        "flashing": not alarm.acknowledged,
        "languages": list(languages),
        "alarmClassName": alarm.alarm_class,
        "stateMachine": _machine(alarm),
        "priority": alarm.priority,
        "eventText": texts,
        "origin": alarm.tag.partition(":")[0],
        "area": alarm.area,
        "changeReason": [_REASONS.get(kind, _SUPPRESSION)] if kind else [],
        "valueLimit": alarm.limit,
        "sourceType": "TAG",
        "suppressionState": _suppression(alarm),
        "userName": alarm.user,
        "value": alarm.value_text if alarm.value is None and alarm.value_text else alarm.value,
        "valueQuality": show_quality(alarm.status),
        "quality": show_quality(alarm.status),
        "invalidFlags": dict.fromkeys(
            ("invalidConfiguration", "invalidTimestamp", "invalidAlarmParameter", "invalidEventText"), False
        ),
        "producer": "WINCC",
        "duration": ticks,
        "durationIso": iso,
        "sourceID": alarm.tag,
        "path": alarm.tag,
        "userResponse": _response(alarm),
        "hasComments": bool(alarm.comment),
    }


def _machine(alarm: Alarm) -> str:
    if not alarm.needs_acknowledge:
        return "RAISE_CLEAR"
    tail = "_AND_RESET" if alarm.needs_reset else ""
    return f"RAISE_CLEAR_REQUIRES_ACKNOWLEDGMENT{tail}"


def _suppression(alarm: Alarm) -> str:
    if alarm.suppressed and alarm.shelved:
        return "SUPPRESSED_AND_SHELVED"
    return "SUPPRESSED" if alarm.suppressed else "SHELVED" if alarm.shelved else "UNSUPPRESSED"


def _response(alarm: Alarm) -> str:
    if alarm.state is State.LATCHED:
        return "RESET"
    return "NONE" if alarm.acknowledged else "ACKNOWLEDGEMENT"


def list_active(ctx: Context, languages: Sequence[str], text: str) -> list[dict[str, Any]]:
    """Return the alarms that are not Normal and that the caller may see.

    Args:
        ctx: Who asks.
        languages: The languages of the texts.
        text: The filter; empty for all.

    Raises:
        Problem: The filter is none.
    """
    takes = parse_filter(text)
    shown = (show_alarm(each, languages) for each in ctx.service.part(Alarms).active(VISIBLE, ctx.caller))
    return [each for each in shown if takes(each)]


async def list_logged(
    ctx: Context, languages: Sequence[str], text: str, *, start: str, end: str, most: int
) -> list[dict[str, Any]]:
    """Return lines of the journal, the newest first; of the last week where no time is named.

    Raises:
        Problem: The filter or a time is none, or too many are wanted.
    """
    takes = parse_filter(text)
    if not 0 <= most <= MOST_NAMES:
        msg = f"maxNumberOfResults is a number from 1 to {MOST_NAMES}, or 0 for 1000."
        raise Problem("unified.too_many", msg, kind=Kind.TOO_LARGE).beyond(MOST_NAMES, most)
    first, last = parse_time(start), parse_time(end)
    until = last + 1 if last != NEVER else now() + 1
    begin = first if first != NEVER else max(0, until - WEEK)
    if begin >= until:
        raise Problem("unified.period", "startTime is before endTime.", kind=Kind.INVALID)
    lines = await ctx.service.part(Alarms).journal(begin, until, ALL, limit=most or 1000, caller=ctx.caller)
    shown = (show_line(each, languages) for each in lines)
    return [each for each in shown if takes(each)]


def show_line(line: AlarmEvent, languages: Sequence[str]) -> dict[str, Any]:
    """Return an alarm as it was after a line of the journal."""
    return show_alarm(line.alarm, languages, line.kind, line.time)


# -- what operators do --------------------------------------------------------------------


async def change_occurrences(ctx: Context, action: str, given: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Acknowledge or reset occurrences; each result has what came of it.

    Args:
        ctx: The operator.
        action: acknowledge or reset.
        given: Names, each with the number of the occurrence; 0 for the present one.
    """
    require_few(given)
    current = {each.name.casefold(): each for each in ctx.service.part(Alarms).active(ALL, ctx.caller)}
    errors: dict[int, Detail | None] = {}
    ready: list[tuple[int, str]] = []
    for place, each in enumerate(given):
        found, wanted = current.get(each["name"].casefold()), each.get("instanceID") or 0
        if wanted and (found is None or instance_of(found) != wanted):
            msg = "This occurrence of the alarm is over: list the active alarms again."
            errors[place] = Detail("runtime.alarm_not_found", msg, Place(object=each["name"]))
        else:
            ready.append((place, each["name"]))
    outcomes = await _run(ctx, action, [name for _, name in ready])
    errors |= {place: outcomes[name] for place, name in ready}
    return [
        {"alarmName": each["name"], "alarmInstanceID": each.get("instanceID") or 0, "error": show_error(errors[place])}
        for place, each in enumerate(given)
    ]


async def change_definitions(ctx: Context, action: str, names: Sequence[str], **more: Any) -> list[dict[str, Any]]:
    """Disable, enable, shelve or unshelve alarms by their names; each result has what came of it.

    Args:
        ctx: The operator.
        action: remove_from_service, place_in_service, shelve or unshelve.
        names: The names.
        more: Further fields of the operation.
    """
    require_few(names)
    errors = await _run(ctx, action, names, **more)
    return [{"alarmName": name, "error": show_error(errors[name])} for name in names]


def shelving_seconds(ticks: Any) -> float:
    """Return how long an alarm is shelved, of a number of 100 ns; the usual time for 0.

    Raises:
        Problem: It is no such number, or too long.
    """
    try:
        seconds = int(ticks) / 1e7
    except (TypeError, ValueError):
        seconds = -1.0
    if not 0 <= seconds <= LONGEST_SHELVED:
        msg = f"shelveTimeout is a number of 100 ns, at most {LONGEST_SHELVED:g} s."
        raise Problem("unified.span", msg, kind=Kind.INVALID)
    return seconds or USUAL_SHELVING


async def _run(ctx: Context, action: str, names: Sequence[str], **more: Any) -> dict[str, Detail | None]:
    """Run the operation of the service's own routes, so that rights and the audit are the same; return errors by name."""
    op = ctx.service.catalogue.of(getattr(operations, action))
    await require_right(ctx, op)
    if not names:
        return {}
    unique = list(dict.fromkeys(names))
    answer = await ctx.service.part(Runner).wait(op, op.request(ids=unique, **more), ctx.caller, limit=None)
    if isinstance(answer, str):
        msg = f"The change takes too long: GET /api/jobs/{answer} shows its end."
        raise Problem("unified.slow", msg, kind=Kind.TIMED_OUT)
    outcomes = msgspec.json.decode(answer, type=RuntimeAlarmOutcomes)
    return {name: each.error for name, each in zip(unique, outcomes.results, strict=True)}
