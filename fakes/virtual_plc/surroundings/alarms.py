"""The program alarms of a CPU, as an operator panel would get them.

A test reads the events, and acknowledges alarms. Facts: docs/facts/communication.md#program-alarms.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Any, Final

KEPT: Final = 3200
"""Events that are kept."""
PENDING: Final = 600
"""Alarms that can be pending at the same time."""


@dataclass(frozen=True, slots=True)
class AlarmEvent:
    """A change of a program alarm.

    Attributes:
        alarm: name of its instance: `"DB".high_level`.
        coming: whether the alarm comes; else it goes.
        moment: nanoseconds since 1970 (UTC).
        values: associated values SD_1 to SD_10, None where the call has none.
    """

    alarm: str
    coming: bool
    moment: int
    values: tuple[Any, ...] = ()


@dataclass(slots=True)
class Alarms:
    """The alarms of a program.

    Attributes:
        events: what has happened, the oldest first.
        pending: the event with which each pending alarm came, by its name.
        most: alarms that can be pending at the same time.
    """

    events: deque[AlarmEvent] = field(default_factory=lambda: deque(maxlen=KEPT))
    pending: dict[str, AlarmEvent] = field(default_factory=dict)
    most: int = PENDING

    def take(self, event: AlarmEvent) -> bool:
        """Take an event; return whether there was room for it."""
        if not event.coming:
            self.pending.pop(event.alarm, None)
        elif event.alarm not in self.pending and len(self.pending) >= self.most:
            return False
        else:
            self.pending[event.alarm] = event
        self.events.append(event)
        return True

    def clear(self) -> None:
        """Delete the pending alarms, as a restart does; the events stay."""
        self.pending.clear()
