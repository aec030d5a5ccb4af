"""What PID_Compact and PID_3Step read in each call: process value and setpoint with their limits, and what is wrong with them.

Facts: docs/facts/pid.md#process-value-and-setpoint. 16#7FFF and 16#8000 are the invalid values of an analog input (this
project's decision: overflow and underflow of the module).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from virtual_plc.instructions.calculation.numbers import single
from virtual_plc.instructions.closed_loop.algorithm import Signals
from virtual_plc.instructions.closed_loop.tags import Tags, clamp

OUTSIDE, BAD_ANALOG, BAD_INPUT, BAD_SETPOINT, BAD_DISTURBANCE = 0x1, 0x2, 0x200, 0x1000, 0x4_0000
SETPOINT_LIMITED, VALUE_WARNING = 0x4, 0x40
_INVALID = (0x7FFF, -0x8000)


@dataclass(frozen=True, slots=True)
class Readings:
    """The values of one call, and their errors.

    Attributes:
        signals: setpoint within its limits, process value and disturbance; the last valid ones where they are invalid.
        demanded: Setpoint before it was limited, the last valid one where it is invalid.
        errors: pending bits of ErrorBits.
        warnings: pending bits of Warning.
    """

    signals: Signals
    demanded: float
    errors: int
    warnings: int


def read(tags: Tags, last: Signals) -> Readings:
    """Read the inputs, and show the scaled process value and the flags of the limits."""
    value, errors = _read_value(tags, last.value)
    low, high = tags["Config.InputLowerLimit"], tags["Config.InputUpperLimit"]
    if not errors and not low <= value <= high:
        errors |= OUTSIDE
    demanded = tags["Setpoint"]
    if not math.isfinite(demanded):
        demanded, errors = last.setpoint, errors | BAD_SETPOINT
    setpoint = _limit_setpoint(tags, demanded)
    disturbance = tags["Disturbance"]
    if not math.isfinite(disturbance):
        disturbance, errors = 0.0, errors | BAD_DISTURBANCE
    warnings = (SETPOINT_LIMITED if setpoint != demanded else 0) | _warn(tags, value)
    tags["ScaledInput"] = single(value)
    return Readings(Signals(setpoint, value, disturbance), demanded, errors, warnings)


def scale(tags: Tags, counts: int, scaling: str) -> float:
    """Return an analog input scaled by two points (`Config.InputScaling`)."""
    names = ("LowerPointIn", "UpperPointIn", "LowerPointOut", "UpperPointOut")
    low, high, lowest, highest = (float(tags[f"{scaling}.{name}"]) for name in names)
    return lowest + (counts - low) * (highest - lowest) / (high - low) if high != low else lowest


def is_valid_analog(counts: int) -> bool:
    """Return whether an analog input has a value that a module gives for a signal within its range."""
    return counts not in _INVALID


def _read_value(tags: Tags, last: float) -> tuple[float, int]:
    if tags["Config.InputPerOn"]:
        counts = tags["Input_PER"]
        return (scale(tags, counts, "Config.InputScaling"), 0) if is_valid_analog(counts) else (last, BAD_ANALOG)
    value = tags["Input"]
    return (float(value), 0) if math.isfinite(value) else (last, BAD_INPUT)


def _limit_setpoint(tags: Tags, demanded: float) -> float:
    low, high = _within(tags, "Config.SetpointLowerLimit", "Config.SetpointUpperLimit")
    tags["SetpointLimit_H"], tags["SetpointLimit_L"] = demanded >= high, demanded <= low
    return clamp(demanded, low, high)


def _warn(tags: Tags, value: float) -> int:
    low, high = _within(tags, "Config.InputLowerWarning", "Config.InputUpperWarning")
    tags["InputWarning_H"], tags["InputWarning_L"] = value >= high, value <= low
    return VALUE_WARNING if value > high or value < low else 0


def _within(tags: Tags, lower: str, upper: str) -> tuple[float, float]:
    """Return two limits; one outside of the limits of the process value counts as that limit."""
    low, high = tags["Config.InputLowerLimit"], tags["Config.InputUpperLimit"]
    return clamp(tags[lower], low, high), clamp(tags[upper], low, high)
