"""Values of tags as they change: server-sent events for everybody, a WebSocket for pages with many changing tags."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Sequence
from typing import cast

import msgspec

from engineering_api.operations import wire
from engineering_api.operations.declaration import Section
from engineering_api.operations.streaming.streams import Listening, LiveStream, Message
from engineering_api.operations.terms import Reach
from engineering_api.web.sockets import Socket
from engineering_api.web.value_stream import ALIVE, tags_of
from openness_bridge.errors import Kind, Problem
from runtime_data.documents import Int64
from runtime_data.feeds import Feeds, Pace
from runtime_data.native.socket_session import SUBPROTOCOL, SocketSession
from runtime_data.pace import pace_of

section = Section("Runtime Data", reach=Reach.TAGS)
QUERY = {
    "tag": "A tag, source:path; repeat it for several.",
    "period": "Milliseconds from one reading to the next, 500 by default; one for all tags, or one for each in their order.",
    "changeOnly": "false to get the value of each reading, changed or not.",
    "deadband": "By how much a number must change to be sent; one for all tags, or one for each in their order.",
    "int64": "string for integers of 64 bits as texts, because many readers of JSON keep only 53 bits of a number.",
}


@section.stream("GET /api/runtime/values/stream", reach=Reach.TAGS, query=QUERY, live=True)
async def stream_values(listening: Listening) -> LiveStream:
    """Stream the values of tags of the runtime as they change. Last-Event-ID continues where a stream broke off."""
    tags = tags_of(listening)
    listening.context.require(tags, "request.missing_field", "Name the tags: ?tag=PLC_1:Motor.speed&tag=PLC_1:Start.")
    paces = _paces(listening, len(tags))
    int64 = listening.first("int64") or "number"
    listening.context.require(int64 in ("number", "string"), "request.int64", "int64 is number or string.")
    feeds = listening.context.service.part(Feeds)
    feeds.require_room()
    names = await feeds.runtime.full(tags)
    messages = _messages(feeds, listening, tags, paces, cast("Int64", int64))
    return LiveStream(messages, lambda: feeds.online(names))


async def _messages(
    feeds: Feeds, listening: Listening, tags: Sequence[str], paces: Sequence[Pace], int64: Int64
) -> AsyncGenerator[Message]:
    """Yield the values; a problem is the last message."""
    by_pace: dict[Pace, list[str]] = {}
    for tag, pace in zip(tags, paces, strict=True):
        by_pace.setdefault(pace, []).append(tag)
    try:
        with feeds.open(listening.context.caller, int64) as feed:
            for pace, names in by_pace.items():
                await feed.add(names, pace, listening.after)
            while not feed.has_ended:
                batch = await feed.take(ALIVE)
                if batch is not None and batch.values:
                    yield Message(batch.document, "values", batch.number)
    except Problem as problem:
        yield Message(wire.encode(wire.fault(problem)), "error")


def _paces(listening: Listening, count: int) -> list[Pace]:
    """Return the pace of each tag.

    Raises:
        Problem: A number is none, or there are neither one nor as many as tags.
    """
    every = (listening.first("changeOnly") or "true").casefold() in {"false", "0"}
    periods, deadbands = (_for_each(listening, name, count) for name in ("period", "deadband"))
    return [pace_of(period, deadband, every=every) for period, deadband in zip(periods, deadbands, strict=True)]


def _for_each(listening: Listening, name: str, count: int) -> list[float | None]:
    given = listening.query.get(name, ())
    if len(given) > 1 and len(given) != count:
        msg = f"There are {len(given)} fields '{name}' for {count} tags: give one, or one for each tag."
        raise Problem("request.pace", msg, kind=Kind.INVALID)
    try:
        found = [msgspec.convert(each, float, strict=False) for each in given]
    except msgspec.ValidationError:
        raise Problem("request.pace", f"'{name}' takes a number.", kind=Kind.INVALID) from None
    return list(found) if len(found) == count else [*found, None][:1] * count


@section.socket("GET /api/runtime/ws", SUBPROTOCOL, reach=Reach.TAGS, live=True)
async def serve_values(socket: Socket) -> None:
    """Subscribe to values of tags over a WebSocket, and write them. The first message carries the key or token."""
    await SocketSession(socket).run()
