"""Keeps samples in PostgreSQL, in a partition for each month. Nothing but the server and the extra `gateway` is needed."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import msgspec

from engineering_api.extras import Extra
from runtime_data.history.cells import from_cells, to_cells
from runtime_data.history.model import DAY, Hour, Row, Sample
from runtime_data.values import microseconds, moment

if TYPE_CHECKING:
    from psycopg import Connection
    from psycopg_pool import ConnectionPool

_TABLES = """
CREATE SCHEMA IF NOT EXISTS tia_history;
CREATE TABLE IF NOT EXISTS tia_history.sample(
    series integer NOT NULL, t bigint NOT NULL, i bigint, r double precision, b bytea, q bigint NOT NULL,
    PRIMARY KEY(series, t)) PARTITION BY RANGE (t);
CREATE INDEX IF NOT EXISTS sample_t ON tia_history.sample USING brin(t);
CREATE TABLE IF NOT EXISTS tia_history.day(day bigint NOT NULL, series integer NOT NULL, PRIMARY KEY(day, series));
CREATE TABLE IF NOT EXISTS tia_history.hour(
    series integer NOT NULL, t bigint NOT NULL, minimum double precision, maximum double precision,
    mean double precision, count bigint NOT NULL, good bigint NOT NULL, PRIMARY KEY(series, t));
"""
_INSERT = """INSERT INTO tia_history.sample(series, t, i, r, b, q) VALUES (%s, %s, %s, %s, %s, %s)
    ON CONFLICT (series, t) DO UPDATE SET i=excluded.i, r=excluded.r, b=excluded.b, q=excluded.q"""
_READ = "SELECT t, i, r, b, q FROM tia_history.sample WHERE series=%s AND t>=%s AND t<%s ORDER BY t {} LIMIT %s"
_FIRST = 0
_LAST = 1 << 62
_CONNECTIONS = 4
_WAIT = 10.0
"""Seconds to wait for the server."""


class PostgresStore:
    """Samples in a PostgreSQL server; see Store."""

    def __init__(self, url: str) -> None:
        """Keep them in this database; it is connected when it is first needed.

        Raises:
            Problem: The packages are not installed.
        """
        with Extra("gateway"):
            from psycopg_pool import ConnectionPool
        self._pool: ConnectionPool[Connection[Any]] = ConnectionPool(
            url,
            min_size=0,
            max_size=_CONNECTIONS,
            open=False,
            timeout=_WAIT,
            check=ConnectionPool.check_connection,
            kwargs={"connect_timeout": int(_WAIT)},
        )
        self._lock = threading.Lock()
        self._ready = False
        self._months: set[int] = set()
        self._days: set[tuple[int, int]] = set()
        self.damaged: list[str] = []

    def write(self, rows: Sequence[Row]) -> None:
        """Keep samples, in one transaction."""
        days = {(sample.time // DAY * DAY, series) for series, sample in rows} - self._days
        months = {_month_of(day) for day, _ in days} - self._months
        cells = [(series, sample.time, *to_cells(sample.value), sample.status) for series, sample in rows]
        with self._connected() as connection, connection.cursor() as cursor:
            for month in sorted(months):
                cursor.execute(_partition(month))
            cursor.executemany("INSERT INTO tia_history.day VALUES (%s, %s) ON CONFLICT DO NOTHING", sorted(days))
            cursor.executemany(_INSERT, cells)
        self._days |= days
        self._months |= months

    def read(self, series: int, begin: int, end: int, limit: int, *, descending: bool = False) -> list[Sample]:
        """Return the samples of a stretch, at most so many, by time."""
        query = _READ.format("DESC" if descending else "ASC")
        with self._connected() as connection:
            rows = connection.execute(query, (series, begin, end, max(limit, 0))).fetchall()
        return [
            Sample(time, from_cells(integer, real, content), status) for time, integer, real, content, status in rows
        ]

    def before(self, series: int, time: int) -> Sample | None:
        """Return the newest sample before a moment."""
        return next(iter(self.read(series, _FIRST, time, 1, descending=True)), None)

    def after(self, series: int, time: int) -> Sample | None:
        """Return the oldest sample at a moment or after it."""
        return next(iter(self.read(series, time, _LAST, 1)), None)

    def hours(self, series: int, begin: int, end: int) -> list[Hour]:
        """Return the rows of the hours that begin in a stretch."""
        query = """SELECT t, minimum, maximum, mean, count, good FROM tia_history.hour
            WHERE series=%s AND t>=%s AND t<%s ORDER BY t"""
        with self._connected() as connection:
            return [Hour(*row) for row in connection.execute(query, (series, begin, end))]

    def days(self, before: int) -> list[int]:
        """Return the first moments of the days before a moment that have samples, oldest first."""
        query = "SELECT DISTINCT day FROM tia_history.day WHERE day<%s ORDER BY day"
        with self._connected() as connection:
            return [day for (day,) in connection.execute(query, (before,))]

    def series_of(self, day: int) -> list[int]:
        """Return the numbers of the series that have samples on a day."""
        with self._connected() as connection:
            return [
                number for (number,) in connection.execute("SELECT series FROM tia_history.day WHERE day=%s", (day,))
            ]

    def retire(self, day: int, series: Sequence[int], hours: Sequence[tuple[int, Hour]]) -> None:
        """Keep hours, then remove the samples that some series have on a day; an empty month goes."""
        rows = [(number, *msgspec.structs.astuple(hour)) for number, hour in hours]
        month = _month_of(day)
        with self._connected() as connection, connection.cursor() as cursor:
            cursor.executemany(
                "INSERT INTO tia_history.hour VALUES (%s, %s, %s, %s, %s, %s, %s) ON CONFLICT DO NOTHING", rows
            )
            gone = (list(series), day, day + DAY)
            cursor.execute("DELETE FROM tia_history.sample WHERE series=ANY(%s) AND t>=%s AND t<%s", gone)
            cursor.execute("DELETE FROM tia_history.day WHERE series=ANY(%s) AND day=%s", (list(series), day))
            span = (month, _month_after(month))
            if (
                cursor.execute("SELECT 1 FROM tia_history.day WHERE day>=%s AND day<%s LIMIT 1", span).fetchone()
                is None
            ):
                cursor.execute(f"DROP TABLE IF EXISTS {_name(month)}")
        self._days.clear()
        self._months.clear()

    def close(self) -> None:
        """Let go of the connections."""
        self._pool.close()

    @contextmanager
    def _connected(self) -> Iterator[Connection[Any]]:
        """Give a connection whose transaction is committed at the end."""
        with self._lock:
            if self._pool.closed:
                self._pool.open()
            if not self._ready:
                with self._pool.connection() as connection:
                    connection.execute(_TABLES)
                self._ready = True
        with self._pool.connection() as connection:
            yield connection


def _month_of(time: int) -> int:
    return microseconds(dt.datetime(*moment(time).timetuple()[:2], 1, tzinfo=dt.UTC))


def _month_after(month: int) -> int:
    return _month_of(month + 31 * DAY)


def _name(month: int) -> str:
    return f"tia_history.sample_{moment(month):%Y_%m}"


def _partition(month: int) -> str:
    """Return the statement that makes the table of a month; it consists of numbers only."""
    return (
        f"CREATE TABLE IF NOT EXISTS {_name(month)} PARTITION OF tia_history.sample "
        f"FOR VALUES FROM ({month}) TO ({_month_after(month)})"
    )
