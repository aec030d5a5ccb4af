"""Drawings are legible and right: nothing is over anything else, and the wires connect what the network connects."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from simatic_xml import drawing, flgnet
from simatic_xml.svg import WIDTH
from tests.simatic_xml.drawing.geometry import faults, labels, whole_text
from tests.simatic_xml.drawing.wiring import drawn_nets, misnamed_wires, misplaced_operands, parts_of, written_nets
from tests.simatic_xml.flgnet.corpus import needs_corpus, networks
from tests.simatic_xml.flgnet.networks import BOX_NETWORKS, NETWORKS
from tests.support.examples import examples

WIDTHS = st.sampled_from([None, 1600, 900, 500])


def assert_legible_and_right(element: etree._Element, width: float | None) -> None:
    picture = etree.fromstring(drawing.svg(element, width))
    assert list(faults(picture)) == []
    network = flgnet.graph(element)
    drawn = parts_of(picture)
    assert {part.name for part in network.parts if part.uid not in drawn} <= {"O"}
    assert drawn_nets(picture, network) == written_nets(network, drawn)
    assert misplaced_operands(picture, network) == []
    assert misnamed_wires(picture, network) == []


@pytest.mark.slow
@examples(8)
@given(NETWORKS, WIDTHS)
def test_a_ladder_shows_its_wiring(data: dict[str, Any], width: float | None) -> None:
    assert_legible_and_right(flgnet.from_json(data), width)


@examples(8)
@given(BOX_NETWORKS, WIDTHS)
def test_a_function_block_diagram_shows_its_wiring(data: dict[str, Any], width: float | None) -> None:
    assert_legible_and_right(flgnet.from_json(data), width)


@pytest.mark.slow
@needs_corpus
@pytest.mark.parametrize("width", [None, WIDTH, 700])
def test_real_networks_are_legible_and_right(width: float | None) -> None:
    assert networks()
    for element in networks():
        assert_legible_and_right(element, width)


def contacts(count: int) -> list[dict[str, Any]]:
    return [{"contact": f"#contact_number_{index}"} for index in range(count)]


@pytest.mark.parametrize(
    "rung",
    [
        [*contacts(20), {"coil": "#run"}],
        [{"any": [contacts(20), contacts(2), contacts(12)]}, *contacts(3), {"coil": "#run"}],
        [*contacts(3), {"branch": [[*contacts(15), {"coil": "#run"}], [*contacts(2), {"branch": [contacts(15)]}]]}],
        [{"box": "CTU", "instance": "#c", "in": {"R": contacts(14), "PV": "5"}}, *contacts(9), {"coil": "#run"}],
        [{"any": [[{"any": [contacts(12), contacts(1)]}, *contacts(8)], contacts(2)]}, {"coil": "#run"}],
    ],
)
@pytest.mark.parametrize("width", [700, 1000])
def test_a_wide_rung_continues_below(rung: list[Any], width: float) -> None:
    element = flgnet.from_json({"rungs": [rung]})
    assert_legible_and_right(element, width)
    picture = etree.fromstring(drawing.svg(element, width))
    assert float(picture.get("width", "0")) <= width < float(etree.fromstring(drawing.svg(element)).get("width", "0"))
    marks = [label.name for label in labels(picture) if label.kind == "continuation"]
    rows = len(marks) // 2
    assert rows
    assert sorted(map(int, marks)) == sorted([*range(1, rows + 1), *range(1, rows + 1)])


def test_a_long_operand_breaks_at_its_dots() -> None:
    name = '"Plant data".Line[4].Conveyor_with_a_long_name.Drive.Status.Running'
    picture = etree.fromstring(drawing.svg(flgnet.from_json({"rungs": [[{"contact": name}, {"coil": "#a"}]]})))
    [text] = [node for node in picture.iter("{*}text") if whole_text(node) == name]
    lines = [line.text or "" for line in text]
    assert len(lines) > 2
    assert all(line[-1] in "._" for line in lines[:-1])
