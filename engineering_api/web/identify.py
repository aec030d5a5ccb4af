"""The step that identifies the caller by key, token or user, and refuses what the caller may not do."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from litestar.connection import Request as HttpRequest

from engineering_api.execution.refusals import Refusals
from engineering_api.operations.caller import Caller
from engineering_api.operations.declaration import Operation
from engineering_api.operations.fields import Nothing
from engineering_api.operations.terms import Login, Right
from engineering_api.security import Gate
from engineering_api.security.gate import STANDING
from engineering_api.web import url_secrets
from openness_bridge.errors import Kind, Problem

Call = HttpRequest[Any, Any, Any]
Headers = dict[bytes, bytes]


def headers_of(request: Call) -> Headers:
    """Return the headers as they came, names in lower case."""
    return dict(request.scope["headers"])


async def identify_for(op: Operation, request: Call, gate: Gate, refusals: Refusals) -> Caller:
    """Return who sends a request for an operation; a refused attempt to change something is noted.

    Raises:
        Problem: As identify.
    """
    try:
        return await identify(request, gate, op.right)
    except Problem as problem:
        if op.changes:
            who = await _find_name(request, gate) if problem.kind is Kind.FORBIDDEN else "anonymous"
            await refusals.note(op.name, problem.code, who, request.client.host if request.client else "")
        raise


async def _find_name(request: Call, gate: Gate) -> str:
    """Return the name of a caller who has too little right for something."""
    with suppress(Problem):
        return (await identify(request, gate, Right.VIEW)).name
    return "anonymous"


async def identify(request: Call, gate: Gate, right: Right, login: Login = Login.OWN) -> Caller:
    """Return who sends a request, which must have a right.

    Raises:
        Problem: 401 without a key or with a wrong one, 403 with too little, 429 after too many requests; 400 with a key in
            the URL.
    """
    url_secrets.require_none(request.query_params, Nothing)
    return await identify_sender(request.scope, gate, right, login)


async def identify_sender(scope: Any, gate: Gate, right: Right, login: Login = Login.OWN) -> Caller:
    """Return who sends the request of an ASGI scope, which must have a right, and count it.

    Raises:
        Problem: As identify, without what concerns the URL.
    """
    client, server = scope.get("client"), scope.get("server")
    ends = ((client[0], client[1]), (server[0], server[1] or 0)) if client and server else None
    address, encrypted = client[0] if client else "", scope["scheme"] == "https"
    admitted = await gate.admit(dict(scope["headers"]), address, right, ends, login, encrypted=encrypted)
    scope[STANDING] = admitted.standing
    return admitted.caller


def instance_of(headers: Headers) -> int | None:
    """Return the portal that a request names, by its process id; None for the current one.

    Raises:
        Problem: It names none.
    """
    text = headers.get(b"x-tia-instance")
    if text is None:
        return None
    if not text.isdigit():
        raise Problem(
            "request.instance", "X-TIA-Instance must be the process id of an attached portal.", kind=Kind.INVALID
        )
    return int(text)
