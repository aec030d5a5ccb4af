"""PID_3Step with a simulated motor valve: positions, times, ends, modes, errors, and a closed loop."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.fakes.virtual_plc.instructions.loop_kit import FirstOrder, Loop

TS, TRANSIT = 0.1, 20.0
ONE = 100.0 * TS / TRANSIT
NAN = math.nan


class Motor:
    """A valve that moves while a signal is on, with end switches."""

    def __init__(self, position: float = 50.0, transit: float = TRANSIT) -> None:
        self.position, self.transit = position, transit
        self.runs: list[tuple[int, int]] = []

    def inputs(self) -> dict[str, Any]:
        return {"Feedback": self.position, "Actuator_H": self.position >= 100.0, "Actuator_L": self.position <= 0.0}

    def follow(self, data: Any) -> None:
        assert not (data.Output_UP and data.Output_DN)
        direction = data.Output_UP - data.Output_DN
        self.position = min(max(self.position + 100.0 * direction * TS / self.transit, 0.0), 100.0)
        if self.runs and self.runs[-1][0] == direction:
            self.runs[-1] = (direction, self.runs[-1][1] + 1)
        else:
            self.runs.append((direction, 1))


def controller(mode: int = 3, *, feedback: bool = True, ends: bool = False, **inputs: Any) -> Loop:
    loop = Loop("PID_3Step", TS, **inputs)
    loop.set(Config__InputPerOn=False, Mode=mode, CycleTime__EnEstimation=False, Retain__CtrlParams__Cycle=TS)
    loop.set(Retain__TransitTime=TRANSIT, Config__FeedbackOn=feedback, Config__ActuatorEndStopOn=ends)
    return loop


def drive(loop: Loop, motor: Motor, calls: int, plant: FirstOrder | None = None, **inputs: Any) -> Any:
    for _ in range(calls):
        value = {} if plant is None else {"Input": plant.step(motor.position, TS)}
        motor.follow(loop.run(**(motor.inputs() | value | inputs)))
    return loop.data


def activate(loop: Loop, motor: Motor, mode: int, **inputs: Any) -> Any:
    drive(loop, motor, 1, ModeActivate=False)
    loop.data.Mode = mode
    data = drive(loop, motor, 1, ModeActivate=True, **inputs)
    loop.inputs["ModeActivate"] = False
    return data


@pytest.mark.parametrize("target", [80.0, 15.0, 50.3])
def test_the_manual_value_is_the_position_where_it_is_measured(target: float) -> None:
    loop, motor = controller(4, ManualValue=target), Motor()
    data = drive(loop, motor, 400)
    assert motor.position == pytest.approx(target, abs=ONE)
    assert (data.Output_UP, data.Output_DN, data.State) == (False, False, 4)
    moving = sum(calls for direction, calls in motor.runs if direction)
    assert moving * TS == pytest.approx(abs(target - 50.0) / 100.0 * TRANSIT, abs=TS)
    assert data.ScaledFeedback == pytest.approx(motor.position)


@pytest.mark.parametrize("feedback", [True, False])
def test_a_proportional_step_moves_as_far(feedback: bool) -> None:
    loop = controller(feedback=feedback, Setpoint=50.0, Input=50.0).set(
        Retain__CtrlParams__Ti=0.0, Retain__CtrlParams__Gain=1.0
    )
    motor = Motor(0.0)
    drive(loop, motor, 10)
    motor.runs.clear()
    drive(loop, motor, 400, Input=20.0)
    assert motor.position == pytest.approx(50.0 - 20.0, abs=2 * ONE)


@pytest.mark.slow
@pytest.mark.parametrize(("feedback", "ends"), [(True, True), (True, False), (False, True), (False, False)])
def test_a_plant_reaches_its_setpoint_with_each_actuator(feedback: bool, ends: bool) -> None:
    loop, motor, plant = controller(feedback=feedback, ends=ends, Setpoint=60.0), Motor(0.0), FirstOrder(1.0, 30.0)
    loop.set(Retain__CtrlParams__Ti=30.0)
    data = drive(loop, motor, 2500, plant)
    assert plant.value == pytest.approx(60.0, abs=1.0)
    assert (data.State, data.ErrorBits) == (3, 0)


def test_movements_and_pauses_have_their_minimum_times() -> None:
    loop, motor, plant = controller(Setpoint=60.0), Motor(0.0), FirstOrder(1.0, 10.0)
    drive(loop.set(Config__MinimumOnTime=0.5, Config__MinimumOffTime=0.7), motor, 3000, plant)
    inner = motor.runs[1:-1]
    assert len(inner) > 6
    assert min(calls for direction, calls in inner if direction) >= 5
    assert min(calls for direction, calls in inner if not direction) >= 7


def test_end_switches_stop_the_motor() -> None:
    loop, motor = controller(4, ends=True, feedback=False, Manual_UP=True), Motor(95.0)
    data = drive(loop, motor, 30)
    assert (motor.position, data.Output_UP, data.ScaledFeedback) == (100.0, False, 100.0)
    data = drive(loop, motor, 1, Manual_UP=False, Manual_DN=True)
    assert data.Output_DN is True


@pytest.mark.parametrize(("limit", "seconds"), [(150.0, 30.0), (50.0, 10.0)])
def test_without_feedback_and_ends_the_travel_is_limited(limit: float, seconds: float) -> None:
    loop, motor = controller(4, feedback=False, Manual_UP=True), Motor(0.0)
    data = drive(loop.set(Config__VirtualActuatorLimit=limit), motor, 500)
    assert motor.runs[0] == (1, round(seconds / TS))
    assert (data.Output_UP, data.Warning & 0x2000) == (False, 0x2000)
    data = drive(loop, motor, 1, Manual_UP=False, Manual_DN=True)
    assert (data.Output_DN, data.Warning & 0x2000) == (True, 0)


def test_the_limit_of_the_travel_can_be_switched_off() -> None:
    loop, motor = controller(4, feedback=False, Manual_UP=True), Motor(0.0)
    data = drive(loop.set(Config__VirtualActuatorLimit=0.0), motor, 1000)
    assert (data.Output_UP, data.Warning) == (True, 0)


def test_the_feedback_may_be_an_analog_input() -> None:
    loop = controller(0, Feedback_PER=13824).set(
        Config__FeedbackPerOn=True, Config__FeedbackScaling__LowerPointOut=-100.0
    )
    assert loop.run().ScaledFeedback == pytest.approx(0.0, abs=1e-4)


def test_the_analog_output_is_the_position() -> None:
    loop = controller(4, feedback=False, ManualValue=25.0).set(Config__OutputPerOn=True)
    data = loop.run(round(TRANSIT / TS))
    assert (data.Output_PER, data.Output_UP, data.Output_DN) == (6912, False, False)
    assert data.ScaledFeedback == pytest.approx(25.0)


def test_inactive_mode_leaves_the_valve_where_it_is() -> None:
    loop, motor = controller(3, Setpoint=90.0), Motor(30.0)
    drive(loop, motor, 20)
    data = drive(loop, motor, 1, Reset=True)
    where = motor.position
    data = drive(loop, motor, 50)
    assert (data.State, motor.position, loop.enabled) == (0, where, False)


def test_automatic_mode_continues_from_the_position() -> None:
    loop, motor = controller(4, ManualValue=37.0, Setpoint=60.0, Input=60.0), Motor()
    drive(loop, motor, 200)
    motor.runs.clear()
    data = activate(loop, motor, 3)
    drive(loop, motor, 50)
    assert (data.State, motor.runs) == (3, [(0, 52)])


def test_the_dead_band_of_the_error() -> None:
    loop, motor = controller(Setpoint=52.0, Input=50.0), Motor()
    drive(loop.set(Retain__CtrlParams__InputDeadBand=2.5), motor, 300)
    assert [direction for direction, _ in motor.runs] == [0]


# Errors --------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("behaviour", "recover", "states", "position"),
    [(False, False, [0], 50.0), (False, True, [7], 50.0), (True, False, [5, 0], 90.0), (True, True, [8, 7], 90.0)],
)
def test_an_invalid_input_in_automatic_mode(behaviour: bool, recover: bool, states: list[int], position: float) -> None:
    loop, motor = controller(Setpoint=50.0, Input=50.0), Motor()
    loop.set(ErrorBehaviour=behaviour, ActivateRecoverMode=recover, SavePosition=90.0)
    drive(loop, motor, 10)
    seen: list[int] = []
    for _ in range(200):
        state = drive(loop, motor, 1, Input=NAN).State
        seen += [state] if seen[-1:] != [state] else []
    assert (seen, loop.data.ErrorBits) == (states, 0x200)
    assert motor.position == pytest.approx(position, abs=ONE)
    assert drive(loop, motor, 1, Input=50.0).State == (3 if recover else 0)


@pytest.mark.parametrize(("save", "end"), [(100.0, 100.0), (0.0, 0.0)])
def test_without_feedback_the_substitute_is_an_end(save: float, end: float) -> None:
    loop, motor = (
        controller(feedback=False, Setpoint=50.0, Input=50.0).set(ErrorBehaviour=True, SavePosition=save),
        Motor(40.0),
    )
    drive(loop, motor, 3)
    data = drive(loop, motor, round(1.6 * TRANSIT / TS), Input=NAN)
    assert (motor.position, data.State, data.Output_UP, data.Output_DN) == (end, 7, False, False)


@pytest.mark.parametrize(("inputs", "bit"), [({"Input": 130.0}, 0x1), ({"Disturbance": NAN}, 0x4_0000)])
def test_some_errors_leave_automatic_mode_active(inputs: dict[str, float], bit: int) -> None:
    loop, motor = controller(Setpoint=50.0, Input=50.0), Motor()
    data = drive(loop, motor, 3, **inputs)
    assert (data.State, data.ErrorBits) == (3, bit)


@pytest.mark.parametrize(
    ("tags", "inputs", "bit"),
    [
        ({}, {"Feedback": NAN}, 0x4000),
        ({"Config__FeedbackPerOn": True}, {"Feedback_PER": 0x7FFF}, 0x2000),
        ({"Config__ActuatorEndStopOn": True}, {"Actuator_H": True, "Actuator_L": True}, 0x8000),
    ],
)
def test_wrong_signals_of_the_valve(tags: dict[str, bool], inputs: dict[str, Any], bit: int) -> None:
    loop, motor = (
        controller(Setpoint=90.0, Input=50.0, Feedback_PER=13824).set(ErrorBehaviour=True, SavePosition=90.0, **tags),
        Motor(),
    )
    drive(loop, motor, 3)
    where = motor.position
    data = drive(loop, motor, 20, **inputs)
    assert (data.State, data.ErrorBits, data.Output_UP, data.Output_DN) == (8, bit, False, False)
    assert motor.position == where
    assert drive(loop, motor, 1, **motor.inputs(), Feedback_PER=13824).State == 3


def test_a_manual_value_that_is_no_number() -> None:
    loop, motor = controller(4, ManualValue=NAN).set(SavePosition=70.0), Motor()
    data = drive(loop, motor, 200)
    assert (data.State, data.ErrorBits) == (4, 0x1_0000)
    assert motor.position == pytest.approx(70.0, abs=ONE)


# Transition time and tuning ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("inverted", [False, True])
def test_the_transition_time_is_measured_from_end_to_end(inverted: bool) -> None:
    loop, motor = controller(4, feedback=False, ends=True), Motor(50.0, transit=12.0)
    loop.set(GetTransitTime__InvertDirection=inverted)
    data = activate(loop, motor, 6)
    assert (data.State, data.Mode, data.GetTransitTime.State) == (6, 4, 2 if inverted else 1)
    drive(loop, motor, 400)
    assert (data.State, data.GetTransitTime.State) == (4, 4)
    assert data.Retain.TransitTime == pytest.approx(12.0, abs=2 * TS)


def test_the_transition_time_is_measured_between_two_positions() -> None:
    loop, motor = controller(3, Setpoint=50.0, Input=50.0), Motor(20.0, transit=12.0)
    loop.set(GetTransitTime__SelectFeedback=True, GetTransitTime__NewOutput=80.0)
    data = activate(loop, motor, 6)
    assert (data.State, data.GetTransitTime.State, data.Warning) == (6, 3, 0)
    drive(loop, motor, 150)
    assert (data.State, data.GetTransitTime.State) == (3, 4)
    assert data.Retain.TransitTime == pytest.approx(12.0, abs=3 * TS)


@pytest.mark.parametrize(
    ("tags", "state", "warning"),
    [({}, 4, 0x400), ({"GetTransitTime__SelectFeedback": True, "Config__FeedbackOn": True}, 6, 0x800)],
)
def test_measurements_that_do_not_suit_the_actuator(tags: dict[str, bool], state: int, warning: int) -> None:
    loop, motor = controller(4, feedback=False).set(GetTransitTime__NewOutput=60.0, **tags), Motor()
    data = activate(loop, motor, 6)
    assert (data.State, data.Warning & 0xC00) == (state, warning)


def test_an_error_cancels_the_measurement() -> None:
    loop, motor = controller(4, feedback=False, ends=True), Motor()
    activate(loop, motor, 6)
    data = drive(loop, motor, 1, Input=NAN)
    assert (data.State, data.GetTransitTime.State, data.ErrorBits) == (4, 5, 0x200)


def test_mode_10_ignores_the_ends() -> None:
    loop, motor = controller(4, feedback=False, ends=True), Motor(100.0)
    assert drive(loop, motor, 1, Manual_UP=True).Output_UP is False
    data = activate(loop, motor, 10)
    assert (data.State, data.Output_UP) == (10, True)


@pytest.mark.slow
def test_pretuning_moves_the_valve_and_finds_parameters() -> None:
    loop, motor, plant = controller(0, Setpoint=70.0), Motor(0.0), FirstOrder(1.0, 40.0)
    drive(loop, motor, 5, plant)
    loop.data.Mode = 1
    drive(loop, motor, 1, plant, ModeActivate=True)
    assert (loop.data.State, loop.data.Mode) == (1, 0)
    drive(loop, motor, 1500, plant)
    assert (loop.data.State, loop.data.Mode, loop.data.PIDSelfTune.SUT.State) == (3, 3, 9900)
    drive(loop, motor, 2500, plant)
    assert plant.value == pytest.approx(70.0, abs=1.5)
