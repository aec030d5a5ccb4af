"""Find networks and parts without names again by their content: in order, moved, or edited."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from simatic_xml.diff.matching import align, out_of_order, similarity

Item = TypeVar("Item")

_LEAST_ALIKE = 0.5
"""How much two things must have in common to be one that was edited and moved."""

_NEIGHBOURS_COUNT = 0.25
"""How much less is enough where they are between the same neighbours."""

_CANDIDATES = 30
"""How many partners are considered for one thing, so that the cost stays in proportion."""


@dataclass(slots=True)
class Pairing(Generic[Item]):
    """Pairs the things of two lists.

    Attributes:
        old: The first list.
        new: The second one.
        bag: What a thing says, as a bag of words that count more or less.
        partners: Index in the first list for each index in the second one that has a partner.
    """

    old: Sequence[Item]
    new: Sequence[Item]
    bag: Callable[[Item], Counter[str]]
    partners: dict[int, int]

    @classmethod
    def of(
        cls,
        old: Sequence[Item],
        new: Sequence[Item],
        keys: Iterable[Callable[[Item], Hashable]],
        bag: Callable[[Item], Counter[str]],
    ) -> "Pairing[Item]":
        """Pair things that are equal by the first of `keys`, then by the next, then those that are alike."""
        pairing = cls(old, new, bag, {})
        for key in keys:
            pairing._equal(key)
        pairing._alike()
        return pairing

    def find_moved(self) -> set[int]:
        """Return the indices in the second list of what changed its place among the rest."""
        order = sorted(self.partners)
        return {order[position] for position in out_of_order([self.partners[index] for index in order])}

    def without_partner(self) -> tuple[list[int], list[int]]:
        """Return the indices of the removed and of the added things."""
        taken = set(self.partners.values())
        removed = [index for index in range(len(self.old)) if index not in taken]
        return removed, [index for index in range(len(self.new)) if index not in self.partners]

    def _equal(self, key: Callable[[Item], Hashable]) -> None:
        old, new = self.without_partner()
        keys_old, keys_new = [key(self.old[index]) for index in old], [key(self.new[index]) for index in new]
        for first, second in align(keys_old, keys_new):
            self.partners[new[second]] = old[first]
        taken = set(self.partners.values())
        places: dict[Hashable, list[int]] = {}
        for index, found in zip(reversed(old), reversed(keys_old), strict=True):
            if index not in taken:
                places.setdefault(found, []).append(index)
        for index, found in zip(new, keys_new, strict=True):
            if index not in self.partners and places.get(found):
                self.partners[index] = places[found].pop()

    def _alike(self) -> None:
        """Pair what is left, the most alike first."""
        taken: set[int] = set()
        for _, index, partner in sorted(self._scores()):
            if index not in self.partners and partner not in taken:
                self.partners[index] = partner
                taken.add(partner)

    def _scores(self) -> list[tuple[float, int, int]]:
        """Return likely pairs with their likeness as a negative number."""
        old, new = self.without_partner()
        gap_old, gap_new = self._gaps()
        bags = {index: self.bag(self.old[index]) for index in old}
        candidates = _Candidates(bags, gap_old)
        scores = []
        for index in new:
            own = self.bag(self.new[index])
            for other in candidates.of(own, gap_new(index)):
                likeness = similarity(bags[other], own)
                likeness += _NEIGHBOURS_COUNT * (gap_old(other) == gap_new(index))
                if likeness >= _LEAST_ALIKE:
                    scores.append((-likeness, index, other))
        return scores

    def _gaps(self) -> tuple[Callable[[int], int], Callable[[int], int]]:
        """Return functions that number the gaps between pairs, for the first list and for the second."""
        moved = self.find_moved()
        staying = [index for index in sorted(self.partners) if index not in moved]
        places = [self.partners[index] for index in staying]
        return (lambda index: bisect_left(places, index)), (lambda index: bisect_left(staying, index))


class _Candidates:
    """Finds what may be the partner of a thing: what shares its rarest words, and what is in its gap."""

    def __init__(self, bags: dict[int, Counter[str]], gap: Callable[[int], int]) -> None:
        self.by_word: dict[str, list[int]] = {}
        self.by_gap: dict[int, list[int]] = {}
        for index, bag in bags.items():
            self.by_gap.setdefault(gap(index), []).append(index)
            for word in bag:
                self.by_word.setdefault(word, []).append(index)

    def of(self, bag: Counter[str], gap: int) -> Iterable[int]:
        found = dict.fromkeys(self.by_gap.get(gap, [])[:_CANDIDATES])
        for word in sorted(bag, key=lambda word: len(self.by_word.get(word, ()))):
            if len(found) >= 2 * _CANDIDATES:
                break
            found.update(dict.fromkeys(self.by_word.get(word, [])[:_CANDIDATES]))
        return found
