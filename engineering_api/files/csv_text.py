"""Texts in CSV files that a spreadsheet program opens as texts, not as formulas, and that come back as they were.

Excel and LibreOffice run a cell that begins with `=`, `+`, `-`, `@`, a tab or a line break. As OWASP recommends (CSV injection),
such a cell gets an apostrophe before it. So does one that has apostrophes there already: otherwise a reader could not know
which of them the writer has put.
"""

from __future__ import annotations

import re

_RUN = re.compile(r"['\s]*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]")
"""How a cell begins that a spreadsheet program may run; the last four are the wide forms of the signs before."""
_NUMBER = re.compile(r"[+-]?[\d_]+(\.[\d_]+)?(e[+-]?\d+)?", re.IGNORECASE)
_LITERAL = re.compile(r"'[^\r\n\t]*'")
"""A text as a PLC writes it. It begins with an apostrophe, so no program runs it."""


def neutralised(text: str) -> str:
    """Return a text as a file has it."""
    return f"'{text}" if _RUN.match(text) else text


def restored(cell: str) -> str:
    """Return the text of a cell of a file."""
    return cell[1:] if cell[:1] == "'" and _RUN.match(cell, 1) else cell


def neutralised_value(value: str) -> str:
    """Return a value of a PLC as a file has it: numbers and texts in apostrophes as they are."""
    return value if _is_value(value) else neutralised(value)


def restored_value(cell: str) -> str:
    """Return the value of a cell of a file."""
    return cell if _is_value(cell) else restored(cell)


def _is_value(text: str) -> bool:
    return bool(_NUMBER.fullmatch(text) or _LITERAL.fullmatch(text))
