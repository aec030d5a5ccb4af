"""Values as big-endian bytes: how each type without parts is read and written in data with a fixed layout.

Facts: system manuals of S7-1200 and S7-1500 (String, WString), help of TIA Portal, "Data types" (Date_And_Time in BCD).
Characters of String and Char are taken as ISO 8859-1 (unverified; a CPU has no code page).
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import Any

from simatic_xml.program.types.types import DataType, Elementary, Kind, Text
from virtual_plc.memory.starting_values import FIRST_DATE_AND_TIME, NANOSECONDS_OF_DAY

_EPOCH = date(1970, 1, 1)
_FORMATS = {8: "bB", 16: "hH", 32: "iI", 64: "qQ"}
_UNSPECIFIED = 254


class Bytes(bytearray):
    """Bytes of a memory area or data block.

    Attributes:
        others: values that have no bytes, such as references, by where they would be.
        area: code of the area in pointers (16#83 for markers), 0 for what pointers count as local data.
        number: number of the data block, 0 without one.
    """

    __slots__ = ("area", "number", "others")
    others: dict[Any, Any]

    def __init__(self, size: int = 0) -> None:
        """Begin with zeros."""
        super().__init__(size)
        self.others = {}
        self.area = self.number = 0


@dataclass(frozen=True, slots=True)
class Codec:
    """How a value is kept in bytes.

    Attributes:
        read: takes the bytes, a byte and a bit (0 except for Bool).
        write: takes the value, too.
        form: letter of the `struct` format, empty where there is none.
    """

    read: Callable[[bytearray, int, int], Any]
    write: Callable[[bytearray, int, int, Any], None]
    form: str = ""


@cache
def codec(data_type: DataType) -> Codec:
    """Return how values of a type without parts are kept in bytes.

    Raises:
        TypeError: a type that has no bytes (a reference, a structure).
    """
    match data_type:
        case Text(name="WString"):
            return _wide_text(_UNSPECIFIED if data_type.length is None else data_type.length)
        case Text():
            return _text(_UNSPECIFIED if data_type.length is None else data_type.length)
        case Elementary(kind=Kind.BOOL):
            return _BOOL
        case Elementary(kind=Kind.CHARACTER):
            return _CHARACTER if data_type.bits == 8 else _WIDE_CHARACTER
        case Elementary(kind=Kind.DATE_AND_TIME, unit=0):
            return _CALENDAR
        case Elementary(kind=Kind.REAL):
            return _make_codec("f" if data_type.bits == 32 else "d")
        case Elementary():
            return _make_codec(_FORMATS[data_type.bits][not data_type.signed])
    message = f"{data_type} has no bytes."
    raise TypeError(message)


def _make_codec(form: str) -> Codec:
    packing = struct.Struct(f">{form}")
    unpack, pack = packing.unpack_from, packing.pack_into
    return Codec(
        lambda data, byte, _: unpack(data, byte)[0],
        lambda data, byte, _, value: pack(data, byte, value),
        form,
    )


def _write_bool(data: bytearray, byte: int, bit: int, value: bool) -> None:
    if value:
        data[byte] |= 1 << bit
    else:
        data[byte] &= ~(1 << bit) & 0xFF


_BOOL = Codec(lambda data, byte, bit: data[byte] >> bit & 1 == 1, _write_bool)


def _write_character(data: bytearray, byte: int, _: int, value: str) -> None:
    data[byte] = value.encode("latin-1", "replace")[0]


_CHARACTER = Codec(lambda data, byte, _: chr(data[byte]), _write_character)


def _write_wide_character(data: bytearray, byte: int, _: int, value: str) -> None:
    data[byte : byte + 2] = value.encode("utf-16-be", "surrogatepass")[:2]


_WIDE_CHARACTER = Codec(lambda data, byte, _: chr(data[byte] << 8 | data[byte + 1]), _write_wide_character)


def _text(longest: int) -> Codec:
    """Return the codec of a String: its longest length, its length, its characters."""

    def read(data: bytearray, byte: int, _: int) -> str:
        return data[byte + 2 : byte + 2 + min(data[byte + 1], longest)].decode("latin-1")

    def write(data: bytearray, byte: int, _: int, value: str) -> None:
        content = value[:longest].encode("latin-1", "replace")
        data[byte : byte + 2 + len(content)] = bytes((longest, len(content))) + content

    return Codec(read, write)


def _wide_text(longest: int) -> Codec:
    """Return the codec of a WString; lengths are words and count units of UTF-16."""

    def read(data: bytearray, byte: int, _: int) -> str:
        length = min(int.from_bytes(data[byte + 2 : byte + 4], "big"), longest)
        return data[byte + 4 : byte + 4 + 2 * length].decode("utf-16-be", "surrogatepass")

    def write(data: bytearray, byte: int, _: int, value: str) -> None:
        content = value.encode("utf-16-be", "surrogatepass")[: 2 * longest]
        head = longest.to_bytes(2, "big") + (len(content) // 2).to_bytes(2, "big")
        data[byte : byte + 4 + len(content)] = head + content

    return Codec(read, write)


def _read_calendar(data: bytearray, byte: int, _: int) -> int:
    """Return nanoseconds since 1970; what is no date and time is the first one."""
    digits = data[byte : byte + 8].hex()
    if not digits[:15].isdecimal():
        return FIRST_DATE_AND_TIME
    year, month, day, hour, minute, second = (int(digits[at : at + 2]) for at in range(0, 12, 2))
    try:
        days = (date(year + (1900 if year >= 90 else 2000), month, day) - _EPOCH).days
    except ValueError:
        return FIRST_DATE_AND_TIME
    seconds = (hour * 60 + minute) * 60 + second
    return days * NANOSECONDS_OF_DAY + seconds * 1_000_000_000 + int(digits[12:15]) * 1_000_000


def _write_calendar(data: bytearray, byte: int, _: int, value: int) -> None:
    days, rest = divmod(value, NANOSECONDS_OF_DAY)
    day = _EPOCH + timedelta(days=days)
    milliseconds = rest // 1_000_000
    seconds, thousandths = divmod(milliseconds, 1000)
    clock = f"{seconds // 3600:02d}{seconds // 60 % 60:02d}{seconds % 60:02d}{thousandths:03d}"
    text = f"{day:%y%m%d}{clock}{day.isoweekday() % 7 + 1}"
    data[byte : byte + 8] = bytes.fromhex(text)


_CALENDAR = Codec(_read_calendar, _write_calendar)
