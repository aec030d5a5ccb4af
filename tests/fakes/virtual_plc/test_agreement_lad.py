"""LAD and FBD: rules on every tier, and random networks. Marks: docs/conformance-plc/execution.md."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings

from tests.fakes.virtual_plc.agreement import TIERS, Run, agree
from tests.fakes.virtual_plc.lad_programs import SCANS, ladder, networks
from virtual_plc.memory.program import Program

EXAMPLES = int(os.environ.get("AGREEMENT_EXAMPLES", "40"))


@pytest.fixture(params=TIERS)
def tier(request: pytest.FixtureRequest) -> str:
    """Each way to execute a program."""
    return str(request.param)


def after(tier: str, program: Program, *scans: dict[str, Any]) -> dict[str, Any]:
    """Return the data behind scans before which values were written."""
    run = Run(program, TIERS[tier])
    for values in scans or ({},):
        assert run.scan({f"D.{name}": value for name, value in values.items()}) == ""
    found = run.memory.read("D")
    assert isinstance(found, dict)
    return found


ADD: dict[str, Any] = {"box": "Add", "type": "Int", "in": {"in1": "#i", "in2": "1"}, "out": {"out": "#j"}}


def test_a_box_without_power_does_nothing_and_passes_none(tier: str) -> None:
    program = ladder({"rungs": [[{"contact": "#a"}, ADD, {"coil": "#q1"}]]})
    assert [after(tier, program, {"a": a, "i": 4})[name] for a in (False, True) for name in ("j", "q1")] == [
        0,
        False,
        5,
        True,
    ]


def test_a_box_that_fails_stops_the_boxes_behind_it(tier: str) -> None:
    program = ladder({"rungs": [[ADD, {"move": "7", "to": "#n"}, {"coil": "#q1"}]]})
    found = after(tier, program, {"i": 32767})
    assert (found["j"], found["n"], found["q1"]) == (-32768, 0, False)


def test_each_network_begins_with_power(tier: str) -> None:
    program = ladder({"rungs": [[ADD, {"coil": "#q1"}]]}, {"rungs": [[{"move": "7", "to": "#n"}]]})
    found = after(tier, program, {"i": 32767})
    assert (found["q1"], found["n"]) == (False, 7)


def test_a_division_by_zero_does_not_show_at_eno(tier: str) -> None:
    box = {"box": "Div", "type": "Int", "in": {"in1": "#i", "in2": "#j"}, "out": {"out": "#n"}}
    found = after(tier, ladder({"rungs": [[box, {"coil": "#q1"}]]}), {"i": 5, "n": 9})
    assert (found["n"], found["q1"]) == (0, True)


@pytest.mark.parametrize("end", [[], [{"coil": "#q1"}]])
def test_the_box_div_divides_reals_by_zero_with_and_without_eno(tier: str, end: list[Any]) -> None:
    """Comparisons with the NaN that it gives are false, each of them."""
    box = {"box": "Div", "type": "Real", "in": {"in1": "#r", "in2": "0.0"}, "out": {"out": "#s"}}
    compared = [
        {"rungs": [[{"compare": ["#s", operator, "#s"], "type": "Real"}, {"set": "#q2"}]]}
        for operator in ("=", "<>", "<", ">", "<=", ">=")
    ]
    found = after(tier, ladder({"rungs": [[box, *end]]}, *compared), {"r": 5.0})
    assert (str(found["s"]).lower(), found["q1"], found["q2"]) == ("nan", bool(end), False)


def test_move_transfers_bits(tier: str) -> None:
    """A larger target gets zeros, a smaller one the lowest bits."""
    given = {"i": -2, "k": -3, "r": 1.5, "w": 0xFFFE, "et": -4}
    for source, target, expected in [
        ("i", "k", 0xFFFE),
        ("k", "i", -3),
        ("i", "w", 0xFFFE),
        ("w", "n", -2),
        ("w", "k", 0xFFFE),
        ("i", "et", 0xFFFE),
        ("et", "k", -4),
        ("et", "i", -4),
        ("r", "s", 1.5),
    ]:
        move = {"move": f"#{source}", "to": f"#{target}"}
        found = after(tier, ladder({"rungs": [[move, {"coil": "#q1"}]]}), given)
        assert (found[target], found["q1"]) == (expected, True), (source, target)


@pytest.mark.parametrize("end", [[], [{"coil": "#q1"}]])
def test_a_formula_that_fails_keeps_its_target(tier: str, end: list[Any]) -> None:
    table: list[tuple[str, str, tuple[str, str], str, dict[str, Any], Any]] = [
        ("Int", "IN1 + IN2", ("#i", "1"), "n", {"i": 32767, "n": 9}, 9),
        ("Int", "IN1 + IN2", ("#i", "1"), "n", {"i": 5, "n": 9}, 6),
        ("Int", "(IN1 * IN2) / IN2", ("#i", "#j"), "n", {"i": 300, "j": 300, "n": 9}, 9),
        ("Int", "IN1 / IN2", ("#i", "#j"), "n", {"i": 5, "n": 9}, 9),
        ("Int", "IN1 MOD IN2", ("#i", "#j"), "n", {"i": 5, "n": 9}, 9),
        ("DInt", "IN1 * IN2", ("#k", "#k"), "k", {"k": 70_000}, 70_000),
        ("Real", "IN1 / IN2", ("#r", "0.0"), "s", {"r": 5.0, "s": 1.5}, 1.5),
        ("Real", "SQRT(IN1) + IN2", ("#r", "1.0"), "s", {"r": -5.0, "s": 1.5}, 1.5),
        ("Real", "IN1 * IN2", ("#r", "2.0"), "s", {"r": 4.0, "s": 1.5}, 8.0),
        ("Word", "IN1 XOR IN2", ("#w", "16#FFFF"), "w", {"w": 0}, 0xFFFF),
    ]
    for data_type, formula, inputs, output, before, expected in table:
        pins = {"in1": inputs[0], "in2": inputs[1]}
        box = {"box": "Calc", "type": data_type, "equation": formula, "in": pins, "out": {"out": f"#{output}"}}
        found = after(tier, ladder({"rungs": [[box, *end]]}), before)
        assert (found[output], found["q1"]) == (expected, bool(end) and expected != before[output]), formula


def test_eno_of_a_call_is_that_of_the_block(tier: str) -> None:
    call = {"call": "Half", "in": {"x": "#i"}, "out": {"Ret_Val": "#j", "odd": "#q2"}}
    program = ladder({"rungs": [[call, {"coil": "#q1"}]]})
    assert [after(tier, program, {"i": i})["q1"] for i in (5, -5)] == [True, False]
    assert (after(tier, program, {"i": 5})["j"], after(tier, program, {"i": 5})["q2"]) == (2, True)


def test_outputs_of_a_call_that_is_left_out_stay(tier: str) -> None:
    call = {"call": "Half", "in": {"x": "#i"}, "out": {"Ret_Val": "#j", "odd": "#q2"}}
    found = after(tier, ladder({"rungs": [[{"contact": "#a"}, call]]}), {"j": 9, "q2": True, "i": 4})
    assert (found["j"], found["q2"]) == (9, True)


def test_an_edge_is_one_scan_long_and_seen_in_the_first(tier: str) -> None:
    program = ladder(
        {
            "rungs": [
                [
                    {"contactP": "#a", "bit": "#m1"},
                    {"box": "Add", "type": "Int", "in": {"in1": "#n", "in2": "1"}, "out": {"out": "#n"}},
                ]
            ]
        }
    )
    on, off = {"a": True}, {"a": False}
    assert after(tier, program, on, on, off, on)["n"] == 2


def test_a_coil_follows_and_set_stays(tier: str) -> None:
    program = ladder({"rungs": [[{"contact": "#a"}, {"branch": [[{"coil": "#q1"}], [{"set": "#q2"}]]}]]})
    found = after(tier, program, {"a": True}, {"a": False})
    assert (found["q1"], found["q2"]) == (False, True)


def test_a_jump_leaves_networks_out(tier: str) -> None:
    skipped: dict[str, Any] = {"rungs": [[{"move": "1", "to": "#n"}]]}
    program = ladder(
        {"rungs": [[{"contact": "#a"}, {"jump": "on"}]]},
        skipped,
        {"labels": ["on"], "rungs": [[{"move": "2", "to": "#k"}]]},
    )
    assert [after(tier, program, {"a": a})["n"] for a in (True, False)] == [0, 1]
    assert after(tier, program, {"a": True})["k"] == 2


def test_a_timer_box_counts_its_scans(tier: str) -> None:
    box = {"box": "TON", "instance": "#delay", "in": {"PT": "T#15ms"}, "out": {"ET": "#et"}}
    program = ladder({"rungs": [[{"contact": "#a"}, box, {"coil": "#q1"}]]})
    found = [after(tier, program, *[{"a": True}] * count) for count in (1, 2, 3)]
    assert [(each["et"], each["q1"]) for each in found] == [(0, False), (10, False), (15, True)]


def test_fbd_does_the_same(tier: str) -> None:
    program = ladder({"fbd": [[{"and": ["#a", {"not": "#b"}, {"or": ["#c", "#d"]}]}, {"coil": "#q1"}]]}, language="FBD")
    given = {"a": True, "b": False, "c": False, "d": True}
    assert after(tier, program, given)["q1"] is True
    assert after(tier, program, given | {"b": True})["q1"] is False


@pytest.mark.slow
@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(networks(), SCANS)
def test_random_networks_agree(data: list[dict[str, Any]], scans: list[dict[str, Any]]) -> None:
    note(str(data))
    assert set(agree(ladder(*data), scans)) == {""}
