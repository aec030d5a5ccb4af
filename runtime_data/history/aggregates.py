"""Calculates aggregates over stretches of time. The rules of each mode: docs/runtime/history.md."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import partial
from itertools import pairwise
from typing import Any

from runtime_data.history.model import SECOND, Bucket, Hour, Mode, Sample
from runtime_data.quality import GOOD, NO_DATA, SUB_NORMAL


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of a bucket in which one sample holds.

    Attributes:
        begin: Its first moment.
        end: The first moment after it.
        sample: What holds.
        recorded: Whether the sample was recorded in this bucket.
        number: The number of the sample, if it is a good one.
        mean: The mean number over the stretch; None where there is no good number.
    """

    begin: int
    end: int
    sample: Sample
    recorded: bool
    number: int | float | None
    mean: float | None

    @property
    def length(self) -> int:
        """Its microseconds."""
        return self.end - self.begin


@dataclass(frozen=True, slots=True)
class Stretch:
    """What is known of a bucket.

    Attributes:
        pieces: What holds in it, by time; nothing before the first sample that there is.
        length: Its microseconds, without those that are in the future.
        previous: What held until it began, where another sample was recorded at its first moment.
    """

    pieces: Sequence[Piece]
    length: int
    previous: Sample | None = None

    @property
    def good(self) -> int:
        """The microseconds with a good value."""
        return sum(each.length for each in self.pieces if each.sample.is_good)

    @property
    def recorded(self) -> list[int | float]:
        """The good numbers that were recorded in it."""
        return [each.number for each in self.pieces if each.recorded and each.number is not None]

    @property
    def held(self) -> list[int | float]:
        """The good numbers that held in it: those recorded in it, and the one that held when it began."""
        return [each.number for each in self.pieces if each.number is not None]


def aggregate(
    samples: Iterable[Sample], edges: Sequence[int], mode: Mode, *, now: int, interpolate: bool = False
) -> Iterator[Bucket]:
    """Yield an aggregate of each bucket.

    Args:
        samples: By time: the last one before the first bucket, if there is one, all within, and the first one behind.
        edges: Where buckets begin, and where the last one ends.
        mode: What is calculated.
        now: Until when the last sample may be taken to hold.
        interpolate: Whether numbers of type float change linearly from one good sample to the next, instead of by steps.
    """
    calculate = MODES[mode]
    for begin, end, stretch in stretches(samples, edges, now=now, interpolate=interpolate):
        value, good = calculate(stretch), stretch.good
        missing = value is None or not good
        status = NO_DATA if missing else GOOD if good == stretch.length else SUB_NORMAL
        yield Bucket(begin, end, value, status.code)


def split_evenly(begin: int, end: int, interval: int) -> list[int]:
    """Return the edges of buckets of one length, of which the last may be shorter."""
    return [*range(begin, end, interval), end]


def stretches(
    samples: Iterable[Sample], edges: Sequence[int], *, now: int, interpolate: bool = False
) -> Iterator[tuple[int, int, Stretch]]:
    """Yield begin, end and what is known of each bucket; arguments as of `aggregate`."""
    further = iter(samples)
    previous, current, following = None, None, next(further, None)
    for begin, end in pairwise(edges):
        while following is not None and following.time <= begin:
            previous, current, following = current, following, next(further, None)
        until, pieces = min(end, max(now, begin)), []
        before = previous if current is not None and current.time == begin else None
        while True:
            if current is not None:
                stop = min(until, following.time) if following else until
                if stop > max(begin, current.time):
                    pieces.append(_piece(current, following, max(begin, current.time), stop, begin, interpolate))
            if following is None or following.time >= end:
                break
            previous, current, following = current, following, next(further, None)
        yield begin, end, Stretch(pieces, until - begin, before)


def _piece(sample: Sample, following: Sample | None, begin: int, end: int, bucket: int, interpolate: bool) -> Piece:
    mean = number = sample.number
    if interpolate and following is not None and isinstance(number, float):
        target = following.number
        if isinstance(target, float):
            share = ((begin - sample.time) + (end - sample.time)) / (2 * (following.time - sample.time))
            mean = number * (1 - share) + target * share
    return Piece(begin, end, sample, sample.time >= bucket, number, mean)


def _average(stretch: Stretch) -> float | None:
    known = [(each.mean, each.length) for each in stretch.pieces if each.mean is not None]
    total = sum(length for _, length in known)
    return math.fsum(mean * (length / total) for mean, length in known) if total else None


def _simple_average(stretch: Stretch) -> float | None:
    numbers = stretch.recorded
    return math.fsum(number / len(numbers) for number in numbers) if numbers else None


def _sum(stretch: Stretch) -> int | float | None:
    numbers = stretch.recorded
    if not numbers:
        return None
    return sum(numbers) if all(isinstance(each, int) for each in numbers) else _add(numbers)


def _add(numbers: Sequence[float]) -> float:
    try:
        return math.fsum(numbers)
    except OverflowError:
        return math.inf if sum(map(Fraction, numbers)) > 0 else -math.inf


def _minimum(stretch: Stretch) -> int | float | None:
    return min(stretch.held, default=None)


def _maximum(stretch: Stretch) -> int | float | None:
    return max(stretch.held, default=None)


def _both(stretch: Stretch) -> list[int | float] | None:
    held = stretch.held
    return [min(held), max(held)] if held else None


def _last(stretch: Stretch) -> Any:
    return next((each.sample.value for each in reversed(stretch.pieces) if each.sample.is_good), None)


def _range(stretch: Stretch) -> int | float | None:
    held = stretch.held
    return max(held) - min(held) if held else None


def _count(stretch: Stretch) -> int:
    return sum(each.recorded and each.sample.is_good for each in stretch.pieces)


def _switches(stretch: Stretch, *, on: bool) -> int | None:
    numbers = [each.number for each in stretch.pieces]
    if all(number is None for number in numbers):
        return None
    first = stretch.previous.number if stretch.previous else None
    pairs = pairwise([first, *numbers])
    return sum(
        before is not None and after is not None and bool(before) is not on and bool(after) is on
        for before, after in pairs
    )


def _duration(stretch: Stretch, *, on: bool) -> float | None:
    known = [(each.number, each.length) for each in stretch.pieces if each.number is not None]
    return sum(length for number, length in known if bool(number) is on) / SECOND if known else None


def _variance(stretch: Stretch) -> float | None:
    """Return the mean square of the distances to the mean, which is first moved near zero: that keeps its digits."""
    numbers = stretch.recorded
    if not numbers:
        return None
    try:
        moved = [float(number - numbers[0]) for number in numbers]
        if not all(map(math.isfinite, moved)):
            return math.inf
        mean = math.fsum(each / len(moved) for each in moved)
        return math.fsum((each - mean) ** 2 / len(moved) for each in moved)
    except OverflowError:
        return math.inf


def _deviation(stretch: Stretch) -> float | None:
    variance = _variance(stretch)
    return None if variance is None else math.sqrt(variance)


def _percent_good(stretch: Stretch) -> float | None:
    return 100 * stretch.good / stretch.length if stretch.length else None


def _percent_bad(stretch: Stretch) -> float | None:
    return 100 * (stretch.length - stretch.good) / stretch.length if stretch.length else None


MODES: dict[Mode, Callable[[Stretch], Any]] = {
    "Average": _average,
    "SimpleAverage": _simple_average,
    "Sum": _sum,
    "Minimum": _minimum,
    "Maximum": _maximum,
    "MinMax": _both,
    "LastValue": _last,
    "Range": _range,
    "Count": _count,
    "CountOn": partial(_switches, on=True),
    "CountOff": partial(_switches, on=False),
    "DurationOn": partial(_duration, on=True),
    "DurationOff": partial(_duration, on=False),
    "Variance": _variance,
    "StdDev": _deviation,
    "PctGood": _percent_good,
    "PctBad": _percent_bad,
}


def hour_of(begin: int, stretch: Stretch) -> Hour:
    """Return what is kept of an hour."""
    low, high = _minimum(stretch), _maximum(stretch)
    return Hour(
        begin,
        None if low is None else float(low),
        None if high is None else float(high),
        _average(stretch),
        _count(stretch),
        stretch.good,
    )
