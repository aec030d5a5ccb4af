"""The instructions that ask the CPU for something: one table of requests and of the parts that answer them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from virtual_plc.cpu.clock import MICROSECOND, Clock
from virtual_plc.cpu.diagnostics import DiagnosticBuffer, Event
from virtual_plc.cpu.faults import CpuStop
from virtual_plc.cpu.interrupts import Interrupts, return_value
from virtual_plc.cpu.running import Running


class ProgramRequests:
    """Answers what a program asks.

    Attributes:
        running: the program; set when it was made.
    """

    def __init__(self, clock: Clock, interrupts: Interrupts, diagnostics: DiagnosticBuffer) -> None:
        """Keep the parts of the CPU that answer."""
        self.running: Running | None = None
        self._clock, self._interrupts, self._diagnostics = clock, interrupts, diagnostics
        self._requests: dict[str, Callable[..., int | None]] = {
            "STP": self._stop,
            "RE_TRIGR": self._retrigger,
            "WAIT": self._wait,
            "WR_SYS_T": self.set_clock,
            "WR_LOC_T": self._set_local_clock,
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
        }
        self._queries: dict[str, Callable[..., dict[str, Any]]] = {
            "QRY_DINT": interrupts.query_delay,
            "QRY_TINT": interrupts.query_time,
            "QRY_CINT": interrupts.query_cyclic,
        }

    def request(self, what: str, arguments: Mapping[str, Any]) -> int:
        """Do what an instruction asks for; return RET_VAL as Int.

        Raises:
            KeyError: no CPU here does this.
            CpuStop: the program asked for STOP.
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

    def set_clock(self, IN: int) -> None:
        """WR_SYS_T: set the clock to a moment in nanoseconds since 1970, UTC."""
        self._clock.set_wall(IN)
        if self.running is not None:
            self.running.move(self._clock.now)
        self._interrupts.clock_was_set()
        self._diagnostics.note(IN, Event.CLOCK_SET)

    def _set_local_clock(self, LOCTIME: int, DST: bool = False) -> None:
        self.set_clock(self._clock.from_local(LOCTIME, later=not DST))
