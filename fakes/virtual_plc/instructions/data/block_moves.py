"""Move and fill several elements.

MOVE_BLK and FILL_BLK move as many elements as both areas have, with ENO 0 where COUNT is larger (S7-1200 manual).
The numbers that MOVE_BLK_VARIANT returns, and that COUNT 0 is invalid, are those of its page in TIA Portal's help (SCL);
the order of its checks is unverified.
"""

from __future__ import annotations

from typing import Any, Final

from simatic_xml.program.types.conversions import same
from simatic_xml.program.types.types import BOOL
from virtual_plc.instructions.data.byte_image import image, put_image
from virtual_plc.instructions.data.runs import run_of
from virtual_plc.instructions.jobs import as_int
from virtual_plc.instructions.registry import Reference, plain
from virtual_plc.memory.shapes import copy_into, is_plain
from virtual_plc.memory.storage import new

SOURCE_INVALID: Final = 0x8151 - 0x10000
TARGET_INVALID: Final = 0x8152 - 0x10000
OTHER_TYPE, COUNT_INVALID = 0x80B4, 0x8281
NO_ACCESS, IS_BOOL = 0x51, 0x54
FIRST_OUTSIDE, LAST_OUTSIDE = 0x82, 0x83


def _detach(value: Any, element: Any) -> Any:
    """Return a copy of a value, so that what is written meanwhile does not change it."""
    if is_plain(element):
        return value
    copied = new(element)
    copy_into(copied, value)
    return copied


@plain("MOVE_BLK|UMOVE_BLK", "&IN COUNT &OUT", "ENO")
def move_block(IN: Reference, COUNT: int, OUT: Reference) -> bool:
    """Copy elements; areas may overlap."""
    source, target = run_of(IN), run_of(OUT)
    count = min(COUNT, len(source), len(target))
    for index, value in enumerate([_detach(each, source.element) for each in source.values(0, count)]):
        target.set(index, value)
    return count == COUNT


@plain("FILL_BLK|UFILL_BLK", "IN COUNT &OUT", "ENO")
def fill_block(IN: Any, COUNT: int, OUT: Reference) -> bool:
    """Write one value into elements."""
    target = run_of(OUT)
    count = min(COUNT, len(target))
    for index in range(count):
        target.set(index, IN)
    return count == COUNT


@plain("MOVE_BLK_VARIANT", "&SRC COUNT SRC_INDEX DEST_INDEX &DEST", "RET ENO")
def move_block_variant(
    SRC: Reference | None, COUNT: int, SRC_INDEX: int, DEST_INDEX: int, DEST: Reference | None
) -> tuple[int, bool]:
    """Copy elements between arrays; indices count from 0, with any limits of the arrays."""
    status = _find_error(SRC, COUNT, SRC_INDEX, DEST_INDEX, DEST)
    if status or SRC is None or DEST is None:
        return as_int(status), False
    source, target = run_of(SRC), run_of(DEST)
    values = [_detach(each, source.element) for each in source.values(SRC_INDEX, COUNT)]
    for index, value in enumerate(values):
        target.set(DEST_INDEX + index, value)
    return 0, True


def _find_error(SRC: Reference | None, COUNT: int, SRC_INDEX: int, DEST_INDEX: int, DEST: Reference | None) -> int:
    """Return the number of what makes a move impossible, 0 for nothing."""
    if SRC is None or DEST is None:
        return (0x8100 if SRC is None else 0x8500) | NO_ACCESS
    source, target = run_of(SRC), run_of(DEST)
    if BOOL in (source.element, target.element):
        return (0x8100 if source.element == BOOL else 0x8500) | IS_BOOL
    if not same(source.element, target.element):
        return OTHER_TYPE
    if COUNT == 0:
        return COUNT_INVALID
    return _outside(0x8300, SRC_INDEX, COUNT, len(source)) or _outside(0x8400, DEST_INDEX, COUNT, len(target))


def _outside(parameter: int, first: int, count: int, length: int) -> int:
    """Return the number of an error at an index parameter when elements are not in their array, else 0."""
    if not 0 <= first < length:
        return parameter | FIRST_OUTSIDE
    return parameter | LAST_OUTSIDE if first + count > length else 0


@plain("BLKMOV|UBLKMOV", "&SRCBLK &DSTBLK", "RET ENO", pointers={"SRCBLK": 1, "DSTBLK": -3})
def copy_bytes(SRCBLK: Reference | None, DSTBLK: Reference | None) -> tuple[int, bool]:
    """Copy as many bytes as both areas have."""
    if SRCBLK is None or DSTBLK is None:
        return (SOURCE_INVALID if SRCBLK is None else TARGET_INVALID), False
    put_image(DSTBLK, image(SRCBLK))
    return 0, True


@plain("FILL", "&BVAL &BLK", "RET ENO", pointers={"BVAL": 1, "BLK": -3})
def fill_bytes(BVAL: Reference | None, BLK: Reference | None) -> tuple[int, bool]:
    """Fill an area with the bytes of another one, repeatedly."""
    if BVAL is None or BLK is None:
        return (SOURCE_INVALID if BVAL is None else TARGET_INVALID), False
    pattern, size = image(BVAL), len(image(BLK))
    put_image(BLK, (pattern * (size // max(len(pattern), 1) + 1))[:size])
    return 0, True
