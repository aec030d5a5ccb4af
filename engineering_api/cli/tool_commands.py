"""The commands that need no server: checks and conversions of files, the doctor, and descriptions of the service."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from engineering_api.operations.catalogue import Catalogue
    from simatic_xml.folders import Objects


PASSED_ON = {"ignore_unknown_options": True, "help_option_names": []}
"""Settings of the commands whose options another parser reads."""


@click.command("openapi")
@click.option("--api", type=click.Choice(["1", "2"]), default="2", show_default=True, help="The version of the API.")
def print_openapi(api: str) -> None:
    """Print the OpenAPI document."""
    from engineering_api import VERSION
    from engineering_api.web.openapi.document import text

    click.echo(text(_catalogue(), VERSION, int(api)))


@click.command()
@click.argument("folder", required=False, type=click.Path(path_type=Path))
@click.option("--check", is_flag=True, help="Write nothing; fail when a page differs from the catalogue.")
def docs(folder: Path | None, check: bool) -> None:
    """Write the pages about the routes to FOLDER, docs/api of the project by default."""
    from engineering_api.documentation import files

    work = files.stale if check else files.write
    changed = work(_catalogue(), folder or files.FOLDER)
    for name in changed:
        click.echo(f"{'stale' if check else 'written'}: {name}")
    sys.exit(bool(check and changed))


@click.command()
@click.option("--json", "as_json", is_flag=True, help="Print a JSON document.")
@click.option("--fix", is_flag=True, help="Apply the safe fixes: the whitelist entry, pythonnet.")
def doctor(*, as_json: bool, fix: bool) -> None:
    """Check what this computer needs, and say how to correct it. Ends with 0, or 1 with findings."""
    from engineering_api.doctor.command import run
    from engineering_api.doctor.system import ThisSystem

    sys.exit(run(ThisSystem(), as_json=as_json, fix=fix))


@click.command()
def routes() -> None:
    """Print all routes."""
    from engineering_api.cli import index

    for each in index.all_commands():
        for route, mode in zip(each.about["routes"], each.about["modes"], strict=True):
            method, _, path = route.partition(" ")
            click.echo(f"{method:6} {path:90} {mode:5} {each.operation}")


@click.command(
    "xml",
    context_settings=PASSED_ON,
    short_help="Check, compare, convert and draw SimaticML files.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def xml(arguments: tuple[str, ...]) -> None:
    """Check, compare, convert and draw SimaticML files, without a server; `tia xml -h` lists the commands."""
    from simatic_xml.command_line.main import main as run

    sys.exit(run(arguments or ["-h"], "tia xml"))


@click.command(
    "scl",
    context_settings=PASSED_ON,
    short_help="Check, lint, lay out and convert SCL sources.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def scl(arguments: tuple[str, ...]) -> None:
    """Check, lint, lay out and convert SCL sources, without a server; `tia scl -h` lists the commands."""
    from simatic_xml.scl_cli import main as run

    sys.exit(run(arguments or ["-h"], "tia scl", _read_objects, _explain))


@click.command(
    "test",
    context_settings=PASSED_ON,
    short_help="Run tests of PLC programs.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def test(arguments: tuple[str, ...]) -> None:
    """Run tests of PLC programs on PLCSIM Advanced, without a server; `tia test -h` lists the options."""
    from engineering_api.features.plc_tests.cli import test as run

    run.main(arguments or ["-h"], "tia test")


@click.command(
    "check",
    context_settings=PASSED_ON,
    short_help="Check a folder of exports and sources.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def check(arguments: tuple[str, ...]) -> None:
    """Say what TIA Portal would say of the programs in a folder, without a server; `tia check -h` lists the options."""
    from engineering_api.features.program_check.command import check as run

    run.main(arguments or ["-h"], "tia check")


@click.command(
    "run",
    context_settings=PASSED_ON,
    short_help="Run a Python program for Openness on the simulated TIA Portal.",
)
@click.argument("arguments", nargs=-1, type=click.UNPROCESSED)
def run_program(arguments: tuple[str, ...]) -> None:
    """Run a Python program for TIA Portal Openness on the simulated one; `tia run -h` lists the options."""
    from openness_bridge.portal import loader

    sys.exit(loader.hosting().main(arguments or ["-h"], "tia run"))


def _catalogue() -> Catalogue:
    from engineering_api.features.sections import SECTIONS
    from engineering_api.operations.catalogue import Catalogue

    return Catalogue(SECTIONS)


def _read_objects(path: Path) -> Objects:
    """Return the objects in a tag list or JSON file; what reads them is imported for the first such file."""
    from engineering_api.features.program.other_forms import read_objects

    return read_objects(path)


def _explain(code: str) -> str:
    """Return the text about a code; what has it is imported for the first code."""
    from engineering_api.documentation.code_pages import text_of

    return text_of(code)
