"""The checks find what TIA Portal refuses, and nothing in what it wrote itself."""

import copy

import pytest
from lxml import etree

from simatic_xml import flgnet
from tests.simatic_xml.flgnet.corpus import needs_corpus, networks

GOOD = {
    "rungs": [
        [
            {"contact": "#start"},
            {"box": "TON", "instance": "#timer", "in": {"PT": "T#5s"}},
            {"move": "1", "to": '"DB".state'},
        ]
    ]
}


def codes(element: etree._Element) -> set[str]:
    return {problem.code for problem in flgnet.check(element)}


def find(element: etree._Element, tag: str, **attributes: str) -> etree._Element:
    return next(
        node for node in element.iter(f"{{*}}{tag}") if all(node.get(name) == text for name, text in attributes.items())
    )


@pytest.fixture
def element() -> etree._Element:
    return flgnet.from_json(GOOD)


def remove(node: etree._Element) -> None:
    parent = node.getparent()
    assert parent is not None
    parent.remove(node)


def test_a_good_network_has_no_findings(element: etree._Element) -> None:
    assert flgnet.check(element) == []
    assert flgnet.check(flgnet.graph(element), symbols={"#start", "#timer", '"DB"'}) == []
    assert [problem.message.split()[0] for problem in flgnet.check(element, symbols=["#start"])] == ['"DB"', "#timer"]


def test_a_dangling_wire(element: etree._Element) -> None:
    wire = find(element, "Powerrail").getparent()
    assert wire is not None
    wire.remove(wire[1])
    problem = flgnet.check(element)[0]
    assert (problem.code, problem.pointer, problem.severity) == ("dangling-wire", f"/Wires/{wire.get('UId')}", "error")


def test_numbers_that_are_none(element: etree._Element) -> None:
    find(element, "Part", Name="TON").set("UId", "p-ton")
    assert codes(element) == {"uid"}


def test_a_second_rail(element: etree._Element) -> None:
    wires = find(element, "Wires")
    wires.append(copy.deepcopy(wires[0]))
    assert codes(element) == {"second-rail", "pin-used-twice", "duplicate-uid"}


def test_a_pin_that_does_not_exist(element: etree._Element) -> None:
    find(element, "NameCon", Name="PT").set("Name", "PX")
    assert codes(element) == {"unknown-pin", "missing-operand"}


def test_a_part_that_does_not_exist(element: etree._Element) -> None:
    find(element, "NameCon", Name="PT").set("UId", "99")
    assert codes(element) == {"unknown-part", "missing-operand"}


def test_an_operand_that_does_not_exist(element: etree._Element) -> None:
    find(element, "IdentCon").set("UId", "99")
    assert codes(element) == {"unknown-operand", "unused-operand"}


def test_a_wire_that_runs_backwards(element: etree._Element) -> None:
    wire = find(element, "NameCon", Name="out1").getparent()
    assert wire is not None
    wire.append(wire[0])
    assert codes(element) == {"wrong-direction"}


@pytest.mark.parametrize(
    ("attribute", "value", "code"),
    [
        ("Name", "TONNE", "unknown-instruction"),
        ("Version", "9.9", "unknown-version"),
        ("Version", None, "missing-version"),
    ],
)
def test_an_instruction_that_is_not_known(
    element: etree._Element, attribute: str, value: str | None, code: str
) -> None:
    part = find(element, "Part", Name="TON")
    if value is None:
        del part.attrib[attribute]
    else:
        part.set(attribute, value)
    assert codes(element) == {code}


def test_a_timer_without_instance_and_type(element: etree._Element) -> None:
    remove(find(element, "Instance"))
    remove(find(element, "TemplateValue", Name="time_type"))
    assert codes(element) == {"missing-instance", "missing-template"}


def test_more_pins_than_the_cardinality_says() -> None:
    element = flgnet.from_json({"rungs": [[{"any": [[{"contact": "#a"}], [{"contact": "#b"}]]}, {"coil": "#c"}]]})
    find(element, "TemplateValue").text = "1"
    assert codes(element) == {"cardinality"}
    find(element, "TemplateValue").text = "two"
    assert codes(element) == {"cardinality"}


def test_power_that_reaches_nothing() -> None:
    element = flgnet.from_json({"rungs": [[{"contact": "#a"}, {"coil": "#c"}], [{"coil": "#d", "in": {"in": None}}]]})
    assert codes(element) == {"no-power"}


def test_a_contact_in_fbd() -> None:
    element = flgnet.from_json({"fbd": [["#a", {"contact": "#b"}, {"coil": "#c"}]]})
    assert codes(element) == {"contact-without-rail"}


def test_seventeen_parallel_coils() -> None:
    coils = [[{"coil": f"#q{index}"}] for index in range(17)]
    element = flgnet.from_json({"rungs": [[{"contact": "#a"}, {"branch": coils}]]})
    assert codes(element) == {"too-many-coils"}


def test_a_parameter_that_the_block_does_not_have() -> None:
    call = {"call": "Motor", "instance": '"M1"', "in": {"on": "#a"}, "types": {"on": "Bool"}}
    element = flgnet.from_json({"rungs": [[call]]})
    assert codes(element) == set()
    find(element, "NameCon", Name="on").set("Name", "off")
    assert codes(element) == {"unknown-pin"}
    remove(find(element, "Instance"))
    assert codes(element) == {"unknown-pin", "missing-instance"}


def test_names_are_checked_against_symbols() -> None:
    contacts = [{"contact": name} for name in ('#"my var".a', '"DB 1".x[#i]', "#ok.b", "%I0.0")]
    element = flgnet.from_json({"rungs": [[*contacts, {"coil": "#q[1]"}]]})
    problems = flgnet.check(element, symbols=["#ok", "#i"])
    assert [problem.message.split(" is ")[0] for problem in problems] == ["#my var", '"DB 1"', "#q"]


@needs_corpus
def test_real_networks_have_no_findings() -> None:
    assert [problem for element in networks(genuine=True) for problem in flgnet.check(element)] == []
