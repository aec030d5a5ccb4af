"""PULSEGEN, the pulse generator of FB 43 and SFB 43: it turns a percentage into pulses of constant period.

Facts: docs/facts/pid.md#pulsegen. A pulse is rounded to whole calls, half a call up (this project's decision).
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from virtual_plc.instructions.closed_loop.tags import Tags, clamp, takes
from virtual_plc.instructions.registry import Site, register_maker


@dataclass(frozen=True, slots=True)
class _Period:
    """The period that runs.

    Attributes:
        call: number of the last call in it, from 0.
        calls: how many it has.
        pulse: how many of them are on.
        sign: 1 for QPOS_P, -1 for QNEG_P.
        value: INV of the last call.
        ends: whether the next call starts a new period because INV changed.
    """

    call: int
    calls: int
    pulse: int
    sign: int
    value: float
    ends: bool = False


@register_maker("PULSEGEN", takes("PULSEGEN"), "")
def _pulses(_: Site) -> Callable[..., None]:
    def generate(instance: Any, *given: Any) -> None:
        tags = Tags("PULSEGEN", instance, given)
        if tags["COM_RST"] or tags["MAN_ON"]:
            instance._state = None
            _set_by_hand(tags)
            return
        instance._state = period = _continue(tags, instance._state)
        on = period.call < period.pulse
        tags["QPOS_P"] = on and period.sign > 0
        tags["QNEG_P"] = on and period.sign < 0 if tags["STEP3_ON"] else not tags["QPOS_P"]

    return generate


def _set_by_hand(tags: Tags) -> None:
    up, down = tags["POS_P_ON"], tags["NEG_P_ON"]
    if tags["COM_RST"]:
        tags["QPOS_P"] = tags["QNEG_P"] = False
    elif tags["STEP3_ON"]:
        tags["QPOS_P"], tags["QNEG_P"] = up and not down, down and not up
    else:
        tags["QPOS_P"], tags["QNEG_P"] = up, not up


def _continue(tags: Tags, last: _Period | None) -> _Period:
    """Return the period after the next call: the same one, or a new one with the duration of its pulse."""
    value = tags["INV"]
    if last is None or last.ends or last.call + 1 >= last.calls:
        calls = max(round(tags["PER_TM"] / max(tags["CYCLE"], 1)), 1)
        pulse, sign = _measure(tags, calls)
        return _Period(0, calls, pulse, sign, value)
    call = last.call + 1
    changed = tags["SYN_ON"] and value != last.value and call < last.calls - 2
    return _Period(call, last.calls, last.pulse, last.sign, value, changed)


def _measure(tags: Tags, calls: int) -> tuple[int, int]:
    """Return how many calls of a period are on, and the output that is on."""
    value = 0.0 if math.isnan(tags["INV"]) else clamp(tags["INV"], -100.0, 100.0)
    if not tags["STEP3_ON"]:
        share = (value + 100.0) / 200.0 if tags["ST2BI_ON"] else max(value, 0.0) / 100.0
        return math.floor(_suppress(tags, share * calls, calls) + 0.5), 1
    duration = _suppress(tags, abs(value) / 100.0 * calls, calls)
    ratio = tags["RATIOFAC"]
    if value < 0 and ratio < 1:
        duration *= max(ratio, 0.0)
    elif value > 0 and ratio > 1:
        duration /= ratio
    return math.floor(duration + 0.5), 1 if value >= 0 else -1


def _suppress(tags: Tags, duration: float, calls: int) -> float:
    """Leave out pulses and pauses that are too short."""
    shortest = tags["P_B_TM"] / max(tags["CYCLE"], 1)
    if duration < shortest - 1e-9:
        return 0.0
    return float(calls) if duration > calls - shortest + 1e-9 else duration
