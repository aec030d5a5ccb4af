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
    sa.Column("tags", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("addresses", sa.JSON, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("created_by", sa.String, nullable=False),
    sa.Column("expires_at", sa.Float),
    sa.Column("last_used_at", sa.Float),
)

users = sa.Table(
    "users",
    metadata,
    sa.Column("key", sa.String, primary_key=True),
    sa.Column("name", sa.String, nullable=False),
    sa.Column("right", sa.Integer, nullable=False),
    sa.Column("password", sa.String, nullable=False),
    sa.Column("projects", sa.JSON, nullable=False),
    sa.Column("tags", sa.JSON, nullable=False, server_default="[]"),
    sa.Column("enabled", sa.Boolean, nullable=False),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("created_at", sa.Float, nullable=False),
    sa.Column("created_by", sa.String, nullable=False),
    sa.Column("last_login_at", sa.Float),
)

user_sessions = sa.Table(
    "user_sessions",
    metadata,
    sa.Column("id", sa.String, primary_key=True),
    sa.Column("user", sa.String, nullable=False),
    sa.Column("generation", sa.Integer, nullable=False),
    sa.Column("digest", sa.LargeBinary, nullable=False),
    sa.Column("begun_at", sa.Float, nullable=False),
    sa.Column("expires_at", sa.Float, nullable=False),
)


class KeyRow(msgspec.Struct, frozen=True):
    """An API key; of its text only the checksum.

    Attributes:
        right: The number of a Right.
        digest: SHA-256 of the whole text.
        projects: Globs of projects that it is limited to; none for all.
        tags: Patterns of tags of the runtime that it is limited to; none for all.
        addresses: Networks that it may be used from; none for all.
    """

    id: str
    name: str
    right: int
    digest: bytes
    projects: list[str]
    tags: list[str]
    addresses: list[str]
    created_at: float
    created_by: str
    expires_at: float | None = None
    last_used_at: float | None = None

    def used(self, at: float | None) -> KeyRow:
        """Return the same with the time of its last use."""
        return msgspec.structs.replace(self, last_used_at=at)

    def rotate(self, digest: bytes, at: float, expires_at: float | None) -> KeyRow:
        """Return the same with another secret."""
        return msgspec.structs.replace(self, digest=digest, created_at=at, expires_at=expires_at, last_used_at=None)


class KeyStore:
    """Reads and writes API keys."""

    def __init__(self, database: Database) -> None:
        """Use this database."""
        self._database = database

    async def all(self) -> list[KeyRow]:
        """Return all keys."""
        rows = await self._database.run(lambda c: c.execute(sa.select(api_keys)).mappings().all())
        return [KeyRow(**row) for row in rows]

    async def add(self, row: KeyRow) -> None:
        """Write a new key."""
        await self._database.run(lambda c: c.execute(api_keys.insert().values(_values(row))))

    async def replace(self, row: KeyRow) -> None:
        """Write a key again."""
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


class UserRow(msgspec.Struct, frozen=True):
    """A user.

    Attributes:
        key: The name without regard to case, by which it is found.
        right: The number of a Right.
        password: The argon2 hash of the password.
        projects: Globs of projects that the user is limited to; none for all.
        tags: Patterns of tags of the runtime that the user is limited to; none for all.
        enabled: Whether the user may log in.
        generation: Counts up when all sessions of the user end.
    """

    key: str
    name: str
    right: int
    password: str
    projects: list[str]
    tags: list[str]
    enabled: bool
    generation: int
    created_at: float
    created_by: str
    last_login_at: float | None = None


class SessionRow(msgspec.Struct, frozen=True):
    """A login until its logout.

    Attributes:
        user: The key of a user.
        generation: That of the user at the login; the session has ended once the user's is another.
        digest: SHA-256 of the refresh token.
        expires_at: When it ends unless it is refreshed.
    """

    id: str
    user: str
    generation: int
    digest: bytes
    begun_at: float
    expires_at: float


class UserStore:
    """Reads and writes users and their sessions."""

    def __init__(self, database: Database) -> None:
        """Use this database."""
        self._database = database

    async def users(self) -> list[UserRow]:
        """Return all users."""
        rows = await self._database.run(lambda c: c.execute(sa.select(users)).mappings().all())
        return [UserRow(**row) for row in rows]

    async def sessions(self, at: float) -> list[SessionRow]:
        """Return the sessions that have not ended at a time; the others are removed."""

        def work(connection: sa.Connection) -> list[SessionRow]:
            connection.execute(user_sessions.delete().where(user_sessions.c.expires_at <= at))
            return [SessionRow(**row) for row in connection.execute(sa.select(user_sessions)).mappings()]

        return await self._database.run(work)

    async def put(self, row: UserRow) -> None:
        """Write a user, and replace the one of that key."""

        def work(connection: sa.Connection) -> None:
            connection.execute(users.delete().where(users.c.key == row.key))
            connection.execute(users.insert().values(_values(row)))

        await self._database.run(work)

    async def remove(self, key: str) -> None:
        """Remove a user with all sessions."""

        def work(connection: sa.Connection) -> None:
            connection.execute(users.delete().where(users.c.key == key))
            connection.execute(user_sessions.delete().where(user_sessions.c.user == key))

        await self._database.run(work)

    async def put_session(self, row: SessionRow) -> None:
        """Write a session, and replace the one of that id."""

        def work(connection: sa.Connection) -> None:
            connection.execute(user_sessions.delete().where(user_sessions.c.id == row.id))
            connection.execute(user_sessions.insert().values(_values(row)))

        await self._database.run(work)

    async def remove_sessions(self, ids: list[str]) -> None:
        """Remove sessions."""
        await self._database.run(lambda c: c.execute(user_sessions.delete().where(user_sessions.c.id.in_(ids))))


def _values(row: msgspec.Struct) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__struct_fields__}
