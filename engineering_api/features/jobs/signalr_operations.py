"""Async Jobs: the routes of SignalR 2, for clients that were written for it."""

from __future__ import annotations

from typing import Any

from litestar import Response

from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.terms import Reach, Site
from engineering_api.web import envelope
from engineering_api.web.answers import json_response
from engineering_api.web.identify import Call
from engineering_api.web.signalr import SignalR
from openness_bridge.errors import Kind, Problem

section = Section("Async Jobs", Site.GATEWAY)
JSON = "application/json"
CONNECTION = {
    "transport": "longPolling, the only transport here.",
    "connectionToken": "As the answer to negotiate has it.",
}


@section.endpoint(
    "GET /signalr/negotiate",
    "POST /signalr/negotiate",
    reach=Reach.OWN,
    media=JSON,
    query={"connectionData": 'The hubs, such as [{"name":"jobhub"}]; all without it.'},
)
async def negotiate(ctx: Context, request: Call) -> Response[bytes]:
    """Begin a SignalR connection."""
    return _json(ctx.service.part(SignalR).negotiate(request.query_params.get("connectionData", "")))


@section.endpoint("GET /signalr/connect", "POST /signalr/connect", reach=Reach.OWN, media=JSON, query=CONNECTION)
async def connect(ctx: Context, request: Call) -> Response[bytes]:
    """Answer clients that connect before they start."""
    return _json(ctx.service.part(SignalR).connect(_token(request)))


@section.endpoint("GET /signalr/start", reach=Reach.OWN, media=JSON, query=CONNECTION)
async def start(ctx: Context, request: Call) -> Response[bytes]:
    """Confirm that a client is ready."""
    return _json(ctx.service.part(SignalR).start(_token(request)))


@section.endpoint(
    "GET /signalr/poll",
    "POST /signalr/poll",
    "GET /signalr/reconnect",
    "POST /signalr/reconnect",
    reach=Reach.OWN,
    media=JSON,
    query=CONNECTION | {"messageId": "Of the last answer: only later messages are sent."},
)
async def poll(ctx: Context, request: Call) -> Response[bytes]:
    """Send the messages of a connection as soon as there are any."""
    message = request.query_params.get("messageId", "")
    return _json(await ctx.service.part(SignalR).poll(_token(request), message, ctx.caller))


@section.endpoint("POST /signalr/abort", reach=Reach.OWN, media=JSON, query=CONNECTION)
async def abort(ctx: Context, request: Call) -> Response[bytes]:
    """End a SignalR connection."""
    ctx.service.part(SignalR).abort(_token(request))
    return _json({})


@section.endpoint("GET /signalr/ping", reach=Reach.OWN, media=JSON)
async def ping(_ctx: Context, _request: Call) -> Response[bytes]:
    """Confirm that the server answers SignalR clients."""
    return _json({"Response": "pong"})


def _token(request: Call) -> str:
    """Return the connection that a request names.

    Raises:
        Problem: It wants another transport than long polling.
    """
    transport = request.query_params.get("transport", "longPolling")
    if transport != "longPolling":
        msg = f"There is no transport '{transport}' here: use longPolling, or the server-sent events of /api/events."
        raise Problem("signalr.transport", msg, kind=Kind.INVALID)
    token: str = request.query_params.get("connectionToken", "")
    return token


def _json(document: dict[str, Any]) -> Response[bytes]:
    """Return an answer without envelope, whose names stay as they are."""
    return json_response(envelope.encode(document), headers={"Cache-Control": "no-cache"})
