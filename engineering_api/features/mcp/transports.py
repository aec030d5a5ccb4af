"""The SDK's two HTTP transports around one MCP server, with who calls and which session left in each request's scope."""

from __future__ import annotations

import asyncio
import re
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import parse_qs

import anyio
from mcp.server.auth.middleware.bearer_auth import AuthenticatedUser
from mcp.server.auth.provider import AccessToken
from mcp.server.sse import SseServerTransport
from mcp.server.streamable_http_manager import StreamableHTTPSessionManager

from engineering_api import background
from engineering_api.features.mcp.server import make
from engineering_api.features.mcp.sessions import (
    CALLER,
    IDLE,
    MESSAGES,
    PROFILE,
    SESSION,
    SSE,
    STREAMABLE,
    Session,
    Sessions,
)

if TYPE_CHECKING:
    from litestar.types import Message, Receive, Scope, Send

    from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Service
from engineering_api.operations.streaming import streams
from engineering_api.security.identities import Identities

SESSION_HEADER = b"mcp-session-id"
_ANNOUNCED = re.compile(rb"session_id=([0-9a-f]{32})")


class Transports:
    """Both transports of a service."""

    def __init__(self, service: Service, sessions: Sessions) -> None:
        """Make them; they work between start and close."""
        self._identities = service.part(Identities)
        self._sessions, self._settings = sessions, service.settings
        self._server = make(service, sessions)
        self._manager = StreamableHTTPSessionManager(
            self._server, session_idle_timeout=IDLE, max_sessions=service.settings.max_mcp_sessions or None
        )
        self._sse = SseServerTransport(MESSAGES)
        self._streams: set[anyio.CancelScope] = set()
        self._ending: set[asyncio.Task[None]] = set()
        self._stop = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Begin. The manager's tasks belong to one task from the beginning to the end."""
        ready = asyncio.Event()
        self._task = background.begin(self._run(ready))
        await ready.wait()

    async def close(self) -> None:
        """End all sessions."""
        for stream in list(self._streams):
            stream.cancel()
        self._stop.set()
        if self._task is not None:
            await self._task

    async def streamable(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request of streamable HTTP."""
        session_id = dict(scope["headers"]).get(SESSION_HEADER, b"").decode("latin-1")
        caller = _mark_scope(scope, session_id)

        async def send_watched(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._sync_sessions(scope, session_id, caller, message["status"], dict(message["headers"]))
            await send(message)

        with self._sessions.busy(session_id):
            await self._manager.handle_request(cast("Any", scope), cast("Any", receive), cast("Any", send_watched))

    async def sse(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve a session over server-sent events until either side ends it."""
        caller = _mark_scope(scope, "")
        stream = anyio.CancelScope()
        announced = ""

        async def end() -> None:
            stream.cancel()

        async def announce(message: Message) -> None:
            """Call the session's id sessionId, as clients of T-IA Connect expect it; keep the chosen tools for its messages."""
            nonlocal announced
            body = message.get("body", b"")
            if not announced and isinstance(body, bytes) and (found := _ANNOUNCED.search(body)):
                announced = found[1].decode()
                self._begin(Session(announced, SSE, caller, end, open=1))
                chosen = f"&tools={scope[PROFILE]}" if PROFILE in scope else ""  # type: ignore[literal-required]  # ASGI allows more keys
                address = f"sessionId={announced}{chosen}".encode()
                message = cast("Message", {**message, "body": body.replace(found[0], address)})
            await send(message)

        self._streams.add(stream)
        try:
            asgi = (cast("Any", scope), cast("Any", receive), cast("Any", announce))
            async with self._sse.connect_sse(*asgi) as (reading, writing):
                with stream:
                    await self._server.run(reading, writing, self._server.create_initialization_options())
        finally:
            self._streams.discard(stream)
            self._sessions.forget(announced)

    async def messages(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Take a message of an SSE session."""
        query = parse_qs(scope["query_string"].decode("latin-1"))
        session_id = (query.get("sessionId") or query.get("session_id") or [""])[0].replace("-", "")
        _mark_scope(scope, session_id)
        scope["query_string"] = f"session_id={session_id}".encode() if session_id.isalnum() else b""
        with self._sessions.busy(session_id):
            await self._sse.handle_post_message(cast("Any", scope), cast("Any", receive), cast("Any", send))

    async def _run(self, ready: asyncio.Event) -> None:
        async with self._manager.run():
            ready.set()
            ending = asyncio.create_task(self._end_invalid())
            await self._stop.wait()
            ending.cancel()
            await asyncio.gather(ending, return_exceptions=True)

    async def _end_invalid(self) -> None:
        """End the sessions whose caller's key, login or right has ended."""
        while True:
            await asyncio.sleep(streams.LOOK)
            for each in self._sessions.all():
                if not self._identities.holds(each.caller):
                    await each.end()
                    self._sessions.forget(each.session_id)

    def _sync_sessions(
        self, scope: Any, session_id: str, caller: Caller, status: int, headers: dict[bytes, bytes]
    ) -> None:
        """Keep the list of sessions as the manager has it."""
        given = headers.get(SESSION_HEADER, b"").decode("latin-1")
        if given and not session_id and status < 400:
            self._begin(Session(given, STREAMABLE, caller, lambda: self._delete(given, caller)))
        gone = scope["method"] == "DELETE" and status < 400
        if session_id and (gone or status == 404):
            self._sessions.forget(session_id)

    def _begin(self, session: Session) -> None:
        """Add a session, and end those of its caller that are too many then."""
        for each in self._sessions.begin(session, self._settings.max_caller_mcp_sessions):
            self._sessions.forget(each.session_id)
            task = background.begin(each.end())
            self._ending.add(task)
            task.add_done_callback(self._ending.discard)

    async def _delete(self, session_id: str, caller: Caller) -> None:
        """End a session of streamable HTTP as its client would."""
        headers = [(SESSION_HEADER, session_id.encode()), (b"accept", b"application/json, text/event-stream")]
        scope: Any = {
            "type": "http",
            "method": "DELETE",
            "path": "/mcp",
            "query_string": b"",
            "headers": headers,
            CALLER: caller,
        }

        async def receive() -> Any:
            return {"type": "http.request", "body": b"", "more_body": False}

        async def send(_: Any) -> None:
            return

        await self.streamable(scope, receive, send)


def _mark_scope(scope: Any, session_id: str) -> Caller:
    """Say in a request's scope which session it is of, and to the SDK who owns it. Returns the caller."""
    caller: Caller = scope[CALLER]
    scope[SESSION] = session_id
    scope["user"] = AuthenticatedUser(AccessToken(token="-", client_id=caller.name, scopes=[]))  # noqa: S106 - no secret
    return caller
