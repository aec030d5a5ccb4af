"""A wait in one piece does what the same wait does cycle by cycle: the same scans and interrupts at the same virtual times."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engineering_api.features.plc_tests.benches.controller import Controller
from openness_bridge.plcsim import instances
from openness_bridge.plcsim import time as plcsim_time
from simatic_xml.model import Tag
from tests.engineering_api.features.plc_tests.kit import controller_of, run_text
from tests.support.examples import examples

MS = 1_000_000
CYCLIC, DELAY = 35, 123
"""Milliseconds from one cyclic interrupt to the next, and from the edge of Start to the time delay interrupt."""
CLOCKWORK = f"""
DATA_BLOCK "Timers"
VAR
   on : TON_TIME;
   off : TOF_TIME;
END_VAR
BEGIN
END_DATA_BLOCK

DATA_BLOCK "Data"
VAR
   old : Bool;
   first : Bool := TRUE;
   cycles : DInt;
   cyclic : DInt;
   cyclicAt : DInt;
   delayed : DInt;
   delayedAt : DInt;
   ret : Int;
   hash : DInt;
END_VAR
BEGIN
END_DATA_BLOCK

ORGANIZATION_BLOCK "Every"
TITLE = "Cyclic interrupt"
BEGIN
   "Data".cyclic := "Data".cyclic + 1;
   "Data".cyclicAt := "Data".cycles;
   "Data".hash := ("Data".hash * 31 + "Data".cycles) MOD 1000003;
END_ORGANIZATION_BLOCK

ORGANIZATION_BLOCK "Late"
TITLE = "Time delay interrupt"
BEGIN
   "Data".delayed := "Data".delayed + 1;
   "Data".delayedAt := "Data".cycles;
   "Data".hash := ("Data".hash * 37 + "Data".cycles) MOD 1000003;
END_ORGANIZATION_BLOCK

ORGANIZATION_BLOCK "Main"
BEGIN
   "Data".cycles := "Data".cycles + 1;
   IF "Data".first THEN
      "Data".first := FALSE;
      "Data".ret := SET_CINT(OB_NR := 30, CYCLE := {CYCLIC * 1000}, PHASE := 0);
   END_IF;
   IF "Start" AND NOT "Data".old THEN
      "Data".ret := SRT_DINT(OB_NR := 20, DTIME := T#{DELAY}ms, SIGN := 0);
   END_IF;
   "Data".old := "Start";
   "Timers".on(IN := "Start", PT := T#1s);
   "Timers".off(IN := "Start", PT := T#700ms);
   "Warm" := "Timers".on.Q;
   "After" := "Timers".off.Q;
   "Data".hash := ("Data".hash * 41 + TIME_TO_DINT("Timers".on.ET) + TIME_TO_DINT("Timers".off.ET)) MOD 1000003;
   IF "Slow" THEN
      WAIT(WT := 25000);
   END_IF;
   IF "Crash" THEN
      STP();
   END_IF;
END_ORGANIZATION_BLOCK
"""
TAGS = (
    Tag("Start", "Bool", "%I0.0"),
    Tag("Slow", "Bool", "%I0.1"),
    Tag("Crash", "Bool", "%I0.2"),
    Tag("Warm", "Bool", "%Q0.0"),
    Tag("After", "Bool", "%Q0.1"),
)
SEEN = (
    "Data.cycles",
    "Data.cyclic",
    "Data.cyclicAt",
    "Data.delayed",
    "Data.delayedAt",
    "Data.hash",
    "Timers.on.ET",
    "Timers.off.ET",
    "Warm",
    "After",
)
STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("Start"), st.booleans()),
        st.tuples(st.just("wait"), st.integers(0, 3000)),
        st.tuples(st.just("run"), st.integers(0, 30)),
    ),
    min_size=1,
    max_size=8,
)


@pytest.fixture
def controller() -> Controller:
    return controller_of(CLOCKWORK, TAGS)


@pytest.fixture
def pieces(controller: Controller) -> Iterator[list[int]]:
    """The times in nanoseconds that passed in one piece."""
    found: list[int] = []
    original = plcsim_time.run_for

    def run_for(simulation: Any, name: Any, duration: int, *more: Any) -> Any:
        found.append(duration)
        return original(simulation, name, duration, *more)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(plcsim_time, "run_for", run_for)
        yield found


def states(controller: Controller, steps: list[tuple[str, Any]]) -> list[Any]:
    """The time and all values at first and after each step."""

    def state() -> Any:
        return controller.now - begin, [controller.read(name) for name in SEEN]

    controller.restart()
    begin = controller.now
    found = [state()]
    for what, value in steps:
        if what == "wait":
            controller.wait(value * MS)
        elif what == "run":
            controller.run(value)
        else:
            controller.write({what: value})
        found.append(state())
    return found


def scan_by_scan(steps: list[tuple[str, Any]]) -> list[tuple[str, Any]]:
    """The same steps with each cycle alone."""
    cycles: dict[str, Callable[[int], int]] = {"wait": lambda value: -(-value // 10), "run": int}
    return [
        each
        for what, value in steps
        for each in ([("run", 1)] * cycles[what](value) if what in cycles else [(what, value)])
    ]


@given(steps=STEPS)
@examples(15)
def test_a_wait_in_one_piece_is_the_same_wait_cycle_by_cycle(
    controller: Controller, steps: list[tuple[str, Any]]
) -> None:
    controller.measure_cycle()
    whole, single = states(controller, steps), states(controller, scan_by_scan(steps))
    assert whole[-1] == single[-1]
    assert all(each in single for each in whole)


def test_a_wait_is_one_piece_where_the_cpu_has_the_cycle_of_the_test(controller: Controller, pieces: list[int]) -> None:
    controller.measure_cycle()
    controller.restart()
    assert controller.wait(1000 * MS) == 100
    assert pieces == [990 * MS]
    assert controller.read("Data.cycles") == 100
    controller.restart(cycle=20 * MS)
    assert controller.wait(1000 * MS) == 50
    assert controller.read("Data.cycles") == 50
    assert pieces == [990 * MS]


def test_a_cycle_that_is_not_known_is_passed_in_single_steps(pieces: list[int]) -> None:
    unknown = controller_of(CLOCKWORK, TAGS)
    unknown.restart()
    unknown.wait(200 * MS)
    assert (unknown.read("Data.cycles"), pieces) == (20, [])


@pytest.mark.parametrize("measured", [True, False])
def test_interrupts_come_at_their_scans(measured: bool) -> None:
    """Scan n begins at (n - 1) * 10 ms; an interrupt at t follows the last scan that began before t."""
    made = controller_of(CLOCKWORK, TAGS)
    if measured:
        made.measure_cycle()
    made.restart()
    made.wait(1000 * MS)
    assert made.read("Data.cyclic") == 990 // CYCLIC
    assert made.read("Data.cyclicAt") == -(-(990 // CYCLIC * CYCLIC) // 10)
    made.write({"Start": True})
    edge = 1000
    for waited, happened in ((DELAY // 10 * 10, 0), (20, 1)):
        made.wait(waited * MS)
        assert made.read("Data.delayed") == happened
    assert made.read("Data.delayedAt") == -(-(edge + DELAY) // 10)


@pytest.mark.parametrize("measured", [True, False])
def test_a_timer_ends_in_its_scan(measured: bool) -> None:
    made = controller_of(CLOCKWORK, TAGS)
    if measured:
        made.measure_cycle()
    made.restart()
    made.write({"Start": True})
    made.wait(1000 * MS)
    assert (made.read("Timers.on.ET"), made.read("Warm")) == (990, False)
    made.run(1)
    assert (made.read("Timers.on.ET"), made.read("Warm")) == (1000, True)


@pytest.mark.parametrize("measured", [True, False])
def test_a_program_that_waits_itself_has_fewer_cycles_in_the_same_time(measured: bool) -> None:
    made = controller_of(CLOCKWORK, TAGS)
    if measured:
        made.measure_cycle()
    made.restart()
    made.write({"Slow": True})
    begin = made.now
    made.wait(1000 * MS)
    assert (made.now - begin, made.read("Data.cycles")) == (1000 * MS, 41)


def test_a_stop_within_a_wait_is_explained(controller: Controller) -> None:
    controller.measure_cycle()
    for wait in ("1h", "30ms"):
        text = f"tests:\n- name: x\n  steps:\n  - {{write: {{Crash: true}}, wait: {wait}, state: stop}}\n"
        assert run_text(controller, text)[0].error is None
        result = run_text(controller, text.replace(", state: stop", ""))[0]
        assert result.error is not None and "STOP" in result.error.upper()


def test_a_trace_has_the_values_that_a_wait_in_one_piece_ends_with(controller: Controller) -> None:
    controller.measure_cycle()
    steps = "  steps:\n  - wait: 150ms\n  - {write: {Start: true}, wait: 700ms}\n  - {wait: 900ms, run: 3}\n"
    traced = run_text(controller, f"tests:\n- name: x\n  trace: [Data.hash, Data.cyclic]\n{steps}")[0]
    ended = [controller.read("Data.hash"), controller.read("Data.cyclic"), controller.read("Data.cycles")]
    plain = run_text(controller, f"tests:\n- name: x\n{steps}")[0]
    assert traced.trace is not None
    assert traced.trace.samples[-1].values == ended[:2]
    assert [controller.read("Data.hash"), controller.read("Data.cyclic"), controller.read("Data.cycles")] == ended
    assert [(each.begin_ms, each.virtual_ms, each.cycles) for each in plain.steps] == [
        (each.begin_ms, each.virtual_ms, each.cycles) for each in traced.steps
    ]


def test_a_wait_can_be_ended_from_outside(controller: Controller) -> None:
    class EndedError(Exception):
        pass

    def end() -> None:
        raise EndedError

    controller.measure_cycle()
    controller.restart()
    controller.run(1)
    controller.alive = end
    try:
        with pytest.raises(EndedError):
            controller.wait(3_600_000 * MS)
    finally:
        controller.alive = lambda: None
    assert controller.is_running


def test_a_program_that_does_not_start_is_not_measured() -> None:
    made = controller_of(CLOCKWORK.replace('IF "Crash" THEN', 'IF NOT "Crash" THEN'), TAGS)
    made.measure_cycle()
    assert instances.state(made._simulation, made.name).operating_state == "Stop"
