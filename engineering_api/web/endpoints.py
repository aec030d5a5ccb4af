"""Makes Litestar's handlers from the endpoints of the catalogue: they admit callers, then send events, files or what else."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable
from contextlib import aclosing
from typing import Any, cast
from urllib.parse import unquote

from litestar import HttpMethod, Response, route
from litestar.handlers import HTTPRouteHandler
from litestar.response import Stream

from engineering_api.operations import binding
from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Context, Progress, Service
from engineering_api.operations.declaration import EVENTS, Endpoint
from engineering_api.operations.elsewhere import require_here
from engineering_api.operations.streaming.beats import EVENT, with_beats
from engineering_api.operations.streaming.streams import Listening, LiveStream, Message
from engineering_api.operations.terms import Reach, Right, Site
from engineering_api.security import Gate
from engineering_api.security.identities import Identities
from engineering_api.security.scopes import Scopes
from engineering_api.web.http import by_methods, litestar_path, service_of
from engineering_api.web.identify import Call, headers_of, identify, instance_of
from engineering_api.web.statuses import HttpProblem

Complete = Callable[[Service, Awaitable[Response[Any]]], Awaitable[Response[Any]]]
UNBUFFERED = {"Cache-Control": "no-cache", "Connection": "keep-alive", "X-Accel-Buffering": "no"}
"""Headers of a stream: no proxy keeps its messages back."""


def handlers(known: Iterable[Endpoint], complete: Complete) -> list[HTTPRouteHandler]:
    """Return the handlers of all endpoints, one for all paths with the same methods.

    Args:
        known: The endpoints.
        complete: Waits for an answer that is no stream, and adds what all of them have.
    """
    offers = {(route.method, route.path): endpoint for endpoint in known for route in endpoint.routes}
    typed = {path: path_of(endpoint, path) for (_, path), endpoint in offers.items()}

    async def handle(request: Call) -> Response[Any]:
        endpoint = offers[request.method, request.scope["path_template"]]
        context = await _admit(endpoint, request, service_of(request))
        require_known(endpoint, request.query_params)
        if endpoint.is_only_socket:
            msg = f"This is a WebSocket: connect with ws:// or wss:// and the subprotocol '{endpoint.subprotocol}'."
            raise HttpProblem("request.upgrade", msg, 426)
        if endpoint.is_stream:
            return stream_response(_beating(await endpoint.run(_listening(request, context)), context))
        return await complete(context.service, cast("Awaitable[Response[Any]]", endpoint.run(context, request)))

    return [
        route(
            [typed[path] for path in paths],
            http_method=[*map(HttpMethod, sorted(methods))],
            status_code=200,
        )(handle)
        for methods, paths in by_methods(offers)
    ]


def require_known(endpoint: Endpoint, query: Collection[str]) -> None:
    """Refuse a query with fields that the endpoint does not have: it would answer another question than the one asked.

    Raises:
        Problem: It has some (request.unknown_field), with a detail for each.
    """
    if not endpoint.takes_any:
        binding.require_known(
            query, {*endpoint.query, *endpoint.also, *(["format"] if "json" in endpoint.media else [])}
        )


def stream_response(messages: AsyncIterator[Message]) -> Stream:
    """Return an answer that sends messages as server-sent events."""
    return Stream(_events(messages), media_type=EVENTS, headers=UNBUFFERED)


def _beating(found: AsyncIterator[Message] | LiveStream, context: Context) -> AsyncIterator[Message]:
    """Return a stream with its beats; it ends as soon as its caller's key was revoked, or the login has ended."""
    identities, caller = context.service.part(Identities), context.caller
    messages, online = (found.messages, found.online) if isinstance(found, LiveStream) else (found, None)
    return with_beats(messages, lambda: identities.holds(caller), online)


def path_of(endpoint: Endpoint, path: str) -> str:
    """Return the path of an endpoint with Litestar's parameter types."""
    found = litestar_path(path)
    return found.removesuffix(":str}") + ":path}" if endpoint.deep and found.endswith(":str}") else found


async def _admit(endpoint: Endpoint, request: Call, service: Service) -> Context:
    """Return what the endpoint's function is given, for a caller who may use the endpoint.

    Raises:
        Problem: The caller is not known, lacks the right, is limited to other projects, or there is a gateway here.
    """
    caller = await _identify(endpoint, request, service)
    if endpoint.site is Site.WORKER:
        require_here(service.gateway)
    service.part(Scopes).require_reach(caller, endpoint.reach)
    in_project = endpoint.reach is Reach.PROJECT
    context = Context(service, caller, Progress(), instance_of(headers_of(request)) if in_project else None)
    if in_project:
        await asyncio.to_thread(service.part(Scopes).require_open, context)
    return context


async def _identify(endpoint: Endpoint, request: Call, service: Service) -> Caller:
    gate = service.part(Gate)
    if endpoint.open_to is not None:
        anybody = await identify(request, gate, Right.PUBLIC)
        if endpoint.open_to(service.settings, anybody):
            return anybody
    return await identify(request, gate, endpoint.right, endpoint.login)


def _listening(request: Call, context: Context) -> Listening:
    path = {name: unquote(value) for name, value in request.path_params.items()}
    query = {name: request.query_params.getall(name) for name in request.query_params}
    last = request.headers.get("last-event-id", "")
    return Listening(context, path, query, int(last) if last.isdecimal() else None)


async def _events(messages: AsyncIterator[Message]) -> AsyncIterator[bytes]:
    """Yield the messages of a stream as server-sent events. It ends with its listener."""
    async with aclosing(cast("Any", messages)):
        async for each in messages:
            yield _event(each)


def _event(message: Message) -> bytes:
    """Return a message as the standard of HTML writes it (9.2.5): JSON has no line breaks, so it is one line of data.

    Beats are comments, which clients that do not know them leave out.
    """
    if message.event == EVENT:
        return b": beat " + message.data + b"\r\n\r\n"
    head = f"id: {message.number}\r\n" if message.number is not None else ""
    head += f"event: {message.event}\r\n" if message.event else ""
    lines = b"\r\ndata: ".join(message.data.splitlines() or [b""])
    return head.encode() + b"data: " + lines + b"\r\n\r\n"
