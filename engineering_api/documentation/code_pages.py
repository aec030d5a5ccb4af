"""Reads the index of codes that `python3 dev.py generate` makes of the documentation: for `tia explain`, and for links."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

FILE = Path(__file__).with_name("codes.json")
Pages = dict[str, dict[str, str]]
"""For each code its text, its place on the documentation site and, of a lint rule, its name."""
_SYNTAX = "diagnostics/scl.html"
"""Where the family of the parser's findings is explained."""


@cache
def read() -> Pages:
    """Return the pages by code.

    Raises:
        FileNotFoundError: They are not generated.
    """
    found: Pages = json.loads(FILE.read_text(encoding="utf-8"))
    return found


def address_of(code: str) -> str:
    """Return the page that explains a code of a finding, below `/docs/`; empty where there is none."""
    if code.startswith("syntax."):
        return _SYNTAX
    try:
        return read().get(code, {}).get("page", "")
    except FileNotFoundError:
        return ""


def text_of(code: str) -> str:
    """Return the text about a code; empty where there is none, or the index is not generated."""
    try:
        return read().get(code, {}).get("text", "")
    except FileNotFoundError:
        return ""
