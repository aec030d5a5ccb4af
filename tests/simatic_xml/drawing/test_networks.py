"""Networks show their operands, parts and names where the editor shows them."""

from typing import Any

import pytest
from lxml import etree

from simatic_xml import drawing, flgnet
from tests.simatic_xml.drawing.geometry import whole_text

SVG = "{http://www.w3.org/2000/svg}"


def drawn(element: etree._Element) -> etree._Element:
    return etree.fromstring(drawing.svg(element))


def texts(picture: etree._Element) -> list[str]:
    return [whole_text(node) for node in picture.iter(f"{SVG}text")]


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
    for text in ("AGAIN:", "#a", "P", "#memory", "#level", ">=", "5", '"Timer_DB"', "TON", "IN", "PT", "Q", "T#5s"):
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
    assert scheme in drawing.svg(flgnet.from_json({"rungs": []}))


def test_names_are_escaped() -> None:
    assert '"<&>"' in texts(drawn(flgnet.from_json({"rungs": [[{"contact": '"<&>"'}, {"coil": "#a"}]]})))


def test_what_is_no_series_is_drawn_box_by_box() -> None:
    loop = {
        "parts": [{"id": 21, "box": "Contact"}, {"id": 22, "box": "Contact"}],
        "wires": [[[21, "out"], [22, "in"]], [[22, "out"], [21, "in"]]],
    }
    picture = drawn(flgnet.from_json(loop))
    assert {"21.out", "22.out"} <= set(texts(picture))


def place(picture: etree._Element, text: str) -> tuple[float, float]:
    """Return where the only label with this text is."""
    [found] = [node for node in picture.iter(f"{SVG}text") if whole_text(node) == text]
    return float(found.get("x", "-1")), float(found.get("y", "-1"))


def frame(picture: etree._Element) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of the only box."""
    [found] = picture.iter(f"{SVG}rect")
    x, y, width, height = (float(found.get(name, "-1")) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


@pytest.mark.parametrize(
    ("step", "title", "pins"),
    [
        ({"box": "Sr", "in": {"r1": "#reset", "operand": '"Memory"'}}, "SR", ["S", "R1", "Q"]),
        ({"box": "Rs", "in": {"s1": "#set", "operand": '"Memory"'}}, "RS", ["R", "S1", "Q"]),
        ({"box": "Sd", "in": {"tv": "S5T#1s", "timer": '"Memory"'}}, "S_ODT", ["S", "TV", "R", "Q", "BI", "BCD"]),
        ({"box": "Sp", "in": {"tv": "S5T#1s", "timer": '"Memory"'}}, "S_PULSE", ["S", "TV", "R", "Q", "BI", "BCD"]),
        ({"box": "TON", "instance": '"Memory"', "in": {"PT": "T#1s"}}, "TON", ["IN", "PT", "Q", "ET"]),
        ({"box": "CTU", "instance": '"Memory"', "in": {"PV": "5"}}, "CTU", ["CU", "R", "PV", "Q", "CV"]),
        ({"call": "Motor", "instance": '"Memory"', "in": {"on": "#a"}}, '"Motor"', ["EN", "on", "ENO"]),
    ],
)
def test_the_operand_or_instance_of_a_box_is_over_it(step: dict[str, Any], title: str, pins: list[str]) -> None:
    picture = drawn(flgnet.from_json({"rungs": [[{"contact": "#start"}, step]]}))
    left, top, right, bottom = frame(picture)
    x, y = place(picture, '"Memory"')
    assert x == pytest.approx((left + right) / 2, abs=0.2)
    assert y < top
    assert top < place(picture, title)[1] < bottom
    inside = [place(picture, name) for name in pins]
    assert all(left < x < right and top < y < bottom for x, y in inside)
    shown = [node.text for node in picture.iter(f"{SVG}text") if node.get("class") == "pin"]
    assert sorted(map(str, shown)) == sorted(pins)


@pytest.mark.parametrize(("name", "title"), [("PBox", "P_TRIG"), ("NBox", "N_TRIG")])
def test_the_edge_memory_bit_is_under_its_box(name: str, title: str) -> None:
    rung = [{"contact": "#start"}, {"box": name, "in": {"bit": "#memory"}}, {"coil": "#q"}]
    picture = drawn(flgnet.from_json({"rungs": [rung]}))
    left, _top, right, bottom = frame(picture)
    x, y = place(picture, "#memory")
    assert x == pytest.approx((left + right) / 2, abs=0.2)
    assert y > bottom
    assert {title, "CLK", "Q"} <= set(texts(picture))


def test_an_edge_of_fbd_has_its_operand_over_and_its_memory_bit_under_the_box() -> None:
    picture = drawn(flgnet.from_json({"fbd": [[{"contactP": "#signal", "bit": "#memory"}, {"box": "Move"}]]}))
    edge = min(picture.iter(f"{SVG}rect"), key=lambda node: float(node.get("x", "0")))
    top, height = float(edge.get("y", "0")), float(edge.get("height", "0"))
    assert place(picture, "#signal")[1] < top
    assert place(picture, "#memory")[1] > top + height


def test_what_a_box_reads_and_changes_is_at_a_pin() -> None:
    picture = drawn(flgnet.from_json({"rungs": [[{"box": "Inc", "type": "Int", "in": {"operand": "#count"}}]]}))
    assert place(picture, "#count")[0] < frame(picture)[0]
    assert {"INC", "Int", "EN", "ENO", "IN/OUT"} <= set(texts(picture))


def test_names_are_written_as_in_the_editor() -> None:
    rung = [
        {"compare": ['"Level"', "=", 'const "LIMIT"'], "type": "Int"},
        {"compare": ["#n", "<>", "const #MAX"], "type": "Real"},
        {"contact": "%I0.0"},
        {"contact": '"Sensor":P'},
        {
            "box": "Convert",
            "types": {"SrcType": "Int", "DestType": "Real"},
            "in": {"in": "%MW4:Int"},
            "out": {"out": "#b"},
        },
    ]
    shown = set(texts(drawn(flgnet.from_json({"rungs": [rung]}))))
    assert {'"Level"', '"LIMIT"', "#MAX", "%I0.0", '"Sensor":P', "%MW4", "==", "<>", "Int", "Real"} <= shown
    assert {"CONV", "Int to Real"} <= shown


def test_calculate_shows_its_formula() -> None:
    step = {"box": "Calc", "type": "Int", "equation": "IN1 * 2 + IN2", "in": {"in1": "#a", "in2": "#b"}}
    assert any("OUT := IN1 * 2 + IN2" in text for text in texts(drawn(flgnet.from_json({"rungs": [[step]]}))))


@pytest.mark.parametrize(
    ("step", "frames"),
    [
        ({"box": "Contact"}, 0),
        ({"box": "PContact"}, 0),
        ({"box": "Eq", "type": "Int"}, 0),
        ({"box": "Sr"}, 1),
        ({"box": "PBox"}, 1),
    ],
)
def test_a_missing_operand_is_shown_in_its_place(step: dict[str, Any], frames: int) -> None:
    picture = drawn(flgnet.from_json({"rungs": [[{"contact": "#start"}, step, {"coil": "#run"}]]}))
    assert len(list(picture.iter(f"{SVG}rect"))) == frames
    shown = texts(picture)
    assert shown.count("<???>") == (2 if step["box"] in ("PContact", "Eq") else 1)
    assert {"#start", "#run"} <= set(shown)
