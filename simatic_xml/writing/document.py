"""Write a whole document, or any single node of the model."""

from typing import Any

from simatic_xml.model import Document, Member, Network, Section, Subelement, Tag, UserConstant, WatchEntry
from simatic_xml.versions import nearest_version
from simatic_xml.writing.interface import member, section, subelement
from simatic_xml.writing.objects import write_constant, write_entry, write_network, write_object, write_tag
from simatic_xml.writing.parts import with_extra
from simatic_xml.xml.escape import attribute, branch
from simatic_xml.xml.layout import Layout, MarkTaken, Writer, compact, lay_out, regular_layout


def regular_text(document: Document, layout: Layout | None = None) -> str:
    """Return the document's text in regular layout, from the start of the root element to its end."""
    version = nearest_version(document.engineering)
    layout = layout or regular_layout(version)
    mark = "\ue000"
    while True:
        writer = Writer(version, mark, layout)
        try:
            return lay_out(write_document(document, writer), writer)
        except MarkTaken:
            mark += "\ue001"


def write_document(document: Document, writer: Writer) -> str:
    """Return the XML of a document without layout white space."""
    engineering = f'<Engineering version="{attribute(document.engineering)}"/>' if document.engineering else ""
    header = "".join(compact(element) for element in document.header)
    objects = "".join(write_object(each, writer) for each in document.objects)
    return with_extra(branch("Document", engineering + header + objects), document.extra)


def write_node(node: Any, writer: Writer) -> str:
    """Return the XML of a document, an object or a part of one."""
    write = _PARTS.get(type(node))
    return write_object(node, writer) if write is None else write(node, writer)


_PARTS: dict[type, Any] = {
    Document: write_document,
    Member: member,
    Network: write_network,
    Section: section,
    Subelement: lambda node, _: subelement(node),
    Tag: lambda node, _: write_tag(node),
    UserConstant: lambda node, _: write_constant(node),
    WatchEntry: lambda node, _: write_entry(node),
}
