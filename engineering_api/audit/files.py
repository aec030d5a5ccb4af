"""Exported files of the audit trail: written from a database, checked anywhere.

A file has the columns of `Row` and `previous`, the hash before the row, so that each hash can be made again from its line
alone. Its last line says how many rows are above it, so that a file that was cut is missed. A file that holds the same
rows in another notation was edited, so its text is compared, too.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from contextlib import suppress
from io import BufferedReader
from itertools import chain
from pathlib import Path
from typing import IO, Literal

import msgspec

from engineering_api.audit.chain import COLUMNS, START, Broken, Check, Link, Row, Verdict
from engineering_api.audit.reading import PAGE, Trail
from engineering_api.files.csv_text import neutralised, restored
from openness_bridge.errors import Kind, Problem

Format = Literal["jsonl", "csv"]
CLOSING = "closing"
"""The kind of a file's last line; its number is how many rows are above it."""
WRITTEN = (*COLUMNS, "previous")
NUMBERS = ("number", "milliseconds", "begun", "keyed")
NULLABLE = ("before", "after", "begun")


def export(trail: Trail, form: Format, since: str | None = None, until: str | None = None) -> Iterator[bytes]:
    """Yield the rows between two moments as a file, in pieces: all from the first to the last, even if clocks differ.

    Args:
        trail: Where they are.
        form: jsonl or csv.
        since: Moment in UTC, ISO 8601 with milliseconds; included.
        until: The same; not included.

    Raises:
        Broken: A row does not even have the form of one.
        Problem: There is no database.
    """
    first, last = trail.span(since, until)
    previous, at = trail.before(first).hash, ""
    piece, count = [_heading(form)], 0
    for row in trail.rows(first, last):
        piece.append(_line(form, row, previous))
        previous, at, count = row.hash, row.at, count + 1
        if len(piece) >= PAGE:
            yield b"".join(piece)
            piece = []
    yield b"".join([*piece, _line(form, _closing(count, previous, at), previous)])


def verify_file(file: Path, key: bytes = b"") -> Verdict:
    """Check an exported file; its first character shows its form.

    Raises:
        Problem: It cannot be read.
    """
    try:
        with file.open("rb") as raw, file.open(encoding="utf-8", newline="") as text:
            return _verify(_Rows(raw, text), key)
    except OSError as error:
        raise Problem("audit.unreadable", f"{file} cannot be read: {error}.", kind=Kind.REFUSED) from None


def _verify(source: _Rows, key: bytes) -> Verdict:
    rows = iter(source)
    first: list[Row] = []
    with suppress(Broken):  # met again below, where a verdict is made of it
        first = [row for row in [next(rows, None)] if row is not None]
    return Check(source.start, None, key).run(chain(first, rows) if first else source.again())


class _Rows:
    """The rows of an exported file, compared with the text that they would be written as.

    Attributes:
        start: The link before the first row, once that was read.
    """

    def __init__(self, raw: BufferedReader, text: IO[str]) -> None:
        self._raw, self._text = raw, text
        self.start = START
        self._form: Format = "jsonl" if raw.peek(1)[:1] == b"{" else "csv"

    def again(self) -> Iterator[Row]:
        """Yield the rows from the beginning of the file."""
        self._raw.seek(0)
        self._text.seek(0)
        return iter(self)

    def __iter__(self) -> Iterator[Row]:
        """Go through the rows.

        Raises:
            Broken: One differs from the written one, or the end is missing.
        """
        self._compare(_heading(self._form), 1)
        count, last, at, number = 0, "", "", 0
        for row, previous in self._lines():
            if not count:
                number, last, self.start = row.number, previous, Link(row.number - 1, previous)
            if row.entry == CLOSING:
                self._compare(_line(self._form, _closing(count, last, at), last), number + bool(count))
                break
            self._compare(_line(self._form, row, last), row.number)
            count, last, at, number = count + 1, row.hash, row.at, row.number
            yield row
        else:
            raise Broken(number + 1, "The last line of the file is missing: the file is incomplete.")
        if self._raw.read(1):
            raise Broken(number + 1, "The file has lines after its closing line.")

    def _compare(self, written: bytes, number: int) -> None:
        if self._raw.read(len(written)) != written:
            raise Broken(number, f"The text of row {number} was changed after it was written, or the row was moved.")

    def _lines(self) -> Iterator[tuple[Row, str]]:
        number = 0
        lines: Iterable[str] | csv.DictReader[str] = self._text if self._form == "jsonl" else csv.DictReader(self._text)
        try:
            for line in lines:
                given = msgspec.json.decode(line, type=dict[str, object]) if isinstance(line, str) else _from_csv(line)
                row = msgspec.convert(given, Row)
                number = row.number
                yield row, str(given["previous"])
        except (msgspec.MsgspecError, csv.Error, ValueError, TypeError, KeyError) as error:
            raise Broken(number + 1, f"The line after row {number} is not a row of an audit log: {error}.") from None


def _from_csv(line: dict[str, str]) -> dict[str, object]:
    texts = {name: restored(text) for name, text in line.items()}
    values: dict[str, object] = {name: None if name in NULLABLE and not text else text for name, text in texts.items()}
    return values | {name: int(str(values[name])) for name in NUMBERS if values[name] is not None}


def _closing(count: int, last: str, at: str) -> Row:
    return Row(number=count, at=at, entry=CLOSING, caller="", operation="", hash=last)


def _heading(form: Format) -> bytes:
    return (",".join(WRITTEN) + "\r\n").encode() if form == "csv" else b""


def _line(form: Format, row: Row, previous: str) -> bytes:
    values = msgspec.to_builtins(row) | {"previous": previous}
    if form == "jsonl":
        return msgspec.json.encode(values) + b"\n"
    line = io.StringIO()
    cells = ("" if values[name] is None else values[name] for name in WRITTEN)
    csv.writer(line).writerow([neutralised(each) if isinstance(each, str) else each for each in cells])
    return line.getvalue().encode()
