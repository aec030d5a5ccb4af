"""Operands of STL between their text and their ``Access`` element.

What SCL knows is read and written as there; STL adds the status word (``BR``, ``==0``), more absolute operands, and
indirect addresses, which name their parts as the XML does: ``indirect(Width=Word, Area=Memory, %MD4)``.
"""

import re
from copy import deepcopy

from lxml import etree

from simatic_xml.flgnet.operand import UNSAYABLE, access_element, operand_text
from simatic_xml.flgnet.raw import local_name, qualify
from simatic_xml.stl import addresses
from simatic_xml.stl.errors import StlError
from simatic_xml.stl.splitting import split_at_commas

_STATUS = {"EQ": "==0", "NE": "<>0", "GT": ">0", "LT": "<0", "GE": ">=0", "LE": "<=0"}
_STATUS |= {bit: bit for bit in ("BR", "OV", "OS", "UO", "NU", "STW")}
_COMBINATIONS = {text: combination for combination, text in _STATUS.items()}
_INDIRECT = re.compile(r"indirect\((?P<parts>.*)\)\Z", re.IGNORECASE | re.DOTALL)
_PART = re.compile(r"(?P<name>Width|Area|Register|BitOffset)\s*=\s*(?P<value>\w+)\Z")
_COMMENTS = ("LineComment", "Comment")
_MOST_NESTING = 8
_LONGEST = 1000
"""Characters of an operand that is read (a bound of ours, not of TIA Portal)."""


def text_of(access: etree._Element) -> str:
    """Write an ``Access`` element as text; a comment in it plays no part.

    Raises:
        StlError: no text can express it.
    """
    content = next((child for child in access if local_name(child) not in _COMMENTS), None)
    if content is None:
        raise _unsayable("it is empty")
    match local_name(content):
        case "Statusword":
            text = _STATUS.get(content.get("Combination", ""))
        case "Address":
            text = addresses.text_of(content)
        case "Indirect":
            text = _indirect_text(content)
        case _:
            alone = etree.Element("Access", {"Scope": access.get("Scope", "")})
            alone.append(deepcopy(content))
            text = operand_text(alone)
    if text is None or text == UNSAYABLE:
        raise _unsayable(f"<{local_name(content)}> has no text form")
    return text


def _unsayable(why: str) -> StlError:
    return StlError(f"An operand cannot be written as text: {why}.")


def _indirect_text(indirect: etree._Element) -> str:
    parts = [f"{name!s}={value!s}" for name, value in indirect.attrib.items()]
    parts += [text_of(access) for access in indirect if local_name(access) == "Access"]
    return f"indirect({', '.join(parts)})"


def element_of(text: str, namespace: str, depth: int = 0) -> etree._Element:
    """Build the ``Access`` element that the text says.

    Raises:
        SimaticMLError: the text is not an operand.
    """
    if len(text) > _LONGEST:
        raise StlError(f"The operand {text[:40]!r}... has more than {_LONGEST} characters.")
    if text in _COMBINATIONS:
        return _build_access("Statusword", "Statusword", {"Combination": _COMBINATIONS[text]}, namespace)
    if found := _INDIRECT.match(text):
        return _indirect(found["parts"], namespace, depth)
    attributes = addresses.attributes_of(text) if text.startswith("%") else None
    if attributes is not None:
        return _build_access("Address", "Address", attributes, namespace)
    if text in ("", UNSAYABLE):
        raise StlError("An operand is missing; write a variable, an address or a constant.")
    return access_element(text, namespace)


def label_element(name: str, namespace: str) -> etree._Element:
    """Build the ``Access`` element for the label that a jump goes to."""
    return _build_access("Label", "Label", {"Name": name}, namespace)


def _build_access(scope: str, tag: str, attributes: dict[str, str], namespace: str) -> etree._Element:
    access = etree.Element(qualify("Access", namespace), {"Scope": scope})
    etree.SubElement(access, qualify(tag, namespace), attributes)
    return access


def _indirect(text: str, namespace: str, depth: int) -> etree._Element:
    if depth > _MOST_NESTING:
        raise StlError(f"Indirect operands nest deeper than {_MOST_NESTING} levels.")
    attributes: dict[str, str] = {}
    inner: list[etree._Element] = []
    for part in split_at_commas(text):
        found = _PART.match(part)
        if found:
            attributes[found["name"]] = found["value"]
        else:
            inner.append(element_of(part, namespace, depth + 1))
    access = _build_access("Address", "Indirect", attributes, namespace)
    access[0].extend(inner)
    return access
