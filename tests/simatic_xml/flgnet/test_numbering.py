"""What is built has TIA Portal's order and numbers."""

from lxml import etree

from simatic_xml import flgnet

START_STOP = """<FlgNet xmlns="http://www.siemens.com/automation/Openness/SW/NetworkSource/FlgNet/v5"><Parts>
<Access Scope="LocalVariable" UId="21"><Symbol><Component Name="start"/></Symbol></Access>
<Access Scope="GlobalVariable" UId="22"><Symbol><Component Name="Key"/></Symbol></Access>
<Access Scope="TypedConstant" UId="23"><Constant><ConstantValue>T#5s</ConstantValue></Constant></Access>
<Access Scope="LocalVariable" UId="24"><Symbol><Component Name="run"/></Symbol></Access>
<Part Name="Contact" UId="25"/>
<Part Name="Contact" UId="26"><Negated Name="operand"/></Part>
<Part Name="O" UId="27"><TemplateValue Name="Card" Type="Cardinality">2</TemplateValue></Part>
<Part Name="TON" Version="1.0" UId="28"><Instance Scope="LocalVariable" UId="29"><Component Name="timer"/></Instance>
<TemplateValue Name="time_type" Type="Type">Time</TemplateValue></Part>
<Part Name="Coil" UId="30"/>
</Parts><Wires>
<Wire UId="32"><Powerrail/><NameCon UId="25" Name="in"/><NameCon UId="26" Name="in"/></Wire>
<Wire UId="33"><IdentCon UId="21"/><NameCon UId="25" Name="operand"/></Wire>
<Wire UId="34"><NameCon UId="25" Name="out"/><NameCon UId="27" Name="in1"/></Wire>
<Wire UId="35"><IdentCon UId="22"/><NameCon UId="26" Name="operand"/></Wire>
<Wire UId="36"><NameCon UId="26" Name="out"/><NameCon UId="27" Name="in2"/></Wire>
<Wire UId="37"><NameCon UId="27" Name="out"/><NameCon UId="28" Name="IN"/></Wire>
<Wire UId="38"><IdentCon UId="23"/><NameCon UId="28" Name="PT"/></Wire>
<Wire UId="39"><NameCon UId="28" Name="Q"/><NameCon UId="30" Name="in"/></Wire>
<Wire UId="40"><NameCon UId="28" Name="ET"/><OpenCon UId="31"/></Wire>
<Wire UId="41"><IdentCon UId="24"/><NameCon UId="30" Name="operand"/></Wire>
</Wires></FlgNet>"""


def test_a_timer_behind_two_parallel_contacts() -> None:
    element = flgnet.from_json(
        {
            "rungs": [
                [
                    {"any": [[{"contact": "#start"}], [{"contact": '"Key"', "negated": True}]]},
                    {"box": "TON", "instance": "#timer", "in": {"PT": "T#5s"}},
                    {"coil": "#run"},
                ]
            ]
        }
    )
    assert etree.tostring(element).decode() == START_STOP.replace("\n", "")


def test_a_box_of_fbd_that_nothing_enables_has_an_open_enable() -> None:
    element = flgnet.from_json({"fbd": [[{"move": "5", "to": "#a"}]]})
    wires = [[etree.QName(end).localname for end in wire] for wire in element.iter("{*}Wire")]
    assert wires == [["OpenCon", "NameCon"], ["IdentCon", "NameCon"], ["NameCon", "IdentCon"]]


def test_the_version_chooses_the_namespace() -> None:
    assert etree.QName(flgnet.from_json({"rungs": []}, version=3)).namespace.endswith("/FlgNet/v3")


def test_logic_at_a_pin_starts_at_the_same_power_rail() -> None:
    element = flgnet.from_json(
        {"rungs": [[{"contact": "#s"}, {"box": "Sr", "in": {"r1": {"contact": "#r"}, "operand": "#q"}}]]}
    )
    assert len(list(element.iter("{*}Powerrail"))) == 1
    assert flgnet.check(element) == []


def test_a_wire_that_is_used_twice_is_named() -> None:
    data = {
        "rungs": [
            [
                {
                    "any": [
                        [{"contact": "#a"}, {"node": "n1"}, {"contact": "#b"}],
                        [{"from": "n1"}, {"contact": "#c"}],
                        [],
                    ]
                },
                {"coil": "#d"},
            ]
        ]
    }
    element = flgnet.from_json(data)
    assert [len(wire) for wire in element.iter("{*}Wire")][2] == 3
    assert flgnet.to_json(element) == data


def test_the_series_can_go_on_from_another_output() -> None:
    counter = {"box": "CTUD", "instance": "#c", "in": {"PV": "5"}, "via": "QD"}
    data = {"rungs": [[{"contact": "#a"}, counter, {"coil": "#d"}]]}
    assert flgnet.to_json(flgnet.from_json(data)) == data


def test_a_call_whose_parameters_drive_and_follow_other_parts() -> None:
    types = {"X": "Bool", "Y": "Bool"}
    lead = {"call": "F", "types": types, "in": {"X": "#a"}, "via": "Y"}
    data = {"rungs": [[lead, {"coil": "#b"}]]}
    assert flgnet.to_json(flgnet.from_json(data)) == data
    first = {"call": "F", "types": types, "in": {"X": []}, "out": {"Y": [{"node": "n1"}]}}
    second = {"call": "G", "types": types, "in": {"X": [{"from": "n1"}]}, "out": {"Y": {"coil": "#c"}}}
    data = {"rungs": [[first, second, {"coil": "#b"}]]}
    assert flgnet.to_json(flgnet.from_json(data)) == data


def test_labels_and_jumps() -> None:
    data = {"labels": ["END"], "rungs": [[{"contact": "#a"}, {"jump": "END"}]]}
    element = flgnet.from_json(data)
    assert [node.get("UId") for node in element.iter("{*}LabelDeclaration")] == ["21"]
    assert flgnet.to_json(element) == data


def test_a_missing_data_type_is_taken_from_a_constant_or_left_to_tia_portal() -> None:
    compare = flgnet.from_json({"rungs": [[{"compare": ["#n", ">", "DInt#5"]}, {"coil": "#a"}]]})
    assert [node.text for node in compare.iter("{*}TemplateValue")] == ["DInt"]
    add = flgnet.from_json({"rungs": [[{"box": "Add", "in": {"in1": "#a", "in2": "#b"}, "out": {"out": "#c"}}]]})
    assert [node.get("Name") for node in add.iter("{*}AutomaticTyped")] == ["SrcType"]
