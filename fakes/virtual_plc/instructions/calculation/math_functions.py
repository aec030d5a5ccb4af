"""Functions of floating-point numbers.

They are calculated with 64 bits and rounded once, so that the last bit of a REAL may differ from a CPU's. Where a
function has no value the result is NaN, where it has no limit infinite, both with ENO 0 (S7-1200 manual).
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable

from virtual_plc.instructions.calculation.arithmetic import power
from virtual_plc.instructions.calculation.numbers import holding
from virtual_plc.instructions.registry import Site, register_maker

Result = tuple[float, bool]


def _logarithm(value: float, of: Callable[[float], float] = math.log) -> float:
    return of(value) if value > 0 else (-math.inf if value == 0 else math.nan)


def _exponential(value: float) -> float:
    try:
        return math.exp(value)
    except OverflowError:
        return math.inf


def _fraction(value: float) -> float:
    return math.modf(value)[0] if math.isfinite(value) else math.nan


def _or_nan(function: Callable[[float], float]) -> Callable[[float], float]:
    def calculate(value: float) -> float:
        try:
            return function(value)
        except ValueError:
            return math.nan

    return calculate


FUNCTIONS: dict[str, Callable[[float], float]] = {
    "SQR": lambda value: value * value,
    "SQRT": _or_nan(math.sqrt),
    "LN": _logarithm,
    "LOG": lambda value: _logarithm(value, math.log10),
    "EXP": _exponential,
    "SIN": _or_nan(math.sin),
    "COS": _or_nan(math.cos),
    "TAN": _or_nan(math.tan),
    "ASIN": _or_nan(math.asin),
    "ACOS": _or_nan(math.acos),
    "ATAN": math.atan,
    "FRAC": _fraction,
}
"""What each function calculates, in 64 bits; angles are radians."""


def _of(function: Callable[[float], float]) -> Callable[[Site], Callable[[float], Result]]:
    def make(site: Site) -> Callable[[float], Result]:
        hold = holding(site.type_of("T", "IN"))

        def calculate(IN: float) -> Result:
            result = hold(function(IN))
            return result, math.isfinite(result)

        return calculate

    return make


for _name, _function in FUNCTIONS.items():
    register_maker(_name, "IN", "RET ENO")(_of(_function))


@register_maker("EXPT", "IN1 IN2", "RET ENO")
def _expt(site: Site) -> Callable[[float, float], Result]:
    hold = holding(site.type_of("T", "IN1"))

    def calculate(IN1: float, IN2: float) -> Result:
        result = hold(power(IN1, float(IN2)))
        return result, math.isfinite(result)

    return calculate


@register_maker("Random")
def _random(site: Site) -> Callable[[], int]:
    """Return numbers that are the same in each run, so that runs can be repeated; each block has its own series."""
    series = random.Random(site.block)  # noqa: S311 - nothing secret
    return lambda: series.getrandbits(32)
