"""Logical addresses of PLC tags: their forms, and which width a data type needs.

Facts: docs/facts/tia-rules.md#addresses; the address of a 64-bit or structured type is written as that of its first
bit.
"""

from __future__ import annotations

import re

from fake_openness.core.errors import EngineeringTargetInvocationException
from simatic_xml.program.cpu.limits import Limits
from simatic_xml.program.types.types import ELEMENTARY

_FORM = re.compile(r"%?([IQMEA])([BWD]?)(\d{1,6})(?:\.(\d))?", re.IGNORECASE)
_NUMBERED = re.compile(r"%?([TCZ])(\d{1,5})", re.IGNORECASE)
_GERMAN = {"E": "I", "A": "Q", "Z": "C"}
_WIDTHS = (
    dict.fromkeys(("byte", "sint", "usint", "char"), "B")
    | dict.fromkeys(("word", "int", "uint", "wchar", "date", "s5time"), "W")
    | dict.fromkeys(("dword", "dint", "udint", "real", "time", "time_of_day", "tod"), "D")
)
_USUAL_BYTE = "(0|[1-9][0-9]{0,4})"
_USUAL = {kind: re.compile(f"%([IQM]){width}{_USUAL_BYTE}").fullmatch for kind, width in _WIDTHS.items()} | {
    "bool": re.compile(rf"%([IQM]){_USUAL_BYTE}\.[0-7]").fullmatch
}
"""Addresses that need no correction, by data type: most in a table."""

_BYTES = {"": 1, "B": 1, "W": 2, "D": 4}


def _has(limits: Limits, area: str, first: int, size: int) -> bool:
    """Return whether the CPU has so many bytes from a byte of I, Q or M, or so many timers or counters."""
    return first + size <= (limits.size(area) or 0)


def normalise(address: str, data_type: str, limits: Limits, *, any_width: bool = False) -> str:
    """Return a tag's address as TIA Portal writes it, such as %I0.0.

    Args:
        address: The address as typed; the per cent sign and the German letters are optional.
        data_type: The tag's data type, which decides the width.
        limits: How far the CPU's addresses go.
        any_width: Whether the address may have any width, because the data type is not known.

    Raises:
        EngineeringTargetInvocationException: No address, one that the CPU does not have, or not of the width that the
            data type needs.
    """
    usual = _USUAL.get(data_type.casefold())
    match = usual(address) if usual is not None else None
    if match is not None and _has(limits, match[1], int(match[2]), 4):
        return address
    plain = address.strip()
    if not plain:
        return ""
    numbered = _NUMBERED.fullmatch(plain)
    if numbered is not None:
        return _timer(plain, data_type, numbered, limits, any_width=any_width)
    found = _FORM.fullmatch(plain)
    if found is None:
        raise _refusal("address.form", address, "is not an address: write it as %I0.0, %QB1, %MW10 or %MD4")
    area, width, byte, bit = found[1].upper(), found[2].upper(), int(found[3]), found[4]
    if bool(width) == (bit is not None) or (bit is not None and int(bit) > 7):
        raise _refusal("address.form", address, "needs either a width (B, W, D) or a bit from 0 to 7")
    if not _has(limits, _GERMAN.get(area, area), byte, _BYTES[width]):
        raise _refusal("address.range", address, "does not exist on this CPU")
    fits = width == width_of(data_type) and data_type.casefold() not in ("timer", "counter")
    if not fits and not any_width:
        raise _refusal("address.width", address, f"does not have the width of the data type {data_type}")
    return f"%{_GERMAN.get(area, area)}{width}{byte}" + (f".{bit}" if bit is not None else "")


def width_of(data_type: str) -> str:
    """Return the letter of the width that a data type needs; empty for a bit, and for 64 bits and structures.

    A hardware data type such as HW_HSC has the width of the number that it is.
    """
    hardware = ELEMENTARY.get(data_type.upper())
    return _WIDTHS.get((hardware.base if hardware is not None and hardware.base else data_type).casefold(), "")


def _timer(address: str, data_type: str, found: re.Match[str], limits: Limits, *, any_width: bool) -> str:
    area = _GERMAN.get(found[1].upper(), found[1].upper())
    if data_type.casefold() != {"T": "timer", "C": "counter"}[area] and not any_width:
        raise _refusal("address.width", address, f"does not fit the data type {data_type}")
    if not _has(limits, area, int(found[2]), 1):
        raise _refusal("address.range", address, "does not exist on this CPU")
    return f"%{area}{int(found[2])}"


def _refusal(code: str, address: str, reason: str) -> EngineeringTargetInvocationException:
    return EngineeringTargetInvocationException(f"'{address}' {reason}.", code=code, place={"address": address})


def change_width(address: str, data_type: str) -> str:
    """Return an address with the width of another data type, at the same byte, as TIA Portal moves it."""
    found = _FORM.fullmatch(address)
    width = width_of(data_type)
    if found is None or data_type.casefold() in ("timer", "counter"):
        return ""
    if width == found[2].upper():
        return address
    return f"%{found[1]}{width}{found[3]}" + ("" if width else ".0")
