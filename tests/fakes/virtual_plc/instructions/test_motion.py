"""Motion control instructions as a program calls them: motions, homing and their outputs.

The expected times are those of the formulas of trapezoid and triangle, rounded up to the next scan of 10 ms.
"""

import math

import pytest

from tests.fakes.virtual_plc.instructions.motion_kit import CLASSIC, Rig, rig, status

BOTH = pytest.mark.parametrize("family", ["S7-1200", "S7-1500"])

# Motions -------------------------------------------------------------------------------------------------------------


@BOTH
def test_an_absolute_motion_takes_the_time_of_its_trapezoid(family: str) -> None:
    r = rig(family)
    r.scan(absolute=True, position=100.0, speed=50.0)  # 0.5 s up, 0.5 s down, 75 at 50: 2.5 s
    r.run_for(1.0)
    assert r.axis("ActualPosition") == pytest.approx(12.5 + 50 * 0.5, rel=1e-6)
    assert (r.axis("Velocity"), status(r, "ConstantVelocity"), status(r, "PositioningCommand")) == (50, True, True)
    assert r.axis("StatusPositioning.TargetPosition") == 100
    assert r.axis("StatusPositioning.Distance") == pytest.approx(62.5, rel=1e-6)
    r.run_for(1.49)
    assert r.shows("Absolute") >= {"Busy"} and status(r, "Decelerating")
    r.run_for(0.02)
    assert r.shows("Absolute") == {"Done"} and r.axis("Position") == 100
    assert status(r, "Done") and status(r, "Standstill") and not status(r, "PositioningCommand")


@BOTH
def test_a_relative_motion_needs_no_homing(family: str) -> None:
    r = Rig(family, **(CLASSIC if family == "S7-1200" else {}))
    r.scan(on=True)
    r.scan(relative=True, distance=-30.0, speed=50.0)
    r.run_for(2 * math.sqrt(30 / 100) + 0.02)  # a triangle
    assert r.shows("Relative") == {"Done"} and r.axis("ActualPosition") == -30
    r.scan(relative=False)
    r.scan(relative=True)
    r.run_for(2)
    assert r.axis("ActualPosition") == -60


@BOTH
def test_done_stays_with_execute_and_is_one_call_without(family: str) -> None:
    r = rig(family)
    r.scan(relative=True, distance=1.0)
    r.run_for(1)
    assert r.shows("Relative") == {"Done"}
    r.scan(relative=False)
    assert r.shows("Relative") == set()
    r.scan(relative=True)
    r.scan(relative=False)
    seen = []
    for _ in range(100):
        r.cpu.run_cycles(1)
        seen.append("Done" in r.shows("Relative"))
    assert seen.count(True) == 1


@BOTH
def test_a_motion_with_velocity_has_no_end(family: str) -> None:
    r = rig(family)
    r.scan(velocity=True, speed=50.0, stop_mode=0)
    assert "Busy" in r.shows("Velocity") and "InVelocity" not in r.shows("Velocity")
    assert status(r, "Accelerating") and status(r, "VelocityCommand")
    r.run_for(0.51)
    r.scan(velocity=False)
    r.run_for(5)
    assert r.shows("Velocity") >= {"Busy", "InVelocity"}
    r.scan(halt=True)
    r.cpu.run_cycles(1)
    assert r.shows("Velocity") == set(), "an end behind InVelocity is not reported without Execute"
    r.run_for(0.51)
    assert r.shows("Halt") == {"Done"} and status(r, "Standstill")


@pytest.mark.parametrize(
    ("direction", "speed", "velocity"), [(0, -20.0, -20), (1, -20.0, 20), (2, 20.0, -20), (0, 20.0, 20)]
)
@BOTH
def test_direction_of_a_motion_with_velocity(family: str, direction: int, speed: float, velocity: float) -> None:
    r = rig(family)
    r.scan(velocity=True, speed=speed, stop_mode=direction)
    r.run_for(1)
    assert r.axis("ActualVelocity") == velocity


@BOTH
def test_velocity_zero_brakes_and_ends(family: str) -> None:
    r = rig(family)
    r.scan(velocity=True, speed=50.0)
    r.run_for(1)
    r.scan(velocity=False)
    r.scan(velocity=True, speed=0.0)
    r.run_for(0.6)
    assert "InVelocity" in r.shows("Velocity") and "Busy" not in r.shows("Velocity") and status(r, "Done")


@BOTH
def test_the_current_velocity_is_kept(family: str) -> None:
    r = rig(family)
    r.scan(jog_up=True, speed=20.0)
    r.run_for(0.1)
    before = r.axis("Velocity")
    r.scan(velocity=True, current=True, speed=50.0)
    r.run_for(1)
    assert r.axis("Velocity") == pytest.approx(before, abs=2) and "InVelocity" in r.shows("Velocity")


@BOTH
def test_jogging(family: str) -> None:
    r = rig(family)
    r.scan(jog_up=True, speed=50.0)
    r.run_for(0.51)
    assert r.shows("Jog") >= {"Busy", "InVelocity"} and r.axis("ActualVelocity") == 50
    r.scan(speed=30.0)
    r.run_for(0.21)
    assert r.axis("ActualVelocity") == 30 and "InVelocity" in r.shows("Jog")
    r.scan(jog_up=False)
    assert "Busy" in r.shows("Jog") and "InVelocity" not in r.shows("Jog")
    r.run_for(0.31)
    assert r.shows("Jog") == set() and status(r, "Standstill")
    r.scan(jog_down=True)
    r.run_for(1)
    assert r.axis("ActualVelocity") == -30


@pytest.mark.parametrize(("family", "error"), [("S7-1200", (0x8406, 1)), ("S7-1500", (0x8007, 0))])
def test_jogging_in_both_directions_brakes(family: str, error: tuple[int, int]) -> None:
    r = rig(family)
    r.scan(jog_up=True, speed=50.0)
    r.run_for(1)
    r.scan(jog_down=True)
    assert r.error("Jog") == error
    r.run_for(0.6)
    assert r.error("Jog") == error and r.axis("Velocity") == 0
    r.scan(jog_up=False, jog_down=False)
    assert r.shows("Jog") == set()


@BOTH
def test_an_overridden_command_reports_it(family: str) -> None:
    r = rig(family)
    r.scan(absolute=True, position=100.0, speed=50.0)
    r.run_for(1)
    r.scan(relative=True, distance=10.0)
    r.cpu.run_cycles(1)
    assert r.shows("Absolute") == {"CommandAborted"}
    r.run_for(2)
    assert r.shows("Absolute") == {"CommandAborted"}
    r.scan(absolute=False)
    assert r.shows("Absolute") == set()


def test_mc_stop_holds_the_axis() -> None:
    r = rig("S7-1500")
    r.scan(velocity=True, speed=50.0, stop_mode=0)
    r.run_for(1)
    r.scan(stop=True)  # emergency deceleration 500: 0.1 s
    r.run_for(0.12)
    assert r.shows("Stop") == {"Done"} and r.axis("StatusWord2") == 1 and "CommandAborted" in r.shows("Velocity")
    r.scan(relative=True, distance=5.0)
    assert r.error("Relative") == (0x800F, 0)
    r.scan(stop=False, relative=False)
    r.scan(relative=True)
    assert "Busy" in r.shows("Relative") and r.axis("StatusWord2") == 0


@pytest.mark.parametrize(("mode", "seconds"), [(0, 0.1), (1, 0.0), (2, 0.05), (3, 0.5)])
def test_modes_of_mc_stop(mode: int, seconds: float) -> None:
    r = rig("S7-1500")
    r.scan(velocity=True, speed=50.0, stop_mode=0)
    r.run_for(1)
    r.scan(stop=True, mode=mode)
    before = max(seconds - 0.03, 0.0)
    r.run_for(before)
    assert bool(r.axis("Velocity")) == bool(seconds)
    r.run_for(0.05)
    assert r.axis("Velocity") == 0


def test_an_override_changes_the_running_command() -> None:
    r = rig("S7-1500", DynamicLimits__MaxVelocity="60.0")
    r.scan(absolute=True, position=300.0, speed=50.0)
    r.run_for(1)
    for share, velocity in ((50.0, 25), (0.0, 0), (200.0, 60), (100.0, 50)):
        r.cpu.write('"Axis".Override.Velocity', share)
        r.run_for(0.8)
        assert r.axis("Velocity") == velocity and "Busy" in r.shows("Absolute")
    r.run_for(6)
    assert r.shows("Absolute") == {"Done"} and r.axis("Position") == 300
    r.scan(velocity=True, speed=50.0, stop_mode=2)
    r.cpu.write('"Axis".Override.Velocity', 10.0)
    r.run_for(1)
    assert r.axis("Velocity") == -5


# Homing --------------------------------------------------------------------------------------------------------------


@BOTH
def test_direct_homing_moves_the_position(family: str) -> None:
    r = rig(family)
    r.scan(home=True, home_mode=0, position=30.0)
    assert r.shows("Home") == {"Done"} and r.axis("Position") == 30
    assert r.cpu.read('"Home".ReferenceMarkPosition') == 30
    r.scan(home=False)
    r.scan(home=True, home_mode=1, position=-5.0)
    assert r.axis("Position") == 25 and status(r, "HomingDone")


@BOTH
def test_active_homing(family: str) -> None:
    r = rig(family, Homing__ApproachVelocity="50.0")
    r.scan(home=True, home_mode=3, position=7.0)
    r.run_for(0.5)
    assert "Busy" in r.shows("Home") and status(r, "HomingCommand") and not status(r, "HomingDone")
    assert r.axis("Velocity") > 0
    r.run_for(0.6)  # 0.5 s up with 100, 0.5 s down
    assert r.shows("Home") == {"Done"} and r.axis("Position") == 7 and status(r, "HomingDone")


@BOTH
def test_passive_homing_lets_other_commands_move_the_axis(family: str) -> None:
    r = rig(family)
    r.scan(home=True, home_mode=2, position=500.0)
    r.run_for(1)
    assert "Busy" in r.shows("Home") and status(r, "HomingDone"), "it was homed before"
    r.scan(relative=True, distance=10.0, speed=20.0)
    r.run_for(2)
    assert r.shows("Home") == {"Done"} and r.shows("Relative") == {"Done"}
    assert r.axis("Position") == pytest.approx(510, abs=0.1)


HOMING = [
    ("S7-1200", 4, (0x8404, 0x11)),
    ("S7-1500", 4, (0x800A, 0)),
    ("S7-1200", 6, (0x8404, 0x55)),
    ("S7-1500", 7, (0x8010, 0)),
]


@pytest.mark.parametrize(("family", "mode", "error"), HOMING)
def test_homing_modes_that_are_refused(family: str, mode: int, error: tuple[int, int]) -> None:
    r = rig(family)
    r.scan(home=True, home_mode=mode)
    assert r.error("Home") == error


def test_homing_during_active_homing_is_refused() -> None:
    r = rig("S7-1200")
    r.scan(home=True, home_mode=3)
    r.run_for(0.1)
    r.scan(home=False)
    r.scan(home=True, home_mode=0)
    assert r.error("Home") == (0x8207, 0x16)
