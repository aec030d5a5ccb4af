"""`tia backup` and `tia restore`: copy what the service keeps while it runs, and restore it."""

from __future__ import annotations

from pathlib import Path

import click

from engineering_api.cli.running import data_dir_option, reporting
from engineering_api.settings import default_data_dir


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@data_dir_option
@reporting()
def backup(file: Path, data_dir: Path | None) -> None:
    """Copy the service's data to FILE, a ZIP file. The service may keep running.

    The file holds the service's keys: keep it as you keep them. Projects are not in it: archive them.
    """
    from engineering_api.storage.backup import back_up

    made = back_up(data_dir or default_data_dir(), file)
    click.echo(f"{made.path}: {made.files} files, {made.size:,} bytes")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@data_dir_option
@reporting()
def restore(file: Path, data_dir: Path | None) -> None:
    """Restore FILE, which `tia backup` wrote. Stop the service first. The command moves the present files aside."""
    from engineering_api.storage.backup import restore as run

    done = run(file, data_dir or default_data_dir())
    click.echo(f"{done.files} files restored.")
