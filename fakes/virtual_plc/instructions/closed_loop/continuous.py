"""CONT_C, the continuous controller of FB 41 and SFB 41.

Facts: docs/facts/pid.md#cont_c. It calculates with 64 bits and shows REAL, as the block does that keeps the rest of its
integral action in a second REAL.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from virtual_plc.instructions.calculation.numbers import single
from virtual_plc.instructions.closed_loop.tags import Tags, analog, clamp, from_analog, takes
from virtual_plc.instructions.registry import Site, register_maker

_REAL_OUTPUTS = ("LMN", "LMN_P", "LMN_I", "LMN_D", "PV", "ER")
_LOWEST, _HIGHEST = -32512, 32511


@dataclass(frozen=True, slots=True)
class _State:
    """What the next call needs.

    Attributes:
        weighted: GAIN * ER of the last call.
        integral: integral action.
        lagging: output of the lag in the derivative action.
        at: 1 when LMN was at its high limit, -1 at its low one, else 0.
    """

    weighted: float = 0.0
    integral: float = 0.0
    lagging: float = 0.0
    at: int = 0


@dataclass(frozen=True, slots=True)
class _Parts:
    """The actions of one call."""

    weighted: float
    proportional: float
    integral: float
    derivative: float
    lagging: float


@register_maker("CONT_C", takes("CONT_C"), "")
def _continuous(_: Site) -> Callable[..., None]:
    def control(instance: Any, *given: Any) -> None:
        tags = Tags("CONT_C", instance, given)
        if tags["COM_RST"]:
            _restart(tags)
            instance._state = _State(integral=tags["I_ITLVAL"])
        else:
            instance._state = _calculate(tags, instance._state or _State(integral=tags["I_ITLVAL"]))

    return control


def _restart(tags: Tags) -> None:
    for name in _REAL_OUTPUTS:
        tags[name] = 0.0
    tags["LMN_PER"], tags["QLMN_HLM"], tags["QLMN_LLM"] = 0, False, False


def form_error(tags: Tags) -> float:
    """Show the process value and the error signal, and return the error signal."""
    value = from_analog(tags["PV_PER"]) * tags["PV_FAC"] + tags["PV_OFF"] if tags["PVPER_ON"] else tags["PV_IN"]
    tags["PV"] = single(value)
    error, band = tags["SP_INT"] - value, tags["DEADB_W"]
    error = error + band if error < -band else error - band if error > band else 0.0
    tags["ER"] = single(error)
    return float(error)


def _calculate(tags: Tags, state: _State) -> _State:
    weighted = form_error(tags) * tags["GAIN"]
    cycle = max(tags["CYCLE"], 1) / 1000
    manual = clamp(tags["MAN"], tags["LMN_LLM"], tags["LMN_HLM"])
    derivative, lagging = _derivative(tags, weighted, state, cycle)
    proportional = weighted if tags["P_SEL"] else 0.0
    integral = _integral(tags, weighted, manual - proportional - tags["DISV"], state, cycle)
    parts = _Parts(weighted, proportional, integral, derivative, lagging)
    return _show(tags, parts)


def _integral(tags: Tags, weighted: float, tracked: float, state: _State, cycle: float) -> float:
    if not tags["I_SEL"]:
        return 0.0
    if tags["I_ITL_ON"]:
        return float(tags["I_ITLVAL"])
    if tags["MAN_ON"]:
        return tracked
    step = cycle / max(tags["TI"] / 1000, cycle / 2) * (weighted + state.weighted) / 2
    return state.integral if tags["INT_HOLD"] or step * state.at > 0 else state.integral + step


def _derivative(tags: Tags, weighted: float, state: _State, cycle: float) -> tuple[float, float]:
    if tags["MAN_ON"] or not tags["D_SEL"]:
        return 0.0, weighted
    duration, lag = max(tags["TD"] / 1000, cycle), max(tags["TM_LAG"] / 1000, cycle / 2)
    derivative = (weighted - state.lagging) * duration / (cycle / 2 + lag)
    return derivative, state.lagging + cycle / duration * derivative


def _show(tags: Tags, parts: _Parts) -> _State:
    """Write the outputs; draw the integral action back to a limit that LMN has passed."""
    low, high, integral = tags["LMN_LLM"], tags["LMN_HLM"], parts.integral
    wanted = parts.proportional + integral + parts.derivative + tags["DISV"]
    if tags["MAN_ON"]:
        wanted = tags["MAN"]
    elif tags["I_SEL"] and not tags["I_ITL_ON"]:
        integral -= _excess(integral + tags["DISV"], wanted, wanted - parts.derivative, low, high)
    at = 1 if wanted >= high else -1 if wanted <= low else 0
    tags["QLMN_HLM"], tags["QLMN_LLM"] = at > 0, at < 0
    value = clamp(wanted, low, high) * tags["LMN_FAC"] + tags["LMN_OFF"]
    tags["LMN"], tags["LMN_PER"] = single(value), analog(value, _LOWEST, _HIGHEST) & 0xFFFF
    tags["LMN_P"], tags["LMN_I"] = single(parts.proportional), single(integral)
    tags["LMN_D"] = single(parts.derivative)
    return _State(parts.weighted, integral, parts.lagging, at)


def _excess(resting: float, wanted: float, without_derivative: float, low: float, high: float) -> float:
    """Return how far the integral action is beyond a limit that the sum passes with and without derivative action.

    Args:
        resting: integral action with the disturbance.
        wanted: sum of all actions.
        without_derivative: the same without the derivative action.
        low: limit.
        high: limit.
    """
    if resting > high and min(wanted, without_derivative) > high:
        return min(resting - high, wanted - high)
    if resting < low and max(wanted, without_derivative) < low:
        return max(resting - low, wanted - low)
    return 0.0
