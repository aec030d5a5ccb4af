"""The members of axes: names and types that the manuals list, for each CPU family."""

from collections.abc import Iterator

import pytest

from simatic_xml.model import Block, Member, Section
from simatic_xml.program.diagnostics import Severity
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.typed_blocks import DataBlockDeclaration
from simatic_xml.program.types.technology_objects import is_axis, is_object, technology_object, technology_objects
from simatic_xml.program.types.types import ELEMENTARY, LREAL, REAL, Array, DataType, Elementary, Structure, Variable
from simatic_xml.program.types.values import literal
from simatic_xml.program.workspace import Workspace

DOCUMENTED = [
    ("S7-1200", "TO_PositioningAxis", "ActualPosition", "REAL"),
    ("S7-1200", "TO_PositioningAxis", "StatusBits.HomingDone", "BOOL"),
    ("S7-1200", "TO_PositioningAxis", "ErrorBits.SWLimit", "BOOL"),
    ("S7-1200", "TO_PositioningAxis", "DynamicLimits.MinVelocity", "REAL"),
    ("S7-1200", "TO_PositioningAxis", "Units.LengthUnit", "INT"),
    ("S7-1200", "TO_Axis_PTO", "MotionStatus.Position", "REAL"),
    ("S7-1500", "TO_SpeedAxis", "ActualSpeed", "LREAL"),
    ("S7-1500", "TO_SpeedAxis", "StatusWord", "DWORD"),
    ("S7-1500", "TO_PositioningAxis", "ErrorDetail.Number", "UDINT"),
    ("S7-1500", "TO_PositioningAxis", "ErrorDetail.Reaction", "DINT"),
    ("S7-1500", "TO_PositioningAxis", "PositionLimits_SW.MaxPosition", "LREAL"),
    ("S7-1500", "TO_SynchronousAxis", "Homing.ApproachVelocity", "LREAL"),
]
"""Family, object, member and type: 1200 help "Tags ... as of V6", motion control manual A.1 and A.2."""


def member_type(data_type: DataType, path: str) -> DataType:
    for name in path.split("."):
        assert isinstance(data_type, Structure)
        data_type = data_type.by_name[name.casefold()].type
    return data_type


@pytest.mark.parametrize(("family", "name", "path", "written"), DOCUMENTED)
def test_members_have_the_documented_type(family: str, name: str, path: str, written: str) -> None:
    found = technology_object(name.upper(), family)
    assert found is not None and found.name == name
    assert member_type(found, path) == ELEMENTARY[written]


def test_the_encoders_of_an_axis_are_an_array() -> None:
    for family, count in (("S7-1200", 1), ("S7-1500", 4)):
        axis = technology_object("TO_PositioningAxis", family)
        assert axis is not None
        sensors = axis.by_name["statussensor"].type
        assert isinstance(sensors, Array) and sensors.bounds == ((1, count),)


@pytest.mark.parametrize(("family", "number"), [("S7-1200", REAL), ("S7-1500", LREAL)])
def test_numbers_are_real_on_one_family_and_lreal_on_the_other(family: str, number: Elementary) -> None:
    for name in technology_objects(family):
        axis = technology_object(name, family)
        assert axis is not None and is_object(axis)
        reals = {each for each in _elementary(axis) if each in (REAL, LREAL)}
        assert reals == {number}


def test_start_values_are_literals_of_their_type() -> None:
    for family in ("S7-1200", "S7-1500"):
        for name in technology_objects(family):
            axis = technology_object(name, family)
            assert axis is not None
            for member in _leaves(axis):
                assert not member.start or literal(member.start, member.type) is not None, (family, name, member)


def test_other_families_have_no_axes() -> None:
    assert technology_objects("S7-300") == () and technology_object("TO_PositioningAxis", "S7-300") is None
    assert not is_object(Structure("TO_Struct_Actor", "system"))


def test_cams_and_measuring_inputs_are_no_axes() -> None:
    found = {name: technology_object(name, "S7-1500") for name in technology_objects("S7-1500")}
    axes = {name for name, each in found.items() if each is not None and is_axis(each)}
    assert axes == {"TO_SpeedAxis", "TO_PositioningAxis", "TO_SynchronousAxis"}


def test_a_data_block_sets_start_values_and_adds_members() -> None:
    limits = Member(
        "DynamicLimits", "TO_Struct_DynamicLimits", members=[Member("MaxVelocity", "LReal", start_value="42.0")]
    )
    static = Section("Static", [limits, Member("Extra", "Int")])
    attributes = {"OfSystemLibElement": "TO_PositioningAxis", "OfSystemLibVersion": "8.0"}
    workspace = Workspace(Cpu("S7-1500"))
    workspace.put(Block("TechnologicalInstanceDB", "Axis_1", attributes=attributes, interface=[static]))
    assert [each for each in workspace.check() if each.severity is Severity.ERROR] == []
    found = workspace.symbols.lookup("Axis_1")
    assert isinstance(found, DataBlockDeclaration) and is_axis(found.type)
    assert (".DynamicLimits.MaxVelocity", "42.0") in found.starts
    assert member_type(found.type, "Extra") == ELEMENTARY["INT"]


def _leaves(structure: Structure) -> Iterator[Variable]:
    for member in structure.members:
        inner = member.type.element if isinstance(member.type, Array) else member.type
        if isinstance(inner, Structure):
            yield from _leaves(inner)
        else:
            yield member


def _elementary(structure: Structure) -> list[DataType]:
    return [member.type for member in _leaves(structure)]
