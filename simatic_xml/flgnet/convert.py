"""A network between its XML element and its JSON form.

Three forms, each exact, tried in this order: the readable one (``rungs`` or ``fbd``), the graph (``parts`` and
``wires``), and the bare element (``element``) for what is not a network at all.
"""

from collections.abc import Mapping
from typing import Any

from lxml import etree

from simatic_xml.flgnet import graph_form
from simatic_xml.flgnet.building import build
from simatic_xml.flgnet.deviation import (
    MismatchError,
    find_deviation,
    find_elements,
    put_elements,
    read_x,
    write_x,
)
from simatic_xml.flgnet.errors import FlgNetError
from simatic_xml.flgnet.form_reading import read_tree
from simatic_xml.flgnet.form_writing import write_tree
from simatic_xml.flgnet.lifting import lift
from simatic_xml.flgnet.lowering import LoweredNetwork, lower
from simatic_xml.flgnet.operand import UNSAYABLE
from simatic_xml.flgnet.ordering import Deviation, arrange
from simatic_xml.flgnet.raw import equal, from_raw, local_name, new_root, to_raw
from simatic_xml.flgnet.reading import graph
from simatic_xml.flgnet.wiring import NotLiftableError

NAMESPACE = "http://www.siemens.com/automation/Openness/SW/NetworkSource/FlgNet/v{version}"


def to_json(element: etree._Element) -> dict[str, Any]:
    """Write a ``FlgNet`` element as JSON data that :func:`from_json` reverses exactly, except for layout white space.

    Raises:
        FlgNetError: the element contains something that no network has (text between elements, processing instructions).
    """
    namespace = etree.QName(element).namespace or ""
    raw = to_raw(element)
    for attempt in (_readable, graph_form.write):
        try:
            data = attempt(element)
            if equal(from_json(data, namespace=namespace), element):
                return data
        except (FlgNetError, NotLiftableError, MismatchError):
            continue
    return {"element": raw}


def from_json(data: dict[str, Any], version: int = 5, namespace: str | None = None) -> etree._Element:
    """Build a ``FlgNet`` element from its JSON form.

    Args:
        data: the readable form, the graph form or the bare element.
        version: version of the FlgNet format, 1 to 5; it only chooses the namespace.
        namespace: another namespace, as a GRAPH block has for all that it holds; empty for none.

    Raises:
        FlgNetError: with a JSON pointer to what is wrong.
    """
    if namespace is None:
        namespace = NAMESPACE.format(version=version)
    if not isinstance(data, dict):
        raise FlgNetError("shape", "A network is an object with 'rungs', 'fbd' or 'parts' and 'wires'.")
    forms = [key for key in ("rungs", "fbd", "parts", "element") if key in data]
    if len(forms) != 1:
        raise FlgNetError("form", "A network has exactly one of 'rungs', 'fbd', 'parts' and 'element'.")
    if forms[0] == "element":
        return _root(from_raw(data["element"], namespace, "/element"), namespace)
    if forms[0] == "parts":
        return graph_form.read(data, namespace)
    return _from_readable(data, namespace)


def _root(element: etree._Element, namespace: str) -> etree._Element:
    """Return the element with the namespace as its default one, so that it is written without prefix."""
    root = new_root(local_name(element), namespace)
    root.attrib.update(element.attrib)
    root.text = element.text
    root.extend(list(element))
    return root


def _from_readable(data: dict[str, Any], namespace: str) -> etree._Element:
    if extra := sorted(set(data) - {"rungs", "fbd", "labels", "x"}):
        raise FlgNetError("member", f"A network has no member {extra[0]!r}; remove it.", f"/{extra[0]}")
    lowered = lower(read_tree(data))
    deviation, elements = read_x(data["x"], lowered) if "x" in data else (Deviation(), {})
    root = _build(lowered, deviation, namespace, elements)
    put_elements(root, elements, namespace)
    return root


def _build(
    lowered: LoweredNetwork, deviation: Deviation, namespace: str, elements: Mapping[str, Any] | None = None
) -> etree._Element:
    """Build the element; an operand that no text says must be among the ``elements``, where these are given."""
    arranged, new = arrange(lowered.network, lowered.pins, deviation)
    pointers = {new[old]: pointer for old, pointer in lowered.pointers.items() if old in new}
    for access in arranged.accesses:
        if access.text == UNSAYABLE and elements is not None and str(access.uid) not in elements:
            raise FlgNetError("operand", "'?' is a placeholder; write the operand.", pointers[access.uid])
    return build(arranged, namespace, pointers)


def _readable(element: etree._Element) -> dict[str, Any]:
    network = graph(element)
    tree = lift(network)
    data = write_tree(tree)
    lowered = lower(read_tree(data))
    _trace(lowered, lower(tree))
    deviation = find_deviation(lowered, network)
    namespace = etree.QName(element).namespace or ""
    elements = find_elements(_build(lowered, deviation, namespace), element)
    x = write_x(deviation, elements)
    return data | ({"x": x} if x else {})


def _trace(lowered: LoweredNetwork, lifted: LoweredNetwork) -> None:
    """Carry the original numbers over to the graph that was read back; both have the parts in the same order."""
    if len(lowered.network.parts) != len(lifted.network.parts):
        raise MismatchError
    pairs = zip(lowered.network.parts, lifted.network.parts, strict=True)
    lowered.origins = {read.uid: lifted.origins[part.uid] for read, part in pairs}
