"""A client's view of the memory of a virtual controller: the tag list as it was read last, values, areas.

Facts: docs/facts/plcsim-advanced.md#areas; the API's function manual: writing inputs replaces modules, and outputs are
read as the program wrote them. Timers and counters are the words that S5 instructions load, and are never written from outside
(unverified).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from fake_plcsim.enums import ETagListDetails
from fake_plcsim.errors import refuse
from fake_plcsim.primitives import from_program, to_program
from fake_plcsim.tag_list import Entry, entries
from simatic_xml.program.types.types import Elementary, Kind
from virtual_plc.cpu.cpu import CpuError, VirtualCpu
from virtual_plc.instructions.control.s5_counters import value_bcd
from virtual_plc.instructions.control.s5_timers import remaining_s5time
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import Program

_AREAS = {"Input": "peripheral_inputs", "Output": "outputs", "Marker": "markers"}
_ALSO_WRITTEN = {"Input": "inputs", "Output": "peripheral_outputs"}
_NEVER_READ = (ETagListDetails.None_, False)


class TagMemory:
    """Tags and areas of one CPU.

    Attributes:
        tags: The tag list, by name.
        status: Which areas it has, and whether only what HMI sees; None as long as it must be updated.
    """

    def __init__(self, cpu: VirtualCpu) -> None:
        """Begin with an empty list."""
        self._cpu = cpu
        self.tags: dict[str, Entry] = {}
        self.status = _NEVER_READ

    def forget(self) -> None:
        """Mark the list as out of date after a change of the program."""
        self.tags, self.status = {}, _NEVER_READ

    def update(self, details: ETagListDetails, *, hmi_only: bool) -> None:
        """Read the tag list; every tag of a simulated program is visible in HMI."""
        self.tags = entries(self._cpu.program or Program(), details)
        self.status = (details, hmi_only)

    @contextmanager
    def between_cycles(self) -> Iterator[Memory]:
        """Delay the next cycle for the block.

        Raises:
            SimulationRuntimeException: InstanceNotRunning.
        """
        try:
            with self._cpu.between_scans() as memory:
                yield memory
        except CpuError as error:
            raise refuse("InstanceNotRunning", error.message) from error

    def readable(self, name: str) -> Entry:
        """Return the entry of a tag whose value can be read and written.

        Raises:
            SimulationRuntimeException: NotUpToDate, DoesNotExist, NotSupported.
        """
        if self.status[0] is ETagListDetails.None_:
            raise refuse("NotUpToDate", "The tag list must be updated: it is empty, or a program was downloaded since.")
        found = self.tags.get(name)
        if found is None:
            raise refuse("DoesNotExist", f"The tag list has no entry '{name}'.")
        if not found.is_readable:
            raise refuse("NotSupported", f"'{name}' is a structure, an array or a text: access its elements.")
        return found

    def read(self, entry: Entry) -> Any:
        """Return the value of a tag as a primitive."""
        with self.between_cycles() as memory:
            return self._primitive(entry, memory.read(entry.path))

    def read_all(self, entries: Sequence[Entry]) -> list[tuple[str, Any]]:
        """Return the primitive types and values of several tags, of one moment."""
        with self.between_cycles() as memory:
            found = [memory.read(entry.path) for entry in entries]
        return [
            (entry.primitive.name, self._primitive(entry, value)) for value, entry in zip(found, entries, strict=True)
        ]

    def _primitive(self, entry: Entry, value: Any) -> Any:
        match entry.type:
            case Elementary(kind=Kind.TIMER):
                return remaining_s5time(value, self._cpu.clock.now)
            case Elementary(kind=Kind.COUNTER):
                return value_bcd(value)
        return from_program(entry.primitive.name, value, entry.type)

    def write(self, entry: Entry, value: Any) -> None:
        """Write a primitive."""
        with self.between_cycles() as memory:
            memory.write(entry.path, to_program(entry.primitive.name, value, entry.type))

    def area_size(self, area: str) -> int:
        """Return the number of bytes of an area."""
        return len(getattr(self._cpu.memory, _AREAS[area]))

    def read_bytes(self, area: str, offset: int, count: int) -> bytes:
        """Return the bytes of an area."""
        with self.between_cycles() as memory:
            self._check_range(area, offset, count)
            return bytes(getattr(memory, _AREAS[area])[offset : offset + count])

    def write_bytes(self, area: str, offset: int, mask: bytes, content: bytes) -> None:
        """Write the bits of an area that the mask names."""
        with self.between_cycles() as memory:
            self._check_range(area, offset, len(content))
            names = (_AREAS[area], _ALSO_WRITTEN.get(area))
            for data in (getattr(memory, name) for name in names if name):
                for at, (bits, byte) in enumerate(zip(mask, content, strict=True), offset):
                    data[at] = data[at] & ~bits | byte & bits

    def _check_range(self, area: str, offset: int, count: int) -> None:
        size = self.area_size(area)
        if offset < 0 or count < 0 or offset + count > size:
            raise refuse("IndexOutOfRange", f"The area has {size} bytes.")
