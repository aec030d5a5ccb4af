"""The thread that moves the time of a CPU: in real time times a factor, or as fast as possible."""

from __future__ import annotations

import threading
import time
from typing import Protocol

from virtual_plc.cpu.clock import SECOND, Pace
from virtual_plc.cpu.scheduling import NEVER

_LONGEST_SLEEP = 0.1
_FREE_RUN = 10 * 1_000_000
"""Virtual nanoseconds that a free-running CPU executes at once."""


class Due(Protocol):
    """Return when the next appointment is due."""

    def __call__(self) -> int:
        """Return the virtual time, `NEVER` when nothing is."""


class Advance(Protocol):
    """Moves virtual time."""

    def __call__(self, end: int, *, late: int = 0) -> None:
        """Do all that is due up to a virtual time; a scan begins no earlier than `late`."""


class Pacer:
    """Moves the time of a CPU on a thread, as long as its pace needs one.

    Attributes:
        pace: who moves time.
        scale: virtual seconds in a real one.
    """

    def __init__(self, due: Due, advance: Advance, pace: Pace, scale: float) -> None:
        """Keep what to move; the thread begins with `wake`."""
        self.pace, self.scale = pace, scale
        self._due, self._advance = due, advance
        self._thread: threading.Thread | None = None
        self._woken = threading.Event()
        self._ended = False

    def set(self, pace: Pace, scale: float) -> None:
        """Change pace and factor; do not call it while holding the gate, because the thread has to end first.

        Raises:
            ValueError: the factor is not between 0.01 and 100.
        """
        if not 0.01 <= scale <= 100:
            raise ValueError(f"The factor {scale} is not between 0.01 and 100.")
        running = self._thread is not None
        self.end()
        self.pace, self.scale = pace, scale
        if running or pace is not Pace.CALLER:
            self.wake()

    def wake(self) -> None:
        """Check now whether an appointment is due; start the thread if there is none yet."""
        if self.pace is Pace.CALLER:
            return
        if self._thread is None or not self._thread.is_alive():
            self._ended = False
            self._thread = threading.Thread(target=self._live, name="virtual CPU", daemon=True)
            self._thread.start()
        self._woken.set()

    def end(self) -> None:
        """End the thread and wait for it; nothing happens without one."""
        thread, self._thread = self._thread, None
        self._ended = True
        self._woken.set()
        if thread is not None and thread is not threading.current_thread():
            thread.join()

    def _live(self) -> None:
        """Continue after an error, which has stopped the CPU: a thread that is about to end cannot be woken."""
        while not self._ended:
            try:
                self._loop()
            except Exception as error:  # noqa: BLE001 - reported like an error that ends a thread
                what = (type(error), error, error.__traceback__, threading.current_thread())
                threading.excepthook(threading.ExceptHookArgs(what))
                self._sleep(_LONGEST_SLEEP)

    def _loop(self) -> None:
        real = self.pace is Pace.REAL
        anchor: tuple[int, int] | None = None
        while not self._ended:
            due = self._due()
            if due >= NEVER:
                anchor = None
                self._sleep(_LONGEST_SLEEP)
            elif not real:
                self._advance(due + _FREE_RUN)
            else:
                anchor = anchor or (time.perf_counter_ns(), due)
                self._in_real_time(due, anchor)

    def _in_real_time(self, due: int, anchor: tuple[int, int]) -> None:
        """Do what is due, or sleep until it is.

        Args:
            due: virtual time of what comes next.
            anchor: a real and a virtual time that are the same moment.
        """
        virtual = anchor[1] + round((time.perf_counter_ns() - anchor[0]) * self.scale)
        if virtual < due:
            self._sleep(min((due - virtual) / self.scale / SECOND, _LONGEST_SLEEP))
        else:
            self._advance(due, late=virtual)

    def _sleep(self, seconds: float) -> None:
        self._woken.wait(seconds)
        self._woken.clear()
