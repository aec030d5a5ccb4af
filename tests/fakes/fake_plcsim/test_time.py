"""Virtual time: modes, synchronization points, scale, clock."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fakes.fake_plcsim.kit import Kit, refusal, state, until


def clock(instance: object) -> dt.datetime:
    return dt.datetime.fromisoformat(instance.SystemTime.ToString("o"))


def date_time(kit: Kit, moment: dt.datetime) -> Any:
    return kit.DateTime((moment - dt.datetime(1, 1, 1, tzinfo=dt.UTC)) // dt.timedelta(microseconds=1) * 10)


def test_time_stands_still_before_the_first_cycle(kit: Kit) -> None:
    instance = kit.frozen()
    before = clock(instance)
    time.sleep(0.05)  # time: nothing may happen meanwhile
    assert (state(instance), instance.ReadInt32("Data.count"), clock(instance)) == ("Freeze", 0, before)


def test_a_step_is_one_cycle_and_returns_at_once(kit: Kit) -> None:
    instance = kit.frozen()
    for count in range(1, 6):
        kit.step(instance)
        assert instance.ReadInt32("Data.count") == count
    instance.RunNextCycle()
    until(lambda: state(instance) == "Freeze")
    assert instance.ReadInt32("Data.count") == 6


def test_a_step_ends_where_nobody_asks_for_the_state(kit: Kit) -> None:
    instance = kit.frozen()
    instance.RunToNextSyncPoint()
    until(lambda: instance.ReadInt32("Data.count") == 1)
    assert state(instance) == "Freeze"


def test_a_caller_who_asks_for_the_state_sees_the_end_of_the_step(kit: Kit) -> None:
    instance = kit.frozen()
    for count in range(1, 2001):
        instance.RunToNextSyncPoint()
        until(lambda: state(instance) == "Freeze")
        assert instance.ReadInt32("Data.count") == count


def test_inputs_act_in_the_next_cycle(kit: Kit) -> None:
    instance = kit.frozen()
    instance.WriteBool("In", True)
    assert not instance.ReadBool("Out")
    kit.step(instance)
    assert instance.ReadBool("Out")
    instance.WriteBool("In", False)
    kit.step(instance)
    assert not instance.ReadBool("Out")


def test_timers_run_on_virtual_time(kit: Kit) -> None:
    instance = kit.frozen(mode="TimespanSynchronized_C")
    instance.WriteBool("In", True)
    for seconds, done in ((1, False), (2, True)):
        instance.StartProcessing(10**9)
        until(lambda: state(instance) == "Freeze")
        assert instance.ReadBool("Blink_DB.timer.Q") is done, seconds


def test_processing_lasts_at_least_as_long_as_asked(kit: Kit) -> None:
    instance = kit.frozen(mode="TimespanSynchronized_C")
    before = clock(instance)
    instance.StartProcessing(25_000_000)
    until(lambda: state(instance) == "Freeze")
    passed = (clock(instance) - before).total_seconds()
    assert 0.025 <= passed <= 0.035


def test_modes_with_t_have_a_cycle_time_of_their_own(kit: Kit) -> None:
    instance = kit.frozen(mode="SingleStep_CT")
    assert instance.OverwrittenMinimalCycleTime_ns == 100_000_000
    instance.OverwrittenMinimalCycleTime_ns = 250_000_000
    kit.step(instance)
    before = clock(instance)
    kit.step(instance, 4)
    assert (clock(instance) - before).total_seconds() == pytest.approx(1.0)


def test_a_step_to_the_process_image_ends_before_the_program(kit: Kit) -> None:
    instance = kit.frozen(mode="SingleStep_CP")
    kit.step(instance)
    assert instance.ReadInt32("Data.count") == 0
    kit.step(instance)
    assert instance.ReadInt32("Data.count") == 1


def test_the_wrong_call_for_the_mode_does_nothing(kit: Kit) -> None:
    instance = kit.frozen()
    instance.StartProcessing(10**9)
    time.sleep(0.05)  # time: nothing may happen meanwhile
    assert (state(instance), instance.ReadInt32("Data.count")) == ("Freeze", 0)
    instance.OperatingMode = kit.EOperatingMode.Default
    instance.RunToNextSyncPoint()
    assert state(instance) == "Run"


def test_default_lets_time_pass_by_itself_and_freezing_stops_it(kit: Kit) -> None:
    instance = kit.on()
    instance.Run(1000)
    until(lambda: instance.ReadInt32("Data.count") > 3)
    instance.OperatingMode = kit.EOperatingMode.SingleStep_C
    until(lambda: state(instance) == "Freeze")
    count = instance.ReadInt32("Data.count")
    time.sleep(0.05)  # time: nothing may happen meanwhile
    assert instance.ReadInt32("Data.count") == count
    instance.OperatingMode = kit.EOperatingMode.Default
    until(lambda: instance.ReadInt32("Data.count") > count)
    assert state(instance) == "Run"


def test_scaled_time_is_faster(kit: Kit) -> None:
    instance = kit.on()
    instance.ScaleFactor = 50.0
    instance.Run(1000)
    begin, before = time.perf_counter(), clock(instance)
    until(lambda: (clock(instance) - before).total_seconds() > 100)
    assert time.perf_counter() - begin < 50


@pytest.mark.parametrize("factor", [0.0, 0.009, 100.5, -1.0])
def test_scale_factors_that_cannot_be(kit: Kit, factor: float) -> None:
    instance = kit.on()

    def change() -> None:
        instance.ScaleFactor = factor

    assert refusal(kit, change) == "WrongArgument"
    assert instance.ScaleFactor == 1.0


def test_stop_ends_processing(kit: Kit) -> None:
    instance = kit.frozen(mode="TimespanSynchronized_C")
    instance.StartProcessing(3600 * 10**9)
    assert state(instance) == "Run"
    instance.Stop(5000)
    assert state(instance) == "Stop"
    assert instance.ReadInt32("Data.count") < 360_000


def test_switching_off_ends_processing(kit: Kit) -> None:
    instance = kit.frozen(mode="TimespanSynchronized_C")
    instance.StartProcessing(3600 * 10**9)
    instance.PowerOff(5000)
    assert state(instance) == "Off"


def test_the_clock_can_be_set(kit: Kit) -> None:
    instance = kit.frozen()
    moment = dt.datetime(2031, 5, 6, 7, 8, 9, tzinfo=dt.UTC)
    instance.SystemTime = date_time(kit, moment)
    assert clock(instance) == moment
    kit.step(instance, 3)
    assert dt.timedelta(0) < clock(instance) - moment < dt.timedelta(seconds=1)

    def too_early() -> None:
        instance.SystemTime = date_time(kit, dt.datetime(1969, 1, 1, tzinfo=dt.UTC))

    assert refusal(kit, too_early) == "WrongArgument"


def test_the_end_of_a_cycle_is_told_in_controlled_modes(kit: Kit) -> None:
    instance = kit.frozen()
    cycles: list[int] = []
    times: list[int] = []

    def handle(*given: int) -> None:
        times.append(given[3])
        cycles.append(given[4])

    instance.OnEndOfCycle += handle
    kit.step(instance, 20)
    until(lambda: sum(cycles) == 20)
    assert set(times) == {10_000_000}


def test_in_default_mode_it_is_told_only_when_wanted(kit: Kit) -> None:
    instance = kit.on()
    cycles: list[int] = []
    instance.OnEndOfCycle += lambda *given: cycles.append(given[4])
    instance.Run(1000)
    until(lambda: instance.ReadInt32("Data.count") > 5)
    assert cycles == []
    instance.IsAlwaysSendOnEndOfCycleEnabled = True
    until(lambda: sum(cycles) > 3)


def test_a_slow_handler_gets_the_count_and_not_a_queue(kit: Kit) -> None:
    instance = kit.frozen(mode="TimespanSynchronized_C")
    cycles: list[int] = []

    def slow(*given: int) -> None:
        time.sleep(0.05)  # time: a handler that is slow
        cycles.append(given[4])

    instance.OnEndOfCycle += slow
    instance.StartProcessing(10 * 10**9)
    until(lambda: state(instance) == "Freeze")
    until(lambda: sum(cycles) == instance.ReadInt32("Data.count"))
    assert len(cycles) < 100


@pytest.mark.parametrize("value", [-1, 6_000_000_001])
def test_cycle_times_that_cannot_be(kit: Kit, value: int) -> None:
    instance = kit.on()

    def change() -> None:
        instance.OverwrittenMinimalCycleTime_ns = value

    assert refusal(kit, change) == "WrongArgument"


@given(parts=st.lists(st.integers(1, 40), min_size=1, max_size=5))
@settings(max_examples=15)
def test_steps_in_parts_are_steps_at_once(parts: list[int]) -> None:
    kit = Kit()
    in_parts, at_once = kit.frozen("A"), kit.frozen("B")
    for instance in (in_parts, at_once):
        instance.WriteBool("In", True)
    for part in parts:
        kit.step(in_parts, part)
    kit.step(at_once, sum(parts))
    signals = ("Data.count", "Blink_DB.timer.ET")
    assert [in_parts.ReadInt32(name) for name in signals] == [at_once.ReadInt32(name) for name in signals]
    assert clock(in_parts) == clock(at_once)
    kit.runtime.shutdown()
