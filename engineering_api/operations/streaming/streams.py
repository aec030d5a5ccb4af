"""What a stream gets and sends, without the terms of HTTP, and what ends it: its caller's key, login or right has ended."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Context
from openness_bridge.program_identity import ProgramState

LOOK = 5.0
"""Seconds between two checks of a stream's caller while nothing is sent; before each message it is checked anyway."""


@dataclass(frozen=True, slots=True)
class Message:
    """One thing that a stream says.

    Attributes:
        data: JSON.
        event: What kind of message it is.
        number: Its number, which a listener that reconnects names as the last one it got; None where it cannot continue there.
    """

    data: bytes = b""
    event: str = ""
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Listening:
    """Who listens to a stream, and to what.

    Attributes:
        context: The service, the caller and the portal.
        path: The parameters of the path.
        query: The fields of the query, each with all its values.
        after: Number of the message that the listener saw last.
    """

    context: Context
    path: Mapping[str, str]
    query: Mapping[str, Sequence[str]]
    after: int | None = None

    def first(self, name: str) -> str | None:
        """Return the first value of a field of the query; None where it is not given."""
        return next(iter(self.query.get(name, ())), None)


@dataclass(frozen=True, slots=True)
class LiveStream:
    """A stream with values of running programs.

    Attributes:
        messages: What it sends.
        online: Returns by source or PLC whether its CPU executes the project's program; it does not wait long.
    """

    messages: AsyncIterator[Message]
    online: Callable[[], Awaitable[Mapping[str, ProgramState]]]


async def run_while_valid(holds: Callable[[Caller], bool], caller: Callable[[], Caller], work: Awaitable[Any]) -> bool:
    """Do some work until its caller's key, login or right has ended. Whether it was done to its end.

    Args:
        holds: Returns whether a caller's key, login and right are still valid.
        caller: Gives the caller, who may become known only during the work.
        work: What serves the caller.
    """
    task = asyncio.ensure_future(work)
    try:
        while not (await asyncio.wait({task}, timeout=LOOK))[0]:
            if not holds(caller()):
                return False
        task.result()
    finally:
        if not task.done():
            task.cancel()
            with suppress(asyncio.CancelledError):
                await asyncio.wait({task})
    return True
