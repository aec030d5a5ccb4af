"""What the objects of a PLC's program have in common: their PLC, its files, and collections in the order of names."""

from __future__ import annotations

from bisect import bisect
from typing import TYPE_CHECKING, Any, TypeVar

from fakes.openness.core import EngineeringObject, NamedComposition
from fakes.openness.store import Store
from fakes.openness.versioned import _VersionedObject

if TYPE_CHECKING:
    from fakes.openness.software import PlcSoftware

T = TypeVar("T")


class _ProgramObject(_VersionedObject):
    """An object below a PLC's software."""

    def __init__(self, parent: EngineeringObject, plc: PlcSoftware) -> None:
        """Join the PLC's program."""
        super().__init__(parent)
        self._plc = plc

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
