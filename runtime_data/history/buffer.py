"""What waits to be written: bounded, and what it had no room for is counted."""

from __future__ import annotations

import logging
import threading
from collections.abc import Sequence

from runtime_data.history.model import Row, Store, gap

log = logging.getLogger(__name__)
LARGEST = 200_000
PERIOD = 1.0
"""Seconds from one batch to the next: so much is lost where the process is killed."""


class Buffer:
    """Writes samples to a store each second, on a thread of its own."""

    def __init__(self, store: Store, largest: int = LARGEST, period: float = PERIOD) -> None:
        """Write to this store.

        Args:
            store: Where samples are kept.
            largest: Samples that wait at most, while the store fails or is slow.
            period: Seconds from one batch to the next.
        """
        self._store, self._largest, self._period = store, largest, period
        self._waiting: list[Row] = []
        self._gaps: dict[int, int] = {}
        self._lock, self._writing, self._ended = threading.Lock(), threading.Lock(), threading.Event()
        self._thread: threading.Thread | None = None
        self.written, self.lost, self.error = 0, 0, ""

    @property
    def waiting(self) -> int:
        """How many samples wait."""
        return len(self._waiting)

    def start(self) -> None:
        """Begin to write."""
        if self._thread is None:
            self._ended.clear()
            self._thread = threading.Thread(target=self._write_repeatedly, name="history", daemon=True)
            self._thread.start()

    def stop(self) -> None:
        """Write what waits, and end. Blocks."""
        if self._thread is not None:
            self._ended.set()
            self._thread.join()
            self._thread = None

    def add(self, rows: Sequence[Row]) -> None:
        """Take samples; does not block. Those without room are lost, and a gap is noted where they would have been."""
        with self._lock:
            for series, sample in rows:
                if len(self._waiting) >= self._largest:
                    self.lost += 1
                    self._gaps.setdefault(series, sample.time)
                    continue
                if series in self._gaps:
                    self._waiting.append((series, gap(self._gaps.pop(series))))
                self._waiting.append((series, sample))

    def flush(self) -> None:
        """Write what waits now. Blocks.

        Raises:
            Exception: As of the store; what could not be written still waits.
        """
        with self._writing:
            with self._lock:
                batch, self._waiting = self._waiting, []
            if not batch:
                return
            try:
                self._store.write(batch)
            except BaseException:
                with self._lock:
                    self._waiting = batch + self._waiting
                raise
            self.written += len(batch)
            self.error = ""

    def _write_repeatedly(self) -> None:
        ended = False
        while not ended:
            ended = self._ended.wait(self._period)
            try:
                self.flush()
            except Exception as error:  # it is tried again: the disk may have room later
                if not self.error:
                    log.exception("Values cannot be written to the history; %d wait", self.waiting)
                self.error = str(error)
        if self._waiting:
            self.lost += len(self._waiting)
            log.error("%d values of the history were lost at the end: %s", len(self._waiting), self.error)
