"""The instructions that use functions of the CPU: one table of requests and of the parts that answer them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from virtual_plc.cpu.alarm_reports import AlarmReports
from virtual_plc.cpu.clock import MICROSECOND, Clock
from virtual_plc.cpu.diagnostics import DiagnosticBuffer, Event
from virtual_plc.cpu.interrupts import Interrupts, return_value
from virtual_plc.cpu.running import Running
from virtual_plc.cpu.runtime_meters import RuntimeMeters
from virtual_plc.cpu.time_zone import Changeover, RuleZone
from virtual_plc.faults import CpuStop

NO_SUCH_LOCAL_TIME = 0x8089
"""RET_VAL for an hour that the change to daylight saving time leaves out."""


class ProgramRequests:
    """Answers what a program asks.

    Attributes:
        running: the program; set when it was made.
        meters: the runtime meters.
    """

    def __init__(
        self, clock: Clock, interrupts: Interrupts, diagnostics: DiagnosticBuffer, alarm_reports: AlarmReports
    ) -> None:
        """Keep the parts of the CPU that answer."""
        self.running: Running | None = None
        self.meters = RuntimeMeters(clock)
        self._clock, self._interrupts, self._diagnostics = clock, interrupts, diagnostics
        self._alarm_reports = alarm_reports
        self._requests: dict[str, Callable[..., int | None]] = {
            "STP": self._stop,
            "RE_TRIGR": self._retrigger,
            "WAIT": self._wait,
            "WR_SYS_T": self._set_system_clock,
            "WR_LOC_T": self._set_local_clock,
            "SET_TIMEZONE": self._set_time_zone,
            "SRT_DINT": interrupts.start_delay,
            "CAN_DINT": interrupts.cancel_delay,
            "SET_TINT": interrupts.set_time,
            "SET_TINTL": interrupts.set_time,
            "CAN_TINT": interrupts.cancel_time,
            "ACT_TINT": interrupts.activate_time,
            "SET_CINT": interrupts.set_cyclic,
            "ATTACH": interrupts.attach,
            "DETACH": interrupts.detach,
            "DIS_AIRT": interrupts.delay_all,
            "EN_AIRT": interrupts.release_all,
            "Gen_UsrMsg": self._note_message,
        }
        self._queries: dict[str, Callable[..., dict[str, Any]]] = {
            "QRY_DINT": interrupts.query_delay,
            "QRY_TINT": interrupts.query_time,
            "QRY_CINT": interrupts.query_cyclic,
            "RTM": self.meters.use,
            "RD_LOC_T": self._query_local_time,
            "RD_SINFO": self._query_starts,
        }

    def request(self, what: str, arguments: Mapping[str, Any]) -> int:
        """Execute the request of an instruction; return RET_VAL as Int.

        Raises:
            KeyError: no CPU here does this.
            CpuStop: the program requested STOP.
        """
        return return_value(self._requests[what](**arguments) or 0)

    def query(self, what: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the outputs of an instruction by name, RET_VAL as `Ret_Val`.

        Raises:
            KeyError: no CPU here knows this.
        """
        return self._queries[what](**arguments)

    def _program(self) -> Running:
        assert self.running is not None  # noqa: S101 - who asks is running
        return self.running

    def _stop(self) -> None:
        raise CpuStop

    def _retrigger(self) -> None:
        self._program().retrigger()

    def _wait(self, WT: int) -> None:
        self._program().wait(max(WT, 0) * MICROSECOND)

    def _note_message(self, Mode: int, TextID: int, TextListID: int, AssocValues: Mapping[str, Any]) -> None:
        """Enter a message of the program in the diagnostic buffer, and report it as an alarm."""
        detail = f"Text {TextID} of text list {TextListID}, values {dict(AssocValues)}."
        self._diagnostics.note(self._clock.wall, Event.MESSAGE_COMES if Mode == 1 else Event.MESSAGE_GOES, detail)
        self._alarm_reports.message(Mode, TextID, TextListID, AssocValues)

    def set_clock(self, IN: int) -> None:
        """Set the clock to a moment in nanoseconds since 1970, UTC."""
        self._clock.set_wall(IN)
        if self.running is not None:
            self.running.show_clock()
        self._interrupts.clock_was_set()
        self._diagnostics.note(IN, Event.CLOCK_SET)

    def _set_system_clock(self, IN: int) -> None:
        """WR_SYS_T: set the clock, which the program then reads as it has set it, also after it has waited."""
        self.set_clock(IN - self._program().ahead)

    def _set_local_clock(self, LOCTIME: int, DST: bool = False) -> int:
        moment = self._clock.from_local(LOCTIME, later=not DST)
        if self._clock.local(moment) != LOCTIME:
            return NO_SUCH_LOCAL_TIME
        self._set_system_clock(moment)
        return 0

    def _set_time_zone(self, **rule: int) -> None:
        """SET_TIMEZONE: take a TimeTransformationRule; what depends on the local time follows."""
        daylight, standard = (
            Changeover(*(rule[f"{season}Start{part}"] for part in ("Month", "Week", "Weekday", "Hour", "Minute")))
            for season in ("Daylight", "Standard")
        )
        self._clock.set_zone(RuleZone(rule["Bias"], rule["DaylightBias"], daylight, standard))
        if self.running is not None:
            self.running.show_clock()
        self._interrupts.clock_was_set()

    def _query_starts(self) -> dict[str, Any]:
        """RD_SINFO: return the starts of the OB that runs and of the last startup OB, None for one that there is not."""
        program = self._program()
        return {"TOP_SI": program.current[-1] if program.current else None, "START_UP_SI": program.startup}

    def _query_local_time(self) -> dict[str, Any]:
        """RD_LOC_T: return RET_VAL, 1 in daylight saving time."""
        return {"Ret_Val": int(self._clock.is_summer(self._clock.wall))}
