"""Tags & Constants: tag tables and their folders."""

from __future__ import annotations

from typing import Annotated

from engineering_api.features.change_list import Change, DeletedFolder, deleted_folder
from engineering_api.features.program_files import one_file
from engineering_api.features.program_files.one_file import ReadFile
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import NOT_EMPTY_PATH, Model, Request, named, path_field
from engineering_api.operations.terms import Lock, Right, Undo
from openness_bridge.importing import LANGUAGES, Languages
from openness_bridge.program import imports, tag_tables
from openness_bridge.program.tag_tables import TableInfo, TableNode

section = Section("Tags & Constants")
FILE = "A file on the server, inside its allowed folders; a relative path starts from its workspace."
TABLE_NAME = "Name of the tag table; with its folders before it, joined by /, as well."
FOLDER = "Folder below the root, its names joined by /; a slash in a name is %2F."
ON_DEVICE = {"deviceName": "PLC_1"}
ON_TABLE = ON_DEVICE | {"tableName": "Conveyor"}


class OnDevice(Request):
    """Which PLC."""

    device_name: Annotated[str, named("Name of the station, its CPU or its program.")]


class OnTable(OnDevice):
    """Which tag table."""

    table_name: Annotated[str, named(TABLE_NAME)]


class Create(OnDevice):
    """A new tag table."""

    name: Annotated[str, named("Its name.", "tableName", "tagTableName")]
    folder: Annotated[str, named(f"{FOLDER} Created if it is missing.", "folderPath", "path")] = ""


class Rename(OnTable):
    """A tag table's new name."""

    new_name: Annotated[str, named("Its new name.", "name", "newTableName", renames="table_name")]


class FolderAddress(OnDevice):
    """Which folder."""

    folder: Annotated[str, named(FOLDER, "folderPath", "path", "name", "folderName", schema=NOT_EMPTY_PATH)]


class DeleteFolder(FolderAddress, kw_only=True):
    """Which folder, and whether with what is in it."""

    force: Annotated[bool, named("Delete the folder with the tables in it.", destroys=True)] = False


class ImportedTable(TableInfo, frozen=True, kw_only=True):
    """A tag table that was imported.

    Attributes:
        change: What became of it: created, replaced or unchanged, and why.
    """

    change: Change


class Folder(Model):
    """A folder."""

    folder: str


class ImportFile(OnDevice):
    """Which SimaticML file, to which folder."""

    import_file_path: Annotated[str, path_field(f"A SimaticML file. {FILE}", "path", "filePath")]
    folder: Annotated[str, named(f"{FOLDER} Created if it is missing.", "folderPath")] = ""
    override: Annotated[
        bool, named("Replace tables of the same names in the same folder.", "overwrite", destroys=True)
    ] = False
    languages: Annotated[Languages, named(LANGUAGES)] = "activate"


@section.operation(
    wait="GET /api/devices/{deviceName}/tag-tables",
    job="GET /api/devices/{deviceName}/tag-tables/async",
    right=Right.VIEW,
    changes=False,
    kept=True,
    example=ON_DEVICE,
    tool="list_tag_tables",
)
def list_(ctx: Context, request: OnDevice) -> list[TableInfo]:
    """List the tag tables of a PLC, also those in folders."""
    return tag_tables.list_tables(ctx.session, request.device_name)


@section.operation(
    wait="GET /api/devices/{deviceName}/tag-tables/tree", right=Right.VIEW, changes=False, kept=True, example=ON_DEVICE
)
def tree(ctx: Context, request: OnDevice) -> TableNode:
    """Get the folders of a PLC with their tag tables."""
    return tag_tables.tree(ctx.session, request.device_name)


@section.operation(
    destroys=False,
    undo=Undo.KEPT,
    wait="POST /api/devices/{deviceName}/tag-tables/actions/create-sync",
    job="POST /api/devices/{deviceName}/tag-tables/actions/create",
    also="POST /api/devices/{deviceName}/tag-tables",
    lock=Lock.PROJECT,
    example=ON_DEVICE | {"name": "Conveyor", "folder": "Line 1"},
    done="Tag table created",
    tool="create_tag_table",
)
def create(ctx: Context, request: Create) -> TableInfo:
    """Create an empty tag table."""
    return tag_tables.create(ctx.session, request.device_name, request.name, request.folder)


@section.operation(
    destroys=False,
    undo=Undo.KEPT,
    wait="PUT /api/devices/{deviceName}/tag-tables/{tableName}/actions/update-sync",
    job="PUT /api/devices/{deviceName}/tag-tables/{tableName}/actions/update",
    also="PUT /api/devices/{deviceName}/tag-tables/{tableName}",
    lock=Lock.PROJECT,
    example=ON_TABLE | {"newName": "Conveyor_2"},
    done="Tag table renamed",
)
def update(ctx: Context, request: Rename) -> TableInfo:
    """Rename a tag table. The default table keeps its name."""
    return tag_tables.rename(ctx.session, request.device_name, request.table_name, request.new_name)


@section.operation(
    destroys=True,
    undo=Undo.KEPT,
    wait="DELETE /api/devices/{deviceName}/tag-tables/{tableName}/actions/delete-sync",
    job="DELETE /api/devices/{deviceName}/tag-tables/{tableName}/actions/delete",
    also="DELETE /api/devices/{deviceName}/tag-tables/{tableName}",
    lock=Lock.PROJECT,
    example=ON_TABLE,
    done="Tag table deleted",
)
def delete(ctx: Context, request: OnTable) -> TableInfo:
    """Delete a tag table with its tags. The default table cannot be deleted."""
    return tag_tables.delete(ctx.session, request.device_name, request.table_name)


@section.operation(
    wait="GET /api/devices/{deviceName}/tag-tables/{tableName}/export-xml",
    right=Right.VIEW,
    changes=False,
    example=ON_TABLE,
)
def export_xml(ctx: Context, request: OnTable) -> str:
    """Get a tag table as SimaticML text."""
    return tag_tables.export_xml(ctx.session, request.device_name, request.table_name).decode("utf-8-sig")


def read_tables(ctx: Context, request: ImportFile) -> ReadFile:
    """Read the file of a request."""
    return one_file.read_named(ctx, request.import_file_path)


@section.operation(
    destroys=False,
    undo=Undo.KEPT,
    reads=read_tables,
    also="POST /api/devices/{deviceName}/tag-tables/actions/import-xml-sync",
    also_job="POST /api/devices/{deviceName}/tag-tables/actions/import-xml",
    lock=Lock.PROJECT,
    example=ON_DEVICE | {"importFilePath": "export/Conveyor.xml", "folder": "Line 1", "override": True},
    done="Imported",
)
def import_xml(ctx: Context, request: ImportFile, read: ReadFile) -> list[ImportedTable]:
    """Import the tag tables of a SimaticML file, all or none."""
    found = one_file.foresee(ctx.session, request.device_name, read)
    made = tag_tables.import_file(
        ctx.session,
        request.device_name,
        ctx.roots.existing(request.import_file_path),
        request.folder
        or (imports.folder_of(ctx.session, request.device_name, "TagTable", read.names) if request.override else ""),
        override=request.override,
        languages=request.languages,
    )
    return found.add_to(made, ImportedTable, "TagTable")


@section.operation(
    destroys=False,
    undo=Undo.KEPT,
    wait="POST /api/devices/{deviceName}/tag-tables/folders",
    lock=Lock.PROJECT,
    example=ON_DEVICE | {"folder": "Line 1/Conveyors"},
    done="Folder created",
)
def create_folder(ctx: Context, request: FolderAddress) -> Folder:
    """Create a folder for tag tables, and the folders above it."""
    tag_tables.create_folder(ctx.session, request.device_name, request.folder)
    return Folder(folder=request.folder)


@section.operation(
    destroys=True,
    undo=Undo.NEVER,
    wait="DELETE /api/devices/{deviceName}/tag-tables/folders",
    lock=Lock.PROJECT,
    example=ON_DEVICE | {"folder": "Line 1/Conveyors"},
    done="Folder deleted",
)
def delete_folder(ctx: Context, request: DeleteFolder) -> DeletedFolder:
    """Delete a folder of tag tables. Set force to delete one that is not empty."""
    gone = tag_tables.delete_folder(ctx.session, request.device_name, request.folder, force=request.force)
    return deleted_folder(request.folder, gone)
