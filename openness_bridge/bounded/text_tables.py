"""Reads the records of comma-, semicolon- or tab-separated text within the limits of tables.

The csv module builds a whole record before it returns it, so a few megabytes of delimiters become gigabytes of cells. Here
the characters of a record are counted while its lines are read, before the csv module has them. Every reader of such text
of others starts here; `limits.py` holds the numbers.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator

from simatic_xml import limits
from simatic_xml.interruption import checkpoint


class BrokenTextError(ValueError):
    """The text is not well-formed.

    Attributes:
        line: On which line the record starts that cannot be read, from 1.
    """

    def __init__(self, line: int, reason: str) -> None:
        """State where and why."""
        super().__init__(reason)
        self.line = line


def records(text: str, delimiter: str = ",", *, columns: str = "table_columns") -> Iterator[tuple[int, list[str]]]:
    """Yield the line on which each record starts, from 1, and its cells. Blank lines are records without cells.

    Args:
        text: The text.
        delimiter: What separates cells.
        columns: Name of the limit of columns.

    Raises:
        BrokenTextError: Quotation marks are wrong.
        LimitError: A record, its number of columns, or the number of rows or cells is above its limit.
    """
    size = start = 1

    def lines() -> Iterator[str]:
        nonlocal size
        for line in io.StringIO(text, newline=""):
            size += len(line)
            limits.require("table_record", size, line=start)
            yield line

    reader = csv.reader(lines(), delimiter=delimiter, strict=True)
    rows = cells = size = 0
    try:
        for record in reader:
            rows, cells = rows + 1, cells + len(record)
            checkpoint()
            limits.require(columns, len(record), line=start)
            limits.require("table_rows", rows, line=start)
            limits.require("table_cells", cells, line=start)
            yield start, record
            size, start = 0, reader.line_num + 1
    except csv.Error as error:
        raise BrokenTextError(start, str(error)) from error
