"""What all objects share: attribute lists, multilingual texts and the nodes of the model with their elements."""

from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from simatic_xml.errors import SimaticMLError
from simatic_xml.model import Texts

Pairs = list[tuple[Any, etree._Element]]
"""Nodes of the model with the elements that they were read from, inner ones first."""


@dataclass(slots=True)
class AttributeList:
    """The entries of an AttributeList by kind.

    Attributes:
        plain: Text entries by name.
        read_only: Text entries marked as read-only, by name.
        parts: Entries that are trees, by name.
    """

    plain: dict[str, str] = field(default_factory=dict)
    read_only: dict[str, str] = field(default_factory=dict)
    parts: dict[str, etree._Element] = field(default_factory=dict)

    def take_bool(self, name: str) -> bool | None:
        """Remove the entry `name` and return it as a Boolean, or None where it is missing."""
        value = self.plain.pop(name, None)
        return None if value is None else value.strip().lower() == "true"


def read_attributes(element: etree._Element) -> AttributeList:
    """Read the AttributeList of an object."""
    result = AttributeList()
    entries = element.find("AttributeList")
    for entry in () if entries is None else entries:
        if not isinstance(entry.tag, str):
            continue
        if len(entry):
            result.parts[entry.tag] = entry
        else:
            target = result.read_only if entry.get("ReadOnly") == "true" else result.plain
            target[entry.tag] = entry.text or ""
    return result


def read_texts(element: etree._Element, composition: str) -> Texts:
    """Read the multilingual text `composition` (``Comment``, ``Title``) of an object."""
    result: Texts = {}
    for child in element.iterfind("ObjectList/MultilingualText"):
        if child.get("CompositionName") != composition:
            continue
        for item in child.iterfind("ObjectList/MultilingualTextItem/AttributeList"):
            result[item.findtext("Culture") or ""] = item.findtext("Text") or ""
    return result


def read_number(value: str | None, element: etree._Element) -> int | None:
    """Return a block number.

    Raises:
        SimaticMLError: ``"number"``, where it is no decimal number.
    """
    if value is None or value == "":
        return None
    if not value.strip().lstrip("-").isdecimal() or len(value) > 12:
        raise SimaticMLError("number", f"The block number {value[:20]!r} is not a whole number.", line_of(element))
    return int(value)


def line_of(element: etree._Element) -> int | None:
    """Return the element's line in the file that was read."""
    return element.sourceline
