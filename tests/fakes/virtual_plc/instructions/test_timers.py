"""IEC timers over virtual time, instance by instance."""

import itertools
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.virtual_plc.instructions.kit import MILLISECOND, call, instance, of, slot
from virtual_plc.cpu.services import PlainServices
from virtual_plc.instructions.control.timers import refresh, refreshes


class Bench:
    """A timer, and calls of it at times in milliseconds."""

    def __init__(self, kind: str, text: str = "") -> None:
        self.kind = kind
        self.timer = instance(text or f"{kind}_TIME")
        self.services = PlainServices()
        self.types = {"T": "LTime" if text.endswith("LTIME") else "Time"}

    def at(self, milliseconds: float, **given: Any) -> tuple[bool, int]:
        self.services.now = int(milliseconds * MILLISECOND)
        call(self.kind, given, on=self.timer, types=self.types, services=self.services)
        return self.timer.Q, self.timer.ET

    def read(self, milliseconds: float) -> tuple[bool, int]:
        refresh(self.timer, int(milliseconds * MILLISECOND))
        return self.timer.Q, self.timer.ET


def test_on_delay_counts_from_the_edge_to_the_duration() -> None:
    bench = Bench("TON")
    assert bench.at(5, IN=True, PT=100) == (False, 0)
    assert bench.at(55, IN=True, PT=100) == (False, 50)
    assert bench.at(105, IN=True, PT=100) == (True, 100)
    assert bench.at(500, IN=True, PT=100) == (True, 100)
    assert bench.at(501, IN=False, PT=100) == (False, 0)


def test_on_delay_is_reset_by_its_input() -> None:
    bench = Bench("TON")
    bench.at(0, IN=True, PT=100)
    assert bench.at(90, IN=False, PT=100) == (False, 0)
    assert bench.at(100, IN=True, PT=100) == (False, 0)
    assert bench.at(199, IN=True, PT=100) == (False, 99)


def test_reading_brings_a_timer_up_to_date_between_calls() -> None:
    bench = Bench("TON")
    bench.at(0, IN=True, PT=100)
    assert (bench.timer.Q, bench.timer.ET) == (False, 0)
    assert bench.read(60) == (False, 60)
    assert bench.read(150) == (True, 100)


@pytest.mark.parametrize(("kind", "before"), [("TON", False), ("TONR", False), ("TP", True), ("TOF", True)])
def test_the_output_changes_exactly_at_the_duration(kind: str, before: bool) -> None:
    """Whether it is called or read."""
    more = {"R": False} if kind == "TONR" else {}
    moments = {99: before, 99.999999: before, 100: not before, 101: not before}
    for (time, output), is_read in itertools.product(moments.items(), (False, True)):
        bench = Bench(kind)
        bench.at(0, IN=True, PT=100, **more)
        on = kind != "TOF"
        bench.at(0, IN=on, PT=100, **more)
        found = bench.read(time) if is_read else bench.at(time, IN=on, PT=100, **more)
        assert found == (output, min(int(time), 100)), (time, is_read)
        assert bench.timer.IN is on


def test_nothing_happens_while_a_timer_is_neither_called_nor_read() -> None:
    bench = Bench("TOF")
    bench.at(0, IN=True, PT=10)
    bench.at(1, IN=False, PT=10)
    assert (bench.timer.Q, bench.timer.ET) == (True, 0)
    bench.services.now = 500 * MILLISECOND
    assert (bench.timer.Q, bench.timer.ET) == (True, 0)


def test_only_timers_of_new_cpus_are_up_to_date_when_read() -> None:
    timers = ["TON_TIME", "IEC_TIMER", "TP_LTIME", "TOF_TIME", "TONR_LTIME"]
    others = ["TON", "CTU_INT", "DTL", "Int"]
    assert [each for each in [*timers, *others] if refreshes(of(each))] == timers
    assert refreshes(replace(of("TON_TIME"), origin="type")) is False


@pytest.mark.parametrize("kind", ["TON", "TP", "TOF"])
def test_a_running_timer_keeps_its_duration(kind: str) -> None:
    bench = Bench(kind)
    bench.at(0, IN=True, PT=100)
    if kind == "TOF":
        bench.at(0, IN=False, PT=100)
    on = kind != "TOF"
    bench.at(50, IN=on, PT=60)
    assert bench.at(70, IN=on, PT=60)[1] == 70
    assert bench.at(101, IN=on, PT=60)[0] is on if kind == "TON" else not bench.at(101, IN=on, PT=60)[0]


@pytest.mark.parametrize("kind", ["TON", "TP", "TOF", "TONR"])
def test_the_instance_takes_its_duration_at_edges_only(kind: str) -> None:
    bench, more = Bench(kind), {"R": False} if kind == "TONR" else {}
    presets = []
    for when, on, preset in (
        (0, False, 1),
        (1, True, 20),
        (2, True, 3),
        (40, False, 50),
        (41, False, 6),
        (99, True, 7),
    ):
        bench.at(when, IN=on, PT=preset, **more)
        presets.append(bench.timer.PT)
    assert presets == [0, 20, 20, 50, 50, 7]


def test_a_pulse_that_runs_takes_no_duration_even_at_edges() -> None:
    bench = Bench("TP")
    bench.at(0, IN=True, PT=100)
    bench.at(10, IN=False, PT=30)
    bench.at(20, IN=True, PT=40)
    assert (bench.timer.PT, bench.at(99, IN=False, PT=50), bench.timer.PT) == (100, (True, 99), 100)
    assert (bench.at(100, IN=False, PT=50), bench.timer.PT) == ((False, 0), 100)


def test_pulse_has_its_length_whatever_the_input_does() -> None:
    bench = Bench("TP")
    assert bench.at(0, IN=True, PT=100) == (True, 0)
    assert bench.at(10, IN=False, PT=100) == (True, 10)
    assert bench.at(50, IN=True, PT=100) == (True, 50)
    assert bench.at(100, IN=True, PT=100) == (False, 100)
    assert bench.at(150, IN=True, PT=100) == (False, 100)
    assert bench.at(160, IN=False, PT=100) == (False, 0)
    assert bench.at(170, IN=True, PT=100) == (True, 0)


def test_pulse_starts_again_by_an_edge_after_its_end() -> None:
    bench = Bench("TP")
    bench.at(0, IN=True, PT=100)
    bench.at(20, IN=False, PT=100)
    assert bench.at(130, IN=True, PT=50) == (True, 0)
    assert bench.at(170, IN=True, PT=50) == (True, 40)


def test_off_delay_holds_for_its_duration() -> None:
    bench = Bench("TOF")
    assert bench.at(0, IN=False, PT=100) == (False, 0)
    assert bench.at(10, IN=True, PT=100) == (True, 0)
    assert bench.at(20, IN=False, PT=100) == (True, 0)
    assert bench.at(70, IN=False, PT=100) == (True, 50)
    assert bench.at(90, IN=True, PT=100) == (True, 0)
    assert bench.at(100, IN=False, PT=100) == (True, 0)
    assert bench.at(200, IN=False, PT=100) == (False, 100)
    assert bench.at(300, IN=False, PT=100) == (False, 100)


def test_an_accumulator_works_on_a_general_timer_without_r() -> None:
    bench = Bench("TONR", "IEC_TIMER")
    bench.at(0, IN=True, R=False, PT=100)
    assert bench.at(100, IN=True, R=False, PT=100) == (True, 100)
    assert bench.at(110, IN=True, R=True, PT=100) == (False, 0)


def test_a_timer_without_a_type_of_its_time_counts_milliseconds() -> None:
    bench = Bench("TON")
    bench.types = {}
    bench.at(0, IN=True, PT=100)
    assert [bench.at(time, IN=True, PT=100) for time in (99.999999, 100)] == [(False, 99), (True, 100)]


def test_an_on_delay_whose_input_was_set_from_outside_sees_the_edge() -> None:
    bench = Bench("TON")
    bench.timer.IN = True
    assert (bench.at(0, IN=False, PT=7), bench.timer.IN, bench.timer.PT) == ((False, 0), False, 7)


def test_the_shortest_pulse_is_one_count() -> None:
    bench = Bench("TP")
    assert [bench.at(time, IN=True, PT=1) for time in (0, 0.999999, 1)] == [(True, 0), (True, 0), (False, 1)]


def test_accumulator_keeps_the_parts_of_a_count() -> None:
    bench = Bench("TONR")
    for time, on in ((0, True), (40.5, False), (50, True), (50, True)):
        bench.at(time, IN=on, R=False, PT=100)
    assert bench.at(109.499999, IN=True, R=False, PT=100) == (False, 99)
    assert bench.at(109.5, IN=True, R=False, PT=100) == (True, 100)


def test_accumulator_holds_while_its_input_is_off() -> None:
    bench = Bench("TONR")
    bench.at(0, IN=True, R=False, PT=100)
    assert bench.at(40, IN=False, R=False, PT=100) == (False, 40)
    assert bench.at(1000, IN=False, R=False, PT=100) == (False, 40)
    assert bench.at(1010, IN=True, R=False, PT=100) == (False, 40)
    assert bench.at(1070, IN=True, R=False, PT=100) == (True, 100)
    assert bench.at(1080, IN=False, R=False, PT=100) == (True, 100)
    assert not bench.timer.R
    assert (bench.at(1090, IN=False, R=True, PT=100), bench.timer.R) == ((False, 0), True)


def test_an_accumulator_that_is_reset_is_blocked_and_sees_no_edges() -> None:
    bench = Bench("TONR")
    bench.at(0, IN=True, R=False, PT=100)
    assert bench.at(40, IN=True, R=False, PT=100) == (False, 40)
    assert bench.at(50, IN=True, R=True, PT=60) == (False, 0)
    assert bench.at(70, IN=True, R=False, PT=60) == (False, 0)
    bench.at(80, IN=False, R=True, PT=60)
    bench.at(90, IN=True, R=True, PT=60)
    assert (bench.at(110, IN=True, R=False, PT=60), bench.timer.PT) == ((False, 0), 100)
    bench.at(120, IN=False, R=False, PT=60)
    bench.at(130, IN=True, R=False, PT=60)
    assert bench.at(150, IN=True, R=False, PT=60) == (False, 20)
    bench.at(200, IN=True, R=False, PT=60)
    assert bench.at(210, IN=False, R=True, PT=60) == (False, 0)


def test_accumulator_takes_a_new_duration_when_it_goes_on() -> None:
    bench = Bench("TONR")
    bench.at(0, IN=True, R=False, PT=100)
    bench.at(40, IN=True, R=False, PT=50)
    assert bench.at(60, IN=True, R=False, PT=50) == (False, 60)
    bench.at(70, IN=False, R=False, PT=50)
    assert bench.at(80, IN=True, R=False, PT=50) == (True, 50)


@pytest.mark.parametrize("kind", ["TON", "TP", "TOF", "TONR"])
def test_a_negative_duration_is_none(kind: str) -> None:
    bench = Bench(kind)
    more = {"R": False} if kind == "TONR" else {}
    bench.at(0, IN=True, PT=-5, **more)
    assert bench.timer.PT == 0
    assert bench.timer.Q is (kind != "TP")


def test_a_timer_with_ltime_counts_nanoseconds() -> None:
    bench = Bench("TON", "TON_LTIME")
    bench.at(0, IN=True, PT=1500)
    assert bench.at(0.001, IN=True, PT=1500) == (False, 1000)
    assert bench.at(0.002, IN=True, PT=1500) == (True, 1500)


def test_a_timer_runs_through_the_longest_time() -> None:
    most = 2**31 - 1
    bench = Bench("TON")
    bench.at(0, IN=True, PT=most)
    assert bench.at(most - 1, IN=True, PT=most) == (False, most - 1)
    assert bench.at(most + 5, IN=True, PT=most) == (True, most)


@pytest.mark.parametrize("kind", ["TON", "TP", "TOF", "TONR"])
def test_reset_timer_sets_everything_to_zero_and_the_next_call_has_an_edge(kind: str) -> None:
    bench, more = Bench(kind), {"R": False} if kind == "TONR" else {}
    bench.at(0, IN=True, PT=100, **more)
    bench.at(40, IN=True, PT=100, **dict.fromkeys(more, True))
    call("RESET_TIMER", {"TIMER": slot(bench.timer, f"{kind}_TIME")})
    names = ["IN", "PT", "Q", "ET", *more]
    assert not any(getattr(bench.timer, name) for name in names)
    assert bench.read(50) == (False, 0)
    assert bench.at(60, IN=True, PT=30, **more) == (kind in ("TP", "TOF"), 0)
    assert (bench.at(90, IN=True, PT=30, **more), bench.timer.PT) == ((kind != "TP", 0 if kind == "TOF" else 30), 30)


def test_preset_timer_changes_a_running_duration() -> None:
    bench = Bench("TON")
    bench.at(0, IN=True, PT=100)
    call("PRESET_TIMER", {"PT": 30, "TIMER": slot(bench.timer, "TON_TIME")})
    assert bench.at(40, IN=True, PT=100) == (True, 30)
    call("PRESET_TIMER", {"PT": 50, "TIMER": slot(bench.timer, "TON_TIME")})
    assert [bench.at(time, IN=True, PT=100) for time in (45, 50)] == [(False, 45), (True, 50)]


@pytest.mark.parametrize("kind", ["TON", "TP", "TOF", "TONR"])
def test_a_retentive_timer_goes_on_after_a_restart(kind: str) -> None:
    bench, more = Bench(kind), {"R": False} if kind == "TONR" else {}
    bench.at(1000, IN=True, PT=200, **more)
    on = kind != "TOF"
    bench.at(1000, IN=on, PT=200, **more)
    assert bench.at(999.5, IN=on, PT=200, **more)[1] == 0
    assert bench.at(1059.5, IN=on, PT=200, **more)[1] == 60
    assert bench.at(5, IN=on, PT=200, **more)[1] == 60
    assert bench.at(75, IN=on, PT=200, **more)[1] == 130
    assert bench.at(145, IN=on, PT=200, **more) == (kind in ("TON", "TONR"), 200)


@given(st.integers(0, 200), st.lists(st.tuples(st.integers(1, 60), st.booleans()), max_size=30))
def test_on_delay_is_what_its_definition_says(preset: int, scans: list[tuple[int, bool]]) -> None:
    bench, now, since = Bench("TON"), 0, None
    for step, on in scans:
        now += step
        since = (now if since is None else since) if on else None
        expected = (False, 0) if since is None else (now - since >= preset, min(now - since, preset))
        assert bench.at(now, IN=on, PT=preset) == expected


@given(st.integers(1, 200), st.lists(st.tuples(st.integers(1, 60), st.booleans()), max_size=30))
def test_off_delay_is_what_its_definition_says(preset: int, scans: list[tuple[int, bool]]) -> None:
    bench, now, last = Bench("TOF"), 0, None
    before = False
    for step, on in scans:
        now += step
        last = now if before and not on else None if on else last
        before = on
        expected = on or (last is not None and now - last < preset)
        assert bench.at(now, IN=on, PT=preset)[0] is expected
