"""Blocks: listed, read, created from JSON, edited, imported and exported as SimaticML.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Any, Literal, overload

from engineering_api.client.jobs import AsyncJob, Job
from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.blocks.block_content import BlockContent
from engineering_api.features.blocks.blocks_operations import (
    AddMember,
    AddNetworks,
    Create,
    Deleted,
    DeleteFolder,
    Exported,
    ExportFile,
    ExportSource,
    ExportText,
    Folder,
    FolderRef,
    ImportFile,
    MemberAddress,
    OnBlock,
    OnDevice,
    PutContent,
    Rename,
    Source,
    UpdateMember,
)
from openness_bridge.program.blocks import BlockInfo, BlockNode
from openness_bridge.program.compile import CompileReport


class Blocks(Resource):
    """Blocks: listed, read, created from JSON, edited, imported and exported as SimaticML."""

    @overload
    def list_(self, *, device_name: str, wait: Literal[True] = True) -> list[BlockInfo]: ...

    @overload
    def list_(self, *, device_name: str, wait: Literal[False]) -> Job[list[BlockInfo]]: ...

    def list_(self, *, device_name: str, wait: bool = True) -> list[BlockInfo] | Job[list[BlockInfo]]:
        """List all blocks of a PLC.

        Args:
            device_name: Name of the station, its CPU or its program.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start("blocks.list_", OnDevice(device_name=device_name), list[BlockInfo])
        return self._client.run("blocks.list_", OnDevice(device_name=device_name), list[BlockInfo])

    def tree(self, *, device_name: str) -> BlockNode:
        """Get the folders of a PLC with their blocks.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return self._client.run("blocks.tree", OnDevice(device_name=device_name), BlockNode)

    def get_content(self, *, device_name: str, block_name: str) -> BlockContent:
        """Get a block's interface, networks, text and JSON form. It must be consistent: compile it first.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
        """
        return self._client.run(
            "blocks.get_content", OnBlock(device_name=device_name, block_name=block_name), BlockContent
        )

    def create(
        self,
        *,
        device_name: str,
        name: str | None = None,
        kind: str | None = None,
        language: str | None = None,
        number: int | None = None,
        title: str | None = None,
        comment: str | None = None,
        interface: dict[str, Any] | None = None,
        members: list[dict[str, Any]] | None = None,
        networks: list[dict[str, Any]] | None = None,
        instance_of: str | None = None,
        secondary_type: str | None = None,
        memory_layout: str | None = None,
        attributes: dict[str, Any] | None = None,
        document: dict[str, Any] | None = None,
        culture: str | None = None,
        folder: str = "",
        override: bool = False,
    ) -> BlockInfo:
        """Create a block, with interface and networks in JSON or empty.

        Args:
            name: Name of the block.
            kind: OB, FB, FC, GlobalDB, InstanceDB or ArrayDB; DB means GlobalDB.
            language: LAD, FBD, SCL, STL or GRAPH.
            number: Block number; the next free one by default.
            title: Title.
            comment: Comment.
            interface: Sections with their members. In the JSON form of simatic_xml (docs/simatic_xml.md).
            members: Members of a data block. In the JSON form of simatic_xml (docs/simatic_xml.md).
            networks: Networks. In the JSON form of simatic_xml (docs/simatic_xml.md).
            instance_of: The FB of an instance DB.
            secondary_type: Event class of an OB, such as ProgramCycle.
            memory_layout: Optimized or Standard.
            attributes: Further attributes by their SimaticML names.
            document: The whole object instead: also a UDT or a table. In the JSON form of simatic_xml
                (docs/simatic_xml.md).
            culture: Language of title and comments given as plain text, such as en-US.
            device_name: Name of the station, its CPU or its program.
            folder: Folder below Program blocks, its names joined by /.
            override: Replace a block of that name in the same folder.
        """
        return self._client.run(
            "blocks.create",
            Create(
                name=name,
                kind=kind,
                language=language,
                number=number,
                title=title,
                comment=comment,
                interface=interface or {},
                members=members or [],
                networks=networks or [],
                instance_of=instance_of,
                secondary_type=secondary_type,
                memory_layout=memory_layout,
                attributes=attributes or {},
                document=document,
                culture=culture,
                device_name=device_name,
                folder=folder,
                override=override,
            ),
            BlockInfo,
        )

    def delete(self, *, device_name: str, block_name: str) -> Deleted:
        """Delete a block. What uses it becomes inconsistent; instance DBs of a deleted FB stay.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
        """
        return self._client.run("blocks.delete", OnBlock(device_name=device_name, block_name=block_name), Deleted)

    @overload
    def rename(self, *, device_name: str, block_name: str, new_name: str, wait: Literal[True] = True) -> BlockInfo: ...

    @overload
    def rename(self, *, device_name: str, block_name: str, new_name: str, wait: Literal[False]) -> Job[BlockInfo]: ...

    def rename(
        self, *, device_name: str, block_name: str, new_name: str, wait: bool = True
    ) -> BlockInfo | Job[BlockInfo]:
        """Give a block another name.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
            new_name: Its new name.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "blocks.rename", Rename(device_name=device_name, block_name=block_name, new_name=new_name), BlockInfo
            )
        return self._client.run(
            "blocks.rename", Rename(device_name=device_name, block_name=block_name, new_name=new_name), BlockInfo
        )

    @overload
    def export(
        self,
        *,
        device_name: str,
        block_name: str,
        export_path: str,
        overwrite: bool = False,
        wait: Literal[True] = True,
    ) -> Exported: ...

    @overload
    def export(
        self, *, device_name: str, block_name: str, export_path: str, overwrite: bool = False, wait: Literal[False]
    ) -> Job[Exported]: ...

    def export(
        self, *, device_name: str, block_name: str, export_path: str, overwrite: bool = False, wait: bool = True
    ) -> Exported | Job[Exported]:
        """Export a block to a SimaticML file (it must be consistent), or to SIMATIC SD documents, .s7dcl and .s7res.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
            export_path: A new .xml or .s7dcl file. A file on the server, inside its allowed folders; a relative path
                starts from its workspace.
            overwrite: Replace a file that is there.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "blocks.export",
                ExportFile(
                    device_name=device_name, block_name=block_name, export_path=export_path, overwrite=overwrite
                ),
                Exported,
            )
        return self._client.run(
            "blocks.export",
            ExportFile(device_name=device_name, block_name=block_name, export_path=export_path, overwrite=overwrite),
            Exported,
        )

    def export_text(self, *, device_name: str, block_name: str, format: str = "xml") -> str:
        """Get a block as text: SimaticML, or the source of one that has one.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
            format: xml for SimaticML, scl for source text.
        """
        return self._client.run(
            "blocks.export_text", ExportText(device_name=device_name, block_name=block_name, format=format), str
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
    ) -> list[BlockInfo]: ...

    @overload
    def import_(
        self, *, device_name: str, import_file_path: str, folder: str = "", override: bool = False, wait: Literal[False]
    ) -> Job[list[BlockInfo]]: ...

    def import_(
        self, *, device_name: str, import_file_path: str, folder: str = "", override: bool = False, wait: bool = True
    ) -> list[BlockInfo] | Job[list[BlockInfo]]:
        """Import the blocks of a SimaticML file or SIMATIC SD document: all of them, or none when one is refused.

        Args:
            device_name: Name of the station, its CPU or its program.
            import_file_path: A .xml or .s7dcl file. A file on the server, inside its allowed folders; a relative path
                starts from its workspace.
            folder: Folder below Program blocks, made when missing.
            override: Replace blocks of the same names in the same folder.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "blocks.import_",
                ImportFile(
                    device_name=device_name, import_file_path=import_file_path, folder=folder, override=override
                ),
                list[BlockInfo],
            )
        return self._client.run(
            "blocks.import_",
            ImportFile(device_name=device_name, import_file_path=import_file_path, folder=folder, override=override),
            list[BlockInfo],
        )

    def add_networks(
        self, *, device_name: str, block_name: str, networks: list[dict[str, Any]], position: int | None = None
    ) -> BlockInfo:
        """Add networks to a block.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
            networks: The networks. In the JSON form of simatic_xml (docs/simatic_xml.md).
            position: Number that the first of them gets; at the end by default.
        """
        return self._client.run(
            "blocks.add_networks",
            AddNetworks(device_name=device_name, block_name=block_name, networks=networks, position=position),
            BlockInfo,
        )

    def add_member(
        self,
        *,
        device_name: str,
        block_name: str,
        name: str,
        data_type: str | None = None,
        start_value: str | None = None,
        comment: str | None = None,
        retain: str | None = None,
        section: str | None = None,
    ) -> BlockInfo:
        """Add a member to a block's interface. Calls of the block become inconsistent.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
            data_type: Data type.
            start_value: Start value.
            comment: Comment.
            retain: Retain, NonRetain or SetInIDB.
            section: Input, Output, InOut, Static, Temp or Constant.
            name: Name of the member.
        """
        return self._client.run(
            "blocks.add_member",
            AddMember(
                device_name=device_name,
                block_name=block_name,
                data_type=data_type,
                start_value=start_value,
                comment=comment,
                retain=retain,
                section=section,
                name=name,
            ),
            BlockInfo,
        )

    def update_member(
        self,
        *,
        device_name: str,
        block_name: str,
        member_name: str,
        data_type: str | None = None,
        start_value: str | None = None,
        comment: str | None = None,
        retain: str | None = None,
        section: str | None = None,
        name: str | None = None,
    ) -> BlockInfo:
        """Change a member of a block's interface.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
            data_type: Data type.
            start_value: Start value.
            comment: Comment.
            retain: Retain, NonRetain or SetInIDB.
            section: Input, Output, InOut, Static, Temp or Constant.
            member_name: Name of the member.
            name: New name; references by name break.
        """
        return self._client.run(
            "blocks.update_member",
            UpdateMember(
                device_name=device_name,
                block_name=block_name,
                data_type=data_type,
                start_value=start_value,
                comment=comment,
                retain=retain,
                section=section,
                member_name=member_name,
                name=name,
            ),
            BlockInfo,
        )

    def delete_member(self, *, device_name: str, block_name: str, member_name: str) -> BlockInfo:
        """Delete a member of a block's interface.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
            member_name: Name of the member.
        """
        return self._client.run(
            "blocks.delete_member",
            MemberAddress(device_name=device_name, block_name=block_name, member_name=member_name),
            BlockInfo,
        )

    def put_content(
        self,
        *,
        device_name: str,
        block_name: str,
        document: dict[str, Any] | None = None,
        raw_xml: str | None = None,
        source_text: str | None = None,
        interface: dict[str, Any] | None = None,
        networks: list[dict[str, Any]] | None = None,
    ) -> BlockInfo:
        """Replace a block's content: as JSON, SimaticML or SCL source, or only its interface or networks.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
            document: The whole block. In the JSON form of simatic_xml (docs/simatic_xml.md).
            raw_xml: The whole block as SimaticML.
            source_text: The whole block as SCL source.
            interface: Only the sections. In the JSON form of simatic_xml (docs/simatic_xml.md).
            networks: Only the networks. In the JSON form of simatic_xml (docs/simatic_xml.md).
        """
        return self._client.run(
            "blocks.put_content",
            PutContent(
                device_name=device_name,
                block_name=block_name,
                document=document,
                raw_xml=raw_xml,
                source_text=source_text,
                interface=interface,
                networks=networks,
            ),
            BlockInfo,
        )

    def export_xml(self, *, device_name: str, block_name: str) -> str:
        """Get a block as SimaticML text.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
        """
        return self._client.run("blocks.export_xml", OnBlock(device_name=device_name, block_name=block_name), str)

    def export_source(
        self, *, device_name: str, block_name: str, export_path: str | None = None, with_dependencies: bool = False
    ) -> Source:
        """Get a block's source text, and write it to a file. Only SCL and STL blocks and data blocks have one.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
            export_path: A new source file; only the text is answered when left out. A file on the server, inside its
                allowed folders; a relative path starts from its workspace.
            with_dependencies: With the blocks and types that it needs.
        """
        return self._client.run(
            "blocks.export_source",
            ExportSource(
                device_name=device_name,
                block_name=block_name,
                export_path=export_path,
                with_dependencies=with_dependencies,
            ),
            Source,
        )

    def compile_(self, *, device_name: str, block_name: str) -> CompileReport:
        """Compile one block. Errors are in the result, not in the status.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
        """
        return self._client.run(
            "blocks.compile_", OnBlock(device_name=device_name, block_name=block_name), CompileReport
        )

    def create_folder(self, *, device_name: str, folder: str) -> FolderRef:
        """Create a folder for blocks, with those above it.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below Program blocks, its names joined by /.
        """
        return self._client.run("blocks.create_folder", Folder(device_name=device_name, folder=folder), FolderRef)

    def delete_folder(self, *, device_name: str, folder: str, force: bool = False) -> FolderRef:
        """Delete a folder; one that is not empty only with force.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below Program blocks, its names joined by /.
            force: Delete what is in it, too.
        """
        return self._client.run(
            "blocks.delete_folder", DeleteFolder(device_name=device_name, folder=folder, force=force), FolderRef
        )


class AsyncBlocks(AsyncResource):
    """Blocks: listed, read, created from JSON, edited, imported and exported as SimaticML."""

    @overload
    async def list_(self, *, device_name: str, wait: Literal[True] = True) -> list[BlockInfo]: ...

    @overload
    async def list_(self, *, device_name: str, wait: Literal[False]) -> AsyncJob[list[BlockInfo]]: ...

    async def list_(self, *, device_name: str, wait: bool = True) -> list[BlockInfo] | AsyncJob[list[BlockInfo]]:
        """List all blocks of a PLC.

        Args:
            device_name: Name of the station, its CPU or its program.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start("blocks.list_", OnDevice(device_name=device_name), list[BlockInfo])
        return await self._client.run("blocks.list_", OnDevice(device_name=device_name), list[BlockInfo])

    async def tree(self, *, device_name: str) -> BlockNode:
        """Get the folders of a PLC with their blocks.

        Args:
            device_name: Name of the station, its CPU or its program.
        """
        return await self._client.run("blocks.tree", OnDevice(device_name=device_name), BlockNode)

    async def get_content(self, *, device_name: str, block_name: str) -> BlockContent:
        """Get a block's interface, networks, text and JSON form. It must be consistent: compile it first.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
        """
        return await self._client.run(
            "blocks.get_content", OnBlock(device_name=device_name, block_name=block_name), BlockContent
        )

    async def create(
        self,
        *,
        device_name: str,
        name: str | None = None,
        kind: str | None = None,
        language: str | None = None,
        number: int | None = None,
        title: str | None = None,
        comment: str | None = None,
        interface: dict[str, Any] | None = None,
        members: list[dict[str, Any]] | None = None,
        networks: list[dict[str, Any]] | None = None,
        instance_of: str | None = None,
        secondary_type: str | None = None,
        memory_layout: str | None = None,
        attributes: dict[str, Any] | None = None,
        document: dict[str, Any] | None = None,
        culture: str | None = None,
        folder: str = "",
        override: bool = False,
    ) -> BlockInfo:
        """Create a block, with interface and networks in JSON or empty.

        Args:
            name: Name of the block.
            kind: OB, FB, FC, GlobalDB, InstanceDB or ArrayDB; DB means GlobalDB.
            language: LAD, FBD, SCL, STL or GRAPH.
            number: Block number; the next free one by default.
            title: Title.
            comment: Comment.
            interface: Sections with their members. In the JSON form of simatic_xml (docs/simatic_xml.md).
            members: Members of a data block. In the JSON form of simatic_xml (docs/simatic_xml.md).
            networks: Networks. In the JSON form of simatic_xml (docs/simatic_xml.md).
            instance_of: The FB of an instance DB.
            secondary_type: Event class of an OB, such as ProgramCycle.
            memory_layout: Optimized or Standard.
            attributes: Further attributes by their SimaticML names.
            document: The whole object instead: also a UDT or a table. In the JSON form of simatic_xml
                (docs/simatic_xml.md).
            culture: Language of title and comments given as plain text, such as en-US.
            device_name: Name of the station, its CPU or its program.
            folder: Folder below Program blocks, its names joined by /.
            override: Replace a block of that name in the same folder.
        """
        return await self._client.run(
            "blocks.create",
            Create(
                name=name,
                kind=kind,
                language=language,
                number=number,
                title=title,
                comment=comment,
                interface=interface or {},
                members=members or [],
                networks=networks or [],
                instance_of=instance_of,
                secondary_type=secondary_type,
                memory_layout=memory_layout,
                attributes=attributes or {},
                document=document,
                culture=culture,
                device_name=device_name,
                folder=folder,
                override=override,
            ),
            BlockInfo,
        )

    async def delete(self, *, device_name: str, block_name: str) -> Deleted:
        """Delete a block. What uses it becomes inconsistent; instance DBs of a deleted FB stay.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
        """
        return await self._client.run("blocks.delete", OnBlock(device_name=device_name, block_name=block_name), Deleted)

    @overload
    async def rename(
        self, *, device_name: str, block_name: str, new_name: str, wait: Literal[True] = True
    ) -> BlockInfo: ...

    @overload
    async def rename(
        self, *, device_name: str, block_name: str, new_name: str, wait: Literal[False]
    ) -> AsyncJob[BlockInfo]: ...

    async def rename(
        self, *, device_name: str, block_name: str, new_name: str, wait: bool = True
    ) -> BlockInfo | AsyncJob[BlockInfo]:
        """Give a block another name.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
            new_name: Its new name.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "blocks.rename", Rename(device_name=device_name, block_name=block_name, new_name=new_name), BlockInfo
            )
        return await self._client.run(
            "blocks.rename", Rename(device_name=device_name, block_name=block_name, new_name=new_name), BlockInfo
        )

    @overload
    async def export(
        self,
        *,
        device_name: str,
        block_name: str,
        export_path: str,
        overwrite: bool = False,
        wait: Literal[True] = True,
    ) -> Exported: ...

    @overload
    async def export(
        self, *, device_name: str, block_name: str, export_path: str, overwrite: bool = False, wait: Literal[False]
    ) -> AsyncJob[Exported]: ...

    async def export(
        self, *, device_name: str, block_name: str, export_path: str, overwrite: bool = False, wait: bool = True
    ) -> Exported | AsyncJob[Exported]:
        """Export a block to a SimaticML file (it must be consistent), or to SIMATIC SD documents, .s7dcl and .s7res.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
            export_path: A new .xml or .s7dcl file. A file on the server, inside its allowed folders; a relative path
                starts from its workspace.
            overwrite: Replace a file that is there.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "blocks.export",
                ExportFile(
                    device_name=device_name, block_name=block_name, export_path=export_path, overwrite=overwrite
                ),
                Exported,
            )
        return await self._client.run(
            "blocks.export",
            ExportFile(device_name=device_name, block_name=block_name, export_path=export_path, overwrite=overwrite),
            Exported,
        )

    async def export_text(self, *, device_name: str, block_name: str, format: str = "xml") -> str:
        """Get a block as text: SimaticML, or the source of one that has one.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
            format: xml for SimaticML, scl for source text.
        """
        return await self._client.run(
            "blocks.export_text", ExportText(device_name=device_name, block_name=block_name, format=format), str
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
    ) -> list[BlockInfo]: ...

    @overload
    async def import_(
        self, *, device_name: str, import_file_path: str, folder: str = "", override: bool = False, wait: Literal[False]
    ) -> AsyncJob[list[BlockInfo]]: ...

    async def import_(
        self, *, device_name: str, import_file_path: str, folder: str = "", override: bool = False, wait: bool = True
    ) -> list[BlockInfo] | AsyncJob[list[BlockInfo]]:
        """Import the blocks of a SimaticML file or SIMATIC SD document: all of them, or none when one is refused.

        Args:
            device_name: Name of the station, its CPU or its program.
            import_file_path: A .xml or .s7dcl file. A file on the server, inside its allowed folders; a relative path
                starts from its workspace.
            folder: Folder below Program blocks, made when missing.
            override: Replace blocks of the same names in the same folder.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "blocks.import_",
                ImportFile(
                    device_name=device_name, import_file_path=import_file_path, folder=folder, override=override
                ),
                list[BlockInfo],
            )
        return await self._client.run(
            "blocks.import_",
            ImportFile(device_name=device_name, import_file_path=import_file_path, folder=folder, override=override),
            list[BlockInfo],
        )

    async def add_networks(
        self, *, device_name: str, block_name: str, networks: list[dict[str, Any]], position: int | None = None
    ) -> BlockInfo:
        """Add networks to a block.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
            networks: The networks. In the JSON form of simatic_xml (docs/simatic_xml.md).
            position: Number that the first of them gets; at the end by default.
        """
        return await self._client.run(
            "blocks.add_networks",
            AddNetworks(device_name=device_name, block_name=block_name, networks=networks, position=position),
            BlockInfo,
        )

    async def add_member(
        self,
        *,
        device_name: str,
        block_name: str,
        name: str,
        data_type: str | None = None,
        start_value: str | None = None,
        comment: str | None = None,
        retain: str | None = None,
        section: str | None = None,
    ) -> BlockInfo:
        """Add a member to a block's interface. Calls of the block become inconsistent.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
            data_type: Data type.
            start_value: Start value.
            comment: Comment.
            retain: Retain, NonRetain or SetInIDB.
            section: Input, Output, InOut, Static, Temp or Constant.
            name: Name of the member.
        """
        return await self._client.run(
            "blocks.add_member",
            AddMember(
                device_name=device_name,
                block_name=block_name,
                data_type=data_type,
                start_value=start_value,
                comment=comment,
                retain=retain,
                section=section,
                name=name,
            ),
            BlockInfo,
        )

    async def update_member(
        self,
        *,
        device_name: str,
        block_name: str,
        member_name: str,
        data_type: str | None = None,
        start_value: str | None = None,
        comment: str | None = None,
        retain: str | None = None,
        section: str | None = None,
        name: str | None = None,
    ) -> BlockInfo:
        """Change a member of a block's interface.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
            data_type: Data type.
            start_value: Start value.
            comment: Comment.
            retain: Retain, NonRetain or SetInIDB.
            section: Input, Output, InOut, Static, Temp or Constant.
            member_name: Name of the member.
            name: New name; references by name break.
        """
        return await self._client.run(
            "blocks.update_member",
            UpdateMember(
                device_name=device_name,
                block_name=block_name,
                data_type=data_type,
                start_value=start_value,
                comment=comment,
                retain=retain,
                section=section,
                member_name=member_name,
                name=name,
            ),
            BlockInfo,
        )

    async def delete_member(self, *, device_name: str, block_name: str, member_name: str) -> BlockInfo:
        """Delete a member of a block's interface.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
            member_name: Name of the member.
        """
        return await self._client.run(
            "blocks.delete_member",
            MemberAddress(device_name=device_name, block_name=block_name, member_name=member_name),
            BlockInfo,
        )

    async def put_content(
        self,
        *,
        device_name: str,
        block_name: str,
        document: dict[str, Any] | None = None,
        raw_xml: str | None = None,
        source_text: str | None = None,
        interface: dict[str, Any] | None = None,
        networks: list[dict[str, Any]] | None = None,
    ) -> BlockInfo:
        """Replace a block's content: as JSON, SimaticML or SCL source, or only its interface or networks.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
            document: The whole block. In the JSON form of simatic_xml (docs/simatic_xml.md).
            raw_xml: The whole block as SimaticML.
            source_text: The whole block as SCL source.
            interface: Only the sections. In the JSON form of simatic_xml (docs/simatic_xml.md).
            networks: Only the networks. In the JSON form of simatic_xml (docs/simatic_xml.md).
        """
        return await self._client.run(
            "blocks.put_content",
            PutContent(
                device_name=device_name,
                block_name=block_name,
                document=document,
                raw_xml=raw_xml,
                source_text=source_text,
                interface=interface,
                networks=networks,
            ),
            BlockInfo,
        )

    async def export_xml(self, *, device_name: str, block_name: str) -> str:
        """Get a block as SimaticML text.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
        """
        return await self._client.run("blocks.export_xml", OnBlock(device_name=device_name, block_name=block_name), str)

    async def export_source(
        self, *, device_name: str, block_name: str, export_path: str | None = None, with_dependencies: bool = False
    ) -> Source:
        """Get a block's source text, and write it to a file. Only SCL and STL blocks and data blocks have one.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
            export_path: A new source file; only the text is answered when left out. A file on the server, inside its
                allowed folders; a relative path starts from its workspace.
            with_dependencies: With the blocks and types that it needs.
        """
        return await self._client.run(
            "blocks.export_source",
            ExportSource(
                device_name=device_name,
                block_name=block_name,
                export_path=export_path,
                with_dependencies=with_dependencies,
            ),
            Source,
        )

    async def compile_(self, *, device_name: str, block_name: str) -> CompileReport:
        """Compile one block. Errors are in the result, not in the status.

        Args:
            device_name: Name of the station, its CPU or its program.
            block_name: Name of the block.
        """
        return await self._client.run(
            "blocks.compile_", OnBlock(device_name=device_name, block_name=block_name), CompileReport
        )

    async def create_folder(self, *, device_name: str, folder: str) -> FolderRef:
        """Create a folder for blocks, with those above it.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below Program blocks, its names joined by /.
        """
        return await self._client.run("blocks.create_folder", Folder(device_name=device_name, folder=folder), FolderRef)

    async def delete_folder(self, *, device_name: str, folder: str, force: bool = False) -> FolderRef:
        """Delete a folder; one that is not empty only with force.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below Program blocks, its names joined by /.
            force: Delete what is in it, too.
        """
        return await self._client.run(
            "blocks.delete_folder", DeleteFolder(device_name=device_name, folder=folder, force=force), FolderRef
        )
