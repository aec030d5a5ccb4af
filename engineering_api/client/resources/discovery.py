"""Discovery: what this service can do, told by the catalogue itself.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.system.discovery_operations import Command, CommandAddress, CommandInfo
from engineering_api.operations.declaration import Nothing


class Discovery(Resource):
    """Discovery: what this service can do, told by the catalogue itself."""

    def list_(self) -> list[Command]:
        """List all operations with their routes."""
        return self._client.run("discovery.list_", Nothing(), list[Command])

    def info(self, *, route: str) -> list[CommandInfo]:
        """Describe the operations at a route, or the one of a name: schemas, right, lock, example.

        Args:
            route: A name, a path, or a method and path, percent-encoded as one segment.
        """
        return self._client.run("discovery.info", CommandAddress(route=route), list[CommandInfo])


class AsyncDiscovery(AsyncResource):
    """Discovery: what this service can do, told by the catalogue itself."""

    async def list_(self) -> list[Command]:
        """List all operations with their routes."""
        return await self._client.run("discovery.list_", Nothing(), list[Command])

    async def info(self, *, route: str) -> list[CommandInfo]:
        """Describe the operations at a route, or the one of a name: schemas, right, lock, example.

        Args:
            route: A name, a path, or a method and path, percent-encoded as one segment.
        """
        return await self._client.run("discovery.info", CommandAddress(route=route), list[CommandInfo])
