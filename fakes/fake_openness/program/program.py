"""The one name space of a PLC's program: which element has which name and number, and uses which others.

Blocks and PLC data types share one name space over all folders. The index is
kept with every change, so that a program of 50,000 blocks answers at once.
Facts: docs/facts/tia-rules.md#names, docs/facts/tia-rules.md#block-numbers, docs/facts/tia-operations.md#consistency.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterator, Set
from itertools import count
from typing import TYPE_CHECKING

from fake_openness.core.objects import Undo

if TYPE_CHECKING:
    from fake_openness.program.elements import _Element


class _Program:
    """Names, numbers and users of the elements of one PLC."""

    def __init__(self, changed: Callable[[Undo], None]) -> None:
        """Start empty; `changed` notes each change and how to undo it."""
        self._note_change = changed
        self._elements: dict[str, _Element] = {}
        self._users: defaultdict[str, dict[_Element, None]] = defaultdict(dict)
        self._numbers: defaultdict[str, Counter[int]] = defaultdict(Counter)
        self._free_from: defaultdict[str, int] = defaultdict(lambda: 1)

    def __iter__(self) -> Iterator[_Element]:
        """Go through all elements."""
        return iter(list(self._elements.values()))

    def find(self, name: str) -> _Element | None:
        """Return the block or type of a name, in any folder."""
        return self._elements.get(name.casefold())

    def find_first(self, names: Collection[str]) -> str | None:
        """Return the first of some names, in small letters, that a block or type has."""
        known = self._elements.keys()
        return None if known.isdisjoint(names) else next(name for name in names if name in known)

    def of_kind(self, kind: str) -> list[_Element]:
        """Return the elements of one kind."""
        return [element for element in self._elements.values() if element._state.kind == kind]

    def users(self, name: str) -> list[_Element]:
        """Return the elements whose content mentions a name."""
        return list(self._users.get(name.casefold(), ()))

    def used(self, names: Set[str]) -> list[str]:
        """Return those of some names, in small letters, that the content of an element mentions."""
        return sorted(name for name in self._users.keys() & names if self._users[name])

    def is_taken(self, space: str, number: int) -> bool:
        """Return whether a number is used in a number space (OB, FB, FC, DB)."""
        return self._numbers[space][number] > 0

    def sharing(self, space: str, number: int) -> bool:
        """Return whether more than one block has a number."""
        return self._numbers[space][number] > 1

    def next_number(self, space: str, start: int = 1) -> int:
        """Return the lowest free number of a space, at or above `start`."""
        first = max(start, self._free_from[space]) if start == 1 else start
        number = next(n for n in count(first) if not self.is_taken(space, n))
        if start == 1:
            self._free_from[space] = number
        return number

    def add(self, element: _Element) -> None:
        """Add an element."""
        self.link(element)
        self._note_change(lambda: self._unlink(element))

    def remove(self, element: _Element) -> None:
        """Remove an element."""
        self._unlink(element)
        self._note_change(lambda: self.link(element))

    def link(self, element: _Element) -> None:
        """Add an element without noting it, as loading does."""
        self._elements[element._name.casefold()] = element
        for name in element._uses():
            self._users[name.casefold()][element] = None
        space, number = element._numbering()
        if number is not None:
            self._numbers[space][number] += 1

    def _unlink(self, element: _Element) -> None:
        del self._elements[element._name.casefold()]
        for name in element._uses():
            self._users[name.casefold()].pop(element, None)
        space, number = element._numbering()
        if number is not None:
            self._numbers[space][number] -= 1
            self._free_from[space] = min(self._free_from[space], number)
