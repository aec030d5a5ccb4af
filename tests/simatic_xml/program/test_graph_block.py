from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from lxml import etree

from simatic_xml import Block, graph, load
from simatic_xml.model import Member
from simatic_xml.program import graph_nodes
from simatic_xml.program.diagnostics import Severity
from simatic_xml.program.graph.block import body
from simatic_xml.program.graph.topology import Topology
from simatic_xml.program.listing import listing, text
from simatic_xml.program.scope import Scope
from simatic_xml.program.symbols import Cpu, Symbols
from simatic_xml.program.typed import resolve_block
from simatic_xml.program.workspace import Workspace
from tests.simatic_xml.corpus import corpus_files
from tests.simatic_xml.graph.programs import programs
from tests.simatic_xml.program.program_of import Objects, objects_of
from tests.simatic_xml.program.stl_of import AROUND, NUMBERS, TAGS
from tests.support.examples import examples

LOCALS = {"a": "Bool", "b": "Bool", "run": "Bool", "i": "Int", "late": "Bool", "t": "Time", "motor": '"Motor"'}
STEPS: list[dict[str, Any]] = [{"name": "Idle", "init": True}, {"name": "Fill"}, {"name": "Drain"}]


def graph_body(
    steps: list[dict[str, Any]] | None = None, *, transitions: list[dict[str, Any]] | None = None, **others: Any
) -> tuple[graph_nodes.GraphBody, Scope]:
    """Return the body of a block with one sequence, and the scope that has the findings.

    Args:
        steps: JSON of the steps.
        transitions: JSON of the transitions, one without condition for each step where not given.
        others: `flow` of the sequence; `before` and `after`.
    """
    steps = STEPS if steps is None else steps
    sequence: dict[str, Any] = {"steps": steps, "transitions": transitions or [{} for _ in steps]}
    sequence |= {"flow": others.pop("flow")} if "flow" in others else {}
    return of_json({"graph": {"sequences": [sequence], **others}})


def of_json(data: dict[str, Any]) -> tuple[graph_nodes.GraphBody, Scope]:
    block = graph.block(data, "Plant", "V20")
    static = block.section("Static")
    assert static is not None
    static.members += [Member(name, data_type) for name, data_type in LOCALS.items()]
    objects = objects_of(AROUND, tags=TAGS, numbers=NUMBERS)
    objects.objects["plant"] = block
    scope = Scope(block, Symbols(objects))
    source = block.networks[0].source
    assert source is not None
    return body(scope, source), scope


def action(row: dict[str, Any]) -> tuple[graph_nodes.GraphAction, Scope]:
    found, scope = graph_body([{"name": "Idle", "init": True, "actions": [row]}, {"name": "Fill"}, {"name": "Drain"}])
    (made,) = found.steps[0].actions
    return made, scope


def findings(scope: Scope) -> list[str]:
    marks = {Severity.WARNING: "w ", Severity.ERROR: ""}
    return [f"{marks[each.severity]}{each.place.step} {each.code}".strip() for each in scope.diagnostics]


def test_a_sequence_has_typed_conditions_and_actions() -> None:
    steps: list[dict[str, Any]] = [
        {"name": "Idle", "init": True, "maximum": "T#1M", "warning": None},
        {
            "name": "Fill",
            "actions": [
                {"qualifier": "N", "operand": "#run"},
                {"event": "S1", "qualifier": "R", "interlock": True, "operand": "#b"},
                {"text": ""},
            ],
            "interlock": [{"contact": "#a"}],
            "supervision": [{"compare": ["#Fill.T", ">", "#Fill.T_MAX"], "type": "Time"}],
        },
    ]
    found, scope = graph_body(
        steps, transitions=[{"name": "Go", "condition": [{"contact": '"Start"'}]}, {"name": "Done"}]
    )
    assert findings(scope) == []
    idle, fill = found.steps
    assert (idle.initial, idle.maximum, idle.warning, fill.maximum) == (True, 60_000, None, 10_000)
    assert [(each.event, each.qualifier, each.interlock, text(each.operand)) for each in fill.actions] == [
        ("", "N", False, "#run"),
        ("S1", "R", True, "#b"),
    ]
    assert (idle.interlock.programmed, fill.interlock.programmed, fill.supervision.programmed) == (False, True, True)
    assert "#a" in listing(fill.interlock.body)
    assert "#Fill.T > #Fill.T_MAX" in listing(fill.supervision.body)
    go, done = found.transitions
    assert (go.name, go.before, go.after, go.condition.programmed) == ("Go", (1,), (2,), True)
    assert "OUTCOME" in listing(go.condition.body)
    assert (done.before, done.after, done.condition) == ((2,), (1,), graph_nodes.GraphLogic([], programmed=False))


def test_permanent_operations_run_around_the_sequences() -> None:
    rungs = [{"rungs": [[{"contact": '"Start"'}, {"coil": "#run"}]]}]
    found, scope = graph_body(before=rungs, after=rungs)
    assert findings(scope) == []
    assert [listing(each.body).splitlines()[-1].partition(" ")[0] for each in found.before + found.after] == [
        "#run",
        "#run",
    ]


@pytest.mark.parametrize(
    ("row", "operand", "argument"),
    [
        ({"qualifier": "D", "text": "#late, T#5S"}, "#late", "Time#5000"),
        ({"qualifier": "L", "text": "#late T#5S"}, "#late", "Time#5000"),
        ({"qualifier": "D", "text": "#late\n#t"}, "#late", "#t"),
        ({"qualifier": "TL", "event": "S1", "text": '"T_Wait", T#2S'}, '"T_Wait"', "Time#2000"),
        ({"qualifier": "TR", "event": "S0", "operand": "%T5"}, "%T5", "-"),
        ({"qualifier": "CS", "event": "S1", "text": '"C_Parts", C#5'}, '"C_Parts"', "Word#5"),
        ({"qualifier": "CU", "event": "S1", "operand": '"C_Parts"'}, '"C_Parts"', "-"),
        ({"qualifier": "S", "operand": '"Data".bit'}, '"Data".bit', "-"),
    ],
)
def test_actions_have_operand_and_value(row: dict[str, Any], operand: str, argument: str) -> None:
    made, scope = action(row)
    assert findings(scope) == []
    assert (text(made.operand), text(made.argument)) == (operand, argument)


_OPERANDS = {
    **dict.fromkeys(("N", "S", "R"), "#run"),
    **dict.fromkeys(("D", "L"), "#late, T#5S"),
    **dict.fromkeys(("ON", "OFF"), "Fill"),
    **dict.fromkeys(("CU", "CD", "CR"), '"C_Parts"'),
    "CS": '"C_Parts", C#5',
    **dict.fromkeys(("TL", "TD", "TF"), '"T_Wait", T#2S'),
    "TR": '"T_Wait"',
}


def test_qualifier_event_and_interlock_go_together() -> None:
    """Every pair: D, L and TF have no event; N, S and R may have one, the others need one; C goes with half of the events."""
    wrong = []
    for qualifier, operand in _OPERANDS.items():
        for event in ("", "S1", "S0", "V1", "V0", "L1", "L0", "A1", "R1"):
            for interlock in (False, True):
                row = {"qualifier": qualifier, "text": operand, "interlock": interlock}
                _, scope = action(row | ({"event": event} if event else {}))
                takes = (
                    not event
                    if qualifier in ("D", "L", "TF")
                    else (bool(event) or qualifier in "NSR") and not (interlock and event in ("S0", "V0", "L1", "L0"))
                )
                if findings(scope) != ([] if takes else ["Idle graph.action"]):
                    wrong.append((qualifier, event, interlock, findings(scope)))
    assert wrong == []


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("#i := #i + 1", "#i := #i + 1"),
        ('"Data".real := #i', '"Data".real := Real(#i)'),
        ('CALL "Init"\n(\n)', '"Init"()'),
        ('CALL "Motor", "Motor_DB"\n(\nstart := #a,\ndata := "Data".motor\nspeed => #i\n)', None),
        ('CALL "Motor_DB" (data := "Data".motor)', None),
        ('CALL #motor\n(\ndata := "Data".motor\n)', None),
        ('CALL "Scale"\n(\nraw := #i\nRet_Val => "Data".real\n)', None),
        ("CALL LIMIT INT\n(\nMN := 0\nIN := #i\nMX := 5\nOUT => #i\n)", None),
    ],
)
def test_actions_may_be_assignments_and_calls(written: str, expected: str | None) -> None:
    made, scope = action({"qualifier": "N", "text": written})
    assert findings(scope) == []
    assert made.operand is None
    assert len(made.body) == 1
    assert expected is None or listing(made.body) == expected


def test_steps_are_switched_by_actions() -> None:
    made, scope = action({"event": "S1", "qualifier": "ON", "text": "fill"})
    assert (made.step, findings(scope)) == ("Fill", [])
    assert action({"event": "S1", "qualifier": "OFF", "text": "S_ALL"})[0].step == "S_ALL"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ({"qualifier": "N", "operand": "#i"}, "graph.operand_type"),
        ({"qualifier": "S", "text": "TRUE"}, "graph.operand_type"),
        ({"event": "S1", "qualifier": "CU", "operand": "#i"}, "graph.operand_type"),
        ({"qualifier": "D", "text": "#late, 'x'"}, "graph.operand_type"),
        ({"qualifier": "D", "text": "#late"}, "graph.operand_missing"),
        ({"qualifier": "N"}, "graph.operand_missing"),
        ({"event": "S1", "qualifier": "ON", "text": "Nowhere"}, "graph.unknown_step"),
        ({"event": "S1", "qualifier": "ON", "text": "S_ALL"}, "graph.unknown_step"),
        ({"text": "#run"}, "graph.action"),
        ({"qualifier": "S", "text": "#i := 5"}, "graph.action"),
        ({"qualifier": "N", "text": 'CALL "Init" ('}, "graph.action"),
        ({"qualifier": "N", "text": 'CALL "Init" (x)'}, "graph.action"),
        ({"qualifier": "N", "text": "CALL SIN (5.0)"}, "graph.action"),
        ({"qualifier": "N", "text": "CALL LIMIT (MN := 0, IN := 5, MX := 7)"}, None),
        ({"qualifier": "N", "operand": "#missing"}, "name.undefined"),
        ({"qualifier": "N", "text": "#i := 'x'"}, "type.implicit"),
        ({"qualifier": "N", "text": "5 := #i"}, "write.not_operand"),
    ],
)
def test_what_is_wrong_with_an_action_is_reported_at_its_step(row: dict[str, Any], code: str | None) -> None:
    _, scope = action(row)
    assert findings(scope) == ([f"Idle {code}"] if code else [])


def test_branches_and_jumps_are_followed() -> None:
    flow = [
        "A",
        {"alternative": [["t5", {"simultaneous": [["B"], ["C"]]}, "t2"], ["t1", {"end": True}], ["t3", {"jump": "A"}]]},
        "D",
        "t4",
        {"jump": "A"},
    ]
    steps = [{"number": n, "name": name, "init": name == "A"} for n, name in enumerate("ABCD", 1)]
    transitions = [{"number": n, "name": f"t{n}"} for n in range(1, 6)]
    found, scope = graph_body(steps, transitions=transitions, flow=flow)
    assert findings(scope) == []
    assert {each.name: (each.before, each.after) for each in found.transitions} == {
        "t5": ((1,), (2, 3)),
        "t1": ((1,), ()),
        "t3": ((1,), (1,)),
        "t2": ((2, 3), (4,)),
        "t4": ((4,), (1,)),
    }
    assert [each.name for each in found.transitions if each.before == (1,)] == ["t5", "t1", "t3"]


def test_alternatives_that_join_lead_to_the_step_behind() -> None:
    flow = ["Idle", {"alternative": [["t1"], ["t2"]]}, "Fill", "t3", {"jump": "Idle"}]
    found, scope = graph_body(STEPS[:2], transitions=[{"name": f"t{n}"} for n in (1, 2, 3)], flow=flow)
    assert findings(scope) == []
    assert [(each.name, each.before, each.after) for each in found.transitions] == [
        ("t1", (1,), (2,)),
        ("t3", (2,), (1,)),
        ("t2", (1,), (2,)),
    ]


LONE: list[Any] = [["Idle", "Trans1", "Fill", "Trans2", {"jump": "Idle"}], ["Drain", "Trans3", {"jump": "Idle"}]]


@pytest.mark.parametrize(
    ("steps", "others", "expected"),
    [
        ([{"name": "A"}, {"name": "B"}], {}, ["w A graph.no_initial"]),
        (STEPS, {"flow": LONE}, ["w Drain graph.unreachable"]),
        ([{"name": "A", "init": True, "maximum": "soon"}, {"name": "B"}], {}, ["A graph.time"]),
    ],
)
def test_the_whole_is_judged(steps: list[dict[str, Any]], others: dict[str, Any], expected: list[str]) -> None:
    assert findings(graph_body(steps, **others)[1]) == expected


def test_a_step_that_an_action_switches_on_is_reachable() -> None:
    steps = [{**STEPS[0], "actions": [{"event": "S1", "qualifier": "ON", "text": "Drain"}]}, *STEPS[1:]]
    _, scope = graph_body(steps, flow=LONE)
    assert findings(scope) == []


def damaged(change: Any) -> Scope:
    block = graph.block({"graph": {"sequences": [{"steps": STEPS, "transitions": [{}, {}, {}]}]}}, "Plant", "V20")
    source = block.networks[0].source
    assert source is not None
    change(source)
    scope = Scope(block, Symbols(Objects([block], Cpu())))
    body(scope, source)
    return scope


def test_names_are_given_once_and_connections_lead_somewhere() -> None:
    def twice(source: etree._Element) -> None:
        next(source.iter("{*}Transition")).set("Name", "IDLE")

    def nowhere(source: etree._Element) -> None:
        next(source.iter("{*}StepRef")).set("Number", "77")

    def same_number(source: etree._Element) -> None:
        for step in source.iter("{*}Step"):
            step.set("Number", "1")

    def unconnected(source: etree._Element) -> None:
        connections = next(source.iter("{*}Connections"))
        connections.remove(connections[-1])
        connections.remove(connections[0])

    def unreadable(source: etree._Element) -> None:
        next(source.iter("{*}Step")).attrib.pop("Number")

    assert findings(damaged(twice)) == ["Idle graph.duplicate"]
    assert "graph.connection" in findings(damaged(nowhere))
    assert "graph.duplicate" in findings(damaged(same_number))
    assert "w Trans1 graph.unreachable" in findings(damaged(unconnected))
    assert findings(damaged(unreadable)) == ["graph.unreadable"]


def test_nothing_that_the_sequencer_needs_counts_as_unused() -> None:
    block = graph.block({"graph": {"sequences": [{"steps": STEPS, "transitions": [{}, {}, {}]}]}}, "Plant", "V20")
    assert resolve_block(block, Symbols(Objects([block], Cpu()))).diagnostics == []


@examples(15)
@given(programs())
def test_every_program_is_typed(data: dict[str, Any]) -> None:
    element = graph.from_json(data, 6)
    block = Block("FB", "Plant", language="GRAPH")
    scope = Scope(block, Symbols(Objects([block], Cpu())))
    found = body(scope, element)
    known = graph.program(element)
    assert [step.name for step in found.steps] == [step.name for each in known.sequences for step in each.steps]
    transitions = sorted(each.number for sequence in known.sequences for each in sequence.transitions)
    assert sorted(each.number for each in found.transitions) == transitions
    flows = Topology(known.sequences).flows()
    assert {(each.number, each.before, each.after) for each in found.transitions} == {
        (each.transition, each.before, each.after) for each in flows
    }


@pytest.mark.skipif(not corpus_files(), reason="the collection of exports is not here")
def test_exported_graphs_and_statement_lists_have_no_false_findings() -> None:
    seen = 0
    for path in corpus_files():
        data = path.read_bytes()
        if b"NetworkSource/Graph" not in data and b"StatementList" not in data:
            continue
        for block in (each for each in load(data).objects if isinstance(each, Block)):
            workspace = Workspace()
            workspace.put(block)
            found = [
                each for each in resolve_block(block, Symbols(workspace)).diagnostics if each.severity is Severity.ERROR
            ]
            assert {each.code for each in found} <= {"name.undefined"}
            seen += 1
    assert seen
