"""The server: its own application on its own port, with its own certificate."""

from __future__ import annotations

import asyncio
import contextlib
import datetime as dt
import os
import socket
import ssl
from collections.abc import Iterator, Sequence
from typing import Any

import msgspec
import uvicorn

from engineering_api import background
from engineering_api.operations.context import Service
from engineering_api.security.identities import Identities
from engineering_api.settings import Settings
from engineering_api.web.listening.admissions import Limits, leave_a_quarter
from engineering_api.web.listening.http_connection import protocol
from engineering_api.web.value_stream import ONLINE
from openness_bridge.errors import Kind, Problem
from runtime_data import answer_programs
from runtime_data.program_states import ProgramStates
from runtime_data.servers.server import ServerClient, ServerKind, register
from runtime_data.servers.webapi import rpc
from runtime_data.servers.webapi.methods import Methods, Visit
from runtime_data.servers.webapi.refusals import Refused
from runtime_data.servers.webapi.sessions import Sessions
from runtime_data.servers.webapi.settings import WebApiSettings, check

FOLDER = "runtime/webapi"
"""Where certificate and key are, below the data folder."""
PATH = "/api/jsonrpc"
CLOSING = 5
"""Seconds in which requests end before the server stops."""
CONNECTIONS = 200
LIMITS = Limits(CONNECTIONS, leave_a_quarter(CONNECTIONS))
_JSON = [(b"content-type", b"application/json"), (b"cache-control", b"no-store")]


class WebApiServer:
    """A server. On the event loop only."""

    def __init__(self, settings: WebApiSettings, service: Service) -> None:
        """Serve with these settings."""
        self._settings, self._service = settings, service
        self._sessions = Sessions(service.part(Identities), settings.sessions, settings.session_seconds)
        self._methods: Methods | None = None
        self._server: _Quiet | None = None
        self._task: asyncio.Task[None] | None = None
        self._socket: socket.socket | None = None

    async def start(self) -> None:
        """Listen.

        Raises:
            Problem: The port is used, or the certificate cannot be made.
        """
        settings = self._settings
        try:
            tls = None if settings.plain_http else await asyncio.to_thread(self._tls)
            listening = _listen(settings.host, settings.port)
        except OSError as error:
            msg = (
                f"The Web API server cannot listen on {settings.host}, port {settings.port}: {error.strerror or error}."
            )
            raise Problem("runtime.server_failed", msg, kind=Kind.CONFLICT) from None
        self._socket, self._methods = listening, Methods(self._service, settings, self._sessions)
        self._server = _Quiet(_configuration(self._answer, self._service.settings, tls))
        self._task = background.begin(self._server.serve([listening]))
        started = asyncio.create_task(self._server.listening.wait())
        await asyncio.wait((started, self._task), return_when=asyncio.FIRST_COMPLETED)
        started.cancel()

    async def stop(self) -> None:
        """End all connections."""
        if self._server is not None and self._task is not None:
            self._server.should_exit = True
            await self._task
        if self._methods is not None:
            self._methods.close()
        if self._socket is not None:
            self._socket.close()
        self._sessions.end_all()

    def endpoints(self) -> list[str]:
        """Return its address."""
        host, port = self._socket.getsockname()[:2] if self._socket else (self._settings.host, self._settings.port)
        scheme = "http" if self._settings.plain_http else "https"
        return [f"{scheme}://{f'[{host}]' if ':' in host else host}:{port}{PATH}"]

    def clients(self) -> list[ServerClient]:
        """Return who is logged in."""
        return [
            ServerClient(
                address=each.caller.address,
                name=each.caller.name,
                since=dt.datetime.fromtimestamp(each.since, dt.UTC)
                .isoformat(timespec="seconds")
                .replace("+00:00", "Z"),
            )
            for each in self._sessions.all()
        ]

    def _tls(self) -> ssl.SSLContext:
        from runtime_data.servers.webapi.certificate import context_of

        return context_of(self._service.settings.data_dir / FOLDER, self._settings.host)

    async def _answer(self, scope: Any, receive: Any, send: Any) -> None:
        """Answer a request (ASGI)."""
        if scope["type"] != "http":
            return
        if scope["path"] != PATH or scope["method"] != "POST":
            await _send(send, 404 if scope["path"] != PATH else 405, b"")
            return
        body = await _read(receive, self._settings.largest_request)
        if body is None:
            await _send(send, 413, b"")
            return
        address = (scope.get("client") or ("", 0))[0]
        token = next((value for name, value in scope["headers"] if name == b"x-auth-token"), b"").decode("latin-1")
        visit = Visit(self._sessions.find(token) if token else None, address)
        with answer_programs.collecting() as sources:
            answer = await self._respond(visit, body)
        states = await self._service.part(ProgramStates).find_states(sources)
        named = [(ONLINE.encode(), answer_programs.header_of(states).encode())] if states else []
        await _send(send, 200, answer, named)

    async def _respond(self, visit: Visit, body: bytes) -> bytes:
        methods = self._methods
        assert methods is not None  # noqa: S101 - nothing is received before `start`
        try:
            document = rpc.parse(body)
        except Refused as refused:
            return msgspec.json.encode(rpc.refuse(refused.code))
        return msgspec.json.encode(await rpc.answer(document, lambda calls: methods.answer(visit, calls)))


class _Quiet(uvicorn.Server):
    """A server within another one: signals are for that one.

    Attributes:
        listening: Set when clients can connect.
    """

    def __init__(self, config: uvicorn.Config) -> None:
        """Serve as configured."""
        super().__init__(config)
        self.listening = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Begin to take connections."""
        await super().startup(sockets)
        self.listening.set()

    @contextlib.contextmanager
    def capture_signals(self) -> Iterator[None]:
        """Leave the signals alone."""
        yield

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        """End idle connections at once: a client that keeps one does not answer the end of TLS before its next request."""
        for each in list(self.server_state.connections):
            cycle: Any = getattr(each, "cycle", None)
            transport: Any = getattr(each, "transport", None)
            if transport is not None and (cycle is None or cycle.response_complete):
                transport.abort()
        await super().shutdown(sockets)


def _configuration(app: Any, settings: Settings, tls: ssl.SSLContext | None) -> uvicorn.Config:
    return uvicorn.Config(
        app,
        access_log=False,
        log_level="warning",
        log_config=None,
        lifespan="off",
        interface="asgi3",
        server_header=False,
        proxy_headers=False,
        ws="none",
        http=protocol(settings, "Web API server", LIMITS, tls),
        timeout_keep_alive=65,
        timeout_graceful_shutdown=CLOSING,
    )


async def _read(receive: Any, largest: int) -> bytes | None:
    """Return the body of a request; None where it is too large."""
    body, more = bytearray(), True
    while more:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > largest:
            return None
        more = message["type"] == "http.request" and message.get("more_body", False)
    return bytes(body)


async def _send(send: Any, status: int, body: bytes, more: Sequence[tuple[bytes, bytes]] = ()) -> None:
    headers = [*_JSON, *more, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


def _listen(host: str, port: int) -> socket.socket:
    """Return a socket that listens. It names TCP: otherwise asyncio leaves Nagle's algorithm on, and an answer takes 40 ms."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    made = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
    try:
        if os.name == "posix":
            made.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        made.bind((host, port))
        made.listen(CONNECTIONS)
    except OSError:
        made.close()
        raise
    return made


register(ServerKind("webapi", WebApiSettings, WebApiServer, check))
