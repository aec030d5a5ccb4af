"""Makes a push of a firing: reads the tags and the history once, and renders the body."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import msgspec

from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from engineering_api.security.authority import Authority
from openness_bridge.errors import Problem
from runtime_data.answer_programs import Programs
from runtime_data.sinks import bodies
from runtime_data.sinks.definition import Stored
from runtime_data.sinks.placeholders import Facts, Placeholder
from runtime_data.sinks.reading import Sending
from runtime_data.sinks.spool import FAILED, Push, new_push
from runtime_data.sinks.tools import Tools
from runtime_data.values import Value, sources_of

_EVENTS = uuid.UUID("5a4a8f0e-8c36-4f0b-9a51-6f6f1b0a7c1d")
"""The namespace of the keys."""


@dataclass(frozen=True, slots=True)
class Fired:
    """A trigger that has fired.

    Attributes:
        trigger: The key of its state; empty for a test.
        time: When; microseconds since 1970, UTC.
        tag: The tag whose change it was; empty for other triggers.
        value: The value that fired.
        alarm: The fields of the alarm's event.
        shift: The name of the shift that has ended.
        shift_begin: When it began.
        number: How many events of the trigger have a push already.
    """

    trigger: str
    time: int
    tag: str = ""
    value: Value | None = None
    alarm: Mapping[str, Any] = field(default_factory=dict)
    shift: str = ""
    shift_begin: int = 0
    number: int = 0


def key_of(sink: str, fired: Fired) -> str:
    """Return the idempotency key of an event: the same one whenever this event fires, and that of no other event."""
    event: list[Any] = [sink, fired.trigger, fired.number, fired.shift]
    if fired.value is not None:
        event += [fired.value.tag, fired.value.source_time, fired.value.value]
    elif fired.alarm:
        event += [fired.alarm.get("id"), fired.alarm.get("event"), fired.alarm.get("time"), fired.alarm.get("number")]
    else:
        event.append(fired.time)
    return str(uuid.uuid5(_EVENTS, msgspec.json.encode(event).decode()))


def caller_of(sink: Stored, tools: Tools) -> Caller:
    """Return in whose right a sink reads and writes tags: its definer's, as far as that goes now.

    Raises:
        Problem: 403, the definer's key or user is not valid any more.
    """
    right = next((each for each in Right if each.word == sink.right), Right.VIEW)
    authority = Authority.decode(sink.authority, sink.definer, right)
    return tools.lower(authority.lend(sink.definer, client=f"sink {sink.name}", kind="sink"))


async def make(sink: Stored, sending: Sending, tools: Tools, fired: Fired) -> Push:
    """Return the push of a firing; where its body cannot be made, one that has failed and says why."""
    key = key_of(sink.name, fired)
    values: dict[str, Value] = {}
    try:
        values = await _read(sink, sending, tools, fired)
        facts = Facts(
            key, sink.name, fired.time, values, await _ask(sink, sending, tools, fired), fired.alarm, fired.shift,
            fired.shift_begin, await _find_programs(sending, tools, values),
        )  # fmt: skip
        body = await asyncio.to_thread(bodies.render, sending.common.body, facts)
    except (Problem, ValueError) as error:
        push = _new(sink, sending, fired, key, values, b"")
        return msgspec.structs.replace(push, status=FAILED, ended=tools.clock.now(), error=f"No body was made: {error}")
    return _new(sink, sending, fired, key, values, body)


def _new(sink: Stored, sending: Sending, fired: Fired, key: str, values: Mapping[str, Value], body: bytes) -> Push:
    media_type = bodies.media_type(sending.common.body)
    kept = {value.tag: value for value in values.values()}
    return new_push(sink.name, fired.trigger, fired.time, body, media_type, list(kept.values()), key)


async def _read(sink: Stored, sending: Sending, tools: Tools, fired: Fired) -> dict[str, Value]:
    names = list(dict.fromkeys([*([fired.tag] if fired.tag else []), *sending.tags]))
    found = dict(zip(names, await tools.runtime.read(caller_of(sink, tools), names), strict=True)) if names else {}
    own = found.get(fired.tag)
    if own is None or fired.value is None or own.error is not None:
        return found
    return {name: fired.value if value.tag == own.tag else value for name, value in found.items()}


async def _find_programs(sending: Sending, tools: Tools, values: Mapping[str, Value]) -> Programs:
    return await tools.programs(sources_of(each.tag for each in values.values())) if sending.names_programs else {}


async def _ask(sink: Stored, sending: Sending, tools: Tools, fired: Fired) -> dict[Placeholder, Any]:
    found: dict[Placeholder, Any] = {}
    for each in sending.histories:
        begin = fired.time - each.length if each.length else fired.shift_begin
        assert tools.aggregate is not None  # noqa: S101 - a definition with histories is refused without
        found[each] = await tools.aggregate(caller_of(sink, tools), each.name, begin, fired.time, each.mode)
    return found
