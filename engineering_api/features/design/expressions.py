"""Conditions and values of a design: SCL expressions whose names may have no quotes.

They are written into SCL as they are, with quotes, and into LAD as contacts in series and in parallel.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from simatic_xml import scl
from simatic_xml.scl.nodes import (
    Assignment,
    Binary,
    Call,
    Index,
    Literal,
    Member,
    Node,
    SourceTree,
    Unary,
    Variable,
)
from simatic_xml.scl.nodes import Expression as Tree

Step = dict[str, Any]
TypeOf = Callable[[Variable], str]
"""The data type of a variable; empty where it is not known."""
_OPPOSITE = {"=": "<>", "<>": "=", "<": ">=", ">=": "<", ">": "<=", "<=": ">"}
_TRUTH = {"TRUE": True, "FALSE": False}


class ExpressionError(Exception):
    """A text is no expression, or none that can be written in the language."""


@dataclass(frozen=True, slots=True)
class Expression:
    """An expression that was read."""

    tree: SourceTree
    root: Tree

    def variables(self) -> Iterator[Variable]:
        """Yield the operands by name, from left to right."""
        yield from _variables(self.root)

    @property
    def is_plain(self) -> bool:
        """Whether it is one operand or literal."""
        return isinstance(self.root, Variable | Literal)

    @property
    def truth(self) -> bool | None:
        """The value of a truth constant; None for anything else."""
        return _TRUTH.get(self.root.text.upper()) if isinstance(self.root, Literal) else None

    def scl(self) -> str:
        """Return the text, with quotes around names that had none."""
        return self._text(self.root)

    def series(self, type_of: TypeOf) -> list[Step]:
        """Return contacts and comparisons, as in the JSON form of LAD.

        Raises:
            ExpressionError: It holds something else: arithmetic, or a truth constant inside of a larger condition.
        """
        if self.truth is True:
            return []
        return self._series(self.root, type_of, negated=False)

    def _text(self, node: Node) -> str:
        tokens = self.tree.tokens
        start, end = tokens.starts[node.first], tokens.ends[node.stop - 1]
        text, inserted = tokens.source[start:end], 0
        for variable in _variables(node):
            if not variable.mark:
                first, last = tokens.starts[variable.first] - start, tokens.ends[variable.first] - start
                name = f'"{variable.name}"'
                text = text[: first + inserted] + name + text[last + inserted :]
                inserted += len(name) - (last - first)
        return text

    def _series(self, node: Tree, type_of: TypeOf, *, negated: bool) -> list[Step]:
        match node:
            case Unary(operator="NOT"):
                return self._series(node.operand, type_of, negated=not negated)
            case Binary(operator="AND" | "&" | "OR"):
                left, right = (self._series(each, type_of, negated=negated) for each in (node.left, node.right))
                in_series = (node.operator == "OR") is negated
                return left + right if in_series else [{"any": [*_paths(left), *_paths(right)]}]
            case Binary() if node.operator in _OPPOSITE:
                return [self._comparison(node, type_of, negated=negated)]
            case Variable():
                return [{"contact": self._text(node)} | ({"negated": True} if negated else {})]
        msg = f"'{self._text(node)}' cannot be drawn in LAD: use AND, OR, NOT and comparisons of operands."
        raise ExpressionError(msg)

    def _comparison(self, node: Binary, type_of: TypeOf, *, negated: bool) -> Step:
        sides = (node.left, node.right)
        if not all(isinstance(each, Variable | Literal) for each in sides):
            msg = f"'{self._text(node)}' cannot be drawn in LAD: compare two operands."
            raise ExpressionError(msg)
        operator = _OPPOSITE[node.operator] if negated else node.operator
        types = [found for each in sides if isinstance(each, Variable) and (found := type_of(each))]
        step: Step = {"compare": [self._text(node.left), operator, self._text(node.right)]}
        return step | ({"type": types[0]} if types else {})


@dataclass(frozen=True, slots=True)
class Use:
    """An expression at its place, whose names are right.

    Attributes:
        pointer: Where it is in the design.
        type: The data type of what it is connected to.
        output: Whether it is written.
    """

    pointer: str
    type: str
    expression: Expression
    output: bool = False


@lru_cache(maxsize=4096, typed=True)
def read(given: bool | float | str) -> Expression:
    """Read an expression; values of YAML stand for their constants.

    Raises:
        ExpressionError: It is none, or calls something.
    """
    text = str(given).upper() if isinstance(given, bool) else str(given).strip()
    result = scl.parse_statements(f"#x := {text};")
    statements = result.tree.statements
    whole = len(statements) == 1 and isinstance(statements[0], Assignment) and len(statements[0].targets) == 1
    if not text or result.diagnostics or not whole:
        why = f" {result.diagnostics[0].message}" if text and result.diagnostics else ""
        msg = f"'{text}' is not an expression of SCL.{why}"
        raise ExpressionError(msg)
    assert isinstance(statements[0], Assignment)  # noqa: S101 - reported above
    root = statements[0].value
    for node in _nodes(root):
        if isinstance(node, Call):
            msg = f"'{text}' contains a call: use only operands, operators and constants."
            raise ExpressionError(msg)
        if isinstance(node, Variable) and node.mark.startswith("#"):
            msg = f"'#{node.name}' is a local name, and there is none here: name a tag or a variable."
            raise ExpressionError(msg)
    return Expression(result.tree, root)


def path_of(variable: Variable) -> list[str]:
    """Return the names of an operand: its first name, then those of members; an index is left out."""
    return [variable.name, *(each.name for each in variable.path if isinstance(each, Member))]


def _paths(series: list[Step]) -> list[list[Step]]:
    """Return the branches of a single parallel connection; else the series as the only branch."""
    if len(series) == 1 and "any" in series[0]:
        branches: list[list[Step]] = series[0]["any"]
        return branches
    return [series]


def _variables(node: Node) -> Iterator[Variable]:
    yield from (each for each in _nodes(node) if isinstance(each, Variable))


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    match node:
        case Unary():
            yield from _nodes(node.operand)
        case Binary():
            yield from _nodes(node.left)
            yield from _nodes(node.right)
        case Variable():
            for step in node.path:
                yield from (
                    inner for each in (step.indices if isinstance(step, Index) else ()) for inner in _nodes(each)
                )
