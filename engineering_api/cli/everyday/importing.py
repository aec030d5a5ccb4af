"""`tia import`: sends local files to the server and imports them in the order of their dependencies."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby
from pathlib import Path
from typing import Any, NamedTuple

import click
import msgspec

from engineering_api.cli import index, outcome, output
from engineering_api.cli.choosing import choose_plc
from engineering_api.cli.everyday.kinds import LocalFile, classify, in_order
from engineering_api.cli.running import output_options, plc_option, reporting
from engineering_api.cli.session import Session
from openness_bridge.errors import Detail, Place, Problem

NAMES = {"deviceName": "--device-name", "tableName": "--table-name", "folder": "--folder", "override": "--overwrite"}


class Wanted(NamedTuple):
    """How files are imported."""

    plc: str
    folder: str
    overwrite: bool
    table: str | None
    dry_run: bool


@click.command("import", short_help="Import local files into the open project")
@click.argument("files", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@plc_option
@click.option("--folder", default="", help="Folder for blocks and data types, its names joined by /.")
@click.option("--table-name", help="Tag table for rows of tag lists that name none.")
@click.option("--overwrite", is_flag=True, help="Replace objects that exist.")
@click.option("--dry-run", is_flag=True, help="Report what the command would change, and change nothing.")
@output_options
@reporting(NAMES)
def import_files(
    files: tuple[Path, ...],
    plc: str | None,
    folder: str,
    table_name: str | None,
    *,
    overwrite: bool,
    dry_run: bool,
    as_json: bool,
    quiet: bool,
) -> None:
    """Import FILES, and the files in folders, into the open project.

    The command recognizes the kind of a file by its content: SimaticML of blocks, data types, tag tables, watch tables and
    technology objects; sources in SCL and STL; SIMATIC SD; tag lists as workbook, CSV, SDF or JSON. It imports what is used
    before what uses it, and stops at the first file that is refused.
    """
    found = in_order([classify(path) for path in _files(files)])
    with Session(quiet=quiet) as session:
        wanted = Wanted(choose_plc(session, plc), folder, overwrite, table_name, dry_run)
        done: list[dict[str, Any]] = []
        for (form, _), group in groupby(found, key=lambda each: (each.form, each.form != "xml" and each.path)):
            done += _import(session, wanted, form, list(group))
    output.print_result(done, as_json=as_json, quiet=quiet)
    if any(each["status"] == "failed" for each in done):
        raise outcome.Finding


def _files(given: tuple[Path, ...]) -> list[Path]:
    """Return the named files, and those in the named folders that have an extension of an import."""
    wanted = {".xml", ".scl", ".awl", ".db", ".udt", ".s7dcl", ".xlsx", ".csv", ".sdf"}
    found = [
        file
        for path in given
        for file in (sorted(p for p in path.rglob("*") if p.suffix.casefold() in wanted) if path.is_dir() else [path])
    ]
    if not found:
        raise click.UsageError("There is nothing to import in these folders.")
    return list(dict.fromkeys(found))


def _import(session: Session, wanted: Wanted, form: str, files: list[LocalFile]) -> list[dict[str, Any]]:
    works = {"xml": _xml, "source": _source, "sd": _sd, "list": _tags}
    try:
        return works[form](session, wanted, files)
    except Problem as problem:
        if len(files) == 1:
            problem.message = f"{files[0].path}: {problem.message}"
        raise


def _xml(session: Session, wanted: Wanted, files: list[LocalFile]) -> list[dict[str, Any]]:
    common: dict[str, Any] = {"deviceName": wanted.plc, "folder": wanted.folder, "override": wanted.overwrite}
    rows: list[dict[str, Any]] = []
    many = [each for each in files if each.stage in {"types", "tags", "blocks"}]
    if many:
        sent = [session.upload(each.path, f"{number}/{each.path.name}") for number, each in enumerate(many)]
        with _naming(many):
            data = _run(session, wanted, "block-generation bulk-import", **common, files=sent)
        rows += _rows(many, data, wanted)
    for each in files:
        if each not in many:
            operation = "watch-tables import" if each.stage == "watch" else "technology import"
            _run(session, wanted, operation, **common, importFilePath=session.upload(each.path))
            rows.append(_row(each, "", each.stage, wanted))
    return rows


@contextmanager
def _naming(files: list[LocalFile]) -> Iterator[None]:
    """Name the local file in the place of a problem, where the server names its number in the request.

    Raises:
        Problem: The same, with local files.
    """
    try:
        yield
    except Problem as problem:
        problem.place = _local(problem.place, files)
        problem.details = [Detail(each.code, each.message, _local(each.place, files)) for each in problem.details]
        raise


def _local(place: Place | None, files: list[LocalFile]) -> Place | None:
    pointer = (place.pointer if place else None) or ""
    folder, _, number = pointer.removeprefix("/").partition("/")
    if place is None or folder != "files" or not number.isdigit() or int(number) >= len(files):
        return place
    return msgspec.structs.replace(place, pointer=None, path=str(files[int(number)].path))


def _rows(files: list[LocalFile], data: dict[str, Any], wanted: Wanted) -> list[dict[str, Any]]:
    if wanted.dry_run or "results" not in data:
        return [_row(each, "", each.stage, wanted) for each in files]
    return [
        _row(files[result["item"]], made["name"], made["kind"], wanted)
        for result in data["results"]
        for made in result["objects"]
    ]


def _source(session: Session, wanted: Wanted, files: list[LocalFile]) -> list[dict[str, Any]]:
    rows = []
    for each in files:
        made = _run(
            session,
            wanted,
            "sources import-and-generate",
            deviceName=wanted.plc,
            sclContent=each.text,
            sourceName=each.path.stem,
            extension=each.extension,
        )
        objects = made if isinstance(made, list) and made else [{"name": "", "type": each.stage}]
        rows += [_row(each, made_one["name"], made_one["type"], wanted) for made_one in objects]
    return rows


def _sd(session: Session, wanted: Wanted, files: list[LocalFile]) -> list[dict[str, Any]]:
    for each in files:
        path = session.upload(each.path)
        texts = each.path.with_suffix(".s7res")
        if texts.is_file():
            session.upload(texts)
        operation = "udts import" if each.stage == "types" else "blocks import"
        _run(
            session,
            wanted,
            operation,
            deviceName=wanted.plc,
            importFilePath=path,
            folder=wanted.folder,
            override=wanted.overwrite,
        )
    return [_row(each, each.path.stem, each.stage, wanted) for each in files]


def _tags(session: Session, wanted: Wanted, files: list[LocalFile]) -> list[dict[str, Any]]:
    rows = []
    for each in files:
        document: dict[str, Any] = {"deviceName": wanted.plc, "filePath": session.upload(each.path)}
        if wanted.table is not None:
            document["tableName"] = wanted.table
        data = session.call("tag-transfer import-json", **document, dryRun=wanted.dry_run)
        counts = f"{data['created']} created, {data['updated']} updated, {data['unchanged']} unchanged"
        row = _row(each, counts, "tags", wanted)
        rows.append(row | ({"status": "failed", "errors": data["errors"]} if data.get("errors") else {}))
    return rows


def _run(session: Session, wanted: Wanted, words: str, **document: Any) -> Any:
    return session.run(index.require(words), document, {"dryRun": True} if wanted.dry_run else {})


def _row(file: LocalFile, name: str, kind: str, wanted: Wanted) -> dict[str, Any]:
    return {"file": str(file.path), "object": name, "kind": kind, "status": "checked" if wanted.dry_run else "imported"}
