"""`tia check`: checks a folder of exports and sources without a server."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engineering_api.features.program_check.report_options import further, report_options
from openness_bridge.errors import Problem
from simatic_xml.command_line.console import use_utf8
from simatic_xml.command_line.files import STANDARD
from simatic_xml.errors import SimaticMLError
from simatic_xml.folders import LeftOut, lines
from simatic_xml.scl_cli.report_files import write_reports

if TYPE_CHECKING:
    from engineering_api.features.program_check.check import PlcReport

FINE, FOUND, UNUSABLE = 0, 1, 3
_LEVELS = ("error", "warning", "never")


@click.command("check", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--cpu", default="", help="Order number of the CPU[/firmware]; chosen by the program by default.")
@click.option("--device-name", "--plc", "plc", default="", metavar="PLC", help="Check only this PLC of the folder.")
@click.option(
    "--tia-version", default="", help="TIA Portal version; the newest that wrote one of the files by default."
)
@click.option(
    "--backend", type=click.Choice(["fake", "openness"]), default="fake", show_default=True,
    help="Where the files are imported: a simulated TIA Portal, or the installed one.",
)  # fmt: skip
@report_options
@click.option("-o", "--output", default=STANDARD, help="File for the report; standard output by default.")
@click.option(
    "--fail-on", type=click.Choice(_LEVELS), default="error", show_default=True, help="Lowest level that fails."
)
@click.option("--allow-missing", is_flag=True, help="Do not fail because of names that no file declares.")
def check(
    folder: Path,
    cpu: str,
    plc: str,
    tia_version: str,
    backend: str,
    form: str,
    output: str,
    fail_on: str,
    *,
    allow_missing: bool,
    **files: Any,
) -> None:
    """Say what TIA Portal would say of the programs in FOLDER.

    FOLDER holds exports (SimaticML, SIMATIC SD), sources (.scl, .udt, .db, .awl), blocks in JSON and tag lists (.xlsx, .csv, .sdf,
    .json) of one or several PLCs. The command imports them into a throw-away project and compiles them. Nothing is changed, and no
    server is needed. What it does not read is named.

    Exit codes: 0 nothing found, 1 errors or missing names, 2 wrong usage, 3 nothing that can be checked.
    """
    from engineering_api.features.program.other_forms import look_in
    from engineering_api.features.program_check.check import Options, check_folder
    from engineering_api.features.program_check.folder import find_plcs
    from engineering_api.features.program_check.kept_reports import find_or_check
    from engineering_api.features.program_check.parallel import run_parallel
    from engineering_api.features.program_check.report_forms import count, makers, report_of, summary
    from engineering_api.settings import from_environment
    from simatic_xml.scl_cli.findings import Finding

    use_utf8()
    reports: list[PlcReport] = []
    left_out: list[LeftOut] = []
    broken: list[Finding] = []
    try:
        from_environment().open_cache()
        options = Options(cpu, plc, tia_version, backend)
        held = look_in(folder)
        left_out = find_plcs(held)[1]
        reports = find_or_check(held, options, lambda: check_folder(held, options, run_parallel))
    except Problem as problem:
        click.echo(f"{problem.message} [{problem.code}]", err=True)
        broken.append(Finding(str(folder), "error", problem.code, problem.message))
    whole = report_of(reports, folder, left_out, broken)
    try:
        # a report for people on the output would repeat the sentence
        is_said = bool(broken) and form == "text" and output == STANDARD
        write_reports(makers(reports, whole, folder), form, None if is_said else output, further(files))
    except OSError as error:
        click.echo(f"'{error.filename}' cannot be written: {error.strerror}.", err=True)
        sys.exit(UNUSABLE)
    except SimaticMLError as error:
        click.echo(f"{error} [{error.code}]", err=True)
        sys.exit(UNUSABLE)
    if broken:
        for line in lines(left_out):
            click.echo(line, err=True)
        sys.exit(UNUSABLE)
    click.echo(summary(reports, left_out), err=True)
    levels = {"error": ("error",), "warning": ("error", "warning"), "never": ()}[fail_on]
    failed = any(count(reports, level) for level in levels)
    missing = fail_on != "never" and not allow_missing and any(report.missing for report in reports)
    sys.exit(FOUND if failed or missing else FINE)
