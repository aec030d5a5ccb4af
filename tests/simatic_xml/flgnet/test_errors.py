"""Every mistake of an author is told with its place, and never as a bare Python error."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lxml import etree

from simatic_xml import drawing, flgnet
from simatic_xml.flgnet import shorthand

NETWORK_MEMBERS = ["rungs", "fbd", "labels", "parts", "wires", "x", "id", "ends", "open", "element", "elements"]
STEP_MEMBERS = ["to", "in", "out", "inout", "type", "types", "card", "templates", "instance", "negated", "via", "bit"]
MEMBERS = [*shorthand.STEP_KEYS, *shorthand.STRUCTURE_KEYS, *NETWORK_MEMBERS, *STEP_MEMBERS]
LEAVES = st.none() | st.booleans() | st.integers(-2, 30)
TEXTS = st.sampled_from(["#a", '"B".c', "T#1s", "?", "", "n1", "Int", ">"])
JUNK = st.recursive(
    LEAVES | TEXTS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(MEMBERS), inner, max_size=3),
    max_leaves=12,
)


def rung(*steps: Any) -> dict[str, Any]:
    return {"rungs": [list(steps)]}


@pytest.mark.parametrize(
    ("data", "code", "pointer"),
    [
        ({}, "form", ""),
        ({"rungs": [], "fbd": []}, "form", ""),
        ({"rungs": [], "titel": 1}, "member", "/titel"),
        ({"rungs": 5}, "shape", "/rungs"),
        (rung({"contact": "start"}), "operand", "/rungs/0/0/contact"),
        (rung({"contact": "#a[1"}), "operand", "/rungs/0/0/contact"),
        (rung({"contact": "?"}), "operand", "/rungs/0/0/contact"),
        (rung({"contact": "#a", "coil": "#b"}), "step", "/rungs/0/0"),
        (rung({"contact": "#a", "set": True}), "step", "/rungs/0/0"),
        (rung({"contact": "#a", "negate": True}), "member", "/rungs/0/0"),
        (rung({"any": [[{"contact": "#a"}]]}), "any", "/rungs/0/0/any"),
        (rung({"any": [[{"contact": "#a"}], [{"contact": 5}]]}), "shape", "/rungs/0/0/any/1/0/contact"),
        (rung({"contact": "#a"}, "#b"), "series", "/rungs/0/1"),
        (rung({"contact": "#a"}, {"from": "n1"}), "series", "/rungs/0/1"),
        (rung({"from": "n1"}, {"coil": "#a"}), "unknown-node", "/rungs/0/0"),
        (rung({"jump": "END"}, {"coil": "#a"}), "flow", "/rungs/0/1"),
        (rung({"contact": "#a"}, {"coil": "#a", "in": {"in": "#b"}}), "flow", "/rungs/0/1"),
        (rung({"compare": ["#a", "=="]}), "compare", "/rungs/0/0/compare"),
        (rung({"compare": ["#a", ">", "#b"]}), "type", "/rungs/0/0"),
        (rung({"box": "TON", "instance": "timer"}), "operand", "/rungs/0/0/instance"),
        (rung({"box": "TON", "instance": "#t", "in": {"a/b": 7}}), "shape", "/rungs/0/0/in/a~1b"),
        (rung({"box": "TON", "card": "two"}), "shape", "/rungs/0/0/card"),
        (rung({"box": "New", "type": "Int"}), "templates", "/rungs/0/0"),
        (rung({"call": "F", "types": {"a": "Bool"}}), "pin", "/rungs/0/0/types"),
        (rung({"call": "F", "in": {"a": "#a"}, "inout": {"a": "#a"}}), "pin", "/rungs/0/0/inout/a"),
        (rung({"node": "n"}, {"node": "n"}), "node", "/rungs/0/1"),
        ({**rung({"contact": "#a"}), "x": {"parts": [1]}}, "stale-x", "/x/parts"),
        ({**rung({"contact": "#a"}), "x": {"uids": [1, 2]}}, "stale-x", "/x/uids"),
        ({**rung({"contact": "#a"}), "x": {"elements": {"99": []}}}, "stale-x", "/x/elements/99"),
        ({"parts": [{"id": 1, "operand": "#a"}], "wires": [["rail", 2]]}, "end", "/wires/0/1"),
        ({"parts": [{"id": 1, "operand": "#a"}, {"id": 1, "box": "Coil"}], "wires": []}, "id", "/parts/1/id"),
        (rung({"contact": "9" * 5000}), "operand", "/rungs/0/0/contact"),
        (rung({"contact": "#a\0"}), "operand", "/rungs/0/0/contact"),
        (rung({"box": "New\0"}), "characters", ""),
        ({"parts": [{"id": 10**10, "operand": "#a"}], "wires": []}, "id", "/parts/0/id"),
        ({"element": ["FlgNet"]}, "raw-shape", "/element"),
        ({"element": ["Flg Net", {}, None, []]}, "raw-value", "/element"),
    ],
)
def test_a_mistake_is_told_with_its_place(data: Any, code: str, pointer: str) -> None:
    with pytest.raises(flgnet.FlgNetError) as caught:
        flgnet.from_json(data)
    assert (caught.value.code, caught.value.pointer) == (code, pointer)
    assert caught.value.message.rstrip().endswith(".")


@settings(max_examples=300)
@given(
    st.one_of(JUNK, JUNK.map(lambda junk: {"rungs": [[junk]]}), JUNK.map(lambda junk: {"parts": [junk], "wires": []}))
)
def test_junk_is_refused_or_built_but_never_crashes(data: Any) -> None:
    try:
        element = flgnet.from_json(data)
    except flgnet.FlgNetError as error:
        assert error.code
    else:
        assert flgnet.to_json(element)


def nested(times: int, wrap: Callable[[Any], Any], inner: Any) -> Any:
    for _ in range(times):
        inner = wrap(inner)
    return inner


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"rungs": [nested(5000, lambda inner: [{"any": [inner, []]}], [])]}, "depth"),
        ({"element": nested(5000, lambda inner: ["FlgNet", {}, None, [inner]], ["Parts", {}, None, []])}, "depth"),
        (
            {"parts": [{"id": 1, "box": "A", "templates": nested(5000, lambda inner: [inner], [])}], "wires": []},
            "shape",
        ),
        (rung({"contact": "#a" + "[#a" * 5000 + "]" * 5000}), "operand"),
    ],
)
def test_endless_nesting_is_refused(data: Any, code: str) -> None:
    with pytest.raises(flgnet.FlgNetError) as caught:
        flgnet.from_json(data)
    assert caught.value.code == code


def test_logic_too_deep_to_nest_is_told_by_named_wires() -> None:
    parts: list[dict[str, Any]] = [{"id": 1, "operand": "#a"}, {"id": 2, "operand": "#q"}, {"id": 3, "box": "Coil"}]
    wires: list[Any] = [[2, [3, "operand"]]]
    for uid in range(10, 400):
        parts.append({"id": uid, "box": "A", "templates": [["Card", "Cardinality", "1"]]})
        wires.append([[uid, "out"], [uid + 1, "in1"] if uid < 399 else [3, "in"]])
    element = flgnet.from_json({"parts": parts, "wires": [[1, [10, "in1"]], *wires]})
    data = flgnet.to_json(element)
    assert data["fbd"][1] == [{"and": [[{"from": "n1"}]]}, {"node": "n2"}]
    assert etree.tostring(flgnet.from_json(data)) == etree.tostring(element)
    assert drawing.svg(element)


def test_an_element_that_nests_endlessly_is_refused() -> None:
    element = flgnet.from_json({"rungs": []})
    node = element[0]
    for _ in range(5000):
        node = etree.SubElement(node, "Access")
    with pytest.raises(flgnet.FlgNetError) as caught:
        flgnet.to_json(element)
    assert caught.value.code == "depth"
