"""Keeps the program around a text between two checks: while somebody types, it hardly changes.

The program is read again after a change of this service. Where a user interface may change it, too, it is read again after
some seconds, so that typing does not keep TIA Portal busy.
"""

from __future__ import annotations

import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from engineering_api.operations.context import Context

if TYPE_CHECKING:
    from openness_bridge.program.surroundings import Surroundings

PATIENCE = 5.0
"""Seconds for which a program counts that others may change meanwhile."""


@dataclass(frozen=True, slots=True)
class _Kept:
    """A reading.

    Attributes:
        count: How many changes the service had begun and ended before.
        at: When it was read, on the monotonic clock.
    """

    count: int
    at: float
    found: Surroundings


def read_surroundings(ctx: Context, device: str) -> Surroundings:
    """Return the program of a PLC as it is now. From a worker thread.

    Raises:
        Problem: There is no project, or no such PLC.
    """
    session, key = ctx.session, f"surroundings:{device.casefold()}"
    kept: _Kept | None = session.notes.get(key)
    count, now = ctx.service.changes.count, time.monotonic()
    if kept is not None and kept.count == count and (session.is_alone or now - kept.at < PATIENCE):
        return kept.found

    def read() -> Surroundings:
        from openness_bridge.program import surroundings

        found = surroundings.read(session, device)
        session.notes[key] = _Kept(count, now, found)
        return found

    return session.call(read)
