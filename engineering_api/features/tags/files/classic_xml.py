"""The tag table XML of early TIA Portal versions: a ``Tagtable`` of ``Tag`` and ``Constant`` elements.

It is not SimaticML, which Openness imports itself. Facts: docs/facts/tag-files.md#classic-xml.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import cast

from lxml import etree

from engineering_api.features.tags.files.collect import Collector
from engineering_api.features.tags.files.columns import positional_layout
from engineering_api.features.tags.files.rows import STRICT, Reading, TagSheet
from engineering_api.files.tables.errors import TableFileError
from engineering_api.files.tables.sources import Source, load, name_of, within_limits
from simatic_xml.xml.parsing import parse_foreign

_TAG_ATTRIBUTES = ("type", "addr", "remark", "hmiVisible", "hmiAccessible", "hmiWriteable")
_TAG_LAYOUT = positional_layout(
    ("Name", "Path", "Data Type", "Logical Address", "Comment", "Hmi Visible", "Hmi Accessible", "Hmi Writeable")
)
_CONSTANT_ATTRIBUTES = ("type", "value", "remark")
_CONSTANT_LAYOUT = positional_layout(("Name", "Path", "Data Type", "Value", "Comment"))


def read_classic_xml(source: Source, *, file: str = "", reading: Reading = STRICT) -> TagSheet:
    """Read tags and constants from a classic tag table; rows are lines of the file.

    Args:
        source: Path, or the content itself.
        file: Name for error messages where the content is given.
        reading: How to read it.

    Raises:
        TableFileError: ``tag_file.broken_xml`` for text that is no XML or declares a document type,
            ``tag_file.not_a_tag_table`` for XML of another kind; errors of rows are returned.
    """
    file = name_of(source, file)
    root = _parse(load(source, file), file)
    if root.tag != "Tagtable":
        raise TableFileError(
            "tag_file.not_a_tag_table",
            f"The XML has the root {root.tag!r}, not 'Tagtable'. Import SimaticML as a tag table instead.",
            file,
        )
    collector = Collector(file, reading.type_names)
    collector.add("", _TAG_LAYOUT, _rows(root, "Tag", _TAG_ATTRIBUTES))
    collector.add("", _CONSTANT_LAYOUT, _rows(root, "Constant", _CONSTANT_ATTRIBUTES))
    return collector.sheet


def _parse(content: bytes, file: str) -> etree._Element:
    try:
        with within_limits(file):
            root = parse_foreign(content)
    except etree.XMLSyntaxError as error:
        raise TableFileError(
            "tag_file.broken_xml", f"The XML cannot be read: {error.msg}. Export it again.", file
        ) from error
    if root.getroottree().docinfo.internalDTD is not None:
        raise TableFileError("tag_file.broken_xml", "The XML declares a document type. Remove the declaration.", file)
    return root


def _rows(root: etree._Element, kind: str, attributes: tuple[str, ...]) -> Iterator[tuple[int, list[str]]]:
    table = root.get("name", "")
    for element in root.iterchildren(kind):
        cells = [element.get(attribute, "") for attribute in attributes]
        line = cast(int | None, element.sourceline)
        yield line or 0, [element.text or "", table, *cells]
