"""MC_PhasingAbsolute and MC_PhasingRelative. Facts: docs/facts/motion.md#synchronous-operation."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Final

from virtual_plc.instructions.motion import parameters
from virtual_plc.instructions.motion.following import follow, is_number
from virtual_plc.instructions.motion.jobs import Job, take_inputs
from virtual_plc.instructions.motion.moves import limited
from virtual_plc.instructions.registry import Site, register_maker
from virtual_plc.motion import commands, coupling, errors
from virtual_plc.motion.coupling import Link, Phasing
from virtual_plc.motion.curves import Line
from virtual_plc.motion.errors import Error
from virtual_plc.motion.settings import Settings
from virtual_plc.motion.state import Axis, Kind, Result

Function = Callable[..., None]
_PHASING: Final = "Execute PhaseShift Velocity Acceleration Deceleration Jerk ProfileReference PhasingDistance StartPosition Direction"
_IN_TIME, _FROM_HERE, _FROM_POSITION, _CANCEL = 0, 1, 2, 5


@register_maker("MC_PhasingAbsolute", f"instance Master Slave {_PHASING}", "")
def _absolute(site: Site) -> Function:
    return _phase(site, "AbsolutePhaseShift", relative=False)


@register_maker("MC_PhasingRelative", f"instance Master Slave {_PHASING}", "")
def _relative(site: Site) -> Function:
    return _phase(site, "CoveredPhaseShift", relative=True)


def _phase(site: Site, output: str, *, relative: bool) -> Function:
    def phase(instance: Any, master: Any, slave: Any, *values: Any) -> None:
        given = take_inputs(instance, _PHASING, values)

        def begin(axis: Axis, settings: Settings, link: Link, _: Settings) -> Axis | Error:
            refused = commands.refuse(axis) or _check(axis, given)
            if refused is not None:
                return refused
            if given["ProfileReference"] == _CANCEL:
                return commands.answer(coupling.cancel_waiting_shift(axis), Result.DONE)
            checked = parameters.to_position(settings, given)
            if isinstance(checked, Error):
                return checked
            axis, dynamics = limited(axis, checked, settings)
            before = coupling.offset_of(axis)
            shift = Phasing(
                number=0,
                before=before,
                target=given["PhaseShift"] + (before if relative else 0.0),
                distance=0.0 if given["ProfileReference"] == _IN_TIME else given["PhasingDistance"],
                position=given["StartPosition"] if given["ProfileReference"] == _FROM_POSITION else None,
                direction=given["Direction"],
                dynamics=dynamics,
                seen=link.leader.point.position,
            )
            return coupling.shift(axis, shift)

        line = Line(0.0, 0.0, 1.0)
        axis, job, _ = follow(site, instance, master, slave, given["Execute"], line, begin)
        _show(instance, axis, job, output, relative=relative)

    return phase


def _check(axis: Axis, given: Mapping[str, Any]) -> Error | None:
    link, profile = coupling.link_of(axis), given["ProfileReference"]
    if link is None or not link.synchronous:
        return errors.NOT_SYNCHRONOUS
    if profile not in (_IN_TIME, _FROM_HERE, _FROM_POSITION, _CANCEL):
        return errors.PHASING_PROFILE
    if profile == _IN_TIME and axis.command is not None and axis.command.kind is Kind.CAM:
        return errors.CAMMING_RUNS
    if not is_number(given["PhaseShift"]):
        return errors.PHASE_SHIFT
    if profile in (_FROM_HERE, _FROM_POSITION):
        if not is_number(given["PhasingDistance"]) or given["PhasingDistance"] <= 0:
            return errors.PHASING_DISTANCE
        if not is_number(given["StartPosition"]):
            return errors.PHASING_START
        if given["Direction"] not in (1, 2, 3):
            return errors.DIRECTION_INVALID
    return None


def _show(instance: Any, axis: Axis | None, job: Job, output: str, *, relative: bool) -> None:
    """Write how far the leading value is offset, while the job runs and when it is done."""
    phasing = link.phasing if axis is not None and (link := coupling.link_of(axis)) is not None else None
    instance.StartPhasing = False
    if axis is None or phasing is None:
        return
    start = phasing.before if relative else 0.0
    if job.number and phasing.number == job.number:
        instance.StartPhasing = phasing.active
        setattr(instance, output, coupling.offset_of(axis) - start)
    elif job.outcome is not None and job.outcome.result is Result.DONE:
        setattr(instance, output, phasing.target - start)
