"""IEC counters, edges, flip-flops."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.virtual_plc.instructions.kit import call, element, instance, slot, value

TYPES = {"T": "Int"}


def _count(name: str, counter: Any, **inputs: Any) -> dict[str, Any]:
    return call(name, inputs, on=counter, types=TYPES)


def test_up_counts_edges_and_reaches_its_preset() -> None:
    counter = instance("CTU_INT")
    shown = [_count("CTU", counter, CU=cu, R=False, PV=2)["CV"] for cu in (True, True, False, True, False, True)]
    assert shown == [1, 1, 1, 2, 2, 3]
    assert counter.QU is True
    assert _count("CTU", counter, CU=True, R=True, PV=2) == {"Q": False, "CV": 0}


def test_a_counter_stops_at_the_limits_of_its_type() -> None:
    found = []
    for kind, way, start in (
        *((kind, "CU", start) for kind in ("CTU", "CTUD") for start in (32766, 32767)),
        *((kind, "CD", start) for kind in ("CTD", "CTUD") for start in (-32767, -32768)),
    ):
        counter = instance(f"{kind}_INT")
        counter.CV = start
        inputs = {
            "CTU": {"R": False},
            "CTD": {"LD": False},
            "CTUD": {"R": False, "LD": False, "CU": False, "CD": False},
        }
        found.append(_count(kind, counter, **inputs[kind] | {way: True}, PV=2)["CV"])
    assert found == [32767] * 4 + [-32768] * 4


def test_down_loads_and_shows_when_it_is_at_zero() -> None:
    counter = instance("CTD_INT")
    assert _count("CTD", counter, CD=False, LD=True, PV=1) == {"Q": False, "CV": 1}
    assert _count("CTD", counter, CD=True, LD=False, PV=1) == {"Q": True, "CV": 0}


def test_both_edges_leave_an_up_down_counter_unchanged() -> None:
    counter = instance("CTUD_INT")
    counter.CV = 5
    found = _count("CTUD", counter, CU=True, CD=True, R=False, LD=False, PV=5)
    assert found == {"QU": True, "QD": False, "CV": 5}


def test_reset_goes_over_load_and_load_over_counting() -> None:
    counter = instance("CTUD_INT")
    assert _count("CTUD", counter, CU=True, CD=False, R=True, LD=True, PV=9)["CV"] == 0
    assert _count("CTUD", counter, CU=False, CD=False, R=False, LD=True, PV=9)["CV"] == 9
    counter.CU = False
    assert _count("CTUD", counter, CU=True, CD=False, R=False, LD=True, PV=7)["CV"] == 7


@given(st.lists(st.tuples(st.booleans(), st.booleans(), st.booleans(), st.booleans()), max_size=40))
def test_an_up_down_counter_is_what_its_definition_says(calls: list[tuple[bool, bool, bool, bool]]) -> None:
    counter, expected, before = instance("CTUD_INT"), 0, (False, False)
    for up, down, reset, load in calls:
        step = (up and not before[0]) - (down and not before[1])
        before = (up, down)
        expected = 0 if reset else 3 if load else expected + step
        found = _count("CTUD", counter, CU=up, CD=down, R=reset, LD=load, PV=3)
        assert found == {"QU": expected >= 3, "QD": expected <= 0, "CV": expected}


def test_the_counter_of_a_classic_cpu_shows_q_and_keeps_its_inputs() -> None:
    up, down, both = instance("CTU"), instance("CTD"), instance("CTUD")
    for on in (True, False):
        _count("CTU", up, CU=on, R=False, PV=1)
        _count("CTD", down, CD=on, LD=False, PV=1)
        _count("CTUD", both, CU=on, CD=not on, R=False, LD=False, PV=1)
        found = [(up.Q, up.CV, up.CUO), (down.Q, down.CV, down.CDO), (both.CV, both.CUO, both.CDO)]
        assert found == [(True, 1, on), (True, -1, on), (int(on), on, not on)]


# Edges ---------------------------------------------------------------------------------------------------------------


def test_a_rising_edge_is_seen_in_the_very_first_call() -> None:
    trigger = instance("R_TRIG")
    shown = []
    for clock in (True, True, False, True):
        call("R_TRIG", {"CLK": clock}, on=trigger)
        shown.append(trigger.Q)
    assert shown == [True, False, False, True]


def test_a_falling_edge_needs_a_stored_one() -> None:
    trigger = instance("F_TRIG")
    shown = []
    for clock in (False, True, False, False):
        call("F_TRIG", {"CLK": clock}, on=trigger)
        shown.append(trigger.Q)
    assert shown == [False, False, True, False]


def test_edges_with_a_memory_bit() -> None:
    bit = slot(False, "Bool")
    assert [value("P_TRIG", clock, bit) for clock in (True, True, False, True)] == [True, False, False, True]
    assert [value("N_TRIG", clock, bit) for clock in (True, False, False)] == [False, True, False]


@pytest.mark.parametrize(
    ("name", "inputs", "before", "expected"),
    [
        ("SR", (True, True), True, False),
        ("SR", (True, False), False, True),
        ("RS", (True, True), False, True),
        ("RS", (True, False), True, False),
        ("SR", (False, False), True, True),
        ("RS", (False, False), True, True),
    ],
)
def test_flip_flops(name: str, inputs: tuple[bool, bool], before: bool, expected: bool) -> None:
    operand = slot(before, "Bool")
    assert value(name, *inputs, operand) is expected
    assert operand.get() is expected


def test_a_bit_field_is_written_from_its_first_bit_on() -> None:
    bits = [False] * 5
    call("SET_BF", {"IN": True, "N": 3, "OPERAND": element(bits, 1, "Bool")})
    assert bits == [False, True, True, True, False]
    call("RESET_BF", {"IN": False, "N": 3, "OPERAND": element(bits, 1, "Bool")})
    assert bits[1]
    call("RESET_BF", {"IN": True, "N": 1, "OPERAND": element(bits, 2, "Bool")})
    assert bits == [False, True, False, True, False]


def test_a_bit_field_does_not_reach_beyond_its_array() -> None:
    for count, first, expected in [(20, 1, "0111"), (3, 1, "0111"), (2, 1, "0110"), (0, 1, "0000"), (65535, 0, "1111")]:
        bits = [False] * 4
        call("SET_BF", {"IN": True, "N": count, "OPERAND": element(bits, first, "Bool")})
        assert "".join(str(int(each)) for each in bits) == expected
        call("RESET_BF", {"IN": True, "N": 20, "OPERAND": element(bits, first, "Bool")})
        assert bits == [False] * 4


def test_a_bit_field_in_a_structure_goes_on_in_its_members() -> None:
    timer = instance("TONR_TIME")
    call("SET_BF", {"IN": True, "N": 2, "OPERAND": type(slot(0, "Bool"))(timer, "IN", slot(0, "Bool").type)})
    assert (timer.IN, timer.Q, timer.R) == (True, True, False)
    call("SET_BF", {"IN": True, "N": 20, "OPERAND": type(slot(0, "Bool"))(timer, "R", slot(0, "Bool").type)})
    assert timer.R
