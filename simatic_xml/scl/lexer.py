"""Cut SCL text into tokens, once, in linear time.

Tokens are in parallel lists instead of objects: this makes the parser fast. Blanks and comments are
not tokens; they are the text between two tokens and stay reachable through the offsets, so that nothing is lost.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from dataclasses import dataclass, field

from simatic_xml import limits
from simatic_xml.interruption import checkpoint
from simatic_xml.scl.trivia import comment_end

NAME, QUOTED, LOCAL, NUMBER, TYPED, STRING, PERCENT, TEXT, UNKNOWN, END = (
    "name",
    "quoted",
    "local",
    "number",
    "typed",
    "string",
    "percent",
    "text",
    "unknown",
    "end",
)

STATEMENT_KEYWORDS = frozenset(
    [
        "IF",
        "THEN",
        "ELSIF",
        "ELSE",
        "END_IF",
        "CASE",
        "OF",
        "END_CASE",
        "FOR",
        "TO",
        "BY",
        "DO",
        "END_FOR",
        "WHILE",
        "END_WHILE",
        "REPEAT",
        "UNTIL",
        "END_REPEAT",
        "CONTINUE",
        "EXIT",
        "GOTO",
        "RETURN",
        "REGION",
        "END_REGION",
    ]
)
OPERATOR_KEYWORDS = frozenset(["AND", "OR", "XOR", "NOT", "MOD", "DIV"])
OBJECT_KEYWORDS = frozenset(["FUNCTION", "FUNCTION_BLOCK", "ORGANIZATION_BLOCK", "DATA_BLOCK", "TYPE"])
OBJECT_ENDS = frozenset(["END_FUNCTION", "END_FUNCTION_BLOCK", "END_ORGANIZATION_BLOCK", "END_DATA_BLOCK", "END_TYPE"])
SECTION_KEYWORDS = frozenset(
    ["VAR", "VAR_INPUT", "VAR_OUTPUT", "VAR_IN_OUT", "VAR_TEMP", "END_VAR", "STRUCT", "END_STRUCT", "BEGIN"]
)
KEYWORDS = STATEMENT_KEYWORDS | OPERATOR_KEYWORDS | OBJECT_KEYWORDS | OBJECT_ENDS | SECTION_KEYWORDS

_NO_PREFIX = "|".join(sorted(STATEMENT_KEYWORDS | OPERATOR_KEYWORDS))
_DATES = "LDT|DTL|DT|L?DATE_AND_L?TIME|DATE|D|LTOD|TOD|L?TIME_OF_DAY"
_TOKEN = re.compile(
    rf"""
    (?:[\s\ufeff]++|//[^\n]*+){{0,2000}}+                                # blanks and line comments
    (?:
      (?P<pause>(?=[\s\ufeff]|//))                                      # more of them
    | (?P<local>\#(?:"[^"\r\n]*"|\w+))
    | (?P<name>[^\W\d]\w*+(?!\#))                                       # the usual word, recognised at once
    | (?P<block>\(\*|\(/\*|/\*)                                        # comment that may span lines
    | (?P<op>:=|\+=|-=|\*=|/=|&=|\|=|\?=|=>|<=|>=|<>|\*\*|\.\.|[-+*/=<>()\[\],;:.{{}}^&])
    | (?P<typed>(?:{_DATES})\#[\d:._-]+
        | P\#[ \t]?(?:DB[ \t]?\w+\.)?[A-Z]*+[ \t]?\d++\.\d+(?:[ \t]+[A-Z_]+[ \t]+\d+)?
        | B\#\([\d\s,]*\)
        | (?!(?:{_NO_PREFIX})\#)[^\W\d]\w*\#(?:'[^'$\r\n]*+(?:\$.[^'$\r\n]*+)*+'|[+-]?\w++(?:(?:\.|\#[+-]?)\w++){{0,20}}+(?:(?<=E)[+-]\d+)?))
    | (?P<word>[^\W\d]\w*)                                              # a word in front of a local name
    | (?P<quoted>"[^"\r\n]*")
    | (?P<number>\d[\d_]*(?:\#[+-]?[\dA-F_]+|(?:\.\d[\d_]*)?(?:E[+-]?\d+)?))
    | (?P<string>'[^'$\r\n]*+(?:\$.[^'$\r\n]*+)*+')
    | (?P<percent>%[A-Z]++\d*+(?:\.[A-Z]*+\d++){{0,20}}+(?::P\b)?)
    | (?P<unknown>.)
    | (?P<end>\Z)
    )""",
    re.VERBOSE | re.IGNORECASE,
)
_GROUPS = [UNKNOWN, *(NAME if group == "word" else group for group in _TOKEN.groupindex)]
"""The kind of each group of `_TOKEN` by its number: numbers are looked up faster than names."""

_TURN = 4_096
"""Tokens from one pause to the next."""
_REST_OF_LINE = re.compile(r"[ \t]*(?P<text>[^\r\n]*)")


@dataclass(slots=True)
class Tokens:
    """The tokens of one source: kinds, texts and offsets in parallel lists, closed by an END token.

    Attributes:
        source: the whole text.
        kinds: for each token its kind; keywords and operators are their own kind, in upper case.
        starts: offset of the first character of each token.
        ends: offset after the last character of each token.
        open_comment: offset of a comment that is never closed, or -1.
    """

    source: str
    kinds: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)
    open_comment: int = -1
    _lines: list[int] = field(default_factory=list)

    def text(self, index: int) -> str:
        """Return the text of one token as written in the source."""
        return self.source[self.starts[index] : self.ends[index]]

    def trivia(self, index: int) -> str:
        """Return the blanks and comments in front of one token."""
        before = self.ends[index - 1] if index else 0
        return self.source[before : self.starts[index]]

    def place(self, offset: int) -> tuple[int, int]:
        """Return line and column, both from 1, of an offset."""
        if not self._lines:
            self._lines = [0, *(match.end() for match in re.finditer(r"\n", self.source))]
        line = bisect_right(self._lines, offset)
        return line, offset - self._lines[line - 1] + 1


def tokenize(source: str) -> Tokens:
    """Cut a whole source into tokens.

    Characters that belong to no token become tokens of kind UNKNOWN, which the parser reports.

    Raises:
        LimitError: the source is too large.
    """
    limits.require("source_bytes", len(source))
    tokens = Tokens(source)
    position, size = 0, len(source)
    while position <= size and (not tokens.kinds or tokens.kinds[-1] is not END):
        position = _run(tokens, position)
    _pause(tokens)
    return tokens


def _run(tokens: Tokens, position: int) -> int:
    """Add tokens until one of them changes how the text after it is read; return the next offset."""
    kinds, starts, ends, source = tokens.kinds, tokens.starts, tokens.ends, tokens.source
    known, groups = _KNOWN_WORDS, _GROUPS
    turn = len(kinds) + _TURN
    for match in _TOKEN.finditer(source, position):
        group = match.lastindex or 0
        start, end = match.span(group)
        kind = groups[group]
        if kind == "op":
            kind = source[start:end]
        elif kind == NAME:
            word = source[start:end]
            kind = known.get(word) or _classify(word)
            if kind is not NAME and kinds and kinds[-1] == ".":
                kind = NAME
        elif kind == "pause":
            checkpoint()
            return end
        elif kind == "block":
            return _skip_comment(tokens, start, source[start:end])
        kinds.append(kind)
        starts.append(start)
        ends.append(end)
        if len(kinds) >= turn:
            _pause(tokens)
            turn += _TURN
        if kind in _LINE_WORDS:
            return _take_rest_of_line(tokens, end)
        if kind == END:
            break
    kinds[-1] = END
    return len(tokens.source) + 1


def _pause(tokens: Tokens) -> None:
    """Refuse a source with too many tokens, and let the caller stop the work."""
    count = len(tokens.kinds) - 1
    if count > limits.most("source_tokens"):
        limits.require("source_tokens", count, line=tokens.place(tokens.starts[-1])[0])
    checkpoint()


_KNOWN_WORDS: dict[str, str] = {word: word for word in KEYWORDS} | {word.lower(): word for word in KEYWORDS}
_LINE_WORDS = frozenset(("REGION", "END_REGION", "TITLE"))
_COMMENTS = ("//", "(*", "/*")


def _classify(word: str) -> str:
    """Return the kind of a word: its own upper case for a keyword, NAME for everything else."""
    upper = word.upper()
    return upper if upper in KEYWORDS or upper == "TITLE" else NAME


def _skip_comment(tokens: Tokens, start: int, opening: str) -> int:
    """Return the offset after a comment that may contain comments of the same kind.

    A comment whose nesting is uneven ends at its first closing mark, as if nothing were nested.
    """
    end = -1
    if tokens.open_comment < 0:
        end = comment_end(tokens.source, start, opening)
        tokens.open_comment = start if end < 0 else -1
    if end < 0:
        end = comment_end(tokens.source, start, opening, nested=False)
    return end if end >= 0 else len(tokens.source)


def _take_rest_of_line(tokens: Tokens, position: int) -> int:
    """Add the free text after REGION, END_REGION or TITLE as one TEXT token, if there is any."""
    match = _REST_OF_LINE.match(tokens.source, position)
    rest = match.group("text").rstrip() if match else ""
    word = tokens.kinds[-1]
    if (word == "TITLE" and not rest.startswith("=")) or rest.startswith((":", "{")) or not match:
        tokens.kinds[-1] = NAME
        return position
    said = rest.lstrip("; \t") if word == "END_REGION" else rest
    if not said or (word == "END_REGION" and said.startswith(_COMMENTS)):
        return position
    start = match.start("text")
    tokens.kinds.append(TEXT)
    tokens.starts.append(start)
    tokens.ends.append(start + len(rest))
    return start + len(rest)
