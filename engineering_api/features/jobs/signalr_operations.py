"""Async Jobs: the routes of SignalR 2, for clients that were written for it."""

from __future__ import annotations

from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any
from urllib.parse import parse_qsl

from litestar import Response
from litestar.response import Stream

from engineering_api.features.jobs.signalr import session
from engineering_api.features.jobs.signalr.connections import Connection
from engineering_api.features.jobs.signalr.messages import refuse_call
from engineering_api.features.jobs.signalr.signalr import SignalR
from engineering_api.operations import wire
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.streaming.streams import Message
from engineering_api.operations.terms import Reach, Site
from engineering_api.web.answers import json_response
from engineering_api.web.bodies import decoded
from engineering_api.web.endpoints import stream_response
from engineering_api.web.identify import Call
from engineering_api.web.statuses import HttpProblem
from openness_bridge.errors import Kind, Problem

section = Section("Async Jobs", Site.GATEWAY)
JSON, FORM = "application/json", "application/x-www-form-urlencoded"
LONG_POLLING, SERVER_SENT_EVENTS, WEB_SOCKETS = TRANSPORTS = "longPolling", "serverSentEvents", "webSockets"
MOST_FIELDS = 100
"""Fields that a form may have."""
CONNECTION = {
    "transport": f"{', '.join(TRANSPORTS)}; {LONG_POLLING} without it.",
    "connectionToken": "As the answer to negotiate has it.",
}
RESUMED = CONNECTION | {"messageId": "C of the last answer: only later messages are sent. In a form, too."}


@section.endpoint(
    "GET /signalr/negotiate",
    "POST /signalr/negotiate",
    reach=Reach.OWN,
    takes_any=True,
    media=JSON,
    query={
        "connectionData": 'The hubs, such as [{"name":"jobhub"}]; all without it.',
        "clientProtocol": "The version of the protocol that the client speaks.",
    },
)
async def negotiate(ctx: Context, request: Call) -> Response[bytes]:
    """Begin a SignalR connection."""
    query = request.query_params
    hubs, protocol = query.get("connectionData", ""), query.get("clientProtocol", "")
    signalr = ctx.service.part(SignalR)
    return _json(signalr.negotiate(hubs, protocol, ctx.caller, web_sockets=not _is_from_a_page(request)))


@section.endpoint(
    "GET /signalr/connect",
    "POST /signalr/connect",
    reach=Reach.OWN,
    takes_any=True,
    media=JSON,
    query=CONNECTION,
    serve=session.connect,
)
async def connect(ctx: Context, request: Call) -> Response[bytes] | Stream:
    """Connect a SignalR client; send it messages if its transport is a stream."""
    connection, signalr = _connection(ctx, request), ctx.service.part(SignalR)
    if _is_stream(request):
        return stream_response(_messages(ctx, request, connection, is_first=True))
    return _json(signalr.first(connection, connection.begin))


@section.endpoint("GET /signalr/start", reach=Reach.OWN, takes_any=True, media=JSON, query=CONNECTION)
async def start(ctx: Context, request: Call) -> Response[bytes]:
    """Confirm that a client is ready."""
    _connection(ctx, request)
    return _json({"Response": "started"})


@section.endpoint(
    "GET /signalr/poll", "POST /signalr/poll", reach=Reach.OWN, takes_any=True, media=JSON, query=RESUMED, body=FORM
)
async def poll(ctx: Context, request: Call) -> Response[bytes]:
    """Send the messages of a connection as soon as there are any."""
    if _transport(request) != LONG_POLLING:
        msg = f"Only {LONG_POLLING} polls: the other transports use /signalr/connect and /signalr/reconnect."
        raise Problem("signalr.transport", msg, kind=Kind.INVALID)
    return await _poll(ctx, request)


@section.endpoint(
    "GET /signalr/reconnect",
    "POST /signalr/reconnect",
    reach=Reach.OWN,
    takes_any=True,
    media=JSON,
    query=RESUMED,
    body=FORM,
    serve=session.reconnect,
)
async def reconnect(ctx: Context, request: Call) -> Response[bytes] | Stream:
    """Continue a connection that broke, after the last message that its client got."""
    if _is_stream(request):
        return stream_response(_messages(ctx, request, _connection(ctx, request), is_first=False))
    return await _poll(ctx, request)


@section.endpoint(
    "GET /signalr/send", "POST /signalr/send", reach=Reach.OWN, takes_any=True, media=JSON, query=CONNECTION, body=FORM
)
async def send(ctx: Context, request: Call) -> Response[bytes]:
    """Refuse a call of a server method: the hubs have none."""
    _connection(ctx, request)
    data = (await _fields(request)).get("data", "")
    return _json(refuse_call(decoded(data.encode(), ctx.service.settings)))


@section.endpoint("POST /signalr/abort", reach=Reach.OWN, takes_any=True, media=JSON, query=CONNECTION)
async def abort(ctx: Context, request: Call) -> Response[bytes]:
    """End a SignalR connection."""
    _transport(request)
    ctx.service.part(SignalR).abort(request.query_params.get("connectionToken", ""), ctx.caller)
    return _json({})


@section.endpoint("GET /signalr/ping", reach=Reach.OWN, takes_any=True, media=JSON)
async def ping(_ctx: Context, _request: Call) -> Response[bytes]:
    """Confirm that the server answers SignalR clients."""
    return _json({"Response": "pong"})


async def _poll(ctx: Context, request: Call) -> Response[bytes]:
    connection, signalr = _connection(ctx, request), ctx.service.part(SignalR)
    last = signalr.last_of((await _fields(request)).get("messageId", ""), connection)
    return _json(await signalr.poll(connection, ctx.caller, last))


async def _messages(ctx: Context, request: Call, connection: Connection, *, is_first: bool) -> AsyncGenerator[Message]:
    """Yield the messages of a connection; an EventSource that connects again by itself names the last one's number."""
    signalr, seen = ctx.service.part(SignalR), request.headers.get("last-event-id", "")
    last = signalr.last_of(request.query_params.get("messageId", ""), connection, seen)
    yield Message(b"initialized")
    if is_first:
        yield Message(wire.encode(signalr.first(connection, last)), number=last)
    async with aclosing(signalr.follow(connection, ctx.caller, last)) as documents:
        async for number, document in documents:
            yield Message(wire.encode(document), number=number)


def _connection(ctx: Context, request: Call) -> Connection:
    """Return the connection that a request names.

    Raises:
        Problem: There is none, or there is no such transport.
    """
    _transport(request)
    return ctx.service.part(SignalR).get(request.query_params.get("connectionToken", ""), ctx.caller)


def _is_stream(request: Call) -> bool:
    """Return whether a request asks for a stream, not for one answer.

    Raises:
        Problem: It asks for a WebSocket by a usual request, or there is no such transport.
    """
    transport = _transport(request)
    if transport == WEB_SOCKETS:
        msg = f"The transport {WEB_SOCKETS} is a WebSocket: connect with ws:// or wss://."
        raise HttpProblem("request.upgrade", msg, 426)
    return transport == SERVER_SENT_EVENTS


def _transport(request: Call) -> str:
    """Return the transport that a request names.

    Raises:
        Problem: It names none of this service.
    """
    transport: str = request.query_params.get("transport", LONG_POLLING)
    if transport not in TRANSPORTS:
        msg = f"There is no transport '{transport}' here: use {', '.join(TRANSPORTS)}, or the events of /api/events."
        raise Problem("signalr.transport", msg, kind=Kind.INVALID)
    return transport


async def _fields(request: Call) -> dict[str, str]:
    """Return the fields of a request's form and of its query; those of the query win.

    Raises:
        Problem: The form has too many fields.
    """
    form: list[tuple[str, str]] = []
    if request.content_type[0] == FORM:
        try:
            form = parse_qsl((await request.body()).decode("utf-8", "replace"), max_num_fields=MOST_FIELDS)
        except ValueError:
            msg = f"A form has at most {MOST_FIELDS} fields here: messageId, groupsToken and data."
            raise Problem("signalr.form", msg, kind=Kind.INVALID) from None
    return dict(form) | dict(request.query_params)


def _is_from_a_page(request: Call) -> bool:
    """Return whether a web page sends a request: a browser lets it send no key when it opens a WebSocket."""
    return any(name in request.headers for name in ("origin", "sec-fetch-site"))


def _json(document: dict[str, Any]) -> Response[bytes]:
    """Return an answer without envelope, whose names stay as they are."""
    return json_response(wire.encode(document), headers={"Cache-Control": "no-cache"})
