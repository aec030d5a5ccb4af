"""The one thread that may touch a portal.

Openness is not thread-safe and each access is a call into another process, so
a portal session owns one thread, and everything goes there in order. Calls that
a client waits for are taken before queued jobs; what has begun is never
interrupted.
"""

from __future__ import annotations

import itertools
import queue
import threading
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any, TypeVar

T = TypeVar("T")
Entry = tuple[int, int, Future[Any] | None, Callable[[], Any]]

WAITED_FOR = 0
QUEUED = 1
_LAST = 2


class Apartment:
    """A thread with an ordered queue of calls."""

    def __init__(self, name: str) -> None:
        """Start the thread."""
        self._calls: queue.PriorityQueue[Entry] = queue.PriorityQueue()
        self._order = itertools.count()
        self._thread = threading.Thread(target=self._work, name=name, daemon=True)
        self._thread.start()

    def submit(self, call: Callable[[], T], rank: int = WAITED_FOR) -> Future[T]:
        """Queue a call; the future is done on the apartment's thread."""
        future: Future[T] = Future()
        self._calls.put((rank, next(self._order), future, call))
        return future

    def call(self, call: Callable[[], T]) -> T:
        """Run a call on the thread and wait; from the thread itself, run it at once."""
        if threading.current_thread() is self._thread:
            return call()
        return self.submit(call).result()

    @property
    def waiting(self) -> int:
        """How many calls are queued."""
        return self._calls.qsize()

    def stop(self) -> None:
        """End the thread after what is queued."""
        self._calls.put((_LAST, next(self._order), None, lambda: None))

    def _work(self) -> None:
        while True:
            _, _, future, call = self._calls.get()
            if future is None:
                return
            if future.set_running_or_notify_cancel():
                try:
                    future.set_result(call())
                except BaseException as error:  # noqa: BLE001 - handed to the waiting side
                    future.set_exception(error)
            del future, call
