"""Interrupts: the events that start OBs besides the cycle, and the program's requests about them.

An interrupt waits until the scan is over and then runs at the virtual time at which it was due. Facts: return values of
SRT_DINT, CAN_DINT, SET_TINT, ACT_TINT, CAN_TINT, SET_CINT, ATTACH and DETACH as in their help (secondary).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from virtual_plc.cpu.clock import MICROSECOND, MILLISECOND, MINUTE, Clock
from virtual_plc.cpu.organization_blocks import OrganizationBlock, OrganizationBlocks, Start
from virtual_plc.cpu.scheduling import NEVER, Agenda
from virtual_plc.cpu.settings import Cyclic, Settings, TimeOfDay
from virtual_plc.cpu.time_of_day import Period, following

Execute = Callable[[Start], None]

_NO_OB, _BAD_SECOND, _BAD_THIRD = 0x8090, 0x8091, 0x8092
_NOT_STARTED, _PAST, _NOT_DELAYED, _NO_EVENT = 0x80A0, 0x80A1, 0x8080, 0x8093
_ACTIVE, _LOADED = 0b100, 0b10000
"""Bits of the status words: the interrupt is set and has not come yet; the OB is loaded."""
_LONGEST_DELAY = MINUTE
_LONGEST_CYCLE = MINUTE


def return_value(word: int) -> int:
    """Return a RET_VAL word as Int."""
    return word - 0x10000 if word & 0x8000 else word


@dataclass(slots=True)
class _Series:
    """An active cyclic interrupt: when it began, how often it came."""

    cyclic: Cyclic
    origin: int
    first: bool = True


class Interrupts:
    """The interrupts of a CPU; the agenda holds those that are due at a time.

    Attributes:
        agenda: what is due when.
        attached: number of the OB by hardware event.
        delayed: how often the program delayed interrupts (DIS_AIRT) without enabling them again (EN_AIRT).
    """

    def __init__(self, settings: Settings, clock: Clock) -> None:
        """Begin without any OB."""
        self.agenda = Agenda()
        self.attached: dict[int, int] = dict(settings.hardware)
        self.delayed = 0
        self._settings, self._clock = settings, clock
        self._blocks: OrganizationBlocks | None = None
        self._execute: Execute | None = None
        self._times: dict[int, TimeOfDay] = {}
        self._active: set[int] = set()
        self._series: dict[int, _Series] = {}

    # The CPU ----------------------------------------------------------------------------------------------------------

    def load(self, blocks: OrganizationBlocks, execute: Execute) -> None:
        """Use the OBs of another program; interrupts whose OBs it does not have are cancelled."""
        self._blocks, self._execute = blocks, execute
        for number in [*self._series, *self._times]:
            if number not in blocks.by_number:
                self._forget(number)

    def prepare(self) -> None:
        """Reset all settings that the program made, as at the beginning of a startup."""
        self.agenda.clear()
        self._series.clear()
        self._active.clear()
        self._times.clear()
        self.attached = dict(self._settings.hardware)
        self.delayed = 0
        for number, when in self._settings.time_of_day.items():
            if self._find(number, "TimeOfDay") is not None:
                self._times[number] = when
                self._active.add(number)

    def start(self) -> None:
        """Begin the cyclic interrupts, and those by time of day; also after a program was loaded in RUN."""
        assert self._blocks is not None  # noqa: S101 - loaded before
        for block in self._blocks.of_event("CyclicInterrupt"):
            if block.number not in self._series:
                cyclic = self._settings.cyclic.get(block.number, Cyclic())
                self._begin(block, cyclic)
        for number in self._active:
            self._arrange(number)

    def clock_was_set(self) -> None:
        """Arrange the interrupts by time of day again."""
        for number in self._active:
            self._arrange(number)

    def raise_hardware(self, event: int, information: Mapping[str, Any]) -> bool:
        """Start the OB of a hardware event as soon as possible; return whether one is attached."""
        block = self._find(self.attached.get(event, -1), "HardwareInterrupt")
        if block is None:
            return False
        self.raise_block(block, information)
        return True

    def raise_block(self, block: OrganizationBlock, information: Mapping[str, Any]) -> None:
        """Start an OB as soon as possible; each call is one start."""
        self.agenda.put(object(), self._clock.now, block.priority, lambda: self._run(block.number, information))

    def _run(self, number: int, information: Mapping[str, Any]) -> None:
        """Run an OB, as it is now; one that a download removed meanwhile does not run."""
        block = self._blocks.by_number.get(number) if self._blocks is not None else None
        if block is not None and self._execute is not None:
            self._execute(block.start(**information))

    def _find(self, number: int, event: str) -> OrganizationBlock | None:
        return self._blocks.find(number, event) if self._blocks is not None else None

    def _forget(self, number: int) -> None:
        self.agenda.cancel(number)
        self._series.pop(number, None)
        self._times.pop(number, None)
        self._active.discard(number)

    # Cyclic interrupts ------------------------------------------------------------------------------------------------

    def _begin(self, block: OrganizationBlock, cyclic: Cyclic) -> None:
        self._series[block.number] = series = _Series(cyclic, self._clock.now)
        self._next_cyclic(block, series, series.origin + cyclic.phase + cyclic.period)

    def _next_cyclic(self, block: OrganizationBlock, series: _Series, due: int) -> None:
        def occur() -> None:
            self._next_cyclic(block, series, due + series.cyclic.period)
            first, series.first = series.first, False
            self._run(block.number, {"Initial_Call": first, "Event_Count": 0})

        self.agenda.put(block.number, due, block.priority, occur)

    def set_cyclic(self, OB_NR: int, CYCLE: int, PHASE: int) -> int:
        """SET_CINT: give a cyclic interrupt another period and phase, in microseconds; a period of 0 ends it."""
        block = self._find(OB_NR, "CyclicInterrupt")
        if block is None:
            return _NO_OB
        if not (CYCLE == 0 or 250 <= CYCLE <= _LONGEST_CYCLE // MICROSECOND):
            return _BAD_SECOND
        if CYCLE and PHASE >= CYCLE:
            return _BAD_THIRD
        self.agenda.cancel(OB_NR)
        cyclic = Cyclic(CYCLE * MICROSECOND, PHASE * MICROSECOND)
        if CYCLE:
            self._begin(block, cyclic)
        else:
            self._series[OB_NR] = _Series(cyclic, self._clock.now)
        return 0

    def query_cyclic(self, OB_NR: int) -> dict[str, Any]:
        """QRY_CINT: return period and phase in microseconds, and the status word."""
        if self._find(OB_NR, "CyclicInterrupt") is None:
            return {"Ret_Val": return_value(_NO_OB), "CYCLE": 0, "PHASE": 0, "STATUS": 0}
        series = self._series.get(OB_NR)
        cyclic = series.cyclic if series is not None else self._settings.cyclic.get(OB_NR, Cyclic())
        status = _LOADED | (_ACTIVE if OB_NR in self.agenda else 0)
        return {
            "Ret_Val": 0,
            "CYCLE": cyclic.period // MICROSECOND,
            "PHASE": cyclic.phase // MICROSECOND,
            "STATUS": status,
        }

    # Delay interrupts -------------------------------------------------------------------------------------------------

    def start_delay(self, OB_NR: int, DTIME: int, SIGN: int) -> int:
        """SRT_DINT: start an OB after a time in milliseconds; started again, the time begins again."""
        block = self._find(OB_NR, "TimeDelayInterrupt")
        if block is None:
            return _NO_OB
        if not 1 <= DTIME <= _LONGEST_DELAY // MILLISECOND:
            return _BAD_SECOND
        due = self._clock.now + DTIME * MILLISECOND
        self.agenda.put(OB_NR, due, block.priority, lambda: self._run(OB_NR, {"Sign": SIGN}))
        return 0

    def cancel_delay(self, OB_NR: int) -> int:
        """CAN_DINT: cancel a delay interrupt."""
        if self._find(OB_NR, "TimeDelayInterrupt") is None:
            return _NO_OB
        return 0 if self.agenda.cancel(OB_NR) else _NOT_STARTED

    def query_delay(self, OB_NR: int) -> dict[str, Any]:
        """QRY_DINT: return the status word."""
        if self._find(OB_NR, "TimeDelayInterrupt") is None:
            return {"Ret_Val": return_value(_NO_OB), "STATUS": 0}
        return {"Ret_Val": 0, "STATUS": _LOADED | (_ACTIVE if OB_NR in self.agenda else 0)}

    # Interrupts by time of day ----------------------------------------------------------------------------------------

    def set_time(self, OB_NR: int, SDT: int, PERIOD: int, LOCAL: bool = False, ACTIVATE: bool = False) -> int:
        """SET_TINT and SET_TINTL: set start and period of an interrupt by time of day, and activate it if asked."""
        if self._find(OB_NR, "TimeOfDay") is None:
            return _NO_OB
        if PERIOD not in list(Period):
            return _BAD_THIRD
        self._active.discard(OB_NR)
        self.agenda.cancel(OB_NR)
        when = self._times[OB_NR] = TimeOfDay(SDT, Period(PERIOD), LOCAL)
        if when.period is Period.ONCE and self._due(when) is None:
            return _PAST
        return self.activate_time(OB_NR) if ACTIVATE else 0

    def activate_time(self, OB_NR: int) -> int:
        """ACT_TINT: activate an interrupt by time of day."""
        if self._find(OB_NR, "TimeOfDay") is None:
            return _NO_OB
        when = self._times.get(OB_NR)
        if when is None:
            return _NOT_STARTED
        if self._due(when) is None:
            return _PAST
        self._active.add(OB_NR)
        self._arrange(OB_NR)
        return 0

    def cancel_time(self, OB_NR: int) -> int:
        """CAN_TINT: cancel an interrupt by time of day."""
        if self._find(OB_NR, "TimeOfDay") is None:
            return _NO_OB
        if OB_NR not in self._times:
            return _NOT_STARTED
        self._forget(OB_NR)
        return 0

    def query_time(self, OB_NR: int) -> dict[str, Any]:
        """QRY_TINT: return the status word."""
        if self._find(OB_NR, "TimeOfDay") is None:
            return {"Ret_Val": return_value(_NO_OB), "STATUS": 0}
        return {"Ret_Val": 0, "STATUS": _LOADED | (_ACTIVE if OB_NR in self._active else 0)}

    def _due(self, when: TimeOfDay, after: int | None = None) -> int | None:
        """Return the virtual time of the next moment, None when none follows."""
        wall = self._clock.wall if after is None else after
        moment = following(when.start, when.period, self._clock.local(wall) if when.local else wall)
        if moment is None:
            return None
        moment = self._clock.from_local(moment) if when.local else moment
        return self._clock.now + moment - self._clock.wall

    def _arrange(self, number: int) -> None:
        block, when = self._find(number, "TimeOfDay"), self._times[number]
        due = self._due(when)
        if block is None or due is None or due >= NEVER:
            self.agenda.cancel(number)
            return

        def occur() -> None:
            if when.period is Period.ONCE:
                self._active.discard(number)
            else:
                self._arrange(number)
            self._run(number, {"CaughtUp": False, "SecondTime": False})

        self.agenda.put(number, due, block.priority, occur)

    # Hardware interrupts ----------------------------------------------------------------------------------------------

    def attach(self, OB_NR: int, EVENT: int, ADD: bool) -> int:
        """ATTACH: assign an OB to a hardware event, in addition to its OBs (ADD) or instead of them."""
        if self._find(OB_NR, "HardwareInterrupt") is None:
            return _NO_OB
        if not ADD:
            self.detach(OB_NR)
        self.attached[EVENT] = OB_NR
        return 0

    def detach(self, OB_NR: int, EVENT: int = 0) -> int:
        """DETACH: detach an OB from an event, from all of its events with EVENT 0."""
        if self._find(OB_NR, "HardwareInterrupt") is None:
            return _NO_OB
        gone = [event for event, number in self.attached.items() if number == OB_NR and EVENT in (0, event)]
        for event in gone:
            del self.attached[event]
        return 0 if gone else _NO_EVENT

    def delay_all(self) -> int:
        """DIS_AIRT: let interrupts wait for the end of the scan, as they always do; return how often it was called."""
        self.delayed += 1
        return self.delayed

    def release_all(self) -> int:
        """EN_AIRT: reverse DIS_AIRT once; return how often it still applies."""
        if not self.delayed:
            return _NOT_DELAYED
        self.delayed -= 1
        return self.delayed
