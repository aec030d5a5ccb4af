"""Fine tuning of PID_Compact and PID_3Step: an oscillation around the setpoint.

Phases and rules are documented (docs/facts/pid.md#tuning); the method is this project's. It switches the output between two
values whenever the process value crosses the setpoint by more than a hysteresis, leaves out two periods and takes the mean
of three; the gain at the limit of stability is that of the describing function of a relay with hysteresis.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from virtual_plc.instructions.closed_loop.parameters import Found
from virtual_plc.instructions.closed_loop.pretuning import FAILED, MOST_CALLS, SUCCESSFUL, Surroundings
from virtual_plc.instructions.closed_loop.tags import clamp

PRETUNING_FIRST, INITIALIZING, APPROACHING, CONTROLLING, OSCILLATING = -100, 0, 300, 400, 500
NO_OSCILLATION, INVALID_PARAMETERS = 0x4, 0x100
_LEFT_OUT, _MEASURED, _CALM_CALLS = 2, 3, 50
_CALM, _HYSTERESIS, _SWING = 0.02, 0.001, 0.25
_RULES = {
    0: (0.33, 0.5, 0.33),
    1: (0.6, 0.5, 0.125),
    2: (1 / 2.2, 2.2, 1 / 6.3),
    3: (0.6, 0.5, 0.125),
    4: (0.45, 1 / 1.2, 0.0),
    5: (0.5, 0.0, 0.0),
}
"""For each TIR.TuneRule: gain as a share of the critical one, TI and TD as shares of the period. 0 to 2 are this project's."""


@dataclass(frozen=True, slots=True)
class FineTuning:
    """The fine tuning that runs.

    Attributes:
        phase: TIR.State.
        calls: of the phase.
        calm: calls in a row in which the process value was at the setpoint.
        low: lower output of the oscillation.
        high: upper output of the oscillation.
        output: that it holds while it oscillates or approaches the setpoint.
        rising: whether the oscillation pushes the process value up now.
        extremes: lowest and highest process value since the last period began; in phase 400 of the output while it rests.
        began: call in which the last period began, 0 before the first one.
        periods: calls of each period.
        swings: half the distance of the extremes in each period.
        result: critical gain and period in seconds, once they are known.
        error: bit of ErrorBits that ended it.
    """

    phase: int = INITIALIZING
    calls: int = 0
    calm: int = 0
    low: float = 0.0
    high: float = 0.0
    output: float = 0.0
    rising: bool = False
    extremes: tuple[float, float] = (math.inf, -math.inf)
    began: int = 0
    periods: tuple[int, ...] = ()
    swings: tuple[float, ...] = ()
    result: tuple[float, float] | None = None
    error: int = 0


def begin_approach(around: Surroundings) -> FineTuning:
    """Return a fine tuning that moves to the setpoint with the lowest or highest output."""
    return FineTuning(APPROACHING, output=around.limit_towards(around.setpoint - around.value))


def advance_fine_tuning(last: FineTuning, around: Surroundings, output: float) -> FineTuning:
    """Return the fine tuning after one call.

    Args:
        last: before.
        around: the controller.
        output: of the last call; in phase 400 that of the PID algorithm.
    """
    now = replace(last, calls=last.calls + 1)
    if now.calls > MOST_CALLS:
        return replace(now, phase=FAILED, error=NO_OSCILLATION)
    if last.phase == APPROACHING:
        error = around.setpoint - around.value
        reached = around.limit_towards(error) != last.output or error == 0
        return _oscillate(around, *around.limits) if reached else now
    if last.phase == CONTROLLING:
        return _wait_until_calm(now, around, output)
    return _advance_oscillation(now, around)


def _wait_until_calm(now: FineTuning, around: Surroundings, output: float) -> FineTuning:
    """Wait until process value and output rest; the oscillation then begins around that output."""
    low, high = around.limits
    extremes = (min(now.extremes[0], output), max(now.extremes[1], output))
    near = abs(around.setpoint - around.value) <= _CALM * around.range
    if not near or extremes[1] - extremes[0] > _CALM * (high - low):
        return replace(now, calm=0, extremes=(math.inf, -math.inf))
    if now.calm + 1 < _CALM_CALLS:
        return replace(now, calm=now.calm + 1, extremes=extremes)
    swing = _SWING * (high - low)
    return _oscillate(around, clamp(output - swing, low, high), clamp(output + swing, low, high))


def _oscillate(around: Surroundings, low: float, high: float) -> FineTuning:
    rising = around.setpoint >= around.value
    return FineTuning(OSCILLATING, low=low, high=high, rising=rising, output=high if rising != around.inverted else low)


def _advance_oscillation(now: FineTuning, around: Surroundings) -> FineTuning:
    error, hysteresis = around.setpoint - around.value, _HYSTERESIS * around.range
    now = replace(now, extremes=(min(now.extremes[0], around.value), max(now.extremes[1], around.value)))
    rising = error > hysteresis if not now.rising else error >= -hysteresis
    if rising == now.rising:
        return now
    now = replace(now, rising=rising, output=now.high if rising != around.inverted else now.low)
    return _end_period(now, around) if rising else now


def _end_period(now: FineTuning, around: Surroundings) -> FineTuning:
    """Keep what a period has shown; finish after the last one."""
    fresh = replace(now, began=now.calls, extremes=(math.inf, -math.inf))
    if not now.began:
        return fresh
    periods = (*now.periods, now.calls - now.began)
    swings = (*now.swings, (now.extremes[1] - now.extremes[0]) / 2)
    if len(periods) < _LEFT_OUT + _MEASURED:
        return replace(fresh, periods=periods, swings=swings)
    period = sum(periods[_LEFT_OUT:]) / _MEASURED * around.seconds
    swing, hysteresis = sum(swings[_LEFT_OUT:]) / _MEASURED, _HYSTERESIS * around.range
    effective = math.sqrt(max(swing**2 - hysteresis**2, 0.0))
    if effective <= 0 or now.high <= now.low:
        return replace(now, phase=FAILED, error=NO_OSCILLATION)
    critical = 4 * (now.high - now.low) / 2 / (math.pi * effective)
    return replace(now, phase=SUCCESSFUL, result=(critical, period))


def parameters_of(result: tuple[float, float], rule: int) -> Found | None:
    """Return the parameters for a critical gain and period in seconds; None for a rule that does not exist."""
    shares = _RULES.get(rule)
    if shares is None:
        return None
    critical, period = result
    return Found(shares[0] * critical, shares[1] * period, shares[2] * period, period / 40)
