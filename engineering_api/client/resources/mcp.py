"""MCP & AI Assistant: what MCP clients find here, how they are set up, and who is connected.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.mcp.mcp_operations import (
    Cleaned,
    Cleanup,
    McpConfig,
    McpInfo,
    McpInstance,
    OfClient,
    OnSession,
    SessionInfo,
)
from engineering_api.operations.declaration import Nothing
from openness_bridge.program.program_state import ProjectState


class Mcp(Resource):
    """MCP & AI Assistant: what MCP clients find here, how they are set up, and who is connected."""

    def info(self) -> McpInfo:
        """Get what MCP clients find here: transports, tools, prompts, resources, and whether anything can be changed."""
        return self._client.run("mcp.info", Nothing(), McpInfo)

    def config(self, *, client: str = "") -> McpConfig:
        """Get a block for the settings of each common MCP client, ready to copy. None holds the key.

        Args:
            client: Only this client: claude-desktop, claude-code, cursor, vscode or continue.
        """
        return self._client.run("mcp.config", OfClient(client=client), McpConfig)

    def sessions(self) -> list[SessionInfo]:
        """List the sessions of MCP clients over HTTP, the oldest first. Clients of the newest protocol have none."""
        return self._client.run("mcp.sessions", Nothing(), list[SessionInfo])

    def session(self, *, session_id: str) -> SessionInfo:
        """Get a session of an MCP client.

        Args:
            session_id: The session's id, with or without hyphens.
        """
        return self._client.run("mcp.session", OnSession(session_id=session_id), SessionInfo)

    def cleanup(self, *, idle_minutes: float = 30.0, session_id: str = "") -> Cleaned:
        """End sessions that have been idle, or one session. Their clients begin a new one.

        Args:
            idle_minutes: Minutes without a request after which a session ends; 0 ends all.
            session_id: Only this session, however busy it is.
        """
        return self._client.run("mcp.cleanup", Cleanup(idle_minutes=idle_minutes, session_id=session_id), Cleaned)

    def instance(self) -> McpInstance:
        """Tell which server answers, and which TIA Portal and project its tools reach."""
        return self._client.run("mcp.instance", Nothing(), McpInstance)

    def project_state(self) -> ProjectState:
        """Get the parts of the open project with the moment of their last change: enough to tell two states apart."""
        return self._client.run("mcp.project_state", Nothing(), ProjectState)


class AsyncMcp(AsyncResource):
    """MCP & AI Assistant: what MCP clients find here, how they are set up, and who is connected."""

    async def info(self) -> McpInfo:
        """Get what MCP clients find here: transports, tools, prompts, resources, and whether anything can be changed."""
        return await self._client.run("mcp.info", Nothing(), McpInfo)

    async def config(self, *, client: str = "") -> McpConfig:
        """Get a block for the settings of each common MCP client, ready to copy. None holds the key.

        Args:
            client: Only this client: claude-desktop, claude-code, cursor, vscode or continue.
        """
        return await self._client.run("mcp.config", OfClient(client=client), McpConfig)

    async def sessions(self) -> list[SessionInfo]:
        """List the sessions of MCP clients over HTTP, the oldest first. Clients of the newest protocol have none."""
        return await self._client.run("mcp.sessions", Nothing(), list[SessionInfo])

    async def session(self, *, session_id: str) -> SessionInfo:
        """Get a session of an MCP client.

        Args:
            session_id: The session's id, with or without hyphens.
        """
        return await self._client.run("mcp.session", OnSession(session_id=session_id), SessionInfo)

    async def cleanup(self, *, idle_minutes: float = 30.0, session_id: str = "") -> Cleaned:
        """End sessions that have been idle, or one session. Their clients begin a new one.

        Args:
            idle_minutes: Minutes without a request after which a session ends; 0 ends all.
            session_id: Only this session, however busy it is.
        """
        return await self._client.run("mcp.cleanup", Cleanup(idle_minutes=idle_minutes, session_id=session_id), Cleaned)

    async def instance(self) -> McpInstance:
        """Tell which server answers, and which TIA Portal and project its tools reach."""
        return await self._client.run("mcp.instance", Nothing(), McpInstance)

    async def project_state(self) -> ProjectState:
        """Get the parts of the open project with the moment of their last change: enough to tell two states apart."""
        return await self._client.run("mcp.project_state", Nothing(), ProjectState)
