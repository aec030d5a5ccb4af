"""What motion control instructions have in common: the edge of Execute, the outcome of their command, their outputs.

An instance keeps the number of its command. The axis knows how the command ended, until the instance asks. Done,
CommandAborted and Error stay while Execute is TRUE, otherwise for one call. Facts: docs/facts/motion.md#outputs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from virtual_plc.instructions.registry import Site
from virtual_plc.motion import axis as axes
from virtual_plc.motion import commands, errors, members
from virtual_plc.motion.errors import Error
from virtual_plc.motion.settings import Settings, is_modern
from virtual_plc.motion.state import Axis, Outcome, Result

Begin = Callable[[Axis, Settings], Axis | Error]
"""Starts the command of an instruction: returns the axis with it (its number is `count`), or why it is refused."""


@dataclass(frozen=True, slots=True)
class Job:
    """What an instance remembers.

    Attributes:
        wanted: whether Execute, or a direction of a jog, was TRUE in the last call.
        number: number of the command that runs, 0 without one.
        reached: whether the command has reached its velocity before.
        outcome: how the last command ended, as long as it is shown.
        holds: number of an MC_Stop that holds the axis until Execute is FALSE.
    """

    wanted: bool = False
    number: int = 0
    reached: bool = False
    outcome: Outcome | None = None
    holds: int = 0


def object_of(site: Site, operand: Any) -> Any:
    """Return the data block of the technology object at a parameter; DB_ANY has its number."""
    return site.memory.by_number.get(operand) if isinstance(operand, int) and site.memory is not None else operand


def data_of(site: Site, operand: Any) -> Any:
    """Return the data block of the axis at the parameter Axis, None when it is none."""
    found = object_of(site, operand)
    return found if hasattr(found, "VelocitySetpoint") or hasattr(found, "StatusBits") else None


def take_inputs(instance: Any, names: str, values: tuple[Any, ...]) -> Mapping[str, Any]:
    """Return the inputs of a call by name, and keep them in the instance.

    Args:
        instance: instance of the instruction.
        names: names of the inputs, separated by spaces.
        values: their values.
    """
    given = dict(zip(names.split(), values, strict=True))
    for name, value in given.items():
        setattr(instance, name, value)
    return given


def start(axis: Axis, settings: Settings, begin: Begin) -> Axis:
    """Return the axis with a command, or with its error; an error that is an alarm stops the axis."""
    made = begin(axis, settings)
    if isinstance(made, Axis):
        return made
    if axis.alarm is None and (made.alarm if settings.modern else made.stops):
        axis = axes.emergency_stop(axis, made, settings.limits)
    return commands.answer(axis, Result.ERROR, made)


def execute(site: Site, instance: Any, operand: Any, wanted: Any, begin: Begin) -> tuple[Axis | None, Job]:
    """Start the command of an instruction at the edge of Execute, and show its outputs.

    Args:
        site: place of the call.
        instance: instance of the instruction.
        operand: what is at the parameter Axis.
        wanted: Execute.
        begin: starts the command.

    Returns:
        The axis, None without one, and what the instance remembers.
    """
    data, job = data_of(site, operand), instance._state or Job()
    if data is None:
        return None, show_wrong_axis(instance, job, bool(wanted))
    if instance._state is not None and _rests(job, bool(wanted)):
        return members.axis_of(data), job
    before, settings = members.refresh(data, site.services.now)
    axis = before
    if wanted and not job.wanted:
        axis = start(commands.forget(axis, job.number), settings, begin)
        job = Job(True, axis.count)
    axis, job = settle(axis, continued(job, bool(wanted)))
    if axis is not before:
        members.show(data, axis, settings)
    show(instance, job, modern=settings.modern)
    instance._state = job
    return axis, job


def _rests(job: Job, wanted: bool) -> bool:
    """Return whether a call changes nothing: no command runs, and the outputs stay as they are."""
    return not job.number and not job.holds and wanted == job.wanted and (wanted or job.outcome is None)


def continued(job: Job, wanted: bool) -> Job:
    """Return what an instance remembers in its next call: an outcome that was shown is over without Execute."""
    return replace(job, wanted=wanted, outcome=job.outcome if wanted else None)


def settle(axis: Axis, job: Job) -> tuple[Axis, Job]:
    """Take the outcome of a command over from the axis, when it has ended."""
    outcome = axis.outcome(job.number) if job.number else None
    if outcome is None:
        return axis, job
    if job.reached and not job.wanted:  # velocity was reached: an end is no longer reported
        outcome = None
    return commands.forget(axis, job.number), replace(job, number=0, outcome=outcome)


def show(instance: Any, job: Job, *, modern: bool) -> None:
    """Write the outputs of an instruction with Execute."""
    outcome, running = job.outcome, job.number != 0
    if hasattr(instance, "Done"):
        instance.Done = outcome is not None and outcome.result is Result.DONE
    instance.Busy = running
    if hasattr(instance, "Active"):
        instance.Active = running
    instance.CommandAborted = outcome is not None and outcome.result is Result.ABORTED
    show_error(instance, outcome.error if outcome is not None else None, modern=modern)


def show_error(instance: Any, error: Error | None, *, modern: bool) -> None:
    """Write Error, ErrorID and ErrorInfo."""
    instance.Error = error is not None
    instance.ErrorID = 0 if error is None else error.modern if modern else error.classic
    if hasattr(instance, "ErrorInfo"):
        instance.ErrorInfo = 0 if error is None or modern else error.info


def show_wrong_axis(instance: Any, job: Job, wanted: bool) -> Job:
    """Report that the parameter Axis leads to no axis; the ErrorID is that of an S7-1500."""
    failed = Outcome(0, Result.ERROR, errors.WRONG_AXIS) if wanted else None
    job = Job(wanted, outcome=failed)
    show(instance, job, modern=True)
    instance._state = job
    return job


__all__ = [
    "Begin",
    "Job",
    "continued",
    "data_of",
    "execute",
    "is_modern",
    "object_of",
    "settle",
    "show",
    "show_error",
    "show_wrong_axis",
    "start",
    "take_inputs",
]
