"""Who is logged in: a token for each login, which ends when it is not used."""

from __future__ import annotations

import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass

from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from engineering_api.security.identities import Identities

PERMISSIONS = (
    ("read_value", Right.VIEW),
    ("read_diagnostics", Right.VIEW),
    ("write_value", Right.OPERATE),
    ("acknowledge_alarms", Right.OPERATE),
    ("change_operating_mode", Right.OPERATE),
)
"""The rights of a CPU's users that ours have, and from which right on."""


@dataclass(slots=True)
class Session:
    """A login.

    Attributes:
        token: What the client sends.
        caller: Who it is.
        since: When it logged in; seconds since 1970.
        until: When it ends, by the clock of the sessions.
    """

    token: str
    caller: Caller
    since: float
    until: float

    @property
    def permissions(self) -> list[str]:
        """What the user may do, in the words of a CPU."""
        return permissions_of(self.caller)


class Sessions:
    """The sessions of a server. On the event loop only."""

    def __init__(
        self, identities: Identities, most: int, seconds: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Begin without any.

        Args:
            identities: Says whether a user is still one.
            most: Logins at a time.
            seconds: How long one lasts without requests.
            clock: Gives seconds.
        """
        self._identities, self._most, self._seconds, self._clock = identities, most, seconds, clock
        self._by_token: dict[str, Session] = {}

    def all(self) -> list[Session]:
        """Return those that have not ended."""
        self._drop()
        return list(self._by_token.values())

    @property
    def is_full(self) -> bool:
        """Whether nobody can log in now."""
        return len(self.all()) >= self._most

    def begin(self, caller: Caller) -> Session:
        """Log a user in."""
        made = Session(secrets.token_urlsafe(24), caller, time.time(), self._clock() + self._seconds)
        self._by_token[made.token] = made
        return made

    def find(self, token: str) -> Session | None:
        """Return the session of a token, which lasts longer now; None where it has ended, or the user is none any more."""
        found = self._by_token.get(token)
        if found is None or found.until < self._clock() or not self._identities.holds(found.caller):
            self._by_token.pop(token, None)
            return None
        found.until = self._clock() + self._seconds
        return found

    def end(self, token: str) -> None:
        """Log out."""
        self._by_token.pop(token, None)

    def end_all(self) -> None:
        """End all sessions."""
        self._by_token.clear()

    def _drop(self) -> None:
        now = self._clock()
        self._by_token = {token: each for token, each in self._by_token.items() if each.until >= now}


def permissions_of(caller: Caller | None) -> list[str]:
    """Return what a user may do, in the words of a CPU; nothing without a login."""
    return [name for name, right in PERMISSIONS if caller is not None and caller.right >= right]
