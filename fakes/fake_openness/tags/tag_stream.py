"""Reading tag tables row by row: a table of 100,000 tags is never in memory as a tree.

Facts: docs/facts/simaticml.md#tag-tables. The general reader reads files with anything else than plain tag tables and
names the error.
"""

from __future__ import annotations

import io
from dataclasses import dataclass, field

from lxml import etree

from simatic_xml.files import load_regular_table
from simatic_xml.model import Tag, TagTable, UserConstant
from simatic_xml.reading.lists import read_texts

TABLE, TAG, CONSTANT = "SW.Tags.PlcTagTable", "SW.Tags.PlcTag", "SW.Tags.PlcUserConstant"
_ROWS = (TAG, CONSTANT)
_FRAME = ("Engineering", "DocumentInfo", TABLE)


@dataclass(slots=True)
class TagDocument:
    """The tag tables of one file.

    Attributes:
        engineering: The version that wrote it.
        tables: Its tables.
    """

    engineering: str = ""
    tables: list[TagTable] = field(default_factory=list)


def read(data: bytes) -> TagDocument | None:
    """Read a file of tag tables; return None for another or damaged file."""
    if b"<!DOCTYPE" in data[:4096] or f"<{TABLE}".encode() not in data:
        return None
    regular = load_regular_table(data)
    if regular is not None:
        return TagDocument(regular.engineering, [table for table in regular.objects if isinstance(table, TagTable)])
    return _read_any(data)


def _read_any(data: bytes) -> TagDocument | None:
    found = TagDocument()
    events = etree.iterparse(
        io.BytesIO(data), ("start", "end"), tag=(TABLE, *_ROWS), resolve_entities=False, no_network=True, load_dtd=False
    )
    try:
        _read(events, found)
    except etree.XMLSyntaxError:
        return None
    root = events.root
    if root is None or any(child.tag not in _FRAME for child in root):
        return None
    engineering = root.find("Engineering")
    found.engineering = "" if engineering is None else engineering.get("version", "")
    return found


def _read(events: etree.iterparse[tuple[str, etree._Element]], found: TagDocument) -> None:
    for event, element in events:
        if element.tag == TABLE and event == "start":
            found.tables.append(TagTable(""))
        elif element.tag == TABLE:
            found.tables[-1].name = element.findtext("AttributeList/Name") or ""
        elif event == "end" and found.tables:
            _row(element, found.tables[-1])
            _drop(element)


def _row(element: etree._Element, table: TagTable) -> None:
    entries = element.find("AttributeList")
    values = {str(entry.tag): entry.text or "" for entry in (() if entries is None else entries)}
    name, data_type = values.pop("Name", ""), values.pop("DataTypeName", "")
    comment = read_texts(element, "Comment") if len(element) > 1 else {}
    if element.tag == CONSTANT:
        table.constants.append(UserConstant(name, data_type, values.pop("Value", ""), comment, values))
        return
    address = values.pop("LogicalAddress", "")
    accessible, visible = _flag(values, "ExternalAccessible"), _flag(values, "ExternalVisible")
    writable = _flag(values, "ExternalWritable")
    table.tags.append(Tag(name, data_type, address, comment, accessible, visible, writable, values))


def _flag(values: dict[str, str], name: str) -> bool | None:
    value = values.pop(name, None)
    return None if value is None else value.strip().lower() == "true"


def _drop(element: etree._Element) -> None:
    """Discard a row that was read."""
    parent = element.getparent()
    element.clear()
    if parent is not None:
        while len(parent) > 1:
            del parent[0]
