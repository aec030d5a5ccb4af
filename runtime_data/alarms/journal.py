"""Keeps the alarms there are and the journal: a change of an alarm and its line in the journal are one transaction.

They are in the service's database, so a backup has them, and a damaged file is noticed at the start.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence

import msgspec
import sqlalchemy as sa

from engineering_api.storage.database import Database, alarm_events, alarms
from runtime_data.alarms.alarm import Alarm, AlarmEvent, EventKind

KEPT = 1_000_000
"""Lines that the journal keeps; the oldest go first."""
_AT_ONCE = 10_000
Also = Callable[[sa.Connection], None]
"""Writes something, on the database's thread."""
_EVENT = alarm_events.c


class JournalQuery(msgspec.Struct, frozen=True, kw_only=True):
    """Which lines of the journal are read from the database.

    Attributes:
        begin: The first moment, in microseconds since 1970.
        end: The moment before which they are.
        names: Only those of these definitions; all where it is empty.
        after: The number of the line after which, in the order that is asked for, the next page begins.
        oldest_first: Whether the oldest come first.
    """

    begin: int
    end: int
    names: Sequence[str] = ()
    after: int = 0
    oldest_first: bool = False


class Journal:
    """Alarms and journal in the database."""

    def __init__(self, database: Database) -> None:
        """Keep them in this database."""
        self._database = database

    async def alarms(self) -> list[Alarm]:
        """Return the alarms there are."""
        rows = await self._database.run(lambda connection: connection.execute(sa.select(alarms.c.content)).all())
        return [msgspec.json.decode(row.content, type=Alarm) for row in rows]

    async def write(
        self, changed: Sequence[Alarm], events: Sequence[AlarmEvent], also: Also | None = None
    ) -> list[AlarmEvent]:
        """Write alarms and lines of the journal, all or none; return the lines with their numbers.

        Args:
            changed: The alarms as they are now; one that does not matter any more is removed.
            events: The lines, in their order.
            also: What else is written in the same transaction.
        """

        def work(connection: sa.Connection) -> int:
            if also is not None:
                also(connection)
            if changed:
                gone = alarms.delete().where(alarms.c.name == sa.bindparam("gone"))
                connection.execute(gone, [{"gone": each.name} for each in changed])
            if kept := [each for each in changed if each.matters]:
                rows = [{"name": each.name, "content": msgspec.json.encode(each)} for each in kept]
                connection.execute(alarms.insert(), rows)
            if events:
                connection.execute(alarm_events.insert(), [_row(each) for each in events])
            return int(connection.exec_driver_sql("SELECT last_insert_rowid()").scalar_one())

        last = await self._database.run(work)
        first = last - len(events) + 1
        return [msgspec.structs.replace(each, number=first + index) for index, each in enumerate(events)]

    async def read(self, query: JournalQuery, limit: int) -> list[AlarmEvent]:
        """Return lines of the journal in their order, at most so many."""
        return await self._read(_select(query, limit))

    async def since(self, number: int, limit: int) -> list[AlarmEvent]:
        """Return the lines after the one with a number, in the order of their numbers, at most so many."""
        chosen = sa.select(_EVENT.number, _EVENT.content).where(_EVENT.number > number)
        return await self._read(chosen.order_by(_EVENT.number).limit(limit))

    async def last(self) -> int:
        """Return the number of the newest line; 0 where there is none."""
        newest = sa.select(sa.func.coalesce(sa.func.max(_EVENT.number), 0))
        return int(await self._database.run(lambda connection: connection.execute(newest).scalar_one()))

    async def _read(self, chosen: sa.Select[tuple[int, bytes]]) -> list[AlarmEvent]:
        rows = await self._database.run(lambda connection: connection.execute(chosen).all())
        return await asyncio.to_thread(lambda: [_event(row.number, row.content) for row in rows])

    async def raises(self, begin: int, end: int, limit: int) -> list[tuple[str, str, int]]:
        """Return the names, tags and moments of raised alarms, the oldest first: the newest of them, at most so many."""
        is_raise = (_EVENT.kind == EventKind.RAISED.value, _EVENT.time >= begin, _EVENT.time < end)
        chosen = sa.select(_EVENT.name, _EVENT.tag, _EVENT.time).where(*is_raise)
        newest = chosen.order_by(_EVENT.time.desc(), _EVENT.number.desc()).limit(limit)
        rows = await self._database.run(lambda connection: connection.execute(newest).all())
        return [(row.name, row.tag, row.time) for row in reversed(rows)]

    async def remove_old(self, before: int, most: int = KEPT) -> int:
        """Remove lines that are older than a moment, and the oldest beyond a number of lines; return how many."""
        removed = 0
        while done := await self._database.run(lambda connection: _remove(connection, before, most)):
            removed += done
        return removed


def _row(event: AlarmEvent) -> dict[str, int | str | bytes]:
    content = msgspec.json.encode(event)
    return {
        "time": event.time,
        "kind": event.kind.value,
        "name": event.alarm.name,
        "tag": event.alarm.tag,
        "content": content,
    }


def _event(number: int, content: bytes) -> AlarmEvent:
    return msgspec.structs.replace(msgspec.json.decode(content, type=AlarmEvent), number=number)


def _select(query: JournalQuery, limit: int) -> sa.Select[tuple[int, bytes]]:
    chosen = sa.select(_EVENT.number, _EVENT.content).where(_EVENT.time >= query.begin, _EVENT.time < query.end)
    if query.names:
        chosen = chosen.where(_EVENT.name.in_(query.names))
    if query.after:
        last = sa.select(_EVENT.time).where(_EVENT.number == query.after).scalar_subquery()
        place, seen = sa.tuple_(_EVENT.time, _EVENT.number), sa.tuple_(last, sa.literal(query.after))
        chosen = chosen.where(place > seen if query.oldest_first else place < seen)
    order = (_EVENT.time, _EVENT.number)
    return chosen.order_by(*(order if query.oldest_first else (each.desc() for each in order))).limit(limit)


def _remove(connection: sa.Connection, before: int, most: int) -> int:
    """Remove a part of what is too old or too much, so that nobody waits long for the database."""
    newest = sa.select(sa.func.max(_EVENT.number)).scalar_subquery()
    old = sa.or_(_EVENT.time < before, _EVENT.number <= newest - most)
    chosen = sa.select(_EVENT.number).where(old).order_by(_EVENT.time).limit(_AT_ONCE)
    return connection.execute(alarm_events.delete().where(_EVENT.number.in_(chosen))).rowcount
