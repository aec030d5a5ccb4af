"""Rows of arrays with several dimensions: a part of the flat elements that behaves as a list."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simatic_xml.program.types.layout import element_count
from simatic_xml.program.types.types import Array


class Row:
    """A row; what is written to it is written to the array.

    Attributes:
        array: the flat elements of the whole array, a list or a view.
        type: the row as an array.
    """

    __slots__ = ("_first", "_length", "array", "type")

    def __init__(self, array: Any, number: int, of_type: Array) -> None:
        """Select a row by its number, from 0."""
        self.array, self.type = array, of_type
        self._length = element_count(of_type)
        self._first = number * self._length

    def __len__(self) -> int:
        """Return the number of elements."""
        return self._length

    def __getitem__(self, index: Any) -> Any:
        """Return an element, or a list of elements."""
        if isinstance(index, slice):
            return [self.array[self._first + each] for each in range(*index.indices(self._length))]
        return self.array[self._first + self._count_index(index)]

    def __setitem__(self, index: Any, value: Any) -> None:
        """Write an element without parts, or as many of them as a slice has."""
        if isinstance(index, slice):
            for each, one in zip(range(*index.indices(self._length)), list(value), strict=True):
                self.array[self._first + each] = one
            return
        self.array[self._first + self._count_index(index)] = value

    def __iter__(self) -> Iterator[Any]:
        """Yield all elements."""
        return (self.array[self._first + index] for index in range(self._length))

    def _count_index(self, index: int) -> int:
        """Return an index counted from the beginning."""
        if not -self._length <= index < self._length:
            message = "The row has no such element."
            raise IndexError(message)
        return index % self._length
