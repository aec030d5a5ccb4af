"""Technology objects in programs: the members that their data blocks have, by CPU family, and what is left open."""

import pytest

import simatic_xml
from simatic_xml.model import Block, Member, Section
from simatic_xml.program.diagnostics import Severity
from simatic_xml.program.symbols import Cpu, Symbols
from simatic_xml.program.types.instances import find_predefined
from simatic_xml.program.types.technology import (
    PARAMETER,
    numbers,
    technology_members,
    technology_structure,
    technology_type,
    technology_types,
)
from simatic_xml.program.types.technology_objects import technology_object
from simatic_xml.program.types.types import Array, Structure, type_name
from simatic_xml.program.types.values import literal
from simatic_xml.program.workspace import Workspace

FAMILIES = ("S7-1200", "S7-1500", "S7-300", "S7-400")


def _object(name, kind, version="2.3", members=()):
    attributes = {"OfSystemLibElement": kind, "OfSystemLibVersion": version}
    interface = [Section("Static", list(members))] if members else []
    return Block("TechnologicalInstanceDB", name, instance_of=kind, attributes=attributes, interface=interface)


def _errors(code, *blocks, family="S7-1500"):
    workspace = Workspace(Cpu(family))
    for block in blocks:
        workspace.put(block)
    wide = "LReal" if family == "S7-1500" else "Real"
    names = f"number : Real; wide : {wide}; on : Bool;"
    workspace.put_source(f'FUNCTION "Use" : Void\nVAR_TEMP {names} END_VAR\nBEGIN\n{code}\nEND_FUNCTION')
    return [each.code for each in workspace.check() if each.severity is Severity.ERROR]


@pytest.mark.parametrize(
    "code",
    [
        '"PID".Retain.CtrlParams.Gain := #number;',
        '"PID".Config.InputScaling.UpperPointIn := 27648.0;',
        '#on := "PID".ErrorBits.%X5;',
        '"PID".sNotListed.anything := 5;',
        '"PID".Config.notListed := #number;',
        '"PID"(Setpoint := #number, Input := 1.0);',
        '#wide := "Axis".ActualPosition;',
        '#on := "Axis".StatusWord.%X5;',
        '"Axis".DynamicDefaults.Velocity := 10.0;',
        '#wide := "Axis".StatusSensor[4].Position;',
    ],
)
def test_members_of_technology_objects(code):
    assert _errors(code, _object("PID", "PID_Compact"), _object("Axis", "TO_PositioningAxis", "5.0")) == []


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ('"PID".Retain.CtrlParams.Gain := TRUE;', "type.implicit"),
        ('#on := "Axis".StatusWord;', "type.implicit"),
        ('#on := "Axis".ActualPosition;', "type.implicit"),
        ('#wide := "Axis".StatusSensor[5].Position;', "index.range"),
    ],
)
def test_wrong_use_of_a_listed_member_is_an_error(code, expected):
    assert _errors(code, _object("PID", "PID_Compact"), _object("Axis", "TO_PositioningAxis", "5.0")) == [expected]


def test_the_family_decides_the_types_of_members():
    """CONT_C of an S7-300 has PV_PER as a Word, that of an S7-1500 as an Int."""
    for family, text in (("S7-300", "Word"), ("S7-400", "Word"), ("S7-1500", "Int")):
        found = technology_structure("CONT_C", family)
        assert found is not None
        assert type_name(found.by_name["pv_per"].type) == text
    assert _errors('"Loop".PV_PER := 16#6C00;', _object("Loop", "CONT_C", "1.1"), family="S7-300") == []
    assert technology_structure("CONT_C", "S7-1200") is None


def test_an_axis_of_an_s7_1200_has_real_values():
    """That of an S7-1500 has LReal."""
    for family, text in (("S7-1200", "Real"), ("S7-1500", "LReal")):
        axis = technology_structure("TO_PositioningAxis", family)
        assert axis is not None
        assert type_name(axis.by_name["actualposition"].type) == text
    code = '#on := "Axis".StatusBits.HomingDone;\n#number := "Axis".Position;'
    assert _errors(code, _object("Axis", "TO_PositioningAxis", "6.0"), family="S7-1200") == []


def test_arrays_and_inner_structures():
    axis = technology_structure("to_positioningaxis", "S7-1500")
    assert axis is not None
    sensor = axis.by_name["sensor"].type
    assert isinstance(sensor, Array)
    assert sensor.bounds == ((1, 4),)
    assert isinstance(sensor.element, Structure)
    assert sensor.element.open
    assert type_name(sensor.element.by_name["type"].type) == "DInt"
    assert [each.section for each in axis.members] == ["Static"] * len(axis.members)
    assert all(each.section == "None" for each in sensor.element.members)


def test_a_member_of_a_file_adds_to_the_listed_ones():
    inner = Section("None", [Member("speed", "Real"), Member("count", "DInt", start_value="7")])
    more = Member("sOwn", "PID_OfALaterVersion", version="4.0", sections=[inner])
    own = _object("PID", "PID_Compact", "4.0", [more])
    assert _errors('"PID".sOwn.speed := #number;', own) == []
    assert _errors('"PID".sOwn.speed := TRUE;', own) == ["type.implicit"]
    assert _errors('"PID".Retain.CtrlParams.Ti := #number;', own) == []

    class One:
        cpu = Cpu()

        def find(self, name):
            return own if name == "PID" else None

        def find_by_number(self, kind, number):
            return None

    assert (".sOwn.count", "7") in Symbols(One()).lookup("PID").starts


def test_objects_of_one_type_fit_its_parameters():
    source = """FUNCTION_BLOCK "Drive"
VAR_IN_OUT
  axis : TO_SpeedAxis;
END_VAR
BEGIN
  #axis.Override.Velocity := 100.0;
END_FUNCTION_BLOCK
DATA_BLOCK "Drive_DB" "Drive" BEGIN END_DATA_BLOCK
FUNCTION "Call" : Void
BEGIN
  "Drive_DB"(axis := "Axis");
END_FUNCTION"""
    workspace = Workspace()
    workspace.put(_object("Axis", "TO_SpeedAxis", "5.0"))
    workspace.put_source(source)
    assert [each.code for each in workspace.check() if each.severity is Severity.ERROR] == []


# -- the tables ---------------------------------------------------------------------------


def test_every_listed_member_belongs_to_a_type():
    names = {each.name for each in technology_types()}
    families = {each.name: {part.removesuffix("T") for part in each.families} for each in technology_types()}
    assert {"PID_Compact", "TO_SpeedAxis", "CONT_C", "High_Speed_Counter", "AXIS_REF"} <= names
    for name, on in families.items():
        for family in FAMILIES:
            assert not technology_members(name, family) or family in {
                part.removesuffix("T") for each in technology_types() if each.name == name for part in each.families
            }, (name, family, on)


@pytest.mark.parametrize("family", FAMILIES)
def test_start_values_and_limits_are_values_of_their_types(family):
    for kind in {each.name for each in technology_types()}:
        found = technology_structure(kind, family)
        for member in technology_members(kind, family):
            symbols = Symbols(_Nothing(family))
            data_type = symbols.data_type(member.type)
            read = {text: literal(text, data_type) for text in (member.start, member.low, member.high) if text}
            assert None not in read.values(), member
            low, high, start = (read[text][0] if text else None for text in (member.low, member.high, member.start))
            assert low is None or high is None or low < high, member
            assert start is None or ((low is None or low <= start) and (high is None or start <= high)), member
        paths = [each.path for each in technology_members(kind, family)]
        assert len(paths) == len({each.casefold() for each in paths}), kind
        assert found is not None or all(each.section == PARAMETER for each in technology_members(kind, family))


class _Nothing:
    def __init__(self, family):
        self.cpu = Cpu(family)

    def find(self, name):
        return None

    def find_by_number(self, kind, number):
        return None


@pytest.mark.parametrize(
    ("name", "family", "version", "exists"),
    [
        ("PID_Compact", "S7-1200", "2.2", False),
        ("PID_Compact", "S7-1200", "2.3", True),
        ("PID_Compact", "S7-1500", "3.0", True),
        ("PID_Temp", "S7-1500", "1.2", False),
        ("PID_Temp", "S7-1500", "1.1", True),
        ("TO_PositioningAxis", "S7-1200", "5.0", False),
        ("TO_PositioningAxis", "S7-1500", "5.0", True),
        ("CONT_C", "S7-300", "1.1", True),
        ("PID_CP", "S7-400", "2.0.0", True),
    ],
)
def test_versions_of_types(name, family, version, exists):
    """The help's overview of technology objects and versions."""
    found = technology_type(name, family)
    assert found is not None
    assert found.has_version(version) is exists


@pytest.mark.parametrize(
    ("name", "family"),
    [("TO_SpeedAxis", "S7-1200"), ("TO_CommandTable", "S7-1500"), ("PID_Compact", "S7-300"), ("Anything", "S7-1500")],
)
def test_types_that_a_family_lacks(name, family):
    assert technology_type(name, family) is None


def test_motion_objects_transfer_from_version_5_on():
    axis = technology_type("TO_SpeedAxis", "S7-1500")
    assert axis is not None
    assert (axis.can_transfer("4.0"), axis.can_transfer("5.0"), axis.can_transfer("10.0")) == (False, True, True)


def test_members_of_later_versions():
    members = {each.path: each for each in technology_members("PID_Compact", "S7-1500")}
    assert members["Retain.CtrlParams.DeadZone"].is_in("3.0")
    assert not members["Retain.CtrlParams.DeadZone"].is_in("2.4")
    assert members["_Config.OutputSelect"].is_in("2.4")
    assert not members["_Config.OutputSelect"].is_in("3.0")
    assert numbers("V2.10") > numbers("2.9")


def _leaves(structure, path=""):
    for member in structure.members:
        kind = member.type.element if isinstance(member.type, Array) else member.type
        name = f"{path}{member.name}".casefold()
        if isinstance(kind, Structure) and kind.members:
            yield from _leaves(kind, f"{name}.")
        else:
            yield name, kind


OF_THE_FAMILY = {("CONT_C", "S7-1500"): {"pv_per", "lmn_per"}, ("CONT_S", "S7-1500"): {"pv_per"}}
"""Members whose type depends on the CPU family; the table of technology objects has it."""


def test_the_tables_of_engineering_and_of_execution_agree():
    """The members of axes and controllers that a CPU executes are listed elsewhere, from other sources."""
    compared = 0
    for each in technology_types():
        for family in {name.removesuffix("T") for name in each.families}:
            listed = technology_structure(each.name, family)
            known = technology_object(each.name, family) or find_predefined(each.name, family)
            if listed is None or known is None or not known.members:
                continue
            first, second = dict(_leaves(listed)), dict(_leaves(known))
            shared = first.keys() & second.keys() - OF_THE_FAMILY.get((each.name, family), set())
            assert {name: first[name] for name in shared} == {name: second[name] for name in shared}
            compared += len(shared)
    assert compared > 400


@pytest.mark.parametrize(
    ("instruction", "version", "given", "expected"),
    [
        ("MC_MOVEABSOLUTE", "4.0", "LReal", []),
        ("MC_MOVEABSOLUTE", "4.0", "Real", []),
        ("MC_MoveAbsolute", "7.0", "Real", []),
        ("MC_MoveAbsolute", "7.0", "LReal", ["type.narrowing"]),
        ("MC_MOVEABSOLUTE", "4.0", "Bool", ["type.implicit", "type.parameter"]),
    ],
)
def test_motion_control_of_an_s7_1500_takes_long_numbers_in_lad(instruction, version, given, expected):
    """The S7-1500 writes these instructions in capitals and takes LReal, the S7-1200 takes Real."""
    box = {"Axis": "#axis", "Position": "#position", "Velocity": "10.0"}
    inputs = [("go", "Bool"), ("axis", "TO_PositioningAxis"), ("position", given)]
    document = simatic_xml.from_json(
        {
            "kind": "FB",
            "name": "Move",
            "language": "LAD",
            "engineering": "V20",
            "cultures": ["en-US"],
            "interface": {
                "Input": [{"name": name, "type": kind} for name, kind in inputs],
                "Static": [{"name": "move", "type": instruction, "version": version}],
            },
            "networks": [
                {"source": {"rungs": [[{"contact": "#go"}, {"box": instruction, "instance": "#move", "in": box}]]}}
            ],
        }
    )
    workspace = Workspace()
    workspace.put_document(document)
    assert [each.code for each in workspace.findings("Move")] == expected
