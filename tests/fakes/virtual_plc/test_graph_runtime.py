"""GRAPH sequencers on every tier: steps, transitions, interlock, supervision, actions, operation."""

from __future__ import annotations

from typing import Any

import pytest

from simatic_xml import graph
from simatic_xml.model import Member, Tag
from simatic_xml.program.workspace import Workspace
from tests.fakes.virtual_plc.agreement import TIERS, Run
from virtual_plc.memory.program import Program, program_of

TAGS = {"Go": "%M0.0", "Back": "%M0.1", "Ok": "%M0.2", "Bad": "%M0.3", "Third": "%M0.4"}
LOCALS = {"run": "Bool", "other": "Bool", "late": "Bool", "short": "Bool", "count": "Int"}
AROUND = """DATA_BLOCK "P"
VERSION : 0.1
"Plant"
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
VERSION : 0.1
BEGIN
  "P"();
END_ORGANIZATION_BLOCK
"""
Step = dict[str, Any]


@pytest.fixture(params=TIERS)
def tier(request: pytest.FixtureRequest) -> str:
    """Each way to execute a program."""
    return str(request.param)


def plant(
    steps: list[Step], transitions: list[Step], *, attributes: dict[str, str] | None = None, **others: Any
) -> Program:
    """Return a program with a GRAPH block of one sequence, its instance and an OB that calls it.

    Args:
        steps: JSON of the steps.
        transitions: JSON of the transitions.
        attributes: attributes of the block.
        others: `flow` of the sequence; `before` and `after`.
    """
    sequence: dict[str, Any] = {"steps": steps, "transitions": transitions}
    sequence |= {"flow": others.pop("flow")} if "flow" in others else {}
    block = graph.block({"graph": {"sequences": [sequence], **others}}, "Plant", "V20")
    block.attributes.update(attributes or {})
    static, inputs = block.section("Static"), block.section("Input")
    assert static is not None
    assert inputs is not None
    static.members += [Member(name, data_type) for name, data_type in LOCALS.items()]
    inputs.members += [Member(name, "Bool") for name in ("HALT_SQ", "HALT_TM", "ZERO_OP", "EN_IL", "EN_SV")]
    workspace = Workspace()
    workspace.put(block)
    for name, address in TAGS.items():
        workspace.put(Tag(name, "Bool", address))
    workspace.put_source(AROUND)
    return program_of(workspace)


def on(name: str) -> list[dict[str, str]]:
    return [{"contact": f'"{name}"'}]


def action(qualifier: str, operand: str = "", event: str = "", *, interlock: bool = False, text: str = "") -> Step:
    found: Step = {"qualifier": qualifier} | ({"text": text} if text else {"operand": operand})
    return found | ({"event": event} if event else {}) | ({"interlock": True} if interlock else {})


class Plant(Run):
    """A plant on a tier."""

    def __init__(self, tier: str, *args: Any, **others: Any) -> None:
        super().__init__(plant(*args, **others), TIERS[tier])

    def step(self, **inputs: bool | int) -> list[str]:
        """Write tags and inputs of the block, scan once, return the names of the active steps."""
        paths = {name if name in TAGS else f'"P".{name}': value for name, value in inputs.items()}
        assert self.scan(paths) == ""
        return [name for name in ("Idle", "Fill", "Drain") if self.has(name) and self[f"{name}.X"]]

    def has(self, name: str) -> bool:
        return hasattr(self.memory.data_blocks["p"], name)

    def __getitem__(self, path: str) -> Any:
        return self.memory.read(f'"P".{path}')


def two(tier: str, *actions: Step, **of_fill: Any) -> Plant:
    """Return a plant of two steps: `Go` leads from Idle to Fill, `Back` back again."""
    attributes = of_fill.pop("attributes", None)
    steps = [{"name": "Idle", "init": True}, {"name": "Fill", "actions": list(actions)} | of_fill]
    transitions = [{"name": "T1", "condition": on("Go")}, {"name": "T2", "condition": on("Back")}]
    return Plant(tier, steps, transitions, attributes=attributes)


# Steps and transitions -----------------------------------------------------------------------------------------------


def test_the_first_call_begins_with_the_initial_step_and_does_not_switch(tier: str) -> None:
    found = two(tier)
    assert found.step(Go=True) == ["Idle"]
    assert found["Idle.S1"] is True
    assert found.step() == ["Fill"]
    assert (found["Idle.S0"], found["Fill.S1"], found["T1.TS"]) == (True, True, True)
    assert found.step() == ["Fill"]
    assert (found["Idle.S0"], found["Fill.S1"], found["T1.TS"]) == (False, False, False)


def test_without_an_initial_step_the_first_one_begins(tier: str) -> None:
    found = Plant(tier, [{"name": "Idle"}, {"name": "Fill"}], [{"condition": on("Go")}, {"condition": on("Back")}])
    assert found.step() == ["Idle"]


def test_a_chain_of_true_transitions_goes_one_step_a_call(tier: str) -> None:
    found = Plant(tier, [{"name": "Idle", "init": True}, {"name": "Fill"}, {"name": "Drain"}], [{}, {}, {}])
    assert [found.step() for _ in range(4)] == [["Idle"], ["Fill"], ["Drain"], ["Idle"]]


def test_skipped_steps_do_not_become_active(tier: str) -> None:
    steps = [{"name": "Idle", "init": True}, {"name": "Fill", "actions": [action("S", "#run")]}, {"name": "Drain"}]
    transitions = [{"condition": on("Go")}, {"condition": on("Back")}, {"condition": on("Third")}]
    found = Plant(tier, steps, transitions)
    found.step()
    found.memory.write('"P".RT_DATA.MOP.SSKIP', True)
    assert found.step(Go=True, Back=True) == ["Drain"]
    assert found["run"] is False


def test_the_transition_with_the_lower_number_goes_first(tier: str) -> None:
    steps = [{"name": "Idle", "init": True}, {"name": "Fill"}, {"name": "Drain"}]
    transitions = [
        {"name": "A", "number": 1, "condition": on("Go")},
        {"name": "B", "number": 2, "condition": on("Go")},
        {"name": "C", "number": 3},
        {"name": "D", "number": 4},
    ]
    flow = ["Idle", {"alternative": [["A", "Fill", "C", {"jump": "Idle"}], ["B", "Drain", "D", {"jump": "Idle"}]]}]
    found = Plant(tier, steps, transitions, flow=flow)
    found.step()
    assert found.step(Go=True) == ["Fill"]
    assert (found["A.TS"], found["B.TS"]) == (True, False)


def test_paths_run_side_by_side_and_join_when_all_are_at_their_end(tier: str) -> None:
    steps = [{"name": "Idle", "init": True}, {"name": "Fill"}, {"name": "Drain"}, {"name": "End"}]
    transitions = [
        {"name": "A", "condition": on("Go")},
        {"name": "B", "condition": on("Back")},
        {"name": "C", "condition": on("Third")},
    ]
    flow = ["Idle", "A", {"simultaneous": [["Fill"], ["Drain"]]}, "B", "End", "C", {"jump": "Idle"}]
    found = Plant(tier, steps, transitions, flow=flow)
    found.step()
    assert found.step(Go=True) == ["Fill", "Drain"]
    assert found["S_MORE"] is True
    assert found.step(Back=True) == []
    assert found["End.X"] is True


def test_a_path_that_ends_leaves_no_step(tier: str) -> None:
    flow = ["Idle", "T1", "Fill", "T2", {"end": True}]
    steps = [{"name": "Idle", "init": True}, {"name": "Fill"}]
    found = Plant(tier, steps, [{"name": "T1"}, {"name": "T2", "condition": on("Back")}], flow=flow)
    assert [found.step(), found.step(), found.step(Back=True), found.step()] == [["Idle"], ["Fill"], [], []]
    assert found["S_NO"] == 0


def test_init_and_off_count_when_they_become_true(tier: str) -> None:
    found = two(tier)
    found.step()
    assert found.step(Go=True) == ["Fill"]
    assert found.step(INIT_SQ=True, Go=False) == ["Idle"]
    assert found.step(Go=True) == ["Fill"]
    assert found.step(OFF_SQ=True) == []
    assert found.step(OFF_SQ=False, INIT_SQ=False) == []
    assert found.step(INIT_SQ=True) == ["Idle"]


# Interlock and supervision -------------------------------------------------------------------------------------------


def test_an_interlock_stops_actions_but_not_the_transition(tier: str) -> None:
    found = two(tier, action("N", "#run", interlock=True), action("N", "#other"), interlock=on("Ok"))
    found.step(Ok=True)
    found.step(Go=True)
    assert (found["run"], found["other"], found["Fill.LA"]) == (True, True, False)
    found.step(Ok=False)
    assert (found["run"], found["other"], found["Fill.LA"], found["Fill.L1"]) == (False, True, True, True)
    assert found["ERR_FLT"] is True
    found.step(Ok=True)
    assert (found["run"], found["Fill.L1"], found["Fill.L0"]) == (True, False, True)
    found.step(Ok=False)
    assert found.step(Back=True) == ["Idle"]


def test_a_fault_keeps_its_step_until_it_is_acknowledged(tier: str) -> None:
    found = two(tier, supervision=on("Bad"))
    found.step()
    found.step(Go=True)
    found.step(Bad=True, Go=False)
    assert (found["Fill.V1"], found["Fill.VA"], found["ERR_FLT"]) == (True, True, True)
    assert found.step(Back=True) == ["Fill"]
    assert found.step(Bad=False) == ["Fill"]
    found.step(ACK_EF=True)
    assert (found["Fill.A1"], found["Fill.V0"], found["Fill.VA"]) == (True, True, False)
    assert found.step() == ["Idle"]


def test_where_faults_need_no_acknowledgement_they_go_with_their_condition(tier: str) -> None:
    found = two(tier, supervision=on("Bad"))
    found.step()
    found.memory.write('"P".RT_DATA.MOP.ACKREQ', False)
    found.step(Go=True)
    found.step(Bad=True, Go=False)
    found.step(Bad=False)
    assert (found["Fill.V0"], found["Fill.VA"], found["ERR_FLT"]) == (True, False, False)


def test_a_fault_stops_the_undisturbed_time_only(tier: str) -> None:
    found = two(tier, supervision=on("Bad"))
    found.step()
    found.step(Go=True)
    found.step()
    assert (found["Fill.T"], found["Fill.U"]) == (10, 10)
    found.step(Bad=True)
    found.step()
    assert (found["Fill.T"], found["Fill.U"]) == (30, 20)


def test_a_supervision_may_compare_the_time_of_its_step(tier: str) -> None:
    late = [{"compare": ["#Fill.T", ">", "#Fill.T_MAX"], "type": "Time"}]
    found = two(tier, supervision=late, maximum="T#20MS")
    found.step()
    found.step(Go=True)
    seen = []
    for _ in range(4):
        found.step()
        seen.append(found["Fill.VA"])
    assert seen == [False, False, True, True]


# Actions -------------------------------------------------------------------------------------------------------------


def test_n_holds_while_the_step_is_active_and_s_stays(tier: str) -> None:
    found = two(tier, action("N", "#run"), action("S", "#other"))
    found.step()
    found.step(Go=True)
    assert (found["run"], found["other"]) == (True, True)
    found.step(Back=True)
    assert (found["run"], found["other"]) == (False, True)


def test_d_comes_late_and_l_ends_early(tier: str) -> None:
    found = two(tier, action("D", text="#late, T#20MS"), action("L", text="#short, T#20MS"))
    found.step()
    found.step(Go=True)
    seen = [(found["late"], found["short"])]
    for _ in range(3):
        found.step()
        seen.append((found["late"], found["short"]))
    assert seen == [(False, True), (False, True), (True, False), (True, False)]
    found.step(Back=True)
    assert (found["late"], found["short"]) == (False, False)


def test_an_assignment_runs_in_every_call_and_with_an_event_once(tier: str) -> None:
    found = two(tier, action("N", text="#count := #count + 1"), action("N", text="#count := #count + 100", event="S1"))
    found.step()
    found.step(Go=True)
    found.step()
    found.step()
    assert found["count"] == 103


def test_events_of_leaving_come_when_the_step_ends(tier: str) -> None:
    found = two(tier, action("S", "#run", "S0"), action("N", "#other", "S0"))
    found.step()
    found.step(Go=True)
    assert (found["run"], found["other"]) == (False, False)
    found.step(Back=True)
    assert (found["run"], found["other"]) == (True, True)
    found.step()
    assert (found["run"], found["other"]) == (True, False)


def test_leaving_comes_before_entering(tier: str) -> None:
    steps = [
        {"name": "Idle", "init": True, "actions": [action("N", "#run")]},
        {"name": "Fill", "actions": [action("N", "#run")]},
    ]
    found = Plant(tier, steps, [{"condition": on("Go")}, {"condition": on("Back")}])
    found.step()
    found.step(Go=True)
    assert found["run"] is True


def test_a_step_switches_others(tier: str) -> None:
    steps = [
        {"name": "Idle", "init": True},
        {"name": "Fill", "actions": [action("ON", text="Drain", event="S1"), action("OFF", text="S_ALL", event="V1")]}
        | {"supervision": on("Bad")},
        {"name": "Drain"},
    ]
    transitions = [{"condition": on("Go")}, {"condition": on("Back")}, {"condition": on("Third")}]
    found = Plant(tier, steps, transitions)
    found.step()
    assert found.step(Go=True) == ["Fill", "Drain"]
    assert found.step(Bad=True) == ["Fill"]


def test_counters_and_timers_take_events(tier: str) -> None:
    found = two(
        tier,
        action("CS", text="%C1, C#5", event="S1"),
        action("CD", "%C1", "S0"),
        action("TL", text="%T1, T#30MS", event="S1"),
    )
    found.step()
    found.step(Go=True)
    assert found.memory.counters[1] & 0x3FF == 5
    assert found.memory.timers[1] != 0
    found.step(Back=True)
    assert found.memory.counters[1] & 0x3FF == 4


# Operation -----------------------------------------------------------------------------------------------------------


def test_semi_automatic_needs_a_push(tier: str) -> None:
    found = two(tier)
    found.step(SW_TAP=True)
    assert found["TAP_ON"] is True
    assert found.step(Go=True) == ["Idle"]
    assert found.step(T_PUSH=True) == ["Fill"]
    assert found.step(T_PUSH=False, Back=True) == ["Fill"]


def test_a_push_may_stand_for_the_condition(tier: str) -> None:
    found = two(tier)
    found.step(SW_TOP=True)
    assert found.step(T_PUSH=True) == ["Fill"]
    assert found.step(Back=True) == ["Idle"]


def test_by_hand_steps_are_chosen_and_switched(tier: str) -> None:
    found = two(tier)
    found.step(SW_MAN=True)
    assert found.step(Go=True) == ["Idle"]
    assert found.step(S_SEL=2, S_ON=True) == ["Idle", "Fill"]
    assert found.step(S_SEL=1, S_OFF=True) == ["Fill"]
    assert (found["MAN_ON"], found["AUTO_ON"], found["S_NO"]) == (True, False, 1)


def test_a_halted_sequence_does_not_switch_and_goes_on(tier: str) -> None:
    found = two(tier)
    found.step()
    assert found.step(HALT_SQ=True, Go=True) == ["Idle"]
    assert found.step(HALT_SQ=False) == ["Idle"]
    assert found.step(HALT_SQ=True) == ["Fill"]


def test_halted_times_stand_and_zeroed_operands_are_off(tier: str) -> None:
    found = two(tier, action("N", "#run"), action("S", "#other"))
    found.step()
    found.step(Go=True)
    found.step(HALT_TM=True, ZERO_OP=True)
    assert (found["Fill.T"], found["run"], found["other"]) == (0, False, True)


def test_interlocks_and_supervisions_can_be_switched_off(tier: str) -> None:
    found = two(tier, action("N", "#run", interlock=True), interlock=on("Ok"), supervision=on("Bad"))
    found.step()
    found.step(Go=True, Bad=True, EN_IL=True, EN_SV=True)
    assert (found["run"], found["Fill.LA"], found["Fill.VA"]) == (True, False, False)


def test_permanent_operations_run_once_a_call_around_the_steps(tier: str) -> None:
    rung = [{"rungs": [[{"contact": '"Go"'}, {"coil": "#late"}]]}]
    behind = [{"rungs": [[{"contact": "#Fill.X"}, {"coil": "#short"}]]}]
    steps = [{"name": "Idle", "init": True}, {"name": "Fill"}]
    transitions = [{"condition": [{"contact": "#late"}]}, {"condition": on("Back")}]
    found = Plant(tier, steps, transitions, before=rung, after=behind)
    found.step()
    assert found.step(Go=True) == ["Fill"]
    assert found["short"] is True
