"""Making blocks and data types from an external source.

Facts: tia-rules 5: an existing block is overwritten in its old folder (switch); without KeepOnError any error
deletes what was generated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

import simatic_xml
from fakes.openness import block_import
from fakes.openness.block_groups import PlcBlockComposition, PlcBlockGroup, PlcBlockUserGroup
from fakes.openness.errors import EngineeringTargetInvocationException
from fakes.openness.options import ImportOptions, SWImportOptions
from fakes.openness.plc_types import PlcTypeComposition, PlcTypeGroup, PlcTypeUserGroup
from fakes.openness.state import TYPE_KIND
from simatic_xml import scl, stl
from simatic_xml.model import Block, PlcType, Section

if TYPE_CHECKING:
    from fakes.openness.elements import _Element
    from fakes.openness.software import PlcSoftware
    from fakes.openness.sources import PlcExternalSource

_INTERFACES = ("FB", "FC", TYPE_KIND)
_TOLERANT = SWImportOptions.IgnoreMissingReferencedObjects


def generate(
    source: PlcExternalSource, group: PlcBlockUserGroup | PlcTypeUserGroup | None, *, keep: bool
) -> list[_Element]:
    """Generate everything in a source.

    Args:
        source: The source.
        group: Where new objects go; their root folders when None or when the group is of the other tree.
        keep: Whether objects without errors stay when others have some.

    Raises:
        EngineeringTargetInvocationException: The source has errors.
    """
    plc = source._plc
    generate_from = stl.generate if source._kind().value == ".awl" else scl.generate
    made = generate_from(source._text(), _version(plc), _surroundings(plc), plc._cultures()[0])
    errors = [finding for finding in made.diagnostics if finding.severity is scl.Severity.ERROR]
    contents = [simatic_xml.load(document).objects[0] for document in made.documents]
    if errors and not (keep and contents):
        raise _failure(source, errors)
    if not contents:
        msg = f"The source '{source._name}' generated no block."
        raise EngineeringTargetInvocationException(msg, code="source.empty")
    _require_replaceable(plc, contents)
    return [_put(plc, group, content) for content in contents if isinstance(content, (Block, PlcType))]


def _version(plc: PlcSoftware) -> str:
    return plc._context.version.engineering


def _surroundings(plc: PlcSoftware) -> scl.Program:
    types = frozenset(element._name.casefold() for element in plc._program.of_kind(TYPE_KIND))
    constants = {name for table in plc._tag_names.tables() for name in table._constants._names()}
    return scl.Program(_Callees(plc), frozenset(constants), types, _Interfaces(plc))


class _Callees(Mapping[str, scl.Callee]):
    """What can be called in a PLC, by name; a block is looked into only when a source calls it."""

    def __init__(self, plc: PlcSoftware) -> None:
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

    def __init__(self, plc: PlcSoftware) -> None:
        self._plc = plc

    def __getitem__(self, name: str) -> list[Section]:
        element = self._plc._program.find(name)
        content = None if element is None or element._state.kind not in _INTERFACES else element._content()
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
    content = element._content()
    section = content.section("Return") if isinstance(content, Block) else None
    return bool(section and any(member.data_type.casefold() != "void" for member in section.members))


def _failure(source: PlcExternalSource, errors: list[scl.Diagnostic]) -> EngineeringTargetInvocationException:
    details = [f"{source._name}({error.line},{error.column}): {error.message}" for error in errors]
    msg = f"Generating blocks from the source '{source._name}' failed."
    place: dict[str, str | int] = {"source": source._name, "line": errors[0].line, "column": errors[0].column}
    return EngineeringTargetInvocationException(msg, *details, code="source.errors", place=place)


def _require_replaceable(plc: PlcSoftware, contents: list[simatic_xml.model.PlcObject]) -> None:
    for content in contents:
        if not plc._switches.sources_overwrite and plc._program.find(content.name) is not None:
            msg = f"A program element named '{content.name}' already exists in this CPU."
            raise EngineeringTargetInvocationException(msg, code="source.exists", place={"name": content.name})


def _put(plc: PlcSoftware, group: PlcBlockUserGroup | PlcTypeUserGroup | None, content: Block | PlcType) -> _Element:
    existing = plc._program.find(content.name)
    if isinstance(content, Block):
        home: PlcBlockComposition = group._blocks if isinstance(group, PlcBlockGroup) else plc._block_group._blocks
        if existing is not None and isinstance(existing._parent, PlcBlockComposition):
            home = existing._parent
        if existing is not None and content.number is None and existing._state.kind == content.kind:
            content.number = existing._state.number
        return block_import.take_blocks(home, [content], ImportOptions.Override, _TOLERANT)[0]
    return block_import.take_types(_type_home(plc, group, existing), [content], ImportOptions.Override, _TOLERANT)[0]


def _type_home(
    plc: PlcSoftware, group: PlcBlockUserGroup | PlcTypeUserGroup | None, existing: _Element | None
) -> PlcTypeComposition:
    if existing is not None and isinstance(existing._parent, PlcTypeComposition):
        return existing._parent
    return group._types if isinstance(group, PlcTypeGroup) else plc._type_group._types
