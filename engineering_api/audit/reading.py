"""Takes rows from the database, with a separate connection and page by page, so that a long check delays nobody."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from functools import partial
from pathlib import Path
from typing import Any

import msgspec

from engineering_api.audit.chain import CHECKPOINT, COLUMNS, START, Broken, Check, Link, Row, Verdict
from engineering_api.audit.head import FILE, Head
from openness_bridge.errors import Kind, Problem

PAGE = 500
"""Rows that are read at once."""
ROWS = f"SELECT {', '.join(COLUMNS)} FROM audit"  # noqa: S608 - names of this program
ANY = 1 << 62
"""Beyond every number of a row."""


class Sealed(msgspec.Struct, frozen=True):
    """What a checkpoint says: rows up to `through` were removed, and the hash of that one."""

    through: int
    hash: str


class Trail:
    """The rows of a database file."""

    def __init__(self, data_dir: Path) -> None:
        """Read the database of this data folder."""
        self._file, self._head = data_dir / "service.db", Head(data_dir / FILE)

    def verify(self, key: bytes = b"") -> Verdict:
        """Check the whole chain.

        Raises:
            Problem: There is no database.
        """
        try:
            head = self._head.read()
        except ValueError as error:
            return _unread(str(error))
        start = self.start()
        if head is None:
            return _unread(
                "audit.head is missing in the data folder. Without it, rows that are missing at the end are not found."
            )
        found = Check(start, head, key).run(self.rows())
        retained = found.ok or self.start() == start
        return found if retained else self.verify(key)  # old rows were removed meanwhile

    def start(self) -> Link:
        """Return the link before the first row: that of the latest checkpoint, where old rows were removed.

        Raises:
            Problem: There is no database.
        """
        found = self._select(f"{ROWS} WHERE entry = ? ORDER BY number DESC LIMIT 1", (CHECKPOINT,))
        if not found:
            return START
        try:
            sealed = msgspec.json.decode(_row(found[0]).arguments, type=Sealed)
        except (Broken, msgspec.MsgspecError):
            return START  # the pass along the chain finds where it is broken
        return Link(sealed.through, sealed.hash)

    def rows(self, first: int = -ANY, last: int = ANY) -> Iterator[Row]:
        """Yield the rows from a number to another one, in order.

        Raises:
            Broken: A row does not even have the form of one.
            Problem: There is no database.
        """
        query = f"{ROWS} WHERE number >= ? AND number <= ? ORDER BY number LIMIT {PAGE}"
        while page := self._select(query, (first, last)):
            for values in page:
                yield _row(values)
            first = page[-1][0] + 1

    def span(self, since: str | None, until: str | None) -> tuple[int, int]:
        """Return the numbers of the first and the last row between two moments; (1, 0) without any."""
        query = "SELECT min(number), max(number) FROM audit WHERE at >= ? AND at < ?"
        ((first, last),) = self._select(query, (since or "", until or "~"))
        return (first, last) if first is not None else (1, 0)

    def before(self, number: int) -> Link:
        """Return the link before a row."""
        start = self.start()
        if number <= start.number + 1:
            return start
        found = self._select("SELECT hash FROM audit WHERE number = ?", (number - 1,))
        return Link(number - 1, str(found[0][0])) if found else start

    def _select(self, query: str, values: tuple[object, ...]) -> list[tuple[Any, ...]]:
        if not self._file.is_file():
            raise Problem(
                "audit.no_database",
                f"The database {self._file} does not exist: name the service's data folder.",
                kind=Kind.MISSING,
            )
        try:
            with closing(
                sqlite3.connect(f"{self._file.absolute().as_uri()}?mode=ro", uri=True, timeout=10)
            ) as connection:
                connection.text_factory = partial(str, encoding="utf-8", errors="surrogateescape")
                return connection.execute(query, values).fetchall()
        except sqlite3.Error as error:
            msg = f"The audit trail in {self._file} cannot be read: {error}."
            raise Problem("audit.unreadable", msg, kind=Kind.UNAVAILABLE) from None


def _row(values: tuple[Any, ...]) -> Row:
    """Return a row of the database.

    Raises:
        Broken: It does not have the form of one.
    """
    given = dict(zip(COLUMNS, values, strict=True))
    number = given["number"]
    assert isinstance(number, int)  # noqa: S101 - the table's primary key
    try:
        if isinstance(given["arguments"], bytes):
            given["arguments"] = given["arguments"].decode()
        "".join(value for value in given.values() if isinstance(value, str)).encode()
        return msgspec.convert(given, Row)
    except (UnicodeError, msgspec.ValidationError) as error:
        raise Broken(number, f"Row {number} of the database is damaged: {error}.") from None


def _unread(reason: str) -> Verdict:
    return Verdict(ok=False, entries=0, first=0, last=0, hash="", broken=1, reason=reason)
