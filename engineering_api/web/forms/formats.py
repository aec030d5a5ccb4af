"""Which form an answer has: JSON, XML or CSV, by `Accept` or `?format=`. Answers are made as JSON and changed on their way out.

An operation's own field `format` goes first: then the header alone counts.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from typing import Any
from urllib.parse import parse_qs

import msgspec

from engineering_api.operations.declaration import Operation
from engineering_api.web.forms.representation import to_csv, to_xml
from openness_bridge.errors import Kind, Place, Problem

Send = Callable[[Any], Awaitable[None]]
JSON, XML, CSV = "application/json", "application/xml", "text/csv"
NAMES = {"json": JSON, "xml": XML, "csv": CSV}
"""The values of `?format=`."""
OWN = "tia.own_format"
"""Where the scope of a request says that `format` is a field of its operation."""
LARGE = 64 << 10
"""Bytes from which an answer is changed in a worker thread."""


def without_format(op: Operation, query: dict[str, str], scope: Any) -> dict[str, str]:
    """Return a query without the form of the answer, unless `format` is a field of the operation.

    Raises:
        Problem: There is no such form.
    """
    if "format" not in query:
        return query
    if any(field.encode_name == "format" for field in msgspec.structs.fields(op.request)):
        scope[OWN] = True
        return query
    if query["format"].casefold() not in NAMES:
        msg = f"There is no format '{query['format'][:40]}': use {', '.join(NAMES)}."
        raise Problem("request.wrong_type", msg, kind=Kind.INVALID, place=Place(pointer="/format"))
    return {name: value for name, value in query.items() if name != "format"}


def in_wanted_form(scope: Any, send: Send) -> Send:
    """Return what sends an answer in the form that its request wants; the same where that is JSON."""
    headers = dict(scope["headers"]) if scope["type"] == "http" else {}
    accepted = headers.get(b"accept", b"").decode("latin-1")
    if b"format=" not in scope.get("query_string", b"") and not _by_header(accepted):
        return send
    return _Answer(scope, accepted, send).pass_on


class _Answer:
    """One answer on its way out."""

    def __init__(self, scope: Any, accepted: str, send: Send) -> None:
        self._scope, self._accepted, self._send = scope, accepted, send
        self._start: dict[str, Any] | None = None
        self._parts: list[bytes] = []

    async def pass_on(self, message: Any) -> None:
        """Take a message of the application; the whole of a JSON answer is sent at its end."""
        if message["type"] == "http.response.start" and self._form(message):
            self._start = message
        elif self._start is None:
            await self._send(message)
        else:
            self._parts.append(message.get("body", b""))
            if not message.get("more_body"):
                await self._send_changed(self._start, b"".join(self._parts))

    def _form(self, start: Mapping[str, Any]) -> str:
        """Return the media type that an answer gets; empty where it stays as it is."""
        kind = dict(start["headers"]).get(b"content-type", b"").decode("latin-1")
        if not kind.startswith(JSON):
            return ""
        query = parse_qs(self._scope["query_string"].decode("latin-1"))
        named = "" if self._scope.get(OWN) else NAMES.get(query.get("format", [""])[0].casefold(), "")
        form = named or _by_header(self._accepted)
        return "" if form == JSON or (form == CSV and start["status"] >= 400) else form

    async def _send_changed(self, start: dict[str, Any], body: bytes) -> None:
        form = self._form(start)
        change = _as_xml if form == XML else _as_csv
        made = change(body) if len(body) < LARGE else await asyncio.to_thread(change, body)
        replaced = {b"content-type": f"{form}; charset=utf-8".encode(), b"content-length": str(len(made)).encode()}
        headers = [(name, value) for name, value in start["headers"] if name not in replaced]
        await self._send(start | {"headers": [*headers, *replaced.items(), (b"vary", b"Accept")]})
        await self._send({"type": "http.response.body", "body": made, "more_body": False})


def _by_header(accepted: str) -> str:
    """Return the form that `Accept` prefers; empty for JSON, and for browsers, which accept everything."""
    if "text/html" in accepted or not ("xml" in accepted or "csv" in accepted):
        return ""
    wanted = {"application/xml": XML, "text/xml": XML, CSV: CSV, JSON: "", "*/*": ""}
    found: dict[str, float] = {}
    for each in accepted.split(","):
        kind, *parameters = (part.strip().casefold() for part in each.split(";"))
        weight = next((part[2:] for part in parameters if part.startswith("q=")), "1")
        if kind in wanted:
            found[kind] = float(weight) if weight.replace(".", "", 1).isdigit() else 0.0
    best = max(found, key=lambda kind: found[kind], default=JSON)
    return wanted[best] if found.get(best) else ""


def _as_xml(body: bytes) -> bytes:
    return to_xml(msgspec.json.decode(body) if body else None)


def _as_csv(body: bytes) -> bytes:
    document = msgspec.json.decode(body) if body else None
    return to_csv(document["data"] if isinstance(document, dict) and {"success", "data"} <= set(document) else document)
