"""MC_Home: direct, passive and active homing, and the adjustment of absolute encoders. Facts: docs/facts/motion.md#homing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from virtual_plc.instructions.motion import parameters
from virtual_plc.instructions.motion.jobs import execute, take_inputs
from virtual_plc.instructions.registry import Site, register_maker
from virtual_plc.motion import commands, errors
from virtual_plc.motion.errors import Error
from virtual_plc.motion.settings import Settings
from virtual_plc.motion.state import Axis, Kind, Result

_HOME: Final = "Execute Position Mode Sensor"
_ABSOLUTE, _RELATIVE, _PASSIVE, _ACTIVE = 0, 1, 2, 3
_ACTIVE_HOME, _ADJUST_RELATIVE, _ADJUST_ABSOLUTE, _PASSIVE_HOME, _CANCEL = 5, 6, 7, 8, 9
_CLASSIC: Final = (_ABSOLUTE, _RELATIVE, _PASSIVE, _ACTIVE, _ADJUST_RELATIVE, _ADJUST_ABSOLUTE)
_MODERN: Final = (*_CLASSIC, _ACTIVE_HOME, _PASSIVE_HOME, _CANCEL)
_DIRECT: Final = (_ABSOLUTE, _RELATIVE, _ADJUST_RELATIVE, _ADJUST_ABSOLUTE)


@register_maker("MC_Home", f"instance Axis {_HOME}", "")
def _home(site: Site) -> Callable[..., None]:
    def home(instance: Any, operand: Any, *values: Any) -> None:
        given = take_inputs(instance, _HOME, values)
        position, mode = given["Position"], given["Mode"]

        def begin(axis: Axis, settings: Settings) -> Axis | Error:
            refused = _refuse(axis, settings, mode) or parameters.check_position(position)
            return refused or _begin(axis, settings, mode, position)

        axis, _ = execute(site, instance, operand, given["Execute"], begin)
        if axis is not None and instance.Done:
            instance.ReferenceMarkPosition = axis.point.position

    return home


def _refuse(axis: Axis, settings: Settings, mode: int) -> Error | None:
    if not settings.positioning:
        return errors.WRONG_AXIS
    if mode not in (_MODERN if settings.modern else _CLASSIC):
        return errors.MODE_INVALID
    if mode in (_ADJUST_RELATIVE, _ADJUST_ABSOLUTE) and not settings.absolute:
        return errors.MODE_NEEDS_ABSOLUTE
    if mode in (_PASSIVE, _ACTIVE) and settings.absolute and not settings.modern:
        return errors.MODE_NEEDS_INCREMENTAL
    runs = axis.command is not None and axis.command.kind is Kind.HOMING
    if runs and mode not in (_ACTIVE, _ACTIVE_HOME, _CANCEL):
        return errors.HOMING_RUNS
    if axis.command is not None and axis.command.kind in (Kind.GEAR_POSITION, Kind.CAM) and mode not in _DIRECT:
        return errors.FOLLOWS
    if mode == _CANCEL or (mode in _DIRECT and not settings.pulses):
        return None
    return commands.refuse(axis)


def _begin(axis: Axis, settings: Settings, mode: int, position: float) -> Axis | Error:
    if mode == _CANCEL:
        return commands.answer(commands.forget_mark(axis), Result.DONE)
    if mode in _DIRECT:
        target = position + axis.point.position if mode in (_RELATIVE, _ADJUST_RELATIVE) else position
        return commands.answer(commands.set_position(axis, target), Result.DONE)
    if mode in (_PASSIVE, _PASSIVE_HOME):
        return commands.wait_for_mark(axis, position if mode == _PASSIVE else settings.home)
    approach = settings.approach
    if approach.velocity <= 0:
        return errors.NO_APPROACH_VELOCITY
    if approach.acceleration <= 0 or approach.deceleration <= 0:
        return errors.NO_ACCELERATION
    mark = position if mode == _ACTIVE else settings.home
    return commands.home(commands.forget_mark(axis), mark, approach, 1.0 if settings.upwards else -1.0)
