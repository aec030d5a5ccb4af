"""The forms of the report of one run: text for people, JSON, SARIF, JUnit XML and GitLab's code quality."""

from __future__ import annotations

from typing import Any

import msgspec

from engineering_api.documentation.code_pages import text_of
from engineering_api.features.plc_tests.reports.broken import failures
from engineering_api.features.plc_tests.reports.junit import junit
from engineering_api.features.plc_tests.reports.text import text
from engineering_api.features.plc_tests.suite import Outcome
from simatic_xml.scl_cli import report_data


def makers(outcome: Outcome) -> report_data.Makers:
    """Return what makes the report, by its form."""
    report = outcome.report
    files = list(dict.fromkeys(each.file for each in report.results))
    whole = report_data.Report("tia test", failures(report), files, outcome.broken, outcome.left_out, text_of)
    own = {
        "text": lambda: text(report, outcome.broken),
        "json": lambda: report_data.json_text(as_data(outcome)),
        "junit": lambda: junit(report, outcome.broken).decode(),
    }
    return report_data.Makers(whole, own)


def as_data(outcome: Outcome) -> dict[str, Any]:
    """Return the report for JSON: `broken` and `notRead` are members only where there is something to name."""
    data: dict[str, Any] = msgspec.to_builtins(outcome.report)
    if outcome.broken:
        data["broken"] = [report_data.plain(each) for each in outcome.broken]
    return data | report_data.not_read(outcome.left_out)
