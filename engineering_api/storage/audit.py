"""The audit log: who changed what, and how it ended."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import msgspec
import sqlalchemy as sa

from engineering_api.storage.database import Database, audit
from engineering_api.storage.jobs import now

FAILED = "failed"


class AuditEntry(msgspec.Struct, rename="camel", frozen=True):
    """One changing operation.

    Attributes:
        outcome: ok, or the code of the problem.
    """

    number: int
    at: str
    caller: str
    operation: str
    arguments: msgspec.Raw
    outcome: str
    milliseconds: int


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
    """Appends to the audit table and reads it."""

    def __init__(self, database: Database, heard: Callable[[AuditEntry], None] | None = None) -> None:
        """Use this database; `heard` is told of every entry once it is there."""
        self._database, self._heard = database, heard

    async def add(self, caller: str, operation: str, arguments: bytes, outcome: str, milliseconds: int) -> None:
        """Append one entry."""
        at = now()
        entry = audit.insert().values(at=at, caller=caller, operation=operation, arguments=arguments, outcome=outcome,
                                      milliseconds=milliseconds)  # fmt: skip
        number = await self._database.run(lambda c: int(c.execute(entry).lastrowid))
        if self._heard is not None:
            raw = msgspec.Raw(arguments)
            self._heard(AuditEntry(number, at, caller, operation, raw, outcome, milliseconds))

    async def latest(self, limit: int, query: AuditQuery | None = None) -> list[AuditEntry]:
        """The latest entries, newest first; of all callers and operations without a query."""
        select = (
            sa.select(audit).where(*_conditions(query or AuditQuery())).order_by(audit.c.number.desc()).limit(limit)
        )
        rows = await self._database.run(lambda connection: connection.execute(select).all())
        return [
            AuditEntry(r.number, r.at, r.caller, r.operation, msgspec.Raw(r.arguments), r.outcome, r.milliseconds)
            for r in rows
        ]


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
