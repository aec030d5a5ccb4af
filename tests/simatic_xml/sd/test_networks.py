"""Networks of boxes keep their meaning on the way through an SD document and back."""

import json
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from lxml import etree

from simatic_xml import flgnet, load, sd
from simatic_xml.model import Block, Member, Network, Section
from simatic_xml.scl.context import Callee, Program
from tests.simatic_xml.sd.shapes import meaning
from tests.support.examples import examples

from ..flgnet.networks import BOX_NETWORKS, NETWORKS

PUMP = [
    Section("Input", [Member("on", "Bool"), Member("speed", "Int")]),
    Section("Output", [Member("state", "Word")]),
    Section("InOut", [Member("data", "Struct")]),
]
PROGRAM = Program(
    {"pump_db": Callee("FB", "Pump station")}, frozenset(["local~profinet"]), interfaces={"pump station": PUMP}
)
RARELY = settings(examples(12), suppress_health_check=list(HealthCheck))
NOT_SAYABLE = ("Unknown_Box", ":Real")
"""What loses its version, or has no spelling that is known."""


def block(source: etree._Element, language: str) -> Block:
    sections = [Section("Static"), Section("Constant", [Member("MAX", "Int", start_value="5")])]
    return Block("FB", "F", language=language, interface=sections, networks=[Network(language, {}, {}, source)])


def there_and_back(data: dict[str, Any], language: str) -> tuple[str, str, list[str], list[str]]:
    """Return the text, the text after the way back, and the meaning before and after."""
    element = flgnet.from_json(data)
    first = sd.source(block(element, language))
    generated = sd.generate(first.dcl, program=PROGRAM)
    assert [str(finding) for finding in generated.diagnostics] == []
    again = load(generated.documents[0])
    source = again.objects[0].networks[0].source
    after = [] if source is None else meaning(source)
    return first.dcl, sd.source(again).dcl, meaning(element), after


@pytest.mark.slow
@RARELY
@given(NETWORKS)
def test_a_ladder_keeps_its_meaning(data: dict[str, Any]) -> None:
    assume(not any(mark in json.dumps(data) for mark in NOT_SAYABLE))
    first, second, before, after = there_and_back(data, "LAD")
    assert before == after
    assert first == second


@RARELY
@given(BOX_NETWORKS)
def test_a_diagram_keeps_its_meaning(data: dict[str, Any]) -> None:
    assume(not any(mark in json.dumps(data) for mark in NOT_SAYABLE))
    first, second, before, after = there_and_back(data, "FBD")
    assert before == after
    assert first == second


def lad(*lines: str) -> str:
    """Return a function with one LAD network of these lines."""
    body = "\n".join(lines)
    head = 'FUNCTION "F" : Void\nVAR_TEMP\na : Bool; b : Bool; x : Bool; m : Bool; t : TON_TIME; n : USInt;\nEND_VAR\n'
    return f'{head}{{ S7_Language := "LAD" }}\nNETWORK\n{body}\nEND_NETWORK\nEND_FUNCTION'


def rungs(*lines: str) -> Any:
    """Return the readable JSON of a LAD network."""
    generated = sd.generate(lad(*lines))
    assert [str(finding) for finding in generated.diagnostics] == []
    made = load(generated.documents[0]).objects[0].networks[0].source
    assert made is not None
    return flgnet.to_json(made)["rungs"]


RAIL = "RUNG wire#powerrail"
CASES = [
    (
        "Contact( #a ) I_Contact( #b ) Coil( #x )",
        [{"contact": "#a"}, {"contact": "#b", "negated": True}, {"coil": "#x"}],
    ),
    ("Not() S_Coil( #x )", [{"box": "Not"}, {"set": "#x"}]),
    ("P_Trig( #m ) R_Coil( #x )", [{"box": "PBox", "in": {"bit": "#m"}}, {"reset": "#x"}]),
    ("P_Contact( operand := #a, bit := #m ) Coil( #x )", [{"contactP": "#a", "bit": "#m"}, {"coil": "#x"}]),
    ("EQ_Contact{ SrcType := Int }( in1 := #n, in2 := 1 )", [{"compare": ["#n", "=", "1"], "type": "Int"}]),
    ("Move( in := 0, out1 => #n )", [{"move": "USInt#0", "to": "#n", "disabledENO": True}]),
]


@pytest.mark.parametrize(("text", "series"), CASES)
def test_a_rung_is_a_series(text: str, series: list[Any]) -> None:
    assert rungs(RAIL, text, "END_RUNG") == [series]


def test_rungs_that_end_in_one_wire_are_an_or() -> None:
    made = rungs(RAIL, "Contact( #a )", "wire#w1", "Coil( #x )", "END_RUNG", RAIL, "Contact( #b )", "END_RUNG wire#w1")
    assert made == [[{"any": [[{"contact": "#a"}], [{"contact": "#b"}]]}, {"coil": "#x"}]]


def test_rungs_that_start_at_one_wire_are_branches() -> None:
    made = rungs(RAIL, "Contact( #a )", "wire#w1", "Coil( #x )", "END_RUNG", "RUNG wire#w1", "Coil( #m )", "END_RUNG")
    assert made == [[{"contact": "#a"}, {"branch": [[{"coil": "#x"}], [{"coil": "#m"}]]}]]


REFUSED = {
    "sd.wire_unknown": (RAIL, "Contact( #a )", "S_RS( operand := #x, s1 := wire#w1 )", "END_RUNG"),
    "sd.wire_twice": (RAIL, "Contact( #a ) wire#w1 Contact( #b ) wire#w1 Coil( #x )", "END_RUNG"),
    "sd.wire_place": ("RUNG wire#w1", "END_RUNG wire#w2", RAIL, "Contact( #a ) wire#w1 Coil( #x )", "END_RUNG"),
    "sd.wire_unused": (RAIL, "Contact( #a ) wire#w1 Coil( #x )", "END_RUNG"),
    "sd.rung_start": ("RUNG", "Contact( #a ) Coil( #x )", "END_RUNG"),
    "sd.flow": (RAIL, "JumpCoil( there )", "Coil( #x )", "END_RUNG"),
    "sd.operand": (RAIL, "Contact( lost ) Coil( #x )", "END_RUNG"),
    "sd.pin": (RAIL, "#t.TON( pt := T#1s, wrong => #x )", "END_RUNG"),
    "sd.instance": (RAIL, "#a( x := #b )", "END_RUNG"),
}


@pytest.mark.parametrize("code", REFUSED)
def test_what_cannot_be_wired_is_refused(code: str) -> None:
    generated = sd.generate(lad(*REFUSED[code]))
    assert code in [finding.code for finding in generated.diagnostics]
    assert generated.documents == []


ASSUMED = {
    "sd.callee_unknown": (RAIL, '"Anything"( x := #a )', "END_RUNG"),
    "sd.instruction_unknown": (RAIL, "Frobnicate( in := #a )", "END_RUNG"),
}


@pytest.mark.parametrize("code", ASSUMED)
def test_what_is_assumed_is_said(code: str) -> None:
    generated = sd.generate(lad(*ASSUMED[code]))
    assert [(finding.code, str(finding.severity)) for finding in generated.diagnostics] == [(code, "warning")]
    assert generated.names == ["F"]


def test_a_network_without_power_rail_has_no_rungs() -> None:
    element = flgnet.from_json({"fbd": [["#a", {"coil": "#x"}]]})
    with pytest.raises(sd.SclError, match="power rail"):
        sd.source(block(element, "LAD"))
