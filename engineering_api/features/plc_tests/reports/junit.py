"""Results as JUnit XML for build servers: a suite for each test file, its tests in it, and what could not run as errors."""

from __future__ import annotations

from collections.abc import Sequence

from engineering_api.features.plc_tests.results import CaseResult, Report
from simatic_xml.folders import here_of
from simatic_xml.scl_cli.findings import Finding
from simatic_xml.scl_cli.junit import Case, Suite
from simatic_xml.scl_cli.junit import junit as write
from simatic_xml.scl_cli.report_data import case_of


def junit(report: Report, broken: Sequence[Finding] = ()) -> bytes:
    """Return the report as an XML document; times are those of the real clock in seconds.

    Args:
        report: The results.
        broken: What could not be read, compiled or run.
    """
    suites: dict[str, list[Case]] = {}
    for each in broken:
        suites.setdefault(here_of(each.file), []).append(case_of(each, "error"))
    for result in report.results:
        suites.setdefault(result.file, []).append(_case(result))
    made = [Suite(file, cases) for file, cases in suites.items()]
    return write(made, "PLC tests", report.duration_ms / 1000)


def _case(result: CaseResult) -> Case:
    seconds = result.duration_ms / 1000
    place = (result.file, result.line, seconds)
    if result.skipped is not None:
        return Case(result.test_name, "skipped", result.skipped, "", "", *place)
    if result.passed:
        return Case(result.test_name, "passed", "", "", "", *place)
    return Case(result.test_name, "failure", result.error or "failed", "\n".join(_details(result)), "", *place)


def _details(result: CaseResult) -> list[str]:
    lines = [f"{result.file}:{result.line}"]
    for step in result.steps:
        lines.append(f"Step {step.step_index + 1} {step.description}".rstrip())
        lines += [f"  {'ok  ' if each.passed else 'FAIL'} {each.message}" for each in step.assertions]
        lines += [f"  FAIL {step.error}"] if step.error else []
    return lines
