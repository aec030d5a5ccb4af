"""Block Generation: blocks from JSON, from templates and from files, one or many, with or without a portal.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Any, Literal, overload

from engineering_api.client.jobs import AsyncJob, Job
from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.blocks.block_generation import Generated
from engineering_api.features.blocks.block_generation_operations import (
    Bulk,
    Content,
    Design,
    Fill,
    GenerateAndImport,
    GenerateOnly,
    GraphAndImport,
    GraphOnly,
    ImportOnly,
    Instantiate,
    TemplateAddress,
)
from engineering_api.features.blocks.block_templates import Filled, TemplateInfo
from engineering_api.features.blocks.bulk_import import ImportReport
from engineering_api.operations.declaration import Nothing


class BlockGeneration(Resource):
    """Block Generation: blocks from JSON, from templates and from files, one or many, with or without a portal."""

    def generate_only(
        self,
        *,
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
        tia_version: str | None = None,
        drawings: bool = False,
        export_path: str | None = None,
        overwrite: bool = False,
    ) -> Generated:
        """Generate a block's SimaticML from JSON, with its networks checked and drawn. No portal is needed.

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
            tia_version: TIA Portal version such as 19; that of the server by default.
            drawings: Draw the LAD and FBD networks as SVG.
            export_path: A new .xml file to write, too. A file on the server, inside its allowed folders; a relative
                path starts from its workspace.
            overwrite: Replace a file that is there.
        """
        return self._client.run(
            "block_generation.generate_only",
            GenerateOnly(
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
                tia_version=tia_version,
                drawings=drawings,
                export_path=export_path,
                overwrite=overwrite,
            ),
            Generated,
        )

    def generate_and_import(
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
        compile: bool = False,
    ) -> ImportReport:
        """Generate a block from JSON and import it.

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
            folder: Folder below the root of the kind, its names joined by /. Made when it is missing.
            override: Replace a block of that name in the same folder.
            compile: Compile the program afterwards.
        """
        return self._client.run(
            "block_generation.generate_and_import",
            GenerateAndImport(
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
                compile=compile,
            ),
            ImportReport,
        )

    def import_only(
        self,
        *,
        device_name: str,
        folder: str = "",
        override: bool = False,
        import_file_path: str | None = None,
        xml: str | None = None,
        compile: bool = False,
    ) -> ImportReport:
        """Import SimaticML, of a file or as text: blocks, data types or tables, each to where its kind belongs.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below the root of the kind, its names joined by /. Made when it is missing.
            override: Replace objects of the same names in the same folder.
            import_file_path: A SimaticML file. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            xml: SimaticML text.
            compile: Compile the program afterwards.
        """
        return self._client.run(
            "block_generation.import_only",
            ImportOnly(
                device_name=device_name,
                folder=folder,
                override=override,
                import_file_path=import_file_path,
                xml=xml,
                compile=compile,
            ),
            ImportReport,
        )

    def generate_from_design(
        self,
        *,
        device_name: str,
        objects: list[dict[str, Any]],
        folder: str = "",
        override: bool = False,
        compile: bool = False,
    ) -> ImportReport:
        """Generate data types, tag tables and blocks from JSON and import them in the order of their needs, all or none.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below the root of the kind, its names joined by /. Made when it is missing.
            override: Replace objects of the same names in the same folder.
            objects: Data types, tag tables and blocks; each may name its folder. In the JSON form of simatic_xml
                (docs/simatic_xml.md).
            compile: Compile the program afterwards.
        """
        return self._client.run(
            "block_generation.generate_from_design",
            Design(device_name=device_name, folder=folder, override=override, objects=objects, compile=compile),
            ImportReport,
        )

    def generate_graph(
        self,
        *,
        name: str,
        graph: dict[str, Any],
        device_name: str,
        number: int | None = None,
        title: str | None = None,
        comment: str | None = None,
        interface: dict[str, Any] | None = None,
        culture: str | None = None,
        folder: str = "",
        override: bool = False,
        compile: bool = False,
    ) -> ImportReport:
        """Generate a GRAPH block from JSON and import it. It needs a CPU with GRAPH (S7-1500).

        Args:
            name: Name of the block.
            graph: Steps, transitions and how they follow each other, as {"sequences": [...]} (docs/stl-graph-json.md).
            number: Block number; the next free one by default.
            title: Title.
            comment: Comment.
            interface: Sections with further members, in the JSON form of simatic_xml.
            culture: Language of title and comments given as plain text, such as en-US.
            device_name: Name of the station, its CPU or its program.
            folder: Folder below the root of the kind, its names joined by /. Made when it is missing.
            override: Replace a block of that name in the same folder.
            compile: Compile the program afterwards.
        """
        return self._client.run(
            "block_generation.generate_graph",
            GraphAndImport(
                name=name,
                graph=graph,
                number=number,
                title=title,
                comment=comment,
                interface=interface or {},
                culture=culture,
                device_name=device_name,
                folder=folder,
                override=override,
                compile=compile,
            ),
            ImportReport,
        )

    def generate_graph_only(
        self,
        *,
        name: str,
        graph: dict[str, Any],
        number: int | None = None,
        title: str | None = None,
        comment: str | None = None,
        interface: dict[str, Any] | None = None,
        culture: str | None = None,
        tia_version: str | None = None,
        export_path: str | None = None,
        overwrite: bool = False,
    ) -> Generated:
        """Generate a GRAPH block's SimaticML from JSON. No portal is needed.

        Args:
            name: Name of the block.
            graph: Steps, transitions and how they follow each other, as {"sequences": [...]} (docs/stl-graph-json.md).
            number: Block number; the next free one by default.
            title: Title.
            comment: Comment.
            interface: Sections with further members, in the JSON form of simatic_xml.
            culture: Language of title and comments given as plain text, such as en-US.
            tia_version: TIA Portal version such as 19; that of the server by default.
            export_path: A new .xml file to write, too. A file on the server, inside its allowed folders; a relative
                path starts from its workspace.
            overwrite: Replace a file that is there.
        """
        return self._client.run(
            "block_generation.generate_graph_only",
            GraphOnly(
                name=name,
                graph=graph,
                number=number,
                title=title,
                comment=comment,
                interface=interface or {},
                culture=culture,
                tia_version=tia_version,
                export_path=export_path,
                overwrite=overwrite,
            ),
            Generated,
        )

    def templates(self) -> list[TemplateInfo]:
        """List the block templates with their parameters."""
        return self._client.run("block_generation.templates", Nothing(), list[TemplateInfo])

    def get_template(self, *, template_name: str) -> TemplateInfo:
        """Get a block template with its parameters.

        Args:
            template_name: Name of the template.
        """
        return self._client.run(
            "block_generation.get_template", TemplateAddress(template_name=template_name), TemplateInfo
        )

    def fill_template(
        self,
        *,
        template_name: str,
        parameters: dict[str, Any] | None = None,
        tia_version: str | None = None,
        culture: str = "en-US",
    ) -> Filled:
        """Get what a template gives, as SimaticML and source. No portal is needed.

        Args:
            template_name: Name of the template.
            parameters: Its parameters by name; those left out have their defaults.
            tia_version: TIA Portal version such as 19; that of the server by default.
            culture: Language of the comments.
        """
        return self._client.run(
            "block_generation.fill_template",
            Fill(template_name=template_name, parameters=parameters or {}, tia_version=tia_version, culture=culture),
            Filled,
        )

    def instantiate(
        self,
        *,
        device_name: str,
        template_name: str,
        folder: str = "",
        override: bool = False,
        parameters: dict[str, Any] | None = None,
        compile: bool = False,
    ) -> ImportReport:
        """Make the blocks of a template in a PLC, all or none.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below the root of the kind, its names joined by /. Made when it is missing.
            override: Replace objects of the same names in the same folder.
            template_name: Name of the template.
            parameters: Its parameters by name; those left out have their defaults.
            compile: Compile the program afterwards.
        """
        return self._client.run(
            "block_generation.instantiate",
            Instantiate(
                device_name=device_name,
                folder=folder,
                override=override,
                template_name=template_name,
                parameters=parameters or {},
                compile=compile,
            ),
            ImportReport,
        )

    @overload
    def bulk_import_(
        self,
        *,
        device_name: str,
        folder: str = "",
        override: bool = False,
        items: list[Content] | None = None,
        files: list[str] | None = None,
        mode: Literal["all", "each"] = "all",
        compile: bool = False,
        wait: Literal[True] = True,
    ) -> ImportReport: ...

    @overload
    def bulk_import_(
        self,
        *,
        device_name: str,
        folder: str = "",
        override: bool = False,
        items: list[Content] | None = None,
        files: list[str] | None = None,
        mode: Literal["all", "each"] = "all",
        compile: bool = False,
        wait: Literal[False],
    ) -> Job[ImportReport]: ...

    def bulk_import_(
        self,
        *,
        device_name: str,
        folder: str = "",
        override: bool = False,
        items: list[Content] | None = None,
        files: list[str] | None = None,
        mode: Literal["all", "each"] = "all",
        compile: bool = False,
        wait: bool = True,
    ) -> ImportReport | Job[ImportReport]:
        """Import many files and documents in the order of their needs: all or none, or each for itself.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below the root of the kind, its names joined by /. Made when it is missing.
            override: Replace objects of the same names in the same folder.
            items: Files, texts and documents.
            files: SimaticML files. A file on the server, inside its allowed folders; a relative path starts from its
                workspace.
            mode: all: all or none. each: whatever can be imported.
            compile: Compile the program afterwards.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "block_generation.bulk_import_",
                Bulk(
                    device_name=device_name,
                    folder=folder,
                    override=override,
                    items=items or [],
                    files=files or [],
                    mode=mode,
                    compile=compile,
                ),
                ImportReport,
            )
        return self._client.run(
            "block_generation.bulk_import_",
            Bulk(
                device_name=device_name,
                folder=folder,
                override=override,
                items=items or [],
                files=files or [],
                mode=mode,
                compile=compile,
            ),
            ImportReport,
        )


class AsyncBlockGeneration(AsyncResource):
    """Block Generation: blocks from JSON, from templates and from files, one or many, with or without a portal."""

    async def generate_only(
        self,
        *,
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
        tia_version: str | None = None,
        drawings: bool = False,
        export_path: str | None = None,
        overwrite: bool = False,
    ) -> Generated:
        """Generate a block's SimaticML from JSON, with its networks checked and drawn. No portal is needed.

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
            tia_version: TIA Portal version such as 19; that of the server by default.
            drawings: Draw the LAD and FBD networks as SVG.
            export_path: A new .xml file to write, too. A file on the server, inside its allowed folders; a relative
                path starts from its workspace.
            overwrite: Replace a file that is there.
        """
        return await self._client.run(
            "block_generation.generate_only",
            GenerateOnly(
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
                tia_version=tia_version,
                drawings=drawings,
                export_path=export_path,
                overwrite=overwrite,
            ),
            Generated,
        )

    async def generate_and_import(
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
        compile: bool = False,
    ) -> ImportReport:
        """Generate a block from JSON and import it.

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
            folder: Folder below the root of the kind, its names joined by /. Made when it is missing.
            override: Replace a block of that name in the same folder.
            compile: Compile the program afterwards.
        """
        return await self._client.run(
            "block_generation.generate_and_import",
            GenerateAndImport(
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
                compile=compile,
            ),
            ImportReport,
        )

    async def import_only(
        self,
        *,
        device_name: str,
        folder: str = "",
        override: bool = False,
        import_file_path: str | None = None,
        xml: str | None = None,
        compile: bool = False,
    ) -> ImportReport:
        """Import SimaticML, of a file or as text: blocks, data types or tables, each to where its kind belongs.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below the root of the kind, its names joined by /. Made when it is missing.
            override: Replace objects of the same names in the same folder.
            import_file_path: A SimaticML file. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            xml: SimaticML text.
            compile: Compile the program afterwards.
        """
        return await self._client.run(
            "block_generation.import_only",
            ImportOnly(
                device_name=device_name,
                folder=folder,
                override=override,
                import_file_path=import_file_path,
                xml=xml,
                compile=compile,
            ),
            ImportReport,
        )

    async def generate_from_design(
        self,
        *,
        device_name: str,
        objects: list[dict[str, Any]],
        folder: str = "",
        override: bool = False,
        compile: bool = False,
    ) -> ImportReport:
        """Generate data types, tag tables and blocks from JSON and import them in the order of their needs, all or none.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below the root of the kind, its names joined by /. Made when it is missing.
            override: Replace objects of the same names in the same folder.
            objects: Data types, tag tables and blocks; each may name its folder. In the JSON form of simatic_xml
                (docs/simatic_xml.md).
            compile: Compile the program afterwards.
        """
        return await self._client.run(
            "block_generation.generate_from_design",
            Design(device_name=device_name, folder=folder, override=override, objects=objects, compile=compile),
            ImportReport,
        )

    async def generate_graph(
        self,
        *,
        name: str,
        graph: dict[str, Any],
        device_name: str,
        number: int | None = None,
        title: str | None = None,
        comment: str | None = None,
        interface: dict[str, Any] | None = None,
        culture: str | None = None,
        folder: str = "",
        override: bool = False,
        compile: bool = False,
    ) -> ImportReport:
        """Generate a GRAPH block from JSON and import it. It needs a CPU with GRAPH (S7-1500).

        Args:
            name: Name of the block.
            graph: Steps, transitions and how they follow each other, as {"sequences": [...]} (docs/stl-graph-json.md).
            number: Block number; the next free one by default.
            title: Title.
            comment: Comment.
            interface: Sections with further members, in the JSON form of simatic_xml.
            culture: Language of title and comments given as plain text, such as en-US.
            device_name: Name of the station, its CPU or its program.
            folder: Folder below the root of the kind, its names joined by /. Made when it is missing.
            override: Replace a block of that name in the same folder.
            compile: Compile the program afterwards.
        """
        return await self._client.run(
            "block_generation.generate_graph",
            GraphAndImport(
                name=name,
                graph=graph,
                number=number,
                title=title,
                comment=comment,
                interface=interface or {},
                culture=culture,
                device_name=device_name,
                folder=folder,
                override=override,
                compile=compile,
            ),
            ImportReport,
        )

    async def generate_graph_only(
        self,
        *,
        name: str,
        graph: dict[str, Any],
        number: int | None = None,
        title: str | None = None,
        comment: str | None = None,
        interface: dict[str, Any] | None = None,
        culture: str | None = None,
        tia_version: str | None = None,
        export_path: str | None = None,
        overwrite: bool = False,
    ) -> Generated:
        """Generate a GRAPH block's SimaticML from JSON. No portal is needed.

        Args:
            name: Name of the block.
            graph: Steps, transitions and how they follow each other, as {"sequences": [...]} (docs/stl-graph-json.md).
            number: Block number; the next free one by default.
            title: Title.
            comment: Comment.
            interface: Sections with further members, in the JSON form of simatic_xml.
            culture: Language of title and comments given as plain text, such as en-US.
            tia_version: TIA Portal version such as 19; that of the server by default.
            export_path: A new .xml file to write, too. A file on the server, inside its allowed folders; a relative
                path starts from its workspace.
            overwrite: Replace a file that is there.
        """
        return await self._client.run(
            "block_generation.generate_graph_only",
            GraphOnly(
                name=name,
                graph=graph,
                number=number,
                title=title,
                comment=comment,
                interface=interface or {},
                culture=culture,
                tia_version=tia_version,
                export_path=export_path,
                overwrite=overwrite,
            ),
            Generated,
        )

    async def templates(self) -> list[TemplateInfo]:
        """List the block templates with their parameters."""
        return await self._client.run("block_generation.templates", Nothing(), list[TemplateInfo])

    async def get_template(self, *, template_name: str) -> TemplateInfo:
        """Get a block template with its parameters.

        Args:
            template_name: Name of the template.
        """
        return await self._client.run(
            "block_generation.get_template", TemplateAddress(template_name=template_name), TemplateInfo
        )

    async def fill_template(
        self,
        *,
        template_name: str,
        parameters: dict[str, Any] | None = None,
        tia_version: str | None = None,
        culture: str = "en-US",
    ) -> Filled:
        """Get what a template gives, as SimaticML and source. No portal is needed.

        Args:
            template_name: Name of the template.
            parameters: Its parameters by name; those left out have their defaults.
            tia_version: TIA Portal version such as 19; that of the server by default.
            culture: Language of the comments.
        """
        return await self._client.run(
            "block_generation.fill_template",
            Fill(template_name=template_name, parameters=parameters or {}, tia_version=tia_version, culture=culture),
            Filled,
        )

    async def instantiate(
        self,
        *,
        device_name: str,
        template_name: str,
        folder: str = "",
        override: bool = False,
        parameters: dict[str, Any] | None = None,
        compile: bool = False,
    ) -> ImportReport:
        """Make the blocks of a template in a PLC, all or none.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below the root of the kind, its names joined by /. Made when it is missing.
            override: Replace objects of the same names in the same folder.
            template_name: Name of the template.
            parameters: Its parameters by name; those left out have their defaults.
            compile: Compile the program afterwards.
        """
        return await self._client.run(
            "block_generation.instantiate",
            Instantiate(
                device_name=device_name,
                folder=folder,
                override=override,
                template_name=template_name,
                parameters=parameters or {},
                compile=compile,
            ),
            ImportReport,
        )

    @overload
    async def bulk_import_(
        self,
        *,
        device_name: str,
        folder: str = "",
        override: bool = False,
        items: list[Content] | None = None,
        files: list[str] | None = None,
        mode: Literal["all", "each"] = "all",
        compile: bool = False,
        wait: Literal[True] = True,
    ) -> ImportReport: ...

    @overload
    async def bulk_import_(
        self,
        *,
        device_name: str,
        folder: str = "",
        override: bool = False,
        items: list[Content] | None = None,
        files: list[str] | None = None,
        mode: Literal["all", "each"] = "all",
        compile: bool = False,
        wait: Literal[False],
    ) -> AsyncJob[ImportReport]: ...

    async def bulk_import_(
        self,
        *,
        device_name: str,
        folder: str = "",
        override: bool = False,
        items: list[Content] | None = None,
        files: list[str] | None = None,
        mode: Literal["all", "each"] = "all",
        compile: bool = False,
        wait: bool = True,
    ) -> ImportReport | AsyncJob[ImportReport]:
        """Import many files and documents in the order of their needs: all or none, or each for itself.

        Args:
            device_name: Name of the station, its CPU or its program.
            folder: Folder below the root of the kind, its names joined by /. Made when it is missing.
            override: Replace objects of the same names in the same folder.
            items: Files, texts and documents.
            files: SimaticML files. A file on the server, inside its allowed folders; a relative path starts from its
                workspace.
            mode: all: all or none. each: whatever can be imported.
            compile: Compile the program afterwards.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "block_generation.bulk_import_",
                Bulk(
                    device_name=device_name,
                    folder=folder,
                    override=override,
                    items=items or [],
                    files=files or [],
                    mode=mode,
                    compile=compile,
                ),
                ImportReport,
            )
        return await self._client.run(
            "block_generation.bulk_import_",
            Bulk(
                device_name=device_name,
                folder=folder,
                override=override,
                items=items or [],
                files=files or [],
                mode=mode,
                compile=compile,
            ),
            ImportReport,
        )
