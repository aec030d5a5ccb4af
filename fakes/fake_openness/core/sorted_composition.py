"""Collections in the order of names, so that a reopened project or library lists as before."""

from __future__ import annotations

from bisect import bisect
from typing import Any

from fake_openness.core.objects import N, NamedComposition


class _SortedComposition(NamedComposition[N]):
    """A collection in the order of its items' names."""

    def _add(self, item: N, index: int | None = None) -> N:
        place = bisect(self._items, _sort_key(item), key=_sort_key) if index is None else index
        return super()._add(item, place)

    def _rename(self, item: N, name: str) -> None:
        super()._rename(item, name)
        before = list(self._items)
        self._items.sort(key=_sort_key)
        self._note_change(lambda: self._items.__setitem__(slice(None), before))


def _sort_key(item: Any) -> str:
    return str(item._name).casefold()
