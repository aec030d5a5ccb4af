"""Who may call, in the service's database: checksums of keys, hashes of passwords, and sessions. Times are Unix seconds."""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from engineering_api.storage.database import Database, metadata

api_keys = sa.Table(
    "api_keys",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False, unique=True),
    sa.Column("right", sa.Integer, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("projects", sa.JSON, nullable=False),
    sa.Column("addresses", sa.JSON, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("created_by", sa.String, nullable=False),
    sa.Column("expires_at", sa.Float),
    sa.Column("last_used_at", sa.Float),
)


class KeyRow(msgspec.Struct, frozen=True):
    """An API key; of its text only the checksum.

    Attributes:
        right: The number of a Right.
        digest: SHA-256 of the whole text.
        projects: Globs of projects that it is limited to; none for all.
        addresses: Networks that it may be used from; none for all.
    """

    id: str
    name: str
    right: int
    digest: bytes
    projects: list[str]
    addresses: list[str]
    created_at: float
    created_by: str
    expires_at: float | None = None
    last_used_at: float | None = None

    def used(self, at: float | None) -> KeyRow:
        """The same with the time of its last use."""
        return msgspec.structs.replace(self, last_used_at=at)

    def rotated(self, digest: bytes, at: float, expires_at: float | None) -> KeyRow:
        """The same with another secret."""
        return msgspec.structs.replace(self, digest=digest, created_at=at, expires_at=expires_at, last_used_at=None)


class KeyStore:
    """Reads and writes API keys."""

    def __init__(self, database: Database) -> None:
        """Use this database."""
        self._database = database

    async def all(self) -> list[KeyRow]:
        """All keys."""
        rows = await self._database.run(lambda c: c.execute(sa.select(api_keys)).mappings().all())
        return [KeyRow(**row) for row in rows]

    async def add(self, row: KeyRow) -> None:
        """Write a new key."""
        await self._database.run(lambda c: c.execute(api_keys.insert().values(_values(row))))

    async def replace(self, row: KeyRow) -> None:
        """Write a key anew."""
        change = api_keys.update().where(api_keys.c.id == row.id).values(_values(row))
        await self._database.run(lambda c: c.execute(change))

    async def remove(self, key_id: str) -> None:
        """Remove a key."""
        await self._database.run(lambda c: c.execute(api_keys.delete().where(api_keys.c.id == key_id)))

    async def note(self, uses: dict[str, float]) -> None:
        """Write when keys were used last."""

        def work(connection: sa.Connection) -> None:
            for key_id, used in uses.items():
                connection.execute(api_keys.update().where(api_keys.c.id == key_id).values(last_used_at=used))

        await self._database.run(work)


def _values(row: msgspec.Struct) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__struct_fields__}
