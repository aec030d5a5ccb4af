"""`tia export`: writes objects of the open project to local files, or prints them."""

from __future__ import annotations

import sys
from itertools import chain, count
from pathlib import Path
from typing import Any

import click

from engineering_api.cli import outcome, output
from engineering_api.cli.choosing import choose_plc
from engineering_api.cli.everyday import objects
from engineering_api.cli.running import output_options, plc_option, reporting
from engineering_api.cli.session import Session
from engineering_api.features.program_check.report_options import PluginChoice
from openness_bridge.errors import Problem
from simatic_xml.scl_cli.report_files import find_exporters
from simatic_xml.writing.whole_files import write_whole

FORMS = ("xml", "source", "sd", "xlsx", "csv", "json")
"""The forms that a server writes; plugins have others."""
NAMES = {
    "deviceName": "--device-name",
    "blockName": "NAME",
    "tableName": "NAME",
    "udtName": "NAME",
    "objectName": "NAME",
}


@click.command("export", short_help="Export the objects of a PLC to local files")
@click.argument("names", nargs=-1)
@plc_option
@click.option(
    "--format", "form",
    type=PluginChoice(FORMS, find_exporters),
    default="xml", show_default=True,
    help="SimaticML, SCL or STL source, SIMATIC SD; xlsx, csv and json for tag tables.",
)  # fmt: skip
@click.option("-o", "--output", "target", type=click.Path(path_type=Path), help="A folder; a file for one object.")
@click.option("--overwrite", is_flag=True, help="Replace existing files.")
@output_options
@reporting(NAMES)
def export_objects(
    names: tuple[str, ...],
    plc: str | None,
    form: str,
    target: Path | None,
    *,
    overwrite: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Export the blocks, data types, tag, watch and force tables and technology objects NAMES; without names, all of the PLC.

    Without -o, the text of a single object is printed. The names of a folder are those of the objects, in folders as in
    the project. An object without the wanted form is exported as SimaticML; the table names it.

    Exit codes: 0 all exported, 1 something left out.
    """
    with Session(quiet=quiet) as session:
        device = choose_plc(session, plc)
        known = objects.all_objects(session, device)
        lists = form in {"xlsx", "csv", "json"}
        wanted = [objects.find(known, name) for name in names] or [
            each for each in known if not lists or each.kind == "table"
        ]
        if target is None:
            _print(session, device, wanted, form)
            return
        single = len(names) == 1 and bool(target.suffix) and not target.is_dir()
        taken: set[str] = set()
        rows = [
            _export(session, device, each, form, target, taken, single=single, overwrite=overwrite) for each in wanted
        ]
    output.print_result(rows, as_json=as_json, quiet=quiet)
    if any(row["status"] != "exported" for row in rows):
        raise outcome.Finding


def _has_form(found: objects.Found, form: str) -> bool:
    if form == "source" and found.kind == "block":
        return found.language in {"SCL", "STL", "DB"}
    return form in objects.FORMS[found.kind]


def _print(session: Session, plc: str, wanted: list[objects.Found], form: str) -> None:
    """Print the text of one object.

    Raises:
        click.UsageError: There are several, or the form is no text.
    """
    if len(wanted) != 1:
        raise click.UsageError("Name a folder for the files with -o, or name one object to print its text.")
    for content in objects.read(session, plc, wanted[0], form).values():
        if form == "xlsx":
            raise click.UsageError("A workbook is not text: name a file with -o.")
        try:
            text = content.decode("utf-8-sig")
        except UnicodeDecodeError:
            raise click.UsageError(f"The form {form} is not a text: name a file with -o.") from None
        sys.stdout.write(text)
    sys.stdout.write("\n" if sys.stdout.isatty() else "")


def _export(
    session: Session,
    plc: str,
    found: objects.Found,
    form: str,
    target: Path,
    taken: set[str],
    *,
    single: bool,
    overwrite: bool,
) -> dict[str, Any]:
    folder = (
        target.parent if single else target.joinpath(*map(objects.safe_name, filter(None, found.folder.split("/"))))
    )
    row = {"object": found.name, "kind": found.kind, "file": "", "status": "exported", "reason": ""}
    try:
        if form not in FORMS and not single:
            files, row["reason"] = _convert(objects.read(session, plc, found, "xml"), form)
        elif form == "xml" or single or _has_form(found, form):
            files = objects.read(session, plc, found, form)
        else:
            files = objects.read(session, plc, found, "xml")
            row["reason"] = f"It has no form {form} and was exported as SimaticML."
    except Problem as problem:
        if single:
            raise
        if form == "xml" or row["reason"]:
            return row | {"status": "left out", "reason": problem.message}
        try:
            files = objects.read(session, plc, found, "xml")
        except Problem:
            return row | {"status": "left out", "reason": problem.message}
        row["reason"] = f"It was exported as SimaticML: {problem.message}"
    for name, content in _with_free_names(files, found.kind, folder, taken).items():
        file = target if single else folder / name
        if file.exists() and not overwrite:
            raise click.UsageError(f"{file} exists: add --overwrite to replace it.")
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, content)
        row["file"] = row["file"] or str(file)
    return row


def _convert(files: dict[str, bytes], form: str) -> tuple[dict[str, bytes], str]:
    """Return a SimaticML file in the form of a plugin; where it has none, the file itself and the reason."""
    try:
        return objects.convert(files, form), ""
    except Problem as problem:
        return files, f"It was exported as SimaticML: {problem.message}"


def _with_free_names(files: dict[str, bytes], kind: str, folder: Path, taken: set[str]) -> dict[str, bytes]:
    """Return the files of an object by names that no file before has: a block and a tag table may have the same name."""
    tries = chain(("", f" ({kind})"), (f" ({kind} {number})" for number in count(2)))
    named = ({f"{Path(name).stem}{more}{Path(name).suffix}": files[name] for name in files} for more in tries)
    free = next(each for each in named if not _paths(each, folder) & taken)
    taken |= _paths(free, folder)
    return free


def _paths(files: dict[str, bytes], folder: Path) -> set[str]:
    return {str(folder / name).casefold() for name in files}
