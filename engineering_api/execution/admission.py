"""Requests for TIA Portal: how many may wait at the same time, in which order they came, and for which operation.

A portal does one thing after the other. Without a limit a burst of requests would wait for minutes, and their memory with
them; each would be answered when its client has long given up.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Operation
from engineering_api.operations.terms import Lock
from engineering_api.settings import variable
from openness_bridge.errors import Kind, Problem

LATER = 2
"""Seconds after which a refused request may be sent again."""
MOST_JOBS = 10_000
"""Jobs that may wait at the same time."""


@dataclass(slots=True, eq=False)
class Turn:
    """One run of an operation, from when it is asked for to its end.

    Attributes:
        counts: Whether it needs TIA Portal.
        asked: When it was asked for, as `time.monotonic` has it.
    """

    op: Operation
    context: Context
    counts: bool
    asked: float = field(default_factory=time.monotonic)

    @property
    def seconds(self) -> float:
        """How long ago it was asked for."""
        return time.monotonic() - self.asked


class Admission:
    """Knows what is under way. Changed on the event loop only."""

    def __init__(self, limit: int) -> None:
        """Limit the requests that wait for TIA Portal at the same time; 0 for any number."""
        self._limit, self.inside = limit, 0
        self._turns: dict[Turn, None] = {}

    @property
    def turns(self) -> list[Turn]:
        """What is under way, in the order in which it was asked for."""
        return list(self._turns)

    @contextmanager
    def enter(self, op: Operation, context: Context, *, waited_for: bool) -> Iterator[None]:
        """Count as one that is under way. Operations that need no portal pass; so do jobs, which have a separate limit.

        Raises:
            Problem: There are too many.
        """
        turn = Turn(op, context, counts=op.lock is not Lock.NONE)
        limited = waited_for and turn.counts
        if limited and self._limit and self.inside >= self._limit:
            msg = f"{self.inside} requests are under way, the limit ({variable('queue_limit')}). "
            raise Problem(
                "server.busy",
                f"{msg}{self.waiting(context.instance)} Send this one again later, or as a job.",
                kind=Kind.UNAVAILABLE,
                retry_after=LATER,
            )
        self.inside += limited
        self._turns[turn] = None
        try:
            yield
        finally:
            del self._turns[turn]
            self.inside -= limited

    def waiting(self, instance: int | None = None) -> str:
        """Return what a request for a portal waits for now, in a sentence; empty where nothing is under way."""
        same = [each for each in self._turns if each.counts and each.context.instance == instance]
        begun = [each for each in same if each.context.progress.begun]
        if not same:
            return ""
        waiting = f"{len(same) - len(begun)} requests wait for it"
        if not begun:
            return f"{waiting}."
        first = max(begun, key=lambda each: each.op.lock is Lock.PROJECT)
        return f"TIA Portal does {first.op.name}, which was asked for {first.seconds:.0f} s ago, and {waiting}."


def require_room_for_job(waiting: int) -> None:
    """Refuse a job where too many wait already.

    Raises:
        Problem: They do.
    """
    if waiting >= MOST_JOBS:
        raise Problem(
            "server.busy",
            f"{waiting} jobs wait already: submit this one later.",
            kind=Kind.UNAVAILABLE,
            retry_after=LATER,
        )
