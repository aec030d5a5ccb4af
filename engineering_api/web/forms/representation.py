"""JSON as XML and as CSV, by one rule for all answers; and XML as JSON, for requests.

The root is `response`. An object has an element for each key; a key that is no name of XML becomes `entry` with the key as
its attribute `name`. A list has `type="list"` and an element `item` for each entry. Numbers and truth values are their JSON
text with `type="number"` and `type="boolean"`; null has `xsi:nil="true"`. An element without a type is a text, or an object
where elements are in it. A text with characters that XML cannot hold is its JSON text with `type="json"`.
"""

from __future__ import annotations

import csv
import io
import re
from typing import Any

import msgspec
from lxml import etree

from engineering_api.files.csv_text import neutralised
from openness_bridge.errors import Kind, Problem
from simatic_xml.errors import SimaticMLError
from simatic_xml.limits import LimitError
from simatic_xml.xml.parsing import parse
from simatic_xml.xml.source import decode

XSI = "http://www.w3.org/2001/XMLSchema-instance"
_NIL = f"{{{XSI}}}nil"
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_.\-]*")
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BEYOND = re.compile("[\ufffe\uffff]")


def to_xml(value: Any) -> bytes:
    """Return a JSON value as an XML document.

    Args:
        value: Of None, truth values, numbers, texts, lists, and dictionaries with texts as keys.
    """
    root = etree.Element("response", nsmap={"xsi": XSI})
    _fill(root, value)
    return etree.tostring(root, xml_declaration=True, encoding="UTF-8")


def from_xml(content: bytes) -> Any:
    """Return the JSON value of an XML document; the name of its root does not matter.

    Raises:
        Problem: It is no XML, has a DTD, is too large or too deep, has a type that there is not, or a key twice.
    """
    try:
        root = parse(decode(content)[0])
    except LimitError as error:
        raise Problem(error.code, error.message).beyond(error.limit, error.value) from None
    except SimaticMLError as error:
        raise _refuse(str(error)) from None
    return _value(root)


def to_csv(value: Any) -> bytes:
    """Return a list as CSV, an object for each line, with the keys of all as the first line; anything else is one line.

    Objects and lists within it are JSON text, and null is empty. A spreadsheet program runs none of its cells.
    """
    rows = value if isinstance(value, list) else [value]
    lines = [each if isinstance(each, dict) else {"value": each} for each in rows]
    columns = list(dict.fromkeys(key for each in lines for key in each))
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    if columns:
        writer.writerow([neutralised(each) for each in columns])
    writer.writerows([_cell(each.get(column)) for column in columns] for each in lines)
    return text.getvalue().encode()


def _fill(element: Any, value: Any) -> None:
    if value is None:
        element.set(_NIL, "true")
    elif isinstance(value, str):
        if _NOT_XML.search(value):
            element.set("type", "json")
            value = _escaped(value)
        element.text = value
    elif isinstance(value, dict):
        if set(value) <= {"item"}:
            element.set("type", "object")
        for key, each in value.items():
            _fill(_add(element, key), each)
    elif isinstance(value, list):
        element.set("type", "list")
        for each in value:
            _fill(etree.SubElement(element, "item"), each)
    else:
        element.set("type", "boolean" if isinstance(value, bool) else "number")
        element.text = msgspec.json.encode(value).decode()


def _add(element: Any, key: str) -> Any:
    """Add the element of a key."""
    if _NAME.fullmatch(key) and key != "entry":
        return etree.SubElement(element, key)
    found = etree.SubElement(element, "entry")
    if _NOT_XML.search(key):
        found.set("names", "json")
        key = _escaped(key)
    found.set("name", key)
    return found


def _escaped(text: str) -> str:
    """Return a text as JSON without the characters that XML cannot hold."""
    return _BEYOND.sub(lambda found: f"\\u{ord(found[0]):04x}", msgspec.json.encode(text).decode())


def _value(element: Any) -> Any:
    if element.get(_NIL) in {"true", "1"}:
        return None
    children = [each for each in element if isinstance(each.tag, str)]
    kind = element.get("type") or _kind_of(children)
    if kind == "list":
        return [_value(each) for each in children]
    if kind == "object":
        return _object(children)
    text = "".join(element.itertext())
    return text if kind == "text" else _scalar(text, kind)


def _kind_of(children: list[Any]) -> str:
    if not children:
        return "text"
    return "list" if len(children) > 1 and all(each.tag == "item" for each in children) else "object"


def _object(children: list[Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in children:
        key = each.get("name", "") if each.tag == "entry" else etree.QName(each).localname
        if each.get("names") == "json":
            key = _scalar(key, "json")
        if key in found:
            raise _refuse(f"it names {key!r} twice; a list has items, and type='list'")
        found[key] = _value(each)
    return found


def _scalar(text: str, kind: str) -> Any:
    """Return the value of a JSON text that is of a kind: number, boolean or json, which is a text."""
    wanted = {"number": int | float, "boolean": bool, "json": str}.get(kind)
    if wanted is None:
        raise _refuse(f"there is no type {kind!r}; use number, boolean, list, object, json or none")
    try:
        return msgspec.json.decode(text.strip().encode(), type=wanted)
    except (msgspec.DecodeError, UnicodeError):
        raise _refuse(f"{text[:80]!r} is not a {kind} as JSON writes it") from None


def _refuse(why: str) -> Problem:
    return Problem("request.malformed_xml", f"The body is not the XML of a request: {why}.", kind=Kind.INVALID)


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return neutralised(value) if isinstance(value, str) else msgspec.json.encode(value).decode()
