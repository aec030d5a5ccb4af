"""The conversations with the assistant, for each project."""

from __future__ import annotations

from typing import Literal

import msgspec
import sqlalchemy as sa

from engineering_api.features.assistant.messages import Message
from engineering_api.storage.clock import now
from engineering_api.storage.database import Database, assistant_messages

KEPT = 200
"""Contributions that are kept of each project; older ones go."""
LONGEST = 64 << 10
"""Characters of a contribution that are kept."""
REMEMBERED, REMEMBERED_CHARACTERS = 20, 40_000
"""Contributions, and their characters together, that the model is given again."""


class Said(msgspec.Struct, rename="camel", frozen=True):
    """One contribution.

    Attributes:
        role: user or assistant.
        timestamp: Moment in UTC, ISO 8601.
    """

    role: Literal["user", "assistant"]
    content: str
    timestamp: str


class History:
    """Reads and writes the conversations."""

    def __init__(self, database: Database) -> None:
        """Use this database."""
        self._database = database

    async def add(self, project: str, role: str, content: str) -> None:
        """Append a contribution; the oldest go when there are too many."""
        table = assistant_messages
        row = table.insert().values(project=project, role=role, content=content[:LONGEST], at=now())
        latest = (
            sa.select(table.c.number)
            .where(table.c.project == project)
            .order_by(table.c.number.desc())
            .limit(1)
            .offset(KEPT)
        )

        def work(connection: sa.Connection) -> None:
            connection.execute(row)
            oldest = connection.execute(latest).scalar()
            if oldest is not None:
                connection.execute(table.delete().where(table.c.project == project, table.c.number <= oldest))

        await self._database.run(work)

    async def of(self, project: str) -> list[Said]:
        """Return the conversation about a project, oldest first."""
        table = assistant_messages
        query = sa.select(table).where(table.c.project == project).order_by(table.c.number)
        rows = await self._database.run(lambda connection: connection.execute(query).all())
        return [Said(row.role, row.content, row.at) for row in rows]

    async def remove(self, project: str) -> int:
        """Forget the conversation about a project; returns how many contributions went."""
        gone = assistant_messages.delete().where(assistant_messages.c.project == project)
        return await self._database.run(lambda connection: connection.execute(gone).rowcount)


def window(said: list[Message]) -> list[Message]:
    """Return the latest contributions that the model is given: few enough, short enough, beginning with the user's."""
    kept: list[Message] = []
    characters = 0
    for message in reversed(said[-REMEMBERED:]):
        characters += len(message.text)
        if characters > REMEMBERED_CHARACTERS:
            break
        kept.insert(0, message)
    first = next((number for number, message in enumerate(kept) if message.role == "user"), len(kept))
    return kept[first:]
