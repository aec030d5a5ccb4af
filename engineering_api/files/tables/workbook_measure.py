"""Measures one unpacked part of a workbook chunk by chunk, without parsing it and with nothing kept.

Every estimate errs on the large side, so that no spelling of the XML can hide what the parser will allocate.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

NEAR_ROW, NEAR_COLUMN = 99_999, 26
"""References up to here are not measured, which keeps the measuring fast; they are taken as reached."""

_OVERLAP = 32
_DIGITS = 12  # of a row number; more are out of bounds anyway
_FAR_REFERENCE = re.compile(rb"""r\s*=\s*["'](?:([A-Z]{2,})([0-9]+)|[A-Z]?([0-9]{6,}))["']""")
_END_OF_STRING = re.compile(rb"</(?:\w+:)?si>")


@dataclass(slots=True)
class PartMeasure:
    """What one part makes the parser allocate.

    Attributes:
        is_sheet: The part has cells.
        rows: Last row, at least `NEAR_ROW`.
        columns: Last column, at least `NEAR_COLUMN`.
        closings: Closing tags; a cell with text has two of them at least.
        longest_text: Longest shared string with its markup, in bytes; 0 for a part without shared strings.
    """

    is_sheet: bool = False
    rows: int = NEAR_ROW
    columns: int = NEAR_COLUMN
    closings: int = 0
    longest_text: int = 0
    _has_strings: bool = False
    _open_text: int = 0
    _before: bytes = b""

    def feed(self, chunk: bytes) -> None:
        """Measure the next chunk."""
        window = self._before + chunk
        self._before = chunk[-_OVERLAP:]
        self.is_sheet = self.is_sheet or b"sheetData" in window
        self.closings += chunk.count(b"</")
        self._measure_references(window)
        self._has_strings = self._has_strings or b"<sst" in window or b":sst" in window
        if self._has_strings:
            self._measure_strings(chunk)

    def _measure_references(self, window: bytes) -> None:
        for letters, row_of_letters, row in _FAR_REFERENCE.findall(window):
            self.columns = max(self.columns, _column_number(letters))
            self.rows = max(self.rows, int((row_of_letters or row)[:_DIGITS]))

    def _measure_strings(self, chunk: bytes) -> None:
        has_declarations = b"<!" in chunk  # a comment could hold what looks like the end of a string
        pieces = list(map(len, [chunk] if has_declarations else _END_OF_STRING.split(chunk)))
        pieces[0] += self._open_text
        self._open_text = pieces[-1]
        self.longest_text = max(self.longest_text, *pieces)


def _column_number(letters: bytes) -> int:
    number = 0
    for letter in letters[:4]:
        number = number * 26 + letter - 64
    return number
