"""The PID algorithm of PID_Compact and PID_3Step: PIDT1 with weighted setpoint and anti-windup.

Facts: docs/facts/pid.md#pid-algorithm. How time becomes steps is this project's: the integral action adds rectangles, the
derivative action is a backward difference, and a step of the integral action that pushes the output further into a
limit is left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from virtual_plc.instructions.closed_loop.tags import Tags, clamp

_PARAMETERS = "Retain.CtrlParams."


@dataclass(frozen=True, slots=True)
class Gains:
    """The parameters: Kp with the sign of the control logic, TI, TD, a, b, c."""

    proportional: float
    integration: float
    derivation: float
    delay: float
    setpoint_weight: float
    derivative_weight: float


@dataclass(frozen=True, slots=True)
class Signals:
    """What the controller compares: setpoint, process value, and the disturbance that is added to its output."""

    setpoint: float
    value: float
    disturbance: float


@dataclass(frozen=True, slots=True)
class Loop:
    """What the algorithm remembers.

    Attributes:
        integral: integral action.
        derivative: derivative action.
        weighted: weighted error of the derivative action; None lets it begin with 0.
    """

    integral: float = 0.0
    derivative: float = 0.0
    weighted: float | None = None


def read_gains(tags: Tags) -> Gains:
    """Return the active parameters; a negative Gain inverts the control logic."""
    names = ("Gain", "Ti", "Td", "TdFiltRatio", "PWeighting", "DWeighting")
    gain, *others = (float(tags[f"{_PARAMETERS}{name}"]) for name in names)
    inverted = tags["Config.InvertControl"] or gain < 0
    return Gains(-abs(gain) if inverted else gain, *others)


def advance(
    gains: Gains, loop: Loop, signals: Signals, seconds: float, limits: tuple[float, float]
) -> tuple[float, Loop]:
    """Return the output after one sampling time, and what the algorithm remembers.

    Args:
        gains: parameters.
        loop: what it remembers.
        signals: setpoint, process value, disturbance.
        seconds: sampling time of the algorithm.
        limits: of the output.
    """
    step = _integrate(gains, signals, seconds)
    integral = loop.integral + step if gains.integration > 0 else 0.0
    weighted = gains.derivative_weight * signals.setpoint - signals.value
    derivative = _differentiate(gains, loop, weighted, seconds)
    wanted = _proportional(gains, signals) + integral + derivative + signals.disturbance
    output = clamp(wanted, *limits)
    if (wanted - output) * step > 0:
        integral -= step
    return output, Loop(integral, derivative, weighted)


def _proportional(gains: Gains, signals: Signals) -> float:
    return gains.proportional * (gains.setpoint_weight * signals.setpoint - signals.value)


def _integrate(gains: Gains, signals: Signals, seconds: float) -> float:
    if gains.integration <= 0:
        return 0.0
    return gains.proportional * (signals.setpoint - signals.value) * seconds / gains.integration


def _differentiate(gains: Gains, loop: Loop, weighted: float, seconds: float) -> float:
    if gains.derivation <= 0 or loop.weighted is None:
        return 0.0
    lag = gains.delay * gains.derivation
    change = gains.proportional * gains.derivation * (weighted - loop.weighted)
    return (lag * loop.derivative + change) / (lag + seconds) if lag + seconds > 0 else 0.0


def follow(gains: Gains, signals: Signals, output: float) -> Loop:
    """Return what the algorithm remembers so that it continues from an output without a jump."""
    return Loop(output - _proportional(gains, signals) - signals.disturbance)


def preset(mode: int, loop: Loop, gains: Gains, signals: Signals, seconds: float, initial: float) -> Loop:
    """Return what the algorithm remembers when automatic mode begins from inactive mode.

    Args:
        mode: IntegralResetMode.
        loop: what it remembers now.
        gains: parameters.
        signals: setpoint, process value, disturbance.
        seconds: sampling time of the algorithm.
        initial: OverwriteInitialOutputValue.
    """
    if mode == 0:
        begun = follow(gains, signals, 0.0)
        return replace(begun, integral=begun.integral - _integrate(gains, signals, seconds))
    if mode == 1:
        return Loop()
    if mode == 2:
        return Loop(loop.integral)
    if mode == 3:
        return follow(gains, signals, initial)
    return Loop(gains.proportional * (1.0 - gains.setpoint_weight) * signals.value)
