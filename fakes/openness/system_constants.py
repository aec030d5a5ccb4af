"""System constants: what TIA Portal itself names, such as its organization blocks.

Facts: tia-rules 3 (types seen), openness-map 3.4 (read-only, default table only).
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from fakes.openness.core import NamedComposition
from fakes.openness.program_object import _ProgramObject
from fakes.openness.system import declared

if TYPE_CHECKING:
    from fakes.openness.tags import PlcTagTable

_TYPES = {"ProgramCycle": "OB_PCYCLE", "Startup": "OB_STARTUP", "TimeOfDay": "OB_TOD", "CyclicInterrupt": "OB_CYCLIC",
          "TimeDelayInterrupt": "OB_DELAY", "HardwareInterrupt": "OB_HWINT", "DiagnosticErrorInterrupt": "OB_DIAG",
          "TimeErrorInterrupt": "OB_TIMEERROR"}  # fmt: skip


class PlcSystemConstant(_ProgramObject):
    """A system constant."""

    def __init__(self, parent: PlcSystemConstantComposition, name: str, data_type: str, value: str) -> None:
        """Stand for a constant."""
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
    """The system constants of a table: those of the organization blocks in the default table, none elsewhere."""

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
        """The constant of a name, or None."""
        wanted = declared(name, str, "name").casefold()
        return next((item for item in self._constants() if item._name.casefold() == wanted), None)

    def __iter__(self) -> Iterator[PlcSystemConstant]:
        """Go through all."""
        self._enter("GetEnumerator")
        return iter(self._constants())

    def __getitem__(self, index: int) -> PlcSystemConstant:
        """The one at index."""
        self._enter("Item")
        return self._constants()[declared(index, int, "index")]

    def _constants(self) -> list[PlcSystemConstant]:
        if not self._table._is_default:
            return []
        states = sorted((e._state.number or 0, e._name, e._state) for e in self._table._plc._program.of_kind("OB"))
        return [
            PlcSystemConstant(self, f"OB_{name}", _TYPES.get(state.secondary_type, "OB_ANY"), str(number))
            for number, name, state in states
        ]
