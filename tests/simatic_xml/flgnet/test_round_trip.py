"""XML and JSON of a network are exact inverses, and the JSON stays the readable one."""

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from lxml import etree

from simatic_xml import flgnet

from .networks import BOX_NETWORKS, NETWORKS

CORPUS = Path(__file__).resolve().parents[4] / "shared" / "corpus" / "xml"


def outline(element: etree._Element) -> list[tuple[str, list[tuple[str, str]], str | None]]:
    """Return all that an element says, with the order of attributes."""
    return [(node.tag, list(node.attrib.items()), node.text) for node in element.iter()]


@settings(max_examples=60, deadline=None)
@given(NETWORKS)
def test_a_ladder_network_comes_back_as_it_was_written(data: dict[str, Any]) -> None:
    element = flgnet.from_json(data)
    assert flgnet.to_json(element) == data
    assert outline(flgnet.from_json(data)) == outline(element)


@settings(max_examples=60, deadline=None)
@given(BOX_NETWORKS)
def test_a_function_block_diagram_comes_back_as_it_was_written(data: dict[str, Any]) -> None:
    assert flgnet.to_json(flgnet.from_json(data)) == data


def corpus_networks() -> list[etree._Element]:
    parser = etree.XMLParser(remove_blank_text=True)
    found: list[etree._Element] = []
    for path in sorted(CORPUS.rglob("*.xml")):
        found += etree.parse(path, parser).iter("{*}FlgNet")
    return found


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of real exports is not on this machine")
def test_every_real_network_comes_back_exactly_and_nearly_all_readably() -> None:
    forms: Counter[tuple[str, bool]] = Counter()
    for element in corpus_networks():
        data = flgnet.to_json(element)
        namespace = etree.QName(element).namespace
        again = flgnet.from_json(json.loads(json.dumps(data)), namespace=namespace)
        assert outline(again) == outline(element)
        forms[next(key for key in ("rungs", "fbd", "parts", "element") if key in data), "x" in data] += 1
    total = sum(forms.values())
    assert total > 500
    assert forms["rungs", False] + forms["fbd", False] > 0.98 * total
    assert not forms["parts", True] + forms["parts", False] + forms["element", False]
