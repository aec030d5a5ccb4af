"""What is wrong with a design is told with its place, all of it at once."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from engineering_api.features.design import designs
from openness_bridge.errors import Problem
from simatic_xml.limits import LimitError
from tests.engineering_api.features.design.kit import PUMP, made, with_modules

Json = dict[str, Any]


def refused(data: Json) -> list[tuple[str, str, str]]:
    """Code, pointer and message of all that is wrong with a design."""
    with pytest.raises(Problem) as caught:
        designs.whole("", data)
    return [
        (each.code, (each.place.pointer if each.place else "") or "", each.message) for each in caught.value.details
    ]


def changed(pointer: str, value: Any, data: Json = PUMP) -> Json:
    """A design with something else at one place."""
    design = copy.deepcopy(data)
    *way, last = pointer.strip("/").split("/")
    place: Any = design
    for key in way:
        place = place[int(key) if isinstance(place, list) else key]
    if isinstance(place, list) and int(last) == len(place):
        place.append(value)
    else:
        place[int(last) if isinstance(place, list) else last] = value
    return design


SEQUENCE: Json = {
    "kind": "sequence",
    "name": "Mixing",
    "steps": [
        {"name": "Idle", "next": [{"to": "Mix", "when": "Start"}]},
        {"name": "Mix", "outputs": ["stir"], "next": [{"to": "Idle", "after": "2s"}]},
    ],
}
ALARMS: Json = {"kind": "alarms", "name": "Alarms1", "alarms": [{"name": "high", "condition": "Level.high"}]}


def test_the_designs_that_are_changed_here_are_right() -> None:
    assert designs.whole("", PUMP)[1] == []
    designs.whole("", with_modules(SEQUENCE, ALARMS))


@pytest.mark.parametrize(
    ("pointer", "value", "code", "at", "says"),
    [
        # shape
        ("/extra", 1, "design.invalid", "/extra", "is not known"),
        ("/design", "2", "design.invalid", "/design", "Invalid"),
        ("/tags", {}, "design.invalid", "/tags", "a list"),
        ("/modules/0/kind", "moter", "design.invalid", "/modules/0/kind", "motor, valve"),
        ("/modules/0/name", "Pump 1", "design.invalid", "/modules/0/name", "not a name"),
        ("/modules/0/feedbackTime", "soon", "design.invalid", "/modules/0/feedbackTime", "not a duration"),
        ("/modules/0/colour", "red", "design.invalid", "/modules/0/colour", "'colour' is not known"),
        ("/devices", [], "design.invalid", "", "'devices' is missing"),
        # names
        ("/tags/1/name", "start", "design.name", "/tags/1/name", "is already used by the element at /tags/0"),
        ("/modules/0/name", "Motor", "design.name", "/modules/0/name", "a block of the library"),
        ("/groups/0/name", "Main", "design.name", "/groups/0/name", "an organization block"),
        ("/data/0/members/1/name", "LIMIT", "design.name", "/data/0/members/1/name", "given twice"),
        # references
        ("/modules/0/command", "Strat", "design.unknown", "/modules/0/command", "did you mean 'Start'?"),
        ("/modules/0/command", "Level", "design.unknown", "/modules/0/command", "such as Level.value"),
        ("/modules/0/command", "Level.broken", "design.unknown", "/modules/0/command", "it has value, valid"),
        ("/modules/0/command", "Settings.limt > 1.0", "design.unknown", "/modules/0/command", "did you mean 'limit'?"),
        ("/modules/0/mode", "Plant", "design.unknown", "/modules/0/mode", "no module of kind modes"),
        ("/groups/0/modules/0", "Pumpe", "design.unknown", "/groups/0/modules/0", "no module 'Pumpe'"),
        ("/tags/0/device", "PLC_9", "design.unknown", "/tags/0/device", "no device 'PLC_9'"),
        ("/data/0/members/0/type", "Recipe", "design.unknown", "/data/0/members/0/type", "no data type 'Recipe'"),
        # addresses and outputs
        ("/tags/1/address", "%I0.0", "design.address", "/tags/1/address", "of 'Start' already"),
        ("/tags/2/address", "%IB0", "design.address", "/tags/2/address", "does not suit"),
        ("/tags/2/address", "%IW0", "design.address", "/tags/2/address", "overlaps %I0.0"),
        ("/tags/0/address", "%X0.0", "design.address", "/tags/0/address", "not the address"),
        ("/modules/0/run", "Start", "design.unknown", "/modules/0/run", "is an input"),
        ("/modules/0/run", "Pump_lost", "design.unknown", "/modules/0/run", "no tag, data block or module"),
        ("/modules/0/run", "Level.value", "design.unknown", "/modules/0/run", "only tags and data"),
        ("/modules/0/run", "NOT Pump_run", "design.expression", "/modules/0/run", "cannot be written"),
        # expressions and types
        ("/modules/0/command", "Start AND", "design.expression", "/modules/0/command", "not an expression"),
        ("/modules/0/command", "ABS(1)", "design.expression", "/modules/0/command", "contains a call"),
        ("/modules/0/command", "Level.value", "design.type", "/modules/0/command", "Real"),
        ("/modules/0/command", "Start + 1", "design.type", "/modules/0/command", ""),
        ("/modules/0/run", "Settings.limit", "design.type", "/modules/0/run", ""),
        ("/modules/1/raw", "Start", "design.type", "/modules/1/raw", ""),
        (
            "/data/0/members/0/start",
            "1.0; y : Int",
            "design.expression",
            "/data/0/members/0/start",
            "not an expression",
        ),
        ("/data/0/members/0/start", "T#1s", "design.type", "/data/0/members/0/start", ""),
        # calls
        ("/groups/0/modules", ["Pump"], "design.call", "/modules/1", "in no group"),
        (
            "/groups/0/modules",
            ["Pump", "Level", "pump"],
            "design.call",
            "/groups/0/modules/2",
            "called by 'Pumps' already",
        ),
        ("/groups/0/every", "5m", "design.call", "/groups/0/every", "1 ms to 1 minute"),
        (
            "/tests/0/steps/0/expect",
            {"x": {"within": "1s"}},
            "design.test",
            "/tests/0/steps/0/expect/x",
            "checks nothing",
        ),
        ("/tests/0/block", "Motor", "design.test", "/tests", "single block"),
    ],
)
def test_a_mistake_is_told_with_its_place(pointer: str, value: Any, code: str, at: str, says: str) -> None:
    found = refused(changed(pointer, value))
    assert any(says in message for c, p, message in found if (c, p) == (code, at)), found
    assert len(found) <= 3  # a name that is gone is missed elsewhere


@pytest.mark.parametrize(
    ("pointer", "value", "code", "at", "says"),
    [
        ("/steps/1/next/0/to", "Idel", "design.unknown", "/steps/1/next/0/to", "no step 'Idel'"),
        ("/steps/0/next/0/to", "Idle", "design.sequence", "/steps/1", "Nothing leads to 'Mix'"),
        (
            "/steps/0/next/0/when",
            "Start XOR Level.high",
            "design.expression",
            "/steps/0/next/0/when",
            "cannot be drawn",
        ),
        ("/steps/0/next/0/when", "Level.value", "design.type", "/steps/0/next/0/when", "Real"),
        ("/steps/1/outputs", ["idle"], "design.name", "/steps/1/outputs", "used twice"),
        ("/steps/1/name", "S_NO", "design.name", "/steps/1/name", "used twice"),
    ],
)
def test_a_mistake_in_a_sequence(pointer: str, value: Any, code: str, at: str, says: str) -> None:
    sequence = changed(pointer, value, SEQUENCE)
    if pointer == "/steps/1/name":
        sequence["steps"][0]["next"][0]["to"] = value
    found = refused(with_modules(sequence))
    assert [(c, p) for c, p, _ in found] == [(code, f"/modules/2{at}")], found
    assert says in found[0][2]


def test_a_sequence_needs_a_cpu_with_graph() -> None:
    data = with_modules(SEQUENCE)
    data["devices"][0]["orderNumber"] = "6ES7 214-1AG40-0XB0"
    assert [(code, at) for code, at, _ in refused(data)] == [("design.sequence", "/modules/2")]


def test_alarms_have_names_of_their_own() -> None:
    alarms = changed("/alarms/0/name", "horn", ALARMS)
    assert [(code, at) for code, at, _ in refused(with_modules(alarms))] == [
        ("design.name", "/modules/2/alarms/0/name")
    ]


def test_two_modules_do_not_write_one_output() -> None:
    second = {"kind": "motor", "name": "Second", "run": "Pump_run"}
    assert [(code, at) for code, at, _ in refused(with_modules(second))] == [("design.output", "/modules/2/run")]


def test_a_controller_runs_in_a_cyclic_interrupt() -> None:
    controller = {"kind": "pid", "name": "Control", "setpoint": 1, "value": "Level.value"}
    assert [(code, at) for code, at, _ in refused(with_modules(controller))] == [("design.call", "/groups/0/modules/2")]


def test_a_module_is_called_as_often_as_its_mode() -> None:
    data = with_modules({"kind": "modes", "name": "Line"})
    data["modules"].append({"kind": "motor", "name": "Slow", "mode": "Line"})
    data["groups"].append({"name": "Slowly", "modules": ["Slow"], "every": "1s"})
    assert [(code, at) for code, at, _ in refused(data)] == [("design.call", "/modules/3/mode")]
    designs.whole("", changed("/groups/0/every", "1000ms", data))


def test_in_lad_conditions_are_drawn() -> None:
    data = changed("/groups/0/language", "LAD")
    designs.whole("", data)
    for condition in ("Start XOR Level.high", "Start = Level.high + 1"):
        assert [(c, p) for c, p, _ in refused(changed("/modules/0/command", condition, data))] == [
            ("design.expression", "/modules/0/command")
        ]


def test_all_mistakes_are_told_at_once_and_with_their_lines() -> None:
    text = "\n".join(
        [
            "name: X",
            "devices:",
            "- {name: PLC_1, orderNumber: 6ES7 511-1AK02-0AB0}",
            "modules:",
            "- kind: motor",
            "  name: A",
            "  command: Nowhere",
            "  feedback: Neither AND NOR",
            "- kind: valve",
            "  name: a",
            "groups:",
            "- {name: G, modules: [A, B]}",
        ]
    )
    with pytest.raises(Problem) as caught:
        designs.whole(text, None)
    places = [(each.place.line, each.place.pointer) for each in caught.value.details if each.place]
    assert places == [
        (10, "/modules/1/name"),
        (12, "/groups/0/modules/1"),
        (7, "/modules/0/command"),
        (8, "/modules/0/feedback"),
        (8, "/modules/0/feedback"),
    ]
    assert "(and 4 more)" in caught.value.message


def test_several_mistakes_of_one_element_are_told() -> None:
    module = {
        "kind": "motor",
        "name": "a b",
        "feedbackTime": "x",
        "interlocks": [{"name": 1, "condition": 2}],
        "more": 1,
    }
    pointers = [at for _, at, _ in refused(PUMP | {"modules": [module]})]
    assert sorted(pointers) == [
        "/modules/0/feedbackTime",
        "/modules/0/interlocks/0/condition",
        "/modules/0/interlocks/0/name",
        "/modules/0/more",
        "/modules/0/name",
    ]


def test_tags_that_nothing_uses_are_a_warning() -> None:
    data = changed("/tags/3", {"name": "Spare", "type": "Bool", "address": "%I5.0"})
    assert designs.whole("", data)[1] == ["The tag 'Spare' is not used."]


@pytest.mark.slow
@pytest.mark.parametrize("depth", [50, 5000, 100_000])
def test_a_design_that_is_nested_deeply_is_refused(depth: int) -> None:
    for text in ("[" * depth + "]" * depth, '{"name": "x", "tests": [{"a": ' + "[" * depth + "]" * depth + "}]}"):
        with pytest.raises((Problem, LimitError)) as caught:
            designs.whole(text, None)
        assert caught.value.code.startswith(("design.", "limit.yaml_nesting"))


def test_addresses_and_types_are_spelled_as_tia_portal_does() -> None:
    data = changed("/tags/0", {"name": "Start", "type": "BOOL", "address": "e0.0"})
    [table] = [each for each in made(data) if each.kind == "TagTable"]
    assert '"address": "%I0.0"' in table.text
    assert '"type": "Bool"' in table.text


@pytest.mark.parametrize("text", ["", "- 1", "just text", "a: [", "{", "name: [1, 2"])
def test_what_is_no_design_is_refused(text: str) -> None:
    with pytest.raises(Problem) as caught:
        designs.whole(text or " ", None)
    assert caught.value.code == "design.invalid"


def test_a_text_that_is_no_yaml_says_on_which_line() -> None:
    with pytest.raises(Problem, match=r"^line 3: This is not YAML") as caught:
        designs.whole("design: '1'\nname: Plant\ntags: [{name: a type: Bool}\n", None)
    assert [each.place.line for each in caught.value.details if each.place is not None] == [3]
