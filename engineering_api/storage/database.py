"""The service's database: tables, and the one thread that speaks to SQLite.

Write-ahead logging with full synchronisation, so that committed rows are
there after a kill or a power cut. A file that is damaged, or that a newer
version wrote, is refused at the start: the service never begins again next to
what it had kept.
"""

from __future__ import annotations

import asyncio
import sqlite3
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

from engineering_api.storage.claim import Claim
from engineering_api.storage.failures import as_storage_problem
from openness_bridge.errors import Kind, Problem

T = TypeVar("T")

FORMAT = 1
"""Counts up when older versions could not work with the file any more. New tables and columns are no reason."""
CHECKED = 64 << 20
"""Bytes up to which the whole file is checked at each start; of a larger one, its schema. A backup is always checked."""

metadata = sa.MetaData()

jobs = sa.Table(
    "jobs",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False, unique=True),
    sa.Column("operation", sa.String, nullable=False),
    sa.Column("arguments", sa.LargeBinary, nullable=False),
    sa.Column("caller", sa.String, nullable=False),
    sa.Column("right", sa.String, nullable=False, server_default="VIEW"),
    sa.Column("caller_scope", sa.String, nullable=False, server_default=""),
    sa.Column("instance", sa.Integer),
    sa.Column("status", sa.String, nullable=False, index=True),
    sa.Column("progress", sa.Integer, nullable=False, default=0),
    sa.Column("message", sa.String, nullable=False, default=""),
    sa.Column("result", sa.LargeBinary),
    sa.Column("error", sa.LargeBinary),
    sa.Column("created_at", sa.String, nullable=False),
    sa.Column("started_at", sa.String),
    sa.Column("completed_at", sa.String, index=True),
    sa.Column("sent", sa.LargeBinary),
)

audit = sa.Table(
    "audit",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("at", sa.String, nullable=False),
    sa.Column("entry", sa.String, nullable=False, server_default="end"),
    sa.Column("caller", sa.String, nullable=False),
    sa.Column("caller_kind", sa.String, nullable=False, server_default=""),
    sa.Column("client", sa.String, nullable=False, server_default=""),
    sa.Column("address", sa.String, nullable=False, server_default=""),
    sa.Column("operation", sa.String, nullable=False),
    sa.Column("object", sa.String, nullable=False, server_default=""),
    sa.Column("arguments", sa.LargeBinary, nullable=False),
    sa.Column("before", sa.String),
    sa.Column("after", sa.String),
    sa.Column("outcome", sa.String, nullable=False),
    sa.Column("milliseconds", sa.Integer, nullable=False),
    sa.Column("job", sa.String, nullable=False, server_default=""),
    sa.Column("begun", sa.Integer),
    sa.Column("keyed", sa.Integer, nullable=False, server_default="0"),
    sa.Column("hash", sa.String, nullable=False, server_default=""),
)

recent_projects = sa.Table(
    "recent_projects",
    metadata,
    sa.Column("path", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("last_access", sa.String, nullable=False),
)

snapshots = sa.Table(
    "snapshots",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("id", sa.String, nullable=False, unique=True),
    sa.Column("project", sa.String, nullable=False, index=True),
    sa.Column("device", sa.String, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("folder", sa.String, nullable=False),
    sa.Column("author", sa.String, nullable=False),
    sa.Column("created_at", sa.String, nullable=False),
    sa.Column("note", sa.String, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

assistant_messages = sa.Table(
    "assistant_messages",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("project", sa.String, nullable=False, index=True),
    sa.Column("role", sa.String, nullable=False),
    sa.Column("content", sa.String, nullable=False),
    sa.Column("at", sa.String, nullable=False),
)

designs = sa.Table(
    "designs",
    metadata,
    sa.Column("project", sa.String, primary_key=True),
    sa.Column("author", sa.String, nullable=False),
    sa.Column("loaded_at", sa.String, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

runtime_definitions = sa.Table(
    "runtime_definitions",
    metadata,
    sa.Column("kind", sa.String, primary_key=True),
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

alarms = sa.Table(
    "alarms",
    metadata,
    sa.Column("name", sa.String, primary_key=True),
    sa.Column("content", sa.LargeBinary, nullable=False),
)

alarm_events = sa.Table(
    "alarm_events",
    metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("time", sa.Integer, nullable=False),
    sa.Column("kind", sa.String, nullable=False),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("tag", sa.String, nullable=False),
    sa.Column("content", sa.LargeBinary, nullable=False),
    sa.Index("alarm_events_by_time", "time", "number"),
    sa.Index("alarm_events_by_name", "name", "time", "number"),
    sqlite_autoincrement=True,
)

design_objects = sa.Table(
    "design_objects",
    metadata,
    sa.Column("project", sa.String, primary_key=True),
    sa.Column("device", sa.String, primary_key=True),
    sa.Column("kind", sa.String, primary_key=True),
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("fingerprint", sa.String, nullable=False),
)


inventory = sa.Table("inventory", metadata, sa.Column("name", sa.String, primary_key=True))
"""The tables that the file has had: one that is here and is gone was lost, not forgotten by an older version."""


class Database:
    """The database file and its thread.

    Attributes:
        live: A connection that only reads, each time what is committed now; live_rows.py uses it.
    """

    live: sqlite3.Connection

    def __init__(self, file: Path) -> None:
        """Open or make the file.

        Raises:
            Problem: It is damaged, was written by a newer version, or cannot be written.
        """
        self._file = file
        self._claim: Claim | None = None
        self._engine = sa.create_engine(
            f"sqlite:///{file}", poolclass=sa.pool.StaticPool, connect_args={"check_same_thread": False}
        )
        self._thread = ThreadPoolExecutor(1, "storage")
        self.timed: Callable[[float], None] = _ignore_time
        try:
            self._thread.submit(self._prepare).result()
        except BaseException as error:
            self.close()
            problem = as_storage_problem(error)
            raise (error if problem is None else problem.at(path=str(file))) from error

    def _prepare(self) -> None:
        if not self._file.exists():
            self._make()
        elif self._file.stat().st_size == 0:
            raise _refuse_damaged(self._file, "it is empty")
        with self._engine.connect() as connection:
            _require_sound(connection, self._file)
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            connection.exec_driver_sql("PRAGMA synchronous=FULL")
            connection.commit()
        with self._engine.begin() as connection:
            # sqlite3 would write each table alone; a transaction that reads first does not wait for other processes
            connection.exec_driver_sql("BEGIN IMMEDIATE")
            metadata.create_all(connection)
            _complete(connection)
            connection.exec_driver_sql(f"PRAGMA user_version={FORMAT}")
        self.live = _open_live(self._file)
        self._claim = Claim(self._file.with_suffix(".lock"))

    @property
    def alone(self) -> bool:
        """Whether no other process was at work with this file when it was opened."""
        return self._claim is not None and self._claim.alone

    def _make(self) -> None:
        """Make the file aside and move it into place, so that an empty one was never made by this service."""
        self._file.parent.mkdir(parents=True, exist_ok=True)
        draft = self._file.with_name(f"{self._file.name}.new")
        draft.unlink(missing_ok=True)
        draft.touch(mode=0o600)  # files next to it, such as the log of changes, get the mode of the database
        with closing(sqlite3.connect(draft)) as connection:
            connection.execute(f"PRAGMA user_version={FORMAT}")
        draft.replace(self._file)

    async def run(self, work: Callable[[sa.Connection], T]) -> T:
        """Do some work in one transaction, on the database's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, work)

    def run_now(self, work: Callable[[sa.Connection], T]) -> T:
        """Return the same from any thread but the event loop's, waiting for it."""
        return self._thread.submit(self._transact, work).result()

    def size(self) -> int:
        """Return the bytes of the database, free pages included. From any thread but the event loop's."""
        return self.run_now(lambda c: int(_pragma(c, "page_count")) * int(_pragma(c, "page_size")))

    def compact(self) -> None:
        """Give the space of removed rows back to the disk. From any thread but the event loop's."""
        self._thread.submit(self._rewrite).result()

    def _rewrite(self) -> None:
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def _transact(self, work: Callable[[sa.Connection], T]) -> T:
        begin = time.perf_counter()
        try:
            with self._engine.begin() as connection:
                return work(connection)
        except sa.exc.DBAPIError as error:
            problem = as_storage_problem(error)
            raise (error if problem is None else problem.at(path=str(self._file))) from error
        finally:
            self.timed(time.perf_counter() - begin)

    def close(self) -> None:
        """Finish what is queued and close the file."""
        self._thread.shutdown(wait=True)
        self._engine.dispose()
        if hasattr(self, "live"):
            self.live.close()
        if self._claim is not None:
            self._claim.release()


def _open_live(file: Path) -> sqlite3.Connection:
    """Open a connection that only reads, and is in no transaction between two statements."""
    found = sqlite3.connect(file, check_same_thread=False, isolation_level=None)
    found.execute("PRAGMA query_only=1")
    return found


def _ignore_time(_: float) -> None:
    """Ignore how long a transaction takes."""


def copy_database(source: Path, target: Path) -> None:
    """Copy a database, used or not, as it is at one moment, and check the copy.

    Raises:
        Problem: The copy cannot be written, or what is copied is damaged.
    """
    try:
        there = f"{source.absolute().as_uri()}?mode=rw"
        with closing(sqlite3.connect(there, uri=True)) as original, closing(sqlite3.connect(target)) as copy:
            original.backup(copy)
            copy.execute("PRAGMA journal_mode=DELETE")
            (found,) = copy.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.Error as error:
        problem = as_storage_problem(error)
        raise (error if problem is None else problem.at(path=str(target))) from error
    if found != "ok":
        raise _refuse_damaged(source, found)


def _require_sound(connection: sa.Connection, file: Path) -> None:
    """Refuse a file that cannot be trusted.

    Raises:
        Problem: It is damaged, or a newer version wrote it.
    """
    written = int(_pragma(connection, "user_version"))
    if written > FORMAT:
        msg = (
            f"A newer version of this service wrote {file}: start that version, or restore a backup with `tia restore`."
        )
        raise Problem("storage.newer", msg, kind=Kind.FAILED)
    if _pragma(connection, "page_count") * _pragma(connection, "page_size") <= CHECKED:
        found = str(connection.exec_driver_sql("PRAGMA quick_check(1)").scalar())
        if found != "ok":
            raise _refuse_damaged(file, found)
    present = set(sa.inspect(connection).get_table_names())
    known = {row.name for row in connection.execute(sa.select(inventory))} if inventory.name in present else set()
    if lost := sorted(known - present):
        raise _refuse_damaged(file, f"the table {lost[0]} is missing")


def _refuse_damaged(file: Path, what: str) -> Problem:
    msg = (
        f"{file} is damaged ({what}). Restore a backup with `tia restore`. To start with an empty database, move it "
        "away, together with the files whose names begin with its name."
    )
    return Problem("storage.corrupt", msg, kind=Kind.FAILED)


def _complete(connection: sa.Connection) -> None:
    """Add the columns that a file of an earlier version lacks, and note the tables that there are."""
    known = sa.inspect(connection)
    for table in metadata.sorted_tables:
        connection.execute(sa.text("INSERT OR IGNORE INTO inventory (name) VALUES (:name)"), {"name": table.name})
    for table in metadata.sorted_tables:
        present = {column["name"] for column in known.get_columns(table.name)}
        for column in (column for column in table.columns if column.name not in present):
            definition = sa.schema.CreateColumn(column).compile(connection.engine)
            connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {definition}")


def _pragma(connection: sa.Connection, name: str) -> Any:
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
