"""IEC counters: CTU, CTD, CTUD.

They count rising edges and stop at the limits of their type; reset wins over load, load over counting, and edges of CU
and CD in the same call cancel out (S7-1200 manual, counters; S7-300 manual for limits and dominance).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simatic_xml.program.types.types import INT
from virtual_plc.instructions.calculation.numbers import range_of
from virtual_plc.instructions.registry import Site, register_maker

Counter = Any
"""Instance of a counter: a storage object or view."""


def _limits(site: Site) -> tuple[int, int]:
    return range_of(site.types.get("T", INT))


@register_maker("CTU", "instance CU R PV", "Q CV")
def _up(site: Site) -> Callable[[Counter, bool, bool, int], tuple[bool, int]]:
    most = _limits(site)[1]

    def up(counter: Counter, CU: bool, R: bool, PV: int) -> tuple[bool, int]:
        value = counter.CV
        if R:
            value = 0
        elif CU and not counter.CU and value < most:
            value += 1
        counter.CU, counter.R, counter.PV = CU, R, PV
        _keep_edge(counter, "CUO", CU)
        return _show(counter, value, value >= PV, "QU"), value

    return up


@register_maker("CTD", "instance CD LD PV", "Q CV")
def _down(site: Site) -> Callable[[Counter, bool, bool, int], tuple[bool, int]]:
    least = _limits(site)[0]

    def down(counter: Counter, CD: bool, LD: bool, PV: int) -> tuple[bool, int]:
        value = counter.CV
        if LD:
            value = PV
        elif CD and not counter.CD and value > least:
            value -= 1
        counter.CD, counter.LD, counter.PV = CD, LD, PV
        _keep_edge(counter, "CDO", CD)
        return _show(counter, value, value <= 0, "QD"), value

    return down


@register_maker("CTUD", "instance CU CD R LD PV", "QU QD CV")
def _up_down(site: Site) -> Callable[..., tuple[bool, bool, int]]:
    least, most = _limits(site)

    def up_down(counter: Counter, CU: bool, CD: bool, R: bool, LD: bool, PV: int) -> tuple[bool, bool, int]:
        value = counter.CV
        step = (CU and not counter.CU) - (CD and not counter.CD)
        if R:
            value = 0
        elif LD:
            value = PV
        elif least <= value + step <= most:
            value += step
        counter.CU, counter.CD, counter.R, counter.LD, counter.PV = CU, CD, R, LD, PV
        _keep_edge(counter, "CUO", CU)
        _keep_edge(counter, "CDO", CD)
        counter.CV, counter.QU, counter.QD = value, value >= PV, value <= 0
        return counter.QU, counter.QD, value

    return up_down


def _keep_edge(counter: Counter, name: str, state: bool) -> None:
    """Keep the state of an input where the type of S7-300 and S7-400 has a member for it."""
    if hasattr(counter, name):
        setattr(counter, name, state)


def _show(counter: Counter, value: int, reached: bool, output: str) -> bool:
    """Write the value and the output; in the general types of S7-1200 and S7-1500 `Q` is called QU or QD."""
    counter.CV = value
    setattr(counter, output if hasattr(counter, output) else "Q", reached)
    return reached
