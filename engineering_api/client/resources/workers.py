"""Workers: the machines behind a gateway, what they do for whom, and taking one out for maintenance.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.system.workers_operations import WorkerInfo, WorkerName
from engineering_api.operations.declaration import Nothing


class Workers(Resource):
    """Workers: the machines behind a gateway, what they do for whom, and taking one out for maintenance."""

    def list_(self) -> list[WorkerInfo]:
        """List the workers behind this gateway: versions, portals, projects, and what each does for whom."""
        return self._client.run("workers.list_", Nothing(), list[WorkerInfo])

    def drain(self, *, name: str) -> WorkerInfo:
        """Open nothing new at a worker, for maintenance. What runs there is finished; projects that are open can be saved and closed.

        The answer names what still holds it up; `GET /api/workers` tells when it is drained.

        Args:
            name: The worker's name.
        """
        return self._client.run("workers.drain", WorkerName(name=name), WorkerInfo)

    def resume(self, *, name: str) -> WorkerInfo:
        """Let a worker take new projects again.

        Args:
            name: The worker's name.
        """
        return self._client.run("workers.resume", WorkerName(name=name), WorkerInfo)


class AsyncWorkers(AsyncResource):
    """Workers: the machines behind a gateway, what they do for whom, and taking one out for maintenance."""

    async def list_(self) -> list[WorkerInfo]:
        """List the workers behind this gateway: versions, portals, projects, and what each does for whom."""
        return await self._client.run("workers.list_", Nothing(), list[WorkerInfo])

    async def drain(self, *, name: str) -> WorkerInfo:
        """Open nothing new at a worker, for maintenance. What runs there is finished; projects that are open can be saved and closed.

        The answer names what still holds it up; `GET /api/workers` tells when it is drained.

        Args:
            name: The worker's name.
        """
        return await self._client.run("workers.drain", WorkerName(name=name), WorkerInfo)

    async def resume(self, *, name: str) -> WorkerInfo:
        """Let a worker take new projects again.

        Args:
            name: The worker's name.
        """
        return await self._client.run("workers.resume", WorkerName(name=name), WorkerInfo)
