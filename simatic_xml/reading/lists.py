"""What all objects share: attribute lists, multilingual texts and the nodes of the model with their elements."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from lxml.etree import _Element as Element

from simatic_xml.errors import SimaticMLError
from simatic_xml.model import Texts

Pairs = list[tuple[Any, Element]]
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
    parts: dict[str, Element] = field(default_factory=dict)

    def take_bool(self, name: str) -> bool | None:
        """Remove the entry `name` and return it as a Boolean, or None where it is missing."""
        value = self.plain.pop(name, None)
        return None if value is None else value.strip().lower() == "true"


def read_attributes(element: Element) -> AttributeList:
    """Read the AttributeList of an object."""
    result = AttributeList()
    entries = child_of(element, "AttributeList")
    for entry in () if entries is None else entries:
        tag = entry.tag
        if not isinstance(tag, str):
            continue
        if len(entry):
            result.parts[tag] = entry
        elif entry.get("ReadOnly") == "true":
            result.read_only[tag] = entry.text or ""
        else:
            result.plain[tag] = entry.text or ""
    return result


def child_of(element: Element, tag: str) -> Element | None:
    """Return the first child named `tag`, or None."""
    return next(element.iterchildren(tag), None)


def objects_of(element: Element, tag: str) -> Iterator[Element]:
    """Yield the objects named `tag` in an object's ObjectList."""
    objects = child_of(element, "ObjectList")
    return iter(()) if objects is None else objects.iterchildren(tag)


def read_texts(element: Element, composition: str) -> Texts:
    """Read the multilingual text `composition` (``Comment``, ``Title``) of an object."""
    result: Texts = {}
    for child in objects_of(element, "MultilingualText"):
        if child.get("CompositionName") == composition:
            for item in objects_of(child, "MultilingualTextItem"):
                found = child_of(item, "AttributeList")
                entries = {} if found is None else {str(entry.tag): entry.text or "" for entry in found}
                result[entries.get("Culture", "")] = entries.get("Text", "")
    return result


def read_number(value: str | None, element: Element) -> int | None:
    """Return a block number.

    Raises:
        SimaticMLError: ``"number"``, where it is not a decimal number.
    """
    if value is None or value == "":
        return None
    if not value.strip().lstrip("-").isdecimal() or len(value) > 12:
        raise SimaticMLError("number", f"The block number {value[:20]!r} is not a whole number.", line_of(element))
    return int(value)


def line_of(element: Element) -> int | None:
    """Return the element's line in the file that was read."""
    line = element.sourceline
    return line if isinstance(line, int) else None
