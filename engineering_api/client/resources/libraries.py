"""Libraries: the project library, its master copies, and what is updated from it.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.libraries.libraries_operations import (
    Check,
    CleanUp,
    DeleteFolder,
    Folder,
    Harmonize,
    NewCopy,
    OnCopy,
    OnFolder,
    UpdateLibrary,
    UpdateProject,
    UseCopy,
)
from engineering_api.operations.declaration import Nothing
from openness_bridge.library.copies import Made, MasterCopyInfo
from openness_bridge.library.libraries import LibraryInfo, LibraryTree
from openness_bridge.library.update import Updated, UpdateReport


class Libraries(Resource):
    """Libraries: the project library, its master copies, and what is updated from it."""

    def tree(self) -> LibraryTree:
        """Get the folders of the project library with master copies, types and versions."""
        return self._client.run("libraries.tree", Nothing(), LibraryTree)

    def info(self) -> LibraryInfo:
        """Get what is known of the project library: counts, languages, file of the project."""
        return self._client.run("libraries.info", Nothing(), LibraryInfo)

    def list_copies(self) -> list[MasterCopyInfo]:
        """List the master copies of the project library, those in folders too."""
        return self._client.run("libraries.list_copies", Nothing(), list[MasterCopyInfo])

    def create_copy(
        self, *, device_name: str, source: str = "", source_type: str = "", folder: str = "", name: str | None = None
    ) -> MasterCopyInfo:
        """Make a master copy of a block, folder of blocks, data type, tag table or station of the project.

        Args:
            device_name: Name of the station, its CPU or its program.
            source: Name of the block, data type or tag table; path of a folder of blocks; empty for the whole station.
            source_type: Block, UDT, TagTable, BlockFolder, Device; when it is left out, what has the name.
            folder: Folder in the library, its names joined by /. Made when it is missing.
            name: Name of the master copy; TIA Portal's own when it is left out.
        """
        return self._client.run(
            "libraries.create_copy",
            NewCopy(device_name=device_name, source=source, source_type=source_type, folder=folder, name=name),
            MasterCopyInfo,
        )

    def delete_copy(self, *, name: str) -> MasterCopyInfo:
        """Delete a master copy of the project library, by its path or its name.

        Args:
            name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone if
                only one has it.
        """
        return self._client.run("libraries.delete_copy", OnCopy(name=name), MasterCopyInfo)

    def instantiate_copy(
        self, *, name: str, device_name: str = "", folder: str = "", mode: str = "ThrowIfExists"
    ) -> Made:
        """Put the content of a master copy into a PLC, or its station into the project.

        Args:
            name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone if
                only one has it.
            device_name: Name of the station, its CPU or its program. Not needed for a station.
            folder: Folder of the PLC, its names joined by /. Made when it is missing.
            mode: When a name is used: ThrowIfExists, Rename, Replace.
        """
        return self._client.run(
            "libraries.instantiate_copy", UseCopy(name=name, device_name=device_name, folder=folder, mode=mode), Made
        )

    def create_copy_folder(self, *, folder: str) -> Folder:
        """Create a folder for master copies, and those above it.

        Args:
            folder: Its path, names joined by /.
        """
        return self._client.run("libraries.create_copy_folder", OnFolder(folder=folder), Folder)

    def delete_copy_folder(self, *, folder: str, force: bool = False) -> Folder:
        """Delete a folder of master copies; one that is not empty only with force.

        Args:
            folder: Its path, names joined by /.
            force: Delete a folder of master copies with what is in it.
        """
        return self._client.run("libraries.delete_copy_folder", DeleteFolder(folder=folder, force=force), Folder)

    def update_check(self, *, all: bool = False) -> UpdateReport:
        """Say which instances of the project are not of the default versions of the project library.

        Args:
            all: Name the instances that are up to date as well.
        """
        return self._client.run("libraries.update_check", Check(all=all), UpdateReport)

    def update_project(
        self, *, types: list[str] | None = None, devices: list[str] | None = None, delete_unused: bool = False
    ) -> Updated:
        """Bring the instances of types to their default versions.

        Args:
            types: Paths of types or of folders of types; all types when it is left out.
            devices: The PLCs; all when it is left out.
            delete_unused: Delete versions that nothing uses any more (V20 and later).
        """
        return self._client.run(
            "libraries.update_project",
            UpdateProject(types=types or [], devices=devices or [], delete_unused=delete_unused),
            Updated,
        )

    def update_library(
        self,
        *,
        types: list[str] | None = None,
        force: str = "SetOnlyHigherUpdatedVersionAsDefault",
        structure: str = "RetainStructure",
        delete_unused: bool = False,
        target_library: str = "",
    ) -> Updated:
        """Bring the default versions of types of the project library to an open global library.

        Args:
            types: Paths of types or of folders of types; all types when it is left out.
            force: Which version is the default one there afterwards: SetOnlyHigherUpdatedVersionAsDefault,
                ForceSetAnyUpdatedVersionAsDefault, NoDefaultVersionChange.
            structure: When a type lies in another folder there: RetainStructure, UpdateStructure,
                CancelIfStructureConflicts.
            delete_unused: Delete versions there that nothing uses any more.
            target_library: Name of an open global library; the only one when it is left out.
        """
        return self._client.run(
            "libraries.update_library",
            UpdateLibrary(
                types=types or [],
                force=force,
                structure=structure,
                delete_unused=delete_unused,
                target_library=target_library,
            ),
            Updated,
        )

    def harmonize(
        self,
        *,
        types: list[str] | None = None,
        devices: list[str] | None = None,
        names: bool = True,
        paths: bool = False,
    ) -> Updated:
        """Give instances the names of their types and move them to folders like theirs. V17 and later.

        Args:
            types: Paths of types or of folders of types; all types when it is left out.
            devices: The PLCs; all when it is left out.
            names: Give instances the names of their types.
            paths: Move instances to folders like those of their types.
        """
        return self._client.run(
            "libraries.harmonize",
            Harmonize(types=types or [], devices=devices or [], names=names, paths=paths),
            Updated,
        )

    def clean_up(self, *, types: list[str] | None = None, mode: str = "PreserveDefaultVersionOfUnusedTypes") -> Updated:
        """Delete versions of types that nothing uses, or whole types. V17 and later.

        Args:
            types: Paths of types or of folders of types; all types when it is left out.
            mode: PreserveDefaultVersionOfUnusedTypes, DeleteUnusedTypes.
        """
        return self._client.run("libraries.clean_up", CleanUp(types=types or [], mode=mode), Updated)


class AsyncLibraries(AsyncResource):
    """Libraries: the project library, its master copies, and what is updated from it."""

    async def tree(self) -> LibraryTree:
        """Get the folders of the project library with master copies, types and versions."""
        return await self._client.run("libraries.tree", Nothing(), LibraryTree)

    async def info(self) -> LibraryInfo:
        """Get what is known of the project library: counts, languages, file of the project."""
        return await self._client.run("libraries.info", Nothing(), LibraryInfo)

    async def list_copies(self) -> list[MasterCopyInfo]:
        """List the master copies of the project library, those in folders too."""
        return await self._client.run("libraries.list_copies", Nothing(), list[MasterCopyInfo])

    async def create_copy(
        self, *, device_name: str, source: str = "", source_type: str = "", folder: str = "", name: str | None = None
    ) -> MasterCopyInfo:
        """Make a master copy of a block, folder of blocks, data type, tag table or station of the project.

        Args:
            device_name: Name of the station, its CPU or its program.
            source: Name of the block, data type or tag table; path of a folder of blocks; empty for the whole station.
            source_type: Block, UDT, TagTable, BlockFolder, Device; when it is left out, what has the name.
            folder: Folder in the library, its names joined by /. Made when it is missing.
            name: Name of the master copy; TIA Portal's own when it is left out.
        """
        return await self._client.run(
            "libraries.create_copy",
            NewCopy(device_name=device_name, source=source, source_type=source_type, folder=folder, name=name),
            MasterCopyInfo,
        )

    async def delete_copy(self, *, name: str) -> MasterCopyInfo:
        """Delete a master copy of the project library, by its path or its name.

        Args:
            name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone if
                only one has it.
        """
        return await self._client.run("libraries.delete_copy", OnCopy(name=name), MasterCopyInfo)

    async def instantiate_copy(
        self, *, name: str, device_name: str = "", folder: str = "", mode: str = "ThrowIfExists"
    ) -> Made:
        """Put the content of a master copy into a PLC, or its station into the project.

        Args:
            name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone if
                only one has it.
            device_name: Name of the station, its CPU or its program. Not needed for a station.
            folder: Folder of the PLC, its names joined by /. Made when it is missing.
            mode: When a name is used: ThrowIfExists, Rename, Replace.
        """
        return await self._client.run(
            "libraries.instantiate_copy", UseCopy(name=name, device_name=device_name, folder=folder, mode=mode), Made
        )

    async def create_copy_folder(self, *, folder: str) -> Folder:
        """Create a folder for master copies, and those above it.

        Args:
            folder: Its path, names joined by /.
        """
        return await self._client.run("libraries.create_copy_folder", OnFolder(folder=folder), Folder)

    async def delete_copy_folder(self, *, folder: str, force: bool = False) -> Folder:
        """Delete a folder of master copies; one that is not empty only with force.

        Args:
            folder: Its path, names joined by /.
            force: Delete a folder of master copies with what is in it.
        """
        return await self._client.run("libraries.delete_copy_folder", DeleteFolder(folder=folder, force=force), Folder)

    async def update_check(self, *, all: bool = False) -> UpdateReport:
        """Say which instances of the project are not of the default versions of the project library.

        Args:
            all: Name the instances that are up to date as well.
        """
        return await self._client.run("libraries.update_check", Check(all=all), UpdateReport)

    async def update_project(
        self, *, types: list[str] | None = None, devices: list[str] | None = None, delete_unused: bool = False
    ) -> Updated:
        """Bring the instances of types to their default versions.

        Args:
            types: Paths of types or of folders of types; all types when it is left out.
            devices: The PLCs; all when it is left out.
            delete_unused: Delete versions that nothing uses any more (V20 and later).
        """
        return await self._client.run(
            "libraries.update_project",
            UpdateProject(types=types or [], devices=devices or [], delete_unused=delete_unused),
            Updated,
        )

    async def update_library(
        self,
        *,
        types: list[str] | None = None,
        force: str = "SetOnlyHigherUpdatedVersionAsDefault",
        structure: str = "RetainStructure",
        delete_unused: bool = False,
        target_library: str = "",
    ) -> Updated:
        """Bring the default versions of types of the project library to an open global library.

        Args:
            types: Paths of types or of folders of types; all types when it is left out.
            force: Which version is the default one there afterwards: SetOnlyHigherUpdatedVersionAsDefault,
                ForceSetAnyUpdatedVersionAsDefault, NoDefaultVersionChange.
            structure: When a type lies in another folder there: RetainStructure, UpdateStructure,
                CancelIfStructureConflicts.
            delete_unused: Delete versions there that nothing uses any more.
            target_library: Name of an open global library; the only one when it is left out.
        """
        return await self._client.run(
            "libraries.update_library",
            UpdateLibrary(
                types=types or [],
                force=force,
                structure=structure,
                delete_unused=delete_unused,
                target_library=target_library,
            ),
            Updated,
        )

    async def harmonize(
        self,
        *,
        types: list[str] | None = None,
        devices: list[str] | None = None,
        names: bool = True,
        paths: bool = False,
    ) -> Updated:
        """Give instances the names of their types and move them to folders like theirs. V17 and later.

        Args:
            types: Paths of types or of folders of types; all types when it is left out.
            devices: The PLCs; all when it is left out.
            names: Give instances the names of their types.
            paths: Move instances to folders like those of their types.
        """
        return await self._client.run(
            "libraries.harmonize",
            Harmonize(types=types or [], devices=devices or [], names=names, paths=paths),
            Updated,
        )

    async def clean_up(
        self, *, types: list[str] | None = None, mode: str = "PreserveDefaultVersionOfUnusedTypes"
    ) -> Updated:
        """Delete versions of types that nothing uses, or whole types. V17 and later.

        Args:
            types: Paths of types or of folders of types; all types when it is left out.
            mode: PreserveDefaultVersionOfUnusedTypes, DeleteUnusedTypes.
        """
        return await self._client.run("libraries.clean_up", CleanUp(types=types or [], mode=mode), Updated)
