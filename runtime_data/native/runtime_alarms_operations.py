"""Alarms of the runtime: those there are, the journal, and what operators do with them."""

from __future__ import annotations

import datetime as dt
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from enum import Enum
from typing import Annotated, Any, Literal, TypeVar

import msgspec

from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Request, named
from engineering_api.operations.streaming.streams import Listening, Message
from engineering_api.operations.terms import Lock, Reach, Right, Undo
from openness_bridge.errors import Detail, Kind, Problem
from runtime_data import values
from runtime_data.alarms.alarm import EventKind
from runtime_data.alarms.documents import RuntimeAlarm, RuntimeAlarmEvent, show, show_event
from runtime_data.alarms.engine import DAY, LONGEST_SHELVED, Alarms, Outcome
from runtime_data.alarms.filters import AlarmFilter
from runtime_data.alarms.state import State
from runtime_data.alarms.statistics import Summary
from runtime_data.documents import rfc3339
from runtime_data.native.alarm_stream import follow

section = Section("Runtime Alarms", reach=Reach.TAGS, lock=Lock.NONE)
NO_TOOL = "an operator decides about alarms of a running plant"
MOST_IDS, MOST_GLOBS, LONGEST_GLOB = 1000, 100, 300
WEEK = 7 * DAY
STATES = f"Only alarms in these states, separated by commas: {', '.join(each.value for each in State)}."
EVENTS = f"Only these events, separated by commas: {', '.join(each.value for each in EventKind)}."
N = TypeVar("N", bound=Enum)


class Which(Request, kw_only=True):
    """Which alarms. What is left out limits nothing."""

    state: Annotated[str, named(STATES, "states", max_length=200)] = ""
    name: Annotated[str, named("A pattern of names, such as Tank*.", max_length=LONGEST_GLOB)] = ""
    tag: Annotated[str, named("A pattern of tags, such as PLC_1:Motor.*.", max_length=LONGEST_GLOB)] = ""
    area: Annotated[str, named("A pattern of areas, such as Line 1/*.", max_length=LONGEST_GLOB)] = ""
    alarm_class: Annotated[str, named("A class, such as Errors.", "class", max_length=LONGEST_GLOB)] = ""
    lowest: Annotated[int, named("The lowest priority.", "minPriority", ge=0, le=1000)] = 0
    highest: Annotated[int, named("The highest priority.", "maxPriority", ge=0, le=1000)] = 1000
    text: Annotated[str, named("A part of the text or name.", "search", "q", max_length=LONGEST_GLOB)] = ""
    language: Annotated[str, named("The language of `text` in the answer, such as de-DE.", max_length=50)] = ""

    def limits(self, hidden: Literal["without", "with", "only"], kinds: Sequence[EventKind] = ()) -> AlarmFilter:
        """Return what it limits."""
        return AlarmFilter(
            states=_chosen(State, self.state),
            names=_one(self.name),
            tags=_one(self.tag),
            areas=_one(self.area),
            classes=_one(self.alarm_class),
            lowest=self.lowest,
            highest=self.highest,
            hidden=hidden,
            text=self.text,
            kinds=kinds,
        )


class ListAlarms(Which, kw_only=True):
    """Which alarms there are."""

    hidden: Annotated[
        Literal["without", "with", "only"],
        named("Whether alarms that are shelved, suppressed or out of service are listed, too, or only those."),
    ] = "without"


BEGIN = named("The first moment, as RFC 3339; a week before the end without it.", "begin", "from")
END = named("The moment before which it was, as RFC 3339; now without it.", "end", "to")


class ReadJournal(Which, kw_only=True):
    """Which part of the journal."""

    since: Annotated[str, BEGIN] = ""
    until: Annotated[str, END] = ""
    event: Annotated[str, named(EVENTS, "events", max_length=200)] = ""
    limit: Annotated[int, named("How many lines at most.", ge=1, le=1000)] = 100
    after: Annotated[int, named("`next` of the page before.", ge=0)] = 0
    order: Annotated[Literal["newest", "oldest"], named("Which come first.")] = "newest"


class Period(Request, kw_only=True):
    """Of which time."""

    since: Annotated[str, BEGIN] = ""
    until: Annotated[str, END] = ""


IDS = "Ids of alarms, or names of their definitions."


class OnAlarms(Request, kw_only=True):
    """Which alarms, and why."""

    ids: Annotated[
        list[Annotated[str, msgspec.Meta(min_length=1, max_length=LONGEST_GLOB)]],
        named(IDS, "id", "alarms", "names", min_length=1, max_length=MOST_IDS),
    ]
    comment: Annotated[str, named("What the journal says about it.", "note", "notes", max_length=1000)] = ""


class Shelve(OnAlarms, kw_only=True):
    """Which alarms, and for how long."""

    seconds: Annotated[float, named("For how long.", gt=0, le=LONGEST_SHELVED)]


class RuntimeJournal(Model):
    """A part of the journal.

    Attributes:
        events: Its lines.
        next: What `after` is for the next page; null where there is none.
    """

    events: list[RuntimeAlarmEvent]
    next: int | None


class RuntimeAlarmOutcome(Model, omit_defaults=True):
    """The outcome for one alarm.

    Attributes:
        id: The given id or name.
        done: Whether it was done.
        error: Why it was not.
        alarm: The alarm now.
    """

    id: str
    done: bool
    error: Detail | None = None
    alarm: RuntimeAlarm | None = None


class RuntimeAlarmOutcomes(Model):
    """The outcome of a request for several alarms.

    Attributes:
        done: For how many alarms it was done.
        refused: For how many it was not.
        results: One for each, in the order given.
    """

    done: int
    refused: int
    results: list[RuntimeAlarmOutcome]


class RuntimeAlarmStatistics(Model):
    """How the alarms behave.

    Attributes:
        since: Of which time; the standing alarms are those of now.
        complete: Whether all of that time was counted; otherwise its last 200,000 raised alarms were.
        standing: Alarms that have been active for a day or longer, the oldest first.
    """

    since: str | None
    until: str | None
    complete: bool
    summary: Summary
    standing: list[RuntimeAlarm]


@section.operation(
    also="GET /api/runtime/alarms",
    right=Right.VIEW,
    changes=False,
    example={"state": "ActiveUnacknowledged,ActiveAcknowledged", "lowest": 500},
)
def list_(ctx: Context, request: ListAlarms) -> list[RuntimeAlarm]:
    """List the alarms that are not Normal, the most urgent first."""
    found = ctx.service.part(Alarms).active(request.limits(request.hidden), ctx.caller)
    return [show(each, request.language) for each in found]


@section.operation(
    also="GET /api/runtime/alarms/journal",
    right=Right.VIEW,
    changes=False,
    example={"since": "2026-11-22T00:00:00Z", "until": "2026-11-23T00:00:00Z", "event": "raised", "limit": 100},
    items="events",
)
async def journal(ctx: Context, request: ReadJournal) -> RuntimeJournal:
    """Read what happened to alarms, page by page."""
    begin, end = _time_of(request.since, request.until)
    page = await ctx.service.part(Alarms).page(
        begin,
        end,
        request.limits("with", _chosen(EventKind, request.event)),
        limit=request.limit,
        after=request.after,
        oldest_first=request.order == "oldest",
        caller=ctx.caller,
    )
    events = [show_event(each, request.language) for each in page.events]
    return RuntimeJournal(events=events, next=page.after or None)


@section.operation(
    also="GET /api/runtime/alarms/statistics",
    right=Right.VIEW,
    changes=False,
    example={"since": "2026-11-16T00:00:00Z", "until": "2026-11-23T00:00:00Z"},
)
async def statistics(ctx: Context, request: Period) -> RuntimeAlarmStatistics:
    """Get the twenty alarms that were raised most, those that chatter, and those that have been active for a day."""
    begin, end = _time_of(request.since, request.until)
    found = await ctx.service.part(Alarms).statistics(begin, end, ctx.caller)
    return RuntimeAlarmStatistics(
        since=rfc3339(begin),
        until=rfc3339(end),
        complete=found.complete,
        summary=found.summary,
        standing=[show(each) for each in found.standing],
    )


Result = Awaitable[list[Outcome]]
F = TypeVar("F", bound=Callable[..., Any])


def _operator(action: str, done: str, **more: object) -> Callable[[F], F]:
    """Declare what an operator does with alarms."""
    return section.operation(
        also=f"POST /api/runtime/alarms/actions/{action}",
        right=Right.OPERATE,
        destroys=False,
        undo=Undo.NEVER,
        no_tool=NO_TOOL,
        example={"ids": ["Tank overflow"], "comment": "Seen at the panel"} | more,
        done=done,
    )


@_operator("acknowledge", "Alarms acknowledged")
async def acknowledge(ctx: Context, request: OnAlarms) -> RuntimeAlarmOutcomes:
    """Acknowledge alarms. The answer has the outcome of each."""
    return await _outcomes(ctx.service.part(Alarms).acknowledge(*_given(ctx, request)))


@_operator("reset", "Alarms reset")
async def reset(ctx: Context, request: OnAlarms) -> RuntimeAlarmOutcomes:
    """Reset latched alarms. The answer has the outcome of each."""
    return await _outcomes(ctx.service.part(Alarms).reset(*_given(ctx, request)))


@_operator("shelve", "Alarms shelved", seconds=3600)
async def shelve(ctx: Context, request: Shelve) -> RuntimeAlarmOutcomes:
    """Put alarms aside for a time, also those that are Normal, by their names. It ends by itself."""
    ids, user, comment, caller = _given(ctx, request)
    return await _outcomes(ctx.service.part(Alarms).shelve(ids, request.seconds, user, comment, caller))


@_operator("unshelve", "Alarms unshelved")
async def unshelve(ctx: Context, request: OnAlarms) -> RuntimeAlarmOutcomes:
    """End shelving before its time."""
    return await _outcomes(ctx.service.part(Alarms).unshelve(*_given(ctx, request)))


@_operator("suppress", "Alarms suppressed")
async def suppress(ctx: Context, request: OnAlarms) -> RuntimeAlarmOutcomes:
    """Keep alarms from operators until they are unsuppressed."""
    return await _outcomes(ctx.service.part(Alarms).suppress(*_given(ctx, request)))


@_operator("unsuppress", "Alarms unsuppressed")
async def unsuppress(ctx: Context, request: OnAlarms) -> RuntimeAlarmOutcomes:
    """End suppression by hand; suppression by design stays."""
    return await _outcomes(ctx.service.part(Alarms).unsuppress(*_given(ctx, request)))


@_operator("remove-from-service", "Alarms out of service")
async def remove_from_service(ctx: Context, request: OnAlarms) -> RuntimeAlarmOutcomes:
    """Take alarms out of service, for maintenance."""
    return await _outcomes(ctx.service.part(Alarms).remove_from_service(*_given(ctx, request)))


@_operator("place-in-service", "Alarms in service")
async def place_in_service(ctx: Context, request: OnAlarms) -> RuntimeAlarmOutcomes:
    """Put alarms back into service."""
    return await _outcomes(ctx.service.part(Alarms).place_in_service(*_given(ctx, request)))


@section.stream(
    "GET /api/runtime/alarms/stream",
    reach=Reach.TAGS,
    query={
        "language": "The language of `text`, such as de-DE.",
        "lowest": "The lowest priority, 0 to 1000.",
        "area": "A pattern of areas, such as Line 1/*; repeat it for several.",
    },
)
async def stream(listening: Listening) -> AsyncIterator[Message]:
    """Stream what happens to alarms: first those there are, then each line of the journal."""
    lowest = listening.first("lowest") or "0"
    if not (lowest.isascii() and lowest.isdigit() and int(lowest[:5]) <= 1000):
        raise Problem("request.priority", "The lowest priority is a whole number, 0 to 1000.", kind=Kind.INVALID)
    areas = [each[:LONGEST_GLOB] for each in listening.query.get("area", ())][:MOST_GLOBS]
    wanted = AlarmFilter(lowest=int(lowest), areas=areas)
    language = (listening.first("language") or "")[:50]
    alarms, caller = listening.context.service.part(Alarms), listening.context.caller
    return follow(alarms, wanted, caller, language, listening.after)


def _given(ctx: Context, request: OnAlarms) -> tuple[list[str], str, str, Caller]:
    """Return which alarms, who acts, what they say, and whose rights count."""
    return request.ids, ctx.caller.name, request.comment, ctx.caller


async def _outcomes(result: Result) -> RuntimeAlarmOutcomes:
    results = [
        RuntimeAlarmOutcome(
            id=each.id, done=each.error is None, error=each.error, alarm=show(each.alarm) if each.alarm else None
        )
        for each in await result
    ]
    done = sum(each.done for each in results)
    return RuntimeAlarmOutcomes(done=done, refused=len(results) - done, results=results)


def _one(pattern: str) -> list[str]:
    return [pattern] if pattern else []


def _chosen(terms: type[N], text: str) -> list[N]:
    """Return the terms that a text names, separated by commas.

    Raises:
        Problem: It names something else.
    """
    known = {each.value.casefold(): each for each in terms}
    names = [each.strip() for each in text.split(",") if each.strip()]
    for name in names:
        if name.casefold() not in known:
            msg = f"'{name}' is none of {', '.join(each.value for each in terms)}."
            raise Problem("request.term", msg, kind=Kind.INVALID)
    return [known[name.casefold()] for name in names]


def _time_of(since: str, until: str) -> tuple[int, int]:
    """Return the first moment and the one after the last, in microseconds since 1970.

    Raises:
        Problem: A text is no moment, or the end is not after the begin.
    """
    end = _moment(until) if until else values.now() + 1
    begin = _moment(since) if since else end - WEEK
    if begin >= end:
        raise Problem("request.period", "`since` is before `until`.", kind=Kind.INVALID)
    return begin, end


def _moment(text: str) -> int:
    try:
        return values.microseconds(dt.datetime.fromisoformat(text))
    except (ValueError, OverflowError):
        msg = f"'{text[:50]}' is not a moment: write it as RFC 3339, such as 2026-11-22T17:30:00Z."
        raise Problem("request.time", msg, kind=Kind.INVALID) from None
