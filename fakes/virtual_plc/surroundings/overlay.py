"""Bits of the inputs or outputs that have other values than the modules or the program gave them.

While the program runs, the inputs are covered; between two scans they are what the modules give, so that a test, a device or
a plant model writes to the module and not to the cover.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Patch:
    """Bits of one byte.

    Attributes:
        byte: its address.
        mask: the bits that are covered.
        content: their values, 0 outside of the mask.
    """

    byte: int
    mask: int
    content: int


def patches(start: int, content: bytes) -> list[Patch]:
    """Return the patches that cover whole bytes."""
    return [Patch(start + at, 0xFF, each) for at, each in enumerate(content)]


def patch_area(area: bytearray, covers: Iterable[Patch]) -> list[Patch]:
    """Write patches, later ones over earlier ones; return those that restore the area, in the order to write them."""
    before: list[Patch] = []
    for each in covers:
        if each.byte < len(area):
            before.append(Patch(each.byte, each.mask, area[each.byte] & each.mask))
            area[each.byte] = area[each.byte] & ~each.mask | each.content
    return before[::-1]
