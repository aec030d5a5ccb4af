"""The route of WinCC Unified's GraphQL: one address for queries and mutations, and a WebSocket for subscriptions."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from litestar import Response

from engineering_api.operations import wire
from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.terms import Reach, Right
from engineering_api.security import Gate
from engineering_api.security.scopes import Scopes
from engineering_api.web.answers import json_response
from engineering_api.web.bodies import decode_any
from engineering_api.web.identify import Call, headers_of, identify
from engineering_api.web.statuses import HttpProblem
from openness_bridge.errors import Problem
from runtime_data.unified.access import require_known
from runtime_data.unified.execution import GraphqlRequest, read_request, refuse, run
from runtime_data.unified.socket import SUBPROTOCOL, serve

section = Section("WinCC Unified")
JSON = "application/json"
_KEYS = (b"authorization", b"x-api-key")


@section.endpoint(
    "POST /graphql",
    right=Right.PUBLIC,
    reach=Reach.NOTHING,
    media=JSON,
    body=JSON,
    subprotocol=SUBPROTOCOL,
    serve=serve,
    live=True,
)
async def execute(ctx: Context, request: Call) -> Response[bytes]:
    """Run a query or mutation of WinCC Unified's GraphQL. All but the login need its token, or an API key.

    Subscriptions need a WebSocket at the same address, with the subprotocol graphql-transport-ws.
    """
    try:
        caller = await _caller_of(ctx, request)
    except Problem as problem:
        return _answer(refuse(problem))
    asked = await _read(ctx, request, caller)
    try:
        return _answer(await run(replace(ctx, caller=caller), asked))
    except Problem as problem:
        return _answer(refuse(problem))


def _answer(found: dict[str, Any]) -> Response[bytes]:
    return json_response(wire.encode(found), headers={"Cache-Control": "no-store"})


async def _read(ctx: Context, request: Call, caller: Caller) -> GraphqlRequest:
    """Return what is asked. A page of another origin can send any text without asking first, but no JSON.

    Raises:
        Problem: It is not a request of GraphQL; without a key or token that is not said, because only a login is open.
    """
    try:
        if request.content_type[0].casefold() != JSON:
            raise HttpProblem("request.content_type", f"The body must be of the type {JSON}.", 415)
        return read_request(decode_any(await request.body(), ctx.service.settings))
    except Problem:
        require_known(caller)
        raise


async def _caller_of(ctx: Context, request: Call) -> Caller:
    """Return who sends a token or key; anybody without one.

    Raises:
        Problem: It is wrong, or of a caller who is limited to something else.
    """
    if headers_of(request).keys().isdisjoint(_KEYS):
        return ctx.caller
    caller = await identify(request, ctx.service.part(Gate), Right.VIEW)
    ctx.service.part(Scopes).require_reach(caller, Reach.TAGS)
    return caller
