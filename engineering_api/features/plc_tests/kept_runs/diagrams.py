"""Timing diagrams as data: each value as the moments at which it changed, and what writes it."""

from __future__ import annotations

from collections.abc import Iterator

import msgspec

from engineering_api.features.plc_tests.results import CaseResult, SignalWriter, Traced
from engineering_api.operations.fields import Model
from openness_bridge.plcsim.values import Scalar


class SignalChange(Model):
    """A value from a moment on.

    Attributes:
        ms: Virtual time since the beginning of the test.
    """

    ms: float
    value: bool | int | float | str


class Signal(Model):
    """A value over the virtual time of a test.

    Attributes:
        name: As the test names it.
        related: Whether the test does not use it: an operand of a network that writes one of the other signals.
        changes: The first one is the value at the beginning; each further one is a change.
        at_failure: The value at the moment of the failure; null where the test passed.
        writers: What writes it; empty where the program does not, as for an input.
    """

    name: str
    data_type: str
    related: bool
    changes: list[SignalChange]
    at_failure: bool | int | float | str | None
    writers: list[SignalWriter]


class Diagram(Model):
    """The timing diagram of a test.

    Attributes:
        duration_ms: Virtual time.
        failed_step: The step that failed, counted from 0; null where none did.
        failed_at_ms: The end of the step that failed, at which its values were checked; null where none did.
    """

    duration_ms: float
    failed_step: int | None
    failed_at_ms: float | None
    signals: list[Signal]


def diagram_of(result: CaseResult) -> Diagram | None:
    """Return the diagram of a test; None where nothing was recorded."""
    if result.trace is None:
        return None
    failed = next((step for step in result.steps if not step.passed), None)
    moment = None if failed is None else failed.begin_ms + failed.virtual_ms
    signals = [*_signals(result.trace, moment, related=False)]
    if result.related is not None:
        signals += _signals(result.related, moment, related=True)
    return Diagram(
        duration_ms=result.virtual_ms,
        failed_step=None if failed is None else failed.step_index,
        failed_at_ms=moment,
        signals=signals,
    )


def _signals(trace: Traced, moment: float | None, *, related: bool) -> Iterator[Signal]:
    for column, channel in enumerate(trace.channels):
        changes: list[SignalChange] = []
        for sample in trace.samples:
            value = sample.values[column]
            if not changes or changes[-1].value != value:
                changes.append(SignalChange(ms=sample.time_ms, value=value))
        writers = trace.writers.get(channel.name, [])
        yield Signal(
            name=channel.name,
            data_type=channel.data_type,
            related=related,
            changes=changes,
            at_failure=value_at(changes, moment),
            writers=writers,
        )


def value_at(changes: list[SignalChange], moment: float | None) -> Scalar | None:
    """Return the value of a signal at a moment; None without a moment."""
    if moment is None:
        return None
    return next((each.value for each in reversed(changes) if each.ms <= moment), None)


def without_traces(result: CaseResult) -> CaseResult:
    """Return a result without the recorded samples, which its diagram has."""
    return msgspec.structs.replace(result, trace=None, related=None)
