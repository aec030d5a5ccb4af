"""Writes the outcomes of tests into a folder: report, JUnit XML, timing diagrams, coverage."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import msgspec

from engineering_api.features.plc_tests.reports import coverage
from engineering_api.features.plc_tests.reports.broken import as_results
from engineering_api.features.plc_tests.reports.forms import as_data
from engineering_api.features.plc_tests.reports.junit import junit
from engineering_api.features.plc_tests.reports.report_page import report_page
from engineering_api.features.plc_tests.reports.timing_diagram import svg
from engineering_api.features.plc_tests.results import CaseResult
from engineering_api.features.plc_tests.suite import Outcome
from openness_bridge.plcsim import trace_file
from simatic_xml.scl_cli import report_data

_UNSAFE = re.compile(r"[^\w.-]+")
NAME_LIMIT = 80


def write(folder: Path, outcome: Outcome, keep: Callable[[Path, bytes], int] = Path.write_bytes) -> list[Path]:
    """Write everything; files of the same names are replaced.

    Args:
        folder: Where to; created if it is missing.
        outcome: What became of the tests.
        keep: Writes one file.

    Returns:
        The files: report.json, report.xml (JUnit), report.html, a diagram and a CSV file for each test that has a trace, and with
        coverage coverage.txt and coverage.html.
    """
    folder.mkdir(parents=True, exist_ok=True)
    summary = folder / "report.json"
    files = {folder / name: content for name, content in _contents(outcome)}
    outcome.report.files = [str(path) for path in (summary, *files)]
    files[summary] = report_data.json_text(as_data(outcome)).encode()
    for path, content in files.items():
        keep(path, content)
    return list(files)


def _contents(outcome: Outcome) -> Iterator[tuple[str, bytes]]:
    report = outcome.report
    yield "report.xml", junit(report, outcome.broken)
    diagrams: dict[int, str] = {}
    for number, result in enumerate(report.results, 1):
        if result.trace is not None:
            diagrams[number] = f"{number:03}-{diagram_name(result)}"
            yield diagrams[number], svg(result).encode()
            table = trace_file.dump(result.trace.channels, result.trace.samples)
            yield diagrams[number].removesuffix(".svg") + ".csv", table.encode()
    shown = msgspec.structs.replace(report, results=[*report.results, *as_results(outcome.broken)])
    yield "report.html", report_page(shown, diagrams)
    if report.coverage is not None:
        yield "coverage.txt", coverage.text(report.coverage, outcome.listing).encode()
        yield "coverage.html", coverage.html(report.coverage, outcome.listing).encode()


def diagram_name(result: CaseResult) -> str:
    """Return a file name for the timing diagram of a test."""
    return (_UNSAFE.sub("-", result.test_name).strip("-.")[:NAME_LIMIT] or "test") + ".svg"
