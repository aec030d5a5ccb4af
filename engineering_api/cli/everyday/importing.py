"""`tia import`: sends local files to the server, imports all of them or nothing, and lists what became of each object."""

from __future__ import annotations

from pathlib import Path
from typing import Any, NamedTuple

import click

from engineering_api.cli import outcome, output
from engineering_api.cli.choosing import choose_plc
from engineering_api.cli.everyday.kinds import LocalFile, gather
from engineering_api.cli.running import output_options, plc_option, reporting
from engineering_api.cli.session import Session
from openness_bridge.errors import Problem
from simatic_xml.folders import here

NAMES = {
    "deviceName": "--device-name",
    "tableName": "--table-name",
    "folder": "--folder",
    "overwrite": "--overwrite",
    "partial": "--partial",
    "createTable": "--create-table",
}


class Wanted(NamedTuple):
    """How files are imported."""

    plc: str
    folder: str
    table: str | None
    create_table: bool
    overwrite: bool
    partial: bool
    dry_run: bool


@click.command("import", short_help="Import local files into the open project")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path))
@plc_option
@click.option("--folder", default="", help="Folder for blocks and data types, its names joined by /.")
@click.option("--table-name", help="Tag table for rows of tag lists that name none.")
@click.option("--create-table", is_flag=True, help="Create that table if it is missing.")
@click.option("--overwrite", is_flag=True, help="Replace objects and tags that exist and would change.")
@click.option("--partial", is_flag=True, help="Import the other files although one is refused.")
@click.option("--dry-run", is_flag=True, help="List what the command would do to each object, and change nothing.")
@output_options
@reporting(NAMES)
def import_files(
    files: tuple[Path, ...],
    plc: str | None,
    folder: str,
    table_name: str | None,
    *,
    create_table: bool,
    overwrite: bool,
    partial: bool,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Import FILES, and the files in folders, into the open project: all of them, or nothing.

    The command recognizes the kind of a file by its content: SimaticML of blocks, data types, tag tables, watch tables and
    technology objects; sources in SCL and STL; SIMATIC SD; blocks in JSON; tag lists as workbook, CSV, SDF, JSON or
    classic XML. It imports what is used before what uses it. The table lists each object and row: created, replaced, unchanged, refused,
    left out because others were refused, or skipped; and the files of folders that are not read, with the reason.

    Exit codes: 0 all imported, 1 something refused or left out.
    """
    found, others = gather(files)
    with Session(quiet=quiet) as session:
        wanted = Wanted(choose_plc(session, plc), folder, table_name, create_table, overwrite, partial, dry_run)
        done = _import(session, wanted, found)
    bad = [each for each in done if each["status"] in {"refused", "left out"}]
    done += [
        {"file": here(each.path), "object": "", "kind": "", "status": "not read", "reason": each.reason, "code": ""}
        for each in others
    ]
    output.print_result(bad if quiet and not as_json else done, as_json=as_json)
    if bad:
        raise outcome.Finding


def _import(session: Session, wanted: Wanted, files: list[LocalFile]) -> list[dict[str, Any]]:
    """Send files and import them; return what became of each object, also of an import that changed nothing."""
    document: dict[str, Any] = {
        "deviceName": wanted.plc,
        "files": [_upload(session, number, each) for number, each in enumerate(files)],
        "names": [str(each.path) for each in files],
        "folders": [each.folder for each in files],
        "folder": wanted.folder,
        "overwrite": wanted.overwrite,
        "partial": wanted.partial,
        "createTable": wanted.create_table,
    }
    if wanted.table is not None:
        document["tableName"] = wanted.table
    if wanted.dry_run:
        document["dryRun"] = True
    try:
        rows = session.call("program-files import", **document)["changes"]
    except Problem as problem:
        # a refused import changed nothing, so its plan is what became of each object
        plan = problem.code == "import.refused" and session.call("program-files import", **document | {"dryRun": True})
        if not plan or not plan["refused"]:
            raise
        rows = plan["changes"]
    return [_row(each) for each in rows]


def _upload(session: Session, number: int, file: LocalFile) -> str:
    """Send a file under a name with the extension of its form, with its texts; return its path on the server."""
    path = session.upload(file.path, f"{number}/{file.path.stem}{file.extension}")
    texts = file.path.with_suffix(".s7res")
    if file.form == "sd" and texts.is_file():
        session.upload(texts, f"{number}/{texts.name}")
    return path


def _row(change: dict[str, Any]) -> dict[str, Any]:
    """Return a change for the table: the local file with line and column, the reason in words of the command line."""
    place = change.get("place") or {}
    where = [str(place[name]) for name in ("line", "column") if place.get(name)] or [
        str(change[name]) for name in ("row",) if change.get(name)
    ]
    status = change["status"]
    reason = outcome.in_words(change.get("reason", ""), NAMES)
    return {
        "file": ":".join([change["file"], *where]),
        "object": change["object"],
        "kind": change.get("kind", ""),
        "status": status,
        "reason": reason,
        "code": change.get("code", ""),
    }
