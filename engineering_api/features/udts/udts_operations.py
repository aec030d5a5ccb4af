"""Data Types (UDT): PLC data types with their members, and their folders."""

from __future__ import annotations

from pathlib import Path, PurePath
from typing import Annotated

import msgspec

from engineering_api.features.blocks import document_files
from engineering_api.features.change_list import Change, DeletedFolder, deleted_folder
from engineering_api.features.program_files import one_file
from engineering_api.features.program_files.one_file import ReadFile
from engineering_api.features.udts import udt_content
from engineering_api.features.udts.udt_content import Definition, SavedUdt, Udt, UdtMember
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import NOT_EMPTY_PATH, Model, Request, named, path_field
from engineering_api.operations.terms import Lock, Right, Undo
from openness_bridge.errors import Kind, Problem
from openness_bridge.importing import LANGUAGES, MISSING, PLACE, Languages
from openness_bridge.program import documents, imports, udts
from openness_bridge.program.origins import Origin
from openness_bridge.program.udts import UdtInfo, UdtNode
from openness_bridge.project.texts import Text

section = Section("Data Types (UDT)")
SOURCE = ".udt"
SUFFIXES = (".xml", ".s7dcl", SOURCE)
"""How files of data types end; the import refuses a source for what it is."""
FILE = "A file on the server, inside its allowed folders; a relative path starts from its workspace."
FOLDER = "Folder below PLC data types, its names joined by /; a slash in a name is %2F."
ON_DEVICE = {"deviceName": "PLC_1"}
ON_UDT = ON_DEVICE | {"udtName": "UDT_Motor"}
MOTOR = [{"name": "Speed", "dataType": "Int", "startValue": "0", "comment": "rpm"}]


class OnDevice(Request, kw_only=True):
    """Which PLC."""

    device_name: Annotated[str, named("Name of the station, its CPU or its program.")]


class OnUdt(OnDevice, kw_only=True):
    """Which data type."""

    udt_name: Annotated[str, named("Name of the data type, without quotes.", "name")]


class Comments(OnDevice, kw_only=True):
    """Which PLC, and a data type's comments."""

    comment: Annotated[str | None, named("Comment in the project's editing language.")] = None
    comments: Annotated[list[Text], named("Comments in named languages.")] = msgspec.field(default_factory=list)


class Create(Comments, kw_only=True):
    """A new data type."""

    name: Annotated[str, named("Its name, unique among the blocks and data types of the PLC.", "udtName")]
    members: Annotated[list[UdtMember], named("Its members.")] = msgspec.field(default_factory=list)
    folder: Annotated[str, named(f"{FOLDER} Created if it is missing.", "folderPath")] = ""


class Update(Comments, kw_only=True):
    """The new members of a data type; its comment is kept if none is given."""

    udt_name: Annotated[str, named("Name of the data type.")]
    members: Annotated[list[UdtMember], named("All its members.")]


class Rename(OnUdt, kw_only=True):
    """A data type's new name."""

    new_name: Annotated[str, named("Its new name.", renames="udt_name")]


class Export(OnUdt, kw_only=True):
    """Which data type, to which file."""

    export_path: Annotated[
        str, path_field(f"A new .xml, .s7dcl or .udt file. {FILE}", "path", "filePath", suffixes=SUFFIXES, writes=True)
    ]
    overwrite: Annotated[bool, named("Replace an existing file.", destroys=True, vendor=True)] = False


class Import(OnDevice, kw_only=True):
    """Which file, to which folder."""

    import_file_path: Annotated[
        str, path_field(f"A .xml or .s7dcl file. {FILE}", "path", "filePath", "importPath", suffixes=SUFFIXES)
    ]
    folder: Annotated[str, named(f"{FOLDER} Created if it is missing. {PLACE}", "folderPath")] = ""
    override: Annotated[
        bool, named("Replace data types of the same names in that folder.", "overwrite", destroys=True, vendor=True)
    ] = False
    languages: Annotated[Languages, named(LANGUAGES)] = "activate"
    ignore_missing: Annotated[bool, named(MISSING)] = False


class CreateFolder(OnDevice, kw_only=True):
    """Which folder."""

    folder: Annotated[str, named(FOLDER, "folderPath", "path", "name", "folderName", schema=NOT_EMPTY_PATH)]


class DeleteFolder(OnDevice, kw_only=True):
    """Which folder, and whether with what is in it."""

    folder_path: Annotated[str, named(FOLDER, "folder")]
    force: Annotated[bool, named("Delete the folder with the data types in it.", destroys=True)] = False


class ImportedUdt(UdtInfo, frozen=True, kw_only=True):
    """A data type that was imported.

    Attributes:
        change: What became of it: created, replaced or unchanged, and why.
    """

    change: Change


class Folder(Model):
    """A folder of data types."""

    folder: str


class UdtFile(Model):
    """A file that was written; its size is in bytes."""

    name: str
    path: str
    size: int


@section.operation(
    wait="GET /api/devices/{deviceName}/udts",
    right=Right.VIEW,
    changes=False,
    kept=True,
    example=ON_DEVICE,
    tool="list_udts",
)
def list_(ctx: Context, request: OnDevice) -> list[UdtInfo]:
    """List the PLC data types of a PLC, also those in folders."""
    return udts.list_types(ctx.session, request.device_name)


@section.operation(
    wait="GET /api/devices/{deviceName}/udts/tree", right=Right.VIEW, changes=False, kept=True, example=ON_DEVICE
)
def tree(ctx: Context, request: OnDevice) -> UdtNode:
    """Get the folders of a PLC with their data types."""
    return udts.tree(ctx.session, request.device_name)


@section.operation(
    wait="GET /api/devices/{deviceName}/udts/{udtName}",
    right=Right.VIEW,
    changes=False,
    kept=True,
    example=ON_UDT,
    tool="get_udt",
)
def get(ctx: Context, request: OnUdt) -> Udt:
    """Get a data type with its members. One that is inconsistent must be compiled first."""
    return udt_content.read(ctx.session, request.device_name, request.udt_name)


@section.operation(
    destroys=False,
    undo=Undo.KEPT,
    wait="POST /api/devices/{deviceName}/udts",
    job="POST /api/devices/{deviceName}/udts/async",
    lock=Lock.PROJECT,
    example=ON_DEVICE | {"name": "UDT_Motor", "folder": "Drives", "members": MOTOR},
    done="Data type created",
    tool="create_udt",
)
def create(ctx: Context, request: Create) -> SavedUdt:
    """Create a data type with its members, and compile it."""
    wanted = Definition(name=request.name, members=request.members, comment=request.comment, comments=request.comments)
    return udt_content.create(ctx.session, request.device_name, wanted, request.folder)


@section.operation(
    destroys=False,
    undo=Undo.KEPT,
    wait="PUT /api/devices/{deviceName}/udts/{udtName}",
    job="PUT /api/devices/{deviceName}/udts/{udtName}/async",
    lock=Lock.PROJECT,
    example=ON_UDT | {"members": MOTOR},
    done="Data type changed",
    tool="update_udt",
)
def update(ctx: Context, request: Update) -> SavedUdt:
    """Replace the members of a data type, and compile it. Objects that use it must be compiled afterwards."""
    wanted = Definition(
        name=request.udt_name, members=request.members, comment=request.comment, comments=request.comments
    )
    return udt_content.update(ctx.session, request.device_name, wanted)


@section.operation(
    destroys=False,
    undo=Undo.KEPT,
    also="POST /api/devices/{deviceName}/udts/{udtName}/actions/rename",
    lock=Lock.PROJECT,
    example=ON_UDT | {"newName": "UDT_Drive"},
    done="Data type renamed",
)
def rename(ctx: Context, request: Rename) -> SavedUdt:
    """Rename a data type."""
    info = udts.rename(ctx.session, request.device_name, request.udt_name, request.new_name)
    return udt_content.report_saved(ctx.session, request.device_name, info)


@section.operation(
    destroys=True,
    undo=Undo.KEPT,
    wait="DELETE /api/devices/{deviceName}/udts/{udtName}",
    lock=Lock.PROJECT,
    done="Data type deleted",
    example=ON_UDT,
)
def delete(ctx: Context, request: OnUdt) -> SavedUdt:
    """Delete a data type. Objects that use it can no longer be compiled."""
    gone = udts.delete(ctx.session, request.device_name, request.udt_name)
    return udt_content.report_saved(ctx.session, request.device_name, gone)


@section.operation(
    destroys=False,
    undo=Undo.NEEDLESS,
    wait=(
        "POST /api/devices/{deviceName}/udts/actions/export",
        "POST /api/devices/{deviceName}/udts/{udtName}/actions/export",
    ),
    example=ON_UDT | {"exportPath": "export/UDT_Motor.xml"},
    done="Data type exported",
)
def export(ctx: Context, request: Export) -> UdtFile:
    """Export a data type to a SimaticML file, to a source (.udt), or to SIMATIC SD documents, .s7dcl and .s7res."""
    if document_files.is_document(request.export_path):
        session, device, name = ctx.session, request.device_name, request.udt_name
        path = document_files.write_documents(
            ctx,
            request.export_path,
            lambda folder: documents.export_type(session, device, name, folder),
            overwrite=request.overwrite,
        )
        return UdtFile(name=name, path=str(path), size=path.stat().st_size)
    if PurePath(request.export_path).suffix.lower() == SOURCE:
        content = udts.export_source(ctx.session, request.device_name, request.udt_name)
    else:
        _require_xml(request.export_path)
        content = udts.export_xml(ctx.session, request.device_name, request.udt_name)
    path = ctx.roots.new(request.export_path, overwrite=request.overwrite)
    size = ctx.roots.write(path, content)
    return UdtFile(name=request.udt_name, path=str(path), size=size)


def read_types(ctx: Context, request: Import) -> ReadFile:
    """Read the file of a request; one of SimaticML holds data types only."""
    if document_files.is_document(request.import_file_path):
        return one_file.read_named(ctx, request.import_file_path)
    _require_xml(request.import_file_path)
    read = one_file.read_named(ctx, request.import_file_path)
    udt_content.require_types(read.list_kinds())
    return read


@section.operation(
    destroys=False,
    undo=Undo.KEPT,
    reads=read_types,
    wait="POST /api/devices/{deviceName}/udts/actions/import",
    job="POST /api/devices/{deviceName}/udts/actions/import/async",
    lock=Lock.PROJECT,
    example=ON_DEVICE | {"importFilePath": "export/UDT_Motor.xml", "folder": "Drives", "override": True},
    done="Data types imported",
)
def import_(ctx: Context, request: Import, read: ReadFile) -> list[ImportedUdt]:
    """Import the data types of a SimaticML file or SIMATIC SD document, all or none, and compile them."""
    found = one_file.foresee(ctx.session, request.device_name, read)
    if document_files.is_document(request.import_file_path):
        document = document_files.find_documents(ctx, request.import_file_path)
        made = documents.import_types(
            ctx.session, request.device_name, document, request.folder, override=request.override
        )
        return found.add_to(made, ImportedUdt, "UDT")
    path = ctx.roots.existing(request.import_file_path)
    made = udts.import_file(
        ctx.session,
        request.device_name,
        path,
        request.folder
        or (imports.folder_of(ctx.session, request.device_name, "UDT", read.names) if request.override else ""),
        override=request.override,
        languages=request.languages,
        ignore_missing=request.ignore_missing,
        origin=Origin(read.content, "xml", read.file),
    )
    return found.add_to(made, ImportedUdt, "UDT")


@section.operation(
    destroys=False,
    undo=Undo.KEPT,
    wait="POST /api/devices/{deviceName}/udts/folders",
    lock=Lock.PROJECT,
    example=ON_DEVICE | {"folder": "Drives/Motors"},
    done="Folder created",
)
def create_folder(ctx: Context, request: CreateFolder) -> Folder:
    """Create a folder for data types, and the folders above it."""
    udts.create_folder(ctx.session, request.device_name, request.folder)
    return Folder(folder=request.folder)


@section.operation(
    destroys=True,
    undo=Undo.NEVER,
    wait="DELETE /api/devices/{deviceName}/udts/folders/{folderPath}",
    also="DELETE /api/devices/{deviceName}/udts/folders",
    lock=Lock.PROJECT,
    example=ON_DEVICE | {"folderPath": "Drives/Motors"},
    done="Folder deleted",
)
def delete_folder(ctx: Context, request: DeleteFolder) -> DeletedFolder:
    """Delete a folder of data types. Set force to delete one that is not empty."""
    gone = udts.delete_folder(ctx.session, request.device_name, request.folder_path, force=request.force)
    return deleted_folder(request.folder_path, gone)


def _require_xml(path: str) -> None:
    suffix = Path(path).suffix.lower()
    if suffix == SOURCE:
        msg = f"'{path}' is a source: add it as an external source and generate its data types."
        raise Problem("udt.source_file", msg, kind=Kind.REFUSED)
    if suffix != ".xml":
        raise Problem(
            "file.wrong_kind", f"'{path}' must end with .xml (SimaticML) or .s7dcl (SIMATIC SD).", kind=Kind.INVALID
        )
