"""Sessions of the two HTTP transports of MCP: users can list and end them."""

from __future__ import annotations

import time
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from engineering_api.operations.caller import Caller
from engineering_api.security.rate_limit import exceeds
from engineering_api.settings import variable
from engineering_api.storage.clock import now
from openness_bridge.errors import Kind, Problem

STREAMABLE, SSE = "streamable-http", "sse"
STREAM = "/mcp/sse"
"""Where clients of SSE sessions begin."""
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
        caller: Who opened it.
        client: Name and version that the client gave itself.
        calls: Requests so far.
        open: Requests and streams that are open at the moment.
        end: Ends it.
    """

    session_id: str
    transport: str
    caller: Caller
    end: Callable[[], Coroutine[Any, Any, None]]
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

    def begin(self, session: Session, most: int = 0) -> list[Session]:
        """Add a session.

        Args:
            session: It.
            most: How many its caller may have; 0 for any number.

        Returns:
            The sessions of the caller that are too many, which the caller of this ends: those that were idle for longest.
        """
        self._sessions[session.session_id] = session
        own = [
            each for each in self._sessions.values() if each.caller.name == session.caller.name and each is not session
        ]
        own.sort(key=lambda each: (bool(each.open), -each.idle))
        return own[: len(own) + 1 - most] if exceeds(len(own) + 1, most) else []

    def require_room(self, most: int) -> None:
        """Refuse a further session where there are as many as there may be; 0 for any number.

        Raises:
            Problem: There are (mcp.session_limit).
        """
        if exceeds(len(self.all()) + 1, most):
            msg = f"{most} sessions of MCP clients are open, the limit ({variable('max_mcp_sessions')}): end some of them."
            raise Problem("mcp.session_limit", msg, kind=Kind.UNAVAILABLE)

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
