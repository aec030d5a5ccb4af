"""What both kinds of store keep, and how."""

from __future__ import annotations

import math
import struct
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from runtime_data.history.day_files import DayFiles
from runtime_data.history.model import DAY, HOUR, Hour, Sample, Store
from tests.runtime_data.history.trial import MakeStore

NOON = 20_000 * DAY + 12 * HOUR
"""In 2024."""
SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(1 << 63), (1 << 64) - 1),
    st.floats(allow_nan=True, allow_infinity=True),
    st.text(),
    st.text(st.characters(codec=None, categories=["Cs", "Cc", "Lu"])),
)
VALUES = st.one_of(SCALARS, st.lists(st.integers(0, 9), max_size=3), st.dictionaries(st.text("ab"), st.booleans()))


def same(one: Any, other: Any) -> bool:
    if isinstance(one, float) and isinstance(other, float):
        return struct.pack("<d", one) == struct.pack("<d", other) or (math.isnan(one) and math.isnan(other))
    return type(one) is type(other) and bool(one == other)


@given(values=st.lists(st.tuples(VALUES, st.integers(0, (1 << 32) - 1)), min_size=1, max_size=20))
def test_all_values_come_back_as_they_were(store: Store, values: list[tuple[Any, int]]) -> None:
    rows = [(1, Sample(NOON + number, value, status)) for number, (value, status) in enumerate(values)]
    store.write(rows)
    found = store.read(1, NOON, NOON + len(rows), 100)
    assert [(each.time, each.status) for each in found] == [(each.time, each.status) for _, each in rows]
    assert all(same(one.value, other.value) for one, (_, other) in zip(found, rows, strict=True))


def test_stretches_are_half_open_also_at_the_border_of_a_day(reopen: MakeStore) -> None:
    midnight = 20_001 * DAY
    times = [midnight - DAY, midnight - 1, midnight, midnight + 1, midnight + DAY]
    with closing(reopen()) as store:
        store.write([(7, Sample(time, number)) for number, time in enumerate(times)])
        store.write([(8, Sample(midnight, "another"))])
    with closing(reopen()) as store:
        assert [each.value for each in store.read(7, midnight - 1, midnight + 1, 9)] == [1, 2]
        assert [each.value for each in store.read(7, midnight, midnight + 1, 9)] == [2]
        assert [each.value for each in store.read(7, 0, 1 << 60, 3, descending=True)] == [4, 3, 2]
        assert [each.value for each in store.read(7, 0, 1 << 60, 3)] == [0, 1, 2]
        before, after = store.before(7, midnight), store.after(7, midnight)
        assert before is not None and after is not None and (before.value, after.value) == (1, 2)
        assert store.before(7, midnight - DAY) is None and store.after(7, midnight + DAY + 1) is None
        assert store.days(midnight + 1) == [midnight - DAY, midnight]
        assert sorted(store.series_of(midnight)) == [7, 8]


def test_the_later_written_value_of_a_moment_remains(store: Store) -> None:
    store.write([(1, Sample(NOON, 1)), (1, Sample(NOON, 2))])
    store.write([(1, Sample(NOON, 3))])
    assert [each.value for each in store.read(1, NOON, NOON + 1, 9)] == [3]


def test_a_day_is_replaced_by_its_hours(store: Store) -> None:
    day, hour = 20_000 * DAY, Hour(NOON, 1.0, 3.0, 2.0, 5, HOUR)
    store.write([(1, Sample(NOON, 1.0)), (2, Sample(NOON, 2.0))])
    store.retire(day, [1], [(1, hour)])
    assert store.read(1, day, day + DAY, 9) == [] and store.hours(1, day, day + DAY) == [hour]
    assert store.series_of(day) == [2] and store.hours(2, day, day + DAY) == []
    store.retire(day, [2], [])
    assert store.days(1 << 60) == []
    store.write([(1, Sample(NOON, 4.0))])
    assert [each.value for each in store.read(1, day, day + DAY, 9)] == [4.0]


def test_a_damaged_day_is_set_aside(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    with closing(DayFiles(tmp_path)) as store:
        store.write([(1, Sample(NOON - DAY, 0)), (1, Sample(NOON, 1)), (1, Sample(NOON + DAY, 2))])
    (tmp_path / "2024-10-04.db").write_bytes(b"no database" * 1000)
    with closing(DayFiles(tmp_path)) as store:
        assert [each.value for each in store.read(1, 0, 1 << 60, 9)] == [0, 2]
        assert len(store.damaged) == 1 and "2024-10-04.db" in caplog.text
        store.write([(1, Sample(NOON, 5))])
        assert [each.value for each in store.read(1, 0, 1 << 60, 9)] == [0, 5, 2]
    assert DayFiles(tmp_path).damaged == store.damaged
