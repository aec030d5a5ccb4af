"""Tuning of PID_Compact: what it finds against the theory of its plants, its conditions and its ends."""

from __future__ import annotations

import math
from typing import Any

import pytest

from tests.fakes.virtual_plc.instructions.loop_kit import Lags, Loop, close

TS, CONSTANT, GAIN = 0.1, 4.0, 0.9


def controller(mode: int = 0, **inputs: Any) -> Loop:
    loop = Loop("PID_Compact", TS, **({"Setpoint": 60.0} | inputs))
    loop.set(Config__InputPerOn=False, Mode=mode, CycleTime__EnEstimation=False, CycleTime__Value=TS)
    loop.run(2)
    return loop


def start(loop: Loop, mode: int, **inputs: Any) -> Any:
    loop.run(ModeActivate=False)
    loop.data.Mode = mode
    data = loop.run(ModeActivate=True, **inputs)
    loop.inputs["ModeActivate"] = False
    return data


def output(data: Any) -> float:
    return float(data.Output)


def tune(loop: Loop, plant: Any, most: int = 9000) -> list[int]:
    """Run until tuning ends; return the phases."""
    phases: list[int] = []
    for _ in range(most):
        if loop.data.State not in (1, 2):
            return phases
        state = loop.data.State
        close(loop, plant, 1, output)
        found = loop.data.PIDSelfTune.SUT.State if state == 1 else loop.data.PIDSelfTune.TIR.State
        if phases[-1:] != [found]:
            phases.append(found)
    raise AssertionError("Tuning did not end.")


@pytest.mark.parametrize(("rule", "gain", "ti", "td"), [(0, 0.95, 2.4, 0.42), (1, 0.6, 4.0, 0.0)])
def test_pretuning_finds_the_tangent_of_two_equal_lags(rule: int, gain: float, ti: float, td: float) -> None:
    """Its greatest rate is K / (e T) at t = T; the tangent there meets the start at T (3 - e)."""
    loop, plant = controller(), Lags(GAIN, CONSTANT, 2)
    loop.set(PIDSelfTune__SUT__TuneRule=rule)
    assert start(loop, 1).State == 1
    assert (loop.data.Mode, loop.data.CurrentSetpoint) == (0, 60.0)
    assert tune(loop, plant) == [100, 200, 9900]
    rate, dead = GAIN / (math.e * CONSTANT), CONSTANT * (3 - math.e)
    found = loop.data.Retain.CtrlParams
    assert gain / (rate * dead) == pytest.approx(found.Gain, rel=0.1)
    assert ti * dead == pytest.approx(found.Ti, rel=0.1)
    assert td * dead == pytest.approx(found.Td, rel=0.1)
    assert (loop.data.State, loop.data.Mode, loop.data.ErrorBits, loop.data.Progress) == (3, 3, 0, 100.0)
    close(loop, plant, 1500, output)
    assert plant.value == pytest.approx(60.0, abs=0.2)


def oscillating(rule: int, *, inverted: bool = False) -> tuple[Loop, Lags]:
    loop, plant = controller(3, Setpoint=40.0), Lags(-GAIN if inverted else GAIN, CONSTANT, 3)
    loop.set(PIDSelfTune__TIR__TuneRule=rule, Config__InvertControl=inverted, Config__InputLowerLimit=-120.0)
    loop.set(Retain__CtrlParams__Ti=2 * CONSTANT, Retain__CtrlParams__Cycle=TS)
    close(loop, plant, 1000, output, Setpoint=-40.0 if inverted else 40.0)
    assert start(loop, 2).State == 2
    return loop, plant


@pytest.mark.parametrize("inverted", [False, True])
@pytest.mark.parametrize(
    ("rule", "gain", "ti", "td"), [(3, 0.6, 0.5, 0.125), (4, 0.45, 1 / 1.2, 0.0), (5, 0.5, 0.0, 0.0)]
)
def test_fine_tuning_finds_the_limit_of_stability_of_three_equal_lags(
    rule: int, gain: float, ti: float, td: float, inverted: bool
) -> None:
    """Three equal lags are at the limit with the gain 8 / K; the period is 2 pi T / sqrt(3)."""
    loop, plant = oscillating(rule, inverted=inverted)
    assert loop.data.Mode == 3
    assert tune(loop, plant) == [400, 500, 9900]
    critical, period, found = 8 / GAIN, 2 * math.pi * CONSTANT / math.sqrt(3), loop.data.Retain.CtrlParams
    assert gain * critical == pytest.approx(found.Gain, rel=0.15)
    assert ti * period == pytest.approx(found.Ti, rel=0.1)
    assert td * period == pytest.approx(found.Td, rel=0.1)
    assert (loop.data.State, loop.data.Mode, loop.data.ErrorBits) == (3, 3, 0)


@pytest.mark.slow
@pytest.mark.parametrize("rule", [0, 1, 2])
def test_the_own_rules_give_a_stable_loop(rule: int) -> None:
    loop, plant = oscillating(rule)
    tune(loop, plant)
    close(loop, plant, 2000, output)
    assert plant.value == pytest.approx(40.0, abs=0.2)


@pytest.mark.slow
def test_fine_tuning_from_inactive_mode_begins_with_pretuning() -> None:
    loop, plant = controller(), Lags(GAIN, CONSTANT, 3)
    start(loop, 2)
    assert (loop.data.State, loop.data.PIDSelfTune.TIR.State, loop.data.Mode) == (2, -100, 0)
    assert tune(loop, plant)[0] == -100
    assert (loop.data.PIDSelfTune.SUT.State, loop.data.PIDSelfTune.TIR.State) == (9900, 9900)
    assert (loop.data.State, loop.data.Mode) == (3, 3)


def test_run_in_moves_to_the_setpoint_with_the_limit() -> None:
    loop, plant = controller(), Lags(GAIN, CONSTANT, 3)
    loop.set(PIDSelfTune__TIR__RunIn=True)
    data = start(loop, 2)
    assert (data.PIDSelfTune.TIR.State, data.Output) == (300, 100.0)
    assert tune(loop, plant)[:2] == [300, 500]
    assert data.PIDSelfTune.TIR.RunIn is False


@pytest.mark.parametrize(("recover", "state"), [(True, 4), (False, 0)])
def test_a_process_value_near_the_setpoint_cannot_be_pretuned(recover: bool, state: int) -> None:
    loop = controller(4, Input=40.0).set(ActivateRecoverMode=recover)
    data = start(loop, 1)
    assert (data.State, data.Mode, data.ErrorBits, data.PIDSelfTune.SUT.State) == (state, 4, 0x8, 1)


@pytest.mark.parametrize(("setpoint", "error"), [(69.9, 0), (70.1, 0x10), (49.9, 0x10), (50.1, 0)])
def test_a_new_setpoint_cancels_tuning(setpoint: float, error: int) -> None:
    loop, plant = controller(4), Lags(GAIN, CONSTANT, 2)
    start(loop, 1)
    close(loop, plant, 30, output)
    data = loop.run(Setpoint=setpoint)
    assert (data.ErrorBits, data.State) == (error, 4 if error else 1)
    assert data.CurrentSetpoint == pytest.approx(setpoint if error else 60.0)


def test_an_output_at_its_limit_cannot_jump() -> None:
    loop = controller(4, ManualValue=100.0)
    start(loop, 1)
    data = loop.run(20)
    assert (data.State, data.ErrorBits, data.Output) == (4, 0x80, 100.0)


def test_a_process_that_moves_away_ends_pretuning() -> None:
    loop, plant = controller(Setpoint=100.0), Lags(-GAIN, CONSTANT, 2)
    loop.set(Config__InputLowerLimit=-120.0)
    start(loop, 1, Setpoint=100.0)
    tune(loop, plant)
    assert (loop.data.State, loop.data.ErrorBits & 0x80) == (0, 0x80)


def test_pretuning_is_not_possible_during_fine_tuning() -> None:
    loop, plant = oscillating(3)
    close(loop, plant, 50, output)
    data = start(loop, 1)
    assert (data.State, data.ErrorBits) == (2, 0x20)
    assert loop.run(Input=plant.value).State == 2


@pytest.mark.parametrize(
    ("inputs", "error"), [({"Input": math.nan}, 0x200), ({"Input": 130.0}, 0x1), ({"Disturbance": math.nan}, 0x4_0000)]
)
def test_an_error_cancels_tuning(inputs: dict[str, float], error: int) -> None:
    loop, plant = controller(4), Lags(GAIN, CONSTANT, 2)
    start(loop, 1)
    close(loop, plant, 30, output)
    data = loop.run(**inputs)
    assert (data.State, data.ErrorBits, data.PIDSelfTune.SUT.State) == (4, error, 1)


@pytest.mark.parametrize("how", ["ManualEnable", "Reset"])
def test_the_program_can_end_tuning(how: str) -> None:
    loop, plant = controller(4), Lags(GAIN, CONSTANT, 2)
    start(loop, 1)
    close(loop, plant, 30, output)
    data = loop.run(**{how: True})
    assert (data.State, data.ErrorBits) == (4 if how == "ManualEnable" else 0, 0)


def test_parameters_are_saved_before_tuning_and_can_be_loaded() -> None:
    loop, plant = controller(), Lags(GAIN, CONSTANT, 2)
    loop.set(Retain__CtrlParams__Gain=1.25)
    start(loop, 1)
    tune(loop, plant)
    assert (loop.data.CtrlParamsBackUp.Gain, loop.data.Retain.CtrlParams.Gain != 1.25) == (1.25, True)
    assert loop.set(LoadBackUp=True).run().Retain.CtrlParams.Gain == 1.25


def test_parameters_are_calculated_again_for_another_rule() -> None:
    loop, plant = controller(), Lags(GAIN, CONSTANT, 2)
    start(loop, 1)
    tune(loop, plant)
    before = loop.data.Retain.CtrlParams.Gain
    loop.set(PIDSelfTune__SUT__TuneRule=1, PIDSelfTune__SUT__CalculateParams=True).run()
    assert loop.data.Retain.CtrlParams.Gain == pytest.approx(before * 0.6 / 0.95, rel=1e-5)
    assert loop.data.PIDSelfTune.SUT.CalculateParams is False
    after = loop.data.Retain.CtrlParams.Gain
    data = loop.set(PIDSelfTune__SUT__TuneRule=7, PIDSelfTune__SUT__CalculateParams=True).run()
    assert (data.Retain.CtrlParams.Gain, data.Warning & 0x200) == (after, 0x200)


def test_an_automatic_rule_needs_an_automatic_fine_tuning() -> None:
    loop, plant = oscillating(4)
    tune(loop, plant)
    data = loop.set(PIDSelfTune__TIR__TuneRule=0, PIDSelfTune__TIR__CalculateParams=True).run()
    assert data.Warning & 0x8
    assert data.Retain.CtrlParams.Gain / data.CtrlParamsBackUp.Gain == pytest.approx(0.6 / 0.45, rel=1e-5)


def test_irregular_calls_cancel_tuning_earlier() -> None:
    loop, plant = controller(4), Lags(GAIN, CONSTANT, 2)
    start(loop, 1)
    close(loop, plant, 15, output)
    loop.seconds = TS * 1.2
    for _ in range(15):
        close(loop, plant, 1, output)
    assert (loop.data.State, loop.data.ErrorBits) == (4, 0x800)
