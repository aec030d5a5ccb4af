"""The bytes that a value has in data with standard access: how it is serialised, copied as bytes, read back."""

from __future__ import annotations

from typing import Any

from simatic_xml.program.types.layout import size_bits
from simatic_xml.program.types.types import DataType
from virtual_plc.instructions.registry import Reference
from virtual_plc.memory.codecs import Bytes, codec
from virtual_plc.memory.shapes import copy_into, is_plain
from virtual_plc.memory.views import view


def size_of(data_type: DataType) -> int:
    """Return how many bytes a value has."""
    return (size_bits(data_type) + 7) // 8


def encode(value: Any, data_type: DataType) -> bytes:
    """Return the bytes of a value."""
    buffer = Bytes(size_of(data_type))
    if is_plain(data_type):
        codec(data_type).write(buffer, 0, 0, value)
    else:
        copy_into(view(data_type, buffer, 0), value)
    return bytes(buffer)


def decode(content: bytes, data_type: DataType) -> Any:
    """Return the value of bytes; a view of a type with parts."""
    buffer = Bytes(size_of(data_type))
    buffer[: len(content)] = content
    return codec(data_type).read(buffer, 0, 0) if is_plain(data_type) else view(data_type, buffer, 0)


def image(reference: Reference) -> bytes:
    """Return the bytes of an operand."""
    return encode(reference.get(), reference.type)


def put_image(reference: Reference, content: bytes) -> None:
    """Write the first bytes of an operand, as many as there are and it has."""
    own = image(reference)
    value = decode((content + own[len(content) :])[: len(own)], reference.type)
    if is_plain(reference.type):
        reference.set(value)
    else:
        copy_into(reference.get(), value)
