"""HMI Screens: tags and connections of panels.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.hmi.hmi_operations import FromFile, Imported, OnDevice, WrittenFile
from engineering_api.features.hmi.hmi_tags_operations import (
    CreateConnection,
    CreateTag,
    ExportConnections,
    ExportTags,
    ImportTags,
    OnConnection,
    OnTag,
)
from engineering_api.operations.declaration import Nothing
from openness_bridge.hmi.tags import ConnectionInfo, HmiTagInfo, HmiTagNode


class HmiTags(Resource):
    """HMI Screens: tags and connections of panels."""

    def tag_tree(self, *, device_name: str) -> HmiTagNode:
        """Get the folders of a panel with its tag tables and tags.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
        """
        return self._client.run("hmi_tags.tag_tree", OnDevice(device_name=device_name), HmiTagNode)

    def all_tag_trees(self) -> list[HmiTagNode]:
        """Get the tag tables and tags of all panels, below a node for each device."""
        return self._client.run("hmi_tags.all_tag_trees", Nothing(), list[HmiTagNode])

    def unified_tag_tree(self, *, device_name: str) -> HmiTagNode:
        """Get the groups of a Unified panel with its tag tables and tags.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
        """
        return self._client.run("hmi_tags.unified_tag_tree", OnDevice(device_name=device_name), HmiTagNode)

    def list_tags(self, *, device_name: str) -> list[HmiTagInfo]:
        """List the tags of a panel, whatever table they are in.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
        """
        return self._client.run("hmi_tags.list_tags", OnDevice(device_name=device_name), list[HmiTagInfo])

    def all_tags(self) -> list[HmiTagInfo]:
        """List the tags of all panels."""
        return self._client.run("hmi_tags.all_tags", Nothing(), list[HmiTagInfo])

    def export_tags(
        self, *, device_name: str, export_path: str, overwrite: bool = False, table_name: str | None = None
    ) -> WrittenFile:
        """Export the tag tables of a panel, or one of them: SimaticML of a classic panel, .hmi.yml of a Unified one.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            export_path: A new file. A file on the server, inside its allowed folders; a relative path starts from its
                workspace.
            overwrite: Replace a file that is there.
            table_name: Only those of this tag table.
        """
        return self._client.run(
            "hmi_tags.export_tags",
            ExportTags(device_name=device_name, export_path=export_path, overwrite=overwrite, table_name=table_name),
            WrittenFile,
        )

    def import_tags(
        self, *, device_name: str, import_file_path: str, override: bool = False, folder: str = ""
    ) -> Imported:
        """Import tag tables from SimaticML into a classic panel, tags from .hmi.yml into a Unified one, all or none.

        A classic table of the same name is replaced as a whole, not merged.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            import_file_path: What is imported. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            override: Replace what has the same names.
            folder: Folder below the root, its names joined by /; a slash in a name is %2F. Made when it is missing; a
                Unified panel has its place in the file.
        """
        return self._client.run(
            "hmi_tags.import_tags",
            ImportTags(device_name=device_name, import_file_path=import_file_path, override=override, folder=folder),
            Imported,
        )

    def create_tag(
        self,
        *,
        device_name: str,
        name: str,
        table: str = "",
        data_type: str | None = None,
        hmi_data_type: str | None = None,
        connection: str | None = None,
        plc_name: str | None = None,
        plc_tag: str | None = None,
        address: str | None = None,
        acquisition_cycle: str | None = None,
        comment: str | None = None,
    ) -> HmiTagInfo:
        """Create a tag on a Unified panel. Tags of classic panels are imported.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            name: Its name.
            table: Its tag table, made when it is missing; by default the default table.
            data_type: The data type in the controller.
            hmi_data_type: The data type on the panel.
            connection: The connection; without one it is a tag of the panel's own.
            plc_name: The controller.
            plc_tag: The tag or member in the controller; needs a connection.
            address: The absolute address in the controller; needs a connection.
            acquisition_cycle: How often it is read, such as T1s.
            comment: What it is for, in the project's editing language.
        """
        return self._client.run(
            "hmi_tags.create_tag",
            CreateTag(
                device_name=device_name,
                name=name,
                table=table,
                data_type=data_type,
                hmi_data_type=hmi_data_type,
                connection=connection,
                plc_name=plc_name,
                plc_tag=plc_tag,
                address=address,
                acquisition_cycle=acquisition_cycle,
                comment=comment,
            ),
            HmiTagInfo,
        )

    def delete_tag(self, *, device_name: str, tag_name: str) -> HmiTagInfo:
        """Delete a tag of a panel.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            tag_name: Name of the tag.
        """
        return self._client.run("hmi_tags.delete_tag", OnTag(device_name=device_name, tag_name=tag_name), HmiTagInfo)

    def list_connections(self, *, device_name: str) -> list[ConnectionInfo]:
        """List the connections of a panel.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
        """
        return self._client.run("hmi_tags.list_connections", OnDevice(device_name=device_name), list[ConnectionInfo])

    def export_connections(
        self, *, device_name: str, export_path: str, overwrite: bool = False, connection_name: str | None = None
    ) -> WrittenFile:
        """Export the connections of a classic panel, or one of them, to a SimaticML file.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            export_path: A new file. A file on the server, inside its allowed folders; a relative path starts from its
                workspace.
            overwrite: Replace a file that is there.
            connection_name: Only this one.
        """
        return self._client.run(
            "hmi_tags.export_connections",
            ExportConnections(
                device_name=device_name, export_path=export_path, overwrite=overwrite, connection_name=connection_name
            ),
            WrittenFile,
        )

    def import_connections(self, *, device_name: str, import_file_path: str, override: bool = False) -> Imported:
        """Import the connections of a SimaticML file into a classic panel, all or none.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            import_file_path: What is imported. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            override: Replace what has the same names.
        """
        return self._client.run(
            "hmi_tags.import_connections",
            FromFile(device_name=device_name, import_file_path=import_file_path, override=override),
            Imported,
        )

    def create_connection(
        self,
        *,
        device_name: str,
        name: str,
        partner: str,
        type: str | None = None,
        station: str | None = None,
        node: str | None = None,
    ) -> ConnectionInfo:
        """Create a connection on a Unified panel. Connections of classic panels are imported.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            name: Its name.
            partner: The controller.
            type: The communication driver; by default TIA Portal's.
            station: The station that the controller is in.
            node: The interface of the controller.
        """
        return self._client.run(
            "hmi_tags.create_connection",
            CreateConnection(
                device_name=device_name, name=name, partner=partner, type=type, station=station, node=node
            ),
            ConnectionInfo,
        )

    def delete_connection(self, *, device_name: str, connection_name: str) -> ConnectionInfo:
        """Delete a connection of a panel.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            connection_name: Name of the connection.
        """
        return self._client.run(
            "hmi_tags.delete_connection",
            OnConnection(device_name=device_name, connection_name=connection_name),
            ConnectionInfo,
        )


class AsyncHmiTags(AsyncResource):
    """HMI Screens: tags and connections of panels."""

    async def tag_tree(self, *, device_name: str) -> HmiTagNode:
        """Get the folders of a panel with its tag tables and tags.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
        """
        return await self._client.run("hmi_tags.tag_tree", OnDevice(device_name=device_name), HmiTagNode)

    async def all_tag_trees(self) -> list[HmiTagNode]:
        """Get the tag tables and tags of all panels, below a node for each device."""
        return await self._client.run("hmi_tags.all_tag_trees", Nothing(), list[HmiTagNode])

    async def unified_tag_tree(self, *, device_name: str) -> HmiTagNode:
        """Get the groups of a Unified panel with its tag tables and tags.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
        """
        return await self._client.run("hmi_tags.unified_tag_tree", OnDevice(device_name=device_name), HmiTagNode)

    async def list_tags(self, *, device_name: str) -> list[HmiTagInfo]:
        """List the tags of a panel, whatever table they are in.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
        """
        return await self._client.run("hmi_tags.list_tags", OnDevice(device_name=device_name), list[HmiTagInfo])

    async def all_tags(self) -> list[HmiTagInfo]:
        """List the tags of all panels."""
        return await self._client.run("hmi_tags.all_tags", Nothing(), list[HmiTagInfo])

    async def export_tags(
        self, *, device_name: str, export_path: str, overwrite: bool = False, table_name: str | None = None
    ) -> WrittenFile:
        """Export the tag tables of a panel, or one of them: SimaticML of a classic panel, .hmi.yml of a Unified one.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            export_path: A new file. A file on the server, inside its allowed folders; a relative path starts from its
                workspace.
            overwrite: Replace a file that is there.
            table_name: Only those of this tag table.
        """
        return await self._client.run(
            "hmi_tags.export_tags",
            ExportTags(device_name=device_name, export_path=export_path, overwrite=overwrite, table_name=table_name),
            WrittenFile,
        )

    async def import_tags(
        self, *, device_name: str, import_file_path: str, override: bool = False, folder: str = ""
    ) -> Imported:
        """Import tag tables from SimaticML into a classic panel, tags from .hmi.yml into a Unified one, all or none.

        A classic table of the same name is replaced as a whole, not merged.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            import_file_path: What is imported. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            override: Replace what has the same names.
            folder: Folder below the root, its names joined by /; a slash in a name is %2F. Made when it is missing; a
                Unified panel has its place in the file.
        """
        return await self._client.run(
            "hmi_tags.import_tags",
            ImportTags(device_name=device_name, import_file_path=import_file_path, override=override, folder=folder),
            Imported,
        )

    async def create_tag(
        self,
        *,
        device_name: str,
        name: str,
        table: str = "",
        data_type: str | None = None,
        hmi_data_type: str | None = None,
        connection: str | None = None,
        plc_name: str | None = None,
        plc_tag: str | None = None,
        address: str | None = None,
        acquisition_cycle: str | None = None,
        comment: str | None = None,
    ) -> HmiTagInfo:
        """Create a tag on a Unified panel. Tags of classic panels are imported.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            name: Its name.
            table: Its tag table, made when it is missing; by default the default table.
            data_type: The data type in the controller.
            hmi_data_type: The data type on the panel.
            connection: The connection; without one it is a tag of the panel's own.
            plc_name: The controller.
            plc_tag: The tag or member in the controller; needs a connection.
            address: The absolute address in the controller; needs a connection.
            acquisition_cycle: How often it is read, such as T1s.
            comment: What it is for, in the project's editing language.
        """
        return await self._client.run(
            "hmi_tags.create_tag",
            CreateTag(
                device_name=device_name,
                name=name,
                table=table,
                data_type=data_type,
                hmi_data_type=hmi_data_type,
                connection=connection,
                plc_name=plc_name,
                plc_tag=plc_tag,
                address=address,
                acquisition_cycle=acquisition_cycle,
                comment=comment,
            ),
            HmiTagInfo,
        )

    async def delete_tag(self, *, device_name: str, tag_name: str) -> HmiTagInfo:
        """Delete a tag of a panel.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            tag_name: Name of the tag.
        """
        return await self._client.run(
            "hmi_tags.delete_tag", OnTag(device_name=device_name, tag_name=tag_name), HmiTagInfo
        )

    async def list_connections(self, *, device_name: str) -> list[ConnectionInfo]:
        """List the connections of a panel.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
        """
        return await self._client.run(
            "hmi_tags.list_connections", OnDevice(device_name=device_name), list[ConnectionInfo]
        )

    async def export_connections(
        self, *, device_name: str, export_path: str, overwrite: bool = False, connection_name: str | None = None
    ) -> WrittenFile:
        """Export the connections of a classic panel, or one of them, to a SimaticML file.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            export_path: A new file. A file on the server, inside its allowed folders; a relative path starts from its
                workspace.
            overwrite: Replace a file that is there.
            connection_name: Only this one.
        """
        return await self._client.run(
            "hmi_tags.export_connections",
            ExportConnections(
                device_name=device_name, export_path=export_path, overwrite=overwrite, connection_name=connection_name
            ),
            WrittenFile,
        )

    async def import_connections(self, *, device_name: str, import_file_path: str, override: bool = False) -> Imported:
        """Import the connections of a SimaticML file into a classic panel, all or none.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            import_file_path: What is imported. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            override: Replace what has the same names.
        """
        return await self._client.run(
            "hmi_tags.import_connections",
            FromFile(device_name=device_name, import_file_path=import_file_path, override=override),
            Imported,
        )

    async def create_connection(
        self,
        *,
        device_name: str,
        name: str,
        partner: str,
        type: str | None = None,
        station: str | None = None,
        node: str | None = None,
    ) -> ConnectionInfo:
        """Create a connection on a Unified panel. Connections of classic panels are imported.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            name: Its name.
            partner: The controller.
            type: The communication driver; by default TIA Portal's.
            station: The station that the controller is in.
            node: The interface of the controller.
        """
        return await self._client.run(
            "hmi_tags.create_connection",
            CreateConnection(
                device_name=device_name, name=name, partner=partner, type=type, station=station, node=node
            ),
            ConnectionInfo,
        )

    async def delete_connection(self, *, device_name: str, connection_name: str) -> ConnectionInfo:
        """Delete a connection of a panel.

        Args:
            device_name: Name of the panel, or of its runtime, such as HMI_RT_1.
            connection_name: Name of the connection.
        """
        return await self._client.run(
            "hmi_tags.delete_connection",
            OnConnection(device_name=device_name, connection_name=connection_name),
            ConnectionInfo,
        )
