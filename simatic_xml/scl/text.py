"""Convert the StructuredText element of SimaticML to SCL text: the inverse of `structured_text`."""

from __future__ import annotations

import re
from collections.abc import Callable

from lxml import etree

from simatic_xml.operands import absolute_path
from simatic_xml.scl.diagnostics import SclError


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
        self.parts.append(element.get("Text", ""))

    def blank(self, element: etree._Element) -> None:
        self.parts.append(" " * _count(element))

    def line(self, element: etree._Element) -> None:
        self.parts.append("\n" * _count(element))

    def plain(self, element: etree._Element) -> None:
        self.parts.append(element.text or "")

    def comment(self, element: etree._Element) -> None:
        text = "".join(child.text or "" for child in element.iterchildren(etree.Element))
        if element.get("Inserted") != "true":
            self.parts.append(f"//{text}")
            return
        opening, close = ("(/*", "*/)") if local_name(element) == "Comment" else ("(*", "*)")
        self.parts.append(opening + text + ("" if element.get("NoClosingBracket") == "true" else close))

    def access(self, element: etree._Element) -> None:
        scope = element.get("Scope", "")
        for child in element.iterchildren(etree.Element):
            name = local_name(child)
            if name == "Symbol":
                self.symbol(child, scope)
            elif name == "Constant":
                self.constant(child, scope)
            elif name in ("PredefinedVariable", "Label"):
                self.parts.append(child.get("Name", ""))
                self.children(child)
            elif name == "Address":
                self.parts.append(absolute_path(child))
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
        self.parts.append("#" if scope == "LocalVariable" else "")
        self.parts.append(_quote_name(element.get("Name", ""), quoted=quoted))
        self.children(element)
        if element.get("SimpleAccessModifier") == "Periphery":
            self.parts.append(":P")

    def constant(self, element: etree._Element, scope: str) -> None:
        name = element.get("Name")
        if name is None:
            value = element.findtext("{*}ConstantValue", "")
            self.parts.append(f"#{value}" if scope == "LocalConstant" else value)
        elif scope == "LocalConstant":
            self.parts.append("#" + _quote_name(name, quoted=has_quotes(element)))
        else:
            self.parts.append(_quote_name(name, quoted=True))

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
        self.parts.append("#" if scope == "LocalVariable" else "")
        self.parts.append(_quote_name(component.get("Name", ""), quoted=quoted))
        self.children(component)
        for child in element.iterchildren(etree.Element):
            if child is not component:
                self.node(child)

    def instruction(self, element: etree._Element) -> None:
        template = element.find("{*}TemplateValue")
        suffix = "" if template is None else f"_{(template.text or '').upper()}"
        self.parts.append(element.get("Name", "") + suffix)
        self.children(element)

    def parameter(self, element: etree._Element) -> None:
        name = element.get("Name", "")
        self.parts.append(_quote_name(name, quoted=has_quotes(element)) if name else "")
        self.children(element)

    def nothing(self, element: etree._Element) -> None:
        """Skip a node whose text has been written with its parent."""


def has_quotes(element: etree._Element) -> bool:
    """Return whether a component, constant or parameter is marked as quoted."""
    return any(
        child.get("Name") == "HasQuotes" and child.text == "true" for child in element.iterfind("{*}BooleanAttribute")
    )


def _quote_name(name: str, *, quoted: bool) -> str:
    """Return a name; in quotes if it is marked as quoted or needs them."""
    return f'"{name}"' if quoted or not _IDENTIFIER.fullmatch(name) else name


_IDENTIFIER = re.compile(r"\w+")


_READERS: dict[str, Callable[[_Reader, etree._Element], None]] = {
    "Token": _Reader.token,
    "Blank": _Reader.blank,
    "NewLine": _Reader.line,
    "Text": _Reader.plain,
    "LineComment": _Reader.comment,
    "Comment": _Reader.comment,
    "Access": _Reader.access,
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
