"""Commands of an axis: each begins a motion and overrides the one that runs.

Each function returns the next axis from one that has been advanced to the present. The drive is ideal: the axis is
where its setpoint is. Facts and decisions: docs/facts/motion.md#states.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final

from virtual_plc.motion import errors
from virtual_plc.motion.errors import Error
from virtual_plc.motion.profile import Profile, to_position, to_rest, to_velocity
from virtual_plc.motion.state import SECOND, Axis, Command, Dynamics, Kind, Motion, Outcome, Overlay, Result, State

_KEPT: Final = 200
"""How many outcomes are kept for instances that have not asked yet: as many commands as an S7-1200 accepts."""

_STATES: Final = {
    Kind.POSITION: State.DISCRETE_MOTION,
    Kind.VELOCITY: State.CONTINUOUS_MOTION,
    Kind.JOG: State.CONTINUOUS_MOTION,
    Kind.HALT: State.DISCRETE_MOTION,
    Kind.STOP: State.STOPPING,
    Kind.HOMING: State.HOMING,
    Kind.GEAR: State.SYNCHRONIZED_MOTION,
    Kind.GEAR_POSITION: State.SYNCHRONIZED_MOTION,
    Kind.CAM: State.SYNCHRONIZED_MOTION,
}


def finish(axis: Axis, number: int, result: Result, error: Error | None = None) -> Axis:
    """Return the axis with the outcome of a command."""
    return replace(axis, outcomes=(*axis.outcomes, Outcome(number, result, error))[-_KEPT:])


def forget(axis: Axis, number: int) -> Axis:
    """Return the axis without the outcome of a command, after its instruction has shown it."""
    return replace(axis, outcomes=tuple(each for each in axis.outcomes if each.number != number))


def abort(axis: Axis) -> Axis:
    """Return the axis without its command, which reports that it was aborted if it had not ended."""
    command = axis.command
    if command is None:
        return axis
    if not command.finished:
        axis = finish(axis, command.number, Result.ABORTED)
    return replace(axis, command=None)


def flatten(axis: Axis) -> Axis:
    """Return the axis without its superimposed motion, which reports that it was aborted if it had not ended."""
    overlay = axis.overlay
    if overlay is None:
        return axis
    position, velocity, _ = axis.point
    axis = replace(axis, overlay=None, begun=axis.now, profile=Profile(position, velocity))
    return axis if overlay.finished else finish(axis, overlay.number, Result.ABORTED)


def superimpose(axis: Axis, distance: float, dynamics: Dynamics) -> Axis:
    """MC_MoveSuperimposed: add a distance to the motion that runs, as a separate motion."""
    moved, velocity, axis = _take_overlay(axis)
    limit = min(dynamics.velocity, max(axis.highest - abs(axis.base.velocity), 0.0)) or dynamics.velocity
    profile = to_position(moved, velocity, moved + distance, limit, dynamics.acceleration, dynamics.deceleration)
    number = axis.count + 1
    return replace(axis, count=number, overlay=Overlay(number, axis.now, profile))


def halt_superimposed(axis: Axis, dynamics: Dynamics) -> Axis:
    """MC_HaltSuperimposed: brake the superimposed motion; the basic motion continues."""
    if axis.overlay is None or axis.overlay.finished:
        return answer(axis, Result.DONE)
    moved, velocity, axis = _take_overlay(axis)
    number = axis.count + 1
    overlay = Overlay(number, axis.now, to_rest(moved, velocity, dynamics.deceleration), halting=True)
    return replace(axis, count=number, overlay=overlay)


def _take_overlay(axis: Axis) -> tuple[float, float, Axis]:
    """Return distance and velocity of the superimposed motion that a new one overrides, and the axis."""
    overlay = axis.overlay
    if overlay is None:
        return 0.0, 0.0, axis
    moved, velocity, _ = overlay.profile.at((axis.now - overlay.begun) / SECOND)
    return moved, velocity, axis if overlay.finished else finish(axis, overlay.number, Result.ABORTED)


def end_overlay(axis: Axis) -> Axis:
    """Return the axis whose superimposed motion has come to its end."""
    assert axis.overlay is not None  # noqa: S101 - only its end leads here
    axis = replace(finish(axis, axis.overlay.number, Result.DONE), overlay=replace(axis.overlay, finished=True))
    return flatten(axis) if axis.command is None else axis


def refuse(axis: Axis) -> Error | None:
    """Return why the axis accepts no motion command, None when it does."""
    if axis.alarm is not None:
        return axis.alarm
    if not axis.enabled or axis.disabling:
        return errors.NOT_ENABLED
    return errors.LOCKED if axis.command is not None and axis.command.kind is Kind.STOP else None


def begin(
    axis: Axis,
    kind: Kind,
    dynamics: Dynamics,
    target: float,
    profile: Motion,
    *,
    link: Any = None,
    number: int = 0,
) -> Axis:
    """Return the axis with a new command, which overrides the one that runs and a superimposed motion."""
    axis = flatten(abort(axis))
    number = number or axis.count + 1
    command = Command(number, kind, dynamics, target, link=link)
    return replace(
        axis, count=max(number, axis.count), command=command, state=_STATES[kind], begun=axis.now, profile=profile
    )


def _approach(axis: Axis, target: float, dynamics: Dynamics) -> Profile:
    """Return the way to a position with the override of the axis; with 0 it brakes and waits."""
    limit = min(dynamics.velocity * axis.override, axis.highest)
    if limit <= 0:
        return to_rest(*axis.base[:2], dynamics.deceleration)
    return to_position(*axis.base[:2], target, limit, dynamics.acceleration, dynamics.deceleration)


def move_to(axis: Axis, target: float, dynamics: Dynamics) -> Axis:
    """MC_MoveAbsolute: move to a position."""
    axis = flatten(axis)
    return begin(axis, Kind.POSITION, dynamics, target, _approach(axis, target, dynamics))


def move_by(axis: Axis, distance: float, dynamics: Dynamics) -> Axis:
    """MC_MoveRelative: move by a distance from where the axis is."""
    axis = move_to(axis, axis.point.position + distance, dynamics)
    assert axis.command is not None  # noqa: S101 - it has just begun
    return replace(axis, command=replace(axis.command, relative=True))


def _speed_up(axis: Axis, velocity: float, dynamics: Dynamics) -> Profile:
    return to_velocity(*axis.base[:2], velocity, dynamics.acceleration, dynamics.deceleration)


def _speed_up_shared(axis: Axis, velocity: float, dynamics: Dynamics) -> Profile:
    """Return the way to a velocity with the override of the axis."""
    wanted = max(min(velocity * axis.override, axis.highest), -axis.highest)
    return _speed_up(axis, wanted, dynamics)


def set_override(axis: Axis, share: float, highest: float) -> Axis:
    """Return the axis with another velocity override, which counts for the command that runs, too."""
    if (share, highest) == (axis.override, axis.highest):
        return axis
    axis, command = replace(axis, override=share, highest=highest), axis.command
    if command is None or command.ending or command.kind not in _OVERRIDDEN:
        return axis
    profile = _OVERRIDDEN[command.kind](axis, command.target, command.dynamics)
    return replace(axis, begun=axis.now, profile=profile)


_OVERRIDDEN: Final = {Kind.POSITION: _approach, Kind.VELOCITY: _speed_up_shared, Kind.JOG: _speed_up_shared}
"""What an override changes."""


def move_at(axis: Axis, velocity: float, dynamics: Dynamics) -> Axis:
    """MC_MoveVelocity: move at a signed velocity."""
    axis = flatten(axis)
    return begin(axis, Kind.VELOCITY, dynamics, velocity, _speed_up_shared(axis, velocity, dynamics))


def jog(axis: Axis, velocity: float, dynamics: Dynamics) -> Axis:
    """MC_MoveJog: begin to move at a signed velocity."""
    axis = flatten(axis)
    return begin(axis, Kind.JOG, dynamics, velocity, _speed_up_shared(axis, velocity, dynamics))


def jog_at(axis: Axis, number: int, velocity: float, dynamics: Dynamics) -> Axis:
    """MC_MoveJog while it runs: take another velocity."""
    command = axis.command
    if command is None or command.number != number or (command.target == velocity and not command.ending):
        return axis
    changed = replace(command, target=velocity, dynamics=dynamics, ending=False)
    return replace(axis, command=changed, begun=axis.now, profile=_speed_up_shared(axis, velocity, dynamics))


def release_jog(axis: Axis, number: int) -> Axis:
    """MC_MoveJog: brake, because neither direction is wanted any more."""
    command = axis.command
    if command is None or command.number != number or command.ending:
        return axis
    profile = to_rest(*axis.base[:2], command.dynamics.deceleration)
    return replace(axis, command=replace(command, ending=True), begun=axis.now, profile=profile)


def halt(axis: Axis, dynamics: Dynamics) -> Axis:
    """MC_Halt: brake; another command may override it."""
    return begin(axis, Kind.HALT, dynamics, 0.0, to_rest(*axis.point[:2], dynamics.deceleration))


def stop(axis: Axis, dynamics: Dynamics) -> Axis:
    """MC_Stop: brake, and accept no command until `release_stop`."""
    axis = forget_waiting(axis)
    return begin(axis, Kind.STOP, dynamics, 0.0, to_rest(*axis.point[:2], dynamics.deceleration))


def release_stop(axis: Axis, number: int) -> Axis:
    """MC_Stop with Execute = FALSE: accept commands again; an axis that still brakes does so first."""
    command = axis.command
    if command is None or command.number != number:
        return axis
    if command.finished:
        return replace(axis, command=None, state=State.STANDSTILL)
    return replace(axis, command=replace(command, ending=True))


def home(axis: Axis, position: float, dynamics: Dynamics, direction: float) -> Axis:
    """MC_Home, active: approach the home mark; the axis is not homed until it rests there."""
    axis = flatten(replace(axis, homed=False))
    profile = _speed_up(axis, direction * dynamics.velocity, dynamics)
    return begin(axis, Kind.HOMING, dynamics, position, profile)


def wait_for_mark(axis: Axis, position: float) -> Axis:
    """MC_Home, passive: wait for the home mark, which an ideal drive passes when it moves."""
    axis = forget_mark(axis)
    return replace(axis, count=axis.count + 1, passive=(axis.count + 1, position))


def forget_waiting(axis: Axis) -> Axis:
    """Return the axis without the job that waits for its leading axis, which reports that it was aborted."""
    if axis.waiting is None:
        return axis
    return replace(finish(axis, axis.waiting.number, Result.ABORTED), waiting=None)


def forget_mark(axis: Axis) -> Axis:
    """Return the axis without the passive homing that waits, which reports that it was aborted."""
    if axis.passive is None:
        return axis
    return replace(finish(axis, axis.passive[0], Result.ABORTED), passive=None)


def set_position(axis: Axis, position: float) -> Axis:
    """MC_Home, direct: give the present position another value.

    A motion to a position continues to its target in the new coordinates, one by a distance keeps its distance.
    """
    moved = position - axis.point.position
    axis = replace(axis, homed=True, profile=axis.profile.shifted(moved))
    command = axis.command
    if command is not None and command.link is not None:
        link = replace(command.link, curve=command.link.curve.moved(0.0, moved))
        return replace(axis, command=replace(command, link=link))
    if command is None or command.kind is not Kind.POSITION:
        return axis
    if command.relative:
        return replace(axis, command=replace(command, target=command.target + moved))
    return replace(axis, begun=axis.now, profile=_approach(axis, command.target, command.dynamics))


def answer(axis: Axis, result: Result, error: Error | None = None) -> Axis:
    """Return the axis with the outcome of a command that has ended at once; its number is `count`."""
    return finish(replace(axis, count=axis.count + 1), axis.count + 1, result, error)
