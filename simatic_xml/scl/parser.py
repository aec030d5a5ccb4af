"""Read a whole SCL source: bytes to text, text to tokens, tokens to blocks, data blocks and data types."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace

from simatic_xml import limits
from simatic_xml.scl.classic.numbers import name_of
from simatic_xml.scl.declarations import VAR_KEYWORDS, DeclarationParser
from simatic_xml.scl.diagnostics import Diagnostic, Severity
from simatic_xml.scl.lexer import END, KEYWORDS, NAME, NUMBER, OBJECT_KEYWORDS, QUOTED, TEXT, tokenize
from simatic_xml.scl.nodes import DataType, Expression, Section, SourceObject, SourceTree, Statement, Variable
from simatic_xml.scl.trivia import comments
from simatic_xml.xml.source_encoding import find_encoding

_HEADER_WORDS = frozenset(("TITLE", "AUTHOR", "FAMILY", "NAME", "VERSION"))
_HEADER_FLAGS = frozenset(("KNOW_HOW_PROTECT", "STANDARD", "NON_RETAIN", "RETAIN", "READ_ONLY", "UNLINKED"))
_BODY_EDGES = VAR_KEYWORDS | {"STRUCT", "BEGIN"}
_NOTHING: frozenset[str] = frozenset()
_MEMBER_ENDS = (":=", ".", "[")
_ABSOLUTE_KINDS = {
    "FUNCTION": "FC",
    "FUNCTION_BLOCK": "FB",
    "ORGANIZATION_BLOCK": "OB",
    "DATA_BLOCK": "DB",
    "TYPE": "UDT",
}
"""The word in the absolute name of each kind of object."""
_CONTROL = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True)
class Result:
    """A parsed source with its findings."""

    tree: SourceTree
    diagnostics: list[Diagnostic]

    @property
    def errors(self) -> list[Diagnostic]:
        """The findings that are errors."""
        return [finding for finding in self.diagnostics if finding.severity is Severity.ERROR]

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return not self.errors


def decode(source: str | bytes) -> str:
    """Return the text of a source file in any encoding that `find_encoding` knows.

    NUL and the end-of-file mark of DOS at the very end do not count.
    """
    limits.require("source_bytes", len(source))
    if isinstance(source, str):
        return source
    mark, codec = find_encoding(source)
    return source[len(mark) :].decode(codec, errors="replace").rstrip("\x00\x1a")


def parse(source: str | bytes, numbered: Mapping[str, str] | None = None, *, classic: bool = False) -> Result:
    """Parse a source with any number of objects.

    Args:
        source: text, or the bytes of a file.
        numbered: the names of the blocks in the program by absolute name (`FC5`).
        classic: whether the CPU is an S7-300 or S7-400.

    Returns:
        The tree, as far as it could be read, and the findings.

    Raises:
        LimitError: the source is too large.
    """
    parser = SourceParser(tokenize(decode(source)))
    parser.numbered, parser.classic = numbered or {}, classic
    tree = parser.source_tree()
    return Result(tree, parser.findings())


def parse_statements(source: str) -> Result:
    """Parse the body of a block alone: statements without a header."""
    parser = SourceParser(tokenize(source))
    tree = SourceTree(parser.tokens)
    while parser.kinds[parser.at] != END:
        tree.statements.extend(parser.statements(_NOTHING))
        if parser.kinds[parser.at] != END:
            parser.report("unexpected", f"{parser.describe_token()} is not possible in the body of a block.")
            parser.at += 1
    return Result(tree, parser.findings())


class SourceParser(DeclarationParser):
    """Reads objects one after the other."""

    _of_data = False

    def findings(self) -> list[Diagnostic]:
        """Return all findings in the order of the source."""
        if self.left_out:
            line, column = self.tokens.place(len(self.tokens.source))
            message = f"There are {self.left_out:,} more findings than are listed; correct the first ones."
            self.diagnostics.append(Diagnostic(Severity.ERROR, "too-many", message, line, column, line, column))
        control = _CONTROL.search(self.tokens.source)
        if control:
            line, column = self.tokens.place(control.start())
            message = f"The character U+{ord(control.group()):04X} is not allowed in a source; remove it."
            self.diagnostics.append(
                Diagnostic(Severity.ERROR, "control-character", message, line, column, line, column + 1)
            )
        if self.tokens.open_comment >= 0:
            line, column = self.tokens.place(self.tokens.open_comment)
            message = "The comment that starts here, or one nested in it, is never closed."
            self.diagnostics.append(
                Diagnostic(Severity.WARNING, "comment-open", message, line, column, line, column + 2)
            )
        return sorted(self.diagnostics, key=lambda finding: (finding.line, finding.column))

    def source_tree(self) -> SourceTree:
        """Read everything."""
        tree = SourceTree(self.tokens)
        while self.kinds[self.at] != END:
            if self.kinds[self.at] in OBJECT_KEYWORDS:
                tree.objects.append(self.source_object())
                limits.require("source_objects", len(tree.objects))
                continue
            self.report(
                "object-expected", f"A block, data block or data type should start here, not {self.describe_token()}."
            )
            while self.kinds[self.at] not in OBJECT_KEYWORDS and self.kinds[self.at] != END:
                self.at += 1
        return tree

    def source_object(self) -> SourceObject:
        """Read one object from its first word to its END_ word."""
        first = self.at
        keyword = self.kinds[first]
        self.at += 1
        numbered = self._object_number(keyword)
        name = self._object_name() if numbered is None else name_of(*numbered, self.numbered)
        node = SourceObject(first, first, keyword, name, None if numbered is None else numbered[1])
        if self.accept(":") and keyword == "FUNCTION":
            node.return_type = self.data_type()
        self._header(node)
        self._declarations(node)
        self._body(node)
        end = f"END_{keyword}"
        node.body_stop = self.at
        node.closed = self.expect(end, f"at the end of '{node.name}'")
        if node.closed:
            self.accept(";")
        elif self.kinds[self.at].startswith("END_"):
            self.at += 1
        node.stop = self.at
        self._require_moderate(node, first)
        return node

    def _require_moderate(self, node: SourceObject, first: int) -> None:
        """Refuse an object that is too large: each token, line and comment of it becomes an element in a file."""
        tokens = self.tokens
        start, end = tokens.starts[first], tokens.ends[node.stop - 1]
        apart = sum(tokens.source.count(mark, start, end) for mark in ("\n", "//", "(*", "/*"))
        what = f"'{node.name}' in the source"
        limits.require("block_tokens", node.stop - first + apart, line=tokens.place(start)[0], what=what)

    def _object_number(self, keyword: str) -> tuple[str, int] | None:
        """Read the absolute name of an object, `FC 5`; None where it has another name."""
        kind = _ABSOLUTE_KINDS[keyword]
        return self.read_number((kind,)) if self.kinds[self.at] == NAME else None

    def _object_name(self) -> str:
        if self.kinds[self.at] in (NAME, QUOTED):
            self.at += 1
            return self.text(self.at - 1).strip('"')
        self.report("name-missing", f"The name of the object is missing; found {self.describe_token()}.")
        return ""

    def _header(self, node: SourceObject) -> None:
        """Read attributes, header lines and, for a data block, the type of its structure."""
        while True:
            kind = self.kinds[self.at]
            word = self.text(self.at).upper() if kind in (NAME, "TITLE") else ""
            if kind == "{":
                node.attributes |= self.attributes()
            elif kind == "TITLE":
                self.at += 1
                node.header["TITLE"] = self._title()
            elif word in _HEADER_WORDS and self.kinds[self.at + 1] in (":", "="):
                self.at += 2
                node.header[word] = self._rest_of_line()
            elif word in _HEADER_FLAGS:
                self.at += 1
                node.header[word] = "TRUE"
                self.accept(";")
            elif node.keyword == "DATA_BLOCK" and kind in (NAME, QUOTED) and not node.instance_of:
                node.instance_of = _instance_type(self.data_type())
                self.accept(";")
            elif kind == NAME and self.kinds[self.at + 1] in (":", "=") and node.keyword != "TYPE":
                self.report(
                    "header", f"'{self.text(self.at)}' is not a header entry.", "Use TITLE, AUTHOR, FAMILY, NAME."
                )
                self.at += 2
                self._rest_of_line()
            else:
                return
            node.comment = node.comment or self._leading_comment()

    def _title(self) -> str:
        if not self.accept(TEXT):
            return ""
        return _unquote(self.text(self.at - 1).removeprefix("="))

    def _rest_of_line(self) -> str:
        """Return the text up to the end of the line and skip the tokens in it."""
        start = self.tokens.starts[self.at]
        source = self.tokens.source
        end = source.find("\n", start)
        end = len(source) if end < 0 else end
        while self.tokens.starts[self.at] < end and self.kinds[self.at] != END:
            self.at += 1
        return _unquote(re.sub(r"\s*//.*", "", source[start:end]))

    def _leading_comment(self) -> str:
        """Return the comment lines in front of the declarations, which are the comment of the object."""
        if self.kinds[self.at] not in _BODY_EDGES and self.kinds[self.at] not in (NAME, QUOTED):
            return ""
        return "\n".join(text.rstrip() for text in comments(self.tokens.trivia(self.at)))

    def _declarations(self, node: SourceObject) -> None:
        while True:
            if self.kinds[self.at] in VAR_KEYWORDS or self.kinds[self.at] == "STRUCT":
                node.sections.append(self.section())
            elif self.text(self.at).upper() == "CONST":
                node.sections.append(self.constants())
            elif self.text(self.at).upper() == "LABEL":
                self.labels()
            else:
                break
        if node.keyword == "TYPE" and not node.sections and self.accept(":"):
            self._alias(node)
        if node.keyword == "DATA_BLOCK" and node.sections:
            self._header(node)

    def _alias(self, node: SourceObject) -> None:
        """Read `TYPE name : STRUCT ... END_STRUCT; END_TYPE`, the IEC form."""
        data_type: DataType = self.data_type()
        self.accept(";")
        node.sections.append(Section(data_type.first, data_type.stop, "STRUCT", [], data_type.members))

    def _body(self, node: SourceObject) -> None:
        """Read the statements of a block, or the assignments of a data block."""
        has_begin = self.accept("BEGIN")
        node.body_first = self.at
        if node.keyword == "TYPE":
            return
        if node.keyword != "DATA_BLOCK":
            node.statements = self.statements(_NOTHING)
        elif has_begin:
            node.statements = self.data_assignments()

    def data_assignments(self) -> list[Statement]:
        """Read the start values that a data block assigns to its members."""
        self._of_data = True
        self._allow_keywords()
        found = self.statements(_NOTHING)
        self._of_data = False
        return found

    def _allow_keywords(self) -> None:
        """Take keywords at the beginning of assignments of a data block as the names of its members (`Return := 1`)."""
        at = self.at
        while self.kinds[at] not in (END, "END_DATA_BLOCK"):
            starts = at == self.at or self.kinds[at - 1] == ";"
            if starts and self.kinds[at] in KEYWORDS and self.kinds[at + 1] in _MEMBER_ENDS:
                self.kinds[at] = NAME
            at += 1

    def _read_value(self) -> Expression:
        """Read a value; in a data block it may be a timer or counter, `T 24`, for a parameter of the function block."""
        value = super()._read_value()
        numbered = isinstance(value, Variable) and value.name.upper() in ("T", "C", "Z") and not value.path
        if self._of_data and numbered and self.kinds[self.at] == NUMBER:
            self.at += 1
            return replace(value, stop=self.at)
        return value


def _instance_type(data_type: DataType) -> str:
    bounds = ", ".join(data_type.bounds)
    return f"Array[{bounds}] of {data_type.name}" if bounds else data_type.name


def _unquote(text: str) -> str:
    """Return a header text without the single quotes of classic sources; double quotes belong to the text."""
    text = text.strip()
    return text[1:-1] if len(text) > 1 and text[0] == text[-1] == "'" else text
