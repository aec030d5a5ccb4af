"""Login and session as WinCC Unified's clients ask for them: the same users and tokens as at /api/auth/login."""

from __future__ import annotations

import datetime as dt
from typing import Any

from engineering_api.execution.refusals import Refusals
from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Operation
from engineering_api.operations.terms import Right
from engineering_api.security import Gate
from openness_bridge.errors import Kind, Problem
from runtime_data import features
from runtime_data.unified.errors import CREDENTIALS, show_error


async def login(ctx: Context, name: str, password: str) -> dict[str, Any]:
    """Log in; a wrong name or password is an error of the session, as clients expect it."""
    try:
        tokens = await features.log_in(ctx, name, password)
    except Problem as problem:
        if problem.kind is not Kind.UNIDENTIFIED:
            raise
        return {"user": None, "token": None, "error": {"code": CREDENTIALS, "description": problem.message}}
    ends = dt.datetime.now(dt.UTC) + dt.timedelta(seconds=tokens.expires_in)
    return {
        "user": _show_user(tokens.user_name, tokens.right),
        "token": tokens.access_token,
        "expires": f"{ends:%Y-%m-%dT%H:%M:%S}.{ends.microsecond // 1000:03}Z",
        "error": show_error(None),
    }


async def logout(ctx: Context) -> bool:
    """End the login of the token that is sent.

    Raises:
        Problem: The caller did not log in with a name and a password.
    """
    await features.log_out(ctx)
    return True


def show_session(caller: Caller) -> dict[str, Any]:
    """Return the session of a caller; its token is what the caller sends."""
    return {
        "user": _show_user(caller.name.partition(":")[2] or caller.name, caller.right.word),
        "error": show_error(None),
    }


def refuse_extension() -> Problem:
    """Return why a token is not extended: who has stolen one must not keep it."""
    msg = "A token is not extended: log in again, or POST /api/auth/refresh with the refresh token of a login there."
    return Problem("unified.extend", msg, kind=Kind.UNSUPPORTED)


def refuse_central_login() -> Problem:
    """Return why there is no login by a claim."""
    msg = "There is no central user management (UMC) here: use the mutation login, or a token of the configured issuer."
    return Problem("unified.central_login", msg, kind=Kind.UNSUPPORTED)


def require_known(caller: Caller) -> None:
    """Refuse a caller who sends no token.

    Raises:
        Problem: No token was sent.
    """
    if caller.right is Right.PUBLIC:
        raise refuse_unknown()


def refuse_unknown() -> Problem:
    """Return the refusal of a caller who sends no token."""
    msg = "Log in first: send the token of the mutation login as Authorization: Bearer, or an API key as X-API-Key."
    return Problem("auth.required", msg, kind=Kind.UNIDENTIFIED)


async def require_right(ctx: Context, op: Operation) -> None:
    """Refuse a caller who has too little right for an operation, and note it as the routes do.

    Raises:
        Problem: The right is missing.
    """
    caller = ctx.caller
    try:
        Gate.require(caller, op.right)
    except Problem as problem:
        await ctx.service.part(Refusals).note(op.name, problem.code, caller.name, caller.address)
        raise


def _show_user(name: str, right: str) -> dict[str, Any]:
    return {"id": name, "name": name, "fullName": name, "groups": [{"id": right, "name": right}], "autoLogoffSec": 0}
