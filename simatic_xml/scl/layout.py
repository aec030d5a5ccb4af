"""Lay out SCL sources: indentation by structure, one blank around operators, keywords in capitals.

Line breaks and comments stay as they are, and a formatted source formats to itself.
"""

from __future__ import annotations

import re

from simatic_xml.scl.diagnostics import SclError
from simatic_xml.scl.levels import Levels
from simatic_xml.scl.lexer import KEYWORDS, NAME, OBJECT_KEYWORDS, PERCENT, QUOTED, Tokens
from simatic_xml.scl.nodes import SourceTree
from simatic_xml.scl.parser import parse, parse_statements
from simatic_xml.scl.trivia import Kind, pieces

INDENT = "    "
_NO_BLANK_BEFORE = frozenset((";", ",", ")", "]", ".", "[", "^", ".."))
_NO_BLANK_BEHIND = frozenset(("(", "[", ".", ".."))
_OPERANDS_END = frozenset((NAME, QUOTED, "local", "number", "typed", "string", PERCENT, ")", "]", "^"))
_SIGNS = frozenset(("-", "+"))


def format(source: str) -> str:  # noqa: A001 - reads as scl.format; the built-in is not used here
    """Return a source, or the body of a block, laid out.

    Raises:
        SclError: the source has errors; laying it out could change what it means.
    """
    text = source.replace("\r\n", "\n")
    parsed = parse(text)
    if not any(kind in OBJECT_KEYWORDS for kind in parsed.tree.tokens.kinds):
        parsed = parse_statements(text)
    if not parsed.ok:
        raise SclError(f"A source with errors cannot be formatted: {parsed.errors[0].message}", tuple(parsed.errors))
    return _Formatter(parsed.tree).format()


class _Formatter:
    """Writes one tree line by line."""

    def __init__(self, tree: SourceTree) -> None:
        self.tokens: Tokens = tree.tokens
        self.levels = Levels(tree)
        self.lines: list[str] = [""]

    def format(self) -> str:
        for index in range(len(self.tokens.kinds)):
            self._trivia(index)
            self._token(index)
        text = "\n".join(line.rstrip() for line in self.lines)
        text = re.sub(r"\n{4,}", "\n\n\n", text).strip("\n")
        return f"{text}\n" if text else ""

    def _level(self, index: int, *, comment: bool) -> str:
        level = self.levels.of[index]
        return INDENT * (level + (comment and index in self.levels.closing))

    def _trivia(self, index: int) -> None:
        """Write the line breaks and comments in front of a token; blanks only in front of trailing comments."""
        blank = ""
        for piece in pieces(self.tokens.trivia(index)):
            if piece.kind is Kind.BLANKS:
                blank = piece.source.replace("\ufeff", "")
                continue
            if piece.kind is Kind.LINES:
                self.lines.extend([""] * piece.source.count("\n"))
            else:
                self._comment(index, piece.source, blank)
            blank = ""

    def _comment(self, index: int, text: str, blank: str) -> None:
        if self.lines[-1]:
            self.lines[-1] += (blank or " ") + text
        else:
            self.lines[-1] = self._level(index, comment=True) + text

    def _token(self, index: int) -> None:
        text = self.tokens.text(index)
        kind = self.tokens.kinds[index]
        if not text:
            return
        if kind in KEYWORDS and index not in self.levels.as_written:
            text = text.upper()
        if not self.lines[-1]:
            self.lines[-1] = self._level(index, comment=False) + text
        else:
            self.lines[-1] += self._gap(index, kind) + text

    def _gap(self, index: int, kind: str) -> str:
        """Return the blanks between a token and the one before it on the line."""
        if index in self.levels.verbatim:
            trivia = self.tokens.trivia(index)
            return trivia if not trivia.strip() and "\n" not in trivia else " "
        before = self.tokens.kinds[index - 1] if index else ""
        if self.lines[-1].endswith(("*)", "*/")) and self.tokens.trivia(index).strip():
            return " "
        if kind in _NO_BLANK_BEFORE or before in _NO_BLANK_BEHIND or self._is_sign(index - 1):
            return ""
        if kind == "(":
            return "" if before in (NAME, QUOTED, "local", "^", "]") else " "
        if kind == ":":
            return "" if index in self.levels.case_colons or self._is_peripheral(index) else " "
        if before == ":" and self._is_peripheral(index - 1):
            return ""
        return " "

    def _is_sign(self, index: int) -> bool:
        """Return whether a token is the sign of an operand and not an operator between two."""
        if index < 1 or self.tokens.kinds[index] not in _SIGNS:
            return False
        return self.tokens.kinds[index - 1] not in _OPERANDS_END

    def _is_peripheral(self, colon: int) -> bool:
        """Return whether a colon is that of `:P`."""
        tokens = self.tokens
        touching = tokens.starts[colon] == tokens.ends[colon - 1] and tokens.starts[colon + 1] == tokens.ends[colon]
        return touching and tokens.text(colon + 1) == "P"
