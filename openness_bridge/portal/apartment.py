"""The one thread that may touch a portal.

Openness is not thread-safe and each access is a call into another process, so
a portal session owns one thread, and everything goes there in order. Calls of
an edit that holds the project go first, because all other edits wait for its
end; then calls that a client waits for; then queued jobs, one of them at least
after every few others. The thread never interrupts a call, but a thread whose call does not return can be given up.
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from queue import SimpleQueue
from typing import Any, TypeVar

log = logging.getLogger(__name__)
T = TypeVar("T")
Done = Callable[[Any, BaseException | None], None]
Entry = tuple[Callable[[], Any], Done]

HOLDING = 0
WAITED_FOR = 1
QUEUED = 2
_LAST = 3
PASSING = 10
"""Calls that may pass a queued job, one after the other."""


class Apartment:
    """A thread with an ordered queue of calls."""

    def __init__(self, name: str) -> None:
        """Start the thread."""
        self._lanes: tuple[deque[Entry | None], ...] = (deque(), deque(), deque(), deque())
        self._passed = 0
        self._signal: SimpleQueue[None] = SimpleQueue()
        self._guard = threading.Lock()
        self._running: Entry | None = None
        self._since = 0.0
        self._given_up: BaseException | None = None
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def post(self, call: Callable[[], Any], done: Done, rank: int = WAITED_FOR) -> None:
        """Queue a call. When it has run, `done` gets its result or its exception, on this thread."""
        with self._guard:
            error = self._given_up
            if error is None:
                self._lanes[rank].append((call, done))
                self._signal.put(None)
        if error is not None:
            done(None, error)

    def submit(self, call: Callable[[], T], rank: int = WAITED_FOR) -> Future[T]:
        """Queue a call and get a future of its result."""
        future: Future[T] = Future()
        context = copy_context()

        def run() -> Any:
            return context.run(call) if future.set_running_or_notify_cancel() else None

        def settle(result: Any, error: BaseException | None) -> None:
            if future.cancelled():
                return
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)

        self.post(run, settle, rank)
        return future

    def call(self, call: Callable[[], T]) -> T:
        """Run a call on the thread and wait; from the thread itself, run it directly."""
        return call() if self.is_here else self.submit(call).result()

    @property
    def is_here(self) -> bool:
        """Whether the caller is on the thread."""
        return threading.current_thread() is self._thread

    @property
    def waiting(self) -> int:
        """How many calls are queued."""
        return sum(len(lane) for lane in self._lanes)

    @property
    def busy(self) -> float:
        """Seconds since the call that runs now began; 0 when none runs."""
        with self._guard:
            return time.monotonic() - self._since if self._running is not None else 0.0

    @property
    def given_up(self) -> BaseException | None:
        """Why the thread was given up; None while it is not."""
        return self._given_up

    def give_up(self, error: BaseException) -> None:
        """Fail the call that runs and all that are queued; the thread ends when its call returns, if ever."""
        with self._guard:
            if self._given_up is not None:
                return
            self._given_up = error
            left = [entry for lane in self._lanes for entry in lane if entry is not None]
            failed = left if self._running is None else [self._running, *left]
            for lane in self._lanes:
                lane.clear()
        self._signal.put(None)
        for _, done in failed:
            done(None, error)

    def stop(self) -> None:
        """End the thread after what is queued."""
        self._lanes[_LAST].append(None)
        self._signal.put(None)

    def _work(self) -> None:
        while self._step():
            pass

    def _step(self) -> bool:
        """Run the next call; whether there will be another."""
        self._signal.get()
        with self._guard:
            if self._given_up is not None:
                return False
            entry = self._next()
            self._running, self._since = entry, time.monotonic()
        if entry is None:
            return False
        result, error = _outcome(entry[0])
        with self._guard:
            self._running = None
            if self._given_up is not None:
                return False
        try:
            entry[1](result, error)
        except Exception:
            log.exception("The result of a call could not be delivered")
        return True

    def _next(self) -> Entry | None:
        """Take the next call; None for the end. Under the guard."""
        queued = self._lanes[QUEUED]
        if queued and self._passed >= PASSING:
            self._passed = 0
            return queued.popleft()
        lane = next(lane for lane in self._lanes if lane)
        self._passed = self._passed + 1 if queued and lane is not queued else 0
        return lane.popleft()


def _outcome(call: Callable[[], Any]) -> tuple[Any, BaseException | None]:
    try:
        return call(), None
    except BaseException as error:  # noqa: BLE001 - handed to the waiting side
        return None, error
