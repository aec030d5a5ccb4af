"""WinCC: login, logout and the caller, at the routes of /api/v1. The same users log in at /api/auth/login."""

from __future__ import annotations

import datetime as dt

from litestar import Response

from engineering_api.operations import wire
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.terms import Reach, Right, Site
from engineering_api.security.roles import RIGHTS, ROLES
from engineering_api.web.answers import json_response
from engineering_api.web.identify import Call
from runtime_data import features
from runtime_data.wincc.requests import body_of, fields_of, invalid

section = Section("WinCC", Site.GATEWAY)
JSON = "application/json"
_LOGIN = '{"username": "...", "password": "..."}'


@section.endpoint("POST /api/v1/auth/login", right=Right.PUBLIC, reach=Reach.NOTHING, media=JSON, body=JSON)
async def login(ctx: Context, request: Call) -> Response[bytes]:
    """Log in with username and password; the answer has the token to send as Authorization: Bearer."""
    body = await body_of(ctx, request)
    given = fields_of(body, _LOGIN, "username", "password")
    name, password = given["username"], given["password"]
    if not isinstance(name, str) or not isinstance(password, str):
        raise invalid(f"The body must be {_LOGIN}.")
    tokens = await features.log_in(ctx, name, password)
    ends = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=tokens.expires_in)
    found = {
        "token": tokens.access_token,
        "access_token": tokens.access_token,
        "token_type": tokens.token_type,
        "expires_in": tokens.expires_in,
        "expires_at": ends.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "refresh_token": tokens.refresh_token,
    }
    return json_response(wire.encode(found), headers={"Cache-Control": "no-store"})


@section.endpoint("POST /api/v1/auth/logout", reach=Reach.NOTHING, media=JSON, status=204)
async def logout(ctx: Context, _: Call) -> Response[bytes]:
    """End the login of the token that is sent."""
    await features.log_out(ctx)
    return Response(b"", status_code=204)


@section.endpoint("GET /api/v1/users/current", reach=Reach.NOTHING, media=JSON)
async def current_user(ctx: Context, _: Call) -> Response[bytes]:
    """Get the name and the rights of the caller."""
    caller = ctx.caller
    held = [role for role, right in RIGHTS.items() if right <= caller.right]
    found = {"name": caller.name.removeprefix("user:"), "right": ROLES[caller.right], "rights": held}
    return json_response(wire.encode(found))
