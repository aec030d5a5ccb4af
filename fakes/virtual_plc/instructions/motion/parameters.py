"""The parameters of motion commands: checked, limited, and in units of length and seconds.

An S7-1500 limits what is too large, takes its defaults for negative values and refuses 0. An S7-1200 refuses
velocities outside of its limits; its commands have no acceleration. Facts: docs/facts/motion.md#parameters.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any, Final

from virtual_plc.motion import errors
from virtual_plc.motion.errors import Error
from virtual_plc.motion.settings import Settings
from virtual_plc.motion.state import Dynamics

_RANGE: Final = 1e12

Inputs = Mapping[str, Any]
"""The inputs of a command by name."""
Checked = tuple[Dynamics, bool]
"""The dynamics, and whether a value was limited."""


def check_position(value: float) -> Error | None:
    """Return what is wrong with a position, None when nothing is."""
    return _check_range(value, errors.POSITION_INVALID, errors.POSITION_TOO_LARGE, errors.POSITION_TOO_SMALL)


def check_distance(value: float) -> Error | None:
    """Return what is wrong with a distance, None when nothing is."""
    return _check_range(value, errors.DISTANCE_INVALID, errors.DISTANCE_TOO_LARGE, errors.DISTANCE_TOO_SMALL)


def _check_range(value: float, invalid: Error, large: Error, small: Error) -> Error | None:
    if math.isnan(value):
        return invalid
    if value > _RANGE:
        return large
    return small if value < -_RANGE else None


def to_position(settings: Settings, given: Inputs) -> Checked | Error:
    """Return the dynamics of a motion to a position."""
    velocity = given["Velocity"]
    if not settings.modern:
        return errors.VELOCITY_NEGATIVE if velocity < 0 else _classic(settings, velocity)
    if velocity < 0:
        return _modern(settings, settings.default.velocity, given)
    return _modern(settings, velocity * settings.velocity, given) if velocity else errors.VELOCITY_INVALID


def to_velocity(settings: Settings, given: Inputs, *, signed: bool = True) -> Checked | Error:
    """Return the dynamics of a motion with a velocity, whose sign is its direction; 0 brakes the axis."""
    velocity = given["Velocity"]
    if settings.modern:
        return _modern(settings, abs(velocity) * settings.velocity, given)
    if velocity < 0 and not signed:
        return errors.VELOCITY_NEGATIVE
    return _classic(settings, abs(velocity), rest=signed)


def to_rest(settings: Settings, given: Inputs) -> Checked | Error:
    """Return the dynamics of a command that brakes."""
    return (
        _modern(settings, settings.highest.velocity, given) if settings.modern else _classic(settings, settings.lowest)
    )


def _classic(settings: Settings, velocity: float, *, rest: bool = False) -> Checked | Error:
    if not math.isfinite(velocity):
        return errors.VELOCITY_INVALID
    if velocity > settings.highest.velocity:
        return errors.VELOCITY_TOO_HIGH
    if velocity < settings.lowest and not (rest and not velocity):
        return errors.VELOCITY_TOO_LOW
    default = settings.default
    if not default.acceleration or not default.deceleration:
        return errors.NO_ACCELERATION
    return Dynamics(velocity, default.acceleration, default.deceleration), False


def _modern(settings: Settings, velocity: float, given: Inputs) -> Checked | Error:
    if not math.isfinite(velocity):
        return errors.VELOCITY_INVALID
    default, highest, scale = settings.default, settings.highest, settings.acceleration
    faster = _rate(given.get("Acceleration", -1.0), default.acceleration, scale)
    slower = _rate(given.get("Deceleration", -1.0), default.deceleration, scale)
    if not math.isfinite(given["Jerk"]):
        return errors.JERK_INVALID
    if faster is None:
        return errors.ACCELERATION_INVALID
    if slower is None:
        return errors.DECELERATION_INVALID
    if highest.velocity <= 0:
        return errors.NO_VELOCITY
    made = Dynamics(
        min(velocity, highest.velocity), min(faster, highest.acceleration), min(slower, highest.deceleration)
    )
    if made.acceleration <= 0 or made.deceleration <= 0:
        return errors.NO_ACCELERATION
    return made, made != Dynamics(velocity, faster, slower)


def _rate(given: float, default: float, scale: float) -> float | None:
    """Return an acceleration: the default for a negative one; None when it is not permitted."""
    if given < 0:
        return default
    return given * scale if given > 0 and math.isfinite(given) else None
