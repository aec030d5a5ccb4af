"""GRAPH is drawn with every step, transition, action, branch, jump and end, in the order of its flow."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from simatic_xml import SimaticMLError, drawing, graph
from tests.simatic_xml.corpus import MANIFEST, corpus_files
from tests.simatic_xml.drawing.geometry import Area, faults, frames, labels, lines
from tests.simatic_xml.graph.programs import damaged, programs
from tests.support.examples import examples

WIDTHS = st.sampled_from([None, 1600, 600])


def drawn(element: etree._Element, width: float | None = None) -> etree._Element:
    return etree.fromstring(drawing.svg(element, width))


def sequence(flow: list[Any], **more: Any) -> etree._Element:
    """Return a program of the steps ``S…`` and transitions ``T…`` that a flow names; jumps name steps."""
    names = sorted(_names(flow), key=lambda name: int(name[1:]))
    steps: list[dict[str, Any]] = [{"number": int(name[1:]), "name": f"Name{name}"} for name in names if name[0] == "S"]
    steps[0]["init"] = True
    transitions = [{"number": int(name[1:]), "name": f"Name{name}"} for name in names if name[0] == "T"]
    content = {"steps": steps, "transitions": transitions, "flow": _long(flow)}
    return graph.from_json({"graph": {"sequences": [content], **more}})


def _names(flow: Any) -> set[str]:
    match flow:
        case list():
            return {name for item in flow for name in _names(item)}
        case {"alternative": paths} | {"simultaneous": paths}:
            return _names(paths)
        case str():
            return {flow}
    return set()


def _long(flow: Any) -> Any:
    match flow:
        case list():
            return [_long(item) for item in flow]
        case dict():
            return {key: _long(value) for key, value in flow.items()}
        case str():
            return f"Name{flow}"
    return flow


def labelled(picture: etree._Element, name: str) -> Area:
    """Return the only label with this text, or the only title where other labels have the text too."""
    found = [label for label in labels(picture) if label.name == name]
    [only] = [label for label in found if label.kind == "title"] if len(found) > 1 else found
    return only


def place(picture: etree._Element, name: str) -> tuple[float, float]:
    """Return the middle of the only label with this text."""
    found = labelled(picture, name)
    return (found.left + found.right) / 2, (found.top + found.bottom) / 2


def frame_of(picture: etree._Element, name: str) -> list[Area]:
    """Return the frames around a label, the outermost first."""
    found = labelled(picture, name)
    return sorted((each for each in frames(picture) if each.holds(found)), key=lambda each: each.left)


def rules(picture: etree._Element) -> list[Area]:
    """Return the horizontal lines of branches, from top to bottom."""
    found = [line for line in lines(picture) if line.kind == "line" and line.right - line.left > 50]
    return sorted(found, key=lambda line: line.top)


def middle(area: Area) -> float:
    return (area.left + area.right) / 2


def test_steps_and_transitions_are_below_each_other() -> None:
    picture = drawn(sequence(["S1", "T1", "S2", "T2", {"jump": "S1"}]))
    steps = [frame_of(picture, name)[0] for name in ("S1", "S2")]
    bars = sorted((line for line in lines(picture) if line.kind == "bar"), key=lambda line: line.top)
    order = [steps[0].bottom, bars[0].top, steps[1].top, steps[1].bottom, bars[1].top]
    assert order == sorted(order)
    assert len({round(middle(each)) for each in (*steps, *bars)}) == 1
    assert {"NameS1", "NameS2", "T1", "NameT1", "T2", "NameT2"} <= {label.name for label in labels(picture)}


def test_the_initial_step_has_a_double_frame() -> None:
    picture = drawn(sequence(["S1", "T1", "S2", "T2", {"jump": "S1"}]))
    assert [len(frame_of(picture, name)) for name in ("S1", "S2")] == [2, 1]


def test_a_jump_names_its_target_and_its_target_names_the_transition() -> None:
    picture = drawn(sequence(["S1", "T1", "S2", {"alternative": [["T2", {"jump": "S1"}], ["T3", {"jump": "S2"}]]}]))
    shown = [label.name for label in labels(picture)]
    assert shown.count("S1 NameS1") == shown.count("S2 NameS2") == 1
    sources = {label.name: label for label in labels(picture) if label.kind == "node"}
    assert set(sources) == {"T2", "T3"}
    for source, target in (("T2", "S1"), ("T3", "S2")):
        frame = frame_of(picture, target)[0]
        assert sources[source].bottom < frame.top
        assert frame.top - sources[source].bottom < 20
    arrows = [path for path in picture.iter("{*}path") if path.get("class") == "arrow"]
    assert len(arrows) == 4


def test_an_alternative_branch_has_a_single_line_at_both_ends() -> None:
    picture = drawn(
        sequence(
            ["S1", {"alternative": [["T1", "S2", "T2"], ["T3"], ["T4", {"end": True}]]}, "S3", "T5", {"end": True}]
        )
    )
    opening, closing = rules(picture)
    step, after = frame_of(picture, "S1")[0], frame_of(picture, "S3")[0]
    assert step.bottom < opening.top < place(picture, "T1")[1]
    assert place(picture, "T2")[1] < closing.top < after.top
    bars = {round(middle(line)) for line in lines(picture) if line.kind == "bar" and line.right - line.left > 20}
    reached = {round(each) for each in (opening.left, opening.right)}
    assert reached == {min(bars), max(bars)}
    assert closing.left == opening.left == middle(step)
    assert closing.right < opening.right
    assert place(picture, "T1")[0] < place(picture, "T3")[0] < place(picture, "T4")[0]


def test_a_simultaneous_branch_has_double_lines() -> None:
    picture = drawn(sequence(["S1", "T1", {"simultaneous": [["S2"], ["S3", "T2", "S4"]]}, "T3", {"jump": "S1"}]))
    first, second, third, fourth = rules(picture)
    assert second.top - first.top == fourth.top - third.top == 4
    assert (first.left, first.right) == (second.left, second.right) == (third.left, third.right)
    assert place(picture, "T1")[1] < first.top < frame_of(picture, "S2")[0].top
    assert frame_of(picture, "S4")[0].bottom < third.top < place(picture, "T3")[1]


def test_the_end_of_a_sequence_is_a_bar() -> None:
    picture = drawn(sequence(["S1", "T1", {"end": True}]))
    bars = sorted((line for line in lines(picture) if line.kind == "bar"), key=lambda line: line.top)
    assert len(bars) == 2
    assert middle(bars[0]) == middle(bars[1])


ACTIONS = [
    {"qualifier": "N", "operand": "#run"},
    {"qualifier": "S", "event": "S1", "operand": '"Motor_DB".on'},
    {"qualifier": "R", "event": "A1", "interlock": True, "operand": "#light"},
    {"qualifier": "N", "text": 'CALL "Motor", "Motor_DB"\n(\nstart := #on\n)'},
]


def whole(**step: Any) -> dict[str, Any]:
    """Return a program of a single step and transition."""
    content = {
        "steps": [{"number": 1, "name": "Fill", "init": True, **step}],
        "transitions": [{"number": 1, "name": "Full"}],
    }
    return {"graph": {"sequences": [content | {"flow": ["Fill", "Full", {"jump": "Fill"}]}]}}


def test_actions_are_in_a_table_next_to_their_step() -> None:
    picture = drawn(graph.from_json(whole(actions=ACTIONS)))
    step = frame_of(picture, "S1")[0]
    [table] = frame_of(picture, "Qualifier")
    assert step.right < table.left
    assert table.top == step.top
    rows: dict[int, list[Area]] = {}
    for label in labels(picture):
        if label.kind == "action":
            rows.setdefault(round(label.top), []).append(label)
    shown = [[label.name for label in sorted(row, key=lambda label: label.left)] for _, row in sorted(rows.items())]
    assert shown == [
        ["N", "#run"],
        ["S1", "S", '"Motor_DB".on'],
        ["-(C)-", "A1", "R", "#light"],
        ["N", 'CALL "Motor", "Motor_DB"(start := #on)'],
    ]


def test_interlock_and_supervision_are_marked_and_listed() -> None:
    lock, watch = [{"contact": '"Emergency stop"'}], [{"compare": ["#Fill.T", ">", "T#9s"], "type": "Time"}]
    picture = drawn(graph.from_json(whole(interlock=lock, supervision=watch)))
    flags = [
        label for label in labels(picture) if label.kind == "letter" and label.right < frame_of(picture, "S1")[0].left
    ]
    assert [flag.name for flag in flags] == ["C", "V"]
    for heading, operand in (("S1 Fill: interlock", '"Emergency stop"'), ("S1 Fill: supervision", "#Fill.T")):
        assert place(picture, heading)[1] < place(picture, operand)[1]
    plain = drawn(graph.from_json(whole()))
    assert not [label for label in labels(plain) if label.kind == "letter" or "interlock" in label.name]


def test_the_condition_of_a_transition_is_next_to_its_bar() -> None:
    data = whole()
    data["graph"]["sequences"][0]["transitions"][0]["condition"] = [{"contact": "#start"}, {"contact": '"Full"'}]
    picture = drawn(graph.from_json(data))
    [bar] = [line for line in lines(picture) if line.kind == "bar"]
    for operand in ("#start", '"Full"'):
        x, y = place(picture, operand)
        assert x < bar.left
        assert bar.top - 25 < y < bar.top
    touching = [line for line in lines(picture) if line.right == bar.left and line.top == bar.top]
    assert len(touching) == 1


def test_conditions_that_find_no_room_are_listed() -> None:
    wide = [{"contact": f"#contact_number_{index}"} for index in range(6)]
    numbers = range(1, 8)
    content: dict[str, Any] = {
        "steps": [{"number": 1, "name": "Wait", "init": True}],
        "transitions": [{"number": number, "name": f"Go{number}", "condition": wide} for number in numbers],
        "flow": ["Wait", {"alternative": [[f"Go{number}", {"jump": "Wait"}] for number in numbers]}],
    }
    element = graph.from_json({"graph": {"sequences": [content]}})
    narrow, free = drawn(element, 1000), drawn(element)
    assert float(narrow.get("width", "0")) <= 1000 < float(free.get("width", "0"))
    listed = [label.name for label in labels(narrow) if label.name.endswith(": condition")]
    assert listed == [f"T{number} Go{number}: condition" for number in numbers]
    assert [sum(label.name == "#contact_number_5" for label in labels(each)) for each in (narrow, free)] == [7, 7]
    assert not [label for label in labels(free) if label.name.endswith(": condition")]


def test_permanent_operations_are_before_and_after_the_sequences() -> None:
    before = [{"title": "Copy", "rungs": [[{"contact": "#a"}, {"coil": "#b"}]]}]
    after = [{}, {"fbd": [[{"move": "5", "to": "#n"}]]}]
    picture = drawn(sequence(["S1", "T1", {"jump": "S1"}], before=before, after=after))
    heights = [
        place(picture, name)[1]
        for name in (
            "Permanent pre-instructions 1: Copy",
            "#a",
            "Sequence 1",
            "S1",
            "Permanent post-instructions 2",
            "#n",
        )
    ]
    assert heights == sorted(heights)


def test_several_sequences_have_their_titles() -> None:
    first = whole()["graph"]["sequences"][0] | {"title": "Filling"}
    second = {
        "title": {"de-DE": "Leeren"},
        "steps": [{"number": 2, "name": "Empty"}],
        "transitions": [{"number": 2, "name": "Done"}],
        "flow": ["Empty", "Done", {"jump": "Fill"}],
    }
    picture = drawn(graph.from_json({"graph": {"sequences": [first, second]}}))
    assert place(picture, "Sequence 1: Filling")[1] < place(picture, "Sequence 2: Leeren")[1]
    [arrival] = [label for label in labels(picture) if label.kind == "node"]
    assert arrival.name == "T1, T2"


def test_a_flow_that_is_no_tree_names_its_branches() -> None:
    data = sequence(["S1", {"alternative": [["T1"], ["T2"]]}, "S2", "T3", {"jump": "S1"}])
    for connection in data.iter("{*}Connection"):
        target = connection.find("{*}NodeTo/{*}BranchRef")
        if target is not None and target.get("Number") == "2" and target.get("In") == "1":
            source = connection.find("{*}NodeFrom/{*}TransitionRef")
            assert source is not None
            source.set("Number", "3")
    picture = drawn(data)
    shown = {label.name for label in labels(picture)}
    assert {"T1", "T2", "T3", "S1", "S2", "branch 2"} <= shown
    assert list(faults(picture)) == []


@examples(6)
@given(programs(), WIDTHS)
def test_any_program_is_drawn_legibly_and_whole(data: dict[str, Any], width: float | None) -> None:
    element = graph.from_json(data)
    picture = drawn(element, width)
    assert list(faults(picture)) == []
    for sequence in graph.program(element).sequences:
        assert all(label_count(picture, f"S{each.number}", "title") == 1 for each in sequence.steps)
        assert all(label_count(picture, f"T{each.number}", "title") == 1 for each in sequence.transitions)
        jumps = [each for each in sequence.connections if each.jump]
        assert sum(label.kind == "jump" for label in labels(picture)) == len(jumps)


def label_count(picture: etree._Element, name: str, kind: str) -> int:
    return sum(label.name == name and label.kind == kind for label in labels(picture))


@pytest.mark.skipif(not MANIFEST.exists(), reason="the corpus of real files is not beside the repository")
def test_real_programs_are_drawn() -> None:
    exports = [data for path in corpus_files() if b"/NetworkSource/Graph/" in (data := path.read_bytes())]
    assert exports
    for export in exports:
        for element in etree.fromstring(export).iter("{*}Graph"):
            picture = drawn(element, 1600)
            assert list(faults(picture)) == []
            names = {name for node in element.iter("{*}Step", "{*}Transition") if (name := node.get("Name"))}
            assert names <= {label.name for label in labels(picture)}


@examples(10)
@given(programs(), st.data())
def test_a_damaged_program_is_drawn_or_refused(data: dict[str, Any], chance: st.DataObject) -> None:
    element = chance.draw(damaged(graph.from_json(data)))
    try:
        picture = drawn(element, 900)
    except SimaticMLError as error:
        assert error.message
    else:
        assert float(picture.get("width", "0")) > 0
