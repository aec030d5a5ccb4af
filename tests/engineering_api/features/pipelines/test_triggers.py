"""Triggers: what one line of text starts, and when."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engineering_api.features.pipelines import triggers
from engineering_api.features.pipelines.triggers import Trigger
from engineering_api.operations.events import matches
from openness_bridge.errors import Problem

SUNDAY = dt.datetime(2026, 11, 22, 12, 0, tzinfo=dt.UTC)


def fires(text: str, after: dt.datetime, count: int = 1) -> list[dt.datetime]:
    schedule = triggers.parse(text).schedule()
    assert schedule is not None
    moments: list[dt.datetime] = []
    for _ in range(count):
        found = schedule.get_next_fire_time(moments[-1] if moments else None, after)
        assert found is not None
        moments.append(found)
        after = found + dt.timedelta(seconds=1)
    return moments


def test_the_forms() -> None:
    assert triggers.parse("manual") == triggers.parse(" Manual ") == Trigger()
    assert triggers.parse("every 30m") == Trigger(every=1800)
    assert [triggers.parse(f"every 2 {unit}").every for unit in "smhd"] == [2, 120, 7200, 172800]
    assert triggers.parse("event project.saved compile.*") == Trigger(events=("project.saved", "compile.*"))
    assert triggers.parse("cron 0 2 * * 1 Europe/Berlin") == Trigger(cron="0 2 * * 1", zone="Europe/Berlin")


@given(st.sets(st.integers(0, 6), min_size=1), st.booleans())
def test_weekdays_are_those_of_a_crontab(days: set[int], seven: bool) -> None:
    text = ",".join("7" if day == 0 and seven else str(day) for day in sorted(days))
    moments = fires(f"cron 0 5 * * {text} UTC", SUNDAY, 8)
    assert {moment.isoweekday() % 7 for moment in moments} == days


@pytest.mark.parametrize(
    ("days", "wanted"),
    [
        ("1-5", {1, 2, 3, 4, 5}),
        ("0-6", {0, 1, 2, 3, 4, 5, 6}),
        ("5-7", {5, 6, 0}),
        ("*/2", {0, 2, 4, 6}),
        ("mon-wed", {1, 2, 3}),
        ("2/2", {2, 4, 6}),
    ],
)
def test_weekdays_in_other_forms(days: str, wanted: set[int]) -> None:
    assert {moment.isoweekday() % 7 for moment in fires(f"cron 0 5 * * {days} UTC", SUNDAY, 8)} == wanted


def test_a_cron_goes_by_its_zone() -> None:
    (moment,) = fires("cron 30 2 * * * Asia/Tokyo", SUNDAY)
    assert moment == dt.datetime(2026, 11, 23, 2, 30, tzinfo=ZoneInfo("Asia/Tokyo"))


def test_an_interval_goes_on_from_the_last_start() -> None:
    now = dt.datetime.now(dt.UTC)
    schedule = triggers.parse("every 1h").schedule(now - dt.timedelta(minutes=20))
    assert schedule is not None
    moment = schedule.get_next_fire_time(None, now)
    assert abs(moment - now - dt.timedelta(minutes=40)) < dt.timedelta(seconds=1)
    late = triggers.parse("every 1h").schedule(now - dt.timedelta(hours=20))
    assert late is not None
    assert late.get_next_fire_time(None, now) - now < dt.timedelta(seconds=5)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "sometimes",
        "manual now",
        "every",
        "every 0s",
        "every 5",
        "every -1m",
        "every 1w",
        "cron",
        "cron * * * *",
        "cron 61 * * * *",
        "cron 0 2 * * * Nowhere/City",
        "cron 0 2 * * 6-2",
        "cron a b c d e",
        "event",
        "event Project Saved",
        "event a.b.c",
        "event [a-z]",
        "event job.*",
        "event project.saved pipeline.finished",
    ],
)
def test_what_is_no_trigger(text: str) -> None:
    with pytest.raises(Problem) as refused:
        triggers.parse(text)
    assert refused.value.code == "pipeline.trigger"
    assert "every 30m" in refused.value.message


def test_patterns_of_events() -> None:
    assert matches(("project.*",), "project.saved")
    assert matches(("x", "*"), "job.status")
    assert not matches(("project.saved", "job"), "job.status")
