"""Superimposed motions and torque limits, as a program calls them."""

import pytest

from tests.fakes.virtual_plc.instructions.couple_kit import Pair

MORE = """"More"(Axis := "Leader", Execute := "C".a, Distance := "C".p, VelocityDiff := "C".q, Acceleration := 100.0,
  Deceleration := 100.0);"""
HALT = '"Less"(Axis := "Leader", Execute := "C".b, Deceleration := 100.0);'
TORQUE = '"Torque"(Axis := "Leader", Enable := "C".a, Limit := "C".p, Mode := "C".mode);'


def moving(**inputs: float) -> Pair:
    """A leading axis 0.5 s after the start of a motion by 100 at 50, and a superimposed motion of 20."""
    pair = Pair(MORE + HALT, More="MC_MOVESUPERIMPOSED", Less="MC_HALTSUPERIMPOSED")
    pair.scan(move=True, distance=100.0, speed=50.0)
    pair.run_for(0.5)
    pair.scan(a=True, **{"p": 20.0, "q": 10.0, **inputs})
    return pair


def test_a_superimposed_distance_is_added() -> None:
    pair = moving()  # 20 at 10 with ramps of 0.1 s: 2.1 s; the motion below it: 2.5 s
    assert pair.shows("More") == {"Busy"} and pair.bit("Leader", 23)
    pair.run_for(1)
    assert pair.at("Leader", "Velocity") == pytest.approx(60)
    assert pair.at("Leader", "StatusPositioning.SuperimposedDistance") == pytest.approx(9.5, abs=0.2)
    pair.run_for(1.02)
    assert pair.shows("Move") == {"Done"}, "its end is where it would be alone"
    pair.run_for(0.1)
    assert pair.shows("More") == {"Done"} and not pair.bit("Leader", 23)
    assert pair.at("Leader") == pytest.approx(120) and pair.at("Leader", "Velocity") == 0
    assert pair.at("Leader", "StatusPositioning.SuperimposedDistance") == 0


def test_the_basic_motion_may_end_last() -> None:
    pair = moving(q=40.0)
    pair.run_for(1)
    assert pair.shows("More") == {"Done"} and pair.shows("Move") == {"Busy", "Active"}
    assert pair.at("Leader", "StatusPositioning.SuperimposedDistance") == 20
    pair.run_for(1.2)
    assert pair.shows("Move") == {"Done"} and pair.at("Leader") == pytest.approx(120)


def test_a_distance_back_turns_the_axis_round() -> None:
    pair = moving(p=-100.0, q=80.0)
    pair.run_for(1)
    assert pair.at("Leader", "Velocity") < 0
    pair.run_for(3)
    assert pair.at("Leader") == pytest.approx(0)


def test_a_motion_command_aborts_the_superimposed_motion() -> None:
    pair = moving()
    pair.scan(stop=True)
    pair.cpu.run_cycles(1)
    assert pair.shows("More") == {"CommandAborted"} and pair.shows("Move") == {"CommandAborted"}


def test_a_new_superimposed_motion_aborts_the_one_before() -> None:
    pair = moving()
    pair.run_for(0.5)
    pair.scan(a=False)
    moved = pair.at("Leader", "StatusPositioning.SuperimposedDistance")
    pair.scan(a=True)
    pair.run_for(4)
    assert pair.shows("More") == {"Done"} and pair.at("Leader") == pytest.approx(120 + moved, abs=0.3)


def test_a_superimposed_motion_can_be_halted() -> None:
    pair = moving()
    pair.run_for(1)
    pair.scan(b=True)
    pair.cpu.run_cycles(1)
    assert pair.shows("More") == {"CommandAborted"} and pair.bit("Leader", 7, "StatusWord2")
    pair.run_for(0.1)
    assert pair.shows("Less") == {"Done"} and pair.shows("Move") == {"Busy", "Active"}
    pair.run_for(2)
    assert pair.at("Leader") == pytest.approx(110, abs=0.5)


def test_a_halt_without_a_superimposed_motion_is_done_at_once() -> None:
    pair = Pair(HALT, Less="MC_HALTSUPERIMPOSED")
    pair.scan(b=True)
    assert pair.shows("Less") == {"Done"}


def test_a_limit_switch_sees_the_superimposed_motion() -> None:
    pair = moving()
    pair.cpu.write('"Leader".PositionLimits_SW.Active', True)
    pair.cpu.write('"Leader".PositionLimits_SW.MaxPosition', 110.0)
    pair.run_for(4)
    assert pair.at("Leader") == pytest.approx(110) and pair.at("Leader", "ErrorDetail.Number") == 533


def test_a_superimposed_motion_moves_the_axis_that_follows() -> None:
    gear = '"Gear"(Master := "Leader", Slave := "Follower", Execute := "C".go);'
    pair = Pair(MORE + gear, More="MC_MOVESUPERIMPOSED", Gear="MC_GEARIN")
    pair.scan(go=True)
    pair.scan(move=True, distance=100.0, speed=50.0, a=True, p=20.0, q=10.0)
    for _ in range(10):
        pair.run_for(0.33)
        assert pair.at("Follower") == pytest.approx(pair.at("Leader"))
    assert pair.at("Follower") == pytest.approx(120)


@pytest.mark.parametrize(("inputs", "error"), [({"q": 0.0}, 0x8003), ({"p": 1e13}, 0x8008)])
def test_superimposed_motions_that_are_refused(inputs: dict[str, float], error: int) -> None:
    pair = moving(**inputs)
    assert (pair.error("More"), pair.shows("Move")) == (error, {"Busy", "Active"})


# Torque --------------------------------------------------------------------------------------------------------------


def test_a_torque_limit() -> None:
    pair = Pair(TORQUE, Torque="MC_TORQUELIMITING")
    pair.scan(a=True, p=10.0)
    assert pair.shows("Torque") == {"Busy"} and pair.bit("Leader", 26)
    pair.cpu.write('"Leader".StatusTorqueData.ActualTorque', -9.0)
    pair.cpu.run_cycles(1)
    assert pair.shows("Torque") == {"Busy", "InLimitation"} and pair.bit("Leader", 27)
    pair.scan(p=10.1)
    assert pair.shows("Torque") == {"Busy"}, "a change of the limit counts in the next call"
    pair.scan(a=False)
    assert pair.shows("Torque") == set() and not pair.bit("Leader", 26)


def test_a_negative_torque_limit_is_the_configured_one() -> None:
    pair = Pair(TORQUE, Torque="MC_TORQUELIMITING")
    pair.cpu.write('"Leader".TorqueLimiting.LimitDefaults.Torque', 5.0)
    pair.cpu.write('"Leader".StatusTorqueData.ActualTorque', 4.4)
    pair.scan(a=True, p=-1.0)
    assert pair.shows("Torque") == {"Busy"}
    pair.cpu.write('"Leader".StatusTorqueData.ActualTorque', 4.5)
    pair.cpu.run_cycles(1)
    assert pair.shows("Torque") == {"Busy", "InLimitation"}


def test_no_command_aborts_a_torque_limit_and_it_aborts_none() -> None:
    pair = Pair(TORQUE, Torque="MC_TORQUELIMITING")
    pair.scan(move=True, distance=100.0, speed=50.0)
    pair.scan(a=True, p=10.0)
    pair.scan(stop=True)
    pair.cpu.run_cycles(1)
    assert pair.shows("Torque") == {"Busy"} and pair.shows("Stop") == {"Busy", "Active"}


@pytest.mark.parametrize(
    ("inputs", "error"), [({"p": 3e9}, 0x8043), ({"p": float("inf")}, 0x8043), ({"mode": 2}, 0x800A)]
)
def test_torque_limits_that_are_refused(inputs: dict[str, float], error: int) -> None:
    pair = Pair(TORQUE, Torque="MC_TORQUELIMITING")
    pair.scan(a=True, **inputs)
    assert (pair.shows("Torque"), pair.error("Torque")) == ({"Error"}, error)


def test_a_fixed_stop_needs_an_enabled_axis() -> None:
    pair = Pair(TORQUE, Torque="MC_TORQUELIMITING")
    pair.scan(on=False)
    pair.scan(a=True, mode=1, p=10.0)
    assert pair.error("Torque") == 0x800F
    pair.scan(on=True)
    pair.cpu.run_cycles(2)
    assert pair.shows("Torque") == {"Busy"}, "an ideal drive meets no fixed stop"
