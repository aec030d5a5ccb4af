"""Arithmetic: what operators and boxes calculate, and when ENO reports that the result is not right.

Integers keep the bits that fit, quotients go towards zero, division by zero gives 0; a REAL is rounded to 32 bits after
each operation and becomes infinite or NaN instead of failing. ENO is 0 where the result does not fit, for a division by
zero, and for an infinite number or NaN; the box DIV has its own rule for zero. Marks: docs/conformance-plc/instructions.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache, reduce
from typing import Any, Final

from simatic_xml.program.types.types import DataType
from virtual_plc.instructions.calculation.numbers import (
    holding,
    is_real,
    quotient,
    range_of,
    real_quotient,
    remainder,
    single,
    wrapping,
)
from virtual_plc.instructions.registry import Reference, Site, register_maker

Number = Any
Result = tuple[Number, bool]
"""A result and whether it is right (ENO)."""

_WHOLE: Final[dict[str, Callable[[int, int], int]]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": quotient,
    "MOD": remainder,
}
_BOXES: Final = {"ADD": "+", "SUB": "-", "MUL": "*", "MOD": "MOD"}


def _product(a: float, b: float) -> float:
    return a * b


_REAL: Final[dict[str, Callable[[float, float], float]]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": _product,
    "/": real_quotient,
    "**": lambda a, b: power(a, b),
}


def power(base: float, exponent: float) -> float:
    """Return a power as IEEE 754 has it: infinite where it is too large, NaN where it does not exist."""
    try:
        return math.pow(base, exponent)
    except OverflowError:
        odd = exponent == int(exponent) and int(exponent) % 2 == 1
        return -math.inf if base < 0 and odd else math.inf
    except ValueError:
        return math.inf if base == 0 else math.nan


@cache
def operation(operator: str, data_type: DataType) -> Callable[[Number, Number], Number]:
    """Return what `+ - * / MOD **` does with two values of a type of numbers or counts."""
    checked = checked_operation(operator, data_type)
    return lambda a, b: checked(a, b)[0]


@cache
def checked_operation(operator: str, data_type: DataType) -> Callable[[Number, Number], Result]:
    """Return what an operator does, with whether the result is right."""
    if is_real(data_type):
        return _real_operation(_REAL[operator], holding(data_type))
    if operator == "**":
        return _whole_power(data_type)
    whole, keep, (least, most) = _WHOLE[operator], wrapping(data_type), range_of(data_type)
    divides = operator in ("/", "MOD")

    def calculate(a: int, b: int) -> Result:
        if divides and b == 0:
            return 0, False
        result = whole(a, b)
        return (result, True) if least <= result <= most else (keep(result), False)

    return calculate


def _real_operation(operate: Callable[[float, float], float], hold: Callable[[float], float]) -> Callable[..., Result]:
    def calculate(a: float, b: float) -> Result:
        result = hold(operate(a, b))
        return result, math.isfinite(result)

    return calculate


def _whole_power(data_type: DataType) -> Callable[[int, int], Result]:
    """Return the power of whole numbers; a negative exponent truncates to what is left of the fraction."""
    keep, (least, most), bits = wrapping(data_type), range_of(data_type), 1 << 64

    def calculate(a: int, b: int) -> Result:
        if b < 0:
            return ({1: 1, -1: -1 if b % 2 else 1}.get(a, 0), a != 0)
        result = keep(pow(a, b, bits))
        exact = a in (-1, 0, 1) or (b <= 64 and least <= a**b <= most)
        return result, exact

    return calculate


@cache
def negation(data_type: DataType) -> Callable[[Number], Result]:
    """Return unary minus."""
    if is_real(data_type):
        return lambda value: (-value, math.isfinite(value))
    keep, (least, most) = wrapping(data_type), range_of(data_type)
    return lambda value: (keep(-value), least <= -value <= most)


def _box(operator: str) -> Callable[[Site], Callable[..., Result]]:
    """Return what makes a box of two or more inputs."""

    def make(site: Site) -> Callable[..., Result]:
        calculate = checked_operation(operator, site.type_of("T", "IN1"))

        def box(first: Number, *others: Number) -> Result:
            return reduce(lambda sum_, each: _combine(sum_, calculate(sum_[0], each)), others, (first, True))

        return box

    return make


def _combine(before: Result, after: Result) -> Result:
    return after[0], before[1] and after[1]


for _name, _operator in _BOXES.items():
    register_maker(_name, "*IN", "RET ENO")(_box(_operator))


@register_maker("DIV", "*IN", "RET ENO")
def _divide(site: Site) -> Callable[[Number, Number], Result]:
    """Divide as the box of LAD and FBD does: by zero the quotient is 0, of REAL NaN (16#7FC00000), and ENO stays TRUE.

    TIA Portal's help, LAD (S7-1200, S7-1500), DIV.
    """
    data_type = site.type_of("T", "IN1")
    calculate, real = checked_operation("/", data_type), is_real(data_type)
    by_zero = math.nan if real and holding(data_type) is single else 0.0 if real else 0

    def divide(dividend: Number, divisor: Number) -> Result:
        if divisor == 0:
            return by_zero, math.isfinite(dividend)
        return calculate(dividend, divisor)

    return divide


@register_maker("NEG", "IN", "RET ENO")
def _negate(site: Site) -> Callable[[Number], Result]:
    return negation(site.type_of("T", "IN"))


@register_maker("ABS", "IN", "RET ENO")
def _absolute(site: Site) -> Callable[[Number], Result]:
    negate = negation(site.type_of("T", "IN"))
    if is_real(site.type_of("T", "IN")):
        return lambda value: (abs(value), math.isfinite(value))
    return lambda value: negate(value) if value < 0 else (value, True)


def _step(operator: str) -> Callable[[Site], Callable[[Reference], bool]]:
    """Return what makes INC or DEC."""

    def make(site: Site) -> Callable[[Reference], bool]:
        calculate = checked_operation(operator, site.type_of("T", "OPERAND"))

        def step(OPERAND: Reference) -> bool:
            value, right = calculate(OPERAND.get(), 1)
            OPERAND.set(value)
            return right

        return step

    return make


register_maker("INC", "&OPERAND", "ENO")(_step("+"))
register_maker("DEC", "&OPERAND", "ENO")(_step("-"))


@register_maker("CALCULATE", "OUT", "RET ENO")
def _calculate(site: Site) -> Callable[[Number], Result]:
    """Return the result of the formula: the tier calculates it and reports overflows inside it."""
    if is_real(site.type_of("T", "OUT")):
        return lambda value: (value, math.isfinite(value))
    return lambda value: (value, True)
