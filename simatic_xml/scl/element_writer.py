"""The nodes of StructuredText: tokens, blanks, line breaks and comments, numbered in order."""

from __future__ import annotations

from dataclasses import dataclass

from lxml import etree

from simatic_xml.scl.lexer import TEXT
from simatic_xml.scl.nodes import SourceTree
from simatic_xml.scl.trivia import Kind, Piece, pieces

FIRST_UID = 21
_TAB = "    "


@dataclass(frozen=True, slots=True)
class Style:
    """The form of an export: its StructuredText version, and whether it spells out defaults."""

    namespace: str
    with_defaults: bool = False

    @property
    def marks_quotes(self) -> bool:
        """Whether quoted names carry HasQuotes (from version 3)."""
        return not self.namespace.endswith("/v2")


class ElementWriter:
    """Writes the tokens of one body; `parent` is where the next node goes, `at` the next token to write."""

    def __init__(self, tree: SourceTree, style: Style) -> None:
        """Start with an empty element."""
        self.tree = tree
        self.tokens = tree.tokens
        self.style = style
        self.root = etree.Element(self.tag("StructuredText"), nsmap={None: style.namespace})  # type: ignore[dict-item]  # None is the default namespace
        self.parent = self.root
        self.at = 0
        self.uid = FIRST_UID

    def tag(self, name: str) -> str:
        """Return the full name of a node."""
        return f"{{{self.style.namespace}}}{name}"

    def node(self, name: str, parent: etree._Element | None = None, **attributes: str) -> etree._Element:
        """Add a node with attributes and the next UId."""
        target = self.parent if parent is None else parent
        element = etree.SubElement(target, self.tag(name), attributes)
        self.number(element)
        return element

    def number(self, element: etree._Element) -> None:
        """Give a node the next UId."""
        element.set("UId", str(self.uid))
        self.uid += 1

    def plain(self, stop: int) -> None:
        """Write tokens up to `stop` as they are, with the blanks in front of each."""
        while self.at < stop:
            self.trivia()
            text = self.tokens.text(self.at)
            if self.tokens.kinds[self.at] == TEXT:
                self.node("Text").text = text
            else:
                self.node("Token", Text=text)
            self.at += 1

    def trivia(self) -> None:
        """Write the blanks, line breaks and comments in front of the current token."""
        for piece in pieces(self.tokens.trivia(self.at)):
            if piece.kind is Kind.LINES:
                self._write_count("NewLine", piece.source.count("\n"))
            elif piece.kind is Kind.BLANKS:
                self._write_count("Blank", len(piece.source.replace("\t", _TAB)))
            elif piece.kind is Kind.MULTILINGUAL_COMMENT:
                self._multilingual_comment(piece)
            else:
                self._comment(piece)

    def _write_count(self, name: str, count: int) -> None:
        if count > 1 or self.style.with_defaults:
            self.node(name, Num=str(count))
        else:
            self.node(name)

    def _comment(self, piece: Piece) -> None:
        inserted = piece.kind is Kind.BLOCK_COMMENT
        comment = etree.SubElement(self.parent, self.tag("LineComment"))
        if inserted or self.style.with_defaults:
            comment.set("Inserted", str(inserted).lower())
        if not piece.closed or self.style.with_defaults:
            comment.set("NoClosingBracket", str(not piece.closed).lower())
        self.number(comment)
        self.node("Text", comment).text = piece.content.replace("\r\n", "\n") or None

    def _multilingual_comment(self, piece: Piece) -> None:
        comment = self.node("Comment", Inserted="true")
        self.node("MultiLanguageText", comment, Lang="en-US").text = piece.content.replace("\r\n", "\n")

    def inside(self, element: etree._Element, stop: int) -> None:
        """Write plain tokens up to `stop` into an element."""
        outer, self.parent = self.parent, element
        self.plain(stop)
        self.parent = outer
