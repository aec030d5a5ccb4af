"""Data Types (UDT): PLC data types with their members, and their folders.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Literal, overload

from engineering_api.client.jobs import AsyncJob, Job
from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.udts.udt_content import SavedUdt, Udt, UdtMember
from engineering_api.features.udts.udts_operations import (
    Create,
    CreateFolder,
    DeleteFolder,
    Export,
    Folder,
    Import,
    OnDevice,
    OnUdt,
    Rename,
    UdtFile,
    Update,
)
from openness_bridge.program.udts import UdtInfo, UdtNode
from openness_bridge.project.texts import Text


class Udts(Resource):
    """Data Types (UDT): PLC data types with their members, and their folders."""

    def list_(self, *, device_name: str) -> list[UdtInfo]:
        """List the PLC data types of a PLC, those in folders too.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return self._client.run("udts.list_", OnDevice(device_name=device_name), list[UdtInfo])

    def tree(self, *, device_name: str) -> UdtNode:
        """Get the folders of a PLC with their data types.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return self._client.run("udts.tree", OnDevice(device_name=device_name), UdtNode)

    def get(self, *, device_name: str, udt_name: str) -> Udt:
        """Get a data type with its members. One that is inconsistent must be compiled first.

        Args:
            device_name: Name of the station, its CPU or its program.
            udt_name: Name of the data type, without quotes.
        """
        return self._client.run("udts.get", OnUdt(device_name=device_name, udt_name=udt_name), Udt)

    @overload
    def create(
        self,
        *,
        device_name: str,
        name: str,
        comment: str | None = None,
        comments: list[Text] | None = None,
        members: list[UdtMember] | None = None,
        folder: str = "",
        wait: Literal[True] = True,
    ) -> SavedUdt: ...

    @overload
    def create(
        self,
        *,
        device_name: str,
        name: str,
        comment: str | None = None,
        comments: list[Text] | None = None,
        members: list[UdtMember] | None = None,
        folder: str = "",
        wait: Literal[False],
    ) -> Job[SavedUdt]: ...

    def create(
        self,
        *,
        device_name: str,
        name: str,
        comment: str | None = None,
        comments: list[Text] | None = None,
        members: list[UdtMember] | None = None,
        folder: str = "",
        wait: bool = True,
    ) -> SavedUdt | Job[SavedUdt]:
        """Create a data type with its members, and compile it.

        Args:
            device_name: Name of the station, its CPU or its program.
            comment: Comment in the project's editing language.
            comments: Comments in named languages.
            name: Its name, unique among the blocks and data types of the PLC.
            members: Its members.
            folder: Folder below PLC data types, its names joined by /; a slash in a name is %2F. Made when it is
                missing.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "udts.create",
                Create(
                    device_name=device_name,
                    comment=comment,
                    comments=comments or [],
                    name=name,
                    members=members or [],
                    folder=folder,
                ),
                SavedUdt,
            )
        return self._client.run(
            "udts.create",
            Create(
                device_name=device_name,
                comment=comment,
                comments=comments or [],
                name=name,
                members=members or [],
                folder=folder,
            ),
            SavedUdt,
        )

    @overload
    def update(
        self,
        *,
        device_name: str,
        udt_name: str,
        members: list[UdtMember],
        comment: str | None = None,
        comments: list[Text] | None = None,
        wait: Literal[True] = True,
    ) -> SavedUdt: ...

    @overload
    def update(
        self,
        *,
        device_name: str,
        udt_name: str,
        members: list[UdtMember],
        comment: str | None = None,
        comments: list[Text] | None = None,
        wait: Literal[False],
    ) -> Job[SavedUdt]: ...

    def update(
        self,
        *,
        device_name: str,
        udt_name: str,
        members: list[UdtMember],
        comment: str | None = None,
        comments: list[Text] | None = None,
        wait: bool = True,
    ) -> SavedUdt | Job[SavedUdt]:
        """Replace the members of a data type, and compile it. Whatever uses it must be compiled afterwards.

        Args:
            device_name: Name of the station, its CPU or its program.
            comment: Comment in the project's editing language.
            comments: Comments in named languages.
            udt_name: Name of the data type.
            members: All its members.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "udts.update",
                Update(
                    device_name=device_name,
                    comment=comment,
                    comments=comments or [],
                    udt_name=udt_name,
                    members=members,
                ),
                SavedUdt,
            )
        return self._client.run(
            "udts.update",
            Update(
                device_name=device_name, comment=comment, comments=comments or [], udt_name=udt_name, members=members
            ),
            SavedUdt,
        )

    def rename(self, *, device_name: str, udt_name: str, new_name: str) -> SavedUdt:
        """Rename a data type.

        Args:
            device_name: Name of the station, its CPU or its program.
            udt_name: Name of the data type, without quotes.
            new_name: Its new name.
        """
        return self._client.run(
            "udts.rename", Rename(device_name=device_name, udt_name=udt_name, new_name=new_name), SavedUdt
        )

    def delete(self, *, device_name: str, udt_name: str) -> SavedUdt:
        """Delete a data type. Whatever uses it can no longer be compiled.

        Args:
            device_name: Name of the station, its CPU or its program.
            udt_name: Name of the data type, without quotes.
        """
        return self._client.run("udts.delete", OnUdt(device_name=device_name, udt_name=udt_name), SavedUdt)

    def export(self, *, device_name: str, udt_name: str, export_path: str, overwrite: bool = False) -> UdtFile:
        """Export a data type to a SimaticML file, or to SIMATIC SD documents, .s7dcl and .s7res.

        Args:
            device_name: Name of the station, its CPU or its program.
            udt_name: Name of the data type, without quotes.
            export_path: A new .xml or .s7dcl file. A file on the server, inside its allowed folders; a relative path
                starts from its workspace.
            overwrite: Replace a file that is there.
        """
        return self._client.run(
            "udts.export",
            Export(device_name=device_name, udt_name=udt_name, export_path=export_path, overwrite=overwrite),
            UdtFile,
        )

    @overload
    def import_(
        self,
        *,
        device_name: str,
        import_file_path: str,
        folder: str = "",
        override: bool = False,
        wait: Literal[True] = True,
    ) -> list[UdtInfo]: ...

    @overload
    def import_(
        self, *, device_name: str, import_file_path: str, folder: str = "", override: bool = False, wait: Literal[False]
    ) -> Job[list[UdtInfo]]: ...

    def import_(
        self, *, device_name: str, import_file_path: str, folder: str = "", override: bool = False, wait: bool = True
    ) -> list[UdtInfo] | Job[list[UdtInfo]]:
        """Import the data types of a SimaticML file or SIMATIC SD document, all or none, and compile them.

        Args:
            device_name: Name of the station, its CPU or its program.
            import_file_path: A .xml or .s7dcl file. A file on the server, inside its allowed folders; a relative path
                starts from its workspace.
            folder: Folder below PLC data types, its names joined by /; a slash in a name is %2F. Made when it is
                missing.
            override: Replace data types of the same names in the same folder.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "udts.import_",
                Import(device_name=device_name, import_file_path=import_file_path, folder=folder, override=override),
                list[UdtInfo],
            )
        return self._client.run(
            "udts.import_",
            Import(device_name=device_name, import_file_path=import_file_path, folder=folder, override=override),
            list[UdtInfo],
        )

    def create_folder(self, *, device_name: str, folder: str) -> Folder:
        """Create a folder for data types, and those above it.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below PLC data types, its names joined by /; a slash in a name is %2F.
        """
        return self._client.run("udts.create_folder", CreateFolder(device_name=device_name, folder=folder), Folder)

    def delete_folder(self, *, device_name: str, folder_path: str, force: bool = False) -> Folder:
        """Delete a folder of data types; one that is not empty only with force.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder_path: Folder below PLC data types, its names joined by /; a slash in a name is %2F.
            force: Delete the folder with the data types in it.
        """
        return self._client.run(
            "udts.delete_folder", DeleteFolder(device_name=device_name, folder_path=folder_path, force=force), Folder
        )


class AsyncUdts(AsyncResource):
    """Data Types (UDT): PLC data types with their members, and their folders."""

    async def list_(self, *, device_name: str) -> list[UdtInfo]:
        """List the PLC data types of a PLC, those in folders too.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return await self._client.run("udts.list_", OnDevice(device_name=device_name), list[UdtInfo])

    async def tree(self, *, device_name: str) -> UdtNode:
        """Get the folders of a PLC with their data types.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return await self._client.run("udts.tree", OnDevice(device_name=device_name), UdtNode)

    async def get(self, *, device_name: str, udt_name: str) -> Udt:
        """Get a data type with its members. One that is inconsistent must be compiled first.

        Args:
            device_name: Name of the station, its CPU or its program.
            udt_name: Name of the data type, without quotes.
        """
        return await self._client.run("udts.get", OnUdt(device_name=device_name, udt_name=udt_name), Udt)

    @overload
    async def create(
        self,
        *,
        device_name: str,
        name: str,
        comment: str | None = None,
        comments: list[Text] | None = None,
        members: list[UdtMember] | None = None,
        folder: str = "",
        wait: Literal[True] = True,
    ) -> SavedUdt: ...

    @overload
    async def create(
        self,
        *,
        device_name: str,
        name: str,
        comment: str | None = None,
        comments: list[Text] | None = None,
        members: list[UdtMember] | None = None,
        folder: str = "",
        wait: Literal[False],
    ) -> AsyncJob[SavedUdt]: ...

    async def create(
        self,
        *,
        device_name: str,
        name: str,
        comment: str | None = None,
        comments: list[Text] | None = None,
        members: list[UdtMember] | None = None,
        folder: str = "",
        wait: bool = True,
    ) -> SavedUdt | AsyncJob[SavedUdt]:
        """Create a data type with its members, and compile it.

        Args:
            device_name: Name of the station, its CPU or its program.
            comment: Comment in the project's editing language.
            comments: Comments in named languages.
            name: Its name, unique among the blocks and data types of the PLC.
            members: Its members.
            folder: Folder below PLC data types, its names joined by /; a slash in a name is %2F. Made when it is
                missing.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "udts.create",
                Create(
                    device_name=device_name,
                    comment=comment,
                    comments=comments or [],
                    name=name,
                    members=members or [],
                    folder=folder,
                ),
                SavedUdt,
            )
        return await self._client.run(
            "udts.create",
            Create(
                device_name=device_name,
                comment=comment,
                comments=comments or [],
                name=name,
                members=members or [],
                folder=folder,
            ),
            SavedUdt,
        )

    @overload
    async def update(
        self,
        *,
        device_name: str,
        udt_name: str,
        members: list[UdtMember],
        comment: str | None = None,
        comments: list[Text] | None = None,
        wait: Literal[True] = True,
    ) -> SavedUdt: ...

    @overload
    async def update(
        self,
        *,
        device_name: str,
        udt_name: str,
        members: list[UdtMember],
        comment: str | None = None,
        comments: list[Text] | None = None,
        wait: Literal[False],
    ) -> AsyncJob[SavedUdt]: ...

    async def update(
        self,
        *,
        device_name: str,
        udt_name: str,
        members: list[UdtMember],
        comment: str | None = None,
        comments: list[Text] | None = None,
        wait: bool = True,
    ) -> SavedUdt | AsyncJob[SavedUdt]:
        """Replace the members of a data type, and compile it. Whatever uses it must be compiled afterwards.

        Args:
            device_name: Name of the station, its CPU or its program.
            comment: Comment in the project's editing language.
            comments: Comments in named languages.
            udt_name: Name of the data type.
            members: All its members.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "udts.update",
                Update(
                    device_name=device_name,
                    comment=comment,
                    comments=comments or [],
                    udt_name=udt_name,
                    members=members,
                ),
                SavedUdt,
            )
        return await self._client.run(
            "udts.update",
            Update(
                device_name=device_name, comment=comment, comments=comments or [], udt_name=udt_name, members=members
            ),
            SavedUdt,
        )

    async def rename(self, *, device_name: str, udt_name: str, new_name: str) -> SavedUdt:
        """Rename a data type.

        Args:
            device_name: Name of the station, its CPU or its program.
            udt_name: Name of the data type, without quotes.
            new_name: Its new name.
        """
        return await self._client.run(
            "udts.rename", Rename(device_name=device_name, udt_name=udt_name, new_name=new_name), SavedUdt
        )

    async def delete(self, *, device_name: str, udt_name: str) -> SavedUdt:
        """Delete a data type. Whatever uses it can no longer be compiled.

        Args:
            device_name: Name of the station, its CPU or its program.
            udt_name: Name of the data type, without quotes.
        """
        return await self._client.run("udts.delete", OnUdt(device_name=device_name, udt_name=udt_name), SavedUdt)

    async def export(self, *, device_name: str, udt_name: str, export_path: str, overwrite: bool = False) -> UdtFile:
        """Export a data type to a SimaticML file, or to SIMATIC SD documents, .s7dcl and .s7res.

        Args:
            device_name: Name of the station, its CPU or its program.
            udt_name: Name of the data type, without quotes.
            export_path: A new .xml or .s7dcl file. A file on the server, inside its allowed folders; a relative path
                starts from its workspace.
            overwrite: Replace a file that is there.
        """
        return await self._client.run(
            "udts.export",
            Export(device_name=device_name, udt_name=udt_name, export_path=export_path, overwrite=overwrite),
            UdtFile,
        )

    @overload
    async def import_(
        self,
        *,
        device_name: str,
        import_file_path: str,
        folder: str = "",
        override: bool = False,
        wait: Literal[True] = True,
    ) -> list[UdtInfo]: ...

    @overload
    async def import_(
        self, *, device_name: str, import_file_path: str, folder: str = "", override: bool = False, wait: Literal[False]
    ) -> AsyncJob[list[UdtInfo]]: ...

    async def import_(
        self, *, device_name: str, import_file_path: str, folder: str = "", override: bool = False, wait: bool = True
    ) -> list[UdtInfo] | AsyncJob[list[UdtInfo]]:
        """Import the data types of a SimaticML file or SIMATIC SD document, all or none, and compile them.

        Args:
            device_name: Name of the station, its CPU or its program.
            import_file_path: A .xml or .s7dcl file. A file on the server, inside its allowed folders; a relative path
                starts from its workspace.
            folder: Folder below PLC data types, its names joined by /; a slash in a name is %2F. Made when it is
                missing.
            override: Replace data types of the same names in the same folder.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "udts.import_",
                Import(device_name=device_name, import_file_path=import_file_path, folder=folder, override=override),
                list[UdtInfo],
            )
        return await self._client.run(
            "udts.import_",
            Import(device_name=device_name, import_file_path=import_file_path, folder=folder, override=override),
            list[UdtInfo],
        )

    async def create_folder(self, *, device_name: str, folder: str) -> Folder:
        """Create a folder for data types, and those above it.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below PLC data types, its names joined by /; a slash in a name is %2F.
        """
        return await self._client.run(
            "udts.create_folder", CreateFolder(device_name=device_name, folder=folder), Folder
        )

    async def delete_folder(self, *, device_name: str, folder_path: str, force: bool = False) -> Folder:
        """Delete a folder of data types; one that is not empty only with force.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder_path: Folder below PLC data types, its names joined by /; a slash in a name is %2F.
            force: Delete the folder with the data types in it.
        """
        return await self._client.run(
            "udts.delete_folder", DeleteFolder(device_name=device_name, folder_path=folder_path, force=force), Folder
        )
