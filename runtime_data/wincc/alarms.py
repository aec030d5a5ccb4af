"""Alarms of the runtime as WinCC's clients ask for them: texts in one language, and WinCC's words for what happened."""

from __future__ import annotations

from typing import Any

from engineering_api.operations.context import Context
from engineering_api.web.identify import Call
from runtime_data.alarms.alarm import Alarm, AlarmEvent
from runtime_data.alarms.engine import Alarms
from runtime_data.alarms.filters import VISIBLE, AlarmFilter
from runtime_data.alarms.texts import choose
from runtime_data.values import now
from runtime_data.wincc.requests import print_milliseconds

USUAL = 24 * 3600 * 10**6
"""Microseconds of the journal that are read where no beginning is named."""


def language_of(request: Call) -> str:
    """Return the language that a request prefers, such as de-DE; empty for any."""
    weighted = [each.partition(";") for each in request.headers.get("accept-language", "")[:400].split(",")]
    found = [(_weight(parameters), language.strip()) for language, _, parameters in weighted]
    best = max(found, key=lambda each: each[0], default=(0.0, ""))[1]
    return "" if best == "*" else best


def _weight(parameters: str) -> float:
    text = parameters.strip().removeprefix("q=")
    return float(text) if text.replace(".", "", 1).isdecimal() else 1.0


def text_of(alarm: Alarm, language: str) -> str:
    """Return the text of an alarm in a language; its name where it has none."""
    return choose(alarm.texts, language, alarm.name)


def glob(text: str) -> list[str]:
    """Return a pattern in which only * and ? stand for other characters; none for an empty one."""
    return [text.replace("[", "[[]")] if text else []


def list_active(ctx: Context, wanted: AlarmFilter = VISIBLE) -> list[Alarm]:
    """Return the alarms that are not Normal and that the caller may see, the most urgent first."""
    return ctx.service.part(Alarms).active(wanted, ctx.caller)


async def list_journal(
    ctx: Context, begin: int | None, end: int | None, wanted: AlarmFilter, limit: int
) -> list[AlarmEvent]:
    """Return lines of the journal that the caller may see, the newest first.

    Args:
        ctx: Who asks.
        begin: The first moment, in microseconds since 1970; a day before the end without it.
        end: The moment before which they are; now without it.
        wanted: Which of them.
        limit: How many at most.
    """
    last = now() + 1 if end is None else end
    first = max(0, last - USUAL) if begin is None else begin
    return await ctx.service.part(Alarms).journal(first, last, wanted, limit=limit, caller=ctx.caller)


def printed_time(when: int) -> str | None:
    """Return a moment; None where it has not been."""
    return print_milliseconds(when) if when else None


def describe(alarm: Alarm, language: str) -> dict[str, Any]:
    """Return an alarm as the routes of /api/v1 answer it."""
    return {
        "id": alarm.id,
        "name": alarm.name,
        "number": alarm.number,
        "class": alarm.alarm_class,
        "priority": alarm.priority,
        "area": alarm.area,
        "state": alarm.state.value,
        "text": text_of(alarm, language),
        "tag": alarm.tag,
        "value": alarm.value,
        "limit": alarm.limit,
        "timestamp": printed_time(alarm.raised_at),
        "clearedAt": printed_time(alarm.cleared_at),
        "acknowledgedAt": printed_time(alarm.acknowledged_at),
        "user": alarm.user,
        "comment": alarm.comment,
    }
