"""CONT_S, the step controller of FB 42 and SFB 42, for actuators with a motor and without position feedback.

Facts: docs/facts/pid.md#cont_s. The thresholds of the three-step element are this project's: it switches on for a
movement of one shortest pulse (PULSE_TM), and off at half of what the motor moves in one CYCLE.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from virtual_plc.instructions.closed_loop.continuous import form_error
from virtual_plc.instructions.closed_loop.tags import Tags, takes
from virtual_plc.instructions.registry import Site, register_maker


@dataclass(frozen=True, slots=True)
class _State:
    """What the next call needs.

    Attributes:
        integral: assumed position less the integral action, in percent.
        direction: 1 while QLMNUP is on, -1 while QLMNDN is on, else 0.
        lasting: seconds since the direction changed.
    """

    integral: float = 0.0
    direction: int = 0
    lasting: float = float("inf")


@register_maker("CONT_S", takes("CONT_S"), "")
def _stepping(_: Site) -> Callable[..., None]:
    def control(instance: Any, *given: Any) -> None:
        tags = Tags("CONT_S", instance, given)
        if tags["COM_RST"]:
            instance._state = _State()
            tags["PV"] = tags["ER"] = 0.0
        else:
            instance._state = _calculate(tags, instance._state or _State())
        tags["QLMNUP"], tags["QLMNDN"] = instance._state.direction > 0, instance._state.direction < 0

    return control


def _calculate(tags: Tags, state: _State) -> _State:
    cycle, motor = max(tags["CYCLE"], 1) / 1000, max(tags["MTR_TM"], 1) / 1000
    weighted = form_error(tags) * tags["GAIN"]
    lasting = state.lasting + cycle
    if tags["LMNS_ON"]:
        direction = _stop_at_ends(tags, tags["LMNUP"] - tags["LMNDN"])
        return _State(weighted + tags["DISV"], direction, 0.0 if direction != state.direction else lasting)
    integral = state.integral + 100.0 * state.direction * cycle / motor
    drift = weighted * cycle / (tags["TI"] / 1000) if tags["TI"] > 0 else 0.0
    if drift * _blocked(tags) <= 0:
        integral -= drift
    difference = weighted + tags["DISV"] - integral
    wanted = _three_step(difference, state.direction, *_thresholds(tags, cycle, motor))
    direction = _stop_at_ends(tags, _shape(tags, wanted, state, lasting))
    return _State(integral, direction, 0.0 if direction != state.direction else lasting)


def _thresholds(tags: Tags, cycle: float, motor: float) -> tuple[float, float]:
    """Return where the three-step element switches on and off, in percent of the way."""
    pulse = max(tags["PULSE_TM"] / 1000, cycle)
    return 100.0 * pulse / motor, 50.0 * cycle / motor


def _three_step(difference: float, direction: int, on: float, off: float) -> int:
    """Return the direction after a three-step element with hysteresis."""
    if direction and difference * direction > off:
        return direction
    return 1 if difference >= on else -1 if difference <= -on else 0


def _shape(tags: Tags, wanted: int, state: _State, lasting: float) -> int:
    """Return the direction with the shortest pulse and pause."""
    if state.direction:
        if wanted != state.direction:
            return state.direction if lasting < tags["PULSE_TM"] / 1000 - 1e-9 else 0
        return wanted
    return wanted if lasting >= tags["BREAK_TM"] / 1000 - 1e-9 else 0


def _blocked(tags: Tags) -> int:
    """Return the direction in which the valve cannot move further."""
    return int(tags["LMNR_HS"]) - int(tags["LMNR_LS"])


def _stop_at_ends(tags: Tags, direction: int) -> int:
    at_end = (direction > 0 and tags["LMNR_HS"]) or (direction < 0 and tags["LMNR_LS"])
    return 0 if at_end else direction
