"""Keeps samples in SQLite, one file a day: a damaged file costs a day, and a day that is over is removed as a file.

Beside them is a file for each year with a row for each hour of what was removed. docs/runtime/history.md says what is in them.
"""

from __future__ import annotations

import datetime as dt
import logging
import re
import sqlite3
import threading
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

import msgspec

from runtime_data.history.cells import from_cell, to_cell
from runtime_data.history.model import DAY, Hour, Row, Sample
from runtime_data.values import microseconds, moment, now

log = logging.getLogger(__name__)
_NAME = re.compile(r"(\d{4}-\d\d-\d\d)\.db")
_SAMPLES = """CREATE TABLE IF NOT EXISTS sample(
    series INTEGER NOT NULL, t INTEGER NOT NULL, v, q INTEGER NOT NULL, PRIMARY KEY(series, t)) WITHOUT ROWID"""
_HOURS = """CREATE TABLE IF NOT EXISTS hour(
    series INTEGER NOT NULL, t INTEGER NOT NULL, minimum REAL, maximum REAL, mean REAL, count INTEGER NOT NULL,
    good INTEGER NOT NULL, PRIMARY KEY(series, t)) WITHOUT ROWID"""
_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_TAIL = ("", "-wal", "-shm")
LOOKS_BACK = 40
"""Files that are searched for the sample before or after a moment. Each day begins with the values of the day before."""


class DayFiles:
    """Samples in a folder; see Store."""

    def __init__(self, folder: Path) -> None:
        """Keep them in this folder, which the first sample makes."""
        self._folder = folder
        self._lock = threading.RLock()
        self._current: tuple[Path, sqlite3.Connection] | None = None
        self.damaged: list[str] = [path.name for path in sorted(folder.glob("*.damaged*"))]

    def write(self, rows: Sequence[Row]) -> None:
        """Keep samples, in one transaction for each day."""
        by_day: dict[int, list[tuple[int, int, int | float | bytes | None, int]]] = {}
        for series, sample in rows:
            cells = (series, sample.time, to_cell(sample.value), sample.status)
            by_day.setdefault(sample.time // DAY, []).append(cells)
        with self._lock:
            for day, cells_of_day in sorted(by_day.items()):
                self._write(self._file(day * DAY), cells_of_day)

    def read(self, series: int, begin: int, end: int, limit: int, *, descending: bool = False) -> list[Sample]:
        """Return the samples of a stretch, at most so many, by time."""
        found: list[Sample] = []
        order = "DESC" if descending else "ASC"
        query = f"SELECT t, v, q FROM sample WHERE series=? AND t>=? AND t<? ORDER BY t {order} LIMIT ?"  # noqa: S608
        for path in self._files(begin, end, descending=descending):
            found += self._samples(path, query, (series, begin, end, limit - len(found)))
            if len(found) >= limit:
                break
        return found

    def before(self, series: int, time: int) -> Sample | None:
        """Return the newest sample before a moment."""
        query = "SELECT t, v, q FROM sample WHERE series=? AND t<? ORDER BY t DESC LIMIT 1"
        return self._first(self._files(0, time, descending=True), query, (series, time))

    def after(self, series: int, time: int) -> Sample | None:
        """Return the oldest sample at a moment or after it."""
        query = "SELECT t, v, q FROM sample WHERE series=? AND t>=? ORDER BY t LIMIT 1"
        return self._first(self._files(time, 1 << 62), query, (series, time))

    def hours(self, series: int, begin: int, end: int) -> list[Hour]:
        """Return the rows of the hours that begin in a stretch."""
        query = """SELECT t, minimum, maximum, mean, count, good FROM hour WHERE series=? AND t>=? AND t<? ORDER BY t"""
        found: list[Hour] = []
        for path in sorted(self._folder.glob("hours-????.db")):
            if moment(begin).year <= int(path.stem[-4:]) <= moment(end).year:
                found += (Hour(*row) for row in self._rows(path, query, (series, begin, end)))
        return found

    def days(self, before: int) -> list[int]:
        """Return the first moments of the days before a moment that have samples, oldest first."""
        return [_day_of(path) for path in self._files(0, before)]

    def series_of(self, day: int) -> list[int]:
        """Return the numbers of the series that have samples on a day."""
        return [number for (number,) in self._rows(self._file(day), "SELECT DISTINCT series FROM sample", ())]

    def retire(self, day: int, series: Sequence[int], hours: Sequence[tuple[int, Hour]]) -> None:
        """Keep hours, then remove the samples that some series have on a day; an empty file goes."""
        path = self._file(day)
        with self._lock:
            self._put_hours(hours)
            with closing(_open(path)) as connection:
                connection.executemany("DELETE FROM sample WHERE series=?", [(number,) for number in series])
                connection.commit()
                empty = connection.execute("SELECT 1 FROM sample LIMIT 1").fetchone() is None
            if empty:
                self._let_go()
                for tail in _TAIL:
                    path.with_name(path.name + tail).unlink(missing_ok=True)

    def close(self) -> None:
        """Let go of the file of the day."""
        with self._lock:
            self._let_go()

    def _write(self, path: Path, rows: Sequence[tuple[int, int, int | float | bytes | None, int]]) -> None:
        try:
            self._insert(path, rows)
        except sqlite3.DatabaseError as error:
            if not self._set_aside(path, error):
                raise
            self._insert(path, rows)

    def _insert(self, path: Path, rows: Sequence[tuple[int, int, int | float | bytes | None, int]]) -> None:
        if self._current is None or self._current[0] != path:
            self._let_go()
            self._current = path, _make(path, _SAMPLES)
        connection = self._current[1]
        with connection:
            connection.executemany("INSERT OR REPLACE INTO sample(series, t, v, q) VALUES (?, ?, ?, ?)", rows)

    def _let_go(self) -> None:
        if self._current is not None:
            current, self._current = self._current, None
            current[1].close()

    def _put_hours(self, hours: Sequence[tuple[int, Hour]]) -> None:
        by_year: dict[int, list[tuple[object, ...]]] = {}
        for series, hour in hours:
            by_year.setdefault(moment(hour.time).year, []).append((series, *msgspec.structs.astuple(hour)))
        for year, rows in by_year.items():
            with closing(_make(self._folder / f"hours-{year:04}.db", _HOURS)) as connection, connection:
                connection.executemany("INSERT OR REPLACE INTO hour VALUES (?, ?, ?, ?, ?, ?, ?)", rows)

    def _file(self, time: int) -> Path:
        return self._folder / f"{moment(time).date().isoformat()}.db"

    def _files(self, begin: int, end: int, *, descending: bool = False) -> list[Path]:
        """Return the files that may have samples of a stretch."""
        found = [path for path in self._folder.glob("*.db") if _NAME.fullmatch(path.name)]
        return sorted((each for each in found if begin - DAY < _day_of(each) < end), reverse=descending)

    def _samples(self, path: Path, query: str, values: Sequence[int]) -> list[Sample]:
        return [Sample(time, from_cell(cell), status) for time, cell, status in self._rows(path, query, values)]

    def _first(self, paths: Sequence[Path], query: str, values: Sequence[int]) -> Sample | None:
        for path in paths[:LOOKS_BACK]:
            if found := self._samples(path, query, values):
                return found[0]
        return None

    def _rows(self, path: Path, query: str, values: Sequence[int]) -> list[tuple[Any, ...]]:
        """Return what a query finds in a file: nothing where it is gone or damaged."""
        try:
            with closing(_open(path)) as connection:
                return connection.execute(query, values).fetchall()
        except sqlite3.DatabaseError as error:
            if path.exists() and not self._set_aside(path, error):
                raise
            return []

    def _set_aside(self, path: Path, error: sqlite3.DatabaseError) -> bool:
        """Rename a damaged file and report it; return whether it was damaged."""
        if getattr(error, "sqlite_errorcode", 0) & 0xFF not in _DAMAGED:
            return False
        with self._lock:
            self._let_go()
            if path.exists():
                aside = path.with_name(f"{path.name}.damaged-{now()}")
                path.rename(aside)
                for tail in _TAIL[1:]:
                    path.with_name(path.name + tail).unlink(missing_ok=True)
                self.damaged.append(aside.name)
                log.error("%s is damaged (%s) and was renamed to %s: its values are missing", path, error, aside.name)
        return True


def _day_of(path: Path) -> int:
    return microseconds(dt.datetime.fromisoformat(path.stem))


def _open(path: Path) -> sqlite3.Connection:
    """Open a file that is there; it may be used by others."""
    return sqlite3.connect(f"{path.absolute().as_uri()}?mode=rw", uri=True, timeout=30, check_same_thread=False)


def _make(path: Path, table: str) -> sqlite3.Connection:
    """Open a file. One that is missing is made aside and moved into place, so that no reader finds it without its table."""
    if not path.exists():
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        draft = path.with_name(f"{path.name}.new")
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)
        with closing(_open(draft)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
            connection.execute(table)
        draft.replace(path)
    connection = _open(path)
    connection.execute("PRAGMA synchronous=NORMAL")
    return connection
