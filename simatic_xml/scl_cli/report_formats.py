"""The forms of a report for machines, ours and those of plugins. It is imported when one of them is used."""

from __future__ import annotations

from typing import Protocol

from simatic_xml.lazy.plugins import Entry, Table, accept_function
from simatic_xml.scl_cli.report_data import Report


class WriteReport(Protocol):
    """Writes a report in one form: what a plugin for report formats is."""

    def __call__(self, report: Report, /) -> str:
        """Return the report as the text of a file."""


OWN = {
    name: f"simatic_xml.scl_cli.report_data:{function}"
    for name, function in (
        ("json", "as_json"),
        ("sarif", "as_sarif"),
        ("junit", "as_junit"),
        ("gitlab", "as_code_quality"),
    )
}


def _accept(found: object, entry: Entry) -> WriteReport:
    return accept_function(found, entry, _require_text)


def _require_text(answer: object) -> None:
    if not isinstance(answer, str):
        msg = f"it returned {type(answer).__name__}, not a text"
        raise TypeError(msg)


FORMS: Table[WriteReport] = Table("report_formats", OWN, _accept, reserved=("text",))
"""The forms for machines, and those of plugins. Commands write the text for people themselves."""
