"""Comparisons that are called: CMP boxes, ranges, validity of numbers, types, references.

NaN is neither equal nor unequal to anything and in no range; texts are compared character by character, a shorter one is less than one that
it begins (S7-1200 manual).
"""

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any, Final

from virtual_plc.instructions.calculation.ordering import sort_key, unequal
from virtual_plc.instructions.registry import Reference, Site, plain, register_maker, template

COMPARISONS: Final[dict[str, Callable[[Any, Any], bool]]] = {
    "==": operator.eq,
    "<>": unequal,
    ">=": operator.ge,
    "<=": operator.le,
    ">": operator.gt,
    "<": operator.lt,
}
"""What each comparison does with two values of the same type that have no parts."""


def _compare(sign: str) -> Callable[[Site], Callable[[Any, Any], bool]]:
    def make(site: Site) -> Callable[[Any, Any], bool]:
        key, compare = sort_key(site.type_of("T", "IN1")), COMPARISONS[sign]
        return lambda IN1, IN2: compare(key(IN1), key(IN2))

    return make


for _sign in COMPARISONS:
    register_maker(f"CMP {_sign}", "IN1 IN2")(_compare(_sign))

plain("IN_RANGE", "MIN VAL MAX", inline=template("{0} <= {1} <= {2}"))(lambda MIN, VAL, MAX: MIN <= VAL <= MAX)
plain("OUT_RANGE", "MIN VAL MAX", inline=template("{1} < {0} or {1} > {2}"))(
    lambda MIN, VAL, MAX: VAL < MIN or VAL > MAX
)
plain("OK", "OPERAND")(math.isfinite)
plain("NOT_OK", "OPERAND")(lambda OPERAND: not math.isfinite(OPERAND))


@plain("IS_NULL", "&OPERAND")
def is_null(OPERAND: Reference | None) -> bool:
    """Return whether a VARIANT or reference points to nothing."""
    return _follow_pointer(OPERAND) is None


@plain("NOT_NULL", "&OPERAND")
def not_null(OPERAND: Reference | None) -> bool:
    """Return whether a VARIANT or reference points to data."""
    return _follow_pointer(OPERAND) is not None


def _follow_pointer(operand: Reference | None) -> Any:
    """Return the data that a VARIANT points to; of a variable that holds a reference the data that the reference names."""
    return None if operand is None else operand.get()
