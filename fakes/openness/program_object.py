"""What the objects of a PLC's program have in common: their PLC, its files, and members that came with a version.

Facts: openness-map 4 (version gates).
"""

from __future__ import annotations

from bisect import bisect
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from fakes.openness.core import (
    EngineeringAttributeAccessMode,
    EngineeringAttributeInfo,
    EngineeringObject,
    NamedComposition,
)
from fakes.openness.errors import EngineeringNotSupportedException
from fakes.openness.store import Store

if TYPE_CHECKING:
    from fakes.openness.software import PlcSoftware

T = TypeVar("T")


class _ProgramObject(EngineeringObject):
    """An object below a PLC's software.

    Attributes:
        _WRITABLE_FROM: Member to the TIA version from which it can be set.
    """

    _WRITABLE_FROM: ClassVar[dict[str, str]] = {}

    def __init__(self, parent: EngineeringObject, plc: PlcSoftware) -> None:
        """Join the PLC's program."""
        super().__init__(parent)
        self._plc = plc

    def _enter(self, member: str) -> None:
        super()._enter(member)
        if not self._exists(member):
            msg = f"'{type(self).__name__}' object has no attribute '{member}'"
            raise AttributeError(msg)

    def _exists(self, member: str) -> bool:
        return self._since(self._EXISTS_FROM, member)

    def _can_set(self, member: str) -> bool:
        return self._since(self._WRITABLE_FROM, member)

    def _since(self, versions: dict[str, str], member: str) -> bool:
        return member not in versions or self._context.version.has(versions[member])

    def __setattr__(self, name: str, value: Any) -> None:
        """Refuse a member that this version only reads."""
        if name[0].isupper() and not self._can_set(name):
            msg = f"{type(self).__name__}.{name} cannot be set in TIA Portal {self._context.version.engineering}."
            raise AttributeError(msg)
        super().__setattr__(name, value)

    def GetAttributeInfos(self) -> list[EngineeringAttributeInfo]:
        """List the attributes that this object has in this version."""
        read = EngineeringAttributeAccessMode.Read
        return [
            info if self._can_set(info.Name) else EngineeringAttributeInfo(info.Name, read)
            for info in super().GetAttributeInfos()
            if self._exists(info.Name)
        ]

    def GetAttribute(self, name: str) -> Any:
        """Read one attribute.

        Raises:
            EngineeringNotSupportedException: This version's object has no such attribute.
        """
        if not self._exists(name):
            raise self._no_attribute(name)
        return super().GetAttribute(name)

    def SetAttribute(self, name: str, value: Any) -> None:
        """Write one attribute.

        Raises:
            EngineeringNotSupportedException: No such attribute, or it is read-only in this version.
        """
        if not self._exists(name):
            raise self._no_attribute(name)
        if not self._can_set(name):
            msg = f"The attribute '{name}' is read-only in TIA Portal {self._context.version.engineering}."
            raise EngineeringNotSupportedException(msg, code="attribute.read_only")
        super().SetAttribute(name, value)

    @property
    def _store(self) -> Store:
        return self._plc._files

    def _put(self, path: str, content: bytes) -> None:
        """Write one of the program's files; undone with the transaction."""
        self._changed(self._store.put(path, content))

    def _discard(self, path: str) -> None:
        """Delete one of the program's files; undone with the transaction."""
        if self._store.exists(path):
            self._changed(self._store.delete(path))


class _ProgramComposition(NamedComposition[T]):
    """A collection below a PLC's software, in the order of names, so that a reopened project lists as before."""

    def __init__(self, parent: EngineeringObject, plc: PlcSoftware) -> None:
        """Start empty."""
        super().__init__(parent)
        self._plc = plc

    def _add(self, item: T, index: int | None = None) -> T:
        place = bisect(self._items, _sort_key(item), key=_sort_key) if index is None else index
        return super()._add(item, place)

    def _rename(self, item: T, name: str) -> None:
        super()._rename(item, name)
        before = list(self._items)
        self._items.sort(key=_sort_key)
        self._changed(lambda: self._items.__setitem__(slice(None), before))


def _sort_key(item: Any) -> str:
    return str(item._name).casefold()
