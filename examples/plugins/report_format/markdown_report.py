"""Findings as a table in Markdown, for the summary of a pipeline."""

from simatic_xml.scl_cli.report_data import Report


def write(report: Report) -> str:
    """Return a row for each finding."""
    rows = [f"# {report.tool}", "", "| place | level | message |", "|---|---|---|"]
    for found in (*report.findings, *report.broken):
        message = found.message.replace("|", "\\|")
        rows.append(f"| {found.file}:{found.line} | {found.level} | {message} ({found.code}) |")
    return "\n".join([*rows, ""])
