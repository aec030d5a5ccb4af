"""MC_Power and MC_Reset. Facts: docs/facts/motion.md#enabling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from virtual_plc.instructions.motion.jobs import Job, data_of, execute, show_error, take_inputs
from virtual_plc.instructions.registry import Site, register_maker
from virtual_plc.motion import axis as axes
from virtual_plc.motion import commands, errors, members
from virtual_plc.motion.errors import Error
from virtual_plc.motion.settings import Settings
from virtual_plc.motion.state import Axis, Result

Function = Callable[..., None]
_POWER: Final = "Enable StartMode StopMode"
_RESET: Final = "Execute Restart"
_EMERGENCY, _AT_ONCE, _MAXIMUM, _COAST = 0, 1, 2, 3
_MODES: Final = {True: (_EMERGENCY, _AT_ONCE, _MAXIMUM, _COAST), False: (_EMERGENCY, _AT_ONCE, _MAXIMUM)}
"""The stop modes that a CPU knows; the key says whether it is an S7-1500."""


@register_maker("MC_Power", f"instance Axis {_POWER}", "")
def _power(site: Site) -> Function:
    def power(instance: Any, operand: Any, *values: Any) -> None:
        given = take_inputs(instance, _POWER, values)
        wanted, mode = bool(given["Enable"]), given["StopMode"]
        data, job = data_of(site, operand), instance._state or Job()
        if data is None:
            instance.Status, instance.Busy = False, False
            show_error(instance, errors.WRONG_AXIS if wanted else None, modern=True)
            return
        before, settings = members.refresh(data, site.services.now)
        axis = before
        error = None if mode in _MODES[settings.modern] else errors.STOP_MODE_INVALID
        if wanted and axis.enabled and axis.owner != job.number:
            error = errors.OTHER_POWER
        elif wanted:
            if not axis.enabled:
                job = Job(True, axis.count + 1)
                axis = axes.enable(replace(axis, count=job.number), job.number)
        elif axis.owner == job.number:
            axis = _disable(axis, settings, mode)
        mine = axis.owner == job.number
        instance._state = job
        if axis is not before:
            members.show(data, axis, settings)
        instance.Status = axis.enabled and mine
        instance.Busy = (wanted and error is None) or (axis.disabling and mine)
        show_error(instance, error or (axis.alarm if mine else None), modern=settings.modern)

    return power


def _disable(axis: Axis, settings: Settings, mode: int) -> Axis:
    rate: float | None = settings.limits.emergency
    if mode in (_AT_ONCE, _COAST):
        rate = None
    elif mode == _MAXIMUM and settings.modern:
        rate = settings.highest.deceleration
    return axes.disable(axis, rate, keep_homed=not settings.pulses)


@register_maker("MC_Reset", f"instance Axis {_RESET}", "")
def _reset(site: Site) -> Function:
    def reset(instance: Any, operand: Any, *values: Any) -> None:
        given = take_inputs(instance, _RESET, values)

        def begin(axis: Axis, settings: Settings) -> Axis | Error:
            if not given["Restart"]:
                return commands.answer(axes.acknowledge(axis), Result.DONE)
            if axis.enabled:
                return errors.ENABLED
            axis = replace(axes.acknowledge(axis), homed=axis.homed and settings.absolute)
            return commands.answer(axis, Result.DONE)

        execute(site, instance, operand, given["Execute"], begin)

    return reset
