"""Values as watch tables show them: in the display format of their row.

A format that does not fit a value leaves it as its type writes it.
Facts: docs/facts/openness-program.md#watch-and-force-tables and the manifest (the formats); how numbers are grouped and
padded follows TIA Portal's literals (16#00FF, 2#0001_0010).
"""

from __future__ import annotations

import struct
from collections.abc import Callable
from typing import TYPE_CHECKING

from simatic_xml.lazy import import_later
from simatic_xml.program.types.types import ELEMENTARY, Elementary, Kind

if TYPE_CHECKING:
    from simatic_xml.program.types import literal_text
else:
    literal_text = import_later("simatic_xml.program.types.literal_text")


Scalar = bool | int | float | str
_FLOATS = {32: ">f", 64: ">d"}
_AS_TYPE = {
    "Time": {32: "TIME", 64: "LTIME"},
    "SIMATIC_Time": {16: "S5TIME"},
    "Date": {16: "DATE"},
    "TIME_OF_DAY": {32: "TIME_OF_DAY", 64: "LTIME_OF_DAY"},
    "DATE_AND_TIME": {64: "LDT"},
    "Float": {32: "REAL", 64: "LREAL"},
    "Unicode_character": {16: "WCHAR"},
}
"""Formats that show the bits of a value as another type, by the number of its bits."""
_WITHOUT_PREFIX = {Kind.INTEGER, Kind.REAL, Kind.BITS, Kind.CHARACTER}
_DECIMAL = {"DEC_signed": True, "DEC_unsigned": False}
"""Formats that show the bits as a decimal number, and whether it has a sign."""


def format_value(value: Scalar, data_type: Elementary, display: str = "") -> str:
    """Return a value in a display format.

    Args:
        value: As its type has it: durations, dates and times are counts of their unit.
        data_type: Its type.
        display: Name of the format, such as Hex; that of the type when it is empty.
    """
    bits = raw(value, data_type)
    if data_type.name == "Date_And_Time" and bits is not None:
        return _BY_BITS["Hex"](bits, data_type.bits)
    if bits is None:
        return literal_text.format_literal(value, data_type)
    if display in _BY_BITS and data_type.bits > 1:
        return _BY_BITS[display](bits, data_type.bits)
    if display in _DECIMAL and data_type.bits > 1 and data_type.kind is not Kind.REAL:
        return str(bits - (1 << data_type.bits) if _DECIMAL[display] and bits >> data_type.bits - 1 else bits)
    other = _AS_TYPE.get(display, {}).get(data_type.bits)
    return _format_literal(bits, data_type if other is None else ELEMENTARY[other])


def _format_literal(bits: int, data_type: Elementary) -> str:
    """Return bits as a type's literal, without a prefix that only names it; hex for S5TIME with invalid digits."""
    if data_type.name == "S5Time" and not f"{bits & 0xFFF:03X}".isdecimal():
        return _BY_BITS["Hex"](bits, 16)
    prefix = f"{data_type.name.upper()}#" if data_type.kind in _WITHOUT_PREFIX else ""
    return literal_text.format_literal(of_raw(bits, data_type), data_type).removeprefix(prefix)


def raw(value: Scalar, data_type: Elementary) -> int | None:
    """Return the bits of a value as an unsigned number; None for one that has no fixed number of them."""
    if isinstance(value, str):
        return ord(value) if len(value) == 1 else None
    if isinstance(value, float) or data_type.kind is Kind.REAL:
        return int.from_bytes(struct.pack(_FLOATS[data_type.bits], value), "big")
    return int(value) & (1 << max(data_type.bits, 1)) - 1


def of_raw(bits: int, data_type: Elementary) -> Scalar:
    """Return the value of a type that has these bits."""
    if data_type.kind is Kind.BOOL:
        return bool(bits)
    if data_type.kind is Kind.REAL:
        found: float = struct.unpack(_FLOATS[data_type.bits], bits.to_bytes(data_type.bits // 8, "big"))[0]
        return found
    if data_type.kind is Kind.CHARACTER:
        return chr(bits)
    return bits - (1 << data_type.bits) if data_type.signed and bits >> data_type.bits - 1 else bits


def _binary(bits: int, width: int) -> str:
    digits = f"{bits:0{width}b}"
    return "2#" + "_".join(digits[at : at + 4] for at in range(0, width, 4))


def _bcd(bits: int, width: int) -> str:
    digits = f"{bits:0{width // 4}X}"
    return digits.lstrip("0") or "0" if digits.isdecimal() else f"16#{digits}"


def _characters(bits: int, width: int) -> str:
    return "'" + "".join(chr(byte) if 32 <= byte < 127 else f"${byte:02X}" for byte in bits.to_bytes(width // 8)) + "'"


_BY_BITS: dict[str, Callable[[int, int], str]] = {
    "Hex": lambda bits, width: f"16#{bits:0{width // 4}X}",
    "Bin": _binary,
    "Octal": lambda bits, width: f"8#{bits:0{-(-width // 3)}o}",
    "BCD": _bcd,
    "Character": _characters,
}
