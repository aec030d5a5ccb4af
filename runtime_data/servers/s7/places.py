"""Which tags a range of bytes touches: rules name tags, and S7 communication names bytes."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable
from operator import itemgetter
from typing import NamedTuple

from runtime_data.absolute import PlaceOf, Range

_LETTERS = {"Input": "I", "Output": "Q", "Marker": "M"}


class Touched(NamedTuple):
    """What a range touches.

    Attributes:
        tags: The tags, those that are only touched in part, too.
        bare: Bytes of inputs, outputs and bit memory that no tag has, by absolute name.
    """

    tags: list[PlaceOf]
    bare: list[str]


class Places:
    """The places of a program, found by range."""

    def __init__(self, places: Iterable[PlaceOf]) -> None:
        """Sort them by area and first bit."""
        by_area: dict[tuple[str, int], list[tuple[int, PlaceOf]]] = {}
        for each in places:
            begin = 16 * each.byte if each.area in ("Timer", "Counter") else 8 * each.byte + each.bit
            by_area.setdefault((each.area, each.block), []).append((begin, each))
        self._areas = {
            key: (sorted(found, key=itemgetter(0)), max(each.bits for _, each in found))
            for key, found in by_area.items()
        }

    def touch(self, where: Range, bit: int | None = None) -> Touched:
        """Return what a range touches; with a bit only that one of its byte."""
        first = 8 * where.start + (bit or 0)
        end = first + 1 if bit is not None else 8 * (where.start + where.length)
        found, longest = self._areas.get((where.area, where.block), ([], 0))
        tags, covered = [], set[int]()
        at = bisect_left(found, first - longest, key=itemgetter(0))
        while at < len(found) and found[at][0] < end:
            begin, place = found[at]
            if begin + place.bits > first:
                tags.append(place)
                covered.update(range(begin // 8, (begin + place.bits + 7) // 8))
            at += 1
        letter = _LETTERS.get(where.area)
        free = (
            (each for each in range(where.start, where.start + where.length) if each not in covered) if letter else ()
        )
        return Touched(tags, [f"%{letter}B{each}" for each in free])
