"""Uses in a whole program: those of every object, found from both sides, read again only where it changed."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from typing import NamedTuple

from simatic_xml.model import Block
from simatic_xml.program import typed_blocks
from simatic_xml.program.analysis.program_checks import space
from simatic_xml.program.analysis.uses import Use, find_declared_uses, find_unresolved_uses, uses
from simatic_xml.program.workspace import Item, Workspace

_AREAS = ("I", "Q", "M")
_LOCAL = ("local", "instance", "instruction")


class Used(NamedTuple):
    """A use and the name of the object that it is in."""

    owner: str
    use: Use


class _CachedUses(NamedTuple):
    """The source of an object's uses, and the uses."""

    item: Item
    typed: typed_blocks.Block | None
    uses: tuple[Use, ...]


class UseIndex:
    """The uses of a workspace's objects; `refresh` brings it up to date with the workspace."""

    def __init__(self, workspace: Workspace) -> None:
        """Read the program."""
        self.workspace = workspace
        self._known: dict[str, _CachedUses] = {}
        self._users: defaultdict[str, dict[str, None]] = defaultdict(dict)
        self.refresh()

    def refresh(self) -> None:
        """Read the changed objects of the workspace again; the rest costs a comparison for each object."""
        present = {item.name.casefold(): item for item in self.workspace}
        for key in self._known.keys() - present.keys():
            self._forget(key)
        for key, item in present.items():
            typed = self.workspace.block(item.name)
            known = self._known.get(key)
            if known is None or known.item is not item or known.typed is not typed:
                self._read(key, item, typed)

    def of(self, name: str) -> tuple[Use, ...]:
        """Return what an object uses: in its declarations, then in its code; nothing for an unknown name."""
        known = self._known.get(name.casefold())
        return () if known is None else known.uses

    def users(self, name: str) -> Iterator[Used]:
        """Yield the uses of an object by its name; a data block's by its number as well."""
        item = self.workspace.find(name)
        keys = {name.casefold()}
        if isinstance(item, Block) and item.number is not None and space(item) == "DB":
            keys.add(f"%db{item.number}")
        owners = {owner: None for key in keys for owner in self._users.get(key, ())}
        for owner in owners:
            known = self._known[owner]
            yield from (Used(known.item.name, use) for use in known.uses if not keys.isdisjoint(names_of(use)))

    def absolute(self, area: str) -> Iterator[Used]:
        """Yield the uses of absolute operands of an area: `I`, `Q` or `M`."""
        for owner in self._users.get(f"%{area}", ()):
            known = self._known[owner]
            for use in known.uses:
                if use.operand is not None and use.operand.area == area:
                    yield Used(known.item.name, use)

    def _read(self, key: str, item: Item, typed: typed_blocks.Block | None) -> None:
        self._forget(key)
        code = tuple(uses(typed)) if typed is not None else ()
        lost = find_unresolved_uses(item, code) if isinstance(item, Block) else ()
        found = (*find_declared_uses(item), *code, *lost)
        self._known[key] = _CachedUses(item, typed, found)
        for use in found:
            for name in names_of(use):
                self._users[name][key] = None

    def _forget(self, key: str) -> None:
        known = self._known.pop(key, None)
        for use in () if known is None else known.uses:
            for name in names_of(use):
                self._users[name].pop(key, None)


def names_of(use: Use) -> tuple[str, ...]:
    """Return the keys under which a use is found: the global name, or the area or data block of an absolute operand."""
    if use.operand is None:
        return () if use.kind in _LOCAL or use.kind == "address" else (use.name.casefold(),)
    if use.operand.area in _AREAS:
        return (f"%{use.operand.area}",)
    return () if use.operand.block is None else (f"%db{use.operand.block}",)
