"""System API: settings, documentation, audit log, and folders of the server in place of file dialogs.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Literal

from msgspec import UNSET, UnsetType

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.documentation.pages import Page
from engineering_api.documentation.search import Match
from engineering_api.features.files.browsing import Listing
from engineering_api.features.system.server_settings import SaveSettings, SecuritySettings, SettingsInfo
from engineering_api.features.system.system_operations import (
    AuditFilter,
    BrowseFile,
    Folder,
    Search,
    SectionAddress,
    SectionInfo,
)
from engineering_api.operations.declaration import Nothing
from engineering_api.storage.audit import AuditEntry


class System(Resource):
    """System API: settings, documentation, audit log, and folders of the server in place of file dialogs."""

    def settings(self) -> SettingsInfo:
        """Get the settings of the service. The API key is never told."""
        return self._client.run("system.settings", Nothing(), SettingsInfo)

    def save_settings(
        self,
        *,
        backend: Literal["auto", "fake", "openness"] | UnsetType = UNSET,
        tia_version: str | None | UnsetType = UNSET,
        headless: bool | UnsetType = UNSET,
        quiet: bool | UnsetType = UNSET,
        wait_limit: float | UnsetType = UNSET,
        keep_jobs_days: int | UnsetType = UNSET,
        active_backend: str | UnsetType = UNSET,
        active_tia_version: str | UnsetType = UNSET,
        host: str | UnsetType = UNSET,
        port: int | UnsetType = UNSET,
        data_dir: str | UnsetType = UNSET,
        workspace: str | UnsetType = UNSET,
        roots: list[str] | UnsetType = UNSET,
        security: SecuritySettings | UnsetType = UNSET,
        at_next_start: list[str] | UnsetType = UNSET,
    ) -> SettingsInfo:
        """Change settings; they are kept for the next start.

        The object of GET may be sent back whole. Address, folders and key are fixed while the service runs; backend and
        TIA version hold from the next start on.

        Args:
            backend: auto, fake or openness; from the next start on.
            tia_version: TIA Portal version such as 20; null for the newest. From the next start on.
            headless: Start a portal without user interface when one is needed and none is attached.
            quiet: Log warnings only.
            wait_limit: Seconds until a waiting route answers with a job.
            keep_jobs_days: Days until ended jobs are removed.
            active_backend: Fixed when the service starts.
            active_tia_version: Fixed when the service starts.
            host: Fixed when the service starts.
            port: Fixed when the service starts.
            data_dir: Fixed when the service starts.
            workspace: Fixed when the service starts.
            roots: Fixed when the service starts.
            security: Fixed when the service starts.
            at_next_start: Read only.
        """
        return self._client.run(
            "system.save_settings",
            SaveSettings(
                backend=backend,
                tia_version=tia_version,
                headless=headless,
                quiet=quiet,
                wait_limit=wait_limit,
                keep_jobs_days=keep_jobs_days,
                active_backend=active_backend,
                active_tia_version=active_tia_version,
                host=host,
                port=port,
                data_dir=data_dir,
                workspace=workspace,
                roots=roots,
                security=security,
                at_next_start=at_next_start,
            ),
            SettingsInfo,
        )

    def docs(self) -> str:
        """Get the whole documentation as one text."""
        return self._client.run("system.docs", Nothing(), str)

    def sections(self) -> list[SectionInfo]:
        """List the sections of the documentation. No key is needed."""
        return self._client.run("system.sections", Nothing(), list[SectionInfo])

    def doc_section(self, *, section_name: str) -> Page:
        """Get a section of the documentation.

        Args:
            section_name: Name or title of the section, without regard to case.
        """
        return self._client.run("system.doc_section", SectionAddress(section_name=section_name), Page)

    def search_docs(self, *, q: str, limit: int = 10) -> list[Match]:
        """Search the documentation: fitting places, best first.

        Args:
            q: Words; each matches from its beginning.
            limit: How many places at most.
        """
        return self._client.run("system.search_docs", Search(q=q, limit=limit), list[Match])

    def browse_file(self, *, path: str = "", limit: int = 1000, filter: str = "") -> Listing:
        """List folders and files to choose a file from.

        A server has no desktop for a dialog: the answer is a listing inside the allowed folders.

        Args:
            path: A folder on the server, inside its allowed folders; its workspace by default.
            limit: How many entries at most.
            filter: Pattern of the files, such as *.xml; several are joined by a semicolon.
        """
        return self._client.run("system.browse_file", BrowseFile(path=path, limit=limit, filter=filter), Listing)

    def browse_project(self, *, path: str = "", limit: int = 1000) -> Listing:
        """List folders and TIA Portal projects to choose a project from, inside the allowed folders.

        Args:
            path: A folder on the server, inside its allowed folders; its workspace by default.
            limit: How many entries at most.
        """
        return self._client.run("system.browse_project", Folder(path=path, limit=limit), Listing)

    def browse_folder(self, *, path: str = "", limit: int = 1000) -> Listing:
        """List folders to choose a folder from, inside the allowed ones.

        Args:
            path: A folder on the server, inside its allowed folders; its workspace by default.
            limit: How many entries at most.
        """
        return self._client.run("system.browse_folder", Folder(path=path, limit=limit), Listing)

    def audit(
        self,
        *,
        limit: int = 100,
        operation: str | None = None,
        caller: str | None = None,
        outcome: str | None = None,
        since: str | None = None,
        until: str | None = None,
        before: int | None = None,
    ) -> list[AuditEntry]:
        """List who changed what and how it ended, newest first.

        Args:
            limit: How many at most, newest first.
            operation: Only this operation, such as tags.add, or all of a resource, such as tags.
            caller: Only of this caller.
            outcome: Only with this outcome: ok, failed, or a problem's code.
            since: Moment, ISO 8601; UTC when it names no zone. Included.
            until: Moment, ISO 8601; UTC when it names no zone. Not included.
            before: Only entries with lower numbers: the last number of the page before.
        """
        return self._client.run(
            "system.audit",
            AuditFilter(
                limit=limit,
                operation=operation,
                caller=caller,
                outcome=outcome,
                since=since,
                until=until,
                before=before,
            ),
            list[AuditEntry],
        )


class AsyncSystem(AsyncResource):
    """System API: settings, documentation, audit log, and folders of the server in place of file dialogs."""

    async def settings(self) -> SettingsInfo:
        """Get the settings of the service. The API key is never told."""
        return await self._client.run("system.settings", Nothing(), SettingsInfo)

    async def save_settings(
        self,
        *,
        backend: Literal["auto", "fake", "openness"] | UnsetType = UNSET,
        tia_version: str | None | UnsetType = UNSET,
        headless: bool | UnsetType = UNSET,
        quiet: bool | UnsetType = UNSET,
        wait_limit: float | UnsetType = UNSET,
        keep_jobs_days: int | UnsetType = UNSET,
        active_backend: str | UnsetType = UNSET,
        active_tia_version: str | UnsetType = UNSET,
        host: str | UnsetType = UNSET,
        port: int | UnsetType = UNSET,
        data_dir: str | UnsetType = UNSET,
        workspace: str | UnsetType = UNSET,
        roots: list[str] | UnsetType = UNSET,
        security: SecuritySettings | UnsetType = UNSET,
        at_next_start: list[str] | UnsetType = UNSET,
    ) -> SettingsInfo:
        """Change settings; they are kept for the next start.

        The object of GET may be sent back whole. Address, folders and key are fixed while the service runs; backend and
        TIA version hold from the next start on.

        Args:
            backend: auto, fake or openness; from the next start on.
            tia_version: TIA Portal version such as 20; null for the newest. From the next start on.
            headless: Start a portal without user interface when one is needed and none is attached.
            quiet: Log warnings only.
            wait_limit: Seconds until a waiting route answers with a job.
            keep_jobs_days: Days until ended jobs are removed.
            active_backend: Fixed when the service starts.
            active_tia_version: Fixed when the service starts.
            host: Fixed when the service starts.
            port: Fixed when the service starts.
            data_dir: Fixed when the service starts.
            workspace: Fixed when the service starts.
            roots: Fixed when the service starts.
            security: Fixed when the service starts.
            at_next_start: Read only.
        """
        return await self._client.run(
            "system.save_settings",
            SaveSettings(
                backend=backend,
                tia_version=tia_version,
                headless=headless,
                quiet=quiet,
                wait_limit=wait_limit,
                keep_jobs_days=keep_jobs_days,
                active_backend=active_backend,
                active_tia_version=active_tia_version,
                host=host,
                port=port,
                data_dir=data_dir,
                workspace=workspace,
                roots=roots,
                security=security,
                at_next_start=at_next_start,
            ),
            SettingsInfo,
        )

    async def docs(self) -> str:
        """Get the whole documentation as one text."""
        return await self._client.run("system.docs", Nothing(), str)

    async def sections(self) -> list[SectionInfo]:
        """List the sections of the documentation. No key is needed."""
        return await self._client.run("system.sections", Nothing(), list[SectionInfo])

    async def doc_section(self, *, section_name: str) -> Page:
        """Get a section of the documentation.

        Args:
            section_name: Name or title of the section, without regard to case.
        """
        return await self._client.run("system.doc_section", SectionAddress(section_name=section_name), Page)

    async def search_docs(self, *, q: str, limit: int = 10) -> list[Match]:
        """Search the documentation: fitting places, best first.

        Args:
            q: Words; each matches from its beginning.
            limit: How many places at most.
        """
        return await self._client.run("system.search_docs", Search(q=q, limit=limit), list[Match])

    async def browse_file(self, *, path: str = "", limit: int = 1000, filter: str = "") -> Listing:
        """List folders and files to choose a file from.

        A server has no desktop for a dialog: the answer is a listing inside the allowed folders.

        Args:
            path: A folder on the server, inside its allowed folders; its workspace by default.
            limit: How many entries at most.
            filter: Pattern of the files, such as *.xml; several are joined by a semicolon.
        """
        return await self._client.run("system.browse_file", BrowseFile(path=path, limit=limit, filter=filter), Listing)

    async def browse_project(self, *, path: str = "", limit: int = 1000) -> Listing:
        """List folders and TIA Portal projects to choose a project from, inside the allowed folders.

        Args:
            path: A folder on the server, inside its allowed folders; its workspace by default.
            limit: How many entries at most.
        """
        return await self._client.run("system.browse_project", Folder(path=path, limit=limit), Listing)

    async def browse_folder(self, *, path: str = "", limit: int = 1000) -> Listing:
        """List folders to choose a folder from, inside the allowed ones.

        Args:
            path: A folder on the server, inside its allowed folders; its workspace by default.
            limit: How many entries at most.
        """
        return await self._client.run("system.browse_folder", Folder(path=path, limit=limit), Listing)

    async def audit(
        self,
        *,
        limit: int = 100,
        operation: str | None = None,
        caller: str | None = None,
        outcome: str | None = None,
        since: str | None = None,
        until: str | None = None,
        before: int | None = None,
    ) -> list[AuditEntry]:
        """List who changed what and how it ended, newest first.

        Args:
            limit: How many at most, newest first.
            operation: Only this operation, such as tags.add, or all of a resource, such as tags.
            caller: Only of this caller.
            outcome: Only with this outcome: ok, failed, or a problem's code.
            since: Moment, ISO 8601; UTC when it names no zone. Included.
            until: Moment, ISO 8601; UTC when it names no zone. Not included.
            before: Only entries with lower numbers: the last number of the page before.
        """
        return await self._client.run(
            "system.audit",
            AuditFilter(
                limit=limit,
                operation=operation,
                caller=caller,
                outcome=outcome,
                since=since,
                until=until,
                before=before,
            ),
            list[AuditEntry],
        )
