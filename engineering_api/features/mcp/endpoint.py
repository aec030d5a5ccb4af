"""MCP over HTTP: streamable HTTP at /mcp, and the older pair /mcp/sse and /mcp/messages.

Facts: docs/facts/t-ia-connect.md#mcp: a client opens the stream without a session id; the server announces
/mcp/messages?sessionId=… on it; a heartbeat comes every 15 seconds. Keys and rights are those of the other routes.
"""

from __future__ import annotations

import asyncio
from importlib import import_module
from typing import TYPE_CHECKING, Any

from litestar import Response

from engineering_api.extras import Extra
from engineering_api.features.mcp.sessions import CALLER, INSTANCE, PROFILE, STREAM, Sessions
from engineering_api.features.tools.profiles import find_profile
from engineering_api.web.identify import Call, headers_of, instance_of
from engineering_api.web.own_host import require_own_address

if TYPE_CHECKING:
    from litestar.types import ASGIApp

    from engineering_api.features.mcp.transports import Transports
    from engineering_api.operations.caller import Caller
    from engineering_api.operations.context import Service


QUERY, HEADER = "tools", b"x-tia-tools"
"""By which a client chooses the tools that it sees."""


class McpTransports:
    """The transports of one service. The first request loads the SDK and starts its tasks."""

    def __init__(self, service: Service) -> None:
        """Serve this service."""
        self._service = service
        self._transports: Transports | None = None
        self._starting = asyncio.Lock()

    async def ready(self, request: Call, caller: Caller) -> Transports:
        """Return the transports, for a request whose scope says from then on who calls.

        Raises:
            Problem: The host or origin is a stranger's, there is no such set of tools, or the extra mcp is not installed.
        """
        headers = headers_of(request)
        require_own_address(headers, self._service.settings)
        scope: Any = request.scope
        scope[CALLER], scope[INSTANCE] = caller, instance_of(headers)
        if chosen := request.query_params.get(QUERY) or headers.get(HEADER, b"").decode("latin-1"):
            scope[PROFILE] = find_profile(chosen)
        if request.scope["path"] == STREAM:  # the manager of the SDK refuses further sessions of streamable HTTP
            self._service.part(Sessions).require_room(self._service.settings.max_mcp_sessions)
        async with self._starting:
            if self._transports is None:
                with Extra("mcp"):
                    await asyncio.to_thread(
                        import_module, "engineering_api.features.mcp.transports"
                    )  # it takes seconds
                from engineering_api.features.mcp.transports import Transports

                self._transports = Transports(self._service, self._service.part(Sessions))
                await self._transports.start()
        return self._transports

    async def close(self) -> None:
        """End all sessions."""
        if self._transports is not None:
            await self._transports.close()


class Delegated(Response[bytes]):
    """An answer that another ASGI application sends."""

    def __init__(self, application: ASGIApp) -> None:
        """Answer by an application."""
        super().__init__(b"")
        self._application = application

    def to_asgi_response(self, *_: Any, **__: Any) -> Any:
        """Return the application, which Litestar calls as it calls its own answers."""
        return self._application
