"""MC_TorqueLimiting: the limit as a value. Facts: docs/facts/motion.md#torque-limits."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from virtual_plc.instructions.motion.jobs import data_of, show_error, take_inputs
from virtual_plc.instructions.registry import Site, register_maker
from virtual_plc.motion import errors, members
from virtual_plc.motion.errors import Error
from virtual_plc.motion.settings import Settings, find
from virtual_plc.motion.state import Axis

_TORQUE: Final = "Enable Limit Mode"
_LIMITING, _FIXED_STOP = 0, 1
_THRESHOLD: Final = 0.9
"""Share of the limit from which on the drive works in limitation."""
_LARGEST: Final = 2147483648.0
_LINEAR: Final = 0


@register_maker("MC_TorqueLimiting", f"instance Axis {_TORQUE}", "")
def _torque(site: Site) -> Callable[..., None]:
    def torque(instance: Any, operand: Any, *values: Any) -> None:
        given = take_inputs(instance, _TORQUE, values)
        data, wanted = data_of(site, operand), bool(given["Enable"])
        error: Error | None = errors.WRONG_AXIS if data is None and wanted else None
        limit = None
        if data is not None:
            axis, settings = members.refresh(data, site.services.now)
            number = instance._state or 0
            others = axis.torque is not None and axis.torque[0] != number
            error = _refuse(axis, settings, given["Mode"], given["Limit"], others=others) if wanted else None
            limit = _limit(data, given["Limit"]) if wanted and error is None else None
            if not others:
                reached = limit is not None and _works(data) >= _THRESHOLD * limit
                if limit is not None and axis.torque is None:
                    number = instance._state = axis.count + 1
                    axis = replace(axis, count=number)
                torque = (number, limit) if limit is not None else None
                members.show(data, replace(axis, torque=torque, torque_reached=reached), settings)
                instance.InLimitation = reached
        instance.Busy = limit is not None
        instance.InLimitation = instance.InLimitation and limit is not None
        show_error(instance, error, modern=True)

    return torque


def _refuse(axis: Axis, settings: Settings, mode: int, limit: float, *, others: bool) -> Error | None:
    if others:
        return errors.OTHER_POWER
    if mode not in (_LIMITING, _FIXED_STOP):
        return errors.MODE_INVALID
    if mode == _FIXED_STOP and not settings.positioning:
        return errors.WRONG_AXIS
    if mode == _FIXED_STOP and not axis.enabled:
        return errors.NOT_ENABLED
    return errors.TORQUE_LIMIT if not math.isfinite(limit) or abs(limit) > _LARGEST else None


def _is_force(data: Any) -> bool:
    """Return whether the drive is a linear motor, which has a force."""
    return bool(find(data, "Properties.MotionType", otherwise=0) == _LINEAR and find(data, "Mechanics.LeadScrew") == 0)


def _limit(data: Any, given: float) -> float:
    """Return the limit: that of the call, or the configured one for a negative value."""
    if given >= 0:
        return given
    name = "Force" if _is_force(data) else "Torque"
    return float(find(data, f"TorqueLimiting.LimitDefaults.{name}"))


def _works(data: Any) -> float:
    """Return the torque of the drive, which is 0 for an ideal one unless a test sets it."""
    name = "ActualForce" if _is_force(data) else "ActualTorque"
    return float(abs(find(data, f"StatusTorqueData.{name}")))
