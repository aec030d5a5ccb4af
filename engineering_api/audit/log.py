"""The audit log: who changed what, and how it ended. Rows are only added, each bound to the one before (audit_trail).

An operation leaves two rows: a begin before its effect, and an end before its answer. A begin without an end is an
effect that was under way when the service was killed; the next start ends it as `interrupted`.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import msgspec
import sqlalchemy as sa

from engineering_api import background
from engineering_api.audit.chain import (
    BEGIN,
    BROKEN,
    CHECKPOINT,
    COLUMNS,
    END,
    EVENT,
    START,
    Link,
    Row,
    Verdict,
    hash_of,
)
from engineering_api.audit.head import FILE, Head
from engineering_api.audit.reading import Sealed, Trail
from engineering_api.storage.clock import now
from engineering_api.storage.database import Database, audit
from engineering_api.storage.failures import as_storage_problem
from openness_bridge.errors import Kind, Problem

log = logging.getLogger(__name__)
FAILED = "failed"
STEP = 10_000
"""Rows that one transaction removes, so that others can write in between."""
INTERRUPTED = "interrupted"
SERVICE = "service"
"""Who is named where the service itself did something."""
TRIGGERS = (
    "CREATE INDEX IF NOT EXISTS audit_begun ON audit (begun)",
    "CREATE INDEX IF NOT EXISTS audit_checkpoints ON audit (number) WHERE entry = 'checkpoint'",
    "CREATE TRIGGER IF NOT EXISTS audit_no_change BEFORE UPDATE ON audit "
    "BEGIN SELECT RAISE(ABORT, 'rows of the audit log are never changed'); END",
    "CREATE TRIGGER IF NOT EXISTS audit_no_gap BEFORE INSERT ON audit "
    "WHEN NEW.number != (SELECT coalesce(max(number), 0) + 1 FROM audit) "
    "BEGIN SELECT RAISE(ABORT, 'rows of the audit log are only added at its end'); END",
    "CREATE TRIGGER IF NOT EXISTS audit_no_removal BEFORE DELETE ON audit "
    "WHEN NOT EXISTS (SELECT 1 FROM audit WHERE entry = 'checkpoint' AND hash != '' "
    "AND json_extract(CAST(arguments AS TEXT), '$.through') >= OLD.number) "
    "BEGIN SELECT RAISE(ABORT, 'rows of the audit log are removed only up to a checkpoint'); END",
)
"""What the database itself refuses, for every writer."""


class AuditEntry(msgspec.Struct, rename="camel", frozen=True):
    """One changing operation, or another event that the audit log keeps.

    Attributes:
        outcome: ok, interrupted (the service ended meanwhile: whether it took effect is not known), or a problem's code.
        caller_kind: How the caller was identified; empty where that was not noted.
        object: Project, device, kind and name of the object.
        before: The object before the change: `sha256` and `bytes` of the answer of the operation `read`, with its `content` where
            that is small; `absent` where it was not there, `refused` where it could not be read, with the reason. Null
            where no read shows it.
        after: The same afterwards; where no read shows it, of the operation's own answer.
        job: The id of the job; empty where the caller waited.
        hash: Binds the entry to all before it.
    """

    number: int
    at: str
    caller: str
    operation: str
    arguments: msgspec.Raw
    outcome: str
    milliseconds: int
    caller_kind: str
    client: str
    address: str
    object: msgspec.Raw
    before: msgspec.Raw
    after: msgspec.Raw
    job: str
    hash: str


class AuditQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which entries; None for all.

    Attributes:
        operation: An operation, or a resource for all of its operations.
        outcome: ok, a problem's code, or FAILED for all that is not ok.
        since: Moment in UTC, ISO 8601 with milliseconds; included.
        until: The same; not included.
        before: Only entries with lower numbers.
    """

    operation: str | None = None
    outcome: str | None = None
    caller: str | None = None
    since: str | None = None
    until: str | None = None
    before: int | None = None


class Audit:
    """Appends to the audit log and reads it."""

    def __init__(
        self, database: Database, data_dir: Path, heard: Callable[[AuditEntry], None] | None = None, key: str = ""
    ) -> None:
        """Use this database.

        Args:
            database: Where the rows are.
            data_dir: The service's data folder, where the chain's end is noted.
            heard: Is called with every end of an operation once it is there.
            key: Binds rows so that only those who know it could make the chain again; a plain chain without one.
        """
        self._database, self._heard, self._key = database, heard, key.encode()
        self._trail, self._head = Trail(data_dir), Head(data_dir / FILE)
        self._noting = ThreadPoolExecutor(1, "audit-head")
        self._waiting: list[tuple[Row, asyncio.Future[Row]]] = []
        self._writing: asyncio.Task[None] | None = None
        self.added = 0
        self._prepare()

    # -- writing ----------------------------------------------------------------------

    async def begin(self, row: Row) -> int:
        """Note that an effect is about to be made; returns the row's number. Durable when it returns.

        Raises:
            Problem: It cannot be written, so that nothing may be done.
        """
        return (await self._append(row)).number

    async def end(self, row: Row, begun: Row | None = None) -> AuditEntry:
        """Note how an operation ended. Durable, and noted outside the database, when it returns.

        Raises:
            Problem: It cannot be written.
        """
        try:
            added = await self._append(row)
        except Problem as problem:
            raise (problem if begun is None else _not_recorded(row, problem)) from problem
        entry = _entry(added, begun)
        if self._heard is not None and added.entry == END:
            self._heard(entry)
        return entry

    async def event(
        self, operation: str, outcome: str = "ok", caller: str = SERVICE, address: str = "", **arguments: Any
    ) -> None:
        """Note that something happened that is no changing operation.

        Raises:
            Problem: It cannot be written.
        """
        _ = await self.end(msgspec.structs.replace(_event(operation, outcome, caller, arguments), address=address))

    async def recover(self) -> int:
        """End the operations that were under way when the service was killed. Returns how many."""
        started = audit.alias("started")
        ended = sa.select(audit.c.begun).where(audit.c.begun == started.c.number)
        open_ = sa.select(started).where(started.c.entry == BEGIN, ~ended.exists()).order_by(started.c.number)
        rows = await self._database.run(lambda c: [_row(each) for each in c.execute(open_).all()])
        for begun in rows:
            await self.end(ended_row(begun, INTERRUPTED, 0), begun)
        return len(rows)

    async def remove_before(self, moment: str) -> int:
        """Remove the rows from before a moment, and seal where the chain begins now; returns how many.

        What an end refers to stays with it, so that a few rows more may stay.
        """
        first, through = await self._database.run(lambda c: (_first(c), _removable(c, moment)))
        removed = 0
        steps = [*range(first + STEP - 1, through, STEP), through] if through >= first else []
        for last in steps:
            sealed, count = await self._database.run(partial(self._seal, last=last))
            await self._note([sealed])
            removed += count
        return removed

    def _seal(self, connection: sa.Connection, last: int) -> tuple[Row, int]:
        """Write a checkpoint and remove the rows that it covers, both or neither; returns it, and how many they were."""
        sealed = Sealed(last, str(_value(connection, audit.c.hash, last)))
        row = Row(
            number=0,
            at="",
            entry=CHECKPOINT,
            caller=SERVICE,
            operation="audit.retention",
            outcome="ok",
            arguments=msgspec.json.encode(sealed).decode(),
        )
        added = self._add(connection, row)
        return added, connection.execute(audit.delete().where(audit.c.number <= last)).rowcount

    def tell_end(self) -> None:
        """Log the end of the chain, so that it is known where the lines go, too. From any thread but the event loop's."""
        last = self._database.run_now(_last)
        log.info("The audit log ends with row %d, hash %s", last.number, last.hash)

    def close(self) -> None:
        """Finish what is being noted."""
        self._noting.shutdown(wait=True)
        self.tell_end()

    async def _append(self, row: Row) -> Row:
        """Write a row, durably. Rows that come meanwhile are written together by the next transaction."""
        waiting: asyncio.Future[Row] = asyncio.get_running_loop().create_future()
        self._waiting.append((row, waiting))
        if self._writing is None or self._writing.done():
            self._writing = background.begin(self._write())
        return await waiting

    async def _write(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            try:
                added = await self._database.run(partial(self._add_all, rows=[row for row, _ in batch]))
                await self._note(added)
            except (sa.exc.SQLAlchemyError, OSError, Problem) as error:
                log.error("The audit log cannot be written: %s", error)
                problem = error if isinstance(error, Problem) else as_storage_problem(error) or _not_written(str(error))
                _settle(batch, [problem] * len(batch))
            else:
                self.added += len(added)
                _settle(batch, added)

    def _add_all(self, connection: sa.Connection, rows: list[Row]) -> list[Row]:
        return [self._add(connection, row) for row in rows]

    def _add(self, connection: sa.Connection, row: Row) -> Row:
        """Bind a row to the last one and write it. On the database's thread."""
        raw: Any = connection.connection.dbapi_connection
        if not raw.in_transaction:  # another process may append, too
            connection.exec_driver_sql("BEGIN IMMEDIATE")
        last = _last(connection)
        placed = msgspec.structs.replace(row, number=last.number + 1, at=row.at or now(), keyed=int(bool(self._key)))
        bound = msgspec.structs.replace(placed, hash=hash_of(placed, last.hash, self._key))
        connection.execute(audit.insert().values(**_values(bound)))
        return bound

    async def _note(self, rows: list[Row]) -> None:
        """Note the end of the chain outside the database; a begin alone needs no note: no caller has its answer."""
        if any(row.entry != BEGIN for row in rows):
            last = Link(rows[-1].number, rows[-1].hash)
            await asyncio.get_running_loop().run_in_executor(self._noting, self._head.write, last)

    async def probe(self) -> None:
        """Take the database's lock for writing, and write nothing.

        Raises:
            Problem: It cannot be written.
        """
        await self._database.run(lambda connection: connection.exec_driver_sql("DELETE FROM audit WHERE 0"))

    # -- reading ----------------------------------------------------------------------

    async def latest(self, limit: int, query: AuditQuery | None = None) -> list[AuditEntry]:
        """Return the latest entries, newest first; of all callers and operations without a query."""
        begun = audit.alias("begun")
        columns = [*audit.c, begun.c.arguments.label("begun_arguments"), begun.c.before.label("begun_before")]
        select = (
            sa.select(*columns)
            .outerjoin(begun, begun.c.number == audit.c.begun)
            .where(audit.c.entry != BEGIN, *_conditions(query or AuditQuery()))
            .order_by(audit.c.number.desc())
            .limit(limit)
        )
        rows = await self._database.run(lambda connection: connection.execute(select).all())
        return [_entry(_row(r), None, (r.begun_arguments or b"").decode(), r.begun_before) for r in rows]

    def verify(self) -> Verdict:
        """Check the whole chain. From any thread but the event loop's."""
        return self._trail.verify(self._key)

    @property
    def trail(self) -> Trail:
        """The rows, to be exported."""
        return self._trail

    # -- start ------------------------------------------------------------------------

    def _prepare(self) -> None:
        """Bind the rows of an earlier version, let the database refuse changes, and compare with the noted end."""
        try:
            noted = self._head.read()
        except ValueError:
            noted = Link(0, "unreadable")
        last = self._database.run_now(lambda connection: self._begin(connection, noted))
        self._head.write(last)
        self.tell_end()

    def _begin(self, connection: sa.Connection, noted: Link | None) -> Link:
        if noted is None and not _is_bound(connection):
            self._bind_old(connection)
        for statement in TRIGGERS:
            connection.exec_driver_sql(statement)
        last = _last(connection)
        held = None if noted is None else _value(connection, audit.c.hash, noted.number)
        if noted is not None and noted != START and held != noted.hash:
            log.error(
                "The audit log was cut or changed: row %d was noted, row %d is the last", noted.number, last.number
            )
            self._add(
                connection,
                _event(BROKEN, "failed", SERVICE, {"noted": noted.number, "hash": noted.hash, "found": last.number}),
            )
        return _last(connection)

    def _bind_old(self, connection: sa.Connection) -> None:
        """Chain the rows of a version that had no chain."""
        old = connection.execute(sa.select(audit).where(audit.c.hash == "").order_by(audit.c.number)).all()
        link = START
        for index, found in enumerate(old, 1):
            row = msgspec.structs.replace(_row(found), number=index)
            link = Link(index, hash_of(row, link.hash))
            place = audit.update().where(audit.c.number == found.number)
            connection.execute(place.values(number=index, hash=link.hash))
        if old:
            self._add(connection, _event("audit.chained", "ok", SERVICE, {"rows": len(old)}))


def _settle(batch: list[tuple[Row, asyncio.Future[Row]]], outcomes: Sequence[Row | Problem]) -> None:
    for (_, waiting), outcome in zip(batch, outcomes, strict=True):
        if waiting.done():  # the waiting task is cancelled
            continue
        if isinstance(outcome, Problem):
            waiting.set_exception(outcome)
        else:
            waiting.set_result(outcome)


def ended_row(begun: Row, outcome: str, milliseconds: int, after: str | None = None) -> Row:
    """Return the row that ends what a begin says."""
    return msgspec.structs.replace(
        begun,
        number=0,
        at="",
        entry=END,
        arguments="",
        before=None,
        after=after,
        outcome=outcome,
        milliseconds=milliseconds,
        begun=begun.number,
        hash="",
    )


def _event(operation: str, outcome: str, caller: str, arguments: dict[str, Any]) -> Row:
    return Row(
        number=0,
        at="",
        entry=EVENT,
        caller=caller,
        operation=operation,
        outcome=outcome,
        arguments=msgspec.json.encode(arguments).decode(),
    )


def _row(found: Any) -> Row:
    values = {name: getattr(found, name) for name in COLUMNS}
    return msgspec.convert(values | {"arguments": bytes(found.arguments).decode()}, Row)


def _values(row: Row) -> dict[str, Any]:
    return msgspec.structs.asdict(row) | {"arguments": row.arguments.encode()}


def _entry(row: Row, begun: Row | None = None, arguments: str = "", before: str | None = None) -> AuditEntry:
    if begun is not None:
        arguments, before = begun.arguments, begun.before
    return AuditEntry(
        row.number,
        row.at,
        row.caller,
        row.operation,
        _raw(arguments or row.arguments, "{}"),
        row.outcome,
        row.milliseconds,
        row.caller_kind,
        row.client,
        row.address,
        _raw(row.object, "{}"),
        _raw(before or row.before),
        _raw(row.after),
        row.job,
        row.hash,
    )


def _raw(text: str | None, default: str = "null") -> msgspec.Raw:
    return msgspec.Raw((text or default).encode())


def _last(connection: sa.Connection) -> Link:
    found = connection.execute(sa.select(audit.c.number, audit.c.hash).order_by(audit.c.number.desc()).limit(1)).first()
    return START if found is None else Link(found.number, found.hash)


def _is_bound(connection: sa.Connection) -> bool:
    return connection.execute(sa.select(audit.c.number).where(audit.c.hash != "").limit(1)).first() is not None


def _first(connection: sa.Connection) -> int:
    return int(connection.execute(sa.select(sa.func.coalesce(sa.func.min(audit.c.number), 1))).scalar_one())


def _value(connection: sa.Connection, column: sa.Column[Any], number: int) -> Any:
    return connection.execute(sa.select(column).where(audit.c.number == number)).scalar()


def _removable(connection: sa.Connection, moment: str) -> int:
    """Return the last removable row: before the first that stays, and before every begin without a removable end."""
    kept = connection.execute(sa.select(sa.func.min(audit.c.number)).where(audit.c.at >= moment)).scalar()
    first = kept if kept is not None else _last(connection).number
    ended = audit.alias("ended")
    lasting = sa.select(ended.c.number).where(ended.c.begun == audit.c.number)
    while True:
        needed = sa.select(sa.func.min(audit.c.begun)).where(audit.c.number >= first)
        running = sa.select(sa.func.min(audit.c.number)).where(audit.c.entry == BEGIN, ~lasting.exists())
        earliest = [connection.execute(each).scalar() for each in (needed, running)]
        next_ = min([first, *(each for each in earliest if each is not None)])
        if next_ == first:
            return int(first) - 1
        first = next_


def _not_recorded(row: Row, problem: Problem) -> Problem:
    how = "has taken effect" if row.outcome == "ok" else f"has ended ({row.outcome})"
    msg = f"The operation {how}, but its end cannot be written to the audit log: {problem.message}"
    return Problem("audit.not_recorded", msg, kind=problem.kind)


def _not_written(why: str) -> Problem:
    msg = f"The audit log cannot be written ({why}), and the service changes nothing without it: check the disk of the data folder."
    return Problem("audit.not_written", msg, kind=Kind.UNAVAILABLE)


def _conditions(query: AuditQuery) -> Iterator[sa.ColumnElement[bool]]:
    column = audit.c
    if query.operation:
        resource = column.operation.startswith(f"{query.operation}.", autoescape=True)
        yield sa.or_(column.operation == query.operation, resource)
    if query.outcome:
        yield column.outcome != "ok" if query.outcome == FAILED else column.outcome == query.outcome
    if query.caller:
        yield column.caller == query.caller
    if query.since:
        yield column.at >= query.since
    if query.until:
        yield column.at < query.until
    if query.before is not None:
        yield column.number < query.before
