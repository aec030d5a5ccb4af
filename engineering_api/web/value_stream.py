"""Sends values again and again as server-sent events: with a period, and on request only when they change.

The function that reads may block. It runs in a worker thread, never two at once for one listener. A listener
that is slow makes its own stream slow, and nobody else's.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncGenerator, Callable, Mapping
from typing import Any

from engineering_api.operations import wire
from engineering_api.operations.streaming.streams import Listening, LiveStream, Message
from openness_bridge.errors import Kind, Problem
from openness_bridge.program_identity import ProgramState

SHORTEST, LONGEST = 0.01, 3600.0
"""Seconds that a period may have."""
PERIOD = {
    "period": "Milliseconds from one reading to the next, 500 by default.",
    "changeOnly": "true to get only the values that have changed.",
}
"""What a listener may say about the pace, as the query's fields."""
TAGS = {"tag": "Name of a tag; repeat it for several."}
"""What a listener says about which tags, as the query's fields."""
ONLINE = "X-Online"
"""The header that names the programs whose values an answer has."""
ALIVE = 15.0
"""Seconds that a stream waits for changes before it checks again whether its listener may have them."""


def period_of(text: str | None, default: float = 0.5) -> float:
    """Return the seconds of a period that a client gave in milliseconds.

    Raises:
        Problem: It is no number, or too short or long.
    """
    if text is None:
        return default
    try:
        seconds = float(text) / 1000
    except ValueError:
        seconds = -1.0
    if not SHORTEST <= seconds <= LONGEST:
        msg = f"The period is {text}: use {SHORTEST * 1000:g} to {LONGEST * 1000:g} milliseconds."
        raise Problem("request.period", msg, kind=Kind.INVALID)
    return seconds


def wants_changes_only(listening: Listening) -> bool:
    """Return whether a listener wants only the values that differ from those sent last."""
    return (listening.first("changeOnly") or "").casefold() in {"true", "1"}


def tags_of(listening: Listening) -> list[str]:
    """Return the tags that a listener names."""
    return [*listening.query.get("tag", ()), *listening.query.get("tags", ())]


def live_stream(
    listening: Listening, name: str, read: Callable[[], Mapping[str, Any]], program: Callable[[], ProgramState]
) -> LiveStream:
    """Return a stream of the values of a PLC, at the pace that its listener asks for.

    Args:
        listening: Who listens.
        name: The PLC, as beats name it.
        read: Gives all values by name.
        program: Returns whether the PLC executes the project's program; like `read` it may block.

    Raises:
        Problem: The period is none.
    """
    period = period_of(listening.first("period"))
    messages = values(read, program, period, change_only=wants_changes_only(listening))

    async def online() -> Mapping[str, ProgramState]:
        return {name: await asyncio.to_thread(program)}

    return LiveStream(messages, online)


async def values(
    read: Callable[[], Mapping[str, Any]], program: Callable[[], ProgramState], period: float, *, change_only: bool
) -> AsyncGenerator[Message]:
    """Yield the values now, and then every period; a problem is the last event.

    Args:
        read: Gives all values by name.
        program: Returns whether the program that the values are of is the project's.
        period: Seconds from one reading to the next.
        change_only: Send only the values that differ from those sent last, and nothing when none does.
    """
    sent: dict[str, Any] = {}
    number = 0
    while True:
        begun = time.monotonic()
        try:
            now = await asyncio.to_thread(read)
        except Problem as problem:
            yield Message(wire.encode(wire.fault(problem)), "error")
            return
        news = {
            name: value for name, value in now.items() if not change_only or name not in sent or sent[name] != value
        }
        if news:
            number, sent = number + 1, dict(now)
            online = await asyncio.to_thread(program)
            data = [{"name": name, "value": value, "online": online} for name, value in news.items()]
            yield Message(wire.encode(data), "values", number)
        await asyncio.sleep(max(0.0, period - (time.monotonic() - begun)))
