"""MC_MeasuringInput, MC_MeasuringInputCyclic and MC_AbortMeasuringInput. Facts: docs/facts/motion.md#measuring-inputs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from virtual_plc.instructions.motion.following import is_number
from virtual_plc.instructions.motion.jobs import object_of, show_error, take_inputs
from virtual_plc.instructions.registry import Site, register_maker
from virtual_plc.motion import errors, members
from virtual_plc.motion.errors import Error
from virtual_plc.motion.settings import read

Function = Callable[..., None]
_INPUTS: Final = "Execute Mode MeasuringRange StartPosition EndPosition"
_INACTIVE, _WAITING, _OCCURRED, _FAILED = 0, 1, 2, 3
_ONCE: Final = {0: (True,), 1: (False,), 2: (None, None), 3: (True, False), 4: (False, True)}
"""The edges of a measurement by its mode: rising, falling, or any (None)."""
_CYCLIC: Final[dict[int, tuple[bool | None, ...]]] = {0: (True,), 1: (False,), 2: (None,)}
_COUNTED: Final = 0x7FFFFFFF


@dataclass(frozen=True, slots=True)
class Measuring:
    """What a measuring input does.

    Attributes:
        job: the job, which its instance knows, too; None without one.
        edges: edges that are still to be measured.
        count: how many were measured.
        cyclic: whether it begins again after each.
        bounds: measuring range, None for any position.
        entered: whether the axis has been in the range.
        state: input in the last call.
        error: why the job has ended.
    """

    job: object = None
    edges: tuple[bool | None, ...] = ()
    count: int = 0
    cyclic: bool = False
    bounds: tuple[float, float] | None = None
    entered: bool = False
    state: bool = False
    error: Error | None = None


@dataclass(frozen=True, slots=True)
class Memory:
    """What an instance remembers: Execute in the last call, the job that runs, and how the last one ended."""

    wanted: bool = False
    job: object = None
    done: bool = False
    aborted: bool = False
    error: Error | None = None


@register_maker("MC_MeasuringInput", f"instance MeasuringInput {_INPUTS}", "")
def _once(site: Site) -> Function:
    return _measure(site, _ONCE, cyclic=False)


@register_maker("MC_MeasuringInputCyclic", f"instance MeasuringInput {_INPUTS}", "")
def _cyclic(site: Site) -> Function:
    return _measure(site, _CYCLIC, cyclic=True)


def _measure(site: Site, modes: Mapping[int, tuple[bool | None, ...]], *, cyclic: bool) -> Function:
    def measure(instance: Any, operand: Any, *values: Any) -> None:
        given = take_inputs(instance, _INPUTS, values)
        data, memory = object_of(site, operand), instance._state or Memory()
        wanted = bool(given["Execute"])
        rising = wanted and not memory.wanted
        memory = replace(memory, wanted=wanted) if memory.job is not None or wanted else Memory()
        axis = _axis_of(site)
        if rising:
            error = _refuse(data, axis, given, modes)
            job = object() if error is None else None
            memory = Memory(True, job, error=error)
            if error is None:
                bounds = (given["StartPosition"], given["EndPosition"]) if given["MeasuringRange"] else None
                state = bool(data.InputState)
                data._state = Measuring(job, modes[given["Mode"]], cyclic=cyclic, bounds=bounds, state=state)
                data.Status = _WAITING
                _clear(instance, cyclic=cyclic)
        if memory.job is not None:
            memory = _watch(site, instance, data, axis, memory)
        instance._state = memory
        instance.Busy, instance.CommandAborted = memory.job is not None, memory.aborted
        if not cyclic:
            instance.Done = memory.done
        show_error(instance, memory.error, modern=True)

    return measure


def _axis_of(site: Site) -> Any:
    """Return the data block of the axis that is measured: the only one of the program that has a position."""
    axes = [each for each in site.memory.axes if read(each).positioning] if site.memory is not None else []
    return axes[0] if len(axes) == 1 else None


def _refuse(data: Any, axis: Any, given: Mapping[str, Any], modes: Mapping[int, Any]) -> Error | None:
    if not hasattr(data, "InputState") or axis is None:
        return errors.WRONG_AXIS
    if given["Mode"] not in modes:
        return errors.MODE_INVALID
    if not is_number(given["StartPosition"]):
        return errors.RANGE_START
    return None if is_number(given["EndPosition"]) else errors.RANGE_END


def _clear(instance: Any, *, cyclic: bool) -> None:
    instance.MeasuredValue1 = instance.MeasuredValue2 = 0.0
    if cyclic:
        instance.MeasuredValue1Counter = instance.MeasuredValue2Counter = 0
        instance.LostEdgeCounter1 = instance.LostEdgeCounter2 = 0


def _watch(site: Site, instance: Any, data: Any, axis: Any, memory: Memory) -> Memory:
    """Look for an edge; return what the instance remembers then."""
    job: Measuring = data._state
    if job.job is not memory.job:
        return replace(memory, job=None, aborted=True)
    moved, settings = members.refresh(axis, site.services.now)
    position = members.shown_position(moved.point.position, settings)
    within = job.bounds is None or _is_within(position, job.bounds, modulo=settings.modulo is not None)
    state, before = bool(data.InputState), job.state
    passed = job.entered and not within
    job = replace(job, state=state, entered=job.entered or within)
    wanted = job.edges[0]
    if state != before and within and wanted in (None, state):
        job = _take(instance, data, job, position, rising=state)
    elif passed and not job.cyclic:
        data._state, data.Status = Measuring(state=state), _FAILED
        return replace(memory, job=None, error=errors.MEASURING_RANGE_PASSED)
    if not job.edges:
        data._state, data.Status = Measuring(state=state), _OCCURRED
        return replace(memory, job=None, done=True)
    data._state = job
    return memory


def _is_within(position: float, bounds: tuple[float, float], *, modulo: bool) -> bool:
    first, last = bounds
    if modulo and first > last:
        return position >= first or position <= last
    return min(bounds) <= position <= max(bounds)


def _take(instance: Any, data: Any, job: Measuring, position: float, *, rising: bool) -> Measuring:
    """Keep the position at an edge; return the job with the edges that are left."""
    second = (not rising) if job.cyclic and job.edges[0] is None else job.count == 1
    number, values = 2 if second else 1, data.MeasuredValues
    name, counter = f"MeasuredValue{number}", f"MeasuredValue{number}Counter"
    setattr(values, name, position)
    setattr(values, counter, (getattr(values, counter) + 1) & _COUNTED)
    setattr(instance, name, position)
    if job.cyclic:
        setattr(instance, counter, getattr(instance, counter) + 1)
        return job
    return replace(job, edges=job.edges[1:], count=job.count + 1)


@register_maker("MC_AbortMeasuringInput", "instance MeasuringInput Execute", "")
def _abort(site: Site) -> Function:
    def abort(instance: Any, operand: Any, wanted: Any) -> None:
        instance.Execute = wanted
        rising, instance._state = wanted and not instance._state, bool(wanted)
        instance.Busy = instance.CommandAborted = False
        if not wanted:
            instance.Done = False
            show_error(instance, None, modern=True)
        if not rising:
            return
        data = object_of(site, operand)
        known = hasattr(data, "InputState")
        if known:
            data._state, data.Status = Measuring(state=bool(data.InputState)), _INACTIVE
        instance.Done = known
        show_error(instance, None if known else errors.WRONG_AXIS, modern=True)

    return abort
