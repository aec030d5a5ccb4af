"""The forms of a report: text for people, JSON, SARIF 2.1.0, JUnit XML and GitLab's code quality."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, replace
from pathlib import PurePath
from typing import Any

from engineering_api.features.program_check.check import PlcReport
from engineering_api.features.program_check.missing import Use
from simatic_xml.scl_cli import report_data, report_text
from simatic_xml.scl_cli.findings import Finding

FORMS = ("text", "json", "sarif", "junit", "gitlab")


def as_form(reports: list[PlcReport], form: str, folder: PurePath | None = None) -> str:
    """Return reports in one of `FORMS`.

    Args:
        reports: One for each PLC.
        form: Text, JSON and JUnit name files as they are in the folder; SARIF and code quality, which build servers
            compare with the files of a repository, as the user would.
        folder: The checked folder, as the user named it; the current one by default.
    """
    if form == "json":
        return json.dumps({"plcs": [_plain(each) for each in reports]}, ensure_ascii=False, indent=2) + "\n"
    findings = [each for report in reports for each in all_findings(report)]
    if form in {"sarif", "gitlab"}:
        findings = [replace(each, file=((folder or PurePath()) / each.file).as_posix()) for each in findings]
    if form == "sarif":
        return report_data.as_sarif(findings, "tia check")
    if form == "gitlab":
        return report_data.as_code_quality(findings)
    if form == "junit":
        return report_data.as_junit(findings, [name for report in reports for name in report.files])
    return "".join(f"{line}\n" for report in reports for line in _lines(report))


def all_findings(report: PlcReport) -> Iterator[Finding]:
    """Yield the findings, and each missing name as an error in the files that use it."""
    for name in report.missing:
        for file in dict.fromkeys(use.file or report.files[0] for use in name.used_by):
            users = [use for use in name.used_by if use.file in {file, ""}]
            message = f"'{name.name}' is used by {', '.join(use.object for use in users)}, and no file declares it."
            first = next((use for use in users if use.file), users[0])
            place = (first.line, first.column)
            yield Finding(file, "error", "name.missing", message, *place, *place)
    yield from report.findings
    for each in report.unchecked:
        yield Finding(each.file, "note", "file.not_checked", each.reason)


def count(reports: list[PlcReport], level: str) -> int:
    """Return how many findings of a level there are; missing names are no findings here."""
    return sum(each.level == level for report in reports for each in report.findings)


def _plain(report: PlcReport) -> dict[str, Any]:
    findings = json.loads(report_data.as_json(report.findings))["findings"]
    return {
        "name": report.name,
        "cpu": report.cpu,
        "tiaVersion": report.tia_version,
        "files": len(report.files),
        "objects": report.objects,
        "missing": [
            {"name": each.name, "uses": each.uses, "usedBy": [asdict(use) for use in each.used_by]}
            for each in report.missing
        ],
        "findings": findings,
        "unchecked": [asdict(each) for each in report.unchecked],
    }


def _lines(report: PlcReport) -> Iterator[str]:
    yield f"{report.name}: {len(report.files)} files with {report.objects} objects, {report.cpu}, TIA Portal V{report.tia_version}"
    for name in report.missing:
        users = ", ".join(_user(use) for use in name.used_by[:_SHOWN])
        more = f" and {len(name.used_by) - _SHOWN} more" if len(name.used_by) > _SHOWN else ""
        yield f"  missing: '{name.name}', used by {users}{more}"
    for line in report_text.lines(report.findings, {}):
        yield f"  {line}"
    for each in report.unchecked:
        yield f"  not checked: {each.file}: {each.reason}"


def _user(use: Use) -> str:
    """Return a user with its place, as `file:line:column`."""
    return f"{use.object} ({use.file}:{use.line}:{use.column})" if use.file else use.object


_SHOWN = 3
"""Users of a missing name that the text names; JSON names all."""


def summary(reports: list[PlcReport]) -> str:
    """Return the last line: how much was found."""
    counted = [
        _counted(sum(len(each.files) for each in reports), "file"),
        _counted(count(reports, "error"), "error"),
        _counted(count(reports, "warning"), "warning"),
        _counted(sum(len(each.missing) for each in reports), "name") + " missing",
        _counted(sum(len(each.unchecked) for each in reports), "file") + " not checked",
    ]
    return f"{counted[0]}: {', '.join(counted[1:])}"


def _counted(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
