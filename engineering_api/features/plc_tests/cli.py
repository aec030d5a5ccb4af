"""`tia test`: runs test files against a project or sources, without a server."""

from __future__ import annotations

import fnmatch
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from engineering_api.features.plc_tests.benches.workbench import Subject
from engineering_api.features.plc_tests.files import reading
from engineering_api.features.plc_tests.files.model import DEFAULT_CPU
from engineering_api.features.plc_tests.files.reading import Case
from engineering_api.features.program_check.report_options import further, report_options
from openness_bridge.errors import Kind, Problem
from simatic_xml.command_line.console import use_utf8
from simatic_xml.command_line.files import STANDARD
from simatic_xml.errors import SimaticMLError
from simatic_xml.folders import LeftOut, lines
from simatic_xml.scl_cli.findings import Finding
from simatic_xml.scl_cli.report_files import write_reports

if TYPE_CHECKING:
    from engineering_api.features.plc_tests.parallel.processes import Request
    from engineering_api.features.plc_tests.suite import Outcome

PASSED, FAILED, UNUSABLE = 0, 1, 3
FILE = click.Path(path_type=Path)


@click.command(
    "test", short_help="Run tests of PLC programs.", context_settings={"help_option_names": ["-h", "--help"]}
)
@click.argument("paths", nargs=-1, required=True, type=FILE)
@click.option("--project", type=FILE, help="Project file (.apNN) or archive (.zapNN) to test; the tests use a copy.")
@click.option(
    "--sources", multiple=True, type=FILE, help="Sources that are tested: files, and folders as `tia check` reads them."
)
@click.option(
    "--device-name", "--device", "device", default="", metavar="PLC", help="PLC of the project, where it has several."
)
@click.option("--cpu", default=DEFAULT_CPU, show_default=True, help="CPU for sources: order number[/firmware].")
@click.option("-k", "--only", default="", help="Run only tests whose name contains this; * and ? are wildcards.")
@report_options
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
    **reports: Any,
) -> None:
    """Run tests of PLC programs on a separate PLCSIM Advanced instance, real or simulated.

    PATHS are test files or folders with files *.plctest.yaml. Without --project and --sources, the tests use the sources that
    the test files name (`program: ..`), otherwise those in the folders of the test files.

    Exit codes: 0 all passed, 1 a test failed or too little was reached, 2 wrong usage, 3 tests or program cannot be used.
    """
    from engineering_api.features.plc_tests.parallel.processes import Request
    from engineering_api.features.plc_tests.reports import output as files
    from engineering_api.features.plc_tests.reports.forms import makers
    from engineering_api.features.plc_tests.suite import Options

    use_utf8()
    broken: list[Finding] = []
    cases = _cases(list(paths), only, broken)
    subject = Subject(project, sources or (() if project else _beside(cases)), device, cpu)
    options = Options(
        coverage or fail_under is not None, trace or output is not None, allows_code=True, keeps_going=True
    )
    outcome = _run(Request(backend, tia_version, subject, cases, options), jobs)
    outcome.broken[:0] = broken
    outcome.left_out = _find_left_out(subject.sources)
    try:
        if output is not None:
            files.write(output, outcome)
        write_reports(makers(outcome), form, STANDARD, further(reports))
    except OSError as error:
        click.echo(f"'{error.filename}' cannot be written: {error.strerror}.", err=True)
        sys.exit(UNUSABLE)
    except SimaticMLError as error:
        click.echo(f"{error} [{error.code}]", err=True)
        sys.exit(UNUSABLE)
    for line in lines(outcome.left_out):
        click.echo(line, err=True)
    sys.exit(_code(outcome, fail_under))


def _code(outcome: Outcome, fail_under: float | None) -> int:
    """Return the exit code of a run."""
    report = outcome.report
    if outcome.broken:
        return UNUSABLE
    reached = report.coverage.statements.percent if report.coverage is not None else 0.0
    if fail_under is not None and reached < fail_under:
        click.echo(f"{reached:g}% of the statements were reached, {fail_under:g}% are required.", err=True)
        return FAILED
    return FAILED if report.failed else PASSED


def _run(request: Request, jobs: int | None) -> Outcome:
    """Run the tests; a program that cannot be used is an error in the outcome, and its tests are skipped there."""
    from engineering_api.features.plc_tests.parallel import processes
    from engineering_api.features.plc_tests.reports.broken import findings_of, not_run
    from engineering_api.features.plc_tests.suite import Outcome
    from engineering_api.settings import from_environment

    if not request.cases:
        return Outcome(not_run(()))
    try:
        from_environment().open_cache()
        return processes.run(request, jobs)
    except Problem as problem:
        subject = request.subject
        about = subject.project or next(iter(subject.sources), Path(request.cases[0].file))
        return Outcome(not_run(request.cases), broken=findings_of(problem, str(about)))


def _find_left_out(sources: Iterable[Path]) -> list[LeftOut]:
    """Return the files in the folders of the sources that are not used; none where the run reports the folder itself."""
    from engineering_api.features.plc_tests.benches.sources import find_all

    try:
        return find_all(sources)[1]
    except Problem:
        return []


def _cases(paths: list[Path], only: str, broken: list[Finding]) -> list[Case]:
    """Return the tests whose names contain a text; a path or file that cannot be used is noted, and the others are read."""
    from engineering_api.features.plc_tests.reports.broken import findings_of

    pattern = only if set("*?") & set(only) else f"*{only}*"
    files: dict[Path, None] = {}
    for path in paths:
        try:
            files |= dict.fromkeys(reading.find([path]))
        except Problem as problem:
            broken += findings_of(problem, str(path))
    found: list[Case] = []
    for file in files:
        try:
            found += reading.read(file)
        except Problem as problem:
            broken += findings_of(problem, str(file))
    wanted = [case for case in found if fnmatch.fnmatch(case.name.casefold(), pattern.casefold())]
    if not wanted and not broken:
        about = f"No test has '{only}' in its name; there are {len(found)} tests."
        broken += findings_of(Problem("plc_test.none", about, kind=Kind.MISSING), str(paths[0]))
    return wanted


def _beside(cases: list[Case]) -> tuple[Path, ...]:
    """Return the sources that the test files name, or their folders."""
    return tuple(dict.fromkeys(case.sources for case in cases))
