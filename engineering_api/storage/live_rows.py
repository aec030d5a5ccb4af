"""Reads rows as they are in the database file at this moment, whichever process wrote them last.

A second connection that only reads asks SQLite for its `data_version`, which changes with each commit of any other connection,
of this process and of others. As long as it is the same, rows that were read before are those of now. Readers wait for nobody
in the log mode that the database has, so the event loop may ask at each request.
"""

from __future__ import annotations

import json
import sqlite3
import threading
from typing import Any, Generic, TypeVar

import msgspec
import sqlalchemy as sa

from engineering_api.storage.database import Database
from engineering_api.storage.failures import as_storage_problem

R = TypeVar("R", bound=msgspec.Struct)


class LiveRows(Generic[R]):
    """The rows of one table with one key column. From any thread."""

    def __init__(self, database: Database, table: sa.Table, kind: type[R]) -> None:
        """Read rows of a kind, whose fields are columns of the table."""
        self._database, self._kind = database, kind
        columns = ", ".join(f'"{name}"' for name in kind.__struct_fields__)
        self._all = f'SELECT {columns} FROM "{table.name}"'  # noqa: S608 - names of this program
        self._one = f'{self._all} WHERE "{next(iter(table.primary_key)).name}" = ?'
        self._read = tuple(_reader(table.c[name].type) for name in kind.__struct_fields__)
        self._known: dict[str, R | None] = {}
        self._version = -1
        self._lock = threading.Lock()

    def find(self, key: str) -> R | None:
        """Return the row of a key, or None.

        Raises:
            Problem: The file cannot be read.
        """
        with self._lock:
            version = self._select("PRAGMA data_version")[0][0]
            if version != self._version:
                self._known, self._version = {}, version
            if key not in self._known:
                found = self._select(self._one, key)
                if not found:  # what anybody may ask for is not remembered
                    return None
                self._known[key] = self._make(found[0])
            return self._known[key]

    def where(self, **values: str) -> list[R]:
        """Return the rows whose columns have these values.

        Raises:
            Problem: The file cannot be read.
        """
        same = " AND ".join(f'"{name}" = ?' for name in values)
        with self._lock:
            rows = self._select(f"{self._all} WHERE {same}" if same else self._all, *values.values())
        return [self._make(row) for row in rows]

    def _make(self, row: tuple[Any, ...]) -> R:
        return self._kind(*(read(value) for read, value in zip(self._read, row, strict=True)))

    def _select(self, statement: str, *values: str) -> list[tuple[Any, ...]]:
        try:
            return self._database.live.execute(statement, values).fetchall()
        except sqlite3.Error as error:
            problem = as_storage_problem(error)
            raise (error if problem is None else problem) from error


def _reader(kind: Any) -> Any:
    """Return what makes the Python value of a column of what SQLite has."""
    if isinstance(kind, sa.JSON):
        return json.loads
    return bool if isinstance(kind, sa.Boolean) else _as_it_is


def _as_it_is(value: Any) -> Any:
    return value
