"""Any XML element as JSON: ``[name, {attributes}, child, "text", ...]``; used where no readable form exists."""

import re
from typing import Any

from lxml import etree

from simatic_xml.errors import SimaticMLError
from simatic_xml.xml import escape
from simatic_xml.xml.layout import compact
from simatic_xml.xml.parsing import parse

_COMMENT, _INSTRUCTION, _VERBATIM, _XMLNS = "!--", "?", "?xml", "xmlns"
_MAX_DEPTH = 250
_NAME = re.compile(r"[^\W\d][\w.-]*\Z")


def to_tree(element: etree._Element, outer_namespace: str = "") -> list[Any]:
    """Return an element as JSON; the default namespace is an ``xmlns`` entry where it changes.

    An element with prefixed names stays XML text: ``["?xml", "<a:b/>"]``.
    """
    if isinstance(element, etree._Comment):  # noqa: SLF001 - lxml has no public name for the type
        return [_COMMENT, element.text or ""]
    if isinstance(element, etree._ProcessingInstruction):  # noqa: SLF001 - as above
        return [_INSTRUCTION, element.target, element.text or ""]
    if element.prefix or any(str(key).startswith("{") for key, _ in element.items()):
        return [_VERBATIM, compact(element)]
    namespace, _, name = str(element.tag).rpartition("}")
    namespace = namespace.removeprefix("{")
    attributes: dict[str, str] = {} if namespace == outer_namespace else {_XMLNS: namespace}
    attributes.update({str(key): str(value) for key, value in element.items()})
    result: list[Any] = [name, attributes] if attributes else [name]
    if element.text:
        result.append(element.text)
    for child in element:
        result.append(to_tree(child, namespace))
        if child.tail:
            result.append(child.tail)
    return result


def from_tree(data: Any, pointer: str, outer_namespace: str = "", depth: int = 0) -> etree._Element:
    """Return the element for its JSON.

    Raises:
        SimaticMLError: ``"json"``, where the JSON is not an element.
    """
    if not isinstance(data, list) or not data or not isinstance(data[0], str) or depth > _MAX_DEPTH:
        raise SimaticMLError("json", 'An element is a list ["Name", {attributes}, children...].', pointer=pointer)
    if data[0] in (_COMMENT, _INSTRUCTION, _VERBATIM):
        return _special(data, pointer)
    attributes = dict(data[1]) if len(data) > 1 and isinstance(data[1], dict) else {}
    first_child = 2 if len(data) > 1 and isinstance(data[1], dict) else 1
    namespace = str(attributes.pop(_XMLNS, outer_namespace))
    try:
        element = _element(data[0], namespace, changed=namespace != outer_namespace)
        for key, value in attributes.items():
            element.set(key, str(value))
        for index, child in enumerate(data[first_child:], start=first_child):
            _append(element, child, f"{pointer}/{index}", namespace, depth)
    except (ValueError, TypeError) as error:
        if isinstance(error, SimaticMLError):
            raise
        raise SimaticMLError("json", f"The element {data[0][:80]!r} is not valid: {error}.", pointer=pointer) from error
    return element


def _element(name: str, namespace: str, *, changed: bool) -> etree._Element:
    if not _NAME.match(name):
        raise ValueError("its name is not valid in XML")
    if not namespace:
        return etree.Element(name)
    if not changed:
        return etree.Element(f"{{{namespace}}}{name}")
    return etree.fromstring(f'<{name} xmlns="{escape.attribute(namespace)}"/>')


def _append(element: etree._Element, child: Any, pointer: str, namespace: str, depth: int) -> None:
    if not isinstance(child, str):
        element.append(from_tree(child, pointer, namespace, depth + 1))
    elif len(element):
        element[-1].tail = child
    else:
        element.text = child


def _special(data: list[Any], pointer: str) -> etree._Element:
    if data[0] == _COMMENT and len(data) == 2:
        return etree.Comment(str(data[1]))
    if data[0] == _INSTRUCTION and len(data) == 3:
        return etree.ProcessingInstruction(str(data[1]), str(data[2]))
    if data[0] == _VERBATIM and len(data) == 2:
        return parse(str(data[1]))
    raise SimaticMLError("json", 'A comment is ["!--", text].', pointer=pointer)
