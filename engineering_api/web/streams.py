"""Makes Litestar's handlers from the streams of the catalogue: they check listeners and send server-sent events."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
from typing import Any, cast
from urllib.parse import unquote

from litestar import get
from litestar.connection import Request as HttpRequest
from litestar.handlers import HTTPRouteHandler
from litestar.response import ServerSentEvent, ServerSentEventMessage

from engineering_api.gateway.model import require_here
from engineering_api.operations.context import Context, Progress, Service
from engineering_api.operations.declaration import Reach, Site, Stream
from engineering_api.operations.streams import Listening, Message
from engineering_api.security import Gate
from engineering_api.security.scopes import Scopes
from engineering_api.web.http import litestar_path
from engineering_api.web.identify import identify, instance_of

Call = HttpRequest[Any, Any, Any]


def handlers(service: Service, gate: Gate) -> list[HTTPRouteHandler]:
    """Return the handlers of all streams."""
    return [_handler(stream, service, gate) for stream in service.catalogue.streams]


def _handler(stream: Stream, service: Service, gate: Gate) -> HTTPRouteHandler:
    @get(litestar_path(stream.route.path))
    async def listen(request: Call) -> ServerSentEvent:
        caller = await identify(request, gate, stream.right)
        if stream.site is Site.WORKER:
            require_here(service.gateway)
        if stream.reach is Reach.ALL:
            service.part(Scopes).require_unlimited(caller)
        in_project = stream.reach is Reach.PROJECT
        instance = instance_of(dict(request.scope["headers"])) if in_project else None
        context = Context(service, caller, Progress(), instance)
        if in_project:
            await asyncio.to_thread(service.part(Scopes).require_open, context)
        return ServerSentEvent(_sent(await stream.run(_listening(request, context))))

    return listen


def _listening(request: Call, context: Context) -> Listening:
    path = {name: unquote(value) for name, value in request.path_params.items()}
    query = {name: request.query_params.getall(name) for name in request.query_params}
    last = request.headers.get("last-event-id", "")
    return Listening(context, path, query, int(last) if last.isdecimal() else None)


async def _sent(messages: AsyncIterator[Message]) -> AsyncIterator[ServerSentEventMessage]:
    """Yield what a stream says as server-sent events. It ends with its listener."""
    async with aclosing(cast("Any", messages)):
        async for each in messages:
            if each.comment:
                yield ServerSentEventMessage(comment=each.comment)
            else:
                yield ServerSentEventMessage(data=each.data.decode(), event=each.event, id=each.number)
