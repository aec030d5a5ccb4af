"""Who may touch the memory of a CPU: one at a time, in turn, scans and readers alike."""

from __future__ import annotations

import threading


class Gate:
    """A lock that its owner may enter again, and that a busy thread cannot keep from others.

    A thread that waits for the lock holds the turnstile, so a thread that scans without a pause waits behind it.
    """

    def __init__(self) -> None:
        """Create it open."""
        self._turnstile = threading.Lock()
        self._lock = threading.Lock()
        self._owner = 0
        self._depth = 0

    def __enter__(self) -> None:
        """Wait for the turn of this thread."""
        me = threading.get_ident()
        if self._owner == me:
            self._depth += 1
            return
        with self._turnstile:
            self._lock.acquire()
        self._owner, self._depth = me, 1

    def __exit__(self, *_: object) -> None:
        """Open the gate for the next thread."""
        self._depth -= 1
        if not self._depth:
            self._owner = 0
            self._lock.release()
