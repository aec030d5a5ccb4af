"""What a handler returns as an answer over HTTP: html, json, file, bytes or response, with contentType, code and headers.

Facts: docs/facts/ignition.md#webdev.
"""

from __future__ import annotations

import mimetypes
import re
from pathlib import Path
from typing import Any

import msgspec
from litestar import Response

from engineering_api.operations import wire
from openness_bridge.errors import Kind, Problem

LARGEST = 64 << 20
"""Bytes of an answer."""
KINDS = ("html", "json", "file", "bytes", "response")
_USUAL = {"html": "text/html", "json": "application/json", "response": "text/plain"}
_BINARY = "application/octet-stream"
_HEADER = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]{1,100}")
_TEXT = re.compile(r"[\t -~\u00a0-\u00ff]{0,4000}")
_OURS = {"content-length", "transfer-encoding", "connection", "content-type", "set-cookie", "x-online"}
"""Headers that a handler does not set: the server makes them, or the service has no use of them."""
SANDBOX = "sandbox allow-scripts allow-forms allow-popups"
"""A page of a handler is not of the service's own origin: its scripts cannot use what a browser keeps for the service."""


def response_of(returned: Any, folder: Path) -> Response[bytes]:
    """Return the answer that a handler's dictionary describes; an empty one for None. Worker threads only.

    Args:
        returned: What the handler returned.
        folder: Where its files are.

    Raises:
        Problem: It is no answer (ignition.handler_answer).
    """
    if returned is None:
        returned = {}
    if not isinstance(returned, dict):
        raise _wrong("a handler returns a dictionary")
    kinds = [kind for kind in KINDS if kind in returned]
    unknown = set(returned) - {*KINDS, "contentType", "code", "headers"}
    if len(kinds) > 1 or unknown:
        raise _wrong(
            f"it has {', '.join(map(str, kinds if len(kinds) > 1 else unknown))}; one of {', '.join(KINDS)} is possible"
        )
    code = returned.get("code", 200)
    if isinstance(code, bool) or not isinstance(code, int) or not 200 <= code <= 599:
        raise _wrong("code is an HTTP status, 200 to 599")
    kind = kinds[0] if kinds else ""
    content, usual = _content(kind, returned.get(kind), folder)
    if len(content) > LARGEST:
        raise _wrong(f"it has more than {LARGEST} bytes")
    media = _text(returned.get("contentType") or usual, "contentType")
    headers = _headers(returned.get("headers") or {})
    if "html" in media and not any(name.casefold() == "content-security-policy" for name in headers):
        headers["Content-Security-Policy"] = SANDBOX
    kind, _, charset = media.partition("charset=")  # the server writes the charset of a text itself
    return Response(
        content, status_code=code, media_type=kind.rstrip("; "), encoding=charset or "utf-8", headers=headers
    )


def _content(kind: str, value: Any, folder: Path) -> tuple[bytes, str]:
    """Return the body, and the media type that it usually has."""
    if kind == "json":
        try:
            return wire.encode(value), _USUAL[kind]
        except (TypeError, ValueError, msgspec.MsgspecError) as error:
            raise _wrong(f"json cannot be written: {error}") from None
    if kind == "bytes":
        if not isinstance(value, bytes | bytearray):
            raise _wrong("bytes are bytes")
        return bytes(value), _BINARY
    if kind == "file":
        return _file(str(value), folder)
    return str("" if value is None else value).encode(), _USUAL.get(kind, _USUAL["response"])


def _file(name: str, folder: Path) -> tuple[bytes, str]:
    """Return the content of a file of the project's folder."""
    path = (folder / name).resolve()
    if not path.is_relative_to(folder.resolve()) or not path.is_file():
        raise _wrong("file names a file of the project's folder")
    with path.open("rb") as content:
        return content.read(LARGEST + 1), mimetypes.guess_type(path.name)[0] or _BINARY


def _headers(given: Any) -> dict[str, str]:
    if not isinstance(given, dict):
        raise _wrong("headers are a dictionary")
    found = {str(name): _text(text, "a header") for name, text in given.items()}
    for name in found:
        if not _HEADER.fullmatch(name) or name.casefold() in _OURS:
            raise _wrong(f"'{name[:40]}' is not a header that a handler sets")
    return found


def _text(given: Any, what: str) -> str:
    if not _TEXT.fullmatch(str(given)):
        raise _wrong(f"{what} is one line of Latin-1 text")
    return str(given)


def _wrong(why: str) -> Problem:
    return Problem("ignition.handler_answer", f"The handler's answer cannot be sent: {why}.", kind=Kind.FAILED)
