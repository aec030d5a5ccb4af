"""What the data block of an axis shows: its position, velocity, status and error bits.

Facts: docs/facts/motion.md#members-of-an-axis. The drive is ideal, so actual values are the setpoints.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from typing import Any, Final

from virtual_plc.motion.axis import advance
from virtual_plc.motion.cams import Cam
from virtual_plc.motion.commands import set_override
from virtual_plc.motion.coupling import lead, link_of, offset_of, watch
from virtual_plc.motion.curves import Following
from virtual_plc.motion.errors import Reaction
from virtual_plc.motion.profile import Point
from virtual_plc.motion.settings import Settings, find, read
from virtual_plc.motion.state import Axis, Kind, State

_SINGLE: Final = struct.Struct("f")
_VALID, _DYNAMIC_WARNING, _LIMITED = 2, 6, 501

_STATUS_WORD: Final = {
    "Enable": 0, "Error": 1, "HomingDone": 5, "Done": 6, "Standstill": 7, "PositioningCommand": 8, "JogCommand": 9,
    "MoveVelocityCommand": 10, "HomingCommand": 11, "ConstantVelocity": 12, "Accelerating": 13, "Decelerating": 14,
    "SWLimitMinActive": 15, "SWLimitMaxActive": 16, "Synchronizing": 21, "Synchronous": 22, "MoveSuperimposedCommand": 23,
    "PhasingCommand": 24, "AxisSimulation": 25, "TorqueLimitingCommand": 26, "InLimitation": 27,
}  # fmt: skip
"""Bits of StatusWord of an S7-1500."""
_STATUS_WORD_2: Final = {"StopCommand": 0, "PhasingCommandWaiting": 3, "HaltSuperimposedCommand": 7}
"""Bits of StatusWord2 of an S7-1500."""
_ONLY_POSITIONING: Final = ("HomingDone", "Standstill", "PositioningCommand", "HomingCommand")
_OLD_NAMES: Final = {
    "Standstill": "StandStill", "VelocityCommand": "SpeedCommand", "HomingCommand": "Homing",
    "Accelerating": "Acceleration", "Decelerating": "Deceleration",
}  # fmt: skip
"""Names of status bits of an S7-1200 before V4."""


def axis_of(data: Any) -> Axis:
    """Return the axis behind a data block, as it was when somebody last asked."""
    found: Axis | None = data._state
    return Axis() if found is None else found


def refresh(data: Any, now: int) -> tuple[Axis, Settings]:
    """Advance an axis to the present and show it; return it with its configuration.

    Args:
        data: its data block.
        now: virtual time, nanoseconds.
    """
    settings, axis = read(data), axis_of(data)
    if axis.now != now or data._state is None:

        def leading(master: Any) -> Axis:
            return refresh(master, now)[0]

        axis = advance(lead(axis, leading), settings.limits, now)
        axis = set_override(watch(axis, leading), settings.override, settings.highest.velocity)
        show(data, axis, settings)
    return axis, settings


def show(data: Any, axis: Axis, settings: Settings) -> None:
    """Keep an axis in its data block, and write its members."""
    data._state = axis
    _show_motion(data, axis, settings)
    bits = _bits(data, axis, settings)
    if settings.modern:
        _show_words(data, axis, settings, bits)
    else:
        _show_bits(data, axis, bits)
    drive = find(data, "StatusDrive", otherwise=None)
    if drive is not None:
        drive.InOperation, drive.CommunicationOK = axis.enabled, True
    for sensor in find(data, "StatusSensor", otherwise=())[:1]:
        sensor.State, sensor.CommunicationOK = _VALID, True


def shown_position(position: float, settings: Settings) -> float:
    """Return a position as the data block shows it: that of a modulo axis within one modulo length."""
    if settings.modulo is None:
        return position
    first, length = settings.modulo
    return first + (position - first) % length


def _show_motion(data: Any, axis: Axis, settings: Settings) -> None:
    position, velocity, acceleration = axis.point
    shown = {
        "Velocity": velocity / settings.velocity,
        "ActualVelocity": velocity / settings.velocity,
        "VelocitySetpoint": velocity / settings.velocity,
        "Acceleration": acceleration / settings.acceleration,
        "ActualAcceleration": acceleration / settings.acceleration,
        "ActualSpeed": _speed(data, velocity, settings),
    }
    if settings.positioning:
        shown |= dict.fromkeys(("Position", "ActualPosition"), shown_position(position, settings))
    holder = find(data, "MotionStatus", otherwise=data)
    _write(holder, shown, settings)
    _show_synchronous(data, axis, settings)
    command = axis.command
    target = command.target if command is not None and command.kind is Kind.POSITION else position
    targets = find(data, "StatusPositioning", "MotionStatus", otherwise=None)
    if targets is not None:
        added = axis.at(axis.now).position - axis.base.position
        ways = {"Distance": target - position, "SuperimposedDistance": added}
        _write(targets, {"TargetPosition": shown_position(target, settings), **ways}, settings)


_FUNCTIONS: Final = {Kind.GEAR: 1, Kind.GEAR_POSITION: 2, Kind.CAM: 3}
"""Numbers of synchronous operation functions."""


def _show_synchronous(data: Any, axis: Axis, settings: Settings) -> None:
    """Write what a following axis shows of its leading axis."""
    holder, link = find(data, "StatusSynchronizedMotion", otherwise=None), link_of(axis)
    if holder is None:
        return
    holder.FunctionState = _FUNCTIONS[axis.command.kind] if link is not None and axis.command is not None else 0
    holder.WaitingFunctionState = _FUNCTIONS[axis.waiting.kind] if axis.waiting is not None else 0
    holder.ActualMaster = link.number if link is not None else 0
    holder.PhaseShift = offset_of(axis)
    motion = axis.profile
    leader = motion.leader.point if isinstance(motion, Following) else Point(0.0, 0.0, 0.0)
    leading = motion.leading(axis.now) if isinstance(motion, Following) else leader
    following = axis.base if isinstance(motion, Following) else leader
    for name, value in (
        ("EffectiveLeadingValue", leader),
        ("FunctionLeadingValue", leading),
        ("FunctionFollowingValue", following),
    ):
        _write(find(holder, name, otherwise=None), dict(zip(_POINT, value, strict=True)), settings)
    cam = link.curve if link is not None else None
    (scale, place) = (cam.scale, cam.place) if isinstance(cam, Cam) else ((0.0, 0.0), (0.0, 0.0))
    holder.MasterScaling, holder.SlaveScaling = scale
    holder.MasterOffset, holder.SlaveOffset = place
    _, velocity, acceleration = axis.point
    exceeded = (
        abs(velocity) > settings.highest.velocity + _ROUNDING,
        acceleration * velocity > 0 and abs(acceleration) > settings.highest.acceleration + _ROUNDING,
        acceleration * velocity < 0 and abs(acceleration) > settings.highest.deceleration + _ROUNDING,
    )
    holder.StatusWord = sum(1 << bit for bit, each in enumerate(exceeded) if each and link is not None)


_POINT: Final = ("Position", "Velocity", "Acceleration")
_ROUNDING: Final = 1e-6


def _speed(data: Any, velocity: float, settings: Settings) -> float:
    """Return the speed of the motor in revolutions a minute."""
    gear = find(data, "LoadGear.Numerator", otherwise=1) / (find(data, "LoadGear.Denominator", otherwise=1) or 1)
    way = 1.0 if not settings.positioning else find(data, "Mechanics.LeadScrew", otherwise=1.0) or 1.0
    return float(velocity / way * 60 * gear)


def _write(holder: Any, values: Mapping[str, float], settings: Settings) -> None:
    for name, value in values.items():
        if name in holder._names:
            setattr(holder, name, value if settings.modern else _SINGLE.unpack(_SINGLE.pack(value))[0])


def _bits(data: Any, axis: Axis, settings: Settings) -> dict[str, bool]:
    """Return the status bits by their names on an S7-1200 since V4; an S7-1500 distinguishes two of them."""
    position, velocity, acceleration = axis.point
    kind = axis.command.kind if axis.command is not None else None
    standing = _stands(axis, settings)
    limits, link, overlay = settings.limits, link_of(axis), axis.overlay
    superimposed = overlay is not None and not overlay.finished
    phasing = link.phasing if link is not None and link.phasing is not None and link.phasing.number else None
    watched = limits.active and axis.homed
    return {
        "Activated": axis.enabled,
        "Enable": axis.enabled,
        "AxisSimulation": find(data, "Simulation.Mode", otherwise=0) == 1,
        "HomingDone": axis.homed,
        "Done": axis.command is None
        and axis.passive is None
        and axis.overlay is None
        and axis.state is not State.STOPPING,
        "Error": axis.alarm is not None,
        "Standstill": standing,
        "PositioningCommand": kind is Kind.POSITION,
        "VelocityCommand": kind in (Kind.VELOCITY, Kind.JOG),
        "MoveVelocityCommand": kind is Kind.VELOCITY,
        "JogCommand": kind is Kind.JOG,
        "HomingCommand": kind is Kind.HOMING or axis.passive is not None,
        "ConstantVelocity": not acceleration and (settings.modern or bool(velocity)),
        "Accelerating": acceleration * velocity > 0 or bool(acceleration and not velocity),
        "Decelerating": acceleration * velocity < 0,
        "DriveReady": True,
        "Synchronizing": link is not None and not link.synchronous,
        "Synchronous": link is not None and link.synchronous,
        "MoveSuperimposedCommand": superimposed and overlay is not None and not overlay.halting,
        "HaltSuperimposedCommand": superimposed and overlay is not None and overlay.halting,
        "PhasingCommand": phasing is not None and phasing.active,
        "PhasingCommandWaiting": phasing is not None and not phasing.active,
        "StopCommand": kind is Kind.STOP,
        "TorqueLimitingCommand": axis.torque is not None,
        "InLimitation": axis.torque_reached,
        "SWLimitMinActive": watched and position <= limits.low,
        "SWLimitMaxActive": watched and position >= limits.high,
    }


def _stands(axis: Axis, settings: Settings) -> bool:
    threshold, dwell = settings.threshold
    if settings.pulses or threshold <= 0:
        return not axis.point.velocity and axis.reached
    before = axis.at(max(axis.now - round(dwell * 1e9), axis.begun))
    return abs(axis.point.velocity) < threshold and abs(before.velocity) < threshold


def _show_words(data: Any, axis: Axis, settings: Settings, bits: Mapping[str, bool]) -> None:
    left_out = () if settings.positioning else _ONLY_POSITIONING
    data.StatusWord = sum(1 << bit for name, bit in _STATUS_WORD.items() if bits[name] and name not in left_out)
    data.StatusWord2 = sum(1 << bit for name, bit in _STATUS_WORD_2.items() if bits[name])
    alarm = axis.alarm
    data.ErrorWord = 0 if alarm is None else 1 << alarm.bit
    data.WarningWord = 1 << _DYNAMIC_WARNING if axis.limited else 0
    if alarm is not None:
        data.ErrorDetail.Number, data.ErrorDetail.Reaction = alarm.alarm, int(alarm.reaction)
    else:
        data.ErrorDetail.Number = _LIMITED if axis.limited else 0
        data.ErrorDetail.Reaction = int(Reaction.NONE)


def _show_bits(data: Any, axis: Axis, bits: Mapping[str, bool]) -> None:
    for holder, values in ((data.StatusBits, bits), (data.ErrorBits, _error_bits(axis))):
        for name, value in values.items():
            written = name if name in holder._names else _OLD_NAMES.get(name, name)
            if written in holder._names:
                setattr(holder, written, value)


def _error_bits(axis: Axis) -> dict[str, bool]:
    """Return the error bits of an S7-1200 since V4, and those of before, which name the limit switch."""
    number, passed = (axis.alarm.classic, axis.alarm.info == 0x10) if axis.alarm is not None else (0, False)
    low, high = number == 0x8001, number == 0x8002
    return {
        "ConfigFault": 0x8600 <= number < 0x8700,
        "SWLimit": low or high,
        "SwLimitMinReached": low and not passed,
        "SwLimitMinExceeded": low and passed,
        "SwLimitMaxReached": high and not passed,
        "SwLimitMaxExceeded": high and passed,
    }
