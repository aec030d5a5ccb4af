"""The table of limits for docs/limits.md: `python -m simatic_xml.limits_page` prints it, and a test compares it."""

from __future__ import annotations

import sys
from collections.abc import Iterator

from simatic_xml.limits import LIMITS, OWN

HEAD = "| input | maximum | unit | code | setting | source of the default |\n|---|--:|---|---|---|---|"


def table() -> str:
    """Return the table in Markdown."""
    return "\n".join([HEAD, *_rows()]) + "\n"


def _rows() -> Iterator[str]:
    for row in LIMITS.values():
        origin = "this project" if row.origin == OWN else row.origin
        setting = f"`{row.variable}`" + (f" (to {row.highest:,})" if row.highest else "")
        yield f"| {row.about} | {row.default:,} | {row.unit} | `{row.code}` | {setting} | {origin} |"


if __name__ == "__main__":
    sys.stdout.write(table())
