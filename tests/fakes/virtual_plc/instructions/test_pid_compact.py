"""PID_Compact: its modes and errors, and its output against the formula of a PIDT1 controller in plain Python."""

from __future__ import annotations

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.program.types.types import INT
from tests.fakes.virtual_plc.instructions.loop_kit import FirstOrder, Loop, close
from virtual_plc.memory.starting_values import Slot

NAN, INF = math.nan, math.inf
TS = 0.1


def controller(mode: int = 3, **inputs: Any) -> Loop:
    """A controller whose algorithm runs in each call, with a known sampling time."""
    loop = Loop("PID_Compact", TS, **inputs)
    loop.set(Config__InputPerOn=False, Mode=mode, CycleTime__EnEstimation=False, Retain__CtrlParams__Cycle=TS)
    return loop.set(IntegralResetMode=1)


def tuned(loop: Loop, **parameters: float) -> Loop:
    return loop.set(**{f"Retain__CtrlParams__{name}": value for name, value in parameters.items()})


def activate(loop: Loop, mode: int, **inputs: Any) -> Any:
    """Give a rising edge of ModeActivate."""
    loop.run(ModeActivate=False)
    loop.data.Mode = mode
    data = loop.run(ModeActivate=True, **inputs)
    loop.inputs["ModeActivate"] = False
    return data


# Algorithm -----------------------------------------------------------------------------------------------------------


@given(
    st.lists(st.tuples(st.floats(0, 100), st.floats(0, 100)), min_size=1, max_size=8),
    st.floats(0.1, 3), st.floats(0.5, 50), st.floats(0, 3), st.floats(0, 2), st.floats(0, 1), st.floats(0, 1), st.booleans(),
)  # fmt: skip
def test_the_output_is_that_of_the_documented_formula(
    series: list[tuple[float, float]], k: float, ti: float, td: float, a: float, b: float, c: float, inverted: bool
) -> None:
    loop = tuned(controller(), Gain=k, Ti=ti, Td=td, TdFiltRatio=a, PWeighting=b, DWeighting=c)
    loop.set(Config__InvertControl=inverted, Config__OutputUpperLimit=1e9, Config__OutputLowerLimit=-1e9)
    sign, integral, derivative, before = -k if inverted else k, 0.0, 0.0, None
    for w, x in series:
        data = loop.run(Setpoint=w, Input=x)
        integral += sign * (w - x) * TS / ti
        if before is not None and td > 0:
            change = sign * td * ((c * w - x) - before)
            derivative = (a * td * derivative + change) / (a * td + TS)
        before = c * w - x
        assert data.Output == pytest.approx(sign * (b * w - x) + integral + derivative, rel=1e-4, abs=1e-2)
        assert data.PIDCtrl.IntegralSum == pytest.approx(integral, rel=1e-4, abs=1e-3)


def test_a_disturbance_is_added_before_the_limits() -> None:
    loop = tuned(controller(Setpoint=20.0, Input=10.0, Disturbance=5.0), Ti=0.0)
    assert loop.run().Output == pytest.approx(15.0)
    assert loop.run(Disturbance=500.0).Output == 100.0


def test_a_negative_gain_inverts_the_control_logic() -> None:
    inverted = tuned(controller(Setpoint=10.0, Input=30.0), Gain=-2.0, Ti=0.0)
    assert inverted.run().Output == pytest.approx(40.0)


@pytest.mark.parametrize(("sign", "limit"), [(1, 80.0), (-1, -30.0)])
def test_the_integral_action_does_not_wind_up(sign: int, limit: float) -> None:
    loop = tuned(controller(Setpoint=50.0 + sign * 20.0, Input=50.0), Ti=1.0)
    loop.set(Config__OutputUpperLimit=80.0, Config__OutputLowerLimit=-30.0)
    data = loop.run(5000)
    assert data.Output == limit
    assert abs(data.PIDCtrl.IntegralSum) <= abs(limit) + 20.0
    assert sign * loop.run(Setpoint=50.0 - sign * 20.0).Output < sign * limit


def test_the_algorithm_runs_in_its_own_sampling_time() -> None:
    loop = tuned(controller(Setpoint=10.0), Cycle=0.5, Ti=10.0)
    outputs = [loop.run().Output for _ in range(15)]
    step = 10.0 * 0.5 / 10.0
    expected = [10.0 + step * (1 + call // 5) for call in range(15)]
    assert outputs == [pytest.approx(each) for each in expected]


def test_a_pi_controller_cancels_the_time_constant_of_its_plant() -> None:
    gain, constant = 0.5, 20.0
    loop, plant = tuned(controller(Setpoint=30.0), Gain=gain, Ti=constant), FirstOrder(1.0, constant)
    found = close(loop, plant, 3000, lambda data: data.Output)
    closed = constant / gain
    for number in (100, 500, 2999):
        assert found[number] == pytest.approx(30.0 * (1 - math.exp(-(number + 1) * TS / closed)), abs=0.15)


# Sampling times ------------------------------------------------------------------------------------------------------


def test_the_sampling_time_is_the_mean_of_ten() -> None:
    loop = Loop("PID_Compact", 0.25).set(Mode=3, Config__InputPerOn=False)
    data = loop.run(10)
    assert (data.CycleTime.Value, data.CycleTime.StartEstimation) == (pytest.approx(0.1), True)
    data = loop.run()
    assert (data.CycleTime.Value, data.CycleTime.StartEstimation) == (pytest.approx(0.25), False)


@pytest.mark.parametrize(("seconds", "error"), [(0.149, 0), (0.151, 0x800), (0.051, 0), (0.049, 0x800)])
def test_irregular_calls_are_an_error_that_leaves_automatic_mode_active(seconds: float, error: int) -> None:
    loop = controller()
    assert loop.run(12).ErrorBits == 0
    loop.seconds = seconds
    data = loop.run(12)
    assert (data.ErrorBits, data.Error, data.State) == (error, error != 0, 3)
    loop = controller().set(CycleTime__EnMonitoring=False)
    loop.run(12)
    loop.seconds = seconds
    assert loop.run(12).ErrorBits == 0


def test_calls_that_are_slower_than_the_algorithm_are_a_warning() -> None:
    loop = tuned(controller(), Cycle=0.05)
    assert loop.run().Warning & 0x20
    assert tuned(controller(), Cycle=0.1).run().Warning & 0x20 == 0


# Inputs --------------------------------------------------------------------------------------------------------------


@given(st.integers(-27648, 27648))
def test_the_analog_input_is_scaled_by_two_points(counts: int) -> None:
    loop = controller(Input_PER=counts).set(Config__InputPerOn=True)
    loop.set(Config__InputScaling__LowerPointIn=-27648.0, Config__InputScaling__LowerPointOut=20.0)
    loop.set(Config__InputScaling__UpperPointOut=80.0)
    assert loop.run().ScaledInput == pytest.approx(50.0 + 30.0 * counts / 27648, abs=1e-4)


@pytest.mark.parametrize(
    ("setpoint", "effective", "high", "low", "warning"),
    [
        (50.0, 50.0, False, False, 0),
        (80.0, 80.0, True, False, 0),
        (90.0, 80.0, True, False, 4),
        (5.0, 10.0, False, True, 4),
    ],
)
def test_the_setpoint_is_limited(setpoint: float, effective: float, high: bool, low: bool, warning: int) -> None:
    loop = controller(Setpoint=setpoint, Input=20.0).set(
        Config__SetpointUpperLimit=80.0, Config__SetpointLowerLimit=10.0
    )
    data = loop.run()
    shown = (data.CurrentSetpoint, data.SetpointLimit_H, data.SetpointLimit_L, data.Warning)
    assert shown == (effective, high, low, warning)
    assert loop.run(Setpoint=50.0).Warning == 0


def test_limits_outside_of_the_process_value_limits_count_as_those() -> None:
    data = controller(Setpoint=500.0).run()
    assert (data.CurrentSetpoint, data.SetpointLimit_H) == (120.0, True)
    assert controller(Input=120.0).run().InputWarning_H is True
    assert controller(Input=119.9).run().InputWarning_H is False


@pytest.mark.parametrize(
    ("value", "high", "low", "warning", "error"),
    [
        (50.0, False, False, 0, 0), (90.0, True, False, 0, 0), (95.0, True, False, 0x40, 0), (99.0, True, False, 0x40, 1),
        (10.0, False, True, 0, 0), (5.0, False, True, 0x40, 0), (-1.0, False, True, 0x40, 1),
    ],
)  # fmt: skip
def test_warnings_and_limits_of_the_process_value(
    value: float, high: bool, low: bool, warning: int, error: int
) -> None:
    loop = controller(Input=value).set(Config__InputUpperWarning=90.0, Config__InputLowerWarning=10.0)
    data = loop.set(Config__InputUpperLimit=98.0).run()
    assert (data.InputWarning_H, data.InputWarning_L, data.Warning, data.ErrorBits) == (high, low, warning, error)
    data = loop.run(Input=50.0)
    assert (data.Warning, data.Error, data.ErrorBits) == (0, False, error)


# Outputs -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("value", "counts"), [(100.0, 27648), (-100.0, -27648), (50.0, 13824), (0.0, 0), (33.3, 9207)])
def test_the_analog_output(value: float, counts: int) -> None:
    loop = controller(4, ManualValue=value).set(Config__OutputLowerLimit=-100.0)
    assert (loop.run().Output, loop.data.Output_PER) == (pytest.approx(value), counts)


def pulses(loop: Loop, periods: int) -> list[int]:
    """Lengths of the pulses in each period of ten calls; a pulse is at the beginning of its period."""
    found = []
    for _ in range(periods):
        shown = [bool(loop.run().Output_PWM) for _ in range(10)]
        assert shown == sorted(shown, reverse=True)
        found.append(sum(shown))
    return found


def test_the_example_of_the_manual_for_a_minimum_on_time() -> None:
    loop = tuned(controller(4, ManualValue=15.0), Cycle=1.0).set(Config__MinimumOnTime=0.2)
    assert pulses(loop, 4) == [0, 3, 0, 3]


@given(st.floats(0, 100), st.integers(0, 4), st.integers(0, 4))
def test_pulses_have_the_share_of_the_output_in_the_long_run(value: float, on: int, off: int) -> None:
    loop = tuned(controller(4, ManualValue=value), Cycle=1.0)
    found = pulses(loop.set(Config__MinimumOnTime=on * TS, Config__MinimumOffTime=off * TS), 30)
    assert sum(found) == pytest.approx(30 * 10 * value / 100, abs=10)
    assert all(length == 0 or length >= on for length in found)
    assert all(length == 10 or 10 - length >= off for length in found)


# Modes ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("startup", "mode", "manual", "state"),
    [(True, 3, False, 3), (True, 4, False, 4), (False, 3, False, 0), (True, 3, True, 4)],
)
def test_the_cpu_starts_in_the_mode_of_mode(startup: bool, mode: int, manual: bool, state: int) -> None:
    loop = controller(mode, ManualEnable=manual).set(RunModeByStartup=startup)
    assert loop.run().State == state
    assert loop.enabled is (state != 0)


def test_a_rising_edge_activates_a_mode() -> None:
    loop = controller(3)
    assert loop.run().State == 3
    loop.data.Mode = 0
    assert loop.run(2).State == 3
    assert loop.run(ModeActivate=True).State == 0
    loop.data.Mode = 3
    assert loop.run(ModeActivate=True).State == 0
    assert activate(loop, 4).State == 4


@pytest.mark.parametrize("mode", [5, -1, 6])
def test_a_mode_that_does_not_exist_is_a_warning(mode: int) -> None:
    loop = controller()
    data = activate(loop, mode)
    assert (data.State, data.Warning) == (3, 0x80)
    assert loop.run().Warning == 0x80
    assert loop.run(ErrorAck=True).Warning == 0


def test_inactive_mode_gives_nothing_whatever_the_limits_are() -> None:
    loop = controller(0, Setpoint=50.0, ManualValue=70.0).set(Config__OutputLowerLimit=20.0)
    data = loop.run(3)
    assert (data.State, data.Output, data.Output_PER, data.Output_PWM, loop.enabled) == (0, 0.0, 0, False, False)


def test_manual_enable_goes_over_mode() -> None:
    loop = controller(3, Setpoint=50.0, ManualValue=30.0)
    loop.run()
    data = loop.run(ManualEnable=True)
    assert (data.State, data.Mode, data.Output) == (4, 3, 30.0)
    data = activate(loop, 0)
    assert (data.State, data.Warning & 0x10) == (4, 0x10)
    loop.data.Mode = 3
    assert loop.run(ManualEnable=False).State == 3


def test_the_manual_value_is_limited() -> None:
    loop = controller(4, ManualValue=130.0)
    data = loop.run()
    assert (data.Output, data.Warning) == (100.0, 0x100)
    data = loop.run(ManualValue=99.0)
    assert (data.Output, data.Warning) == (99.0, 0)


def test_automatic_mode_continues_from_the_manual_value() -> None:
    loop = tuned(controller(4, ManualValue=42.0, Setpoint=60.0, Input=50.0), Gain=3.0, Ti=20.0, Td=5.0)
    loop.run(3)
    assert activate(loop, 3).Output == pytest.approx(42.0 + 3.0 * 10.0 * TS / 20.0)


def test_reset_clears_and_starts_again() -> None:
    loop = controller(3, Setpoint=50.0, Input=-5.0)
    assert loop.run(5).ErrorBits == 1
    data = loop.run(Reset=True, Input=5.0)
    assert (data.State, data.Output, data.ErrorBits, data.Warning) == (0, 0.0, 0, 0)
    loop.data.Mode = 4
    data = loop.run(ModeActivate=True)
    assert (data.State, data.Warning) == (0, 0x10)
    assert loop.run(ModeActivate=False, Reset=False).State == 4


@pytest.mark.parametrize(
    ("way", "expected"),
    [
        (0, 0.0),  # smooth: 0
        (1, 2.0 * (0.4 * 60.0 - 30.0) + 2.0 * 30.0 * TS / 10.0),  # delete: P and one step
        (2, 2.0 * (0.4 * 60.0 - 30.0) + 7.0 + 2.0 * 30.0 * TS / 10.0),  # hold: with the old integral action
        (3, 25.0 + 2.0 * 30.0 * TS / 10.0),  # preassign
        (4, 2.0 * 0.4 * 30.0 + 2.0 * 30.0 * TS / 10.0),  # like a setpoint change
        (9, 2.0 * 0.4 * 30.0 + 2.0 * 30.0 * TS / 10.0),
    ],
)
def test_the_integral_action_at_the_start_of_automatic_mode(way: int, expected: float) -> None:
    loop = tuned(controller(0, Setpoint=60.0, Input=30.0), Gain=2.0, Ti=10.0, PWeighting=0.4)
    loop.set(IntegralResetMode=way, OverwriteInitialOutputValue=25.0, Config__OutputLowerLimit=-100.0)
    loop.run()
    loop.set(PIDCtrl__IntegralSum=7.0)
    assert activate(loop, 3).Output == pytest.approx(expected, abs=1e-4)


def test_pid_init_follows_another_controller() -> None:
    loop = tuned(controller(3, Setpoint=60.0, Input=30.0), Gain=2.0, Ti=10.0, Td=3.0)
    loop.run(20)
    loop.set(PIDCtrl__PIDInit=True, OverwriteInitialOutputValue=12.0)
    for value in (30.0, 33.0, 28.0):
        data = loop.run(Input=value)
        assert data.Output == pytest.approx(12.0 + 2.0 * (60.0 - value) * TS / 10.0)
    assert data.PIDCtrl.PIDInit is True


def test_saved_parameters_are_loaded() -> None:
    loop = controller().set(CtrlParamsBackUp__Gain=7.5, CtrlParamsBackUp__Cycle=0.3, LoadBackUp=True)
    data = loop.run()
    assert (data.Retain.CtrlParams.Gain, data.Retain.CtrlParams.Cycle) == (7.5, pytest.approx(0.3))
    assert data.LoadBackUp is False


# Errors --------------------------------------------------------------------------------------------------------------

_PER = {"Config__InputPerOn": True}
BLOCKING = [({"Input": NAN}, {}, 0x200), ({"Input_PER": 0x7FFF}, _PER, 0x2), ({"Setpoint": INF}, {}, 0x1000)]
TOLERATED = [({"Input": 130.0}, 0x1), ({"Disturbance": NAN}, 0x4_0000)]


@pytest.mark.parametrize(("inputs", "tags", "bit"), BLOCKING)
def test_an_invalid_signal_gives_the_substitute_output_until_it_is_gone(
    inputs: dict[str, Any], tags: dict[str, Any], bit: int
) -> None:
    loop = controller(Setpoint=50.0, Input=50.0).set(SubstituteOutput=33.0, **tags)
    before = dict(loop.inputs) | {"Input_PER": 13824}
    loop.run(3, **before)
    data = loop.run(2, **inputs)
    assert (data.State, data.Output, data.Error, data.ErrorBits, loop.enabled) == (5, 33.0, True, bit, True)
    data = loop.run(**before)
    assert (data.State, data.Error, data.ErrorBits) == (3, False, bit)
    assert data.Output == pytest.approx(33.0)
    assert loop.run(ErrorAck=True).ErrorBits == 0


def test_the_last_output_stays_instead_of_a_substitute() -> None:
    loop = controller(Setpoint=50.0, Input=20.0).set(SetSubstituteOutput=False, SubstituteOutput=77.0)
    before = loop.run(5).Output
    assert before > 0
    data = loop.run(20, Input=NAN)
    assert (data.State, data.Output) == (5, before)


@pytest.mark.parametrize(
    ("value", "output", "bits", "warning"), [(NAN, 10.0, 0x2_0200, 0), (500.0, 100.0, 0x200, 0x1000)]
)
def test_an_impossible_substitute_output(value: float, output: float, bits: int, warning: int) -> None:
    loop = controller(Input=50.0).set(SubstituteOutput=value, Config__OutputLowerLimit=10.0)
    loop.run()
    data = loop.run(Input=NAN)
    assert (data.State, data.Output, data.ErrorBits, data.Warning) == (5, output, bits, warning)
    assert loop.run(Input=50.0).State == 3


@pytest.mark.parametrize(("inputs", "bit"), TOLERATED)
def test_some_errors_leave_automatic_mode_active(inputs: dict[str, Any], bit: int) -> None:
    loop = tuned(controller(Setpoint=60.0, Input=50.0), Ti=0.0)
    data = loop.run(**inputs)
    assert (data.State, data.Error, data.ErrorBits) == (3, True, bit)
    if bit != 1:
        assert data.Output == pytest.approx(10.0)


@pytest.mark.parametrize(("inputs", "bit"), [*TOLERATED, ({"Input": NAN}, 0x200)])
def test_without_recovery_each_error_ends_automatic_mode(inputs: dict[str, Any], bit: int) -> None:
    loop = controller(Setpoint=60.0, Input=50.0).set(ActivateRecoverMode=False)
    loop.run(3)
    data = loop.run(**inputs)
    assert (data.State, data.Output, data.ErrorBits) == (0, 0.0, bit)
    assert loop.run(3, Input=50.0, Disturbance=0.0).State == 0
    assert activate(loop, 3).State == 3


def test_an_output_that_cannot_be_calculated() -> None:
    loop = tuned(controller(Setpoint=60.0, Input=50.0).set(SubstituteOutput=5.0), Gain=NAN)
    data = loop.run(2)
    assert (data.State, data.Output, data.ErrorBits) == (5, 5.0, 0x400)
    assert tuned(loop, Gain=1.0).run().State == 3


def test_manual_mode_stays_in_case_of_errors() -> None:
    loop = controller(4, ManualValue=NAN, Input=NAN).set(SubstituteOutput=44.0, ActivateRecoverMode=False)
    data = loop.run()
    assert (data.State, data.Output, data.ErrorBits) == (4, 44.0, 0x1_0200)
    data = loop.set(SubstituteOutput=NAN, Config__OutputLowerLimit=8.0).run()
    assert (data.State, data.Output) == (4, 8.0)
    assert data.ErrorBits == 0x3_0200
    data = loop.run(ManualValue=20.0, Input=50.0)
    assert (data.Output, data.Error) == (20.0, False)


def test_mode_is_written_to_the_operand_of_the_call() -> None:
    operand = Slot([1], 0, INT)
    loop = controller(4, Setpoint=80.0, Input=0.0, ManualValue=0.0)
    loop.run()
    data = loop.run(Mode=operand, ModeActivate=True)
    assert (data.State, data.Mode, operand.get()) == (1, 4, 4)


@given(
    st.lists(
        st.tuples(
            st.integers(-2, 8),
            *([st.booleans()] * 4),
            st.sampled_from([0.0, 50.0, 200.0, NAN, -INF]),
            st.sampled_from([0.0, 60.0, NAN]),
        ),
        max_size=12,
    )
)
def test_no_input_stops_the_controller_and_the_output_stays_within_its_limits(calls: list[tuple[Any, ...]]) -> None:
    loop = controller()
    for mode, reset, acknowledge, activated, manual, value, setpoint in calls:
        loop.data.Mode = mode
        edges = {"Reset": reset, "ErrorAck": acknowledge, "ModeActivate": activated, "ManualEnable": manual}
        data = loop.run(**edges, Input=value, Setpoint=setpoint, ManualValue=value)
        assert 0.0 <= data.Output <= 100.0
        assert 0 <= data.State <= 5
        assert not (reset and data.State)
        assert data.ErrorBits & 0x1 or data.State != 3 or value != 200.0
