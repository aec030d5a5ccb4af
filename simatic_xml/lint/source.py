"""A parsed source as the rules read it: bodies, expressions, declarations, comments, offsets."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from simatic_xml.lint.model import Edit, Violation
from simatic_xml.program import typed_blocks
from simatic_xml.program.diagnostics import Place
from simatic_xml.scl.nodes import (
    Assignment,
    Binary,
    Call,
    CallStatement,
    Case,
    Declaration,
    Expression,
    For,
    If,
    Index,
    Jump,
    Node,
    Range,
    Repeat,
    Section,
    SourceObject,
    SourceTree,
    Statement,
    Unary,
    Variable,
    While,
    bodies,
    walk,
)
from simatic_xml.scl.trivia import Kind, Piece, pieces

PARAMETERS = frozenset(("VAR_INPUT", "VAR_OUTPUT", "VAR_IN_OUT"))
_BLANK = (Kind.BLANKS, Kind.LINES)


@dataclass(frozen=True, slots=True)
class Body:
    """The statements of one block; `owner` is None for a body without a block around it."""

    owner: SourceObject | None
    statements: list[Statement]

    def all(self) -> Iterator[Statement]:
        """Yield every statement, outer before inner."""
        return walk(self.statements)

    def lists(self) -> Iterator[list[Statement]]:
        """Yield every list of statements: the body itself, then those inside its statements."""
        yield self.statements
        for statement in self.all():
            yield from bodies(statement)

    def expressions(self) -> Iterator[Expression]:
        """Yield every expression and everything in it."""
        for statement in self.all():
            for expression in direct(statement):
                yield from parts(expression)

    def index_declarations(self) -> dict[str, tuple[Section, Declaration]]:
        """Return the block's own declarations by casefolded name."""
        if self.owner is None:
            return {}
        return {
            member.name.casefold(): (section, member) for section in self.owner.sections for member in section.members
        }


@dataclass(frozen=True, slots=True)
class Trivia:
    """A piece between two tokens: where it starts, and the token after it."""

    start: int
    piece: Piece
    token: int

    @property
    def stop(self) -> int:
        """Offset after the piece."""
        return self.start + len(self.piece.source)


class Source:
    """One source; `typed` holds its blocks in typed form by casefolded name, empty where none was made."""

    def __init__(self, tree: SourceTree, typed: Mapping[str, typed_blocks.Block] | None = None) -> None:
        """Keep the tree; everything else is found when a rule needs it."""
        self.tree = tree
        self.tokens = tree.tokens
        self.text = tree.tokens.source
        self.typed = typed or {}

    @cached_property
    def bodies(self) -> list[Body]:
        """The bodies of code blocks, or the one body that the source is."""
        blocks = [Body(node, node.statements) for node in self.tree.objects if node.keyword not in _DATA]
        return blocks or ([Body(None, self.tree.statements)] if self.tree.statements else [])

    @cached_property
    def trivia(self) -> list[Trivia]:
        """Blanks, line breaks and comments in the order of the source."""
        found = []
        for token in range(len(self.tokens.kinds)):
            start = self.tokens.ends[token - 1] if token else 0
            for piece in pieces(self.tokens.trivia(token)):
                found.append(Trivia(start, piece, token))
                start += len(piece.source)
        return found

    @cached_property
    def comments(self) -> list[Trivia]:
        """Comments alone."""
        return [each for each in self.trivia if each.piece.kind not in _BLANK]

    @cached_property
    def lines(self) -> list[tuple[int, str]]:
        """Offset and text of each line, without its end."""
        found, start = [], 0
        for line in self.text.split("\n"):
            found.append((start, line.removesuffix("\r")))
            start += len(line) + 1
        return found

    @property
    def newline(self) -> str:
        """How lines end in this source."""
        return "\r\n" if "\r\n" in self.text else "\n"

    def declarations(self, owner: SourceObject) -> Iterator[tuple[Section, Declaration]]:
        """Yield all declarations of an object with their section, those inside structures, too."""
        for section in owner.sections:
            stack = list(reversed(section.members))
            while stack:
                member = stack.pop()
                yield section, member
                stack.extend(reversed(member.data_type.members))

    def range(self, node: Node) -> tuple[int, int]:
        """Return the offsets that a node covers."""
        last = max(node.first, node.stop - 1)
        return self.tokens.starts[node.first], self.tokens.ends[last]

    def line(self, offset: int) -> int:
        """Return the line of an offset, from 1."""
        return self.tokens.place(offset)[0]

    def height(self, node: Node) -> int:
        """Return how many lines a node takes."""
        start, stop = self.range(node)
        return self.line(stop) - self.line(start) + 1

    def words(self, node: Node) -> tuple[str, ...]:
        """Return the texts of a node's tokens, without regard to case, blanks and comments."""
        return tuple(self.tokens.text(index).casefold() for index in range(node.first, node.stop))

    def has_comment(self, first: int, stop: int) -> bool:
        """Return whether a comment is before one of the tokens `first` up to `stop`."""
        return any("/" in gap or "*" in gap for gap in map(self.tokens.trivia, range(first, stop)))

    def at_node(self, node: Node, message: str, *edits: Edit) -> Violation:
        """Return a finding at a node."""
        return Violation(*self.range(node), message, edits)

    def at(self, token: int, message: str, *edits: Edit) -> Violation:
        """Return a finding at a token."""
        return Violation(self.tokens.starts[token], self.tokens.ends[token], message, edits)

    def at_name(self, node: SourceObject | Declaration, message: str) -> Violation:
        """Return a finding at the name of an object or declaration."""
        return self.at(self.name_token(node), message)

    def at_place(self, place: Place, message: str) -> Violation:
        """Return a finding at a place of the typed program, on the token there where the place has no end."""
        start = self.offset(place.line or 1, place.column or 1)
        if place.end_line and place.end_column:
            return Violation(start, max(start, self.offset(place.end_line, place.end_column)), message)
        return Violation(
            start, self.tokens.ends[min(bisect_left(self.tokens.ends, start + 1), len(self.tokens.ends) - 1)], message
        )

    def offset(self, line: int, column: int) -> int:
        """Return the offset of a line and column, the nearest one of the text where there is none."""
        start, text = self.lines[min(line, len(self.lines)) - 1]
        return start + min(column - 1, len(text))

    def name_token(self, node: SourceObject | Declaration) -> int:
        """Return the token that is the name; `a, b : Int` are two declarations with the same tokens."""
        first = node.first + isinstance(node, SourceObject)
        for index in range(first, node.stop):
            if self.tokens.text(index).strip('#"') == node.name:
                return index
        return first


_DATA = frozenset(("DATA_BLOCK", "TYPE"))


def direct(statement: Statement) -> list[Expression]:
    """Return the expressions of a statement itself, without those of the statements inside it."""
    match statement:
        case Assignment():
            return [*statement.targets, statement.value]
        case CallStatement():
            return [statement.call]
        case If():
            return [branch.condition for branch in statement.branches]
        case Case():
            return [statement.selector, *(edge for choice in statement.choices for edge in labels(choice.labels))]
        case For():
            step = [statement.step] if statement.step else []
            return [statement.variable, statement.start, statement.limit, *step]
        case While() | Repeat():
            return [statement.condition]
        case Jump(value=value):
            return [] if value is None else [value]
    return []


def labels(given: list[Expression | Range]) -> Iterator[Expression]:
    """Yield the values of CASE labels, both ends of ranges."""
    for label in given:
        if isinstance(label, Range):
            yield label.low
            yield label.high
        else:
            yield label


def parts(expression: Expression) -> Iterator[Expression]:
    """Yield an expression and everything in it, outer before inner."""
    stack = [expression]
    while stack:
        node = stack.pop()
        yield node
        match node:
            case Call():
                stack.extend(each.value for each in reversed(node.arguments) if each.value is not None)
                stack.extend(_indices(node.callee))
            case Variable():
                stack.extend(_indices(node))
            case Unary():
                stack.append(node.operand)
            case Binary():
                stack.extend((node.right, node.left))


def _indices(node: Variable) -> Iterator[Expression]:
    for step in reversed(node.path):
        if isinstance(step, Index):
            yield from reversed(step.indices)


def is_local(node: Variable) -> bool:
    """Return whether an operand is written as one of the block's own."""
    return node.mark.startswith("#")


def find_written(statement: Statement) -> Iterator[Variable]:
    """Yield the operands that a statement itself assigns or hands to a call for writing."""
    if isinstance(statement, Assignment):
        yield from (target for target in statement.targets if isinstance(target, Variable))
    if isinstance(statement, For) and isinstance(statement.variable, Variable):
        yield statement.variable
    for expression in direct(statement):
        for node in parts(expression):
            if isinstance(node, Call):
                yield from _find_passed(node)


def _find_passed(call: Call) -> Iterator[Variable]:
    """Yield the operands that a call may write: outputs, in/out parameters (which look like inputs), the instance."""
    yield call.callee
    yield from (each.value for each in call.arguments if isinstance(each.value, Variable))
