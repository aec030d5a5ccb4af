"""Findings as people and editors read them: `file:line:column: level code: message`, the line, and a mark under it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache
from pathlib import Path

from simatic_xml.command_line.files import STANDARD
from simatic_xml.folders import SCL, STL, SUFFIXES, here
from simatic_xml.scl.parser import decode
from simatic_xml.scl_cli.findings import Finding

_WIDEST = 200
ReadText = Callable[[str], str]
"""Returns the text of a file by its name; empty where the report shows no lines of it."""


def text_of(name: str) -> str:
    """Return the text of a source or a test file by its path; empty for another file, or one that is gone."""
    path = Path(name)
    if SUFFIXES.get(path.suffix.lower()) not in (SCL, STL) and path.suffix.lower() not in (".yaml", ".yml"):
        return ""
    try:
        return decode(path.read_bytes())
    except OSError:
        return ""


def lines(findings: Sequence[Finding], read_text: ReadText = text_of) -> Iterator[str]:
    """Yield the lines of the report.

    Args:
        findings: the findings.
        read_text: returns the text of a file, whose lines are shown.
    """
    split = cache(lambda name: read_text(name).split("\n"))
    for found in findings:
        name = f" {found.name}" if found.name else ""
        place = f" {found.place}:" if found.place else ""
        is_known = (found.line, found.column) != (1, 1) or not (found.place or _is_no_file(found.file))
        file = here(Path(found.file))
        where = f"{file}:{found.line}:{found.column}" if is_known else file
        yield f"{where}:{place} {found.level} {found.code}{name}: {found.message}"
        yield from _excerpt(found, split(found.file)) if is_known else ()


def _is_no_file(name: str) -> bool:
    return name != STANDARD and not Path(name).is_file()


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
