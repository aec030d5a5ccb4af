"""The state machine of an axis, after PLCopen Part 1: time, limit switches, enabling and errors.

An `Axis` is a value: each function returns the next one. `advance` lets time pass; the other functions, and those of
`commands`, belong to the motion control instructions and want an axis that has been advanced to the present. Facts and
decisions: docs/facts/motion.md#states.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Final

from virtual_plc.motion import errors
from virtual_plc.motion.commands import (
    abort,
    end_overlay,
    finish,
    flatten,
    forget_mark,
    forget_waiting,
    set_position,
)
from virtual_plc.motion.coupling import couple
from virtual_plc.motion.curves import trace
from virtual_plc.motion.errors import Error, Reaction
from virtual_plc.motion.profile import Profile, to_rest, to_rest_at
from virtual_plc.motion.state import SECOND, Axis, Command, Kind, Limits, Result, State, nanoseconds

# Time ----------------------------------------------------------------------------------------------------------------


def advance(axis: Axis, limits: Limits, now: int) -> Axis:
    """Let time pass: commands reach their ends, and limit switches act, each at its own moment."""
    if now < axis.now:
        axis = replace(axis, now=now, begun=now, profile=Profile(axis.point.position), overlay=None)
    while (found := _next_event(axis, limits)) is not None and found[0] <= now:
        moment, happen = found
        axis = happen(replace(axis, now=max(moment, axis.now)))
    axis = replace(axis, now=now)
    if axis.passive is not None and axis.point.velocity:
        number, position = axis.passive
        axis = finish(replace(set_position(axis, position), passive=None), number, Result.DONE)
    return axis


def _next_event(axis: Axis, limits: Limits) -> tuple[int, Callable[[Axis], Axis]] | None:
    """Return when something happens next, and what: a motion ends, axes are synchronous, a limit switch acts."""
    end, command = axis.begun + nanoseconds(axis.profile.duration), axis.command
    events: list[tuple[int, Callable[[Axis], Axis]]] = []
    if _ends(axis):
        events.append((max(end, axis.now), _end))
    overlay = axis.overlay
    if overlay is not None and not overlay.finished:
        events.append((max(overlay.begun + nanoseconds(overlay.profile.duration), axis.now), end_overlay))
    if command is not None and command.link is not None and command.link.meets is not None:
        events.append((max(command.link.meets, axis.now), couple))
    if limits.active and axis.homed and command is not None and command.kind is not Kind.HOMING:
        rate, motion = _limit_deceleration(limits, command), trace(axis)
        for direction, position, profile in ((1, limits.high, motion), (-1, limits.low, motion.mirrored())):
            seconds = profile.find_braking(direction * position, rate, (axis.now - axis.begun) / SECOND)
            if seconds is not None:
                reach = partial(_reach_limit, limits=limits, direction=direction, position=position)
                events.append((max(axis.begun + nanoseconds(seconds), axis.now), reach))
    return min(events, key=lambda each: each[0], default=None)


def _limit_deceleration(limits: Limits, command: Command) -> float:
    return command.dynamics.deceleration if limits.deceleration is None else limits.deceleration


def _ends(axis: Axis) -> bool:
    """Return whether something happens when the profile ends."""
    if axis.disabling:
        return True
    command = axis.command
    if command is not None and command.link is not None:
        return False
    if command is None:
        return axis.state in (State.STOPPING, State.ERROR_STOP) and bool(axis.profile.phases)
    if command.kind is Kind.POSITION and not (axis.override and axis.highest > 0):
        return False
    if command.kind in (Kind.VELOCITY, Kind.JOG):
        return command.ending or (command.kind is Kind.VELOCITY and not command.target)
    return not command.finished


def _end(axis: Axis) -> Axis:
    """Return the axis when its motion has come to its end."""
    command = axis.command
    position, velocity, _ = axis.profile.end
    rest = replace(axis, begun=axis.now, profile=Profile(position, velocity))
    if rest.overlay is not None and rest.overlay.finished:
        rest = flatten(rest)
    if axis.disabling or (axis.alarm is not None and axis.alarm.reaction is Reaction.REMOVE_ENABLE):
        state = State.ERROR_STOP if axis.alarm is not None else State.DISABLED
        return replace(rest, state=state, command=None, enabled=False, disabling=False)
    if command is None:
        return replace(rest, state=State.ERROR_STOP if axis.alarm is not None else State.STANDSTILL)
    if command.kind is Kind.HOMING and not command.ending:
        return _brake_at_mark(rest, command)
    rest = finish(rest, command.number, Result.DONE)
    if command.kind is Kind.STOP and not command.ending:
        return replace(rest, command=replace(command, finished=True))
    if command.kind is Kind.HOMING:
        rest = replace(rest, homed=True, profile=Profile(command.target))
    return replace(rest, state=State.STANDSTILL, command=None)


def _brake_at_mark(axis: Axis, command: Command) -> Axis:
    """Return the axis that has found the home mark, which an ideal drive does at the approach velocity."""
    profile = to_rest(*axis.point[:2], command.dynamics.deceleration)
    return replace(axis, profile=profile, command=replace(command, ending=True))


def _reach_limit(axis: Axis, limits: Limits, direction: int, position: float) -> Axis:
    """Return the axis that brakes for a limit switch; if the way is too short, with the emergency deceleration.

    One that is behind the switch already and wants to move on does not begin to move.
    """
    assert axis.command is not None  # noqa: S101 - only commands are watched
    reached, passed = _SWITCH_ERRORS[direction]
    place, velocity, _ = axis.point

    def passes(rate: float) -> bool:
        return bool(velocity) and (to_rest(place, velocity, rate).end.position - position) * direction > _ROUNDING

    rate = _limit_deceleration(limits, axis.command)
    found = replace(reached, reaction=Reaction.CURRENT_DYNAMICS) if limits.deceleration is None else reached
    if passes(rate):
        rate = limits.emergency
        found = passed if passes(rate) else replace(reached, info=_EMERGENCY, reaction=Reaction.EMERGENCY_STOP)
    return stop_for(axis, found, to_rest_at(place, velocity, rate, position))


_SWITCH_ERRORS: Final = {
    1: (errors.HIGH_LIMIT, errors.HIGH_LIMIT_PASSED),
    -1: (errors.LOW_LIMIT, errors.LOW_LIMIT_PASSED),
}
"""What the upper and the lower limit switch report when the axis rests at it, and when it passes it."""
_ROUNDING: Final = 1e-6
_EMERGENCY: Final = 0xF
"""ErrorInfo of an axis that rests at the switch because of the emergency deceleration."""


# Enabling and errors -------------------------------------------------------------------------------------------------


def enable(axis: Axis, owner: int) -> Axis:
    """MC_Power with Enable = TRUE: enable; an axis with an alarm stays disabled until it is acknowledged."""
    if axis.enabled or axis.alarm is not None:
        return axis
    return replace(axis, state=State.STANDSTILL, enabled=True, owner=owner)


def disable(axis: Axis, deceleration: float | None, *, keep_homed: bool) -> Axis:
    """MC_Power with Enable = FALSE: abort all commands, brake and disable.

    Args:
        axis: the axis.
        deceleration: how it brakes; None: it rests at once.
        keep_homed: whether it stays homed.
    """
    if not axis.enabled or axis.disabling:
        return axis
    position, velocity, _ = axis.point
    axis = forget_waiting(forget_mark(flatten(abort(axis))))
    profile = Profile(position) if deceleration is None else to_rest(position, velocity, deceleration)
    state = State.ERROR_STOP if axis.alarm is not None else State.STOPPING
    axis = replace(axis, disabling=True, state=state, begun=axis.now, profile=profile)
    axis = replace(axis, homed=axis.homed and keep_homed)
    return axis if profile.phases else _end(axis)


def stop_for(axis: Axis, error: Error, profile: Profile) -> Axis:
    """Return the axis that stops because of an error: its command reports it, and it waits for `acknowledge`."""
    command = axis.command
    if command is not None:
        axis = replace(finish(axis, command.number, Result.ERROR, error), command=None)
    axis = forget_waiting(flatten(axis))
    axis = replace(forget_mark(axis), alarm=error, state=State.ERROR_STOP, begun=axis.now, profile=profile)
    return axis if profile.phases else _end(axis)


def emergency_stop(axis: Axis, error: Error, limits: Limits) -> Axis:
    """Return the axis that stops because of an error with the emergency deceleration."""
    return stop_for(axis, error, to_rest(*axis.point[:2], limits.emergency))


def acknowledge(axis: Axis) -> Axis:
    """MC_Reset: the alarm is gone; an axis that still brakes does so first."""
    axis = replace(axis, limited=False)
    if axis.alarm is None:
        return axis
    axis = replace(axis, alarm=None)
    if not axis.enabled:
        return replace(axis, state=State.DISABLED)
    return replace(axis, state=State.STANDSTILL if axis.reached and not axis.disabling else State.STOPPING)
