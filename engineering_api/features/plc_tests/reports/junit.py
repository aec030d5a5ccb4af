"""Results as JUnit XML for build servers: a suite for each test file, its tests in it."""

from __future__ import annotations

import re
from itertools import groupby

from lxml import etree

from engineering_api.features.plc_tests.results import CaseResult, Report

_NOT_XML = re.compile(r"[^\t\n\r\x20-\uD7FF\uE000-\uFFFD\U00010000-\U0010FFFF]")


def junit(report: Report) -> bytes:
    """Return the report as an XML document; times are those of the real clock in seconds."""
    root = etree.Element("testsuites", _counts("PLC tests", report.results, report.duration_ms))
    for file, results in groupby(report.results, key=lambda each: each.file):
        tests = list(results)
        suite = etree.SubElement(root, "testsuite", _counts(file, tests, sum(each.duration_ms for each in tests)))
        for each in tests:
            _case(suite, each)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True)


def _counts(name: str, results: list[CaseResult], milliseconds: float) -> dict[str, str]:
    return {
        "name": _text(name),
        "tests": str(len(results)),
        "failures": str(sum(not each.passed for each in results)),
        "skipped": str(sum(each.skipped is not None for each in results)),
        "time": _seconds(milliseconds),
    }


def _case(suite: etree._Element, result: CaseResult) -> None:
    case = etree.SubElement(
        suite,
        "testcase",
        name=_text(result.test_name),
        classname=_text(result.file),
        file=_text(result.file),
        line=str(result.line),
        time=_seconds(result.duration_ms),
    )
    if result.skipped is not None:
        etree.SubElement(case, "skipped", message=_text(result.skipped))
    if not result.passed:
        failure = etree.SubElement(case, "failure", message=_text(result.error or "failed"))
        failure.text = _text("\n".join(_details(result)))


def _details(result: CaseResult) -> list[str]:
    lines = [f"{result.file}:{result.line}"]
    for step in result.steps:
        lines.append(f"Step {step.step_index + 1} {step.description}".rstrip())
        lines += [f"  {'ok  ' if each.passed else 'FAIL'} {each.message}" for each in step.assertions]
        lines += [f"  FAIL {step.error}"] if step.error else []
    return lines


def _seconds(milliseconds: float) -> str:
    return f"{milliseconds / 1000:.3f}"


def _text(text: str) -> str:
    """Return a text without what XML cannot hold."""
    return _NOT_XML.sub("�", text)
