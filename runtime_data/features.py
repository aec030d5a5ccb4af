"""Operations of features that clients of other systems reach through these routes, with the checks and audit entries of all."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import msgspec

from engineering_api.execution.runner import Runner
from engineering_api.operations.context import Context


@dataclass(frozen=True, slots=True)
class Features:
    """What runtime data needs of features: the functions of operations. The application passes them, so nothing here imports a feature."""

    login: Callable[..., Any]
    logout: Callable[..., Any]
    run_pipeline: Callable[..., Any]


class Tokens(msgspec.Struct, rename="camel"):
    """What a login answers.

    Attributes:
        access_token: For the header Authorization, after the word in `token_type`.
        expires_in: Seconds for which it is valid.
        right: The name of the user's role.
    """

    access_token: str
    refresh_token: str
    token_type: str
    expires_in: int
    user_name: str
    right: str


async def log_in(ctx: Context, name: str, password: str) -> Tokens:
    """Log in as at /api/auth/login.

    Raises:
        Problem: The name or the password is wrong, or there were too many attempts.
    """
    answer = await _run(ctx, ctx.service.part(Features).login, user_name=name, password=password)
    return msgspec.json.decode(answer, type=Tokens)


async def log_out(ctx: Context) -> None:
    """End the login of the token that is sent.

    Raises:
        Problem: The caller did not log in with a name and a password.
    """
    await _run(ctx, ctx.service.part(Features).logout)


async def run_pipeline(ctx: Context, name: str, variables: dict[str, Any]) -> dict[str, Any]:
    """Begin a pipeline; return the ids of its job and of the execution.

    Raises:
        Problem: There is no such pipeline, or it cannot run.
    """
    begun = await _run(ctx, ctx.service.part(Features).run_pipeline, name=name, variables=variables)
    found: dict[str, Any] = msgspec.json.decode(begun) if isinstance(begun, bytes) else {"jobId": begun}
    return found


async def _run(ctx: Context, function: Callable[..., Any], **fields: Any) -> bytes | str:
    op = ctx.service.catalogue.of(function)
    return await ctx.service.part(Runner).wait(op, op.request(**fields), ctx.caller)
