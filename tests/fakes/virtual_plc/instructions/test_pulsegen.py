"""PULSEGEN: the share of each period, the characteristic with shortest pulse and ratio, hand and synchronization."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.virtual_plc.instructions.loop_kit import Loop

CALLS = 100


def generator(**inputs: Any) -> Loop:
    return Loop("PULSEGEN", 0.01, **({"PER_TM": 10 * CALLS, "CYCLE": 10, "P_B_TM": 0, "SYN_ON": False} | inputs))


def period(loop: Loop, calls: int = CALLS, **inputs: Any) -> list[tuple[bool, bool]]:
    return [((data := loop.run(**inputs)).QPOS_P, data.QNEG_P) for _ in range(calls)]


def count(found: list[tuple[bool, bool]]) -> tuple[int, int]:
    return sum(up for up, _ in found), sum(down for _, down in found)


def test_thirty_percent_of_ten_calls_are_three_calls() -> None:
    found = period(generator(PER_TM=100, INV=30.0), 20)
    assert [up for up, _ in found] == ([True] * 3 + [False] * 7) * 2


@given(st.floats(-100, 100))
def test_a_pulse_has_the_share_of_its_period(value: float) -> None:
    up, down = count(period(generator(INV=value)))
    assert up - down == pytest.approx(value, abs=0.5001)
    assert not (up and down)


@pytest.mark.parametrize(
    ("ratio", "value", "expected"),
    [(0.5, -60.0, (0, 30)), (0.5, 60.0, (60, 0)), (2.0, 60.0, (30, 0)), (2.0, -60.0, (0, 60)), (0.5, -100.0, (0, 50))],
)
def test_the_ratio_shortens_the_pulses_of_one_side(ratio: float, value: float, expected: tuple[int, int]) -> None:
    assert count(period(generator(RATIOFAC=ratio, INV=value))) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [(4.9, 0), (5.0, 5), (50.0, 50), (95.0, 95), (95.1, 100), (-4.9, 0), (-5.0, -5), (-95.1, -100)],
)
def test_short_pulses_and_pauses_are_left_out(value: float, expected: int) -> None:
    up, down = count(period(generator(P_B_TM=50, INV=value)))
    assert up - down == expected


@pytest.mark.parametrize(
    ("bipolar", "value", "expected"),
    [(True, 0.0, 50), (True, -100.0, 0), (True, 100.0, 100), (True, 20.0, 60), (False, 20.0, 20), (False, -20.0, 0)],
)
def test_two_step_control_has_the_negated_pulse(bipolar: bool, value: float, expected: int) -> None:
    found = period(generator(STEP3_ON=False, ST2BI_ON=bipolar, INV=value))
    assert count(found) == (expected, CALLS - expected)
    assert all(up != down for up, down in found)


@pytest.mark.parametrize(
    ("three", "up", "down", "expected"),
    [
        (True, False, False, (False, False)), (True, True, False, (True, False)), (True, False, True, (False, True)),
        (True, True, True, (False, False)), (False, False, True, (False, True)), (False, True, True, (True, False)),
    ],
)  # fmt: skip
def test_manual_mode(three: bool, up: bool, down: bool, expected: tuple[bool, bool]) -> None:
    data = generator(INV=50.0, MAN_ON=True, STEP3_ON=three, POS_P_ON=up, NEG_P_ON=down).run(3)
    assert expected == (data.QPOS_P, data.QNEG_P)


def test_a_new_value_waits_for_the_next_period() -> None:
    loop = generator(PER_TM=100, INV=30.0)
    period(loop, 5)
    assert [up for up, _ in period(loop, 10, INV=80.0)] == [False] * 5 + [True] * 5


def test_synchronization_starts_a_new_period_with_the_next_call() -> None:
    loop = generator(PER_TM=100, INV=30.0, SYN_ON=True)
    period(loop, 5)
    assert [up for up, _ in period(loop, 11, INV=80.0)] == [False] + [True] * 8 + [False] * 2


@pytest.mark.parametrize("calls", [8, 9])
def test_the_end_of_a_period_is_not_synchronized(calls: int) -> None:
    loop = generator(PER_TM=100, INV=30.0, SYN_ON=True)
    period(loop, calls)
    rest = 10 - calls
    assert [up for up, _ in period(loop, rest + 10, INV=80.0)] == [False] * rest + [True] * 8 + [False] * 2


def test_a_restart_switches_off() -> None:
    loop = generator(INV=100.0)
    loop.run(10)
    data = loop.run(COM_RST=True)
    assert (data.QPOS_P, data.QNEG_P) == (False, False)
    assert loop.run(COM_RST=False).QPOS_P is True


def test_what_is_no_number_gives_no_pulse() -> None:
    assert count(period(generator(INV=float("nan")))) == (0, 0)
