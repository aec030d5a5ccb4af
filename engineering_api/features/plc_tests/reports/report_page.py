"""Results as an HTML page for people: each test with its steps, checks and timing diagram."""

from __future__ import annotations

from pathlib import PurePath

from lxml import etree

from engineering_api.features.plc_tests.files.durations import text as duration
from engineering_api.features.plc_tests.results import CaseResult, CoverageTotals, Report, StepResult
from engineering_api.files.html import Node, bar, element, link, page, picture, table


def report_page(report: Report, diagrams: dict[int, str], title: str = "PLC tests") -> bytes:
    """Return the page.

    Args:
        report: The results.
        diagrams: The files of the timing diagrams, next to the page, by the number of the test from 1.
        title: Heading of the page.
    """
    state = "bad" if report.failed else "good"
    virtual = duration(round(sum(each.virtual_ms for each in report.results) * 1e6))
    sums = f"{report.passed} passed, {report.failed} failed, {report.skipped} skipped"
    return page(
        title,
        element("h1", title),
        element(
            "p",
            element("strong", sums, class_=state),
            f" in {report.duration_ms / 1000:.2f} s, {virtual} of virtual time. ",
            link("report.xml", "JUnit XML"),
            ", ",
            link("report.json", "JSON"),
        ),
        *(_coverage(report.coverage) if report.coverage is not None else ()),
        element("h2", "Tests"),
        *(_test(each, diagrams.get(number)) for number, each in enumerate(report.results, 1)),
    )


def coverage_table(totals: CoverageTotals, target: str) -> etree._Element:
    """Return the coverage of each block, with a link to the listing."""
    rows: list[list[Node]] = [
        [
            link(target, each.block, fragment=each.block),
            element("span", bar(each.statements.percent), f" {each.statements.percent:g} %"),
            f"{each.statements.reached}/{each.statements.total}",
            f"{each.branches.reached}/{each.branches.total}",
            f"{each.networks.reached}/{each.networks.total}",
        ]
        for each in totals.blocks
    ]
    return table(["block", "covered", "statements", "branches", "networks"], rows, frozenset({1, 2, 3, 4}))


def _coverage(totals: CoverageTotals) -> list[etree._Element]:
    return [
        element("h2", "Coverage"),
        element("div", coverage_table(totals, "coverage.html"), class_="card"),
    ]


def _test(result: CaseResult, diagram: str | None) -> etree._Element:
    mark, kind = ("–", "quiet") if result.skipped is not None else ("✓", "good") if result.passed else ("✗", "bad")
    place = f"{PurePath(result.file).name}:{result.line}"
    heading = element("span", element("strong", mark, class_=kind), f" {result.test_name} ")
    said = result.skipped or duration(round(result.virtual_ms * 1e6))
    opened = {} if result.passed else {"open": ""}
    return element(
        "details",
        element("summary", heading, element("small", f"{said} · {place}")),
        element("p", result.description) if result.description else None,
        element("p", result.error, class_="bad") if result.error else None,
        element("ol", *(_step(each) for each in result.steps)),
        element("div", picture(diagram, f"Timing diagram of {result.test_name}"), class_="drawing")
        if diagram
        else None,
        class_="card",
        **opened,
    )


def _step(step: StepResult) -> etree._Element:
    checks = [
        element(
            "li", element("span", "✓ " if each.passed else "✗ ", class_="good" if each.passed else "bad"), each.message
        )
        for each in step.assertions
    ]
    return element(
        "li",
        step.description or "—",
        element("small", f" from {step.begin_ms:g} ms, {step.cycles} cycles"),
        element("p", step.error, class_="bad") if step.error else None,
        element("ul", *checks) if checks else None,
    )
