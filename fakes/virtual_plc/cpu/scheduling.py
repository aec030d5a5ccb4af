"""The agenda of a CPU in RUN: its next actions in virtual time.

Appointments come in the order of their time; at the same time the higher priority is first, then the earlier entry.
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Hashable
from dataclasses import dataclass, field

NEVER = 1 << 62
"""A time that is never reached."""


@dataclass(order=True, slots=True)
class Appointment:
    """A function that is due at a moment.

    Attributes:
        due: virtual time in nanoseconds.
        rank: priority with its sign turned, so that the highest is first.
        serial: order of entry.
        key: identifies it; there is one appointment of a key at a time.
        action: what is done.
        cancelled: whether it no longer counts.
    """

    due: int
    rank: int
    serial: int
    key: Hashable = field(compare=False)
    action: Callable[[], None] = field(compare=False)
    cancelled: bool = field(default=False, compare=False)


class Agenda:
    """Appointments in the order in which they are due.

    Attributes:
        next_due: when the first one is due, `NEVER` without any.
    """

    def __init__(self) -> None:
        """Begin empty."""
        self._heap: list[Appointment] = []
        self._by_key: dict[Hashable, Appointment] = {}
        self._serial = 0
        self.next_due = NEVER

    def __contains__(self, key: Hashable) -> bool:
        """Return whether a key has an appointment."""
        return key in self._by_key

    def put(self, key: Hashable, due: int, priority: int, action: Callable[[], None]) -> None:
        """Make an appointment; an earlier one of the same key is cancelled."""
        self.cancel(key)
        self._serial += 1
        made = Appointment(due, -priority, self._serial, key, action)
        self._by_key[key] = made
        heapq.heappush(self._heap, made)
        self.next_due = self._heap[0].due

    def cancel(self, key: Hashable) -> bool:
        """Cancel an appointment; return whether there was one."""
        found = self._by_key.pop(key, None)
        if found is None:
            return False
        found.cancelled = True
        self._drop_cancelled()
        return True

    def pop(self) -> Appointment:
        """Remove and return the first appointment.

        Raises:
            IndexError: there is none.
        """
        first = heapq.heappop(self._heap)
        del self._by_key[first.key]
        self._drop_cancelled()
        return first

    def clear(self) -> None:
        """Cancel everything."""
        self._heap.clear()
        self._by_key.clear()
        self.next_due = NEVER

    def _drop_cancelled(self) -> None:
        while self._heap and self._heap[0].cancelled:
            heapq.heappop(self._heap)
        self.next_due = self._heap[0].due if self._heap else NEVER
