"""`tia check`: checks a folder of exports and sources without a server."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from openness_bridge.errors import Problem
from simatic_xml.console import use_utf8

FINE, FOUND, UNUSABLE = 0, 1, 3
_LEVELS = ("error", "warning", "never")


@click.command("check", context_settings={"help_option_names": ["-h", "--help"]})
@click.argument("folder", type=click.Path(path_type=Path))
@click.option("--cpu", default="", help="Order number of the CPU[/firmware]; chosen by the program by default.")
@click.option("--plc", default="", help="Check only this PLC of the folder.")
@click.option(
    "--tia-version", default="", help="TIA Portal version; the newest that wrote one of the files by default."
)
@click.option(
    "--backend", type=click.Choice(["fake", "openness"]), default="fake", show_default=True,
    help="Where the files are imported: a simulated TIA Portal, or the installed one.",
)  # fmt: skip
@click.option(
    "--format",
    "form",
    type=click.Choice(["text", "json", "sarif", "junit", "gitlab"]),
    default="text",
    show_default=True,
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="File for the report; standard output by default."
)
@click.option(
    "--fail-on", type=click.Choice(_LEVELS), default="error", show_default=True, help="Lowest level that fails."
)
@click.option("--allow-missing", is_flag=True, help="Names that no file declares are no reason to fail.")
def check(
    folder: Path,
    cpu: str,
    plc: str,
    tia_version: str,
    backend: str,
    form: str,
    output: Path | None,
    fail_on: str,
    *,
    allow_missing: bool,
) -> None:
    """Say what TIA Portal would say of the programs in FOLDER.

    FOLDER holds exports (SimaticML, SIMATIC SD), sources (.scl, .udt, .db, .awl) and tag tables of one or several PLCs. The
    command imports them into a throw-away project and compiles them. Nothing is changed, and no server is needed.

    Exit codes: 0 nothing found, 1 errors or missing names, 2 wrong usage, 3 nothing that can be checked.
    """
    from engineering_api.features.program_check.check import Options, check_folder
    from engineering_api.features.program_check.kept_reports import find_or_check
    from engineering_api.features.program_check.parallel import run_parallel
    from engineering_api.features.program_check.report_forms import as_form, count, summary
    from engineering_api.settings import from_environment

    use_utf8()
    try:
        from_environment().open_cache()
        options = Options(cpu, plc, tia_version, backend)
        reports = find_or_check(folder, options, lambda: check_folder(folder, options, run_parallel))
    except Problem as problem:
        click.echo(f"{problem.message} [{problem.code}]", err=True)
        sys.exit(UNUSABLE)
    text = as_form(reports, form, folder)
    if output is None:
        click.echo(text, nl=False)
    else:
        output.write_text(text, encoding="utf-8")
    click.echo(summary(reports), err=True)
    levels = {"error": ("error",), "warning": ("error", "warning"), "never": ()}[fail_on]
    failed = any(count(reports, level) for level in levels)
    missing = fail_on != "never" and not allow_missing and any(report.missing for report in reports)
    sys.exit(FOUND if failed or missing else FINE)
