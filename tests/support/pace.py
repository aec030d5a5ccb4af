"""How slow this computer is at this moment: limits of computing time are stated for a quiet one.

A process is charged for the time in which another one uses the other half of its core, or the caches: the same work counts
twice or three times as long then. Limits are multiplied by what a fixed piece of work takes now.
"""

from __future__ import annotations

import time

WORK = 200_000
QUIET = 0.06
"""Seconds of computing that the piece of work takes where the limits were set."""


def slowness() -> float:
    """Return how many times longer than there computing takes now, at least 1."""
    begin = time.process_time()
    lengths: dict[int, int] = {}
    for number in range(WORK):
        lengths[number % 1000] = lengths.get(number % 1000, 0) + len(str(number))
    return max(1.0, (time.process_time() - begin) / QUIET)
