"""Whether the operands of two parameters share memory, which some instructions refuse."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from simatic_xml.program.types.types import Array, DataType, Structure
from virtual_plc.code.naming import attribute
from virtual_plc.instructions.data.byte_image import size_of
from virtual_plc.instructions.registry import Reference
from virtual_plc.memory.shapes import is_plain
from virtual_plc.memory.views import ArrayView, buffer_of

Area = tuple[int, int, int]
"""Identity of bytes or of a list, and the first and last place in it, the last one excluded."""


def overlap(value: Reference, array: Reference) -> bool:
    """Return whether a value is in an array or contains it."""
    areas = list(_areas(array.get(), array.type))
    return any(
        one[0] == other[0] and one[1] < other[2] and other[1] < one[2]
        for one in _areas_of_operand(value)
        for other in areas
    )


def _areas_of_operand(operand: Reference) -> Iterator[Area]:
    """Yield the areas of an operand; a single value can only be an element of an array."""
    if not is_plain(operand.type):
        yield from _areas(operand.get(), operand.type)
    elif isinstance(operand.container, ArrayView) and isinstance(operand.key, int):
        size = size_of(operand.type)
        first = operand.container.offset + operand.key * size
        yield id(operand.container.buffer), first, first + size
    elif isinstance(operand.container, list) and isinstance(operand.key, int):
        yield id(operand.container), operand.key, operand.key + 1


def _areas(value: Any, data_type: DataType) -> Iterator[Area]:
    buffer = buffer_of(value)
    if buffer is not None:
        first = value.offset if isinstance(value, ArrayView) else value._offset
        yield id(buffer), first, first + size_of(data_type)
    elif isinstance(data_type, Structure):
        for member in data_type.members:
            if isinstance(member.type, Structure | Array):
                yield from _areas(getattr(value, attribute(member.name)), member.type)
    elif isinstance(data_type, Array) and isinstance(value, list):
        yield id(value), 0, len(value)
        if isinstance(data_type.element, Structure | Array):
            for each in value:
                yield from _areas(each, data_type.element)
