"""Collections of objects that belong elsewhere, such as the items that are plugged into a rack."""

from __future__ import annotations

from typing import TypeVar

from fake_dotnet.lists import NetList
from fake_openness.core.objects import EngineeringObject

T = TypeVar("T")


class Association(NetList[T]):
    """A collection that was made when it was asked for: Count, iteration, index, Contains, IndexOf, Parent."""

    def __init__(self, parent: EngineeringObject, items: list[T]) -> None:
        """Hold objects on behalf of their parent."""
        super().__init__(items)
        self._parent = parent

    @property
    def Parent(self) -> EngineeringObject:
        """The object that the collection is of."""
        return self._parent

    @property
    def IsReadOnly(self) -> bool:
        """Whether items can be added."""
        return False

    def IndexOf(self, item: T) -> int:
        """Return the place of an item, or -1."""
        return self._items.index(item) if item in self._items else -1

    def Contains(self, item: T) -> bool:
        """Return whether the item is here."""
        return item in self._items
