"""Keeps values of tags that change often: in one transaction a second, not in one for each write."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterable

import msgspec

from engineering_api.storage.runtime_definitions import RuntimeDefinitions
from openness_bridge.errors import Problem

log = logging.getLogger(__name__)
EVERY = 1.0
"""Seconds from a change to its transaction. A crash of the service or of the computer loses no more than that."""


class WriteBehind:
    """Writes definitions some time after they changed, the newest of each. Any thread but the event loop's."""

    def __init__(self, definitions: RuntimeDefinitions, kind: str, every: float = EVERY) -> None:
        """Write the definitions of a kind."""
        self._definitions, self._kind, self._every = definitions, kind, every
        self._waiting: dict[str, msgspec.Struct] = {}
        self._lock, self._writing = threading.Lock(), threading.Lock()
        self._timer: threading.Timer | None = None

    def note(self, changed: Iterable[tuple[str, msgspec.Struct]]) -> None:
        """Write these definitions, each with its name, within a second."""
        with self._lock:
            self._waiting.update(changed)
            if self._waiting and self._timer is None:
                self._timer = threading.Timer(self._every, self._write_later)
                self._timer.daemon = True
                self._timer.start()

    def write(self) -> None:
        """Write now what waits.

        Raises:
            Problem: It cannot be stored; it waits further.
        """
        with self._writing:
            with self._lock:
                waiting, self._waiting = self._waiting, {}
                if self._timer is not None:
                    self._timer.cancel()
                    self._timer = None
            try:
                self._definitions.put_all(self._kind, waiting)
            except Exception:
                with self._lock:
                    self._waiting = waiting | self._waiting
                raise

    def _write_later(self) -> None:
        try:
            self.write()
        except Problem:
            log.exception("Values of %s could not be stored; it is tried again", self._kind)
            self.note(())
