"""Program files: import files of any form into a PLC, whole or not at all, with a list of what became of each object."""

from __future__ import annotations

from pathlib import PurePath
from typing import Annotated, NamedTuple

import msgspec

from engineering_api.features.change_list import Change
from engineering_api.features.program_files import importing, reading
from engineering_api.features.program_files.importing import Choices, Import
from engineering_api.features.program_files.outcome import ImportOutcome, summarize
from engineering_api.features.program_files.reading import Incoming
from engineering_api.files.forms import check_json
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Request, named, path_field
from engineering_api.operations.terms import Lock, Place, Trial, Undo
from openness_bridge.errors import Problem
from openness_bridge.importing import active_languages
from openness_bridge.lookup import plc
from openness_bridge.project import texts

section = Section("Block Generation")
FILES = (
    "Files on the server, inside its allowed folders. The extension says the form: SimaticML or classic tag tables (.xml), JSON "
    "form or tags (.json), sources (.scl, .awl, .db, .udt), SIMATIC SD (.s7dcl), tag lists (.xlsx, .csv, .sdf)."
)


class ImportFiles(Request, kw_only=True):
    """Files to import, and how."""

    device_name: Annotated[str, named("Name of the station, its CPU or its program.")]
    files: Annotated[list[str], path_field(FILES, "paths", min_length=1)]
    names: Annotated[
        list[str],
        named(
            "What the files are called in the list and in messages of the compiler, in the same order; by default as in files."
        ),
    ] = msgspec.field(default_factory=list)
    folders: Annotated[
        list[str],
        named("The folder of what is new in each file, in the same order, also of tables; without it that of folder."),
    ] = msgspec.field(default_factory=list)
    folder: Annotated[str, named("Folder of new blocks and data types, its names joined by /.", "folderPath")] = ""
    overwrite: Annotated[
        bool,
        named(
            "Replace objects and tags that exist and would change; otherwise they are refused.",
            "override",
            destroys=True,
        ),
    ] = False
    partial: Annotated[
        bool, named("Import the other files although one is refused; otherwise nothing is imported.")
    ] = False
    table_name: Annotated[
        str | None,
        named("Tag table of new rows that name none; the default table when left out.", "table", "tagTable"),
    ] = None
    create_table: Annotated[bool, named("Create that table if it is missing.")] = False
    dry_run: Annotated[bool, named("Change nothing: answer the list that the import would have.")] = False


class ReadFiles(NamedTuple):
    """The files of a request: those that were read, and by their number what is wrong with the others."""

    files: list[Incoming]
    changes: dict[int, list[Change]]


def read_files(ctx: Context, request: ImportFiles) -> ReadFiles:
    """Read the files of a request.

    Raises:
        Problem: There is no such PLC, or a file is above a limit.
    """
    version, culture = ctx.session.call(lambda: _facts(ctx, request.device_name))
    found = ReadFiles([], {})
    for number, path in enumerate(request.files):
        name = request.names[number] if number < len(request.names) else path
        try:
            file = _read(ctx, number, path, version, culture)
        except Problem as problem:
            if problem.limit is not None:
                raise
            found.changes[number] = [importing.failed(name, problem)]
        else:
            file.name = name
            file.source = reading.read_source(file)
            file.folder = request.folders[number] if number < len(request.folders) else ""
            found.files.append(file)
    return found


@section.operation(
    also="POST /api/devices/{deviceName}/program-files/actions/import-sync",
    reads=read_files,
    also_job="POST /api/devices/{deviceName}/program-files/actions/import",
    lock=Lock.PROJECT,
    place=Place.WORKER,
    trial=Trial.PLANNED,
    destroys=False,
    undo=Undo.NEVER,
    example={"deviceName": "PLC_1", "files": ["imports/Motor.xml", "tags/conveyor.xlsx"], "dryRun": True},
    done="Imported",
)
def import_(ctx: Context, request: ImportFiles, given: ReadFiles) -> ImportOutcome:
    """Import files of any form into a PLC in the order of their dependencies: all of them, or nothing.

    The answer lists every object and row: created, replaced, unchanged, refused, left out or skipped. An object that exists
    and would change is refused unless overwrite is set. A dry run answers the same list and changes nothing.
    """
    session, dry_run = ctx.session, request.dry_run or ctx.trial
    choices = Choices(
        request.folder, request.table_name, request.create_table, request.overwrite, request.partial, dry_run
    )
    run = Import(session, request.device_name, given.files, given.changes, choices, ctx.progress.report)

    def put() -> tuple[list[Change], list[str]]:
        before = active_languages(session)
        return run.run(), sorted(active_languages(session) - before)

    listed, languages = session.call(put)
    return summarize(listed, languages, dry_run=dry_run)


def _facts(ctx: Context, device: str) -> tuple[str, str]:
    """Return the version and the editing language of the project with a PLC."""
    plc(ctx.session, device)
    return str(ctx.session.model.version), texts.editing_culture(ctx.session)


def _read(ctx: Context, number: int, name: str, version: str, culture: str) -> Incoming:
    if reading.form_of(name) == "json":
        check_json(ctx.roots.existing(name))
    content = ctx.roots.read(name)
    beside = str(PurePath(name).with_suffix(reading.TEXTS))
    is_document = PurePath(name).suffix.lower() == ".s7dcl"
    texts_of_it = ctx.roots.read(beside) if is_document and ctx.roots.resolve(beside).exists() else None
    return reading.read(number, name, content, texts_of_it, version, culture)
