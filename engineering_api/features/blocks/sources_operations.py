"""External sources: add texts in SCL and STL, and generate blocks from them."""

from __future__ import annotations

import re
from typing import Annotated, NamedTuple

from engineering_api.features.blocks import blocks_operations
from engineering_api.features.blocks.blocks_operations import FILE, Deleted, FolderRef, OnDevice
from engineering_api.features.change_list import Change, DeletedFolder, deleted_folder
from engineering_api.features.program_files import one_file
from engineering_api.features.program_files.one_file import ReadFile
from engineering_api.files import sent_paths
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import NOT_EMPTY_PATH, Model, named, path_field
from engineering_api.operations.terms import Lock, Right, Task, Undo
from openness_bridge.enumerations import CompileState
from openness_bridge.errors import Kind, Problem
from openness_bridge.files import temporary
from openness_bridge.program import compile as compiling
from openness_bridge.program import sources
from openness_bridge.program.compile import Diagnostic
from openness_bridge.program.origins import Origin
from openness_bridge.program.sources import Generated, SourceInfo

section = Section("Blocks")
WRITTEN_SOURCE = "written_source"
KINDS = "scl, awl, db or udt."
NETWORK = re.compile(r"^[ \t]*NETWORK[ \t]*(?://.*)?\r?$", re.IGNORECASE | re.MULTILINE)
"""The line by which a network of STL begins; SCL has none, and a member of that name has a type behind it."""


class SourceAddress(OnDevice):
    """Which source."""

    source_name: Annotated[str, named("Name of the external source.", "name")]


class FromFile(OnDevice):
    """A source file."""

    path: Annotated[str, path_field(f"The source file. {FILE}", "filePath", "sourcePath")]
    source_name: Annotated[str | None, named("Name of the source; the file's by default.", "name")] = None
    folder: Annotated[str, named("An existing folder for sources.", "folderPath")] = ""


class FromText(OnDevice):
    """A source text."""

    content: Annotated[str, named("The text.", "sclContent", "text", "sourceText")]
    source_name: Annotated[str, named("Name of the source.", "name")]
    extension: Annotated[str, named(KINDS, pattern=r"^\.?(scl|awl|db|udt)$")] = "scl"
    folder: Annotated[str, named("An existing folder for sources.", "folderPath")] = ""


class ImportAndGenerate(OnDevice):
    """A source text to generate blocks from."""

    scl_content: Annotated[
        str, named("The text: any number of blocks, types and data blocks.", "content", "text", "source")
    ]
    source_name: Annotated[str, named("Name of the temporary source.", "name")] = "imported_source"
    extension: Annotated[
        str,
        named(
            f"{KINDS} Without it awl for STL, which has networks, and scl otherwise.",
            pattern=r"^(\.?(scl|awl|db|udt))?$",
        ),
    ] = ""
    keep_on_error: Annotated[bool, named("Keep what could be generated when there are errors.")] = False


class WriteScl(OnDevice):
    """A source text to write into the program."""

    scl: Annotated[
        str,
        named(
            "The whole source text: FUNCTION_BLOCK, FUNCTION, ORGANIZATION_BLOCK, DATA_BLOCK and TYPE, any number of them. "
            "It replaces blocks of the same names and language.",
            "sclContent",
            "content",
            "text",
            "source",
            min_length=1,
        ),
    ]
    overwrite: Annotated[
        bool,
        named(
            "Replace blocks that are written in another language, such as LAD; otherwise they are refused.",
            destroys=True,
        ),
    ] = False


class FromSource(Generated, frozen=True, kw_only=True):
    """A block or data type that was generated.

    Attributes:
        change: What became of it: created, replaced or unchanged, and why.
    """

    change: Change


class SourceFinding(Model):
    """A message of the compiler.

    Attributes:
        severity: Error, Warning or Information.
        block: The block or data type.
        line: 1-based line of the text that was sent; null where the message is about another object or no line.
        column: 1-based column of that line.
        line_text: The line itself.
    """

    severity: str
    message: str
    block: str | None
    line: int | None
    column: int | None
    line_text: str | None


class Written(Model):
    """The written blocks and data types, and whether the program compiles with them.

    Attributes:
        objects: The blocks and data types of the text.
        state: Success, Information, Warning or Error.
        findings: Those about the text first, errors before others.
    """

    objects: list[FromSource]
    state: CompileState
    errors: int
    warnings: int
    findings: list[SourceFinding]


class Generate(SourceAddress, kw_only=True):
    """A source to generate blocks from."""

    keep_on_error: Annotated[bool, named("Keep what could be generated when there are errors.")] = False


class SourceFolder(OnDevice):
    """A folder for sources."""

    folder: Annotated[
        str, named("Folder below External source files.", "folderPath", "path", "name", schema=NOT_EMPTY_PATH)
    ]


class DeleteSourceFolder(SourceFolder, kw_only=True):
    """A folder to delete."""

    force: Annotated[bool, named("Delete its content, too.", destroys=True)] = False


SCL = 'FUNCTION_BLOCK "Lamp"\nVAR_INPUT\n  on : Bool;\nEND_VAR\nVAR_OUTPUT\n  q : Bool;\nEND_VAR\nBEGIN\n  #q := #on;\nEND_FUNCTION_BLOCK\n'
SOURCE = {"deviceName": "PLC_1", "sourceName": "lamp.scl"}
FOLDER = {"deviceName": "PLC_1", "folder": "Generated"}


class ReadText(NamedTuple):
    """A source text that was read: what TIA Portal imports, and the objects in it."""

    origin: Origin
    file: ReadFile


def read_generated(ctx: Context, request: ImportAndGenerate) -> ReadText:
    """Read the text of a request."""
    extension = _suffix(request.extension or language_of(request.scl_content))
    file = sources.file_name(request.source_name, extension)
    return _read(ctx, sources.read_text(request.scl_content, extension, file=file, pointer="/sclContent"), extension)


def read_written(ctx: Context, request: WriteScl) -> ReadText:
    """Read the text of a request."""
    extension = _suffix(language_of(request.scl))
    return _read(ctx, sources.read_text(request.scl, extension, pointer="/scl"), extension)


def _read(ctx: Context, origin: Origin, extension: str) -> ReadText:
    return ReadText(origin, one_file.read(origin.content, extension, str(ctx.session.model.version)))


def read_added(ctx: Context, request: Generate) -> ReadFile | None:
    """Read the text of an external source; None where this service did not add it, because TIA Portal gives none back."""
    session = ctx.session
    origin = session.call(lambda: sources.find_text(session, request.device_name, request.source_name))
    if origin is None:
        return None
    return one_file.read(origin.content, f".{origin.form}", str(session.model.version), origin.file)


def read_file(ctx: Context, request: FromFile) -> Origin | None:
    """Read the file of a request; None for one that is no source."""
    path = ctx.roots.existing(request.path)
    if not sources.is_source(path):
        return None
    return sources.read_content(ctx.roots.read(request.path), path.suffix, file=sent_paths.unescape(request.path))


def read_sent(_: Context, request: FromText) -> Origin:
    """Read the text of a request."""
    extension = _suffix(request.extension)
    file = sources.file_name(request.source_name, extension)
    return sources.read_text(request.content, extension, file=file, pointer="/content")


@section.operation(
    reads=read_generated,
    wait="POST /api/devices/{deviceName}/external-sources/import-and-generate",
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.KEPT,
    also_job="POST /api/devices/{deviceName}/external-sources/import-and-generate-async",
    example={"deviceName": "PLC_1", "sclContent": SCL},
    done="Blocks generated",
    resource=blocks_operations.list_,
    tool="import_scl",
)
def import_and_generate(ctx: Context, request: ImportAndGenerate, text: ReadText) -> list[FromSource]:
    """Generate blocks from source text. The source itself is not kept. The answer names all errors with their lines."""
    found = one_file.foresee(ctx.session, request.device_name, text.file)
    made = sources.generate_text(
        ctx.session,
        request.device_name,
        request.source_name,
        text.origin,
        extension=_suffix(request.extension or language_of(request.scl_content)),
        keep_on_error=request.keep_on_error,
    )
    return found.add_to(made, FromSource)


@section.operation(
    reads=read_written,
    also="POST /api/devices/{deviceName}/external-sources/write",
    also_job="POST /api/devices/{deviceName}/external-sources/write-async",
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.KEPT,
    example={"deviceName": "PLC_1", "scl": SCL},
    done="Source written and compiled",
    resource=blocks_operations.list_,
    tool="write_scl",
    task=Task.CODE,
    when="to create or change code: function blocks (FB), functions (FC), OBs, data blocks, data types. Correct what it finds "
    "and call it again.",
    unless="for LAD or FBD blocks: create_block, which find_operations finds; for PLC tags: create_tag.",
)
def write(ctx: Context, request: WriteScl, text: ReadText) -> Written:
    """Write SCL source text into a PLC: generate its blocks and data types, compile, and list what the compiler finds.

    Each finding has the line of the text as it was sent. If the text has syntax errors, nothing is changed. A block that is
    written in another language is replaced only with overwrite; objects have the language that was replaced.
    """
    if not request.overwrite:
        _require_same_language(ctx, request.device_name, text.origin)
    found = one_file.foresee(ctx.session, request.device_name, text.file)
    made = sources.generate_text(
        ctx.session,
        request.device_name,
        WRITTEN_SOURCE,
        text.origin,
        extension=_suffix(language_of(request.scl)),
    )
    report = compiling.compile_device(ctx.session, request.device_name, "software")
    own = {each.name.casefold() for each in made}
    findings = [_to_finding(each, own) for each in report.diagnostics]
    result = report.result
    return Written(
        objects=found.add_to(made, FromSource),
        state=result.state,
        errors=result.error_count,
        warnings=result.warning_count,
        findings=sorted(findings, key=lambda each: (each.line is None, each.severity != "Error")),
    )


@section.operation(
    wait="GET /api/devices/{deviceName}/external-sources",
    right=Right.VIEW,
    changes=False,
    kept=True,
    example={"deviceName": "PLC_1"},
)
def list_(ctx: Context, request: OnDevice) -> list[SourceInfo]:
    """List the external sources of a PLC."""
    return sources.list_sources(ctx.session, request.device_name)


@section.operation(
    wait="POST /api/devices/{deviceName}/external-sources/from-file",
    reads=read_file,
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.KEPT,
    example={"deviceName": "PLC_1", "path": "sources/lamp.scl"},
    done="Source added",
)
def from_file(ctx: Context, request: FromFile, content: Origin | None) -> SourceInfo:
    """Add a source file as an external source."""
    path = ctx.roots.existing(request.path)
    name = request.source_name or path.name
    return sources.add(ctx.session, request.device_name, name, path, request.folder, origin=content)


@section.operation(
    wait="POST /api/devices/{deviceName}/external-sources/from-text",
    reads=read_sent,
    lock=Lock.PROJECT,
    destroys=False,
    undo=Undo.KEPT,
    example=SOURCE | {"content": SCL},
    done="Source added",
)
def from_text(ctx: Context, request: FromText, text: Origin) -> SourceInfo:
    """Add a source text as an external source."""
    with temporary(_suffix(request.extension)) as path:
        path.write_bytes(text.content)
        return sources.add(ctx.session, request.device_name, request.source_name, path, request.folder, origin=text)


@section.operation(
    wait="DELETE /api/devices/{deviceName}/external-sources/{sourceName}",
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    example=SOURCE,
    done="Source deleted",
)
def delete(ctx: Context, request: SourceAddress) -> Deleted:
    """Delete an external source. Blocks that were generated from it are kept."""
    sources.delete(ctx.session, request.device_name, request.source_name)
    return Deleted(name=request.source_name)


@section.operation(
    reads=read_added,
    wait="POST /api/devices/{deviceName}/external-sources/{sourceName}/generate",
    lock=Lock.PROJECT,
    destroys=True,
    undo=Undo.NEVER,
    example=SOURCE,
    done="Blocks generated",
    resource=blocks_operations.list_,
)
def generate(ctx: Context, request: Generate, read: ReadFile | None) -> list[FromSource]:
    """Generate the blocks of an external source. The answer names all errors with their lines."""
    found = one_file.foresee_source(ctx.session, request.device_name, request.source_name, read)
    made = sources.generate(ctx.session, request.device_name, request.source_name, keep_on_error=request.keep_on_error)
    return found.add_to(made, FromSource)


@section.operation(
    wait="POST /api/devices/{deviceName}/external-sources/folders",
    lock=Lock.PROJECT,
    example=FOLDER,
    destroys=False,
    undo=Undo.KEPT,
    done="Folder created",
)
def create_folder(ctx: Context, request: SourceFolder) -> FolderRef:
    """Create a folder for sources."""
    sources.create_folder(ctx.session, request.device_name, request.folder)
    return FolderRef(folder=request.folder)


@section.operation(
    wait="DELETE /api/devices/{deviceName}/external-sources/folders",
    lock=Lock.PROJECT,
    example=FOLDER,
    destroys=True,
    undo=Undo.NEVER,
    done="Folder deleted",
)
def delete_folder(ctx: Context, request: DeleteSourceFolder) -> DeletedFolder:
    """Delete a folder of sources. Set force to delete one that is not empty."""
    gone = sources.delete_folder(ctx.session, request.device_name, request.folder, force=request.force)
    return deleted_folder(request.folder, gone)


def language_of(text: str) -> str:
    """The extension of a source text: only blocks in STL have networks."""
    return "awl" if NETWORK.search(text) else "scl"


def _require_same_language(ctx: Context, device: str, origin: Origin) -> None:
    """Refuse a text that would replace blocks in another language.

    Raises:
        Problem: It would; the message names them.
    """
    others = sources.find_other_languages(ctx.session, device, origin)
    if others:
        own = "STL" if origin.form == "awl" else "SCL"
        which = ", ".join(f"'{name}' ({language} → {own})" for name, language in others.items())
        msg = f"The text would replace blocks in another language: {which}. Set 'overwrite' to replace them."
        raise Problem("source.other_language", msg, kind=Kind.CONFLICT).at(device=device)


def _to_finding(each: Diagnostic, own: set[str]) -> SourceFinding:
    """Return a message of the compiler with its place in the text, if it is about one of the text's own objects."""
    inside = (each.block or "").casefold() in own
    return SourceFinding(
        severity=each.severity,
        message=each.message,
        block=each.block,
        line=each.line if inside else None,
        column=each.column if inside else None,
        line_text=each.line_text if inside else None,
    )


def _suffix(extension: str) -> str:
    return "." + extension.removeprefix(".")
