"""MCP over HTTP: streamable HTTP at /mcp, and the older pair /mcp/sse and /mcp/messages.

Facts: docs/facts/t-ia-connect.md#mcp: a client opens the stream without a session id; the server announces
/mcp/messages?sessionId=… on it; a heartbeat comes every 15 seconds. Keys and rights are those of the other routes.
"""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING, Any

from litestar import asgi
from litestar.connection import Request
from litestar.handlers import ASGIRouteHandler
from litestar.types import Receive, Scope, Send

from engineering_api.features.mcp.sessions import CALLER, INSTANCE, MESSAGES
from engineering_api.operations.declaration import Right
from engineering_api.security.origins import require_own_address
from engineering_api.web.identify import identify, instance_of

if TYPE_CHECKING:
    from engineering_api.features.mcp.transports import Transports
    from engineering_api.operations.context import Service
    from engineering_api.security import Gate


class Endpoint:
    """The HTTP side of MCP. The SDK is loaded, and its tasks are started, by the first request."""

    def __init__(self, service: Service, gate: Gate) -> None:
        """Serve this service to those whom the gate knows."""
        self._service, self._gate = service, gate
        self._transports: Transports | None = None
        self._starting = asyncio.Lock()

    def handlers(self) -> list[ASGIRouteHandler]:
        """Return the handlers of the three paths."""

        @asgi("/mcp", copy_scope=True)
        async def streamable(scope: Scope, receive: Receive, send: Send) -> None:
            await self._identify(scope, receive)
            await (await self._ready()).streamable(scope, receive, send)

        @asgi("/mcp/sse", copy_scope=True)
        async def sse(scope: Scope, receive: Receive, send: Send) -> None:
            await self._identify(scope, receive)
            await (await self._ready()).sse(scope, receive, send)

        @asgi(MESSAGES, copy_scope=True)
        async def messages(scope: Scope, receive: Receive, send: Send) -> None:
            await self._identify(scope, receive)
            await (await self._ready()).messages(scope, receive, send)

        return [streamable, sse, messages]

    async def close(self) -> None:
        """End all sessions."""
        if self._transports is not None:
            await self._transports.close()

    async def _identify(self, scope: Any, receive: Any) -> None:
        """Leave in a request's scope who calls.

        Raises:
            Problem: The host or origin is a stranger's, or the key is missing or wrong.
        """
        headers = dict(scope["headers"])
        require_own_address(headers, self._service.settings)
        scope[CALLER] = await identify(Request(scope, receive), self._gate, Right.VIEW)
        scope[INSTANCE] = instance_of(headers)

    async def _ready(self) -> Transports:
        async with self._starting:
            if self._transports is None:
                await asyncio.to_thread(import_module, "engineering_api.features.mcp.transports")  # it takes seconds
                from engineering_api.features.mcp.transports import Transports

                self._transports = Transports(self._service, self._service.mcp_sessions)
                await self._transports.start()
        return self._transports
