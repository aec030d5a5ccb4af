"""Reads a copy of TIA Portal's help: Markdown pages in a folder that `TIA_HELP` names.

The copy is of others and never part of this repository. Its tables have lost their merged cells: a row whose first cells
are those of the row above begins with the next cell.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from pathlib import Path

FOLDER = Path(os.environ.get("TIA_HELP") or "/nonexistent")
REASON = "TIA_HELP names no copy of TIA Portal's help"
"""Why tests that need the copy are skipped."""


def is_there() -> bool:
    """Return whether there is a copy to read."""
    return (FOLDER / "Data types.md").is_file()


def read_page(name: str) -> str:
    """Return the text of a page."""
    return (FOLDER / f"{name}.md").read_text(encoding="utf-8")


def split_sections(text: str) -> Iterator[tuple[str, str]]:
    """Yield each heading of a page with the text up to the next heading."""
    parts = re.split(r"(?m)^#{1,6} (.+)$", text)
    yield from zip((each.strip() for each in parts[1::2]), parts[2::2], strict=True)


def list_rows(text: str) -> list[list[str]]:
    """Return the rows of all tables of a text, without the lines below their headings."""
    lines = (line.strip().removeprefix("|").removesuffix("|") for line in text.splitlines() if line.lstrip()[:1] == "|")
    rows = ([_plain(cell) for cell in line.split("|")] for line in lines)
    return [row for row in rows if not all(set(cell) <= set("- :") and "-" in cell for cell in row)]


def _plain(cell: str) -> str:
    """Return a cell without its footnotes and emphasis."""
    return re.sub(r"<sup>.*?</sup>|\*\*", "", cell).strip()
