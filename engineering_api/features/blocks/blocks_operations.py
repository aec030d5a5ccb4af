"""Blocks: listed, read, created from JSON, edited, imported and exported as SimaticML."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from engineering_api.features.blocks import block_edit, document_files
from engineering_api.features.blocks.block_content import BlockContent, content, content_before_compilation
from engineering_api.features.blocks.block_generation import Specification, sent, xml_of
from engineering_api.features.blocks.bulk_import import Sent
from engineering_api.features.blocks.documents import InterfaceForm, NetworkForm, ObjectForm, without_empty
from engineering_api.features.change_list import Change, DeletedFolder, deleted_folder
from engineering_api.features.program_files import one_file
from engineering_api.features.program_files.one_file import ReadFile
from engineering_api.operations.combinations import combine, exactly_one
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import NOT_EMPTY_PATH, Model, Request, named, path_field
from engineering_api.operations.terms import Lock, Right, Task, Trial, Undo
from openness_bridge.enumerations import InterfaceSection, ProgrammingLanguage, Retention, one_of
from openness_bridge.errors import Place, Problem
from openness_bridge.files import temporary
from openness_bridge.importing import LANGUAGES, MISSING, PLACE, Languages
from openness_bridge.lookup import plc
from openness_bridge.program import blocks, documents, imports, sources
from openness_bridge.program import compile as compiling
from openness_bridge.program.blocks import BlockInfo, BlockNode
from openness_bridge.program.compile import CompileReport
from openness_bridge.program.origins import Origin

section = Section("Blocks")
FILE = "A file on the server, inside its allowed folders; a relative path starts from its workspace."
JSON_FORM = "In the JSON form of simatic_xml (docs/simatic_xml.md)."


TextFormat = Annotated[str, one_of("TextFormat", "xml", "scl", "source")]


class OnDevice(Request):
    """Which PLC."""

    device_name: Annotated[str, named("Name of the station, its CPU or its program.")]


class OnBlock(OnDevice):
    """Which block."""

    block_name: Annotated[str, named("Name of the block.")]


class Create(Specification, kw_only=True):
    """A new block. What is left out gets TIA Portal's defaults."""

    device_name: Annotated[str, named("Name of the station, its CPU or its program.")]
    folder: Annotated[str, named("Folder below Program blocks, its names joined by /.", "folderPath")] = ""
    override: Annotated[bool, named("Replace a block of that name in the same folder.", destroys=True)] = False


@combine(exactly_one("document", "raw_xml", "source_text", ("interface", "networks")))
class PutContent(OnBlock):
    """New content: one of the three forms."""

    document: Annotated[ObjectForm | None, named("The whole block. " + JSON_FORM)] = None
    raw_xml: Annotated[str | None, named("The whole block as SimaticML.", "xml")] = None
    source_text: Annotated[str | None, named("The whole block as SCL source.", "sclContent")] = None
    interface: Annotated[InterfaceForm | None, named(f"Only the sections. {JSON_FORM}")] = None
    networks: Annotated[list[NetworkForm] | None, named(f"Only the networks. {JSON_FORM}")] = None


class Rename(OnDevice):
    """A block's new name."""

    block_name: Annotated[str, named("Name of the block.", "name", "oldName")]
    new_name: Annotated[str, named("Its new name.", renames="block_name")]


class ExportFile(OnDevice):
    """Which block, to which file."""

    block_name: Annotated[str, named("Name of the block.", "name")]
    export_path: Annotated[str, path_field(f"A new .xml or .s7dcl file. {FILE}", "path", "filePath", writes=True)]
    overwrite: Annotated[bool, named("Replace an existing file.", destroys=True, vendor=True)] = False


class ImportFile(OnDevice):
    """Which file, to which folder."""

    import_file_path: Annotated[str, path_field(f"A .xml or .s7dcl file. {FILE}", "path", "filePath", "importPath")]
    folder: Annotated[str, named(f"Folder below Program blocks, created if it is missing. {PLACE}", "folderPath")] = ""
    override: Annotated[
        bool, named("Replace blocks of the same names in that folder.", "overwrite", destroys=True, vendor=True)
    ] = False
    languages: Annotated[Languages, named(LANGUAGES)] = "activate"
    ignore_missing: Annotated[bool, named(MISSING)] = False


class AddNetworks(OnBlock):
    """Networks to add."""

    networks: Annotated[list[NetworkForm], named(f"The networks. {JSON_FORM}", min_length=1)]
    position: Annotated[int, named("Number that the first of them gets; at the end by default.", ge=1)] | None = None


class MemberValues(OnBlock):
    """A member of the interface."""

    start_value: Annotated[str | None, named("Start value.", "default", "defaultValue")] = None
    comment: Annotated[str | None, named("Comment.")] = None
    retain: Annotated[Retention | None, named("Retain, NonRetain or SetInIDB.", "remanence")] = None
    section: Annotated[InterfaceSection | None, named("Input, Output, InOut, Static, Temp or Constant.")] = None


class AddMember(MemberValues, kw_only=True):
    """A new member of the interface."""

    name: Annotated[str, named("Name of the member.", "memberName", min_length=1)]
    data_type: Annotated[str, named("Data type.", "type", min_length=1)]


class UpdateMember(MemberValues, kw_only=True):
    """A change of a member."""

    member_name: Annotated[str, named("Name of the member.")]
    name: Annotated[str | None, named("New name; references by name break.", "newName")] = None
    data_type: Annotated[str | None, named("Data type.", "type")] = None


class MemberAddress(OnBlock):
    """Which member."""

    member_name: Annotated[str, named("Name of the member.")]


class Folder(OnDevice):
    """A folder."""

    folder: Annotated[
        str,
        named(
            "Folder below Program blocks, its names joined by /.", "folderPath", "path", "name", schema=NOT_EMPTY_PATH
        ),
    ]


class DeleteFolder(Folder, kw_only=True):
    """A folder to delete."""

    force: Annotated[bool, named("Delete its content, too.", destroys=True)] = False


class ExportSource(OnBlock):
    """To which file."""

    export_path: Annotated[
        str | None,
        path_field(
            f"A new source file; without it the answer has only the text. {FILE}", "path", "filePath", writes=True
        ),
    ] = None
    with_dependencies: Annotated[bool, named("With the blocks and types that it needs.")] = False


class ExportText(OnBlock):
    """In which form."""

    format: Annotated[TextFormat, named("xml for SimaticML, scl for source text.")] = "xml"


class Source(Model):
    """A block's source."""

    block_name: str
    language: ProgrammingLanguage
    content: str
    source_text: str
    path: str | None


class Exported(Model):
    """A file that was written."""

    path: str
    size: int


class ImportedBlock(BlockInfo, frozen=True, kw_only=True):
    """A block that was imported.

    Attributes:
        change: What became of it: created, replaced or unchanged, and why.
    """

    change: Change


class FolderRef(Model):
    """A folder."""

    folder: str


class Deleted(Model):
    """The deleted object."""

    name: str


START_STOP = {"contact": "#start"}
BLOCK = {"deviceName": "PLC_1", "blockName": "Motor"}
NETWORK = {"title": "Start and stop", "source": {"rungs": [[START_STOP, {"coil": "#run"}]]}}
MEMBERS = {"Input": [{"name": "start", "type": "Bool"}], "Output": [{"name": "run", "type": "Bool"}]}


@section.operation(
    wait="GET /api/devices/{deviceName}/blocks",
    job="GET /api/devices/{deviceName}/blocks/async",
    right=Right.VIEW,
    changes=False,
    kept=True,
    example={"deviceName": "PLC_1"},
    tool="list_blocks",
    task=Task.READ,
    when="to see the blocks (OB, FB, FC, DB) of a PLC with number and language.",
    unless="for their code: get_block_content.",
)
def list_(ctx: Context, request: OnDevice) -> list[BlockInfo]:
    """List all blocks of a PLC: organization blocks, function blocks, functions and data blocks."""
    return blocks.list_blocks(ctx.session, request.device_name)


@section.operation(
    wait="GET /api/devices/{deviceName}/blocks/tree",
    right=Right.VIEW,
    changes=False,
    kept=True,
    example={"deviceName": "PLC_1"},
)
def tree(ctx: Context, request: OnDevice) -> BlockNode:
    """Get the folders of a PLC with their blocks."""
    return blocks.tree(ctx.session, request.device_name)


@section.operation(
    wait="GET /api/devices/{deviceName}/blocks/{blockName}/content",
    right=Right.VIEW,
    changes=False,
    kept=True,
    example=BLOCK,
    tool="get_block_content",
    task=Task.READ,
    when="to read the code or interface of one block before you explain or change it.",
    unless="for a list of blocks: list_blocks.",
)
def get_content(ctx: Context, request: OnBlock) -> BlockContent:
    """Get a block's interface, networks, text and JSON form.

    TIA Portal does not export a block that is not compiled. Such a block has `needsCompilation`, and the content that this
    service imported; no content if somebody else made or changed it.
    """
    session, device, name = ctx.session, request.device_name, request.block_name
    info = blocks.describe(session, device, name)
    if info.is_consistent:
        return content(info, blocks.export_xml(session, device, name))
    known = None if info.is_know_how_protected else blocks.find_origin(session, device, name)
    return content_before_compilation(info, known)


def read_created(ctx: Context, request: Create) -> ReadFile:
    """Generate the block of a request."""
    version = ctx.session.model.version
    return one_file.read(xml_of(request, version), ".xml", str(version))


@section.operation(
    destroys=False,
    undo=Undo.KEPT,
    reads=read_created,
    wait="POST /api/devices/{deviceName}/blocks",
    also="POST /api/devices/{deviceName}/blocks/generate-and-import",
    lock=Lock.PROJECT,
    done="Block created",
    example={
        "deviceName": "PLC_1",
        "kind": "FB",
        "name": "Motor",
        "language": "LAD",
        "interface": MEMBERS,
        "networks": [NETWORK],
    },
    tool="create_block",
)
def create(ctx: Context, request: Create, read: ReadFile) -> ImportedBlock:
    """Create a block, with interface and networks in JSON or empty."""
    origin = sent(request).origin(read.content)
    found = one_file.foresee(ctx.session, request.device_name, read)
    made = blocks.import_xml(
        ctx.session, request.device_name, read.content, request.folder, override=request.override, origin=origin
    )
    return found.add_to(made, ImportedBlock)[0]


@section.operation(
    wait="DELETE /api/devices/{deviceName}/blocks/{blockName}",
    lock=Lock.PROJECT,
    example=BLOCK,
    destroys=True,
    undo=Undo.KEPT,
    done="Block deleted",
    tool="delete_block",
)
def delete(ctx: Context, request: OnBlock) -> Deleted:
    """Delete a block. Objects that use it become inconsistent; instance DBs of a deleted FB are kept."""
    blocks.delete(ctx.session, request.device_name, request.block_name)
    return Deleted(name=request.block_name)


@section.operation(
    destroys=False,
    undo=Undo.KEPT,
    wait="POST /api/devices/{deviceName}/blocks/actions/rename",
    job="POST /api/devices/{deviceName}/blocks/actions/rename-async",
    lock=Lock.PROJECT,
    example=BLOCK | {"newName": "Motor_2"},
    done="Block renamed",
)
def rename(ctx: Context, request: Rename) -> BlockInfo:
    """Give a block another name."""
    return blocks.rename(ctx.session, request.device_name, request.block_name, request.new_name)


@section.operation(
    destroys=False,
    undo=Undo.NEEDLESS,
    wait="POST /api/devices/{deviceName}/blocks/actions/export-sync",
    job="POST /api/devices/{deviceName}/blocks/actions/export",
    also="POST /api/devices/{deviceName}/blocks/{blockName}/actions/export",
    right=Right.VIEW,
    example=BLOCK | {"exportPath": "exports/Motor.xml"},
    done="Block exported",
    tool="export_block",
)
def export(ctx: Context, request: ExportFile) -> Exported:
    """Export a block to a SimaticML file (it must be consistent), or to SIMATIC SD documents, .s7dcl and .s7res."""
    session, device, name = ctx.session, request.device_name, request.block_name
    if document_files.is_document(request.export_path):
        path = document_files.write_documents(
            ctx,
            request.export_path,
            lambda folder: documents.export_block(session, device, name, folder),
            overwrite=request.overwrite,
        )
        return Exported(path=str(path), size=path.stat().st_size)
    with temporary(".xml") as draft:
        blocks.export_file(session, device, name, draft)
        return _write_export(ctx, draft.read_bytes(), ctx.roots.new(request.export_path, overwrite=request.overwrite))


@section.operation(
    also="POST /api/devices/{deviceName}/blocks/{blockName}/export",
    right=Right.VIEW,
    changes=False,
    example=BLOCK | {"format": "xml"},
)
def export_text(ctx: Context, request: ExportText) -> str:
    """Get a block as text: SimaticML, or its source if it has one."""
    kind = request.format.casefold()
    unknown = f"There is no format '{request.format}': use xml or scl."
    ctx.require(kind in {"xml", "scl", "source"}, "block.format", unknown)
    if kind == "xml":
        return export_xml(ctx, request)
    source = ExportSource(device_name=request.device_name, block_name=request.block_name)
    return export_source(ctx, source).content


def read_blocks(ctx: Context, request: ImportFile) -> ReadFile:
    """Read the file of a request."""
    return one_file.read_named(ctx, request.import_file_path)


@section.operation(
    destroys=False,
    undo=Undo.KEPT,
    reads=read_blocks,
    wait="POST /api/devices/{deviceName}/blocks/actions/import-sync",
    job="POST /api/devices/{deviceName}/blocks/actions/import",
    lock=Lock.PROJECT,
    done="Block imported",
    example={"deviceName": "PLC_1", "importFilePath": "imports/Motor.xml", "folder": "Drives", "override": True},
)
def import_(ctx: Context, request: ImportFile, read: ReadFile) -> list[ImportedBlock]:
    """Import the blocks of a SimaticML file or SIMATIC SD document: all of them, or none when one is refused."""
    found = one_file.foresee(ctx.session, request.device_name, read)
    if document_files.is_document(request.import_file_path):
        path = document_files.find_documents(ctx, request.import_file_path)
        made = documents.import_blocks(
            ctx.session, request.device_name, path, request.folder, override=request.override
        )
        return found.add_to(made, ImportedBlock)
    path = ctx.roots.existing(request.import_file_path)
    made = blocks.import_file(
        ctx.session,
        request.device_name,
        path,
        request.folder
        or (imports.folder_of(ctx.session, request.device_name, "FB", read.names) if request.override else ""),
        override=request.override,
        languages=request.languages,
        ignore_missing=request.ignore_missing,
        origin=Origin(read.content, "xml", read.file),
    )
    return found.add_to(made, ImportedBlock)


@section.operation(
    wait="POST /api/devices/{deviceName}/blocks/{blockName}/networks",
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.KEPT,
    example=BLOCK | {"networks": [NETWORK]},
    done="Networks added",
)
def add_networks(ctx: Context, request: AddNetworks) -> BlockInfo:
    """Add networks to a block."""
    change = block_edit.add_networks(request.networks, request.position)
    return block_edit.edit(ctx.session, request.device_name, request.block_name, change)


@section.operation(
    wait="POST /api/devices/{deviceName}/blocks/{blockName}/interface/members",
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.KEPT,
    example=BLOCK | {"section": "Input", "name": "stop", "dataType": "Bool"},
    done="Member added",
)
def add_member(ctx: Context, request: AddMember) -> BlockInfo:
    """Add a member to a block's interface. Calls of the block become inconsistent."""
    change = block_edit.add_member(request.section or "Static", _member(request, request.name))
    return block_edit.edit(ctx.session, request.device_name, request.block_name, change)


@section.operation(
    wait="PUT /api/devices/{deviceName}/blocks/{blockName}/interface/members/{memberName}",
    destroys=False,
    undo=Undo.KEPT,
    lock=Lock.PROJECT,
    example=BLOCK | {"memberName": "stop", "comment": "Stop button"},
    done="Member changed",
)
def update_member(ctx: Context, request: UpdateMember) -> BlockInfo:
    """Change a member of a block's interface."""
    values = _member(request, request.name) | without_empty(section=request.section)
    change = block_edit.update_member(request.member_name, values)
    return block_edit.edit(ctx.session, request.device_name, request.block_name, change)


@section.operation(
    wait="DELETE /api/devices/{deviceName}/blocks/{blockName}/interface/members/{memberName}",
    destroys=True,
    undo=Undo.KEPT,
    lock=Lock.PROJECT,
    example=BLOCK | {"memberName": "stop"},
    done="Member deleted",
)
def delete_member(ctx: Context, request: MemberAddress) -> BlockInfo:
    """Delete a member of a block's interface."""
    change = block_edit.delete_member(request.member_name)
    return block_edit.edit(ctx.session, request.device_name, request.block_name, change)


def read_source(_: Context, request: PutContent) -> Origin | None:
    """Read the source text of a request, where it has one."""
    text = request.source_text
    return None if text is None else sources.read_text(text, ".scl", pointer="/sourceText")


@section.operation(
    wait="PUT /api/devices/{deviceName}/blocks/{blockName}/content",
    reads=read_source,
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.KEPT,
    example=BLOCK | {"networks": [NETWORK]},
    done="Block changed",
    tool="set_block_content",
)
def put_content(ctx: Context, request: PutContent, source: Origin | None) -> BlockInfo:
    """Replace a block's content: as JSON, SimaticML or SCL source, or only its interface or networks."""
    session, device, name = ctx.session, request.device_name, request.block_name
    info = blocks.describe(session, device, name)
    if request.document is not None:
        form = Sent(pointer="/document", data=request.document)
        return block_edit.put(session, device, info, request.document, form)
    if request.raw_xml is not None:
        return block_edit.replace(session, device, info, request.raw_xml.encode(), Sent(pointer="/rawXml"))
    if source is not None:
        return _from_source(ctx, device, info, source)
    parts = without_empty(interface=request.interface, networks=request.networks)
    return block_edit.edit(session, device, name, lambda data: data.update(parts))


@section.operation(
    wait="GET /api/devices/{deviceName}/blocks/{blockName}/export-xml", right=Right.VIEW, changes=False, example=BLOCK
)
def export_xml(ctx: Context, request: OnBlock) -> str:
    """Get a block as SimaticML text."""
    return blocks.export_xml(ctx.session, request.device_name, request.block_name).decode("utf-8-sig")


@section.operation(
    wait="POST /api/devices/{deviceName}/blocks/{blockName}/actions/export-source",
    also="GET /api/devices/{deviceName}/blocks/{blockName}/source",
    right=Right.VIEW,
    changes=False,
    example=BLOCK | {"blockName": "Lamp", "exportPath": "exports/Lamp.scl"},
    tool="get_block_source",
)
def export_source(ctx: Context, request: ExportSource) -> Source:
    """Get a block's source text, and write it to a file. Only SCL and STL blocks and data blocks have one."""
    session, device = ctx.session, request.device_name
    block, _ = blocks.find(session, device, request.block_name)
    info = blocks.describe(session, device, request.block_name)
    suffix = {"STL": ".awl", "DB": ".db"}.get(info.language, ".scl")
    with temporary(suffix) as draft:
        sources.write_source(session, [block], draft, with_dependencies=request.with_dependencies, device=device)
        text = draft.read_bytes()
    path = None if request.export_path is None else _write_export(ctx, text, ctx.roots.new(request.export_path)).path
    shown = text.decode("utf-8-sig")
    return Source(block_name=info.name, language=info.language, content=shown, source_text=shown, path=path)


@section.operation(
    destroys=False,
    undo=Undo.NEEDLESS,
    also=("POST /api/devices/{deviceName}/blocks/{blockName}/actions/compile", "POST /api/blocks/compile"),
    lock=Lock.PROJECT,
    trial=Trial.CHECKED,
    example=BLOCK,
    done="Compiled",
    event="compile.finished",
    tool="compile_block",
)
def compile_(ctx: Context, request: OnBlock) -> CompileReport:
    """Compile one block. Errors are in the result, not in the status."""
    block, _ = blocks.find(ctx.session, request.device_name, request.block_name)
    return compiling.compile_object(ctx.session, block, plc(ctx.session, request.device_name))


@section.operation(
    wait="POST /api/devices/{deviceName}/blocks/folders",
    lock=Lock.PROJECT,
    done="Folder created",
    destroys=False,
    undo=Undo.KEPT,
    example={"deviceName": "PLC_1", "folder": "Drives/Conveyors"},
)
def create_folder(ctx: Context, request: Folder) -> FolderRef:
    """Create a folder for blocks, with the folders above it."""
    blocks.create_folder(ctx.session, request.device_name, request.folder)
    return FolderRef(folder=request.folder)


@section.operation(
    wait="DELETE /api/devices/{deviceName}/blocks/folders",
    lock=Lock.PROJECT,
    done="Folder deleted",
    destroys=True,
    undo=Undo.NEVER,
    example={"deviceName": "PLC_1", "folder": "Drives/Conveyors"},
)
def delete_folder(ctx: Context, request: DeleteFolder) -> DeletedFolder:
    """Delete a folder. Set force to delete one that is not empty."""
    gone = blocks.delete_folder(ctx.session, request.device_name, request.folder, force=request.force)
    return deleted_folder(request.folder, gone)


def _write_export(ctx: Context, text: bytes, path: Path) -> Exported:
    return Exported(path=str(path), size=ctx.roots.write(path, text))


def _member(request: AddMember | UpdateMember, name: str | None) -> dict[str, Any]:
    return without_empty(
        name=name,
        type=request.data_type,
        default=request.start_value,
        comment=request.comment,
        remanence=request.retain,
    )


def _from_source(ctx: Context, device: str, info: BlockInfo, text: Origin) -> BlockInfo:
    if [name.casefold() for name in text.names] != [info.name.casefold()]:
        msg = f"The source is of {', '.join(text.names) or 'no block'}, not of '{info.name}'."
        raise Problem("block.other_name", msg, place=Place(block=info.name))
    sources.generate_text(ctx.session, device, f"{info.name}_edit", text)
    return blocks.describe(ctx.session, device, info.name)
