"""Rows that are bound to each other: what a row is, its hash, and how a chain is checked.

Hash of a row: SHA-256, or HMAC-SHA-256 where the service has a key, of the hash of the row before (its 64 hex digits in
ASCII) followed by the row as JSON: an array of its columns in the order of `Row`, without `hash`, no blanks between, UTF-8.
The row before the first has 64 zeros. Anyone who changes, removes, inserts or swaps rows has to make every later hash
again, and the last one is kept elsewhere, too (head.py).
"""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Iterable
from dataclasses import dataclass

import msgspec

GENESIS = "0" * 64
"""The hash before the first row."""
BEGIN, END, EVENT, CHECKPOINT = "begin", "end", "event", "checkpoint"
"""Kinds of rows: an effect is about to be made, it has ended, something else, what retention removed."""
BROKEN = "audit.broken"
"""The event for rows that were missing at a start."""


class Row(msgspec.Struct, frozen=True, kw_only=True):
    """A row of the audit trail.

    Attributes:
        at: UTC, ISO 8601 with milliseconds.
        entry: begin, end, event or checkpoint.
        object: What it is about, JSON; empty on rows that need none.
        arguments: The request without its secrets, JSON; empty on an end, whose begin has them.
        before: What a read showed before the effect, JSON; None where nothing was read.
        after: The same, after it.
        outcome: ok, or the code of the problem; empty on a begin.
        job: Id of the job; empty where the caller waited.
        begun: Number of the begin that this end belongs to.
        keyed: 1 where the hash is made with the service's key.
    """

    number: int
    at: str
    entry: str
    caller: str
    caller_kind: str = ""
    client: str = ""
    address: str = ""
    operation: str
    object: str = ""
    arguments: str = ""
    before: str | None = None
    after: str | None = None
    outcome: str = ""
    milliseconds: int = 0
    job: str = ""
    begun: int | None = None
    keyed: int = 0
    hash: str = ""


COLUMNS = Row.__struct_fields__
HASHED = COLUMNS[:-1]


def hash_of(row: Row, previous: str, key: bytes = b"") -> str:
    """Return the hash that binds a row to the one before, in hex; with the key where the row is keyed."""
    text = previous.encode() + msgspec.json.encode([getattr(row, name) for name in HASHED])
    if row.keyed:
        return hmac.new(key, text, "sha256").hexdigest()
    return hashlib.sha256(text).hexdigest()


@dataclass(frozen=True, slots=True)
class Link:
    """A place in a chain: the number and the hash of a row."""

    number: int
    hash: str


START = Link(0, GENESIS)


class Verdict(msgspec.Struct, rename="camel", kw_only=True):
    """The result of a check of the chain.

    Attributes:
        ok: Whether every row is as it was written, and none is missing.
        entries: Rows that were checked.
        first: Number of the first row that was read; 0 without rows.
        last: Number of the last row that is unchanged.
        hash: The hash of that row, to compare with one that was noted elsewhere.
        broken: Number of the first row that was changed after it was written; null when there is none.
        reason: What is wrong with that row.
        keyed_from: Number of the first row whose hash needs the service's key; null where none does.
    """

    ok: bool
    entries: int
    first: int
    last: int
    hash: str
    broken: int | None = None
    reason: str = ""
    keyed_from: int | None = None


class Broken(Exception):  # noqa: N818 - a finding, named in the verdict
    """A row differs from the written one."""

    def __init__(self, number: int, reason: str) -> None:
        """State where and what."""
        super().__init__(reason)
        self.number, self.reason = number, reason


class Check:
    """One pass along a chain."""

    def __init__(self, start: Link = START, head: Link | None = None, key: bytes = b"") -> None:
        """Begin after a link.

        Args:
            start: The link before the first row.
            head: A link that must be met on the way, because it was noted elsewhere.
            key: The service's key; keyed rows cannot be checked without it.
        """
        self._last, self._head, self._key = start, head, key
        self._first, self._entries = 0, 0
        self._keyed_from: int | None = None

    def run(self, rows: Iterable[Row]) -> Verdict:
        """Follow the rows to their end, or to the first that differs from the written one."""
        try:
            for row in rows:
                self._take(row)
            self._end()
        except Broken as found:
            return self._verdict(found)
        return self._verdict(None)

    def _verdict(self, found: Broken | None) -> Verdict:
        return Verdict(
            ok=found is None,
            entries=self._entries,
            first=self._first,
            last=self._last.number,
            hash=self._last.hash,
            broken=found.number if found else None,
            reason=found.reason if found else "",
            keyed_from=self._keyed_from,
        )

    def _take(self, row: Row) -> None:
        self._first = self._first or row.number
        expected = self._last.number + 1
        if row.number != expected:
            raise Broken(expected, f"Row {expected} is missing; the next one is {row.number}.")
        self._require_key(row)
        if hash_of(row, self._last.hash, self._key) != row.hash:
            raise Broken(
                row.number, f"Row {row.number} was changed after it was written, or the row before it was replaced."
            )
        if row.operation == BROKEN:
            raise Broken(row.number, "Rows were missing when the service started: this row names them.")
        self._last = Link(row.number, row.hash)
        self._entries += 1
        self._require_head()

    def _require_key(self, row: Row) -> None:
        if row.keyed:
            self._keyed_from = self._keyed_from or row.number
            if not self._key:
                raise Broken(row.number, "The hash of this row needs the service's key: set TIA_AUDIT_KEY to check it.")
        elif self._keyed_from is not None:
            raise Broken(row.number, "The rows before this one have hashes with the service's key, this one does not.")

    def _require_head(self) -> None:
        head = self._head
        if head is not None and head.number == self._last.number and head.hash != self._last.hash:
            raise Broken(head.number, f"Row {head.number} has another hash than the one that audit.head notes.")

    def _end(self) -> None:
        head, last = self._head, self._last.number
        if head is not None and head.number > last:
            raise Broken(
                last + 1,
                f"Rows {last + 1} to {head.number} are missing at the end: audit.head notes more rows than the database has.",
            )
        if self._key and self._entries and self._keyed_from is None:
            raise Broken(self._first, "No row has a hash with the service's key.")
