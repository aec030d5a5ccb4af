"""Tags & Constants: tags and constants in and out of workbooks, CSV and JSON."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated

import msgspec

from engineering_api.features.tags import tag_export, tag_import, tag_sheets
from engineering_api.features.tags.files import Reading, TypeNames
from engineering_api.features.tags.files.workbook_in import Progress
from engineering_api.features.tags.tag_export import Mnemonics, TagExport, Target
from engineering_api.features.tags.tag_import import Options, TagImportReport
from engineering_api.features.tags.tag_merge import Mode
from engineering_api.features.tags.tag_sheets import ConstantItem, Rows, TagItem
from engineering_api.features.tags.tag_tables_operations import FILE, ON_DEVICE, ON_TABLE, TABLE_NAME, OnDevice
from engineering_api.operations.combinations import combine, exactly_one
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import named, path_field
from engineering_api.operations.terms import Lock, Place, Undo

section = Section("Tags & Constants", place=Place.WORKER)
MODE = "create: refuse tags that are there and would change. update: change them. skip: leave them as they are."
PATH = (
    "Whether rows go to the table that their column Path names, which is created where it is missing. With false all rows "
    "go to the table of the request; rows without path always go there."
)
TYPE_NAMES = (
    "refuse: a data type of another system (Boolean, Real32) is an error of its row, with a suggestion. convert: it is read "
    "as the type of TIA Portal that it means, if the address leaves only one, and a row without a type gets the one of its "
    "address."
)


class How(OnDevice, kw_only=True):
    """Which PLC, and how to import. Tags that no row names stay as they are."""

    mode: Annotated[Mode, named(MODE)] = "create"
    partial: Annotated[bool, named("Import the good rows although others have errors.")] = False
    dry_run: Annotated[bool, named("Change nothing: report how the file is understood and what would change.")] = False
    type_names: Annotated[TypeNames, named(TYPE_NAMES)] = "refuse"
    create_table: Annotated[bool, named("Create the table of the request if it is missing.")] = False
    sheet: Annotated[str | None, named("The only sheet of the workbook to read; all with tags when left out.")] = None


@combine(exactly_one("file_path", ("tags", "constants")))
class ImportJson(How, kw_only=True):
    """Tags and constants to import, here or in a file."""

    tags: Annotated[list[TagItem], named("The tags.")] = msgspec.field(default_factory=list)
    constants: Annotated[list[ConstantItem], named("The user constants.")] = msgspec.field(default_factory=list)
    file_path: Annotated[
        str | None, path_field(f"JSON, CSV, SDF or workbook instead. {FILE}", "path", destroys=True)
    ] = None
    table_name: Annotated[
        str | None, named("Table of rows without path; the default table when left out.", "table", "tagTable")
    ] = None


class ImportFile(How, kw_only=True):
    """Which file, into which table."""

    table_name: Annotated[str, named(TABLE_NAME)]
    file_path: Annotated[str, path_field(f"The file. {FILE}", "path", "importFilePath", "importPath")]
    respect_path: Annotated[bool, named(PATH)] = True


def _file_to_write(*suffixes: str) -> msgspec.Meta:
    return path_field(f"The file to write. {FILE}", "path", "filePath", suffixes=suffixes, writes=True)


class Output(OnDevice, kw_only=True):
    """Which PLC, and how the file is written."""

    overwrite: Annotated[bool, named("Replace an existing file.", destroys=True, vendor=True)] = False
    mnemonics: Annotated[Mnemonics, named("en writes %I0.0, de writes %E0.0.")] = "en"


class ExportTable(Output, kw_only=True):
    """Which table."""

    table_name: Annotated[str, named(TABLE_NAME)]


class ExportExcel(ExportTable, kw_only=True):
    """Which table, to which workbook."""

    export_path: Annotated[str, _file_to_write(".xlsx")]


class ExportJson(ExportTable, kw_only=True):
    """Which table, to which JSON file."""

    export_path: Annotated[str, _file_to_write(".json")]


class ExportCsv(ExportTable, kw_only=True):
    """Which table, to which CSV file."""

    export_path: Annotated[str, _file_to_write(".csv")]
    delimiter: Annotated[str, named("Semicolon, comma or tab.")] = ";"


class ExportAll(Output, kw_only=True):
    """Which PLC, to which file; its extension .xlsx, .csv or .json decides its format."""

    export_path: Annotated[str, _file_to_write(".xlsx", ".csv", ".json")]


JSON = {"tags": [{"name": "Start", "dataType": "Bool", "logicalAddress": "%I0.0", "path": "Conveyor"}]}


Read = Callable[[bytes, str, Progress, Reading], Rows]


def read_any(ctx: Context, request: ImportJson) -> Rows:
    """Read the tags and constants of a request, or of its file of any kind."""
    if request.file_path is not None:
        return _rows(ctx, request, request.file_path, tag_sheets.of_file)
    _require_target(ctx, request)
    return tag_sheets.of_items(request.tags, request.constants, _reading(request))


def read_text(ctx: Context, request: ImportFile) -> Rows:
    """Read the tags and constants of a file of any kind."""
    return _rows(ctx, request, request.file_path, tag_sheets.of_file)


def read_workbook(ctx: Context, request: ImportFile) -> Rows:
    """Read the tags and constants of a workbook."""
    return _rows(ctx, request, request.file_path, tag_sheets.of_workbook)


def _require_target(ctx: Context, request: ImportJson | ImportFile) -> None:
    """Refuse an import early, before a large file is read."""
    tag_import.require_target(ctx, request.device_name, request.table_name, create_table=request.create_table)


def _reading(how: How) -> Reading:
    return Reading(how.type_names, how.sheet)


def _rows(ctx: Context, request: ImportJson | ImportFile, path: str, read: Read) -> Rows:
    _require_target(ctx, request)
    name = ctx.roots.existing(path).name
    return read(ctx.roots.read(path), name, tag_import.report_reading(ctx, name), _reading(request))


@section.operation(
    destroys=False,
    undo=Undo.KEPT,
    wait="POST /api/devices/{deviceName}/tags/actions/import-sync",
    job="POST /api/devices/{deviceName}/tags/actions/import",
    lock=Lock.PROJECT,
    reads=read_any,
    example=ON_DEVICE | JSON,
    done="Tags imported",
    tool="import_tags",
)
def import_json(ctx: Context, request: ImportJson, rows: Rows) -> TagImportReport:
    """Import tags and constants from JSON or a file, into the tables that the rows name.

    Missing tables are created. If rows have errors, all errors are reported together and nothing is changed. A dry run
    reports how the file was understood: header row, columns, skipped rows, new tables, first rows, errors.
    """
    return tag_import.run(ctx, request.device_name, rows, _options(request, request.table_name, follow_path=True))


@section.operation(
    destroys=True,
    undo=Undo.NEVER,
    wait="POST /api/devices/{deviceName}/tag-tables/{tableName}/actions/import-csv-sync",
    job="POST /api/devices/{deviceName}/tag-tables/{tableName}/actions/import-csv",
    lock=Lock.PROJECT,
    reads=read_text,
    example=ON_TABLE | {"filePath": "tags/sensors.csv"},
    done="Tags imported",
)
def import_csv(ctx: Context, request: ImportFile, rows: Rows) -> TagImportReport:
    """Import tags and constants from a CSV or SDF file, into the tables that its column Path names.

    A dry run reports how the file was understood: header row, columns, skipped rows, new tables, first rows, errors.
    If rows have errors, all errors are reported together and nothing is changed.
    """
    return _import_file(ctx, request, rows)


@section.operation(
    destroys=True,
    undo=Undo.NEVER,
    wait="POST /api/devices/{deviceName}/tag-tables/{tableName}/actions/import-xlsx-sync",
    job="POST /api/devices/{deviceName}/tag-tables/{tableName}/actions/import-xlsx",
    lock=Lock.PROJECT,
    reads=read_workbook,
    example=ON_TABLE | {"filePath": "tags/conveyor.xlsx"},
    done="Tags imported",
)
def import_xlsx(ctx: Context, request: ImportFile, rows: Rows) -> TagImportReport:
    """Import tags and constants from a workbook of TIA Portal or a list of signals, into the tables that its column Path names.

    A dry run reports how the file was understood: header row, columns, skipped rows, new tables, first rows, errors.
    If rows have errors, all errors are reported together and nothing is changed.
    """
    return _import_file(ctx, request, rows)


@section.operation(
    destroys=False,
    undo=Undo.NEEDLESS,
    wait="POST /api/devices/{deviceName}/tag-tables/{tableName}/actions/export-excel-sync",
    job="POST /api/devices/{deviceName}/tag-tables/{tableName}/actions/export-excel",
    example=ON_TABLE | {"exportPath": "tags/conveyor.xlsx"},
    done="Tags exported",
)
def export_excel(ctx: Context, request: ExportExcel) -> TagExport:
    """Export the tags and user constants of a table to a workbook, laid out as TIA Portal's own export."""
    return tag_export.run(ctx, request.device_name, request.table_name, _target(request, ".xlsx"))


@section.operation(
    destroys=False,
    undo=Undo.NEEDLESS,
    wait="POST /api/devices/{deviceName}/tag-tables/{tableName}/actions/export-csv-sync",
    job="POST /api/devices/{deviceName}/tag-tables/{tableName}/actions/export-csv",
    example=ON_TABLE | {"exportPath": "tags/conveyor.csv"},
    done="Tags exported",
)
def export_csv(ctx: Context, request: ExportCsv) -> TagExport:
    """Export the tags and user constants of a table to a CSV file."""
    return tag_export.run(ctx, request.device_name, request.table_name, _target(request, ".csv", request.delimiter))


@section.operation(
    destroys=False,
    undo=Undo.NEEDLESS,
    also="POST /api/devices/{deviceName}/tag-tables/{tableName}/actions/export-json-sync",
    also_job="POST /api/devices/{deviceName}/tag-tables/{tableName}/actions/export-json",
    example=ON_TABLE | {"exportPath": "tags/conveyor.json"},
    done="Tags exported",
)
def export_json(ctx: Context, request: ExportJson) -> TagExport:
    """Export the tags and user constants of a table to a JSON file."""
    return tag_export.run(ctx, request.device_name, request.table_name, _target(request, ".json"))


@section.operation(
    destroys=False,
    undo=Undo.NEEDLESS,
    also="POST /api/devices/{deviceName}/tags/actions/export-sync",
    also_job="POST /api/devices/{deviceName}/tags/actions/export",
    example=ON_DEVICE | {"exportPath": "tags/PLC_1.xlsx"},
    done="Tags exported",
)
def export_all(ctx: Context, request: ExportAll) -> TagExport:
    """Export the tags and user constants of all tables of a PLC to one file."""
    return tag_export.run(ctx, request.device_name, None, _target(request, None))


def _import_file(ctx: Context, request: ImportFile, rows: Rows) -> TagImportReport:
    options = _options(request, request.table_name, follow_path=request.respect_path)
    return tag_import.run(ctx, request.device_name, rows, options)


def _options(how: ImportJson | ImportFile, table: str | None, *, follow_path: bool) -> Options:
    file = how.file_path or ""
    return Options(table, follow_path, how.mode, how.partial, how.dry_run, how.create_table, file)


def _target(output: ExportExcel | ExportJson | ExportCsv | ExportAll, kind: str | None, delimiter: str = ";") -> Target:
    return Target(output.export_path, kind, output.overwrite, output.mnemonics, delimiter)
