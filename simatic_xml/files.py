"""Loading and dumping SimaticML files; a loaded file that is dumped unchanged is the same, byte for byte."""

import re
import zlib
from dataclasses import replace
from pathlib import Path

from lxml import etree

from simatic_xml.conversion import for_version
from simatic_xml.errors import SimaticMLError
from simatic_xml.model import Document
from simatic_xml.reading.document import keep_rest, read_document
from simatic_xml.versions import nearest_version
from simatic_xml.vocabulary import unknown_elements
from simatic_xml.writing.document import regular_text, write_document
from simatic_xml.xml import spelling
from simatic_xml.xml.layout import ROOT, Layout, Writer, regular_layout
from simatic_xml.xml.parsing import parse, parse_own, prolog_end
from simatic_xml.xml.residue import same
from simatic_xml.xml.source import Encoding, decode, encode, line_end

_INLINE = re.compile(r"<(?:Interface|NetworkSource)>(<|\s)")
_RAW_ATTRIBUTES = re.compile(r"\n *<Member [^>]*[^/>]>(<|\s+<)AttributeList")
_RAW_SECTIONS = re.compile(r"\n *<Member [^>]*[^/>]>(<|\s+<)Sections")
_END = "</Document>"
_WHOLE = -1


def load(source: bytes | str | Path) -> Document:
    """Read a SimaticML file.

    Args:
        source: The file's content, or the path of the file; a string that starts with ``<`` is content.

    Raises:
        SimaticMLError: The content is no SimaticML, or not safe to read.
        OSError: The file cannot be read.
    """
    text, encoding = _read(source)
    if encoding.eol != "\n":
        text = text.replace("\r\n", "\n")
    if "\x00" in text:
        line = text.count("\n", 0, text.index("\x00")) + 1
        raise SimaticMLError("not-xml", "The file contains a NUL character, which XML cannot hold.", line)
    root = _plain_root(parse(text, keep_space=False))
    document, pairs = read_document(root)
    prolog, body, epilog = _split(text)
    layout = _observed(document, body, Layout(encoding, prolog, epilog))
    regular = _body(document, layout)
    if regular != body:
        plain = Writer(nearest_version(document.engineering))
        if not same(parse_own(write_document(document, plain)), root):
            keep_rest(document, pairs, plain)
            regular = _body(document, layout)
        layout = _deviating(layout, regular, body)
    document.layout = layout
    document.unknown = unknown_elements(root, body)
    return document


def dump(document: Document, version: str | None = None) -> bytes:
    """Return a document as the bytes of a SimaticML file.

    Args:
        document: The document; one that was loaded and not changed gives the very bytes that were loaded.
        version: TIA version to write for (``"V19"``), by default the document's own.

    Raises:
        SimaticMLError: The version is not known, or lacks something that the document uses.
    """
    if version is not None and version != document.engineering:
        document = for_version(document, version)
    layout = document.layout or regular_layout(nearest_version(document.engineering))
    text = _body(document, layout)
    if layout.edits and _checksum(text) == layout.edited_text:
        text = layout.edits[0][1] if layout.edits[0][0] == _WHOLE else spelling.apply(text, layout.edits)
    text = layout.prolog + text + layout.epilog
    return encode(text.replace("\n", layout.encoding.eol) if layout.encoding.eol != "\n" else text, layout.encoding)


def _read(source: bytes | str | Path) -> tuple[str, Encoding]:
    if isinstance(source, str) and source.lstrip("\ufeff \t\r\n").startswith("<"):
        text = source.removeprefix("\ufeff")
        return text, Encoding(text is not source, eol=line_end(text))
    return decode(source if isinstance(source, bytes) else Path(source).read_bytes())


def _plain_root(root: etree._Element) -> etree._Element:
    """Free the root of schema hints, which the layout keeps, so that no part of the tree repeats them."""
    if root.tag == "Document" and (root.attrib or root.nsmap):
        root.attrib.clear()
        etree.cleanup_namespaces(root)
    return root


def _split(text: str) -> tuple[str, str, str]:
    """Split a document behind the start tag and behind the end tag of its root."""
    start = text.index(">", prolog_end(text)) + 1
    end = max(text.rfind(_END) + len(_END) if _END in text else 0, start)
    return text[:start], text[start:end], text[end:]


def _body(document: Document, layout: Layout) -> str:
    text = regular_text(document, layout)
    return text.removeprefix(ROOT) if text.startswith(ROOT) else _END


def _observed(document: Document, body: str, layout: Layout) -> Layout:
    regular = regular_layout(nearest_version(document.engineering))
    inline, attributes, sections = _INLINE.search(body), _RAW_ATTRIBUTES.search(body), _RAW_SECTIONS.search(body)
    return replace(
        layout,
        embedded_inline=inline[1] == "<" if inline else regular.embedded_inline,
        raw_attributes=attributes[1] == "<" if attributes else regular.raw_attributes,
        raw_sections=sections[1] == "<" if sections else regular.raw_sections,
    )


def _deviating(layout: Layout, regular: str, actual: str) -> Layout:
    edits = spelling.difference(regular, actual)
    if edits is None:
        edits = ((_WHOLE, actual),)
    return replace(layout, edits=edits, edited_text=_checksum(regular) if edits else 0)


def _checksum(text: str) -> int:
    return zlib.crc32(text.encode("utf-8"))
