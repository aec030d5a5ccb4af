"""Addresses that are known only while the program runs: indirect operands of STL, opened data blocks."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from simatic_xml.program import nodes as n
from simatic_xml.program.types.types import BOOL, DataType, Elementary, Structure
from virtual_plc.cpu.services import Services
from virtual_plc.faults import AccessFault, Fault, MissingBlockFault
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.shapes import is_plain
from virtual_plc.memory.starting_values import Slot
from virtual_plc.memory.storage import new
from virtual_plc.memory.views import buffer_of, view
from virtual_plc.python_tier.access.references import Whole, at

_OFFSET = 0xFF_FFFF
_AREAS = {0x80: "P", 0x81: "I", 0x82: "Q", 0x83: "M", 0x84: "DB", 0x85: "DI", 0x86: "L", 0x87: "L"}

OpenBlock = tuple[int, Any] | None
"""What the DB or DI register has opened: number and data."""


@dataclass(slots=True)
class Registers:
    """What an address may count in, besides the areas of the CPU: opened data blocks, instance, local data."""

    db: OpenBlock
    di: OpenBlock
    instance: Any
    frame: Any


@dataclass(slots=True)
class Nowhere:
    """A place that does not exist: it gives the default of its type and takes anything."""

    value: Any

    def get(self) -> Any:
        """Return the default."""
        return self.value

    def set(self, value: Any) -> None:
        """Change nothing."""


class Addressing:
    """Finds operands by address in the memory of a program."""

    def __init__(self, memory: Memory, services: Services, locate: Callable[[Fault], Fault]) -> None:
        """Keep memory and CPU; `locate` puts the place of the running line into a fault."""
        self._memory = memory
        self._services = services
        self._locate = locate

    def indirect(self, area: n.Area | None, pointer: int, data_type: DataType, registers: Registers) -> Any:
        """Return the place that a pointer leads to; its own area goes before that of the pointer."""
        found = area or _AREAS.get(pointer >> 24 & 0xFF, "")
        byte, bit = divmod(pointer & _OFFSET, 8)
        if not found or (bit and isinstance(data_type, Elementary) and data_type.bits > 1):
            message = f"The pointer 16#{pointer & 0xFFFF_FFFF:08X} is none that this operation can use."
            return self._missing(AccessFault(message), data_type)
        return self.direct(found, byte, bit, data_type, registers)

    def direct(self, area: str, byte: int, bit: int, data_type: DataType, registers: Registers) -> Any:
        """Return the place at an address."""
        memory = self._memory
        areas = {"P": memory.peripheral_inputs, "I": memory.inputs, "Q": memory.outputs, "M": memory.markers}
        if area in areas:
            return self._at(areas[area], byte, bit, data_type)
        data = registers.frame if area == "L" else self._find_opened(area, registers)
        if data is None:
            return self._missing(MissingBlockFault("No data block is open."), data_type)
        buffer = buffer_of(data)
        if buffer is None:
            return self._missing(MissingBlockFault("Data with optimized access have no addresses."), data_type)
        offset = data.offset if hasattr(data, "offset") else data._offset
        return self._at(buffer, offset + byte, bit, data_type)

    def _find_opened(self, area: str, registers: Registers) -> Any:
        opened = registers.di if area == "DI" else registers.db
        if opened is None:
            return registers.instance if area == "DI" else None
        return opened[1]

    def find_by_number(self, area: n.Area | None, number: int, data_type: DataType) -> Any:
        """Return the timer, counter or data block of a number."""
        if area in ("T", "C"):
            return Slot(self._memory.timers if area == "T" else self._memory.counters, number, data_type)
        if number == 0:
            return Whole(0, data_type)
        found = self._memory.by_number.get(number)
        if found is None:
            return self._missing(MissingBlockFault(f"There is no data block {number}."), data_type)
        return Whole(found, data_type)

    def open_block(self, data: Any) -> OpenBlock:
        """Return what OPN opens: data, a parameter that holds them, or the number of a data block.

        The number 0 opens none, which closes the block before. None for a data block that does not exist.
        """
        data = data.get() if isinstance(data, Whole) else data
        if isinstance(data, int) and not isinstance(data, bool):
            if data == 0:
                return 0, None
            data = self.find_by_number("DB", data, BOOL).get()
        if data is None or isinstance(data, bool):
            return None
        return next((number for number, each in self._memory.by_number.items() if each is data), 0), data

    def instance(self, opened: OpenBlock, own: Any, callee: str) -> Any:
        """Return the instance that a call without one works on: the opened block, else that of the calling block.

        Args:
            opened: what OPN DI has opened.
            own: the instance of the calling block, None in a function.
            callee: the function block, to which the instance has to belong; the result is None where it does not.
        """
        found = own if opened is None else opened[1]
        structure = getattr(found, "_structure", None)
        if structure is None or structure.name.casefold() != callee.casefold():
            self._services.fault(self._locate(MissingBlockFault(f"No instance of '{callee}' is open.")))
            return None
        return found

    def parameter_instance(self, number: int, wanted: Structure) -> Any:
        """Return the instance that a DB_ANY names; a wrong one is a fault, and the call works on an empty instance."""
        found = self._memory.by_number.get(number)
        structure = getattr(found, "_structure", None)
        if structure is not None and structure.name.casefold() == wanted.name.casefold():
            return found
        message = f"The data block {number} is not an instance of '{wanted.name}'."
        self._services.fault(self._locate(MissingBlockFault(message)))
        return new(wanted)

    def report_absent(self, kind: str, number: int) -> None:
        """Report the call of a block that does not exist."""
        self._services.fault(self._locate(MissingBlockFault(f"There is no block {kind}{number}.")))

    def _at(self, buffer: Any, byte: int, bit: int, data_type: DataType) -> Any:
        if not is_plain(data_type):
            return Whole(view(data_type, buffer, byte), data_type)
        return at(buffer, byte, bit, data_type)

    def _missing(self, fault: Fault, data_type: DataType) -> Nowhere:
        self._services.fault(self._locate(fault))
        return Nowhere(new(data_type) if is_plain(data_type) else None)


def length_of(opened: OpenBlock) -> int:
    """Return the bytes of an opened data block, 0 where none is open."""
    return 0 if opened is None else len(buffer_of(opened[1]) or b"")
