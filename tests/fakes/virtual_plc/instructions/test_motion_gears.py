"""Gears between a leading and a following axis, and offsets of the leading value, as a program calls them."""

import pytest

from tests.fakes.virtual_plc.instructions.couple_kit import Pair

GEAR = """"Gear"(Master := "Leader", Slave := "Follower", Execute := "C".go, RatioNumerator := "C".n,
  RatioDenominator := "C".m, Acceleration := 100.0, Deceleration := 100.0);"""
AT = """"Gear"(Master := "Leader", Slave := "Follower", Execute := "C".go, RatioNumerator := "C".n,
  RatioDenominator := "C".m, MasterSyncPosition := "C".p, SlaveSyncPosition := "C".q,
  SyncProfileReference := "C".mode, MasterStartDistance := "C".r, Velocity := 100.0);"""
SHIFT = """"Shift"(Master := "Leader", Slave := "Follower", Execute := "C".a, PhaseShift := "C".distance,
  Velocity := 20.0, Acceleration := 100.0, Deceleration := 100.0, ProfileReference := "C".mode,
  PhasingDistance := "C".r, StartPosition := "C".p);"""


def geared(ratio: int = 2, calls: str = "", **instances: str) -> Pair:
    """A pair whose leading axis moves at 50 from 37.5 on, and whose other axis is in gear."""
    pair = Pair(GEAR + calls, **{"Gear": "MC_GEARIN", **instances})
    pair.scan(run=True, speed=50.0, n=ratio)
    pair.run_for(1)
    pair.scan(go=True)
    pair.run_for(1.2)
    return pair


# MC_GearIn -----------------------------------------------------------------------------------------------------------


def test_an_axis_reaches_the_velocity_of_its_leading_axis() -> None:
    pair = Pair(GEAR, Gear="MC_GEARIN")
    pair.scan(run=True, speed=50.0, n=2)
    pair.run_for(1)
    pair.scan(go=True)  # 100 with 100 in 1 s: from 0 on a way of 50
    pair.run_for(0.5)
    assert pair.shows("Gear") == {"Busy"} and pair.bit("Follower", 21) and not pair.bit("Follower", 22)
    assert (pair.at("Follower"), pair.at("Follower", "Velocity")) == (pytest.approx(12.5), pytest.approx(50))
    pair.run_for(0.52)
    assert pair.shows("Gear") == {"Busy", "InGear"} and pair.bit("Follower", 22) and not pair.bit("Follower", 21)
    assert pair.at("Follower", "Velocity") == 100


@pytest.mark.parametrize("ratio", [2, -3])
def test_the_position_of_a_gear_follows_the_leading_axis_through_all_its_motions(ratio: int) -> None:
    pair = geared(ratio)
    pair.run_for(1)
    between = pair.at("Follower") - ratio * pair.at("Leader")
    for inputs in ({"stop": True}, {"stop": False, "run": False}, {"move": True, "distance": -200.0}):
        pair.scan(**inputs)
        for _ in range(5):
            pair.run_for(0.23)
            assert pair.at("Follower") - ratio * pair.at("Leader") == pytest.approx(between)
            assert pair.at("Follower", "Velocity") == pytest.approx(ratio * pair.at("Leader", "Velocity"))
    assert pair.shows("Gear") == {"Busy", "InGear"}


def test_a_gear_whose_leading_axis_rests_is_synchronous_at_once() -> None:
    pair = Pair(GEAR, Gear="MC_GEARIN")
    pair.scan(go=True, n=1, m=4)
    assert pair.shows("Gear") == {"Busy", "InGear"}
    pair.scan(move=True, distance=40.0, speed=50.0)
    pair.run_for(3)
    assert (pair.at("Leader"), pair.at("Follower")) == (40, pytest.approx(10))
    assert pair.at("Follower", "StatusSynchronizedMotion.ActualMaster") == 100
    assert pair.at("Follower", "StatusSynchronizedMotion.FunctionState") == 1


def test_a_leading_axis_that_changes_while_the_other_one_synchronizes() -> None:
    pair = Pair(GEAR, Gear="MC_GEARIN")
    pair.scan(run=True, speed=200.0, n=2)
    pair.run_for(2.5)
    pair.scan(go=True)
    pair.run_for(0.5)
    pair.scan(stop=True)
    pair.run_for(3)
    assert pair.shows("Gear") == {"Busy", "InGear"} and pair.at("Follower", "Velocity") == 0


def test_an_axis_that_is_too_slow_for_its_gear_keeps_synchronizing() -> None:
    pair = Pair(GEAR, Gear="MC_GEARIN")
    pair.scan(run=True, speed=300.0, n=2)
    pair.run_for(4)
    pair.scan(go=True)
    pair.run_for(8)
    assert pair.shows("Gear") == {"Busy"} and pair.at("Follower", "Velocity") == 500
    pair.scan(run=False, speed=100.0)
    pair.scan(run=True)
    pair.run_for(4)
    assert pair.shows("Gear") == {"Busy", "InGear"} and pair.at("Follower", "Velocity") == 200


def test_a_motion_command_ends_a_gear() -> None:
    pair = geared()
    pair.scan(halt=True)
    pair.cpu.run_cycles(1)
    assert pair.shows("Gear") == {"CommandAborted"} and pair.shows("Halt") == {"Busy", "Active"}
    pair.run_for(1.1)
    assert pair.shows("Halt") == {"Done"} and pair.at("Leader", "Velocity") == 50


def test_the_end_of_a_gear_is_not_reported_without_execute() -> None:
    pair = geared()
    pair.scan(go=False)
    pair.scan(halt=True)
    pair.cpu.run_cycles(1)
    assert pair.shows("Gear") == set()


def test_a_new_gear_aborts_the_one_before() -> None:
    pair = geared(calls=GEAR.replace('"Gear"', '"Other"').replace('"C".go', '"C".a'), Other="MC_GEARIN")
    pair.scan(a=True, n=-1)
    pair.cpu.run_cycles(1)
    assert pair.shows("Gear") == {"CommandAborted"} and pair.shows("Other") == {"Busy"}
    pair.run_for(3)
    assert pair.shows("Other") == {"Busy", "InGear"} and pair.at("Follower", "Velocity") == -50


def test_disabling_the_leading_axis_keeps_the_gear() -> None:
    pair = geared()
    between = pair.at("Follower") - 2 * pair.at("Leader")
    pair.scan(off=True)
    for _ in range(4):
        pair.run_for(0.1)
        assert pair.at("Follower") - 2 * pair.at("Leader") == pytest.approx(between)
    assert pair.at("Leader", "Velocity") == 0 and not pair.bit("Leader", 0)
    assert pair.shows("Gear") == {"Busy", "InGear"}


def test_disabling_the_axis_itself_ends_the_gear() -> None:
    pair = geared()
    pair.scan(on=False)
    pair.cpu.run_cycles(1)
    assert pair.shows("Gear") == {"CommandAborted"}


@pytest.mark.parametrize(("n", "m", "error"), [(0, 1, 0x8017), (1, 0, 0x8018), (1, -1, 0x8018)])
def test_ratios_that_are_refused(n: int, m: int, error: int) -> None:
    pair = Pair(GEAR, Gear="MC_GEARIN")
    pair.scan(go=True, n=n, m=m)
    assert (pair.shows("Gear"), pair.error("Gear")) == ({"Error"}, error)


@pytest.mark.parametrize(
    ("old", "new", "error"),
    [
        ('Slave := "Follower"', 'Slave := "Leader"', 0x8002),
        ('Master := "Leader"', 'Master := "Follower"', 0x8019),
        ('Master := "Leader"', 'Master := "Cam"', 0x8002),
    ],
)
def test_objects_that_cannot_be_coupled(old: str, new: str, error: int) -> None:
    pair = Pair(GEAR.replace(old, new), Gear="MC_GEARIN")
    pair.scan(go=True)
    assert (pair.shows("Gear"), pair.error("Gear")) == ({"Error"}, error)


def test_a_chain_of_axes_must_not_be_a_circle() -> None:
    back = GEAR.replace('"Gear"', '"Back"').replace('"Follower"', '"Third"').replace('"C".go', '"C".back')
    back = back.replace('Master := "Leader"', 'Master := "Follower"')
    circle = GEAR.replace('"Gear"', '"Circle"').replace('"C".go', '"C".a').replace('"Leader"', '"Third"')
    power = '"PowerT"(Axis := "Third", Enable := "C".on);'
    names = {"Gear": "MC_GEARIN", "Back": "MC_GEARIN", "Circle": "MC_GEARIN", "PowerT": "MC_POWER"}
    pair = Pair(GEAR + back + circle + power, {"Third": "TO_SynchronousAxis"}, **names)
    pair.scan(go=True, back=True, n=2)
    pair.scan(move=True, distance=10.0)
    pair.run_for(3)
    assert [pair.at(each) for each in ("Leader", "Follower", "Third")] == [10, pytest.approx(20), pytest.approx(40)]
    pair.scan(a=True)
    assert pair.error("Circle") == 0x8019


def test_a_limit_switch_stops_an_axis_that_follows() -> None:
    pair = geared()
    pair.cpu.write('"Follower".PositionLimits_SW.Active', True)
    pair.cpu.write('"Follower".PositionLimits_SW.MaxPosition', 500.0)
    pair.run_for(8)
    assert pair.at("Follower") == pytest.approx(500) and pair.at("Follower", "ErrorDetail.Number") == 533
    assert (pair.shows("Gear"), pair.error("Gear")) == ({"Error"}, 0x8001)


def test_the_gear_does_not_depend_on_the_length_of_a_scan() -> None:
    fast, slow = geared(), geared()
    slow.cpu.cycle = 40_000_000
    fast.run_for(1)
    slow.cpu.run_cycles(25)
    assert fast.at("Follower") - 2 * fast.at("Leader") == pytest.approx(slow.at("Follower") - 2 * slow.at("Leader"))


# MC_GearInPos --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("mode", "begin", "end"), [(0, None, 100.0), (1, 50.0, 100.0), (3, 100.0, 150.0)])
def test_synchronous_positions(mode: int, begin: float | None, end: float) -> None:
    pair = Pair(AT, Gear="MC_GEARINPOS")
    pair.scan(go=True, p=100.0, q=30.0, r=50.0, mode=mode)
    assert pair.shows("Gear") == {"Busy"}
    assert pair.at("Follower", "StatusSynchronizedMotion.WaitingFunctionState") == 2
    pair.scan(run=True, speed=50.0)
    for _ in range(60):
        pair.run_for(0.1)
        here, shown = pair.at("Leader"), pair.shows("Gear")
        if begin is not None and abs(here - begin) > 6:
            assert ("StartSync" in shown) == (begin < here < end) or abs(here - end) < 6
        assert ("InSync" in shown) == (here >= end) or abs(here - end) < 6
    assert pair.shows("Gear") == {"Busy", "InSync"}
    assert pair.at("Follower") - pair.at("Leader") == pytest.approx(-70)
    assert pair.at("Follower", "StatusSynchronizedMotion.FunctionState") == 2


def test_positions_that_are_reached_already_are_synchronous_at_once() -> None:
    pair = Pair(AT, Gear="MC_GEARINPOS")
    pair.scan(go=True, p=0.0, q=0.0, r=50.0, mode=1)
    assert pair.shows("Gear") == {"Busy", "InSync"}


def test_a_job_that_waits_aborts_nothing_until_it_begins() -> None:
    pair = Pair(AT, Gear="MC_GEARINPOS")
    pair.scan(own=True, distance=2000.0, speed=10.0)
    pair.scan(go=True, p=100.0, q=30.0, r=50.0, mode=1, speed=50.0)
    pair.scan(run=True)
    pair.run_for(0.9)
    assert pair.shows("Own") == {"Busy", "Active"} and pair.shows("Gear") == {"Busy"}
    pair.run_for(1)
    assert pair.shows("Own") == {"CommandAborted"} and pair.shows("Gear") == {"Busy", "StartSync"}


def test_disabling_the_axis_aborts_a_job_that_waits() -> None:
    pair = Pair(AT, Gear="MC_GEARINPOS")
    pair.scan(go=True, p=100.0, q=30.0, r=50.0, mode=1)
    pair.scan(on=False)
    pair.cpu.run_cycles(1)
    assert pair.shows("Gear") == {"CommandAborted"}


@pytest.mark.parametrize(
    ("inputs", "error"),
    [({"mode": 2, "r": 1.0}, 0x8036), ({"mode": 1, "r": 0.0}, 0x8026), ({"mode": 3, "r": -1.0}, 0x8026)],
)
def test_parameters_of_positions_that_are_refused(inputs: dict[str, float], error: int) -> None:
    pair = Pair(AT, Gear="MC_GEARINPOS")
    pair.scan(go=True, **inputs)
    assert (pair.shows("Gear"), pair.error("Gear")) == ({"Error"}, error)


def test_homing_is_refused_while_an_axis_follows_positions() -> None:
    again = '"Again"(Axis := "Follower", Execute := "C".a, Position := 0.0, Mode := 3);'
    pair = Pair(AT + again, Gear="MC_GEARINPOS", Again="MC_HOME")
    pair.scan(go=True, p=0.0, q=0.0, r=50.0, mode=1)
    pair.scan(a=True)
    assert pair.error("Again") == 0x80A1 and "InSync" in pair.shows("Gear")


# Offsets of the leading value ----------------------------------------------------------------------------------------


def shifted(name: str, **inputs: float) -> Pair:
    pair = geared(2, SHIFT, Shift=name)
    pair.run_for(1)
    pair.scan(a=True, **inputs)
    return pair


@pytest.mark.parametrize("name", ["MC_PHASINGRELATIVE", "MC_PHASINGABSOLUTE"])
def test_an_offset_in_time(name: str) -> None:
    pair = shifted(name, distance=10.0, mode=0)
    before = -2 * 63  # the gear was synchronous at 63 less
    assert pair.shows("Shift") == {"Busy", "StartPhasing"} and pair.bit("Follower", 24)
    pair.run_for(0.6)  # 20 at 20, with ramps of 0.2 s: 1.2 s
    output = "CoveredPhaseShift" if name.endswith("RELATIVE") else "AbsolutePhaseShift"
    assert pair.at("Shift", output) == pytest.approx(5, abs=0.2)
    pair.run_for(0.62)
    assert pair.shows("Shift") == {"Done"} and pair.at("Shift", output) == 10
    assert pair.at("Follower", "StatusSynchronizedMotion.PhaseShift") == 10
    assert pair.at("Follower") - 2 * pair.at("Leader") == pytest.approx(before + 20)
    pair.scan(a=False)
    pair.scan(a=True)
    pair.run_for(2)
    twice = 20 if name.endswith("RELATIVE") else 10
    assert pair.at("Follower", "StatusSynchronizedMotion.PhaseShift") == twice
    assert pair.shows("Gear") == {"Busy", "InGear"}


def test_an_offset_along_a_distance_of_the_leading_axis() -> None:
    pair = shifted("MC_PHASINGABSOLUTE", distance=10.0, mode=1, r=50.0)
    pair.run_for(0.5)  # half of the distance: half of the offset
    assert pair.at("Shift", "AbsolutePhaseShift") == pytest.approx(5, abs=0.3)
    pair.run_for(0.52)
    assert pair.shows("Shift") == {"Done"} and pair.at("Shift", "AbsolutePhaseShift") == 10


def test_an_offset_waits_for_its_start_position() -> None:
    pair = shifted("MC_PHASINGABSOLUTE", distance=10.0, mode=2, r=50.0, p=250.0)
    assert pair.shows("Shift") == {"Busy"} and pair.bit("Follower", 3, "StatusWord2")
    while pair.at("Leader") < 240:
        pair.run_for(0.05)
    assert pair.shows("Shift") == {"Busy"}
    pair.run_for(0.4)
    assert pair.shows("Shift") == {"Busy", "StartPhasing"}
    pair.run_for(1)
    assert pair.shows("Shift") == {"Done"}


def test_a_leading_axis_that_turns_round_ends_an_offset() -> None:
    pair = shifted("MC_PHASINGABSOLUTE", distance=10.0, mode=1, r=500.0)
    pair.scan(move=True, distance=-200.0)
    pair.run_for(2)
    assert (pair.shows("Shift"), pair.error("Shift")) == ({"Error"}, 0x808C)
    assert pair.shows("Gear") == {"Busy", "InGear"}


def test_a_new_offset_aborts_the_one_before() -> None:
    other = SHIFT.replace('"Shift"', '"Other"').replace('"C".a', '"C".b')
    pair = geared(2, SHIFT + other, Shift="MC_PHASINGABSOLUTE", Other="MC_PHASINGABSOLUTE")
    pair.scan(a=True, distance=10.0, mode=0)
    pair.scan(b=True, distance=-10.0)
    pair.cpu.run_cycles(1)
    assert pair.shows("Shift") == {"CommandAborted"}
    pair.run_for(5)
    assert pair.at("Follower", "StatusSynchronizedMotion.PhaseShift") == -10


def test_a_job_that_only_cancels_what_waits() -> None:
    other = SHIFT.replace('"Shift"', '"Other"').replace('"C".a', '"C".b').replace('"C".mode', "5")
    pair = geared(2, SHIFT + other, Shift="MC_PHASINGABSOLUTE", Other="MC_PHASINGABSOLUTE")
    pair.scan(a=True, distance=10.0, mode=2, r=50.0, p=1e6)
    pair.scan(b=True)
    pair.cpu.run_cycles(1)
    assert pair.shows("Shift") == {"CommandAborted"} and pair.shows("Other") == {"Done"}


def test_the_offset_ends_with_the_gear() -> None:
    pair = shifted("MC_PHASINGABSOLUTE", distance=10.0, mode=0)
    pair.run_for(2)
    pair.scan(halt=True)
    pair.run_for(2)
    assert pair.at("Follower", "StatusSynchronizedMotion.PhaseShift") == 0


@pytest.mark.parametrize(
    ("inputs", "error"),
    [({"mode": 4}, 0x8083), ({"mode": 1, "r": 0.0}, 0x8082), ({"mode": 0, "distance": 1e13}, 0x8070)],
)
def test_offsets_that_are_refused(inputs: dict[str, float], error: int) -> None:
    assert shifted("MC_PHASINGABSOLUTE", **inputs).error("Shift") == error


def test_an_offset_needs_a_synchronous_axis() -> None:
    pair = Pair(GEAR + SHIFT, Gear="MC_GEARIN", Shift="MC_PHASINGABSOLUTE")
    pair.scan(a=True, distance=10.0)
    assert pair.error("Shift") == 0x80A9
