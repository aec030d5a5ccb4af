"""The operands that pointers mean which a program has built itself: ANY and POINTER as bytes."""

from __future__ import annotations

from typing import Any

from simatic_xml.program.types.layout import size_bits
from simatic_xml.program.types.types import ELEMENTARY, Array, DataType
from virtual_plc.faults import AccessFault, MissingBlockFault
from virtual_plc.memory.codecs import Bytes
from virtual_plc.memory.pointer_bytes import CODES, STRING, content_of
from virtual_plc.memory.starting_values import Slot
from virtual_plc.memory.views import array_view, buffer_of

_NAMES = {code: name for name, code in CODES.items()}
_AREAS = {0x80: "peripheral_inputs", 0x81: "inputs", 0x82: "outputs", 0x83: "markers"}
_DATA_BLOCK, _INSTANCE = 0x84, 0x85
_MARK, _WHOLE = 0x10, 10
"""First byte of an ANY, and its bytes."""
NO_LENGTH, NO_AREA, NOT_ALIGNED, NO_BLOCK = 0x22, 0x24, 0x28, 0x3A
"""Errors of an operand that is read; for one that is written the first three are one more."""


def operand_of(value: Any, memory: Any) -> Any:
    """Return the operand that a pointer means, as a reference; what is none of bytes or text stays as it is.

    Raises:
        MissingBlockFault: it points into a data block that does not exist, or has no addresses.
        AccessFault: it points to nothing.
    """
    content = content_of(value, 10) if isinstance(value, str) else value
    if not isinstance(content, bytes | bytearray):
        return value
    if len(content) == 6:
        content = bytes((0x10, CODES["BYTE"], 0, 1)) + content
    if not any(content):
        return None
    code, count = content[1], int.from_bytes(content[2:4], "big")
    pointer = int.from_bytes(content[6:10], "big")
    buffer = _buffer(memory, pointer >> 24, int.from_bytes(content[4:6], "big"))
    data_type = _array(code, count)
    byte, bit = divmod(pointer & 0xFF_FFFF, 8)
    if byte + (bit + size_bits(data_type) + 7) // 8 > len(buffer):
        raise AccessFault(f"The pointer points to byte {byte}, after the end of an area of {len(buffer)} bytes.")
    if bit and code != CODES["BOOL"]:
        raise AccessFault(f"The pointer points to bit {bit} of a byte; only a Bool can begin there.")
    return Slot([array_view(data_type, buffer, byte)], 0, data_type)


def find_error(value: Any, memory: Any) -> int:
    """Return the error number of a pointer as RET_VAL has it (16#24 for 16#8x24), 0 for none.

    Areas that exist on a CPU, but not here, are no error number: `operand_of` says what is missing.
    """
    content = content_of(value, 10) if isinstance(value, str) else value
    if not isinstance(content, bytes | bytearray) or len(content) < _WHOLE:
        return 0
    code, count = content[1], int.from_bytes(content[2:4], "big")
    pointer, block = int.from_bytes(content[6:10], "big"), int.from_bytes(content[4:6], "big")
    if content[0] != _MARK or (code != STRING and code not in _NAMES):
        return NO_AREA
    if code == CODES["BOOL"] and count % 8:
        return NO_LENGTH
    byte, bit = divmod(pointer & 0xFF_FFFF, 8)
    if bit:
        return NOT_ALIGNED
    try:
        size = len(_buffer(memory, pointer >> 24, block))
    except MissingBlockFault:
        return NO_BLOCK
    except AccessFault:
        return 0
    return NO_AREA if byte + (size_bits(_array(code, count)) + 7) // 8 > size else 0


def _array(code: int, count: int) -> Array:
    if code == STRING:
        return Array(ELEMENTARY["CHAR"], ((0, max(count, 1) - 1),))
    name = _NAMES.get(code)
    if name is None:
        raise AccessFault(f"The pointer has the type 16#{code:02X}, which no operand has.")
    return Array(ELEMENTARY[name], ((0, max(count, 1) - 1),))


def _buffer(memory: Any, area: int, block: int) -> Bytes:
    if area in _AREAS:
        found: Bytes = getattr(memory, _AREAS[area])
        return found
    if area not in (_DATA_BLOCK, _INSTANCE):
        raise AccessFault(f"The pointer has the area 16#{area:02X}, which this instruction cannot reach.")
    data = memory.by_number.get(block)
    if data is None:
        raise MissingBlockFault(f"There is no data block {block}.")
    buffer = buffer_of(data)
    if buffer is None:
        raise MissingBlockFault(f"Data block {block} has optimized access and no addresses; give it standard access.")
    return buffer


def is_pointer(data_type: DataType | None) -> bool:
    """Return whether a type is ANY, REMOTE (an ANY to data of another CPU) or POINTER."""
    return getattr(data_type, "name", "").upper() in ("ANY", "REMOTE", "POINTER")
