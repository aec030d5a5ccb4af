"""Reports what happens in a CPU as alarms: its own events, messages, and operands that the program supervises.

Decisions: docs/conformance-plc/alarms.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Final

from virtual_plc.cpu.clock import Clock
from virtual_plc.cpu.diagnostics import Entry, Event
from virtual_plc.cpu.supervisions import Supervisions
from virtual_plc.faults import StackFault, TimeFault
from virtual_plc.memory.alarm_sources import find_alarms
from virtual_plc.memory.memory import Memory
from virtual_plc.surroundings.alarms import Alarms, AlarmStatus, Origin

OWN = STOP, CYCLE_TIME, FAULT, MODULE, CONNECTION = (
    "System.Stop",
    "System.CycleTime",
    "System.Fault",
    "System.Module",
    "System.Connection",
)
"""Alarms of the CPU itself."""
_STOPS: Final = frozenset(each.number for each in Event if each.name.startswith("STOP_"))
_SILENT: Final = frozenset(each.number for each in Event) - _STOPS - {Event.CONNECTION.number}
"""Events of the diagnostic buffer that are no alarms."""


class AlarmReports:
    """Lets alarms come and go.

    Attributes:
        supervisions: the operands that the program supervises.
    """

    def __init__(self, alarms: Alarms, clock: Clock) -> None:
        """Report to these alarms."""
        self._alarms, self._clock = alarms, clock
        self.supervisions = Supervisions(alarms, clock)

    def load(self, memory: Memory) -> None:
        """Take another program: alarms that it does not have any more go."""
        sources = {each.name.casefold(): each for each in find_alarms(memory.program)}
        self._alarms.texts = {name: each.texts for name, each in sources.items()}
        self.supervisions.load(sources.values(), memory)

        def is_gone(status: AlarmStatus) -> bool:
            own = status.came.origin not in (Origin.SYSTEM, Origin.MESSAGE)
            return own and status.came.alarm.casefold() not in sources

        self._alarms.remove(self._clock.wall, is_gone)

    def enter(self, entry: Entry) -> None:
        """Report an entry of the diagnostic buffer."""
        if entry.event in _STOPS:
            own = {"en-US": entry.text}
            self._alarms.raise_(STOP, entry.moment, texts=own, origin=Origin.SYSTEM, needs_acknowledge=False)
        elif entry.event == Event.STARTUP.number:
            self.supervisions.restart()
        elif entry.event == Event.RUN.number:
            self._alarms.clear(STOP, entry.moment)
        elif entry.event == Event.POWER_OFF.number:
            self._alarms.remove(entry.moment, lambda status: status.came.origin is Origin.SYSTEM)
        elif entry.code:
            is_time = entry.code in (TimeFault.code, StackFault.code)
            self._alarms.report(CYCLE_TIME if is_time else FAULT, entry.moment, entry.text)
        elif entry.event not in _SILENT:
            is_connection = entry.event == Event.CONNECTION.number
            self._alarms.report(CONNECTION if is_connection else MODULE, entry.moment, entry.text)

    def message(self, mode: int, text: int, text_list: int, values: Mapping[str, Any]) -> None:
        """Report a message of the program (Gen_UsrMsg): 1 comes, 2 goes; it needs no acknowledgement."""
        name, moment = f"Message.{text_list}.{text}", self._clock.wall
        if mode != 1:
            self._alarms.clear(name, moment)
            return
        given = next((each for each in values.values() if isinstance(each, list)), [])
        own = {"en-US": f"Text {text} of text list {text_list}"}
        self._alarms.raise_(name, moment, given, texts=own, origin=Origin.MESSAGE, needs_acknowledge=False)
