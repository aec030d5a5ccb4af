"""Expressions of SCL: the syntax tree becomes typed nodes, with every conversion in its place.

Facts: S7-1500 system manual, "Expressions": the operands decide the type of an operation, the wider one wins; a plain
literal takes the type of the other operand; constants are computed once, by the compiler.
"""

from __future__ import annotations

from dataclasses import replace

from simatic_xml import scl
from simatic_xml.program import values
from simatic_xml.program.absolute import absolute, looks_absolute
from simatic_xml.program.coercion import coerce
from simatic_xml.program.conversions import operation
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.nodes import Absolute, Binary, Broken, Constant, Expression, InstructionCall, TagOperand, Unary
from simatic_xml.program.scl_calls import call
from simatic_xml.program.scl_context import Places
from simatic_xml.program.scl_names import named
from simatic_xml.program.scl_paths import follow
from simatic_xml.program.scope import Scope
from simatic_xml.program.targets import is_output
from simatic_xml.program.types import (
    BOOL,
    UNKNOWN,
    DataType,
    Elementary,
    Kind,
    Reference,
    Special,
    Text,
    Unknown,
    type_name,
)
from simatic_xml.scl import nodes as tree

COMPARISONS = frozenset(("=", "<>", "<", "<=", ">", ">="))
_SPELLING = {"&": "AND", "DIV": "/"}
_OF_TYPE = frozenset(("TYPEOF", "TYPEOFELEMENTS", "TYPEOFDB"))
_TYPE_NAME = Special("Type")
_NEGATED = (Kind.INTEGER, Kind.REAL, Kind.DURATION)


def expression(
    scope: Scope, source: scl.SourceTree, node: tree.Expression, expected: DataType | None, places: Places
) -> Expression:
    """Return the typed form of an expression of a syntax tree.

    Args:
        scope: the block that it stands in; receives the findings.
        source: the tree that the node belongs to.
        node: the expression.
        expected: the type that a plain literal should take; it converts nothing.
        places: the places of the tree's nodes.
    """
    del source  # the places know their tree
    return Typing(scope, places).expression(node, expected)


class Typing:
    """Types the expressions of one tree in one block."""

    def __init__(self, scope: Scope, places: Places) -> None:
        """Keep the block and the places."""
        self.scope = scope
        self.places = places

    def place(self, node: tree.Node) -> Place:
        """Return where a node stands."""
        return self.places.of(node)

    def expression(self, node: tree.Expression, expected: DataType | None = None) -> Expression:
        """Return the typed form of an expression; `expected` is the type that a plain literal should take."""
        match node:
            case tree.Variable():
                return self._value(self.operand(node, expected))
            case tree.Literal():
                return self._literal(node, node.text, expected)
            case tree.Binary():
                return self._binary(node, expected)
            case tree.Unary():
                return self._unary(node, expected)
            case tree.Call():
                return call(self, node)
            case tree.Address():
                return absolute(self.scope, node.text, self.place(node), expected)
        return Broken(UNKNOWN, self.place(node))

    def condition(self, node: tree.Expression) -> Expression:
        """Return an expression as a Bool, or report that it is none."""
        return coerce(self.scope, self.expression(node, BOOL), BOOL, self.place(node))

    def operand_or_value(self, node: tree.Expression, expected: DataType | None = None) -> Expression:
        """Return an operand that may be read or written, or the value of an expression."""
        return self.operand(node, expected) if isinstance(node, tree.Variable) else self.expression(node, expected)

    def operand(self, node: tree.Variable, expected: DataType | None = None) -> Expression:
        """Return the operand that a name and the steps behind it lead to."""
        place = self.place(node)
        text = _without_sign(self.scope, node)
        if text:
            return absolute(self.scope, text, place, expected)
        base = named(self.scope, node.name, node.mark, place, expected)
        if not node.path:
            return base
        found = follow(self, base, node.path)
        return found if isinstance(found, Broken) else replace(found, place=place)

    def _value(self, operand: Expression) -> Expression:
        """Return an operand that is read; an output past the process image cannot be."""
        if isinstance(operand, TagOperand | Absolute) and operand.peripheral and is_output(operand):
            message = "An output cannot be read past the process image; remove ':P'."
            self.scope.error("address.peripheral_read", message, operand.place)
        return operand

    # Literals --------------------------------------------------------------------------------------------------------

    def _literal(self, node: tree.Literal, text: str, expected: DataType | None) -> Expression:
        place = self.place(node)
        if text.upper() == "NULL":
            return Constant(0, expected if isinstance(expected, Reference) else Special("NULL"), place, fixed=True)
        found = values.literal(text, expected)
        if found is None and expected is not None:
            found = values.literal(text)
        if found is None:
            message = f"'{text}' is no literal, or its value does not exist in its type; correct it."
            self.scope.error("value.literal", message, place)
            return Broken(UNKNOWN, place)
        return Constant(found[0], found[1], place, fixed=node.typed)

    # Operators -------------------------------------------------------------------------------------------------------

    def _unary(self, node: tree.Unary, expected: DataType | None) -> Expression:
        place = self.place(node)
        if node.operator == "&":
            return Broken(UNKNOWN, place)
        inner = node.operand
        if node.operator == "-" and isinstance(inner, tree.Literal) and inner.text[:1].isdigit():
            negative = values.literal(f"-{inner.text}", expected) or values.literal(f"-{inner.text}")
            if negative is not None:
                return Constant(negative[0], negative[1], place)
        operand = self.expression(inner, expected)
        if node.operator == "+" or isinstance(operand.type, Unknown):
            return operand
        if node.operator == "NOT":
            return self._not(operand, place)
        return self._negative(operand, place)

    def _not(self, operand: Expression, place: Place) -> Expression:
        if isinstance(operand.type, Elementary) and operand.type.kind in (Kind.BOOL, Kind.BITS):
            return self._folded(Unary("NOT", operand, operand.type, place))
        message = f"NOT needs a Bool or a bit string, not a value of type {type_name(operand.type)}."
        self.scope.error("type.operand", message, place)
        return Broken(UNKNOWN, place)

    def _negative(self, operand: Expression, place: Place) -> Expression:
        data_type = operand.type
        if isinstance(data_type, Elementary) and data_type.kind in _NEGATED and data_type.signed:
            return self._folded(Unary("-", operand, data_type, place))
        message = f"A value of type {type_name(data_type)} has no negative; convert it to a signed type first."
        self.scope.error("type.operand", message, place)
        return Broken(UNKNOWN, place)

    def _binary(self, node: tree.Binary, expected: DataType | None) -> Expression:
        """Type a chain of operators from its left end, however long it is."""
        chain: list[tree.Binary] = []
        first: tree.Expression = node
        while isinstance(first, tree.Binary):
            chain.append(first)
            first = first.left
        hint = None if node.operator in COMPARISONS else expected
        left, left_node = self.expression(first, hint), first
        for each in reversed(chain):
            left = self._pair(each, left_node, left, None if each.operator in COMPARISONS else hint)
            left_node = each
        return left

    def _pair(
        self, node: tree.Binary, left_node: tree.Expression, left: Expression, expected: DataType | None
    ) -> Expression:
        place = self.place(node)
        if node.operator in ("=", "<>") and _asks_type(left):
            return self._type_comparison(node, left, place)
        right = self.expression(node.right, _hint(left, expected))
        if isinstance(left_node, tree.Literal) and not isinstance(node.right, tree.Literal):
            left = self._literal(left_node, left_node.text, _hint(right, expected))
        return self.binary(_SPELLING.get(node.operator, node.operator), left, right, place)

    def binary(self, operator: str, left: Expression, right: Expression, place: Place) -> Expression:
        """Return an operation of two typed operands, each converted to the type in which the operator works."""
        scope = self.scope
        family = scope.symbols.cpu.family
        found = operation(operator, left.type, right.type, iec_check=scope.iec_check, family=family)
        if found is None:
            names = f"{type_name(left.type)} and {type_name(right.type)}"
            scope.error("type.operands", f"'{operator}' does not join {names}; convert one of them.", place)
            return Broken(BOOL if operator in COMPARISONS else UNKNOWN, place)
        left = coerce(scope, left, found.left, left.place)
        right = coerce(scope, right, found.right, right.place)
        if operator in ("/", "MOD") and isinstance(right, Constant) and right.value == 0:
            message = "This divides by zero: the result has no meaning. Divide by something else, or check it before."
            scope.warning("value.division_by_zero", message, place)
        return self._folded(Binary(operator, left, right, found.result, place))

    def _type_comparison(self, node: tree.Binary, left: Expression, place: Place) -> Expression:
        """Return `TypeOf(x) = Int`: what stands on the right is a data type, not an operand."""
        right = node.right
        if isinstance(right, tree.Variable) and not right.path and right.mark in ("", '"'):
            name = f'"{right.name}"' if right.mark else right.name
            if not isinstance(self.scope.data_type(name), Unknown):
                constant = Constant(name, _TYPE_NAME, self.place(right), fixed=True)
                return Binary(node.operator, left, constant, BOOL, place)
        return Binary(node.operator, left, self.expression(right), BOOL, place)

    def _folded(self, found: Unary | Binary) -> Expression:
        """Return the value of an operation on constants, computed now; anything else stays as it is."""
        parts = (found.operand,) if isinstance(found, Unary) else (found.left, found.right)
        if not all(isinstance(each, Constant) for each in parts):
            return found
        return values.fold(found) or found


def _hint(other: Expression, expected: DataType | None) -> DataType | None:
    """Return the type that a plain literal takes beside another operand, else the one that is expected of both."""
    if isinstance(other.type, Elementary | Text) and not _adapts(other):
        return other.type
    return expected


def _adapts(operand: Expression) -> bool:
    return isinstance(operand, Constant) and not operand.fixed


def _asks_type(operand: Expression) -> bool:
    return isinstance(operand, InstructionCall) and operand.name.upper() in _OF_TYPE


def _without_sign(scope: Scope, node: tree.Variable) -> str:
    """Return the text of an absolute operand that is written without `%` and has steps (`M0.0`, `DB1.DBW2`), else empty."""
    if node.mark or not node.path or scope.variable(node.name) is not None:
        return ""
    text = node.name
    for step in node.path:
        if isinstance(step, tree.Member) and not step.quoted:
            text += f".{step.name}"
        elif isinstance(step, tree.Slice):
            text += step.text if step.text == ":P" else f".{step.text}"
        else:
            return ""
    return text if looks_absolute(text) else ""
