"""XML and JSON of a network are exact inverses, and the JSON stays the readable one."""

import copy
import json
import random
from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from simatic_xml import drawing, flgnet
from tests.simatic_xml.flgnet.corpus import needs_corpus, networks, outline
from tests.simatic_xml.flgnet.networks import BOX_NETWORKS, NETWORKS
from tests.support.examples import examples

FORMS = ("rungs", "fbd", "parts", "element")


def assert_comes_back(element: etree._Element) -> dict[str, Any]:
    data = flgnet.to_json(element)
    again = flgnet.from_json(json.loads(json.dumps(data)), namespace=etree.QName(element).namespace or "")
    assert outline(again) == outline(element)
    return data


@pytest.mark.slow
@examples(12)
@given(NETWORKS)
def test_a_ladder_network_comes_back_as_it_was_written(data: dict[str, Any]) -> None:
    element = flgnet.from_json(data)
    assert flgnet.to_json(element) == data
    assert etree.tostring(flgnet.from_json(data)) == etree.tostring(element)


@examples(12)
@given(BOX_NETWORKS)
def test_a_function_block_diagram_comes_back_as_it_was_written(data: dict[str, Any]) -> None:
    assert flgnet.to_json(flgnet.from_json(data)) == data


@pytest.mark.slow
@examples(8)
@given(NETWORKS, st.randoms(use_true_random=False))
def test_a_network_comes_back_however_it_is_ordered_or_damaged(data: dict[str, Any], chance: random.Random) -> None:
    element = flgnet.from_json(data)
    for _ in range(chance.randint(1, 3)):
        damage(element, chance)
    assert_comes_back(element)
    flgnet.check(element)
    etree.fromstring(drawing.svg(element))
    flgnet.parts_view(element)


CALL = {"call": "F", "kind": "FC", "parameters": [["X", "Input", "Bool"], ["Y", "Output", "Bool"]]}
PINS = {"Contact": (["in"], ["out"]), "O": (["in1", "in2"], ["out"]), "F": (["en", "X"], ["eno", "Y"])}


@st.composite
def forward_wired(draw: st.DrawFn) -> dict[str, Any]:
    """A network whose parts are wired to any earlier parts, in no way only in series and parallel."""
    rail = draw(st.booleans())
    parts: list[dict[str, Any]] = []
    wires: dict[str, list[Any]] = {"start": ["rail"]} if rail else {"start": []}
    for uid in range(1, draw(st.integers(2, 9))):
        kind = draw(st.sampled_from(sorted(PINS)))
        card = {"templates": [["Card", "Cardinality", "2"]]} if kind == "O" else {}
        parts.append({"id": uid} | (CALL if kind == "F" else {"box": kind} | card))
        for pin in PINS[kind][0]:
            source = draw(st.sampled_from([name for name in wires if not name.startswith("operand")]))
            if source == "start" and not rail:
                operand = 100 + len(wires)
                parts.append({"id": operand, "operand": "#a"})
                wires[f"operand {operand}"] = [operand, [uid, pin]]
            else:
                wires[source].append([uid, pin])
        wires |= {f"{uid} {pin}": [[uid, pin]] for pin in PINS[kind][1]}
    return {"parts": parts, "wires": [ends for ends in wires.values() if len(ends) > 1]}


@examples(20)
@given(forward_wired())
def test_whatever_is_wired_forward_is_said_as_series(data: dict[str, Any]) -> None:
    said = assert_comes_back(flgnet.from_json(data))
    assert "parts" not in said
    assert "element" not in said


def damage(element: etree._Element, chance: random.Random) -> None:
    section = element[chance.randint(0, 1)]
    if not len(section):
        return
    node = chance.choice(list(section))
    pins = list(element.iter("{*}NameCon"))
    match chance.randint(0, 5):
        case 0:
            section.remove(node)
        case 1:
            section.insert(chance.randint(0, len(section)), node)
        case 2:
            section.append(copy.deepcopy(node))
        case 3:
            node.set("UId", str(chance.randint(15, 40)))
        case 4 if pins:
            chance.choice(pins).set("Name", chance.choice(["in", "out", "en", "operand", "nothing"]))
        case 5 if pins:
            chance.choice(pins).set("UId", str(chance.choice(pins).get("UId")))


@pytest.mark.slow
@needs_corpus
def test_every_real_network_comes_back_exactly_and_readably() -> None:
    genuine = set(map(id, networks(genuine=True)))
    found: Counter[tuple[str, bool, bool]] = Counter()
    for element in networks():
        data = assert_comes_back(element)
        found[next(form for form in FORMS if form in data), "x" in data, id(element) in genuine] += 1
    assert sum(found.values()) > 500
    assert {form for form, _x, _genuine in found} == {"rungs", "fbd"}
    assert not any(has_x for _form, has_x, is_genuine in found if is_genuine)


@pytest.mark.parametrize("namespace", ["", "http://www.siemens.com/automation/Openness/SW/NetworkSource/Graph/v5"])
def test_the_namespace_of_a_graph_block_is_kept(namespace: str) -> None:
    element = flgnet.from_json({"rungs": [[{"contact": "#a"}, {"box": "TrCoil"}]]}, namespace=namespace)
    assert {etree.QName(node).namespace or "" for node in element.iter()} == {namespace}
    assert b"ns0" not in etree.tostring(element)


def test_layout_white_space_is_no_part_of_a_network() -> None:
    data = {"rungs": [[{"contact": "#a"}, {"coil": "#b"}]]}
    printed = etree.tostring(flgnet.from_json(data), pretty_print=True)
    assert flgnet.to_json(etree.fromstring(printed)) == data


def test_a_comment_and_an_unknown_attribute_survive_in_a_bare_element() -> None:
    element = etree.fromstring("<FlgNet A='1'><Parts/><!--kept--><Wires/></FlgNet>")
    assert set(assert_comes_back(element)) == {"element"}


def test_informative_nodes_travel_beside_the_readable_operand() -> None:
    element = flgnet.from_json({"rungs": [[{"contact": '"Tag"'}, {"coil": "#a"}]]})
    symbol = next(element.iter("{*}Symbol"))
    etree.SubElement(symbol, symbol.tag.replace("Symbol", "Address"), {"Area": "Input", "Informative": "true"})
    data = assert_comes_back(element)
    assert data["rungs"] == [[{"contact": '"Tag"'}, {"coil": "#a"}]]
    assert set(data["x"]) == {"elements"}
