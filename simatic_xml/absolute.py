"""Absolute addresses: ``%I0.0``, ``%MW10``, ``%DB1.DBD4:Real`` and their ``Address`` element.

The element counts in bits from the start of its area. Facts: docs/facts/simaticml.md#access-calls-and-references,
SimaticML exports of TIA Portal V15 to V17.
"""

import re

from lxml import etree

from simatic_xml.xml.numbers import whole_number

_AREAS = {"I": "Input", "Q": "Output", "M": "Memory", "DB": "DB"}
_LETTERS = {area: letter for letter, area in _AREAS.items()}
_SIZES = {"X": "Bool", "B": "Byte", "W": "Word", "D": "DWord"}
_WIDTHS = {"Bool": "X", "Byte": "B", "SInt": "B", "USInt": "B", "Char": "B", "Word": "W", "Int": "W", "UInt": "W"}
_WIDTHS |= {"Date": "W", "S5Time": "W", "DWord": "D", "DInt": "D", "UDInt": "D", "Real": "D", "Time": "D"}
_PLAIN = re.compile(r"%(?P<area>[IQM])(?P<size>[XBWD]?)(?P<byte>[0-9]{1,9})(?:\.(?P<bit>[0-7]))?(?::(?P<type>\w+))?\Z")
_BLOCK = re.compile(
    r"%DB(?P<db>[0-9]{1,9})\.DB(?P<size>[XBWD])(?P<byte>[0-9]{1,9})(?:\.(?P<bit>[0-7]))?(?::(?P<type>\w+))?\Z"
)


def address_text(element: etree._Element) -> str | None:
    """Write an ``Address`` element as text; None for an area or type that has no spelling here."""
    area, data_type = element.get("Area", ""), element.get("Type", "")
    offset, block = whole_number(element.get("BitOffset")), element.get("BlockNumber")
    if area not in _LETTERS or data_type not in _WIDTHS or offset is None or (area == "DB") != (block is not None):
        return None
    size = _WIDTHS[data_type]
    byte, bit = divmod(offset, 8)
    place = f"{byte}.{bit}" if size == "X" else str(byte)
    head = f"%DB{block}.DB{size}" if area == "DB" else f"%{_LETTERS[area]}{size if size != 'X' else ''}"
    return f"{head}{place}" + ("" if _SIZES[size] == data_type else f":{data_type}")


def address_attributes(text: str) -> dict[str, str] | None:
    """Return the attributes of the ``Address`` element for the text; None when it is not an address."""
    found = _BLOCK.match(text.upper().partition(":")[0]) or _PLAIN.match(text.upper().partition(":")[0])
    if not found:
        return None
    parts = found.groupdict()
    size = parts["size"] or "X"
    data_type = text.partition(":")[2] or _SIZES[size]
    if (size == "X") != (parts["bit"] is not None) or _WIDTHS.get(data_type) != size:
        return None
    block = {"BlockNumber": str(int(parts["db"]))} if "db" in parts else {}
    offset = int(parts["byte"]) * 8 + int(parts["bit"] or 0)
    area = _AREAS[parts.get("area") or "DB"]
    return {"Area": area, "Type": data_type} | block | {"BitOffset": str(offset)}
