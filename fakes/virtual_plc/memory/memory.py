"""The memory of a virtual CPU: process image, markers, timers, counters and data blocks, and access to them by name.

Its byte areas, objects and lists never change identity, through resets too: programs and views
hold them. Their sizes are those of the CPU (`simatic_xml.program.cpu.limits`).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from simatic_xml.program.types.technology_objects import is_axis
from virtual_plc.memory import retention
from virtual_plc.memory.codecs import Bytes
from virtual_plc.memory.data_blocks import new_data_block
from virtual_plc.memory.leaves import Leaf, leaves
from virtual_plc.memory.load_memory import LoadMemory
from virtual_plc.memory.paths import Accessor, resolve
from virtual_plc.memory.program import Program
from virtual_plc.memory.shapes import copy_into, plain
from virtual_plc.memory.views import buffer_of
from virtual_plc.motion.members import refresh

_DATA_BLOCK = 0x84


@dataclass(frozen=True, slots=True)
class Retention:
    """How many markers, timers and counters are retentive: from the first marker byte, timer and counter on."""

    marker_bytes: int = 0
    timers: int = 0
    counters: int = 0


class Memory:
    """Memory of a CPU with a program.

    Attributes:
        program: the program that it was made for.
        retention: which markers, timers and counters are retentive.
        inputs: process image of the inputs.
        outputs: process image of the outputs.
        markers: bit memory.
        peripheral_inputs: inputs as the modules have them.
        peripheral_outputs: outputs as the modules have them.
        timers: S5 timers.
        counters: S5 counters.
        data_blocks: storage object, list or view by casefolded name.
        by_number: the same by number.
        axes: data blocks of axes.
        load_memory: the start values that the program has written.
    """

    def __init__(self, program: Program | None = None, retention: Retention | None = None) -> None:
        """Create memory with start values.

        Raises:
            ProgramError: a start value that cannot be understood.
        """
        self.program = program or Program()
        self.retention = retention or Retention()
        limits = self.program.cpu.limits
        self.inputs, self.outputs = Bytes(limits.image), Bytes(limits.image)
        self.peripheral_inputs, self.peripheral_outputs = Bytes(limits.image), Bytes(limits.image)
        self.markers = Bytes(limits.memory)
        for code, area in ((0x81, self.inputs), (0x82, self.outputs), (0x83, self.markers)):
            area.area = code
        self.timers, self.counters = [0] * limits.timers, [0] * limits.counters
        self.data_blocks: dict[str, Any] = {}
        self.by_number: dict[int, Any] = {}
        for key, declaration in self.program.data_blocks.items():
            made = self.data_blocks[key] = new_data_block(self.program, declaration)
            if declaration.number is not None:
                self.by_number[declaration.number] = made
                buffer = buffer_of(made)
                if buffer is not None:
                    buffer.area, buffer.number = _DATA_BLOCK, declaration.number
        axes = (key for key, each in self.program.data_blocks.items() if is_axis(each.type))
        self.axes = [self.data_blocks[key] for key in axes]
        self.load_memory = LoadMemory()
        self._accessors: dict[str, Accessor] = {}

    def accessor(self, path: str) -> Accessor:
        """Return how a path is read and written; keep the result where it stays valid as long as the memory.

        Raises:
            PathError: the path is wrong or leads to nothing.
        """
        found = self._accessors.get(path)
        if found is None:
            found = resolve(self, path)
            if found.fixed:
                self._accessors[path] = found
        return found

    def read(self, path: str) -> Any:
        """Return what a path leads to; structures as dictionaries, arrays as lists.

        Args:
            path: `"DB".motor.speed`, `DB.list[3]`, `Tag`, `%MW10`, `%I0.0:P`, `%DB1.DBX0.0`, with slices (`.%X3`).

        Raises:
            PathError: the path is wrong or leads to nothing.
        """
        return self.accessor(path).get()

    def write(self, path: str, value: Any) -> None:
        """Write a value; a structure takes a dictionary of some of its members, an array a list.

        Args:
            path: as in `read`.
            value: a value of the type, or the text of a literal of it (`T#5s`).

        Raises:
            PathError: the path names no data, or the value does not fit the type.
        """
        self.accessor(path).set(value)

    def move_axes(self, now: int) -> None:
        """Advance all axes to a virtual time in nanoseconds, and show them in their data blocks."""
        for each in self.axes:
            refresh(each, now)

    def names(self) -> Iterator[Leaf]:
        """Yield every value that can be read: tags, then data blocks in the order of the program."""
        return leaves(self.program)

    def snapshot(self) -> dict[str, Any]:
        """Return everything as plain data that can be compared."""
        return {
            "inputs": bytes(self.inputs),
            "outputs": bytes(self.outputs),
            "peripheral_inputs": bytes(self.peripheral_inputs),
            "peripheral_outputs": bytes(self.peripheral_outputs),
            "markers": bytes(self.markers),
            "timers": self.timers[:],
            "counters": self.counters[:],
            "data_blocks": {name: plain(data) for name, data in self.data_blocks.items()},
        }

    def carry_over(self, old: Memory) -> None:
        """Copy the values of another memory, as a download does that does not initialise data.

        Areas are kept whole, data blocks by name, members by name and type; what is new keeps its start value.
        """
        for name in ("inputs", "outputs", "markers", "peripheral_inputs", "peripheral_outputs", "timers", "counters"):
            mine, other = getattr(self, name), getattr(old, name)
            length = min(len(mine), len(other))
            mine[:length] = other[:length]
        for key, data in self.data_blocks.items():
            before = old.program.data_blocks.get(key)
            if before is not None:
                retention.carry_over(before.type, old.data_blocks[key], self.program.data_blocks[key].type, data)
        self.load_memory.carry_over(old, self)

    def reset(self, keep_retentive: bool) -> None:
        """Give everything its start value; the inputs of the modules keep theirs.

        Args:
            keep_retentive: keep retentive data as a restart does; a memory reset keeps none.
        """
        for area in (self.inputs, self.outputs, self.peripheral_outputs):
            area[:] = bytes(len(area))
        kept = self.retention if keep_retentive else Retention()
        self.markers[kept.marker_bytes :] = bytes(len(self.markers) - kept.marker_bytes)
        for area_of, first in ((self.timers, kept.timers), (self.counters, kept.counters)):
            area_of[first:] = [0] * (len(area_of) - first)
        for key, declaration in self.program.data_blocks.items():
            fresh = self.load_memory.start_values(self, key)
            if keep_retentive:
                retention.keep(declaration, self.program.cpu.family, self.data_blocks[key], fresh)
            copy_into(self.data_blocks[key], fresh)
