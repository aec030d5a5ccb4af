"""Libraries: types of the project library and their versions.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.libraries.libraries_operations import Folder, OnFolder
from engineering_api.features.libraries.libraries_types_operations import (
    Compare,
    NewType,
    NewVersion,
    OnType,
    OnVersion,
    ReleaseType,
    UseType,
)
from engineering_api.operations.declaration import Nothing
from openness_bridge.library.authoring import TypeMade
from openness_bridge.library.copies import Made
from openness_bridge.library.types import TypeComparison, TypeDetail, TypeInfo


class LibrariesTypes(Resource):
    """Libraries: types of the project library and their versions."""

    def list_types(self) -> list[TypeInfo]:
        """List the types of the project library with their versions."""
        return self._client.run("libraries_types.list_types", Nothing(), list[TypeInfo])

    def get_type(self, *, type_name: str) -> TypeDetail:
        """Get a type with its versions and its instances in the project.

        Args:
            type_name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone
                if only one has it. Or its GUID.
        """
        return self._client.run("libraries_types.get_type", OnType(type_name=type_name), TypeDetail)

    def create_type(
        self,
        *,
        device_name: str,
        source: str,
        version: str | None = None,
        author: str = "",
        comment: str = "",
        folder: str = "",
        release: bool = True,
    ) -> TypeMade:
        """Make a type of an FB, FC, OB or data type of a PLC, which becomes its first instance. V20 and later.

        It goes through a SIMATIC SD document, so that blocks in STL and GRAPH cannot be types here. What the object uses must be
        an instance of a type already.

        Args:
            version: Its number, such as 1.0.0; the next one when it is left out.
            author: Who releases it.
            comment: What is new.
            device_name: Name of the station, its CPU or its program.
            source: Name of the FB, FC, OB or data type.
            folder: Folder in the library, its names joined by /. Made when it is missing.
            release: Release it at once; otherwise it stays in work.
        """
        return self._client.run(
            "libraries_types.create_type",
            NewType(
                version=version,
                author=author,
                comment=comment,
                device_name=device_name,
                source=source,
                folder=folder,
                release=release,
            ),
            TypeMade,
        )

    def instantiate_type(
        self,
        *,
        type_name: str,
        device_name: str,
        version: str | None = None,
        folder: str = "",
        paths: str = "KeepExistingPathsInTarget",
    ) -> Made:
        """Make an instance of a version in a PLC, with what it depends on; one that is there is brought to that version.

        Args:
            type_name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone
                if only one has it. Or its GUID.
            device_name: Name of the station, its CPU or its program.
            version: Version such as 1.0.0; the default one when it is left out.
            folder: Folder of the PLC, its names joined by /. Made when it is missing.
            paths: When there is an instance in another folder (V18 and later): KeepExistingPathsInTarget,
                UpdatePathsInTarget, ThrowIfPathsConflict.
        """
        return self._client.run(
            "libraries_types.instantiate_type",
            UseType(type_name=type_name, device_name=device_name, version=version, folder=folder, paths=paths),
            Made,
        )

    def delete_type(self, *, type_name: str) -> TypeInfo:
        """Delete a type with all its versions; not while it has instances, dependents or a version in work.

        Args:
            type_name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone
                if only one has it. Or its GUID.
        """
        return self._client.run("libraries_types.delete_type", OnType(type_name=type_name), TypeInfo)

    def delete_version(self, *, type_name: str, version: str) -> TypeInfo:
        """Delete a released version, and the master copies with instances of it; with the last one the type goes.

        Args:
            type_name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone
                if only one has it. Or its GUID.
            version: Its number, such as 1.0.0.
        """
        return self._client.run(
            "libraries_types.delete_version", OnVersion(type_name=type_name, version=version), TypeInfo
        )

    def create_version(
        self,
        *,
        type_name: str,
        device_name: str,
        version: str | None = None,
        author: str = "",
        comment: str = "",
        source: str | None = None,
        release: bool = True,
        override: bool = False,
    ) -> TypeMade:
        """Make a new version of a type as the object in a PLC is now, and release it. V20 and later.

        Args:
            version: Its number, such as 1.0.0; the next one when it is left out.
            author: Who releases it.
            comment: What is new.
            type_name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone
                if only one has it. Or its GUID.
            device_name: Name of the station, its CPU or its program.
            source: The block or data type; the one of the type's name when it is left out.
            release: Release it at once; otherwise it stays in work.
            override: Replace a version that is in work.
        """
        return self._client.run(
            "libraries_types.create_version",
            NewVersion(
                version=version,
                author=author,
                comment=comment,
                type_name=type_name,
                device_name=device_name,
                source=source,
                release=release,
                override=override,
            ),
            TypeMade,
        )

    def release_version(
        self, *, type_name: str, version: str | None = None, author: str = "", comment: str = ""
    ) -> TypeInfo:
        """Release the version of a type that is in work. V20 and later.

        Args:
            version: Its number, such as 1.0.0; the next one when it is left out.
            author: Who releases it.
            comment: What is new.
            type_name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone
                if only one has it. Or its GUID.
        """
        return self._client.run(
            "libraries_types.release_version",
            ReleaseType(version=version, author=author, comment=comment, type_name=type_name),
            TypeInfo,
        )

    def discard_version(self, *, type_name: str) -> TypeInfo:
        """Give up the version of a type that is in work; a type without another version goes with it. V20 and later.

        Args:
            type_name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone
                if only one has it. Or its GUID.
        """
        return self._client.run("libraries_types.discard_version", OnType(type_name=type_name), TypeInfo)

    def set_default(self, *, type_name: str, version: str) -> TypeInfo:
        """Make a released version of a type the default one. V17 and later.

        Args:
            type_name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone
                if only one has it. Or its GUID.
            version: Its number, such as 1.0.0.
        """
        return self._client.run(
            "libraries_types.set_default", OnVersion(type_name=type_name, version=version), TypeInfo
        )

    def compare_types(
        self,
        *,
        left_type: str,
        left_version: str | None = None,
        left_library: str | None = None,
        right_type: str | None = None,
        right_version: str | None = None,
        right_library: str | None = None,
    ) -> TypeComparison:
        """Compare two types or two versions, of the project library or of open global ones. V19 and later.

        Args:
            left_type: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone
                if only one has it.
            left_version: Its version; the type itself when it is left out.
            left_library: Its global library; the project library when it is left out.
            right_type: The other type; the same one when it is left out.
            right_version: Its version.
            right_library: Its global library; the project library when it is left out.
        """
        return self._client.run(
            "libraries_types.compare_types",
            Compare(
                left_type=left_type,
                left_version=left_version,
                left_library=left_library,
                right_type=right_type,
                right_version=right_version,
                right_library=right_library,
            ),
            TypeComparison,
        )

    def create_type_folder(self, *, folder: str) -> Folder:
        """Create a folder for types, and those above it.

        Args:
            folder: Its path, names joined by /.
        """
        return self._client.run("libraries_types.create_type_folder", OnFolder(folder=folder), Folder)

    def delete_type_folder(self, *, folder: str) -> Folder:
        """Delete a folder without types in it.

        Args:
            folder: Its path, names joined by /.
        """
        return self._client.run("libraries_types.delete_type_folder", OnFolder(folder=folder), Folder)


class AsyncLibrariesTypes(AsyncResource):
    """Libraries: types of the project library and their versions."""

    async def list_types(self) -> list[TypeInfo]:
        """List the types of the project library with their versions."""
        return await self._client.run("libraries_types.list_types", Nothing(), list[TypeInfo])

    async def get_type(self, *, type_name: str) -> TypeDetail:
        """Get a type with its versions and its instances in the project.

        Args:
            type_name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone
                if only one has it. Or its GUID.
        """
        return await self._client.run("libraries_types.get_type", OnType(type_name=type_name), TypeDetail)

    async def create_type(
        self,
        *,
        device_name: str,
        source: str,
        version: str | None = None,
        author: str = "",
        comment: str = "",
        folder: str = "",
        release: bool = True,
    ) -> TypeMade:
        """Make a type of an FB, FC, OB or data type of a PLC, which becomes its first instance. V20 and later.

        It goes through a SIMATIC SD document, so that blocks in STL and GRAPH cannot be types here. What the object uses must be
        an instance of a type already.

        Args:
            version: Its number, such as 1.0.0; the next one when it is left out.
            author: Who releases it.
            comment: What is new.
            device_name: Name of the station, its CPU or its program.
            source: Name of the FB, FC, OB or data type.
            folder: Folder in the library, its names joined by /. Made when it is missing.
            release: Release it at once; otherwise it stays in work.
        """
        return await self._client.run(
            "libraries_types.create_type",
            NewType(
                version=version,
                author=author,
                comment=comment,
                device_name=device_name,
                source=source,
                folder=folder,
                release=release,
            ),
            TypeMade,
        )

    async def instantiate_type(
        self,
        *,
        type_name: str,
        device_name: str,
        version: str | None = None,
        folder: str = "",
        paths: str = "KeepExistingPathsInTarget",
    ) -> Made:
        """Make an instance of a version in a PLC, with what it depends on; one that is there is brought to that version.

        Args:
            type_name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone
                if only one has it. Or its GUID.
            device_name: Name of the station, its CPU or its program.
            version: Version such as 1.0.0; the default one when it is left out.
            folder: Folder of the PLC, its names joined by /. Made when it is missing.
            paths: When there is an instance in another folder (V18 and later): KeepExistingPathsInTarget,
                UpdatePathsInTarget, ThrowIfPathsConflict.
        """
        return await self._client.run(
            "libraries_types.instantiate_type",
            UseType(type_name=type_name, device_name=device_name, version=version, folder=folder, paths=paths),
            Made,
        )

    async def delete_type(self, *, type_name: str) -> TypeInfo:
        """Delete a type with all its versions; not while it has instances, dependents or a version in work.

        Args:
            type_name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone
                if only one has it. Or its GUID.
        """
        return await self._client.run("libraries_types.delete_type", OnType(type_name=type_name), TypeInfo)

    async def delete_version(self, *, type_name: str, version: str) -> TypeInfo:
        """Delete a released version, and the master copies with instances of it; with the last one the type goes.

        Args:
            type_name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone
                if only one has it. Or its GUID.
            version: Its number, such as 1.0.0.
        """
        return await self._client.run(
            "libraries_types.delete_version", OnVersion(type_name=type_name, version=version), TypeInfo
        )

    async def create_version(
        self,
        *,
        type_name: str,
        device_name: str,
        version: str | None = None,
        author: str = "",
        comment: str = "",
        source: str | None = None,
        release: bool = True,
        override: bool = False,
    ) -> TypeMade:
        """Make a new version of a type as the object in a PLC is now, and release it. V20 and later.

        Args:
            version: Its number, such as 1.0.0; the next one when it is left out.
            author: Who releases it.
            comment: What is new.
            type_name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone
                if only one has it. Or its GUID.
            device_name: Name of the station, its CPU or its program.
            source: The block or data type; the one of the type's name when it is left out.
            release: Release it at once; otherwise it stays in work.
            override: Replace a version that is in work.
        """
        return await self._client.run(
            "libraries_types.create_version",
            NewVersion(
                version=version,
                author=author,
                comment=comment,
                type_name=type_name,
                device_name=device_name,
                source=source,
                release=release,
                override=override,
            ),
            TypeMade,
        )

    async def release_version(
        self, *, type_name: str, version: str | None = None, author: str = "", comment: str = ""
    ) -> TypeInfo:
        """Release the version of a type that is in work. V20 and later.

        Args:
            version: Its number, such as 1.0.0; the next one when it is left out.
            author: Who releases it.
            comment: What is new.
            type_name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone
                if only one has it. Or its GUID.
        """
        return await self._client.run(
            "libraries_types.release_version",
            ReleaseType(version=version, author=author, comment=comment, type_name=type_name),
            TypeInfo,
        )

    async def discard_version(self, *, type_name: str) -> TypeInfo:
        """Give up the version of a type that is in work; a type without another version goes with it. V20 and later.

        Args:
            type_name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone
                if only one has it. Or its GUID.
        """
        return await self._client.run("libraries_types.discard_version", OnType(type_name=type_name), TypeInfo)

    async def set_default(self, *, type_name: str, version: str) -> TypeInfo:
        """Make a released version of a type the default one. V17 and later.

        Args:
            type_name: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone
                if only one has it. Or its GUID.
            version: Its number, such as 1.0.0.
        """
        return await self._client.run(
            "libraries_types.set_default", OnVersion(type_name=type_name, version=version), TypeInfo
        )

    async def compare_types(
        self,
        *,
        left_type: str,
        left_version: str | None = None,
        left_library: str | None = None,
        right_type: str | None = None,
        right_version: str | None = None,
        right_library: str | None = None,
    ) -> TypeComparison:
        """Compare two types or two versions, of the project library or of open global ones. V19 and later.

        Args:
            left_type: Its path in the library: folders and name joined by /, %2F for a slash in a name; the name alone
                if only one has it.
            left_version: Its version; the type itself when it is left out.
            left_library: Its global library; the project library when it is left out.
            right_type: The other type; the same one when it is left out.
            right_version: Its version.
            right_library: Its global library; the project library when it is left out.
        """
        return await self._client.run(
            "libraries_types.compare_types",
            Compare(
                left_type=left_type,
                left_version=left_version,
                left_library=left_library,
                right_type=right_type,
                right_version=right_version,
                right_library=right_library,
            ),
            TypeComparison,
        )

    async def create_type_folder(self, *, folder: str) -> Folder:
        """Create a folder for types, and those above it.

        Args:
            folder: Its path, names joined by /.
        """
        return await self._client.run("libraries_types.create_type_folder", OnFolder(folder=folder), Folder)

    async def delete_type_folder(self, *, folder: str) -> Folder:
        """Delete a folder without types in it.

        Args:
            folder: Its path, names joined by /.
        """
        return await self._client.run("libraries_types.delete_type_folder", OnFolder(folder=folder), Folder)
