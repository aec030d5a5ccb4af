"""The text of a document: as it was read while nothing has changed, else regular with the recorded deviations."""

import re
import zlib
from dataclasses import replace
from hashlib import blake2b

from simatic_xml.model import Document
from simatic_xml.versions import nearest_version
from simatic_xml.writing.document import regular_text, write_document
from simatic_xml.xml import spelling
from simatic_xml.xml.layout import ROOT, Layout, Writer, regular_layout
from simatic_xml.xml.parsing import prolog_end
from simatic_xml.xml.source import Encoding

_ATTRIBUTES = re.compile(r"\n *<Member [^>]*[^/>]>(<|\s+<)AttributeList")
_SECTIONS = re.compile(r"\n *<Member [^>]*[^/>]>(<|\s+<)Sections")
_END = "</Document>"
_WHOLE = -1


def observe_layout(text: str, encoding: Encoding, engineering: str, xml: str) -> Layout:
    """Return how a document is laid out.

    Args:
        text: The document as read, with LF line ends where they are uniform.
        encoding: How its bytes were written.
        engineering: TIA version that it names.
        xml: The same document as the model gives it, without layout.
    """
    prolog, body, epilog = _split(text)
    usual = regular_layout(nearest_version(engineering))
    layout = replace(usual, encoding=encoding, prolog=prolog, epilog=epilog, body=body, written=_digest(xml))
    if "<Interface>" not in body and "<NetworkSource>" not in body:
        return layout
    attributes, sections = _ATTRIBUTES.search(body), _SECTIONS.search(body)
    return replace(
        layout,
        embedded_inline="<Interface><" in body or "<NetworkSource><" in body,
        raw_attributes=attributes[1] == "<" if attributes else usual.raw_attributes,
        raw_sections=sections[1] == "<" if sections else usual.raw_sections,
    )


def body_text(document: Document, layout: Layout) -> str:
    """Return the text between the layout's prolog and epilog."""
    if layout.body is not None and _is_unchanged(document, layout):
        return layout.body
    text = _regular(document, layout)
    if not layout.edits or _checksum(text) != layout.edited_text:
        return text
    index, replacement = layout.edits[0]
    return replacement if index == _WHOLE else spelling.apply(text, layout.edits)


def record_layout(document: Document) -> Layout | None:
    """Return a document's layout with all deviations as edits, which need the regular text only."""
    layout = document.layout
    if layout is None or layout.body is None:
        return layout
    bare = replace(layout, body=None, written="")
    if not _is_unchanged(document, layout):
        return bare
    regular = _regular(document, layout)
    edits = spelling.difference(regular, layout.body) if regular != layout.body else ()
    if edits is None:
        edits = ((_WHOLE, layout.body),)
    return replace(bare, edits=edits, edited_text=_checksum(regular) if edits else 0)


def _split(text: str) -> tuple[str, str, str]:
    start = text.index(">", prolog_end(text)) + 1
    found = text.rfind(_END)
    end = max(found + len(_END) if found >= 0 else 0, start)
    return text[:start], text[start:end], text[end:]


def _is_unchanged(document: Document, layout: Layout) -> bool:
    plain = Writer(nearest_version(document.engineering))
    return _digest(write_document(document, plain)) == layout.written


def _regular(document: Document, layout: Layout) -> str:
    text = regular_text(document, layout)
    return text.removeprefix(ROOT) if text.startswith(ROOT) else _END


def _digest(xml: str) -> str:
    return blake2b(xml.encode("utf-8", "surrogatepass"), digest_size=16).hexdigest()


def _checksum(text: str) -> int:
    return zlib.crc32(text.encode("utf-8"))
