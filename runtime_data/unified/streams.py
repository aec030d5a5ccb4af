"""What subscriptions yield: values of tags and active alarms, first those there are, then each change.

A client that is too slow gets the newest value of each tag, and all alarms again: nothing queues up.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

from engineering_api.operations.context import Context
from engineering_api.security.identities import Identities
from engineering_api.web.value_stream import ALIVE
from openness_bridge.errors import Detail, Place, Problem
from runtime_data import answer_programs
from runtime_data.alarms.engine import Alarms
from runtime_data.alarms.filters import VISIBLE
from runtime_data.feeds import Feeds
from runtime_data.native.alarm_stream import Waiting
from runtime_data.pace import pace_of
from runtime_data.quality import BAD
from runtime_data.unified.alarms import show_alarm, show_line
from runtime_data.unified.filters import parse_filter
from runtime_data.unified.tags import show_result
from runtime_data.unified.times import show_time
from runtime_data.values import Value, now
from runtime_data.wincc.tags import locate_tag

ADDED, MODIFIED, REMOVED = "Added", "Modified", "Removed"


async def values_of(ctx: Context, names: Sequence[str]) -> AsyncIterator[dict[str, Any]]:
    """Yield the present value of each tag, then each change.

    Raises:
        Problem: There are too many tags or streams, or the caller's login has ended.
    """
    by_tag: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        try:
            by_tag.setdefault(await locate_tag(ctx, name), []).append(name)
        except Problem as problem:
            error = Detail(problem.code, problem.message, Place(object=name))
            yield {**show_result(name, Value(name, None, status=BAD.code, error=error)), "notificationReason": ADDED}
    if not by_tag:
        return
    known: set[str] = set()
    with ctx.service.part(Feeds).open(ctx.caller) as feed:
        await feed.add(list(by_tag), pace_of(None, None, every=False))
        while not feed.has_ended:
            changed = await feed.take_values(ALIVE) or []
            ctx.service.part(Identities).require_good(ctx.caller)
            for value in changed:
                reason = MODIFIED if value.tag in known else ADDED
                known.add(value.tag)
                answer_programs.note([value.tag])
                for name in by_tag[value.tag]:
                    yield {**show_result(name, value), "notificationReason": reason}


async def alarms_of(ctx: Context, languages: Sequence[str], text: str) -> AsyncIterator[dict[str, Any]]:
    """Yield the active alarms, then each change of one.

    Raises:
        Problem: The filter is none, or the caller's login has ended.
    """
    takes, alarms, waiting = parse_filter(text), ctx.service.part(Alarms), Waiting()
    with alarms.listen(waiting.add):
        known: set[str] = set()
        for shown in _active(ctx, languages):
            if takes(shown):
                known.add(shown["name"])
                yield {**shown, "notificationReason": ADDED}
        last = alarms.last
        while True:
            lines = await waiting.take(ALIVE)
            ctx.service.part(Identities).require_good(ctx.caller)
            if waiting.is_cut:
                waiting.is_cut, last = False, alarms.last
                for shown in _active(ctx, languages):
                    if takes(shown):
                        known.add(shown["name"])
                        yield {**shown, "notificationReason": MODIFIED}
            for line in lines:
                if line.number <= last or not alarms.shows(line, VISIBLE, ctx.caller):
                    continue
                shown = show_line(line, languages)
                if takes(shown):
                    yield {**shown, "notificationReason": _reason(shown, known)}


def _active(ctx: Context, languages: Sequence[str]) -> list[dict[str, Any]]:
    return [show_alarm(each, languages) for each in ctx.service.part(Alarms).active(VISIBLE, ctx.caller)]


def _reason(shown: dict[str, Any], known: set[str]) -> str:
    """Return whether an alarm comes, changes or goes, and note which alarms the client knows."""
    name = shown["name"]
    if shown["state"] == "NORMAL":
        known.discard(name)
        return REMOVED
    reason = MODIFIED if name in known else ADDED
    known.add(name)
    return reason


async def redundancy_of(ctx: Context) -> AsyncIterator[dict[str, Any]]:
    """Yield that this service is the active one, once: it has no partner, so that never changes."""
    yield {"value": {"value": "ACTIVE", "timestamp": show_time(now())}, "notificationReason": ADDED}
    while True:
        await asyncio.sleep(ALIVE)
        ctx.service.part(Identities).require_good(ctx.caller)
