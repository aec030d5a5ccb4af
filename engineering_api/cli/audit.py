"""`tia audit`: checks and exports the audit log without a server, and checks exported files of others."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

import click
import msgspec

from engineering_api.cli.running import data_dir_option, reporting
from engineering_api.settings import default_data_dir


@click.group()
def audit() -> None:
    """Check and export the audit log."""


@audit.command()
@click.argument("file", required=False, type=click.Path(path_type=Path, exists=True, dir_okay=False))
@data_dir_option
@reporting()
def verify(file: Path | None, data_dir: Path | None) -> None:
    """Check the log of a data folder, or an exported FILE. Ends with 0 when it is whole, with 1 when it is not.

    A log that is bound with a key is checked with the key in TIA_AUDIT_KEY.
    """
    from engineering_api.audit.files import verify_file
    from engineering_api.audit.reading import Trail

    key = os.environ.get("TIA_AUDIT_KEY", "").encode()
    found = verify_file(file, key) if file else Trail(data_dir or default_data_dir()).verify(key)
    click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode())
    if not found.ok:
        click.echo(f"Broken at {found.broken}: {found.reason}", err=True)
    sys.exit(0 if found.ok else 1)


@audit.command()
@click.option("--format", "form", type=click.Choice(["jsonl", "csv"]), default="jsonl", help="jsonl by default.")
@click.option("--since", help="Moment, ISO 8601; UTC when it names no zone. Included.")
@click.option("--until", help="The same; not included.")
@click.option("--output", type=click.File("wb"), default="-", help="A file; standard output by default.")
@data_dir_option
@reporting()
def export(form: Any, since: str | None, until: str | None, output: IO[bytes], data_dir: Path | None) -> None:
    """Write the log with its hashes, so that `tia audit verify FILE` can check it elsewhere."""
    from engineering_api.audit import files
    from engineering_api.audit.chain import Broken
    from engineering_api.audit.moments import moment
    from engineering_api.audit.reading import Trail

    try:
        trail = Trail(data_dir or default_data_dir())
        pieces: Iterator[bytes] = files.export(trail, form, moment(since, "since"), moment(until, "until"))
        for piece in pieces:
            output.write(piece)
    except Broken as found:
        raise click.ClickException(f"Broken at {found.number}: {found.reason}") from None
