"""Alarms as `system.alarm` asks for them: by priority, state and source, with the names of Ignition.

Facts: docs/facts/ignition.md#alarms.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from fnmatch import fnmatchcase
from typing import Annotated, Any

import msgspec

from engineering_api.execution.runner import Runner
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Request, named
from engineering_api.operations.terms import Lock, Reach, Right, Undo
from engineering_api.security import Gate
from openness_bridge.errors import Kind, Place, Problem
from runtime_data.alarms.alarm import Alarm
from runtime_data.alarms.engine import Alarms
from runtime_data.alarms.filters import AlarmFilter
from runtime_data.alarms.state import State
from runtime_data.ignition import tag_paths, times
from runtime_data.values import now

PRIORITIES = ("Diagnostic", "Low", "Medium", "High", "Critical")
"""Ignition's priorities by their numbers, from 0; each covers a fifth of ours."""
STEP = 200
STATES = ("ClearUnacked", "ClearAcked", "ActiveUnacked", "ActiveAcked")
"""Ignition's states by their numbers, from 0."""
_STATES = {
    State.NORMAL: "ClearAcked",
    State.LATCHED: "ClearAcked",
    State.CLEARED_UNACKNOWLEDGED: "ClearUnacked",
    State.ACTIVE_UNACKNOWLEDGED: "ActiveUnacked",
    State.ACTIVE_ACKNOWLEDGED: "ActiveAcked",
}
MOST_IDS = 1000
MOST_EVENTS = 10_000
USUAL_STRETCH = 8 * 3600 * 10**6
"""How far back the journal is read where no start is given: 8 hours."""
_hidden = Section("Ignition")


class StatusQuery(Request):
    """Which alarms; what is empty limits nothing. `*` means any characters."""

    priority: Annotated[list[str | int], named("Diagnostic, Low, Medium, High, Critical, or 0 to 4.")] = []
    state: Annotated[list[str | int], named("ClearUnacked, ClearAcked, ActiveUnacked, ActiveAcked, or 0 to 3.")] = []
    path: Annotated[list[str], named("Paths of sources, such as *tag:Motor/*.")] = []
    source: Annotated[list[str], named("Sources, such as prov:PLC_1:/tag:Motor/speed:/alm:High.")] = []
    displaypath: Annotated[list[str], named("Display paths: the area and the name.")] = []
    include_shelved: Annotated[bool, named("Whether shelved, suppressed and disabled alarms are included.")] = False
    provider: Annotated[list[str], named("Names of sources.")] = []


class JournalQuery(StatusQuery):
    """Which events of the journal."""

    start_date: Annotated[str | int | None, named("The first moment; by default 8 hours before the end.")] = None
    end_date: Annotated[str | int | None, named("The first moment that is not included; by default now.")] = None
    limit: Annotated[int, named("How many events, the newest first.", ge=1, le=MOST_EVENTS)] = 1000


class Acknowledge(Request):
    """Alarms that an operator has seen."""

    alarm_ids: Annotated[list[str], named("Ids of alarm events.", "ids", min_length=1, max_length=MOST_IDS)]
    notes: Annotated[str, named("What the operator says.", max_length=1000)] = ""
    username: Annotated[str, named("For whom the caller acknowledges; both names are kept.", max_length=100)] = ""


class Event(msgspec.Struct, rename="camel"):
    """An alarm, or a line of the journal. Times are microseconds since 1970, 0 for none."""

    id: str
    source: str
    display_path: str
    name: str
    label: str
    priority: str
    state: str
    event_value: Any
    event_time: int
    active_time: int
    clear_time: int
    ack_time: int
    ack_user: str
    notes: str
    shelved: bool
    event_type: str = ""

    def plain(self) -> dict[str, Any]:
        """Return it for JSON: times as text, null for none."""
        found = msgspec.to_builtins(self)
        for name in ("eventTime", "activeTime", "clearTime", "ackTime"):
            found[name] = times.written(found[name]) if found[name] else None
        return {name: value for name, value in found.items() if name != "eventType" or value}


class Acknowledged(msgspec.Struct):
    """What came of an acknowledgement."""

    id: str
    success: bool
    error: str = ""


async def status(ctx: Context, wanted: StatusQuery) -> list[Event]:
    """Return the alarms that are not over, the most urgent first.

    Raises:
        Problem: A priority or a state is none.
    """
    fits = _filter(wanted)
    hidden = AlarmFilter(hidden="with" if wanted.include_shelved else "without")
    found = ctx.service.part(Alarms).active(hidden, ctx.caller)
    return [event for event in map(_event, found) if fits(event)]


async def journal(ctx: Context, wanted: JournalQuery) -> list[Event]:
    """Return events of the journal, the newest first.

    Raises:
        Problem: A priority, a state or a time is none.
    """
    fits = _filter(wanted)
    end = now() if wanted.end_date is None else times.read(wanted.end_date, "endDate")
    begin = end - USUAL_STRETCH if wanted.start_date is None else times.read(wanted.start_date, "startDate")
    hidden = AlarmFilter(hidden="with" if wanted.include_shelved else "without")
    lines = await ctx.service.part(Alarms).journal(begin, end, hidden, limit=MOST_EVENTS, caller=ctx.caller)
    made = (_event(line.alarm, line.time, line.kind.value, line.comment) for line in lines)
    return [event for event in made if fits(event)][: wanted.limit]


async def acknowledge(ctx: Context, wanted: Acknowledge) -> list[Acknowledged]:
    """Acknowledge alarms as one change of the audit log; the answer has the outcome of each.

    Raises:
        Problem: The caller may not, or the service is too slow.
    """
    Gate.require(ctx.caller, Right.OPERATE)
    found = await ctx.service.part(Runner).wait(_ACKNOWLEDGE, wanted, ctx.caller)
    if isinstance(found, str):
        msg = "The alarms are not acknowledged yet: read them before you try again."
        raise Problem("ignition.slow", msg, kind=Kind.TIMED_OUT)
    return msgspec.json.decode(found, type=list[Acknowledged])


@_hidden.operation(lock=Lock.NONE, reach=Reach.ALL, right=Right.OPERATE, destroys=False, undo=Undo.NEVER)
async def acknowledge_alarms(ctx: Context, request: Acknowledge) -> list[Acknowledged]:
    """Acknowledge alarms by the ids of Ignition's events."""
    user = f"{request.username} ({ctx.caller.name})" if request.username else ctx.caller.name
    found = await ctx.service.part(Alarms).acknowledge(request.alarm_ids, user, request.notes, caller=ctx.caller)
    return [Acknowledged(each.id, each.error is None, each.error.message if each.error else "") for each in found]


_ACKNOWLEDGE = replace(_hidden.operations[0], name="ignition.acknowledge")
"""Not in the catalogue: its route answers without the envelope. It has an audit entry as all changes have."""


def _event(alarm: Alarm, time: int = 0, kind: str = "", notes: str = "") -> Event:
    provider, _, path = tag_paths.to_path(alarm.tag)[1:].partition("]")
    return Event(
        id=alarm.id,
        source=f"prov:{provider}:/tag:{path}:/alm:{alarm.name}",
        display_path=f"{alarm.area}/{alarm.name}" if alarm.area else alarm.name,
        name=alarm.name,
        label=next(iter(alarm.texts.values()), alarm.name),
        priority=PRIORITIES[min(alarm.priority // STEP, len(PRIORITIES) - 1)],
        state=_STATES[alarm.state],
        event_value=alarm.value,
        event_time=time or max(alarm.raised_at, alarm.cleared_at, alarm.acknowledged_at),
        active_time=alarm.raised_at,
        clear_time=alarm.cleared_at,
        ack_time=alarm.acknowledged_at,
        ack_user=alarm.user,
        notes=notes or alarm.comment,
        shelved=alarm.shelved,
        event_type=kind,
    )


def _filter(wanted: StatusQuery) -> Callable[[Event], bool]:
    priorities, states = _named(wanted.priority, PRIORITIES, "priority"), _named(wanted.state, STATES, "state")
    providers = [f"prov:{each}:*" for each in wanted.provider]

    def fits(event: Event) -> bool:
        return (
            (not priorities or event.priority in priorities)
            and (not states or event.state in states)
            and _is_any(event.source, [f"*{each}*" for each in wanted.path])
            and _is_any(event.source, wanted.source)
            and _is_any(event.display_path, wanted.displaypath)
            and _is_any(event.source, providers)
        )

    return fits


def _named(given: Sequence[str | int], names: Sequence[str], field: str) -> set[str]:
    """Return the names that a list of names and numbers has."""
    by_text = {name.casefold(): name for name in names} | {str(number): name for number, name in enumerate(names)}
    found = {str(each).casefold() for each in given}
    if unknown := found - set(by_text):
        msg = f"'{sorted(unknown)[0][:40]}' is not a valid {field}: use {', '.join(names)}."
        raise Problem("ignition.alarms", msg, kind=Kind.INVALID, place=Place(pointer=f"/{field}"))
    return {by_text[each] for each in found}


def _is_any(text: str, patterns: Sequence[str]) -> bool:
    folded = text.casefold()
    return not patterns or any(fnmatchcase(folded, each.casefold()) for each in patterns)
