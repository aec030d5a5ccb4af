"""Pretuning of PID_Compact and PID_3Step: the answer of the process to a jump of the output.

The phases, conditions and results are documented (docs/facts/pid.md#tuning); the method is this project's. It measures the
noise in ten calls, lets the output jump to the limit on the side of the setpoint, and takes the greatest rate of rise over
five calls. The point of inflection is found when the rate has been lower by a twentieth for five calls. The parameters are those of Chien,
Hrones and Reswick for a disturbance without overshoot, which need only rate and dead time.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from virtual_plc.instructions.closed_loop.parameters import Found

INITIALIZING, MEASURING, RISING = 0, 100, 200
SUCCESSFUL, FAILED = 9900, 1
WRONG_REACTION = 0x80
NO_INFLECTION = 0x1
MOST_CALLS = 10_000
"""Calls after which a process that has not answered counts as one that does not."""
_CALLS_OF_NOISE, _CALLS_OF_RATE, _PAST = 10, 5, 0.95


@dataclass(frozen=True, slots=True)
class Pretuning:
    """The pretuning that runs.

    Attributes:
        phase: SUT.State.
        values: process values of the phase; at most as many as it needs.
        calls: of the phase.
        origin: process value before the jump.
        noise: standard deviation of the process value.
        height: how far the output jumped.
        output: that it holds.
        rate: greatest rate of rise per second towards the setpoint, at `best_time` and `best_value`.
        best_time: seconds after the jump.
        best_value: process value there.
        falling: calls in a row in which the rate was lower.
        result: rate of rise for each percent of output and dead time, once they are known.
        error: bit of ErrorBits that ended it.
        warning: bit of Warning.
    """

    phase: int = INITIALIZING
    values: tuple[float, ...] = ()
    calls: int = 0
    origin: float = 0.0
    noise: float = 0.0
    height: float = 0.0
    output: float = 0.0
    rate: float = 0.0
    best_time: float = 0.0
    best_value: float = 0.0
    falling: int = 0
    result: tuple[float, float] | None = None
    error: int = 0
    warning: int = 0


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What tuning needs of the controller: setpoint, process value, seconds of a call, limits, control logic, range."""

    setpoint: float
    value: float
    seconds: float
    limits: tuple[float, float]
    inverted: bool
    range: float

    def limit_towards(self, error: float) -> float:
        """Return the limit of the output that lets the process value move by an error."""
        low, high = self.limits
        return high if (error > 0) != self.inverted else low


def is_possible(around: Surroundings) -> bool:
    """Return whether the process value is far enough from the setpoint."""
    distance = abs(around.setpoint - around.value)
    return distance > 0.3 * around.range and distance > 0.5 * abs(around.setpoint)


def advance_pretuning(last: Pretuning, around: Surroundings) -> Pretuning:
    """Return the pretuning after one call."""
    if last.phase == INITIALIZING:
        return replace(last, phase=MEASURING, values=(around.value,), calls=1)
    if last.phase == MEASURING:
        return _measure_noise(last, around)
    return _follow_rise(last, around)


def _measure_noise(last: Pretuning, around: Surroundings) -> Pretuning:
    values = (*last.values, around.value)
    if len(values) < _CALLS_OF_NOISE:
        return replace(last, values=values, calls=last.calls + 1)
    mean = sum(values) / len(values)
    noise = math.sqrt(sum((each - mean) ** 2 for each in values) / (len(values) - 1))
    target = around.limit_towards(around.setpoint - mean)
    height = target - last.output
    if abs(height) < 0.01 * (around.limits[1] - around.limits[0]):
        return replace(last, phase=FAILED, error=WRONG_REACTION)
    return replace(
        last, phase=RISING, values=(around.value,), calls=0, origin=mean, noise=noise, height=height, output=target
    )


def _follow_rise(last: Pretuning, around: Surroundings) -> Pretuning:
    calls, sense = last.calls + 1, math.copysign(1.0, around.setpoint - last.origin)
    values = (*last.values, around.value)[-_CALLS_OF_RATE - 1 :]
    moved = (around.value - last.origin) * sense
    rate = (values[-1] - values[0]) * sense / ((len(values) - 1) * around.seconds)
    now = replace(last, values=values, calls=calls)
    if rate > last.rate and len(values) > _CALLS_OF_RATE:
        middle = (calls - _CALLS_OF_RATE / 2) * around.seconds
        now = replace(now, rate=rate, best_time=middle, best_value=(values[0] + values[-1]) / 2)
    least = max(4 * last.noise, 0.001 * around.range)
    if moved < -max(least, 0.02 * around.range) or (calls > MOST_CALLS and moved < least):
        return replace(now, phase=FAILED, error=WRONG_REACTION)
    falls = len(values) > _CALLS_OF_RATE and rate < _PAST * now.rate and moved > least
    now = replace(now, falling=now.falling + 1 if falls else 0)
    if now.falling >= _CALLS_OF_RATE:
        return _finish(now, sense, around.seconds)
    if moved >= (around.setpoint - last.origin) * sense:
        return replace(_finish(now, sense, around.seconds), warning=NO_INFLECTION)
    return now


def _finish(now: Pretuning, sense: float, seconds: float) -> Pretuning:
    if now.rate <= 0:
        return replace(now, phase=FAILED, error=WRONG_REACTION)
    risen = (now.best_value - now.origin) * sense
    dead = max(now.best_time - risen / now.rate, seconds)
    return replace(now, phase=SUCCESSFUL, result=(now.rate / abs(now.height), dead))


def parameters_of(result: tuple[float, float], rule: int | None) -> Found | None:
    """Return the parameters for a rate of rise and dead time; None for a rule that does not exist.

    Args:
        result: rate of rise for each percent of output, and dead time in seconds.
        rule: 0 PID, 1 PI, None for a rule that does not exist.
    """
    rate, dead = result
    if rule == 0:
        return Found(0.95 / (rate * dead), 2.4 * dead, 0.42 * dead, dead / 10)
    if rule == 1:
        return Found(0.6 / (rate * dead), 4.0 * dead, 0.0, dead / 10)
    return None
