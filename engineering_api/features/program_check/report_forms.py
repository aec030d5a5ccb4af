"""The forms of a report: text for people, JSON, SARIF 2.1.0, JUnit XML and GitLab's code quality."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict, replace
from pathlib import Path, PurePath
from typing import Any

from engineering_api.documentation.code_pages import text_of
from engineering_api.features.program_check.check import PlcReport
from engineering_api.features.program_check.missing import Use
from simatic_xml.folders import LeftOut, here, lines
from simatic_xml.scl_cli import report_data, report_text
from simatic_xml.scl_cli.findings import Finding
from simatic_xml.scl_cli.report_data import Report


def report_of(
    reports: list[PlcReport],
    folder: PurePath | None = None,
    left_out: Sequence[LeftOut] = (),
    broken: Sequence[Finding] = (),
) -> Report:
    """Return the reports of all PLCs as one, with files as they are from the current folder.

    Args:
        reports: One for each PLC.
        folder: The checked folder or file, as the user named it; the current folder by default.
        left_out: The files that are not used.
        broken: Why nothing could be checked.
    """
    findings = [_from_here(each, folder) for report in reports for each in all_findings(report)]
    files = [_place(folder, name) for report in reports for name in report.files]
    return Report("tia check", findings, files, broken, left_out, text_of)


def as_form(
    reports: list[PlcReport], form: str, folder: PurePath | None = None, left_out: Sequence[LeftOut] = ()
) -> str:
    """Return reports in one of the forms."""
    return makers(reports, report_of(reports, folder, left_out), folder)[form]()


def makers(reports: list[PlcReport], whole: Report, folder: PurePath | None) -> report_data.Makers:
    """Return what makes the report, by its form."""

    def make_json() -> str:
        return report_data.json_text(
            {"plcs": [_plain(each, folder) for each in reports]}
            | ({"findings": [report_data.plain(each) for each in whole.broken]} if whole.broken else {})
            | report_data.not_read(whole.left_out)
        )

    def make_text() -> str:
        return "".join(f"{line}\n" for line in _text(reports, whole, folder))

    return report_data.Makers(whole, {"json": make_json, "text": make_text})


def _place(folder: PurePath | None, name: str) -> str:
    """Return where a file of a report is from the current folder."""
    if folder is None:
        return name
    is_file = isinstance(folder, Path) and folder.is_file()
    return here((folder.parent if is_file else folder) / name)


def _from_here(found: Finding, folder: PurePath | None) -> Finding:
    return replace(found, file=_place(folder, found.file))


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


def _plain(report: PlcReport, folder: PurePath | None) -> dict[str, Any]:
    def used(use: Use) -> dict[str, Any]:
        return asdict(use) | {"file": _place(folder, use.file) if use.file else ""}

    return {
        "name": report.name,
        "cpu": report.cpu,
        "cpuReason": report.cpu_reason,
        "tiaVersion": report.tia_version,
        "files": len(report.files),
        "objects": report.objects,
        "missing": [
            {"name": each.name, "uses": each.uses, "usedBy": [used(use) for use in each.used_by]}
            for each in report.missing
        ],
        "findings": [report_data.plain(_from_here(each, folder)) for each in report.findings],
        "unchecked": [{"file": _place(folder, each.file), "reason": each.reason} for each in report.unchecked],
    }


def _text(reports: list[PlcReport], whole: Report, folder: PurePath | None) -> Iterator[str]:
    for report in reports:
        yield from _lines(report, folder)
    yield from report_text.lines(whole.broken)
    yield from lines(whole.left_out)


def _lines(report: PlcReport, folder: PurePath | None) -> Iterator[str]:
    size = f"{counted(len(report.files), 'file')} with {counted(report.objects, 'object')}"
    yield f"{report.name}: {size}, {report.cpu}{f' ({report.cpu_reason})' if report.cpu_reason else ''}, TIA Portal V{report.tia_version}"
    for name in report.missing:
        users = ", ".join(_user(use, folder) for use in name.used_by[:_SHOWN])
        more = f" and {len(name.used_by) - _SHOWN} more" if len(name.used_by) > _SHOWN else ""
        yield f"  missing: '{name.name}', used by {users}{more}"
    for line in report_text.lines([_from_here(each, folder) for each in report.findings]):
        yield f"  {line}"
    for each in report.unchecked:
        yield f"  not checked: {_place(folder, each.file)}: {each.reason}"


def _user(use: Use, folder: PurePath | None) -> str:
    """Return a user with its place, as `file:line:column`."""
    return f"{use.object} ({_place(folder, use.file)}:{use.line}:{use.column})" if use.file else use.object


_SHOWN = 3
"""Users of a missing name that the text names; JSON names all."""


def summary(reports: list[PlcReport], left_out: Sequence[LeftOut] = ()) -> str:
    """Return the last line: how much was found."""
    unchecked = sum(len(each.unchecked) for each in reports)
    parts = [
        counted(count(reports, "error"), "error"),
        counted(count(reports, "warning"), "warning"),
        counted(sum(len(each.missing) for each in reports), "name") + " missing",
        counted(unchecked, "file") + " not checked",
        *([f"{len(left_out)} not read"] if left_out else []),
    ]
    return f"{counted(sum(len(each.files) for each in reports), 'file')}: {', '.join(parts)}"


def counted(number: int, what: str) -> str:
    """Return a number with a word that agrees with it."""
    return f"{number} {what}{'' if number == 1 else 's'}"
