"""Cross references as TIA Portal lists them: for an object everything that it uses and everything that uses it.

The form is that of Openness, so that a program without TIA Portal's own list, such as one of V17, is answered in the
same way. Facts: docs/facts/openness-program.md#cross-references; the texts of locations and the reference types as seen
on V20 and V21. Names of object types other than `LAD-Function block`, `LAD-Organization block` and `Instance DB of` are
unverified.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace

from simatic_xml.model import Block, PlcType, Tag
from simatic_xml.program.analysis.assignment_list import extent_of, operand_extent
from simatic_xml.program.analysis.program_checks import CODE_KINDS, space
from simatic_xml.program.analysis.reference_tree import (
    Filter,
    Location,
    ReferenceEntry,
    Source,
    Thing,
    apply_filter,
    group,
    with_members,
)
from simatic_xml.program.analysis.use_index import Used, UseIndex
from simatic_xml.program.analysis.uses import Use
from simatic_xml.program.typed_blocks import DataBlockDeclaration
from simatic_xml.program.types.types import DataType, Structure, Unknown, type_name
from simatic_xml.program.workspace import Item

_TYPES = {
    "OB": "{0.language}-Organization block",
    "FB": "{0.language}-Function block",
    "FC": "{0.language}-Function",
    "GlobalDB": "Global DB",
    "ArrayDB": "Array DB",
    "TechnologicalInstanceDB": "Technology object",
}
_ACCESS = {"ReadWrite": "RW", "Bound": "ArrayBoundary"}
_DECLARED = ("Declaration", "Bound")
_USES = "Uses"


class CrossReferences:
    """The cross references of one PLC's program."""

    def __init__(self, index: UseIndex, path_of: Callable[[str], str], *, lines: bool = False) -> None:
        """Answer from an index.

        Args:
            index: the program.
            path_of: path of the folder or table that the object of a name is in.
            lines: whether places in SCL blocks have line and column (V21) or only say that it is program code (V20).
        """
        self._index, self._path_of, self._lines = index, path_of, lines

    def of(self, name: str, which: Filter = Filter.ALL) -> list[Source]:
        """Return the cross references of a block, data type, tag or constant: one source, or none after the filter."""
        item = self._index.workspace.find(name)
        if item is None:
            return []
        kept = apply_filter(self._source(item), which, always_used=isinstance(item, Block) and item.kind == "OB")
        return [] if kept is None else [kept]

    def _source(self, item: Item) -> Source:
        own, users = self._own(item), self._users(item)
        if isinstance(item, Block) and item.kind not in CODE_KINDS:
            declared = self._index.workspace.symbols.lookup(item.name)
            data_type = declared.type if isinstance(declared, DataBlockDeclaration) else None
            return with_members(self._thing(item), data_type, [*own, *users, *self._inside(item, data_type)])
        overlapping = self._overlapping(item) if isinstance(item, Tag) else ()
        return Source(self._thing(item), [*group(own), *group([*users, *overlapping])])

    # -- both ends ----------------------------------------------------------------------------------------------------

    def _own(self, item: Item) -> Iterator[ReferenceEntry]:
        """Yield what an object uses; the member concerned is the one declared so."""
        for use in self._index.of(item.name):
            kind, access = self._relation(use)
            name = use.path if use.members and use.kind == "data block" else ""
            members = tuple(filter(None, use.place.member.split(".")))
            yield ReferenceEntry(self._used(use, item), Location(self._where(item, use), kind, access, name), members)

    def _users(self, item: Item) -> Iterator[ReferenceEntry]:
        """Yield what uses an object; the member concerned is the one used."""
        for used in self._index.users(item.name):
            owner = self._index.workspace.find(used.owner)
            if owner is not None and owner is not item:
                yield self._user(owner, used)

    def _user(self, owner: Item, used: Used) -> ReferenceEntry:
        use = used.use
        kind, access = self._relation(use)
        name = use.path if use.members and use.kind != "tag" else ""
        location = Location(self._where(owner, use), "UsedBy" if kind == _USES else "TypeInstance", access, name)
        return ReferenceEntry(self._thing(owner), location, use.members)

    def _inside(self, block: Block, data_type: DataType | None) -> Iterator[ReferenceEntry]:
        """Yield the uses of the instance's variables in its function block."""
        parent = self._index.workspace.find(block.instance_of or "")
        if parent is None or not isinstance(data_type, Structure):
            return
        for use in self._index.of(parent.name):
            if use.kind in ("local", "instance") and data_type.member(use.name) is not None:
                found = self._user(parent, Used(parent.name, use))
                yield replace(found, members=(use.name, *use.members))

    def _relation(self, use: Use) -> tuple[str, str]:
        """Return reference type and access of a use, seen from the user."""
        if use.access == "Instance":
            return _USES, "InstanceDB" if use.kind == "data block" and not use.members else "Multiinstance"
        if use.access != "Declaration":
            return _USES, _ACCESS.get(use.access, use.access)
        used, owner = (self._index.workspace.find(name) for name in (use.name, use.place.block))
        if isinstance(used, Block) and isinstance(owner, Block) and owner.kind in CODE_KINDS:
            return _USES, "Multiinstance"
        return "InstanceType", "Declaration"

    def _overlapping(self, tag: Tag) -> Iterator[ReferenceEntry]:
        """Yield the uses of a tag's memory by its address, whole or in part."""
        extent = extent_of(tag.address, tag.data_type)
        for used in () if extent is None else self._index.absolute(extent.area):
            other = None if used.use.operand is None else operand_extent(used.use.operand)
            owner = self._index.workspace.find(used.owner)
            if owner is None or extent is None or other is None or not other.overlaps(extent):
                continue
            found = self._user(owner, used)
            kind = "UsedBy" if other == extent else "OverlapsWith"
            yield replace(found, location=replace(found.location, reference_type=kind, name=used.use.path))

    # -- what is shown ------------------------------------------------------------------------------------------------

    def _used(self, use: Use, owner: Item) -> Thing:
        """Return the used object: a global object, or something that only the owner has."""
        workspace = self._index.workspace
        number = None if use.operand is None else use.operand.block
        item: Item | None = workspace.find_by_number("DB", number) if number is not None else None
        if use.kind in ("tag", "data block", "block", "type", "constant"):
            item = workspace.find(use.name)
        if item is not None:
            return self._thing(item)
        if use.kind == "instruction":
            return Thing(use.name, "Instruction")
        known = "" if isinstance(use.type, Unknown) else type_name(use.type)
        path = self._path_of(owner.name)
        return Thing(use.path, known, use.address, f"{path}\\{owner.name}" if use.kind != "address" else "")

    def _thing(self, item: Item) -> Thing:
        path = self._path_of(item.name)
        if isinstance(item, PlcType):
            return Thing(item.name, "PLC data type", "", path, item.name)
        if not isinstance(item, Block):
            address = item.address if isinstance(item, Tag) else ""
            return Thing(item.name, item.data_type, address, path, item.name)
        address = f"%{space(item)}{item.number}" if item.number is not None else ""
        return Thing(item.name, self._type_of(item), address, path, item.name)

    def _type_of(self, block: Block) -> str:
        if block.kind != "InstanceDB":
            return _TYPES.get(block.kind, block.kind).format(block)
        parent = self._index.workspace.find(block.instance_of or "")
        numbered = isinstance(parent, Block) and parent.number is not None
        suffix = f" [{parent.kind}{parent.number}]" if numbered and isinstance(parent, Block) else ""
        return f"Instance DB of {block.instance_of}{suffix}"

    def _where(self, owner: Item, use: Use) -> str:
        """Return the place of a use as TIA Portal writes it."""
        place = use.place
        if use.access in _DECLARED:
            member = f'"{owner.name}".{place.member}' if place.member else owner.name
            return f"@{member} ▶ Type"
        block = f"@{owner.name} ▶ "
        if place.step:
            return block + place.step
        if isinstance(owner, Block) and owner.language == "SCL":
            exact = self._lines and place.line is not None
            return block + (f"Ln: {place.line}   Cl: {place.column or 1}" if exact else "Program code")
        return block + f"NW{place.network}" + (f" ({title})" if (title := _title(owner, place.network)) else "")


def _title(owner: Item, network: int | None) -> str:
    if not isinstance(owner, Block) or network is None or network > len(owner.networks):
        return ""
    return next(filter(None, owner.networks[network - 1].title.values()), "")
