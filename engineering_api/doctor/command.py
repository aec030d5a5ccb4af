"""`tia doctor`: examine, explain, correct, and an exit status for scripts."""

from __future__ import annotations

import click
import msgspec

from engineering_api.doctor.checks import Finding, examine
from engineering_api.doctor.corrections import CORRECTIONS
from engineering_api.doctor.system import System
from openness_bridge.errors import Problem

STATUS = {"error": 2, "warning": 1}
"""The state of the computer by the worst finding; 0 without any of these."""
SIGNS = {"ok": "ok     ", "note": "note   ", "warning": "WARNING", "error": "ERROR  ", "not applicable": "-      "}


class Report(msgspec.Struct, rename="camel", frozen=True):
    """The report that --json prints.

    Attributes:
        status: 0, 1 with warnings, 2 with errors; the exit code is 1 for both.
        corrected: The corrections that were made, each as a sentence.
        failed: The corrections that failed, and why.
    """

    system: str
    status: int
    findings: list[Finding]
    corrected: list[str]
    failed: list[str]


def report(system: System, *, fix: bool) -> Report:
    """Examine a computer, and with fix correct what can be corrected safely and examine it again."""
    findings, corrected, failed = examine(system), [], []
    for finding in findings if fix else ():
        if finding.correction:
            try:
                corrected.append(CORRECTIONS[finding.correction](system))
            except Problem as problem:
                failed.append(f"{finding.check}: {problem.message}")
    if corrected:
        findings = examine(system)
    status = max((STATUS.get(finding.state, 0) for finding in findings), default=0)
    return Report(system.name, status, findings, corrected, failed)


def format_report(found: Report) -> str:
    """Return the report for a person."""
    lines: list[str] = []
    for finding in found.findings:
        lines.append(f"{SIGNS[finding.state]}  {finding.check}: {finding.text}")
        if finding.advice:
            lines.append(f"{'':9}-> {finding.advice}")
    lines += [f"fixed    {text}" for text in found.corrected] + [f"FAILED   {text}" for text in found.failed]
    return "\n".join([*lines, "", SUMMARY[found.status]])


SUMMARY = {
    0: "Everything that TIA Portal and the service need is available.",
    1: "It works, with the limits above.",
    2: "Correct the entries marked ERROR before you use a real TIA Portal.",
}


def run(system: System, *, as_json: bool, fix: bool) -> int:
    """Print the report; returns the exit code: 0 without findings, 1 with warnings or errors."""
    found = report(system, fix=fix)
    click.echo(msgspec.json.format(msgspec.json.encode(found), indent=2).decode() if as_json else format_report(found))
    return min(found.status, 1)
