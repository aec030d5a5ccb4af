"""Makes the one text that an object has in the repository, however often and wherever it is exported.

What TIA Portal changes by itself goes: date and products of an export, the byte-order mark, the layout. The ids of
objects, which TIA Portal counts, are made of names, of networks of their content: so a new tag or network changes no
line of the others, and two people can add one each.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from itertools import count
from uuid import NAMESPACE_OID, uuid5

from lxml import etree

import simatic_xml
from engineering_api.features.source_control.layout import HARDWARE, Item
from openness_bridge.errors import Problem
from simatic_xml import SimaticMLError
from simatic_xml.xml.parsing import parse_foreign

_FIXED = {"LastWritingDateTime": "2000-01-01T00:00:00Z", "WriterProjectTitle": ""}
_ID = re.compile(rb'(<[\w.]+ ID=")([^"]*)')
_LARGEST_ID = 0x7FFFFFFF


def text_of(item: Item, exported: bytes) -> bytes:
    """Return the canonical text of an object's file.

    Raises:
        Problem: It is no such file.
    """
    return aml(exported) if item.domain == HARDWARE else simatic_ml(exported)


def simatic_ml(xml: bytes) -> bytes:
    """Return the canonical text of a SimaticML file; of a canonical text, itself.

    Raises:
        Problem: It is none.
    """
    try:
        document = simatic_xml.load(count_ids(xml), own=True)
        document.header, document.layout = [], None
        text = simatic_xml.dump(document).removeprefix(b"\xef\xbb\xbf")
    except SimaticMLError as error:
        raise Problem(f"simatic_ml.{error.code}", error.message) from error
    return _name_ids(text if text.endswith(b"\n") else text + b"\n")


def count_ids(xml: bytes) -> bytes:
    """Return a SimaticML file with its ids counted, as TIA Portal writes and expects them."""
    numbers = count()
    return _ID.sub(lambda found: b"%b%X" % (found[1], next(numbers)), xml)


def _name_ids(text: bytes) -> bytes:
    """Give every object but the outermost an id that depends on no other object."""
    ids: dict[etree._Element, str] = {}
    seen: Counter[str] = Counter()
    used: set[int] = set()
    for element in parse_foreign(text).iter():
        if isinstance(element.tag, str) and element.keys()[:1] == ["ID"]:
            parent = next((ids[above] for above in element.iterancestors() if above in ids), None)
            ids[element] = element.get("ID", "") if parent is None else _id(element, parent, seen, used)
    order = iter(ids.values())
    return _ID.sub(lambda found: found[1] + next(order).encode(), text)


def _id(element: etree._Element, parent: str, seen: Counter[str], used: set[int]) -> str:
    key = "\n".join((parent, str(element.tag), element.get("CompositionName", ""), _label(element)))
    seen[key] += 1
    number = int.from_bytes(hashlib.sha256(f"{key}\n{seen[key]}".encode()).digest()[:4]) & _LARGEST_ID
    while number in used:
        number = (number + 1) & _LARGEST_ID
    used.add(number)
    return f"{number:X}"


def _label(element: etree._Element) -> str:
    """Return what identifies an object among its neighbours: a name, a language, or all that it says."""
    label = element.findtext("AttributeList/Name") or element.findtext("AttributeList/Culture")
    if label or element.tag == "MultilingualText":
        return label or ""
    return hashlib.sha256(_ID.sub(rb"\1", etree.tostring(element))).hexdigest()


def aml(xml: bytes) -> bytes:
    """Return the canonical text of a station's AutomationML file.

    The tag tables of its PLC, which TIA Portal writes there too, are left out: they have separate files. Ids are
    made of the names on the way to an element.

    Raises:
        Problem: It is no XML.
    """
    try:
        root = parse_foreign(xml, keep_space=False)
    except etree.XMLSyntaxError as error:
        raise Problem("hardware.export_failed", f"The AML file of the export is not XML: {error.msg}.") from error
    root.set("FileName", "")
    for name, value in _FIXED.items():
        for found in root.iter(name):
            found.text = value
    _without_type_names(root)
    gone = _without_tag_tables(root)
    ids = dict(_ids(root, ()))
    for element in root.iter("InternalElement", "ExternalInterface"):
        element.set("ID", ids[element.get("ID", "")])
    for link in root.findall(".//InternalLink"):
        _relink(link, ids, gone)
    etree.indent(root)
    return etree.tostring(root, xml_declaration=True, encoding="utf-8") + b"\n"


def _without_type_names(root: etree._Element) -> None:
    """Leave the catalogue's text out where an order number says the same, as TIA Portal itself mostly does."""
    for element in root.iter("InternalElement"):
        if (element.findtext("Attribute[@Name='TypeIdentifier']/Value") or "").startswith("OrderNumber:"):
            for found in element.findall("Attribute[@Name='TypeName']"):
                element.remove(found)


def _without_tag_tables(root: etree._Element) -> set[str]:
    """Remove the tag tables; returns the ids of all that went."""
    roles = root.findall(".//InternalElement/SupportedRoleClass")
    tables = [role.getparent() for role in roles if (role.get("RefRoleClassPath") or "").endswith("/TagTable")]
    gone = {each.get("ID", "") for table in tables if table is not None for each in table.iter() if each.get("ID")}
    for table in tables:
        if table is not None and (parent := table.getparent()) is not None:
            parent.remove(table)
    return gone


def _relink(link: etree._Element, ids: dict[str, str], gone: set[str]) -> None:
    """Give a link the new ids of its ends; one whose end went goes, too."""
    for side in ("RefPartnerSideA", "RefPartnerSideB"):
        identity, colon, name = link.get(side, "").partition(":")
        if identity in gone:
            if (parent := link.getparent()) is not None:
                parent.remove(link)
            return
        link.set(side, ids.get(identity, identity) + colon + name)


def _ids(element: etree._Element, path: tuple[str, ...]) -> list[tuple[str, str]]:
    """Return old and new id of everything below an element; elements of the same name are identified by their order."""
    found: list[tuple[str, str]] = []
    seen: Counter[tuple[str, str]] = Counter()
    for child in element:
        below = path
        if isinstance(child.tag, str) and child.get("ID"):
            key = (child.tag, child.get("Name", ""))
            below = (*path, *key, str(seen[key]))
            seen[key] += 1
            found.append((child.get("ID", ""), str(uuid5(NAMESPACE_OID, "\n".join(below)))))
        found += _ids(child, below)
    return found
