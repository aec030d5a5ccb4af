"""Jobs that last several calls: which call of a job it is, and what its instance shows.

A job begins in one call (STATUS 16#7001), is in progress in the next (16#7002), and ends in the third. A real one takes as
long as the device needs. Facts: docs/facts/communication.md#jobs.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any, Final

from virtual_plc.cpu.services import Services

NO_JOB: Final = 0x7000
STARTED: Final = 0x7001
IN_PROGRESS: Final = 0x7002
ERROR: Final = 0x8000
_LAST_CALL: Final = 2


class Phase(IntEnum):
    """Which call of a job it is, with the STATUS of the call; the job ends in a call that is DUE."""

    IDLE = NO_JOB
    FIRST = STARTED
    LATER = IN_PROGRESS
    DUE = 0


@dataclass(frozen=True, slots=True)
class Job:
    """State of an instance.

    Attributes:
        requested: REQ of the last call.
        calls: how many calls the running job has had, 0 without one.
        result: STATUS that the job has at its end, if its operation is done before.
    """

    requested: bool = False
    calls: int = 0
    result: int = 0


def advance(instance: Any, requested: bool, *, edge: bool = True) -> Phase:
    """Return which call of its job an instance has now, and remember it.

    Args:
        instance: the instance, whose `_state` has the job.
        requested: REQ.
        edge: whether a job needs a rising edge of REQ, not only its level.
    """
    job = instance._state or Job()
    if job.calls == 0 and not (requested and not (edge and job.requested)):
        instance._state = replace(job, requested=bool(requested))
        return Phase.IDLE
    done = job.calls == _LAST_CALL
    instance._state = Job(bool(requested), 0 if done else job.calls + 1, job.result)
    return Phase.DUE if done else (Phase.LATER if job.calls else Phase.FIRST)


def advance_named(services: Services, job: Hashable, requested: bool) -> Phase:
    """Return which call of its job an instruction without an instance has now; its operands identify the job."""
    jobs = services.surroundings.jobs
    calls = jobs.pop(job, 0)
    if calls == 0 and not requested:
        return Phase.IDLE
    if calls == _LAST_CALL:
        return Phase.DUE
    jobs[job] = calls + 1
    return Phase.LATER if calls else Phase.FIRST


def show(instance: Any, status: int, *, done: str = "DONE", busy: bool = False, error: bool | None = None) -> None:
    """Write the outputs of an instance: DONE (or NDR), BUSY, ERROR and STATUS.

    Args:
        instance: the instance.
        status: STATUS.
        done: name of the output that a job without an error sets, empty for none.
        busy: whether the job continues.
        error: whether the job has failed; without it the first digit of STATUS decides.
    """
    failed = status & ERROR != 0 if error is None else error
    if done:
        setattr(instance, done, not busy and not failed and status == 0)
    if hasattr(instance, "BUSY"):
        instance.BUSY = busy
    instance.ERROR, instance.STATUS = failed, status


def show_progress(instance: Any, phase: Phase, *, done: str = "DONE") -> None:
    """Write the outputs of a call in which the job does not end."""
    show(instance, int(phase), done=done, busy=phase is not Phase.IDLE, error=False)


def as_int(status: int) -> int:
    """Return a STATUS as RET_VAL: 16#8090 is -32624."""
    return status - 0x10000 if status & ERROR else status


def keep_inputs(instance: Any, names: Sequence[str], given: Sequence[Any]) -> None:
    """Write the inputs of a call into the instance; one that neither has stays away."""
    for name, value in zip(names, given, strict=True):
        if value is not None:
            setattr(instance, name, value)
