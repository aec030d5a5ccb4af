"""The route of WinCC Unified's GraphQL: one address for queries and mutations, and a WebSocket for subscriptions."""

from __future__ import annotations

from dataclasses import replace

from litestar import Response

from engineering_api.features.unified.execution import read_request, refuse, run
from engineering_api.features.unified.socket import SUBPROTOCOL, serve
from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.terms import Reach, Right
from engineering_api.security import Gate
from engineering_api.security.scopes import Scopes
from engineering_api.web import envelope
from engineering_api.web.answers import json_response
from engineering_api.web.bodies import decode_any
from engineering_api.web.identify import Call, headers_of, identify
from openness_bridge.errors import Problem

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
)
async def execute(ctx: Context, request: Call) -> Response[bytes]:
    """Run a query or mutation of WinCC Unified's GraphQL. All but the login need its token, or an API key.

    Subscriptions need a WebSocket at the same address, with the subprotocol graphql-transport-ws.
    """
    asked = read_request(decode_any(await request.body(), ctx.service.settings))
    try:
        found = await run(replace(ctx, caller=await _caller_of(ctx, request)), asked)
    except Problem as problem:
        found = refuse(problem)
    return json_response(envelope.encode(found), headers={"Cache-Control": "no-store"})


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
