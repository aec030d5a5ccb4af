"""Absolute operands of STL: those of the other languages, and timers, counters, blocks, registers and local data.

``%T5`` · ``%C5`` · ``%DB12`` · ``%L0.0`` ``%LW2`` · ``%DBW2`` and ``%DIW2`` through the DB and DI register ·
``%IW4:P``.
Facts: Openness manual on STL exports; areas and types from the access schema.
"""

import re

from lxml import etree

from simatic_xml.absolute import address_attributes, address_text
from simatic_xml.xml.numbers import whole_number

_NUMBERED = re.compile(r"%(?P<kind>[TC])(?P<number>\d{1,9})\Z", re.IGNORECASE)
_BLOCK = re.compile(r"%(?P<area>DB|DI|FB|FC)(?P<number>\d{1,9})\Z", re.IGNORECASE)
_REGISTER = re.compile(r"%(?P<area>DB|DI)(?P<rest>[XBWD]\d.*)\Z", re.IGNORECASE)
_LOCAL = re.compile(r"%L(?P<rest>[XBWD]?\d.*)\Z", re.IGNORECASE)
_KINDS = {"T": "Timer", "C": "Counter"}
_LETTERS = {area: letter for letter, area in _KINDS.items()}
_PERIPHERY = {"Input": "PeripheryInput", "Output": "PeripheryOutput"}
_PROCESS_IMAGE = {periphery: image for image, periphery in _PERIPHERY.items()}


def attributes_of(text: str) -> dict[str, str] | None:
    """Return the attributes of the ``Address`` element for the text; None when it is not an absolute operand."""
    if found := _NUMBERED.match(text):
        kind = _KINDS[found["kind"].upper()]
        return {"Area": kind, "Type": kind, "BitOffset": str(int(found["number"]))}
    if found := _BLOCK.match(text):
        area = found["area"].upper()
        return {"Area": area, "Type": f"Block_{area}", "BlockNumber": str(int(found["number"]))}
    if text.endswith(":P"):
        inner = address_attributes(text.removesuffix(":P"))
        return inner | {"Area": _PERIPHERY[inner["Area"]]} if inner and inner["Area"] in _PERIPHERY else None
    return _read_attributes(text)


def _read_attributes(text: str) -> dict[str, str] | None:
    if found := _LOCAL.match(text):
        inner = address_attributes(f"%M{found['rest']}")
        return inner and inner | {"Area": "Local"}
    if found := _REGISTER.match(text):
        inner = address_attributes(f"%DB0.DB{found['rest']}")
        return inner and {key: value for key, value in inner.items() if key != "BlockNumber"} | {
            "Area": found["area"].upper()
        }
    return address_attributes(text)


def text_of(address: etree._Element) -> str | None:
    """Write an ``Address`` element as text; None where there is no spelling for it."""
    area, data_type, block = address.get("Area", ""), address.get("Type", ""), address.get("BlockNumber")
    if area in _LETTERS:
        offset = whole_number(address.get("BitOffset"))
        return None if offset is None else f"%{_LETTERS[area]}{offset}"
    if data_type == f"Block_{area}":
        return None if whole_number(block) is None else f"%{area}{block}"
    if area in _PROCESS_IMAGE:
        text = _with(address, Area=_PROCESS_IMAGE[area])
        return text and f"{text}:P"
    if area == "Local":
        text = _with(address, Area="Memory")
        return text and f"%L{text[2:]}"
    if area in ("DB", "DI") and block is None:
        text = _with(address, Area="DB", BlockNumber="0")
        return text and f"%{area}{text.removeprefix('%DB0.DB')}"
    return address_text(address)


def _with(address: etree._Element, **changes: str) -> str | None:
    return address_text(etree.Element("Address", {str(k): str(v) for k, v in address.attrib.items()} | changes))
