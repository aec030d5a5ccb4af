"""Limits of a request's body: its size, known before it is read, and the content of a body of JSON or XML.

A small body can become a thousand times its size, or hold the interpreter for seconds, when it is full of empty lists.
Its values are therefore counted before any is made.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

import msgspec

from engineering_api.security.rate_limit import exceeds
from engineering_api.settings import Settings, variable
from engineering_api.web.forms.representation import from_xml
from engineering_api.web.forms.versions import version_of
from engineering_api.web.statuses import problem_headers, status_of
from openness_bridge.bounded.json_size import count_values
from openness_bridge.errors import Kind, Problem

Next = Callable[[Any, Any, Any], Awaitable[None]]
FEW = 64 << 10
"""Bytes of a body that is too small to hold too many values."""
BODILESS = ("GET", "HEAD", "OPTIONS")
"""Methods of requests whose body the service ignores."""
BLANKS = b" \t\r\n"
"""What JSON and XML have between values (RFC 8259, 2); a body of nothing else says nothing."""
POLICY = 1008
"""The code with which a WebSocket is closed that was refused (RFC 6455, 7.4.1)."""
FILES = "/api/files"
MESSAGES = ("/mcp", "/api/assistant", "/signalr")
"""Paths below which a body is a message."""


class BodyLimit:
    """Wraps an application: hands on no more of a body than its route may have."""

    def __init__(self, further: Next, settings: Settings) -> None:
        """Protect an application.

        Args:
            further: It.
            settings: The limits.
        """
        self._further, self._settings = further, settings

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        """Serve one request."""
        name = "" if scope["type"] != "http" or scope["method"] in BODILESS else self._name(scope)
        limit = getattr(self._settings, name) if name else 0
        if not limit:
            await self._further(scope, receive, send)
            return
        announced = next((value for header, value in scope["headers"] if header == b"content-length"), b"")
        if announced.isdigit() and int(announced) > limit:
            await refuse(_too_large(int(announced), limit, name), scope, send)
            return
        came, refused, started = 0, False, False

        async def receiving() -> Any:
            nonlocal came, refused
            message = await receive()
            came += len(message.get("body", b""))
            if came > limit:
                refused = True
                raise _too_large(came, limit, name)
            return message

        async def sending(message: Any) -> None:
            nonlocal started
            if not refused or started:
                started = True
                await send(message)

        try:
            await self._further(scope, receiving, sending)
        except Problem:
            if not refused:
                raise
        if refused and not started:
            await refuse(_too_large(came, limit, name), scope, send)

    def _name(self, scope: Any) -> str:
        """Return the setting that limits a request's body; empty for files, which are counted while being written."""
        method, path = scope.get("method"), str(scope.get("path", "")).rstrip("/")
        if (method == "POST" and path == FILES) or (method == "PUT" and path.startswith(f"{FILES}/")):
            return ""
        return "max_message" if path.startswith(MESSAGES) else "max_body"


def decoded(body: bytes, settings: Settings, *, is_xml: bool = False) -> dict[str, Any]:
    """Return the object in a body of JSON or XML; an empty one for none.

    Raises:
        Problem: It is neither, is no object, or has too many or too deep values.
    """
    document = decode_any(body, settings, is_xml=is_xml) if body.strip(BLANKS) else {}
    if not isinstance(document, dict):
        raise Problem("request.not_an_object", "The body must be an object with named fields.", kind=Kind.INVALID)
    return document


def decode_any(body: bytes, settings: Settings, *, is_xml: bool = False) -> Any:
    """Return the value in a body of JSON or XML.

    Raises:
        Problem: It is neither, or has too many or too deep values.
    """
    document = _xml(body, settings) if is_xml else _json(body, settings)
    if is_xml or exceeds(body.count(b"[") + body.count(b"{"), settings.max_json_depth):
        _require_shallow(document, settings.max_json_depth)
    return document


def _json(body: bytes, settings: Settings) -> Any:
    _require_few_values(body, settings.max_json_values)
    try:
        return msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise Problem("request.malformed_json", f"The body is not JSON: {error}.", kind=Kind.INVALID) from None


def _xml(body: bytes, settings: Settings) -> Any:
    _require_count(body.count(b"<"), settings.max_json_values)
    return from_xml(body)


def _require_few_values(body: bytes, limit: int) -> None:
    if len(body) >= FEW and limit:
        _require_count(count_values(body, limit), limit)


def _require_count(found: int, limit: int) -> None:
    if exceeds(found, limit):
        msg = f"The body has at least {found} names and values; the limit is {limit} ({variable('max_json_values')}): split it into several."
        raise Problem("request.too_many_values", msg, kind=Kind.TOO_LARGE).beyond(limit, found)


def _require_shallow(document: Any, limit: int) -> None:
    level, depth = [document], 0
    while level:
        depth += 1
        if depth > limit:
            msg = f"Objects and lists of the body are nested deeper than {limit} levels ({variable('max_json_depth')})."
            raise Problem("request.too_deep", msg, kind=Kind.INVALID).beyond(limit, depth)
        inner = (each.values() if isinstance(each, dict) else each for each in level)
        level = [value for values in inner for value in values if isinstance(value, dict | list)]


def _too_large(found: int, limit: int, name: str) -> Problem:
    msg = f"The body has at least {found} bytes; the limit of this route is {limit} ({variable(name)}): send less, or upload a file."
    return Problem("request.too_large", msg, kind=Kind.TOO_LARGE).beyond(limit, found)


async def refuse(problem: Problem, scope: Any, send: Any) -> None:
    """Answer a request that no handler has seen."""
    version = version_of(scope)
    body = version.failure(problem)
    headers = [(b"content-type", version.failure_media.encode()), (b"content-length", str(len(body)).encode())]
    headers += [(name.lower().encode(), value.encode()) for name, value in problem_headers(problem).items()]
    await send({"type": "http.response.start", "status": status_of(problem), "headers": headers})
    await send({"type": "http.response.body", "body": body, "more_body": False})


async def refuse_handshake(problem: Problem, scope: Any, send: Any) -> None:
    """Answer the request that would open a WebSocket with the problem; without the extension for that, only close it."""
    if "websocket.http.response" not in (scope.get("extensions") or {}):
        await send({"type": "websocket.close", "code": POLICY, "reason": problem.code})
        return

    async def sending(message: Any) -> None:
        await send(message | {"type": f"websocket.{message['type']}"})

    await refuse(problem, scope, sending)
