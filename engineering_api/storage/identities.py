"""Who may call, in the service's database: checksums of keys, hashes of passwords, and sessions. Times are Unix seconds.

Several processes may work with one data folder, and each of them must refuse at once what another one has ended. So nothing
here is a copy: rows are read from the file by `LiveRows`, and changes write columns, never whole rows that were read before.
"""

from __future__ import annotations

from typing import Any

import msgspec
import sqlalchemy as sa

from engineering_api.storage.database import Database, metadata
from engineering_api.storage.live_rows import LiveRows

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
        self._rows = LiveRows(database, api_keys, KeyRow)

    def find(self, key_id: str) -> KeyRow | None:
        """Return a key as it is now, or None."""
        return self._rows.find(key_id)

    def all(self) -> list[KeyRow]:
        """Return all keys as they are now."""
        return self._rows.where()

    async def add(self, row: KeyRow) -> bool:
        """Write a new key. Whether its name is free."""
        return await _insert(self._database, api_keys, row)

    async def replace(self, row: KeyRow) -> bool:
        """Write a key again. Whether there is one."""
        change = api_keys.update().where(api_keys.c.id == row.id).values(_values(row))
        return await _change(self._database, change)

    async def remove(self, key_id: str) -> bool:
        """Remove a key. Whether there was one."""
        return await _change(self._database, api_keys.delete().where(api_keys.c.id == key_id))

    async def note(self, uses: dict[str, float]) -> None:
        """Write when keys were used last; a later use that another process noted stays."""

        def work(connection: sa.Connection) -> None:
            last = api_keys.c.last_used_at
            for key_id, used in uses.items():
                earlier = sa.or_(last.is_(None), last < used)
                connection.execute(api_keys.update().where(api_keys.c.id == key_id, earlier).values(last_used_at=used))

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
        self._users = LiveRows(database, users, UserRow)
        self._sessions = LiveRows(database, user_sessions, SessionRow)

    def find(self, key: str) -> UserRow | None:
        """Return a user as it is now, or None."""
        return self._users.find(key)

    def all(self) -> list[UserRow]:
        """Return all users as they are now, by name."""
        return sorted(self._users.where(), key=lambda row: row.key)

    def session(self, session_id: str) -> SessionRow | None:
        """Return a session as it is now, or None."""
        return self._sessions.find(session_id)

    def sessions_of(self, key: str) -> list[SessionRow]:
        """Return the sessions of a user, those that have ended, too."""
        return self._sessions.where(user=key)

    async def add(self, row: UserRow) -> bool:
        """Write a new user. Whether the name is free."""
        return await _insert(self._database, users, row)

    async def change(self, key: str, *, ends: bool = False, **values: Any) -> bool:
        """Write some columns of a user. Whether there is one.

        Args:
            key: The user.
            ends: Whether all sessions end.
            values: The columns.
        """
        more = {"generation": users.c.generation + 1} if ends else {}
        return await _change(self._database, users.update().where(users.c.key == key).values(**values, **more))

    async def remove(self, key: str) -> bool:
        """Remove a user with all sessions. Whether there was one."""

        def work(connection: sa.Connection) -> bool:
            connection.execute(user_sessions.delete().where(user_sessions.c.user == key))
            return connection.execute(users.delete().where(users.c.key == key)).rowcount == 1

        return await self._database.run(work)

    async def begin(self, row: SessionRow) -> None:
        """Write a new session."""
        await self._database.run(lambda c: c.execute(user_sessions.insert().values(_values(row))))

    async def continue_(self, row: SessionRow, digest: bytes) -> bool:
        """Write a session again. Whether it still has the digest that its refresh token has; only one of two requests finds it.

        Args:
            row: The session.
            digest: That of the token that continues it.
        """
        same = (user_sessions.c.id == row.id, user_sessions.c.digest == digest)
        return await _change(self._database, user_sessions.update().where(*same).values(_values(row)))

    async def remove_sessions(self, ids: list[str]) -> None:
        """Remove sessions."""
        await self._database.run(lambda c: c.execute(user_sessions.delete().where(user_sessions.c.id.in_(ids))))

    async def remove_ended(self, at: float) -> None:
        """Remove the sessions whose time is over."""
        await self._database.run(lambda c: c.execute(user_sessions.delete().where(user_sessions.c.expires_at <= at)))


async def _insert(database: Database, table: sa.Table, row: msgspec.Struct) -> bool:
    """Write a new row. Whether no other one has its key or name."""
    try:
        await database.run(lambda c: c.execute(table.insert().values(_values(row))))
    except sa.exc.IntegrityError:
        return False
    return True


async def _change(database: Database, change: Any) -> bool:
    """Run an UPDATE or DELETE of one row. Whether there was one."""
    return await database.run(lambda c: c.execute(change).rowcount == 1)


def _values(row: msgspec.Struct) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__struct_fields__}
