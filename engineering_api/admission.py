"""How many requests may wait for TIA Portal at once: beyond that, the next is told to come again later.

A portal does one thing after the other. Without a limit a burst of requests would wait for minutes, and their memory with
them; each would be answered when its client has long given up.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from engineering_api.operation import Lock, Operation
from openness_bridge.errors import Problem

LATER = 2
"""Seconds after which a refused request may be sent again."""
MOST_JOBS = 10_000
"""Jobs that wait at once."""


class Admission:
    """Counts the requests that are under way. On the event loop only."""

    def __init__(self, limit: int) -> None:
        """Let so many in at once; 0 for any number."""
        self._limit, self.inside = limit, 0

    @contextmanager
    def entered(self, op: Operation, *, waited_for: bool) -> Iterator[None]:
        """Be one of those that are under way. Operations that need no portal, and jobs, which have a limit of their own, pass.

        Raises:
            Problem: There are too many.
        """
        if op.lock is Lock.NONE or not waited_for:
            yield
            return
        if self._limit and self.inside >= self._limit:
            raise Problem("server.busy", f"{self.inside} requests wait already: send this one again later, or as a job.",
                          status=503, retry_after=LATER)  # fmt: skip
        self.inside += 1
        try:
            yield
        finally:
            self.inside -= 1


def require_room_for_job(waiting: int) -> None:
    """Refuse a job where too many wait already.

    Raises:
        Problem: They do.
    """
    if waiting >= MOST_JOBS:
        raise Problem(
            "server.busy", f"{waiting} jobs wait already: submit this one later.", status=503, retry_after=LATER
        )
