"""Any element as plain JSON data, for what the readable form cannot express.

An element is ``[tag, {attributes}, text or None, [children]]`` with the local name as tag, since a network lives in one
namespace; a comment is ``["#comment", {}, text, []]``.
"""

from typing import Any

from lxml import etree

from simatic_xml.flgnet.errors import FlgNetError

COMMENT = "#comment"
_MOST_NESTING = 100


def local_name(element: etree._Element) -> str:
    """Return the tag without its namespace, ``#comment`` for a comment.

    Raises:
        FlgNetError: for a processing instruction or an entity.
    """
    if isinstance(element.tag, str):
        return element.tag.rpartition("}")[2]
    if element.tag is etree.Comment:
        return COMMENT
    raise FlgNetError(
        "foreign-node", "A network contains only elements and comments; remove the processing instruction."
    )


def children(element: etree._Element, name: str) -> list[etree._Element]:
    """Return the child elements with this local name, in any namespace."""
    return [child for child in element if local_name(child) == name]


def child(element: etree._Element, name: str) -> etree._Element | None:
    """Return the first child element with this local name."""
    return next(iter(children(element, name)), None)


def to_raw(element: etree._Element, depth: int = 0) -> list[Any]:
    """Return the element as JSON data, without white space between elements.

    Raises:
        FlgNetError: there is text between elements, or elements nest deeper than those of any network.
    """
    if depth > _MOST_NESTING:
        raise FlgNetError("depth", f"Elements of the network nest deeper than {_MOST_NESTING} levels.")
    if element.tail and element.tail.strip():
        raise FlgNetError("mixed-content", f"Remove the text {element.tail.strip()!r} after <{local_name(element)}>.")
    attributes = {} if local_name(element) == COMMENT else {str(k): str(v) for k, v in element.attrib.items()}
    text = None if len(element) and not (element.text or "").strip() else element.text
    return [local_name(element), attributes, text, [to_raw(part, depth + 1) for part in element]]


def from_raw(data: Any, namespace: str, pointer: str, depth: int = 0) -> etree._Element:
    """Build the element that :func:`to_raw` described.

    Raises:
        FlgNetError: the data has another shape, or names what XML does not allow.
    """
    if depth > _MOST_NESTING:
        raise FlgNetError("depth", f"Elements of the network nest deeper than {_MOST_NESTING} levels.", pointer)
    match data:
        case [str(tag), dict(attributes), str() | None as text, list(parts)]:
            pass
        case _:
            raise FlgNetError("raw-shape", "Write a raw element as [tag, {attributes}, text, [children]].", pointer)
    try:
        element = etree.Comment() if tag == COMMENT else etree.Element(qualify(tag, namespace), attributes)
        element.text = text
    except (ValueError, TypeError) as error:
        raise FlgNetError("raw-value", f"XML does not allow this element: {error}.", pointer) from error
    for index, part in enumerate(parts):
        element.append(from_raw(part, namespace, f"{pointer}/3/{index}", depth + 1))
    return element


def new_root(tag: str, namespace: str) -> etree._Element:
    """Create an element that is written without prefix, because the namespace is its default one."""
    nsmap: Any = {None: namespace} if namespace else None
    return etree.Element(qualify(tag, namespace), nsmap=nsmap)


def qualify(tag: str, namespace: str) -> str:
    """Return the tag in lxml's spelling of the namespace."""
    return f"{{{namespace}}}{tag}" if namespace else tag


def equal(left: etree._Element, right: etree._Element) -> bool:
    """Return whether two elements say the same: names, attributes with their order, text and children."""
    return to_raw(left) == to_raw(right) and _attribute_orders(left) == _attribute_orders(right)


def _attribute_orders(element: etree._Element) -> list[list[str]]:
    return [[str(name) for name in node.attrib] for node in element.iter(etree.Element)]
