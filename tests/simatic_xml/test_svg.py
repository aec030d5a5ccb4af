"""Networks are drawn where their language has a drawing, and refused clearly where it has none."""

import pytest
from lxml import etree

from simatic_xml import SimaticMLError, from_json, svg
from simatic_xml.model import Block, Network
from simatic_xml.svg import is_drawn


def networks(*networks: dict[str, object]) -> list[Network]:
    block = from_json({"kind": "FC", "name": "F", "networks": list(networks)}).objects[0]
    assert isinstance(block, Block)
    return block.networks


def test_a_ladder_network() -> None:
    [network] = networks({"source": {"rungs": [[{"contact": "#start"}, {"coil": "#run"}]]}})
    drawing = etree.fromstring(svg(network))
    assert drawing.tag == "{http://www.w3.org/2000/svg}svg"
    assert {"#start", "#run"} <= {text.text for text in drawing.iter("{*}text")}


def test_a_sequence() -> None:
    content = {
        "steps": [{"number": 1, "name": "Fill", "init": True}],
        "transitions": [{"number": 1, "name": "Full", "condition": [{"contact": "#full"}]}],
    }
    [network] = networks({"language": "GRAPH", "source": {"graph": {"sequences": [content]}}})
    assert is_drawn(network)
    drawing = etree.fromstring(svg(network))
    assert {"S1", "Fill", "T1", "Full", "#full", "S1 Fill"} <= {text.text for text in drawing.iter("{*}text")}


@pytest.mark.parametrize(
    ("network", "message"),
    [({"language": "SCL", "source": {"scl": ["#a := 1;"]}}, "SCL cannot be drawn"), ({}, "empty")],
)
def test_networks_without_drawing(network: dict[str, object], message: str) -> None:
    [given] = networks(network)
    assert not is_drawn(given)
    with pytest.raises(SimaticMLError, match=message) as error:
        svg(given)
    assert error.value.code == "drawing"
