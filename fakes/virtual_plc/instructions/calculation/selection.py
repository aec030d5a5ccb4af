"""Choose one of several values: SEL, MUX, DEMUX, LIMIT, MIN, MAX.

All inputs are evaluated before one is taken. A MUX whose K is none of its inputs takes INELSE and clears ENO; a LIMIT
whose lower limit is above the upper one gives IN (S7-1200 manual; what a MUX without INELSE gives is unverified).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from virtual_plc.instructions.calculation.numbers import is_real
from virtual_plc.instructions.calculation.ordering import has_key, sort_key
from virtual_plc.instructions.registry import KEEP, Inline, Site, plain, register_maker, template
from virtual_plc.memory.storage import new

Value = Any


@plain("SEL", "G IN0 IN1", inline=template("{2} if {0} else {1}"))
def select(G: bool, IN0: Value, IN1: Value) -> Value:
    """Return IN1 where G is true, else IN0."""
    return IN1 if G else IN0


@register_maker("MUX", "K INELSE *IN", "RET ENO")
def _multiplex(site: Site) -> Callable[..., tuple[Value, bool]]:
    nothing = new(site.type_of("T", "IN0"))

    def multiplex(K: int, INELSE: Value, *inputs: Value) -> tuple[Value, bool]:
        if 0 <= K < len(inputs):
            return inputs[K], True
        return (nothing if INELSE is None else INELSE), False

    return multiplex


@register_maker("DEMUX", "K IN", "OUTELSE *OUT ENO")
def _demultiplex(site: Site) -> Callable[[int, Value], tuple[Value, ...]]:
    """Write one output and keep the others."""
    outputs = site.find_numbered("OUT")
    count = len(outputs)

    def demultiplex(K: int, IN: Value) -> tuple[Value, ...]:
        found = [KEEP] * (count + 1)
        inside = 0 <= K < count
        found[K + 1 if inside else 0] = IN
        return (*found, inside)

    return demultiplex


def _ordered_by_itself(site: Site, parameter: str) -> bool:
    return not has_key(site.type_of("T", parameter))


_LIMITED = template("{1} if not {0} <= {2} else {0} if {1} < {0} else {2} if {1} > {2} else {1}")


def _inline_limit(site: Site) -> Inline | None:
    return _LIMITED if _ordered_by_itself(site, "IN") else None


@register_maker("LIMIT", "MN IN MX", "RET ENO", inline=_inline_limit)
def _limit(site: Site) -> Callable[[Value, Value, Value], tuple[Value, bool]]:
    key = sort_key(site.type_of("T", "IN"))

    def limit(MN: Value, IN: Value, MX: Value) -> tuple[Value, bool]:
        least, value, most = key(MN), key(IN), key(MX)
        if not least <= most:
            return IN, False
        if value != value:
            return IN, False
        return (MN if value < least else MX if value > most else IN), True

    return limit


def _extreme(choose: Callable[..., Value]) -> Callable[[Site], Callable[..., tuple[Value, bool]]]:
    def make(site: Site) -> Callable[..., tuple[Value, bool]]:
        data_type = site.type_of("T", "IN1")
        key = sort_key(data_type)
        if not is_real(data_type):
            return lambda *values: (choose(values, key=key), True)
        return lambda *values: (math.nan, False) if any(map(math.isnan, values)) else (choose(values), True)

    return make


def _inline_extreme(made: Inline) -> Callable[[Site], Inline | None]:
    def inline(site: Site) -> Inline | None:
        simple = _ordered_by_itself(site, "IN1") and not is_real(site.type_of("T", "IN1"))
        return (lambda *operands: made(operands)) if simple else None

    return inline


register_maker("MIN", "*IN", "RET ENO", inline=_inline_extreme(template("min({})")))(_extreme(min))
register_maker("MAX", "*IN", "RET ENO", inline=_inline_extreme(template("max({})")))(_extreme(max))
