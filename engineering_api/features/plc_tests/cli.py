"""`tia test`: runs test files against a project or sources, without a server."""

from __future__ import annotations

import fnmatch
import sys
from pathlib import Path

import click
import msgspec

from engineering_api.features.plc_tests import reading
from engineering_api.features.plc_tests.model import DEFAULT_CPU
from engineering_api.features.plc_tests.reading import Case
from engineering_api.features.plc_tests.results import Report
from engineering_api.features.plc_tests.workbench import Subject
from openness_bridge.errors import Kind, Problem
from simatic_xml.console import use_utf8

PASSED, FAILED, UNUSABLE = 0, 1, 3
FILE = click.Path(path_type=Path)


@click.command(
    "test", short_help="Run tests of PLC programs.", context_settings={"help_option_names": ["-h", "--help"]}
)
@click.argument("paths", nargs=-1, required=True, type=FILE)
@click.option("--project", type=FILE, help="Project file (.apNN) or archive (.zapNN) to test; the tests use a copy.")
@click.option(
    "--sources", multiple=True, type=FILE, help="Sources that are tested: files and folders of .scl .udt .db .awl .xml."
)
@click.option("--device", default="", help="PLC of the project, where it has several.")
@click.option("--cpu", default=DEFAULT_CPU, show_default=True, help="CPU for sources: order number[/firmware].")
@click.option("-k", "--only", default="", help="Run only tests whose name contains this; * and ? are wildcards.")
@click.option("--format", "form", type=click.Choice(["text", "json", "junit"]), default="text", show_default=True)
@click.option("--coverage", is_flag=True, help="Measure what of the program is reached.")
@click.option("--trace", is_flag=True, help="Record all values that tests use, for timing diagrams.")
@click.option(
    "-o", "--output", type=FILE, help="Folder for report.html, report.json, report.xml, diagrams and coverage."
)
@click.option(
    "--fail-under", type=click.FloatRange(0, 100), help="Fail when fewer percent of the statements are reached."
)
@click.option(
    "-j",
    "--jobs",
    type=click.IntRange(1),
    help="Processes that share the test files; default: as many as pay off here.",
)
@click.option("--backend", type=click.Choice(["auto", "fake", "openness"]), default="auto", show_default=True)
@click.option("--tia-version", help="TIA Portal version.")
def test(
    paths: tuple[Path, ...],
    project: Path | None,
    sources: tuple[Path, ...],
    device: str,
    cpu: str,
    only: str,
    form: str,
    coverage: bool,
    trace: bool,
    output: Path | None,
    fail_under: float | None,
    jobs: int | None,
    backend: str,
    tia_version: str | None,
) -> None:
    """Run tests of PLC programs on a separate PLCSIM Advanced instance, real or simulated.

    PATHS are test files or folders with files *.plctest.yaml. Without --project and --sources, the tests use the sources that
    the test files name (`program: ..`), otherwise those in the folders of the test files.

    Exit codes: 0 all passed, 1 a test failed or too little was reached, 2 wrong usage, 3 tests or program cannot be used.
    """
    from engineering_api.features.plc_tests.parallel import processes
    from engineering_api.features.plc_tests.reports import output as files
    from engineering_api.features.plc_tests.suite import Options
    from engineering_api.settings import from_environment

    use_utf8()
    try:
        from_environment().open_cache()
        cases = _cases(list(paths), only)
        subject = Subject(project, sources or (() if project else _beside(cases)), device, cpu)
        options = Options(coverage or fail_under is not None, trace or output is not None, allows_code=True)
        outcome = processes.run(processes.Request(backend, tia_version, subject, cases, options), jobs)
    except Problem as problem:
        _say(problem)
        sys.exit(UNUSABLE)
    report = outcome.report
    if output is not None:
        files.write(output, outcome)
    click.echo(_format_report(report, form), nl=False)
    reached = report.coverage.statements.percent if report.coverage is not None else 0.0
    if fail_under is not None and reached < fail_under:
        click.echo(f"{reached:g}% of the statements were reached, {fail_under:g}% are required.", err=True)
        sys.exit(FAILED)
    sys.exit(FAILED if report.failed else PASSED)


def _cases(paths: list[Path], only: str) -> list[Case]:
    pattern = only if set("*?") & set(only) else f"*{only}*"
    found = [case for path in reading.find(paths) for case in reading.read(path)]
    wanted = [case for case in found if fnmatch.fnmatch(case.name.casefold(), pattern.casefold())]
    if not wanted:
        raise Problem(
            "plc_test.none", f"No test has '{only}' in its name; there are {len(found)} tests.", kind=Kind.MISSING
        )
    return wanted


def _beside(cases: list[Case]) -> tuple[Path, ...]:
    """Return the sources that the test files name, or their folders."""
    return tuple(dict.fromkeys(case.sources for case in cases))


def _say(problem: Problem) -> None:
    from engineering_api.features.plc_tests.reports.problem_text import lines

    click.echo("\n".join(lines(problem)), err=True)


def _format_report(report: Report, form: str) -> str:
    from engineering_api.features.plc_tests.reports.junit import junit
    from engineering_api.features.plc_tests.reports.text import text

    if form == "junit":
        return junit(report).decode()
    if form == "json":
        return msgspec.json.format(msgspec.json.encode(report), indent=2).decode() + "\n"
    return text(report)
