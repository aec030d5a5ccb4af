"""The places of data in blocks with standard access, and the memory that data take.

Rules (help of TIA Portal, "Blocks with standard access"): Bools share bytes; a byte takes the next free byte; everything
wider begins at an even byte; arrays and structures begin and end at even bytes. In arrays of Bool and Byte the elements
are packed. A String of n characters takes n + 2 bytes, a WString 2 n + 4.
"""

from __future__ import annotations

from collections.abc import Iterator

from simatic_xml.program.types.types import (
    Array,
    DataType,
    Elementary,
    Extent,
    Kind,
    Reference,
    Special,
    Structure,
    Text,
    Variable,
)

Offset = tuple[int, int]
"""Byte and bit."""
_SPECIAL_BYTES = {"any": 10, "remote": 10, "pointer": 6, "variant": 0, "void": 0}
_BLOCK_OVERHEAD = 64


def size_bits(data_type: DataType) -> int:
    """Return how many bits a value takes in a block with standard access; 0 if it takes none or is unknown."""
    match data_type:
        case Elementary():
            return data_type.bits
        case Text():
            return 8 * _text_bytes(data_type)
        case Array():
            return _array_bits(data_type)
        case Structure():
            return extent(data_type).bits
        case Reference():
            return 64
        case Special():
            return 8 * _SPECIAL_BYTES.get(data_type.name.casefold(), 2)
    return 0


def extent(data_type: DataType) -> Extent:
    """Return the size of a type.

    A structure is computed once, from the sizes of its members: a type that has two of another one, which has two of a
    third, and so on, costs no more than its declarations.
    """
    if isinstance(data_type, Array):
        count, inner = element_count(data_type), extent(data_type.element)
        return Extent(_array_bits(data_type), count * inner.optimized, inner.members, count * inner.values, inner.depth)
    if not isinstance(data_type, Structure):
        bits = size_bits(data_type)
        return Extent(bits, (bits + 7) // 8)
    if data_type.extent is None:
        own = [extent(each.type) for each in data_type.members if not each.overlays]
        every = [extent(each.type) for each in data_type.members]
        data_type.extent = Extent(
            bits=8 * _even(_structure_end(data_type)),
            optimized=sum(each.optimized for each in own),
            members=sum(1 + each.members for each in every),
            values=sum(each.values for each in own),
            depth=1 + max((each.depth for each in every), default=0),
        )
    return data_type.extent


def _text_bytes(text: Text) -> int:
    length = 254 if text.length is None else text.length
    return 2 * length + 4 if text.name == "WString" else length + 2


def element_count(array: Array) -> int:
    """Return how many elements an array has; an open dimension counts as none."""
    count = 1
    for bound in array.bounds:
        count *= 0 if bound is None else bound[1] - bound[0] + 1
    return count


def element_stride(array: Array) -> int:
    """Return the distance of two neighbouring elements in bits."""
    bits = size_bits(array.element)
    return bits if bits in (1, 8) and not _is_complex(array.element) else _even_bits(bits)


def _array_bits(array: Array) -> int:
    """Return the size of an array."""
    rows = element_count(array) // max(_row_length(array), 1)
    return _even_bits(rows * _row_bits(array))


def _row_length(array: Array) -> int:
    last = array.bounds[-1]
    return 0 if last is None else last[1] - last[0] + 1


def _row_bits(array: Array) -> int:
    """Return the distance of two rows: each row of the last dimension begins at a new byte."""
    return (_row_length(array) * element_stride(array) + 7) // 8 * 8


def _even_bits(bits: int) -> int:
    return (bits + 15) // 16 * 16


def _even(byte: int) -> int:
    return byte + byte % 2


def _is_complex(data_type: DataType) -> bool:
    return isinstance(data_type, Array | Structure | Text)


def _structure_end(structure: Structure) -> int:
    end = 0
    for member, (byte, bit) in places(structure.members):
        end = max(end, byte + (bit + size_bits(member.type) + 7) // 8)
    return end


def places(members: tuple[Variable, ...]) -> Iterator[tuple[Variable, Offset]]:
    """Yield members in the order declared with their places; an overlay has the place of its variable."""
    byte, bit = 0, 0
    placed: dict[str, Offset] = {}
    for member in members:
        if member.overlays:
            yield member, placed.get(member.overlays.casefold(), (byte, bit))
            continue
        byte, bit = _align(member.type, byte, bit)
        placed[member.name.casefold()] = (byte, bit)
        yield member, (byte, bit)
        end = bit + size_bits(member.type)
        byte, bit = byte + end // 8, end % 8


def _align(data_type: DataType, byte: int, bit: int) -> Offset:
    bits = size_bits(data_type)
    if isinstance(data_type, Elementary) and data_type.kind is Kind.BOOL:
        return byte, bit
    if bit:
        byte += 1
    narrow = bits == 8 and not _is_complex(data_type)
    return (byte if narrow else _even(byte)), 0


def offsets(structure: Structure, prefix: str = "") -> dict[str, Offset]:
    """Return the byte and bit of every member of a structure, inner ones too, by path (`motor.speed`).

    The elements of an array are not listed: `element_offset` computes them.
    """
    found: dict[str, Offset] = {}
    for member, (byte, bit) in places(structure.members):
        path = f"{prefix}{member.name}"
        found[path] = (byte, bit)
        if isinstance(member.type, Structure):
            inner = offsets(member.type, f"{path}.")
            found |= {name: (byte + at[0], at[1]) for name, at in inner.items()}
    return found


def element_offset(array: Array, indices: tuple[int, ...]) -> Offset:
    """Return the byte and bit of an element from the beginning of its array.

    Raises:
        IndexError: an index is outside of its bounds.
    """
    position = 0
    for index, bound in zip(indices, array.bounds, strict=True):
        if bound is None or not bound[0] <= index <= bound[1]:
            message = f"{index} is outside of {bound}."
            raise IndexError(message)
        position = position * (bound[1] - bound[0] + 1) + index - bound[0]
    row, column = divmod(position, _row_length(array))
    bits = row * _row_bits(array) + column * element_stride(array)
    return bits // 8, bits % 8


def work_memory(data_type: DataType, *, optimized: bool) -> int:
    """Return an estimate of the bytes that a data block of this type takes in work memory (unverified)."""
    return _BLOCK_OVERHEAD + data_bytes(data_type, optimized=optimized)


def data_bytes(data_type: DataType, *, optimized: bool) -> int:
    """Return how many bytes data of this type take, without the extra bytes of the CPU.

    Optimized data have a byte for each Bool, and nothing is aligned beyond its width (unverified).
    """
    found = extent(data_type)
    return found.optimized if optimized else (found.bits + 7) // 8
