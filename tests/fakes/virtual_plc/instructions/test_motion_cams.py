"""Cams: interpolation, camming and its ways to synchronous motion, as a program calls them."""

import pytest

from tests.fakes.virtual_plc.instructions.couple_kit import Pair
from virtual_plc.motion.cams import Cam, Table

POINTS = ((0.0, 0.0), (50.0, 40.0), (100.0, 20.0))
FILL = "".join(
    f'"Cam".Point[{at}].x := {x}; "Cam".Point[{at}].y := {y}; "Cam".ValidPoint[{at}] := TRUE;'
    for at, (x, y) in enumerate(POINTS, start=1)
)
MAKE = '"Make"(Cam := "Cam", Execute := "C".a);'
USE = """"Use"(Master := "Leader", Slave := "Follower", Cam := "Cam", Execute := "C".go, MasterOffset := "C".p,
  SlaveOffset := "C".q, MasterSyncPosition := 0.0, SyncProfileReference := "C".mode, MasterStartDistance := "C".r,
  ApplicationMode := "C".n);"""


def cammed(**inputs: float) -> Pair:
    """A pair with an interpolated cam whose use has begun; the leading axis rests at 0."""
    pair = Pair(FILL + MAKE + USE, Make="MC_INTERPOLATECAM", Use="MC_CAMIN")
    pair.cpu.write('"Cam".InterpolationSettings.InterpolationMode', 0)
    pair.scan(a=True)
    assert pair.shows("Make") == {"Done"}
    pair.scan(go=True, **{"n": 0, "mode": 2, "r": 50.0, **inputs})
    return pair


def expected(leading: float) -> float:
    return leading * 0.8 if leading <= 50 else 40 - (leading - 50) * 0.4


def test_interpolation_shows_the_range_of_the_cam() -> None:
    pair = cammed()
    assert (pair.at("Cam", "StatusCam.StartLeadingValue"), pair.at("Cam", "StatusCam.EndLeadingValue")) == (0, 100)
    assert pair.at("Cam", "StatusCam.NumberOfValidPoints") == 3 and pair.bit("Cam", 5)


def test_an_axis_follows_its_cam_once() -> None:
    pair = cammed()
    assert pair.shows("Use") == {"Busy", "InSync"}
    pair.scan(run=True, speed=50.0)
    while pair.at("Leader") < 95:
        pair.run_for(0.01)
        assert pair.at("Follower") == pytest.approx(expected(pair.at("Leader")))
    pair.run_for(0.2)
    assert pair.shows("Use") == {"EndOfProfile"} and pair.at("Follower") == pytest.approx(20)
    assert pair.at("Follower", "StatusSynchronizedMotion.FunctionState") == 0


@pytest.mark.parametrize(("mode", "after"), [(1, expected(30)), (2, 20 + expected(30))])
def test_cams_that_are_repeated(mode: int, after: float) -> None:
    pair = cammed(n=mode)
    pair.scan(move=True, distance=130.0, speed=50.0)
    ends = 0
    for _ in range(400):
        pair.cpu.run_cycles(1)
        ends += "EndOfProfile" in pair.shows("Use")
    assert pair.at("Leader") == 130 and pair.at("Follower") == pytest.approx(after)
    assert pair.shows("Use") == {"Busy", "InSync"} and ends == 1


@pytest.mark.parametrize(("mode", "end"), [(0, 100.0), (1, 100.0), (3, 150.0), (4, 50.0), (6, 50.0)])
def test_ways_to_a_cam(mode: int, end: float) -> None:
    place = {"p": 0.0} if mode in (4, 6) else {"p": 100.0}
    pair = cammed(mode=mode, q=5.0, **place)
    assert pair.shows("Use") == {"Busy"}
    assert pair.at("Follower", "StatusSynchronizedMotion.WaitingFunctionState") == 3
    pair.scan(run=True, speed=20.0)
    while pair.at("Leader") < end + 3:
        pair.run_for(0.05)
    assert pair.shows("Use") == {"Busy", "InSync"}
    moved = pair.at("Leader") - pair.at("Follower", "StatusSynchronizedMotion.MasterOffset")
    assert pair.at("Follower") == pytest.approx(expected(moved) + 5)


def test_another_cam_takes_over_at_the_end() -> None:
    other = USE.replace('"Use"', '"Next"').replace('"C".go', '"C".b').replace('"C".mode', "5")
    pair = Pair(FILL + MAKE + USE + other, Make="MC_INTERPOLATECAM", Use="MC_CAMIN", Next="MC_CAMIN")
    pair.cpu.write('"Cam".InterpolationSettings.InterpolationMode', 0)
    pair.scan(a=True)
    pair.scan(go=True, n=1, mode=2)
    pair.scan(run=True, speed=50.0)
    pair.run_for(1)
    pair.scan(b=True)
    assert pair.shows("Next") == {"Busy"} and pair.shows("Use") == {"Busy", "InSync"}
    while pair.at("Leader") < 110:
        pair.run_for(0.01)
    assert pair.shows("Use") == {"CommandAborted"} and pair.shows("Next") == {"Busy", "InSync"}
    assert pair.at("Follower") == pytest.approx(20 + expected(pair.at("Leader") - 100))


def test_the_end_of_a_cam_needs_camming() -> None:
    pair = cammed(mode=5)
    assert (pair.shows("Use"), pair.error("Use")) == ({"Error"}, 0x808B)


def test_a_cam_must_be_interpolated() -> None:
    pair = Pair(FILL + USE, Use="MC_CAMIN")
    pair.scan(go=True, mode=2)
    assert pair.error("Use") == 0x8064


@pytest.mark.parametrize(
    ("inputs", "error"), [({"n": 3}, 0x8027), ({"mode": 7}, 0x8036), ({"mode": 1, "r": 0.0}, 0x8026)]
)
def test_parameters_of_cams_that_are_refused(inputs: dict[str, float], error: int) -> None:
    assert cammed(**inputs).error("Use") == error


def test_an_empty_cam_and_one_with_segments_are_refused() -> None:
    pair = Pair(MAKE, Make="MC_INTERPOLATECAM")
    pair.scan(a=True)
    assert (pair.shows("Make"), pair.error("Make")) == ({"Error"}, 0x8002)
    pair = Pair(FILL + MAKE, Make="MC_INTERPOLATECAM")
    pair.cpu.write('"Cam".ValidSegment[1]', True)
    pair.scan(a=True)
    assert (pair.shows("Make"), pair.error("Make")) == ({"Error"}, 0x8002)


def test_offsets_in_time_are_for_gears_only() -> None:
    shift = '"Shift"(Master := "Leader", Slave := "Follower", Execute := "C".b, PhaseShift := 10.0);'
    pair = Pair(FILL + MAKE + USE + shift, Make="MC_INTERPOLATECAM", Use="MC_CAMIN", Shift="MC_PHASINGABSOLUTE")
    pair.scan(a=True)
    pair.scan(go=True, n=1, mode=2)
    pair.scan(b=True)
    assert pair.error("Shift") == 0x80A8


def test_splines_run_through_the_points_with_continuous_velocity() -> None:
    table = Table((0.0, 50.0, 100.0), (0.0, 40.0, 20.0), (0.8, 0.2, -0.4))
    assert [table.at(each).position for each in (0, 50, 100)] == [0, 40, 20]
    assert table.at(50 - 1e-6).velocity == pytest.approx(0.2, abs=1e-4) == table.at(50 + 1e-6).velocity


def test_scaling_and_moving_a_cam() -> None:
    cam = Cam(Table((0.0, 10.0), (0.0, 5.0)), (2.0, 3.0), (100.0, 7.0))
    assert cam.at(110.0) == (7 + 3 * 2.5, 0.75, 0)
