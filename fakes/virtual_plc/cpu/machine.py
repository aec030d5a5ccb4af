"""The machine inside a virtual CPU: its operating states, its program, and its next actions.

Facts: operating states of PLCSIM Advanced (docs/facts/plcsim-advanced.md#operating-states);
docs/facts/execution.md#start-and-cycle.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simatic_xml.program.diagnostics import Diagnostic
from virtual_plc.cpu import loading
from virtual_plc.cpu.alarm_reports import AlarmReports
from virtual_plc.cpu.clock import MILLISECOND, Clock, Pace
from virtual_plc.cpu.cycle import Cycle
from virtual_plc.cpu.diagnostics import DiagnosticBuffer, Event
from virtual_plc.cpu.execution import Executable
from virtual_plc.cpu.gate import Gate
from virtual_plc.cpu.interrupts import Interrupts
from virtual_plc.cpu.loading import LoadRefusedError, Tier, usual_tier
from virtual_plc.cpu.pacing import Pacer
from virtual_plc.cpu.requests import ProgramRequests
from virtual_plc.cpu.running import Running
from virtual_plc.cpu.scheduling import NEVER
from virtual_plc.cpu.settings import Settings
from virtual_plc.cpu.states import CpuError, State
from virtual_plc.cpu.system_memory import system_memory_of
from virtual_plc.faults import CpuStop, TimeFault
from virtual_plc.memory.load_memory import relocate
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import Program
from virtual_plc.surroundings import Surroundings

ON = (State.STOP, State.STARTUP, State.RUN, State.FREEZE)
"""States in which memory can be read and written."""
ACTIVE = (State.STARTUP, State.RUN, State.FREEZE)
"""States in which the program has started."""


class Machine:
    """A CPU with its operating states and its program; `VirtualCpu` adds access from outside.

    Attributes:
        name: its name.
        tier: what executes the programs that are loaded from now on; None for the usual one.
        settings: its configuration.
        clock: virtual time and what the CPU's clock shows.
        diagnostics: diagnostic buffer, the newest entry first.
        surroundings: modules, memory card, network and serial lines; they stay when a program is loaded.
        memory: its memory; a load replaces it. Take `read` and `write` while a thread scans.
        program: the loaded program, None for an empty CPU.
        executable: the program as its tier has made it.
        on_state: called with the old and the new state.
        on_cycle: called at the end of each scan, on the thread that scans; reading and writing is allowed there.
    """

    def __init__(
        self,
        program: Program | None = None,
        *,
        name: str = "PLC_1",
        tier: Tier | None = None,
        cycle_ms: float = 10.0,
        pace: Pace = Pace.CALLER,
        scale: float = 1.0,
        settings: Settings | None = None,
    ) -> None:
        """Create a CPU that is off.

        Args:
            program: the program to load, None without one.
            name: name of the CPU.
            tier: the function that makes a program executable; None for the usual one.
            cycle_ms: milliseconds from one scan to the next.
            pace: who moves time.
            scale: virtual seconds in a real one, for the pace `REAL`.
            settings: configuration.

        Raises:
            ProgramError: the program uses what is not executed.
        """
        self.name = name
        self.settings = settings or Settings()
        self.clock = Clock(self.settings.moment, self.settings.zone)
        self.surroundings = Surroundings()
        self._alarm_reports = AlarmReports(self.surroundings.alarms, self.clock)
        self.diagnostics = DiagnosticBuffer(self._alarm_reports.enter)
        self.surroundings.network.report = lambda text: self._report_network(text)
        self.on_state: list[Callable[[State, State], None]] = []
        self.on_cycle: list[Callable[[Any], None]] = []
        self.memory = Memory()
        self.program: Program | None = None
        self.tier = tier
        self._gate = Gate()
        self._state = State.OFF
        self._was_running = False
        self._interrupts = Interrupts(self.settings, self.clock)
        self._requests = ProgramRequests(self.clock, self._interrupts, self.diagnostics, self._alarm_reports)
        self._running: Running | None = None
        period = round(cycle_ms * MILLISECOND)
        self._cycle = Cycle(period, self.clock, self._interrupts, self.diagnostics, self._notify_cycle)
        self._pacer = Pacer(self._due, self._advance_to, pace, scale)
        if program is not None:
            self.load(program)

    def __repr__(self) -> str:
        """Return name and state."""
        return f"{type(self).__name__}({self.name}, {self._state.name})"

    @property
    def state(self) -> State:
        """Operating state."""
        return self._state

    @property
    def executable(self) -> Executable | None:
        """The program as its tier has made it."""
        return self._running.executable if self._running is not None else None

    @property
    def cycle(self) -> int:
        """Nanoseconds from the beginning of one scan to that of the next, at least; may be set at any time."""
        return self._cycle.period

    @cycle.setter
    def cycle(self, nanoseconds: int) -> None:
        self._cycle.period = nanoseconds

    @property
    def cycles(self) -> int:
        """Scans since the last startup."""
        return self._cycle.count

    @property
    def scan_times(self) -> tuple[int, int, int]:
        """Shortest, latest and longest scan since the last startup in nanoseconds, as counted."""
        return self._cycle.times

    # Operating states -------------------------------------------------------------------------------------------------

    def power_on(self) -> None:
        """Switch on: retentive data are there again, everything else has its start value.

        Then the CPU is in STOP, or goes to RUN when it was in RUN at power off or its settings require it.

        Raises:
            CpuError: it is on.
        """
        with self._gate:
            self._expect(State.OFF)
            self._change(State.BOOTING)
            self.clock.restart()
            self.memory.reset(keep_retentive=True)
            self.diagnostics.note(self.clock.wall, Event.POWER_ON)
            self._change(State.STOP)
            wanted = self.settings.run_at_power_on
            if self._running is not None and (self._was_running if wanted is None else wanted):
                self._start()
        self._pacer.wake()

    def power_off(self) -> None:
        """Switch off; nothing happens when it is off."""
        was = self._state
        self._halt()
        with self._gate:
            if self._state is State.OFF:
                return
            self._was_running = was in (State.RUN, State.FREEZE)
            self.diagnostics.note(self.clock.wall, Event.POWER_OFF)
            self._change(State.SHUTTING_DOWN)
            self._change(State.OFF)
        self._pacer.end()

    close = power_off

    def run(self) -> None:
        """Go through STARTUP to RUN, or from FREEZE to RUN; nothing happens in RUN.

        The CPU is in STOP again when a startup OB stopped it; the diagnostic buffer names the reason.

        Raises:
            CpuError: it is off, or it has no program.
        """
        with self._gate:
            self._expect(*ON)
            if self._running is None:
                raise CpuError("empty", "The CPU has no program; load one first.")
            if self._state is State.STOP:
                self._start()
            elif self._state is State.FREEZE:
                self._change(State.RUN)
        self._pacer.wake()

    def stop(self) -> None:
        """Go to STOP: the running scan ends soon, outputs are switched off; nothing happens in STOP.

        Raises:
            CpuError: it is off.
        """
        self._expect(*ON)
        self._halt(Event.STOP_BY_REQUEST)

    def memory_reset(self) -> None:
        """Give all data their start values, retentive ones too; a running CPU stops. Program and clock stay.

        Raises:
            CpuError: it is off.
        """
        self.stop()
        with self._gate:
            self.memory.reset(keep_retentive=False)
            self.diagnostics.note(self.clock.wall, Event.MEMORY_RESET)

    def freeze(self) -> None:
        """Freeze virtual time in RUN; `run` continues it.

        Raises:
            CpuError: it is not in RUN.
        """
        with self._gate:
            self._expect(State.RUN, State.FREEZE)
            self._change(State.FREEZE)

    # The program ------------------------------------------------------------------------------------------------------

    def load(self, program: Program, *, reinitialize: bool = False) -> None:
        """Load a program; the CPU stays in its state, and what both programs have keeps its value.

        Args:
            program: the program.
            reinitialize: data blocks with another structure get start values only; in RUN they need this.

        Raises:
            ProgramError: it uses what is not executed, or has a start value that cannot be read; nothing was changed.
            LoadRefusedError: it cannot be loaded in RUN; nothing was changed.
        """
        with loading.refusing():
            loading.check_executable(program)
            memory = Memory(program, self.settings.retention)
        with self._gate, loading.refusing():
            self._check_load(program, reinitialize)
            if self.program is not None:
                loading.transfer(self.memory, memory, reinitialize=reinitialize)
                for log in self.surroundings.card.logs.values():
                    log.source = log.source and relocate(self.memory, memory, log.source)
            self._take(program, memory)
            self.diagnostics.note(
                self.clock.wall, Event.LOADED, " ".join(each.message for each in self.load_warnings[:3])
            )

    @property
    def load_warnings(self) -> list[Diagnostic]:
        """What of the loaded program has no effect."""
        return self._alarm_reports.supervisions.warnings

    def load_problems(self, program: Program) -> list[loading.LoadProblem]:
        """Return why a program could not be loaded in RUN over the one that is there."""
        return loading.load_problems(self.program, program) if self.program is not None else []

    def _check_load(self, program: Program, reinitialize: bool) -> None:
        if self._state not in ACTIVE:
            return
        problems = self.load_problems(program)
        refused = [each for each in problems if not (reinitialize and each.code == "load.structure")]
        if refused:
            raise LoadRefusedError(refused)

    def _take(self, program: Program, memory: Memory) -> None:
        running = Running(program, self.settings, self.clock, self.diagnostics, self._requests, self.surroundings)
        running.executable = (self.tier or usual_tier())(program, memory, running)
        self.program, self.memory, self._running = program, memory, running
        self._alarm_reports.load(memory)
        self._requests.running = running
        self._requests.meters.family = program.cpu.family
        self._cycle.load(running, memory, self.settings.system_memory or system_memory_of(program))

    # Doing what is due ------------------------------------------------------------------------------------------------

    def _due(self) -> int:
        """Return the virtual time of what happens next, `NEVER` when nothing does."""
        return self._cycle.due if self._state is State.RUN else NEVER

    def _advance_to(self, end: int, *, late: int = 0) -> None:
        """Do all that is due up to a virtual time; a scan begins no earlier than `late`."""
        while self._due() <= end:
            self._do_next(end, late)
        with self._gate:
            if self._state is State.RUN and self._running is not None and end > self.clock.now:
                self._running.move(end)

    def _do_next(self, end: int, late: int = 0) -> None:
        with self._gate:
            if self._due() > end:
                return
            if late:
                self._cycle.hold_back(late)
            self._run_guarded(self._cycle.step)

    def _run_guarded(self, action: Callable[[], Any]) -> Any:
        """Run a part of the cycle; the CPU goes to STOP when the action requests it or fails."""
        try:
            return action()
        except CpuStop as stop:
            self._stop_for(stop)
        except BaseException as error:
            self._enter_stop(Event.STOP_BY_ERROR, f"{type(error).__name__}: {error}")
            raise
        return None

    def _notify_cycle(self) -> None:
        self._alarm_reports.supervisions.look()
        for notify in self.on_cycle:
            notify(self)

    # Transitions ------------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        """Go from STOP through STARTUP to RUN."""
        self._change(State.STARTUP)
        self.diagnostics.note(self.clock.wall, Event.STARTUP)
        self._run_guarded(self._cycle.start_up)
        if self._state is State.STARTUP:
            self._change(State.RUN)
            self.diagnostics.note(self.clock.wall, Event.RUN)

    def _halt(self, event: Event | None = None) -> None:
        """Go to STOP from outside, with an entry if there is to be one; a scan on another thread ends soon."""
        running = self._running
        if running is not None:
            running.stopping = True
        with self._gate:
            if self._state in ACTIVE:
                self._enter_stop(event)
            if running is not None:
                running.stopping = False

    def _stop_for(self, stop: CpuStop) -> None:
        fault = stop.reason
        if fault is None:
            asked = self._running is not None and self._running.stopping
            self._enter_stop(Event.STOP_BY_REQUEST if asked else Event.STOP_BY_PROGRAM)
            return
        self.diagnostics.fault(self.clock.wall, fault, "The CPU stops.")
        self._enter_stop(Event.STOP_BY_TIME if isinstance(fault, TimeFault) else Event.STOP_BY_FAULT)

    def _enter_stop(self, event: Event | None, detail: str = "") -> None:
        """Enter STOP: outputs are off, nothing is due any more."""
        if event is not None:
            self.diagnostics.note(self.clock.wall, event, detail)
        self._cycle.halt()
        self.surroundings.stop(self.clock.wall)
        self._requests.meters.stop()
        self._change(State.STOP)

    def _report_network(self, text: str) -> None:
        """Note a partner that cannot be reached, once."""
        if not any(each.text == text for each in self.diagnostics):
            self.diagnostics.note(self.clock.wall, Event.CONNECTION, text)

    def _change(self, state: State) -> None:
        old, self._state = self._state, state
        if old is not state:
            for notify in self.on_state:
                notify(old, state)

    def _expect(self, *states: State) -> None:
        if self._state not in states:
            wanted = " or ".join(each.name for each in states)
            raise CpuError("state", f"The CPU is in the state {self._state.name}; this needs {wanted}.")
