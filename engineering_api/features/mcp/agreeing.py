"""Asks the user, not the model, whether to make a change: by elicitation, where the client offers it.

Up to protocol 2025-11-25 the server asks with a separate request; from 2026-07-28 on it answers the call with what it
wants to know, and the client repeats the call with the user's answer.
"""

from __future__ import annotations

import hashlib
from typing import Any

import mcp_types as types
import msgspec
from mcp.server.context import ServerRequestContext
from mcp_types.version import MODERN_PROTOCOL_VERSIONS

from engineering_api.operations.declaration import Operation
from openness_bridge.errors import Kind, Problem

AGREE = "agree"
LONGEST = 1500
"""Characters of the arguments that are shown."""
FORM: dict[str, Any] = {
    "type": "object",
    "properties": {AGREE: {"type": "boolean", "title": "Make this change", "default": False}},
    "required": [AGREE],
}


async def ask_agreement(
    ctx: ServerRequestContext[Any, Any], params: types.CallToolRequestParams, op: Operation, reasons: list[str]
) -> types.InputRequiredResult | None:
    """Continue only if the user agrees, where the client can ask.

    Args:
        ctx: The request.
        params: The call of apply_change.
        op: What it would run.
        reasons: What is lost by it.

    Returns:
        What the client is to ask first; None when the user agreed, or cannot be asked.

    Raises:
        Problem: The user does not agree.
    """
    if not _can_ask(ctx.session.client_capabilities):
        return None
    given = (params.arguments or {}).get("arguments", {})
    message = _question(op, given, reasons)
    if ctx.protocol_version not in MODERN_PROTOCOL_VERSIONS:
        _require(await ctx.session.elicit_form(message, FORM, ctx.request_id))
        return None
    state = hashlib.sha256(msgspec.json.encode(params.arguments)).hexdigest()
    answer = (params.input_responses or {}).get(AGREE)
    if isinstance(answer, types.ElicitResult) and params.request_state == state:
        _require(answer)
        return None
    form = types.ElicitRequestFormParams(message=message, requested_schema=FORM)
    return types.InputRequiredResult(input_requests={AGREE: types.ElicitRequest(params=form)}, request_state=state)


def _can_ask(capabilities: types.ClientCapabilities | None) -> bool:
    offered = None if capabilities is None else capabilities.elicitation
    return offered is not None and (offered.form is not None or offered.url is None)


def _question(op: Operation, arguments: Any, reasons: list[str]) -> str:
    shown = msgspec.json.format(msgspec.json.encode(arguments), indent=2).decode()
    more = " …" if len(shown) > LONGEST else ""
    said = [f"{op.name} with {shown[:LONGEST]}{more}", *reasons, "Make this change?"]
    return "\n".join([op.summary, *said])


def _require(answer: types.ElicitResult) -> None:
    if answer.action != "accept" or (answer.content or {}).get(AGREE) is not True:
        msg = "The user does not agree: nothing was changed. Ask what is wanted instead."
        raise Problem("change.declined", msg, kind=Kind.FORBIDDEN)
