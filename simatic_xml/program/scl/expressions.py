"""Expressions of SCL: the syntax tree becomes typed nodes, with every conversion in its place.

Facts: S7-1500 system manual, "Expressions": the operands decide the type of an operation, the wider one wins; a plain
literal takes the type of the other operand; constants are computed once, by the compiler.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TypeGuard

from simatic_xml import scl
from simatic_xml.program.absolute import absolute, looks_absolute
from simatic_xml.program.diagnostics import Place
from simatic_xml.program.folding import fold_expression
from simatic_xml.program.nodes import (
    Absolute,
    Binary,
    BlockCall,
    Broken,
    Constant,
    Expression,
    Field,
    InstructionCall,
    Local,
    TagOperand,
    Unary,
)
from simatic_xml.program.scl.calls import call
from simatic_xml.program.scl.context import Places
from simatic_xml.program.scl.names import by_number, drop_namespace, resolve_name
from simatic_xml.program.scl.paths import follow
from simatic_xml.program.scl.type_tests import asks_type, type_constant
from simatic_xml.program.scope import Scope
from simatic_xml.program.targets import is_output
from simatic_xml.program.types import values
from simatic_xml.program.types.coercion import coerce, differ_in_precision, join
from simatic_xml.program.types.conversions import CLASSIC
from simatic_xml.program.types.types import (
    BOOL,
    DINT,
    ELEMENTARY,
    LINT,
    LREAL,
    REAL,
    S5TIME,
    UNKNOWN,
    VOID,
    WORD,
    DataType,
    Elementary,
    Kind,
    Reference,
    Special,
    Structure,
    Unknown,
    type_name,
)
from simatic_xml.scl import nodes as tree

COMPARISONS = frozenset(("=", "<>", "<", "<=", ">", ">="))
_LOGIC = frozenset(("AND", "OR", "XOR"))
_NULL = Special("Null")
_SPELLING = {"&": "AND", "DIV": "/"}
_NEGATED = (Kind.INTEGER, Kind.REAL, Kind.DURATION)


def expression(
    scope: Scope, source: scl.SourceTree, node: tree.Expression, expected: DataType | None, places: Places
) -> Expression:
    """Return the typed form of an expression of a syntax tree.

    Args:
        scope: the block that contains it; receives the findings.
        source: the tree that the node belongs to.
        node: the expression.
        expected: the type that a plain literal should take; it converts nothing.
        places: the places of the tree's nodes.
    """
    del source  # the places know their tree
    return Typing(scope, places).expression(node, expected)


class Typing:
    """Types the expressions of one tree in one block."""

    def __init__(self, scope: Scope, places: Places, *, precise: bool = True) -> None:
        """Keep the block and the places.

        Args:
            scope: the block that contains the expressions; receives the findings.
            places: the places of the tree's nodes.
            precise: whether numbers without a type have the highest precision, as in SCL; in a network they do not.
        """
        self.scope = scope
        self.places = places
        self.precise = precise

    def place(self, node: tree.Node) -> Place:
        """Return the place of a node."""
        return self.places.of(node)

    def expression(self, node: tree.Expression, expected: DataType | None = None) -> Expression:
        """Return the typed form of an expression; a plain literal takes the `expected` type, a conversion without types makes it."""
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
                return self._check_call(node, expected)
            case tree.Address():
                return absolute(self.scope, node.text, self.place(node), expected)
        return Broken(UNKNOWN, self.place(node))

    def condition(self, node: tree.Expression) -> Expression:
        """Return an expression as a Bool; report any other type."""
        return coerce(self.scope, self.expression(node, BOOL), BOOL, self.place(node))

    def operand_or_value(self, node: tree.Expression, expected: DataType | None = None) -> Expression:
        """Return an operand that may be read or written, or the value of an expression."""
        return self.operand(node, expected) if isinstance(node, tree.Variable) else self.expression(node, expected)

    def operand(self, node: tree.Variable, expected: DataType | None = None) -> Expression:
        """Return the operand that a name and the steps after it lead to."""
        place = self.place(node)
        text = _without_sign(self.scope, node)
        if text:
            return absolute(self.scope, text, place, expected)
        node = drop_namespace(self.scope, node)
        base = resolve_name(self.scope, node.name, node.mark, place, expected)
        if not node.path:
            return base
        found = follow(self, base, node.path)
        found = found if isinstance(found, Broken) else replace(found, place=place)
        return by_number(found) if isinstance(found, Field) else found

    def _value(self, operand: Expression) -> Expression:
        """Return an operand that is read; an output past the process image cannot be."""
        if isinstance(operand, TagOperand | Absolute) and operand.peripheral and is_output(operand):
            message = "An output cannot be read with ':P'; remove it."
            self.scope.error("address.peripheral_read", message, operand.place)
        return operand

    def _check_call(self, node: tree.Call, expected: DataType | None) -> Expression:
        """Return a call whose value is used; it must return one, and must not have EN."""
        place = self.place(node)
        if any(each.name.upper() == "EN" for each in node.arguments):
            message = "A call with EN may be skipped and then has no value; call it in a separate statement."
            self.scope.error("call.enable", message, place)
        found = call(self, node, expected)
        if isinstance(found, BlockCall | InstructionCall) and found.type == VOID:
            name = found.callee if isinstance(found, BlockCall) else found.name
            message = f"'{name}' returns no value; call it in a separate statement and use its outputs."
            self.scope.error("call.no_result", message, place)
            return Broken(UNKNOWN, place)
        return found

    # Literals --------------------------------------------------------------------------------------------------------

    def _literal(self, node: tree.Literal, text: str, expected: DataType | None) -> Expression:
        """Return a literal, which takes the expected type if the value fits."""
        place = self.place(node)
        if text.upper() == "NULL":
            return Constant(0, expected if isinstance(expected, Reference) else _NULL, place, fixed=True)
        found = self._read(text, None if node.typed else expected)
        if found is None and node.typed and (named := self._named_value(text, place)) is not None:
            return named
        if found is None:
            self.scope.error("value.literal", f"'{text}' is not a literal of any type; correct it.", place)
            return Broken(UNKNOWN, place)
        value, data_type = found
        if node.typed and not values.fits(value, data_type):
            message = f"'{text}' is outside of the values of {type_name(data_type)}; use another type or value."
            self.scope.error("value.range", message, place)
            return Broken(data_type, place)
        return Constant(value, data_type, place, fixed=node.typed)

    def _named_value(self, text: str, place: Place) -> Expression | None:
        """Return the constant of a named value, `Demo.Colors#RED`; None where no named value data type has the name."""
        named = self.scope.symbols.named_values
        if (node := named.find(text.partition("#")[0])) is None:
            return None
        data_type = ELEMENTARY[node.base.upper()]
        constant = named.constant(text)
        if constant is None:
            message = f"'{node.name}' has no value '{text.partition('#')[2]}'; it has {', '.join(node.values)}."
            self.scope.error("value.named", message, place)
            return Broken(data_type, place)
        read = values.literal(constant[1], data_type)
        return Broken(data_type, place) if read is None else Constant(read[0], data_type, place, fixed=True)

    def _read(self, text: str, expected: DataType | None) -> values.Literal | None:
        """Return value and type of a literal; a number with a fraction has the highest precision unless a type is expected.

        TIA Portal's help, "Programming basics", heading "Data types of non-typed constants".
        """
        found = values.literal(text, expected) or values.literal(text)
        precise = self.precise and self.scope.symbols.cpu.family not in CLASSIC and not values.is_typed(text)
        return values.literal(text, LREAL) if precise and found and found[1] == REAL != expected else found

    # Operators -------------------------------------------------------------------------------------------------------

    def _unary(self, node: tree.Unary, expected: DataType | None) -> Expression:
        place = self.place(node)
        if node.operator == "&":
            return Broken(UNKNOWN, place)
        inner = node.operand
        if node.operator == "-" and isinstance(inner, tree.Literal) and inner.text[:1].isdigit():
            negative = self._read(f"-{inner.text}", expected)
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
            return self._fold(Unary("NOT", operand, operand.type, place))
        message = f"NOT needs a Bool or a bit string, not a value of type {type_name(operand.type)}."
        self.scope.error("type.operand", message, place)
        return Broken(UNKNOWN, place)

    def _negative(self, operand: Expression, place: Place) -> Expression:
        data_type = operand.type
        if isinstance(data_type, Elementary) and data_type.kind in _NEGATED and data_type.signed:
            return self._fold(Unary("-", operand, data_type, place))
        message = f"A value of type {type_name(data_type)} cannot be negated; convert it to a signed type first."
        self.scope.error("type.operand", message, place)
        return Broken(UNKNOWN, place)

    def _binary(self, node: tree.Binary, expected: DataType | None) -> Expression:
        """Type a chain of operators from its left end, however long it is; a comparison takes no type from outside."""
        chain: list[tuple[tree.Binary, DataType | None]] = []
        first: tree.Expression = node
        while isinstance(first, tree.Binary):
            expected = None if first.operator in COMPARISONS else expected
            chain.append((first, expected))
            first = first.left
        left = self._part(first, expected)
        for each, wanted in reversed(chain):
            left = self._pair(each, left, wanted)
        return left

    def _pair(self, node: tree.Binary, left: Expression, expected: DataType | None) -> Expression:
        place = self.place(node)
        if node.operator in ("=", "<>") and asks_type(left):
            return Binary(node.operator, left, type_constant(self, node.right), BOOL, place)
        right = self._part(node.right, expected)
        return self.binary(_SPELLING.get(node.operator, node.operator), left, right, place)

    def _part(self, node: tree.Expression, expected: DataType | None) -> Expression:
        """Return an operand of an operation; the type of the result is not that of a number in it."""
        bare = node.operand if isinstance(node, tree.Unary) else node
        if isinstance(bare, tree.Literal) and isinstance(expected, Elementary) and expected.kind is Kind.REAL:
            expected = None
        return self.expression(node, expected)

    def binary(self, operator: str, left: Expression, right: Expression, place: Place) -> Expression:
        """Return an operation of two typed operands, each converted to the type of the operator."""
        if operator in ("=", "<>") and _is_null(left) != _is_null(right) and _refers(left) and _refers(right):
            return Binary(operator, left, right, BOOL, place)
        if operator in ("=", "<>") and (_is_variant(left) or _is_variant(right)) and not _is_instance(left, right):
            return Binary(operator, left, right, BOOL, place)
        if operator in COMPARISONS and (why := self._refuse_comparison(left, right)):
            self.scope.error("type.operands", why, place)
            return Broken(BOOL, place)
        if self.precise and operator not in _LOGIC and is_untyped(left) and is_untyped(right):
            left, right = self._widest(left), self._widest(right)
        joined = join(self.scope, operator, left, right, place)
        if joined is None:
            names = f"{type_name(left.type)} and {type_name(right.type)}"
            self.scope.error("type.operands", f"'{operator}' cannot combine {names}; convert one of them.", place)
            return Broken(BOOL if operator in COMPARISONS else UNKNOWN, place)
        left, right, result = joined
        if operator in ("/", "MOD") and isinstance(right, Constant) and right.value == 0:
            message = "This divides by zero, so the result is not valid; check or change the divisor."
            self.scope.warning("value.division_by_zero", message, place)
        return self._fold(Binary(operator, left, right, result, place))

    def _refuse_comparison(self, left: Expression, right: Expression) -> str:
        """Return why two operands that an operator joins cannot be compared, empty where they can.

        TIA Portal's help, "Creating SCL programs", heading "Relational expressions". A Word and an S5TIME have their own rule.
        """
        types = (left.type, right.type)
        if self.precise and S5TIME in types and set(types) != {S5TIME, WORD}:
            return "An S5Time cannot be compared in SCL; convert it with S5TIME_TO_TIME."
        if differ_in_precision(left, right):
            return "A Real and an LReal cannot be compared; convert one of them explicitly."
        counted = not isinstance(left, Constant) and not isinstance(right, Constant)
        if counted and {_kind(left), _kind(right)} == {Kind.DURATION, Kind.INTEGER}:
            return "A time can be compared only with times and with numbers without a type; convert one of them explicitly."
        return _refuse_structures(left, right)

    def _widest(self, number: Constant) -> Constant:
        """Return a whole number next to another one in the widest type of the CPU (help, "Calculating with constants")."""
        widest = LINT if self.scope.symbols.cpu.family == "S7-1500" else DINT
        return replace(number, type=widest) if values.fits(number.value, widest) else number

    def _fold(self, found: Unary | Binary) -> Expression:
        """Return the value of an operation on constants, computed now; anything else stays as it is."""
        parts = (found.operand,) if isinstance(found, Unary) else (found.left, found.right)
        if not all(isinstance(each, Constant) for each in parts):
            return found
        constant = fold_expression(found)
        if constant is None:
            return found
        if constant.overflowed:
            message = f"The value of this expression does not fit its type {type_name(found.type)} and loses bits."
            self.scope.warning("value.overflow", message, found.place)
        return constant.constant


def _kind(operand: Expression) -> Kind | None:
    return operand.type.kind if isinstance(operand.type, Elementary) else None


def _refuse_structures(left: Expression, right: Expression) -> str:
    """Return why two structures cannot be compared, empty where they can: both need one PLC data type.

    TIA Portal's help, "Creating SCL programs", heading "Comparison of structures". A structure without a name can be compared
    within a PLC data type or as the element of an array.
    """
    if not isinstance(left.type, Structure) or not isinstance(right.type, Structure):
        return ""
    if "struct" in (left.type.origin, right.type.origin) and (isinstance(left, Local) or isinstance(right, Local)):
        return "Structures without a PLC data type cannot be compared; compare their members."
    if left.type.origin == right.type.origin == "udt" and left.type.name.casefold() != right.type.name.casefold():
        return f"'{left.type.name}' and '{right.type.name}' are two data types; their structures cannot be compared."
    return ""


def is_untyped(operand: Expression) -> TypeGuard[Constant]:
    """Return whether an operand is a whole number without a type."""
    if not isinstance(operand, Constant) or operand.fixed or operand.symbol:
        return False
    return isinstance(operand.type, Elementary) and operand.type.kind is Kind.INTEGER


def _is_null(operand: Expression) -> bool:
    return isinstance(operand.type, Special) and operand.type.name == _NULL.name


def _is_variant(operand: Expression) -> bool:
    """Return whether an operand is compared by the variable that it points to, with an operand of any type.

    TIA Portal's help, "Creating SCL programs", heading "Relational expressions": VARIANT with any data type.
    """
    return isinstance(operand.type, Special) and operand.type.name == "Variant"


def _is_instance(*operands: Expression) -> bool:
    """Return whether one of some operands is an instance, which cannot be compared."""
    return any(isinstance(each.type, Structure) and each.type.origin == "fb" for each in operands)


def _refers(operand: Expression) -> bool:
    """Return whether a value may refer to nothing: references, Variant and its like, DB_ANY."""
    return isinstance(operand.type, Reference | Special) or operand.type == ELEMENTARY["DB_ANY"]


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
    return text if looks_absolute(text, scope.symbols.cpu) else ""
