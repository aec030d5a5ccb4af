"""Log lines that clients cause: at most some of them in a minute, so that no client fills the disk."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable

MOST = 20
SECONDS = 60.0
LONGEST = 500
"""Characters of a line of a library that names an exception."""


class _Count:
    """Counts lines, and says which of them are logged. Any thread; a line more or less does not matter."""

    def __init__(self, most: int, seconds: float, clock: Callable[[], float]) -> None:
        self._most, self._seconds, self._clock = most, seconds, clock
        self._since = clock() - seconds
        self._lines = 0

    def take(self) -> tuple[bool, str]:
        """Return whether a line is logged, and what is added to it about those that were left out before."""
        now, left_out = self._clock(), 0
        if now - self._since >= self._seconds:
            left_out, self._since, self._lines = self._lines - self._most, now, 0
        self._lines += 1
        added = f" ({left_out} more such lines were left out before)" if left_out > 0 else ""
        return self._lines <= self._most, added


class RareLog:
    """A logger that leaves lines out where there are too many, and logs their number with a later one."""

    def __init__(
        self,
        log: logging.Logger,
        level: int = logging.WARNING,
        most: int = MOST,
        seconds: float = SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Log at most so many lines in so many seconds."""
        self._log, self._level, self._count = log, level, _Count(most, seconds, clock)

    def line(self, message: str, *values: object) -> None:
        """Log a line, unless there were too many."""
        is_logged, added = self._count.take()
        if is_logged:
            self._log.log(self._level, f"{message}{added}", *values)


class RareFilter(logging.Filter):
    """Keeps the warnings of a library rare that clients cause, and names an exception in its line without a traceback."""

    def __init__(self) -> None:
        """Count from zero."""
        super().__init__()
        self._count = _Count(MOST, SECONDS, time.monotonic)

    def filter(self, record: logging.LogRecord) -> bool:
        """Return whether a line is logged."""
        if record.levelno < logging.WARNING:
            return True
        is_logged, added = self._count.take()
        error = record.exc_info[1] if record.exc_info else None
        why = "" if error is None else f": {type(error).__name__}: {error}"[:LONGEST]
        record.msg, record.args = f"{record.getMessage()}{why}{added}", ()
        record.exc_info = record.exc_text = None
        return is_logged
