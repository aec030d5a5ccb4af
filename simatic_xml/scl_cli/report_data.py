"""Findings for programs: JSON of our own, SARIF 2.1.0, JUnit XML and GitLab's code quality.

Facts: the SARIF specification 2.1.0 (OASIS), sections 3.13 to 3.58; the JUnit form that build servers read (testsuite,
testcase, failure); docs.gitlab.com, "Code Quality", section "Code Quality report format".
"""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path, PurePath
from typing import Any
from urllib.parse import quote

from lxml import etree

from simatic_xml import lint
from simatic_xml.scl_cli.findings import Change, Finding

_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
_CONTROL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def as_json(findings: Sequence[Finding]) -> str:
    """Return findings as JSON, with the names of the attributes of `Finding`."""
    return _json({"findings": [_plain(found) for found in findings]})


def _plain(found: Finding) -> dict[str, Any]:
    renamed = {"end_line": "endLine", "end_column": "endColumn"}
    data = {renamed.get(key, key): value for key, value in asdict(found).items()}
    data["changes"] = [{renamed.get(key, key): value for key, value in each.items()} for each in data["changes"]]
    return {key: value for key, value in data.items() if value not in ("", [])}


def as_sarif(findings: Sequence[Finding], tool: str = "tia scl") -> str:
    """Return findings as a SARIF log with one run, its rules described, the changes that fix them as fixes."""
    codes = list(dict.fromkeys(found.code for found in findings))
    run = {
        "tool": {"driver": {"name": tool, "rules": [_rule(code) for code in codes]}},
        "columnKind": "unicodeCodePoints",
        "results": [_result(found, codes.index(found.code)) for found in findings],
    }
    return _json({"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]})


def _rule(code: str) -> dict[str, Any]:
    rule = lint.UNKNOWN_RULE if code == lint.UNKNOWN_RULE.id else lint.find(code)
    if rule is None:
        text = "A finding of the compiler; docs/diagnostics explains it."
        return {"id": code, "shortDescription": {"text": code}, "help": {"text": text}}
    return {
        "id": rule.id,
        "name": "".join(part.capitalize() for part in rule.name.split("-")),
        "shortDescription": {"text": rule.summary},
        "help": {"text": f"{rule.summary} Basis: {rule.basis}. docs/lint.md has examples."},
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
    return path.as_uri() if path.is_absolute() else quote(path.as_posix())


def as_junit(findings: Sequence[Finding], files: Iterable[str]) -> str:
    """Return findings as JUnit XML: a suite for each file, a failed case for each finding, a passed one for none."""
    root = etree.Element("testsuites")
    for file in files:
        own = [found for found in findings if found.file == file]
        counts = {"tests": str(max(1, len(own))), "failures": str(len(own)), "errors": "0", "skipped": "0"}
        suite = etree.SubElement(root, "testsuite", {"name": _clean(file), **counts})
        for found in own:
            _case(suite, found)
        if not own:
            etree.SubElement(suite, "testcase", {"classname": _clean(file), "name": "no findings"})
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True).decode("utf-8")


def _case(suite: etree._Element, found: Finding) -> None:
    where = f"{found.file}:{found.line}:{found.column}"
    name = {"classname": _clean(found.file), "name": _clean(f"{found.code} {where}")}
    case = etree.SubElement(suite, "testcase", name)
    failure = etree.SubElement(case, "failure", {"type": found.level, "message": _clean(found.message)})
    failure.text = _clean(f"{where}: {found.level} {found.code}: {found.message}")


def as_code_quality(findings: Sequence[Finding]) -> str:
    """Return findings as a code quality report of GitLab, with paths below the current folder, as GitLab asks for.

    A fingerprint leaves the line out: GitLab recognises a finding again that moved with its code.
    """
    seen: Counter[str] = Counter()
    return _json([_entry(found, seen) for found in findings])


def _entry(found: Finding, seen: Counter[str]) -> dict[str, Any]:
    path = _below_here(found.file)
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


def _below_here(name: str) -> str:
    path = PurePath(name)
    here = Path.cwd()
    return (path.relative_to(here) if path.is_relative_to(here) else path).as_posix()


def _clean(text: str) -> str:
    """Return a text without characters that XML does not allow."""
    return _CONTROL.sub("�", text)


def _json(data: Any) -> str:
    return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
