"""S5 timers and counters."""

import itertools
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.program.types.types import ELEMENTARY
from tests.fakes.virtual_plc.instructions.kit import MILLISECOND, Slot, call
from virtual_plc.cpu.services import PlainServices
from virtual_plc.faults import BcdFault
from virtual_plc.instructions.control import s5_counters, s5_timers

TWO_SECONDS = 0x1020
"""S5T#2s: twenty tenths of a second."""


class Bench:
    """A timer of the memory, and calls of it at times in milliseconds."""

    def __init__(self, name: str, time: int = TWO_SECONDS) -> None:
        self.name, self.time, self.timers, self.services = name, time, [0, 0, 0], PlainServices()
        self.operand = Slot(self.timers, 1, ELEMENTARY["TIMER"])

    def at(self, milliseconds: float, start: bool, reset: bool | None = None) -> bool:
        self.services.now = round(milliseconds * MILLISECOND)
        return bool(self.show(start, reset)["Q"])

    def show(self, start: bool, reset: bool | None = None) -> dict[str, Any]:
        given = {"T_NO": self.operand, "S": start, "TV": self.time, "R": reset}
        return call(self.name, given, services=self.services)


def _shape(name: str, *calls: tuple[int, bool]) -> list[bool]:
    bench = Bench(name)
    return [bench.at(when, on) for when, on in calls]


ENDS = {0x0000: 0, 0x3000: 0, 0x0001: 10, 0x1001: 100, TWO_SECONDS: 2000, 0x3001: 10_000}
"""Milliseconds of an S5TIME."""


@pytest.mark.parametrize(
    ("name", "before"), [("S_PULSE", True), ("S_PEXT", True), ("S_ODT", False), ("S_ODTS", False), ("S_OFFDT", True)]
)
def test_the_output_changes_exactly_at_the_time(name: str, before: bool) -> None:
    """Whether it is called or read."""
    for time, end in ENDS.items():
        moments = {end - 0.000001: before, end: not before, end + 1: not before}
        for (when, output), is_read in itertools.product(moments.items(), (False, True)):
            if when < 0:
                continue
            bench = Bench(name, time)
            bench.at(0, True)
            on = name != "S_OFFDT"
            bench.at(0, on)
            now = round(when * MILLISECOND)
            found = s5_timers.output(bench.timers[1], now) if is_read else bench.at(when, on)
            assert found is output, (time, when, is_read)


def test_pulse_ends_with_its_time_or_its_input() -> None:
    assert _shape("S_PULSE", (0, True), (1999, True), (2000, True)) == [True, True, False]
    assert _shape("S_PULSE", (0, True), (500, False), (600, False)) == [True, False, False]


def test_extended_pulse_outlives_its_input_and_starts_again() -> None:
    assert _shape("S_PEXT", (0, True), (500, False), (1999, False), (2000, False)) == [True, True, True, False]
    assert _shape("S_PEXT", (0, True), (500, False), (1000, True), (2999, True), (3000, True)) == [True] * 4 + [False]


def test_on_delay_needs_its_input() -> None:
    assert _shape("S_ODT", (0, True), (1999, True), (2000, True), (2001, False)) == [False, False, True, False]
    assert _shape("S_ODT", (0, True), (500, False), (2500, True)) == [False, False, False]


def test_latching_on_delay_stays_until_it_is_reset() -> None:
    bench = Bench("S_ODTS")
    assert [bench.at(0, True), bench.at(500, False), bench.at(2000, False), bench.at(2100, True)] == [
        False,
        False,
        True,
        True,
    ]
    assert bench.at(2200, True, reset=True) is False
    assert bench.at(9000, True) is False
    assert bench.at(9100, False) is False
    assert [bench.at(9200, True), bench.at(11200, True)] == [False, True]


def test_latching_on_delay_starts_again_while_it_runs() -> None:
    assert _shape("S_ODTS", (0, True), (500, False), (1000, True), (2500, True), (3000, True)) == [False] * 4 + [True]


def test_off_delay_follows_its_input() -> None:
    assert _shape("S_OFFDT", (0, False), (1, True), (2, False), (2001, False), (2002, False)) == [
        False,
        True,
        True,
        True,
        False,
    ]
    bench = Bench("S_OFFDT")
    bench.at(0, True)
    assert bench.at(10, True, reset=True) is False
    assert bench.at(20, True) is True


def test_what_is_left_of_a_time() -> None:
    bench = Bench("S_ODT", 0x1021)
    bench.at(0, True)
    bench.services.now = 750 * MILLISECOND
    assert bench.show(True) == {"Q": False, "BI": 14, "": 0x1014}
    assert s5_timers.remaining(bench.timers[1], 750 * MILLISECOND) == 14
    assert s5_timers.remaining_s5time(bench.timers[1], 5000 * MILLISECOND) == 0


def test_an_enabled_timer_starts_without_an_edge() -> None:
    bench = Bench("S_ODT")
    bench.at(0, True)
    bench.at(2500, True)
    s5_timers.enable(bench.timers, 1, given=True)
    assert bench.at(3000, True) is False
    assert bench.at(5000, True) is True


def test_a_timer_is_enabled_by_an_edge_only() -> None:
    """With an input of 1, FR enables once; 0 at FR makes it ready again (documented: FR works on the edge of its RLO)."""
    bench = Bench("S_PULSE")
    bench.at(0, True)
    starts = []
    for when, on in ((500, True), (1000, True), (1500, False), (1800, True), (1900, True)):
        s5_timers.enable(bench.timers, 1, given=on)
        bench.at(when, True)
        starts.append(s5_timers.remaining(bench.timers[1], when * MILLISECOND))
    assert starts == [20, 15, 10, 20, 19]


@pytest.mark.parametrize("resets", [1, 2])
def test_a_reset_timer_knows_its_input_but_for_an_off_delay(resets: int) -> None:
    """An input of 1 starts nothing after it, one that was 0 before does; an off-delay shows its input again."""
    starts = {"S_PULSE": (True, 20), "S_PEXT": (True, 20), "S_ODT": (False, 20), "S_ODTS": (False, 20)}
    for kind in s5_timers._KINDS:
        for during, after in itertools.product((False, True), repeat=2):
            bench = Bench(kind)
            bench.at(0, True)
            assert [bench.at(10 + each, during, reset=True) for each in range(resets)] == [False] * resets
            found = bench.at(20, after), bench.show(after)["BI"]
            edge = starts.get(kind) if after and not during else (False, 0)
            assert found == ((after, 0) if kind == "S_OFFDT" else edge), (kind, during, after)


def test_a_reset_without_an_input_keeps_the_input_and_what_fr_saw() -> None:
    for kind, before in itertools.product(s5_timers._KINDS, (False, True)):
        bench = Bench(kind)
        s5_timers.enable(bench.timers, 1, given=True)
        bench.at(0, True)
        bench.at(0, before)
        s5_timers.reset(bench.timers, 1)
        s5_timers.enable(bench.timers, 1, given=True)
        assert s5_timers.output(bench.timers[1], 0) is False
        starts = not before and kind in ("S_PULSE", "S_PEXT")
        assert bench.at(10, True) is (starts or kind == "S_OFFDT"), (kind, before)


@pytest.mark.parametrize(
    ("name", "calls", "left"),
    [
        ("S_PULSE", [(0, True), (500, False)], 15),
        ("S_ODT", [(0, True), (500, False)], 15),
        ("S_ODT", [(0, True), (2500, False)], 0),
        ("S_OFFDT", [(0, True), (0, False), (700, True)], 13),
        ("S_OFFDT", [(0, True), (0, False), (2700, True)], 0),
    ],
)
def test_a_timer_that_its_input_stops_keeps_the_rest_of_its_time(
    name: str, calls: list[tuple[int, bool]], left: int
) -> None:
    bench = Bench(name)
    for when, on in calls:
        state = bench.at(when, on)
    for later in (3_000, 60_000):
        assert s5_timers.remaining(bench.timers[1], later * MILLISECOND) == left
        assert s5_timers.remaining_s5time(bench.timers[1], later * MILLISECOND) == _s5time(left)
        assert s5_timers.output(bench.timers[1], later * MILLISECOND) is state
    s5_timers.reset(bench.timers, 1)
    assert s5_timers.remaining(bench.timers[1], 0) == 0


def _s5time(counts: int) -> int:
    """Return counts of 100 ms as S5TIME, by the digits of the manual: base 1, three BCD digits."""
    return int(f"1{counts:03d}", 16) if counts else 0


def test_digits_that_are_none_are_a_fault() -> None:
    with pytest.raises(BcdFault):
        s5_timers.operate([0], 0, s5_timers.PULSE, S=True, TV=0x00AB, now=0)
    with pytest.raises(BcdFault, match="C#16#ABD is not"):
        s5_counters.preset([0], 0, given=True, PV=0x1ABD)


# Counters ------------------------------------------------------------------------------------------------------------


def _count(name: str, counters: list[int], **given: Any) -> dict[str, Any]:
    inputs = {"C_NO": Slot(counters, 0, ELEMENTARY["COUNTER"]), "S": None, "PV": None, "R": None, **given}
    return call(name, inputs)


def test_counters_count_edges_set_and_reset() -> None:
    counters = [0]
    assert _count("S_CU", counters, CU=True) == {"Q": True, "CV": 1, "": 1}
    assert _count("S_CU", counters, CU=True)["CV"] == 1
    assert _count("S_CU", counters, CU=False, S=True, PV=0x0123) == {"Q": True, "CV": 123, "": 0x123}
    assert _count("S_CD", counters, CD=True)["CV"] == 122
    assert _count("S_CUD", counters, CU=True, CD=True)["CV"] == 123
    assert _count("S_CUD", counters, CU=False, CD=False)["CV"] == 123
    assert _count("S_CUD", counters, CU=False, CD=False, S=True)["CV"] == 0
    assert _count("S_CU", counters, CU=True, R=True) == {"Q": False, "CV": 0, "": 0}


@given(st.lists(st.tuples(st.booleans(), st.booleans()), max_size=50), st.sampled_from([0, 1, 998, 999]))
def test_counters_stay_between_zero_and_999(calls: list[tuple[bool, bool]], start: int) -> None:
    counters, expected, before = [start], start, (False, False)
    for up, down in calls:
        expected = min(expected + (up and not before[0]), 999)
        expected = max(expected - (down and not before[1]), 0)
        before = (up, down)
        assert _count("S_CUD", counters, CU=up, CD=down)["CV"] == expected
    assert s5_counters.output(counters[0]) == (expected > 0)


def test_an_enabled_counter_counts_without_an_edge() -> None:
    counters = [0]
    s5_counters.count(counters, 0, s5_counters.UP, given=True)
    s5_counters.enable(counters, 0, given=True)
    s5_counters.count(counters, 0, s5_counters.UP, given=True)
    assert s5_counters.value(counters[0]) == 2
    assert s5_counters.value_bcd(counters[0]) == 2


def test_a_timer_that_began_later_than_now_has_not_begun() -> None:
    bench = Bench("S_PEXT")
    bench.at(5000, True)
    assert s5_timers.remaining(bench.timers[1], 0) == 20
    assert s5_timers.remaining(bench.timers[1], 5100 * MILLISECOND) == 19
