"""Match the things of two lists, and find those that changed places."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher
from typing import Generic, TypeVar

Item = TypeVar("Item")


@dataclass(slots=True)
class Matches(Generic[Item]):
    """Two lists side by side.

    Attributes:
        pairs: What belongs together, in the order of the second list.
        removed: What only the first list has.
        added: What only the second list has.
    """

    pairs: list[tuple[Item, Item]] = field(default_factory=list)
    removed: list[Item] = field(default_factory=list)
    added: list[Item] = field(default_factory=list)


def match(before: Iterable[Item], after: Iterable[Item], key: Callable[[Item], Hashable]) -> Matches[Item]:
    """Match by a key; where several have the same one, the first belongs to the first."""
    open_places: dict[Hashable, list[Item]] = {}
    for item in before:
        open_places.setdefault(key(item), []).append(item)
    for items in open_places.values():
        items.reverse()
    result: Matches[Item] = Matches()
    for item in after:
        found = open_places.get(key(item))
        if found:
            result.pairs.append((found.pop(), item))
        else:
            result.added.append(item)
    result.removed = [item for items in open_places.values() for item in reversed(items)]
    return result


def out_of_order(places: Sequence[int]) -> set[int]:
    """Return the positions in `places` whose removal leaves rising numbers: the fewest that must have moved."""
    tails: list[int] = []
    ends: list[int] = []
    before: list[int] = []
    for position, place in enumerate(places):
        length = bisect_left(tails, place)
        tails[length : length + 1] = [place]
        ends[length : length + 1] = [position]
        before.append(ends[length - 1] if length else -1)
    kept, position = set(), ends[-1] if ends else -1
    while position >= 0:
        kept.add(position)
        position = before[position]
    return set(range(len(places))) - kept


def align(before: Sequence[Hashable], after: Sequence[Hashable]) -> list[tuple[int, int]]:
    """Return the positions of equal values, in order; equal beginnings and ends are found without search."""
    start = _common(before, after)
    end = _common(before[start:][::-1], after[start:][::-1])
    stop_before, stop_after = len(before) - end, len(after) - end
    pairs = [(index, index) for index in range(start)]
    for block in SequenceMatcher(None, before[start:stop_before], after[start:stop_after]).get_matching_blocks():
        pairs += [(start + block.a + step, start + block.b + step) for step in range(block.size)]
    return pairs + [(stop_before + step, stop_after + step) for step in range(end)]


def _common(before: Sequence[Hashable], after: Sequence[Hashable]) -> int:
    length = min(len(before), len(after))
    return next((index for index in range(length) if before[index] != after[index]), length)


def similarity(before: Counter[str], after: Counter[str]) -> float:
    """Return how much two bags have in common, from 0 to 1."""
    total = before.total() + after.total()
    return 2 * (before & after).total() / total if total else 1.0
