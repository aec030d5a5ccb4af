"""Virtual time of an instance: a number of cycles, a duration, step by step, frozen, faster or slower.

An instance in a mode with synchronization points stops (Freeze) at each of them; `RunToNextSyncPoint` and
`StartProcessing` only lift the freeze and return, so the bridge waits for the end. API version 1 had other names for
method and modes. Facts: docs/facts/plcsim-advanced.md#virtual-time; manual "Virtual time response".
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import msgspec

from openness_bridge.errors import Kind, Place, Problem
from openness_bridge.plcsim.instances import InstanceState, Settings, configure, state_of
from openness_bridge.plcsim.runtime import Handle, OperatingState, Simulation, member
from openness_bridge.plcsim.trace import Trace, trace_of
from openness_bridge.values import enum_name
from simatic_xml.interruption import checkpoint

Report = Callable[[float, str], None]
"""Takes the progress in percent and its text; may raise to end it."""

PATIENCE = 60.0
"""Seconds of real time that an instance may take to the next synchronization point, plus those it simulates."""
SLICE_NS = 1_000_000_000
"""Virtual time that passes at once at first; it is doubled while this takes less than `SLICE_SECONDS` of real time."""
SLICE_SECONDS = 0.25
_MODES = {
    "SingleStep_C": ("SingleStep_C", "SingleStep"),
    "SingleStep_CT": ("SingleStep_CT", "ExtendedSingleStep"),
    "TimespanSynchronized_C": ("TimespanSynchronized_C", "TimespanSynchronized"),
}
"""Names of the modes, newer ones first."""
_GONE = {"Stop", "Off", "ShuttingDown", "Booting"}


class Advance(msgspec.Struct, rename="camel", frozen=True):
    """The progress of virtual time.

    Attributes:
        cycles: How many cycles were requested and passed; 0 for a requested time.
        virtual_time_ms: How much virtual time passed, by the clock of the instance.
        real_time_ms: How long it took.
    """

    name: str
    operating_state: OperatingState
    operating_mode: str
    cycles: int
    virtual_time_ms: float
    real_time_ms: float


def run_cycles(
    simulation: Simulation,
    name: str | None,
    count: int,
    cycle_time_ms: float | None = None,
    report: Report = lambda *_: None,
) -> Advance:
    """Let an instance in RUN do a number of cycles; then freeze it.

    Args:
        simulation: PLCSIM Advanced.
        name: The instance; the connected one without it.
        count: How many.
        cycle_time_ms: Virtual time from one cycle to the next; without it that of the project.
        report: Called with the progress.

    Raises:
        Problem: It is not in RUN or leaves it, or is busy with another such request.
    """
    handle = simulation.handle(name)
    if cycle_time_ms is not None:
        with handle.use() as api:
            api.OverwrittenMinimalCycleTime_ns = round(cycle_time_ms * 1e6)
    with _control(handle, "SingleStep_C" if cycle_time_ms is None else "SingleStep_CT") as run:
        trace = trace_of(handle)
        for done in range(count):
            checkpoint()
            report(100 * done / count, f"Cycle {done + 1} of {count}")
            _step(handle, trace)
        return run.finish(count)


def run_for(simulation: Simulation, name: str | None, duration_ns: int, report: Report = lambda *_: None) -> Advance:
    """Let virtual time pass for an instance in RUN; then freeze it at the end of a cycle.

    Raises:
        Problem: As run_cycles.
    """
    handle = simulation.handle(name)
    trace = trace_of(handle)
    each_cycle = trace is not None and trace.interval_ns == 0
    at_once = SLICE_NS
    with _control(handle, "SingleStep_C" if each_cycle else "TimespanSynchronized_C") as run:
        while (left := duration_ns - run.measure_elapsed()) > 0:
            checkpoint()
            report(100 - 100 * left / duration_ns, f"{left / 1e9:.3f} s of virtual time are left")
            if each_cycle:
                _step(handle, trace)
                continue
            began = time.perf_counter()
            _process(handle, min(left, at_once, trace.interval_ns if trace is not None else at_once))
            if trace is not None:
                trace.sample()
            if time.perf_counter() - began < SLICE_SECONDS:
                at_once *= 2
        return run.finish(0)


def step(simulation: Simulation, name: str | None) -> Advance:
    """Let an instance in RUN do one cycle; then freeze it."""
    return run_cycles(simulation, name, 1)


def freeze(simulation: Simulation, name: str | None) -> InstanceState:
    """Freeze virtual time at the end of this cycle; of an instance in STOP at its start."""
    handle = simulation.handle(name)
    with _exclusively(handle):
        _set_mode(handle, "SingleStep_C")
        if handle.state() not in _GONE:
            _await_freeze(handle)
    return state_of(handle)


def resume(simulation: Simulation, name: str | None) -> InstanceState:
    """Let time pass by itself again."""
    handle = simulation.handle(name)
    with _exclusively(handle), handle.use() as api:
        api.OperatingMode = member(handle.model, "EOperatingMode", "Default")
    return state_of(handle)


def set_scale(simulation: Simulation, name: str | None, factor: float) -> InstanceState:
    """Set how many times faster than real time the time passes by itself."""
    configure(simulation, name, Settings(scale_factor=factor))
    return state_of(simulation.handle(name))


# -- inside ---------------------------------------------------------------------------


class _Run:
    """One request that moves time."""

    def __init__(self, handle: Handle) -> None:
        self._handle = handle
        self._begin, self._real = _ticks(handle), time.perf_counter()

    def measure_elapsed(self) -> int:
        """Return the nanoseconds of virtual time since the beginning."""
        return (_ticks(self._handle) - self._begin) * 100

    def finish(self, cycles: int) -> Advance:
        """Return the result."""
        state = state_of(self._handle)
        real = (time.perf_counter() - self._real) * 1000
        return Advance(
            state.name, state.operating_state, state.operating_mode, cycles, self.measure_elapsed() / 1e6, real
        )


@contextmanager
def _control(handle: Handle, mode: str) -> Iterator[_Run]:
    """Freeze in a mode, one request at a time."""
    with _exclusively(handle):
        if handle.state() in _GONE:
            msg = f"'{handle.name}' is in the state {handle.state()}: set it to RUN first."
            raise Problem("plcsim.not_in_run", msg, kind=Kind.CONFLICT, place=Place(object=handle.name))
        _set_mode(handle, mode)
        _await_freeze(handle)
        yield _Run(handle)


@contextmanager
def _exclusively(handle: Handle) -> Iterator[None]:
    if not handle.running.acquire(blocking=False):
        msg = f"Another request moves the time of '{handle.name}': wait for its end or cancel its job."
        raise Problem("plcsim.busy", msg, kind=Kind.CONFLICT, place=Place(object=handle.name))
    try:
        yield
    finally:
        handle.running.release()


def _set_mode(handle: Handle, mode: str) -> None:
    for candidate in _MODES[mode]:
        if hasattr(handle.model.EOperatingMode, candidate):
            with handle.use() as api:
                api.OperatingMode = getattr(handle.model.EOperatingMode, candidate)
            return
    raise Problem(
        "plcsim.version", f"This version of PLCSIM Advanced has no operating mode {mode}.", kind=Kind.UNSUPPORTED
    )


def _step(handle: Handle, trace: Trace | None) -> None:
    with handle.use() as api:
        if hasattr(api, "RunToNextSyncPoint"):
            api.RunToNextSyncPoint()
        else:
            api.RunNextCycle()
    _await_freeze(handle)
    if trace is not None:
        trace.sample()


def _process(handle: Handle, nanoseconds: int) -> None:
    with handle.use() as api:
        scale = float(api.ScaleFactor)
        api.StartProcessing(nanoseconds)
    _await_freeze(handle, PATIENCE + nanoseconds / 1e9 / scale)


def _await_freeze(handle: Handle, seconds: float = PATIENCE) -> None:
    """Wait for the synchronization point."""
    deadline = time.monotonic() + seconds
    with handle.look() as api:
        for pause in _pauses():
            state = enum_name(api.OperatingState)
            if state == "Freeze":
                return
            if state in _GONE:
                msg = f"'{handle.name}' went to {state}: read the diagnostic buffer of its CPU for the reason."
                raise Problem("plcsim.stopped", msg, kind=Kind.CONFLICT)
            if time.monotonic() > deadline:
                msg = f"'{handle.name}' did not reach the next synchronization point in {seconds:g} s."
                raise Problem("plcsim.timeout", msg, kind=Kind.TIMED_OUT)
            time.sleep(pause)


def _pauses() -> Iterator[float]:
    """Yield seconds between two reads: none at first, for a cycle takes microseconds, then more and more."""
    yield from (0.0,) * 5
    pause = 0.00002
    while True:
        yield pause
        pause = min(pause * 1.5, 0.01)


def _ticks(handle: Handle) -> int:
    with handle.look() as api:
        moment: Any = api.SystemTime
        return int(moment.Ticks)
