"""How often tags may be written: at most so many times in a period, each tag for itself."""

from __future__ import annotations

import re
import threading
import time
from collections import OrderedDict, deque
from collections.abc import Callable

from openness_bridge.errors import Kind, Problem

_FORM = re.compile(r"(\d{1,4})/(s|min|h)")
_SECONDS = {"s": 1, "min": 60, "h": 3600}
REMEMBERED = 20_000
"""Tags whose last writes are known; of more than these the one that was written longest ago is forgotten."""


def parse_rate(text: str) -> tuple[int, int]:
    """Return how many writes a text such as 10/min allows, and in how many seconds.

    Raises:
        Problem: It is no such text.
    """
    found = _FORM.fullmatch(text)
    if found is None or int(found[1]) == 0:
        msg = f"'{text}' is not a rate: write a number from 1 to 9999 and s, min or h, such as 1/s or 10/min."
        raise Problem("runtime.rule", msg, kind=Kind.INVALID)
    return int(found[1]), _SECONDS[found[2]]


class Rates:
    """The last writes of each tag. Any thread."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        """Begin with none; the clock gives seconds."""
        self._clock = clock
        self._writes: OrderedDict[str, deque[float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, tag: str, rate: str) -> float:
        """Count a write, unless there were too many; return after how many seconds one is allowed, 0 where this one is."""
        most, period = parse_rate(rate)
        with self._lock:
            writes, now = self._writes.setdefault(tag, deque()), self._clock()
            self._writes.move_to_end(tag)
            while writes and now - writes[0] >= period:
                writes.popleft()
            if len(writes) >= most:
                return writes[-most] + period - now
            writes.append(now)
            if len(self._writes) > REMEMBERED:
                self._writes.popitem(last=False)
            return 0.0
