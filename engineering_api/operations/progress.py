"""Progress of an operation, and whether it is still wanted: shared by its caller, its job and its steps."""

from __future__ import annotations

import threading
from collections.abc import Callable


class Cancelled(Exception):  # noqa: N818 - not an error: the caller asked for it
    """The work was asked to stop and has stopped."""


class Progress:
    """How far an operation is, and whether it is still wanted. Reports go to a listener; a waiting caller has none."""

    def __init__(self, tell: Callable[[int, str], None] | None = None) -> None:
        """Report to a listener."""
        self._tell = tell
        self._guard = threading.Lock()
        self._stopped = self._begun = self._settled = self.given_up = False
        self._when_stopped: list[Callable[[], object]] = []
        self.percent, self.message = 0, ""

    @property
    def begun(self) -> bool:
        """Whether the work began: until then it can be dropped, from then on it has to stop by itself."""
        return self._begun

    def begin(self) -> None:
        """Note that the work begins now. Any thread.

        Raises:
            Cancelled: It was asked to stop before.
        """
        with self._guard:
            self.check()
            self._begun = True

    def report(self, percent: float, message: str) -> None:
        """Report how far it is, in percent, and what is being done. Any thread.

        Raises:
            Cancelled: It was asked to stop.
        """
        self.check()
        percent = max(0, min(100, int(percent)))
        if (percent, message) != (self.percent, self.message):
            self.percent, self.message = percent, message
            if self._tell is not None:
                self._tell(percent, message)

    def check(self) -> None:
        """Stop here when asked to.

        Raises:
            Cancelled: It was asked to stop.
        """
        if self._stopped and not self._settled:
            raise Cancelled

    def settle(self) -> None:
        """Note that a change is made that nothing rolls back: the work is completed, also where nobody wants it any more."""
        self._settled = True

    def cancel(self) -> None:
        """Ask the operation to stop at its next report or checkpoint. Any thread."""
        with self._guard:
            self._stopped = True
            told = list(self._when_stopped)
        for tell in told:
            tell()

    def give_up(self) -> None:
        """Cancel the work if it has not begun: it has waited for too long. Any thread."""
        self.given_up = not self._begun
        if self.given_up:
            self.cancel()

    def when_stopped(self, tell: Callable[[], object]) -> None:
        """Call a function when the work should stop; immediately if it already should."""
        with self._guard:
            self._when_stopped.append(tell)
            told = self._stopped
        if told:
            tell()
