"""What an object of a program takes from others when it is compiled: a block may be unchanged and its code another one.

TIA Portal compiles a block again when the address of a tag, the interface of a called block or a data type that it uses has
changed. So two states of a block are equal only if what they use is. Comments, folders and start values of data blocks that
are only read or written have no part in the code.
"""

from __future__ import annotations

import hashlib
from typing import Any

from simatic_xml.model import Block, Member, PlcType, Tag, UserConstant
from simatic_xml.program.workspace import Item, Workspace, declared_names


class UsedStates:
    """Digests of what objects of one program use. For one moment: make another one after a change."""

    def __init__(self, workspace: Workspace) -> None:
        """Read this program as it is now."""
        self._workspace = workspace
        self._shapes: dict[str, str] = {}

    def digest(self, name: str) -> str:
        """Return a text that changes when anything changes that the object uses, directly or through declarations.

        Args:
            name: A block or data type.
        """
        item = self._workspace.find(name)
        if item is None:
            return ""
        own = item.name.casefold()
        pending = list(declared_names(item))
        typed = self._workspace.block(name)
        if typed is not None:
            pending += typed.uses
        found: dict[str, str] = {}
        while pending:
            key = pending.pop()
            if key in found or key == own:
                continue
            used = self._workspace.find(key)
            found[key] = "" if used is None else self._shape(key, used)
            if used is not None:
                pending += declared_names(used)
        return hashlib.sha256(repr(sorted(found.items())).encode()).hexdigest()

    def _shape(self, key: str, item: Item) -> str:
        known = self._shapes.get(key)
        if known is None:
            known = self._shapes[key] = hashlib.sha256(repr(_compiled(item)).encode()).hexdigest()
        return known


def _compiled(item: Item) -> Any:
    """Return the part of an object that is compiled into the code of what uses it."""
    if isinstance(item, Tag):
        return (item.data_type, item.address)
    if isinstance(item, UserConstant):
        return (item.data_type, item.value)
    if isinstance(item, PlcType):
        return _members(item.members, starts=True)
    return _interface(item)


def _interface(block: Block) -> Any:
    starts = block.kind != "DB"
    shown = [(each.name, _members(each.members, starts=starts)) for each in block.interface if each.name != "Temp"]
    return (block.kind, block.number, block.memory_layout, block.instance_of, shown)


def _members(members: list[Member], *, starts: bool) -> list[Any]:
    return [
        (each.name, each.data_type, each.start_value if starts else None, _members(each.members, starts=starts))
        for each in members
    ]
