"""MC_MoveJog: the axis moves as long as one of the two directions is TRUE. Facts: docs/facts/motion.md#outputs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Final

from virtual_plc.instructions.motion import parameters
from virtual_plc.instructions.motion.jobs import (
    Job,
    continued,
    data_of,
    settle,
    show,
    show_wrong_axis,
    start,
    take_inputs,
)
from virtual_plc.instructions.motion.parameters import Checked
from virtual_plc.instructions.registry import Site, register_maker
from virtual_plc.motion import commands, errors, members
from virtual_plc.motion.errors import Error
from virtual_plc.motion.settings import Settings
from virtual_plc.motion.state import Axis, Outcome, Result

_JOG: Final = "JogForward JogBackward Velocity Acceleration Deceleration Jerk PositionControlled"


@register_maker("MC_MoveJog", f"instance Axis {_JOG}", "")
def _jog(site: Site) -> Callable[..., None]:
    def jog(instance: Any, operand: Any, *values: Any) -> None:
        given = take_inputs(instance, _JOG, values)
        forward, backward = bool(given["JogForward"]), bool(given["JogBackward"])
        data, job, wanted = data_of(site, operand), instance._state or Job(), forward or backward
        if data is None:
            instance.InVelocity = False
            show_wrong_axis(instance, job, wanted)
            return
        if not (wanted or job.wanted or job.number or job.outcome):
            return
        axis, settings = members.refresh(data, site.services.now)
        checked = parameters.to_velocity(settings, given, signed=settings.modern)
        turned = settings.modern and given["Velocity"] < 0
        speed = (float(forward) - float(backward)) * (-1.0 if turned else 1.0)
        axis, job = _step(axis, settings, job, speed, checked, wanted)
        axis, job = settle(axis, job)
        if job.outcome is not None and job.outcome.result is Result.DONE:
            job = replace(job, outcome=None)
        members.show(data, axis, settings)
        show(instance, job, modern=settings.modern)
        command = axis.command
        moving = command is not None and command.number == job.number and not command.ending
        instance.InVelocity = moving and axis.reached
        instance._state = job

    return jog


def _step(
    axis: Axis, settings: Settings, job: Job, direction: float, checked: Checked | Error, wanted: bool
) -> tuple[Axis, Job]:
    """Start, change or end the jog, as its directions and velocity want it now."""
    rising, job = wanted and not job.wanted, continued(job, wanted)
    if wanted and not direction:
        axis = commands.release_jog(axis, job.number)
        return axis, replace(job, outcome=Outcome(0, Result.ERROR, errors.BOTH_DIRECTIONS))
    if job.number:
        if not wanted or isinstance(checked, Error):
            return commands.release_jog(axis, job.number), job
        return commands.jog_at(axis, job.number, direction * checked[0].velocity, checked[0]), job
    if not rising:
        return axis, job

    def begin(axis: Axis, _: Settings) -> Axis | Error:
        found = commands.refuse(axis) or checked
        if isinstance(found, Error):
            return found
        return commands.jog(replace(axis, limited=axis.limited or found[1]), direction * found[0].velocity, found[0])

    axis = start(axis, settings, begin)
    return axis, Job(True, axis.count)
