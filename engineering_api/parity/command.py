"""`tia parity`: record on a machine with a licensed TIA Portal, replay anywhere."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from engineering_api.parity import recordings
from engineering_api.parity.scenarios import SCENARIOS
from openness_bridge.errors import Problem
from openness_bridge.portal.loader import load


@click.group()
def parity() -> None:
    """Record what a real TIA Portal answers, and hold the simulated one to it."""


@parity.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False))
@click.option("--tia-version", help="The newest installed one by default.")
@click.option("--scenario", "chosen", multiple=True, type=click.Choice(list(SCENARIOS)), help="All by default.")
@click.option("--backend", type=click.Choice(["openness", "fake"]), default="openness", show_default=True)
def record(folder: Path, tia_version: str | None, chosen: tuple[str, ...], backend: str) -> None:
    """Play scenarios and write the answers to FOLDER.

    Each starts a TIA Portal without user interface and works in a new project in a temporary folder; portals and
    projects that are open are not touched. A scenario that fails does not end the others; then the status is 1.
    """
    failed = False
    try:
        model = load(backend, tia_version)
    except Problem as problem:
        raise click.ClickException(f"{problem.message} [{problem.code}]") from None
    for scenario in chosen or SCENARIOS:
        try:
            click.echo(recordings.record(model, scenario, folder))
        except Problem as problem:
            failed = True
            click.echo(f"{scenario}: {problem.message} [{problem.code}]", err=True)
    sys.exit(failed)


@parity.command()
@click.argument("folder", type=click.Path(path_type=Path, file_okay=False, exists=True))
def replay(folder: Path) -> None:
    """Ask the simulated TIA Portal what recordings in FOLDER asked; ends with 1 when it answers differently."""
    files = sorted(folder.glob("*.json"))
    different = 0
    try:
        for path in files:
            recording = recordings.read(path)
            found = recordings.replay(recording, load(recordings.SIMULATED, recording.tia_version))
            different += len(found)
            evidence = "" if recording.backend != recordings.SIMULATED else " (of a simulated one: no evidence)"
            click.echo(f"{path.name}: recorded {recording.recorded_at}{evidence}, {len(found)} differences")
            for each in found:
                click.echo(f"  {each.question}\n    recorded: {each.recorded}\n    now:      {each.now}")
    except Problem as problem:
        raise click.ClickException(f"{problem.message} [{problem.code}]") from None
    click.echo(f"{len(files)} recordings, {different} differences.")
    sys.exit(bool(different))
