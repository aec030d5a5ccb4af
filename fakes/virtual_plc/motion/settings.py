"""The configuration of an axis, read from its data block, in units of length and seconds.

The data block of an S7-1500 has `StatusWord`, that of an S7-1200 has `StatusBits`; versions before V4 of an S7-1200
keep their configuration in `Config`. Facts: docs/facts/motion.md#members-of-an-axis, docs/facts/motion.md#units.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any, Final

from virtual_plc.motion.state import Dynamics, Limits

_LENGTHS: Final = {
    1010: 1.0, 1013: 1e-3, 1536: 1e-3, 1011: 1e3, 1014: 1e-6, 1015: 1e-9, 1019: 0.0254, 1018: 0.3048, 1021: 1609.344,
    1004: math.degrees(1.0), 1005: 1.0, 1537: 1.0,
}  # fmt: skip
"""Metres, or degrees, in one unit of position, by its number."""
_VELOCITIES: Final = {
    1521: (1005, 1), 1539: (1005, 1), 1522: (1005, 60), 1086: (1004, 1), 1523: (1004, 60), 1062: (1013, 1),
    1538: (1013, 1), 1061: (1010, 1), 1524: (1013, 60), 1525: (1010, 60), 1526: (1013, 3600), 1063: (1010, 3600),
    1527: (1011, 60), 1064: (1011, 3600), 1066: (1019, 1), 1069: (1019, 60), 1067: (1018, 1), 1070: (1018, 60),
    1075: (1021, 3600), 1082: (0, 1), 1083: (0, 60), 1528: (0, 3600),
}  # fmt: skip
"""Unit of length (0: revolutions) and seconds of one unit of velocity, by its number."""
_PTO: Final = 2


@dataclass(frozen=True, slots=True)
class Settings:
    """The configuration of an axis.

    Attributes:
        modern: whether it is an axis of an S7-1500.
        positioning: whether it has a position; a speed axis has none.
        pulses: whether pulses drive it (PTO), as only an S7-1200 does.
        absolute: whether its encoder is absolute.
        limits: software limit switches.
        highest: limits of velocity, acceleration and deceleration; infinite where there is none.
        lowest: start/stop velocity, 0 without one.
        default: dynamics of commands that do not say.
        approach: dynamics of active homing.
        upwards: whether active homing moves in positive direction.
        home: position of the home mark where MC_Home does not say.
        modulo: first position and length of a modulo axis, None for others.
        velocity: units of length and seconds in one unit of velocity.
        acceleration: the same for acceleration.
        override: share of the velocity of a command that the axis moves with.
        threshold: velocity below which the axis is at standstill, and for how many seconds it has to be there.
    """

    modern: bool
    positioning: bool
    pulses: bool
    absolute: bool
    limits: Limits
    highest: Dynamics
    lowest: float
    default: Dynamics
    approach: Dynamics
    upwards: bool
    home: float
    modulo: tuple[float, float] | None
    velocity: float
    acceleration: float
    override: float
    threshold: tuple[float, float]


def find(data: Any, *paths: str, otherwise: Any = 0.0) -> Any:
    """Return the value at the first path that the data block has, `otherwise` without one."""
    for path in paths:
        found = data
        for name in path.split("."):
            found = getattr(found, name, None)
        if found is not None:
            return found
    return otherwise


def is_modern(data: Any) -> bool:
    """Return whether a data block is that of an axis of an S7-1500."""
    return hasattr(data, "StatusWord")


def read(data: Any) -> Settings:
    """Return the configuration in the data block of an axis."""
    modern = is_modern(data)
    velocity, acceleration = _scales(data)
    acc = _positive(find(data, "DynamicDefaults.Acceleration", "Config.DynamicDefaults.Acceleration")) * acceleration
    dec = _positive(find(data, "DynamicDefaults.Deceleration", "Config.DynamicDefaults.Deceleration")) * acceleration
    highest = _highest(data, velocity, acceleration)
    emergency = find(data, "DynamicDefaults.EmergencyDeceleration", "Config.DynamicDefaults.EmergencyDeceleration")
    approach = find(data, "Homing.ApproachVelocity", "Config.Homing.FastVelocity") * velocity
    sensor = find(data, "Sensor", otherwise=None)
    return Settings(
        modern=modern,
        positioning=hasattr(data, "Position") or hasattr(data, "MotionStatus"),
        pulses=not modern and find(data, "Actor.Type", otherwise=_PTO) == _PTO,
        absolute=sensor is not None and sensor[0].Type != 0,
        limits=_limits(data, highest.deceleration if modern else None, emergency * acceleration or dec or 1.0),
        highest=highest,
        lowest=0.0 if modern else find(data, "DynamicLimits.MinVelocity", "Config.DynamicLimits.MinVelocity"),
        default=Dynamics(find(data, "DynamicDefaults.Velocity") * velocity, acc, dec),
        approach=Dynamics(approach, min(acc, highest.acceleration), min(dec, highest.deceleration)),
        upwards=find(data, "Homing.ApproachDirection", "Config.Homing.Direction", otherwise=False) != modern,
        home=find(data, "Homing.HomePosition"),
        modulo=(data.Modulo.StartValue, data.Modulo.Length)
        if find(data, "Modulo.Enable", otherwise=False) and data.Modulo.Length > 0
        else None,
        velocity=velocity,
        acceleration=acceleration,
        override=min(max(find(data, "Override.Velocity", otherwise=100.0), 0.0), 200.0) / 100,
        threshold=(
            find(data, "StandstillSignal.VelocityThreshold") * velocity,
            find(data, "StandstillSignal.MinDwellTime"),
        ),
    )


def _positive(value: float) -> float:
    return value if value > 0 and math.isfinite(value) else 0.0


def _scales(data: Any) -> tuple[float, float]:
    """Return what one unit of velocity and of acceleration is in units of length and seconds."""
    unit = find(data, "Units.VelocityUnit", otherwise=0)
    if unit not in _VELOCITIES:
        return 1.0, 1.0
    length, seconds = _VELOCITIES[unit]
    own = find(data, "Units.LengthUnit", otherwise=0)
    ratio = _LENGTHS[length] / _LENGTHS[own] if length != own and length in _LENGTHS and own in _LENGTHS else 1.0
    return ratio / seconds, ratio


def _highest(data: Any, velocity: float, acceleration: float) -> Dynamics:
    most = find(data, "DynamicLimits.MaxVelocity", "Config.DynamicLimits.MaxVelocity", otherwise=math.inf)
    now = find(data, "DynamicLimits.Velocity", otherwise=math.inf)
    return Dynamics(
        min(most, now) * velocity,
        find(data, "DynamicLimits.MaxAcceleration", otherwise=math.inf) * acceleration,
        find(data, "DynamicLimits.MaxDeceleration", otherwise=math.inf) * acceleration,
    )


def _limits(data: Any, deceleration: float | None, emergency: float) -> Limits:
    switches = find(data, "PositionLimits_SW", "PositionLimitsSW", "Config.PositionLimits_SW", otherwise=None)
    if switches is None:
        return Limits(emergency=emergency)
    behaves = find(switches, "LimitReachedBehavior", otherwise=0)
    rate = deceleration if deceleration and not behaves else None
    active = bool(switches.Active) and not find(data, "Modulo.Enable", otherwise=False)
    return Limits(active, switches.MinPosition, switches.MaxPosition, rate, emergency)
