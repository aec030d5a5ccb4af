"""How many requests a caller may send: none are counted unless a limit is set.

Facts: t-ia-connect-contract A2 and A4: 429 with X-RateLimit-Reset in Unix seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from openness_bridge.errors import Problem

WINDOW = 60
"""Seconds after which counting starts anew, at full minutes, so that all callers share one moment."""


class TooMany(Problem):
    """Too many requests.

    Attributes:
        reset: Unix time from which requests are taken again.
    """

    def __init__(self, limit: int, reset: int) -> None:
        """State the limit and its end."""
        msg = f"More than {limit} requests in a minute: wait until the time in X-RateLimit-Reset."
        super().__init__("request.too_many", msg, status=429)
        self.reset = reset

    def headers(self) -> dict[str, str]:
        """The headers that tell clients when to come again."""
        return {"X-RateLimit-Reset": str(self.reset), "Retry-After": str(max(1, self.reset - int(time.time())))}


class RateLimit:
    """Counts the requests of each caller's address in the present minute."""

    def __init__(self, limit: int, clock: Callable[[], float] = time.time) -> None:
        """Allow so many; 0 for any number."""
        self._limit, self._clock = limit, clock
        self._minute = 0
        self._counts: dict[str, int] = {}

    def take(self, address: str) -> None:
        """Count one request.

        Raises:
            TooMany: It is one too many.
        """
        if not self._limit:
            return
        minute = int(self._clock()) // WINDOW
        if minute != self._minute:
            self._minute, self._counts = minute, {}
        self._counts[address] = self._counts.get(address, 0) + 1
        if self._counts[address] > self._limit:
            raise TooMany(self._limit, (minute + 1) * WINDOW)
