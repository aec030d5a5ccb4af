"""The names in a PLC's program that a source can use: callable blocks, types, constants."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from fake_openness.program.elements import _Element
from fake_openness.program.plc import _Plc
from fake_openness.program.state import CODE_KINDS, TYPE_KIND
from simatic_xml import scl
from simatic_xml.model import Block, PlcType, Section

_INTERFACES = ("FB", "FC", TYPE_KIND)


def surroundings(plc: _Plc) -> scl.Program:
    """Return the names of a PLC's program that a text can refer to."""
    types = frozenset(element._name.casefold() for element in plc._program.of_kind(TYPE_KIND))
    return scl.Program(
        _Callees(plc),
        plc._tag_names.constants(),
        types,
        _Interfaces(plc),
        numbered={absolute: element._name for element in plc._program if (absolute := _absolute(element))},
        classic=plc._family.classic,
    )


def _absolute(element: _Element) -> str:
    """Return the absolute name of a block (`FC5`), empty for anything else."""
    kind = element._state.kind
    kind = kind if kind in CODE_KINDS else "DB" if kind.endswith("DB") else ""
    return f"{kind}{element._state.number}" if kind else ""


class _Callees(Mapping[str, scl.Callee]):
    """The callable blocks of a PLC, by name; a block is read only when a source calls it."""

    def __init__(self, plc: _Plc) -> None:
        self._plc = plc

    def __getitem__(self, name: str) -> scl.Callee:
        element = self._plc._program.find(name)
        callee = None if element is None else self._callee(element)
        if callee is None:
            raise KeyError(name)
        return callee

    def _callee(self, element: _Element) -> scl.Callee | None:
        kind = element._state.kind
        if kind == "FC":
            return scl.Callee("FC", element._name, _returns(element))
        if kind == "FB":
            return scl.Callee("FB", element._name)
        if kind == "InstanceDB":
            parent = self._plc._program.find(element._state.instance_of)
            return scl.Callee("system" if parent is None else "FB", element._state.instance_of)
        return None

    def __iter__(self) -> Iterator[str]:
        return (element._name.casefold() for element in self._plc._program if self._callee(element) is not None)

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Interfaces(Mapping[str, list[Section]]):
    """The interfaces of blocks and data types of a PLC, by name; one is read only when a source needs it."""

    def __init__(self, plc: _Plc) -> None:
        self._plc = plc

    def __getitem__(self, name: str) -> list[Section]:
        element = self._plc._program.find(name)
        content = None if element is None or element._state.kind not in _INTERFACES else element._read()
        if isinstance(content, Block):
            return content.interface
        if isinstance(content, PlcType):
            return [Section("None", content.members)]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return (each._name.casefold() for each in self._plc._program if each._state.kind in _INTERFACES)

    def __len__(self) -> int:
        return sum(1 for _ in self)


def _returns(element: _Element) -> bool:
    content = element._read()
    section = content.section("Return") if isinstance(content, Block) else None
    return bool(section and any(member.data_type.casefold() != "void" for member in section.members))
