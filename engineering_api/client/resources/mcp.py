"""MCP & AI Assistant: what MCP clients find here, how they are set up, and who is connected.

Generated from the catalogue by `python -m engineering_api.client_generator`.
"""

from __future__ import annotations

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.operation import Nothing
from openness_bridge.program_state import ProjectState


class Mcp(Resource):
    """MCP & AI Assistant: what MCP clients find here, how they are set up, and who is connected."""

    def project_state(self) -> ProjectState:
        """Get the parts of the open project with the moment of their last change: enough to tell two states apart."""
        return self._client.run("mcp.project_state", Nothing(), ProjectState)


class AsyncMcp(AsyncResource):
    """MCP & AI Assistant: what MCP clients find here, how they are set up, and who is connected."""

    async def project_state(self) -> ProjectState:
        """Get the parts of the open project with the moment of their last change: enough to tell two states apart."""
        return await self._client.run("mcp.project_state", Nothing(), ProjectState)
