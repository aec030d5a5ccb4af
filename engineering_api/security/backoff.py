"""Makes anyone who guesses passwords wait: longer after each failure, by name and by address, in bounded memory."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

from engineering_api.security.rate_limit import TooMany

REMEMBERED = 10_000
"""Names and addresses that are remembered; the one that failed longest ago is forgotten first."""
FORGOTTEN_AFTER = 3600.0
"""Seconds without a failure after which those before count no more."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How many failures are free, and how long is waited at most after those beyond, in seconds."""

    free: int
    longest: float


NAME, ADDRESS = Patience(5, 60.0), Patience(20, 300.0)
"""A name waits a minute at most, so that failed logins of one client do not lock out a user for long."""


@dataclass(slots=True)
class Failures:
    """The failures of a name or an address, and when the next try is taken."""

    count: int
    last: float
    until: float


class Backoff:
    """Remembers failed logins."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Remember none."""
        self._clock = clock
        self._failed: OrderedDict[tuple[str, str], Failures] = OrderedDict()

    def require(self, name: str, address: str) -> None:
        """Refuse a try that comes too early.

        Raises:
            TooMany: It does; the answer says when to try again.
        """
        now = self._clock()
        wait = max((self._failed[key].until - now for key in _keys(name, address) if key in self._failed), default=0.0)
        if wait > 0:
            msg = f"Too many failed logins: try again in {math.ceil(wait)} s."
            raise TooMany(msg, time.time() + math.ceil(wait), "auth.too_many")

    def note_failure(self, name: str, address: str) -> None:
        """Note a failure."""
        now = self._clock()
        for key, patience in _keys(name, address).items():
            before = self._failed.pop(key, None)
            count = 1 if before is None or now - before.last > FORGOTTEN_AFTER else before.count + 1
            beyond = count - patience.free
            wait = min(patience.longest, 2.0 ** min(beyond, 16)) if beyond > 0 else 0.0
            self._failed[key] = Failures(count, now, now + wait)
        while len(self._failed) > REMEMBERED:
            self._failed.popitem(last=False)

    def note_success(self, name: str, address: str) -> None:
        """Take back a failure that was none. The name is forgotten; the address is not, for it may try other names."""
        self._failed.pop(("name", name), None)
        tried = self._failed.get(("address", address))
        if tried is not None:
            tried.count, tried.until = tried.count - 1, 0.0


def _keys(name: str, address: str) -> dict[tuple[str, str], Patience]:
    return {("name", name): NAME, ("address", address): ADDRESS}
