"""The alarms of a CPU, as operator panels get them: those of the program, messages, and those of the CPU itself.

The program, the CPU and clients that acknowledge use it from their threads. Facts: docs/facts/alarms.md#alarms-of-a-program;
decisions: docs/conformance-plc/alarms.md.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any, Final

from simatic_xml.instructions.alarm_texts import fill

KEPT: Final = 3200
"""Events that are kept."""
PENDING: Final = 600
"""Alarms that can be pending at the same time."""
COME, GONE, ACKNOWLEDGED = 0x01, 0x02, 0x04
"""Bits of the state that Get_AlarmState gives."""


class Origin(StrEnum):
    """What raises an alarm."""

    PROGRAM = "program"
    MESSAGE = "message"
    GRAPH = "graph"
    SUPERVISION = "supervision"
    SYSTEM = "system"


class Change(StrEnum):
    """What happens to an alarm."""

    RAISED = "raised"
    CLEARED = "cleared"
    ACKNOWLEDGED = "acknowledged"


@dataclass(frozen=True, slots=True)
class AlarmEvent:
    """A change of an alarm.

    Attributes:
        alarm: its name: `"DB".high_level` for an instance of Program_Alarm.
        change: what happens to it.
        moment: nanoseconds since 1970 (UTC), by the clock of the CPU or by TIMESTAMP.
        values: associated values SD_1 to SD_10, None where the call has none.
        texts: its text by language, with the associated values; empty where the program has none.
        origin: what raises it.
        needs_acknowledge: whether it stays after it has gone, until it is acknowledged.
        serial: counts all events of the CPU, from 1.
        recorded: real time in microseconds since 1970.
    """

    alarm: str
    change: Change
    moment: int
    values: tuple[Any, ...] = ()
    texts: Mapping[str, str] = field(default_factory=dict)
    origin: Origin = Origin.PROGRAM
    needs_acknowledge: bool = True
    serial: int = 0
    recorded: int = 0

    @property
    def coming(self) -> bool:
        """Whether the alarm comes."""
        return self.change is Change.RAISED


@dataclass(frozen=True, slots=True)
class AlarmStatus:
    """An alarm that is pending, or that has gone and waits for its acknowledgement.

    Attributes:
        came: the event with which it came last.
        pending: whether it has not gone yet.
        acknowledged: whether somebody has acknowledged it.
    """

    came: AlarmEvent
    pending: bool = True
    acknowledged: bool = False

    @property
    def byte(self) -> int:
        """The state as Get_AlarmState gives it."""
        return (COME if self.pending else GONE) | (ACKNOWLEDGED if self.acknowledged else 0)


class Alarms:
    """The alarms of a CPU.

    Attributes:
        events: what has happened, the oldest first.
        pending: the pending alarms by name.
        gone: the alarms that have gone and wait for their acknowledgement.
        most: alarms of the program that can be pending at the same time.
        texts: texts of the alarms of the program by casefolded name.
        serial: how many events there were.
    """

    def __init__(self) -> None:
        """Begin without alarms."""
        self.events: deque[AlarmEvent] = deque(maxlen=KEPT)
        self.pending: dict[str, AlarmStatus] = {}
        self.gone: dict[str, AlarmStatus] = {}
        self.most = PENDING
        self.texts: Mapping[str, Mapping[str, str]] = {}
        self.serial = 0
        self._lock = threading.RLock()

    def raise_(
        self,
        alarm: str,
        moment: int,
        values: Sequence[Any] = (),
        *,
        texts: Mapping[str, str] | None = None,
        origin: Origin = Origin.PROGRAM,
        needs_acknowledge: bool = True,
    ) -> bool:
        """Let an alarm come; return whether there was room for it. One that is pending stays as it is.

        Args:
            alarm: its name.
            moment: nanoseconds since 1970.
            values: its associated values.
            texts: its text by language, with places for the values; that of the program without one.
            origin: what raises it.
            needs_acknowledge: whether it has to be acknowledged.
        """
        with self._lock:
            if alarm in self.pending:
                return True
            if origin is not Origin.SYSTEM and len(self.pending) >= self.most:
                return False
            own = self.texts.get(alarm.casefold(), {}) if texts is None else texts
            event = AlarmEvent(
                alarm, Change.RAISED, moment, tuple(values), fill(own, values), origin, needs_acknowledge
            )
            self.gone.pop(alarm, None)
            self.pending[alarm] = AlarmStatus(self._note(event), acknowledged=not needs_acknowledge)
        return True

    def clear(self, alarm: str, moment: int, values: Sequence[Any] = ()) -> None:
        """Let an alarm go; nothing happens where it is not pending."""
        with self._lock:
            status = self.pending.pop(alarm, None)
            if status is None:
                return
            self._note(replace(status.came, change=Change.CLEARED, moment=moment, values=tuple(values)))
            if not status.acknowledged:
                self.gone[alarm] = replace(status, pending=False)
                if len(self.gone) > KEPT:
                    del self.gone[next(iter(self.gone))]

    def acknowledge(self, alarm: str, moment: int) -> bool:
        """Acknowledge an alarm; return whether it waited for that."""
        with self._lock:
            status = self.pending.get(alarm) or self.gone.pop(alarm, None)
            if status is None or status.acknowledged:
                return False
            self._note(replace(status.came, change=Change.ACKNOWLEDGED, moment=moment))
            if status.pending:
                self.pending[alarm] = replace(status, acknowledged=True)
        return True

    def report(self, alarm: str, moment: int, text: str) -> None:
        """Let an event of the CPU come and go at once."""
        self.raise_(alarm, moment, texts={"en-US": text}, origin=Origin.SYSTEM, needs_acknowledge=False)
        self.clear(alarm, moment)

    def state(self, alarm: str | None) -> int:
        """Return the state of an alarm as Get_AlarmState gives it; 0 for one that has not come, or is over."""
        found = self.pending.get(alarm or "") or self.gone.get(alarm or "")
        return 0 if found is None else found.byte

    def remove(self, moment: int, is_gone: Callable[[AlarmStatus], bool]) -> None:
        """Clear pending alarms, and forget those that have gone, of which a function says that they are no longer there."""
        with self._lock:
            for name, status in list(self.pending.items()):
                if is_gone(status):
                    self.clear(name, moment)
            for name, status in list(self.gone.items()):
                if is_gone(status):
                    del self.gone[name]

    def stop(self, moment: int) -> None:
        """Clear and forget the alarms of the program, as a STOP does; the events stay."""
        self.remove(moment, lambda status: status.came.origin is not Origin.SYSTEM)

    def since(self, serial: int) -> list[AlarmEvent] | None:
        """Return the events after the one with a number; None where some of them are not kept any more."""
        with self._lock:
            if serial > self.serial or self.serial - serial > len(self.events):
                return None
            return [each for each in self.events if each.serial > serial]

    def statuses(self) -> tuple[int, list[AlarmStatus]]:
        """Return all alarms, and the number of the last event that counts for them."""
        with self._lock:
            return self.serial, [*self.pending.values(), *self.gone.values()]

    def _note(self, event: AlarmEvent) -> AlarmEvent:
        self.serial += 1
        made = replace(event, serial=self.serial, recorded=time.time_ns() // 1000)
        self.events.append(made)
        return made

    def __iter__(self) -> Iterator[AlarmStatus]:
        """Yield all alarms of this moment."""
        return iter(self.statuses()[1])
