"""CONT_C against closed formulas: each action alone, the limits, manual mode, the formats, a plant of first order."""

import math
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.virtual_plc.instructions.loop_kit import FirstOrder, Loop, close

CYCLE, TI, TD, LAG, GAIN = 100, 5_000, 2_000, 400, 1.5
WIDE = {"LMN_HLM": 1e6, "LMN_LLM": -1e6}


def controller(**inputs: Any) -> Loop:
    base = {"MAN_ON": False, "CYCLE": CYCLE, "TI": TI, "TD": TD, "TM_LAG": LAG, "GAIN": GAIN, "I_SEL": False}
    return Loop("CONT_C", CYCLE / 1000, **(base | inputs))


def test_the_parameters_have_their_documented_start_values() -> None:
    data = Loop("CONT_C").data
    shown = (data.MAN_ON, data.P_SEL, data.I_SEL, data.D_SEL, data.GAIN, data.TI, data.TD, data.TM_LAG, data.LMN_HLM)
    assert shown == (True, True, True, False, 2.0, 20_000, 10_000, 2_000, 100.0)


@given(st.floats(-50, 50), st.floats(-50, 50), st.floats(0, 10))
def test_the_proportional_action_is_the_gain_times_the_error_beyond_the_dead_band(
    sp: float, pv: float, band: float
) -> None:
    data = controller(SP_INT=sp, PV_IN=pv, DEADB_W=band, **WIDE).run(3)
    error = sp - pv
    beyond = math.copysign(max(abs(error) - band, 0.0), error)
    assert pytest.approx(beyond, abs=1e-4) == data.ER
    assert (pytest.approx(GAIN * beyond, abs=1e-3), pytest.approx(GAIN * beyond, abs=1e-3)) == (data.LMN, data.LMN_P)
    assert (data.LMN_I, data.LMN_D) == (0.0, 0.0)


@pytest.mark.parametrize("calls", [1, 2, 17])
def test_the_integral_action_adds_trapezoids(calls: int) -> None:
    data = controller(I_SEL=True, P_SEL=False, SP_INT=8.0).run(calls)
    assert pytest.approx(GAIN * 8.0 * CYCLE / TI * (calls - 0.5), rel=1e-6) == data.LMN


@pytest.mark.parametrize("calls", [1, 2, 9])
def test_the_derivative_action_decays_with_its_lag(calls: int) -> None:
    data = controller(P_SEL=False, D_SEL=True, SP_INT=4.0, **WIDE).run(calls)
    denominator = CYCLE / 2 + LAG
    assert pytest.approx(GAIN * 4.0 * TD / denominator * (1 - CYCLE / denominator) ** (calls - 1), rel=1e-6) == data.LMN


def test_times_below_the_shortest_count_as_the_shortest() -> None:
    integral = controller(I_SEL=True, P_SEL=False, TI=1, SP_INT=1.0).run()
    assert pytest.approx(GAIN * 1.0 * 2 * 0.5) == integral.LMN  # TI = CYCLE / 2
    derivative = controller(P_SEL=False, D_SEL=True, TD=1, TM_LAG=1, SP_INT=1.0).run()
    assert pytest.approx(GAIN * 1.0) == derivative.LMN  # TD = CYCLE, TM_LAG = CYCLE / 2


def test_the_integral_action_can_be_held_and_set() -> None:
    loop = controller(I_SEL=True, P_SEL=False, SP_INT=8.0)
    before = loop.run(10).LMN_I
    assert before == loop.run(5, INT_HOLD=True).LMN_I
    assert loop.run(INT_HOLD=False, I_ITL_ON=True, I_ITLVAL=33.0).LMN == 33.0
    assert pytest.approx(33.0 + GAIN * 8.0 * CYCLE / TI) == loop.run(I_ITL_ON=False).LMN_I
    assert loop.run(I_SEL=False).LMN_I == 0.0


@pytest.mark.parametrize(("sign", "limit"), [(1, 100.0), (-1, -20.0)])
def test_the_integral_action_does_not_wind_up(sign: int, limit: float) -> None:
    loop = controller(I_SEL=True, SP_INT=sign * 10.0, LMN_LLM=-20.0)
    data = loop.run(2000)
    assert (limit, sign > 0, sign < 0) == (data.LMN, data.QLMN_HLM, data.QLMN_LLM)
    assert abs(data.LMN_I) <= abs(limit)
    data = loop.run(SP_INT=-sign * 10.0)
    assert sign * data.LMN < sign * limit
    assert (data.QLMN_HLM, data.QLMN_LLM) == (False, False)


def test_the_integral_action_is_drawn_back_to_a_lower_limit() -> None:
    loop = controller(I_SEL=True, P_SEL=False, SP_INT=8.0)
    assert pytest.approx(100.0, abs=0.3) == loop.run(1000).LMN_I
    assert pytest.approx(40.0) == loop.run(LMN_HLM=40.0).LMN_I


def test_manual_mode_is_limited_and_left_without_a_jump() -> None:
    loop = controller(I_SEL=True, D_SEL=True, SP_INT=20.0, DISV=5.0)
    data = loop.run(7, MAN_ON=True, MAN=140.0)
    assert (data.LMN, data.QLMN_HLM, data.LMN_D) == (100.0, True, 0.0)
    data = loop.run(MAN=42.0)
    assert pytest.approx(42.0 - GAIN * 20.0 - 5.0) == data.LMN_I
    data = loop.run(MAN_ON=False)
    assert pytest.approx(42.0 + GAIN * 20.0 * CYCLE / TI, abs=1e-4) == data.LMN


@given(st.integers(-32768, 32767), st.floats(-3, 3), st.floats(-20, 20))
def test_the_process_value_comes_from_an_analog_input(counts: int, factor: float, offset: float) -> None:
    loop = controller(PVPER_ON=True, PV_PER=counts & 0xFFFF, PV_FAC=factor, PV_OFF=offset, PV_IN=7.0)
    assert pytest.approx(counts * 100 / 27648 * factor + offset, abs=1e-4) == loop.run().PV


@pytest.mark.parametrize(
    ("manual", "factor", "offset", "counts"),
    [
        (50.0, 1.0, 0.0, 13824),
        (50.0, 0.5, 10.0, 9677),
        (-50.0, 1.0, 0.0, -13824),
        (100.0, 9.0, 0.0, 32511),
        (0.0, 1.0, -900.0, -32512),
    ],
)
def test_the_manipulated_value_is_normed_and_goes_to_an_analog_output(
    manual: float, factor: float, offset: float, counts: int
) -> None:
    data = controller(MAN_ON=True, MAN=manual, LMN_FAC=factor, LMN_OFF=offset, LMN_LLM=-100.0).run()
    assert pytest.approx(manual * factor + offset) == data.LMN
    assert counts & 0xFFFF == data.LMN_PER


def test_a_disturbance_is_added() -> None:
    assert pytest.approx(GAIN * 10.0 + 7.5) == controller(SP_INT=10.0, DISV=7.5).run().LMN


def test_a_restart_clears_the_outputs_and_sets_the_integral_action() -> None:
    loop = controller(I_SEL=True, SP_INT=20.0, PV_IN=3.0)
    loop.run(50)
    data = loop.run(COM_RST=True, I_ITLVAL=12.0)
    shown = (data.LMN, data.LMN_PER, data.LMN_P, data.LMN_I, data.LMN_D, data.PV, data.ER, data.QLMN_HLM)
    assert shown == (0.0, 0, 0.0, 0.0, 0.0, 0.0, 0.0, False)
    assert pytest.approx(12.0) == loop.run(COM_RST=False, SP_INT=3.0).LMN


def test_a_proportional_controller_leaves_the_error_that_theory_says() -> None:
    plant = FirstOrder(2.0, 5.0)
    close(controller(SP_INT=40.0), plant, 2000, lambda data: data.LMN)
    assert plant.value == pytest.approx(40.0 * 2.0 * GAIN / (1 + 2.0 * GAIN), rel=1e-5)


def test_an_integral_controller_cancels_the_time_constant_of_its_plant() -> None:
    """With TI = T the open loop is GAIN * K / (TI * s): the closed loop is of first order, too."""
    gain, constant, cycle = 0.5, 5.0, 10
    loop = Loop("CONT_C", cycle / 1000, MAN_ON=False, CYCLE=cycle, TI=round(constant * 1000), GAIN=gain, SP_INT=30.0)
    plant = FirstOrder(1.0, constant)
    found = close(loop, plant, 2000, lambda data: data.LMN)
    closed = constant / gain
    for number in (100, 500, 1999):
        time = (number + 1) * cycle / 1000
        assert found[number] == pytest.approx(30.0 * (1 - math.exp(-time / closed)), abs=0.05)


def test_what_is_no_number_does_not_stop_the_cpu() -> None:
    data = controller(SP_INT=10.0, GAIN=math.nan).run()
    assert math.isnan(data.LMN)
    assert (data.LMN_PER, data.QLMN_HLM, data.QLMN_LLM) == (0, False, False)
