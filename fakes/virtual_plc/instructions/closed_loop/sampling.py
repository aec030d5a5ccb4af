"""The sampling times of PID_Compact and PID_3Step: how long the calls are apart, and at which calls the PID algorithm runs.

Facts: docs/facts/pid.md#sampling-times. A "new mean" is that of the last ten sampling times (this project's decision).
"""

from __future__ import annotations

from dataclasses import dataclass

from virtual_plc.instructions.calculation.numbers import single
from virtual_plc.instructions.closed_loop.tags import Tags

_COUNT = 10
_AUTOMATIC, _TUNING = (0.5, 1.5), (0.9, 1.1)


@dataclass(frozen=True, slots=True)
class Sampling:
    """The measured sampling times.

    Attributes:
        now: virtual time of the last call in nanoseconds, None before the first one.
        times: the last ones in seconds.
        mean: of the first ten since the mode changed, 0 until it is known.
    """

    now: int | None = None
    times: tuple[float, ...] = ()
    mean: float = 0.0


def measure(tags: Tags, last: Sampling, now: int) -> Sampling:
    """Return the sampling times with that of this call; set CycleTime.Value when its estimation is complete."""
    if last.now is None or now < last.now:
        return Sampling(now)
    times = (*last.times, (now - last.now) / 1e9)[-_COUNT:]
    mean = last.mean
    if len(times) == _COUNT and not mean:
        mean = sum(times) / _COUNT
        if mean and tags["CycleTime.EnEstimation"] and tags["CycleTime.StartEstimation"]:
            tags["CycleTime.Value"], tags["CycleTime.StartEstimation"] = single(mean), False
    return Sampling(now, times, mean)


def begin_again(last: Sampling) -> Sampling:
    """Return the sampling times after a change of the mode."""
    return Sampling(last.now)


def is_irregular(tags: Tags, sampling: Sampling, *, tuning: bool) -> bool:
    """Return whether the sampling times differ too much from their mean."""
    if not tags["CycleTime.EnMonitoring"] or not sampling.mean:
        return False
    low, high = _TUNING if tuning else _AUTOMATIC
    share = sum(sampling.times) / len(sampling.times) / sampling.mean
    return not low < share < high


def seconds_of(tags: Tags) -> float:
    """Return CycleTime.Value, a millisecond where that is no possible time."""
    value = float(tags["CycleTime.Value"])
    return value if 1e-6 <= value <= 1e6 else 1e-3


def calls_of(tags: Tags, seconds: float, least: int = 1) -> int:
    """Return how many calls take some time; the least number for what is no possible time."""
    return max(round(seconds / seconds_of(tags)), least) if 0 <= seconds <= 1e9 else least


def algorithm_time(tags: Tags) -> tuple[int, float]:
    """Return at which call the PID algorithm runs (every n-th), and its sampling time in seconds."""
    calls = calls_of(tags, tags["Retain.CtrlParams.Cycle"])
    return calls, calls * seconds_of(tags)
