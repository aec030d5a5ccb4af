"""Load and dump SimaticML files; a loaded file that is dumped unchanged is the same, byte for byte.

What reads and writes XML is imported for the first file: the check of an SCL source needs none of it.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from simatic_xml import limits
from simatic_xml.errors import SimaticMLError

if TYPE_CHECKING:
    from lxml import etree

    from simatic_xml.model import Document
    from simatic_xml.xml.source import Encoding


def load(source: bytes | str | Path, *, own: bool = False) -> Document:
    """Read a SimaticML file.

    Args:
        source: The file's content, or the path of the file; a string that starts with ``<`` is content.
        own: Whether TIA Portal or this program wrote the file; then it has no limits, so that nothing that was accepted
            before can become unreadable.

    Raises:
        LimitError: The file is too large.
        SimaticMLError: The content is no SimaticML, or not safe to read.
        OSError: The file cannot be read.
    """
    from simatic_xml.xml.source import Encoding, decode, line_end

    if isinstance(source, str) and source.lstrip("\ufeff \t\r\n").startswith("<"):
        text = source.removeprefix("\ufeff")
        return _load(text, Encoding(text is not source, eol=line_end(text)), own=own)
    if not isinstance(source, bytes) and not own:
        limits.require("xml_bytes", Path(source).stat().st_size)
    data = source if isinstance(source, bytes) else Path(source).read_bytes()
    if not own:
        limits.require("xml_bytes", len(data))
    return load_regular_table(data, own=own) or _load(*decode(data), own=own)


def load_regular_table(data: bytes, *, own: bool = False) -> Document | None:
    """Read a file of one tag table exactly as `dump` writes it, in little memory; None for any other file."""
    from simatic_xml.tag_table_files import load_table

    return load_table(data, partial(_load_bytes, own=own), _dump)


def _load_bytes(data: bytes, *, own: bool) -> Document:
    from simatic_xml.xml.source import decode

    return _load(*decode(data), own=own)


def _load(text: str, encoding: Encoding, *, own: bool = False) -> Document:
    from simatic_xml.deviations import observe_layout
    from simatic_xml.reading.document import keep_rest, read_document
    from simatic_xml.versions import nearest_version
    from simatic_xml.vocabulary import unknown_elements
    from simatic_xml.writing.document import write_document
    from simatic_xml.xml.layout import Writer, compact, number_objects
    from simatic_xml.xml.parsing import parse, parse_own
    from simatic_xml.xml.residue import same
    from simatic_xml.xml.typed_values import require_types

    if encoding.eol != "\n":
        text = text.replace("\r\n", "\n")
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise SimaticMLError("not-xml", "The file contains a NUL character, which XML does not allow.", line)
    root = _plain_root(parse(text, keep_space=False, own=own))
    if not own:
        require_types(root, text)
    document, pairs = read_document(root)
    plain = Writer(nearest_version(document.engineering))
    xml = write_document(document, plain)
    if number_objects(xml) != compact(root) and not same(parse_own(xml), root):
        keep_rest(document, pairs, plain)
        xml = write_document(document, plain)
    document.layout = observe_layout(text, encoding, document.engineering, xml)
    document.unknown = unknown_elements(root, text)
    return document


def dump(document: Document, version: str | None = None) -> bytes:
    """Return a document as the bytes of a SimaticML file.

    Args:
        document: The document; one that was loaded and not changed gives the very bytes that were loaded.
        version: TIA version to write for (``"V19"``), by default the document's own.

    Raises:
        SimaticMLError: The version is not known, or lacks something that the document uses.
    """
    from simatic_xml.conversion import for_version
    from simatic_xml.tag_table_files import dump_table

    if version is not None and version != document.engineering:
        document = for_version(document, version)
    return dump_table(document, _dump) or _dump(document)


def _dump(document: Document) -> bytes:
    from simatic_xml.deviations import body_text
    from simatic_xml.versions import nearest_version
    from simatic_xml.xml.layout import regular_layout
    from simatic_xml.xml.source import encode

    layout = document.layout or regular_layout(nearest_version(document.engineering))
    text = layout.prolog + body_text(document, layout) + layout.epilog
    return encode(text.replace("\n", layout.encoding.eol) if layout.encoding.eol != "\n" else text, layout.encoding)


def _plain_root(root: etree._Element) -> etree._Element:
    """Free the root of schema hints, which the layout keeps, so that no part of the tree repeats them."""
    if root.tag == "Document" and (root.attrib or root.nsmap):
        from lxml import etree

        root.attrib.clear()
        etree.cleanup_namespaces(root)
    return root
