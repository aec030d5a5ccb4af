"""The state machine of an axis: PLCopen's diagram as a table, commands that override each other, limits and errors."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from virtual_plc.motion import axis as axes
from virtual_plc.motion import commands, errors
from virtual_plc.motion.state import Axis, Dynamics, Limits, Result, State

SECOND = 1_000_000_000
WAY = Dynamics(10, 5, 5)
OPEN = Limits(emergency=50)
SWITCHES = Limits(True, -100, 100, None, 50)

Step = Callable[[Axis], Axis]


def later(seconds: float, limits: Limits = OPEN) -> Step:
    return lambda axis: axes.advance(axis, limits, axis.now + round(seconds * SECOND))


def after(*steps: Step) -> Axis:
    """An axis after some steps, each of which comes a moment after the one before."""
    axis = Axis()
    for step in steps:
        axis = later(1e-3)(step(axis))
    return axis


def power(axis: Axis) -> Axis:
    return axes.enable(axis, 1)


def off(axis: Axis) -> Axis:
    return axes.disable(axis, 50, keep_homed=True)


def homed(axis: Axis) -> Axis:
    return commands.set_position(axis, 0)


def to(target: float) -> Step:
    return lambda axis: commands.move_to(axis, target, WAY)


def at(velocity: float) -> Step:
    return lambda axis: commands.move_at(axis, velocity, WAY)


def jog(axis: Axis) -> Axis:
    return commands.jog(axis, 10, WAY)


def halt(axis: Axis) -> Axis:
    return commands.halt(axis, WAY)


def stop(axis: Axis) -> Axis:
    return commands.stop(axis, WAY)


def release(axis: Axis) -> Axis:
    assert axis.command is not None
    return commands.release_stop(axis, axis.command.number)


def home(axis: Axis) -> Axis:
    return commands.home(axis, 0, WAY, 1)


def fail(axis: Axis) -> Axis:
    return axes.emergency_stop(axis, errors.NOT_HOMED, OPEN)


def reset(axis: Axis) -> Axis:
    return axes.acknowledge(axis)


DIAGRAM = [
    ([], State.DISABLED),
    ([power], State.STANDSTILL),
    ([power, off], State.DISABLED),
    ([power, to(100)], State.DISCRETE_MOTION),
    ([power, to(100), later(60)], State.STANDSTILL),
    ([power, halt], State.STANDSTILL),
    ([power, at(10)], State.CONTINUOUS_MOTION),
    ([power, at(10), later(60)], State.CONTINUOUS_MOTION),
    ([power, at(10), later(60), at(0)], State.CONTINUOUS_MOTION),
    ([power, at(10), later(60), at(0), later(60)], State.STANDSTILL),
    ([power, at(10), later(5), to(100)], State.DISCRETE_MOTION),
    ([power, at(10), later(5), halt], State.DISCRETE_MOTION),
    ([power, at(10), later(5), halt, later(60)], State.STANDSTILL),
    ([power, to(100), jog], State.CONTINUOUS_MOTION),
    ([power, home], State.HOMING),
    ([power, home, later(60)], State.STANDSTILL),
    ([power, home, to(100)], State.DISCRETE_MOTION),
    ([power, at(10), later(5), stop], State.STOPPING),
    ([power, at(10), later(5), stop, later(60)], State.STOPPING),
    ([power, at(10), later(5), stop, later(60), release], State.STANDSTILL),
    ([power, at(10), later(5), stop, release], State.STOPPING),
    ([power, at(10), later(5), stop, release, later(60)], State.STANDSTILL),
    ([power, at(10), later(5), fail], State.ERROR_STOP),
    ([power, at(10), later(5), fail, later(60)], State.ERROR_STOP),
    ([power, at(10), later(5), fail, later(60), reset], State.STANDSTILL),
    ([power, at(10), later(5), fail, reset], State.STOPPING),
    ([power, at(10), later(5), fail, reset, later(60)], State.STANDSTILL),
    ([power, at(10), later(5), fail, later(60), off], State.ERROR_STOP),
    ([power, at(10), later(5), fail, later(60), off, reset], State.DISABLED),
    ([power, at(10), later(5), off], State.STOPPING),
    ([power, at(10), later(5), off, later(60)], State.DISABLED),
]
"""Steps from a disabled axis, and the state that PLCopen's diagram gives."""


@pytest.mark.parametrize(("steps", "state"), DIAGRAM)
def test_the_state_is_that_of_the_diagram(steps: list[Step], state: State) -> None:
    assert after(*steps).state is state


MOVING = {"move_to": to(100), "move_at": at(10), "jog": jog, "halt": halt, "home": home}


@pytest.mark.parametrize("new", [*MOVING, "stop"])
@pytest.mark.parametrize("old", MOVING)
def test_a_new_command_overrides_the_running_one(old: str, new: str) -> None:
    before = after(power, at(5), later(3), MOVING[old])
    assert before.command is not None
    overridden = before.command.number
    axis = {**MOVING, "stop": stop}[new](before)
    assert axis.command is not None and axis.command.number > overridden
    outcome = axis.outcome(overridden)
    assert outcome is not None and outcome.result is Result.ABORTED
    assert axis.point[:2] == pytest.approx(before.point[:2]), "the motion continues where it is"


def test_a_command_that_has_ended_is_not_aborted() -> None:
    axis = after(power, to(1), later(60), to(2))
    assert [each.result for each in axis.outcomes] == [Result.DONE]


def test_disabling_aborts_and_brakes() -> None:
    axis = after(power, at(10), later(5))
    axis = off(axis)
    assert axis.enabled and [each.result for each in axis.outcomes] == [Result.ABORTED]
    axis = later(0.1)(axis)  # from 10 with 50: 0.2 s
    assert axis.enabled and axis.point.velocity == pytest.approx(5)
    axis = later(0.2)(axis)
    assert not axis.enabled and axis.point.velocity == 0


def test_disabling_at_once() -> None:
    axis = axes.disable(after(power, homed, at(10), later(5)), None, keep_homed=False)
    assert (axis.state, axis.enabled, axis.homed, axis.point.velocity) == (State.DISABLED, False, False, 0)


@pytest.mark.parametrize(
    ("steps", "error"),
    [
        ([], errors.NOT_ENABLED),
        ([power, at(10), later(5), off], errors.NOT_ENABLED),
        ([power, stop, later(5)], errors.LOCKED),
        ([power, fail], errors.NOT_HOMED),
        ([power], None),
        ([power, at(10), later(5), halt], None),
        ([power, stop, later(5), release], None),
    ],
)
def test_when_commands_are_refused(steps: list[Step], error: errors.Error | None) -> None:
    assert commands.refuse(after(*steps)) == error


def test_a_stop_reports_its_end_once_and_holds_the_axis() -> None:
    axis = after(power, at(10), later(5), stop, later(60))
    assert axis.command is not None
    done = [each for each in axis.outcomes if each.result is Result.DONE]
    assert [each.number for each in done] == [axis.command.number]
    axis = later(10)(commands.forget(axis, axis.command.number))
    assert axis.outcome(axis.count) is None and axis.state is State.STOPPING


def test_an_error_shows_at_the_command_that_runs() -> None:
    axis = after(power, at(10), later(5), fail)
    outcome = axis.outcome(axis.count)
    assert outcome is not None and (outcome.result, outcome.error) == (Result.ERROR, errors.NOT_HOMED)


# Homing --------------------------------------------------------------------------------------------------------------


def test_direct_homing_leaves_a_motion_to_its_target_in_the_new_coordinates() -> None:
    axis = after(power, to(100), later(5))
    speed = axis.point.velocity
    axis = commands.set_position(axis, 0)
    assert tuple(axis.point[:2]) == pytest.approx((0, speed)) and axis.homed
    assert later(60)(axis).point == (100, 0, 0)


def test_direct_homing_does_not_change_a_velocity() -> None:
    axis = commands.set_position(after(power, at(10), later(10)), 1000)
    assert later(3)(axis).point.position == pytest.approx(1030)


def test_active_homing_takes_the_time_of_its_ramps() -> None:
    axis = after(power, homed)
    axis = commands.home(axis, 25, WAY, 1)
    assert not axis.homed
    axis = later(3.9)(axis)  # 2 s to 10 with 5, 2 s to rest
    assert (axis.state, axis.homed) == (State.HOMING, False)
    axis = later(0.2)(axis)
    assert (axis.state, axis.homed, axis.point.position) == (State.STANDSTILL, True, 25)


def test_passive_homing_waits_for_a_motion() -> None:
    axis = commands.wait_for_mark(after(power), 70)
    axis = later(5)(axis)
    assert axis.passive is not None and not axis.homed
    axis = later(0.5)(at(10)(axis))
    assert axis.homed and axis.passive is None and axis.point.position == 70
    assert [each.result for each in axis.outcomes] == [Result.DONE]


def test_another_passive_homing_aborts_the_first() -> None:
    axis = commands.wait_for_mark(commands.wait_for_mark(after(power), 1), 2)
    assert [each.result for each in axis.outcomes] == [Result.ABORTED]


# Limit switches ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("direction", "error"), [(1, errors.HIGH_LIMIT), (-1, errors.LOW_LIMIT)])
def test_the_axis_rests_at_a_limit_switch(direction: int, error: errors.Error) -> None:
    axis = later(60, SWITCHES)(at(direction * 10)(after(power, homed)))
    assert axis.point == (direction * 100, 0, 0)
    assert axis.alarm is not None and (axis.state, axis.enabled) == (State.ERROR_STOP, True)
    assert (axis.alarm.classic, axis.alarm.info, axis.alarm.alarm) == (error.classic, 0xE, 533)
    outcome = axis.outcome(axis.count)
    assert outcome is not None and outcome.error == axis.alarm


@pytest.mark.parametrize(("deceleration", "reaction", "begin"), [(None, 1, 90), (50.0, 2, 99)])
def test_the_deceleration_for_a_limit_switch(deceleration: float | None, reaction: int, begin: float) -> None:
    # from 10: 10 with the deceleration 5 of the command, 1 with 50
    limits = Limits(True, -100, 100, deceleration, 50)
    axis = at(10)(after(power, homed))
    seconds = 2 + (begin - 10) / 10
    assert later(seconds - 0.01, limits)(axis).alarm is None
    alarm = later(seconds + 0.01, limits)(axis).alarm
    assert alarm is not None and alarm.reaction == reaction


def test_braking_begins_in_time() -> None:
    # from 10 with 5: 10 on the way to rest, so at 90: 2 s and 10 to speed up, 8 s
    axis = at(10)(after(power, homed))
    begin = axis.now
    assert axes.advance(axis, SWITCHES, begin + round(9.99 * SECOND)).state is State.CONTINUOUS_MOTION
    assert axes.advance(axis, SWITCHES, begin + round(10.01 * SECOND)).state is State.ERROR_STOP


def test_limit_switches_act_on_a_homed_axis_only() -> None:
    assert later(60, SWITCHES)(at(10)(after(power))).state is State.CONTINUOUS_MOTION


def test_a_motion_to_the_limit_switch_itself_is_done() -> None:
    axis = later(60, SWITCHES)(to(100)(after(power, homed)))
    assert (axis.state, axis.point.position) == (State.STANDSTILL, 100)


def test_behind_a_limit_switch_the_way_back_is_open() -> None:
    axis = commands.set_position(after(power), 120)
    assert later(60, SWITCHES)(to(50)(axis)).point.position == 50
    axis = later(60, SWITCHES)(to(150)(axis))
    assert axis.alarm is not None and (axis.alarm.alarm, axis.point.position, axis.enabled) == (533, 120, True)


@pytest.mark.parametrize(
    ("place", "info", "enabled"), [(100, 0xE, True), (98, 0xE, True), (109, 0xF, True), (109.5, 0x10, False)]
)
def test_an_axis_that_comes_too_fast_brakes_harder(place: float, info: int, enabled: bool) -> None:
    limits = Limits(True, -100, 110, None, 50)  # 10 with 5 needs 10, with 50 needs 1
    axis = commands.set_position(after(power, at(10), later(5)), place)
    axis = later(60, limits)(axis)
    assert axis.alarm is not None and (axis.alarm.info, axis.enabled) == (info, enabled)
    assert axis.point.position == pytest.approx(110 if enabled else 110.5)


@given(
    st.lists(st.sampled_from([to(300), to(-300), at(10), at(-7), halt, home, jog, reset, power]), max_size=8),
    st.lists(st.floats(0.01, 30), min_size=8, max_size=8),
)
def test_no_series_of_commands_leaves_the_limits(steps: list[Step], times: list[float]) -> None:
    axis = after(power, homed)
    for step, seconds in zip(steps, times, strict=False):
        if step is reset or step is power or commands.refuse(axis) is None:
            axis = step(axis)
        axis = later(seconds, SWITCHES)(axis)
        assert abs(axis.point.velocity) <= 10 * (1 + 1e-9)
        if axis.homed:
            axis = commands.set_position(axis, axis.point.position) if axis.state is State.STANDSTILL else axis
            assert -100.1 <= axis.point.position <= 100.1


@given(st.lists(st.floats(0.001, 5), min_size=1, max_size=20))
def test_the_result_does_not_depend_on_how_often_it_is_asked_for(pauses: list[float]) -> None:
    axis = at(10)(after(power, homed))
    often = axis
    for each in pauses:
        often = axes.advance(often, SWITCHES, often.now + round(each * SECOND))
    once = axes.advance(axis, SWITCHES, often.now)
    assert once.state is often.state and once.point.position == pytest.approx(often.point.position, abs=1e-6)


def test_time_that_begins_again_leaves_the_axis_where_it_is() -> None:
    axis = axes.advance(after(power, at(10), later(10)), OPEN, 0)
    assert axis.now == 0 and axis.point.velocity == 0
