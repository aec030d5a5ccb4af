"""Convert the StructuredText element of SimaticML to SCL text: the inverse of `structured_text`."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from lxml import etree

from simatic_xml.operands import absolute_path
from simatic_xml.scl.diagnostics import SclError
from simatic_xml.scl.lexer import KEYWORDS, tokenize


def to_text(element: etree._Element) -> str:
    """Return the SCL text of a StructuredText element.

    Lines end with a line feed. Quotes are written where the export marks them, and around global names whose
    StructuredText version has no such mark.

    Raises:
        SclError: the element contains a node without meaning in SCL.
    """
    namespace = etree.QName(element).namespace
    if namespace is None:
        raise SclError("A StructuredText without namespace has no version and cannot be read.", line=_line(element))
    reader = _Reader(always_quoted=namespace.endswith("/v2"))
    reader.children(element)
    return "".join(reader.parts)


def local_name(element: etree._Element) -> str:
    """Return the name of an element without its namespace."""
    return etree.QName(element).localname


def _count(element: etree._Element) -> int:
    """Return how many blanks or line ends a node represents.

    Raises:
        SclError: No number, or more than any source has.
    """
    text = element.get("Num", "1")
    if not (text.isascii() and text.isdigit() and len(text) <= 5):
        raise SclError(f"The number {text[:20]!r} of blanks or lines is not usable.", line=_line(element))
    return int(text)


class _Reader:
    """Collects the text of nodes in document order."""

    def __init__(self, *, always_quoted: bool) -> None:
        self.parts: list[str] = []
        self.always_quoted = always_quoted
        self._near: list[str] = []
        self._takes_line = False

    def add(self, text: str) -> None:
        """Add a token or an operand; keep it apart from the token and the line comment before it."""
        if not text:
            return
        if self._takes_line and not (text == ";" and self._near and self._near[-1].upper() in _REGIONS):
            self.space("\n")
        elif self._near and _may_join(self._near[-1][-1], text[0]) and not _are_apart("".join(self._near), text):
            self.space(" ")
        self.parts.append(text)
        self._near = [*self._near[-2:], text]

    def space(self, text: str) -> None:
        """Add blanks, line ends or a comment, which separate tokens."""
        self.parts.append(text)
        self._near = []
        self._takes_line &= "\n" not in text

    def children(self, element: etree._Element) -> None:
        for child in element.iterchildren(etree.Element):
            self.node(child)

    def node(self, element: etree._Element) -> None:
        name = local_name(element)
        read = _READERS.get(name)
        if read is None:
            raise SclError(f"'{name}' cannot be written as SCL text.", line=_line(element))
        read(self, element)

    def token(self, element: etree._Element) -> None:
        text = element.get("Text", "")
        self.add(text)
        self._takes_line = text.upper() in _REGIONS

    def blank(self, element: etree._Element) -> None:
        self.space(" " * _count(element))

    def line(self, element: etree._Element) -> None:
        self.space("\n" * _count(element))

    def plain(self, element: etree._Element) -> None:
        """Write the title of a region, to which the rest of its line belongs."""
        self._takes_line = False
        self.add(element.text or "")
        self._takes_line = True

    def comment(self, element: etree._Element) -> None:
        text = "".join(child.text or "" for child in element.iterchildren(etree.Element))
        if element.get("Inserted") != "true":
            self.space(f"{' ' if self._near and self._near[-1].endswith('/') else ''}//{text}")
            self._takes_line = True
            return
        opening, close = ("(/*", "*/)") if local_name(element) == "Comment" else ("(*", "*)")
        self.space(opening + text + ("" if element.get("NoClosingBracket") == "true" else close))

    def access(self, element: etree._Element) -> None:
        scope = element.get("Scope", "")
        for child in element.iterchildren(etree.Element):
            name = local_name(child)
            if name == "Symbol":
                self.symbol(child, scope)
            elif name == "Constant":
                self.constant(child, scope)
            elif name in ("PredefinedVariable", "Label"):
                self.add(child.get("Name", ""))
                self.children(child)
            else:
                self.node(child)

    def symbol(self, element: etree._Element, scope: str) -> None:
        """Write an operand: its first component with the marks of its scope, then the rest."""
        first = True
        for child in element.iterchildren(etree.Element):
            if first and local_name(child) == "Component":
                self.component(child, scope)
            else:
                self.node(child)
            first = False

    def component(self, element: etree._Element, scope: str = "") -> None:
        """Write one component with its indices."""
        quoted = has_quotes(element) or (scope == "GlobalVariable" and self.always_quoted)
        self.name(element.get("Name", ""), quoted=quoted, mark="#" if scope == "LocalVariable" else "")
        self.children(element)
        if element.get("SimpleAccessModifier") == "Periphery":
            self.add(":P")

    def name(self, name: str, *, quoted: bool, mark: str = "") -> None:
        """Write a name: in quotes if it is marked as quoted, or would be read as something else."""
        after_dot = bool(self._near) and self._near[-1].endswith(".")
        plain = (_MARKED if mark else _IDENTIFIER).fullmatch(name)
        free = plain and (mark or after_dot or name.upper() not in KEYWORDS)
        self.add(mark + (name if free and not quoted else f'"{name}"'))

    def constant(self, element: etree._Element, scope: str) -> None:
        name = element.get("Name")
        if name is None:
            value = element.findtext("{*}ConstantValue", "")
            self.add(f"#{value}" if scope == "LocalConstant" else value)
        elif scope == "NamedValueConstant":
            self.add(name.removeprefix("_."))
        elif scope == "LocalConstant":
            self.name(name, quoted=has_quotes(element), mark="#")
        else:
            self.name(name, quoted=True)

    def address(self, element: etree._Element) -> None:
        """Write an absolute operand; the place in a block (`%DBW2`) that follows its number belongs to one operand."""
        path = absolute_path(element)
        after_block = len(self._near) > 1 and self._near[-1] == "." and self._near[-2].startswith("%DB")
        self.add(path.removeprefix("%") if after_block else path)

    def call(self, element: etree._Element) -> None:
        """Write the call of a user block: its instance or name, then the arguments."""
        for child in element.iterchildren(etree.Element):
            if local_name(child) == "Instance":
                self.instance(child)
            else:
                self.node(child)

    def instance(self, element: etree._Element) -> None:
        scope = element.get("Scope", "")
        component = element[0]
        quoted = scope != "LocalVariable" or has_quotes(component)
        self.name(component.get("Name", ""), quoted=quoted, mark="#" if scope == "LocalVariable" else "")
        self.children(component)
        for child in element.iterchildren(etree.Element):
            if child is not component:
                self.node(child)

    def instruction(self, element: etree._Element) -> None:
        template = element.find("{*}TemplateValue")
        suffix = "" if template is None else f"_{(template.text or '').upper()}"
        self.add(element.get("Name", "") + suffix)
        self.children(element)

    def parameter(self, element: etree._Element) -> None:
        name = element.get("Name", "")
        if name:
            self.name(name, quoted=has_quotes(element))
        self.children(element)

    def nothing(self, element: etree._Element) -> None:
        """Skip a node whose text has been written with its parent."""


def has_quotes(element: etree._Element) -> bool:
    """Return whether a component, constant or parameter is marked as quoted."""
    return any(
        child.get("Name") == "HasQuotes" and child.text == "true" for child in element.iterfind("{*}BooleanAttribute")
    )


def _may_join(last: str, first: str) -> bool:
    """Return whether the characters on both sides of a border can belong to one token."""
    if _WORD.match(last):
        return first in "#'." or _WORD.match(first) is not None
    return (last in _SIGNS and first in _SIGNS) or (last == "." and first.isdigit())


@lru_cache(4096)
def _are_apart(before: str, after: str) -> bool:
    """Return whether a token starts where the second text does, if it follows directly."""
    return len(before) in tokenize(before + after).starts


_WORD = re.compile(r"\w")
_REGIONS = ("REGION", "END_REGION")
_SIGNS = ":=+-*/<>&|?.("
_IDENTIFIER = re.compile(r"[^\W\d]\w*")
_MARKED = re.compile(r"\w+")
"""A name after `#`, which may start with a digit."""


_READERS: dict[str, Callable[[_Reader, etree._Element], None]] = {
    "Token": _Reader.token,
    "Blank": _Reader.blank,
    "NewLine": _Reader.line,
    "Text": _Reader.plain,
    "LineComment": _Reader.comment,
    "Comment": _Reader.comment,
    "Access": _Reader.access,
    "Address": _Reader.address,
    "Component": _Reader.component,
    "CallInfo": _Reader.call,
    "Instruction": _Reader.instruction,
    "Parameter": _Reader.parameter,
    "NamelessParameter": _Reader.parameter,
    "TemplateValue": _Reader.nothing,
    "BooleanAttribute": _Reader.nothing,
}


def _line(element: etree._Element) -> int | None:
    line = element.sourceline
    return line if isinstance(line, int) else None
