"""The clients of SignalR that negotiated: a client is known by its token over all its requests and transports."""

from __future__ import annotations

import secrets
import time
from dataclasses import dataclass, field

from engineering_api.operations.caller import Caller
from engineering_api.operations.events import Subscription
from engineering_api.security.rate_limit import exceeds
from engineering_api.settings import variable
from openness_bridge.errors import Kind, Problem

FORGOTTEN_AFTER = 600.0
"""Seconds without a sign of life after which a connection is forgotten."""


@dataclass(slots=True)
class Connection:
    """A client that negotiated.

    Attributes:
        owner: Name of the caller who negotiated.
        hubs: The hubs that it asked for, in lower case.
        begin: Number of the latest event when it came; later ones are for it.
        groups: Its groups token, which never changes: every listener gets every event.
        seen: When it was last seen, in seconds of the monotonic clock.
        listening: What it waits for events with, while it does; the next request of the client takes the place of the last.
    """

    owner: str
    hubs: frozenset[str]
    begin: int
    groups: str = field(default_factory=lambda: secrets.token_urlsafe(16))
    seen: float = field(default_factory=time.monotonic)
    listening: Subscription | None = None


class Connections:
    """The clients that negotiated, by their tokens."""

    def __init__(self, limit: int = 0, forgotten_after: float = FORGOTTEN_AFTER) -> None:
        """Start without any; take at most so many in, 0 for any number."""
        self._limit, self._forgotten_after = limit, forgotten_after
        self._by_token: dict[str, Connection] = {}

    def open(self, connection: Connection) -> str:
        """Take a client in; returns its token.

        Raises:
            Problem: There are too many.
        """
        oldest = time.monotonic() - self._forgotten_after
        self._by_token = {token: found for token, found in self._by_token.items() if found.seen > oldest}
        if exceeds(len(self._by_token) + 1, self._limit):
            msg = f"{self._limit} SignalR clients are connected, the limit ({variable('max_connections')}): try again later."
            raise Problem("signalr.connections", msg, kind=Kind.UNAVAILABLE)
        token = secrets.token_urlsafe(24)
        self._by_token[token] = connection
        return token

    def get(self, token: str, caller: Caller) -> Connection:
        """Return the connection of a token that its caller negotiated.

        Raises:
            Problem: There is none; the client negotiates again.
        """
        found = self._by_token.get(token)
        if found is None or found.owner != caller.name:
            raise Problem("signalr.connection", "This connection is unknown: negotiate again.", kind=Kind.INVALID)
        found.seen = time.monotonic()
        return found

    def close(self, token: str, caller: Caller) -> Connection | None:
        """Forget a caller's client, and return it; None where there is none."""
        found = self._by_token.get(token)
        return self._by_token.pop(token) if found is not None and found.owner == caller.name else None
