"""TIA Portal's layout: two blanks for each level, text unbroken, ``<X />``, embedded documents in line below V21.

A tree without layout white space plus a :class:`Layout` gives the file's text. Facts: docs/facts/simaticml.md#layout,
measured on exports.
"""

import re
from copy import deepcopy
from dataclasses import dataclass, field

from lxml import etree

from simatic_xml.versions import TiaVersion
from simatic_xml.xml.parsing import parse_own
from simatic_xml.xml.source import Encoding

ROOT = "<Document>"
PROLOG = f'<?xml version="1.0" encoding="utf-8"?>\n{ROOT}'
_DEEPEST = f"\n{60 * ' '}<"
"""How far libxml2 indents; it keeps what is deeper at the same column."""

_ID = re.compile(r'(<[\w.]+ ID=")([^"]*)')
_REFERENCES = (("&#13;", "&#xD;"), ("&#10;", "&#xA;"), ("&#9;", "&#x9;"))


@dataclass(frozen=True, slots=True)
class Layout:
    """How the text of a document is written.

    Attributes:
        encoding: Bytes and line ends.
        prolog: Everything up to and with the start tag of the root element.
        epilog: Everything after its end tag.
        embedded_inline: Interface and network source start right after their parent's tag.
        raw_attributes: A member's attributes and all after them are on one line.
        raw_sections: A member's sections and all after them are on one line.
        edits: Deviations: index of a markup or text token in the regular text, and what is there instead.
        edited_text: Checksum of the regular text that the edits belong to; a changed document is written without.
        body: The text between prolog and epilog as it was read, or None; it applies while the document is unchanged.
        written: Digest of what the document said then.
    """

    encoding: Encoding = field(default_factory=Encoding)
    prolog: str = PROLOG
    epilog: str = ""
    embedded_inline: bool = True
    raw_attributes: bool = False
    raw_sections: bool = False
    edits: tuple[tuple[int, str], ...] = ()
    edited_text: int = 0
    body: str | None = field(default=None, repr=False)
    written: str = ""


def regular_layout(version: TiaVersion) -> Layout:
    """Return the layout that TIA version `version` writes."""
    return Layout(embedded_inline=version.embedded_inline, raw_attributes=version.raw_attributes)


class Writer:
    """What writing a document needs to know at every place: its version, and the parts that are laid out apart.

    A part that is held is represented by a mark that is in the text like any other character, so that the layout
    around it treats its parent as an element with text.

    Attributes:
        version: TIA version to write for.
        inline: Embedded documents start right after their parent's tag.
        raw_attributes: A member's attributes and all after them are on one line.
        raw_sections: A member's sections and all after them are on one line.
    """

    def __init__(self, version: TiaVersion, mark: str = "", layout: Layout | None = None) -> None:
        """Write for `version`; without a layout nothing is held apart."""
        self._mark = mark
        self._held: dict[int, str] = {}
        self._count = 0
        self.version = version
        self.inline = layout is not None and layout.embedded_inline
        self.raw_attributes = layout is not None and layout.raw_attributes
        self.raw_sections = layout is not None and layout.raw_sections

    def hold(self, text: str) -> str:
        """Keep `text` as it is and return its mark."""
        self._count += 1
        self._held[self._count] = text
        return f"{self._mark}{self._count}{self._mark}"

    def hold_raw(self, text: str) -> str:
        """Keep `text` as it is, unless this writer holds nothing apart."""
        return self.hold(text) if self._mark else text

    def hold_document(self, text: str) -> str:
        """Return an embedded document for its parent: in line and laid out apart, or as part of the whole."""
        return self.hold(self.fill(pretty(parse_own(text)))) if self.inline else text

    def hold_element(self, element: etree._Element) -> str:
        """Hold a tree like `hold_document`."""
        return self.hold(pretty(element)) if self.inline else compact(element)

    def fill(self, text: str) -> str:
        """Put every held part of `text` in its place.

        Raises:
            MarkTaken: The document itself contains the mark.
        """
        if not self._mark or self._mark not in text:
            return text
        filled = re.sub(f"{self._mark}(\\d+){self._mark}", self._take, text)
        if self._mark in filled:
            raise MarkTaken
        return filled

    def _take(self, match: re.Match[str]) -> str:
        part = self._held.pop(int(match[1]), None)
        if part is None:
            raise MarkTaken
        return self.fill(part)


class MarkTaken(Exception):  # noqa: N818 - a signal between writer and caller, never an error of the input
    """The document contains the mark of held parts; write it again with another."""


def compact(element: etree._Element) -> str:
    """Return the XML of `element` as it is in the tree."""
    return etree.tostring(element, encoding="unicode", with_tail=False)


def pretty(element: etree._Element) -> str:
    """Return the XML of `element`, two blanks for each level, from column 0."""
    text = etree.tostring(element, encoding="unicode", with_tail=False, pretty_print=True)
    if _DEEPEST in text:
        element = deepcopy(element)
        etree.indent(element)
        text = etree.tostring(element, encoding="unicode", with_tail=False)
    return text.rstrip("\n")


def lay_out(text: str, writer: Writer) -> str:
    """Return the regular text of a document, from the start of its root element to its end, lines ended by LF.

    Args:
        text: The document without layout white space, with marks for what `writer` holds.
        writer: The writer that the text was made with.
    """
    return spell(writer.fill(pretty(parse_own(number_objects(text)))))


def spell(text: str) -> str:
    """Spell empty elements and character references as .NET does."""
    text = text.replace("/>", " />")
    if "&#" in text:
        for ours, theirs in _REFERENCES:
            text = text.replace(ours, theirs)
    return text


def number_objects(text: str) -> str:
    """Give every object its ID: hexadecimal, upper case, in document order; an ID that leaves a gap stays."""
    following = 0

    def number(match: re.Match[str]) -> str:
        nonlocal following
        given = _hexadecimal(match[2]) if match[2] else None
        current = following if given is None or given < following else given
        following = current + 1
        return f"{match[1]}{current:X}"

    return _ID.sub(number, text)


def _hexadecimal(value: str) -> int | None:
    try:
        return int(value, 16)
    except ValueError:
        return None
