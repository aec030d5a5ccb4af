"""MC_MoveSuperimposed and MC_HaltSuperimposed. Facts: docs/facts/motion.md#superimposed-motions."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from virtual_plc.instructions.motion import parameters
from virtual_plc.instructions.motion.jobs import execute, take_inputs
from virtual_plc.instructions.motion.moves import limited
from virtual_plc.instructions.registry import Site, register_maker
from virtual_plc.motion import commands, errors
from virtual_plc.motion.errors import Error
from virtual_plc.motion.settings import Settings
from virtual_plc.motion.state import Axis

_MOVE: Final = "Execute Distance VelocityDiff Acceleration Deceleration Jerk"
_HALT: Final = "Execute Deceleration Jerk AbortAcceleration"


@register_maker("MC_MoveSuperimposed", f"instance Axis {_MOVE}", "")
def _move(site: Site) -> Callable[..., None]:
    def move(instance: Any, operand: Any, *values: Any) -> None:
        given = take_inputs(instance, _MOVE, values)
        distance = given["Distance"]

        def begin(axis: Axis, settings: Settings) -> Axis | Error:
            if not settings.positioning:
                return errors.WRONG_AXIS
            checked = (
                commands.refuse(axis)
                or parameters.check_distance(distance)
                or parameters.to_position(settings, {**given, "Velocity": given["VelocityDiff"]})
            )
            if isinstance(checked, Error):
                return checked
            axis, dynamics = limited(axis, checked, settings)
            return commands.superimpose(axis, distance, dynamics)

        execute(site, instance, operand, given["Execute"], begin)

    return move


@register_maker("MC_HaltSuperimposed", f"instance Axis {_HALT}", "")
def _halt(site: Site) -> Callable[..., None]:
    def halt(instance: Any, operand: Any, *values: Any) -> None:
        given = take_inputs(instance, _HALT, values)

        def begin(axis: Axis, settings: Settings) -> Axis | Error:
            if not settings.positioning:
                return errors.WRONG_AXIS
            checked = commands.refuse(axis) or parameters.to_rest(settings, given)
            if isinstance(checked, Error):
                return checked
            axis, dynamics = limited(axis, checked, settings)
            return commands.halt_superimposed(axis, dynamics)

        execute(site, instance, operand, given["Execute"], begin)

    return halt
