"""Power flow from values after a scan, compared with what the virtual CPU wrote in that scan."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simatic_xml.program.power_flow import NetworkFlow
from tests.simatic_xml.program.power_flow.flows import Plant, plant
from tests.support.examples import examples

READ = ("a", "b", "c", "d")
VALUES: dict[str, st.SearchStrategy[Any]] = {
    **dict.fromkeys(READ, st.booleans()),
    "i": st.integers(-3, 3),
    "j": st.integers(-3, 3),
    "k": st.integers(-70000, 70000) | st.integers(-3, 3),
    "r": st.sampled_from([0.1, 1.5, -2.0, 16777216.0]),
    "x": st.sampled_from([0.1, 1.5, -2.0, 16777217.0]),
    "w": st.integers(0, 65535),
    "t": st.integers(0, 30),
}
COMPARISONS = [
    {"compare": ["#i", "<=", "#j"], "type": "Int"},
    {"compare": ["#i", ">", "#k"], "type": "DInt"},
    {"compare": ["#x", "<", "1.5"], "type": "LReal"},
    {"compare": ["#r", "<>", "0.1"], "type": "Real"},
    {"compare": ["#t", ">=", "T#10ms"], "type": "Time"},
    {"box": "InRange", "type": "Int", "in": {"min": "-1", "in": "#i", "max": "#j"}},
    {"contact": "#w.%X3"},
]
EDGES = [{"contactP": "#a", "bit": "#m1"}, {"contactN": "#b", "bit": "#m2"}]


@st.composite
def conditions(draw: st.DrawFn, depth: int = 2, *, edges: bool = False) -> list[Any]:
    """Return contacts, comparisons and branches that only read."""
    made: list[Any] = []
    for _ in range(draw(st.integers(1, 3))):
        if depth and draw(st.integers(0, 3)) == 0:
            made.append({"any": [draw(conditions(depth - 1, edges=edges)) for _ in range(draw(st.integers(2, 3)))]})
        else:
            bit = draw(st.sampled_from([f"#{name}" for name in READ]))
            made.append(
                draw(
                    st.sampled_from(
                        [
                            {"contact": bit},
                            {"contact": bit, "negated": True},
                            {"box": "Not"},
                            *COMPARISONS,
                            *(EDGES if edges else ()),
                        ]
                    )
                )
            )
    return made


@st.composite
def rungs(draw: st.DrawFn, *, edges: bool = False) -> list[list[Any]]:
    """Return rungs in which a coil of its own shows the power behind each piece."""
    made, free = [], iter(range(1, 13))
    for _ in range(draw(st.integers(1, 3))):
        rung: list[Any] = []
        for piece in range(draw(st.integers(1, 3))):
            rung += draw(conditions(edges=edges))
            if piece == 1 and draw(st.booleans()):
                rung.append({"box": "TON", "instance": "#delay", "in": {"PT": "T#15ms"}})
            rung.append({"coil": f"#q{next(free)}", "negated": draw(st.booleans())})
        made.append(rung)
    return made


def written(found: Plant, flow: NetworkFlow) -> list[tuple[bool | None, bool]]:
    """Return for each coil the power that reaches it, and the power for which the CPU wrote what it wrote."""
    values = found.snapshot()
    source = found.block.networks[flow.number - 1].source
    assert source is not None
    negated = {
        str(access) for access in source.xpath("//*[local-name()='Part'][*[local-name()='Negated']][@Name='Coil']/@UId")
    }
    [place] = flow.places
    names = list(found.parts(flow, "Coil"))
    uids = source.xpath("//*[local-name()='Part'][@Name='Coil']/@UId")
    return [
        (place.parts[int(uid)], bool(values[operand]) is not (str(uid) in negated))
        for uid, (operand, _) in zip(uids, names, strict=True)
    ]


@examples(40)
@given(rungs(), st.lists(st.fixed_dictionaries(VALUES), min_size=1, max_size=3))
def test_power_reaches_a_coil_exactly_when_the_cpu_wrote_it(rungs: list[Any], scans: list[dict[str, Any]]) -> None:
    found = plant(*({"rungs": [rung]} for rung in rungs))
    for values in scans:
        for flow in found.scan(**values):
            for power, wrote in written(found, flow):
                assert power is wrote


@examples(40)
@given(rungs(edges=True), st.lists(st.fixed_dictionaries(VALUES), min_size=1, max_size=3))
def test_what_is_known_of_networks_with_edges_is_right(rungs: list[Any], scans: list[dict[str, Any]]) -> None:
    found = plant(*({"rungs": [rung]} for rung in rungs))
    for values in scans:
        for flow in found.scan(**values):
            for power, wrote in written(found, flow):
                assert power is None or power is wrote


@examples(30)
@given(
    st.recursive(
        st.sampled_from([f"#{name}" for name in READ]),
        lambda inner: st.builds(
            lambda gate, inputs, negated: [{"box": gate, "in": inputs, "negated": negated}],
            st.sampled_from(["A", "O", "X"]),
            st.fixed_dictionaries({"in1": inner, "in2": inner}),
            st.lists(st.sampled_from(["in1", "in2"]), unique=True),
        ),
        max_leaves=6,
    ).filter(lambda made: isinstance(made, list)),
    st.fixed_dictionaries({name: st.booleans() for name in READ}),
)
def test_gates_of_fbd_give_what_the_cpu_wrote(series: list[Any], values: dict[str, bool]) -> None:
    found = plant({"fbd": [[*series, {"coil": "#q1"}]]}, language="FBD")
    [flow] = found.scan(**values)
    [(_, power)] = found.parts(flow, "Coil")
    assert power is found.snapshot()["#q1"]


def test_one_false_contact_is_enough_to_know_that_no_current_flows() -> None:
    found = plant({"rungs": [[{"contact": "#a"}, {"contact": "#b"}, {"coil": "#q1"}]]})
    for values, expected in (
        ({"#a": False}, False),
        ({"#b": False}, False),
        ({"#a": True}, None),
        ({"#a": True, "#b": True}, True),
        ({}, None),
    ):
        [flow] = found.flow.evaluate(values, [1])
        assert list(found.parts(flow, "Coil")) == [("#q1", expected)]


@pytest.mark.parametrize(("a", "expected"), [(False, False), (True, None)])
def test_a_rising_edge_is_known_only_where_its_signal_is_off(a: bool, expected: bool | None) -> None:
    found = plant({"rungs": [[{"contactP": "#a", "bit": "#m1"}, {"coil": "#q1"}]]})
    [flow] = found.scan(a=a)
    assert list(found.parts(flow, "Coil")) == [("#q1", expected)]


def test_eno_of_a_call_is_not_guessed_but_its_outputs_are_read_from_the_instance() -> None:
    call = {"call": "Sub", "instance": "#sub", "in": {"on": {"contact": "#a"}}, "out": {"run": [{"coil": "#q2"}]}}
    found = plant({"rungs": [[{"contact": "#b"}, call, {"coil": "#q1"}]]})
    [flow] = found.scan(a=False, b=True)
    assert dict(found.parts(flow, "Coil")) == {"#q1": None, "#q2": True}
    [flow] = found.scan(b=False)
    assert dict(found.parts(flow, "Coil")) == {"#q1": False, "#q2": True}


def test_a_flip_flop_gives_the_state_of_its_operand() -> None:
    box = {"box": "Sr", "in": {"operand": "#q1", "r1": {"contact": "#b"}}}
    found = plant({"rungs": [[{"contact": "#a"}, box, {"coil": "#q2"}]]})
    for values, expected in (({"a": True}, True), ({"a": False}, True), ({"b": True}, False)):
        [flow] = found.scan(**values)
        assert list(found.parts(flow, "Coil")) == [("#q2", expected)]


def test_set_and_reset_coils_show_the_power_and_not_the_operand() -> None:
    found = plant({"rungs": [[{"contact": "#a"}, {"set": "#q1"}]]})
    assert [list(found.parts(each, "SCoil")) for scan in (True, False) for each in found.scan(a=scan)] == [
        [("#q1", True)],
        [("#q1", False)],
    ]
    assert found.snapshot()["#q1"] is True


@pytest.mark.parametrize("a", [True, False])
def test_a_network_that_a_jump_leaves_out_has_no_current(a: bool) -> None:
    found = plant(
        {"rungs": [[{"contact": "#a"}, {"jump": "END"}]]},
        {"rungs": [[{"contact": "#b"}, {"coil": "#q1"}]]},
        {"rungs": [[{"contact": "#b"}, {"coil": "#q2"}]], "labels": ["END"]},
    )
    flows = found.scan(a=a, b=True)
    assert [each.executed for each in flows] == [True, not a, True]
    assert [list(found.parts(each, "Coil")) for each in flows[1:]] == [[("#q1", None if a else True)], [("#q2", True)]]
    assert [each.executed for each in found.flow.evaluate({}, [1, 2, 3])] == [True, None, True]
    assert "#a" in found.flow.paths([2])


def test_nothing_is_known_behind_a_return_until_the_end_of_the_block() -> None:
    found = plant(
        {"rungs": [[{"contact": "#a"}, {"box": "Return", "in": {"operand": "TRUE"}}]]},
        {"rungs": [[{"coil": "#q1"}]]},
    )
    assert [each.executed for each in found.scan(a=True)] == [True, False]
    assert [each.executed for each in found.scan(a=False)] == [True, True]


def test_variables_of_a_function_are_not_known() -> None:
    found = plant({"rungs": [[{"contact": "#a"}, {"coil": '"D2".run'}]]}, kind="FC", more=DATA)
    assert found.flow.paths([1]) == ['"D2".run']
    [flow] = found.flow.evaluate({"#a": True, '"D2".run': True}, [1])
    assert list(found.parts(flow, "Coil")) == [('"D2".run', None)]
    assert [(each.text, each.path) for each in flow.operands] == [("#a", ""), ('"D2".run', '"D2".run')]


def test_operands_that_a_variable_chooses_are_not_known() -> None:
    found = plant(
        {"rungs": [[{"contact": '"D2".list[#i]'}, {"contact": '"D2".list[2]'}, {"coil": "#q1"}]]},
        more=DATA,
    )
    assert [each.path for each in found.flow.evaluate({}, [1])[0].operands] == ["", '"D2".list[2]', "#q1"]


DATA = """
DATA_BLOCK "D2"
VERSION : 0.1
VAR
  run : Bool;
  list : Array[0..3] of Bool;
END_VAR
BEGIN
END_DATA_BLOCK
"""
