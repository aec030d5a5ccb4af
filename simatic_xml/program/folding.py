"""Calculate constant expressions as a CPU does: wrapping integers, truncating division, 32-bit REAL.

An expression stays if its result depends on a running program, or if it would fault (a division by zero).
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import NamedTuple, TypeVar

from simatic_xml.program.nodes import Binary, Constant, Convert, Expression, Unary, Value
from simatic_xml.program.types.ranges import fits, limits, real32, wrap
from simatic_xml.program.types.types import DataType, Elementary, Kind, Text

N = TypeVar("N", int, float)


class FoldedConstant(NamedTuple):
    """A constant, and whether its value did not fit the type on the way."""

    constant: Constant
    overflowed: bool


def fold(expression: Expression) -> Constant | None:
    """Return the constant value of an expression, None if it has none."""
    found = fold_expression(expression)
    return None if found is None else found.constant


def fold_expression(expression: Expression) -> FoldedConstant | None:
    """Return the constant value of an expression, and whether a value overflowed; None if it has none."""
    match expression:
        case Constant():
            return FoldedConstant(expression, overflowed=False)
        case Unary():
            return _unary(expression)
        case Binary():
            return _binary(expression)
        case Convert(function=""):
            return _convert(expression)
    return None


def _unary(expression: Unary) -> FoldedConstant | None:
    inner = fold_expression(expression.operand)
    if inner is None or isinstance(inner.constant.value, str):
        return None
    value = inner.constant.value
    if expression.operator == "-":
        return None if isinstance(value, bool) else _result(expression, -value, [inner])
    if isinstance(value, bool):
        return _result(expression, not value, [inner])
    return None if isinstance(value, float) else _result(expression, ~value, [inner], exact=False)


def _binary(expression: Binary) -> FoldedConstant | None:
    """Fold a chain of operators from its left end, however long it is."""
    chain: list[Binary] = []
    first: Expression = expression
    while isinstance(first, Binary):
        chain.append(first)
        first = first.left
    left = fold_expression(first)
    while left is not None and chain:
        left = _pair(chain.pop(), left)
    return left


def _pair(expression: Binary, left: FoldedConstant) -> FoldedConstant | None:
    right = fold_expression(expression.right)
    if right is None:
        return None
    value = _calculate(expression.operator, left.constant, right.constant)
    return None if value is None else _result(expression, value, [left, right])


def _calculate(symbol: str, left: Constant, right: Constant) -> Value | None:
    a, b = left.value, right.value
    if isinstance(a, str) or isinstance(b, str):
        texts = isinstance(left.type, Text) and isinstance(right.type, Text)
        return _COMPARISONS[symbol](a, b) if texts and symbol in _COMPARISONS else None
    if symbol in _COMPARISONS:
        return _COMPARISONS[symbol](a, b)
    if isinstance(a, float) or isinstance(b, float):
        return _calculate_safely(_REALS.get(symbol), float(a), float(b))
    if isinstance(a, bool) and isinstance(b, bool):
        return bool(_INTEGERS[symbol](a, b)) if symbol in ("AND", "OR", "XOR", "&") else None
    return _calculate_safely(_INTEGERS.get(symbol), int(a), int(b))


def _calculate_safely(function: Callable[[N, N], Value] | None, a: N, b: N) -> Value | None:
    """Calculate, unless the operation does not exist, faults, or exceeds all types."""
    if function is None:
        return None
    try:
        return function(a, b)
    except (ZeroDivisionError, OverflowError, ValueError):
        return None


def _quotient(a: int, b: int) -> int:
    return abs(a) // abs(b) * (1 if (a < 0) == (b < 0) else -1)


def _power(a: int, b: int) -> Value:
    if b < 0 or b * max(a.bit_length(), 1) > _MOST_BITS:
        raise OverflowError
    return int(a**b)


def _real_power(a: float, b: float) -> float:
    return math.pow(a, b)


_MOST_BITS = 512
_INTEGERS: dict[str, Callable[[int, int], Value]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": _quotient,
    "MOD": lambda a, b: a - _quotient(a, b) * b,
    "**": _power,
    "AND": lambda a, b: a & b,
    "&": lambda a, b: a & b,
    "OR": lambda a, b: a | b,
    "XOR": lambda a, b: a ^ b,
}
_REALS: dict[str, Callable[[float, float], Value]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "**": _real_power,
}
_COMPARISONS: dict[str, Callable[[Value, Value], bool]] = {
    "=": operator.eq,
    "<>": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def _result(
    expression: Unary | Binary, value: Value, inner: list[FoldedConstant], *, exact: bool = True
) -> FoldedConstant:
    """Return a value as the constant of an expression's type, wrapped where it does not fit."""
    held = fit_to_type(value, expression.type)
    lost = exact and not isinstance(value, bool) and not fits(value, expression.type)
    fixed = any(each.constant.fixed or each.constant.symbol for each in inner)
    overflowed = lost or any(each.overflowed for each in inner)
    return FoldedConstant(Constant(held, expression.type, expression.place, fixed=bool(fixed)), overflowed)


def fit_to_type(value: Value, data_type: DataType) -> Value:
    """Return the value of a calculated number that a type keeps."""
    if not isinstance(data_type, Elementary) or isinstance(value, bool | str):
        return value
    if data_type.kind is Kind.REAL:
        return real32(float(value)) if data_type.bits == 32 else float(value)
    if isinstance(value, int) and data_type.kind in (Kind.INTEGER, Kind.BITS, Kind.DURATION):
        return wrap(value, data_type)
    return value


def _convert(expression: Convert) -> FoldedConstant | None:
    """Fold an implicit conversion between numbers; others need more than the value."""
    inner = fold_expression(expression.operand)
    if inner is None or not isinstance(expression.type, Elementary):
        return None
    source, value = inner.constant.type, inner.constant.value
    if not isinstance(source, Elementary) or isinstance(value, bool | str):
        return None
    numbers = (Kind.INTEGER, Kind.BITS, Kind.REAL)
    if source.kind not in numbers or expression.type.kind not in numbers:
        return _rescale(expression, inner, source)
    if source.kind is Kind.REAL and expression.type.kind is Kind.BITS:
        return None
    whole = round(value) if isinstance(value, float) and math.isfinite(value) else value
    number = value if expression.type.kind is Kind.REAL else whole
    constant = Constant(fit_to_type(number, expression.type), expression.type, expression.place, fixed=True)
    pattern = Kind.BITS in (source.kind, expression.type.kind)
    return FoldedConstant(constant, inner.overflowed or not (pattern or fits(number, expression.type)))


def _rescale(expression: Convert, inner: FoldedConstant, source: Elementary) -> FoldedConstant | None:
    """Fold the conversion of a duration or time of day to its longer twin."""
    target, value = expression.type, inner.constant.value
    if not isinstance(target, Elementary) or source.kind is not target.kind or not isinstance(value, int):
        return None
    if not source.unit or not target.unit or limits(target) is None:
        return None
    scaled = value * source.unit // target.unit
    return FoldedConstant(Constant(scaled, target, expression.place, fixed=True), not fits(scaled, target))
