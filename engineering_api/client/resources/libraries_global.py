"""Libraries: global libraries, which have a file of their own and are opened and closed beside projects.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.libraries.libraries_global_operations import (
    Archive,
    CheckGlobal,
    CleanUp,
    Close,
    Create,
    GlobalCopy,
    OnGlobalCopy,
    OnGlobalFolder,
    OnGlobalType,
    OnGlobalVersion,
    OnLibrary,
    Open,
    Retrieve,
    Save,
    UpdateLibrary,
    UpdateProject,
    UseGlobalCopy,
    UseGlobalType,
)
from engineering_api.features.libraries.libraries_operations import Folder
from engineering_api.operations.declaration import Nothing
from openness_bridge.library.copies import Made, MasterCopyInfo
from openness_bridge.library.global_libraries import GlobalLibraryInfo, LibraryArchive, LibraryRef
from openness_bridge.library.libraries import LibraryInfo, LibraryTree
from openness_bridge.library.types import TypeInfo
from openness_bridge.library.update import Updated, UpdateReport


class LibrariesGlobal(Resource):
    """Libraries: global libraries, which have a file of their own and are opened and closed beside projects."""

    def list_libraries(self) -> list[GlobalLibraryInfo]:
        """List the global libraries: those that TIA Portal has, and library files in the server's workspace."""
        return self._client.run("libraries_global.list_libraries", Nothing(), list[GlobalLibraryInfo])

    def create(self, *, name: str, directory: str = "libraries") -> LibraryRef:
        """Create a new, empty global library and open it for writing.

        Args:
            name: Its name; also the name of its folder.
            directory: The folder that its folder is made in.
        """
        return self._client.run("libraries_global.create", Create(name=name, directory=directory), LibraryRef)

    def open_(self, *, path: str, read_only: bool = False, upgrade: bool = False) -> LibraryRef:
        """Open a global library, for writing unless it is to be read-only.

        Args:
            path: The .alNN file, or the name of one in the workspace. A file on the server, inside its allowed folders;
                a relative path starts from its workspace.
            read_only: Open it so that it cannot be changed; others can open it too.
            upgrade: Upgrade a library of an older version, as a copy.
        """
        return self._client.run(
            "libraries_global.open_", Open(path=path, read_only=read_only, upgrade=upgrade), LibraryRef
        )

    def close(self, *, library_name: str = "", save: bool = False, discard: bool = False) -> LibraryRef:
        """Close a global library; what is not saved is kept only with save, and lost only with discard.

        Args:
            library_name: Name of an open global library; the only one when it is left out.
            save: Save first.
            discard: Drop them.
        """
        return self._client.run(
            "libraries_global.close", Close(library_name=library_name, save=save, discard=discard), LibraryRef
        )

    def save(self, *, library_name: str = "", directory: str | None = None) -> LibraryRef:
        """Save a global library, or save it as another one.

        Args:
            library_name: Name of an open global library; the only one when it is left out.
            directory: Save as: a new folder whose name becomes the library's.
        """
        return self._client.run(
            "libraries_global.save", Save(library_name=library_name, directory=directory), LibraryRef
        )

    def archive(self, *, library_name: str = "", path: str | None = None, save: bool = False) -> LibraryArchive:
        """Write a global library to a .zalNN archive.

        Args:
            library_name: Name of an open global library; the only one when it is left out.
            path: The .zalNN file; archives/<name>.zalNN by default. A file on the server, inside its allowed folders; a
                relative path starts from its workspace.
            save: Save first; otherwise changes that are not saved are refused.
        """
        return self._client.run(
            "libraries_global.archive", Archive(library_name=library_name, path=path, save=save), LibraryArchive
        )

    def retrieve(
        self, *, archive_path: str, target_directory: str = "libraries", read_only: bool = False, upgrade: bool = False
    ) -> LibraryRef:
        """Restore a global library from a .zalNN archive and open it.

        Args:
            archive_path: The .zalNN file. A file on the server, inside its allowed folders; a relative path starts from
                its workspace.
            target_directory: The folder that the library's folder is made in.
            read_only: Open it so that it cannot be changed.
            upgrade: Upgrade a library of an older version.
        """
        return self._client.run(
            "libraries_global.retrieve",
            Retrieve(
                archive_path=archive_path, target_directory=target_directory, read_only=read_only, upgrade=upgrade
            ),
            LibraryRef,
        )

    def info(self, *, library_name: str = "") -> LibraryInfo:
        """Get what is known of an open global library.

        Args:
            library_name: Name of an open global library; the only one when it is left out.
        """
        return self._client.run("libraries_global.info", OnLibrary(library_name=library_name), LibraryInfo)

    def tree(self, *, library_name: str = "") -> LibraryTree:
        """Get the folders of an open global library with master copies, types and versions.

        Args:
            library_name: Name of an open global library; the only one when it is left out.
        """
        return self._client.run("libraries_global.tree", OnLibrary(library_name=library_name), LibraryTree)

    def list_copies(self, *, library_name: str = "") -> list[MasterCopyInfo]:
        """List the master copies of an open global library, those in folders too.

        Args:
            library_name: Name of an open global library; the only one when it is left out.
        """
        return self._client.run(
            "libraries_global.list_copies", OnLibrary(library_name=library_name), list[MasterCopyInfo]
        )

    def create_copy(
        self,
        *,
        device_name: str,
        source: str = "",
        source_type: str = "",
        folder: str = "",
        name: str | None = None,
        library_name: str = "",
    ) -> MasterCopyInfo:
        """Make a master copy of an object of the project in an open global library.

        Args:
            device_name: Name of the station, its CPU or its program.
            source: Name of the block, data type or tag table; path of a folder of blocks; empty for the whole station.
            source_type: Block, UDT, TagTable, BlockFolder, Device; when it is left out, what has the name.
            folder: Folder in the library, its names joined by /. Made when it is missing.
            name: Name of the master copy; TIA Portal's own when it is left out.
            library_name: Name of an open global library; the only one when it is left out.
        """
        return self._client.run(
            "libraries_global.create_copy",
            GlobalCopy(
                device_name=device_name,
                source=source,
                source_type=source_type,
                folder=folder,
                name=name,
                library_name=library_name,
            ),
            MasterCopyInfo,
        )

    def delete_copy(self, *, name: str, library_name: str = "") -> MasterCopyInfo:
        """Delete a master copy of an open global library, by its path or its name.

        Args:
            name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone if
                only one has it.
            library_name: Name of an open global library; the only one when it is left out.
        """
        return self._client.run(
            "libraries_global.delete_copy", OnGlobalCopy(name=name, library_name=library_name), MasterCopyInfo
        )

    def instantiate_copy(
        self, *, name: str, device_name: str = "", folder: str = "", mode: str = "ThrowIfExists", library_name: str = ""
    ) -> Made:
        """Put the content of a master copy of a global library into a PLC, or its station into the project.

        Args:
            name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone if
                only one has it.
            device_name: Name of the station, its CPU or its program. Not needed for a station.
            folder: Folder of the PLC, its names joined by /. Made when it is missing.
            mode: When a name is used: ThrowIfExists, Rename, Replace.
            library_name: Name of an open global library; the only one when it is left out.
        """
        return self._client.run(
            "libraries_global.instantiate_copy",
            UseGlobalCopy(name=name, device_name=device_name, folder=folder, mode=mode, library_name=library_name),
            Made,
        )

    def create_copy_folder(self, *, folder: str, library_name: str = "") -> Folder:
        """Create a folder for master copies in an open global library, and those above it.

        Args:
            folder: Its path, names joined by /.
            library_name: Name of an open global library; the only one when it is left out.
        """
        return self._client.run(
            "libraries_global.create_copy_folder", OnGlobalFolder(folder=folder, library_name=library_name), Folder
        )

    def list_types(self, *, library_name: str = "") -> list[TypeInfo]:
        """List the types of an open global library with their versions.

        Args:
            library_name: Name of an open global library; the only one when it is left out.
        """
        return self._client.run("libraries_global.list_types", OnLibrary(library_name=library_name), list[TypeInfo])

    def instantiate_type(
        self,
        *,
        type_name: str,
        device_name: str,
        version: str | None = None,
        folder: str = "",
        paths: str = "KeepExistingPathsInTarget",
        library_name: str = "",
    ) -> Made:
        """Make an instance of a version of a global library in a PLC; the type comes into the project library first.

        Args:
            type_name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone
                if only one has it. Or its GUID.
            device_name: Name of the station, its CPU or its program.
            version: Version such as 1.0.0; the default one when it is left out.
            folder: Folder of the PLC, its names joined by /. Made when it is missing.
            paths: When there is an instance in another folder (V18 and later): KeepExistingPathsInTarget,
                UpdatePathsInTarget, ThrowIfPathsConflict.
            library_name: Name of an open global library; the only one when it is left out.
        """
        return self._client.run(
            "libraries_global.instantiate_type",
            UseGlobalType(
                type_name=type_name,
                device_name=device_name,
                version=version,
                folder=folder,
                paths=paths,
                library_name=library_name,
            ),
            Made,
        )

    def delete_type(self, *, type_name: str, library_name: str = "") -> TypeInfo:
        """Delete a type of an open global library with all its versions.

        Args:
            type_name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone
                if only one has it. Or its GUID.
            library_name: Name of an open global library; the only one when it is left out.
        """
        return self._client.run(
            "libraries_global.delete_type", OnGlobalType(type_name=type_name, library_name=library_name), TypeInfo
        )

    def set_default(self, *, type_name: str, version: str, library_name: str = "") -> TypeInfo:
        """Make a released version of a type of a global library the default one. V17 and later.

        Args:
            type_name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone
                if only one has it. Or its GUID.
            version: Its number, such as 1.0.0.
            library_name: Name of an open global library; the only one when it is left out.
        """
        return self._client.run(
            "libraries_global.set_default",
            OnGlobalVersion(type_name=type_name, version=version, library_name=library_name),
            TypeInfo,
        )

    def create_type_folder(self, *, folder: str, library_name: str = "") -> Folder:
        """Create a folder for types in an open global library, and those above it.

        Args:
            folder: Its path, names joined by /.
            library_name: Name of an open global library; the only one when it is left out.
        """
        return self._client.run(
            "libraries_global.create_type_folder", OnGlobalFolder(folder=folder, library_name=library_name), Folder
        )

    def update_check(self, *, all: bool = False, library_name: str = "") -> UpdateReport:
        """Say which instances of the project are not of the default versions of a global library.

        Args:
            all: Name the instances that are up to date as well.
            library_name: Name of an open global library; the only one when it is left out.
        """
        return self._client.run(
            "libraries_global.update_check", CheckGlobal(all=all, library_name=library_name), UpdateReport
        )

    def update_project(
        self,
        *,
        types: list[str] | None = None,
        force: str = "SetOnlyHigherUpdatedVersionAsDefault",
        structure: str = "RetainStructure",
        delete_unused: bool = False,
        library_name: str = "",
        devices: list[str] | None = None,
    ) -> Updated:
        """Bring the project library, and instances in PLCs, to the default versions of a global library.

        Args:
            types: Paths of types or of folders of types; all types when it is left out.
            force: Which version is the default one there afterwards: SetOnlyHigherUpdatedVersionAsDefault,
                ForceSetAnyUpdatedVersionAsDefault, NoDefaultVersionChange.
            structure: When a type lies in another folder there: RetainStructure, UpdateStructure,
                CancelIfStructureConflicts.
            delete_unused: Delete versions there that nothing uses any more.
            library_name: Name of an open global library; the only one when it is left out.
            devices: The PLCs; all when it is left out.
        """
        return self._client.run(
            "libraries_global.update_project",
            UpdateProject(
                types=types or [],
                force=force,
                structure=structure,
                delete_unused=delete_unused,
                library_name=library_name,
                devices=devices or [],
            ),
            Updated,
        )

    def update_library(
        self,
        *,
        types: list[str] | None = None,
        force: str = "SetOnlyHigherUpdatedVersionAsDefault",
        structure: str = "RetainStructure",
        delete_unused: bool = False,
        library_name: str = "",
        target_library: str | None = None,
    ) -> Updated:
        """Bring the default versions of types of a global library to the project library or another global one.

        Args:
            types: Paths of types or of folders of types; all types when it is left out.
            force: Which version is the default one there afterwards: SetOnlyHigherUpdatedVersionAsDefault,
                ForceSetAnyUpdatedVersionAsDefault, NoDefaultVersionChange.
            structure: When a type lies in another folder there: RetainStructure, UpdateStructure,
                CancelIfStructureConflicts.
            delete_unused: Delete versions there that nothing uses any more.
            library_name: Name of an open global library; the only one when it is left out.
            target_library: An open global library; the project library when it is left out.
        """
        return self._client.run(
            "libraries_global.update_library",
            UpdateLibrary(
                types=types or [],
                force=force,
                structure=structure,
                delete_unused=delete_unused,
                library_name=library_name,
                target_library=target_library,
            ),
            Updated,
        )

    def clean_up(self, *, types: list[str] | None = None, library_name: str = "") -> Updated:
        """Delete versions of types in a global library that nothing uses. V17 and later.

        Args:
            types: Paths of types or of folders of types; all types when it is left out.
            library_name: Name of an open global library; the only one when it is left out.
        """
        return self._client.run(
            "libraries_global.clean_up", CleanUp(types=types or [], library_name=library_name), Updated
        )


class AsyncLibrariesGlobal(AsyncResource):
    """Libraries: global libraries, which have a file of their own and are opened and closed beside projects."""

    async def list_libraries(self) -> list[GlobalLibraryInfo]:
        """List the global libraries: those that TIA Portal has, and library files in the server's workspace."""
        return await self._client.run("libraries_global.list_libraries", Nothing(), list[GlobalLibraryInfo])

    async def create(self, *, name: str, directory: str = "libraries") -> LibraryRef:
        """Create a new, empty global library and open it for writing.

        Args:
            name: Its name; also the name of its folder.
            directory: The folder that its folder is made in.
        """
        return await self._client.run("libraries_global.create", Create(name=name, directory=directory), LibraryRef)

    async def open_(self, *, path: str, read_only: bool = False, upgrade: bool = False) -> LibraryRef:
        """Open a global library, for writing unless it is to be read-only.

        Args:
            path: The .alNN file, or the name of one in the workspace. A file on the server, inside its allowed folders;
                a relative path starts from its workspace.
            read_only: Open it so that it cannot be changed; others can open it too.
            upgrade: Upgrade a library of an older version, as a copy.
        """
        return await self._client.run(
            "libraries_global.open_", Open(path=path, read_only=read_only, upgrade=upgrade), LibraryRef
        )

    async def close(self, *, library_name: str = "", save: bool = False, discard: bool = False) -> LibraryRef:
        """Close a global library; what is not saved is kept only with save, and lost only with discard.

        Args:
            library_name: Name of an open global library; the only one when it is left out.
            save: Save first.
            discard: Drop them.
        """
        return await self._client.run(
            "libraries_global.close", Close(library_name=library_name, save=save, discard=discard), LibraryRef
        )

    async def save(self, *, library_name: str = "", directory: str | None = None) -> LibraryRef:
        """Save a global library, or save it as another one.

        Args:
            library_name: Name of an open global library; the only one when it is left out.
            directory: Save as: a new folder whose name becomes the library's.
        """
        return await self._client.run(
            "libraries_global.save", Save(library_name=library_name, directory=directory), LibraryRef
        )

    async def archive(self, *, library_name: str = "", path: str | None = None, save: bool = False) -> LibraryArchive:
        """Write a global library to a .zalNN archive.

        Args:
            library_name: Name of an open global library; the only one when it is left out.
            path: The .zalNN file; archives/<name>.zalNN by default. A file on the server, inside its allowed folders; a
                relative path starts from its workspace.
            save: Save first; otherwise changes that are not saved are refused.
        """
        return await self._client.run(
            "libraries_global.archive", Archive(library_name=library_name, path=path, save=save), LibraryArchive
        )

    async def retrieve(
        self, *, archive_path: str, target_directory: str = "libraries", read_only: bool = False, upgrade: bool = False
    ) -> LibraryRef:
        """Restore a global library from a .zalNN archive and open it.

        Args:
            archive_path: The .zalNN file. A file on the server, inside its allowed folders; a relative path starts from
                its workspace.
            target_directory: The folder that the library's folder is made in.
            read_only: Open it so that it cannot be changed.
            upgrade: Upgrade a library of an older version.
        """
        return await self._client.run(
            "libraries_global.retrieve",
            Retrieve(
                archive_path=archive_path, target_directory=target_directory, read_only=read_only, upgrade=upgrade
            ),
            LibraryRef,
        )

    async def info(self, *, library_name: str = "") -> LibraryInfo:
        """Get what is known of an open global library.

        Args:
            library_name: Name of an open global library; the only one when it is left out.
        """
        return await self._client.run("libraries_global.info", OnLibrary(library_name=library_name), LibraryInfo)

    async def tree(self, *, library_name: str = "") -> LibraryTree:
        """Get the folders of an open global library with master copies, types and versions.

        Args:
            library_name: Name of an open global library; the only one when it is left out.
        """
        return await self._client.run("libraries_global.tree", OnLibrary(library_name=library_name), LibraryTree)

    async def list_copies(self, *, library_name: str = "") -> list[MasterCopyInfo]:
        """List the master copies of an open global library, those in folders too.

        Args:
            library_name: Name of an open global library; the only one when it is left out.
        """
        return await self._client.run(
            "libraries_global.list_copies", OnLibrary(library_name=library_name), list[MasterCopyInfo]
        )

    async def create_copy(
        self,
        *,
        device_name: str,
        source: str = "",
        source_type: str = "",
        folder: str = "",
        name: str | None = None,
        library_name: str = "",
    ) -> MasterCopyInfo:
        """Make a master copy of an object of the project in an open global library.

        Args:
            device_name: Name of the station, its CPU or its program.
            source: Name of the block, data type or tag table; path of a folder of blocks; empty for the whole station.
            source_type: Block, UDT, TagTable, BlockFolder, Device; when it is left out, what has the name.
            folder: Folder in the library, its names joined by /. Made when it is missing.
            name: Name of the master copy; TIA Portal's own when it is left out.
            library_name: Name of an open global library; the only one when it is left out.
        """
        return await self._client.run(
            "libraries_global.create_copy",
            GlobalCopy(
                device_name=device_name,
                source=source,
                source_type=source_type,
                folder=folder,
                name=name,
                library_name=library_name,
            ),
            MasterCopyInfo,
        )

    async def delete_copy(self, *, name: str, library_name: str = "") -> MasterCopyInfo:
        """Delete a master copy of an open global library, by its path or its name.

        Args:
            name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone if
                only one has it.
            library_name: Name of an open global library; the only one when it is left out.
        """
        return await self._client.run(
            "libraries_global.delete_copy", OnGlobalCopy(name=name, library_name=library_name), MasterCopyInfo
        )

    async def instantiate_copy(
        self, *, name: str, device_name: str = "", folder: str = "", mode: str = "ThrowIfExists", library_name: str = ""
    ) -> Made:
        """Put the content of a master copy of a global library into a PLC, or its station into the project.

        Args:
            name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone if
                only one has it.
            device_name: Name of the station, its CPU or its program. Not needed for a station.
            folder: Folder of the PLC, its names joined by /. Made when it is missing.
            mode: When a name is used: ThrowIfExists, Rename, Replace.
            library_name: Name of an open global library; the only one when it is left out.
        """
        return await self._client.run(
            "libraries_global.instantiate_copy",
            UseGlobalCopy(name=name, device_name=device_name, folder=folder, mode=mode, library_name=library_name),
            Made,
        )

    async def create_copy_folder(self, *, folder: str, library_name: str = "") -> Folder:
        """Create a folder for master copies in an open global library, and those above it.

        Args:
            folder: Its path, names joined by /.
            library_name: Name of an open global library; the only one when it is left out.
        """
        return await self._client.run(
            "libraries_global.create_copy_folder", OnGlobalFolder(folder=folder, library_name=library_name), Folder
        )

    async def list_types(self, *, library_name: str = "") -> list[TypeInfo]:
        """List the types of an open global library with their versions.

        Args:
            library_name: Name of an open global library; the only one when it is left out.
        """
        return await self._client.run(
            "libraries_global.list_types", OnLibrary(library_name=library_name), list[TypeInfo]
        )

    async def instantiate_type(
        self,
        *,
        type_name: str,
        device_name: str,
        version: str | None = None,
        folder: str = "",
        paths: str = "KeepExistingPathsInTarget",
        library_name: str = "",
    ) -> Made:
        """Make an instance of a version of a global library in a PLC; the type comes into the project library first.

        Args:
            type_name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone
                if only one has it. Or its GUID.
            device_name: Name of the station, its CPU or its program.
            version: Version such as 1.0.0; the default one when it is left out.
            folder: Folder of the PLC, its names joined by /. Made when it is missing.
            paths: When there is an instance in another folder (V18 and later): KeepExistingPathsInTarget,
                UpdatePathsInTarget, ThrowIfPathsConflict.
            library_name: Name of an open global library; the only one when it is left out.
        """
        return await self._client.run(
            "libraries_global.instantiate_type",
            UseGlobalType(
                type_name=type_name,
                device_name=device_name,
                version=version,
                folder=folder,
                paths=paths,
                library_name=library_name,
            ),
            Made,
        )

    async def delete_type(self, *, type_name: str, library_name: str = "") -> TypeInfo:
        """Delete a type of an open global library with all its versions.

        Args:
            type_name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone
                if only one has it. Or its GUID.
            library_name: Name of an open global library; the only one when it is left out.
        """
        return await self._client.run(
            "libraries_global.delete_type", OnGlobalType(type_name=type_name, library_name=library_name), TypeInfo
        )

    async def set_default(self, *, type_name: str, version: str, library_name: str = "") -> TypeInfo:
        """Make a released version of a type of a global library the default one. V17 and later.

        Args:
            type_name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone
                if only one has it. Or its GUID.
            version: Its number, such as 1.0.0.
            library_name: Name of an open global library; the only one when it is left out.
        """
        return await self._client.run(
            "libraries_global.set_default",
            OnGlobalVersion(type_name=type_name, version=version, library_name=library_name),
            TypeInfo,
        )

    async def create_type_folder(self, *, folder: str, library_name: str = "") -> Folder:
        """Create a folder for types in an open global library, and those above it.

        Args:
            folder: Its path, names joined by /.
            library_name: Name of an open global library; the only one when it is left out.
        """
        return await self._client.run(
            "libraries_global.create_type_folder", OnGlobalFolder(folder=folder, library_name=library_name), Folder
        )

    async def update_check(self, *, all: bool = False, library_name: str = "") -> UpdateReport:
        """Say which instances of the project are not of the default versions of a global library.

        Args:
            all: Name the instances that are up to date as well.
            library_name: Name of an open global library; the only one when it is left out.
        """
        return await self._client.run(
            "libraries_global.update_check", CheckGlobal(all=all, library_name=library_name), UpdateReport
        )

    async def update_project(
        self,
        *,
        types: list[str] | None = None,
        force: str = "SetOnlyHigherUpdatedVersionAsDefault",
        structure: str = "RetainStructure",
        delete_unused: bool = False,
        library_name: str = "",
        devices: list[str] | None = None,
    ) -> Updated:
        """Bring the project library, and instances in PLCs, to the default versions of a global library.

        Args:
            types: Paths of types or of folders of types; all types when it is left out.
            force: Which version is the default one there afterwards: SetOnlyHigherUpdatedVersionAsDefault,
                ForceSetAnyUpdatedVersionAsDefault, NoDefaultVersionChange.
            structure: When a type lies in another folder there: RetainStructure, UpdateStructure,
                CancelIfStructureConflicts.
            delete_unused: Delete versions there that nothing uses any more.
            library_name: Name of an open global library; the only one when it is left out.
            devices: The PLCs; all when it is left out.
        """
        return await self._client.run(
            "libraries_global.update_project",
            UpdateProject(
                types=types or [],
                force=force,
                structure=structure,
                delete_unused=delete_unused,
                library_name=library_name,
                devices=devices or [],
            ),
            Updated,
        )

    async def update_library(
        self,
        *,
        types: list[str] | None = None,
        force: str = "SetOnlyHigherUpdatedVersionAsDefault",
        structure: str = "RetainStructure",
        delete_unused: bool = False,
        library_name: str = "",
        target_library: str | None = None,
    ) -> Updated:
        """Bring the default versions of types of a global library to the project library or another global one.

        Args:
            types: Paths of types or of folders of types; all types when it is left out.
            force: Which version is the default one there afterwards: SetOnlyHigherUpdatedVersionAsDefault,
                ForceSetAnyUpdatedVersionAsDefault, NoDefaultVersionChange.
            structure: When a type lies in another folder there: RetainStructure, UpdateStructure,
                CancelIfStructureConflicts.
            delete_unused: Delete versions there that nothing uses any more.
            library_name: Name of an open global library; the only one when it is left out.
            target_library: An open global library; the project library when it is left out.
        """
        return await self._client.run(
            "libraries_global.update_library",
            UpdateLibrary(
                types=types or [],
                force=force,
                structure=structure,
                delete_unused=delete_unused,
                library_name=library_name,
                target_library=target_library,
            ),
            Updated,
        )

    async def clean_up(self, *, types: list[str] | None = None, library_name: str = "") -> Updated:
        """Delete versions of types in a global library that nothing uses. V17 and later.

        Args:
            types: Paths of types or of folders of types; all types when it is left out.
            library_name: Name of an open global library; the only one when it is left out.
        """
        return await self._client.run(
            "libraries_global.clean_up", CleanUp(types=types or [], library_name=library_name), Updated
        )
