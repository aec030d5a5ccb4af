"""The audit log: who changed what, and how it ended."""

from __future__ import annotations

import msgspec
import sqlalchemy as sa

from engineering_api.storage.database import Database, audit
from engineering_api.storage.jobs import now


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


class Audit:
    """Appends to the audit table and reads it."""

    def __init__(self, database: Database) -> None:
        """Use this database."""
        self._database = database

    async def add(self, caller: str, operation: str, arguments: bytes, outcome: str, milliseconds: int) -> None:
        """Append one entry."""
        entry = audit.insert().values(at=now(), caller=caller, operation=operation, arguments=arguments, outcome=outcome,
                                      milliseconds=milliseconds)  # fmt: skip
        await self._database.run(lambda connection: connection.execute(entry))

    async def latest(self, limit: int) -> list[AuditEntry]:
        """The latest entries, newest first."""
        query = sa.select(audit).order_by(audit.c.number.desc()).limit(limit)
        rows = await self._database.run(lambda connection: connection.execute(query).all())
        return [
            AuditEntry(r.number, r.at, r.caller, r.operation, msgspec.Raw(r.arguments), r.outcome, r.milliseconds)
            for r in rows
        ]
