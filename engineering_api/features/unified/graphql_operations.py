"""The route of WinCC Unified's GraphQL: one address for queries and mutations, and a WebSocket for subscriptions."""

from __future__ import annotations

from dataclasses import replace

from litestar import Response

from engineering_api.features.unified.execution import read_request, run
from engineering_api.features.unified.socket import SUBPROTOCOL, serve
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.terms import Reach, Right
from engineering_api.security import Gate
from engineering_api.security.scopes import Scopes
from engineering_api.web import envelope
from engineering_api.web.answers import json_response
from engineering_api.web.bodies import decode_any
from engineering_api.web.identify import Call, headers_of, identify

section = Section("WinCC")
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
    if not headers_of(request).keys().isdisjoint(_KEYS):
        caller = await identify(request, ctx.service.part(Gate), Right.VIEW)
        ctx.service.part(Scopes).require_reach(caller, Reach.TAGS)
        ctx = replace(ctx, caller=caller)
    asked = read_request(decode_any(await request.body(), ctx.service.settings))
    return json_response(envelope.encode(await run(ctx, asked)), headers={"Cache-Control": "no-store"})
