"""What a name in a program stands for: followed from block or tag through structures, data types and instances.

Contents are read once for each compilation.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from fakes.openness.data_types import ELEMENTARY, element_type
from fakes.openness.references import sections_of
from fakes.openness.state import DATA_KINDS
from simatic_xml.model import Block, Member, PlcType, Tag, UserConstant

if TYPE_CHECKING:
    from fakes.openness.elements import _Element
    from fakes.openness.software import PlcSoftware

_OPEN = frozenset({"struct", "variant", "any", "dtl"})


class _Symbols:
    """The names of one PLC during one compilation."""

    def __init__(self, plc: PlcSoftware) -> None:
        """Read nothing yet."""
        self._plc = plc
        self._contents: dict[str, Block | PlcType] = {}
        self._rows: dict[str, Tag | UserConstant] | None = None
        self._system: frozenset[str] | None = None

    def element(self, name: str) -> _Element | None:
        """The block or data type of a name."""
        return self._plc._program.find(name)

    def content(self, element: _Element) -> Block | PlcType:
        """The content of an element, read once."""
        key = element._name.casefold()
        if key not in self._contents:
            self._contents[key] = element._content()
        return self._contents[key]

    def forget(self, element: _Element) -> None:
        """Read an element again: its content was changed."""
        self._contents.pop(element._name.casefold(), None)

    def row(self, name: str) -> Tag | UserConstant | None:
        """The tag or user constant of a name."""
        if self._rows is None:
            tables = self._plc._tag_names.tables()
            self._rows = {
                key: row for t in tables for rows in (t._tags, t._constants) for key, row in rows._names().items()
            }
        return self._rows.get(name.casefold())

    def is_constant(self, name: str) -> bool:
        """Whether a name is that of a user or system constant."""
        return isinstance(self.row(name), UserConstant) or name.casefold() in self._system_constants()

    def _system_constants(self) -> frozenset[str]:
        if self._system is None:
            default = next((t for t in self._plc._tag_names.tables() if t._is_default), None)
            constants = default._system._constants() if default is not None else []
            self._system = frozenset(constant._name.casefold() for constant in constants)
        return self._system

    def data_blocks(self, number: int) -> list[_Element]:
        """The data blocks of a number."""
        elements = (element for kind in DATA_KINDS for element in self._plc._program.of_kind(kind))
        return [element for element in elements if element._state.number == number]

    def has_global(self, names: tuple[str, ...]) -> bool:
        """Whether a path such as ("DB", "member") leads to something."""
        row = self.row(names[0])
        if row is not None:
            return isinstance(row, UserConstant) or self._within(row.data_type, names[1:])
        element = self.element(names[0])
        if element is None or element._state.kind not in DATA_KINDS:
            return len(names) == 1 and names[0].casefold() in self._system_constants()
        return len(names) == 1 or element._state.kind == "ArrayDB" or self.has_member(self.content(element), names[1:])

    def has_member(self, content: Block | PlcType, names: tuple[str, ...]) -> bool:
        """Whether a path leads to a member of a content."""
        members = (member for section in sections_of(content) for member in section.members)
        if self._follow(members, names):
            return True
        parent = self.element(content.instance_of or "") if isinstance(content, Block) else None
        if isinstance(content, Block) and content.instance_of and parent is None:
            return True
        return parent is not None and self.has_member(self.content(parent), names)

    def _follow(self, members: Iterable[Member], names: tuple[str, ...]) -> bool:
        wanted = names[0].casefold()
        found = next((member for member in members if member.name.casefold() == wanted), None)
        if found is None:
            return False
        if len(names) == 1:
            return True
        if found.members:
            return self._follow(found.members, names[1:])
        return self._within(found.data_type, names[1:])

    def _within(self, data_type: str, names: tuple[str, ...]) -> bool:
        """Whether a path leads to something within a data type.

        System types are taken as they come; a PLC data type that is missing is reported where it is declared.
        """
        if not names:
            return True
        plain = element_type(data_type)
        element = self.element(plain.strip('"'))
        if element is not None:
            return self.has_member(self.content(element), names)
        return plain.startswith('"') or plain.casefold() not in ELEMENTARY or plain.casefold() in _OPEN
