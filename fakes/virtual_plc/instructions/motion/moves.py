"""MC_MoveAbsolute, MC_MoveRelative, MC_MoveVelocity, MC_Halt and MC_Stop. Facts: docs/facts/motion.md."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from virtual_plc.instructions.motion import parameters
from virtual_plc.instructions.motion.jobs import data_of, execute, take_inputs
from virtual_plc.instructions.motion.parameters import Checked
from virtual_plc.instructions.registry import Site, register_maker
from virtual_plc.motion import commands, errors, members
from virtual_plc.motion.errors import Error
from virtual_plc.motion.settings import Settings, read
from virtual_plc.motion.state import Axis, Dynamics, Result

Function = Callable[..., None]
_DYNAMICS: Final = "Velocity Acceleration Deceleration Jerk"
_ABSOLUTE: Final = f"Execute Position {_DYNAMICS} Direction BufferMode"
_RELATIVE: Final = f"Execute Distance {_DYNAMICS} BufferMode"
_VELOCITY: Final = f"Execute {_DYNAMICS} Direction Current PositionControlled"
_HALT: Final = "Execute Deceleration Jerk AbortAcceleration"
_STOP: Final = "Execute Mode Deceleration Jerk AbortAcceleration"
_SIGN, _POSITIVE, _NEGATIVE, _SHORTEST = 0, 1, 2, 3
_EMERGENCY, _AT_ONCE, _MAXIMUM, _GIVEN = 0, 1, 2, 3


def limited(axis: Axis, checked: Checked, settings: Settings) -> tuple[Axis, Dynamics]:
    """Return the axis with the warning about a limited value, and the dynamics."""
    dynamics, limited = checked
    return (replace(axis, limited=True) if limited and settings.modern else axis), dynamics


@register_maker("MC_MoveAbsolute", f"instance Axis {_ABSOLUTE}", "")
def _move_absolute(site: Site) -> Function:
    def move(instance: Any, operand: Any, *values: Any) -> None:
        given = take_inputs(instance, _ABSOLUTE, values)
        position = given["Position"]

        def begin(axis: Axis, settings: Settings) -> Axis | Error:
            if not settings.positioning:
                return errors.WRONG_AXIS
            checked = (
                commands.refuse(axis) or parameters.check_position(position) or parameters.to_position(settings, given)
            )
            if isinstance(checked, Error):
                return checked
            if not axis.homed:
                return errors.NOT_HOMED
            target = _target(axis, settings, position, given["Direction"])
            if isinstance(target, Error):
                return target
            axis, dynamics = limited(axis, checked, settings)
            return commands.move_to(axis, target, dynamics)

        execute(site, instance, operand, given["Execute"], begin)

    return move


def _target(axis: Axis, settings: Settings, position: float, direction: int) -> float | Error:
    """Return the target of an absolute motion; a modulo axis reaches it in the direction that the command names."""
    if settings.modulo is None:
        return position
    if direction not in (_SIGN, _POSITIVE, _NEGATIVE, _SHORTEST):
        return errors.DIRECTION_INVALID
    length, here = settings.modulo[1], axis.point.position
    forward = (position - here) % length
    if direction == _NEGATIVE or (direction == _SHORTEST and forward > length / 2):
        return here + forward - (length if forward else 0.0)
    return here + forward


@register_maker("MC_MoveRelative", f"instance Axis {_RELATIVE}", "")
def _move_relative(site: Site) -> Function:
    def move(instance: Any, operand: Any, *values: Any) -> None:
        given = take_inputs(instance, _RELATIVE, values)
        distance = given["Distance"]

        def begin(axis: Axis, settings: Settings) -> Axis | Error:
            if not settings.positioning:
                return errors.WRONG_AXIS
            checked = (
                commands.refuse(axis) or parameters.check_distance(distance) or parameters.to_position(settings, given)
            )
            if isinstance(checked, Error):
                return checked
            axis, dynamics = limited(axis, checked, settings)
            return commands.move_by(axis, distance, dynamics)

        execute(site, instance, operand, given["Execute"], begin)

    return move


@register_maker("MC_MoveVelocity", f"instance Axis {_VELOCITY}", "")
def _move_velocity(site: Site) -> Function:
    def move(instance: Any, operand: Any, *values: Any) -> None:
        given = take_inputs(instance, _VELOCITY, values)
        direction = given["Direction"]

        def begin(axis: Axis, settings: Settings) -> Axis | Error:
            checked = commands.refuse(axis) or parameters.to_velocity(settings, given)
            if isinstance(checked, Error):
                return checked
            if direction not in (_SIGN, _POSITIVE, _NEGATIVE):
                return errors.DIRECTION_INVALID
            axis, dynamics = limited(axis, checked, settings)
            if given["Current"]:
                return commands.move_at(axis, axis.point.velocity, dynamics)
            backwards = direction == _NEGATIVE or (direction == _SIGN and given["Velocity"] < 0)
            return commands.move_at(axis, math.copysign(dynamics.velocity, -1 if backwards else 1), dynamics)

        axis, job = execute(site, instance, operand, given["Execute"], begin)
        runs = axis is not None and axis.command is not None and axis.command.number == job.number
        rests = job.outcome is not None and job.outcome.result is Result.DONE
        instance.InVelocity = (runs and axis is not None and axis.reached) or rests
        if instance.InVelocity and job.number:
            instance._state = replace(instance._state, reached=True)

    return move


@register_maker("MC_Halt", f"instance Axis {_HALT}", "")
def _halt(site: Site) -> Function:
    def halt(instance: Any, operand: Any, *values: Any) -> None:
        given = take_inputs(instance, _HALT, values)

        def begin(axis: Axis, settings: Settings) -> Axis | Error:
            checked = commands.refuse(axis) or parameters.to_rest(settings, given)
            if isinstance(checked, Error):
                return checked
            axis, dynamics = limited(axis, checked, settings)
            return commands.halt(axis, dynamics)

        execute(site, instance, operand, given["Execute"], begin)

    return halt


@register_maker("MC_Stop", f"instance Axis {_STOP}", "")
def _stop(site: Site) -> Function:
    def stop(instance: Any, operand: Any, *values: Any) -> None:
        given = take_inputs(instance, _STOP, values)
        mode = given["Mode"]

        def begin(axis: Axis, settings: Settings) -> Axis | Error:
            if mode not in _STOP_RATES:
                return errors.MODE_INVALID
            checked = commands.refuse(axis) or parameters.to_rest(settings, given)
            if isinstance(checked, Error):
                return checked
            return commands.stop(axis, replace(checked[0], deceleration=_STOP_RATES[mode](settings, checked[0])))

        axis, job = execute(site, instance, operand, given["Execute"], begin)
        holds = job.number or job.holds
        if axis is not None and given["Execute"]:
            instance._state = replace(instance._state, holds=holds)
        elif axis is not None and holds:
            data = data_of(site, operand)
            members.show(data, commands.release_stop(axis, holds), read(data))

    return stop


_STOP_RATES: Final[dict[int, Callable[[Settings, Dynamics], float]]] = {
    _EMERGENCY: lambda settings, _: settings.limits.emergency,
    _AT_ONCE: lambda _, __: math.inf,
    _MAXIMUM: lambda settings, _: settings.highest.deceleration,
    _GIVEN: lambda _, given: given.deceleration,
}
"""How MC_Stop brakes in each mode."""
