"""A virtual CPU: operating states, the cycle, virtual time, and access to its memory between two scans.

    cpu = VirtualCpu(program_of(workspace))
    cpu.power_on()
    cpu.run()
    cpu.write("Start", True)
    cpu.run_for(2 * SECOND)
    cpu.read('"Motor".speed')

With the pace `CALLER` nothing happens but within `run_cycles`, `run_for` and `step`. With `REAL` and `FREE` a thread of
the CPU scans, and these wait. Everything may be called from any thread; scans, reads and writes take turns. An interrupt
does not cut into a scan: it runs behind it, at the virtual time at which it was due.
Facts: execution semantics 1 ("OB start order"); operating states of PLCSIM Advanced (openness-map 3.7).
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from enum import Enum, StrEnum
from typing import Any

from fakes.plc import loading
from fakes.plc.clock import MILLISECOND, Clock, Pace
from fakes.plc.diagnostics import DiagnosticBuffer, Event
from fakes.plc.execution import Executable
from fakes.plc.faults import CpuStop, TimeFault
from fakes.plc.gate import Gate
from fakes.plc.interrupts import Interrupts
from fakes.plc.loading import LoadRefusedError, Tier, tier_named
from fakes.plc.memory import Memory
from fakes.plc.organization_blocks import Reaction, reaction
from fakes.plc.pacing import Pacer
from fakes.plc.program import Program
from fakes.plc.requests import ProgramRequests
from fakes.plc.running import Running
from fakes.plc.scheduling import NEVER
from fakes.plc.settings import Settings
from fakes.plc.system_memory import SystemMemory, clock_byte, system_byte, system_memory_of


class State(Enum):
    """Operating states, with the numbers of PLCSIM Advanced."""

    OFF = 1
    BOOTING = 2
    STOP = 3
    STARTUP = 4
    RUN = 5
    FREEZE = 6
    SHUTTING_DOWN = 7


class SyncPoint(StrEnum):
    """Where a step ends: at the end of a cycle, or when the process image has been exchanged."""

    CYCLE = "C"
    PROCESS_IMAGE = "P"


class CpuError(Exception):
    """Something that the CPU cannot do in its state.

    Attributes:
        code: `state`, `empty` (no program) or `timeout`.
        message: what to do.
    """

    def __init__(self, code: str, message: str) -> None:
        """Keep code and message."""
        super().__init__(message)
        self.code = code
        self.message = message


_ON = (State.STOP, State.STARTUP, State.RUN, State.FREEZE)


class VirtualCpu:
    """A CPU that executes a program.

    Attributes:
        name: its name.
        settings: its configuration.
        clock: virtual time and what the CPU's clock shows; change them while nothing runs.
        diagnostics: diagnostic buffer, the newest entry first.
        memory: its memory; a load replaces it. Take `read` and `write` while a thread scans.
        program: the loaded program, None for an empty CPU.
        executable: the program as its tier has made it.
        cycle: nanoseconds from the beginning of one scan to that of the next, at least.
        cycles: scans since the last startup.
        scan_times: shortest, latest and longest scan in nanoseconds, as counted.
        on_state: called with the old and the new state.
        on_cycle: called at the end of each scan, on the thread that scans; reading and writing is allowed there.
    """

    def __init__(
        self,
        program: Program | None = None,
        *,
        name: str = "PLC_1",
        tier: str | Tier = "python",
        cycle_ms: float = 10.0,
        pace: Pace = Pace.CALLER,
        scale: float = 1.0,
        settings: Settings | None = None,
    ) -> None:
        """Create a CPU that is off.

        Args:
            program: loaded at once when given.
            name: name of the CPU.
            tier: what executes: `python`, `reference`, `native`, or a function that makes a program executable.
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
        self.diagnostics = DiagnosticBuffer()
        self.cycle = round(cycle_ms * MILLISECOND)
        self.cycles = 0
        self.scan_times: tuple[int, int, int] = (0, 0, 0)
        self.on_state: list[Callable[[State, State], None]] = []
        self.on_cycle: list[Callable[[VirtualCpu], None]] = []
        self.memory = Memory()
        self.program: Program | None = None
        self._tier = tier_named(tier)
        self._gate = Gate()
        self._state = State.OFF
        self._was_running = False
        self._interrupts = Interrupts(self.settings, self.clock)
        self._requests = ProgramRequests(self.clock, self._interrupts, self.diagnostics)
        self._running: Running | None = None
        self._system = SystemMemory()
        self._next_cycle = NEVER
        self._image_exchanged = False
        self._noted = 0
        self._pacer = Pacer(self._due, self._advance_to, pace, scale)
        if program is not None:
            self.load(program)

    def __repr__(self) -> str:
        """Return name and state."""
        return f"VirtualCpu({self.name}, {self._state.name})"

    @property
    def state(self) -> State:
        """Operating state."""
        return self._state

    @property
    def executable(self) -> Executable | None:
        """The program as its tier has made it."""
        return self._running.executable if self._running is not None else None

    # Operating states -------------------------------------------------------------------------------------------------

    def power_on(self) -> None:
        """Switch on: retentive data are there again, everything else has its start value.

        Then the CPU is in STOP, or goes to RUN when it was in RUN at power off or its settings say so.

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
        self._halt(Event.POWER_OFF)
        with self._gate:
            if self._state is State.OFF:
                return
            self._was_running = was in (State.RUN, State.FREEZE)
            self._change(State.SHUTTING_DOWN)
            self._change(State.OFF)
        self._pacer.end()

    close = power_off

    def run(self) -> None:
        """Go through STARTUP to RUN, or on from FREEZE; nothing happens in RUN.

        The CPU is in STOP again when a startup OB stopped it; the diagnostic buffer says why.

        Raises:
            CpuError: it is off, or it has no program.
        """
        with self._gate:
            self._expect(*_ON)
            if self._running is None:
                raise CpuError("empty", "The CPU has no program; load one first.")
            if self._state is State.STOP:
                self._start()
            elif self._state is State.FREEZE:
                self._change(State.RUN)
        self._pacer.wake()

    def stop(self) -> None:
        """Go to STOP: the scan under way ends soon, outputs are switched off; nothing happens in STOP.

        Raises:
            CpuError: it is off.
        """
        self._expect(*_ON)
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
        """Let virtual time stand still in RUN; `run` goes on.

        Raises:
            CpuError: it is not in RUN.
        """
        with self._gate:
            self._expect(State.RUN, State.FREEZE)
            self._change(State.FREEZE)

    # The program ------------------------------------------------------------------------------------------------------

    def load(self, program: Program, *, reinitialize: bool = False) -> None:
        """Load a program; values of data blocks whose structure stays are kept, and the CPU goes on in its state.

        Args:
            program: the program.
            reinitialize: in RUN, allow data blocks with another structure to get their start values.

        Raises:
            ProgramError: it uses what is not executed, or has a start value that cannot be read; nothing was changed.
            LoadRefusedError: it cannot be loaded in RUN; nothing was changed.
        """
        loading.check_executable(program)
        memory = Memory(program, self.settings.retention)
        with self._gate:
            self._check_load(program, reinitialize)
            if self.program is not None:
                loading.transfer(self.memory, memory)
            self._take(program, memory)
            self.diagnostics.note(self.clock.wall, Event.LOADED)

    def load_problems(self, program: Program) -> list[loading.LoadProblem]:
        """Return why a program could not be loaded in RUN over the one that is there."""
        return loading.load_problems(self.program, program) if self.program is not None else []

    def _check_load(self, program: Program, reinitialize: bool) -> None:
        if self._state not in (State.RUN, State.FREEZE, State.STARTUP):
            return
        problems = self.load_problems(program)
        refused = [each for each in problems if not (reinitialize and each.code == "load.structure")]
        if refused:
            raise LoadRefusedError(refused)

    def _take(self, program: Program, memory: Memory) -> None:
        running = Running(program, self.settings, self.clock, self.diagnostics, self._requests)
        running.executable = self._tier(program, memory, running)
        running.begin(self.clock.now)
        running.monitored = self._state in (State.RUN, State.FREEZE)
        self.program, self.memory, self._running = program, memory, running
        self._requests.running = running
        self._system = self.settings.system_memory or system_memory_of(program)
        self._cycle_blocks = running.organization_blocks.of_event("ProgramCycle")
        self._interrupts.load(running.organization_blocks, running.execute)
        if running.monitored:
            self._interrupts.start()

    # Memory -----------------------------------------------------------------------------------------------------------

    @contextmanager
    def between_scans(self) -> Iterator[Memory]:
        """Hold the next scan back, so that several values are read or written together.

        Raises:
            CpuError: the CPU is off.
        """
        with self._gate:
            self._expect(*_ON)
            yield self.memory

    def read(self, path: str) -> Any:
        """Return what a path leads to, see `Memory.read`.

        Raises:
            PathError: the path is wrong or leads to nothing.
            CpuError: the CPU is off.
        """
        with self._gate:
            self._expect(*_ON)
            return self.memory.read(path)

    def write(self, path: str, value: Any) -> None:
        """Write a value, see `Memory.write`; inputs keep it until they are written again.

        Raises:
            PathError: the path leads to nothing, or the value is none of the type.
            CpuError: the CPU is off.
        """
        with self._gate:
            self._expect(*_ON)
            self.memory.write(path, value)

    def read_many(self, paths: Iterable[str]) -> dict[str, Any]:
        """Return several values of the same moment; raises as `read`."""
        with self.between_scans() as memory:
            return {path: memory.read(path) for path in paths}

    def write_many(self, values: Mapping[str, Any]) -> None:
        """Write several values at the same moment; raises as `write`, and then the values before the bad one are written."""
        with self.between_scans() as memory:
            for path, value in values.items():
                memory.write(path, value)

    # Time -------------------------------------------------------------------------------------------------------------

    @property
    def pace(self) -> Pace:
        """Who moves time; may be set at any time."""
        return self._pacer.pace

    @pace.setter
    def pace(self, pace: Pace) -> None:
        self._pacer.set(pace, self._pacer.scale)

    @property
    def scale(self) -> float:
        """Virtual seconds in a real one, for the pace `REAL`; may be set at any time."""
        return self._pacer.scale

    @scale.setter
    def scale(self, scale: float) -> None:
        self._pacer.set(self._pacer.pace, scale)

    def run_cycles(self, count: int = 1) -> int:
        """Let a number of scans pass, and the interrupts between them; fewer when the CPU leaves RUN.

        Returns:
            How many passed.

        Raises:
            CpuError: the CPU is not in RUN.
        """
        self._expect(State.RUN)
        first = self.cycles
        if self.pace is not Pace.CALLER:
            self._await(lambda: self.cycles - first >= count)
        while self._state is State.RUN and self.cycles - first < count:
            self._do_next(NEVER)
        return self.cycles - first

    def run_for(self, nanoseconds: int) -> None:
        """Let virtual time pass; what is due at the last moment happens too. It ends early when the CPU leaves RUN.

        Raises:
            CpuError: the CPU is not in RUN.
        """
        self._expect(State.RUN)
        end = self.clock.now + nanoseconds
        if self.pace is Pace.CALLER:
            self._advance_to(end)
        else:
            self._await(lambda: self.clock.now >= end)

    def run_until(self, condition: Callable[[VirtualCpu], bool], limit: int) -> bool:
        """Let scans pass until a condition holds at the end of one.

        Args:
            condition: asked before the first and after each scan.
            limit: nanoseconds of virtual time after which it is given up.

        Returns:
            Whether it held.
        """
        end = self.clock.now + limit
        while not condition(self):
            if self._state is not State.RUN or self._due() > end:
                return False
            self.run_cycles(1)
        return True

    def step(self, *points: SyncPoint) -> SyncPoint:
        """Go on to the next synchronization point, from RUN or FREEZE, and stay there in FREEZE.

        Args:
            *points: where to halt; the end of a cycle when none is given.

        Returns:
            Where it halted.

        Raises:
            CpuError: the CPU is in neither state, or left it on the way.
        """
        wanted = points or (SyncPoint.CYCLE,)
        with self._gate:
            self._expect(State.RUN, State.FREEZE)
            self._change(State.RUN)
            while self._state is State.RUN:
                reached = self._half_step()
                if reached in wanted and self._state is State.RUN:
                    self._change(State.FREEZE)
                    return reached
            raise CpuError("state", "The CPU went to STOP; its diagnostic buffer says why.")

    def step_for(self, nanoseconds: int, *points: SyncPoint) -> SyncPoint:
        """Go on for at least some virtual time, to the synchronization point behind it; see `step`."""
        end = self.clock.now + nanoseconds
        reached = self.step(*points)
        while self.clock.now < end:
            reached = self.step(*points)
        return reached

    def _await(self, done: Callable[[], bool]) -> None:
        while not done() and self._state is State.RUN:
            time.sleep(0.001)

    # Events from outside ----------------------------------------------------------------------------------------------

    def hardware_interrupt(self, event: int | None = None, *, block: int | None = None, **information: Any) -> bool:
        """Raise a hardware interrupt.

        Args:
            event: number of a hardware event that is attached to an OB, or
            block: number of the OB itself.
            **information: start information by input (`LADDR`, `USI`, `IChannel`, `EventType`).

        Returns:
            Whether there is an OB for it.

        Raises:
            CpuError: the CPU is not in RUN or STARTUP.
        """
        with self._gate:
            self._expect(State.RUN, State.FREEZE, State.STARTUP)
            if block is None:
                return self._interrupts.raise_hardware(event or 0, information)
            return self._raise_block(block, information)

    def module_event(self, block: int, text: str, event: int = 0x08_0000, **information: Any) -> bool:
        """Report a diagnostic event of a module (82), its pulling or plugging (83), or the failure of a station (86).

        The entry goes to the diagnostic buffer and the OB runs; without it the CPU does what its family does.

        Args:
            block: number of the OB: 82, 83 or 86.
            text: what happened.
            event: event number.
            **information: start information by input (`LADDR`, `IO_State`, `Channel`, `MultiError`).

        Returns:
            Whether there is an OB for it.

        Raises:
            CpuError: the CPU is off.
        """
        with self._gate:
            self._expect(*_ON)
            self.diagnostics.own(self.clock.wall, event, text)
            if self._state is State.STOP:
                return False
            found = self._raise_block(block, information)
            family = self.program.cpu.family if self.program is not None else ""
            if not found and reaction(family, block) is Reaction.STOP:
                self._stopped(Event.STOP_BY_FAULT, f"There is no OB{block}.")
            return found

    def _raise_block(self, number: int, information: Mapping[str, Any]) -> bool:
        found = self._running.organization_blocks.by_number.get(number) if self._running is not None else None
        if found is None:
            return False
        self._interrupts.raise_block(found, information)
        return True

    # The cycle --------------------------------------------------------------------------------------------------------

    def _due(self) -> int:
        """Return the virtual time of what happens next, `NEVER` when nothing does."""
        return min(self._next_cycle, self._interrupts.agenda.next_due) if self._state is State.RUN else NEVER

    def _advance_to(self, end: int, *, late: int = 0) -> None:
        """Do all that is due up to a virtual time; a scan begins no earlier than `late`."""
        while self._state is State.RUN and self._due() <= end:
            self._do_next(end, late)
        with self._gate:
            if self._state is State.RUN and end > self.clock.now:
                self._move(end)

    def _do_next(self, end: int, late: int = 0) -> None:
        with self._gate:
            if self._state is not State.RUN or self._due() > end:
                return
            if not self._image_exchanged:
                self._next_cycle = max(self._next_cycle, late)
            self._half_step()
            if self._image_exchanged:
                self._half_step()

    def _half_step(self) -> SyncPoint | None:
        """Run one interrupt, exchange the process image, or run the cycle OBs; returns the point that this reaches."""
        running = self._running
        assert running is not None  # noqa: S101 - in RUN there is a program
        try:
            if self._image_exchanged:
                self._run_cycle(running)
                return SyncPoint.CYCLE
            if self._interrupts.agenda.next_due <= self._next_cycle:
                self._run_interrupt(running)
                return None
            self._exchange(running)
        except CpuStop as stop:
            self._stop_for(stop)
            return None
        except BaseException as error:
            self._stopped(Event.STOP_BY_ERROR, f"{type(error).__name__}: {error}")
            raise
        return SyncPoint.PROCESS_IMAGE

    def _run_interrupt(self, running: Running) -> None:
        appointment = self._interrupts.agenda.pop()
        running.move(max(appointment.due, self.clock.now))
        appointment.action()

    def _exchange(self, running: Running) -> None:
        """Begin a scan: write the outputs, read the inputs, write clock and system memory."""
        running.begin(self._next_cycle)
        memory = self.memory
        memory.peripheral_outputs[:] = memory.outputs
        memory.inputs[:] = memory.peripheral_inputs
        self._write_system_memory(first_scan=self.cycles == 0)
        self._image_exchanged = True

    def _run_cycle(self, running: Running) -> None:
        first = self.cycles == 0
        begin = running.now
        for block in self._cycle_blocks:
            inputs = block.information(Initial_Call=first, Remanence=True) if block.inputs else {}
            running.execute(block, inputs)
        self._image_exchanged = False
        took = running.elapsed
        shortest, _, longest = self.scan_times
        self.scan_times = (took, took, took) if first else (min(shortest, took), took, max(longest, took))
        self._next_cycle = begin + max(self.cycle, took, 1)
        self.cycles += 1
        for notify in self.on_cycle:
            notify(self)

    def _write_system_memory(self, *, first_scan: bool) -> None:
        markers, system = self.memory.markers, self._system
        if system.clock_byte is not None:
            markers[system.clock_byte] = clock_byte(self.clock.now)
        if system.system_byte is not None:
            changed = self.diagnostics.serial != self._noted
            markers[system.system_byte] = system_byte(first_scan=first_scan, diagnostics_changed=changed)
        self._noted = self.diagnostics.serial

    def _move(self, now: int) -> None:
        if self._running is not None:
            self._running.move(now)

    # Transitions ------------------------------------------------------------------------------------------------------

    def _start(self) -> None:
        """Go from STOP through STARTUP to RUN."""
        running = self._running
        assert running is not None  # noqa: S101 - asked before
        self._change(State.STARTUP)
        self.diagnostics.note(self.clock.wall, Event.STARTUP)
        self.memory.reset(keep_retentive=True)
        self._interrupts.prepare()
        self._image_exchanged, self.cycles = False, 0
        running.monitored, running.stopping = False, False
        running.begin(self.clock.now)
        self._noted = self.diagnostics.serial
        self._write_system_memory(first_scan=False)
        try:
            for block in running.organization_blocks.of_event("Startup"):
                running.execute(block, block.information(LostRetentive=False, LostRTC=False))
        except CpuStop as stop:
            self._stop_for(stop)
            return
        except BaseException as error:
            self._stopped(Event.STOP_BY_ERROR, f"{type(error).__name__}: {error}")
            raise
        running.monitored = True
        self._next_cycle = self.clock.now
        self._interrupts.start()
        self._change(State.RUN)
        self.diagnostics.note(self.clock.wall, Event.RUN)

    def _halt(self, event: Event) -> None:
        """Go to STOP from outside; a scan under way on another thread ends soon."""
        running = self._running
        if running is not None:
            running.stopping = True
        with self._gate:
            if self._state in (State.RUN, State.FREEZE, State.STARTUP):
                self._stopped(event)
            elif event is Event.POWER_OFF and self._state is State.STOP:
                self.diagnostics.note(self.clock.wall, event)
            if running is not None:
                running.stopping = False

    def _stop_for(self, stop: CpuStop) -> None:
        fault = stop.reason
        if fault is None:
            asked = self._running is not None and self._running.stopping
            self._stopped(Event.STOP_BY_REQUEST if asked else Event.STOP_BY_PROGRAM)
            return
        self.diagnostics.fault(self.clock.wall, fault, "The CPU stops.")
        self._stopped(Event.STOP_BY_TIME if isinstance(fault, TimeFault) else Event.STOP_BY_FAULT)

    def _stopped(self, event: Event, detail: str = "") -> None:
        """Be in STOP: outputs are off, nothing is due any more."""
        self.diagnostics.note(self.clock.wall, event, detail)
        self._next_cycle = NEVER
        self._interrupts.agenda.clear()
        self._image_exchanged = False
        outputs = self.memory.peripheral_outputs
        outputs[:] = bytes(len(outputs))
        self._change(State.STOP)

    def _change(self, state: State) -> None:
        old, self._state = self._state, state
        if old is not state:
            for notify in self.on_state:
                notify(old, state)

    def _expect(self, *states: State) -> None:
        if self._state not in states:
            wanted = " or ".join(each.name for each in states)
            raise CpuError("state", f"The CPU is in the state {self._state.name}; this needs {wanted}.")
