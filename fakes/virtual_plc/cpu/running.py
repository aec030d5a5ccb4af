"""Run a program on a virtual CPU: execute its OBs, watch its scan time, and call the OBs of its faults.

This is what a tier knows of the CPU (`services.Services`). Time within a scan is counted, not measured: each loop turn
and each call takes `Settings.step_time`, so that a run can be repeated; the maximum cycle time is compared with this count and
with what the program waits, never with the real clock. An endless loop ends by this count, and by the
real clock should the program restart its monitoring time again and again. When the next scan begins does not depend on
the count, which differs between tiers, but only on what the program waits.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from typing import Any, Protocol

from simatic_xml.program.diagnostics import Place
from simatic_xml.program.failures import place_of
from virtual_plc.cpu.clock import Clock
from virtual_plc.cpu.diagnostics import DiagnosticBuffer
from virtual_plc.cpu.execution import Executable
from virtual_plc.cpu.organization_blocks import (
    TIME_ERROR,
    OrganizationBlock,
    OrganizationBlocks,
    Reaction,
    Start,
    reaction,
)
from virtual_plc.cpu.settings import Settings
from virtual_plc.faults import CpuStop, Fault, StackFault, TimeFault, as_fault
from virtual_plc.memory.call_names import CallSite
from virtual_plc.memory.program import Program
from virtual_plc.surroundings import Surroundings

_SLICE = 50_000
"""Loop turns and calls between two checks of the time."""
_DEPTH = {"S7-1200": 16, "S7-1500": 24, "S7-300": 16, "S7-400": 24}
_MAX_CYCLE_EXCEEDED = 0x01
_BLOCK_TYPES = {"OB": 0x88, "FB": 0x8E, "FC": 0x8C}


class Requests(Protocol):
    """What the program can ask of its CPU."""

    def request(self, what: str, arguments: Mapping[str, Any]) -> int:
        """Execute the request of an instruction; return RET_VAL."""

    def query(self, what: str, arguments: Mapping[str, Any]) -> dict[str, Any]:
        """Return the outputs of an instruction that asks about the CPU."""


class Running:
    """The services of a CPU for the program that it runs; see `Services` for what a program uses.

    Attributes:
        executable: the program, set when a tier has made it.
        organization_blocks: its OBs.
        stopping: set from another thread to end the scan soon.
        waited: nanoseconds that the scan has waited so far (WAIT).
        monitored: whether the cycle time is watched (it is not during startup).
        current: the OBs that run just now, an interrupted one before the one that interrupts it.
        startup: the startup OB that ran last, None without one.
    """

    def __init__(
        self,
        program: Program,
        settings: Settings,
        clock: Clock,
        diagnostics: DiagnosticBuffer,
        requests: Requests,
        surroundings: Surroundings | None = None,
    ) -> None:
        """Prepare for a program; nothing runs yet."""
        self.surroundings = surroundings or Surroundings()
        self.organization_blocks = OrganizationBlocks(program)
        self.executable: Executable | None = None
        self._program, self._settings, self._clock = program, settings, clock
        self._diagnostics, self._requests = diagnostics, requests
        self.now = self.wall_clock = self.local_clock = 0
        self.budget = _SLICE
        self.depth, self.most_depth = 0, _DEPTH.get(program.cpu.family, 24)
        self.local = False
        self.error: Fault | None = None
        self.sites: list[CallSite] = []
        self.stopping = self.monitored = False
        self.current: list[Start] = []
        self.startup: Start | None = None
        self.waited = self._counted = self._watched_from = self._exceeded = self._runtime = 0
        self._deadline: float | None = None

    # The scan, as the CPU uses it -------------------------------------------------------------------------------------

    def begin(self, now: int) -> None:
        """Begin a scan or an interrupt at a virtual time: what time it has taken counts from zero again."""
        self.waited = self._counted = self._watched_from = self._exceeded = 0
        self.budget = _SLICE
        self._deadline = None
        self.move(now)

    def move(self, now: int) -> None:
        """Show the program another virtual time."""
        self.now = self._clock.now = now
        self.show_clock()

    def show_clock(self) -> None:
        """Show the program the clock at its virtual time, which what it has waited has moved on."""
        self.wall_clock = wall = self._clock.wall + self.ahead
        self.local_clock = self._clock.local(wall)

    @property
    def ahead(self) -> int:
        """Nanoseconds that the program's time is ahead of the clock's, because it has waited."""
        return self.now - self._clock.now

    @property
    def elapsed(self) -> int:
        """Nanoseconds that the scan has taken so far, as counted."""
        return self._counted + (_SLICE - self.budget) * self._settings.step_time

    def execute(self, start: Start) -> None:
        """Execute an OB.

        Raises:
            CpuStop: the CPU has to stop.
        """
        assert self.executable is not None  # noqa: S101 - set where the program is loaded
        self.depth, self.local, self.error = 0, False, None
        self.current.append(start)
        if start.block.event == "Startup":
            self.startup = start
        try:
            self.executable.run(start.block.name, start.inputs)
            if self._is_late(self.elapsed):
                self.overrun()
        except CpuStop:
            raise
        except Exception as error:  # any error of a program is a fault of its CPU
            fault = as_fault(error, place_of(error) or Place(start.block.name))
            if isinstance(fault, TimeFault):
                raise CpuStop(fault) from error
            self._take(fault)
        finally:
            self.current.pop()

    # What the program calls -------------------------------------------------------------------------------------------

    def overrun(self) -> None:
        """Check the time and refill the budget; raise TimeFault or CpuStop when the scan has to end."""
        self._counted = self.elapsed
        self.budget = _SLICE
        self._look()

    def raise_stack_fault(self) -> None:
        """Raise StackFault."""
        raise self._too_deep()

    def runtime(self) -> int:
        """Return a count of nanoseconds that is larger at each call."""
        self._runtime = max(self._runtime + 1, self.now - self.waited + self.elapsed)
        return self._runtime

    def fault(self, fault: Fault) -> None:
        """Handle a fault where it happens; when this returns, the program continues.

        Raises:
            TimeFault: faults of this kind end the scan.
            CpuStop: the CPU has to stop.
        """
        if isinstance(fault, TimeFault):
            raise fault
        if self.local:
            self.error = self.error or fault
        else:
            self._take(fault)

    def request(self, what: str, **arguments: Any) -> int:
        """Do what an instruction asks of the CPU."""
        return self._requests.request(what, arguments)

    def query(self, what: str, **arguments: Any) -> dict[str, Any]:
        """Return the outputs of an instruction that asks about the CPU."""
        return self._requests.query(what, arguments)

    # What the program asks for through requests -----------------------------------------------------------------------

    def wait(self, nanoseconds: int) -> None:
        """Let virtual time pass within the scan (WAIT); the program and its timers see the later time."""
        self.waited += nanoseconds
        self._counted += nanoseconds
        self._look()
        self.now += nanoseconds
        self.show_clock()

    def retrigger(self) -> None:
        """Begin to watch the cycle time again (RE_TRIGR)."""
        self._watched_from, self._exceeded = self.elapsed, 0

    def _too_deep(self) -> StackFault:
        return StackFault(f"Calls are nested deeper than the {self.most_depth} levels of the CPU.")

    def _look(self) -> None:
        if self.stopping:
            raise CpuStop
        real = time.perf_counter()
        if self._deadline is None:
            self._deadline = real + self._settings.patience
        elif real > self._deadline:
            raise TimeFault(f"The scan was cancelled after {self._settings.patience:g} s of real time.")
        while self._is_late(self._counted):
            self._cycle_time_exceeded()

    def _is_late(self, elapsed: int) -> bool:
        return self.monitored and elapsed - self._watched_from > self._settings.max_cycle

    def _cycle_time_exceeded(self) -> None:
        self._exceeded += 1
        self._watched_from += self._settings.max_cycle
        fault = TimeFault(
            f"The scan takes longer than the maximum cycle time of {self._settings.max_cycle // 1_000_000} ms."
        )
        if self._exceeded > 1:
            raise fault
        self._take(fault)

    def _take(self, fault: Fault) -> None:
        """Run the OB for a fault, or do what the CPU does without it."""
        handler = self.organization_blocks.by_number.get(fault.ob)
        wall = self._clock.wall
        if handler is None and reaction(self._program.cpu, fault.ob) is Reaction.IGNORE:
            self._diagnostics.fault(wall, fault, f"The program continues, because there is no OB{fault.ob}.")
        elif handler is None or any(each.block is handler for each in self.current):
            raise CpuStop(fault)
        else:
            self._diagnostics.fault(wall, fault, f"OB{fault.ob} runs.")
            kept = self.depth, self.local, self.error
            self.execute(self._start(handler, fault))
            self.depth, self.local, self.error = kept

    def _start(self, handler: OrganizationBlock, fault: Fault) -> Start:
        caller = self.current[-1].block if self.current else handler
        place = fault.place.block.casefold() if fault.place is not None else ""
        block = self._program.blocks.get(place)
        return handler.start(
            Fault_ID=_MAX_CYCLE_EXCEEDED if fault.ob == TIME_ERROR else fault.event & 0xFF,
            Csg_OBnr=caller.number,
            Csg_Prio=caller.priority,
            Block_Nr=block.number or 0 if block is not None else 0,
            BlockType=_BLOCK_TYPES.get(block.kind, 0) if block is not None else 0,
        )
