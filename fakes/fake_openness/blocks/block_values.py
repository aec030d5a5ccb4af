"""ValueService: the values of a data block in its CPU, while the PLC is online (from V21).

Facts: docs/facts/openness-program.md#values-of-data-blocks. Unverified: a snapshot exists while the project is
open, and fits only the structure of its data block.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from fake_openness.core.errors import EngineeringTargetInvocationException
from fake_openness.core.objects import EngineeringObject
from fake_openness.hardware.device_items import DeviceItem
from simatic_xml.program.typed_blocks import DataBlockDeclaration
from virtual_plc.cpu.cpu import CpuError
from virtual_plc.cpu.loading import same_structure
from virtual_plc.memory.data_blocks import new_data_block
from virtual_plc.memory.program import Program
from virtual_plc.memory.shapes import copy_into

if TYPE_CHECKING:
    from fake_openness.blocks.blocks import DataBlock

Snapshot = tuple[DataBlockDeclaration, Any]
"""Values and their data block."""
ValuesInCpu = tuple[Program, DataBlockDeclaration, Any]
"""The program of a CPU, and a data block of it with its values."""


class ValueService(EngineeringObject):
    """The values of a data block in its CPU."""

    _SINCE: ClassVar[str] = "21"

    def __init__(self, block: DataBlock) -> None:
        """Serve a data block."""
        super().__init__(block)
        self._block = block

    def LoadStartValuesAsActualValues(self) -> None:
        """Give the data block in the CPU its start values.

        Raises:
            EngineeringTargetInvocationException: The PLC is offline, or its CPU has no such data block.
        """
        with self._open_in_cpu() as (program, declaration, values):
            copy_into(values, new_data_block(program, declaration))

    def CreateSnapshot(self) -> None:
        """Save the values of the data block in the CPU.

        Raises:
            EngineeringTargetInvocationException: As LoadStartValuesAsActualValues.
        """
        with self._open_in_cpu() as (program, declaration, values):
            copy = new_data_block(program, declaration)
            copy_into(copy, values)
        self._block._snapshot = (declaration, copy)

    def LoadSnapshotAsActualValues(self) -> None:
        """Give the data block in the CPU the values of the snapshot.

        Raises:
            EngineeringTargetInvocationException: As CreateSnapshot, or there is no snapshot of this structure.
        """
        with self._open_in_cpu() as (_, declaration, values):
            taken, copy = self._block._snapshot or (None, None)
            if taken is None or not same_structure(taken, declaration):
                msg = f"There is no snapshot of '{self._block._name}' as it is in the CPU: take one first."
                raise EngineeringTargetInvocationException(msg, code="values.no_snapshot")
            copy_into(values, copy)

    @contextmanager
    def _open_in_cpu(self) -> Iterator[ValuesInCpu]:
        """Return the program and the data block in the CPU, between two scans."""
        software = self._block._plc
        way = software._parent._way if isinstance(software._parent, DeviceItem) else None
        controller = way._controller() if way is not None and is_online(self._block) else None
        if controller is None:
            msg = f"'{software._name}' is offline: go online first."
            raise EngineeringTargetInvocationException(msg, code="device.offline")
        key = self._block._name.casefold()
        try:
            with controller.cpu.between_scans() as memory:
                if key not in memory.data_blocks:
                    msg = f"The CPU has no data block '{self._block._name}': download it first."
                    raise EngineeringTargetInvocationException(msg, code="values.not_loaded")
                yield memory.program, memory.program.data_blocks[key], memory.data_blocks[key]
        except CpuError as error:
            raise EngineeringTargetInvocationException(error.message, code="device.offline") from error


class PlcBlockInterface(EngineeringObject):
    """The interface of a data block, which offers the values while the PLC is online."""

    _SINCE = "17"
    _EXISTS_FROM: ClassVar[dict[str, str]] = {"GetService": "21"}

    def __init__(self, block: DataBlock) -> None:
        """Belong to a data block."""
        super().__init__(block)
        self._block = block

    def _services(self) -> dict[type, Any]:
        offered = self._context.version.has("21") and is_online(self._block)
        return {ValueService: lambda: ValueService(self._block)} if offered else {}


def is_online(block: DataBlock) -> bool:
    """Return whether the PLC of a block is online."""
    return block._context.is_online(block._plc._device_name())
