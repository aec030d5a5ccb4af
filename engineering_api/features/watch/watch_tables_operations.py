"""Watch & Force Tables: watch tables with their rows, the force table, their files and folders."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

import msgspec

from engineering_api.features.change_list import Change, DeletedFolder, deleted_folder
from engineering_api.features.online import live_values
from engineering_api.features.program_files import one_file
from engineering_api.features.program_files.one_file import ReadFile
from engineering_api.features.watch import watch_content
from engineering_api.features.watch.watch_content import NewEntry, TableContent
from engineering_api.operations.combinations import at_least_one, combine
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import NOT_EMPTY_PATH, Model, Request, named, path_field
from engineering_api.operations.streaming.streams import Listening, LiveStream
from engineering_api.operations.terms import Lock, Reach, Right, Undo
from engineering_api.web import value_stream
from openness_bridge.errors import Kind, Place, Problem
from openness_bridge.online import plc_instance, watch_values
from openness_bridge.online.watch_values import RowValue
from openness_bridge.program import watch
from openness_bridge.program.watch import WatchTableInfo
from openness_bridge.program_identity import of_program

section = Section("Watch & Force Tables")
FILE = "A file on the server, inside its allowed folders; a relative path starts from its workspace."
FOLDER = "Folder below the root, its names joined by /; a slash in a name is %2F."


class OnDevice(Request, kw_only=True):
    """Which PLC."""

    device_name: Annotated[str, named("Name of the station, its CPU or its program.")]


class OnTable(OnDevice, kw_only=True):
    """Which table."""

    table_name: Annotated[str, named("Name of the table; with its folders before it, joined by /, as well.")]


class Create(OnDevice, kw_only=True):
    """A new watch table."""

    name: Annotated[str, named("Its name.", "tableName", "watchTableName")]
    folder: Annotated[str, named(f"{FOLDER} Created if it is missing.", "folderPath")] = ""


class CreateForce(OnDevice, kw_only=True):
    """A force table that is wanted."""

    name: Annotated[str, named("Its name.", "tableName", "forceTableName")] = ""


class AddEntries(OnTable, kw_only=True):
    """Rows to add."""

    entries: Annotated[list[NewEntry], named("The rows, in their order.", "rows", "tags", min_length=1)]


@combine(at_least_one("entries", "numbers"))
class RemoveEntries(OnTable, kw_only=True):
    """Rows to remove."""

    entries: Annotated[list[str], named("Names or addresses of the rows.", "names", "entryNames", "tagNames")] = (
        msgspec.field(default_factory=list)
    )
    numbers: Annotated[list[int], named("1-based places of the rows.", "indices", "rows")] = msgspec.field(
        default_factory=list
    )


class ModifyRows(OnTable, kw_only=True):
    """Which rows are written."""

    numbers: Annotated[
        list[int], named("1-based places of the rows; by default those that are marked for writing.", "rows", "indices")
    ] = msgspec.field(default_factory=list)


class Export(OnTable, kw_only=True):
    """Which table, to which file."""

    export_path: Annotated[
        str, path_field(f"A new .xml file. {FILE}", "path", "filePath", suffixes=(".xml",), writes=True)
    ]
    overwrite: Annotated[bool, named("Replace an existing file.", destroys=True, vendor=True)] = False


class Import(OnDevice, kw_only=True):
    """Which file, to which folder."""

    import_file_path: Annotated[
        str, path_field(f"A SimaticML file. {FILE}", "path", "filePath", "importPath", suffixes=(".xml",))
    ]
    folder: Annotated[str, named(f"{FOLDER} Created if it is missing.", "folderPath")] = ""
    override: Annotated[
        bool, named("Replace tables of the same names in the same folder.", "overwrite", destroys=True, vendor=True)
    ] = False


class FolderAddress(OnDevice, kw_only=True):
    """Which folder."""

    folder: Annotated[str, named(FOLDER, "folderPath", "path", "name", "folderName", schema=NOT_EMPTY_PATH)]


class DeleteFolder(FolderAddress, kw_only=True):
    """Which folder, and whether with what is in it."""

    force: Annotated[bool, named("Delete the folder with the tables in it.", destroys=True)] = False


class ImportedWatchTable(WatchTableInfo, frozen=True, kw_only=True):
    """A watch or force table that was imported.

    Attributes:
        change: What became of it: created, replaced or unchanged, and why.
    """

    change: Change


class Folder(Model):
    """A folder of watch tables."""

    folder: str


class TableFile(Model):
    """A SimaticML file that was written; its size is in bytes."""

    name: str
    path: str
    size: int


ON_DEVICE = {"deviceName": "PLC_1"}
ON_TABLE = ON_DEVICE | {"tableName": "Motor"}
ON_FORCE = ON_DEVICE | {"tableName": "Force table"}
ENTRIES = [{"name": "bStart", "displayFormat": "Bool", "modifyValue": "true"}, {"address": "%MW10"}]
ONE = "A PLC has exactly one force table, which cannot be"


@section.operation(
    wait="GET /api/devices/{deviceName}/watch-tables", right=Right.VIEW, changes=False, example=ON_DEVICE
)
def list_watch(ctx: Context, request: OnDevice) -> list[WatchTableInfo]:
    """List the watch tables of a PLC, also those in folders."""
    return watch.list_watch(ctx.session, request.device_name)


@section.operation(
    wait="POST /api/devices/{deviceName}/watch-tables",
    lock=Lock.PROJECT,
    done="Watch table created",
    destroys=False,
    undo=Undo.KEPT,
    example=ON_DEVICE | {"name": "Motor", "folder": "Line 1"},
)
def create(ctx: Context, request: Create) -> WatchTableInfo:
    """Create an empty watch table."""
    return watch.create(ctx.session, request.device_name, request.name, request.folder)


@section.operation(
    wait="DELETE /api/devices/{deviceName}/watch-tables/{tableName}",
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    example=ON_TABLE,
    done="Watch table deleted",
)
def delete(ctx: Context, request: OnTable) -> WatchTableInfo:
    """Delete a watch table with its rows."""
    return watch.delete(ctx.session, request.device_name, request.table_name)


@section.operation(
    wait="POST /api/devices/{deviceName}/watch-tables/{tableName}/entries",
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.NEVER,
    example=ON_TABLE | {"entries": ENTRIES},
    done="Rows added",
)
def add_entries(ctx: Context, request: AddEntries) -> TableContent:
    """Append rows to a watch table: operands by name or address, and comment rows; all or none."""
    return watch_content.add(ctx.session, request.device_name, request.table_name, request.entries)


@section.operation(
    wait="POST /api/devices/{deviceName}/watch-tables/{tableName}/actions/export",
    right=Right.VIEW,
    destroys=False,
    undo=Undo.NEEDLESS,
    example=ON_TABLE | {"exportPath": "export/Motor.xml"},
    done="Watch table exported",
)
def export_watch(ctx: Context, request: Export) -> TableFile:
    """Export a watch table to a SimaticML file."""
    table, _ = watch.find_watch(ctx.session, request.device_name, request.table_name)
    return _write(ctx, request, table)


@section.operation(
    also="GET /api/devices/{deviceName}/watch-tables/{tableName}/values",
    right=Right.VIEW,
    changes=False,
    example=ON_TABLE,
    live=True,
)
def read_values(ctx: Context, request: OnTable) -> list[RowValue]:
    """Read the rows of a watch table in the simulated PLC, each in its display format. It names the reason for rows that cannot be read."""
    rows = watch.rows(watch.find_watch(ctx.session, request.device_name, request.table_name)[0])
    instance = plc_instance.name(ctx.session, ctx.service.simulation, request.device_name, "Reading live values")
    found = watch_values.values(ctx.service.simulation, instance, rows)
    return of_program(found, live_values.program_of(ctx, request.device_name))


@section.operation(
    also="POST /api/devices/{deviceName}/watch-tables/{tableName}/actions/modify",
    right=Right.OPERATE,
    destroys=True,
    undo=Undo.NEVER,
    example=ON_TABLE | {"numbers": [1]},
    done="Rows modified",
    live=True,
)
def modify(ctx: Context, request: ModifyRows) -> list[RowValue]:
    """Write the modify values of a watch table once into the simulated PLC: all of the chosen rows, or none."""
    rows = watch.rows(watch.find_watch(ctx.session, request.device_name, request.table_name)[0])
    chosen = [row for row in rows if (row.number in request.numbers if request.numbers else row.modify_intention)]
    if not chosen or not set(request.numbers) <= {row.number for row in rows}:
        msg = "No row is marked for writing: name rows in numbers." if not request.numbers else "There is no such row."
        raise Problem("watch.no_rows", msg, place=Place(device=request.device_name, table=request.table_name))
    instance = plc_instance.name(ctx.session, ctx.service.simulation, request.device_name, "Modifying values")
    found = watch_values.modify(ctx.service.simulation, instance, chosen)
    return of_program(found, live_values.program_of(ctx, request.device_name))


@section.operation(
    also="POST /api/devices/{deviceName}/force-tables/{tableName}/actions/force",
    right=Right.OPERATE,
    destroys=False,
    undo=Undo.NEVER,
    example=ON_FORCE,
    no_tool="it refuses always: neither Openness nor PLCSIM Advanced can force",
)
def force(ctx: Context, request: OnTable) -> TableContent:
    """Refuse to force: neither Openness nor PLCSIM Advanced has a command for it."""
    watch.find_force(ctx.session, request.device_name, request.table_name)
    msg = (
        "Neither Openness nor PLCSIM Advanced can force. In a simulated PLC write the inputs instead, which keep what is "
        "written: POST .../online/values/actions/write."
    )
    raise Problem(
        "force_table.no_command",
        msg,
        kind=Kind.UNSUPPORTED,
        place=Place(device=request.device_name, table=request.table_name),
    )


@section.operation(
    wait="GET /api/devices/{deviceName}/force-tables", right=Right.VIEW, changes=False, example=ON_DEVICE
)
def list_force(ctx: Context, request: OnDevice) -> list[WatchTableInfo]:
    """List the force tables of a PLC: there is always one."""
    return watch.list_force(ctx.session, request.device_name)


def read_tables(ctx: Context, request: Import) -> ReadFile:
    """Read the file of a request; it holds watch tables or the force table only."""
    _require_xml(request.import_file_path)
    read = one_file.read_named(ctx, request.import_file_path)
    watch_content.kind_of(read.list_kinds(), request.folder)
    return read


@section.operation(
    wait="POST /api/devices/{deviceName}/watch-force-tables/actions/import",
    reads=read_tables,
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.NEVER,
    example=ON_DEVICE | {"importFilePath": "export/Motor.xml", "override": True},
    done="Tables imported",
)
def import_(ctx: Context, request: Import, read: ReadFile) -> list[ImportedWatchTable]:
    """Import watch tables or the force table; the file says which. A force table with rows needs override."""
    kind = watch_content.kind_of(read.list_kinds(), request.folder)
    found = one_file.foresee(ctx.session, request.device_name, read)
    made = watch_content.import_tables(
        ctx.session, request.device_name, kind, read.content, request.folder, override=request.override
    )
    return found.add_to(made, ImportedWatchTable, kind)


@section.operation(
    wait="GET /api/devices/{deviceName}/watch-tables/{tableName}", right=Right.VIEW, changes=False, example=ON_TABLE
)
def get_watch(ctx: Context, request: OnTable) -> TableContent:
    """Get a watch table with its rows. Live values are at .../values, while the PLC is simulated."""
    found = watch.find_watch(ctx.session, request.device_name, request.table_name)
    return watch_content.read(ctx.session, request.device_name, *found)


@section.operation(
    wait="POST /api/devices/{deviceName}/watch-tables/{tableName}/entries/actions/remove",
    destroys=True,
    undo=Undo.NEVER,
    lock=Lock.PROJECT,
    example=ON_TABLE | {"entries": ["bStart", "%MW10"]},
    done="Rows removed",
)
def remove_entries(ctx: Context, request: RemoveEntries) -> TableContent:
    """Remove rows of a watch table by name, address or number: all that are named, or none."""
    return watch_content.remove(ctx.session, request.device_name, request.table_name, request.entries, request.numbers)


@section.operation(
    wait="POST /api/devices/{deviceName}/watch-tables/{tableName}/entries/actions/clear",
    destroys=True,
    undo=Undo.NEVER,
    lock=Lock.PROJECT,
    example=ON_TABLE,
    done="Rows removed",
)
def clear_entries(ctx: Context, request: OnTable) -> TableContent:
    """Remove all rows of a watch table."""
    return watch_content.clear(ctx.session, request.device_name, request.table_name)


@section.operation(
    wait="POST /api/devices/{deviceName}/force-tables",
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.NEEDLESS,
    example=ON_DEVICE | {"name": "Force table"},
    no_tool="it refuses always: a PLC has exactly one force table",
)
def create_force(ctx: Context, request: CreateForce) -> WatchTableInfo:
    """Refuse a second force table: a PLC has exactly one."""
    name = watch.list_force(ctx.session, request.device_name)[0].name
    msg = f"{ONE} created: use '{name}', and fill it by importing a file."
    raise Problem("force_table.exists", msg, kind=Kind.CONFLICT, place=Place(device=request.device_name, table=name))


@section.operation(
    wait="GET /api/devices/{deviceName}/force-tables/{tableName}", right=Right.VIEW, changes=False, example=ON_FORCE
)
def get_force(ctx: Context, request: OnTable) -> TableContent:
    """Get the force table with its rows: what is configured, not what is being forced."""
    table = watch.find_force(ctx.session, request.device_name, request.table_name)
    return watch_content.read(ctx.session, request.device_name, table, ())


@section.operation(
    wait="DELETE /api/devices/{deviceName}/force-tables/{tableName}",
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    example=ON_FORCE,
    no_tool="it refuses always: the force table can only be emptied",
)
def delete_force(ctx: Context, request: OnTable) -> WatchTableInfo:
    """Refuse to delete the force table: it can only be emptied."""
    watch.find_force(ctx.session, request.device_name, request.table_name)
    msg = f"{ONE} deleted: empty it with POST .../force-tables/{{tableName}}/entries/actions/clear."
    raise Problem(
        "force_table.fixed", msg, kind=Kind.CONFLICT, place=Place(device=request.device_name, table=request.table_name)
    )


@section.operation(
    wait="POST /api/devices/{deviceName}/force-tables/{tableName}/actions/export",
    right=Right.VIEW,
    destroys=False,
    undo=Undo.NEEDLESS,
    example=ON_FORCE | {"exportPath": "export/Force.xml"},
    done="Force table exported",
)
def export_force(ctx: Context, request: Export) -> TableFile:
    """Export the force table to a SimaticML file."""
    table = watch.find_force(ctx.session, request.device_name, request.table_name)
    return _write(ctx, request, table)


@section.operation(
    also="POST /api/devices/{deviceName}/force-tables/{tableName}/entries/actions/clear",
    destroys=True,
    undo=Undo.NEVER,
    lock=Lock.PROJECT,
    example=ON_FORCE,
    done="Rows removed",
)
def clear_force(ctx: Context, request: OnTable) -> TableContent:
    """Remove all rows of the force table. The PLC continues to force the present values."""
    return watch_content.clear_force(ctx.session, request.device_name, request.table_name)


@section.operation(
    wait="POST /api/devices/{deviceName}/watch-force-tables/folders",
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.KEPT,
    example=ON_DEVICE | {"folder": "Line 1/Drives"},
    done="Folder created",
)
def create_folder(ctx: Context, request: FolderAddress) -> Folder:
    """Create a folder for watch tables, and the folders above it."""
    watch.create_folder(ctx.session, request.device_name, request.folder)
    return Folder(folder=request.folder)


@section.operation(
    wait="DELETE /api/devices/{deviceName}/watch-force-tables/folders",
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    example=ON_DEVICE | {"folder": "Line 1/Drives"},
    done="Folder deleted",
)
def delete_folder(ctx: Context, request: DeleteFolder) -> DeletedFolder:
    """Delete a folder of watch tables. Set force to delete one that is not empty."""
    gone = watch.delete_folder(ctx.session, request.device_name, request.folder, force=request.force)
    return deleted_folder(request.folder, gone)


def _write(ctx: Context, request: Export, table: Any) -> TableFile:
    _require_xml(request.export_path)
    xml = watch.export_xml(ctx.session, table, request.device_name)
    path = ctx.roots.new(request.export_path, overwrite=request.overwrite)
    ctx.roots.write(path, xml)
    return TableFile(name=str(table.Name), path=str(path), size=len(xml))


def _require_xml(path: str) -> None:
    if Path(path).suffix.lower() != ".xml":
        raise Problem("file.wrong_kind", f"'{path}' must end with .xml, the extension of SimaticML.", kind=Kind.INVALID)


@section.stream(
    "GET /api/devices/{deviceName}/watch-tables/{tableName}/values/stream",
    reach=Reach.PROJECT,
    query=value_stream.PERIOD,
    live=True,
)
async def stream_values(listening: Listening) -> LiveStream:
    """Stream the values of the rows of a watch table."""
    return await live_values.stream(listening, live_values.rows)
