"""Motion control: what is refused, with the error numbers of both CPU families, and what stops an axis."""

import math

import pytest

from simatic_xml.model import Block
from simatic_xml.program.symbols import Cpu
from simatic_xml.program.workspace import Workspace
from tests.fakes.virtual_plc.instructions.motion_kit import Rig, rig, status
from virtual_plc.cpu.cpu import VirtualCpu
from virtual_plc.memory.program import ProgramError, program_of

BOTH = pytest.mark.parametrize("family", ["S7-1200", "S7-1500"])

# Enabling ------------------------------------------------------------------------------------------------------------


@BOTH
def test_status_ends_when_the_axis_rests(family: str) -> None:
    emergency = "50.0"
    r = rig(family, DynamicDefaults__EmergencyDeceleration=emergency)
    r.scan(velocity=True, speed=50.0)
    r.run_for(1)
    r.scan(on=False, stop_mode=0)
    r.run_for(0.9)
    assert r.shows("Power") == {"Status", "Busy"} and "CommandAborted" in r.shows("Velocity")
    r.run_for(0.12)
    assert r.shows("Power") == set() and not status(r, "Enable")


def test_a_pulse_axis_loses_its_reference_when_it_is_disabled() -> None:
    for family, homed in (("S7-1200", False), ("S7-1500", True)):
        r = rig(family)
        r.scan(on=False)
        assert status(r, "HomingDone") is homed


@pytest.mark.parametrize(("family", "error"), [("S7-1200", (0x8201, 1)), ("S7-1500", (0x800C, 0))])
def test_a_second_mc_power_is_refused(family: str, error: tuple[int, int]) -> None:
    r = rig(family)
    r.scan(on2=True)
    assert r.error("Power2") == error and r.shows("Power") == {"Status", "Busy"}
    r.scan(on2=False)
    assert status(r, "Enable")


@pytest.mark.parametrize(("family", "error"), [("S7-1200", (0x820A, 0x2C)), ("S7-1500", (0x800E, 0))])
def test_a_restart_needs_a_disabled_axis(family: str, error: tuple[int, int]) -> None:
    r = rig(family)
    r.scan(reset=True, restart=True)
    assert r.error("Reset") == error
    r.scan(reset=False, on=False)
    r.scan(reset=True)
    assert r.shows("Reset") == {"Done"} and not status(r, "HomingDone")


def test_wrong_stop_mode() -> None:
    for family, error in (("S7-1200", (0x8405, 0x11)), ("S7-1500", (0x800B, 0))):
        r = rig(family)
        r.scan(stop_mode=9)
        assert r.error("Power") == error


# Errors --------------------------------------------------------------------------------------------------------------

MOTIONS = ["absolute", "relative", "velocity", "jog_up", "halt"]


@pytest.mark.parametrize("command", MOTIONS)
@pytest.mark.parametrize(("family", "error"), [("S7-1200", (0x8200, 1)), ("S7-1500", (0x800F, 0))])
def test_motions_need_an_enabled_axis(family: str, error: tuple[int, int], command: str) -> None:
    r = Rig(family)
    r.scan(**{command: True})
    assert r.error(command.split("_")[0].capitalize()) == error


def test_absolute_motion_without_homing_on_s7_1200() -> None:
    r = Rig("S7-1200")
    r.scan(on=True, velocity=True, speed=50.0)
    r.run_for(2)
    r.scan(absolute=True)
    assert r.error("Absolute") == (0x8204, 1) and "InVelocity" in r.shows("Velocity"), "the motion continues"
    assert not status(r, "Error")


def test_absolute_motion_without_homing_on_s7_1500() -> None:
    r = Rig("S7-1500")
    r.scan(on=True, velocity=True, speed=50.0)
    r.run_for(1)
    r.scan(absolute=True)
    assert r.error("Absolute") == (0x8001, 0)
    assert (r.axis("ErrorWord"), r.axis("ErrorDetail.Number"), r.axis("ErrorDetail.Reaction")) == (1 << 3, 321, 3)
    r.cpu.run_cycles(1)
    assert r.error("Power") == (0x8001, 0) and r.error("Velocity") == (0x8001, 0) and status(r, "Error")
    r.run_for(0.2)
    assert r.axis("Velocity") == 0
    r.scan(absolute=False, velocity=False)
    r.scan(velocity=True)
    assert r.error("Velocity") == (0x8001, 0), "the error is not acknowledged"
    r.scan(reset=True, velocity=False)
    assert r.shows("Reset") == {"Done"} and r.axis("ErrorWord") == 0
    r.cpu.run_cycles(1)
    assert r.shows("Power") == {"Status", "Busy"}


PARAMETERS = [
    ("S7-1200", "absolute", {"speed": 251.0}, (0x8402, 8)),
    ("S7-1200", "absolute", {"speed": 9.0}, (0x8402, 9)),
    ("S7-1200", "relative", {"speed": -20.0}, (0x8402, 0x24)),
    ("S7-1200", "velocity", {"speed": 300.0}, (0x8402, 8)),
    ("S7-1200", "velocity", {"stop_mode": 3}, (0x8403, 0x11)),
    ("S7-1200", "absolute", {"position": 2e12}, (0x8400, 5)),
    ("S7-1200", "absolute", {"position": -2e12}, (0x8400, 6)),
    ("S7-1200", "relative", {"distance": 2e12}, (0x8401, 5)),
    ("S7-1500", "absolute", {"speed": 0.0}, (0x8003, 0)),
    ("S7-1500", "relative", {"acceleration": 0.0}, (0x8004, 0)),
    ("S7-1500", "relative", {"deceleration": 0.0}, (0x8005, 0)),
    ("S7-1500", "relative", {"distance": 2e12}, (0x8008, 0)),
    ("S7-1500", "absolute", {"position": 2e12}, (0x8009, 0)),
    ("S7-1500", "velocity", {"stop_mode": 3}, (0x8007, 0)),
]


@pytest.mark.parametrize(("family", "command", "inputs", "error"), PARAMETERS)
def test_parameters_that_are_refused(
    family: str, command: str, inputs: dict[str, float], error: tuple[int, int]
) -> None:
    r = rig(family)
    r.scan(**{command: True}, **inputs)
    assert r.error(command.capitalize()) == error and r.axis("Velocity") == 0
    assert not status(r, "Error"), "an error of a command is not one of the axis"


def test_too_large_dynamics_are_limited_with_a_warning() -> None:
    r = rig("S7-1500", DynamicLimits__MaxVelocity="40.0")
    r.scan(velocity=True, speed=60.0, stop_mode=0)
    r.run_for(2)
    assert r.axis("Velocity") == 40 and r.axis("WarningWord") == 1 << 6 and r.axis("ErrorDetail.Number") == 501
    assert "InVelocity" in r.shows("Velocity") and not status(r, "Error")
    r.scan(reset=True)
    assert r.axis("WarningWord") == 0


def test_defaults_and_override() -> None:
    r = rig("S7-1500", DynamicDefaults__Velocity="20.0", Override__Velocity="50.0")
    r.scan(relative=True, distance=100.0, speed=-1.0, acceleration=1000.0)
    r.run_for(1)
    assert r.axis("Velocity") == 10


# Limit switches ------------------------------------------------------------------------------------------------------

SWITCHES = {"PositionLimits_SW__Active": "TRUE", "PositionLimits_SW__MinPosition": "-50.0",
            "PositionLimits_SW__MaxPosition": "50.0"}  # fmt: skip


@pytest.mark.parametrize(
    ("family", "speed", "place", "power"),
    [
        ("S7-1200", 20.0, 50, (0x8002, 0xE)),
        ("S7-1200", -20.0, -50, (0x8001, 0xE)),
        ("S7-1500", 20.0, 50, (0x8001, 0)),
        ("S7-1500", -20.0, -50, (0x8001, 0)),
    ],
)
def test_the_axis_rests_at_the_limit_switch(family: str, speed: float, place: float, power: tuple[int, int]) -> None:
    r = rig(family, **SWITCHES)
    r.scan(velocity=True, speed=speed, stop_mode=0)
    r.run_for(6)
    assert r.axis("ActualPosition") == place and r.axis("Velocity") == 0
    assert r.error("Power") == power and r.error("Velocity") == power
    assert status(r, "SWLimitMaxActive" if speed > 0 else "SWLimitMinActive")
    if r.modern:
        assert (r.axis("ErrorWord"), r.axis("ErrorDetail.Number"), r.axis("ErrorDetail.Reaction")) == (1 << 8, 533, 2)
    else:
        assert r.axis("ErrorBits.SWLimit")
    r.scan(reset=True, velocity=False)
    r.scan(relative=True, distance=math.copysign(1.0, speed), speed=20.0)
    r.run_for(1)
    assert r.error("Relative") == power, "it can only move back"
    r.scan(reset=False, relative=False)
    r.scan(reset=True)
    r.scan(relative=True, distance=math.copysign(10.0, -speed))
    r.run_for(2)
    assert abs(r.axis("Position")) == pytest.approx(40)


# What is refused -----------------------------------------------------------------------------------------------------

AROUND = """
DATA_BLOCK "G" VAR number : LReal; word : DWord; END_VAR BEGIN END_DATA_BLOCK
DATA_BLOCK "GearOut" MC_GEAROUT BEGIN END_DATA_BLOCK
ORGANIZATION_BLOCK "Main" BEGIN {body} END_ORGANIZATION_BLOCK
"""
REFUSED = [
    ('"G".number := "Axis".MemberOfALaterVersion;', "The member 'MemberOfALaterVersion' of TO_PositioningAxis"),
    ('"G".number := "Axis".Actor.Unlisted;', "The member 'Unlisted' of TO_Struct_Actor"),
    ('"G".word := "Track".StatusWord;', "The member 'StatusWord' of TO_CamTrack"),
    ('"GearOut"(Slave := "Axis");', "MC_GearOut"),
]


@pytest.mark.parametrize(("body", "named"), REFUSED)
def test_what_is_not_executed_is_refused_by_name(body: str, named: str) -> None:
    workspace = Workspace(Cpu("S7-1500"))
    assert workspace.put_source(AROUND.format(body=body)) == []
    for name, kind in (("Axis", "TO_PositioningAxis"), ("Track", "TO_CamTrack")):
        attributes = {"OfSystemLibElement": kind, "OfSystemLibVersion": "8.0"}
        workspace.put(Block("TechnologicalInstanceDB", name, attributes=attributes))
    with pytest.raises(ProgramError) as raised:
        VirtualCpu(program_of(workspace))
    (problem,) = raised.value.problems
    assert problem.message.startswith(f"{named} is not executed by the simulated CPU")
    assert problem.place.block == "Main"
