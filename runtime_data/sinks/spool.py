"""The spool: every push is a row on disk before it is sent, and stays one until it has arrived, failed or grown too old.

The trigger's state is written in the same transaction as the push that it fired: after a crash a change is neither fired
twice nor forgotten. Facts: docs/runtime/sinks.md#the-spool.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Annotated, Any, Literal, TypeVar

import msgspec
import sqlalchemy as sa
from sqlalchemy.dialects.sqlite import insert

from engineering_api.storage.failures import as_storage_problem
from openness_bridge.errors import Kind, Problem
from runtime_data.values import Value

T = TypeVar("T")
PushStatus = Annotated[Literal["Pending", "Delivered", "Failed", "Dropped"], msgspec.Meta(title="PushStatus")]
PENDING: PushStatus = "Pending"
DELIVERED: PushStatus = "Delivered"
FAILED: PushStatus = "Failed"
DROPPED: PushStatus = "Dropped"
_FORMAT = 1
_AT_ONCE = 200
"""Rows that are looked at together when room is made."""
_NO_ROOM = "There was no room for it in the spool."
_TOO_OLD = "It waited longer than the sink keeps pushes."
_metadata = sa.MetaData()
_pushes = sa.Table(
    "push",
    _metadata,
    sa.Column("number", sa.Integer, primary_key=True),
    sa.Column("sink", sa.String, nullable=False),
    sa.Column("key", sa.String, nullable=False, unique=True),
    sa.Column("trigger", sa.String, nullable=False),
    sa.Column("time", sa.Integer, nullable=False),
    sa.Column("body", sa.LargeBinary, nullable=False),
    sa.Column("media_type", sa.String, nullable=False),
    sa.Column("contents", sa.LargeBinary, nullable=False),
    sa.Column("size", sa.Integer, nullable=False),
    sa.Column("status", sa.String, nullable=False),
    sa.Column("attempts", sa.Integer, nullable=False),
    sa.Column("next", sa.Integer, nullable=False),
    sa.Column("ended", sa.Integer),
    sa.Column("answer", sa.Integer),
    sa.Column("error", sa.String, nullable=False),
    sa.Column("ack", sa.String, nullable=False),
    sa.Index("waiting", "sink", "status", "number"),
    sqlite_autoincrement=True,
)
_states = sa.Table(
    "state",
    _metadata,
    sa.Column("sink", sa.String, primary_key=True),
    sa.Column("trigger", sa.String, primary_key=True),
    sa.Column("state", sa.LargeBinary, nullable=False),
)
_counts = sa.Table(
    "counted",
    _metadata,
    sa.Column("sink", sa.String, primary_key=True),
    sa.Column("what", sa.String, primary_key=True),
    sa.Column("times", sa.Integer, nullable=False),
)
_events = sa.Table(
    "event",
    _metadata,
    sa.Column("sink", sa.String, primary_key=True),
    sa.Column("trigger", sa.String, primary_key=True),
    sa.Column("number", sa.Integer, nullable=False),
)
_of = _pushes.c
_VALUES = msgspec.msgpack.Decoder(list[Value])
_NOTHING = msgspec.msgpack.encode([])


class Push(msgspec.Struct, frozen=True):
    """A push in the spool.

    Attributes:
        number: Its place in the order.
        key: Its idempotency key.
        trigger: The trigger that fired it, as `state_key` writes it.
        time: When it fired; microseconds since 1970, UTC, as all times here.
        values: The values of its tags.
        next: When it is tried next.
        ended: When it arrived, failed or was dropped; None while it waits.
        answer: The status of the last answer; None without one.
        error: Why it has not arrived, or what went wrong afterwards.
        ack: The tag that is still to be set back to false; empty for none.
    """

    number: int
    sink: str
    key: str
    trigger: str
    time: int
    body: bytes
    media_type: str
    values: list[Value]
    status: PushStatus
    attempts: int
    next: int
    ended: int | None
    answer: int | None
    error: str
    ack: str


class Waiting(msgspec.Struct, frozen=True):
    """What is in the spool of a sink.

    Attributes:
        pushes: How many wait.
        size: Their bytes.
        oldest: When the oldest of them fired; None where none waits.
        counts: How many were delivered, failed and dropped since the sink was defined, by status.
    """

    pushes: int
    size: int
    oldest: int | None
    counts: dict[str, int]


class Spool:
    """The file of all pushes and its thread. Its methods run on the event loop."""

    def __init__(self, file: Path) -> None:
        """Use this file; it is made with the first push."""
        self._file = file
        self._thread = ThreadPoolExecutor(1, "spool")
        self._engine: sa.Engine | None = None
        self._sizes: dict[str, int] = {}

    async def add(self, push: Push, state: tuple[str, Any] | None, limit: int) -> int:
        """Write a push that waits, or that has failed already; the spool numbers it.

        Args:
            push: It.
            state: The trigger and its state after this push, of one transaction with it; None where it has none.
            limit: Bytes that the sink may keep: what has ended goes first, then the oldest that waits is dropped.

        Returns:
            How many pushes were dropped for it.

        A push whose key is there already is of an event that has its push: only the state is written.
        """
        return await self._run(lambda connection: self._add(connection, push, state, limit))

    async def put_state(self, sink: str, trigger: str, state: Any) -> None:
        """Keep the state of a trigger that did not fire."""
        await self._run(lambda connection: _put_state(connection, sink, trigger, state))

    async def states(self, sink: str) -> dict[str, Any]:
        """Return the states of the triggers of a sink."""
        query = sa.select(_states).where(_states.c.sink == sink)
        rows = await self._run(lambda connection: connection.execute(query).all())
        return {row.trigger: msgspec.msgpack.decode(row.state) for row in rows}

    async def numbers(self, sink: str) -> dict[str, int]:
        """Return how many events of each trigger of a sink have a push."""
        query = sa.select(_events).where(_events.c.sink == sink)
        rows = await self._run(lambda connection: connection.execute(query).all())
        return {row.trigger: row.number for row in rows}

    async def first(self, sink: str) -> Push | None:
        """Return the oldest push that waits."""
        return await self._one(_waiting(sink).order_by(_of.number))

    async def soonest(self, sink: str) -> Push | None:
        """Return the push that is tried next where none waits for another."""
        return await self._one(_waiting(sink).order_by(_of.next, _of.number))

    async def unacknowledged(self, sink: str) -> list[Push]:
        """Return the pushes whose tag is to be set back, because they have arrived or when they have, oldest first."""
        open_ = (_of.sink == sink, _of.ack != "", _of.status.in_((PENDING, DELIVERED)))
        return await self._all(sa.select(_pushes).where(*open_).order_by(_of.number))

    async def note(self, push: Push) -> None:
        """Write what came of a push."""
        await self._run(lambda connection: _note(connection, push))

    async def release(self, push: Push) -> None:
        """Note that the tag of a push was set back, and with it that its trigger has seen false."""

        def work(connection: sa.Connection) -> None:
            connection.execute(_pushes.update().where(_of.number == push.number).values(ack=""))
            _put_state(connection, push.sink, push.trigger, state=False)

        await self._run(work)

    async def find(self, sink: str, key: str) -> Push | None:
        """Return a push by its key."""
        return await self._one(sa.select(_pushes).where(_of.sink == sink, _of.key == key))

    async def latest(self, sink: str, status: str, limit: int) -> list[Push]:
        """Return the latest pushes, newest first; only those of a status where it is not empty."""
        query = sa.select(_pushes).where(_of.sink == sink).order_by(_of.number.desc()).limit(limit)
        return await self._all(query.where(_of.status == status) if status else query)

    async def waiting(self, sink: str) -> Waiting:
        """Return what waits of a sink, and what has been counted."""
        about = sa.select(sa.func.count(), sa.func.coalesce(sa.func.sum(_of.size), 0), sa.func.min(_of.time))
        counts = sa.select(_counts.c.what, _counts.c.times).where(_counts.c.sink == sink)

        def work(connection: sa.Connection) -> Waiting:
            pushes, size, oldest = connection.execute(about.where(_of.sink == sink, _of.status == PENDING)).one()
            return Waiting(pushes, size, oldest, {row.what: row.times for row in connection.execute(counts)})

        return await self._run(work)

    async def due_now(self, sink: str, now: int) -> int:
        """Let everything that waits be tried at once; return how many."""
        change = _pushes.update().where(_of.sink == sink, _of.status == PENDING).values(next=now)
        return await self._run(lambda connection: connection.execute(change).rowcount)

    async def drop_before(self, sink: str, oldest: int, now: int) -> int:
        """Drop what has waited too long, and remove what ended before that; return how many were dropped."""

        def work(connection: sa.Connection) -> int:
            self._sizes.pop(sink, None)
            dropped = _drop(connection, (_of.sink == sink, _of.status == PENDING, _of.time < oldest), now, _TOO_OLD)
            _count(connection, sink, DROPPED, dropped)
            connection.execute(_pushes.delete().where(_of.sink == sink, _of.ended < oldest, _is_closed()))
            return dropped

        return await self._run(work)

    async def count(self, sink: str, what: str) -> None:
        """Count something that is no push."""
        await self._run(lambda connection: _count(connection, sink, what, 1))

    async def forget(self, sink: str) -> None:
        """Remove all that is known of a sink."""

        def work(connection: sa.Connection) -> None:
            self._sizes.pop(sink, None)
            for table in (_pushes, _states, _events, _counts):
                connection.execute(table.delete().where(table.c.sink == sink))

        await self._run(work)

    def close(self) -> None:
        """Finish what is queued and close the file."""
        if self._engine is not None:
            self._thread.submit(self._engine.dispose).result()
        self._thread.shutdown(wait=True)

    def _add(self, connection: sa.Connection, push: Push, state: tuple[str, Any] | None, limit: int) -> int:
        contents = msgspec.msgpack.encode(push.values)
        size = len(push.body) + len(contents)
        dropped = self._make_room(connection, push.sink, limit - size, push.time)
        row = {name: getattr(push, name) for name in _KEPT} | {"contents": contents, "size": size}
        if connection.execute(insert(_pushes).values(row).on_conflict_do_nothing(index_elements=["key"])).rowcount:
            self._sizes[push.sink] += size
            _count_event(connection, push.sink, push.trigger)
            if push.status != PENDING:
                _count(connection, push.sink, push.status, 1)
        if state is not None:
            _put_state(connection, push.sink, *state)
        return dropped

    def _make_room(self, connection: sa.Connection, sink: str, room: int, now: int) -> int:
        """Remove what has ended, then drop what waits, oldest first, until what is left fits in a room of bytes."""
        if sink not in self._sizes:
            query = sa.select(sa.func.coalesce(sa.func.sum(_of.size), 0)).where(_of.sink == sink)
            self._sizes[sink] = connection.execute(query).scalar_one()
        mine = sa.select(_of.number, _of.size).where(_of.sink == sink).order_by(_of.number).limit(_AT_ONCE)
        ended, waits = mine.where(_of.status != PENDING, _is_closed(), _of.size > 0), mine.where(_of.status == PENDING)
        while self._sizes[sink] > room and (rows := connection.execute(ended).all()):
            gone = self._enough(sink, rows, room)
            connection.execute(_pushes.delete().where(_of.number.in_(gone)))
        dropped = 0
        while self._sizes[sink] > room and (rows := connection.execute(waits).all()):
            dropped += _drop(connection, (_of.number.in_(self._enough(sink, rows, room)),), now, _NO_ROOM)
        _count(connection, sink, DROPPED, dropped)
        return dropped

    def _enough(self, sink: str, rows: Sequence[Any], room: int) -> list[int]:
        """Return the first of some rows without which the others fit, and count them as gone."""
        found = []
        for row in rows:
            if self._sizes[sink] <= room:
                break
            self._sizes[sink] -= row.size
            found.append(row.number)
        return found

    async def _one(self, query: sa.Select[Any]) -> Push | None:
        return next(iter(await self._all(query.limit(1))), None)

    async def _all(self, query: sa.Select[Any]) -> list[Push]:
        return [_push(row) for row in await self._run(lambda connection: connection.execute(query).all())]

    async def _run(self, work: Callable[[sa.Connection], T]) -> T:
        return await asyncio.get_running_loop().run_in_executor(self._thread, self._transact, work)

    def _transact(self, work: Callable[[sa.Connection], T]) -> T:
        try:
            if self._engine is None:
                self._engine = _open(self._file)
            with self._engine.begin() as connection:
                return work(connection)
        except sa.exc.DBAPIError as error:
            self._sizes.clear()
            problem = as_storage_problem(error)
            raise (error if problem is None else problem.at(path=str(self._file))) from error


_KEPT = tuple(name for name in Push.__struct_fields__ if name not in {"number", "values"})


def new_push(sink: str, trigger: str, time: int, body: bytes, media_type: str, values: list[Value], key: str) -> Push:
    """Return a push that is to be sent at once."""
    return Push(0, sink, key, trigger, time, body, media_type, values, PENDING, 0, 0, None, None, "", "")


def _open(file: Path) -> sa.Engine:
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        file.touch(mode=0o600)
    engine = sa.create_engine(
        f"sqlite:///{file}", poolclass=sa.pool.StaticPool, connect_args={"check_same_thread": False}
    )
    with engine.connect() as connection:
        written = connection.exec_driver_sql("PRAGMA user_version").scalar_one()
        connection.exec_driver_sql("PRAGMA journal_mode=WAL")
        connection.exec_driver_sql("PRAGMA synchronous=FULL")
        connection.commit()
    if written > _FORMAT:
        engine.dispose()
        msg = f"A newer version of this service wrote {file}: start that version, or move the file away."
        raise Problem("storage.newer", msg, kind=Kind.FAILED)
    _metadata.create_all(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"PRAGMA user_version={_FORMAT}")
    return engine


def _waiting(sink: str) -> sa.Select[Any]:
    return sa.select(_pushes).where(_of.sink == sink, _of.status == PENDING)


def _is_closed() -> sa.ColumnElement[bool]:
    """Say that no tag is still to be set back for a push that has ended."""
    return sa.or_(_of.ack == "", _of.status != DELIVERED)


def _drop(connection: sa.Connection, where: Sequence[sa.ColumnElement[bool]], now: int, why: str) -> int:
    """Drop pushes: their contents go, the row says that there was one."""
    gone = {"status": DROPPED, "body": b"", "contents": _NOTHING, "size": 0, "ended": now, "error": why}
    return connection.execute(_pushes.update().where(*where).values(gone)).rowcount


def _note(connection: sa.Connection, push: Push) -> None:
    known = connection.execute(sa.select(_of.status).where(_of.number == push.number)).scalar_one_or_none()
    if known is None or (push.status == PENDING and known == DROPPED):
        return
    names = ("status", "attempts", "next", "ended", "answer", "error", "ack")
    change = _pushes.update().where(_of.number == push.number)
    connection.execute(change.values({name: getattr(push, name) for name in names}))
    if push.status not in (known, PENDING):
        _count(connection, push.sink, push.status, 1)


def _count(connection: sa.Connection, sink: str, what: str, times: int) -> None:
    if times:
        new = insert(_counts).values(sink=sink, what=what, times=times)
        more = {"times": _counts.c.times + new.excluded.times}
        connection.execute(new.on_conflict_do_update(index_elements=["sink", "what"], set_=more))


def _count_event(connection: sa.Connection, sink: str, trigger: str) -> None:
    new = insert(_events).values(sink=sink, trigger=trigger, number=1)
    more = {"number": _events.c.number + 1}
    connection.execute(new.on_conflict_do_update(index_elements=["sink", "trigger"], set_=more))


def _put_state(connection: sa.Connection, sink: str, trigger: str, state: Any) -> None:
    new = insert(_states).values(sink=sink, trigger=trigger, state=msgspec.msgpack.encode(state))
    after = {"state": new.excluded.state}
    connection.execute(new.on_conflict_do_update(index_elements=["sink", "trigger"], set_=after))


def _push(row: Any) -> Push:
    kept = {name: getattr(row, name) for name in _KEPT}
    return Push(number=row.number, values=_VALUES.decode(row.contents), **kept)
