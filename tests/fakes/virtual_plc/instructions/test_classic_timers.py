"""SFB 3 to SFB 5 over virtual time: what they show, and what they keep in their instance.

The expected values are those that awlsim was seen to show, written down as numbers; the random runs are compared with
plain arithmetic on the times of the calls.
"""

from __future__ import annotations

import itertools
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.program.symbols import Cpu
from simatic_xml.program.types.system_types import parse_type
from simatic_xml.program.types.types import TIME
from tests.fakes.virtual_plc.agreement import TIERS, Run, program
from tests.fakes.virtual_plc.instructions.kit import MILLISECOND, instance
from virtual_plc.cpu.services import PlainServices
from virtual_plc.instructions import Site
from virtual_plc.instructions.control.classic_timers import CLASSIC_TIMERS, is_classic

REST, FIRST, SECOND = 0, 1, 2
BEGIN = 7_000
"""System time of the first call in milliseconds."""


class Bench:
    """An instance, and calls of it."""

    def __init__(self, kind: str) -> None:
        self.timer, self.services = instance(kind), PlainServices()
        self._call = CLASSIC_TIMERS[kind].make(Site(self.services, {"T": TIME}))

    def at(self, milliseconds: float, on: bool, duration: int = 500) -> tuple[bool, bool, int, int, int]:
        """Call it; return ENO, Q, ET, STATE and the milliseconds from STIME to ATIME."""
        self.services.now = round((BEGIN + milliseconds) * MILLISECOND)
        enabled = self._call(self.timer, on, duration)
        timer = self.timer
        return enabled, timer.Q, timer.ET, timer.STATE, timer.ATIME - timer.STIME


def test_a_pulse_keeps_its_phase_its_start_and_its_last_call() -> None:
    bench = Bench("TP")
    assert bench.at(0, False) == (True, False, 0, REST, 0)
    assert bench.at(10, True) == (True, True, 0, FIRST, 0)
    assert bench.timer.STIME == BEGIN + 10
    assert bench.at(410, True) == (True, True, 400, FIRST, 400)
    assert bench.at(660, True) == (True, False, 500, SECOND, 650)
    assert bench.at(700, False) == (True, False, 0, REST, 650)


@pytest.mark.parametrize(("kind", "before"), [("TP", True), ("TON", False), ("TOF", True)])
def test_the_output_changes_exactly_at_the_duration(kind: str, before: bool) -> None:
    for time in (499, 499.999999, 500, 501):
        bench = Bench(kind)
        bench.at(0, True)
        bench.at(0, kind != "TOF")
        _, output, elapsed, *_ = bench.at(time, kind != "TOF")
        assert (output, elapsed) == (before == (time < 500), min(int(time), 500)), time


def test_a_pulse_ends_by_its_time_while_its_input_is_0() -> None:
    bench = Bench("TP")
    bench.at(0, True)
    assert bench.at(200, False) == (True, True, 200, FIRST, 200)
    assert bench.at(300, True) == (True, True, 300, FIRST, 300)
    bench.at(310, False)
    assert bench.at(600, False) == (True, False, 0, REST, 600)
    assert bench.at(610, True) == (True, True, 0, FIRST, 0)


def test_an_on_delay_keeps_its_phase_its_start_and_its_last_call() -> None:
    bench = Bench("TON")
    assert bench.at(0, False) == (True, False, 0, REST, 0)
    assert bench.at(10, True) == (True, False, 0, FIRST, 0)
    assert bench.at(410, True) == (True, False, 400, FIRST, 400)
    assert bench.at(660, True) == (True, True, 500, SECOND, 650)
    assert bench.at(700, False) == (True, False, 0, REST, 650)
    bench.at(800, True)
    bench.at(900, True)
    assert bench.at(950, False) == (True, False, 0, REST, 100)


def test_an_off_delay_keeps_its_phase_its_start_and_its_last_call() -> None:
    bench = Bench("TOF")
    assert bench.at(0, False) == (True, False, 0, REST, 0)
    assert bench.at(10, True) == (True, True, 0, FIRST, 0)
    assert bench.at(260, True) == (True, True, 0, FIRST, 0)
    assert bench.at(300, False) == (True, True, 0, SECOND, 0)
    assert bench.at(350, False) == (True, True, 50, SECOND, 50)
    assert bench.at(850, False) == (True, False, 500, REST, 550)
    assert bench.at(900, False) == (True, False, 500, REST, 550)


@pytest.mark.parametrize("kind", CLASSIC_TIMERS)
@pytest.mark.parametrize(("duration", "enabled", "kept"), [(0, True, False), (-1, False, True)])
def test_a_duration_that_is_not_positive_ends_the_time(kind: str, duration: int, enabled: bool, kept: bool) -> None:
    """A duration of 0 takes IN back as well; a negative one is an error that BR shows."""
    bench = Bench(kind)
    bench.at(0, True)
    passed = bench.at(100, kind != "TOF")[4]
    assert bench.at(150, True, duration) == (enabled, False, 0, REST, passed)
    assert bench.timer.IN is kept
    assert bench.at(160, False, duration) == (enabled, False, 0, REST, passed)
    assert bench.timer.IN is False


@pytest.mark.parametrize("kind", CLASSIC_TIMERS)
@given(
    gaps=st.lists(st.tuples(st.integers(0, 400), st.booleans()), min_size=1, max_size=12),
    first=st.sampled_from([0, (1 << 31) - 700]),
)
def test_what_a_timer_shows_follows_from_the_times_of_its_calls(
    kind: str, gaps: list[tuple[int, bool]], first: int
) -> None:
    """Also where the system time begins again after 2^31 milliseconds."""
    bench, at, calls = Bench(kind), first - BEGIN, [(first - BEGIN, False)]
    bench.at(at, False)
    for gap, on in gaps:
        at += gap
        calls.append((at, on))
        _, shown, elapsed, _, _ = bench.at(at, on)
        assert (shown, elapsed) == _expected(kind, calls)


def _expected(kind: str, calls: list[tuple[int, bool]]) -> tuple[bool, int]:
    """Return Q and ET by the edges of the input among all calls."""
    now, on = calls[-1]
    edges = [(when, each) for (_, before), (when, each) in itertools.pairwise(calls) if each is not before]
    if kind == "TON":
        passed = min(now - edges[-1][0], 500) if on else 0
        return on and passed == 500, passed
    if kind == "TOF":
        if on or not edges:
            return on, 0
        passed = min(now - edges[-1][0], 500)
        return passed < 500, passed
    begun = -1_000_000_000
    for when, each in edges:
        begun = when if each and when - begun >= 500 else begun
    if now - begun < 500:
        return True, now - begun
    return False, 500 if on else 0


def test_the_system_time_begins_again_after_31_bits() -> None:
    """A step of half of it and more is a restart."""
    half, whole = 1 << 30, 1 << 31
    bench = Bench("TON")
    bench.at(whole - BEGIN - 100, True)
    assert bench.at(whole - BEGIN + 50, True)[1:3] == (False, 150)
    assert bench.timer.STIME - whole == -100 and bench.timer.ATIME == 50
    for step, ended in ((half - 1, True), (half, False)):
        bench = Bench("TON")
        bench.at(0, True)
        assert bench.at(step, True)[1:3] == (ended, 500 * ended)


def test_the_shortest_time_is_a_millisecond_and_a_time_at_rest_takes_the_duration() -> None:
    for kind, before in (("TP", True), ("TON", False), ("TOF", True)):
        bench = Bench(kind)
        bench.at(0, False, 300)
        assert bench.timer.PT == 300
        bench.at(0, True, 1)
        shown = [bench.at(time, kind != "TOF", 1)[1] for time in (0, 0.999999, 1)]
        assert shown == [before, before, not before]


def test_a_time_that_runs_goes_on_after_a_restart() -> None:
    bench = Bench("TON")
    bench.at(0, True)
    bench.at(300, True)
    assert bench.at(-BEGIN, True)[1:3] == (False, 300)
    assert bench.at(-BEGIN + 199, True)[1:3] == (False, 499)
    assert bench.at(-BEGIN + 200, True)[1:3] == (True, 500)


def test_only_instances_of_classic_cpus_are_classic() -> None:
    assert [is_classic(parse_type(each)) for each in ("TON", "TP", "TOF", "TON_TIME", "IEC_TIMER", "Bool")] == (
        [True] * 3 + [False] * 3
    )
    assert not is_classic(None) and not is_classic(replace(parse_type("TON"), origin="udt"))


@pytest.mark.parametrize("tier", TIERS)
@pytest.mark.parametrize(
    ("family", "ended"), [("S7-1500", True), ("S7-1200", True), ("S7-300", False), ("S7-400", False)]
)
def test_only_classic_cpus_have_them(family: str, ended: bool, tier: str) -> None:
    """A timer of the type TON without a time has ended at once on an S7-1500, and never on an S7-300."""
    source = """FUNCTION_BLOCK "Wait"
VAR t : TON; END_VAR
VAR_OUTPUT q : Bool; END_VAR
BEGIN
#t(IN := TRUE, PT := T#0MS, Q => #q);
END_FUNCTION_BLOCK
DATA_BLOCK "Wait_DB" "Wait" BEGIN END_DATA_BLOCK
ORGANIZATION_BLOCK "Main" BEGIN "Wait_DB"(); END_ORGANIZATION_BLOCK
"""
    run = Run(program(source, cpu=Cpu(family)), TIERS[tier])
    assert run.scan() == run.scan() == ""
    assert run.memory.read('"Wait_DB".q') is ended
