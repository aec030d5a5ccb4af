"""The drawing shows every operand and part, inside its own bounds, whatever the network."""

from typing import Any

import pytest
from hypothesis import given
from lxml import etree

from simatic_xml import flgnet
from tests.examples import examples

from .corpus import needs_corpus, networks
from .networks import BOX_NETWORKS, NETWORKS

SVG = "{http://www.w3.org/2000/svg}"


def drawn(element: etree._Element) -> etree._Element:
    return etree.fromstring(flgnet.svg(element))


def texts(picture: etree._Element) -> list[str]:
    return [node.text or "" for node in picture.iter(f"{SVG}text")]


def assert_within_bounds(picture: etree._Element) -> None:
    width, height = float(picture.get("width", "0")), float(picture.get("height", "0"))
    for line in picture.iter(f"{SVG}line"):
        x1, y1, x2, y2 = (float(line.get(name, "-1")) for name in ("x1", "y1", "x2", "y2"))
        assert 0 <= x1 <= x2 <= width
        assert 0 <= min(y1, y2) <= max(y1, y2) <= height
    for text in picture.iter(f"{SVG}text"):
        assert 0 <= float(text.get("x", "-1")) <= width
        assert 0 <= float(text.get("y", "-1")) <= height


@examples(8, 40)
@given(NETWORKS)
def test_a_ladder_is_drawn_within_its_bounds(data: dict[str, Any]) -> None:
    assert_within_bounds(drawn(flgnet.from_json(data)))


@examples(8, 40)
@given(BOX_NETWORKS)
def test_a_function_block_diagram_is_drawn_within_its_bounds(data: dict[str, Any]) -> None:
    assert_within_bounds(drawn(flgnet.from_json(data)))


def test_a_ladder_shows_operands_letters_and_pins() -> None:
    data = {
        "labels": ["AGAIN"],
        "rungs": [
            [
                {"contactP": "#a", "bit": "#memory"},
                {"compare": ["#level", ">=", "5"], "type": "Int"},
                {"box": "TON", "instance": '"Timer_DB"', "in": {"PT": "T#5s"}, "out": {"ET": "#elapsed"}},
                {"branch": [[{"set": '"Motor on"'}], [{"jump": "AGAIN"}]]},
            ]
        ],
    }
    shown = texts(drawn(flgnet.from_json(data)))
    for text in ("AGAIN:", "#a", "P", "#memory", "#level", ">=", "5", "Timer_DB", "TON", "IN", "PT", "Q", "T#5s"):
        assert text in shown
    assert {"#elapsed", "S", '"Motor on"', "JMP", "AGAIN"} <= set(shown)


def test_function_blocks_show_gates_and_negation() -> None:
    data = {"fbd": [[{"and": ["#a", {"not": "#b"}]}, {"coil": "#c"}], [{"xor": ["#a", "#b"]}, {"reset": "#d"}]]}
    picture = drawn(flgnet.from_json(data))
    assert [text for text in texts(picture) if text in "&x"] == ["&", "x"]
    assert {"=", "R", "#a", "#b", "#c", "#d"} <= set(texts(picture))
    assert sum("a3 3" in (path.get("d") or "") for path in picture.iter(f"{SVG}path")) == 1


def test_the_right_rail_holds_the_coils() -> None:
    picture = drawn(
        flgnet.from_json({"rungs": [[{"contact": "#a"}, {"coil": "#b"}], [{"contact": "#long_name"}, {"coil": "#c"}]]})
    )
    rails = [line for line in picture.iter(f"{SVG}line") if line.get("class") == "rail"]
    right = max(float(line.get("x1", "0")) for line in rails)
    ends = [
        line for line in picture.iter(f"{SVG}line") if line.get("class") == "line" and line.get("x2") == f"{right:.1f}"
    ]
    assert len(rails) == 2
    assert len(ends) == 2


@pytest.mark.parametrize("scheme", ["currentColor", "prefers-color-scheme:dark"])
def test_it_is_readable_on_light_and_dark_ground(scheme: str) -> None:
    assert scheme in flgnet.svg(flgnet.from_json({"rungs": []}))


def test_names_are_escaped() -> None:
    assert '"<&>"' in texts(drawn(flgnet.from_json({"rungs": [[{"contact": '"<&>"'}, {"coil": "#a"}]]})))


def test_what_is_no_series_is_drawn_box_by_box() -> None:
    loop = {
        "parts": [{"id": 21, "box": "Contact"}, {"id": 22, "box": "Contact"}],
        "wires": [[[21, "out"], [22, "in"]], [[22, "out"], [21, "in"]]],
    }
    picture = drawn(flgnet.from_json(loop))
    assert {"21.out", "22.out"} <= set(texts(picture))


@needs_corpus
def test_every_real_operand_is_in_the_picture() -> None:
    for element in networks():
        picture = drawn(element)
        assert_within_bounds(picture)
        shown = {text.strip('"') for text in texts(picture)}
        wanted = {access.text.strip('"').removeprefix("label ") for access in flgnet.graph(element).accesses}
        assert wanted <= shown
