"""Connections that are bounded: the HTTP parser of uvicorn has no limit for what comes before a body.

A request is refused while it comes: too many or too large header lines, a URL that is too long, a head or a body that comes
too slowly, one connection too many. A refused client may continue to send for a moment, so that
the answer arrives before the end of the connection does.
"""

from __future__ import annotations

import asyncio
import logging
import ssl
from functools import partial
from http import HTTPStatus
from typing import Any, ClassVar, cast

import httptools
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from engineering_api.observability.rare import RareLog
from engineering_api.security.rate_limit import exceeds
from engineering_api.settings import Settings, variable
from engineering_api.web import envelope
from engineering_api.web.listening.admissions import Admissions, Limits
from engineering_api.web.listening.gate import LINGER, Gate
from engineering_api.web.listening.whole_writes import WholeWrites
from engineering_api.web.statuses import HttpProblem, status_of
from openness_bridge.errors import Kind, Problem

log = RareLog(logging.getLogger(__name__), level=logging.INFO)
_SETTINGS = f"{variable('max_connections')}, {variable('max_address_connections')}"
SLOWEST = 1024
"""Bytes a second that a body must come with."""


def protocol(
    settings: Settings, name: str, limits: Limits | None = None, tls: ssl.SSLContext | None = None
) -> type[asyncio.Protocol]:
    """Return what makes the connections of a listener, as uvicorn asks for it.

    Args:
        settings: Limits of time and size of requests.
        name: Which server listens, for log lines.
        limits: How many may connect; by default as the settings say.
        tls: Encrypts connections; None for plain ones.
    """
    kind: Any = type("Connection", (BoundedConnection,), {"settings": settings})
    admissions = Admissions(name, limits or limits_of(settings))

    def make(**given: Any) -> Gate:
        return Gate(partial(kind, **given), admissions, tls, _refuse_connection)

    return cast("type[asyncio.Protocol]", make)


def limits_of(settings: Settings) -> Limits:
    """Return how many may connect to the server of the service."""
    return Limits(
        settings.max_connections, settings.max_address_connections, settings.head_timeout, frozenset(settings.proxies)
    )


def _refuse_connection(why: str) -> bytes:
    return _answer(Problem("server.connections", f"{why} ({_SETTINGS}): try again later.", kind=Kind.UNAVAILABLE))


class BoundedConnection(HttpToolsProtocol):
    """One connection.

    Attributes:
        settings: Its limits.
    """

    settings: ClassVar[Settings]

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn narrows it
        """Begin."""
        whole: Any = WholeWrites(transport, self.loop)
        super().connection_made(whole)
        self._refused: Problem | None = None
        self._timer: asyncio.TimerHandle | None = None
        self._is_closing = self._in_head = self._in_body = False
        self._unused = self._head_bytes = self._lines = self._body_bytes = self._seen_bytes = 0
        self._set_timer(self.settings.head_timeout, self._head_is_late)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._stop_timer()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Read on, and refuse what uses up memory without coming to an end."""
        if self._is_closing:
            return
        self._unused += len(data)
        super().data_received(data)
        if self._is_closing:
            return
        if exceeds(self._unused, self.settings.max_header_bytes):
            self._refuse(self._too_large())
        elif self._timer is None and self._in_body:
            self._set_timer(self.settings.body_timeout, self._body_is_late)
        elif self._timer is None and self._unused:
            self._set_timer(self.settings.head_timeout, self._head_is_late)

    def handle_websocket_upgrade(self) -> None:
        """Hand the connection over: from here on the limits of WebSockets count, in messages and not in heads and bodies."""
        self._stop_timer()
        self._is_closing = True
        super().handle_websocket_upgrade()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - uvicorn's words are not ours
        """Refuse a request that could not be read, or that was refused while it was read."""
        text = "This is not a valid HTTP/1.1 request."
        self._refuse(self._refused or Problem("request.malformed", text, kind=Kind.INVALID))

    # What the parser calls --------------------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        """Count from zero."""
        super().on_message_begin()
        self._stop_timer()
        self._in_head = True
        self._head_bytes = self._lines = self._body_bytes = self._seen_bytes = 0

    def on_url(self, url: bytes) -> None:
        """Take a part of the URL."""
        super().on_url(url)
        if exceeds(len(self.url), limit := self.settings.max_url):
            msg = f"The URL has more than {limit} bytes ({variable('max_url')}): send long values in a body."
            self._stop(HttpProblem("request.url_too_long", msg, 414).beyond(limit, len(self.url)))

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take a header line, or one that trails behind a body."""
        self._lines += 1
        self._head_bytes += len(name) + len(value) + 4
        if exceeds(self._head_bytes, self.settings.max_header_bytes):
            self._stop(self._too_large())
        if exceeds(self._lines, limit := self.settings.max_headers):
            msg = f"The request has more than {limit} header lines ({variable('max_headers')}): send fewer."
            self._stop(HttpProblem("request.too_many_headers", msg, 431).beyond(limit, self._lines))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Wait for the body."""
        self._stop_timer()
        self._unused, self._in_head, self._in_body = 0, False, True
        super().on_headers_complete()

    def on_chunk_header(self) -> None:
        """Continue: everything before was used."""
        self._unused = 0

    def on_body(self, body: bytes) -> None:
        """Take a part of the body."""
        self._unused = 0
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Wait for the answer."""
        self._stop_timer()
        self._unused, self._in_head, self._in_body = 0, False, False
        super().on_message_complete()

    def on_response_complete(self) -> None:
        """Continue with the next request. A client answered before the end of its body has a moment for the rest."""
        super().on_response_complete()
        if self._in_body and not self._is_closing:
            self._set_timer(LINGER, self._close)

    # Time ---------------------------------------------------------------------------------------------------------------

    def _head_is_late(self) -> None:
        if not self._unused:  # nothing has come at all, as from a browser that connects before it is needed
            self._close()
            return
        msg = f"The head of the request did not come in {self.settings.head_timeout:g} s ({variable('head_timeout')})."
        self._refuse(HttpProblem("request.timeout", msg, 408))

    def _body_is_late(self) -> None:
        limit = self.settings.body_timeout
        if (
            self.flow.read_paused or self._body_bytes - self._seen_bytes >= SLOWEST * limit
        ):  # or this server does not read
            self._seen_bytes = self._body_bytes
            self._set_timer(limit, self._body_is_late)
            return
        msg = f"The body of the request came too slowly for {limit:g} s ({variable('body_timeout')}): send it faster."
        self._refuse(HttpProblem("request.timeout", msg, 408))

    def _set_timer(self, seconds: float, late: Any) -> None:
        self._stop_timer()
        if seconds > 0:
            self._timer = self.loop.call_later(seconds, late)

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    # The end ------------------------------------------------------------------------------------------------------------

    def _too_large(self) -> Problem:
        limit = self.settings.max_header_bytes
        msg = f"The header lines have more than {limit} bytes ({variable('max_header_bytes')}): send fewer."
        return HttpProblem("request.headers_too_large", msg, 431).beyond(limit, max(self._unused, self._head_bytes))

    def _stop(self, problem: Problem) -> None:
        """Stop the parser.

        Raises:
            HttpParserError: The parser ends with it, and `send_400_response` refuses the request.
        """
        self._refused = problem
        raise httptools.HttpParserError(problem.message)

    def _refuse(self, problem: Problem) -> None:
        """Answer, unless an answer is on its way already, and let the connection end."""
        log.line("Refused %s: %s", self.client, problem.message)
        self._is_closing = True
        is_asked = self.cycle is not None and not self.cycle.response_complete
        if is_asked:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        if is_asked and (self._in_head or self.pipeline or self.cycle.response_started):
            self.transport.abort()  # what is said now would be taken for the answer to another request
            return
        self.flow.resume_reading()
        self.transport.write(_answer(problem))
        if self.transport.can_write_eof():
            self.transport.write_eof()
        self._set_timer(LINGER, self._close)

    def _close(self) -> None:
        self._is_closing = True
        self.transport.close()


def _answer(problem: Problem) -> bytes:
    body = envelope.failure(problem)
    head = (
        f"HTTP/1.1 {status_of(problem)} {HTTPStatus(status_of(problem)).phrase}\r\ncontent-type: application/json\r\n"
        f"content-length: {len(body)}\r\nconnection: close\r\n\r\n"
    )
    return head.encode() + body
