"""Expressions of SCL: operands, calls and operators by precedence.

Facts: order of evaluation from the S7-1200 system manual (`**`, unary, `* / MOD`, `+ -`, comparisons, `= <>`, AND,
XOR, OR; equal ones from left to right).
"""

from __future__ import annotations

from simatic_xml import limits
from simatic_xml.scl.cursor import Cursor
from simatic_xml.scl.lexer import LOCAL, NAME, NUMBER, PERCENT, QUOTED, STRING, TYPED, Tokens
from simatic_xml.scl.nodes import (
    Address,
    Argument,
    Binary,
    Call,
    Dereference,
    Expression,
    Index,
    Literal,
    Member,
    Missing,
    Selector,
    Slice,
    Unary,
    Variable,
)

PRECEDENCE = {
    "OR": 1,
    "XOR": 2,
    "AND": 3,
    "&": 3,
    "=": 4,
    "<>": 4,
    "<": 5,
    "<=": 5,
    ">": 5,
    ">=": 5,
    "+": 6,
    "-": 6,
    "*": 7,
    "/": 7,
    "MOD": 7,
    "DIV": 7,
    "**": 9,
}
_UNARY_PRECEDENCE = 8
_UNARY = frozenset(("-", "+", "NOT"))
_LITERALS = frozenset((NUMBER, TYPED, STRING))
_OPERANDS = frozenset((LOCAL, QUOTED, NAME))
_TRUTH = frozenset(("TRUE", "FALSE", "NULL"))
_STEPS = frozenset((".", "[", "^"))
_ARGUMENT_OPERATORS = frozenset((":=", "=>"))


class ExpressionParser(Cursor):
    """Reads one expression at a time."""

    def __init__(self, tokens: Tokens) -> None:
        """Start at the first token."""
        super().__init__(tokens)
        self._longest_chain = limits.most("operator_chain")

    def expression(self, lowest: int = 1) -> Expression:
        """Read an expression whose operators bind at least as strongly as `lowest`."""
        first = self.at
        left = self.operand()
        kinds = self.kinds
        count = 0
        while True:
            operator = kinds[self.at]
            strength = PRECEDENCE.get(operator, 0)
            if strength < lowest:
                return left
            count += 1
            if count > self._longest_chain:
                limits.require("operator_chain", count, line=self.tokens.place(self.tokens.starts[self.at])[0])
            self.at += 1
            right = self.expression(strength + 1)
            left = Binary(first, self.at, operator, left, right)

    def operand(self) -> Expression:
        """Read an operand with the signs in front of it."""
        kind = self.kinds[self.at]
        if kind in _OPERANDS:
            return self.variable()
        if kind in _LITERALS:
            self.at += 1
            return Literal(self.at - 1, self.at, self.text(self.at - 1), kind == TYPED)
        if kind == PERCENT:
            self.at += 1
            return Address(self.at - 1, self.at, self.text(self.at - 1))
        if self.too_deep():
            return self.missing()
        self.depth += 1
        try:
            return self._read_nested(kind)
        finally:
            self.depth -= 1

    def _read_nested(self, kind: str) -> Expression:
        first = self.at
        if kind in _UNARY:
            self.at += 1
            operand = self.expression(_UNARY_PRECEDENCE)
            return Unary(first, self.at, kind, operand)
        if kind == "(":
            self.at += 1
            inner = self.expression()
            self.expect(")", "after the expression in parentheses")
            return inner
        self.report("operand-missing", f"An operand is missing; found {self.describe_token()}.")
        return Missing(first, first)

    def missing(self) -> Expression:
        """Return the mark for a missing expression."""
        return Missing(self.at, self.at)

    def variable(self) -> Expression:
        """Read an operand that starts with a name, with its steps and calls."""
        first = self.at
        kind = self.kinds[first]
        name, mark = self._name(self.text(first), kind)
        self.at += 1
        if kind == NAME and self.kinds[self.at] not in _STEPS and name.upper() in _TRUTH:
            return Literal(first, self.at, name)
        if kind == NAME and self.kinds[self.at] == "." and (stop := self._named_value()):
            self.at = stop
            return Literal(
                first, stop, self.tokens.source[self.tokens.starts[first] : self.tokens.ends[stop - 1]], True
            )
        path: list[Selector] = []
        if self.kinds[self.at] in _STEPS or self.kinds[self.at] == ":":
            self._steps(path)
        node = Variable(first, self.at, name, mark, path)
        return self.call(node) if self.kinds[self.at] == "(" else node

    def _named_value(self) -> int:
        """Return the token after a named value in a namespace, `Demo.Colors#RED`, from its first dot; 0 for another operand."""
        index = self.at
        while self.kinds[index] == "." and self.kinds[index + 1] == NAME:
            index += 2
        return index + 2 if self.kinds[index] == "." and self.kinds[index + 1] == TYPED else 0

    @staticmethod
    def _name(text: str, kind: str) -> tuple[str, str]:
        """Return a name without its marks, and the marks."""
        if kind == NAME:
            return text, ""
        if kind == QUOTED:
            return text[1:-1], '"'
        return (text[2:-1], '#"') if text[1:2] == '"' else (text[1:], "#")

    def _steps(self, path: list[Selector]) -> None:
        """Read `.member`, `[index]`, `.%X0` and `^` as long as there are more."""
        kinds = self.kinds
        while kinds[self.at] in _STEPS:
            first = self.at
            kind = kinds[first]
            self.at += 1
            if kind == "[":
                path.append(self._index(first))
            elif kind == "^":
                path.append(Dereference(first, self.at))
            elif not self._read_member(first, path):
                return
        if kinds[self.at] == ":" and self.tokens.source.startswith(":P", self.tokens.starts[self.at]):
            self._peripheral(path)

    def _peripheral(self, path: list[Selector]) -> None:
        """Read `:P`, the access past the process image, where it is written without blanks."""
        starts, ends = self.tokens.starts, self.tokens.ends
        if ends[self.at - 1] == starts[self.at] and self.text(self.at + 1) == "P":
            self.at += 2
            path.append(Slice(self.at - 2, self.at, ":P"))

    def _read_member(self, first: int, path: list[Selector]) -> bool:
        """Read the member after a dot; report and return False if there is none."""
        kind = self.kinds[self.at]
        if kind == PERCENT or (kind == NUMBER and self.text(self.at).isdecimal()):
            self.at += 1
            path.append(Slice(first, self.at, self.text(self.at - 1)))
            return True
        if kind not in (NAME, QUOTED, LOCAL):
            self.report("member-missing", f"The name of a member is missing after '.'; found {self.describe_token()}.")
            return False
        self.at += 1
        name, mark = self._name(self.text(self.at - 1), kind)
        path.append(Member(first, self.at, name, '"' in mark))
        return True

    def _index(self, first: int) -> Index:
        """Read the indices of an array access after its bracket."""
        indices: list[Expression] = []
        if self.too_deep():
            self._skip_to_close("[", "]")
            return Index(first, self.at, indices)
        self.depth += 1
        indices.append(self.expression())
        while self.accept(","):
            indices.append(self.expression())
        self.depth -= 1
        self.expect("]", "after the index")
        return Index(first, self.at, indices)

    def call(self, callee: Variable) -> Expression:
        """Read the arguments of a call, and further steps into what it returns."""
        opening = self.at
        self.at += 1
        arguments: list[Argument] = []
        if self.too_deep():
            self._skip_to_close("(", ")")
            return Call(callee.first, self.at, callee, arguments, opening)
        self.depth += 1
        while self.kinds[self.at] != ")":
            arguments.append(self._argument())
            if not self.accept(","):
                break
        self.depth -= 1
        self.expect(")", "after the arguments of the call")
        return Call(callee.first, self.at, callee, arguments, opening)

    def _argument(self) -> Argument:
        """Read one argument: `name := value`, `name => target` or a value."""
        first = self.at
        kind = self.kinds[first]
        operator = self.kinds[first + 1] if first + 1 < len(self.kinds) else ""
        if kind in (NAME, QUOTED) and operator in _ARGUMENT_OPERATORS:
            self.at += 2
            text = self.text(first)
            empty = self.kinds[self.at] in (",", ")")
            value = None if empty else self.expression()
            quoted = kind == QUOTED
            return Argument(first, self.at, text[1:-1] if quoted else text, quoted, operator, value)
        value = self.expression()
        return Argument(first, self.at, "", False, "", value)

    def _skip_to_close(self, opening: str, close: str) -> None:
        """Skip everything up to the closing mark of the open bracket, or the end of the statement."""
        level = 1
        while level and self.kinds[self.at] not in (";", "end"):
            level += {opening: 1, close: -1}.get(self.kinds[self.at], 0)
            self.at += 1
