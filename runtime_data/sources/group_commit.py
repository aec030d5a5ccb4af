"""Keeps what is acknowledged: a write waits for its transaction, and writes that come meanwhile share the next one.

A transaction that is on the disk takes milliseconds, however much it has. So many writers at once get many writes for each.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(slots=True)
class Batch(Generic[T]):
    """Writes of one transaction.

    Attributes:
        writes: In the order in which they came.
        done: Set when the transaction has ended.
        error: Why it failed; None where it did not.
        has_leader: Whether a thread is there that stores it; the others wait for that.
    """

    writes: list[T] = field(default_factory=list)
    done: threading.Event = field(default_factory=threading.Event)
    has_leader: bool = False
    error: Exception | None = None


class GroupCommit(Generic[T]):
    """Stores writes in their order, all that wait in one transaction. Any thread."""

    def __init__(
        self,
        lock: threading.RLock,
        store: Callable[[list[T]], None],
        stored: Callable[[list[T]], None],
        dropped: Callable[[], None],
    ) -> None:
        """Begin with no writes.

        Args:
            lock: Guards what the writes change; whoever adds a write holds it.
            store: Stores writes in one transaction, all or none.
            stored: Is called with these writes when they are stored. The lock is held.
            dropped: Is called when writes could not be stored, with all that were added since. The lock is held.
        """
        self._lock, self._store, self._stored, self._dropped = lock, store, stored, dropped
        self._storing = threading.RLock()
        self._open: Batch[T] = Batch()

    def add(self, write: T) -> Batch[T]:
        """Add a write; `wait` for the batch that this returns, without the lock. The caller holds the lock."""
        self._open.writes.append(write)
        return self._open

    def wait(self, batch: Batch[T]) -> None:
        """Return when the writes of a batch are stored.

        Raises:
            Problem: They cannot be stored, or what was added before them could not: nothing of them is kept.
        """
        with self._lock:
            leads, batch.has_leader = not batch.has_leader, True
        if leads:
            with self._storing:
                if not batch.done.is_set():
                    self._commit()
        batch.done.wait()
        if batch.error is not None:
            raise batch.error

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Store what waits, and keep everybody else from storing while the block runs. It holds the lock.

        Raises:
            Problem: What waits cannot be stored.
        """
        with self._storing, self._lock:
            batch = self._open
            self._commit()
            if batch.error is not None:
                raise batch.error
            yield

    def _commit(self) -> None:
        """Store the open batch; the caller keeps others from storing."""
        with self._lock:
            batch, self._open = self._open, Batch()
        try:
            if batch.writes:
                self._store(batch.writes)
        except Exception as error:  # noqa: BLE001 - everybody who waits gets it
            self._drop(batch, error)
        else:
            try:
                with self._lock:
                    self._stored(batch.writes)
            finally:
                batch.done.set()

    def _drop(self, batch: Batch[T], error: Exception) -> None:
        """Refuse a batch, and what was added since: it was decided by values that are not stored."""
        with self._lock:
            later, self._open = self._open, Batch()
            for each in (batch, later):
                each.error = error
                each.done.set()
            self._dropped()
