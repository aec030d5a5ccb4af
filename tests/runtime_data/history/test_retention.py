"""Days that are over: their hours answer as their samples did."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from runtime_data.history import answers
from runtime_data.history.aggregates import split_evenly
from runtime_data.history.day_files import DayFiles
from runtime_data.history.model import CALCULATED, DAY, HOUR, SECOND, Mode, Order, Sample, Series, Store
from runtime_data.history.retention import retire_days
from runtime_data.quality import BAD, GOOD, SUB_NORMAL

FIRST = 20_000 * DAY
NOW = FIRST + 4 * DAY + HOUR
KEPT: tuple[Mode, ...] = ("Average", "Minimum", "Maximum", "MinMax", "Range", "Count", "PctGood", "PctBad")


def fill(store: Store, days: int = 4) -> None:
    """Values at odd times, of which some are bad; a day begins with the value that holds, as the logger writes it."""
    chance = random.Random(7)  # noqa: S311 - values of a test
    held = Sample(FIRST + 90 * SECOND, 1.5)
    rows = [(1, held)]
    for day in range(days):
        if day:
            rows.append((1, Sample(FIRST + day * DAY, held.value, held.status)))
        for time in sorted(chance.sample(range(1, DAY // SECOND), 300)):
            status = BAD.code if chance.random() < 0.1 else GOOD.code
            held = Sample(FIRST + day * DAY + time * SECOND, chance.uniform(-50, 50), status)
            rows.append((1, held))
    store.write(rows)


def ask(store: Store, mode: Mode, begin: int, end: int, interval: int) -> list[tuple[object, int]]:
    edges = split_evenly(begin, end, interval)
    found = answers.buckets(store, 1, edges, mode, now=NOW, interpolate=False)
    return [(each.value, each.status) for each in found]


@pytest.mark.parametrize("interval", [HOUR, 6 * HOUR, 36 * HOUR, 5 * DAY])
def test_hours_answer_as_samples_did(store: Store, interval: int) -> None:
    fill(store)
    before = {mode: ask(store, mode, FIRST, NOW, interval) for mode in KEPT}
    assert retire_days(store, [Series("a:b", keep=2, number=1)], NOW) == 2
    assert store.days(NOW) == [FIRST + 2 * DAY, FIRST + 3 * DAY]
    for mode, expected in before.items():
        found = ask(store, mode, FIRST, NOW, interval)
        assert [status for _, status in found] == [status for _, status in expected], mode
        for (one, _), (other, _) in zip(found, expected, strict=True):
            assert one == pytest.approx(other, rel=1e-9, abs=1e-9), mode
    assert retire_days(store, [Series("a:b", keep=2, number=1)], NOW) == 0


def test_what_needs_each_sample_is_not_answered_from_hours(store: Store) -> None:
    fill(store)
    retire_days(store, [Series("a:b", keep=1, number=1)], NOW)
    (bucket,) = answers.buckets(store, 1, [FIRST, FIRST + DAY], "StdDev", now=NOW, interpolate=False)
    assert bucket.value is None and bucket.rolled_up
    (raw,) = answers.buckets(store, 1, [NOW - HOUR, NOW], "Average", now=NOW, interpolate=False)
    assert raw.value is not None and not raw.rolled_up


@pytest.mark.parametrize("order", ["ascending", "descending"])
def test_samples_of_old_days_are_marked_means_of_hours(store: Store, order: Order) -> None:
    fill(store)
    retire_days(store, [Series("a:b", keep=3, number=1)], NOW)
    found = answers.samples(store, 1, FIRST, FIRST + 2 * DAY, 1000, order, bounds=False)
    assert [each.time for each in found] == sorted((each.time for each in found), reverse=order == "descending")
    means = [each for each in found if each.status & CALCULATED]
    assert len(means) == 24 and len(found) > 300
    assert {each.status & ~CALCULATED for each in means} <= {GOOD.code, SUB_NORMAL.code}
    assert all(each.time < FIRST + DAY for each in means)
    assert answers.samples(store, 1, FIRST, FIRST + 2 * DAY, 30, order, bounds=False) == found[:30]


def test_series_with_fewer_days_go_first_and_their_file_with_the_last(tmp_path: Path) -> None:
    store = DayFiles(tmp_path)
    store.write([(1, Sample(FIRST, 1.0)), (2, Sample(FIRST, 2.0))])
    series = [Series("a:b", keep=2, number=1), Series("a:c", keep=30, number=2)]
    assert retire_days(store, series, NOW) == 1
    assert store.series_of(FIRST) == [2] and (tmp_path / "2024-10-04.db").exists()
    assert retire_days(store, [*series[:1], Series("a:c", keep=3, number=2)], NOW) == 1
    store.close()
    assert sorted(each.name for each in tmp_path.iterdir()) == ["hours-2024.db"]


def test_samples_of_no_known_series_stay(store: Store) -> None:
    store.write([(3, Sample(FIRST, 1.0))])
    assert retire_days(store, [Series("a:b", keep=1, number=1)], NOW) == 0
    assert store.days(NOW) == [FIRST]
