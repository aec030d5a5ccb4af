"""SCL networks as JSON: short to write, and exact for what TIA Portal exports."""

import json
from pathlib import Path

import pytest
from lxml import etree

from simatic_xml import scl
from simatic_xml.scl import Callee, Interface, Program, SclNetworkCodec
from tests.simatic_xml.scl.corpus import bodies, exports, needs_corpus, outline

CODEC = SclNetworkCodec()


def test_a_network_is_its_lines() -> None:
    element = scl.from_text("#a := 1;\n#b := ABS(#a);")
    assert CODEC.to_json(element) == {"scl": ["#a := 1;", "#b := ABS(#a);"]}
    assert outline(CODEC.from_json({"scl": "#a := 1;\n#b := ABS(#a);"}, 4)) == outline(element)


def test_names_travel_where_the_text_does_not_say_what_they_are() -> None:
    text = '#m(); #x[#MAX] := "LIMIT" + "F"() + "G"(); "M_DB"(); "T"(IN := 1); NEW(); DEVICE(); #y := #MIN;'
    interface = Interface({"m": '"Motor"', "max": "Int", "min": "Int"}, frozenset({"max", "min"}))
    callees = {
        "f": Callee("FC", "F", returns=True),
        "g": Callee("FC", "G"),
        "m_db": Callee("FB", "Motor"),
        "t": Callee("system"),
    }
    program = Program(callees, frozenset({"limit"}), results={"NEW": True, "DEVICE": False})
    element = scl.from_text(text, interface, program, with_defaults=True)
    data = json.loads(json.dumps(CODEC.to_json(element)))
    assert data == {
        "scl": [text],
        "constants": ["MAX", "MIN"],
        "instances": {"m": "Motor"},
        "calls": {"M_DB": "Motor"},
        "systemInstances": ["T"],
        "functions": ["F"],
        "globalConstants": ["LIMIT"],
        "results": {"NEW": True},
        "defaults": True,
    }
    assert outline(CODEC.from_json(data, 4)) == outline(element)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        ([], "has the form"),
        ({"scl": 5}, "has the form"),
        ({"scl": ["a := 1;"], "constants": "MAX"}, "'constants'"),
        ({"scl": ["a := 1;"], "functions": [1]}, "'functions'"),
        ({"scl": ["a := 1;"], "instances": []}, "'instances'"),
        ({"scl": ["a := ;"]}, "not valid SCL"),
    ],
)
def test_json_of_another_form_is_refused(data: object, message: str) -> None:
    with pytest.raises(scl.SclError, match=message):
        CODEC.from_json(data, 4)


@needs_corpus
@pytest.mark.parametrize("path", exports(), ids=lambda path: path.name)
def test_real_networks_survive_json(path: Path) -> None:
    for element, _ in bodies(path):
        data = json.loads(json.dumps(CODEC.to_json(element)))
        number = int(str(etree.QName(element).namespace)[-1])
        assert outline(CODEC.from_json(data, number)) == outline(element)
