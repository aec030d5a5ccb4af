"""Access by absolute address to a simulated controller: what S7 communication reads and writes in a CPU.

The real API reaches data blocks only by names and has no such type, so its absence shows a caller that there is no such
access. Unlike a handle of the API it may be used by several threads at once: each call waits only for the end of a scan.
Unverified: timers and counters are read as the words that S5 instructions load, and are never written from outside.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from fake_dotnet.system import require_type
from fake_plcsim.instance import IInstance
from simatic_xml.program.types.layout import size_bits
from simatic_xml.program.types.types import type_name
from virtual_plc.instructions.control.s5_counters import value_bcd
from virtual_plc.instructions.control.s5_timers import remaining_s5time
from virtual_plc.memory.leaves import leaves
from virtual_plc.memory.views import buffer_of

if TYPE_CHECKING:
    from virtual_plc.cpu.cpu import VirtualCpu
    from virtual_plc.memory.memory import Memory

_AREAS = {
    "Input": ("peripheral_inputs", "inputs"),
    "Output": ("outputs", "peripheral_outputs"),
    "Marker": ("markers",),
}
"""The bytes of an area: those that are read, and those that a write changes, too."""


class SPlace(NamedTuple):
    """Where a value is: its name, its type, its area and the number of its data block, its first byte and bit, its bits."""

    Name: str
    DataType: str
    Area: str
    Block: int
    Byte: int
    Bit: int
    Bits: int
    Writable: bool


class SProgramFacts(NamedTuple):
    """How many programs were loaded, which blocks of each kind there are, and who the CPU is."""

    Downloads: int
    Blocks: dict[str, list[int]]
    Family: str


class AbsoluteAccess:
    """Reads and writes the areas and data blocks with standard access of simulated controllers."""

    @staticmethod
    def Read(in_Instance: IInstance, in_Ranges: Sequence[tuple[str, int, int, int]]) -> list[bytes | None]:
        """Return the bytes of ranges, all of one moment between two scans; None for one that does not exist.

        Args:
            in_Instance: The controller.
            in_Ranges: Area, number of the data block, first byte and number of bytes of each.

        Raises:
            SimulationRuntimeException: InstanceNotRunning.
        """
        cpu = _cpu(in_Instance)
        with in_Instance._controller.memory.between_cycles() as memory:
            found = ((_content(cpu, memory, area, block), start, count) for area, block, start, count in in_Ranges)
            return [
                None if data is None or start < 0 or start + count > len(data) else bytes(data[start : start + count])
                for data, start, count in found
            ]

    @staticmethod
    def Change(in_Instance: IInstance, in_Changes: Iterable[tuple[str, int, int, bytes, bytes]]) -> list[bytes | None]:
        """Change the bits of ranges that masks name, between two scans; return the bytes before, None where there are none.

        Args:
            in_Instance: The controller.
            in_Changes: Area, number of the data block, first byte, mask and content of each.

        Raises:
            SimulationRuntimeException: InstanceNotRunning.
        """
        cpu, before = _cpu(in_Instance), list[bytes | None]()
        with in_Instance._controller.memory.between_cycles() as memory:
            for area, block, start, mask, content in in_Changes:
                data = None if area in ("Timer", "Counter") else _content(cpu, memory, area, block)
                if data is None or start < 0 or start + len(content) > len(data):
                    before.append(None)
                    continue
                before.append(bytes(data[start : start + len(content)]))
                for each in _written(memory, area, data):
                    for at, (bits, byte) in enumerate(zip(mask, content, strict=True), start):
                        each[at] = each[at] & ~bits | byte & bits
        return before

    @staticmethod
    def Size(in_Instance: IInstance, in_Area: str, in_Block: int) -> int | None:
        """Return the bytes of an area or data block; None where there is none, or it has optimized access."""
        cpu = _cpu(in_Instance)
        data = _content(cpu, cpu.memory, in_Area, in_Block)
        return None if data is None else len(data)

    @staticmethod
    def Places(in_Instance: IInstance) -> list[SPlace]:
        """Return where all values are that have an absolute address, in the order of the program."""
        program = _cpu(in_Instance).program
        if program is None:
            return []
        protected = {each.number for each in program.data_blocks.values() if each.read_only}
        return [
            SPlace(
                each.path.replace('"', ""),
                type_name(each.type),
                each.area,
                each.block or 0,
                each.byte,
                each.bit,
                16 if each.area in ("Timer", "Counter") else size_bits(each.type),
                each.area not in ("Timer", "Counter") and not (each.block and each.block in protected),
            )
            for each in leaves(program)
            if each.byte is not None
        ]

    @staticmethod
    def Downloads(in_Instance: IInstance) -> int:
        """Return how many programs were loaded: another number means that places may be others."""
        return require_type(in_Instance, IInstance, "in_Instance")._controller.downloads

    @staticmethod
    def Checksum(in_Instance: IInstance) -> str:
        """Return the SHA-256 of the loaded program, in 64 digits; empty without one, and where its source is not known."""
        source = require_type(in_Instance, IInstance, "in_Instance")._controller.card.source()
        return "" if source is None else hashlib.sha256(source).hexdigest()

    @staticmethod
    def Facts(in_Instance: IInstance) -> SProgramFacts:
        """Return what identifies the program."""
        controller = require_type(in_Instance, IInstance, "in_Instance")._controller
        program = controller.cpu.program
        blocks: dict[str, list[int]] = {"OB": [], "FB": [], "FC": [], "DB": []}
        if program is not None:
            for block in program.blocks.values():
                blocks.setdefault(block.kind, []).append(block.number or 0)
            blocks["DB"] = [each.number or 0 for each in program.data_blocks.values()]
        family = program.cpu.family if program is not None else ""
        return SProgramFacts(controller.downloads, {kind: sorted(numbers) for kind, numbers in blocks.items()}, family)


def _cpu(instance: IInstance) -> VirtualCpu:
    require_type(instance, IInstance, "in_Instance")._enter()
    return instance._controller.cpu


def _content(cpu: VirtualCpu, memory: Memory, area: str, block: int) -> bytes | bytearray | None:
    if area == "DataBlock":
        return buffer_of(memory.by_number.get(block))
    if area == "Timer":
        return b"".join(remaining_s5time(each, cpu.clock.now).to_bytes(2, "big") for each in memory.timers)
    if area == "Counter":
        return b"".join(value_bcd(each).to_bytes(2, "big") for each in memory.counters)
    found: bytearray = getattr(memory, _AREAS[area][0])
    return found


def _written(memory: Memory, area: str, data: bytes | bytearray) -> list[bytearray]:
    names = _AREAS.get(area)
    if names is None:
        assert isinstance(data, bytearray)  # noqa: S101 - for the type checker: only timers and counters are none
        return [data]
    return [getattr(memory, name) for name in names]
