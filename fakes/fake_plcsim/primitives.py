"""Primitive types of the API: what pythonnet takes and gives for each, and how values of a program become them.

A Char is a signed byte and therefore a number in Python, a WChar a text of length 1.
Facts: docs/facts/plcsim-advanced.md#values, docs/facts/pythonnet.md#arguments-and-results; the API's function manual,
"Data types" (texts are not supported, Counter and S5Time are BCD). Date_And_Time is the number of its eight bytes, which are BCD, too.
"""

from __future__ import annotations

import struct
from typing import Any

from simatic_xml.program.types.types import ELEMENTARY, DataType
from virtual_plc.memory.codecs import codec

_CALENDAR = ELEMENTARY["DATE_AND_TIME"]
INTEGERS = {
    "Int8": (-(2**7), 2**7 - 1),
    "Int16": (-(2**15), 2**15 - 1),
    "Int32": (-(2**31), 2**31 - 1),
    "Int64": (-(2**63), 2**63 - 1),
    "UInt8": (0, 2**8 - 1),
    "UInt16": (0, 2**16 - 1),
    "UInt32": (0, 2**32 - 1),
    "UInt64": (0, 2**64 - 1),
    "Char": (-(2**7), 2**7 - 1),
}
NAMES = ("Bool", *INTEGERS, "Float", "Double", "WChar")
SIZES = {name: 8 if name.endswith("64") else int(name.lstrip("UInt")) // 8 for name in INTEGERS if name != "Char"}
SIZES |= {"Bool": 1, "Char": 1, "WChar": 2, "Float": 4, "Double": 8}
FORMATS = {
    "Int8": ">b",
    "Int16": ">h",
    "Int32": ">i",
    "Int64": ">q",
    "UInt8": ">B",
    "UInt16": ">H",
    "UInt32": ">I",
    "UInt64": ">Q",
    "Char": ">b",
    "Float": ">f",
    "Double": ">d",
}
"""The form of a value in an area of inputs, outputs or markers: big-endian."""


def zero(name: str) -> Any:
    """Return the value that a fresh .NET field of a primitive type has."""
    if name == "Bool":
        return False
    if name == "WChar":
        return "\0"
    return 0.0 if name in ("Float", "Double") else 0


def fitting(name: str, value: Any) -> Any:
    """Return a Python value as pythonnet passes it where a primitive type is declared.

    Raises:
        TypeError: It does not have this type.
        OverflowError: It is a number out of range.
    """
    if name in INTEGERS:
        low, high = INTEGERS[name]
        if isinstance(value, bool) or not isinstance(value, int):
            raise _mismatch(name, value)
        if not low <= value <= high:
            msg = f"Value {value} is too large or too small for {name}"
            raise OverflowError(msg)
        return value
    if name == "Bool" and isinstance(value, bool):
        return value
    if name == "WChar" and isinstance(value, str) and len(value) == 1:
        return value
    if name in ("Float", "Double") and isinstance(value, int | float) and not isinstance(value, bool):
        return _single(value) if name == "Float" else float(value)
    raise _mismatch(name, value)


def _single(value: float) -> float:
    try:
        return float(struct.unpack("f", struct.pack("f", value))[0])
    except OverflowError:
        return float("inf") if value > 0 else float("-inf")


def _mismatch(name: str, value: Any) -> TypeError:
    return TypeError(f"No method matches given arguments: {name} is declared, not {type(value).__name__}")


def from_program(name: str, value: Any, data_type: DataType) -> Any:
    """Return a value as the program keeps it, as a primitive: characters of Char and the digits of a moment become numbers."""
    if data_type is _CALENDAR:
        content = bytearray(8)
        codec(_CALENDAR).write(content, 0, 0, value)
        return int.from_bytes(content, "big")
    if name == "Char":
        number = ord(value) & 0xFF
        return number - 256 if number > 127 else number
    return value


def to_program(name: str, value: Any, data_type: DataType) -> Any:
    """Return a primitive as the program keeps it."""
    if data_type is _CALENDAR:
        return codec(_CALENDAR).read(bytearray(value.to_bytes(8, "big")), 0, 0)
    return chr(value & 0xFF) if name == "Char" else value
