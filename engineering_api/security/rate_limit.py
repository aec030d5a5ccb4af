"""Limits how many requests a caller may send: it counts only where a limit is set.

Facts: docs/facts/t-ia-connect.md#headers, docs/facts/t-ia-connect.md#status-codes: 429 with X-RateLimit-Reset in Unix
seconds.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from openness_bridge.errors import Kind, Problem

WINDOW = 60
"""Seconds after which counting starts again, at full minutes, so that all callers share one moment."""
MOST_CALLERS = 10_000
"""Callers that are counted apart in a minute; those beyond share one count, so that memory is bounded."""
_REST = ("", "")


@dataclass(frozen=True, slots=True)
class Standing:
    """The count of a caller in the present minute.

    Attributes:
        remaining: Requests that it may still send.
        reset: Unix time from which requests are counted from 0 again.
    """

    limit: int
    remaining: int
    reset: int

    def headers(self) -> dict[str, str]:
        """Return the headers that report it to clients."""
        return {
            "X-RateLimit-Limit": str(self.limit),
            "X-RateLimit-Remaining": str(self.remaining),
            "X-RateLimit-Reset": str(self.reset),
        }


class TooMany(Problem):
    """Too many requests.

    Attributes:
        reset: Unix time from which requests are taken again.
    """

    def __init__(self, message: str, reset: float, code: str = "request.too_many") -> None:
        """State what there were too many of, and until when."""
        super().__init__(code, message, kind=Kind.TOO_MANY)
        self.reset = int(reset)

    def headers(self) -> dict[str, str]:
        """Return the headers that say when clients may try again."""
        return {"X-RateLimit-Reset": str(self.reset), "Retry-After": str(max(1, self.reset - int(time.time())))}


class RateLimit:
    """Counts the requests of each caller in the present minute."""

    def __init__(self, limit: int, clock: Callable[[], float] = time.time, what: str = "requests") -> None:
        """Allow so many; 0 for any number."""
        self._limit, self._clock, self._what = limit, clock, what
        self._minute = 0
        self._counts: dict[tuple[str, str], int] = {}

    def take(self, address: str, name: str = "") -> Standing | None:
        """Count one request of a caller at an address; None where any number is allowed.

        Raises:
            TooMany: It is one too many.
        """
        if not self._limit:
            return None
        minute = int(self._clock()) // WINDOW
        if minute != self._minute:
            self._minute, self._counts = minute, {}
        who = (address, name)
        if who not in self._counts and len(self._counts) >= MOST_CALLERS:
            who = _REST
        taken = self._counts[who] = self._counts.get(who, 0) + 1
        reset = (minute + 1) * WINDOW
        if taken > self._limit:
            msg = f"More than {self._limit} {self._what} in a minute: wait until the time in X-RateLimit-Reset."
            raise TooMany(msg, reset)
        return Standing(self._limit, self._limit - taken, reset)


def exceeds(value: float, limit: float) -> bool:
    """Return whether a value exceeds a limit; 0 is no limit."""
    return 0 < limit < value
