"""The assignment list: which bits of inputs, outputs and bit memory are used, by which tags and operands.

TIA Portal shows it as a table of bytes; Openness has no call for it.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

from simatic_xml.model import Tag
from simatic_xml.program import nodes as n
from simatic_xml.program.analysis.use_index import UseIndex
from simatic_xml.program.path_text import address

AREAS = ("I", "Q", "M")
_FORM = re.compile(r"%([IQM])([XBWDL]?)(\d+)(?:\.([0-7]))?(?::P)?", re.IGNORECASE)
_BITS = {"": 1, "X": 1, "B": 8, "W": 16, "D": 32, "L": 64}
_WIDE = {
    "lword": 64,
    "lint": 64,
    "ulint": 64,
    "lreal": 64,
    "ltime": 64,
    "ltime_of_day": 64,
    "ldt": 64,
    "date_and_time": 64,
}
"""Data types of eight bytes: their tags have the address of the first bit."""


@dataclass(frozen=True, slots=True)
class Extent:
    """Bits of a memory area: from `first` up to, not with, `end`, counted from bit 0 of byte 0."""

    area: str
    first: int
    end: int

    def overlaps(self, other: Extent) -> bool:
        """Return whether a bit belongs to both."""
        return self.area == other.area and self.first < other.end and other.first < self.end


@dataclass(frozen=True, slots=True)
class AssignedAddress:
    """A tag or operand that occupies bits of an area.

    Attributes:
        name: tag, or operand as written where the program uses an address.
        address: `%MW10`.
        extent: the bits.
        symbolic: whether it is a tag.
        uses: how often the program uses it; a tag that is never used has 0.
        blocks: names of the blocks that use it.
    """

    name: str
    address: str
    extent: Extent
    symbolic: bool
    uses: int
    blocks: tuple[str, ...]


@dataclass(slots=True)
class Byte:
    """One byte of an area with its entries.

    Attributes:
        bits: for bit 0 to 7: `tag` where a tag has it, `used` where the program uses it without a tag, empty where it is
            free.
        entries: the tags and operands in the byte, widest first.
        overlapping: names of the entries that share a bit with another one of which neither contains the other.
    """

    area: str
    number: int
    bits: tuple[str, ...] = ("",) * 8
    entries: list[AssignedAddress] = field(default_factory=list)
    overlapping: tuple[str, ...] = ()


def extent_of(text: str, data_type: str = "") -> Extent | None:
    """Return the bits of an address such as `%I0.0` or `%MD4`; None for anything but an address of I, Q or M.

    Args:
        text: the address.
        data_type: data type of the tag: one of eight bytes has the address of its first bit.
    """
    found = _FORM.fullmatch(text.strip())
    if found is None:
        return None
    first = int(found[3]) * 8 + int(found[4] or 0)
    bits = _WIDE.get(data_type.casefold(), _BITS[found[2].upper()])
    return Extent(found[1].upper(), first, first + bits)


def operand_extent(operand: n.Absolute) -> Extent | None:
    """Return the bits of an absolute operand; None for one of another area than I, Q and M."""
    if operand.area not in AREAS:
        return None
    first = operand.byte * 8 + operand.bit
    return Extent(operand.area, first, first + operand.bits)


def assignment_list(index: UseIndex) -> list[Byte]:
    """Return the bytes of I, Q and M that have entries, area by area, in ascending order."""
    entries: defaultdict[tuple[str, int], list[AssignedAddress]] = defaultdict(list)
    for entry in list_addresses(index):
        for number in range(entry.extent.first // 8, (entry.extent.end + 7) // 8):
            entries[entry.extent.area, number].append(entry)
    order = sorted(entries, key=lambda place: (AREAS.index(place[0]), place[1]))
    return [_byte(area, number, entries[area, number]) for area, number in order]


def list_addresses(index: UseIndex) -> Iterator[AssignedAddress]:
    """Yield the tags of I, Q and M, then the addresses that the program uses without a tag."""
    for item in index.workspace:
        extent = extent_of(item.address, item.data_type) if isinstance(item, Tag) else None
        if isinstance(item, Tag) and extent is not None:
            users = [used.owner for used in index.users(item.name)]
            yield AssignedAddress(item.name, item.address, extent, True, len(users), tuple(dict.fromkeys(users)))
    for area in AREAS:
        users_of: defaultdict[str, list[str]] = defaultdict(list)
        extents: dict[str, Extent] = {}
        for used in index.absolute(area):
            extent = None if used.use.operand is None else operand_extent(used.use.operand)
            if used.use.operand is not None and extent is not None:
                name = address(used.use.operand)
                extents[name] = extent
                users_of[name].append(used.owner)
        for name, extent in extents.items():
            users = users_of[name]
            yield AssignedAddress(name, name, extent, False, len(users), tuple(dict.fromkeys(users)))


def _byte(area: str, number: int, entries: list[AssignedAddress]) -> Byte:
    entries.sort(key=lambda entry: (entry.extent.first - entry.extent.end, entry.extent.first, not entry.symbolic))
    bits = tuple(_bit(entries, number * 8 + bit) for bit in range(8))
    clashing = dict.fromkeys(
        name
        for place, one in enumerate(entries)
        for other in entries[place + 1 :]
        if _clash(one.extent, other.extent)
        for name in (one.name, other.name)
    )
    return Byte(area, number, bits, entries, tuple(clashing))


def _bit(entries: list[AssignedAddress], bit: int) -> str:
    here = [entry for entry in entries if entry.extent.first <= bit < entry.extent.end]
    if any(entry.symbolic for entry in here):
        return "tag"
    return "used" if here else ""


def _clash(one: Extent, other: Extent) -> bool:
    """Return whether two extents share bits without one being part of the other."""
    inside = one.first <= other.first and other.end <= one.end
    outside = other.first <= one.first and one.end <= other.end
    return one.overlaps(other) and not inside and not outside
