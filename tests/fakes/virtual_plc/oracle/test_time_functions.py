"""T_ADD, T_SUB, T_DIFF, T_COMBINE and conversions of times, with each pair of types, against Python's datetime."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.virtual_plc.agreement import TIERS
from tests.fakes.virtual_plc.oracle.kit import scl, wrapped

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_DATE = date(1990, 1, 1)
MILLISECOND, DAY = 1_000_000, 86_400_000
"""Nanoseconds of a millisecond, milliseconds of a day."""
HALF = 2**30 - 1
"""Two durations up to this have a sum that Time holds."""
MOMENTS = st.datetimes(datetime(1991, 1, 1), datetime(2088, 12, 31), timezones=st.just(UTC)).map(  # noqa: DTZ001
    lambda each: each.replace(microsecond=each.microsecond // 1000 * 1000)
)
DAYS = st.dates(date(1990, 1, 1), date(2168, 12, 31))
SPANS = st.integers(-HALF, HALF) | st.sampled_from([-HALF, -DAY, -1, 0, 1, DAY, HALF])
CLOCKS = st.integers(0, DAY - 1) | st.sampled_from([0, 1, DAY - 1])


def since_epoch(moment: datetime) -> int:
    """Return the nanoseconds since 1970."""
    return (moment - EPOCH) // timedelta(microseconds=1) * 1000


def span(milliseconds: int) -> timedelta:
    return timedelta(milliseconds=milliseconds)


@pytest.mark.parametrize("tier", TIERS)
@settings(max_examples=5)
@given(rows=st.lists(st.tuples(MOMENTS, SPANS, SPANS, CLOCKS), min_size=5, max_size=15))
def test_sums_and_differences_of_each_pair(tier: str, rows: list[tuple[datetime, int, int, int]]) -> None:
    moments = [since_epoch(each) for each, *_ in rows]
    columns = {
        "m": ("LDT", moments),
        "d": ("Date_And_Time", moments),
        "t": ("Time", [t for _, t, _, _ in rows]),
        "u": ("Time", [u for _, _, u, _ in rows]),
        "l": ("LTime", [t * MILLISECOND for _, t, _, _ in rows]),
        "k": ("LTime", [u * MILLISECOND for _, _, u, _ in rows]),
        "c": ("Time_Of_Day", [c for *_, c in rows]),
        "e": ("LTime_Of_Day", [c * MILLISECOND for *_, c in rows]),
    }
    pairs = {
        "Time": ("t", "u"),
        "LTime": ("l", "k"),
        "Time_Of_Day": ("c", "u"),
        "LTime_Of_Day": ("e", "k"),
        "LDT": ("m", "k"),
        "Date_And_Time": ("d", "u"),
    }
    results = {
        f"{name}_{kind}": (kind, f"T_{name}(IN1 := {{{one}}}, IN2 := {{{other}}})")
        for name in ("ADD", "SUB")
        for kind, (one, other) in pairs.items()
    }
    results |= {
        "ADD_DTL": ("LDT", "DTL_TO_LDT(T_ADD(IN1 := LDT_TO_DTL({m}), IN2 := {u}))"),
        "SUB_DTL": ("LDT", "DTL_TO_LDT(T_SUB(IN1 := LDT_TO_DTL({m}), IN2 := {k}))"),
        "ADD_short": ("LDT", "T_ADD(IN1 := {m}, IN2 := {u})"),
    }
    found = scl(tier, columns, results)
    for name, sign in (("ADD", 1), ("SUB", -1)):
        later = [since_epoch(each + sign * span(u)) for each, _, u, _ in rows]
        assert found[f"{name}_Time"] == [t + sign * u for _, t, u, _ in rows]
        assert found[f"{name}_LTime"] == [(t + sign * u) * MILLISECOND for _, t, u, _ in rows]
        assert found[f"{name}_Time_Of_Day"] == [(c + sign * u) % DAY for _, _, u, c in rows]
        assert found[f"{name}_LTime_Of_Day"] == [(c + sign * u) % DAY * MILLISECOND for _, _, u, c in rows]
        assert found[f"{name}_LDT"] == found[f"{name}_Date_And_Time"] == found[f"{name}_DTL"] == later
    assert found["ADD_short"] == found["ADD_LDT"]


@pytest.mark.parametrize("tier", TIERS)
@settings(max_examples=5)
@given(rows=st.lists(st.tuples(MOMENTS, SPANS, CLOCKS, CLOCKS, DAYS, DAYS), min_size=5, max_size=15))
def test_spans_between_two_of_each_type(tier: str, rows: list[tuple[datetime, int, int, int, date, date]]) -> None:
    columns = {
        "a": ("LDT", [since_epoch(each + span(t)) for each, t, *_ in rows]),
        "b": ("LDT", [since_epoch(each) for each, *_ in rows]),
        "v": ("Date_And_Time", [since_epoch(each + span(t)) for each, t, *_ in rows]),
        "w": ("Date_And_Time", [since_epoch(each) for each, *_ in rows]),
        "c": ("Time_Of_Day", [c for _, _, c, *_ in rows]),
        "d": ("Time_Of_Day", [d for _, _, _, d, *_ in rows]),
        "g": ("LTime_Of_Day", [c * MILLISECOND for _, _, c, *_ in rows]),
        "h": ("LTime_Of_Day", [d * MILLISECOND for _, _, _, d, *_ in rows]),
        "x": ("Date", [(x - FIRST_DATE).days for *_, x, _ in rows]),
        "y": ("Date", [(y - FIRST_DATE).days for *_, y in rows]),
    }
    results = {
        "LDT": ("LTime", "T_DIFF(IN1 := {a}, IN2 := {b})"),
        "DT": ("Time", "T_DIFF(IN1 := {v}, IN2 := {w})"),
        "DTL": ("Time", "T_DIFF(IN1 := LDT_TO_DTL({a}), IN2 := LDT_TO_DTL({b}))"),
        "DTL_long": ("LTime", "T_DIFF_LTIME(IN1 := LDT_TO_DTL({a}), IN2 := LDT_TO_DTL({b}))"),
        "TOD": ("Time", "T_DIFF(IN1 := {c}, IN2 := {d})"),
        "LTOD": ("LTime", "T_DIFF(IN1 := {g}, IN2 := {h})"),
        "days": ("Int", "T_DIFF_INT(IN1 := {x}, IN2 := {y})"),
    }
    found = scl(tier, columns, results)
    assert found["DT"] == found["DTL"] == [t for _, t, *_ in rows]
    assert found["LDT"] == found["DTL_long"] == [t * MILLISECOND for _, t, *_ in rows]
    assert found["TOD"] == [c - d for _, _, c, d, *_ in rows]
    assert found["LTOD"] == [(c - d) * MILLISECOND for _, _, c, d, *_ in rows]
    assert found["days"] == [wrapped((x - y).days, 16, signed=True) for *_, x, y in rows]


@pytest.mark.parametrize("tier", TIERS)
@settings(max_examples=5)
@given(rows=st.lists(st.tuples(st.dates(date(1990, 1, 1), date(2089, 12, 31)), CLOCKS), min_size=5, max_size=15))
def test_dates_and_times_of_day_are_combined_and_parted(tier: str, rows: list[tuple[date, int]]) -> None:
    columns = {
        "d": ("Date", [(each - FIRST_DATE).days for each, _ in rows]),
        "c": ("Time_Of_Day", [c for _, c in rows]),
        "l": ("LTime_Of_Day", [c * MILLISECOND for _, c in rows]),
    }
    results = {
        "DT": ("Date_And_Time", "T_COMBINE(IN1 := {d}, IN2 := {c})"),
        "LDT": ("LDT", "T_COMBINE(IN1 := {d}, IN2 := {l})"),
        "DTL": ("LDT", "DTL_TO_LDT(CONCAT_DATE_TOD(IN1 := {d}, IN2 := {c}))"),
    }
    found = scl(tier, columns, results)
    moments = [datetime(d.year, d.month, d.day, tzinfo=UTC) + span(c) for d, c in rows]
    assert found["DT"] == found["LDT"] == found["DTL"] == [since_epoch(each) for each in moments]
    columns |= {"m": ("LDT", found["LDT"]), "t": ("Date_And_Time", found["DT"])}
    parted = {
        "day": ("Date", "LDT_TO_DATE({m})"),
        "dt_day": ("Date", "DT_TO_DATE({t})"),
        "dtl_day": ("Date", "DTL_TO_DATE(LDT_TO_DTL({m}))"),
        "clock": ("Time_Of_Day", "LDT_TO_TOD({m})"),
        "dt_clock": ("Time_Of_Day", "DT_TO_TOD({t})"),
        "dtl_clock": ("Time_Of_Day", "DTL_TO_TOD(LDT_TO_DTL({m}))"),
        "long": ("LTime_Of_Day", "LDT_TO_LTOD({m})"),
        "same": ("LDT", "DT_TO_LDT({t})"),
        "back": ("Date_And_Time", "LDT_TO_DT({m})"),
        "tod": ("Time_Of_Day", "LTOD_TO_TOD({l})"),
        "ltod": ("LTime_Of_Day", "TOD_TO_LTOD({c})"),
    }
    found = scl(tier, columns, parted)
    assert found["day"] == found["dt_day"] == found["dtl_day"] == columns["d"][1]
    assert found["clock"] == found["dt_clock"] == found["dtl_clock"] == found["tod"] == columns["c"][1]
    assert found["long"] == found["ltod"] == columns["l"][1]
    assert found["same"] == found["back"] == columns["m"][1]


@pytest.mark.parametrize("tier", TIERS)
def test_durations_become_others_and_numbers(tier: str) -> None:
    times = [-(2**31), -DAY, -1000, -1, 0, 1, 999, DAY - 1, DAY, 2**31 - 1]
    columns = {"t": ("Time", times), "l": ("LTime", [t * MILLISECOND for t in times])}
    found = scl(
        tier,
        columns,
        {
            "long": ("LTime", "TIME_TO_LTIME({t})"),
            "short": ("Time", "LTIME_TO_TIME({l})"),
            "number": ("DInt", "TIME_TO_DINT({t})"),
            "large": ("LInt", "LTIME_TO_LINT({l})"),
            "time": ("Time", "DINT_TO_TIME(TIME_TO_DINT({t}))"),
            "bits": ("DWord", "TIME_TO_DWORD({t})"),
        },
    )
    assert found["long"] == found["large"] == columns["l"][1]
    assert found["short"] == found["number"] == found["time"] == times
    assert found["bits"] == [wrapped(t, 32, signed=False) for t in times]


@pytest.mark.parametrize("tier", TIERS)
def test_a_number_of_days_keeps_its_lowest_bits(tier: str) -> None:
    last = 0xFFFF
    rows = [(0, 0), (32_767, 0), (32_768, 0), (0, 32_768), (0, 32_769), (last, 0), (0, last)]
    columns = {"x": ("Date", [x for x, _ in rows]), "y": ("Date", [y for _, y in rows])}
    found = scl(tier, columns, {"days": ("Int", "T_DIFF_INT(IN1 := {x}, IN2 := {y})")})
    assert found["days"] == [wrapped(x - y, 16, signed=True) for x, y in rows]
