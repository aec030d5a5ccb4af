"""Tags & Constants: tags and constants in and out of workbooks, CSV and JSON.

Generated from the catalogue by `python -m engineering_api.web.client_generator`.
"""

from __future__ import annotations

from typing import Literal, overload

from engineering_api.client.jobs import AsyncJob, Job
from engineering_api.client.resource import AsyncResource, Resource
from engineering_api.features.tags.tag_export import TagExport
from engineering_api.features.tags.tag_import import TagImportReport
from engineering_api.features.tags.tag_sheets import ConstantItem, TagItem
from engineering_api.features.tags.tag_transfer_operations import (
    ExportAll,
    ExportCsv,
    ExportTable,
    ImportFile,
    ImportJson,
)


class TagTransfer(Resource):
    """Tags & Constants: tags and constants in and out of workbooks, CSV and JSON."""

    @overload
    def import_json(
        self,
        *,
        device_name: str,
        mode: Literal["update", "create", "skip"] = "update",
        partial: bool = False,
        dry_run: bool = False,
        tags: list[TagItem] | None = None,
        constants: list[ConstantItem] | None = None,
        file_path: str | None = None,
        table_name: str | None = None,
        wait: Literal[True] = True,
    ) -> TagImportReport: ...

    @overload
    def import_json(
        self,
        *,
        device_name: str,
        mode: Literal["update", "create", "skip"] = "update",
        partial: bool = False,
        dry_run: bool = False,
        tags: list[TagItem] | None = None,
        constants: list[ConstantItem] | None = None,
        file_path: str | None = None,
        table_name: str | None = None,
        wait: Literal[False],
    ) -> Job[TagImportReport]: ...

    def import_json(
        self,
        *,
        device_name: str,
        mode: Literal["update", "create", "skip"] = "update",
        partial: bool = False,
        dry_run: bool = False,
        tags: list[TagItem] | None = None,
        constants: list[ConstantItem] | None = None,
        file_path: str | None = None,
        table_name: str | None = None,
        wait: bool = True,
    ) -> TagImportReport | Job[TagImportReport]:
        """Import tags and constants from JSON, into the tables that the rows name.

        Tables that are missing are made. All errors of all rows are told at once, and then nothing is changed.

        Args:
            device_name: Name of the station, its CPU or its program.
            mode: update: change tags that are there. create: refuse them. skip: leave them as they are.
            partial: Import the good rows although others have errors.
            dry_run: Change nothing, only tell what would be.
            tags: The tags.
            constants: The user constants.
            file_path: JSON, CSV, SDF or workbook instead. A file on the server, inside its allowed folders; a relative
                path starts from its workspace.
            table_name: Table of rows without path; the default table when left out.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "tag_transfer.import_json",
                ImportJson(
                    device_name=device_name,
                    mode=mode,
                    partial=partial,
                    dry_run=dry_run,
                    tags=tags or [],
                    constants=constants or [],
                    file_path=file_path,
                    table_name=table_name,
                ),
                TagImportReport,
            )
        return self._client.run(
            "tag_transfer.import_json",
            ImportJson(
                device_name=device_name,
                mode=mode,
                partial=partial,
                dry_run=dry_run,
                tags=tags or [],
                constants=constants or [],
                file_path=file_path,
                table_name=table_name,
            ),
            TagImportReport,
        )

    @overload
    def import_csv(
        self,
        *,
        device_name: str,
        table_name: str,
        file_path: str,
        mode: Literal["update", "create", "skip"] = "update",
        partial: bool = False,
        dry_run: bool = False,
        respect_path: bool = False,
        wait: Literal[True] = True,
    ) -> TagImportReport: ...

    @overload
    def import_csv(
        self,
        *,
        device_name: str,
        table_name: str,
        file_path: str,
        mode: Literal["update", "create", "skip"] = "update",
        partial: bool = False,
        dry_run: bool = False,
        respect_path: bool = False,
        wait: Literal[False],
    ) -> Job[TagImportReport]: ...

    def import_csv(
        self,
        *,
        device_name: str,
        table_name: str,
        file_path: str,
        mode: Literal["update", "create", "skip"] = "update",
        partial: bool = False,
        dry_run: bool = False,
        respect_path: bool = False,
        wait: bool = True,
    ) -> TagImportReport | Job[TagImportReport]:
        """Import tags and constants from a CSV or SDF file.

        All errors of all rows are told at once, and then nothing is changed.

        Args:
            device_name: Name of the station, its CPU or its program.
            mode: update: change tags that are there. create: refuse them. skip: leave them as they are.
            partial: Import the good rows although others have errors.
            dry_run: Change nothing, only tell what would be.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            file_path: The file. A file on the server, inside its allowed folders; a relative path starts from its
                workspace.
            respect_path: Whether rows go to the table that their column Path names; otherwise all rows go to the table
                of the request. Rows without path always go there.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "tag_transfer.import_csv",
                ImportFile(
                    device_name=device_name,
                    mode=mode,
                    partial=partial,
                    dry_run=dry_run,
                    table_name=table_name,
                    file_path=file_path,
                    respect_path=respect_path,
                ),
                TagImportReport,
            )
        return self._client.run(
            "tag_transfer.import_csv",
            ImportFile(
                device_name=device_name,
                mode=mode,
                partial=partial,
                dry_run=dry_run,
                table_name=table_name,
                file_path=file_path,
                respect_path=respect_path,
            ),
            TagImportReport,
        )

    @overload
    def import_xlsx(
        self,
        *,
        device_name: str,
        table_name: str,
        file_path: str,
        mode: Literal["update", "create", "skip"] = "update",
        partial: bool = False,
        dry_run: bool = False,
        respect_path: bool = False,
        wait: Literal[True] = True,
    ) -> TagImportReport: ...

    @overload
    def import_xlsx(
        self,
        *,
        device_name: str,
        table_name: str,
        file_path: str,
        mode: Literal["update", "create", "skip"] = "update",
        partial: bool = False,
        dry_run: bool = False,
        respect_path: bool = False,
        wait: Literal[False],
    ) -> Job[TagImportReport]: ...

    def import_xlsx(
        self,
        *,
        device_name: str,
        table_name: str,
        file_path: str,
        mode: Literal["update", "create", "skip"] = "update",
        partial: bool = False,
        dry_run: bool = False,
        respect_path: bool = False,
        wait: bool = True,
    ) -> TagImportReport | Job[TagImportReport]:
        """Import tags and constants from a workbook, as TIA Portal exports it or with columns in another order.

        All errors of all rows are told at once, and then nothing is changed.

        Args:
            device_name: Name of the station, its CPU or its program.
            mode: update: change tags that are there. create: refuse them. skip: leave them as they are.
            partial: Import the good rows although others have errors.
            dry_run: Change nothing, only tell what would be.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            file_path: The file. A file on the server, inside its allowed folders; a relative path starts from its
                workspace.
            respect_path: Whether rows go to the table that their column Path names; otherwise all rows go to the table
                of the request. Rows without path always go there.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "tag_transfer.import_xlsx",
                ImportFile(
                    device_name=device_name,
                    mode=mode,
                    partial=partial,
                    dry_run=dry_run,
                    table_name=table_name,
                    file_path=file_path,
                    respect_path=respect_path,
                ),
                TagImportReport,
            )
        return self._client.run(
            "tag_transfer.import_xlsx",
            ImportFile(
                device_name=device_name,
                mode=mode,
                partial=partial,
                dry_run=dry_run,
                table_name=table_name,
                file_path=file_path,
                respect_path=respect_path,
            ),
            TagImportReport,
        )

    @overload
    def export_excel(
        self,
        *,
        device_name: str,
        export_path: str,
        table_name: str,
        overwrite: bool = False,
        mnemonics: Literal["en", "de"] = "en",
        wait: Literal[True] = True,
    ) -> TagExport: ...

    @overload
    def export_excel(
        self,
        *,
        device_name: str,
        export_path: str,
        table_name: str,
        overwrite: bool = False,
        mnemonics: Literal["en", "de"] = "en",
        wait: Literal[False],
    ) -> Job[TagExport]: ...

    def export_excel(
        self,
        *,
        device_name: str,
        export_path: str,
        table_name: str,
        overwrite: bool = False,
        mnemonics: Literal["en", "de"] = "en",
        wait: bool = True,
    ) -> TagExport | Job[TagExport]:
        """Export the tags and user constants of a table to a workbook, laid out as TIA Portal's own export.

        Args:
            device_name: Name of the station, its CPU or its program.
            export_path: The file to write. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            overwrite: Replace a file that is there.
            mnemonics: en writes %I0.0, de writes %E0.0.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "tag_transfer.export_excel",
                ExportTable(
                    device_name=device_name,
                    export_path=export_path,
                    overwrite=overwrite,
                    mnemonics=mnemonics,
                    table_name=table_name,
                ),
                TagExport,
            )
        return self._client.run(
            "tag_transfer.export_excel",
            ExportTable(
                device_name=device_name,
                export_path=export_path,
                overwrite=overwrite,
                mnemonics=mnemonics,
                table_name=table_name,
            ),
            TagExport,
        )

    @overload
    def export_csv(
        self,
        *,
        device_name: str,
        export_path: str,
        table_name: str,
        overwrite: bool = False,
        mnemonics: Literal["en", "de"] = "en",
        delimiter: str = ";",
        wait: Literal[True] = True,
    ) -> TagExport: ...

    @overload
    def export_csv(
        self,
        *,
        device_name: str,
        export_path: str,
        table_name: str,
        overwrite: bool = False,
        mnemonics: Literal["en", "de"] = "en",
        delimiter: str = ";",
        wait: Literal[False],
    ) -> Job[TagExport]: ...

    def export_csv(
        self,
        *,
        device_name: str,
        export_path: str,
        table_name: str,
        overwrite: bool = False,
        mnemonics: Literal["en", "de"] = "en",
        delimiter: str = ";",
        wait: bool = True,
    ) -> TagExport | Job[TagExport]:
        """Export the tags and user constants of a table to a CSV file.

        Args:
            device_name: Name of the station, its CPU or its program.
            export_path: The file to write. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            overwrite: Replace a file that is there.
            mnemonics: en writes %I0.0, de writes %E0.0.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            delimiter: Semicolon, comma or tab.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "tag_transfer.export_csv",
                ExportCsv(
                    device_name=device_name,
                    export_path=export_path,
                    overwrite=overwrite,
                    mnemonics=mnemonics,
                    table_name=table_name,
                    delimiter=delimiter,
                ),
                TagExport,
            )
        return self._client.run(
            "tag_transfer.export_csv",
            ExportCsv(
                device_name=device_name,
                export_path=export_path,
                overwrite=overwrite,
                mnemonics=mnemonics,
                table_name=table_name,
                delimiter=delimiter,
            ),
            TagExport,
        )

    @overload
    def export_json(
        self,
        *,
        device_name: str,
        export_path: str,
        table_name: str,
        overwrite: bool = False,
        mnemonics: Literal["en", "de"] = "en",
        wait: Literal[True] = True,
    ) -> TagExport: ...

    @overload
    def export_json(
        self,
        *,
        device_name: str,
        export_path: str,
        table_name: str,
        overwrite: bool = False,
        mnemonics: Literal["en", "de"] = "en",
        wait: Literal[False],
    ) -> Job[TagExport]: ...

    def export_json(
        self,
        *,
        device_name: str,
        export_path: str,
        table_name: str,
        overwrite: bool = False,
        mnemonics: Literal["en", "de"] = "en",
        wait: bool = True,
    ) -> TagExport | Job[TagExport]:
        """Export the tags and user constants of a table to a JSON file.

        Args:
            device_name: Name of the station, its CPU or its program.
            export_path: The file to write. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            overwrite: Replace a file that is there.
            mnemonics: en writes %I0.0, de writes %E0.0.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "tag_transfer.export_json",
                ExportTable(
                    device_name=device_name,
                    export_path=export_path,
                    overwrite=overwrite,
                    mnemonics=mnemonics,
                    table_name=table_name,
                ),
                TagExport,
            )
        return self._client.run(
            "tag_transfer.export_json",
            ExportTable(
                device_name=device_name,
                export_path=export_path,
                overwrite=overwrite,
                mnemonics=mnemonics,
                table_name=table_name,
            ),
            TagExport,
        )

    @overload
    def export_all(
        self,
        *,
        device_name: str,
        export_path: str,
        overwrite: bool = False,
        mnemonics: Literal["en", "de"] = "en",
        wait: Literal[True] = True,
    ) -> TagExport: ...

    @overload
    def export_all(
        self,
        *,
        device_name: str,
        export_path: str,
        overwrite: bool = False,
        mnemonics: Literal["en", "de"] = "en",
        wait: Literal[False],
    ) -> Job[TagExport]: ...

    def export_all(
        self,
        *,
        device_name: str,
        export_path: str,
        overwrite: bool = False,
        mnemonics: Literal["en", "de"] = "en",
        wait: bool = True,
    ) -> TagExport | Job[TagExport]:
        """Export the tags and user constants of all tables of a PLC to one file.

        Args:
            device_name: Name of the station, its CPU or its program.
            export_path: The file to write. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            overwrite: Replace a file that is there.
            mnemonics: en writes %I0.0, de writes %E0.0.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return self._client.start(
                "tag_transfer.export_all",
                ExportAll(device_name=device_name, export_path=export_path, overwrite=overwrite, mnemonics=mnemonics),
                TagExport,
            )
        return self._client.run(
            "tag_transfer.export_all",
            ExportAll(device_name=device_name, export_path=export_path, overwrite=overwrite, mnemonics=mnemonics),
            TagExport,
        )


class AsyncTagTransfer(AsyncResource):
    """Tags & Constants: tags and constants in and out of workbooks, CSV and JSON."""

    @overload
    async def import_json(
        self,
        *,
        device_name: str,
        mode: Literal["update", "create", "skip"] = "update",
        partial: bool = False,
        dry_run: bool = False,
        tags: list[TagItem] | None = None,
        constants: list[ConstantItem] | None = None,
        file_path: str | None = None,
        table_name: str | None = None,
        wait: Literal[True] = True,
    ) -> TagImportReport: ...

    @overload
    async def import_json(
        self,
        *,
        device_name: str,
        mode: Literal["update", "create", "skip"] = "update",
        partial: bool = False,
        dry_run: bool = False,
        tags: list[TagItem] | None = None,
        constants: list[ConstantItem] | None = None,
        file_path: str | None = None,
        table_name: str | None = None,
        wait: Literal[False],
    ) -> AsyncJob[TagImportReport]: ...

    async def import_json(
        self,
        *,
        device_name: str,
        mode: Literal["update", "create", "skip"] = "update",
        partial: bool = False,
        dry_run: bool = False,
        tags: list[TagItem] | None = None,
        constants: list[ConstantItem] | None = None,
        file_path: str | None = None,
        table_name: str | None = None,
        wait: bool = True,
    ) -> TagImportReport | AsyncJob[TagImportReport]:
        """Import tags and constants from JSON, into the tables that the rows name.

        Tables that are missing are made. All errors of all rows are told at once, and then nothing is changed.

        Args:
            device_name: Name of the station, its CPU or its program.
            mode: update: change tags that are there. create: refuse them. skip: leave them as they are.
            partial: Import the good rows although others have errors.
            dry_run: Change nothing, only tell what would be.
            tags: The tags.
            constants: The user constants.
            file_path: JSON, CSV, SDF or workbook instead. A file on the server, inside its allowed folders; a relative
                path starts from its workspace.
            table_name: Table of rows without path; the default table when left out.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "tag_transfer.import_json",
                ImportJson(
                    device_name=device_name,
                    mode=mode,
                    partial=partial,
                    dry_run=dry_run,
                    tags=tags or [],
                    constants=constants or [],
                    file_path=file_path,
                    table_name=table_name,
                ),
                TagImportReport,
            )
        return await self._client.run(
            "tag_transfer.import_json",
            ImportJson(
                device_name=device_name,
                mode=mode,
                partial=partial,
                dry_run=dry_run,
                tags=tags or [],
                constants=constants or [],
                file_path=file_path,
                table_name=table_name,
            ),
            TagImportReport,
        )

    @overload
    async def import_csv(
        self,
        *,
        device_name: str,
        table_name: str,
        file_path: str,
        mode: Literal["update", "create", "skip"] = "update",
        partial: bool = False,
        dry_run: bool = False,
        respect_path: bool = False,
        wait: Literal[True] = True,
    ) -> TagImportReport: ...

    @overload
    async def import_csv(
        self,
        *,
        device_name: str,
        table_name: str,
        file_path: str,
        mode: Literal["update", "create", "skip"] = "update",
        partial: bool = False,
        dry_run: bool = False,
        respect_path: bool = False,
        wait: Literal[False],
    ) -> AsyncJob[TagImportReport]: ...

    async def import_csv(
        self,
        *,
        device_name: str,
        table_name: str,
        file_path: str,
        mode: Literal["update", "create", "skip"] = "update",
        partial: bool = False,
        dry_run: bool = False,
        respect_path: bool = False,
        wait: bool = True,
    ) -> TagImportReport | AsyncJob[TagImportReport]:
        """Import tags and constants from a CSV or SDF file.

        All errors of all rows are told at once, and then nothing is changed.

        Args:
            device_name: Name of the station, its CPU or its program.
            mode: update: change tags that are there. create: refuse them. skip: leave them as they are.
            partial: Import the good rows although others have errors.
            dry_run: Change nothing, only tell what would be.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            file_path: The file. A file on the server, inside its allowed folders; a relative path starts from its
                workspace.
            respect_path: Whether rows go to the table that their column Path names; otherwise all rows go to the table
                of the request. Rows without path always go there.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "tag_transfer.import_csv",
                ImportFile(
                    device_name=device_name,
                    mode=mode,
                    partial=partial,
                    dry_run=dry_run,
                    table_name=table_name,
                    file_path=file_path,
                    respect_path=respect_path,
                ),
                TagImportReport,
            )
        return await self._client.run(
            "tag_transfer.import_csv",
            ImportFile(
                device_name=device_name,
                mode=mode,
                partial=partial,
                dry_run=dry_run,
                table_name=table_name,
                file_path=file_path,
                respect_path=respect_path,
            ),
            TagImportReport,
        )

    @overload
    async def import_xlsx(
        self,
        *,
        device_name: str,
        table_name: str,
        file_path: str,
        mode: Literal["update", "create", "skip"] = "update",
        partial: bool = False,
        dry_run: bool = False,
        respect_path: bool = False,
        wait: Literal[True] = True,
    ) -> TagImportReport: ...

    @overload
    async def import_xlsx(
        self,
        *,
        device_name: str,
        table_name: str,
        file_path: str,
        mode: Literal["update", "create", "skip"] = "update",
        partial: bool = False,
        dry_run: bool = False,
        respect_path: bool = False,
        wait: Literal[False],
    ) -> AsyncJob[TagImportReport]: ...

    async def import_xlsx(
        self,
        *,
        device_name: str,
        table_name: str,
        file_path: str,
        mode: Literal["update", "create", "skip"] = "update",
        partial: bool = False,
        dry_run: bool = False,
        respect_path: bool = False,
        wait: bool = True,
    ) -> TagImportReport | AsyncJob[TagImportReport]:
        """Import tags and constants from a workbook, as TIA Portal exports it or with columns in another order.

        All errors of all rows are told at once, and then nothing is changed.

        Args:
            device_name: Name of the station, its CPU or its program.
            mode: update: change tags that are there. create: refuse them. skip: leave them as they are.
            partial: Import the good rows although others have errors.
            dry_run: Change nothing, only tell what would be.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            file_path: The file. A file on the server, inside its allowed folders; a relative path starts from its
                workspace.
            respect_path: Whether rows go to the table that their column Path names; otherwise all rows go to the table
                of the request. Rows without path always go there.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "tag_transfer.import_xlsx",
                ImportFile(
                    device_name=device_name,
                    mode=mode,
                    partial=partial,
                    dry_run=dry_run,
                    table_name=table_name,
                    file_path=file_path,
                    respect_path=respect_path,
                ),
                TagImportReport,
            )
        return await self._client.run(
            "tag_transfer.import_xlsx",
            ImportFile(
                device_name=device_name,
                mode=mode,
                partial=partial,
                dry_run=dry_run,
                table_name=table_name,
                file_path=file_path,
                respect_path=respect_path,
            ),
            TagImportReport,
        )

    @overload
    async def export_excel(
        self,
        *,
        device_name: str,
        export_path: str,
        table_name: str,
        overwrite: bool = False,
        mnemonics: Literal["en", "de"] = "en",
        wait: Literal[True] = True,
    ) -> TagExport: ...

    @overload
    async def export_excel(
        self,
        *,
        device_name: str,
        export_path: str,
        table_name: str,
        overwrite: bool = False,
        mnemonics: Literal["en", "de"] = "en",
        wait: Literal[False],
    ) -> AsyncJob[TagExport]: ...

    async def export_excel(
        self,
        *,
        device_name: str,
        export_path: str,
        table_name: str,
        overwrite: bool = False,
        mnemonics: Literal["en", "de"] = "en",
        wait: bool = True,
    ) -> TagExport | AsyncJob[TagExport]:
        """Export the tags and user constants of a table to a workbook, laid out as TIA Portal's own export.

        Args:
            device_name: Name of the station, its CPU or its program.
            export_path: The file to write. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            overwrite: Replace a file that is there.
            mnemonics: en writes %I0.0, de writes %E0.0.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "tag_transfer.export_excel",
                ExportTable(
                    device_name=device_name,
                    export_path=export_path,
                    overwrite=overwrite,
                    mnemonics=mnemonics,
                    table_name=table_name,
                ),
                TagExport,
            )
        return await self._client.run(
            "tag_transfer.export_excel",
            ExportTable(
                device_name=device_name,
                export_path=export_path,
                overwrite=overwrite,
                mnemonics=mnemonics,
                table_name=table_name,
            ),
            TagExport,
        )

    @overload
    async def export_csv(
        self,
        *,
        device_name: str,
        export_path: str,
        table_name: str,
        overwrite: bool = False,
        mnemonics: Literal["en", "de"] = "en",
        delimiter: str = ";",
        wait: Literal[True] = True,
    ) -> TagExport: ...

    @overload
    async def export_csv(
        self,
        *,
        device_name: str,
        export_path: str,
        table_name: str,
        overwrite: bool = False,
        mnemonics: Literal["en", "de"] = "en",
        delimiter: str = ";",
        wait: Literal[False],
    ) -> AsyncJob[TagExport]: ...

    async def export_csv(
        self,
        *,
        device_name: str,
        export_path: str,
        table_name: str,
        overwrite: bool = False,
        mnemonics: Literal["en", "de"] = "en",
        delimiter: str = ";",
        wait: bool = True,
    ) -> TagExport | AsyncJob[TagExport]:
        """Export the tags and user constants of a table to a CSV file.

        Args:
            device_name: Name of the station, its CPU or its program.
            export_path: The file to write. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            overwrite: Replace a file that is there.
            mnemonics: en writes %I0.0, de writes %E0.0.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            delimiter: Semicolon, comma or tab.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "tag_transfer.export_csv",
                ExportCsv(
                    device_name=device_name,
                    export_path=export_path,
                    overwrite=overwrite,
                    mnemonics=mnemonics,
                    table_name=table_name,
                    delimiter=delimiter,
                ),
                TagExport,
            )
        return await self._client.run(
            "tag_transfer.export_csv",
            ExportCsv(
                device_name=device_name,
                export_path=export_path,
                overwrite=overwrite,
                mnemonics=mnemonics,
                table_name=table_name,
                delimiter=delimiter,
            ),
            TagExport,
        )

    @overload
    async def export_json(
        self,
        *,
        device_name: str,
        export_path: str,
        table_name: str,
        overwrite: bool = False,
        mnemonics: Literal["en", "de"] = "en",
        wait: Literal[True] = True,
    ) -> TagExport: ...

    @overload
    async def export_json(
        self,
        *,
        device_name: str,
        export_path: str,
        table_name: str,
        overwrite: bool = False,
        mnemonics: Literal["en", "de"] = "en",
        wait: Literal[False],
    ) -> AsyncJob[TagExport]: ...

    async def export_json(
        self,
        *,
        device_name: str,
        export_path: str,
        table_name: str,
        overwrite: bool = False,
        mnemonics: Literal["en", "de"] = "en",
        wait: bool = True,
    ) -> TagExport | AsyncJob[TagExport]:
        """Export the tags and user constants of a table to a JSON file.

        Args:
            device_name: Name of the station, its CPU or its program.
            export_path: The file to write. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            overwrite: Replace a file that is there.
            mnemonics: en writes %I0.0, de writes %E0.0.
            table_name: Name of the tag table; with its folders before it, joined by /, as well.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "tag_transfer.export_json",
                ExportTable(
                    device_name=device_name,
                    export_path=export_path,
                    overwrite=overwrite,
                    mnemonics=mnemonics,
                    table_name=table_name,
                ),
                TagExport,
            )
        return await self._client.run(
            "tag_transfer.export_json",
            ExportTable(
                device_name=device_name,
                export_path=export_path,
                overwrite=overwrite,
                mnemonics=mnemonics,
                table_name=table_name,
            ),
            TagExport,
        )

    @overload
    async def export_all(
        self,
        *,
        device_name: str,
        export_path: str,
        overwrite: bool = False,
        mnemonics: Literal["en", "de"] = "en",
        wait: Literal[True] = True,
    ) -> TagExport: ...

    @overload
    async def export_all(
        self,
        *,
        device_name: str,
        export_path: str,
        overwrite: bool = False,
        mnemonics: Literal["en", "de"] = "en",
        wait: Literal[False],
    ) -> AsyncJob[TagExport]: ...

    async def export_all(
        self,
        *,
        device_name: str,
        export_path: str,
        overwrite: bool = False,
        mnemonics: Literal["en", "de"] = "en",
        wait: bool = True,
    ) -> TagExport | AsyncJob[TagExport]:
        """Export the tags and user constants of all tables of a PLC to one file.

        Args:
            device_name: Name of the station, its CPU or its program.
            export_path: The file to write. A file on the server, inside its allowed folders; a relative path starts
                from its workspace.
            overwrite: Replace a file that is there.
            mnemonics: en writes %I0.0, de writes %E0.0.
            wait: Whether to wait for the result; without, it is a job.
        """
        if not wait:
            return await self._client.start(
                "tag_transfer.export_all",
                ExportAll(device_name=device_name, export_path=export_path, overwrite=overwrite, mnemonics=mnemonics),
                TagExport,
            )
        return await self._client.run(
            "tag_transfer.export_all",
            ExportAll(device_name=device_name, export_path=export_path, overwrite=overwrite, mnemonics=mnemonics),
            TagExport,
        )
