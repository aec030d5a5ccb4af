"""The syntax tree of SCL: the parser builds it and all other code reads it.

Every node has the range of its tokens (`first` up to, not including, `stop`); `SourceTree.span` turns them into
lines and columns. Names are stored without their marks (`#`, quotes).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from simatic_xml.scl.lexer import Tokens


@dataclass(frozen=True, slots=True)
class Span:
    """A place in the source: lines and columns from 1, the end exclusive."""

    line: int
    column: int
    end_line: int
    end_column: int


@dataclass(slots=True)
class Node:
    """A part of the source made of tokens `first` up to, not including, `stop`."""

    first: int
    stop: int


@dataclass(slots=True)
class Literal(Node):
    """A constant written out: `5`, `16#FF`, `T#5s`, `'text'`, `TRUE`; `typed` marks the ones with a prefix."""

    text: str
    typed: bool = False


@dataclass(slots=True)
class Address(Node):
    """An absolute operand such as `%MW10` or `%I0.0:P`."""

    text: str


@dataclass(slots=True)
class Member(Node):
    """The step `.name` into a structure."""

    name: str
    quoted: bool


@dataclass(slots=True)
class Index(Node):
    """The step `[i, j]` into an array."""

    indices: list[Expression]


@dataclass(slots=True)
class Slice(Node):
    """The step `.%X0`, `.%B1`, `.%W0`, `.%D0`, an absolute one such as `.%DBX0.0` or the `.0` of `M0.0`, or `:P`."""

    text: str


@dataclass(slots=True)
class Dereference(Node):
    """The step `^` through a reference."""


Selector = Member | Index | Slice | Dereference


@dataclass(slots=True)
class Variable(Node):
    """An operand: its first name, the mark of that name, and the steps after it.

    `mark` is `#` for a local name, `"` for a quoted one, `#"` for both, and empty for a bare name.
    """

    name: str
    mark: str
    path: list[Selector]


@dataclass(slots=True)
class Argument(Node):
    """One argument of a call; `name` and `operator` are empty for a positional one."""

    name: str
    quoted: bool
    operator: str
    value: Expression | None


@dataclass(slots=True)
class Call(Node):
    """A call of a function, an instruction or an instance; `callee` says which."""

    callee: Variable
    arguments: list[Argument]
    opening: int


@dataclass(slots=True)
class Unary(Node):
    """`NOT x`, `-x`, `+x`, `&x`."""

    operator: str
    operand: Expression


@dataclass(slots=True)
class Binary(Node):
    """Two operands and the operator between them, in upper case."""

    operator: str
    left: Expression
    right: Expression


@dataclass(slots=True)
class Missing(Node):
    """The place where an expression is missing; the parser has reported it."""


Expression = Literal | Address | Variable | Call | Unary | Binary | Missing


@dataclass(slots=True)
class Assignment(Node):
    """`target := value`, also `+=` and the other combined operators; `a += b := c` has two targets, each with its operator."""

    targets: list[Expression]
    operators: list[str]
    value: Expression


@dataclass(slots=True)
class CallStatement(Node):
    """A call as a statement."""

    call: Expression


@dataclass(slots=True)
class Branch(Node):
    """A condition with the statements that depend on it."""

    condition: Expression
    body: list[Statement]


@dataclass(slots=True)
class If(Node):
    """IF with its ELSIF branches in order, and the statements after ELSE (None without ELSE)."""

    branches: list[Branch]
    otherwise: list[Statement] | None


@dataclass(slots=True)
class Range(Node):
    """`low..high` in a CASE label."""

    low: Expression
    high: Expression


@dataclass(slots=True)
class Choice(Node):
    """The labels of one CASE branch and its statements."""

    labels: list[Expression | Range]
    body: list[Statement]


@dataclass(slots=True)
class Case(Node):
    """CASE with its branches, and the statements after ELSE (None without ELSE)."""

    selector: Expression
    choices: list[Choice]
    otherwise: list[Statement] | None


@dataclass(slots=True)
class For(Node):
    """FOR; `step` is None without BY."""

    variable: Expression
    start: Expression
    limit: Expression
    step: Expression | None
    body: list[Statement]


@dataclass(slots=True)
class While(Node):
    """WHILE."""

    condition: Expression
    body: list[Statement]


@dataclass(slots=True)
class Repeat(Node):
    """REPEAT ... UNTIL."""

    body: list[Statement]
    condition: Expression


@dataclass(slots=True)
class Jump(Node):
    """EXIT, CONTINUE, RETURN, which may have a value for ENO, or GOTO with its label."""

    keyword: str
    label: str = ""
    value: Expression | None = None


@dataclass(slots=True)
class Label(Node):
    """A jump target `name:`."""

    name: str


@dataclass(slots=True)
class Region(Node):
    """REGION with its name, which may be empty."""

    name: str
    body: list[Statement]


@dataclass(slots=True)
class Empty(Node):
    """A lone semicolon."""


Statement = Assignment | CallStatement | If | Case | For | While | Repeat | Jump | Label | Region | Empty


@dataclass(slots=True)
class DataType(Node):
    """A data type as declared.

    Attributes:
        name: the type, that of the elements for an array: `Int`, `"Motor"`, `String[20]`, `Struct`.
        bounds: for an array the text of each dimension, `0..9` or `*`; empty otherwise.
        members: the members of a Struct.
        comment: the comments after the word STRUCT.
    """

    name: str
    bounds: list[str] = field(default_factory=list)
    members: list[Declaration] = field(default_factory=list)
    comment: str = ""


@dataclass(slots=True)
class Declaration(Node):
    """One declared variable or structure member.

    Attributes:
        name: without quotes.
        data_type: what it is.
        attributes: the entries of its `{ ... }` blocks.
        overlays: for AT the name of the variable that it overlays.
        initial: the text of the start value, empty without one.
        comment: the comments after it on its line.
    """

    name: str
    data_type: DataType
    attributes: dict[str, str]
    overlays: str
    initial: str
    comment: str


@dataclass(slots=True)
class Section(Node):
    """One VAR section: `keyword` as in VAR_INPUT, `modifiers` as in CONSTANT, RETAIN, NON_RETAIN, DB_SPECIFIC."""

    keyword: str
    modifiers: list[str]
    members: list[Declaration]


@dataclass(slots=True)
class SourceObject(Node):
    """One block, data block or PLC data type of a source.

    Attributes:
        keyword: FUNCTION, FUNCTION_BLOCK, ORGANIZATION_BLOCK, DATA_BLOCK or TYPE.
        name: without quotes.
        number: where the source names the block by its number, as in `FC 5`.
        return_type: of a function.
        header: TITLE, AUTHOR, FAMILY, NAME, VERSION and flags such as KNOW_HOW_PROTECT, NON_RETAIN, in upper case.
        attributes: the entries of the `{ ... }` blocks in front of the declarations.
        comment: the `//` lines in front of the declarations.
        sections: the VAR sections; a Struct of a DATA_BLOCK or TYPE is one section with the keyword STRUCT.
        instance_of: for a data block the type or function block of its structure, as written.
        statements: the body, or the assignments of a data block.
        body_first: the token after BEGIN (or after the declarations).
        body_stop: the END_ token of the object.
        closed: whether that is the right one.
    """

    keyword: str
    name: str
    number: int | None = None
    return_type: DataType | None = None
    header: dict[str, str] = field(default_factory=dict)
    attributes: dict[str, str] = field(default_factory=dict)
    comment: str = ""
    sections: list[Section] = field(default_factory=list)
    instance_of: str = ""
    statements: list[Statement] = field(default_factory=list)
    body_first: int = 0
    body_stop: int = 0
    closed: bool = False


@dataclass(slots=True)
class SourceTree:
    """A whole source: its tokens and the objects in it; a body parsed alone has only `statements`."""

    tokens: Tokens
    objects: list[SourceObject] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)

    def span(self, node: Node) -> Span:
        """Return the place of a node."""
        starts, ends = self.tokens.starts, self.tokens.ends
        last = max(node.first, node.stop - 1)
        return Span(*self.tokens.place(starts[node.first]), *self.tokens.place(ends[last]))

    def text(self, node: Node) -> str:
        """Return the text of a node as written in the source."""
        last = max(node.first, node.stop - 1)
        return self.tokens.source[self.tokens.starts[node.first] : self.tokens.ends[last]]


def walk(nodes: list[Statement]) -> Iterator[Statement]:
    """Yield every statement, outer before inner, in the order of the source."""
    stack = list(reversed(nodes))
    while stack:
        statement = stack.pop()
        yield statement
        for body in reversed(list(bodies(statement))):
            stack.extend(reversed(body))


def bodies(statement: Statement) -> Iterator[list[Statement]]:
    """Yield the statement lists directly inside a statement."""
    match statement:
        case If():
            yield from (branch.body for branch in statement.branches)
        case Case():
            yield from (choice.body for choice in statement.choices)
        case For() | While() | Repeat() | Region():
            yield statement.body
    if isinstance(statement, If | Case) and statement.otherwise is not None:
        yield statement.otherwise
