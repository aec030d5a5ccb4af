"""Files of one large tag table: the rows go past the tree, only what is around them is read and written in general.

What is around the rows, the frame, is a file of a table without rows. A file that is not regular in every character
is left to the general reader, one that cannot be regular to the general writer.
"""

import io
from collections.abc import Callable, Iterable
from dataclasses import replace

from simatic_xml.errors import SimaticMLError
from simatic_xml.model import Document, TagTable
from simatic_xml.reading.tag_rows import read_rows
from simatic_xml.writing.tag_rows import NotPlain, row_chunks
from simatic_xml.xml.layout import Layout

_OPENING, _CLOSING = b"    <ObjectList>\n", b"    </ObjectList>\n"
_BEHIND = b"  </SW.Tags.PlcTagTable>\n"
_OBJECT = b' ID="'
_ROWS = ("<SW.Tags.PlcTag ", "<SW.Tags.PlcUserConstant ")


def load_table(data: bytes, load: Callable[[bytes], Document], dump: Callable[[Document], bytes]) -> Document | None:
    """Read a file of one tag table in regular layout, or return None for any other file.

    Args:
        data: The file.
        load: Reads any file.
        dump: Writes any document.
    """
    eol = b"\r\n" if b"\r\n" in data[:200] else b"\n"
    opening, closing = _OPENING.replace(b"\n", eol), (_CLOSING + _BEHIND).replace(b"\n", eol)
    start, end = data.find(opening), data.rfind(closing)
    if not 0 <= start < end:
        return None
    document = _frame(data[:start] + data[end + len(_CLOSING.replace(b"\n", eol)) :], load, dump)
    rows = None if document is None else read_rows(data, start + len(opening), end, eol)
    if document is None or rows is None:
        return None
    table = document.objects[0]
    assert isinstance(table, TagTable)  # noqa: S101 - a frame has nothing else
    table.tags, table.constants = rows
    return document


def dump_table(document: Document, dump: Callable[[Document], bytes]) -> bytes | None:
    """Write a document of one tag table in regular layout, or return None for any other document.

    Args:
        document: The document, which need not have a layout.
        dump: Writes any document.
    """
    table, layout = _table(document), document.layout
    if table is None or not (table.tags or table.constants) or not _is_written_anew(layout):
        return None
    layout = layout and replace(layout, body=None)
    frame = dump(replace(document, objects=[TagTable(table.name, attributes=table.attributes)], layout=layout))
    eol = "\n" if layout is None else layout.encoding.eol
    place = frame.rfind(_BEHIND.replace(b"\n", eol.encode()))
    if place < 0 or frame.count(_OBJECT) != 1 or (layout and layout.encoding.codec != "utf-8"):
        return None
    try:
        return _join(frame[:place], row_chunks(table), frame[place:], eol)
    except NotPlain:
        return None


def _frame(data: bytes, load: Callable[[bytes], Document], dump: Callable[[Document], bytes]) -> Document | None:
    """Return a regular document of one tag table without rows, from its file."""
    try:
        document = load(data)
        table = _table(document)
        if table is None or table.tags or table.constants or document.layout is None or data.count(_OBJECT) != 1:
            return None
        document.layout = replace(document.layout, body=None, written="")
        is_regular = document.layout.encoding.codec == "utf-8" and dump(document) == data
    except SimaticMLError:
        return None
    return document if is_regular else None


def _table(document: Document) -> TagTable | None:
    table = document.objects[0] if len(document.objects) == 1 else None
    return table if isinstance(table, TagTable) and not table.extra and not document.extra else None


def _is_written_anew(layout: Layout | None) -> bool:
    """Return whether the rows of a document cannot stay as they were read, because there were none."""
    if layout is None:
        return True
    return not layout.edits and (layout.body is None or not any(row in layout.body for row in _ROWS))


def _join(before: bytes, rows: Iterable[str], behind: bytes, eol: str) -> bytes:
    """Return the parts as one, without a copy of the whole in between."""
    result = io.BytesIO()
    result.write(before + _OPENING.replace(b"\n", eol.encode()))
    for chunk in rows:
        result.write((chunk if eol == "\n" else chunk.replace("\n", eol)).encode("utf-8"))
    result.write(_CLOSING.replace(b"\n", eol.encode()) + behind)
    return result.getvalue()
