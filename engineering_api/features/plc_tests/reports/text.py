"""Results as text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from engineering_api.features.plc_tests.coverage import lines as coverage_lines
from engineering_api.features.plc_tests.files.durations import text as duration
from engineering_api.features.plc_tests.results import CaseResult, Report
from simatic_xml.scl_cli import report_text
from simatic_xml.scl_cli.findings import Finding


def text(report: Report, broken: Sequence[Finding] = ()) -> str:
    """Return what could not run, each test on a line, what failed below it, then the sum."""
    parts = list(report_text.lines(broken))
    parts += [line for result in report.results for line in _test(result)]
    parts += ["", *coverage_lines(report.coverage)] if report.coverage is not None else []
    parts += [report.coverage_note] if report.coverage_note else []
    return "\n".join([*parts, _sum(report, len(broken)), ""])


def _test(result: CaseResult) -> Iterator[str]:
    mark = "skip" if result.skipped is not None else "ok  " if result.passed else "FAIL"
    after = result.skipped if result.skipped is not None else f"{duration(round(result.virtual_ms * 1e6))} virtual"
    yield f"{mark}  {result.test_name}  ({after})"
    if not result.passed:
        yield f"      {result.file}:{result.line}: {result.error}"


def _sum(report: Report, broken: int) -> str:
    skipped = f", {report.skipped} skipped" if report.skipped else ""
    failed = f", {report.failed} failed" if report.failed else ""
    virtual = duration(round(sum(each.virtual_ms for each in report.results) * 1e6))
    errors = f", {broken} error{'s' * (broken != 1)}" if broken else ""
    return f"{report.passed} passed{failed}{errors}{skipped} in {report.duration_ms / 1000:.2f} s ({virtual} of virtual time)"
