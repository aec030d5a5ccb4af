"""Project Operations: create, open, save, archive, restore, close; overview, index and history.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Literal, overload

from engineering_api.client.jobs import AsyncJob, Job
from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.projects.project_index import IndexEntry, IndexSummary
from engineering_api.features.projects.projects_operations import (
    Archive,
    Close,
    Create,
    HistoryAddress,
    Open,
    ProjectFile,
    Removed,
    Retrieve,
    Save,
    Search,
    Simulation,
    SimulationState,
)
from engineering_api.operations.declaration import Nothing
from engineering_api.storage.recent import RecentProject
from openness_bridge.hardware.network import Infrastructure
from openness_bridge.project.overview import Overview
from openness_bridge.project.projects import ArchiveRef, ProjectInfo, ProjectRef


class Projects(Resource):
    """Project Operations: create, open, save, archive, restore, close; overview, index and history."""

    def list_(self) -> list[ProjectInfo]:
        """List the open projects."""
        return self._client.run("projects.list_", Nothing(), list[ProjectInfo])

    def get_overview(self) -> Overview:
        """Get devices, blocks, tag tables and types of the open project."""
        return self._client.run("projects.get_overview", Nothing(), Overview)

    @overload
    def create(
        self, *, name: str, directory: str = "projects", comment: str | None = None, wait: Literal[True] = True
    ) -> ProjectRef: ...

    @overload
    def create(
        self, *, name: str, directory: str = "projects", comment: str | None = None, wait: Literal[False]
    ) -> Job[ProjectRef]: ...

    def create(
        self, *, name: str, directory: str = "projects", comment: str | None = None, wait: bool = True
    ) -> ProjectRef | Job[ProjectRef]:
        """Create a new, empty project and open it.

        Args:
            name: The project's name; also the name of its folder.
            directory: The folder that the project's folder is made in.
            comment: The project's comment.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "projects.create", Create(name=name, directory=directory, comment=comment), ProjectRef
            )
        return self._client.run("projects.create", Create(name=name, directory=directory, comment=comment), ProjectRef)

    @overload
    def open_(
        self,
        *,
        path: str,
        user_name: str = "",
        password: str = "",
        password_secret: str = "",
        upgrade: bool = False,
        wait: Literal[True] = True,
    ) -> ProjectRef: ...

    @overload
    def open_(
        self,
        *,
        path: str,
        user_name: str = "",
        password: str = "",
        password_secret: str = "",
        upgrade: bool = False,
        wait: Literal[False],
    ) -> Job[ProjectRef]: ...

    def open_(
        self,
        *,
        path: str,
        user_name: str = "",
        password: str = "",
        password_secret: str = "",
        upgrade: bool = False,
        wait: bool = True,
    ) -> ProjectRef | Job[ProjectRef]:
        """Open a project.

        Args:
            user_name: User of a protected project.
            password: The user's password; jobs take it by passwordSecret.
            password_secret: Name of the service's secret that is the password: PLANT is its variable TIA_SECRET_PLANT.
            path: The .apNN file. A file on the server, inside its allowed folders; a relative path starts from its
                workspace.
            upgrade: Upgrade a project of an older version, as a copy.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "projects.open_",
                Open(
                    user_name=user_name, password=password, password_secret=password_secret, path=path, upgrade=upgrade
                ),
                ProjectRef,
            )
        return self._client.run(
            "projects.open_",
            Open(user_name=user_name, password=password, password_secret=password_secret, path=path, upgrade=upgrade),
            ProjectRef,
        )

    @overload
    def save(self, *, directory: str | None = None, wait: Literal[True] = True) -> ProjectRef: ...

    @overload
    def save(self, *, directory: str | None = None, wait: Literal[False]) -> Job[ProjectRef]: ...

    def save(self, *, directory: str | None = None, wait: bool = True) -> ProjectRef | Job[ProjectRef]:
        """Save the open project, or save it as another one.

        Args:
            directory: Save as: a new folder whose name becomes the project's.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start("projects.save", Save(directory=directory), ProjectRef)
        return self._client.run("projects.save", Save(directory=directory), ProjectRef)

    @overload
    def close(
        self, *, save: bool = False, discard: bool = False, foreign: bool = False, wait: Literal[True] = True
    ) -> ProjectRef: ...

    @overload
    def close(
        self, *, save: bool = False, discard: bool = False, foreign: bool = False, wait: Literal[False]
    ) -> Job[ProjectRef]: ...

    def close(
        self, *, save: bool = False, discard: bool = False, foreign: bool = False, wait: bool = True
    ) -> ProjectRef | Job[ProjectRef]:
        """Close the open project.

        Args:
            save: Save first.
            discard: Drop them.
            foreign: Close it even if this service did not open it.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start("projects.close", Close(save=save, discard=discard, foreign=foreign), ProjectRef)
        return self._client.run("projects.close", Close(save=save, discard=discard, foreign=foreign), ProjectRef)

    @overload
    def archive(self, *, path: str | None = None, save: bool = False, wait: Literal[True] = True) -> ArchiveRef: ...

    @overload
    def archive(self, *, path: str | None = None, save: bool = False, wait: Literal[False]) -> Job[ArchiveRef]: ...

    def archive(
        self, *, path: str | None = None, save: bool = False, wait: bool = True
    ) -> ArchiveRef | Job[ArchiveRef]:
        """Write the open project to a .zapNN archive.

        Args:
            path: The .zapNN file; archives/<name>.zapNN by default. A file on the server, inside its allowed folders; a
                relative path starts from its workspace.
            save: Save first; otherwise changes that are not saved are refused.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start("projects.archive", Archive(path=path, save=save), ArchiveRef)
        return self._client.run("projects.archive", Archive(path=path, save=save), ArchiveRef)

    @overload
    def create_from_archive(
        self,
        *,
        archive_path: str,
        user_name: str = "",
        password: str = "",
        password_secret: str = "",
        target_directory: str = "projects",
        upgrade: bool = False,
        wait: Literal[True] = True,
    ) -> ProjectRef: ...

    @overload
    def create_from_archive(
        self,
        *,
        archive_path: str,
        user_name: str = "",
        password: str = "",
        password_secret: str = "",
        target_directory: str = "projects",
        upgrade: bool = False,
        wait: Literal[False],
    ) -> Job[ProjectRef]: ...

    def create_from_archive(
        self,
        *,
        archive_path: str,
        user_name: str = "",
        password: str = "",
        password_secret: str = "",
        target_directory: str = "projects",
        upgrade: bool = False,
        wait: bool = True,
    ) -> ProjectRef | Job[ProjectRef]:
        """Restore a project from a .zapNN archive and open it.

        Args:
            user_name: User of a protected project.
            password: The user's password; jobs take it by passwordSecret.
            password_secret: Name of the service's secret that is the password: PLANT is its variable TIA_SECRET_PLANT.
            archive_path: The .zapNN file. A file on the server, inside its allowed folders; a relative path starts from
                its workspace.
            target_directory: The folder that the project's folder is made in.
            upgrade: Upgrade a project of an older version.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "projects.create_from_archive",
                Retrieve(
                    user_name=user_name,
                    password=password,
                    password_secret=password_secret,
                    archive_path=archive_path,
                    target_directory=target_directory,
                    upgrade=upgrade,
                ),
                ProjectRef,
            )
        return self._client.run(
            "projects.create_from_archive",
            Retrieve(
                user_name=user_name,
                password=password,
                password_secret=password_secret,
                archive_path=archive_path,
                target_directory=target_directory,
                upgrade=upgrade,
            ),
            ProjectRef,
        )

    def history(self) -> list[RecentProject]:
        """List the projects that were opened here, latest first."""
        return self._client.run("projects.history", Nothing(), list[RecentProject])

    def forget(self, *, path: str | None = None) -> Removed:
        """Remove one project from the list of recent ones, or all. The project itself stays.

        Args:
            path: The project's file as the list has it; the whole list when left out.
        """
        return self._client.run("projects.forget", HistoryAddress(path=path), Removed)

    def infrastructure(self) -> Infrastructure:
        """Get subnets, IO systems, nodes and port connections of the open project."""
        return self._client.run("projects.infrastructure", Nothing(), Infrastructure)

    def simulation_support(self, *, enabled: bool = True) -> SimulationState:
        """Let the program be run by PLCSIM Advanced. Compile again afterwards.

        Args:
            enabled: Switch it on or off.
        """
        return self._client.run("projects.simulation_support", Simulation(enabled=enabled), SimulationState)

    @overload
    def index(self, *, wait: Literal[True] = True) -> IndexSummary: ...

    @overload
    def index(self, *, wait: Literal[False]) -> Job[IndexSummary]: ...

    def index(self, *, wait: bool = True) -> IndexSummary | Job[IndexSummary]:
        """Index the open project, so that names, addresses and comments are found at once.

        Blocks, data types and tag tables are exported for it the first time; later only what changed is read.

        Args:
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start("projects.index", Nothing(), IndexSummary)
        return self._client.run("projects.index", Nothing(), IndexSummary)

    def search(self, *, query: str, kind: str | None = None, limit: int = 100) -> list[IndexEntry]:
        """Search the project's index for a name, address or comment; it is built when there is none yet.

        Args:
            query: Part of a name, an address, a data type or a comment.
            kind: Only this kind: device, block, udt, member, network, tag table, tag or constant.
            limit: How many at most.
        """
        return self._client.run("projects.search", Search(query=query, kind=kind, limit=limit), list[IndexEntry])

    def files(self) -> list[ProjectFile]:
        """List the project files and archives in the server's workspace."""
        return self._client.run("projects.files", Nothing(), list[ProjectFile])


class AsyncProjects(AsyncResource):
    """Project Operations: create, open, save, archive, restore, close; overview, index and history."""

    async def list_(self) -> list[ProjectInfo]:
        """List the open projects."""
        return await self._client.run("projects.list_", Nothing(), list[ProjectInfo])

    async def get_overview(self) -> Overview:
        """Get devices, blocks, tag tables and types of the open project."""
        return await self._client.run("projects.get_overview", Nothing(), Overview)

    @overload
    async def create(
        self, *, name: str, directory: str = "projects", comment: str | None = None, wait: Literal[True] = True
    ) -> ProjectRef: ...

    @overload
    async def create(
        self, *, name: str, directory: str = "projects", comment: str | None = None, wait: Literal[False]
    ) -> AsyncJob[ProjectRef]: ...

    async def create(
        self, *, name: str, directory: str = "projects", comment: str | None = None, wait: bool = True
    ) -> ProjectRef | AsyncJob[ProjectRef]:
        """Create a new, empty project and open it.

        Args:
            name: The project's name; also the name of its folder.
            directory: The folder that the project's folder is made in.
            comment: The project's comment.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "projects.create", Create(name=name, directory=directory, comment=comment), ProjectRef
            )
        return await self._client.run(
            "projects.create", Create(name=name, directory=directory, comment=comment), ProjectRef
        )

    @overload
    async def open_(
        self,
        *,
        path: str,
        user_name: str = "",
        password: str = "",
        password_secret: str = "",
        upgrade: bool = False,
        wait: Literal[True] = True,
    ) -> ProjectRef: ...

    @overload
    async def open_(
        self,
        *,
        path: str,
        user_name: str = "",
        password: str = "",
        password_secret: str = "",
        upgrade: bool = False,
        wait: Literal[False],
    ) -> AsyncJob[ProjectRef]: ...

    async def open_(
        self,
        *,
        path: str,
        user_name: str = "",
        password: str = "",
        password_secret: str = "",
        upgrade: bool = False,
        wait: bool = True,
    ) -> ProjectRef | AsyncJob[ProjectRef]:
        """Open a project.

        Args:
            user_name: User of a protected project.
            password: The user's password; jobs take it by passwordSecret.
            password_secret: Name of the service's secret that is the password: PLANT is its variable TIA_SECRET_PLANT.
            path: The .apNN file. A file on the server, inside its allowed folders; a relative path starts from its
                workspace.
            upgrade: Upgrade a project of an older version, as a copy.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "projects.open_",
                Open(
                    user_name=user_name, password=password, password_secret=password_secret, path=path, upgrade=upgrade
                ),
                ProjectRef,
            )
        return await self._client.run(
            "projects.open_",
            Open(user_name=user_name, password=password, password_secret=password_secret, path=path, upgrade=upgrade),
            ProjectRef,
        )

    @overload
    async def save(self, *, directory: str | None = None, wait: Literal[True] = True) -> ProjectRef: ...

    @overload
    async def save(self, *, directory: str | None = None, wait: Literal[False]) -> AsyncJob[ProjectRef]: ...

    async def save(self, *, directory: str | None = None, wait: bool = True) -> ProjectRef | AsyncJob[ProjectRef]:
        """Save the open project, or save it as another one.

        Args:
            directory: Save as: a new folder whose name becomes the project's.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start("projects.save", Save(directory=directory), ProjectRef)
        return await self._client.run("projects.save", Save(directory=directory), ProjectRef)

    @overload
    async def close(
        self, *, save: bool = False, discard: bool = False, foreign: bool = False, wait: Literal[True] = True
    ) -> ProjectRef: ...

    @overload
    async def close(
        self, *, save: bool = False, discard: bool = False, foreign: bool = False, wait: Literal[False]
    ) -> AsyncJob[ProjectRef]: ...

    async def close(
        self, *, save: bool = False, discard: bool = False, foreign: bool = False, wait: bool = True
    ) -> ProjectRef | AsyncJob[ProjectRef]:
        """Close the open project.

        Args:
            save: Save first.
            discard: Drop them.
            foreign: Close it even if this service did not open it.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "projects.close", Close(save=save, discard=discard, foreign=foreign), ProjectRef
            )
        return await self._client.run("projects.close", Close(save=save, discard=discard, foreign=foreign), ProjectRef)

    @overload
    async def archive(
        self, *, path: str | None = None, save: bool = False, wait: Literal[True] = True
    ) -> ArchiveRef: ...

    @overload
    async def archive(
        self, *, path: str | None = None, save: bool = False, wait: Literal[False]
    ) -> AsyncJob[ArchiveRef]: ...

    async def archive(
        self, *, path: str | None = None, save: bool = False, wait: bool = True
    ) -> ArchiveRef | AsyncJob[ArchiveRef]:
        """Write the open project to a .zapNN archive.

        Args:
            path: The .zapNN file; archives/<name>.zapNN by default. A file on the server, inside its allowed folders; a
                relative path starts from its workspace.
            save: Save first; otherwise changes that are not saved are refused.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start("projects.archive", Archive(path=path, save=save), ArchiveRef)
        return await self._client.run("projects.archive", Archive(path=path, save=save), ArchiveRef)

    @overload
    async def create_from_archive(
        self,
        *,
        archive_path: str,
        user_name: str = "",
        password: str = "",
        password_secret: str = "",
        target_directory: str = "projects",
        upgrade: bool = False,
        wait: Literal[True] = True,
    ) -> ProjectRef: ...

    @overload
    async def create_from_archive(
        self,
        *,
        archive_path: str,
        user_name: str = "",
        password: str = "",
        password_secret: str = "",
        target_directory: str = "projects",
        upgrade: bool = False,
        wait: Literal[False],
    ) -> AsyncJob[ProjectRef]: ...

    async def create_from_archive(
        self,
        *,
        archive_path: str,
        user_name: str = "",
        password: str = "",
        password_secret: str = "",
        target_directory: str = "projects",
        upgrade: bool = False,
        wait: bool = True,
    ) -> ProjectRef | AsyncJob[ProjectRef]:
        """Restore a project from a .zapNN archive and open it.

        Args:
            user_name: User of a protected project.
            password: The user's password; jobs take it by passwordSecret.
            password_secret: Name of the service's secret that is the password: PLANT is its variable TIA_SECRET_PLANT.
            archive_path: The .zapNN file. A file on the server, inside its allowed folders; a relative path starts from
                its workspace.
            target_directory: The folder that the project's folder is made in.
            upgrade: Upgrade a project of an older version.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "projects.create_from_archive",
                Retrieve(
                    user_name=user_name,
                    password=password,
                    password_secret=password_secret,
                    archive_path=archive_path,
                    target_directory=target_directory,
                    upgrade=upgrade,
                ),
                ProjectRef,
            )
        return await self._client.run(
            "projects.create_from_archive",
            Retrieve(
                user_name=user_name,
                password=password,
                password_secret=password_secret,
                archive_path=archive_path,
                target_directory=target_directory,
                upgrade=upgrade,
            ),
            ProjectRef,
        )

    async def history(self) -> list[RecentProject]:
        """List the projects that were opened here, latest first."""
        return await self._client.run("projects.history", Nothing(), list[RecentProject])

    async def forget(self, *, path: str | None = None) -> Removed:
        """Remove one project from the list of recent ones, or all. The project itself stays.

        Args:
            path: The project's file as the list has it; the whole list when left out.
        """
        return await self._client.run("projects.forget", HistoryAddress(path=path), Removed)

    async def infrastructure(self) -> Infrastructure:
        """Get subnets, IO systems, nodes and port connections of the open project."""
        return await self._client.run("projects.infrastructure", Nothing(), Infrastructure)

    async def simulation_support(self, *, enabled: bool = True) -> SimulationState:
        """Let the program be run by PLCSIM Advanced. Compile again afterwards.

        Args:
            enabled: Switch it on or off.
        """
        return await self._client.run("projects.simulation_support", Simulation(enabled=enabled), SimulationState)

    @overload
    async def index(self, *, wait: Literal[True] = True) -> IndexSummary: ...

    @overload
    async def index(self, *, wait: Literal[False]) -> AsyncJob[IndexSummary]: ...

    async def index(self, *, wait: bool = True) -> IndexSummary | AsyncJob[IndexSummary]:
        """Index the open project, so that names, addresses and comments are found at once.

        Blocks, data types and tag tables are exported for it the first time; later only what changed is read.

        Args:
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start("projects.index", Nothing(), IndexSummary)
        return await self._client.run("projects.index", Nothing(), IndexSummary)

    async def search(self, *, query: str, kind: str | None = None, limit: int = 100) -> list[IndexEntry]:
        """Search the project's index for a name, address or comment; it is built when there is none yet.

        Args:
            query: Part of a name, an address, a data type or a comment.
            kind: Only this kind: device, block, udt, member, network, tag table, tag or constant.
            limit: How many at most.
        """
        return await self._client.run("projects.search", Search(query=query, kind=kind, limit=limit), list[IndexEntry])

    async def files(self) -> list[ProjectFile]:
        """List the project files and archives in the server's workspace."""
        return await self._client.run("projects.files", Nothing(), list[ProjectFile])
