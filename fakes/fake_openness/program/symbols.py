"""The program as the compiler sees it: its blocks, data types, tags and constants, each read on demand."""

from __future__ import annotations

from fake_openness.program.elements import _Element
from fake_openness.program.plc import Row, _Plc
from fake_openness.program.state import DATA_KINDS, TECHNOLOGY_KIND
from simatic_xml.model import Block, PlcType
from simatic_xml.program.symbols import Symbols


class _Names:
    """The names of one PLC during one compilation; a `Source` of the typed program."""

    def __init__(self, plc: _Plc) -> None:
        """Read nothing yet."""
        self._plc = plc
        self.cpu = plc._cpu
        self.symbols = Symbols(self)
        self._contents: dict[str, Block | PlcType] = {}
        self._rows: dict[str, Row] | None = None

    def find(self, name: str) -> Block | PlcType | Row | None:
        """Return the block, data type, tag or constant of a name."""
        element = self.element(name)
        return self.row(name) if element is None else self.content(element)

    def find_by_number(self, kind: str, number: int) -> Block | None:
        """Return the block of a number; `kind` is `OB`, `FB`, `FC` or `DB`."""
        elements = (
            each
            for one in ((*DATA_KINDS, TECHNOLOGY_KIND) if kind == "DB" else (kind,))
            for each in self._plc._program.of_kind(one)
        )
        found = next((each for each in elements if each._state.number == number), None)
        content = None if found is None else self.content(found)
        return content if isinstance(content, Block) else None

    def element(self, name: str) -> _Element | None:
        """Return the element of a name."""
        return self._plc._program.find(name)

    def content(self, element: _Element) -> Block | PlcType:
        """Return the content of an element, which all readers share."""
        key = element._name.casefold()
        if key not in self._contents:
            self._contents[key] = element._read()
        return self._contents[key]

    def forget(self, element: _Element) -> None:
        """Read an element again: its content was changed."""
        self._contents.pop(element._name.casefold(), None)
        self.symbols.forget([element._name])

    def row(self, name: str) -> Row | None:
        """Return the tag, user constant or system constant of a name."""
        if self._rows is None:
            self._rows = self._plc._tag_names.rows()
        return self._rows.get(name.casefold())
