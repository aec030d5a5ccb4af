"""Users with passwords, and their logins: short-lived access tokens, refreshed by a token that is good once.

Users and sessions are in memory and in the database. A changed password, a logout, or a removal ends what it has to with the
very next request, because every access token names its session and the generation of its user's tokens.
"""

from __future__ import annotations

import asyncio
import hmac
import secrets
import time
from collections.abc import Callable, Iterable
from functools import partial
from pathlib import Path

import msgspec

from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from engineering_api.security.api_keys import digest_of
from engineering_api.security.backoff import Backoff
from engineering_api.security.basic import VerifiedPairs
from engineering_api.security.passwords import Passwords, require_good
from engineering_api.security.tokens import LASTING, Tokens, bad_token
from engineering_api.storage.identities import SessionRow, UserRow, UserStore
from openness_bridge.errors import Kind, Problem

IDLE = 12 * 3600.0
"""Seconds after which a session ends that is not refreshed."""
LONGEST = 7 * 86_400.0
"""Seconds after which a session ends however often it is refreshed."""
MOST_SESSIONS = 20
"""Sessions of one user; the oldest ends when there is one more."""


class TokenPair(msgspec.Struct, frozen=True):
    """The tokens of a login or a refresh, with the seconds for which they are valid."""

    user: UserRow
    access: str
    access_seconds: int
    refresh: str
    refresh_seconds: int


class Users:
    """The users of a service. On the event loop only."""

    def __init__(
        self, store: UserStore, data_dir: Path, clock: Callable[[], float] = time.time, backoff: Backoff | None = None
    ) -> None:
        """Keep users in this store, and the signing key in this folder."""
        self._store, self._clock = store, clock
        self._tokens, self._passwords, self._backoff = Tokens(data_dir, clock), Passwords(), backoff or Backoff()
        self._users: dict[str, UserRow] = {}
        self._sessions: dict[str, SessionRow] = {}
        self._verified = VerifiedPairs()
        self._verifying: dict[bytes, asyncio.Task[UserRow]] = {}

    async def start(self) -> None:
        """Read what is stored."""
        self._users = {row.key: row for row in await self._store.users()}
        self._sessions = {row.id: row for row in await self._store.sessions(self._clock())}

    def close(self) -> None:
        """Release the threads for passwords."""
        self._passwords.close()

    # -- administration ---------------------------------------------------------------

    def all(self) -> list[UserRow]:
        """Return all users by name."""
        return [self._users[key] for key in sorted(self._users)]

    def get(self, name: str) -> UserRow:
        """Return a user by name, without regard to case.

        Raises:
            Problem: There is none.
        """
        found = self._users.get(name.casefold())
        if found is None:
            raise Problem("user.not_found", f"There is no user '{name}'.", kind=Kind.MISSING)
        return found

    async def make(
        self,
        name: str,
        password: str,
        right: Right,
        maker: str,
        projects: Iterable[str] = (),
        tags: Iterable[str] = (),
    ) -> UserRow:
        """Make a user.

        Raises:
            Problem: The name is taken, or the password is not good.
        """
        require_good(password, name)
        hashed = await self._passwords.hash(password)
        if name.casefold() in self._users:
            raise Problem("user.exists", f"A user '{name}' exists already.", kind=Kind.CONFLICT)
        row = UserRow(
            name.casefold(),
            name,
            int(right),
            hashed,
            list(projects),
            list(tags),
            enabled=True,
            generation=1,
            created_at=self._clock(),
            created_by=maker,
        )
        self._users[row.key] = row
        await self._store.put(row)
        return row

    async def change(
        self,
        name: str,
        *,
        right: Right | None = None,
        projects: list[str] | None = None,
        tags: list[str] | None = None,
        enabled: bool | None = None,
        password: str = "",
    ) -> UserRow:
        """Change a user; what is None or empty stays. Another password, or enabled=False, ends all sessions.

        Raises:
            Problem: There is none, or the password is not good.
        """
        self.get(name)
        hashed = None
        if password:
            require_good(password, name)
            hashed = await self._passwords.hash(password)
        row = self.get(name)
        ends = hashed is not None or enabled is False
        row = msgspec.structs.replace(
            row,
            right=row.right if right is None else int(right),
            projects=row.projects if projects is None else projects,
            tags=row.tags if tags is None else tags,
            enabled=row.enabled if enabled is None else enabled,
            password=hashed or row.password,
            generation=row.generation + ends,
        )
        self._users[row.key] = row
        await self._store.put(row)
        return row

    async def remove(self, name: str) -> UserRow:
        """Remove a user; all sessions end.

        Raises:
            Problem: There is none.
        """
        row = self.get(name)
        del self._users[row.key]
        self._sessions = {each.id: each for each in self._sessions.values() if each.user != row.key}
        await self._store.remove(row.key)
        return row

    # -- logins -----------------------------------------------------------------------

    async def login(self, name: str, password: str, address: str) -> TokenPair:
        """Begin a session.

        Raises:
            Problem: 401 for a wrong name or password, the answer is the same; 429 after too many failures.
        """
        return await self._grant(await self._verify(name, password, address), self._clock())

    async def by_password(self, name: str, password: str, address: str) -> Caller:
        """Return the user whose name and password come with a request, as they do with each of them.

        Raises:
            Problem: As login.
        """
        digest = self._verified.digest(name, password)
        row = self._users.get(name.casefold())
        if row is None or not row.enabled or not self._verified.fits(digest, row):
            verifying = self._verifying.get(digest)
            if verifying is None:  # requests at the same time share one comparison, and count as one try
                verifying = self._verifying[digest] = asyncio.create_task(self._verify(name, password, address))
                verifying.add_done_callback(partial(self._end_verifying, digest))
            row = await asyncio.shield(verifying)
            self._verified.add(digest, row)
        return _to_caller(row, f"password:{row.key}")

    def _end_verifying(self, digest: bytes, task: asyncio.Task[UserRow]) -> None:
        del self._verifying[digest]
        if not task.cancelled():
            task.exception()  # where every request has hung up meanwhile, nobody else asks for it

    async def _verify(self, name: str, password: str, address: str) -> UserRow:
        """Return the user whose password it is, and note the login."""
        key = name.casefold()
        self._backoff.require(key, address)
        row = self._users.get(key)
        self._backoff.note_failure(key, address)  # tries at the same time count before their passwords are compared
        good = await self._passwords.fits(password, row.password if row is not None and row.enabled else None)
        row = self._users.get(key)
        if not good or row is None or not row.enabled:
            raise Problem("auth.login", "The name or the password is wrong.", kind=Kind.UNIDENTIFIED)
        self._backoff.note_success(key, address)
        row = msgspec.structs.replace(row, last_login_at=self._clock())
        self._users[key] = row
        await self._store.put(row)
        return row

    async def refresh(self, token: str) -> TokenPair:
        """Continue a session. The token is good once: one that comes again was stolen, and ends the session.

        Raises:
            Problem: 401, it is not good, or not any more.
        """
        session = self._sessions.get(token.partition("_")[0])
        if session is None or self._user(session) is None:
            raise bad_token()
        if not hmac.compare_digest(digest_of(token), session.digest):
            await self.end([session.id])
            raise bad_token()
        return await self._grant(self._users[session.user], session.begun_at, session.id)

    async def end(self, sessions: list[str]) -> None:
        """End sessions."""
        for each in sessions:
            self._sessions.pop(each, None)
        if sessions:
            await self._store.remove_sessions(sessions)

    async def end_all(self, name: str) -> None:
        """End all sessions of a user.

        Raises:
            Problem: There is none.
        """
        row = self.get(name)
        row = msgspec.structs.replace(row, generation=row.generation + 1)
        self._users[row.key] = row
        await self._store.put(row)

    async def change_own(self, name: str, password: str, new: str, address: str) -> None:
        """Change a user's password for who knows the one before; all sessions end.

        Raises:
            Problem: The password is wrong, or the new one is not good.
        """
        row = self.get(name)
        self._backoff.require(row.key, address)
        self._backoff.note_failure(row.key, address)
        if not await self._passwords.fits(password, row.password):
            raise Problem("auth.password", "The password is wrong.", kind=Kind.FORBIDDEN)
        self._backoff.note_success(row.key, address)
        await self.change(name, password=new)

    # -- tokens -----------------------------------------------------------------------

    def caller(self, token: str) -> Caller:
        """Return the user that an access token identifies.

        Raises:
            Problem: 401, it is not good, or not any more.
        """
        claims = self._tokens.read(token)
        session = self._sessions.get(claims.sid)
        row = None if session is None or session.user != claims.sub else self._user(session)
        if row is None or row.generation != claims.gen:
            raise bad_token()
        return _to_caller(row, f"user:{claims.sid}")

    def knows(self, token: str) -> bool:
        """Return whether a token was read here a moment ago."""
        return self._tokens.knows(token)

    def holds(self, session_id: str) -> bool:
        """Return whether a session continues."""
        session = self._sessions.get(session_id)
        return session is not None and self._user(session) is not None

    def is_enabled(self, key: str) -> bool:
        """Return whether there is a user of this key who may log in."""
        row = self._users.get(key)
        return row is not None and row.enabled

    def renew(self, caller: Caller, generation: int) -> Caller | None:
        """Return who identified by password, with the rights of now; None where the password or the user is not valid any more.

        Args:
            caller: As by_password returned it.
            generation: That of the user at that time.
        """
        row = self._users.get(caller.credential.removeprefix("password:"))
        return _to_caller(row, caller.credential) if row and row.enabled and row.generation == generation else None

    def _user(self, session: SessionRow) -> UserRow | None:
        """Return the user of a session that has not ended."""
        row = self._users.get(session.user)
        good = row is not None and row.enabled and row.generation == session.generation
        return row if good and self._clock() < session.expires_at else None

    async def _grant(self, row: UserRow, begun: float, session_id: str = "") -> TokenPair:
        now = self._clock()
        expires = min(now + IDLE, begun + LONGEST)
        if expires <= now:
            raise bad_token()
        session_id = session_id or secrets.token_hex(12)
        refresh = f"{session_id}_{secrets.token_urlsafe(32)}"
        session = SessionRow(session_id, row.key, row.generation, digest_of(refresh), begun, expires)
        self._sessions[session_id] = session
        await self.end(self._list_superfluous(row.key))
        await self._store.put_session(session)
        access = self._tokens.sign(row.key, session_id, row.generation)
        return TokenPair(row, access, LASTING, refresh, int(expires - now))

    def _list_superfluous(self, key: str) -> list[str]:
        """Return the sessions of a user that have ended, and the oldest ones beyond what a user may have."""
        mine = [each for each in self._sessions.values() if each.user == key]
        live = sorted((each for each in mine if self._user(each) is not None), key=lambda each: each.begun_at)
        kept = {each.id for each in live[-MOST_SESSIONS:]}
        return [each.id for each in mine if each.id not in kept]


def _to_caller(row: UserRow, credential: str) -> Caller:
    return Caller(
        f"user:{row.name}",
        Right(row.right),
        kind="user",
        projects=tuple(row.projects),
        tags=tuple(row.tags),
        credential=credential,
    )
