"""Cut the body of an STL source into networks, and those into statements; other modules find their meaning.

A network starts with NETWORK, its title and its comment; one blank line after them and one at its end belong to the
layout. A statement ends with a semicolon; a CALL may run over several lines. Facts: sources as STEP 7 and TIA Portal
write them (secondary; no genuine file was available).
"""

import re
from dataclasses import dataclass, field

_NETWORK = re.compile(
    r"NETWORK\b(?!\s*:)[ \t]*;?[ \t\r]*(?:\n|\Z)?"
    r"(?:[ \t]*TITLE[ \t]*=[ \t]*(?P<title>[^\r\n]*)\r?(?:\n|\Z))?"
    r"(?P<comment>(?:[ \t]*//[^\n]*(?:\n|\Z))*)"
    r"(?:[ \t\r]*\n)?",
    re.IGNORECASE,
)
_BLANKS = re.compile(r"[ \t\f\r]*")
_SPACE = re.compile(r"\s*")
_LABEL = re.compile(r"(?P<label>[^\W\d]\w*)[ \t]*:(?!=)")
_CODE = re.compile(r"""(?:"[^"\n]*"|'(?:\$.|[^'$\n])*'|(?!//)[^;\n])*""")
_COMMENT = re.compile(r"[ \t]*//(?P<text>[^\r\n]*)")
_LINE_END = re.compile(r"[ \t\r]*(?:\n|\Z)")
_QUOTED = re.compile(r"""\"[^"\n]*"|'(?:\$.|[^'$\n])*'""")
_CALL = re.compile(r"CALL\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class SourceStatement:
    """One statement of a source, an empty line, or a comment alone.

    Attributes:
        code: mnemonic and operand without label and semicolon, on one line; empty where there is none.
        label: jump label, empty without one.
        comment: text after `//` with its blanks; None without one.
        start: offset in the source at which it starts.
        stop: offset after its code.
    """

    code: str
    label: str
    comment: str | None
    start: int
    stop: int

    @property
    def blank(self) -> bool:
        """Whether it is empty."""
        return not self.code and not self.label and self.comment is None


@dataclass(slots=True)
class SourceNetwork:
    """One network of a source: title and comment (lines without `//`), and its statements."""

    title: str = ""
    comment: str = ""
    statements: list[SourceStatement] = field(default_factory=list)


class BodyReader:
    """Reads the body of one block."""

    def __init__(self, source: str, start: int, stop: int) -> None:
        """Start after the word BEGIN.

        Args:
            source: the whole source.
            start: offset after BEGIN.
            stop: offset of the word that ends the block.
        """
        self.source = source
        self.at = start
        self.stop = stop
        self.unclosed: list[int] = []
        """Offsets at which a semicolon is missing."""

    def networks(self) -> list[SourceNetwork]:
        """Read everything; statements in front of the first NETWORK are a separate network."""
        self._skip(_LINE_END)
        found = [SourceNetwork()]
        while self.at < self.stop:
            self._skip(_BLANKS)
            heading = self._match(_NETWORK)
            if heading:
                found.append(SourceNetwork(_title(heading["title"]), _comment(heading["comment"])))
                self.at = heading.end()
            elif self.at < self.stop:
                found[-1].statements.extend(self._statement())
        for network in found:
            if network.statements and network.statements[-1].blank:
                network.statements.pop()
        return found if any(not each.blank for each in found[0].statements) else found[1:]

    def _match(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        return pattern.match(self.source, self.at, self.stop)

    def _skip(self, pattern: re.Pattern[str]) -> None:
        found = self._match(pattern)
        self.at = found.end() if found else self.at

    def _statement(self) -> list[SourceStatement]:
        """Read one statement with the comment after it; nothing for a lone semicolon."""
        start = self.at
        if found := self._match(_LABEL):
            self.at = found.end()
            self._to_code_of_label()
        label = found["label"] if found else ""
        code, comments = self._code()
        stop = self.at
        closed = self.source.startswith(";", self.at, self.stop)
        self.at += closed
        if code and not closed:
            self.unclosed.append(stop)
        if behind := self._match(_COMMENT):
            comments.append(behind["text"])
            self.at = behind.end()
        self._skip(_LINE_END)
        comment = (
            None if not comments else comments[0] if len(comments) == 1 else " " + " ".join(map(str.strip, comments))
        )
        statement = SourceStatement(code, label, comment, start, stop)
        return [] if statement.blank and closed else [statement]

    def _to_code_of_label(self) -> None:
        """Pass the line ends between a label and its code, unless a comment is between them."""
        beyond = _SPACE.match(self.source, self.at, self.stop)
        if beyond and beyond.end() < self.stop and not self.source.startswith("//", beyond.end()):
            self.at = beyond.end()

    def _code(self) -> tuple[str, list[str]]:
        """Read code up to its semicolon or the end of the line, and all lines of a call; return its comments, too."""
        pieces, comments = [self._piece()], list[str]()
        is_call = bool(_CALL.match(pieces[0]))
        depth = _depth(pieces[0])
        while is_call and self._goes_on(pieces[-1], depth):
            if found := self._match(_COMMENT):
                comments.append(found["text"])
                self.at = found.end()
            self._skip(_SPACE)
            pieces.append(self._piece())
            depth += _depth(pieces[-1])
        return " ".join(piece for piece in pieces if piece), comments

    def _piece(self) -> str:
        found = self._match(_CODE)
        self.at = found.end() if found else self.at
        return found.group().strip() if found else ""

    def _goes_on(self, piece: str, depth: int) -> bool:
        """Return whether a call is not at its end with the line."""
        if self.at >= self.stop or self.source[self.at] == ";":
            return False
        if depth > 0 or not piece or piece.endswith(","):
            return True
        beyond = _SPACE.match(self.source, self.at, self.stop)
        return beyond is not None and self.source.startswith(("(", "{"), beyond.end(), self.stop)


def _depth(code: str) -> int:
    """Return how many brackets of a call are opened more often than closed."""
    bare = _QUOTED.sub("", code)
    return bare.count("(") + bare.count("{") - bare.count(")") - bare.count("}")


def _title(text: str | None) -> str:
    return (text or "").strip()


def _comment(text: str) -> str:
    return "\n".join(line.strip().removeprefix("//") for line in text.splitlines())
