"""`tia backup` and `tia restore`: copy what the service keeps while it runs, and restore it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from engineering_api.settings import default_data_dir
from openness_bridge.errors import Problem


def _data_dir(function: Any) -> Any:
    return click.option(
        "--data-dir",
        type=click.Path(path_type=Path),
        envvar="TIA_DATA_DIR",
        help="TIA_DATA_DIR. The service's data folder.",
    )(function)


@click.command()
@click.argument("file", type=click.Path(path_type=Path, dir_okay=False))
@_data_dir
def backup(file: Path, data_dir: Path | None) -> None:
    """Copy what the service keeps to FILE, a ZIP file; it may run meanwhile.

    The file holds the service's keys: keep it as you keep them. Projects are not in it: archive them.
    """
    from engineering_api.storage.backup import back_up

    try:
        made = back_up(data_dir or default_data_dir(), file)
    except Problem as problem:
        raise click.ClickException(f"{problem.message} [{problem.code}]") from None
    click.echo(f"{made.path}: {made.files} files, {made.size:,} bytes")


@click.command()
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@_data_dir
def restore(file: Path, data_dir: Path | None) -> None:
    """Bring FILE, made by `tia backup`, back; the service must be stopped. What is there is moved aside."""
    from engineering_api.storage.backup import restore as run

    try:
        done = run(file, data_dir or default_data_dir())
    except Problem as problem:
        raise click.ClickException(f"{problem.message} [{problem.code}]") from None
    click.echo(f"{done.files} files are back.")
