"""PID_Compact, approximated: a PID controller with limits and the modes inactive, automatic and manual.

Not that of a CPU: tuning (modes 1 and 2) is refused with ErrorBits 16#0010_0000, alarms of the input and the scaling of
Input_PER are left out, and so is the configuration of a technology object. Parameters are read from the instance where
the program put them (`Retain.CtrlParams.Gain`, `Ti`, `Td`, `TdFiltRatio`, `PWeighting`, `DWeighting`;
`Config.OutputUpperLimit`, `OutputLowerLimit`), else they are 1, 20 s, 0 s, 0.2, 1, 1, 100 and 0. The sampling time is
the time between two calls.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Final

from virtual_plc.instructions.calculation.numbers import single
from virtual_plc.instructions.registry import Site, specialised

INACTIVE, AUTOMATIC, MANUAL = 0, 3, 4
_TUNING: Final = 0x0010_0000
_FULL_SCALE: Final = 27648
_PERIOD: Final = 1_000_000_000
"""Nanoseconds of one pulse and pause of Output_PWM."""

_INPUTS: Final = "Setpoint Input Input_PER Disturbance ManualEnable ManualValue ErrorAck Reset ModeActivate Mode"


@dataclass(frozen=True, slots=True)
class _State:
    """What the controller remembers: mode, time, error, integral and filtered derivative, and ModeActivate."""

    mode: int
    now: int
    integral: float = 0.0
    derivative: float = 0.0
    slope: float = 0.0
    activated: bool = False
    error: int = 0


@dataclass(frozen=True, slots=True)
class _Parameters:
    gain: float
    integration: float
    derivation: float
    filter: float
    proportional_weight: float
    derivative_weight: float
    low: float
    high: float


def _found(instance: Any, path: str, otherwise: float) -> float:
    for name in path.split("."):
        instance = getattr(instance, name, None)
    return float(instance) if isinstance(instance, int | float) else otherwise


def _parameters(instance: Any) -> _Parameters:
    return _Parameters(**{name: _found(instance, path, otherwise) for name, (path, otherwise) in _PATHS.items()})


_PATHS: Final = {
    "gain": ("Retain.CtrlParams.Gain", 1.0),
    "integration": ("Retain.CtrlParams.Ti", 20.0),
    "derivation": ("Retain.CtrlParams.Td", 0.0),
    "filter": ("Retain.CtrlParams.TdFiltRatio", 0.2),
    "proportional_weight": ("Retain.CtrlParams.PWeighting", 1.0),
    "derivative_weight": ("Retain.CtrlParams.DWeighting", 1.0),
    "low": ("Config.OutputLowerLimit", 0.0),
    "high": ("Config.OutputUpperLimit", 100.0),
}
"""Where each parameter is in the instance, and what it is when it is not there."""


@specialised("PID_Compact", f"instance {_INPUTS}", "")
def _pid_compact(site: Site) -> Callable[..., None]:
    services, names = site.services, _INPUTS.split()

    def control(instance: Any, *inputs: Any) -> None:
        for name, value in zip(names, inputs, strict=True):
            setattr(instance, name, value)
        state = _mode(instance, instance._state or _State(instance.Mode or MANUAL, services.now))
        output, state = _output(instance, state, services.now)
        instance._state = state
        _show(instance, state, output)

    return control


def _mode(instance: Any, state: _State) -> _State:
    """Return the state after the inputs that choose the mode."""
    rising = instance.ModeActivate and not state.activated
    state = replace(state, activated=bool(instance.ModeActivate))
    if instance.Reset:
        return replace(state, mode=INACTIVE, integral=0.0, derivative=0.0, error=0)
    if instance.ErrorAck:
        state = replace(state, error=0)
    if rising and instance.Mode in (INACTIVE, AUTOMATIC, MANUAL):
        return replace(state, mode=instance.Mode)
    return replace(state, error=_TUNING) if rising else state


def _output(instance: Any, state: _State, now: int) -> tuple[float, _State]:
    given, seconds = _parameters(instance), (now - state.now) / 1e9
    state = replace(state, now=now)
    if instance.ManualEnable or state.mode == MANUAL:
        value = min(max(instance.ManualValue, given.low), given.high)
        return value, replace(state, integral=value - given.gain * (instance.Setpoint - instance.Input))
    if state.mode != AUTOMATIC:
        return 0.0, state
    return _controlled(instance, state, given, seconds)


def _controlled(instance: Any, state: _State, given: _Parameters, seconds: float) -> tuple[float, _State]:
    """Calculate one step; the integral stops where the output is at a limit."""
    setpoint, actual = instance.Setpoint, instance.Input
    proportional = given.gain * (given.proportional_weight * setpoint - actual)
    derivative, slope = _derivative(given.derivative_weight * setpoint - actual, state, given, seconds)
    step = given.gain * (setpoint - actual) * seconds / given.integration if given.integration > 0 else 0.0
    wanted = proportional + state.integral + step + derivative + instance.Disturbance
    value = min(max(wanted, given.low), given.high)
    integral = state.integral if (wanted - value) * step > 0 else state.integral + step
    value = value if math.isfinite(value) else given.low
    return value, replace(state, integral=integral, derivative=derivative, slope=slope)


def _derivative(weighted: float, state: _State, given: _Parameters, seconds: float) -> tuple[float, float]:
    lag = given.filter * given.derivation
    if given.derivation <= 0 or seconds <= 0:
        return state.derivative if given.derivation > 0 else 0.0, weighted
    change = given.gain * given.derivation * (weighted - state.slope)
    return (lag * state.derivative + change) / (lag + seconds), weighted


def _show(instance: Any, state: _State, output: float) -> None:
    given = _parameters(instance)
    instance.ScaledInput = instance.Input
    instance.Output = single(output)
    instance.Output_PER = round(min(max(output, -100.0), 100.0) / 100 * _FULL_SCALE)
    span = given.high - given.low
    share = (output - given.low) / span if span > 0 else 0.0
    instance.Output_PWM = state.now % _PERIOD < share * _PERIOD
    instance.State = MANUAL if instance.ManualEnable else state.mode
    instance.Error, instance.ErrorBits = state.error != 0, state.error
