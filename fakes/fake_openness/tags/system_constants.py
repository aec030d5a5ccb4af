"""System constants, which TIA Portal itself makes: for organization blocks and hardware identifiers.

Facts: docs/facts/tia-rules.md#addresses (types seen), docs/facts/openness-program.md#tags-and-constants (read-only,
default table only).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fake_dotnet.lists import item_at
from fake_dotnet.system import require_type
from fake_openness.core.objects import NamedComposition
from fake_openness.hardware.device_items import DeviceItem
from fake_openness.program.plc import _Plc
from fake_openness.program.program_object import _ProgramObject

if TYPE_CHECKING:
    from fake_openness.tags.tag_tables import PlcTagTable

_TYPES = {
    "ProgramCycle": "OB_PCYCLE",
    "Startup": "OB_STARTUP",
    "TimeOfDay": "OB_TOD",
    "CyclicInterrupt": "OB_CYCLIC",
    "TimeDelayInterrupt": "OB_DELAY",
    "HardwareInterrupt": "OB_HWINT",
    "DiagnosticErrorInterrupt": "OB_DIAG",
    "TimeErrorInterrupt": "OB_TIMEERROR",
}


class PlcSystemConstant(_ProgramObject):
    """A system constant."""

    def __init__(self, parent: PlcSystemConstantComposition, name: str, data_type: str, value: str) -> None:
        """Represent a constant."""
        super().__init__(parent, parent._table._plc)
        self._name, self._type, self._value = name, data_type, value

    @property
    def Name(self) -> str:
        """The name."""
        return self._name

    @property
    def DataTypeName(self) -> str:
        """The data type, such as OB_PCYCLE."""
        return self._type

    @property
    def Value(self) -> str:
        """The value as text."""
        return self._value


class PlcSystemConstantComposition(NamedComposition[PlcSystemConstant]):
    """The system constants of a table: all of the PLC in the default table, none elsewhere."""

    def __init__(self, table: PlcTagTable) -> None:
        """View the constants of the table's PLC."""
        super().__init__(table)
        self._table = table

    @property
    def Count(self) -> int:
        """How many there are."""
        return len(self._constants())

    @property
    def IsReadOnly(self) -> bool:
        """Always: TIA Portal makes them."""
        return True

    def Find(self, name: str) -> PlcSystemConstant | None:
        """Return the constant of a name, or None."""
        wanted = require_type(name, str, "name").casefold()
        return next((item for item in self._constants() if item._name.casefold() == wanted), None)

    def __iter__(self) -> Iterator[PlcSystemConstant]:
        """Go through all."""
        self._enter("GetEnumerator", by_method=False)
        return iter(self._constants())

    def __getitem__(self, index: int) -> PlcSystemConstant:
        """Return the one at index."""
        self._enter("Item", by_method=False)
        return item_at(self._constants(), index)

    def _constants(self) -> list[PlcSystemConstant]:
        if not self._table._is_default:
            return []
        plc = self._table._plc
        return [PlcSystemConstant(self, *each) for each in (*_of_program(plc), *_of_hardware(plc))]


def _of_program(plc: _Plc) -> Iterator[tuple[str, str, str]]:
    """Yield name, type and value for each organization block."""
    blocks = sorted(plc._program.of_kind("OB"), key=lambda block: (block._state.number or 0, block._name))
    for block in blocks:
        kind = _TYPES.get(block._state.secondary_type, "OB_ANY")
        yield f"OB_{block._name}".replace(" ", "_"), kind, str(block._state.number)


def _of_hardware(plc: _Plc) -> Iterator[tuple[str, str, str]]:
    """Yield name, type and value for each hardware identifier of the station and of its IO devices."""
    cpu = plc._parent
    if not isinstance(cpu, DeviceItem):
        return
    for device in cpu._device._hardware.address_space(cpu._device):
        for item in device._all_items():
            path = item._path()[1:]
            if device is cpu._device:
                path = ["Local", *(path[1:] if path[0] == cpu._name else path)]
            kind = "Hw_Interface" if item._interface is not None or item._port is not None else "Hw_SubModule"
            for identifier in item._identifiers._items:
                yield "~".join(path).replace(" ", "_"), kind, str(identifier._number)
