"""Read a whole document, and find what the model does not contain."""

from lxml import etree

from simatic_xml.errors import SimaticMLError
from simatic_xml.model import Block, Document, Opaque, PlcObject, PlcType
from simatic_xml.reading.lists import Pairs, line_of
from simatic_xml.reading.objects import read_object
from simatic_xml.versions import nearest_version
from simatic_xml.writing.document import write_node
from simatic_xml.xml import residue
from simatic_xml.xml.layout import Writer
from simatic_xml.xml.parsing import parse_own

_INNER_TAGS = residue.NODE_TAGS - {"Section"}
"""Elements within a PLC data type that keep their own edits; its only section is part of it."""


def read_document(root: etree._Element) -> tuple[Document, Pairs]:
    """Read a document from its tree without layout white space.

    Raises:
        SimaticMLError: ``"not-simaticml"``, where the root is no SimaticML document.
    """
    if root.tag != "Document":
        message = f"The root element is {str(root.tag)[:80]!r}, but a SimaticML file starts with 'Document'."
        raise SimaticMLError("not-simaticml", message, line_of(root))
    document, pairs = Document(""), Pairs()
    engineering = root.find("Engineering")
    document.engineering = "" if engineering is None else engineering.get("version", "")
    for child in root.iterchildren(tag=etree.Element):
        if "." in child.tag:
            document.objects.append(read_object(child, pairs))
        elif child is not engineering:
            document.header.append(child)
    _forget_usual_interface(document)
    pairs.append((document, root))
    return document, pairs


def _forget_usual_interface(document: Document) -> None:
    usual = nearest_version(document.engineering).interface
    for node in document.objects:
        if isinstance(node, Block | PlcType) and node.interface_version == usual:
            node.interface_version = None


def keep_rest(document: Document, pairs: Pairs, writer: Writer) -> None:
    """Give every node the edits for what its file said beyond the model.

    An object that even so would come out differently is carried as it is.

    Args:
        document: The document as read.
        pairs: Its nodes and their elements, inner ones first.
        writer: A writer that holds nothing apart.
    """
    for node, element in pairs:
        tags = _INNER_TAGS if isinstance(node, PlcType) else residue.NODE_TAGS
        edits = residue.difference(parse_own(write_node(node, writer)), element, tags)
        node.extra = edits or None
    elements = {id(node): element for node, element in pairs}
    document.objects = [_faithful(node, elements.get(id(node)), writer) for node in document.objects]


def _faithful(node: PlcObject, element: etree._Element | None, writer: Writer) -> PlcObject:
    if element is None or residue.same(parse_own(write_node(node, writer)), element):
        return node
    return Opaque(element)
