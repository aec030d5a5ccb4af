"""Tags & Constants: tag tables and their folders.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Literal, overload

from engineering_api.client.jobs import AsyncJob, Job
from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.tags.tag_tables_operations import (
    Create,
    DeleteFolder,
    Folder,
    FolderAddress,
    ImportFile,
    OnDevice,
    OnTable,
    Rename,
)
from openness_bridge.program.tag_tables import TableInfo, TableNode


class TagTables(Resource):
    """Tags & Constants: tag tables and their folders."""

    @overload
    def list_(self, *, device_name: str, wait: Literal[True] = True) -> list[TableInfo]: ...

    @overload
    def list_(self, *, device_name: str, wait: Literal[False]) -> Job[list[TableInfo]]: ...

    def list_(self, *, device_name: str, wait: bool = True) -> list[TableInfo] | Job[list[TableInfo]]:
        """List the tag tables of a PLC, those in folders too.

        Args:
            device_name: Name of the station, its CPU or its program.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start("tag_tables.list_", OnDevice(device_name=device_name), list[TableInfo])
        return self._client.run("tag_tables.list_", OnDevice(device_name=device_name), list[TableInfo])

    def tree(self, *, device_name: str) -> TableNode:
        """Get the folders of a PLC with their tag tables.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return self._client.run("tag_tables.tree", OnDevice(device_name=device_name), TableNode)

    @overload
    def create(self, *, device_name: str, name: str, folder: str = "", wait: Literal[True] = True) -> TableInfo: ...

    @overload
    def create(self, *, device_name: str, name: str, folder: str = "", wait: Literal[False]) -> Job[TableInfo]: ...

    def create(self, *, device_name: str, name: str, folder: str = "", wait: bool = True) -> TableInfo | Job[TableInfo]:
        """Create an empty tag table.

        Args:
            device_name: Name of the station, its CPU or its program.
            name: Its name.
            folder: Folder below the root, its names joined by /; a slash in a name is %2F. Made when it is missing.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "tag_tables.create", Create(device_name=device_name, name=name, folder=folder), TableInfo
            )
        return self._client.run(
            "tag_tables.create", Create(device_name=device_name, name=name, folder=folder), TableInfo
        )

    @overload
    def update(self, *, device_name: str, table_name: str, new_name: str, wait: Literal[True] = True) -> TableInfo: ...

    @overload
    def update(self, *, device_name: str, table_name: str, new_name: str, wait: Literal[False]) -> Job[TableInfo]: ...

    def update(
        self, *, device_name: str, table_name: str, new_name: str, wait: bool = True
    ) -> TableInfo | Job[TableInfo]:
        """Rename a tag table. The default table keeps its name.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            new_name: Its new name.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "tag_tables.update",
                Rename(device_name=device_name, table_name=table_name, new_name=new_name),
                TableInfo,
            )
        return self._client.run(
            "tag_tables.update", Rename(device_name=device_name, table_name=table_name, new_name=new_name), TableInfo
        )

    @overload
    def delete(self, *, device_name: str, table_name: str, wait: Literal[True] = True) -> TableInfo: ...

    @overload
    def delete(self, *, device_name: str, table_name: str, wait: Literal[False]) -> Job[TableInfo]: ...

    def delete(self, *, device_name: str, table_name: str, wait: bool = True) -> TableInfo | Job[TableInfo]:
        """Delete a tag table with its tags. The default table cannot be deleted.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "tag_tables.delete", OnTable(device_name=device_name, table_name=table_name), TableInfo
            )
        return self._client.run("tag_tables.delete", OnTable(device_name=device_name, table_name=table_name), TableInfo)

    def export_xml(self, *, device_name: str, table_name: str) -> str:
        """Get a tag table as SimaticML text.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
        """
        return self._client.run("tag_tables.export_xml", OnTable(device_name=device_name, table_name=table_name), str)

    @overload
    def import_xml(
        self,
        *,
        device_name: str,
        import_file_path: str,
        folder: str = "",
        override: bool = False,
        wait: Literal[True] = True,
    ) -> list[TableInfo]: ...

    @overload
    def import_xml(
        self, *, device_name: str, import_file_path: str, folder: str = "", override: bool = False, wait: Literal[False]
    ) -> Job[list[TableInfo]]: ...

    def import_xml(
        self, *, device_name: str, import_file_path: str, folder: str = "", override: bool = False, wait: bool = True
    ) -> list[TableInfo] | Job[list[TableInfo]]:
        """Import the tag tables of a SimaticML file, all or none.

        Args:
            device_name: Name of the station, its CPU or its program.
            import_file_path: A SimaticML file. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            folder: Folder below the root, its names joined by /; a slash in a name is %2F. Made when it is missing.
            override: Replace tables of the same names in the same folder.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "tag_tables.import_xml",
                ImportFile(
                    device_name=device_name, import_file_path=import_file_path, folder=folder, override=override
                ),
                list[TableInfo],
            )
        return self._client.run(
            "tag_tables.import_xml",
            ImportFile(device_name=device_name, import_file_path=import_file_path, folder=folder, override=override),
            list[TableInfo],
        )

    def create_folder(self, *, device_name: str, folder: str) -> Folder:
        """Create a folder for tag tables, and those above it.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below the root, its names joined by /; a slash in a name is %2F.
        """
        return self._client.run(
            "tag_tables.create_folder", FolderAddress(device_name=device_name, folder=folder), Folder
        )

    def delete_folder(self, *, device_name: str, folder: str, force: bool = False) -> Folder:
        """Delete a folder of tag tables; one that is not empty only with force.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below the root, its names joined by /; a slash in a name is %2F.
            force: Delete the folder with the tables in it.
        """
        return self._client.run(
            "tag_tables.delete_folder", DeleteFolder(device_name=device_name, folder=folder, force=force), Folder
        )


class AsyncTagTables(AsyncResource):
    """Tags & Constants: tag tables and their folders."""

    @overload
    async def list_(self, *, device_name: str, wait: Literal[True] = True) -> list[TableInfo]: ...

    @overload
    async def list_(self, *, device_name: str, wait: Literal[False]) -> AsyncJob[list[TableInfo]]: ...

    async def list_(self, *, device_name: str, wait: bool = True) -> list[TableInfo] | AsyncJob[list[TableInfo]]:
        """List the tag tables of a PLC, those in folders too.

        Args:
            device_name: Name of the station, its CPU or its program.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start("tag_tables.list_", OnDevice(device_name=device_name), list[TableInfo])
        return await self._client.run("tag_tables.list_", OnDevice(device_name=device_name), list[TableInfo])

    async def tree(self, *, device_name: str) -> TableNode:
        """Get the folders of a PLC with their tag tables.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return await self._client.run("tag_tables.tree", OnDevice(device_name=device_name), TableNode)

    @overload
    async def create(
        self, *, device_name: str, name: str, folder: str = "", wait: Literal[True] = True
    ) -> TableInfo: ...

    @overload
    async def create(
        self, *, device_name: str, name: str, folder: str = "", wait: Literal[False]
    ) -> AsyncJob[TableInfo]: ...

    async def create(
        self, *, device_name: str, name: str, folder: str = "", wait: bool = True
    ) -> TableInfo | AsyncJob[TableInfo]:
        """Create an empty tag table.

        Args:
            device_name: Name of the station, its CPU or its program.
            name: Its name.
            folder: Folder below the root, its names joined by /; a slash in a name is %2F. Made when it is missing.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "tag_tables.create", Create(device_name=device_name, name=name, folder=folder), TableInfo
            )
        return await self._client.run(
            "tag_tables.create", Create(device_name=device_name, name=name, folder=folder), TableInfo
        )

    @overload
    async def update(
        self, *, device_name: str, table_name: str, new_name: str, wait: Literal[True] = True
    ) -> TableInfo: ...

    @overload
    async def update(
        self, *, device_name: str, table_name: str, new_name: str, wait: Literal[False]
    ) -> AsyncJob[TableInfo]: ...

    async def update(
        self, *, device_name: str, table_name: str, new_name: str, wait: bool = True
    ) -> TableInfo | AsyncJob[TableInfo]:
        """Rename a tag table. The default table keeps its name.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            new_name: Its new name.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "tag_tables.update",
                Rename(device_name=device_name, table_name=table_name, new_name=new_name),
                TableInfo,
            )
        return await self._client.run(
            "tag_tables.update", Rename(device_name=device_name, table_name=table_name, new_name=new_name), TableInfo
        )

    @overload
    async def delete(self, *, device_name: str, table_name: str, wait: Literal[True] = True) -> TableInfo: ...

    @overload
    async def delete(self, *, device_name: str, table_name: str, wait: Literal[False]) -> AsyncJob[TableInfo]: ...

    async def delete(self, *, device_name: str, table_name: str, wait: bool = True) -> TableInfo | AsyncJob[TableInfo]:
        """Delete a tag table with its tags. The default table cannot be deleted.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "tag_tables.delete", OnTable(device_name=device_name, table_name=table_name), TableInfo
            )
        return await self._client.run(
            "tag_tables.delete", OnTable(device_name=device_name, table_name=table_name), TableInfo
        )

    async def export_xml(self, *, device_name: str, table_name: str) -> str:
        """Get a tag table as SimaticML text.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
        """
        return await self._client.run(
            "tag_tables.export_xml", OnTable(device_name=device_name, table_name=table_name), str
        )

    @overload
    async def import_xml(
        self,
        *,
        device_name: str,
        import_file_path: str,
        folder: str = "",
        override: bool = False,
        wait: Literal[True] = True,
    ) -> list[TableInfo]: ...

    @overload
    async def import_xml(
        self, *, device_name: str, import_file_path: str, folder: str = "", override: bool = False, wait: Literal[False]
    ) -> AsyncJob[list[TableInfo]]: ...

    async def import_xml(
        self, *, device_name: str, import_file_path: str, folder: str = "", override: bool = False, wait: bool = True
    ) -> list[TableInfo] | AsyncJob[list[TableInfo]]:
        """Import the tag tables of a SimaticML file, all or none.

        Args:
            device_name: Name of the station, its CPU or its program.
            import_file_path: A SimaticML file. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            folder: Folder below the root, its names joined by /; a slash in a name is %2F. Made when it is missing.
            override: Replace tables of the same names in the same folder.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "tag_tables.import_xml",
                ImportFile(
                    device_name=device_name, import_file_path=import_file_path, folder=folder, override=override
                ),
                list[TableInfo],
            )
        return await self._client.run(
            "tag_tables.import_xml",
            ImportFile(device_name=device_name, import_file_path=import_file_path, folder=folder, override=override),
            list[TableInfo],
        )

    async def create_folder(self, *, device_name: str, folder: str) -> Folder:
        """Create a folder for tag tables, and those above it.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below the root, its names joined by /; a slash in a name is %2F.
        """
        return await self._client.run(
            "tag_tables.create_folder", FolderAddress(device_name=device_name, folder=folder), Folder
        )

    async def delete_folder(self, *, device_name: str, folder: str, force: bool = False) -> Folder:
        """Delete a folder of tag tables; one that is not empty only with force.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below the root, its names joined by /; a slash in a name is %2F.
            force: Delete the folder with the tables in it.
        """
        return await self._client.run(
            "tag_tables.delete_folder", DeleteFolder(device_name=device_name, folder=folder, force=force), Folder
        )
