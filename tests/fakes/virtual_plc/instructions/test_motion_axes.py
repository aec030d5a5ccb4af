"""Axes of other kinds, how programs hand them on, and what a CPU does with them."""

import pytest

from simatic_xml import load
from simatic_xml.model import Block
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.workspace import Workspace
from tests.fakes.virtual_plc.instructions.motion_kit import Rig, motion_program, rig, status
from virtual_plc.cpu.cpu import VirtualCpu
from virtual_plc.memory.program import program_of

BOTH = pytest.mark.parametrize("family", ["S7-1200", "S7-1500"])

# Other axes ----------------------------------------------------------------------------------------------------------


def test_a_speed_axis_in_revolutions_a_minute() -> None:
    r = Rig("S7-1500", "TO_SpeedAxis")  # 600 1/min are 10 1/s; with 10 1/s2 in 1 s
    r.scan(on=True, velocity=True, speed=600.0, stop_mode=0)
    r.run_for(0.5)
    assert r.axis("Velocity") == pytest.approx(300, rel=0.03)
    r.run_for(0.52)
    assert r.axis("Velocity") == 600 and r.axis("ActualSpeed") == pytest.approx(600)
    r.scan(absolute=True)
    assert r.error("Absolute") == (0x8002, 0), "it has no position"


@pytest.mark.parametrize(("direction", "way"), [(1, 350), (2, -10), (3, -10)], ids=["positive", "negative", "shortest"])
def test_directions_of_a_modulo_axis(direction: int, way: float) -> None:
    r = rig("S7-1500", Modulo__Enable="TRUE", DynamicDefaults__Deceleration="1000.0")
    r.scan(absolute=True, position=350.0, speed=400.0, direction=direction, acceleration=1000.0)
    r.run_for(0.2)
    moved = r.axis("Position")
    assert 0 < moved < 350 if way > 0 else moved >= 350
    r.run_for(3)
    assert r.axis("Position") == pytest.approx(350) and r.shows("Absolute") == {"Done"}


def test_what_is_no_axis() -> None:
    source = """
    DATA_BLOCK "P" MC_POWER BEGIN END_DATA_BLOCK
    DATA_BLOCK "G" VAR x : Int; END_VAR BEGIN END_DATA_BLOCK
    ORGANIZATION_BLOCK "Main" BEGIN "P"(Axis := "G", Enable := TRUE); END_ORGANIZATION_BLOCK
    """
    workspace = Workspace()
    assert workspace.put_source(source) == []
    cpu = VirtualCpu(program_of(workspace))
    cpu.power_on()
    cpu.run()
    cpu.run_cycles(1)
    assert (cpu.read('"P".Error'), cpu.read('"P".ErrorID')) == (True, 0x8002)


SIMATICML = """<?xml version="1.0" encoding="utf-8"?>
<Document><Engineering version="V19" /><SW.TechnologicalObjects.TechnologicalInstanceDB ID="0"><AttributeList>
<Interface><Sections xmlns="http://www.siemens.com/automation/Openness/SW/Interface/v5"><Section Name="Static">
<Member Name="DynamicLimits" Datatype="TO_Struct_DynamicLimits" Version="8.0"><Sections><Section Name="None">
<Member Name="MaxVelocity" Datatype="LReal"><StartValue>42.0</StartValue></Member></Section></Sections></Member>
<Member Name="Sensor" Datatype="Array[1..4] of TO_Struct_Sensor" Version="8.0"><Sections><Section Name="None">
<Member Name="Type" Datatype="DInt"><Subelement Path="1"><StartValue>1</StartValue></Subelement></Member>
</Section></Sections></Member></Section></Sections></Interface><Name>Axis</Name><Number>5</Number>
<OfSystemLibElement>TO_PositioningAxis</OfSystemLibElement><OfSystemLibVersion>8.0</OfSystemLibVersion>
<ProgrammingLanguage>DB</ProgrammingLanguage></AttributeList></SW.TechnologicalObjects.TechnologicalInstanceDB></Document>"""


def test_an_axis_of_a_simaticml_file_has_its_configuration() -> None:
    workspace = Workspace(Cpu("S7-1500"))
    workspace.put_document(load(SIMATICML.encode()))
    assert workspace.put_source('ORGANIZATION_BLOCK "Main" BEGIN ; END_ORGANIZATION_BLOCK') == []
    cpu = VirtualCpu(program_of(workspace))
    cpu.power_on()
    cpu.run()
    cpu.run_cycles(1)
    assert cpu.read('"Axis".DynamicLimits.MaxVelocity') == 42
    assert [cpu.read(f'"Axis".Sensor[{each}].Type') for each in (1, 2)] == [1, 0]
    assert cpu.read('"Axis".StatusWord') == 1 << 6 | 1 << 7 | 1 << 12


def test_an_axis_of_the_first_versions() -> None:
    r = Rig("S7-1200", "TO_Axis_PTO").ready()
    r.scan(absolute=True, position=48.0, speed=48.0)
    r.run_for(1.0)
    assert r.axis("MotionStatus.Velocity") == pytest.approx(48, rel=0.02) and r.axis("StatusBits.PositioningCommand")
    r.run_for(1.05)
    assert r.axis("MotionStatus.Position") == 48 and r.axis("StatusBits.StandStill") and r.shows("Absolute") == {"Done"}
    r.scan(absolute=False, velocity=True, stop_mode=0)
    assert r.axis("StatusBits.SpeedCommand") and r.axis("StatusBits.Acceleration")


# How programs hand an axis on ----------------------------------------------------------------------------------------

HANDED_ON = """
DATA_BLOCK "C" VAR go : Bool; seen : LReal; END_VAR BEGIN END_DATA_BLOCK
FUNCTION_BLOCK "Drive"
VAR_{section} axis : {type}; END_VAR
VAR power : MC_POWER; move : MC_MOVERELATIVE; END_VAR
BEGIN
  #power(Axis := #axis, Enable := TRUE);
  #move(Axis := #axis, Execute := "C".go, Distance := 5.0, Velocity := 50.0);
  {look}
END_FUNCTION_BLOCK
DATA_BLOCK "D" "Drive" BEGIN END_DATA_BLOCK
ORGANIZATION_BLOCK "Main" BEGIN "D"(axis := "Axis"); END_ORGANIZATION_BLOCK
"""


@pytest.mark.parametrize(
    ("section", "data_type"),
    [
        ("INPUT", "TO_PositioningAxis"),
        ("IN_OUT", "TO_PositioningAxis"),
        ("INPUT", "TO_SpeedAxis"),
        ("IN_OUT", "TO_SpeedAxis"),
        ("INPUT", "DB_ANY"),
    ],
)
def test_an_axis_is_passed_on_as_itself(section: str, data_type: str) -> None:
    look = '"C".seen := #axis.Velocity;' if data_type != "DB_ANY" else ";"
    workspace = Workspace(Cpu("S7-1500"))
    assert workspace.put_source(HANDED_ON.format(section=section, type=data_type, look=look)) == []
    attributes = {"OfSystemLibElement": "TO_PositioningAxis", "OfSystemLibVersion": "8.0"}
    workspace.put(Block("TechnologicalInstanceDB", "Axis", 7, attributes=attributes))
    cpu = VirtualCpu(program_of(workspace))
    cpu.power_on()
    cpu.run()
    cpu.run_cycles(1)
    cpu.write("C.go", True)
    cpu.run_cycles(11)
    if data_type != "DB_ANY":
        assert cpu.read("C.seen") == pytest.approx(10)
    cpu.run_cycles(100)
    assert cpu.read('"Axis".Position') == 5


# The CPU -------------------------------------------------------------------------------------------------------------


def test_an_axis_moves_on_through_a_download() -> None:
    r = rig("S7-1500")
    r.scan(velocity=True, speed=50.0, stop_mode=0)
    r.run_for(1)
    before = r.axis("Position")
    r.cpu.load(motion_program("S7-1500", {}))
    r.run_for(1)
    assert r.axis("Position") == pytest.approx(before + 50, rel=1e-6) and r.shows("Velocity") >= {"InVelocity"}


def test_after_a_restart_the_axis_is_disabled_and_not_homed() -> None:
    r = rig("S7-1500")
    r.cpu.write("C.on", False)
    r.cpu.stop()
    r.cpu.run()
    r.cpu.run_cycles(1)
    assert not status(r, "Enable") and not status(r, "HomingDone") and r.shows("Power") == set()


def test_a_virtual_second_takes_as_many_scans_as_it_takes() -> None:
    fast, slow = rig("S7-1500"), rig("S7-1500")
    slow.cpu.cycle = 50_000_000
    for each, scans in ((fast, 100), (slow, 20)):
        each.scan(velocity=True, speed=50.0, stop_mode=0)
        each.cpu.run_cycles(scans)
    assert fast.axis("Position") == pytest.approx(slow.axis("Position"), abs=0.01)
