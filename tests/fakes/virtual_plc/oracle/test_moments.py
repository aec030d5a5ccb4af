"""Dates, times of day and durations against Python's datetime."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.virtual_plc.agreement import TIERS
from tests.fakes.virtual_plc.oracle.kit import scl, statements, wrapped

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_DATE = datetime(1990, 1, 1, tzinfo=UTC)
DAY = 86_400_000
MOMENTS = st.datetimes(datetime(1990, 1, 1), datetime(2089, 12, 31), timezones=st.just(UTC))  # noqa: DTZ001


def nanoseconds(span: timedelta) -> int:
    return (span.days * 86_400_000_000 + span.seconds * 1_000_000 + span.microseconds) * 1000


@pytest.mark.parametrize("tier", TIERS)
@settings(max_examples=10)
@given(data=st.data())
def test_moments_and_durations(tier: str, data: st.DataObject) -> None:
    span = st.integers(-(2**31), 2**31 - 1)
    rows = data.draw(st.lists(st.tuples(MOMENTS, MOMENTS, span), min_size=5, max_size=15))
    columns = {
        "a": ("LDT", [nanoseconds(a - EPOCH) for a, _, _ in rows]),
        "b": ("LDT", [nanoseconds(b - EPOCH) for _, b, _ in rows]),
        "t": ("Time", [t for _, _, t in rows]),
    }
    found = scl(
        tier,
        columns,
        {
            "later": ("LDT", "{a} + {t}"),
            "earlier": ("LDT", "{a} - {t}"),
            "between": ("LTime", "{a} - {b}"),
            "before": ("Bool", "{a} < {b}"),
        },
    )
    assert found["later"] == [nanoseconds(a + timedelta(milliseconds=t) - EPOCH) for a, _, t in rows]
    assert found["earlier"] == [nanoseconds(a - timedelta(milliseconds=t) - EPOCH) for a, _, t in rows]
    assert found["between"] == [nanoseconds(a - b) for a, b, _ in rows]
    assert found["before"] == [a < b for a, b, _ in rows]


@pytest.mark.parametrize("tier", TIERS)
@settings(max_examples=10)
@given(data=st.data())
def test_the_span_between_two_dates_and_times(tier: str, data: st.DataObject) -> None:
    span = st.integers(-(2**31), 2**31 - 1)
    inner = st.datetimes(datetime(1990, 2, 1), datetime(2089, 11, 30), timezones=st.just(UTC))  # noqa: DTZ001
    rows = data.draw(st.lists(st.tuples(inner, span), min_size=5, max_size=15))
    whole = [(each.replace(microsecond=each.microsecond // 1000 * 1000), t) for each, t in rows]
    columns = {
        "a": ("Date_And_Time", [nanoseconds(each + timedelta(milliseconds=t) - EPOCH) for each, t in whole]),
        "b": ("Date_And_Time", [nanoseconds(each - EPOCH) for each, _ in whole]),
    }
    assert scl(tier, columns, {"between": ("Time", "{a} - {b}")})["between"] == [t for _, t in whole]


@pytest.mark.parametrize("tier", TIERS)
def test_a_year_of_two_digits_is_one_from_1990_to_2089(tier: str) -> None:
    """The memory of a DATE_AND_TIME has two digits, of which 90 is the first year."""
    years = {"90": 1990, "99": 1999, "00": 2000, "12": 2012, "89": 2089}
    results = {f"y{text}": ("Date_And_Time", f"DT#{text}-7-12-12:30:00.5") for text in years}
    found = scl(tier, {"a": ("Int", [0])}, results)
    for text, year in years.items():
        moment = datetime(year, 7, 12, 12, 30, 0, 500_000, tzinfo=UTC)
        assert found[f"y{text}"] == [nanoseconds(moment - EPOCH)]


@pytest.mark.parametrize("tier", TIERS)
@settings(max_examples=10)
@given(data=st.data())
def test_parts_of_a_calendar_moment(tier: str, data: st.DataObject) -> None:
    moments = data.draw(st.lists(MOMENTS, min_size=5, max_size=20))
    columns = {"a": ("LDT", [nanoseconds(each - EPOCH) for each in moments])}
    found = scl(
        tier,
        columns,
        {
            "d": ("DTL", "LDT_TO_DTL({a})"),
            "day": ("Date", "LDT_TO_DATE({a})"),
            "clock": ("LTime_Of_Day", "LDT_TO_LTOD({a})"),
            "back": ("LDT", "DTL_TO_LDT(LDT_TO_DTL({a}))"),
        },
    )
    parts = [
        (d["YEAR"], d["MONTH"], d["DAY"], d["HOUR"], d["MINUTE"], d["SECOND"], d["NANOSECOND"]) for d in found["d"]
    ]
    assert parts == [(m.year, m.month, m.day, m.hour, m.minute, m.second, m.microsecond * 1000) for m in moments]
    assert [d["WEEKDAY"] for d in found["d"]] == [m.isoweekday() % 7 + 1 for m in moments]
    assert found["day"] == [(m - FIRST_DATE).days for m in moments]
    midnights = [m.replace(hour=0, minute=0, second=0, microsecond=0) for m in moments]
    assert found["clock"] == [nanoseconds(m - midnight) for m, midnight in zip(moments, midnights, strict=True)]
    assert found["back"] == columns["a"][1]


@pytest.mark.parametrize("tier", TIERS)
def test_every_day_of_a_leap_year_and_around_centuries(tier: str) -> None:
    days = [
        FIRST_DATE + timedelta(days=each) for each in [*range(730, 1100), *range(3650, 3720), 40_177, 40_236, 40_237]
    ]
    columns = {"d": ("Date", [(each - FIRST_DATE).days for each in days])}
    found = scl(tier, columns, {"m": ("DTL", "CONCAT_DATE_TOD(IN1 := {d}, IN2 := TOD#12:30:00)")})
    assert [(m["YEAR"], m["MONTH"], m["DAY"], m["HOUR"], m["MINUTE"]) for m in found["m"]] == [
        (each.year, each.month, each.day, 12, 30) for each in days
    ]


@pytest.mark.parametrize("tier", TIERS)
def test_a_time_of_day_goes_on_after_midnight(tier: str) -> None:
    rows = [(a, t) for a in (0, 1, DAY // 2, DAY - 1) for t in (-DAY, -DAY // 2 - 1, -1, 0, 1, DAY // 2, DAY - 1, DAY)]
    columns = {"a": ("Time_Of_Day", [a for a, _ in rows]), "t": ("Time", [t for _, t in rows])}
    found = scl(tier, columns, {"r": ("Time_Of_Day", "{a} + {t}"), "s": ("Time_Of_Day", "{a} - {t}")})
    assert found == {"r": [(a + t) % DAY for a, t in rows], "s": [(a - t) % DAY for a, t in rows]}


@pytest.mark.parametrize("tier", TIERS)
def test_durations_keep_their_lowest_bits(tier: str) -> None:
    edges = [-(2**31), -(2**31) + 1, -1, 0, 1, 2**31 - 2, 2**31 - 1]
    rows = [(a, b) for a in edges for b in edges]
    columns = {"a": ("Time", [a for a, _ in rows]), "b": ("Time", [b for _, b in rows])}
    found = scl(tier, columns, {"r": ("Time", "{a} + {b}"), "s": ("Time", "{a} - {b}"), "l": ("Bool", "{a} < {b}")})
    assert found["r"] == [wrapped(a + b, 32, signed=True) for a, b in rows]
    assert found["s"] == [wrapped(a - b, 32, signed=True) for a, b in rows]
    assert found["l"] == [a < b for a, b in rows]
    stl = statements(tier, columns, {"r": "Time", "s": "Time"}, "L #a; L #b; +D; T #r; L #a; L #b; -D; T #s;")
    assert stl == {"r": found["r"], "s": found["s"]}
