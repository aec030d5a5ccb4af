"""The indentation of each token of a source, from the structure of the syntax tree."""

from __future__ import annotations

from simatic_xml.scl.nodes import (
    Case,
    Declaration,
    For,
    If,
    Label,
    Region,
    Repeat,
    Section,
    SourceObject,
    SourceTree,
    Statement,
    While,
)

_HEADS = frozenset(("IF", "ELSIF", "ELSE", "END_IF", "END_CASE", "END_FOR", "END_WHILE", "UNTIL", "END_REPEAT"))
_CLOSERS = frozenset(
    [
        "ELSIF",
        "ELSE",
        "END_IF",
        "END_CASE",
        "END_FOR",
        "END_WHILE",
        "UNTIL",
        "END_REPEAT",
        "END_REGION",
        "END_VAR",
        "END_STRUCT",
    ]
)


class Levels:
    """The level of every token, and which tokens close something, so that a comment before them stays inside.

    Attributes:
        of: level of each token.
        closing: tokens before which a comment belongs one level deeper.
        verbatim: tokens whose blanks in front stay as they are (header lines and attributes).
        case_colons: the colons after CASE and jump labels.
        as_written: words that keep their capitals (the OF of an array).
    """

    def __init__(self, tree: SourceTree) -> None:
        """Compute the levels from the objects of a source, or from the statements of a body."""
        self.kinds = tree.tokens.kinds
        self.of = [0] * len(self.kinds)
        self.closing: set[int] = set()
        self.verbatim: set[int] = set()
        self.case_colons: set[int] = set()
        self.as_written: set[int] = set()
        for node in tree.objects:
            self._object(node)
        self._statements(tree.statements, 0)
        self._braces()

    def _braces(self) -> None:
        inside = False
        for index, kind in enumerate(self.kinds):
            if inside:
                self.verbatim.add(index)
            inside = kind == "{" or (inside and kind != "}")

    def _fill(self, first: int, stop: int, level: int) -> None:
        self.of[first:stop] = [level] * (stop - first)

    def _object(self, node: SourceObject) -> None:
        head_stop = node.sections[0].first if node.sections else node.body_first
        self.verbatim.update(range(node.first + 1, head_stop))
        for section in node.sections:
            self._section(section)
        self._statements(node.statements, 1)
        self.closing.add(node.body_stop)

    def _section(self, section: Section) -> None:
        self._fill(section.first, section.stop, 1)
        self.as_written.update(index for index in range(section.first, section.stop) if self.kinds[index] == "OF")
        self._declarations(section.members, 2)
        self._close_words(section.first, section.stop)

    def _declarations(self, members: list[Declaration], level: int) -> None:
        for member in members:
            self._fill(member.first, member.stop, level + 1)
            self.of[member.first] = level
            if member.data_type.members:
                last = max(inner.stop for inner in member.data_type.members)
                self._fill(last, member.stop, level)
                self._declarations(member.data_type.members, level + 1)

    def _close_words(self, first: int, stop: int) -> None:
        self.closing.update(index for index in range(first, stop) if self.kinds[index] in _CLOSERS)

    def _statements(self, statements: list[Statement], level: int) -> None:
        for statement in statements:
            self._fill(statement.first, statement.stop, level + 1)
            self.of[statement.first] = level
            self._set_inner(statement, level)

    def _set_inner(self, statement: Statement, level: int) -> None:
        """Set the levels inside a statement that contains others."""
        if isinstance(statement, Label):
            self.case_colons.add(statement.stop - 1)
        if not isinstance(statement, If | Case | For | While | Repeat | Region):
            return
        self._heads(statement, level)
        if isinstance(statement, If):
            for branch in statement.branches:
                self._statements(branch.body, level + 1)
        elif isinstance(statement, Case):
            self._case(statement, level)
        else:
            self._statements(statement.body, level + 1)
        if isinstance(statement, If | Case) and statement.otherwise:
            self._statements(statement.otherwise, level + (2 if isinstance(statement, Case) else 1))

    def _heads(self, statement: Statement, level: int) -> None:
        """Put the words that structure a statement on the level of the statement."""
        for index in range(statement.first, statement.stop):
            if self.kinds[index] in _HEADS or self.kinds[index] == "END_REGION":
                self.of[index] = level
            if self.kinds[index] in _CLOSERS:
                self.closing.add(index)

    def _case(self, statement: Case, level: int) -> None:
        """Indent the labels and ELSE of a CASE once, its statements twice."""
        for choice in statement.choices:
            self._fill(choice.first, choice.labels[-1].stop + 1, level + 1)
            self.case_colons.add(choice.labels[-1].stop)
        if statement.otherwise is not None:
            after = statement.choices[-1].stop if statement.choices else statement.selector.stop
            self.of[self.kinds.index("ELSE", after)] = level + 1
        for choice in statement.choices:
            self._statements(choice.body, level + 2)
