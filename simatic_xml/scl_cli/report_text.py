"""Findings as people and editors read them: `file:line:column: level code: message`, the line, and a mark under it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from simatic_xml.scl_cli.findings import Finding

_WIDEST = 200


def lines(findings: Sequence[Finding], texts: Mapping[str, str]) -> Iterator[str]:
    """Yield the lines of the report.

    Args:
        findings: the findings.
        texts: the text of each source by its name; findings in others are shown without their line.
    """
    split = {name: text.split("\n") for name, text in texts.items()}
    for found in findings:
        name = f" {found.name}" if found.name else ""
        place = f" {found.place}:" if found.place else ""
        is_known = not found.place or (found.line, found.column) != (1, 1)
        where = f"{found.file}:{found.line}:{found.column}" if is_known else found.file
        yield f"{where}:{place} {found.level} {found.code}{name}: {found.message}"
        if found.file in split:
            yield from _excerpt(found, split[found.file])


def _excerpt(found: Finding, source: list[str]) -> Iterator[str]:
    line = source[found.line - 1].rstrip("\r") if found.line <= len(source) else ""
    if not line.strip() or len(line) > _WIDEST:
        return
    end = found.end_column if found.end_line == found.line else len(line) + 1
    width = max(1, min(end, len(line) + 1) - found.column)
    indent = "".join(character if character == "\t" else " " for character in line[: found.column - 1])
    yield f"    {line}"
    yield f"    {indent}{'^' * width}"


def summary(findings: Sequence[Finding], files: int) -> str:
    """Return the last line: how much was found."""
    counts = Counter(found.level for found in findings)
    found = ", ".join(f"{counts[level]} {level}{'s' * (counts[level] != 1)}" for level in counts) or "nothing found"
    return f"{found} in {files} file{'s' * (files != 1)}"
