"""The System.Collections.Generic types that object models of Siemens take and hand out, behaving as pythonnet shows them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Generic, TypeVar

from fake_dotnet.errors import ArgumentOutOfRangeException
from fake_dotnet.objects import NetObject, Type, type_of
from fake_dotnet.system import require_type

T = TypeVar("T")


def item_at(items: Sequence[T], index: int) -> T:
    """Return the item at an index, as this[int] of a .NET list: a negative index never counts from the end.

    Raises:
        ArgumentOutOfRangeException: There is no such index.
        TypeError: Not an int.
    """
    if not 0 <= require_type(index, int, "index") < len(items):
        msg = (
            f"The index {index} is out of range: there {'is 1 item' if len(items) == 1 else f'are {len(items)} items'}."
        )
        raise ArgumentOutOfRangeException(msg)
    return items[index]


_NAMESPACE = "System.Collections.Generic"


def _element(items: Sequence[object]) -> Type:
    """Return the type of all items, System.Object if they differ or there are none."""
    types = {type_of(type(item)) for item in items}
    return types.pop() if len(types) == 1 else type_of(object)


class NetList(NetObject, Generic[T]):
    """A .NET list that is handed out: Count, iteration and index, but no len()."""

    def __init__(self, items: list[T] | None = None) -> None:
        """Hold a list."""
        self._items = list(items or [])

    @property
    def Count(self) -> int:
        """How many there are."""
        return len(self._items)

    def _net_type(self) -> Type:
        """Return the type: that of a collection with a class of its own, else a list of what its items have in common."""
        own = super()._net_type()
        return Type(f"{_NAMESPACE}.List`1[{_element(self._items)}]") if own.FullName == "System.Object" else own

    def __iter__(self) -> Iterator[T]:
        """Go through all."""
        return iter(self._items)

    def __getitem__(self, index: int) -> T:
        """Return the one at index."""
        return item_at(self._items, index)


class List(NetList[T]):
    """System.Collections.Generic.List, which a caller fills."""

    def Add(self, item: T) -> None:
        """Append one."""
        self._items.append(item)
