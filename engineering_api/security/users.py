"""Users with passwords, and their logins: short-lived access tokens, refreshed by a token that is good once.

Users and sessions are read from the database at each request. A changed password, a logout, or a removal ends what it has to
with the very next request, in every process on the same data folder, because every access token names its session and the
generation of its user's tokens.
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
        self._verified = VerifiedPairs()
        self._verifying: dict[bytes, asyncio.Task[UserRow]] = {}

    async def start(self) -> None:
        """Remove the sessions whose time is over."""
        await self._store.remove_ended(self._clock())

    def close(self) -> None:
        """Release the threads for passwords."""
        self._passwords.close()

    # -- administration ---------------------------------------------------------------

    def all(self) -> list[UserRow]:
        """Return all users by name."""
        return self._store.all()

    def get(self, name: str) -> UserRow:
        """Return a user by name, without regard to case.

        Raises:
            Problem: There is none.
        """
        found = self._store.find(name.casefold())
        if found is None:
            raise _refuse_unknown(name)
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
        if not await self._store.add(row):
            raise Problem("user.exists", f"A user '{name}' exists already.", kind=Kind.CONFLICT)
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
        key, hashed = self.get(name).key, None
        if password:
            require_good(password, name)
            hashed = await self._passwords.hash(password)
        given = {"right": right, "projects": projects, "tags": tags, "enabled": enabled, "password": hashed}
        values = {column: value for column, value in given.items() if value is not None}
        ends = hashed is not None or enabled is False
        if (values or ends) and not await self._store.change(key, ends=ends, **values):
            raise _refuse_unknown(name)
        return self.get(name)

    async def remove(self, name: str) -> UserRow:
        """Remove a user; all sessions end.

        Raises:
            Problem: There is none.
        """
        row = self.get(name)
        if not await self._store.remove(row.key):
            raise _refuse_unknown(name)
        return row

    # -- logins -----------------------------------------------------------------------

    async def login(self, name: str, password: str, address: str) -> TokenPair:
        """Begin a session.

        Raises:
            Problem: 401 for a wrong name or password, the answer is the same; 429 after too many failures.
        """
        row = await self._verify(name, password, address)
        pair, session = self._make_pair(row, self._clock(), secrets.token_hex(12))
        await self._store.begin(session)
        await self.end(self._list_superfluous(row.key))
        return pair

    async def by_password(self, name: str, password: str, address: str) -> Caller:
        """Return the user whose name and password come with a request, as they do with each of them.

        Raises:
            Problem: As login.
        """
        digest = self._verified.digest(name, password)
        row = self._store.find(name.casefold())
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
        row = self._store.find(key)
        self._backoff.note_failure(key, address)  # tries at the same time count before their passwords are compared
        compared = row.password if row is not None and row.enabled else None
        good = await self._passwords.fits(password, compared)
        row = self._store.find(key)
        if not good or row is None or not row.enabled or row.password != compared:
            raise Problem("auth.login", "The name or the password is wrong.", kind=Kind.UNIDENTIFIED)
        self._backoff.note_success(key, address)
        await self._store.change(key, last_login_at=(now := self._clock()))
        return msgspec.structs.replace(row, last_login_at=now)

    async def refresh(self, token: str) -> TokenPair:
        """Continue a session. The token is good once: one that comes again was stolen, and ends the session.

        Raises:
            Problem: 401, it is not good, or not any more.
        """
        session = self._store.session(token.partition("_")[0])
        row = None if session is None else self._user(session)
        if session is None or row is None:
            raise bad_token()
        pair, after = self._make_pair(row, session.begun_at, session.id)
        fits = hmac.compare_digest(digest_of(token), session.digest)
        if not fits or not await self._store.continue_(after, session.digest):
            await self.end([session.id])
            raise bad_token()
        return pair

    async def end(self, sessions: list[str]) -> None:
        """End sessions."""
        if sessions:
            await self._store.remove_sessions(sessions)

    async def end_all(self, name: str) -> None:
        """End all sessions of a user.

        Raises:
            Problem: There is none.
        """
        if not await self._store.change(self.get(name).key, ends=True):
            raise _refuse_unknown(name)

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
        session = self._store.session(claims.sid)
        row = None if session is None or session.user != claims.sub else self._user(session)
        if row is None or row.generation != claims.gen:
            raise bad_token()
        return _to_caller(row, f"user:{claims.sid}")

    def knows(self, token: str) -> bool:
        """Return whether a token was read here a moment ago."""
        return self._tokens.knows(token)

    def holds(self, session_id: str) -> bool:
        """Return whether a session continues."""
        session = self._store.session(session_id)
        return session is not None and self._user(session) is not None

    def now(self, key: str) -> Caller | None:
        """Return a user with the present right; None where there is none of this key, or one who may not log in."""
        row = self._store.find(key)
        return _to_caller(row, "") if row is not None and row.enabled else None

    def renew(self, caller: Caller, generation: int) -> Caller | None:
        """Return who identified by password, with the rights of now; None where the password or the user is not valid any more.

        Args:
            caller: As by_password returned it.
            generation: That of the user at that time.
        """
        row = self._store.find(caller.credential.removeprefix("password:"))
        return _to_caller(row, caller.credential) if row and row.enabled and row.generation == generation else None

    def _user(self, session: SessionRow) -> UserRow | None:
        """Return the user of a session that has not ended."""
        row = self._store.find(session.user)
        good = row is not None and row.enabled and row.generation == session.generation
        return row if good and self._clock() < session.expires_at else None

    def _make_pair(self, row: UserRow, begun: float, session_id: str) -> tuple[TokenPair, SessionRow]:
        """Return new tokens of a session, and what is to be stored of it."""
        now = self._clock()
        expires = min(now + IDLE, begun + LONGEST)
        if expires <= now:
            raise bad_token()
        refresh = f"{session_id}_{secrets.token_urlsafe(32)}"
        session = SessionRow(session_id, row.key, row.generation, digest_of(refresh), begun, expires)
        access = self._tokens.sign(row.key, session_id, row.generation)
        return TokenPair(row, access, LASTING, refresh, int(expires - now)), session

    def _list_superfluous(self, key: str) -> list[str]:
        """Return the sessions of a user that have ended, and the oldest ones beyond what a user may have."""
        mine = self._store.sessions_of(key)
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
        holders=(f"user:{row.key}",),
    )


def _refuse_unknown(name: str) -> Problem:
    return Problem("user.not_found", f"There is no user '{name}'.", kind=Kind.MISSING)
