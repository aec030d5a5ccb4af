"""Data blocks by number: reading and writing elements of array data blocks, asking about a block.

The numbers that tell an error are unverified, but for 0, which tells none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from fakes.plc.instructions.byte_image import size_of
from fakes.plc.instructions.registry import Reference, Site, specialised
from fakes.plc.instructions.runs import Run
from fakes.plc.shapes import copy_into, is_plain
from simatic_xml.program.conversions import same
from simatic_xml.program.nodes import DataBlockDeclaration
from simatic_xml.program.types import Array

NO_BLOCK: Final = 0x8132 - 0x10000
NO_ARRAY: Final = 0x8134 - 0x10000
OTHER_TYPE: Final = 0x8135 - 0x10000
NO_ELEMENT: Final = 0x8254 - 0x10000


def _declaration(memory: Any, number: int) -> DataBlockDeclaration | None:
    blocks = memory.program.data_blocks.values()
    return next((each for each in blocks if each.number == number), None)


def _element(memory: Any, number: int, index: int, value: Reference) -> tuple[Run, int] | int:
    """Return the elements of an array data block and the place of one of them; else what is wrong."""
    found = _declaration(memory, number)
    if found is None:
        return NO_BLOCK
    if not isinstance(found.type, Array) or found.type.bounds[0] is None:
        return NO_ARRAY
    if not same(found.type.element, value.type):
        return OTHER_TYPE
    low, high = found.type.bounds[0]
    if not low <= index <= high:
        return NO_ELEMENT
    data = memory.by_number[number]
    return Run(data, range(len(data)), found.type.element), index - low


def _put(target: Reference, value: Any) -> None:
    if is_plain(target.type):
        target.set(value)
    else:
        copy_into(target.get(), value)


@specialised("ReadFromArrayDB", "DB INDEX &VALUE", "RET ENO")
def _read(site: Site) -> Callable[[int, int, Reference], tuple[int, bool]]:
    def read(DB: int, INDEX: int, VALUE: Reference) -> tuple[int, bool]:
        found = _element(site.memory, DB, INDEX, VALUE)
        if isinstance(found, int):
            return found, False
        _put(VALUE, found[0].get(found[1]))
        return 0, True

    return read


@specialised("WriteToArrayDB", "DB INDEX &VALUE", "RET ENO")
def _write(site: Site) -> Callable[[int, int, Reference], tuple[int, bool]]:
    def write(DB: int, INDEX: int, VALUE: Reference) -> tuple[int, bool]:
        found = _element(site.memory, DB, INDEX, VALUE)
        if isinstance(found, int):
            return found, False
        found[0].set(found[1], VALUE.get())
        return 0, True

    return write


@specialised("ATTR_DB", "REQ DB_NUMBER", "DB_LENGTH ATTRIB RET ENO")
def _attributes(site: Site) -> Callable[[bool, int], tuple[int, int, int, bool]]:
    """Return length in bytes and attributes of a block; bit 1 is read-only."""

    def attributes(_: bool, DB_NUMBER: int) -> tuple[int, int, int, bool]:
        found = _declaration(site.memory, DB_NUMBER)
        if found is None:
            return 0, 0, NO_BLOCK, False
        return size_of(found.type), 2 if found.read_only else 0, 0, True

    return attributes


@specialised("TEST_DB", "DB_NUMBER", "DB_LENGTH WRITE_PROT RET ENO")
def _test(site: Site) -> Callable[[int], tuple[int, bool, int, bool]]:
    def test(DB_NUMBER: int) -> tuple[int, bool, int, bool]:
        found = _declaration(site.memory, DB_NUMBER)
        if found is None:
            return 0, False, NO_BLOCK, False
        return size_of(found.type), found.read_only, 0, True

    return test
