"""A turn as server-sent events: the question, each piece of the answer, the tools, the tokens, and the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

from engineering_api.features.assistant.turn import Turn
from engineering_api.operations import wire
from engineering_api.operations.events import Event, Subscription
from engineering_api.operations.streaming.beats import BEAT
from engineering_api.operations.streaming.streams import Message

LAST = "response"


async def messages(turn: Turn, after: int) -> AsyncIterator[Message]:
    """Yield what a turn says after the message of a number, to its end."""
    with turn.hub.subscribe(after=after) as events:
        while not (turn.answered and events.queue.empty()):
            event = await _next(events)
            if event is None:
                continue
            yield Message(wire.encode(event.data), event.kind, event.number)
            if event.kind == LAST:
                return


async def _next(events: Subscription) -> Event | None:
    """Return the next event; None when there is none for a while, so that the end of the turn is seen."""
    try:
        async with asyncio.timeout(BEAT):
            return await events.queue.get()
    except TimeoutError:
        return None
