"""Events of the API: handlers join with += and leave with -=, and are called on a thread that is not the caller's.

Calls raised faster than the handler takes them are merged, where the event defines how (OnEndOfCycle counts cycles). A
handler that fails drops out of the call, not of the event; the failure goes to the threads' exception hook, as an
unhandled one does.
"""

from __future__ import annotations

import queue
import sys
import threading
from collections.abc import Callable
from typing import Any

Handler = Callable[..., None]
Arguments = tuple[Any, ...]
Merge = Callable[[Arguments, Arguments], Arguments]


class Dispatcher:
    """The thread that calls the handlers of one runtime; it runs while there is something to call."""

    def __init__(self) -> None:
        """Begin with an empty queue."""
        self._waiting: queue.Queue[Callable[[], None]] = queue.Queue()
        self._lock = threading.Lock()
        self._running = False

    def post(self, call: Callable[[], None]) -> None:
        """Queue a call."""
        with self._lock:
            self._waiting.put(call)
            if self._running:
                return
            self._running = True
        threading.Thread(target=self._work, name="plcsim events", daemon=True).start()

    def _work(self) -> None:
        while True:
            with self._lock:
                if self._waiting.empty():
                    self._running = False
                    return
                call = self._waiting.get()
            try:
                call()
            except Exception:  # noqa: BLE001 - a caller's handler failed; the others are still called
                threading.excepthook(threading.ExceptHookArgs((*sys.exc_info(), threading.current_thread())))


class Event:
    """One event of one object."""

    def __init__(self, dispatcher: Dispatcher, merge: Merge | None = None) -> None:
        """Keep the dispatcher, whose thread raises the event.

        Args:
            dispatcher: Calls the handlers.
            merge: Makes one pair of arguments of two, so that a slow handler does not fall behind.
        """
        self._dispatcher, self._merge = dispatcher, merge
        self._handlers: list[Handler] = []
        self._pending: Arguments | None = None
        self._lock = threading.Lock()

    def __iadd__(self, handler: Handler) -> Event:
        """Let a function handle it."""
        if not callable(handler):
            msg = "Only a function can be added to an event."
            raise TypeError(msg)
        self._handlers = [*self._handlers, handler]
        return self

    def __isub__(self, handler: Handler) -> Event:
        """Let a function no longer handle it."""
        self._handlers = [each for each in self._handlers if each != handler]
        return self

    @property
    def is_wanted(self) -> bool:
        """Whether anybody handles it."""
        return bool(self._handlers)

    def raise_(self, *arguments: Any) -> None:
        """Call the handlers soon."""
        if not self._handlers:
            return
        if self._merge is None:
            self._dispatcher.post(lambda: self._call(arguments))
            return
        with self._lock:
            pending, self._pending = self._pending, arguments
            if pending is not None:
                self._pending = self._merge(pending, arguments)
                return
        self._dispatcher.post(self._call_pending)

    def _call_pending(self) -> None:
        with self._lock:
            arguments, self._pending = self._pending, None
        if arguments is not None:
            self._call(arguments)

    def _call(self, arguments: Arguments) -> None:
        for handler in self._handlers:
            handler(*arguments)
