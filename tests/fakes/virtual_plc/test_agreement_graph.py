"""GRAPH: what a sequencer does, rule by rule on every tier, and random sequencers. Marks: docs/conformance-plc/graph.md."""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, given, note, settings

from tests.fakes.virtual_plc.agreement import TIERS, Run, agree
from tests.fakes.virtual_plc.graph_programs import SCANS, of_json, plant, plants
from virtual_plc.cpu.services import PlainServices
from virtual_plc.memory.memory import Memory
from virtual_plc.memory.program import Program, ProgramError

EXAMPLES = int(os.environ.get("AGREEMENT_EXAMPLES", "30"))
IDLE: dict[str, Any] = {"name": "Idle", "init": True}
Action = dict[str, Any]


@pytest.fixture(params=TIERS)
def tier(request: pytest.FixtureRequest) -> str:
    """Each way to execute a program."""
    return str(request.param)


def filling(*actions: Action, **step: Any) -> Program:
    """Return `Idle` - #a - `Fill` - #b - `Drain` - #c and back; `Fill` has the actions and what else is given."""
    fill: dict[str, Any] = {"name": "Fill", "actions": list(actions), **step}
    steps = [IDLE, fill, {"name": "Drain"}]
    return plant(steps, [{"condition": [{"contact": f"#{name}"}]} for name in "abc"])


def scanned(tier: str, program: Program, *scans: str, show: str = "active") -> list[Any]:
    """Return what each scan leaves.

    Args:
        tier: the tier.
        program: a plant.
        scans: names of the Bools that are TRUE in each scan, separated by spaces.
        show: names of members to show, separated by spaces; `active` for the active steps.
    """
    run = Run(program, TIERS[tier])
    body = program.blocks["plant"].graph
    assert body is not None
    names = [each.name for each in body.steps]
    shown = []
    for scan in scans:
        given = scan.split()
        inputs = [each.name for each in program.blocks["plant"].variables if each.section == "Input"]
        writes = {f"D.{name}": name in given for name in (*"abcd", *inputs) if name != "S_SEL"}
        assert run.scan(writes) == ""
        active = " ".join(name for name in names if run.memory.read(f"D.{name}.X"))
        values = [active if name == "active" else run.memory.read(f"D.{name}") for name in show.split()]
        shown.append(values[0] if len(values) == 1 else tuple(values))
    return shown


# The way through the steps -------------------------------------------------------------------------------------------


def test_the_first_call_goes_to_the_initial_step_and_no_further(tier: str) -> None:
    assert scanned(tier, filling(), "a", "a") == ["Idle", "Fill"]


def test_without_initial_step_the_first_one_starts(tier: str) -> None:
    program = plant([{"name": "One"}, {"name": "Two"}], [{}, {}])
    assert scanned(tier, program, "", "", "") == ["One", "Two", "One"]


def test_a_true_chain_goes_one_step_in_each_call(tier: str) -> None:
    assert scanned(tier, filling(), "", "a b c", "a b c", "a b c") == ["Idle", "Fill", "Drain", "Idle"]


def test_of_alternatives_the_leftmost_goes_first(tier: str) -> None:
    steps = [IDLE, {"name": "Near"}, {"name": "Far"}]
    transitions = [{"name": name, "condition": [{"contact": f"#{bit}"}]} for name, bit in (("t1", "a"), ("t2", "b"))]
    transitions += [{"name": "t3"}, {"name": "t4"}]
    paths = [["t1", "Near", "t3", {"end": True}], ["t2", "Far", "t4", {"end": True}]]
    program = plant(steps, transitions, flow=["Idle", {"alternative": paths}])
    for inputs, step in (("a b", "Near"), ("b", "Far")):
        assert scanned(tier, program, "", inputs) == ["Idle", step]


def test_simultaneous_branches_begin_and_end_together(tier: str) -> None:
    steps = [IDLE, {"name": "A1"}, {"name": "A2"}, {"name": "B1"}, {"name": "End"}]
    names = {"t1": "a", "t2": "b", "t3": "c", "t4": "d"}
    transitions = [{"name": name, "condition": [{"contact": f"#{bit}"}]} for name, bit in names.items()]
    flow = ["Idle", "t1", {"simultaneous": [["A1", "t2", "A2"], ["B1"]]}, "t3", "End", "t4"]
    found = scanned(tier, plant(steps, transitions, flow=flow), "", "a c", "c", "b c", "c", "")
    assert found == ["Idle", "A1 B1", "A1 B1", "A2 B1", "End", "End"]


def test_a_path_that_ends_leaves_no_step(tier: str) -> None:
    program = plant([IDLE], [{"name": "t", "condition": [{"contact": "#a"}]}], flow=["Idle", "t", {"end": True}])
    assert scanned(tier, program, "", "a", "", show="active SQ_ISOFF S_NO") == [
        ("Idle", False, 1),
        ("", True, 0),
        ("", True, 0),
    ]


def test_steps_can_be_skipped(tier: str) -> None:
    entered = {"event": "S1", "qualifier": "S", "operand": "#set"}
    found = scanned(tier, filling(entered), "EN_SSKIP", "a", "", "b", "c", "a b", show="active set")
    assert found == [("Idle", False), ("Fill", True), ("Fill", True), ("Drain", True), ("Idle", True), ("Drain", True)]
    fresh = scanned(tier, filling(entered), "EN_SSKIP", "a b", show="active set")
    assert fresh == [("Idle", False), ("Drain", False)]


# Actions -------------------------------------------------------------------------------------------------------------

WAY = ("", "a", "", "", "b", "")
"""`Fill` is active in the second to fourth of these calls."""


@pytest.mark.parametrize(
    ("action", "member", "values"),
    [
        ({"qualifier": "N", "operand": "#run"}, "run", [0, 1, 1, 1, 0, 0]),
        ({"qualifier": "S", "operand": "#set"}, "set", [0, 1, 1, 1, 1, 1]),
        ({"qualifier": "S", "event": "S0", "operand": "#set"}, "set", [0, 0, 0, 0, 1, 1]),
        ({"qualifier": "D", "text": "#late, T#15ms"}, "late", [0, 0, 0, 1, 0, 0]),
        ({"qualifier": "L", "text": "#long, T#15ms"}, "long", [0, 1, 1, 0, 0, 0]),
        ({"qualifier": "N", "event": "S1", "operand": "#pulse"}, "pulse", [0, 1, 0, 0, 0, 0]),
        ({"qualifier": "N", "event": "S0", "operand": "#pulse"}, "pulse", [0, 0, 0, 0, 1, 0]),
        ({"qualifier": "N", "text": "#count := #count + 1"}, "count", [0, 1, 2, 3, 3, 3]),
        ({"qualifier": "N", "event": "S1", "text": "#count := #count + 1"}, "count", [0, 1, 1, 1, 1, 1]),
        ({"qualifier": "N", "event": "S0", "text": "#count := #count + 1"}, "count", [0, 0, 0, 0, 1, 1]),
    ],
)
def test_actions(tier: str, action: Action, member: str, values: list[int]) -> None:
    assert scanned(tier, filling(action), *WAY, show=member) == values


def test_reset_works_while_the_step_is_active(tier: str) -> None:
    program = filling({"event": "S1", "qualifier": "S", "operand": "#set"}, {"qualifier": "R", "operand": "#set"})
    assert scanned(tier, program, *WAY, show="set") == [0] * 6


def test_a_step_is_left_before_the_next_one_begins(tier: str) -> None:
    run = {"qualifier": "N", "operand": "#run"}
    steps = [IDLE | {"actions": [run]}, {"name": "Two", "actions": [run]}]
    program = plant(steps, [{"condition": [{"contact": "#a"}]}, {}])
    assert scanned(tier, program, "", "a", show="active run") == [("Idle", True), ("Two", True)]


def test_steps_switch_each_other(tier: str) -> None:
    on = {"event": "S1", "qualifier": "ON", "text": "Idle"}
    off = {"event": "S0", "qualifier": "OFF", "text": "S_ALL"}
    assert scanned(tier, filling(on), "", "a", "") == ["Idle", "Idle Fill", "Idle Fill"]
    assert scanned(tier, filling(on, off), "", "a", "b") == ["Idle", "Idle Fill", "Drain"]


def test_what_an_action_switches_off_stays_off_in_its_call(tier: str) -> None:
    """Also in the other order, by S_ALL, by an action of another step, and only in this call."""

    def switch(qualifier: str, step: str, event: str = "S1") -> Action:
        return {"event": event, "qualifier": qualifier, "text": step}

    on, off = switch("ON", "Drain"), switch("OFF", "Drain")
    for actions, expected in [
        ((off, on), ["Idle", "Fill", "Fill"]),
        ((on, off), ["Idle", "Fill", "Fill"]),
        ((switch("OFF", "S_ALL"), on), ["Idle", "Fill", "Fill"]),
        ((off, switch("ON", "Idle")), ["Idle", "Idle Fill", "Idle Fill"]),
        ((off, switch("ON", "Drain", "L1")), ["Idle", "Fill", "Fill Drain"]),
        ((switch("OFF", "Idle", "S0"), switch("ON", "Idle", "S0")), ["Idle", "Fill", "Fill"]),
    ]:
        program = filling(*actions, interlock=[{"contact": "#d"}])
        assert scanned(tier, program, "d", "a d", "") == expected, actions


# Interlock and supervision -------------------------------------------------------------------------------------------

GUARDED: dict[str, Any] = {"interlock": [{"contact": "#d"}]}
WATCHED: dict[str, Any] = {"supervision": [{"contact": "#d"}]}


def test_an_action_with_interlock_works_while_it_is_satisfied(tier: str) -> None:
    action = {"qualifier": "N", "operand": "#run", "interlock": True}
    found = scanned(tier, filling(action, **GUARDED), "", "a d", "", "d", "b", show="run ERROR Fill.LA")
    assert found == [(0, 0, 0), (1, 0, 0), (0, 1, 1), (1, 0, 0), (0, 0, 0)]


def test_an_interlock_is_lost_also_when_it_is_missing_from_the_beginning(tier: str) -> None:
    lost = {"event": "L1", "qualifier": "N", "text": "#left := #left + 1"}
    back = {"event": "L0", "qualifier": "N", "text": "#entered := #entered + 1"}
    found = scanned(tier, filling(lost, back, **GUARDED), "", "a", "", "d", "", show="left entered")
    assert found == [(0, 0), (1, 0), (1, 0), (1, 1), (2, 1)]


def test_an_interlock_does_not_hold_the_step(tier: str) -> None:
    assert scanned(tier, filling(**GUARDED), "", "a", "b") == ["Idle", "Fill", "Drain"]


def test_a_fault_holds_its_step_until_it_is_acknowledged(tier: str) -> None:
    came = {"event": "V1", "qualifier": "N", "text": "#entered := #entered + 1"}
    went = {"event": "V0", "qualifier": "N", "text": "#left := #left + 1"}
    acknowledged = {"event": "A1", "qualifier": "S", "operand": "#once"}
    found = scanned(
        tier,
        filling(came, went, acknowledged, **WATCHED),
        "",
        "a",
        "d",
        "b",
        "b ACK_EF",
        "b",
        show="active Fill.VA entered left once",
    )
    assert found == [
        ("Idle", 0, 0, 0, 0),
        ("Fill", 0, 0, 0, 0),
        ("Fill", 1, 1, 0, 0),
        ("Fill", 1, 1, 0, 0),
        ("Fill", 0, 1, 1, 1),
        ("Drain", 0, 1, 1, 1),
    ]


def test_without_duty_to_acknowledge_a_fault_goes_with_its_condition(tier: str) -> None:
    found = scanned(tier, filling(**WATCHED), "EN_ACKREQ", "a", "d", "", "b", show="active FAULT")
    assert found == [("Idle", 0), ("Fill", 0), ("Fill", 1), ("Fill", 0), ("Drain", 0)]


def test_a_fault_that_is_acknowledged_early_does_not_come_again_before_its_condition(tier: str) -> None:
    found = scanned(tier, filling(**WATCHED), "", "a", "d", "d ACK_EF", "d", "d b", show="active Fill.VA")
    assert found == [("Idle", 0), ("Fill", 0), ("Fill", 1), ("Fill", 0), ("Fill", 0), ("Drain", 0)]


def test_a_fault_stops_the_undisturbed_time_only(tier: str) -> None:
    found = scanned(tier, filling(**WATCHED), "", "a", "", "d", "d", "ACK_EF", "", show="Fill.T Fill.U")
    assert found == [(0, 0), (0, 0), (10, 10), (20, 20), (30, 20), (40, 20), (50, 30)]


def test_what_is_not_programmed_does_not_disturb(tier: str) -> None:
    assert scanned(tier, filling(), "", "a", "", show="Fill.LA Fill.VA ERR_FLT")[-1] == (False, False, False)


# Operation -----------------------------------------------------------------------------------------------------------


def test_initialization_goes_back_to_the_initial_step_by_an_edge(tier: str) -> None:
    found = scanned(tier, filling(), "", "a", "INIT_SQ", "a INIT_SQ", "a INIT_SQ")
    assert found == ["Idle", "Fill", "Idle", "Fill", "Fill"]


def test_switching_off_ends_all_steps(tier: str) -> None:
    left = {"event": "S0", "qualifier": "S", "operand": "#set"}
    found = scanned(tier, filling(left), "", "a", "OFF_SQ", "a", "INIT_SQ", show="active set SQ_ISOFF")
    assert found == [("Idle", 0, 0), ("Fill", 0, 0), ("", 1, 1), ("", 1, 1), ("Idle", 1, 0)]


def test_a_halted_sequence_stays_until_the_next_request(tier: str) -> None:
    found = scanned(tier, filling(), "", "HALT_SQ", "a", "HALT_SQ", "a", show="active SQ_HALTED")
    assert found == [("Idle", 0), ("Idle", 1), ("Idle", 1), ("Idle", 0), ("Fill", 0)]


def test_halted_times_stand(tier: str) -> None:
    assert scanned(tier, filling(), "", "", "HALT_TM", "", "HALT_TM", show="Idle.T") == [0, 10, 10, 10, 20]


def test_zero_operands_holds_what_steps_hold(tier: str) -> None:
    held, stored = {"qualifier": "N", "operand": "#run"}, {"qualifier": "S", "operand": "#set"}
    found = scanned(tier, filling(held, stored), "", "a", "ZERO_OP", "", "ZERO_OP", show="run set")
    assert found == [(0, 0), (1, 1), (0, 1), (0, 1), (1, 1)]


@pytest.mark.parametrize(
    ("mode", "inputs", "step"),
    [
        ("SW_AUTO", "a", "Fill"),
        ("SW_TAP", "a", "Idle"),
        ("SW_TAP", "T_PUSH", "Idle"),
        ("SW_TAP", "a T_PUSH", "Fill"),
        ("SW_TOP", "a", "Fill"),
        ("SW_TOP", "T_PUSH", "Fill"),
        ("SW_MAN", "a T_PUSH", "Idle"),
    ],
)
def test_modes(tier: str, mode: str, inputs: str, step: str) -> None:
    assert scanned(tier, filling(), mode, inputs) == ["Idle", step]


def test_one_mode_is_on(tier: str) -> None:
    show = "AUTO_ON TAP_ON TOP_ON MAN_ON"
    found = scanned(tier, filling(), "", "SW_TAP", "SW_MAN", "", "SW_AUTO", show=show)
    assert found == [(1, 0, 0, 0), (0, 1, 0, 0), (0, 0, 0, 1), (0, 0, 0, 1), (1, 0, 0, 0)]


def test_steps_are_switched_by_hand(tier: str) -> None:
    run = Run(filling(), TIERS[tier])
    shown = []
    for writes in ({"SW_MAN": True}, {"S_OFF": True}, {"S_SEL": 3}, {"S_ON": True}):
        run.scan({f"D.{name}": value for name, value in writes.items()})
        shown.append([run.memory.read(f"D.{step}.X") for step in ("Idle", "Fill", "Drain")])
    assert shown == [[True, False, False], [False] * 3, [False] * 3, [False, False, True]]


def test_what_is_shown(tier: str) -> None:
    found = scanned(tier, filling(), "", "a", "", show="S_NO S_ACTIVE S_MORE T_MORE")
    assert found == [(1, True, False, False), (2, True, False, False), (2, True, False, False)]


def test_permanent_operations_run_in_every_call(tier: str) -> None:
    counted = {
        "rungs": [[{"box": "Add", "type": "Int", "in": {"in1": "#calls", "in2": "1"}, "out": {"out": "#calls"}}]]
    }
    program = plant([IDLE], [{}], before=[counted], after=[counted])
    assert scanned(tier, program, "", "OFF_SQ", "", show="calls") == [2, 4, 6]


def test_a_restart_begins_again(tier: str) -> None:
    run = Run(filling(), TIERS[tier])
    run.scan()
    run.scan({"D.a": True})
    run.memory.reset(keep_retentive=True)
    run.scan()
    assert [run.memory.read(f"D.{step}.X") for step in ("Idle", "Fill")] == [True, False]


def test_a_sequencer_without_its_data_is_refused(tier: str) -> None:
    program = filling()
    block = program.blocks["plant"]
    block.variables = tuple(each for each in block.variables if each.name != "RT_DATA")
    with pytest.raises(ProgramError, match="RT_DATA"):
        TIERS[tier](program, Memory(), PlainServices())


@settings(max_examples=EXAMPLES, suppress_health_check=list(HealthCheck))
@given(plants(), SCANS)
def test_random_sequencers_agree(data: dict[str, Any], scans: list[dict[str, Any]]) -> None:
    note(str(data))
    assert set(agree(of_json(data), scans)) == {""}
