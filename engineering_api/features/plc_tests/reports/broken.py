"""What could not be read, compiled or run, as findings with their places: part of every report of a run."""

from __future__ import annotations

from collections.abc import Sequence

from engineering_api.features.plc_tests.files.reading import Case
from engineering_api.features.plc_tests.results import CaseResult, Report, report_of
from openness_bridge.errors import Detail, Problem
from simatic_xml.folders import here_of
from simatic_xml.scl_cli.findings import Finding

NOT_RUN = "Not run: the program cannot be used."


def findings_of(problem: Problem, file: str) -> list[Finding]:
    """Return a problem as findings, one for each cause.

    Args:
        problem: Why something cannot be used.
        file: The file that it is about where a cause names none.
    """
    own = Detail(problem.code, problem.message, problem.place)
    return list(dict.fromkeys(_finding(each, file) for each in problem.details or [own]))


def _finding(detail: Detail, file: str) -> Finding:
    place = detail.place
    name = (place.path if place else None) or file
    line, column = (place.line if place else None) or 1, (place.column if place else None) or 1
    message = detail.message.removeprefix(f"{name}:{line}: ").removeprefix(f"{name}: ")
    words = "" if place is None or place.path else ", ".join(filter(None, (place.block, place.object)))
    return Finding(name, "error", detail.code, message, line, column, line, column, words)


def not_run(cases: Sequence[Case]) -> Report:
    """Return the report of tests of which none could run."""
    return report_of(
        [CaseResult(test_name=each.name, skipped=NOT_RUN, file=each.file, line=each.line) for each in cases], "", 0.0
    )


def failures(report: Report) -> list[Finding]:
    """Return the failed tests as findings at the lines where the tests begin."""
    return [
        Finding(each.file, "error", "plc_test.failed", f"{each.test_name}: {each.error}", each.line, 1, each.line, 1)
        for each in report.results
        if not each.passed
    ]


def as_results(broken: Sequence[Finding]) -> list[CaseResult]:
    """Return what could not run as results, for a page that shows results only."""
    return [
        CaseResult(
            test_name=each.place or f"{here_of(each.file)}:{each.line}", passed=False, file=each.file, line=each.line,
            error=f"{each.message} [{each.code}]",
        )
        for each in broken
    ]  # fmt: skip
