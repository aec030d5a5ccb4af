"""Data with a fixed layout: the same attributes as in storage objects, over big-endian bytes.

Blocks with standard access, inputs, outputs and markers with a structure, and AT overlays are views. Offsets are those
of `simatic_xml.program.types.layout`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import lru_cache
from struct import Struct
from typing import Any, cast

from simatic_xml.program.types.layout import element_count, element_stride, places, size_bits
from simatic_xml.program.types.types import Array, DataType, Structure
from virtual_plc.code.naming import attribute
from virtual_plc.memory.codecs import Bytes, Codec, codec
from virtual_plc.memory.pointer_bytes import content_of
from virtual_plc.memory.shapes import STATE, Data, by_reference, has_state, is_opaque, is_plain, shape_of, start_array


@lru_cache(maxsize=4096)
def class_of_view(structure: Structure) -> type[Any]:
    """Return the class of views of a structure.

    It is called with a `Bytes` and the byte where the structure begins. Creating a view changes nothing; `new_view` is
    for data with start values. Whole structures and arrays are copied with `copy_into`, not assigned.
    """
    body: dict[str, Any] = {"__init__": _initializer(structure)}
    nested = []
    for member, (byte, bit) in places(structure.members):
        name = attribute(member.name)
        if by_reference(structure, member):
            body[name] = _opaque_property(byte, size_bits(member.type) // 8 if is_opaque(member.type) else 0)
        elif is_plain(member.type):
            body[name] = _property(codec(member.type), byte, bit)
        else:
            nested.append(name)
    body["__slots__"] = ("_buffer", "_offset", *nested, *(("__dict__",) if structure.open else ()))
    if has_state(structure):
        body[STATE] = _state_property()
    return type(f"{structure.name or 'Struct'} view", (shape_of(structure),), body)


def _initializer(structure: Structure) -> Callable[..., None]:
    parts = [
        (attribute(member.name), member.type, byte)
        for member, (byte, _) in places(structure.members)
        if not is_plain(member.type) and not by_reference(structure, member)
    ]

    def initialize(self: Any, buffer: Bytes, offset: int = 0) -> None:
        self._buffer = buffer
        self._offset = offset
        for name, data_type, byte in parts:
            setattr(self, name, view(data_type, buffer, offset + byte))

    return initialize


def _property(how: Codec, byte: int, bit: int) -> property:
    read, write = how.read, how.write

    def get(self: Any) -> Any:
        return read(self._buffer, self._offset + byte, bit)

    def put(self: Any, value: Any) -> None:
        write(self._buffer, self._offset + byte, bit, value)

    return property(get, put)


def _opaque_property(byte: int, size: int) -> property:
    return opaque_property(lambda self: (self._buffer, self._offset + byte), size)


def opaque_property(place: Callable[[Any], tuple[Bytes, int]], size: int) -> property:
    """Return the property of a reference or pointer among bytes.

    `bytes` are kept in place. Anything else is kept next to the bytes of the pointer that it is; a program that writes
    those bytes itself has another pointer from then on.

    Args:
        place: returns for an object the bytes and the first byte of the pointer.
        size: the bytes that the pointer has, 0 for a reference.
    """

    def get(self: Any) -> Any:
        buffer, at = place(self)
        content = bytes(buffer[at : at + size])
        kept = buffer.others.get(at)
        if kept is not None and kept[1] == content:
            return kept[0]
        return content if any(content) else None

    def put(self: Any, value: Any) -> None:
        buffer, at = place(self)
        content = content_of(value, size) or bytes(size)
        buffer[at : at + size] = content
        if value is None or value is content or isinstance(value, bytes | bytearray):
            buffer.others.pop(at, None)
        else:
            buffer.others[at] = value, content

    return property(get, put)


def _state_property() -> property:
    def get(self: Any) -> Any:
        return self._buffer.others.get((STATE, self._offset))

    def put(self: Any, value: Any) -> None:
        if value is None:
            self._buffer.others.pop((STATE, self._offset), None)
        else:
            self._buffer.others[STATE, self._offset] = value

    return property(get, put)


def view(data_type: Structure | Array | DataType, buffer: Bytes, byte: int) -> Any:
    """Return the view of a structure or array that begins at a byte."""
    if isinstance(data_type, Structure):
        return class_of_view(data_type)(buffer, byte)
    return array_view(cast("Array", data_type), buffer, byte)


def new_view(data_type: Structure | Array) -> Any:
    """Return separate data with standard access, with the start values of their type."""
    made = view(data_type, Bytes((size_bits(data_type) + 7) // 8), 0)
    if isinstance(made, Data):
        made._start()
    else:
        start_array(made, made.type)
    return made


def buffer_of(data: Any) -> Bytes | None:
    """Return the bytes that a view covers, None for a storage object or list."""
    found = data.buffer if isinstance(data, ArrayView) else getattr(data, "_buffer", None)
    return found if isinstance(found, Bytes) else None


class ArrayView:
    """An array over bytes, flat and row-major, as a list would be.

    Attributes:
        type: the array.
        buffer: the bytes.
        offset: where it begins.
    """

    __slots__ = ("_codec", "_elements", "_length", "_places", "buffer", "offset", "type")

    def __init__(self, array: Array, buffer: Bytes, offset: int = 0) -> None:
        """Lay an array over bytes."""
        self.type, self.buffer, self.offset = array, buffer, offset
        self._length = element_count(array)
        self._places = _placing(array)
        self._codec = codec(array.element) if is_plain(array.element) else None
        self._elements: list[Any] = [] if self._codec else [None] * self._length

    def __len__(self) -> int:
        """Return the number of elements."""
        return self._length

    def __getitem__(self, index: Any) -> Any:
        """Return an element, or a list of elements."""
        if isinstance(index, slice):
            return [self[each] for each in range(*index.indices(self._length))]
        index = self._count_index(index)
        byte, bit = self._places(index)
        if self._codec:
            return self._codec.read(self.buffer, self.offset + byte, bit)
        if self._elements[index] is None:
            self._elements[index] = view(self.type.element, self.buffer, self.offset + byte)
        return self._elements[index]

    def __setitem__(self, index: Any, value: Any) -> None:
        """Write an element without parts, or as many of them as a slice has."""
        if isinstance(index, slice):
            for each, one in zip(range(*index.indices(self._length)), list(value), strict=True):
                self[each] = one
            return
        if self._codec is None:
            message = "An element with parts cannot be replaced: copy the value into it."
            raise TypeError(message)
        byte, bit = self._places(self._count_index(index))
        self._codec.write(self.buffer, self.offset + byte, bit, value)

    def __iter__(self) -> Iterator[Any]:
        """Yield all elements."""
        return (self[index] for index in range(self._length))

    def _count_index(self, index: int) -> int:
        """Return an index counted from the beginning."""
        if not -self._length <= index < self._length:
            message = "The array has no such element."
            raise IndexError(message)
        return index % self._length


class NumberArrayView(ArrayView):
    """An array of numbers without gaps between them: access to single elements and to the whole array is faster."""

    __slots__ = ("_all", "_pack", "_size", "_unpack")

    def __init__(self, array: Array, buffer: Bytes, offset: int = 0) -> None:
        """Lay an array over bytes."""
        super().__init__(array, buffer, offset)
        form = codec(array.element).form
        one = Struct(f">{form}")
        self._unpack, self._pack, self._size = one.unpack_from, one.pack_into, one.size
        self._all = Struct(f">{self._length}{form}")

    def __getitem__(self, index: Any) -> Any:
        """Return an element, or a list of elements."""
        if index.__class__ is int and 0 <= index < self._length:
            return self._unpack(self.buffer, self.offset + index * self._size)[0]
        if index == _EVERYTHING:
            return list(self._all.unpack_from(self.buffer, self.offset))
        return super().__getitem__(index)

    def __setitem__(self, index: Any, value: Any) -> None:
        """Write an element, or as many of them as a slice has."""
        if index.__class__ is int and 0 <= index < self._length:
            self._pack(self.buffer, self.offset + index * self._size, value)
        elif index == _EVERYTHING and len(value) == self._length:
            self._all.pack_into(self.buffer, self.offset, *value)
        else:
            super().__setitem__(index, value)


_EVERYTHING = slice(None)


def array_view(array: Array, buffer: Bytes, offset: int = 0) -> ArrayView:
    """Return the view of an array that begins at a byte."""
    dense = is_plain(array.element) and element_stride(array) == size_bits(array.element)
    return (NumberArrayView if dense and codec(array.element).form else ArrayView)(array, buffer, offset)


def _placing(array: Array) -> Callable[[int], tuple[int, int]]:
    """Return how the place of an element (byte and bit) is found from its number."""
    stride = element_stride(array)
    last = array.bounds[-1]
    row_length = 0 if last is None else last[1] - last[0] + 1
    row_bits = (row_length * stride + 7) // 8 * 8
    if len(array.bounds) == 1 or row_bits == row_length * stride:
        return lambda index: divmod(index * stride, 8)

    def place(index: int) -> tuple[int, int]:
        row, column = divmod(index, row_length)
        return divmod(row * row_bits + column * stride, 8)

    return place
