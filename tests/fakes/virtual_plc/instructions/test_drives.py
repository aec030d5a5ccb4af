"""SinaPos and SinaSpeed on a virtual CPU with an ideal drive: what goes to the drive and what the axis does."""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes.virtual_plc.instructions.cpu_programs import running
from virtual_plc.cpu.cpu import VirtualCpu
from virtual_plc.surroundings import Module
from virtual_plc.surroundings.drives import Format, Parameter, PositioningDrive, SpeedDrive

DRIVE = 280
MINUTE = 60.0
CYCLE = 0.01


def word(number: int) -> int:
    """Return a status as Int has it."""
    return struct.unpack(">h", struct.pack(">H", number))[0]


@dataclass
class Axis:
    """A CPU that calls SinaPos in each cycle."""

    cpu: VirtualCpu
    drive: PositioningDrive

    def set(self, **inputs: Any) -> None:
        self.cpu.write_many({f'"Pos".{name}': value for name, value in inputs.items()})

    def get(self, name: str) -> Any:
        return self.cpu.read(f'"Pos".{name}')

    def run(self, seconds: float = 2 * CYCLE, **inputs: Any) -> None:
        self.set(**inputs)
        self.cpu.run_cycles(round(seconds / CYCLE))

    def start(self, seconds: float = 2 * CYCLE, **inputs: Any) -> None:
        """Give a rising edge of ExecuteMode."""
        self.run(ExecuteMode=False, **inputs)
        self.run(seconds, ExecuteMode=True)

    def home(self, position: float = 0.0) -> None:
        self.drive.parameters[2599] = position
        self.start(ModePos=5)
        self.run(ExecuteMode=False)


@pytest.fixture
def axis() -> Iterator[Axis]:
    call = '"Pos"(HWIDSTW := 280, HWIDZSW := 280);'
    with running("x : Bool;", call, instances={"Pos": "SinaPos"}) as cpu:
        drive = PositioningDrive()
        cpu.surroundings.modules.put(DRIVE, drive.module(256, 256))
        cpu.run_cycles(2)
        made = Axis(cpu, drive)
        made.run(EnableAxis=True, ModePos=1, Velocity=6000)
        yield made


def test_an_axis_is_switched_on_without_inhibition(axis: Axis) -> None:
    assert (axis.get("AxisEnabled"), axis.get("Lockout"), axis.get("Error")) == (True, False, False)
    assert axis.get("Status") == 0x7002
    axis.run(EnableAxis=False)
    assert (axis.get("AxisEnabled"), axis.get("Lockout"), axis.get("Error")) == (False, False, False)


def test_relative_positioning_takes_the_time_of_its_profile(axis: Axis) -> None:
    """6000 * 1000 LU/min are 100,000 LU/s, reached in 1 s with 100,000 LU/s^2; 300,000 LU take 1 + 2 + 1 s."""
    axis.start(2.0, Position=300_000)
    assert axis.drive.velocity == pytest.approx(100_000)
    assert axis.get("ActPosition") == pytest.approx(50_000 + 100_000 * 0.99, abs=1100)
    revolutions = 6_000_000 / 10_000 / 3000
    assert axis.get("ActVelocity") == pytest.approx(revolutions * 2**30, rel=1e-6)
    assert (axis.get("AxisPosOk"), axis.get("AxisSpFixed"), axis.get("ActMode")) == (False, False, 1)
    axis.run(1.9)
    assert not axis.get("AxisPosOk")
    axis.run(0.2)
    assert (axis.get("AxisPosOk"), axis.get("AxisSpFixed"), axis.get("ActPosition")) == (True, True, 300_000)
    axis.start(4.1, Position=-300_000)
    assert axis.get("ActPosition") == 0


def test_absolute_positioning_wants_a_home_position(axis: Axis) -> None:
    axis.start(1.0, ModePos=2, Position=5000)
    assert (axis.get("AxisWarn"), axis.get("ActWarn"), axis.get("ActPosition")) == (True, 7461, 0)
    axis.home(1000.0)
    assert (axis.get("AxisRef"), axis.get("ActPosition")) == (True, 1000)
    axis.start(2.0, ModePos=2, Position=5000)
    assert (axis.get("AxisWarn"), axis.get("ActPosition"), axis.get("AxisPosOk")) == (False, 5000, True)
    axis.start(2.0, ModePos=2, Position=-5000)
    assert axis.get("ActPosition") == -5000


def test_a_new_order_replaces_the_running_one(axis: Axis) -> None:
    axis.home()
    axis.start(1.5, ModePos=2, Position=10_000_000)
    axis.start(8.0, Position=20_000)
    assert (axis.get("ActPosition"), axis.get("AxisPosOk")) == (20_000, True)


def test_an_intermediate_stop_keeps_the_order_and_a_rejection_does_not(axis: Axis) -> None:
    axis.start(1.0, Position=500_000)
    axis.run(1.5, IntermediateStop=False)
    rest = axis.get("ActPosition")
    assert (axis.drive.velocity, axis.get("AxisPosOk")) == (0, False)
    assert 0 < rest < 500_000
    axis.run(8.0, IntermediateStop=True)
    assert (axis.get("ActPosition"), axis.get("AxisPosOk")) == (500_000, True)
    axis.start(1.0, Position=500_000)
    axis.run(1.5, CancelTraversing=False)
    rest = axis.get("ActPosition")
    axis.run(2.0, CancelTraversing=True)
    assert (axis.get("ActPosition"), axis.get("AxisPosOk")) == (rest, True)
    assert 500_000 < rest < 1_000_000


def test_setup_travels_without_a_target(axis: Axis) -> None:
    axis.start(3.0, ModePos=3, Negative=True)
    assert axis.get("ActMode") == 3
    before = axis.get("ActPosition")
    axis.run(1.0)
    assert axis.get("ActPosition") - before == pytest.approx(-100_000, abs=2)
    assert axis.get("EPosZSW2") & 0x30 == 0x20
    axis.run(2.0, CancelTraversing=False)
    assert (axis.drive.velocity, axis.get("AxisPosOk")) == (0, True)
    axis.start(1.0, ModePos=3, Positive=True, CancelTraversing=True)
    assert (axis.get("ActWarn"), axis.drive.velocity) == (7563, 0)


def test_an_override_changes_the_running_velocity(axis: Axis) -> None:
    axis.start(3.0, ModePos=3, Positive=True)
    axis.run(2.0, OverV=50)
    assert axis.drive.velocity == pytest.approx(50_000)
    axis.run(2.0, OverV=150)
    assert axis.drive.velocity == pytest.approx(150_000)
    axis.run(2.0, OverV=0)
    assert axis.drive.velocity == 0


def test_software_limit_switches_hold_the_axis(axis: Axis) -> None:
    axis.home()
    axis.drive.parameters[2581] = 40_000.0
    axis.run(ConfigEPos=0x7)
    axis.start(1.0, ModePos=2, Position=40_001)
    assert (axis.get("ActWarn"), axis.get("ActPosition")) == (7478, 0)
    axis.start(5.0, ModePos=3, Positive=True)
    assert (axis.get("ActPosition"), axis.get("EPosZSW2") & 0x80) == (40_000, 0x80)


def test_homing_travels_to_the_mark(axis: Axis) -> None:
    axis.drive.distance_to_mark = 20_000.0
    axis.drive.parameters[2599] = 700.0
    axis.start(CYCLE * 4, ModePos=4, Negative=True)
    assert (axis.get("ActMode"), axis.get("AxisRef")) == (4, False)
    assert axis.drive.velocity < 0
    axis.run(3.0)
    assert (axis.get("AxisRef"), axis.get("ActPosition"), axis.get("AxisPosOk")) == (True, 700, True)


def test_flying_homing_takes_the_position_of_the_mark_while_the_axis_moves(axis: Axis) -> None:
    axis.start(2.0, ModePos=3, Positive=True, FlyRef=True)
    assert (axis.get("AxisRef"), axis.get("EPosZSW1") & 0x1000) == (False, 0x1000)
    axis.drive.pass_mark()
    axis.run(1.0)
    assert axis.get("AxisRef")
    assert axis.get("ActPosition") == pytest.approx(100_000, abs=2100)


def test_traversing_blocks_are_those_of_the_drive(axis: Axis) -> None:
    axis.home()
    drive = axis.drive.parameters
    for number, index, form_value in ((2617, 5, 9000.0), (2618, 5, 1200.0)):
        read = drive.read(number, index)
        assert isinstance(read, tuple)
        assert drive.write(number, index, read[0], form_value) is None
    axis.start(0.2, ModePos=6, Position=5)
    assert (axis.get("ActMode"), axis.get("EPosZSW1") & 0x3F) == (6, 5)
    axis.run(3.0)
    assert (axis.get("ActPosition"), axis.get("AxisPosOk")) == (9000, True)
    drive.put(2621, Parameter(Format.INTEGER16, [9.0] * 64))
    axis.start(1.0)
    assert (axis.get("ActWarn"), axis.drive.velocity) == (7467, 0)


@pytest.mark.parametrize(("jog", "sign"), [("Jog1", -1), ("Jog2", 1)])
def test_jog_moves_while_its_signal_is_on(axis: Axis, jog: str, sign: int) -> None:
    axis.run(1.0, ModePos=7, **{jog: True})
    assert axis.drive.velocity == pytest.approx(sign * 300_000 / MINUTE)
    assert axis.get("ActMode") == 7
    axis.run(1.0, **{jog: False})
    assert (axis.drive.velocity, axis.get("AxisPosOk")) == (0, True)
    before = axis.get("ActPosition")
    axis.run(2.0, ModePos=8, **{jog: True})
    assert (axis.get("ActPosition"), axis.get("AxisPosOk")) == (before + sign * 1000, True)


@pytest.mark.parametrize(
    ("inputs", "status"),
    [
        ({"ModePos": 0}, 0x8202),
        ({"ModePos": 9}, 0x8202),
        ({"OverV": 200}, 0x8203),
        ({"OverAcc": -1}, 0x8203),
        ({"OverDec": 101}, 0x8203),
        ({"ModePos": 6, "Position": 64}, 0x8204),
        ({"HWIDZSW": 281}, 0x8600),
        ({"HWIDSTW": 281}, 0x8601),
    ],
)
def test_what_is_wrong_has_its_status(inputs: dict[str, int], status: int) -> None:
    numbers = {"HWIDSTW": 280, "HWIDZSW": 280} | inputs
    call = f'"Pos"({", ".join(f"{name} := {value}" for name, value in ({"ModePos": 1} | numbers).items())});'
    with running("x : Bool;", call, instances={"Pos": "SinaPos"}) as cpu:
        cpu.surroundings.modules.put(DRIVE, PositioningDrive().module(256, 256))
        cpu.run_cycles(2)
        assert (cpu.read('"Pos".Error'), cpu.read('"Pos".Status')) == (True, word(status))
        assert cpu.read('"Pos".DiagID') == (0x8090 if status >= 0x8600 else 0)


def test_a_fault_stops_the_drive_until_it_is_acknowledged_and_switched_on_again(axis: Axis) -> None:
    axis.start(1.0, ModePos=3, Positive=True)
    axis.drive.power.fault = 7900
    axis.run()
    assert (axis.get("Status"), axis.get("ActFault"), axis.get("AxisError")) == (word(0x8401), 7900, True)
    assert (axis.drive.velocity, axis.get("AxisEnabled")) == (0, False)
    axis.run(AckError=True)
    assert (axis.get("Status"), axis.get("Lockout")) == (word(0x8402), True)
    axis.run(EnableAxis=False, AckError=False)
    axis.run(EnableAxis=True)
    assert (axis.get("Status"), axis.get("AxisEnabled")) == (0x7002, True)


def test_off2_stops_at_once_and_off3_brakes(axis: Axis) -> None:
    axis.start(2.0, ModePos=3, Positive=True)
    axis.run(ConfigEPos=0x1)
    assert 0 < axis.drive.velocity < 100_000
    axis.run(2.0)
    assert (axis.drive.velocity, axis.get("Lockout")) == (0, True)
    axis.run(ConfigEPos=0x3, EnableAxis=False)
    axis.run(EnableAxis=True)
    axis.start(2.0)
    axis.run(ConfigEPos=0x2)
    assert (axis.drive.velocity, axis.get("Lockout")) == (0, True)


def test_the_telegram_has_the_documented_bits(axis: Axis) -> None:
    axis.run(ModePos=2, Position=-2, Velocity=77, OverV=100, OverAcc=50, OverDec=25, ExecuteMode=True, ConfigEPos=0x103)
    content = bytes(axis.cpu.memory.peripheral_outputs[256:280])
    assert struct.unpack(">HHHHHiiHHH", content) == (0x47F, 0x9100, 0, 0, 0x4000, -2, 77, 0x2000, 0x1000, 0)


def test_without_a_drive_the_telegram_is_what_the_program_sends_and_a_test_answers() -> None:
    call = '"Pos"(ModePos := 1, HWIDSTW := 280, HWIDZSW := 280);'
    with running("x : Bool;", call, instances={"Pos": "SinaPos"}) as cpu:
        cpu.surroundings.modules.put(DRIVE, Module(range(256, 280), range(256, 280)))
        with cpu.between_scans() as memory:
            memory.peripheral_inputs[256:280] = struct.pack(">HHHHHiiHHH", 0x0E37, 0x8000, 4, 0, 0, -9, 5, 0, 3, 0)
        cpu.run_cycles(1)
        names = (
            "AxisEnabled",
            "AxisPosOk",
            "AxisRef",
            "AxisSpFixed",
            "ActPosition",
            "ActVelocity",
            "ActWarn",
            "ActMode",
        )
        assert [cpu.read(f'"Pos".{each}') for each in names] == [True, True, True, True, -9, 5, 3, 1]


def test_a_speed_drive_follows_its_ramp() -> None:
    call = '"Speed"(RefSpeed := 3000.0, HWIDSTW := 280, HWIDZSW := 280);'
    with running("x : Bool;", call, instances={"Speed": "SinaSpeed"}) as cpu:
        drive = SpeedDrive()
        drive.parameters[1120] = drive.parameters[1121] = 3.0
        cpu.surroundings.modules.put(DRIVE, drive.module(256, 256))
        cpu.run_cycles(2)
        cpu.write_many({'"Speed".EnableAxis': True, '"Speed".SpeedSp': 1500.0})
        cpu.run_cycles(76)
        assert cpu.read('"Speed".ActVelocity') == pytest.approx(750.0, abs=11)
        cpu.run_cycles(100)
        assert cpu.read('"Speed".ActVelocity') == pytest.approx(1500.0)
        assert (cpu.read('"Speed".AxisEnabled'), cpu.read('"Speed".Status')) == (True, 0x7002)
        cpu.write('"Speed".EnableAxis', False)
        cpu.run_cycles(200)
        assert (cpu.read('"Speed".AxisEnabled'), cpu.read('"Speed".ActVelocity')) == (False, 0.0)


@pytest.mark.parametrize(("setpoint", "raw"), [(9e9, 32766), (-9e9, -32766), (float("nan"), 0), (750.0, 4096)])
def test_a_speed_setpoint_is_a_share_of_the_reference_speed(setpoint: float, raw: int) -> None:
    call = '"Speed"(RefSpeed := 3000.0, HWIDSTW := 280, HWIDZSW := 280);'
    with running("x : Bool;", call, instances={"Speed": "SinaSpeed"}) as cpu:
        cpu.surroundings.modules.put(DRIVE, SpeedDrive().module(256, 256))
        cpu.write('"Speed".SpeedSp', setpoint)
        cpu.run_cycles(1)
        assert struct.unpack(">Hh", bytes(cpu.memory.peripheral_outputs[256:260])) == (0x47E, raw)


_WORD = st.integers(0, 0xFFFF)
_LONG = st.integers(-(1 << 31), (1 << 31) - 1)
_TELEGRAM = st.tuples(_WORD, _WORD, _WORD, _WORD, _WORD, _LONG, _LONG, _WORD, _WORD, _WORD)


@given(st.lists(st.tuples(st.integers(0, 10**10), _TELEGRAM), max_size=12))
def test_no_telegram_harms_a_drive_and_without_power_it_does_not_move(
    telegrams: list[tuple[int, tuple[int, ...]]],
) -> None:
    drive, now = PositioningDrive(), 0
    for later, words in telegrams:
        now += later
        found = struct.unpack(">HHHHHiiHHH", drive.exchange(now, struct.pack(">HHHHHiiHHH", *words)))
        assert drive.power.on or drive.velocity == 0
        assert bool(found[0] & 0x4) is drive.power.on
        assert abs(drive.velocity) <= drive.parameters[2571] * 1000 / MINUTE * (1 + 1e-9)
