"""GRAPH as authors write it and as TIA Portal exports it."""

import copy
import json
import time
from typing import Any

import pytest
from lxml import etree

from simatic_xml import Document, SimaticMLError, dump, flgnet, from_json, graph, load, to_json
from simatic_xml.graph.actions import tokens_of
from tests.simatic_xml.corpus import MANIFEST, corpus_files

needs_corpus = pytest.mark.skipif(not MANIFEST.exists(), reason="the corpus of real files is not beside the repository")

FILL: dict[str, Any] = {
    "steps": [
        {"name": "Idle", "init": True},
        {"name": "Fill", "actions": [{"qualifier": "N", "operand": "#valve"}], "interlock": [{"contact": "#ready"}]},
        {"name": "Drain", "maximum": "T#1M"},
    ],
    "transitions": [
        {"name": "Start", "condition": [{"contact": "#start"}]},
        {"name": "Full", "condition": [{"contact": "#full"}]},
        {"name": "Empty"},
    ],
}


def built(sequence: dict[str, Any], version: int = 6) -> etree._Element:
    return graph.from_json({"graph": {"sequences": [sequence]}}, version)


def connections(sequence: dict[str, Any]) -> list[tuple[str, str]]:
    def name(node: graph.Node) -> str:
        return node.kind[0].upper() + str(node.number) + (f".{node.port}" if node.kind == "branch" else "")

    found = graph.sequence(built(sequence)).connections
    return [(name(each.source), ("jump " if each.jump else "") + name(each.target)) for each in found]


def numbered(steps: int, transitions: int, flow: object) -> dict[str, Any]:
    return {"steps": [{}] * steps, "transitions": [{}] * transitions, "flow": flow}


def test_what_is_left_out_is_as_in_a_new_block() -> None:
    element = built(FILL)
    assert [etree.QName(child).localname for child in element] == [
        "PreOperations",
        "Sequence",
        "PostOperations",
        "AlarmsSettings",
    ]
    step = element.find(".//{*}Step")
    assert step is not None
    assert {str(key): value for key, value in step.attrib.items()} == {
        "Number": "1",
        "Init": "true",
        "Name": "Idle",
        "MaximumStepTime": "T#10S",
        "WarningTime": "T#7S",
    }
    assert [etree.QName(child).localname for child in step] == ["Actions", "Supervisions", "Interlocks"]
    assert [len(flgnet.graph(each).parts) for each in step.iter("{*}FlgNet")] == [1, 1]
    assert len(list(element.iter("{*}AlarmSupervisionCategory"))) == 8
    assert connections(FILL) == [
        ("S1", "T1"),
        ("S2", "T2"),
        ("S3", "T3"),
        ("T1", "S2"),
        ("T2", "S3"),
        ("T3", "jump S1"),
    ]


def test_settings_of_alarms_follow_the_version() -> None:
    for version, count in ((1, 3), (2, 3), (4, 10), (6, 10)):
        settings = built(FILL, version).find("{*}AlarmsSettings")
        assert settings is not None
        assert len(settings) == count
    given = {"graph": {"sequences": [FILL], "alarms": {"interlock": [3, 1, 2], "displayClasses": [1] * 8}}}
    assert graph.to_json(graph.from_json(given))["graph"]["alarms"] == given["graph"]["alarms"]


@pytest.mark.parametrize(
    ("sequence", "expected"),
    [
        (
            numbered(3, 3, ["Step1", {"alternative": [["Trans1", "Step2", "Trans2"], ["Trans3"]]}, "Step3"]),
            "S1>B1.0 S2>T2 T1>S2 T2>B2.0 T3>B2.1 B1.0>T1 B1.1>T3 B2.0>S3",
        ),
        (
            numbered(3, 2, ["Step1", "Trans1", {"simultaneous": [["Step2"], ["Step3"]]}, "Trans2", {"end": True}]),
            "S1>T1 S2>B2.0 S3>B2.1 T1>B1.0 T2>E0 B1.0>S2 B1.1>S3 B2.0>T2",
        ),
        (
            numbered(1, 2, ["Step1", {"alternative": [["Trans1", {"jump": "Step1"}], ["Trans2", {"end": True}]]}]),
            "S1>B1.0 T1>jump S1 T2>E0 B1.0>T1 B1.1>T2",
        ),
        (
            numbered(3, 2, [["Step1", "Trans1", {"jump": "Step3"}], ["Step2"], ["Step3", "Trans2", {"jump": "Step2"}]]),
            "S1>T1 S3>T2 T1>jump S3 T2>jump S2",
        ),
    ],
)
def test_a_flow_gives_its_connections_and_comes_back(sequence: dict[str, Any], expected: str) -> None:
    assert " ".join(f"{source}>{target}" for source, target in connections(sequence)) == expected
    again = graph.to_json(built(sequence))["graph"]["sequences"][0]
    assert again["flow"] == sequence["flow"]
    assert "x" not in again


def test_one_alternative_alone_can_lead_to_the_end_of_a_simultaneous_branch() -> None:
    path = ["Step2", {"alternative": [["Trans2", {"jump": "Step2"}], ["Trans3", "Step3"]]}]
    flow = ["Step1", "Trans1", {"simultaneous": [path, ["Step4"]]}, "Trans4", {"jump": "Step1"}]
    expected = (
        "S1>T1 S2>B2.0 S3>B3.0 S4>B3.1 T1>B1.0 T2>jump S2 T3>S3 T4>jump S1 B1.0>S2 B1.1>S4 B2.0>T2 B2.1>T3 B3.0>T4"
    )
    sequence = numbered(4, 4, flow)
    assert " ".join(f"{source}>{target}" for source, target in connections(sequence)) == expected
    again = graph.to_json(built(sequence))["graph"]["sequences"][0]
    assert connections(again) == connections(sequence)


def test_a_branch_keeps_its_number() -> None:
    flow = ["Step1", {"alternative": [["Trans1"], ["Trans2"]], "branch": 7, "join": 4}, "Step2"]
    again = graph.to_json(built(numbered(2, 2, flow)))["graph"]["sequences"][0]
    assert again["flow"] == flow


def test_connections_that_are_no_flow_are_listed() -> None:
    listed = {
        "branches": [{"number": 1, "type": "SimEnd", "cardinality": 2}],
        "connections": [["step 1", "branch 1.0"], ["branch 1.0", "step 2"], ["step 2", "transition 1", "jump"]],
    }
    element = built({"steps": [{}, {}], "transitions": [{}]} | listed)
    again = graph.to_json(element)["graph"]["sequences"][0]
    assert {key: again[key] for key in listed} == listed
    assert "flow" not in again


def test_two_sequences_share_names_and_numbers() -> None:
    paths = [["Trans2", {"jump": "Step1"}], ["Trans3", {"end": True}]]
    flows: list[Any] = [
        [["Step1", "Trans1", {"jump": "Step3"}], ["Step2"]],
        ["Step3", {"alternative": paths}],
    ]
    element = graph.from_json({"graph": {"sequences": [numbered(2, 1, flows[0]), numbered(1, 2, flows[1])]}})
    assert [step.number for step in graph.program(element).sequences[1].steps] == [3]
    assert graph.sequence(element, 1).branches == (graph.Branch(1, "AltBegin", 2),)
    again = graph.to_json(element)["graph"]["sequences"]
    assert [each["flow"] for each in again] == flows
    with pytest.raises(SimaticMLError, match="2 sequences"):
        graph.sequence(element, 2)


@pytest.mark.parametrize(
    ("flow", "pointer", "said"),
    [
        ("Step1", "", "is a list"),
        (["Step1", "Step2"], "/1", "in turn"),
        (["Step1", "Trans1", "Step9"], "/2", "names no"),
        (["Step1", "Trans1", {"step": 9}], "/2", "names no"),
        (["Step1", "Trans1"], "", "is not in the flow"),
        (["Step1", "Trans1", "Step1"], "/2", "already in the flow"),
        (["Step1", "Trans1", {"jump": "Trans1"}], "/2/jump", "goes to a step"),
        (["Step1", "Trans1", {"end": True}, "Step2"], "/3", "Nothing follows"),
        (["Step1", {"end": True}], "/1", "in turn"),
        (["Step1", {"simultaneous": [["Step2"]]}], "/1", "in turn"),
        (["Step1", {"alternative": []}], "/1", "a list for each path"),
        (["Step1", {"alternative": [["Step2"]]}], "/1/alternative/0/0", "in turn"),
        (["Step1", {"alternative": [["Trans1"]], "branch": "1"}], "/1/branch", "whole number"),
        (["Step1", {"alternative": [["Trans1"]], "branch": 3, "join": 3}, "Step2"], "/1", "Two branches"),
        ([{"alternative": [["Step1"]]}], "/0", "starts with a step"),
        ([5], "/0", "starts with a step"),
    ],
)
def test_errors_of_a_flow_name_the_place(flow: object, pointer: str, said: str) -> None:
    with pytest.raises(SimaticMLError, match=said) as error:
        built(numbered(2, 1, flow))
    assert error.value.pointer == f"/graph/sequences/0/flow{pointer}"


@pytest.mark.parametrize(
    ("sequence", "pointer"),
    [
        ({"steps": [{"nmae": "x"}]}, "/steps/0/nmae"),
        ({"steps": [{"number": -1}]}, "/steps/0/number"),
        ({"steps": [{"interlock": 5}]}, "/steps/0/interlock"),
        ({"steps": [{"interlock": {"rungs": [], "series": []}}]}, "/steps/0/interlock"),
        ({"steps": [{"interlock": [{"contcat": "#x"}]}]}, "/steps/0/interlock/rungs/0/0"),
        ({"steps": [{"actions": [{"qualifier": "X"}]}]}, "/steps/0/actions/0/qualifier"),
        ({"steps": [{"actions": [{"event": "C1"}]}]}, "/steps/0/actions/0/event"),
        ({"steps": [{"actions": [{"text": "a", "operand": "#a"}]}]}, "/steps/0/actions/0"),
        ({"steps": [{"actions": [{"tokens": [1]}]}]}, "/steps/0/actions/0/tokens"),
        ({"steps": [{}], "connections": [["step 1", "nowhere"]]}, "/connections/0"),
        ({"steps": [{}], "connections": [["step 1"]]}, "/connections/0"),
        ({"steps": [{}], "connections": [], "branches": [{}]}, "/branches/0"),
        ({"steps": [{"x": {"extra": [5]}}]}, "/steps/0/x/extra"),
    ],
)
def test_errors_of_a_sequence_name_the_place(sequence: dict[str, Any], pointer: str) -> None:
    with pytest.raises(SimaticMLError) as error:
        built(sequence)
    assert error.value.pointer == f"/graph/sequences/0{pointer}"


@pytest.mark.parametrize(
    "data",
    [
        None,
        {},
        {"graph": 5},
        {"graph": {}, "x": 1},
        {"graph": {"language": "SCL"}},
        {"graph": {"alarms": {"warning": [""]}}},
    ],
)
def test_json_of_another_form_is_refused(data: object) -> None:
    with pytest.raises(SimaticMLError) as error:
        graph.from_json(data)
    assert error.value.pointer is not None
    with pytest.raises(SimaticMLError, match="XML"):
        graph.from_json({"graph": {"sequences": [{"steps": [{"name": "\x00"}]}]}})


def test_an_action_is_cut_into_tokens_as_in_an_export() -> None:
    assert tokens_of('#a := "D B".x[1, 2].y + 5') == ("#a", " ", ":=", " ", '"D B".x[1, 2].y', " ", "+", " ", "5", "\n")
    assert tokens_of("CALL F(a := T#5s)") == ("CALL", " ", "F", "(", "a", " ", ":=", " ", "T#5s", ")", "\n")


def test_networks_that_lead_nowhere_but_to_their_coil_are_not_programmed() -> None:
    for language in ("LAD", "FBD"):
        element = graph.from_json({"graph": {"language": language, "sequences": [FILL]}})
        steps = graph.sequence(element).steps
        assert [step.interlock.programmed for step in steps] == [False, True, False]
        assert not any(step.supervision.programmed for step in steps)
        assert {step.supervision.language for step in steps} == {language}


def test_layout_does_not_matter() -> None:
    element = built(FILL)
    spaced = copy.deepcopy(element)
    etree.indent(spaced)
    assert graph.to_json(spaced) == graph.to_json(element)


def test_what_is_no_graph_network_is_refused() -> None:
    with pytest.raises(graph.GraphError, match="not a Graph element"):
        graph.to_json(etree.Element("Graph"))
    element = built(FILL)
    reference = element.find(".//{*}TransitionRef")
    assert reference is not None
    reference.set("Number", "LAST")
    with pytest.raises(graph.GraphError, match="whole number"):
        graph.to_json(element)


def test_a_network_that_json_cannot_say_is_still_carried_by_its_block() -> None:
    block = graph.block({"graph": {"sequences": [FILL]}}, "Tank", "V20")
    source = block.networks[0].source
    assert source is not None
    source.find(".//{*}TransitionRef").set("Number", "+0001")
    written = dump(Document("V20", [block]), "V20")
    data = to_json(load(written))
    assert set(data["networks"][0]["source"]) == {"tree"}
    assert dump(from_json(data)) == written


@pytest.mark.parametrize("version", ["V14 SP1", "V15", "V15.1", "V16", "V17", "V18", "V19", "V20", "V21"])
def test_a_block_has_the_members_of_its_steps_and_comes_back(version: str) -> None:
    data = {"graph": {"language": "FBD", "sequences": [FILL]}}
    block = graph.block(data, "Tank", version)
    number = graph.graph_version(version)
    static = block.section("Static")
    assert static is not None
    assert [(member.name, member.data_type) for member in static.members] == [
        ("RT_DATA", f"G7_RTDataPlus_V{number}"),
        *((name, f"G7_TransitionPlus_V{number}") for name in ("Start", "Full", "Empty")),
        *((name, f"G7_StepPlus_V{number}") for name in ("Idle", "Fill", "Drain")),
    ]
    assert [len(section.members) for section in block.interface] == [13, 8, 0, 7, 0, 0]
    assert block.attributes["GraphVersion"] == f"{number}.0"
    written = dump(Document(version, [block]), version)
    assert dump(from_json(json.loads(json.dumps(to_json(load(written)))))) == written


@pytest.mark.parametrize("name", ["Idle", "fill", "S_NO", ""])
def test_names_are_unique_in_a_block(name: str) -> None:
    sequence = {"steps": FILL["steps"], "transitions": [{"name": name}], "connections": []}
    with pytest.raises(graph.GraphError, match="name"):
        graph.interface({"graph": {"sequences": [sequence]}}, "V19")


@needs_corpus
def test_exports_come_back_readable() -> None:
    exports = [data for path in corpus_files() if b"/NetworkSource/Graph/" in (data := path.read_bytes())]
    assert exports
    for export in exports:
        written = to_json(load(export))
        sources = [network["source"]["graph"] for network in written["networks"]]
        assert all("x" not in each for source in sources for each in (source, *source["sequences"]))
        assert dump(from_json(json.loads(json.dumps(written)))) == export


def test_a_long_row_of_open_brackets_is_cut_soon() -> None:
    start = time.process_time()
    assert "".join(tokens_of("#a[" * 20_000)) == "#a[" * 20_000 + "\n"
    assert time.process_time() - start < 20
