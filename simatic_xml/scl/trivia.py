"""The text between two tokens, cut into pieces: line breaks, blanks and the three kinds of comments."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

_EDGES = {"(*": re.compile(r"\(\*|\*\)"), "(/*": re.compile(r"\(/\*|\*/\)"), "/*": re.compile(r"/\*|\*/")}
_CLOSE = {"(*": "*)", "(/*": "*/)", "/*": "*/"}
_PIECE = re.compile(
    r"(?P<lines>\r?\n(?:\r?\n)*)|(?P<line>//[^\r\n]*)|(?P<block>\(\*|\(/\*|/\*)|(?P<blanks>(?:(?!//|\(\*|\(/\*|/\*)[^\n])+)"
)


class Kind(Enum):
    """The kind of a piece."""

    LINES = "lines"
    BLANKS = "blanks"
    LINE_COMMENT = "//"
    BLOCK_COMMENT = "(*"
    MULTILINGUAL_COMMENT = "(/*"


@dataclass(frozen=True, slots=True)
class Piece:
    """One piece: `source` as written, `content` of a comment without its marks, and whether that is closed."""

    kind: Kind
    source: str
    content: str = ""
    closed: bool = True


def comment_end(text: str, start: int, opening: str, *, nested: bool = True) -> int:
    """Return the offset after a comment in brackets, -1 if it is never closed.

    Args:
        text: the text that contains the comment.
        start: offset of its opening mark.
        opening: that mark, `(*`, `(/*` or `/*`.
        nested: whether comments of the same kind inside it count.
    """
    if not nested:
        end = text.find(_CLOSE[opening], start + len(opening))
        return end + len(_CLOSE[opening]) if end >= 0 else -1
    depth = 0
    for edge in _EDGES[opening].finditer(text, start):
        depth += 1 if edge.group() == opening else -1
        if depth == 0:
            return edge.end()
    return -1


def pieces(text: str) -> Iterator[Piece]:
    """Yield the pieces of a stretch of blanks and comments in order."""
    position = 0
    while match := _PIECE.match(text, position):
        position = match.end()
        if match["lines"]:
            yield Piece(Kind.LINES, match["lines"])
        elif match["line"]:
            yield Piece(Kind.LINE_COMMENT, match["line"], match["line"][2:])
        elif match["blanks"]:
            yield Piece(Kind.BLANKS, match["blanks"])
        else:
            piece = _block(text, match.start(), match["block"])
            position = match.start() + len(piece.source)
            yield piece


def _block(text: str, start: int, opening: str) -> Piece:
    """Return the comment that opens at `start`; one whose nesting is uneven ends at its first closing mark."""
    end = comment_end(text, start, opening)
    if end < 0:
        end = comment_end(text, start, opening, nested=False)
    kind = Kind.MULTILINGUAL_COMMENT if opening == "(/*" else Kind.BLOCK_COMMENT
    if end < 0:
        return Piece(kind, text[start:], text[start + len(opening) :], closed=False)
    return Piece(kind, text[start:end], text[start + len(opening) : end - len(_CLOSE[opening])])


def comments(text: str) -> list[str]:
    """Return the contents of the comments in a stretch of blanks and comments."""
    return [piece.content for piece in pieces(text) if piece.kind not in (Kind.LINES, Kind.BLANKS)]
