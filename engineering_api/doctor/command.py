"""`tia doctor`: examine, explain, correct, and an exit status for scripts."""

from __future__ import annotations

import click
import msgspec

from engineering_api.doctor.checks import Finding, examine
from engineering_api.doctor.mends import MENDS
from engineering_api.doctor.system import System
from openness_bridge.errors import Problem

STATUS = {"error": 2, "warning": 1}
"""Exit status by the worst finding; 0 without any of these."""
SIGNS = {"ok": "ok     ", "note": "note   ", "warning": "WARNING", "error": "ERROR  ", "not applicable": "-      "}


class Report(msgspec.Struct, rename="camel", frozen=True):
    """What --json prints.

    Attributes:
        status: 0, 1 with warnings, 2 with errors.
        mended: What was mended, in sentences.
        failed: What could not be mended, and why.
    """

    system: str
    status: int
    findings: list[Finding]
    mended: list[str]
    failed: list[str]


def report(system: System, *, fix: bool) -> Report:
    """Examine a computer, and with fix correct what can be corrected safely and examine it again."""
    findings, mended, failed = examine(system), [], []
    for finding in findings if fix else ():
        if finding.mend:
            try:
                mended.append(MENDS[finding.mend](system))
            except Problem as problem:
                failed.append(f"{finding.check}: {problem.message}")
    if mended:
        findings = examine(system)
    status = max((STATUS.get(finding.state, 0) for finding in findings), default=0)
    return Report(system.name, status, findings, mended, failed)


def shown(found: Report) -> str:
    """Return the report for a person."""
    lines: list[str] = []
    for finding in found.findings:
        lines.append(f"{SIGNS[finding.state]}  {finding.check}: {finding.text}")
        if finding.advice:
            lines.append(f"{'':9}-> {finding.advice}")
    lines += [f"mended   {text}" for text in found.mended] + [f"FAILED   {text}" for text in found.failed]
    return "\n".join([*lines, "", SUMMARY[found.status]])


SUMMARY = {
    0: "Nothing stands in the way.",
    1: "It works, with the limits above.",
    2: "What is marked ERROR has to be mended before a real TIA Portal can be used.",
}


def run(system: System, *, as_json: bool, fix: bool) -> int:
    """Print the report; returns the exit status."""
    found = report(system, fix=fix)
    click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode() if as_json else shown(found))
    return found.status
