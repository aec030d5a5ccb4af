"""TIA Portal Management: list, launch, attach, leave and shut down portals.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Literal, overload

from engineering_api.client.jobs import AsyncJob, Job
from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.portals.portals_operations import (
    Attach,
    Connection,
    Launch,
    Leave,
    Left,
    ProcessDiagnostics,
    Status,
    Version,
    Whitelist,
)
from engineering_api.operations.declaration import Nothing
from openness_bridge.portal.firewall import WhitelistEntry
from openness_bridge.portal.portal import Instance


class Portals(Resource):
    """TIA Portal Management: list, launch, attach, leave and shut down portals."""

    def instances(self) -> list[Instance]:
        """List all running TIA Portal processes."""
        return self._client.run("portals.instances", Nothing(), list[Instance])

    def status(self) -> Status:
        """Tell whether the service is attached to a portal, and which project is open."""
        return self._client.run("portals.status", Nothing(), Status)

    def version(self) -> Version:
        """Tell the version of this API."""
        return self._client.run("portals.version", Nothing(), Version)

    def diagnostics(self) -> list[ProcessDiagnostics]:
        """Details of the running portals: clients, queued calls and memory. Answers while a portal is busy."""
        return self._client.run("portals.diagnostics", Nothing(), list[ProcessDiagnostics])

    def attach(self, *, process_id: int) -> Connection:
        """Attach to a running portal; later requests go there.

        Args:
            process_id: Process id from GET /api/instances.
        """
        return self._client.run("portals.attach", Attach(process_id=process_id), Connection)

    @overload
    def launch(self, *, with_ui: bool = False, wait: Literal[True] = True) -> Connection: ...

    @overload
    def launch(self, *, with_ui: bool = False, wait: Literal[False]) -> Job[Connection]: ...

    def launch(self, *, with_ui: bool = False, wait: bool = True) -> Connection | Job[Connection]:
        """Start a new portal and attach to it. A real one takes 30 to 120 seconds.

        Args:
            with_ui: Start with user interface.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start("portals.launch", Launch(with_ui=with_ui), Connection)
        return self._client.run("portals.launch", Launch(with_ui=with_ui), Connection)

    def detach(self, *, process_id: int | None = None, force: bool = False) -> Left:
        """Leave a portal without closing it.

        A portal without user interface ends when its last client leaves: that is refused while a project
        has changes that are not saved, unless force is set.

        Args:
            process_id: Process id; the current portal by default.
            force: Leave even if changes that are not saved are lost, or a project that others opened is closed.
        """
        return self._client.run("portals.detach", Leave(process_id=process_id, force=force), Left)

    def shutdown(self, *, process_id: int | None = None, force: bool = False) -> Left:
        """End a portal's process, with force even one that hangs.

        Refused while a project has changes that are not saved, or was not opened by this service, unless force is set.

        Args:
            process_id: Process id; the current portal by default.
            force: Leave even if changes that are not saved are lost, or a project that others opened is closed.
        """
        return self._client.run("portals.shutdown", Leave(process_id=process_id, force=force), Left)

    def whitelist(self, *, executable: str | None = None) -> WhitelistEntry:
        """Put a program on the whitelist of the Openness firewall, so that no prompt appears.

        Needs Windows and an administrator. Elsewhere the entry that would be written is recorded and returned.

        Args:
            executable: Full path of the program; this service's interpreter by default.
        """
        return self._client.run("portals.whitelist", Whitelist(executable=executable), WhitelistEntry)


class AsyncPortals(AsyncResource):
    """TIA Portal Management: list, launch, attach, leave and shut down portals."""

    async def instances(self) -> list[Instance]:
        """List all running TIA Portal processes."""
        return await self._client.run("portals.instances", Nothing(), list[Instance])

    async def status(self) -> Status:
        """Tell whether the service is attached to a portal, and which project is open."""
        return await self._client.run("portals.status", Nothing(), Status)

    async def version(self) -> Version:
        """Tell the version of this API."""
        return await self._client.run("portals.version", Nothing(), Version)

    async def diagnostics(self) -> list[ProcessDiagnostics]:
        """Details of the running portals: clients, queued calls and memory. Answers while a portal is busy."""
        return await self._client.run("portals.diagnostics", Nothing(), list[ProcessDiagnostics])

    async def attach(self, *, process_id: int) -> Connection:
        """Attach to a running portal; later requests go there.

        Args:
            process_id: Process id from GET /api/instances.
        """
        return await self._client.run("portals.attach", Attach(process_id=process_id), Connection)

    @overload
    async def launch(self, *, with_ui: bool = False, wait: Literal[True] = True) -> Connection: ...

    @overload
    async def launch(self, *, with_ui: bool = False, wait: Literal[False]) -> AsyncJob[Connection]: ...

    async def launch(self, *, with_ui: bool = False, wait: bool = True) -> Connection | AsyncJob[Connection]:
        """Start a new portal and attach to it. A real one takes 30 to 120 seconds.

        Args:
            with_ui: Start with user interface.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start("portals.launch", Launch(with_ui=with_ui), Connection)
        return await self._client.run("portals.launch", Launch(with_ui=with_ui), Connection)

    async def detach(self, *, process_id: int | None = None, force: bool = False) -> Left:
        """Leave a portal without closing it.

        A portal without user interface ends when its last client leaves: that is refused while a project
        has changes that are not saved, unless force is set.

        Args:
            process_id: Process id; the current portal by default.
            force: Leave even if changes that are not saved are lost, or a project that others opened is closed.
        """
        return await self._client.run("portals.detach", Leave(process_id=process_id, force=force), Left)

    async def shutdown(self, *, process_id: int | None = None, force: bool = False) -> Left:
        """End a portal's process, with force even one that hangs.

        Refused while a project has changes that are not saved, or was not opened by this service, unless force is set.

        Args:
            process_id: Process id; the current portal by default.
            force: Leave even if changes that are not saved are lost, or a project that others opened is closed.
        """
        return await self._client.run("portals.shutdown", Leave(process_id=process_id, force=force), Left)

    async def whitelist(self, *, executable: str | None = None) -> WhitelistEntry:
        """Put a program on the whitelist of the Openness firewall, so that no prompt appears.

        Needs Windows and an administrator. Elsewhere the entry that would be written is recorded and returned.

        Args:
            executable: Full path of the program; this service's interpreter by default.
        """
        return await self._client.run("portals.whitelist", Whitelist(executable=executable), WhitelistEntry)
