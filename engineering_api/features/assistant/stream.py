"""A turn as server-sent events: what was asked, each piece of the answer, the tools, the tokens, and the end."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from typing import Any
from urllib.parse import unquote

from litestar import get
from litestar.connection import Request
from litestar.handlers import HTTPRouteHandler
from litestar.response import ServerSentEvent, ServerSentEventMessage

from engineering_api.features.assistant.assistant import Assistant
from engineering_api.features.assistant.turn import Turn
from engineering_api.operations.context import Service
from engineering_api.operations.declaration import Right
from engineering_api.operations.events import Event, Subscription
from engineering_api.security import Gate
from engineering_api.web import envelope
from engineering_api.web.identify import identify

ALIVE = 15.0
"""Seconds after which a comment is sent when nothing is said, so that a proxy does not cut the stream."""
LAST = "response"


def handlers(service: Service, gate: Gate) -> list[HTTPRouteHandler]:
    """The handler of the stream."""

    @get("/api/assistant/turns/{turn_id:str}/events")
    async def turn_events(request: Request[Any, Any, Any]) -> ServerSentEvent:
        """A turn of the assistant from its begin, or from where Last-Event-ID says, to its end."""
        await identify(request, gate, Right.VIEW)
        turn = service.part(Assistant).turn(unquote(request.path_params["turn_id"]))
        seen = request.headers.get("last-event-id", "")
        return ServerSentEvent(_events(turn, int(seen) if seen.isdecimal() else 0))

    return [turn_events]


async def _events(turn: Turn, after: int) -> AsyncIterator[ServerSentEventMessage]:
    with turn.hub.subscribe(after=after) as events:
        while not (turn.answered and events.queue.empty()):
            event = await _next(events)
            if event is None:
                yield ServerSentEventMessage(comment="still busy")
                continue
            data = envelope.encode(event.data).decode()
            yield ServerSentEventMessage(data=data, event=event.kind, id=event.number)
            if event.kind == LAST:
                return


async def _next(events: Subscription) -> Event | None:
    """The next event; None when there is none for a while."""
    try:
        return await asyncio.wait_for(events.queue.get(), ALIVE)
    except TimeoutError:
        return None
