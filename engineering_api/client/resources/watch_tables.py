"""Watch & Force Tables: watch tables with their rows, the force table, their files and folders.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.watch.watch_content import NewEntry, TableContent
from engineering_api.features.watch.watch_tables_operations import (
    AddEntries,
    Create,
    CreateForce,
    DeleteFolder,
    Export,
    Folder,
    FolderAddress,
    Import,
    ModifyRows,
    OnDevice,
    OnTable,
    RemoveEntries,
    TableFile,
)
from openness_bridge.online.watch_values import RowValue
from openness_bridge.program.watch import WatchTableInfo


class WatchTables(Resource):
    """Watch & Force Tables: watch tables with their rows, the force table, their files and folders."""

    def list_watch(self, *, device_name: str) -> list[WatchTableInfo]:
        """List the watch tables of a PLC, those in folders too.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return self._client.run("watch_tables.list_watch", OnDevice(device_name=device_name), list[WatchTableInfo])

    def create(self, *, device_name: str, name: str, folder: str = "") -> WatchTableInfo:
        """Create an empty watch table.

        Args:
            device_name: Name of the station, its CPU or its program.
            name: Its name.
            folder: Folder below the root, its names joined by /; a slash in a name is %2F. Made when it is missing.
        """
        return self._client.run(
            "watch_tables.create", Create(device_name=device_name, name=name, folder=folder), WatchTableInfo
        )

    def delete(self, *, device_name: str, table_name: str) -> WatchTableInfo:
        """Delete a watch table with its rows.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
        """
        return self._client.run(
            "watch_tables.delete", OnTable(device_name=device_name, table_name=table_name), WatchTableInfo
        )

    def add_entries(self, *, device_name: str, table_name: str, entries: list[NewEntry]) -> TableContent:
        """Append rows to a watch table: operands by name or address, and comment rows; all or none.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
            entries: The rows, in their order.
        """
        return self._client.run(
            "watch_tables.add_entries",
            AddEntries(device_name=device_name, table_name=table_name, entries=entries),
            TableContent,
        )

    def export_watch(
        self, *, device_name: str, table_name: str, export_path: str, overwrite: bool = False
    ) -> TableFile:
        """Export a watch table to a SimaticML file.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
            export_path: A new .xml file. A file on the server, inside its allowed folders; a relative path starts from
                its workspace.
            overwrite: Replace a file that is there.
        """
        return self._client.run(
            "watch_tables.export_watch",
            Export(device_name=device_name, table_name=table_name, export_path=export_path, overwrite=overwrite),
            TableFile,
        )

    def read_values(self, *, device_name: str, table_name: str) -> list[RowValue]:
        """Read the rows of a watch table in the simulated PLC, each in its display format; one that cannot be says why.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
        """
        return self._client.run(
            "watch_tables.read_values", OnTable(device_name=device_name, table_name=table_name), list[RowValue]
        )

    def modify(self, *, device_name: str, table_name: str, numbers: list[int] | None = None) -> list[RowValue]:
        """Write the modify values of a watch table once into the simulated PLC: all of the chosen rows, or none.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
            numbers: 1-based places of the rows; by default those that are marked for writing.
        """
        return self._client.run(
            "watch_tables.modify",
            ModifyRows(device_name=device_name, table_name=table_name, numbers=numbers or []),
            list[RowValue],
        )

    def force(self, *, device_name: str, table_name: str) -> TableContent:
        """Refuse to force: neither Openness nor PLCSIM Advanced has a command for it.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
        """
        return self._client.run(
            "watch_tables.force", OnTable(device_name=device_name, table_name=table_name), TableContent
        )

    def list_force(self, *, device_name: str) -> list[WatchTableInfo]:
        """List the force tables of a PLC: there is always one.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return self._client.run("watch_tables.list_force", OnDevice(device_name=device_name), list[WatchTableInfo])

    def import_(
        self, *, device_name: str, import_file_path: str, folder: str = "", override: bool = False
    ) -> list[WatchTableInfo]:
        """Import watch tables or the force table; the file says which. A force table with rows needs override.

        Args:
            device_name: Name of the station, its CPU or its program.
            import_file_path: A SimaticML file. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            folder: Folder below the root, its names joined by /; a slash in a name is %2F. Made when it is missing.
            override: Replace tables of the same names in the same folder.
        """
        return self._client.run(
            "watch_tables.import_",
            Import(device_name=device_name, import_file_path=import_file_path, folder=folder, override=override),
            list[WatchTableInfo],
        )

    def get_watch(self, *, device_name: str, table_name: str) -> TableContent:
        """Get a watch table with its rows. Live values are at .../values, while the PLC is simulated.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
        """
        return self._client.run(
            "watch_tables.get_watch", OnTable(device_name=device_name, table_name=table_name), TableContent
        )

    def remove_entries(
        self, *, device_name: str, table_name: str, entries: list[str] | None = None, numbers: list[int] | None = None
    ) -> TableContent:
        """Remove rows of a watch table by name, address or number: all that are named, or none.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
            entries: Names or addresses of the rows.
            numbers: 1-based places of the rows.
        """
        return self._client.run(
            "watch_tables.remove_entries",
            RemoveEntries(device_name=device_name, table_name=table_name, entries=entries or [], numbers=numbers or []),
            TableContent,
        )

    def clear_entries(self, *, device_name: str, table_name: str) -> TableContent:
        """Remove all rows of a watch table.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
        """
        return self._client.run(
            "watch_tables.clear_entries", OnTable(device_name=device_name, table_name=table_name), TableContent
        )

    def create_force(self, *, device_name: str, name: str = "") -> WatchTableInfo:
        """Refuse a second force table: a PLC has exactly one.

        Args:
            device_name: Name of the station, its CPU or its program.
            name: Its name.
        """
        return self._client.run(
            "watch_tables.create_force", CreateForce(device_name=device_name, name=name), WatchTableInfo
        )

    def get_force(self, *, device_name: str, table_name: str) -> TableContent:
        """Get the force table with its rows: what is configured, not what is being forced.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
        """
        return self._client.run(
            "watch_tables.get_force", OnTable(device_name=device_name, table_name=table_name), TableContent
        )

    def delete_force(self, *, device_name: str, table_name: str) -> WatchTableInfo:
        """Refuse to delete the force table: it can only be emptied.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
        """
        return self._client.run(
            "watch_tables.delete_force", OnTable(device_name=device_name, table_name=table_name), WatchTableInfo
        )

    def export_force(
        self, *, device_name: str, table_name: str, export_path: str, overwrite: bool = False
    ) -> TableFile:
        """Export the force table to a SimaticML file.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
            export_path: A new .xml file. A file on the server, inside its allowed folders; a relative path starts from
                its workspace.
            overwrite: Replace a file that is there.
        """
        return self._client.run(
            "watch_tables.export_force",
            Export(device_name=device_name, table_name=table_name, export_path=export_path, overwrite=overwrite),
            TableFile,
        )

    def clear_force(self, *, device_name: str, table_name: str) -> TableContent:
        """Remove all rows of the force table. What the PLC is forcing at the moment goes on.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
        """
        return self._client.run(
            "watch_tables.clear_force", OnTable(device_name=device_name, table_name=table_name), TableContent
        )

    def create_folder(self, *, device_name: str, folder: str) -> Folder:
        """Create a folder for watch tables, and those above it.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below the root, its names joined by /; a slash in a name is %2F.
        """
        return self._client.run(
            "watch_tables.create_folder", FolderAddress(device_name=device_name, folder=folder), Folder
        )

    def delete_folder(self, *, device_name: str, folder: str, force: bool = False) -> Folder:
        """Delete a folder of watch tables; one that is not empty only with force.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below the root, its names joined by /; a slash in a name is %2F.
            force: Delete the folder with the tables in it.
        """
        return self._client.run(
            "watch_tables.delete_folder", DeleteFolder(device_name=device_name, folder=folder, force=force), Folder
        )


class AsyncWatchTables(AsyncResource):
    """Watch & Force Tables: watch tables with their rows, the force table, their files and folders."""

    async def list_watch(self, *, device_name: str) -> list[WatchTableInfo]:
        """List the watch tables of a PLC, those in folders too.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return await self._client.run(
            "watch_tables.list_watch", OnDevice(device_name=device_name), list[WatchTableInfo]
        )

    async def create(self, *, device_name: str, name: str, folder: str = "") -> WatchTableInfo:
        """Create an empty watch table.

        Args:
            device_name: Name of the station, its CPU or its program.
            name: Its name.
            folder: Folder below the root, its names joined by /; a slash in a name is %2F. Made when it is missing.
        """
        return await self._client.run(
            "watch_tables.create", Create(device_name=device_name, name=name, folder=folder), WatchTableInfo
        )

    async def delete(self, *, device_name: str, table_name: str) -> WatchTableInfo:
        """Delete a watch table with its rows.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
        """
        return await self._client.run(
            "watch_tables.delete", OnTable(device_name=device_name, table_name=table_name), WatchTableInfo
        )

    async def add_entries(self, *, device_name: str, table_name: str, entries: list[NewEntry]) -> TableContent:
        """Append rows to a watch table: operands by name or address, and comment rows; all or none.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
            entries: The rows, in their order.
        """
        return await self._client.run(
            "watch_tables.add_entries",
            AddEntries(device_name=device_name, table_name=table_name, entries=entries),
            TableContent,
        )

    async def export_watch(
        self, *, device_name: str, table_name: str, export_path: str, overwrite: bool = False
    ) -> TableFile:
        """Export a watch table to a SimaticML file.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
            export_path: A new .xml file. A file on the server, inside its allowed folders; a relative path starts from
                its workspace.
            overwrite: Replace a file that is there.
        """
        return await self._client.run(
            "watch_tables.export_watch",
            Export(device_name=device_name, table_name=table_name, export_path=export_path, overwrite=overwrite),
            TableFile,
        )

    async def read_values(self, *, device_name: str, table_name: str) -> list[RowValue]:
        """Read the rows of a watch table in the simulated PLC, each in its display format; one that cannot be says why.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
        """
        return await self._client.run(
            "watch_tables.read_values", OnTable(device_name=device_name, table_name=table_name), list[RowValue]
        )

    async def modify(self, *, device_name: str, table_name: str, numbers: list[int] | None = None) -> list[RowValue]:
        """Write the modify values of a watch table once into the simulated PLC: all of the chosen rows, or none.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
            numbers: 1-based places of the rows; by default those that are marked for writing.
        """
        return await self._client.run(
            "watch_tables.modify",
            ModifyRows(device_name=device_name, table_name=table_name, numbers=numbers or []),
            list[RowValue],
        )

    async def force(self, *, device_name: str, table_name: str) -> TableContent:
        """Refuse to force: neither Openness nor PLCSIM Advanced has a command for it.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
        """
        return await self._client.run(
            "watch_tables.force", OnTable(device_name=device_name, table_name=table_name), TableContent
        )

    async def list_force(self, *, device_name: str) -> list[WatchTableInfo]:
        """List the force tables of a PLC: there is always one.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return await self._client.run(
            "watch_tables.list_force", OnDevice(device_name=device_name), list[WatchTableInfo]
        )

    async def import_(
        self, *, device_name: str, import_file_path: str, folder: str = "", override: bool = False
    ) -> list[WatchTableInfo]:
        """Import watch tables or the force table; the file says which. A force table with rows needs override.

        Args:
            device_name: Name of the station, its CPU or its program.
            import_file_path: A SimaticML file. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            folder: Folder below the root, its names joined by /; a slash in a name is %2F. Made when it is missing.
            override: Replace tables of the same names in the same folder.
        """
        return await self._client.run(
            "watch_tables.import_",
            Import(device_name=device_name, import_file_path=import_file_path, folder=folder, override=override),
            list[WatchTableInfo],
        )

    async def get_watch(self, *, device_name: str, table_name: str) -> TableContent:
        """Get a watch table with its rows. Live values are at .../values, while the PLC is simulated.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
        """
        return await self._client.run(
            "watch_tables.get_watch", OnTable(device_name=device_name, table_name=table_name), TableContent
        )

    async def remove_entries(
        self, *, device_name: str, table_name: str, entries: list[str] | None = None, numbers: list[int] | None = None
    ) -> TableContent:
        """Remove rows of a watch table by name, address or number: all that are named, or none.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
            entries: Names or addresses of the rows.
            numbers: 1-based places of the rows.
        """
        return await self._client.run(
            "watch_tables.remove_entries",
            RemoveEntries(device_name=device_name, table_name=table_name, entries=entries or [], numbers=numbers or []),
            TableContent,
        )

    async def clear_entries(self, *, device_name: str, table_name: str) -> TableContent:
        """Remove all rows of a watch table.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
        """
        return await self._client.run(
            "watch_tables.clear_entries", OnTable(device_name=device_name, table_name=table_name), TableContent
        )

    async def create_force(self, *, device_name: str, name: str = "") -> WatchTableInfo:
        """Refuse a second force table: a PLC has exactly one.

        Args:
            device_name: Name of the station, its CPU or its program.
            name: Its name.
        """
        return await self._client.run(
            "watch_tables.create_force", CreateForce(device_name=device_name, name=name), WatchTableInfo
        )

    async def get_force(self, *, device_name: str, table_name: str) -> TableContent:
        """Get the force table with its rows: what is configured, not what is being forced.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
        """
        return await self._client.run(
            "watch_tables.get_force", OnTable(device_name=device_name, table_name=table_name), TableContent
        )

    async def delete_force(self, *, device_name: str, table_name: str) -> WatchTableInfo:
        """Refuse to delete the force table: it can only be emptied.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
        """
        return await self._client.run(
            "watch_tables.delete_force", OnTable(device_name=device_name, table_name=table_name), WatchTableInfo
        )

    async def export_force(
        self, *, device_name: str, table_name: str, export_path: str, overwrite: bool = False
    ) -> TableFile:
        """Export the force table to a SimaticML file.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
            export_path: A new .xml file. A file on the server, inside its allowed folders; a relative path starts from
                its workspace.
            overwrite: Replace a file that is there.
        """
        return await self._client.run(
            "watch_tables.export_force",
            Export(device_name=device_name, table_name=table_name, export_path=export_path, overwrite=overwrite),
            TableFile,
        )

    async def clear_force(self, *, device_name: str, table_name: str) -> TableContent:
        """Remove all rows of the force table. What the PLC is forcing at the moment goes on.

        Args:
            device_name: Name of the station, its CPU or its program.
            table_name: Name of the table; with its folders before it, joined by /, as well.
        """
        return await self._client.run(
            "watch_tables.clear_force", OnTable(device_name=device_name, table_name=table_name), TableContent
        )

    async def create_folder(self, *, device_name: str, folder: str) -> Folder:
        """Create a folder for watch tables, and those above it.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below the root, its names joined by /; a slash in a name is %2F.
        """
        return await self._client.run(
            "watch_tables.create_folder", FolderAddress(device_name=device_name, folder=folder), Folder
        )

    async def delete_folder(self, *, device_name: str, folder: str, force: bool = False) -> Folder:
        """Delete a folder of watch tables; one that is not empty only with force.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below the root, its names joined by /; a slash in a name is %2F.
            force: Delete the folder with the tables in it.
        """
        return await self._client.run(
            "watch_tables.delete_folder", DeleteFolder(device_name=device_name, folder=folder, force=force), Folder
        )
