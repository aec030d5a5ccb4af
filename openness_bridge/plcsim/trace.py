"""Traces: values of chosen tags over virtual time.

While time is moved on demand, a sample is taken after each cycle or each interval, exactly there. While time passes by
itself, a thread takes one whenever the interval has passed; then a sample is a moment between two cycles, not a chosen
one.
"""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Sequence

import msgspec

from openness_bridge.errors import Kind, Place, Problem
from openness_bridge.plcsim.runtime import Handle, Simulation
from openness_bridge.plcsim.tags import read_values, value_tags
from openness_bridge.plcsim.values import Scalar

SHORTEST_PAUSE = 0.01
"""Seconds between two samples at least, while time passes by itself."""


class TraceChannel(msgspec.Struct, rename="camel", frozen=True):
    """A traced tag."""

    name: str
    data_type: str


class Sample(msgspec.Struct, rename="camel", frozen=True):
    """The values of all channels at a moment.

    Attributes:
        number: Counts up from 1; a reader names the last one that it has.
        time_ms: Virtual time since the trace began.
    """

    number: int
    time_ms: float
    values: list[bool | int | float | str]


class TraceData(msgspec.Struct, rename="camel", frozen=True):
    """A trace, or its new samples.

    Attributes:
        active: Whether the trace still records samples.
        interval_ms: Virtual time between samples; 0 is each cycle.
        dropped: How many samples were dropped because the trace was full.
        error: Why it ended without a request, else empty.
    """

    instance: str
    active: bool
    interval_ms: float
    change_only: bool
    channels: list[TraceChannel]
    dropped: int
    error: str
    samples: list[Sample]


class Trace:
    """A trace of one instance.

    Attributes:
        interval_ns: Virtual time between samples; 0 is each cycle.
    """

    def __init__(self, handle: Handle, tags: Sequence[str], interval_ns: int, limit: int, *, change_only: bool) -> None:
        """Begin with the values of this moment."""
        self._handle = handle
        self.interval_ns, self._change_only = interval_ns, change_only
        self._tags = value_tags(handle, tags)
        self._samples: deque[Sample] = deque(maxlen=limit)
        self._lock = threading.Lock()
        self._count = 0
        self._last: list[Scalar] | None = None
        self._ended = threading.Event()
        self._error = ""
        self._begin = _ticks(handle)
        self.sample()
        threading.Thread(target=self._watch, name=f"trace of {handle.name}", daemon=True).start()

    @property
    def is_active(self) -> bool:
        """Whether samples are still taken."""
        return not self._ended.is_set()

    def sample(self) -> None:
        """Take a sample now."""
        if not self.is_active:
            return
        with self._lock:
            values = read_values(self._handle, self._tags)
            if self._change_only and values == self._last:
                return
            self._last, self._count = values, self._count + 1
            self._samples.append(Sample(self._count, (_ticks(self._handle) - self._begin) / 1e4, values))

    def end(self) -> None:
        """Take no more samples."""
        self._ended.set()

    def data(self, after: int = 0) -> TraceData:
        """Return the samples after a number."""
        with self._lock:
            samples = [each for each in self._samples if each.number > after]
            channels = [TraceChannel(tag.name, tag.data_type) for tag in self._tags]
            dropped = self._count - len(self._samples)
        return TraceData(
            self._handle.name,
            self.is_active,
            self.interval_ns / 1e6,
            self._change_only,
            channels,
            dropped,
            self._error,
            samples,
        )

    def _watch(self) -> None:
        """Take samples while time passes by itself."""
        pause = max(self.interval_ns / 1e9, SHORTEST_PAUSE)
        try:
            while not self._ended.wait(pause / self._scale()):
                if not self._handle.running.locked() and self._handle.state() == "Run":
                    self.sample()
        except Problem as problem:
            self._error = problem.message
            self._ended.set()

    def _scale(self) -> float:
        with self._handle.look() as api:
            return max(float(api.ScaleFactor), 1.0)


def trace_of(handle: Handle) -> Trace | None:
    """Return the active trace of an instance."""
    found = handle.trace
    return found if isinstance(found, Trace) and found.is_active else None


def start(
    simulation: Simulation,
    name: str | None,
    tags: Sequence[str],
    interval_ns: int = 0,
    limit: int = 100_000,
    *,
    change_only: bool = False,
) -> TraceData:
    """Begin a trace; an active one ends.

    Args:
        simulation: PLCSIM Advanced.
        name: The instance; the connected one without it.
        tags: The tags to trace.
        interval_ns: Virtual time between samples; 0 is each cycle.
        limit: Samples to keep; more than these drop the oldest.
        change_only: Take only samples that differ from the one before.

    Raises:
        Problem: A tag cannot be read.
    """
    handle = simulation.handle(name)
    made = Trace(handle, tags, interval_ns, limit, change_only=change_only)
    if handle.trace is not None:
        handle.trace.end()
    handle.trace = made
    return made.data()


def read(simulation: Simulation, name: str | None, after: int = 0) -> TraceData:
    """Return the samples of a trace after a number, also of an ended one.

    Raises:
        Problem: There was none.
    """
    return _of(simulation.handle(name)).data(after)


def stop(simulation: Simulation, name: str | None) -> TraceData:
    """End a trace; its samples can still be read."""
    found = _of(simulation.handle(name))
    found.end()
    return found.data()


def _of(handle: Handle) -> Trace:
    found = handle.trace
    if not isinstance(found, Trace):
        msg = f"There is no trace of '{handle.name}': start one first."
        raise Problem("plcsim.no_trace", msg, kind=Kind.MISSING, place=Place(object=handle.name))
    return found


def _ticks(handle: Handle) -> int:
    with handle.look() as api:
        return int(api.SystemTime.Ticks)
