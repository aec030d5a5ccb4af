"""The page of a report shows every test, opens the failed ones, and keeps names as text."""

from __future__ import annotations

from lxml import html

from engineering_api.features.plc_tests.reports.report_page import report_page
from engineering_api.features.plc_tests.results import (
    Assertion,
    BlockCoverage,
    CaseResult,
    Count,
    CoverageTotals,
    StepResult,
    report_of,
)

HOSTILE = "<img src=x onerror=alert(1)> & \x01"


def failed_step(message: str) -> StepResult:
    checks = [
        Assertion(tag_name="a", passed=True, message="a is 1."),
        Assertion(tag_name="b", passed=False, message=message),
    ]
    return StepResult(step_index=0, description=HOSTILE, passed=False, assertions=checks)


def page_of(*results: CaseResult, diagrams: dict[int, str] | None = None) -> html.HtmlElement:
    return html.fromstring(report_page(report_of(list(results), "x", 1500.0), diagrams or {}))


def test_names_and_messages_are_text() -> None:
    page = page_of(
        CaseResult(test_name=HOSTILE, passed=False, error=HOSTILE, steps=[failed_step(HOSTILE)], file="a/b.yaml")
    )
    assert not list(page.iter("img"))
    assert page.text_content().count("<img src=x onerror=alert(1)> & \ufffd") == 4


def test_failed_tests_are_open_and_the_others_closed() -> None:
    page = page_of(
        CaseResult(test_name="good", virtual_ms=2500.0),
        CaseResult(test_name="bad", passed=False, error="b is 2.", steps=[failed_step("b is 2, expected 1.")]),
        CaseResult(test_name="left out", skipped="needs a robot"),
    )
    good, bad, skipped = page.iter("details")
    assert [each.get("open") for each in (good, bad, skipped)] == [None, "", None]
    assert "2.5 s" in good.text_content() and "b is 2, expected 1." in bad.text_content()
    assert "needs a robot" in skipped.text_content()
    assert "1 passed, 1 failed, 1 skipped" in page.text_content()


def test_each_test_shows_its_own_diagram() -> None:
    page = page_of(CaseResult(test_name="same"), CaseResult(test_name="same"), diagrams={2: "002-same.svg"})
    first, second = page.iter("details")
    assert not list(first.iter("img"))
    assert [each.get("src") for each in second.iter("img")] == ["./002-same.svg"]


def test_coverage_leads_to_the_listing_of_a_block() -> None:
    half = Count(total=4, reached=2, percent=50.0)
    report = report_of([CaseResult(test_name="x")], "x", 1.0)
    blocks = [BlockCoverage(block="My block", statements=half, branches=half, networks=half)]
    report.coverage = CoverageTotals(statements=half, branches=half, networks=half, blocks=blocks)
    page = html.fromstring(report_page(report, {}))
    (target,) = [each.get("href") for each in page.iter("a") if each.text == "My block"]
    assert target == "./coverage.html#My%20block"
    assert "50 %" in page.text_content() and "2/4" in page.text_content()
