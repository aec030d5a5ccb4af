"""Pointers as STL reads and builds them: the bytes of ANY (10) and POINTER (6) for an operand.

ANY: 16#10, type, number of values, number of the data block, area and bit; POINTER: the last two. Facts: STEP 7,
"Format of the parameter types POINTER and ANY" (D). An operand with parts is one of bytes; the type of a STRING is
16#13 with one value (unverified).
"""

from __future__ import annotations

import re
from typing import Any

from simatic_xml.program.types.layout import places, size_bits
from simatic_xml.program.types.types import ELEMENTARY, Elementary, Text
from virtual_plc.code.naming import attribute
from virtual_plc.memory.codecs import Bytes

LOCAL = 0x86
CODES = {
    "BOOL": 0x01,
    "BYTE": 0x02,
    "CHAR": 0x03,
    "WORD": 0x04,
    "INT": 0x05,
    "DWORD": 0x06,
    "DINT": 0x07,
    "REAL": 0x08,
    "DATE": 0x09,
    "TIME_OF_DAY": 0x0A,
    "TIME": 0x0B,
    "S5TIME": 0x0C,
    "DATE_AND_TIME": 0x0E,
}
STRING = 0x13
_LETTERS = {"P": 0x80, "I": 0x81, "E": 0x81, "Q": 0x82, "A": 0x82, "M": 0x83, "DBX": 0x84, "DIX": 0x85, "L": 0x86}
_TEXT = re.compile(
    r"p#\s*(?:db\s*(?P<block>\d+)\s*\.\s*)?(?P<area>[a-z]{0,3})\s*(?P<byte>\d+)\.(?P<bit>[0-7])"
    r"(?:\s+(?P<type>[a-z_0-9]+)\s+(?P<count>\d+))?",
    re.IGNORECASE,
)


def content_of(value: Any, size: int) -> bytes | None:
    """Return the bytes of a pointer to data, None for data without an address.

    Args:
        value: a reference to an operand, an area pointer as a double word, the text of a pointer, or bytes already.
        size: 10 for an ANY, 6 for a POINTER.
    """
    if isinstance(value, bytes | bytearray):
        return bytes(value) if len(value) == size else None
    if value is None or size not in (6, 10):
        return None
    if isinstance(value, int):
        return bytes(2) + (value & 0xFFFF_FFFF).to_bytes(4, "big") if size == 6 else None
    if getattr(value, "container", value) is None and isinstance(value.get(), str | bytes | int):
        return content_of(value.get(), size)
    found = _of_text(value) if isinstance(value, str) else _of_reference(value)
    return None if found is None else found[-size:]


def _of_text(text: str) -> bytes | None:
    found = _TEXT.fullmatch(text.strip())
    if found is None or found["area"].upper() not in _LETTERS:
        return None
    name = (found["type"] or "BYTE").upper()
    code = STRING if name == "STRING" else CODES.get(ELEMENTARY[name].name.upper() if name in ELEMENTARY else name)
    if code is None:
        return None
    bits = int(found["byte"]) * 8 + int(found["bit"])
    return pack_any(code, int(found["count"] or 1), int(found["block"] or 0), _LETTERS[found["area"].upper()], bits)


def pack_any(code: int, count: int, block: int, area: int, bits: int) -> bytes:
    """Return the bytes of an ANY; `bits` counts from the beginning of the area or data block."""
    pointer = area << 24 | bits & 0xFF_FFFF
    return (
        bytes((0x10, code))
        + (count & 0xFFFF).to_bytes(2, "big")
        + block.to_bytes(2, "big")
        + pointer.to_bytes(4, "big")
    )


def _of_reference(reference: Any) -> bytes | None:
    """Return the ANY of an operand among bytes."""
    found = _place(reference)
    if found is None:
        return None
    buffer, bits = found
    data_type = reference.type
    if isinstance(data_type, Elementary) and data_type.name.upper() in CODES:
        code, count = CODES[data_type.name.upper()], 1
    elif isinstance(data_type, Text):
        code, count = STRING, 1
    else:
        code, count = CODES["BYTE"], (size_bits(data_type) + 7) // 8
    return pack_any(code, count, buffer.number, buffer.area or LOCAL, bits)


def _place(reference: Any) -> tuple[Bytes, int] | None:
    """Return the bytes that a reference leads into, and the bit at which its operand begins."""
    container, key = getattr(reference, "container", None), getattr(reference, "key", None)
    if isinstance(container, list) and isinstance(key, int) and key < len(container):
        return _beginning(container[key])
    beginning = _beginning(reference.get() if container is None else container)
    if beginning is None:
        return None
    if container is None:
        return beginning
    buffer, start = beginning
    if isinstance(key, int):
        byte, bit = container._places(key)
        return buffer, start + byte * 8 + bit
    for member, (byte, bit) in places(container._structure.members):
        if attribute(member.name) == key:
            return buffer, start + byte * 8 + bit
    return None


def _beginning(data: Any) -> tuple[Bytes, int] | None:
    """Return the bytes under the view of a structure or array, and the bit at which it begins."""
    buffer, offset = getattr(data, "buffer", None), getattr(data, "offset", 0)
    if not isinstance(buffer, Bytes):
        buffer, offset = getattr(data, "_buffer", None), getattr(data, "_offset", 0)
    return (buffer, offset * 8) if isinstance(buffer, Bytes) else None
