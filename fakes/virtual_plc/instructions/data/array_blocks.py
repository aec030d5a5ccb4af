"""Data blocks by number: elements of array data blocks, attributes and type of a block, a block as a VARIANT.

The numbers of the errors are unverified, except for 0, which is none.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from simatic_xml.program.typed_blocks import DataBlockDeclaration
from simatic_xml.program.types.conversions import same
from simatic_xml.program.types.types import Array
from virtual_plc.instructions.data.byte_image import size_of
from virtual_plc.instructions.data.runs import Run
from virtual_plc.instructions.data.variants import TypeName, named_type
from virtual_plc.instructions.jobs import Phase, advance, as_int
from virtual_plc.instructions.registry import Reference, Site, register_maker
from virtual_plc.memory.shapes import copy_into, is_plain
from virtual_plc.memory.starting_values import Slot

NO_BLOCK: Final = 0x8132 - 0x10000
NO_ARRAY: Final = 0x8134 - 0x10000
OTHER_TYPE: Final = 0x8135 - 0x10000
NO_ELEMENT: Final = 0x8254 - 0x10000
_OF_LOAD_MEMORY: Final = {NO_BLOCK: 0x8230, NO_ARRAY: 0x8234, OTHER_TYPE: 0x80B4, NO_ELEMENT: 0x8382}
"""The same errors of ReadFromArrayDBL and WriteToArrayDBL."""


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


@register_maker("ReadFromArrayDB", "DB INDEX &VALUE", "RET ENO")
def _read(site: Site) -> Callable[[int, int, Reference], tuple[int, bool]]:
    def read(DB: int, INDEX: int, VALUE: Reference) -> tuple[int, bool]:
        found = _element(site.memory, DB, INDEX, VALUE)
        if isinstance(found, int):
            return found, False
        _put(VALUE, found[0].get(found[1]))
        return 0, True

    return read


@register_maker("WriteToArrayDB", "DB INDEX &VALUE", "RET ENO")
def _write(site: Site) -> Callable[[int, int, Reference], tuple[int, bool]]:
    def write(DB: int, INDEX: int, VALUE: Reference) -> tuple[int, bool]:
        found = _element(site.memory, DB, INDEX, VALUE)
        if isinstance(found, int):
            return found, False
        found[0].set(found[1], VALUE.get())
        return 0, True

    return write


def _in_load_memory(*, write: bool) -> Callable[[Site], Callable[..., None]]:
    """Return what makes ReadFromArrayDBL or WriteToArrayDBL: a job about the start values of an array data block."""

    def make(site: Site) -> Callable[..., None]:
        memory = site.memory

        def transfer(number: int, index: int, value: Reference) -> int:
            found = _element(memory, number, index, value)
            if isinstance(found, int):
                return _OF_LOAD_MEMORY[found]
            declaration = _declaration(memory, number)
            assert declaration is not None  # noqa: S101 (it has the element)
            with memory.load_memory.shown(memory, declaration.name.casefold()) as keep:
                if write:
                    found[0].set(found[1], value.get())
                    keep()
                else:
                    _put(value, found[0].get(found[1]))
            return 0

        def call(instance: Any, REQ: bool, DB: int, INDEX: int, VALUE: Reference) -> None:
            phase = advance(instance, REQ)
            status = transfer(DB, INDEX, VALUE) if phase is Phase.DUE else 0
            instance.BUSY = phase in (Phase.FIRST, Phase.LATER)
            instance.DONE = phase is Phase.DUE and status == 0
            if phase in (Phase.FIRST, Phase.DUE):
                instance.ERROR = as_int(status)

        return call

    return make


register_maker("ReadFromArrayDBL", "instance REQ DB INDEX &VALUE", "")(_in_load_memory(write=False))
register_maker("WriteToArrayDBL", "instance REQ DB INDEX &VALUE", "")(_in_load_memory(write=True))


@register_maker("ATTR_DB", "REQ DB_NUMBER", "DB_LENGTH ATTRIB RET ENO")
def _attributes(site: Site) -> Callable[[bool, int], tuple[int, int, int, bool]]:
    """Return length in bytes and attributes of a block; bit 1 is read-only."""

    def attributes(_: bool, DB_NUMBER: int) -> tuple[int, int, int, bool]:
        found = _declaration(site.memory, DB_NUMBER)
        if found is None:
            return 0, 0, NO_BLOCK, False
        return size_of(found.type), 2 if found.read_only else 0, 0, True

    return attributes


@register_maker("TEST_DB", "DB_NUMBER", "DB_LENGTH WRITE_PROT RET ENO")
def _test(site: Site) -> Callable[[int], tuple[int, bool, int, bool]]:
    def test(DB_NUMBER: int) -> tuple[int, bool, int, bool]:
        found = _declaration(site.memory, DB_NUMBER)
        if found is None:
            return 0, False, NO_BLOCK, False
        return size_of(found.type), found.read_only, 0, True

    return test


# Data blocks of a number as variables --------------------------------------------------------------------------------


def _type_name(memory: Any, number: int) -> TypeName:
    """Return the name of what a data block is made from: function block, data type, or type of its elements."""
    found = _declaration(memory, number)
    if found is None:
        return TypeName()
    data_type = found.type.element if isinstance(found.type, Array) else found.type
    return TypeName(found.instance_of) if found.instance_of else named_type(data_type)


@register_maker("TypeOfDB", "IN")
def _type_of_block(site: Site) -> Callable[[int], TypeName]:
    return lambda IN: _type_name(site.memory, IN)


def _types_agree(*, equal: bool) -> Callable[[Site], Callable[[int, Reference | None], bool]]:
    def make(site: Site) -> Callable[[int, Reference | None], bool]:
        return lambda IN1, IN2: (IN2 is not None and _type_name(site.memory, IN1) == named_type(IN2.type)) is equal

    return make


register_maker("EQ_TypeOfDB", "IN1 &IN2")(_types_agree(equal=True))
register_maker("NE_TypeOfDB", "IN1 &IN2")(_types_agree(equal=False))


@register_maker("DB_ANY_TO_VARIANT", "IN", "ERR RET ENO")
def _variant_of_block(site: Site) -> Callable[[int], tuple[int, Reference | None, bool]]:
    def convert(IN: int) -> tuple[int, Reference | None, bool]:
        found = _declaration(site.memory, IN)
        if found is None:
            return NO_BLOCK, None, False
        return 0, Slot([site.memory.by_number[IN]], 0, found.type), True

    return convert


@register_maker("VARIANT_TO_DB_ANY", "&IN", "ERR RET ENO")
def _block_of_variant(site: Site) -> Callable[[Reference | None], tuple[int, int, bool]]:
    def convert(IN: Reference | None) -> tuple[int, int, bool]:
        data = None if IN is None else IN.get()
        number = next((each for each, block in site.memory.by_number.items() if block is data), 0)
        return (0, number, True) if number else (NO_BLOCK, 0, False)

    return convert
