"""GRAPH between element and JSON, over programs of every shape, and over what is none."""

import contextlib
import json
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from simatic_xml import SimaticMLError, graph
from simatic_xml.xml.residue import same
from tests.simatic_xml.graph.programs import damaged, programs
from tests.support.examples import examples

few = examples(15)
_keys = [
    "graph",
    "sequences",
    "steps",
    "transitions",
    "flow",
    "connections",
    "x",
    "extra",
    "actions",
    "name",
    "condition",
]
_json: st.SearchStrategy[Any] = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=6), st.just([])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(_keys), inner, max_size=4)),
    max_leaves=12,
)


@few
@given(programs(), st.sampled_from([2, 4, 5, 6]))
def test_a_program_comes_back_as_it_was_written(data: dict[str, Any], version: int) -> None:
    element = graph.from_json(data, version)
    again = graph.to_json(element)
    assert same(graph.from_json(again, version), element)
    assert "language" in again["graph"] or again == data


@few
@given(programs())
def test_the_first_version_has_no_row_that_closes_the_actions(data: dict[str, Any]) -> None:
    element = graph.from_json(data, 1)
    assert same(graph.from_json(graph.to_json(element), 1), element)
    rows = sum(len(step.get("actions", [])) for step in data["graph"]["sequences"][0]["steps"])
    assert len(list(element.iter("{*}Action"))) == rows


@few
@given(st.data())
def test_a_damaged_program_comes_back_or_is_refused(data: st.DataObject) -> None:
    element = data.draw(damaged(graph.from_json(data.draw(programs()))))
    with contextlib.suppress(SimaticMLError):
        written = json.loads(json.dumps(graph.to_json(element)))
        assert same(graph.from_json(written), element)
    with contextlib.suppress(SimaticMLError):
        graph.program(element)


@few
@given(st.data())
def test_connections_of_any_kind_and_order_are_kept(data: st.DataObject) -> None:
    element = graph.from_json(data.draw(programs()))
    connections = element.find(".//{*}Connections")
    assert connections is not None
    for connection in data.draw(st.permutations(list(connections))):
        connections.append(connection)
    targets = list(connections.iter("{*}StepRef", "{*}TransitionRef"))
    for target in data.draw(st.lists(st.sampled_from(targets), max_size=2)):
        target.set("Number", str(data.draw(st.integers(1, 4))))
    written = graph.to_json(element)
    assert same(graph.from_json(written), element)
    assert "extra" not in written["graph"]["sequences"][0].get("x", {})


@few
@given(programs())
def test_the_typed_program_has_what_the_json_says(data: dict[str, Any]) -> None:
    given_sequence = data["graph"]["sequences"][0]
    sequence = graph.sequence(graph.from_json(data))
    assert [step.name for step in sequence.steps] == [each["name"] for each in given_sequence["steps"]]
    for step, each in zip(sequence.steps, given_sequence["steps"], strict=True):
        assert (step.init, step.interlock.programmed) == (each.get("init", False), "interlock" in each)
        assert step.supervision.programmed == ("supervision" in each)
        assert len(step.actions) == len(each.get("actions", []))
    assert sum(branch.cardinality for branch in sequence.branches if branch.kind.endswith("Begin")) == sum(
        connection.source.kind == "branch" and _begins(sequence, connection.source)
        for connection in sequence.connections
    )


def _begins(sequence: graph.Sequence, node: graph.Node) -> bool:
    return any(branch.number == node.number and branch.kind.endswith("Begin") for branch in sequence.branches)


@few
@given(_json)
def test_hostile_json_is_read_or_refused(data: object) -> None:
    for hostile in (data, {"graph": data}, {"graph": {"sequences": [data]}}, {"graph": {"sequences": [], "x": data}}):
        with contextlib.suppress(SimaticMLError):
            etree.tostring(graph.from_json(hostile))


@few
@given(_json)
def test_hostile_flow_is_read_or_refused(flow: object) -> None:
    step: dict[str, Any] = {"name": "a", "condition": flow}
    for sequence in ({"steps": [{}], "flow": flow}, {"steps": [{}], "connections": flow}, {"transitions": [step]}):
        with contextlib.suppress(SimaticMLError):
            graph.from_json({"graph": {"sequences": [sequence]}})
