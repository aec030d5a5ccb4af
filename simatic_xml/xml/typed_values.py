"""Checks the values of numbers and booleans in SimaticML: TIA Portal compares them with its schemas before it imports anything.

Its schemas are not part of this package. The types are those that its exports have, without an exception:
docs/facts/tia-operations.md#import.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from lxml import etree

from simatic_xml.errors import SimaticMLError

_GRAPH = frozenset({"Step", "Transition", "PermanentOperation", "StepRef", "TransitionRef", "Branch", "BranchRef"})
_ANY: frozenset[str] = frozenset()
_INTEGERS = {
    "UId": _ANY,
    "BlockNumber": frozenset({"Address"}),
    "BitOffset": frozenset({"Address"}),
    "Num": frozenset({"Blank", "NewLine"}),
    "Number": _GRAPH,
    "Cardinality": frozenset({"Branch"}),
    "In": frozenset({"BranchRef"}),
    "Out": frozenset({"BranchRef"}),
}
"""The elements that have an attribute of xs:int; none for any element."""
_BOOLEANS = {
    "Informative": _ANY,
    "SystemDefined": _ANY,
    "DisabledENO": frozenset({"Part"}),
    "Init": frozenset({"Step"}),
    "IsMissing": frozenset({"Transition"}),
    "Inserted": frozenset({"LineComment", "Comment"}),
    "NoClosingBracket": frozenset({"LineComment"}),
}
_INTEGER = r"[ \t\n]*[+-]?[0-9]+[ \t\n]*"
_BOOLEAN = r"[ \t\n]*(?:true|false|1|0)[ \t\n]*"
_ATTRIBUTE = re.compile(
    "|".join(
        rf"\s(?P<{kind}>{'|'.join(names)})\s*=\s*(?P<{kind}_quote>[\"'])(?P<{kind}_value>(?:(?!(?P={kind}_quote))[^<])*)"
        for kind, names in (("int", _INTEGERS), ("boolean", _BOOLEANS))
    )
)
_CONTENT = re.compile(r"<(?P<element>IntegerAttribute|BooleanAttribute)\b[^<>]*(?<!/)>(?P<value>[^<]*)</")
_ELEMENT = re.compile(r"<(?P<name>[\w.]+)\s")
_VALID = {"int": re.compile(_INTEGER), "boolean": re.compile(_BOOLEAN)}
_VALUES = {"int": "a whole number from -2147483648 to 2147483647", "boolean": "true or false"}
_TYPES = {**dict.fromkeys(_INTEGERS, "int"), **dict.fromkeys(_BOOLEANS, "boolean")}
_CONTENTS = ("IntegerAttribute", "BooleanAttribute")
_UNUSUAL = [
    re.compile(pattern)
    for names, usual in ((_INTEGERS, "[0-9]{1,9}"), (_BOOLEANS, "(?:true|false)"))
    for pattern in (rf"{name}\s*=\s*(?![\"']{usual}[\"'])" for name in names)
] + [
    re.compile(rf"<{name}\b[^<>]*(?<!/)>(?!{usual}<)")
    for name, usual in (("IntegerAttribute", "[0-9]{1,9}"), ("BooleanAttribute", "(?:true|false)"))
]
"""What only few documents have: a value in another form than usual, perhaps of an element without such a type. Each begins with
a word, which is found fast."""


def require_types(root: etree._Element, text: str) -> None:
    """Refuse a document in which a number or boolean has another value.

    Args:
        root: Its root.
        text: Its text, for the places.

    Raises:
        SimaticMLError: ``"value-type"``, with line and column of the value.
    """
    if not (any(each.search(text) for each in _UNUSUAL) and any(_unusual(root))):
        return
    for start, value, kind, place in sorted(_wrong(text)):
        message = f"'{value[:40]}' is not {_VALUES[kind]} (xs:{kind}), which {place} must be."
        line = text.count("\n", 0, start) + 1
        raise SimaticMLError("value-type", message, line, start - text.rfind("\n", 0, start))


def _unusual(root: etree._Element) -> Iterator[bool]:
    """Yield a value that is wrong, also for an element that has no such type: a search in the text decides."""
    for element in root.iter(etree.Element):
        for name, value in element.attrib.items():
            kind = _TYPES.get(str(name))
            if kind is not None and not _is_valid(str(value), kind):
                yield True
        if element.tag.endswith(_CONTENTS):
            yield not _is_valid(element.text or "", "int" if element.tag.endswith(_CONTENTS[0]) else "boolean")


def _wrong(text: str) -> Iterator[tuple[int, str, str, str]]:
    """Yield the place of each wrong value, with the value, its type and what has it."""
    for found in _ATTRIBUTE.finditer(text):
        kind = "int" if found["int"] else "boolean"
        value = found[f"{kind}_value"]
        if not _is_valid(str(value), kind):
            name = found[kind]
            element = _element_at(text, found.start())
            owners = (_INTEGERS if kind == "int" else _BOOLEANS)[name]
            if element and (not owners or element in owners):
                yield found.start(f"{kind}_value"), value, kind, f"the attribute {name} of <{element}>"
    for found in _CONTENT.finditer(text):
        kind = "int" if found["element"] == "IntegerAttribute" else "boolean"
        if not _is_valid(found["value"], kind) and not _is_comment(text, found.start()):
            yield found.start("value"), found["value"], kind, f"the content of <{found['element']}>"


def _is_valid(value: str, kind: str) -> bool:
    if not _VALID[kind].fullmatch(value):
        return False
    return kind == "boolean" or (len(value) <= 40 and -(2**31) <= int(value) < 2**31)


def _element_at(text: str, at: int) -> str:
    """Return the element in whose start tag a place is; empty in texts and comments."""
    start = text.rfind("<", 0, at)
    found = _ELEMENT.match(text, start)
    if found is None or text.find(">", start, at) >= 0 or _is_comment(text, at):
        return ""
    return found["name"]


def _is_comment(text: str, at: int) -> bool:
    """Return whether a place is in a comment or a CDATA section."""
    return any(
        text.rfind(start, 0, at) > text.rfind(end, 0, at) for start, end in (("<!--", "-->"), ("<![CDATA[", "]]>"))
    )
