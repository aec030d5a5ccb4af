"""Builds lists of signals as people write them, with openpyxl and csv alone: nothing of the service writes them."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from openpyxl import Workbook

Row = Sequence[object]


def workbook(sheets: Mapping[str, Sequence[Row]]) -> bytes:
    """Return a workbook with these sheets."""
    made = Workbook()
    del made["Sheet"]
    for title, rows in sheets.items():
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(list(row))
    buffer = io.BytesIO()
    made.save(buffer)
    return buffer.getvalue()


def one_sheet(rows: Sequence[Row], title: str = "Sheet1") -> bytes:
    """Return a workbook with one sheet."""
    return workbook({title: rows})


def text(rows: Sequence[Row], delimiter: str = ";") -> str:
    """Return delimited text."""
    buffer = io.StringIO(newline="")
    csv.writer(buffer, delimiter=delimiter).writerows(rows)
    return buffer.getvalue()
