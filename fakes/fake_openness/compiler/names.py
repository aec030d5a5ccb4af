"""The program as the compiler sees it: the typed view, so that a block is typed once for compiler, lists and download."""

from __future__ import annotations

from fake_openness.program.elements import _Element
from fake_openness.program.plc import _Plc
from fake_openness.program.symbols import _Names
from simatic_xml.program.typed_blocks import Block


class _TypedNames(_Names):
    """The names of one PLC during one compilation, and its blocks in typed form."""

    def __init__(self, plc: _Plc) -> None:
        """Begin with the program as it is now."""
        super().__init__(plc)
        self._workspace = plc._view.workspace()
        self.symbols = self._workspace.symbols

    def typed(self, element: _Element) -> Block | None:
        """Return an element in typed form, None for what has no code."""
        return self._workspace.block(element._name)

    def forget(self, element: _Element) -> None:
        """Read an element again: its content was changed."""
        super().forget(element)
        self._workspace.put(element._read())
