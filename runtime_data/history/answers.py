"""Answers questions about the past from a store: samples, and aggregates of samples and of rolled-up hours. Worker threads only."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

from openness_bridge.errors import Kind, Problem
from runtime_data.history import aggregates
from runtime_data.history.model import CALCULATED, HOUR, Bucket, Hour, Mode, Order, Sample, Store
from runtime_data.quality import GOOD, NO_DATA, SUB_NORMAL

PAGE = 10_000
SCANNED = 2_000_000
"""Samples that one aggregate may read."""


def samples(store: Store, series: int, begin: int, end: int, limit: int, order: Order, *, bounds: bool) -> list[Sample]:
    """Return the samples of a stretch; of days that are rolled up, the means of hours.

    Args:
        store: Where they are.
        series: Of which series.
        begin: The first moment.
        end: The first moment that is not included.
        limit: How many at most, without the bounds.
        order: By time.
        bounds: Whether the last sample before the stretch and the first one after it are added.
    """
    descending = order == "descending"
    hours = [sample_of_hour(each) for each in store.hours(series, begin, end)]
    if descending:
        found = store.read(series, begin, end, limit, descending=True)
        found += hours[::-1][: limit - len(found)]
    else:
        found = hours[:limit]
        found += store.read(series, begin, end, limit - len(found))
    if bounds:
        around = [store.before(series, begin), store.after(series, end)]
        first, last = around[::-1] if descending else around
        found = [each for each in (first, *found, last) if each is not None]
    return found


def buckets(
    store: Store, series: int, edges: Sequence[int], mode: Mode, *, now: int, interpolate: bool
) -> list[Bucket]:
    """Return an aggregate of each bucket; arguments as of `aggregates.aggregate`.

    Raises:
        Problem: More samples would be read than one request may (runtime.history_limit).
    """
    begin, end = edges[0], edges[-1]
    hours = store.hours(series, begin - HOUR + 1, end)
    read = _scanned(store, series, begin, end)
    if not hours:
        return list(aggregates.aggregate(read, edges, mode, now=now, interpolate=interpolate))
    raw = aggregates.stretches(read, edges, now=now, interpolate=interpolate)
    return [_rolled_up(hours, first, last, stretch, mode) for first, last, stretch in raw]


def sample_of_hour(hour: Hour) -> Sample:
    """Return an hour as a sample: its mean, at its first moment, marked as calculated."""
    if hour.mean is None:
        return Sample(hour.time, None, NO_DATA.code | CALCULATED)
    return Sample(hour.time, hour.mean, (GOOD if hour.good >= HOUR else SUB_NORMAL).code | CALCULATED)


def roll_up(store: Store, series: int, begin: int, end: int, now: int) -> list[Hour]:
    """Return the rows of the hours of a stretch, without those of which nothing is known."""
    edges = aggregates.split_evenly(begin, end, HOUR)
    found = aggregates.stretches(_scanned(store, series, begin, end, most=1 << 62), edges, now=now)
    return [aggregates.hour_of(first, stretch) for first, _, stretch in found if stretch.pieces]


def _scanned(store: Store, series: int, begin: int, end: int, most: int = SCANNED) -> Iterator[Sample]:
    """Yield the samples of a stretch with the one before and the one after it, a page at a time."""
    before = store.before(series, begin)
    if before is not None:
        yield before
    count = 0
    while True:
        page = store.read(series, begin, end, PAGE)
        yield from page
        count += len(page)
        if len(page) < PAGE:
            break
        if count >= most:
            msg = f"There are more than {most:,} values between these moments: ask for a shorter time."
            raise Problem("runtime.history_limit", msg, kind=Kind.TOO_LARGE).beyond(most, count)
        begin = page[-1].time + 1
    after = store.after(series, end)
    if after is not None:
        yield after


def _rolled_up(hours: Sequence[Hour], begin: int, end: int, stretch: aggregates.Stretch, mode: Mode) -> Bucket:
    """Return the aggregate of a bucket which hours may be part of. Each counts with the share of it that is in the bucket."""
    inside = [(each, share) for each in hours if (share := _overlap(each, begin, end))]
    if not inside:
        value, good = aggregates.MODES[mode](stretch), stretch.good
        return Bucket(begin, end, value, _status(value, good, stretch.length))
    parts = [
        Hour(
            each.time,
            each.minimum,
            each.maximum,
            each.mean,
            each.count if begin <= each.time else 0,
            each.good * share // HOUR,
        )
        for each, share in inside
    ]
    parts.append(aggregates.hour_of(begin, stretch))
    value, good = _of_hours(parts, mode, stretch.length), sum(each.good for each in parts)
    return Bucket(begin, end, value, _status(value, good, stretch.length), rolled_up=True)


def _of_hours(hours: Sequence[Hour], mode: Mode, length: int) -> Any:
    """Return an aggregate of hours; None for those that need each sample."""
    good = sum(each.good for each in hours)
    if mode == "Count":
        return sum(each.count for each in hours)
    if mode in ("PctGood", "PctBad"):
        return 100 * (good if mode == "PctGood" else length - good) / length
    known = [each for each in hours if each.mean is not None]
    if not known:
        return None
    low, high = min(each.minimum or 0.0 for each in known), max(each.maximum or 0.0 for each in known)
    if mode == "Average":
        weight = sum(each.good for each in known)
        return math.fsum((each.mean or 0.0) * (each.good / weight) for each in known) if weight else None
    return {"Minimum": low, "Maximum": high, "MinMax": [low, high], "Range": high - low}.get(mode)


def _overlap(hour: Hour, begin: int, end: int) -> int:
    return max(0, min(end, hour.time + HOUR) - max(begin, hour.time))


def _status(value: Any, good: int, length: int) -> int:
    missing = value is None or not good
    return (NO_DATA if missing else GOOD if good >= length else SUB_NORMAL).code
