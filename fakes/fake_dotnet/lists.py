"""The System.Collections.Generic types that object models of Siemens take and hand out, behaving as pythonnet shows them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Generic, TypeVar

from fake_dotnet.errors import ArgumentException, ArgumentOutOfRangeException, KeyNotFoundException
from fake_dotnet.objects import NetObject, Type, type_of
from fake_dotnet.system import require_type

K = TypeVar("K")
T = TypeVar("T")
V = TypeVar("V")


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

    def _own_type(self) -> Type:
        """Return the type: that of a collection with a separate class, else a list of what its items have in common."""
        own = super()._own_type()
        return Type(f"{_NAMESPACE}.List`1[{_element(self._items)}]") if own.FullName == "System.Object" else own

    def __iter__(self) -> Iterator[T]:
        """Go through all."""
        return iter(self._items)

    def __getitem__(self, index: int) -> T:
        """Return the one at index."""
        return item_at(self._items, index)


class List(NetList[T]):
    """System.Collections.Generic.List, which a caller fills."""

    def __init__(self, items: Iterable[T] | None = None) -> None:
        """Hold the items of a Python list, of a tuple or of another collection."""
        super().__init__(list(items or []))

    def Add(self, item: T) -> None:
        """Append one."""
        self._items.append(item)

    def AddRange(self, items: Iterable[T]) -> None:
        """Append several."""
        self._items.extend(items)

    def Insert(self, index: int, item: T) -> None:
        """Put one before the one at index."""
        self._items.insert(index, item)

    def Remove(self, item: T) -> bool:
        """Remove one; False when it is not there."""
        if item not in self._items:
            return False
        self._items.remove(item)
        return True

    def Clear(self) -> None:
        """Remove all."""
        self._items.clear()

    def Contains(self, item: T) -> bool:
        """Return whether one is there."""
        return item in self._items


class KeyValuePair(NetObject, Generic[K, V]):
    """System.Collections.Generic.KeyValuePair: a struct, so that equal pairs are equal."""

    def __init__(self, key: K, value: V) -> None:
        """Keep key and value."""
        self._key, self._value = key, value

    @property
    def Key(self) -> K:
        """The key."""
        return self._key

    @property
    def Value(self) -> V:
        """The value."""
        return self._value

    def _own_type(self) -> Type:
        return Type(f"{_NAMESPACE}.KeyValuePair`2[{type_of(type(self._key))},{type_of(type(self._value))}]")

    def ToString(self) -> str:
        """Return key and value in brackets."""
        return f"[{self._key}, {self._value}]"

    def __eq__(self, other: object) -> bool:
        """Compare key and value."""
        return isinstance(other, KeyValuePair) and (self._key, self._value) == (other._key, other._value)

    def __hash__(self) -> int:
        """Hash key and value."""
        return hash((self._key, self._value))


class Dictionary(NetObject, Generic[K, V]):
    """System.Collections.Generic.Dictionary, which a caller fills; its items are pairs."""

    def __init__(self) -> None:
        """Start empty."""
        self._pairs: dict[K, V] = {}

    @property
    def Count(self) -> int:
        """How many pairs there are."""
        return len(self._pairs)

    @property
    def Keys(self) -> NetList[K]:
        """The keys."""
        return NetList(list(self._pairs))

    @property
    def Values(self) -> NetList[V]:
        """The values, in the order of the keys."""
        return NetList(list(self._pairs.values()))

    def Add(self, key: K, value: V) -> None:
        """Add a pair.

        Raises:
            ArgumentException: The key is there already.
        """
        if key in self._pairs:
            msg = f"The dictionary has the key '{key}' already."
            raise ArgumentException(msg)
        self._pairs[key] = value

    def ContainsKey(self, key: K) -> bool:
        """Return whether a key is there."""
        return key in self._pairs

    def TryGetValue(self, key: K, value: V | None = None) -> tuple[bool, V | None]:
        """Return whether a key is there, and its value: pythonnet returns an out parameter with the result."""
        return key in self._pairs, self._pairs.get(key, value)

    def Remove(self, key: K) -> bool:
        """Remove a pair; False when the key is not there."""
        return self._pairs.pop(key, _MISSING) is not _MISSING

    def _own_type(self) -> Type:
        keys, values = (_element(list(each)) for each in (self._pairs.keys(), self._pairs.values()))
        return Type(f"{_NAMESPACE}.Dictionary`2[{keys},{values}]")

    def __getitem__(self, key: K) -> V:
        """Return the value of a key.

        Raises:
            KeyNotFoundException: The key is not there.
        """
        if key not in self._pairs:
            msg = f"The dictionary does not have the key '{key}'."
            raise KeyNotFoundException(msg)
        return self._pairs[key]

    def __setitem__(self, key: K, value: V) -> None:
        """Set the value of a key."""
        self._pairs[key] = value

    def __iter__(self) -> Iterator[KeyValuePair[K, V]]:
        """Go through the pairs."""
        return iter([KeyValuePair(key, value) for key, value in self._pairs.items()])


_MISSING: Any = object()
