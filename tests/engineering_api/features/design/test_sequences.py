"""Simultaneous branches of sequences: drawn as they are said, run on the virtual CPU, refused where they do not fit."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engineering_api.features.design import blocks, designs, model, reading, sequences
from openness_bridge.errors import Problem
from simatic_xml import graph
from simatic_xml import load as load_document
from simatic_xml.model import Block
from simatic_xml.program.graph.topology import Topology
from simatic_xml.program.workspace import Workspace
from tests.engineering_api.features.design.kit import Json, made, with_modules
from tests.support.examples import examples
from tests.support.service import Client

BATCH: Json = {
    "kind": "sequence",
    "name": "Batch",
    "steps": [
        {"name": "Idle", "next": [{"to": ["Fill", "Heat"], "when": "Start"}]},
        {"name": "Fill", "outputs": ["inlet"], "next": [{"to": "Filled", "when": "Level.high"}]},
        {"name": "Filled", "next": [{"to": "Stir", "join": ["Hot"]}]},
        {
            "name": "Heat",
            "outputs": ["heater"],
            "next": [
                {"to": "Hot", "after": "2s"},
                {"to": "Rest", "when": "NOT Start"},
            ],
        },
        {"name": "Rest", "next": [{"to": "Heat", "when": "Start"}]},
        {"name": "Hot"},
        {"name": "Stir", "outputs": ["stirrer"], "next": [{"to": "Idle", "after": "1s"}]},
    ],
}


def drawn(sequence: Json) -> list[tuple[set[str], set[str]]]:
    """The steps before and after each transition of the block that is made, read back from its SimaticML."""
    module = reading.design_of(with_modules(sequence)).modules[-1]
    assert isinstance(module, model.Sequence)
    [xml] = [each.xml for each in made(with_modules(sequence)) if each.name == blocks.block_name(module)]
    [block] = load_document(xml).objects
    assert isinstance(block, Block)
    source = block.networks[0].source
    assert source is not None
    program = graph.program(source)
    names = {step.number: step.name for each in program.sequences for step in each.steps}
    found = sorted(Topology(program.sequences).flows(), key=lambda each: each.transition)
    return [({names[each] for each in flow.before}, {names[each] for each in flow.after}) for flow in found]


def said(sequence: Json) -> list[tuple[set[str], set[str]]]:
    """The same as the design says it."""
    return [
        ({step["name"], *way.get("join", [])}, {way["to"]} if isinstance(way["to"], str) else set(way["to"]))
        for step in sequence["steps"]
        for way in step.get("next", [])
    ]


def test_paths_begin_and_end_together() -> None:
    assert drawn(BATCH) == said(BATCH)


def long_sequence(count: int, *other: int) -> Json:
    """Steps in turn that each lead on, too, to those that lie so far ahead."""

    def ahead(number: int) -> list[str]:
        return list(dict.fromkeys(f"S{min(number + far, count)}" for far in (1, *other)))

    steps: list[Json] = [
        {"name": f"S{number}", "next": [{"to": each, "when": "Start"} for each in ahead(number)]}
        for number in range(count)
    ]
    return {"kind": "sequence", "name": "Long", "steps": [*steps, {"name": f"S{count}", "next": [{"to": "S0"}]}]}


def test_a_long_sequence_is_not_nested() -> None:
    sequence = long_sequence(99)
    for step in sequence["steps"][1:-1]:
        step["next"].append({"to": "S0", "when": "Level.high"})
    assert drawn(sequence) == said(sequence)


@pytest.mark.parametrize(
    ("sequence", "says"), [(long_sequence(120, 2), "more than 50 deep"), (long_sequence(1000, 2), "at most 250 steps")]
)
def test_a_sequence_that_graph_cannot_hold_is_refused(sequence: Json, says: str) -> None:
    with pytest.raises(Problem, match=says) as caught:
        designs.whole("", with_modules(sequence))
    assert [(each.code, str(each.place and each.place.pointer)) for each in caught.value.details] == [
        ("design.sequence", "/modules/2/steps")
    ]


class Plan:
    """Steps as they are drawn up; the last one of a series has no way yet."""

    def __init__(self) -> None:
        self.steps: list[Json] = []

    def step(self) -> Json:
        self.steps.append({"name": f"S{len(self.steps)}", "outputs": [], "next": []})
        return self.steps[-1]

    def series(self, draw: st.DrawFn, depth: int) -> tuple[Json, Json]:
        """A first and a last step, with steps, ways back and simultaneous branches between them."""
        first = last = self.step()
        for _ in range(draw(st.integers(0, 2))):
            if depth and draw(st.booleans()):
                last = self.branch(draw, last, depth)
            else:
                following = self.step()
                last["next"].append({"to": following["name"], "when": "Start"})
                if draw(st.booleans()):
                    last["next"].insert(draw(st.integers(0, 1)), {"to": first["name"], "when": "Level.high"})
                last = following
        return first, last

    def branch(self, draw: st.DrawFn, before: Json, depth: int) -> Json:
        paths = [self.series(draw, depth - 1) for _ in range(draw(st.integers(2, 3)))]
        before["next"].append({"to": [first["name"] for first, _ in paths], "when": "Start"})
        after = self.step()
        ends = draw(st.permutations([last for _, last in paths]))
        ends[0]["next"].append({"to": after["name"], "join": [each["name"] for each in ends[1:]]})
        return after


@st.composite
def nested(draw: st.DrawFn) -> Json:
    """Sequences with simultaneous branches in each other, ways back within their paths, and steps in any order."""
    plan = Plan()
    first, last = plan.series(draw, 2)
    last["next"].append({"to": first["name"], "after": "1s"})
    steps = [plan.steps[0], *draw(st.permutations(plan.steps[1:]))]
    return {"kind": "sequence", "name": "Flow", "steps": steps}


@examples(6)
@given(nested())
def test_what_is_drawn_is_what_was_said(sequence: Json) -> None:
    designs.whole("", with_modules(sequence))
    assert drawn(sequence) == said(sequence)
    workspace = Workspace()
    for each in made(with_modules(sequence)):
        workspace.put_document(load_document(each.xml))
    assert [str(each) for each in workspace.check() if each.severity == "error"] == []


@examples(20)
@given(st.data())
def test_any_ways_are_refused_with_a_place_or_can_be_drawn(data: st.DataObject) -> None:
    names = [f"S{number}" for number in range(data.draw(st.integers(1, 6)))]
    some = st.lists(st.sampled_from(names), max_size=2)
    targets = st.sampled_from(names) | st.lists(st.sampled_from(names), min_size=2, max_size=3)
    way = st.fixed_dictionaries({"to": targets, "join": st.just([]) | some})
    steps = [{"name": name, "next": data.draw(st.lists(way, max_size=2))} for name in names]
    sequence: Json = {"kind": "sequence", "name": "Flow", "steps": steps}
    try:
        designs.whole("", with_modules(sequence))
    except Problem as problem:
        assert {each.code for each in problem.details} == {"design.sequence"}
        assert all("/modules/2/steps/" in str(each.place) for each in problem.details)
        return
    assert drawn(sequence) == said(sequence)


@pytest.mark.parametrize(
    ("step", "key", "value", "at", "says"),
    [
        ("Hot", "next", [{"to": "Idle"}], "/steps/5", "has no other"),
        (
            "Rest",
            "next",
            [{"to": "Stir"}],
            "/steps/0/next/0/to",
            "The path that begins with 'Heat' continues to 'Idle'",
        ),
        ("Filled", "next", [{"to": "Stir"}], "/steps/5", "Nothing leads on from 'Hot'"),
        ("Filled", "next", [{"to": "Stir", "join": ["Hott"]}], "/steps/2/next/0/join", "no step 'Hott'"),
        ("Filled", "next", [{"to": "Stir", "join": ["Filled"]}], "/steps/2/next/0/join", "other steps than its own"),
        ("Idle", "next", [{"to": ["Fill", "Fill"]}], "/steps/0/next/0/to", "different steps"),
        (
            "Idle",
            "next",
            [{"to": "Heat"}, {"to": "Fill"}],
            "/steps/2/next/0/join",
            "not the ends of one simultaneous branch",
        ),
        ("Stir", "next", [{"to": "Rest"}], "/steps/6/next/0/to", "only that branch leads there"),
        ("Idle", "next", [{"to": ["Fill"]}], "/steps/0/next/0/to", "length >= 2"),
        ("Filled", "next", [{"to": "Stir", "join": ["Hot"]}, {"to": "Fill"}], "/steps/2", "has no other"),
    ],
)
def test_a_mistake_in_a_simultaneous_branch(step: str, key: str, value: Any, at: str, says: str) -> None:
    sequence = copy.deepcopy(BATCH)
    next(each for each in sequence["steps"] if each["name"] == step)[key] = value
    with pytest.raises(Problem) as caught:
        designs.whole("", with_modules(sequence))
    places = [(each.place.pointer, each.message) for each in caught.value.details if each.place is not None]
    assert any(pointer == f"/modules/2{at}" and says in message for pointer, message in places), places


@pytest.mark.slow
def test_paths_run_at_the_same_time_and_wait_for_each_other(project: Client) -> None:
    data = with_modules(BATCH)
    data["tests"] = [
        {
            "name": "a batch",
            "steps": [
                {"run": 1, "expect": {"Batch.Idle.X": True}},
                {
                    "write": {"Start": True},
                    "run": 2,
                    "expect": {"Batch.inlet": True, "Batch.heater": True, "Batch.Idle.X": False},
                },
                {"wait": "3s", "expect": {"Batch.Hot.X": True, "Batch.Fill.X": True, "Batch.stirrer": False}},
                {
                    "write": {"Level_raw": 27000},
                    "run": 4,
                    "expect": {"Batch.stirrer": True, "Batch.Hot.X": False, "Batch.Filled.X": False},
                },
            ],
        },
        {
            "name": "a path goes back while the other one goes on",
            "steps": [
                {"write": {"Start": True}, "run": 2},
                {"write": {"Start": False}, "run": 2, "expect": {"Batch.Rest.X": True, "Batch.inlet": True}},
            ],
        },
    ]
    project.ok("POST", "/api/design-spec/load", {"spec": data})
    assert project.ok("POST", "/api/design-spec/generate-and-import", {})["failed"] == 0
    project.ok("POST", "/api/projects/actions/save-sync")
    report = project.ok("POST", "/api/design-spec/actions/test", {})
    assert [each["error"] for each in report["results"] if not each["passed"]] == []


def test_a_way_needs_every_step_that_it_leaves() -> None:
    module = reading.design_of(with_modules(BATCH)).modules[-1]
    assert isinstance(module, model.Sequence)
    every = sequences.ways(module)
    assert sequences.find_reachable(every, 1) == {1, 2}  # Fill, Filled: without Hot it does not come to Stir
    assert sequences.find_reachable(every, 0) == set(range(len(module.steps)))
