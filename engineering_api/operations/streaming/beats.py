"""The rule for the age of what a stream sends: it beats once a second, and is stale after three seconds without a beat.

A stream that sends nothing may have nothing new, or may be cut: only a beat shows which. Each stream of events of the service
sends one at its beginning and then every second, also between other messages, as a comment that older clients leave out. It has the
server's time, and where the stream has values of running programs, which program each CPU executes. docs/runtime/streams.md
describes it for clients. The console gets the limit in its page (console/live.js); the Python client imports it (client/streams.py).
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, AsyncIterator, Awaitable, Callable, Mapping
from contextlib import aclosing, suppress
from typing import Any, cast

import msgspec

from engineering_api.operations.streaming.streams import Message
from openness_bridge.program_identity import ProgramState

BEAT = 1.0
"""Seconds from one beat to the next."""
STALE = 3.0
"""Seconds without a beat after which everything that the stream has sent is stale."""
EVENT = "beat"
Online = Callable[[], Awaitable[Mapping[str, ProgramState]]]
"""Returns which program each source of the stream executes; it does not wait long."""


class Beat(msgspec.Struct, rename="camel", frozen=True, omit_defaults=True):
    """A sign of life of a stream.

    Attributes:
        time: The server's time in milliseconds since 1970.
        online: Of a stream with values of running programs: by source or PLC, whether its CPU executes the project's program.
    """

    time: int
    online: dict[str, ProgramState] | None = None


def beat_message(online: Mapping[str, ProgramState]) -> bytes:
    """Return a beat as a message of a WebSocket: JSON with a type."""
    return b'{"type":"beat",' + _encode(online)[1:]


def _encode(online: Mapping[str, ProgramState] | None) -> bytes:
    return msgspec.json.encode(Beat(int(time.time() * 1000), None if online is None else dict(online)))


async def with_beats(
    messages: AsyncIterator[Message], is_wanted: Callable[[], bool], online: Online | None = None
) -> AsyncGenerator[Message]:
    """Yield the messages of a stream with a beat at the beginning and each second between them.

    Args:
        messages: The stream; it is closed with this one.
        is_wanted: Whether it continues: asked before each message and beat. The caller's key may be revoked meanwhile.
        online: Returns the programs; None for streams without values.
    """
    async with aclosing(cast("Any", messages)) as stream:
        pending: asyncio.Future[Message] = asyncio.ensure_future(anext(stream))
        due = time.monotonic()
        try:
            while is_wanted():
                if time.monotonic() >= due:
                    yield Message(_encode(None if online is None else await online()), EVENT)
                    due = time.monotonic() + BEAT
                await asyncio.wait([pending], timeout=max(0.0, due - time.monotonic()))
                if not pending.done():
                    continue
                try:
                    message = pending.result()
                except StopAsyncIteration:
                    return
                pending = asyncio.ensure_future(anext(stream))
                if not is_wanted():
                    return
                yield message
        finally:
            pending.cancel()
            with suppress(asyncio.CancelledError, StopAsyncIteration):
                await pending
