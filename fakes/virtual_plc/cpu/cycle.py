"""The cycle of a running program: startup, then exchange of the process image and cycle OBs, interrupts between them.

Facts: docs/facts/execution.md#start-and-cycle. An interrupt does not cut into a scan; it runs behind it, at the virtual
time at which it was due.
"""

from __future__ import annotations

from collections.abc import Callable

from virtual_plc.cpu.clock import Clock
from virtual_plc.cpu.diagnostics import DiagnosticBuffer
from virtual_plc.cpu.inputs_outputs.plant import Plant
from virtual_plc.cpu.interrupts import Interrupts
from virtual_plc.cpu.organization_blocks import Start
from virtual_plc.cpu.running import Running
from virtual_plc.cpu.scheduling import NEVER
from virtual_plc.cpu.states import SyncPoint
from virtual_plc.cpu.system_memory import SystemMemory, clock_byte, system_byte
from virtual_plc.memory.memory import Memory
from virtual_plc.surroundings.overlay import patch_area


class Cycle:
    """Runs the OBs of a program; the caller holds the gate.

    Attributes:
        period: nanoseconds from the beginning of one scan to that of the next, at least.
        count: scans since the last startup.
        times: shortest, latest and longest scan in nanoseconds, as counted.
        ended: called at the end of each scan.
        plant: the plant models.
    """

    def __init__(
        self,
        period: int,
        clock: Clock,
        interrupts: Interrupts,
        diagnostics: DiagnosticBuffer,
        ended: Callable[[], None],
    ) -> None:
        """Run nothing yet."""
        self.period, self.ended = period, ended
        self.plant = Plant()
        self.count = 0
        self.times = (0, 0, 0)
        self._clock, self._interrupts, self._diagnostics = clock, interrupts, diagnostics
        self._agenda = interrupts.agenda
        self._next = NEVER
        self._exchanged = False
        self._noted = 0

    def load(self, running: Running, memory: Memory, system_memory: SystemMemory) -> None:
        """Take another program; a cycle in progress continues with it."""
        self._running, self._memory, self._system = running, memory, system_memory
        self._blocks = [
            (block.start(Initial_Call=True, Remanence=True), block.start(Initial_Call=False, Remanence=True))
            for block in running.organization_blocks.of_event("ProgramCycle")
        ]
        running.begin(self._clock.now)
        running.monitored = self._next < NEVER
        self._interrupts.load(running.organization_blocks, self._execute)
        if running.monitored:
            self._interrupts.start()

    @property
    def due(self) -> int:
        """Virtual time of what comes next, `NEVER` when nothing does."""
        return min(self._next, self._agenda.next_due)

    def start_up(self) -> None:
        """Give data their start values, run the startup OBs and arrange the first scan.

        Raises:
            CpuStop: a startup OB stops the CPU.
        """
        running = self._running
        self._memory.reset(keep_retentive=True)
        self.plant.begin(self._clock.now)
        self._interrupts.prepare()
        self._exchanged, self.count, self.times = False, 0, (0, 0, 0)
        running.monitored = False
        running.begin(self._clock.now)
        self._noted = self._diagnostics.serial
        self._write_system_memory()
        for block in running.organization_blocks.of_restart():
            self._execute(block.start(LostRetentive=False, LostRTC=False))
        running.monitored = True
        self._next = self._clock.now + running.waited
        self._interrupts.start()

    def halt(self) -> None:
        """Cancel everything that is due and switch the outputs off."""
        self._next = NEVER
        self._agenda.clear()
        self._exchanged = False
        outputs = self._memory.peripheral_outputs
        outputs[:] = bytes(len(outputs))

    def hold_back(self, late: int) -> None:
        """Delay the next scan to a virtual time or later."""
        if not self._exchanged:
            self._next = max(self._next, late)

    def half_step(self) -> SyncPoint | None:
        """Run one interrupt, or exchange the process image, or run the cycle OBs.

        Returns:
            The synchronization point that this reaches, None behind an interrupt.

        Raises:
            CpuStop: the CPU has to stop.
        """
        if self._exchanged:
            self._run_blocks()
            return SyncPoint.CYCLE
        if self._agenda.next_due <= self._next:
            appointment = self._agenda.pop()
            self._running.begin(max(appointment.due, self._clock.now))
            appointment.action()
            return None
        self._exchange()
        return SyncPoint.PROCESS_IMAGE

    def step(self) -> SyncPoint | None:
        """Run one interrupt or one scan; return and raise as `half_step`."""
        reached = self.half_step()
        if reached is SyncPoint.PROCESS_IMAGE:
            self._run_blocks()
            return SyncPoint.CYCLE
        return reached

    def _exchange(self) -> None:
        """Begin a scan: run the plant, write the outputs, read the inputs, move the axes, write clock and system memory."""
        memory = self._memory
        self._running.begin(self._next)
        self.plant.step(memory, self._clock.now)
        surroundings = self._running.surroundings
        memory.peripheral_outputs[:] = memory.outputs
        if surroundings.is_altered:
            surroundings.exchange(self._clock.now, memory.peripheral_inputs, memory.peripheral_outputs)
            surroundings.cover(memory.peripheral_inputs)
        memory.inputs[:] = memory.peripheral_inputs
        surroundings.uncover(memory.peripheral_inputs)
        memory.move_axes(self._clock.now)
        self._write_system_memory()
        self._exchanged = True

    def _execute(self, start: Start) -> None:
        """Execute an OB that sees forced inputs; what it wrote to forced outputs is overwritten afterwards."""
        memory, surroundings = self._memory, self._running.surroundings
        if not surroundings.is_altered:
            self._running.execute(start)
            return
        surroundings.cover(memory.peripheral_inputs)
        try:
            self._running.execute(start)
        finally:
            surroundings.uncover(memory.peripheral_inputs)
        if self._running.monitored:
            self.force_outputs()

    def force_outputs(self) -> None:
        """Give forced outputs their values, in the process image and at the modules."""
        for area in (self._memory.outputs, self._memory.peripheral_outputs):
            patch_area(area, self._running.surroundings.forces.outputs)

    def _run_blocks(self) -> None:
        running, first = self._running, self.count == 0
        begin = running.now
        for in_first, in_later in self._blocks:
            self._execute(in_first if first else in_later)
        self._exchanged = False
        took = running.elapsed
        shortest, _, longest = self.times
        self.times = (took, took, took) if first else (min(shortest, took), took, max(longest, took))
        self._next = begin + max(self.period, running.waited, 1)
        self.count += 1
        self.ended()

    def _write_system_memory(self) -> None:
        markers, system = self._memory.markers, self._system
        if system.clock_byte is not None:
            markers[system.clock_byte] = clock_byte(self._clock.now)
        if system.system_byte is not None:
            changed = self._diagnostics.serial != self._noted
            markers[system.system_byte] = system_byte(first_scan=self.count == 0, diagnostics_changed=changed)
            self._noted = self._diagnostics.serial
