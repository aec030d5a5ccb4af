"""`tia diff`: compares local files with each other, or with the same objects of the open project."""

from __future__ import annotations

import difflib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from engineering_api.cli import outcome, output
from engineering_api.cli.everyday import kinds
from engineering_api.cli.running import output_options, plc_option, reporting

if TYPE_CHECKING:
    from simatic_xml import Document


class Side(NamedTuple):
    """One of the two things that are compared."""

    name: str
    form: str
    content: bytes


@click.command("diff", short_help="Compare local files with each other or with the open project")
@click.argument("old", type=click.Path(path_type=Path, dir_okay=False))
@click.argument("new", required=False, type=click.Path(path_type=Path, dir_okay=False))
@plc_option
@output_options
@reporting({"deviceName": "--device-name"})
def diff(old: Path, new: Path | None, plc: str | None, *, as_json: bool, quiet: bool) -> None:
    """Compare OLD with NEW, two files; without NEW, the open project with OLD.

    Files are SimaticML or SCL sources. Objects are compared as an engineer sees them, so layout, dates and ids do not
    count. STL sources, and SCL sources with several objects or with errors, are compared line by line.

    Exit codes: 0 no differences, 1 differences.
    """
    sides = (_local(old), _local(new)) if new is not None else _with_project(old, plc, quiet=quiet)
    rows = list(_compare(*sides))
    if as_json:
        output.print_result(rows, as_json=True)
    elif not quiet:
        for line in [row["text"] for row in rows] or ["No differences."]:
            click.echo(line)
    if rows:
        raise outcome.Finding


def _local(path: Path) -> Side:
    """Return a local file.

    Raises:
        click.UsageError: It is no SimaticML and no source.
    """
    found = kinds.classify(path)
    if found.form not in {"xml", "source"}:
        raise click.UsageError(
            f"'{path}' cannot be compared: give SimaticML (.xml) or a source (.scl, .awl, .db, .udt)."
        )
    return Side(str(path), found.extension.removeprefix("."), path.read_bytes())


def _with_project(path: Path, plc: str | None, *, quiet: bool) -> tuple[Side, Side]:
    """Return the object of the open project that a file has, and the file."""
    from engineering_api.cli.choosing import choose_plc
    from engineering_api.cli.everyday import objects
    from engineering_api.cli.session import Session

    local = _local(path)
    name = _object_name(path, local)
    with Session(quiet=quiet) as session:
        device = choose_plc(session, plc)
        found = objects.find(objects.all_objects(session, device), name)
        form = "xml" if local.form == "xml" or found.kind != "block" else "source"
        content = next(iter(objects.read(session, device, found, form).values()))
    return Side(f"{device}/{found.name}", local.form if form == "source" else "xml", content), local


def _object_name(path: Path, local: Side) -> str:
    """Return the name of the only object of a file.

    Raises:
        click.UsageError: It has several.
    """
    document = _document(local)
    names = [each.name for each in document.objects] if document else kinds.declared_names(local.content)
    if len(names) != 1:
        raise click.UsageError(f"'{path}' has {len(names)} objects: compare a file with one object with the project.")
    return names[0]


def _compare(old: Side, new: Side) -> Iterator[dict[str, Any]]:
    before, after = _document(old), _document(new)
    if before is None or after is None:
        old_lines, new_lines = (side.content.decode("utf-8-sig", "replace").splitlines() for side in (old, new))
        for line in difflib.unified_diff(old_lines, new_lines, old.name, new.name, lineterm=""):
            yield {"file": new.name, "text": line}
        return
    from simatic_xml import diff as compare

    for change in compare(before, after).changes:
        yield {"file": new.name, "text": str(change)} | change.to_json()


def _document(side: Side) -> Document | None:
    """Return the objects of a side; None where they can only be compared as text."""
    from simatic_xml import SimaticMLError, load, scl

    if side.form == "xml":
        try:
            return load(side.content)
        except SimaticMLError as error:
            raise click.UsageError(f"{side.name}: {error}") from None
    if side.form not in {"scl", "db", "udt"}:
        return None
    made = scl.generate(side.content)
    return load(made.documents[0]) if len(made.documents) == len(made.names) == 1 else None
