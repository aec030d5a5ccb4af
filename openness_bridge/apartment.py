"""The one thread that may touch a portal.

Openness is not thread-safe and each access is a call into another process, so
a portal session owns one thread, and everything goes there in order. Calls that
a client waits for are taken before queued jobs; what has begun is never
interrupted.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from queue import SimpleQueue
from typing import Any, TypeVar

T = TypeVar("T")
Done = Callable[[Any, BaseException | None], None]
Entry = tuple[Callable[[], Any], Done]

WAITED_FOR = 0
QUEUED = 1
_LAST = 2


class Apartment:
    """A thread with an ordered queue of calls."""

    def __init__(self, name: str) -> None:
        """Start the thread."""
        self._lanes: tuple[deque[Entry | None], ...] = (deque(), deque(), deque())
        self._signal: SimpleQueue[None] = SimpleQueue()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def post(self, call: Callable[[], Any], done: Done, rank: int = WAITED_FOR) -> None:
        """Queue a call. When it has run, `done` is told its result or its exception, on this thread."""
        self._lanes[rank].append((call, done))
        self._signal.put(None)

    def submit(self, call: Callable[[], T], rank: int = WAITED_FOR) -> Future[T]:
        """Queue a call and get a future of its result."""
        future: Future[T] = Future()

        def run() -> Any:
            return call() if future.set_running_or_notify_cancel() else None

        def done(result: Any, error: BaseException | None) -> None:
            if future.cancelled():
                return
            if error is None:
                future.set_result(result)
            else:
                future.set_exception(error)

        self.post(run, done, rank)
        return future

    def call(self, call: Callable[[], T]) -> T:
        """Run a call on the thread and wait; from the thread itself, run it at once."""
        if threading.current_thread() is self._thread:
            return call()
        return self.submit(call).result()

    @property
    def waiting(self) -> int:
        """How many calls are queued."""
        return sum(len(lane) for lane in self._lanes)

    def stop(self) -> None:
        """End the thread after what is queued."""
        self._lanes[_LAST].append(None)
        self._signal.put(None)

    def _work(self) -> None:
        while True:
            self._signal.get()
            entry = next(lane.popleft() for lane in self._lanes if lane)
            if entry is None:
                return
            _run(*entry)


def _run(call: Callable[[], Any], done: Done) -> None:
    try:
        result = call()
    except BaseException as error:  # noqa: BLE001 - handed to the waiting side
        done(None, error)
    else:
        done(result, None)
