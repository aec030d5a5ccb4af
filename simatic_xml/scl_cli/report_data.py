"""Findings for programs: JSON of our own, SARIF 2.1.0, JUnit XML and GitLab's code quality.

Facts: the SARIF specification 2.1.0 (OASIS), sections 3.13 to 3.58; the JUnit form that build servers read (testsuite,
testcase, failure); docs.gitlab.com, "Code Quality", section "Code Quality report format".
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote

from simatic_xml import lint
from simatic_xml.folders import LeftOut, here, here_of
from simatic_xml.scl_cli.findings import Change, Finding
from simatic_xml.scl_cli.junit import Case, Outcome, Suite, junit

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


@dataclass(frozen=True, slots=True)
class Report:
    """What a command found.

    Attributes:
        tool: The command.
        findings: The findings.
        files: The files that were checked.
        broken: Why something could not be read, checked or run at all.
        left_out: The files that are not used, and why.
        explain: Returns the text about a code, empty where there is none.
    """

    tool: str
    findings: Sequence[Finding]
    files: Sequence[str]
    broken: Sequence[Finding] = ()
    left_out: Sequence[LeftOut] = ()
    explain: Callable[[str], str] = lambda _: ""


def as_json(report: Report) -> str:
    """Return a report as JSON, with the names of the attributes of `Finding`."""
    found = [plain(each) for each in (*report.findings, *report.broken)]
    return json_text({"findings": found} | not_read(report.left_out))


def not_read(left_out: Sequence[LeftOut]) -> dict[str, Any]:
    """Return the member of a JSON report that names what is not used; none where everything is."""
    named = [{"file": here(each.path), "reason": each.reason} for each in left_out]
    return {"notRead": named} if named else {}


def plain(found: Finding) -> dict[str, Any]:
    """Return a finding for JSON, without what has no value."""
    renamed = {"end_line": "endLine", "end_column": "endColumn"}
    data = {renamed.get(key, key): value for key, value in asdict(found).items()}
    data["file"] = here_of(found.file)
    data["changes"] = [{renamed.get(key, key): value for key, value in each.items()} for each in data["changes"]]
    return {key: value for key, value in data.items() if value not in ("", [])}


def as_sarif(report: Report) -> str:
    """Return a report as a SARIF log with one run, its rules described, the changes that fix findings as fixes.

    Files that are not used are notifications of the run.
    """
    findings = [*report.findings, *report.broken]
    first = {found.code: found for found in reversed(findings)}
    codes = list(dict.fromkeys(found.code for found in findings))
    run = {
        "tool": {"driver": {"name": report.tool, "rules": [_rule(first[code], report) for code in codes]}},
        "invocations": [
            {
                "executionSuccessful": not report.broken,
                "toolExecutionNotifications": [_notification(each) for each in report.left_out],
            }
        ],
        "columnKind": "unicodeCodePoints",
        "results": [_result(found, codes.index(found.code)) for found in findings],
    }
    return json_text({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _notification(each: LeftOut) -> dict[str, Any]:
    location = {"artifactLocation": {"uri": _uri(str(each.path))}}
    return {
        "descriptor": {"id": "file.not_read"},
        "level": "note",
        "message": {"text": f"Not read: {each.reason}"},
        "locations": [{"physicalLocation": location}],
    }


def _rule(found: Finding, report: Report) -> dict[str, Any]:
    code = found.code
    rule = lint.UNKNOWN_RULE if code == lint.UNKNOWN_RULE.id else lint.find(code)
    if rule is None:
        text = report.explain(code).strip() or found.message
        short = text.split("\n\n")[0].replace("\n", " ")
        return {"id": code, "shortDescription": {"text": short}, "help": {"text": text}}
    return {
        "id": rule.id,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": rule.summary},
        "help": {"text": report.explain(code) or f"{rule.summary} Basis: {rule.basis}. docs/lint.md has examples."},
        "defaultConfiguration": {"level": rule.level, "enabled": rule.enabled},
    }


def _result(found: Finding, index: int) -> dict[str, Any]:
    text = f"{found.place}: {found.message}" if found.place else found.message
    location = {"artifactLocation": {"uri": _uri(found.file)}, "region": _region(found)}
    result: dict[str, Any] = {
        "ruleId": found.code,
        "ruleIndex": index,
        "level": found.level,
        "message": {"text": text},
        "locations": [{"physicalLocation": location}],
    }
    if found.changes:
        result["fixes"] = [_fix(found)]
    return result


def _fix(found: Finding) -> dict[str, Any]:
    replacements = [{"deletedRegion": _region(each), "insertedContent": {"text": each.text}} for each in found.changes]
    change = {"artifactLocation": {"uri": _uri(found.file)}, "replacements": replacements}
    return {"description": {"text": found.message}, "artifactChanges": [change]}


def _region(place: Finding | Change) -> dict[str, int]:
    return {
        "startLine": place.line,
        "startColumn": place.column,
        "endLine": place.end_line,
        "endColumn": place.end_column,
    }


def _uri(name: str) -> str:
    path = Path(name)
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        path = path.relative_to(Path.cwd())
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def as_junit(report: Report) -> str:
    """Return a report as JUnit XML: a suite for each file, a failed case for each finding, a passed one for none.

    A file that could not be read or checked is a case with an error.
    """
    found: dict[str, list[Case]] = {here_of(file): [] for file in report.files}
    for each in report.findings:
        found.setdefault(here_of(each.file), []).append(case_of(each, "failure"))
    for each in report.broken:
        found.setdefault(here_of(each.file), []).append(case_of(each, "error"))
    suites = [Suite(file, cases or [Case("no findings")]) for file, cases in found.items()]
    return junit(suites, report.tool).decode("utf-8")


def case_of(found: Finding, outcome: Outcome) -> Case:
    """Return a finding as a case that failed, or could not run."""
    where = f"{here_of(found.file)}:{found.line}:{found.column}"
    text = f"{where}: {found.level} {found.code}: {found.message}"
    return Case(f"{found.code} {where}", outcome, found.message, text, found.level, here_of(found.file), found.line)


def as_code_quality(report: Report) -> str:
    """Return a report as a code quality report of GitLab, with paths below the current folder, as GitLab asks for.

    A fingerprint leaves the line out: GitLab recognises a finding again that moved with its code.
    """
    seen: Counter[str] = Counter()
    return json_text([_entry(found, seen) for found in (*report.findings, *report.broken)])


def _entry(found: Finding, seen: Counter[str]) -> dict[str, Any]:
    path = here_of(found.file)
    text = f"{found.place}: {found.message}" if found.place else found.message
    key = json.dumps([path, found.code, text])
    seen[key] += 1
    return {
        "description": text,
        "check_name": found.code,
        "fingerprint": hashlib.sha256(f"{key} {seen[key]}".encode()).hexdigest(),
        "severity": _SEVERITIES[found.level],
        "location": {"path": path, "lines": {"begin": found.line}},
    }


_SEVERITIES = {"error": "critical", "warning": "major", "note": "info"}


def json_text(data: Any) -> str:
    """Return data as JSON for a file."""
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"


class Makers(dict[str, Callable[[], str]]):
    """What makes a report, by its form: those that a command makes itself, and all others as `report_formats` has them."""

    def __init__(self, report: Report, own: dict[str, Callable[[], str]]) -> None:
        """Make this report."""
        super().__init__(own)
        self._report = report

    def __missing__(self, form: str) -> Callable[[], str]:
        """Return what makes the report in a form that the command does not make itself.

        Raises:
            KeyError: There is no such form.
            PluginError: It is the form of a plugin that cannot be used.
        """
        from simatic_xml.scl_cli.report_formats import FORMS

        write = FORMS.find(form)
        if write is None:
            raise KeyError(form)
        return partial(write, self._report)
