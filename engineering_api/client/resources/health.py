"""Health: whether the service runs, what it sees of TIA Portal, and what it may do.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.system.health_operations import (
    Alive,
    Diagnostics,
    InstalledVersion,
    Pong,
    Ready,
    Shutdown,
    ShuttingDown,
)
from engineering_api.features.system.health_operations import Health as HealthHealth
from engineering_api.observability.health import Details
from engineering_api.operations.declaration import Nothing


class Health(Resource):
    """Health: whether the service runs, what it sees of TIA Portal, and what it may do."""

    def health(self) -> HealthHealth:
        """Quick check that the service runs and TIA Portal can be reached."""
        return self._client.run("health.health", Nothing(), HealthHealth)

    def live(self) -> Alive:
        """Tell that the process answers; a supervisor starts a server anew that does not."""
        return self._client.run("health.live", Nothing(), Alive)

    def ready(self) -> Ready:
        """Tell whether requests can be served: the database can be written, and its disk has space. 503 otherwise."""
        return self._client.run("health.ready", Nothing(), Ready)

    def details(self) -> Details:
        """Tell how each part is: portals idle, busy, hung or dead and with what, the database, the disk, the jobs."""
        return self._client.run("health.details", Nothing(), Details)

    def diagnostics(self) -> Diagnostics:
        """Full report: machine, backend, connectivity and permissions.

        On systems other than Windows the checks of registry, group, firewall and .NET say "not applicable".
        """
        return self._client.run("health.diagnostics", Nothing(), Diagnostics)

    def versions(self) -> list[InstalledVersion]:
        """List the TIA Portal versions that can be used here."""
        return self._client.run("health.versions", Nothing(), list[InstalledVersion])

    def ping(self) -> Pong:
        """Answer at once, without a look at TIA Portal."""
        return self._client.run("health.ping", Nothing(), Pong)

    def shutdown(self, *, force: bool = False) -> ShuttingDown:
        """End this server, and the portals without user interface that it started; not while they have unsaved changes.

        Args:
            force: End even though changes that are not saved are lost.
        """
        return self._client.run("health.shutdown", Shutdown(force=force), ShuttingDown)


class AsyncHealth(AsyncResource):
    """Health: whether the service runs, what it sees of TIA Portal, and what it may do."""

    async def health(self) -> HealthHealth:
        """Quick check that the service runs and TIA Portal can be reached."""
        return await self._client.run("health.health", Nothing(), HealthHealth)

    async def live(self) -> Alive:
        """Tell that the process answers; a supervisor starts a server anew that does not."""
        return await self._client.run("health.live", Nothing(), Alive)

    async def ready(self) -> Ready:
        """Tell whether requests can be served: the database can be written, and its disk has space. 503 otherwise."""
        return await self._client.run("health.ready", Nothing(), Ready)

    async def details(self) -> Details:
        """Tell how each part is: portals idle, busy, hung or dead and with what, the database, the disk, the jobs."""
        return await self._client.run("health.details", Nothing(), Details)

    async def diagnostics(self) -> Diagnostics:
        """Full report: machine, backend, connectivity and permissions.

        On systems other than Windows the checks of registry, group, firewall and .NET say "not applicable".
        """
        return await self._client.run("health.diagnostics", Nothing(), Diagnostics)

    async def versions(self) -> list[InstalledVersion]:
        """List the TIA Portal versions that can be used here."""
        return await self._client.run("health.versions", Nothing(), list[InstalledVersion])

    async def ping(self) -> Pong:
        """Answer at once, without a look at TIA Portal."""
        return await self._client.run("health.ping", Nothing(), Pong)

    async def shutdown(self, *, force: bool = False) -> ShuttingDown:
        """End this server, and the portals without user interface that it started; not while they have unsaved changes.

        Args:
            force: End even though changes that are not saved are lost.
        """
        return await self._client.run("health.shutdown", Shutdown(force=force), ShuttingDown)
