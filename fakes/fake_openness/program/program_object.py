"""What the objects of a PLC's program have in common: their PLC and its files."""

from __future__ import annotations

from fake_openness.core.objects import EngineeringObject, N
from fake_openness.core.sorted_composition import _SortedComposition
from fake_openness.core.versioned import _VersionedObject
from fake_openness.files.stored import _Stored
from fake_openness.program.plc import _Plc


class _ProgramObject(_VersionedObject, _Stored):
    """An object below a PLC's software."""

    def __init__(self, parent: EngineeringObject, plc: _Plc) -> None:
        """Join the PLC's program."""
        super().__init__(parent)
        self._plc = plc


class _ProgramComposition(_SortedComposition[N]):
    """A collection below a PLC's software."""

    def __init__(self, parent: EngineeringObject, plc: _Plc) -> None:
        """Start empty."""
        super().__init__(parent)
        self._plc = plc
