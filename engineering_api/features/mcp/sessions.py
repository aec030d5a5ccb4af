"""Sessions of the two HTTP transports of MCP: users can list and end them."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from engineering_api.storage.jobs import now

STREAMABLE, SSE = "streamable-http", "sse"
MESSAGES = "/mcp/messages"
"""Where clients of SSE sessions post."""
CALLER, INSTANCE, PROFILE, SESSION = "tia.caller", "tia.instance", "tia.profile", "tia.session"
"""Where the scope of a request says who calls, which portal is meant, which tools are listed, and the session."""
IDLE = 30 * 60.0
"""Seconds without a request after which a session of streamable HTTP ends."""


@dataclass(slots=True, eq=False)
class Session:
    """A session.

    Attributes:
        transport: streamable-http or sse.
        caller: Whose key it was opened with.
        client: Name and version that the client gave itself.
        calls: Requests so far.
        open: Requests and streams that are open at the moment.
        end: Ends it.
    """

    session_id: str
    transport: str
    caller: str
    end: Callable[[], Awaitable[None]]
    client: str = ""
    protocol: str = ""
    started_at: str = field(default_factory=now)
    last_seen_at: str = field(default_factory=now)
    calls: int = 0
    open: int = 0
    _seen: float = field(default_factory=time.monotonic)

    def touch(self) -> None:
        """Note that the client is there."""
        self.last_seen_at, self._seen = now(), time.monotonic()

    @property
    def idle(self) -> float:
        """Seconds since the last request."""
        return time.monotonic() - self._seen


class Sessions:
    """The sessions of a service. On the event loop only."""

    def __init__(self) -> None:
        """Know of none."""
        self._sessions: dict[str, Session] = {}

    def all(self) -> list[Session]:
        """Return all sessions, the oldest first; those of streamable HTTP that have run out are forgotten."""
        for each in list(self._sessions.values()):
            if each.transport == STREAMABLE and not each.open and each.idle > IDLE:
                self.forget(each.session_id)
        return list(self._sessions.values())

    def get(self, session_id: str) -> Session | None:
        """Return a session, or None; ids are taken with and without hyphens."""
        return self._sessions.get(session_id.replace("-", ""))

    def begin(self, session: Session) -> None:
        """Add a session."""
        self._sessions[session.session_id] = session

    def forget(self, session_id: str) -> None:
        """Remove a session that has ended."""
        self._sessions.pop(session_id, None)

    @contextmanager
    def busy(self, session_id: str) -> Iterator[None]:
        """Note that a request of a session is open within the block."""
        session = self._sessions.get(session_id)
        if session is None:
            yield
            return
        session.open += 1
        session.touch()
        try:
            yield
        finally:
            session.open -= 1
            session.touch()
