"""The service's database: tables, and the one thread that speaks to SQLite.

Write-ahead logging with full synchronisation, so that what was committed is
there after a kill or a power cut.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import sqlalchemy as sa

T = TypeVar("T")

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
    sa.Column("instance", sa.Integer),
    sa.Column("status", sa.String, nullable=False, index=True),
    sa.Column("progress", sa.Integer, nullable=False, default=0),
    sa.Column("message", sa.String, nullable=False, default=""),
    sa.Column("result", sa.LargeBinary),
    sa.Column("error", sa.LargeBinary),
    sa.Column("created_at", sa.String, nullable=False),
    sa.Column("started_at", sa.String),
    sa.Column("completed_at", sa.String, index=True),
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


class Database:
    """The database file and its thread."""

    def __init__(self, file: Path) -> None:
        """Open or make the file."""
        file.parent.mkdir(parents=True, exist_ok=True)
        self._engine = sa.create_engine(f"sqlite:///{file}", poolclass=sa.pool.StaticPool,
                                        connect_args={"check_same_thread": False})  # fmt: skip
        self._thread = ThreadPoolExecutor(1, "storage")
        self._thread.submit(self._prepare).result()

    def _prepare(self) -> None:
        with self._engine.connect() as connection:
            connection.exec_driver_sql("PRAGMA journal_mode=WAL")
            connection.exec_driver_sql("PRAGMA synchronous=FULL")
        metadata.create_all(self._engine)
        with self._engine.begin() as connection:
            _complete(connection)

    async def run(self, work: Callable[[sa.Connection], T]) -> T:
        """Do some work in one transaction, on the database's thread."""
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, work)

    def run_now(self, work: Callable[[sa.Connection], T]) -> T:
        """The same from any thread but the event loop's, waiting for it."""
        return self._thread.submit(self._transact, work).result()

    def size(self) -> int:
        """Bytes of the database, free pages included. From any thread but the event loop's."""
        return self.run_now(lambda c: int(_pragma(c, "page_count")) * int(_pragma(c, "page_size")))

    def compact(self) -> None:
        """Give the space of what was removed back to the disk. From any thread but the event loop's."""
        self._thread.submit(self._rewrite).result()

    def _rewrite(self) -> None:
        with self._engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("VACUUM")
            connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")

    def _transact(self, work: Callable[[sa.Connection], T]) -> T:
        with self._engine.begin() as connection:
            return work(connection)

    def close(self) -> None:
        """Finish what is queued and close the file."""
        self._thread.shutdown(wait=True)
        self._engine.dispose()


def _complete(connection: sa.Connection) -> None:
    """Add the columns that a file of an earlier version lacks."""
    known = sa.inspect(connection)
    for table in metadata.sorted_tables:
        present = {column["name"] for column in known.get_columns(table.name)}
        for column in (column for column in table.columns if column.name not in present):
            definition = sa.schema.CreateColumn(column).compile(connection.engine)
            connection.exec_driver_sql(f"ALTER TABLE {table.name} ADD COLUMN {definition}")


def _pragma(connection: sa.Connection, name: str) -> Any:
    return connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
