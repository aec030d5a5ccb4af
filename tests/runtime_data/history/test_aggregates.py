"""Aggregates beside a naive reference: it looks at each microsecond of its own and calculates with fractions."""

from __future__ import annotations

import math
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from runtime_data.history.aggregates import MODES, aggregate, hour_of, split_evenly, stretches
from runtime_data.history.model import Hour, Mode, Sample
from runtime_data.quality import BAD, GOOD, NO_DATA, NOT_A_NUMBER, SUB_NORMAL

BEGIN, END = 20, 50
FLOATS = st.floats(-1e6, 1e6, allow_subnormal=False) | st.sampled_from([0.0, 0.1, 1e15, math.inf, math.nan])
VALUES = st.booleans() | st.integers(-(1 << 40), 1 << 40) | FLOATS | st.sampled_from(["", "text", None])
STATUSES = st.sampled_from([GOOD.code, GOOD.code, GOOD.code, 0x00960000, BAD.code, NOT_A_NUMBER.code])
SERIES = st.dictionaries(st.integers(0, 70), st.tuples(VALUES, STATUSES), max_size=12).map(
    lambda found: [Sample(time, *found[time]) for time in sorted(found)]
)


def good(sample: Sample | None) -> bool:
    return sample is not None and sample.status < 0x40000000


def number(sample: Sample | None) -> Fraction | None:
    if sample is None or not good(sample) or isinstance(sample.value, str) or sample.value is None:
        return None
    return Fraction(sample.value) if math.isfinite(sample.value) else None


class Reference:
    """The same answers, found microsecond by microsecond."""

    def __init__(self, samples: list[Sample], now: int, *, interpolate: bool) -> None:
        self.samples, self.now, self.interpolate = samples, now, interpolate

    def holding(self, time: int) -> Sample | None:
        return max((each for each in self.samples if each.time <= time), key=lambda each: each.time, default=None)

    def mean(self, time: int) -> Fraction | None:
        """The number in the middle of a microsecond."""
        one = self.holding(time)
        two = min((each for each in self.samples if each.time > time), key=lambda each: each.time, default=None)
        first, second = number(one), number(two)
        assert one is not None or first is None
        if first is None or second is None or one is None or two is None or not self.interpolate:
            return first
        if not isinstance(one.value, float) or not isinstance(two.value, float):
            return first
        return first + (second - first) * (Fraction(2 * time + 1, 2) - one.time) / (two.time - one.time)

    def answer(self, mode: Mode, begin: int, end: int) -> tuple[Any, int]:
        instants = [time for time in range(begin, end) if time < self.now]
        holding = [self.holding(time) for time in instants]
        share = sum(map(good, holding))
        value = self.value(mode, instants, holding)
        if not share or value is None:
            return value, NO_DATA.code
        return value, (GOOD if share == len(instants) else SUB_NORMAL).code

    def value(self, mode: Mode, instants: list[int], holding: list[Sample | None]) -> Any:
        recorded = [each for each in self.samples if each.time in instants]
        numbers = [found for each in recorded if (found := number(each)) is not None]
        held = [found for each in holding if (found := number(each)) is not None]
        if mode == "LastValue":
            usable = [each.value for each in holding if each is not None and good(each)]
            return usable[-1] if usable else None
        if mode == "Count":
            return sum(map(good, recorded))
        if mode in ("PctGood", "PctBad"):
            wanted = sum(good(each) is (mode == "PctGood") for each in holding)
            return Fraction(100 * wanted, len(instants)) if instants else None
        if mode in ("SimpleAverage", "Sum", "Variance", "StdDev"):
            return of_recorded(mode, numbers)
        return self.of_held(mode, instants, held) if held else None

    def of_held(self, mode: Mode, instants: list[int], held: list[Fraction]) -> Any:
        if mode == "Average":
            found = [each for time in instants if (each := self.mean(time)) is not None]
            return sum(found) / len(found)
        if mode in ("CountOn", "CountOff"):
            around = ((number(self.holding(each - 1)), number(self.holding(each))) for each in instants)
            on = mode == "CountOn"
            return sum(a is not None and b is not None and (a != 0) is not on and (b != 0) is on for a, b in around)
        if mode in ("DurationOn", "DurationOff"):
            return Fraction(sum((each != 0) is (mode == "DurationOn") for each in held), 10**6)
        low, high = min(held), max(held)
        return {"Minimum": low, "Maximum": high, "MinMax": [low, high], "Range": high - low}[mode]


def of_recorded(mode: Mode, numbers: list[Fraction]) -> Any:
    if not numbers:
        return None
    mean = sum(numbers) / Fraction(len(numbers))
    variance = sum((each - mean) ** 2 for each in numbers) / len(numbers)
    return {"SimpleAverage": mean, "Sum": sum(numbers), "Variance": variance, "StdDev": math.sqrt(variance)}[mode]


def close(found: Any, expected: Any, size: float) -> bool:
    if isinstance(expected, list):
        return all(close(one, other, size) for one, other in zip(found, expected, strict=True))
    if found is None or expected is None or isinstance(expected, str):
        return found is expected or bool(found == expected)
    if isinstance(found, float) and math.isnan(found):
        return isinstance(expected, float) and math.isnan(expected)
    return math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-12 * size)


@given(samples=SERIES, interval=st.integers(1, 40), now=st.integers(10, 60), interpolate=st.booleans())
@example(samples=[Sample(20, 0.0), Sample(21, True), Sample(30, 0.0)], interval=10, now=60, interpolate=True)
@example(samples=[Sample(20, 2.0), Sample(40, 6.0)], interval=30, now=60, interpolate=True)
@example(samples=[Sample(19, False), Sample(20, True)], interval=30, now=60, interpolate=False)
def test_aggregates_are_those_of_the_reference(
    samples: list[Sample], interval: int, now: int, interpolate: bool
) -> None:
    before = [each for each in samples if each.time < BEGIN][-1:]
    after = [each for each in samples if each.time >= END][:1]
    given = before + [each for each in samples if BEGIN <= each.time < END] + after
    edges = [*range(BEGIN, END, interval), END]
    assert split_evenly(BEGIN, END, interval) == edges
    reference = Reference(samples, now, interpolate=interpolate)
    numbers = [abs(float(number(each) or 0)) for each in samples]
    for mode in MODES:
        found = list(aggregate(given, edges, mode, now=now, interpolate=interpolate))
        assert [found[0].begin, *(each.end for each in found)] == edges
        size = max(numbers, default=0.0) ** (2 if mode == "Variance" else 1)
        for bucket in found:
            value, status = reference.answer(mode, bucket.begin, bucket.end)
            assert close(bucket.value, value, size), (mode, bucket)
            assert bucket.status == status


def test_sums_of_large_integers_are_exact() -> None:
    samples = [Sample(BEGIN, 1 << 62), Sample(BEGIN + 1, 1 << 62), Sample(BEGIN + 2, 1)]
    (found,) = aggregate(samples, [BEGIN, END], "Sum", now=END)
    assert found.value == (1 << 63) + 1


def test_very_large_numbers_end_in_infinity_and_no_error() -> None:
    for sign in (1, -1):
        values = [sign * 1.7e308, sign * 1.7e308, sign * -1.7e308, sign * 1.7e308]
        samples = [Sample(BEGIN + number, value) for number, value in enumerate(values)]
        found = {mode: next(aggregate(samples, [BEGIN, END], mode, now=END)).value for mode in MODES}
        assert found["Sum"] == sign * math.inf and found["Variance"] == math.inf and found["Range"] == math.inf
        assert found["SimpleAverage"] == pytest.approx(sign * 0.85e308)
    samples = [Sample(BEGIN, 1e300), Sample(BEGIN + 1, -1e300)]
    assert next(aggregate(samples, [BEGIN, END], "StdDev", now=END)).value == math.inf
    samples = [Sample(BEGIN + number, 1e16 + 2.0 * number) for number in range(3)]
    assert next(aggregate(samples, [BEGIN, END], "Variance", now=END)).value == pytest.approx(8 / 3)


def test_an_hour_keeps_what_its_aggregates_need() -> None:
    samples = [Sample(BEGIN, 1), Sample(BEGIN + 10, 4), Sample(BEGIN + 20, 9, BAD.code)]
    ((begin, _, stretch),) = stretches(samples, [BEGIN, END], now=END)
    assert hour_of(begin, stretch) == Hour(BEGIN, 1.0, 4.0, 2.5, 2, 20)
    ((begin, _, stretch),) = stretches([], [BEGIN, END], now=END)
    assert hour_of(begin, stretch) == Hour(BEGIN, None, None, None, 0, 0)
