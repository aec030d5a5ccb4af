"""A virtual CPU: operating states, the cycle, virtual time, and access to its memory between two scans.

    cpu = VirtualCpu(program_of(workspace))
    cpu.power_on()
    cpu.run()
    cpu.write("Start", True)
    cpu.run_for(2 * SECOND)
    cpu.read('"Motor".speed')

With the pace `CALLER` nothing happens but within `run_cycles`, `run_for` and `step`. With `REAL` and `FREE` a thread of
the CPU scans, and these wait. Everything may be called from any thread; scans, reads and writes take turns.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from simatic_xml.interruption import checkpoint
from virtual_plc.cpu.clock import Pace
from virtual_plc.cpu.diagnostics import Event
from virtual_plc.cpu.inputs_outputs.forcing import address_of, force_of
from virtual_plc.cpu.inputs_outputs.plant import Plant
from virtual_plc.cpu.loading import LoadRefusedError
from virtual_plc.cpu.machine import ACTIVE, ON, Machine
from virtual_plc.cpu.organization_blocks import Reaction, reaction
from virtual_plc.cpu.scheduling import NEVER
from virtual_plc.cpu.settings import Settings
from virtual_plc.cpu.states import CpuError, State, SyncPoint
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.path_values import PathError
from virtual_plc.surroundings.forces import Force
from virtual_plc.surroundings.plant import PlantModel

__all__ = ["CpuError", "LoadRefusedError", "Pace", "Settings", "State", "SyncPoint", "VirtualCpu"]


class VirtualCpu(Machine):
    """A CPU that executes a program; its states and its program are those of `Machine`."""

    # Memory -----------------------------------------------------------------------------------------------------------

    @contextmanager
    def between_scans(self) -> Iterator[Memory]:
        """Delay the next scan, so that several values are read or written together.

        Raises:
            CpuError: the CPU is off.
        """
        with self._gate:
            self._expect(*ON)
            yield self.memory

    def read(self, path: str) -> Any:
        """Return what a path leads to, see `Memory.read`.

        Raises:
            PathError: the path is wrong or leads to nothing.
            CpuError: the CPU is off.
        """
        with self._gate:
            self._expect(*ON)
            return self.memory.read(path)

    def write(self, path: str, value: Any) -> None:
        """Write a value, see `Memory.write`; inputs keep it until they are written again.

        Raises:
            PathError: the path names no data, or the value does not fit the type.
            CpuError: the CPU is off.
        """
        with self._gate:
            self._expect(*ON)
            self.memory.write(path, value)

    def read_many(self, paths: Iterable[str]) -> dict[str, Any]:
        """Return several values of the same moment; raise as `read`."""
        with self.between_scans() as memory:
            return {path: memory.read(path) for path in paths}

    def write_many(self, values: Mapping[str, Any]) -> None:
        """Write several values at the same moment; raise as `write`, with the values before the bad one written."""
        with self.between_scans() as memory:
            for path, value in values.items():
                memory.write(path, value)

    # Forcing ----------------------------------------------------------------------------------------------------------

    @property
    def forces(self) -> list[Force]:
        """The forced inputs and outputs."""
        return list(self.surroundings.forces)

    def force(self, values: Mapping[str, Any]) -> list[Force]:
        """Force inputs and outputs: all, or none.

        Inputs have the value from the next scan on, outputs at once in RUN. A STOP switches forced outputs off and keeps
        the list, which ends by `unforce` only.

        Args:
            values: by tag or address, such as `%I0.0` or `%QW4:P`.

        Raises:
            PathError: there is no such input or output, the value does not fit, or too many are forced.
            CpuError: the CPU is off.
        """
        forces = self.surroundings.forces
        with self.between_scans() as memory:
            wanted = [force_of(memory, name, value) for name, value in values.items()]
            before = list(forces)
            for each in wanted:
                try:
                    forces.put(each)
                except ValueError as error:
                    forces.clear()
                    for old in before:
                        forces.put(old)
                    raise PathError("force.refused", each.name, str(error)) from error
            if self._state in (State.RUN, State.FREEZE):
                self._cycle.force_outputs()
            return wanted

    def unforce(self, names: Iterable[str] | None = None) -> list[Force]:
        """Stop forcing operands, without names all of them; return those that were forced.

        Raises:
            PathError: a name is that of no forced operand; nothing changes.
            CpuError: the CPU is off.
        """
        forces = self.surroundings.forces
        with self.between_scans() as memory:
            if names is None:
                return forces.clear()
            wanted = {address_of(memory, name): name for name in names}
            forced = {each.address: each for each in forces}
            missing = next((name for address, name in wanted.items() if address not in forced), None)
            if missing is not None:
                known = ", ".join(each.name for each in forces) or "nothing"
                raise PathError("force.missing", missing, f"'{missing}' is not forced. Forced: {known}.")
            return [forced[address] for address in wanted if forces.remove(address)]

    @property
    def plant(self) -> Plant:
        """The plant models; `add_model` adds one."""
        return self._cycle.plant

    def add_model(self, name: str, model: PlantModel, bind: Mapping[str, str]) -> None:
        """Connect a plant model, which runs between scans from now on; see `Plant.put`.

        Args:
            name: its name; a model of the same name is replaced.
            model: the model.
            bind: tags by the names of its inputs and outputs, such as `{"open": "Valve_Open", "opened": "%I0.0"}`.
        """
        with self.between_scans() as memory:
            self.plant.put(memory, name, model, bind)

    # Time -------------------------------------------------------------------------------------------------------------

    @property
    def pace(self) -> Pace:
        """Who moves time; may be set at any time, but not while scans are held back."""
        return self._pacer.pace

    @pace.setter
    def pace(self, pace: Pace) -> None:
        self._pacer.set(pace, self._pacer.scale)

    @property
    def scale(self) -> float:
        """Virtual seconds in a real one, for the pace `REAL`; may be set as the pace."""
        return self._pacer.scale

    @scale.setter
    def scale(self, scale: float) -> None:
        self._pacer.set(self._pacer.pace, scale)

    def set_clock(self, moment: int) -> None:
        """Set the clock to a moment in nanoseconds since 1970, UTC; interrupts by time of day go by it."""
        with self._gate:
            self._requests.set_clock(moment)

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
            checkpoint()
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
        """Continue to the next synchronization point, from RUN or FREEZE, and stay there in FREEZE.

        Args:
            *points: where to halt; the end of a cycle when none is given.

        Returns:
            Where it halted.

        Raises:
            CpuError: the CPU is in neither state, or left it on the way.
        """
        return self.step_for(0, *points)

    def step_for(self, nanoseconds: int, *points: SyncPoint) -> SyncPoint:
        """Continue for at least some virtual time, to the synchronization point behind it; see `step`.

        It ends at an earlier one when another thread changes who moves time.
        """
        wanted = points or (SyncPoint.CYCLE,)
        action = self._cycle.step if wanted == (SyncPoint.CYCLE,) else self._cycle.half_step
        end, pace = self.clock.now + nanoseconds, self.pace
        while True:
            with self._gate:
                reached = self._step_to(wanted, action)
                if self.clock.now >= end or self.pace is not pace:
                    self._change(State.FREEZE)
                    return reached

    def _step_to(self, wanted: tuple[SyncPoint, ...], action: Callable[[], SyncPoint | None]) -> SyncPoint:
        """Continue to one of some synchronization points; the caller holds the gate."""
        self._expect(State.RUN, State.FREEZE)
        self._change(State.RUN)
        while self._state is State.RUN:
            reached = self._run_guarded(action)
            if self._state is State.RUN and isinstance(reached, SyncPoint) and reached in wanted:
                return reached
        raise CpuError("state", "The CPU went to STOP; its diagnostic buffer names the reason.")

    def _await(self, done: Callable[[], bool]) -> None:
        while not done() and self._state is State.RUN:
            time.sleep(0.001)

    # Alarms -----------------------------------------------------------------------------------------------------------

    def acknowledge_alarms(self, *names: str) -> list[str]:
        """Acknowledge alarms between two scans; return the names of those that waited for it."""
        with self._gate:
            return [each for each in names if self.surroundings.alarms.acknowledge(each, self.clock.wall)]

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
            self._expect(*ACTIVE)
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
            self._expect(*ON)
            self.diagnostics.own(self.clock.wall, event, text)
            if self._state is State.STOP:
                return False
            found = self._raise_block(block, information)
            program = self.program
            if not found and program is not None and reaction(program.cpu, block) is Reaction.STOP:
                self._enter_stop(Event.STOP_BY_FAULT, f"There is no OB{block}.")
            return found

    def _raise_block(self, number: int, information: Mapping[str, Any]) -> bool:
        found = self._running.organization_blocks.by_number.get(number) if self._running is not None else None
        if found is None:
            return False
        self._interrupts.raise_block(found, information)
        return True
