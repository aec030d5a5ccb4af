"""When the time fires: compared with a search minute by minute."""

from __future__ import annotations

import datetime as dt
from zoneinfo import ZoneInfo

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from openness_bridge.errors import Problem
from runtime_data.sinks.definition import Trigger
from runtime_data.sinks.timing import Timing
from runtime_data.values import moment
from tests.runtime_data.sinks.kit import at

BERLIN = ZoneInfo("Europe/Berlin")
MINUTE = 60 * 10**6
SHIFTS = {"early": "06:00", "late": "14:00", "night": "22:00"}


def timing(**given_: object) -> Timing:
    return Timing(msgspec.convert(given_, Trigger))


def test_an_interval_fires_on_a_grid() -> None:
    every = timing(every="10s")
    assert [each.time for each in (every.next(0), every.next(9_999_999), every.next(10_000_000)) if each] == [
        10_000_000,
        10_000_000,
        20_000_000,
    ]
    assert every.missed(0, 10**9) == []


@given(st.integers(at("2026-01-01T00:00:00Z"), at("2026-12-28T00:00:00Z")))
def test_the_end_of_a_shift_is_the_next_minute_with_its_time_of_day(start: int) -> None:
    found = timing(shift=SHIFTS, zone="Europe/Berlin").next(start)
    assert found is not None
    names = {dt.time(6): "night", dt.time(14): "early", dt.time(22): "late"}
    tried = (start // MINUTE + 1) * MINUTE
    while (clock := moment(tried).astimezone(BERLIN).time()) not in names:
        tried += MINUTE
    assert (found.time, found.shift) == (tried, names[clock])
    begin = moment(found.begin).astimezone(BERLIN).time()
    assert begin == {"night": dt.time(22), "early": dt.time(6), "late": dt.time(14)}[found.shift]
    assert 7 <= (found.time - found.begin) / MINUTE / 60 <= 9


def test_a_shift_in_the_night_of_the_change_of_time_is_an_hour_longer() -> None:
    found = timing(shift=SHIFTS, zone="Europe/Berlin").next(at("2026-10-24T22:00:00Z"))
    assert found is not None and found.time - found.begin == 9 * 60 * MINUTE


def test_every_missed_end_of_a_shift_is_made_up_for_and_a_crontab_once() -> None:
    last, now = at("2026-11-23T13:00:00Z"), at("2026-11-24T13:00:00Z")
    missed = timing(shift=SHIFTS, zone="Europe/Berlin").missed(last, now)
    assert [each.shift for each in missed] == ["late", "night", "early"]
    assert [each.begin for each in missed] == [last, *(each.time for each in missed[:-1])]
    (once,) = timing(schedule="*/5 * * * *").missed(last, now)
    assert once.time == last + 5 * MINUTE
    assert timing(schedule="*/5 * * * *").missed(now - MINUTE, now - 1) == []


@given(st.integers(0, 59), st.integers(0, 23), st.integers(at("2026-05-01T00:00:00Z"), at("2026-09-01T00:00:00Z")))
def test_a_crontab_fires_at_its_minute(minute: int, hour: int, start: int) -> None:
    found = timing(schedule=f"{minute} {hour} * * *", zone="Europe/Berlin").next(start)
    assert found is not None
    local = moment(found.time).astimezone(BERLIN)
    assert (local.minute, local.hour, local.second) == (minute, hour, 0)
    assert 0 < found.time - start <= 24 * 60 * MINUTE


@pytest.mark.parametrize(
    ("given_", "code"),
    [
        ({"every": "1ms"}, "sink.every"),
        ({"schedule": "* * *"}, "sink.schedule"),
        ({"schedule": "99 * * * *"}, "sink.schedule"),
        ({"schedule": "* * * * *", "zone": "Europe/Nowhere"}, "sink.zone"),
        ({"schedule": "* * * * *", "zone": "../../etc/passwd"}, "sink.zone"),
        ({"shift": {"a": "24:00"}}, "sink.shift"),
        ({"shift": {"a": "06:00", "b": "06:00"}}, "sink.shift"),
    ],
)
def test_what_is_no_time_is_refused(given_: dict[str, object], code: str) -> None:
    with pytest.raises(Problem) as refused:
        timing(**given_)
    assert refused.value.code == code
