"""Velocity profiles: the closed formulas of trapezoid and triangle, and properties of every motion."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from virtual_plc.motion.profile import Profile, to_position, to_rest, to_rest_at, to_velocity

RATES = st.floats(0.1, 1000)
PLACES = st.floats(-1e4, 1e4)
SPEEDS = st.floats(-500, 500)
SHARES = st.floats(0, 1)


def trapezoid(t: float, way: float, limit: float, up: float, down: float) -> float:
    """The position of the textbook on a way from rest to rest, in positive direction."""
    top = min(limit, math.sqrt(2 * way * up * down / (up + down)))
    t1, t3 = top / up, top / down
    t2 = (way - top * top / 2 * (1 / up + 1 / down)) / top
    if t < t1:
        return up * t * t / 2
    if t < t1 + t2:
        return top * t1 / 2 + top * (t - t1)
    if t < t1 + t2 + t3:
        return way - down * (t1 + t2 + t3 - t) ** 2 / 2
    return way


@pytest.mark.parametrize("direction", [1, -1])
def test_a_long_way_is_a_trapezoid(direction: int) -> None:
    way, limit, up, down = 100.0, 10.0, 5.0, 2.0
    profile = to_position(0, 0, direction * way, limit, up, down)
    assert profile.duration == pytest.approx(way / limit + limit / (2 * up) + limit / (2 * down))
    for tenth in range(150):
        expected = direction * trapezoid(tenth / 10, way, limit, up, down)
        assert profile.at(tenth / 10).position == pytest.approx(expected, abs=1e-9)


def test_a_short_way_is_a_triangle() -> None:
    way, up, down = 4.0, 5.0, 2.0
    profile = to_position(20, 0, 24, 10, up, down)
    assert profile.duration == pytest.approx(math.sqrt(2 * way * (up + down) / (up * down)))
    highest = max(profile.at(profile.duration * share / 500).velocity for share in range(500))
    assert highest == pytest.approx(math.sqrt(2 * way * up * down / (up + down)), rel=1e-2)
    assert highest < 10


def test_no_way_takes_no_time() -> None:
    assert to_position(3, 0, 3, 10, 5, 5).duration == 0
    assert to_position(3, 0, 3, 10, 5, 5).at(7) == (3, 0, 0)


def test_an_axis_that_is_too_fast_brakes_and_comes_back() -> None:
    # 40 at 10: 4 s and 80 to rest; then 70 back as a triangle with 10 and 10: 2 * sqrt(7) s
    profile = to_position(0, 40, 10, 50, 10, 10)
    assert profile.duration == pytest.approx(4 + 2 * math.sqrt(7))
    assert tuple(profile.at(4)) == pytest.approx((80, 0, -10))
    assert profile.end.position == 10


def test_an_axis_that_moves_away_turns_round() -> None:
    profile = to_position(0, -10, 100, 20, 10, 10)
    assert profile.at(1).position == pytest.approx(-5)
    assert profile.duration == pytest.approx(1 + 105 / 20 + 20 / 20 + 20 / 20)


def test_an_axis_above_the_limit_slows_down_to_it() -> None:
    # from 30 to 20 with 10: 1 s and 25; braking from 20: 2 s and 20; between 55 at 20: 2.75 s
    assert to_position(0, 30, 100, 20, 5, 10).duration == pytest.approx(1 + 2.75 + 2)


@pytest.mark.parametrize(
    ("velocity", "target", "seconds", "way"),
    [(0, 20, 4, 40), (20, 0, 2, 20), (-10, 20, 5, 35), (20, 5, 1.5, 18.75), (-5, -20, 3, -37.5), (7, 7, 0, 0)],
)
def test_velocities_are_reached_with_constant_accelerations(
    velocity: float, target: float, seconds: float, way: float
) -> None:
    profile = to_velocity(100, velocity, target, 5, 10)
    assert profile.duration == pytest.approx(seconds)
    assert tuple(profile.at(seconds)) == pytest.approx((100 + way, target, 0))
    assert profile.at(seconds + 3).position == pytest.approx(100 + way + 3 * target)


@given(PLACES, PLACES, st.floats(0.1, 500), RATES, RATES, SHARES)
def test_a_motion_from_rest_never_leaves_its_way_nor_its_limits(
    start: float, target: float, limit: float, up: float, down: float, share: float
) -> None:
    profile = to_position(start, 0, target, limit, up, down)
    position, velocity, acceleration = profile.at(share * profile.duration)
    assert min(start, target) <= position <= max(start, target)
    assert abs(velocity) <= limit and -down * 1.001 <= math.copysign(1, target - start) * acceleration <= up * 1.001
    assert profile.at(profile.duration + share)[:2] == (target, 0)


@given(PLACES, SPEEDS, PLACES, st.floats(0.1, 500), RATES, RATES)
def test_every_motion_ends_exactly_at_its_target(
    start: float, velocity: float, target: float, limit: float, up: float, down: float
) -> None:
    profile = to_position(start, velocity, target, limit, up, down)
    assert profile.end == (target, 0, 0)
    samples = [profile.at(profile.duration * each / 60) for each in range(60)]
    assert max(abs(each.velocity) for each in samples) <= max(limit, abs(velocity)) * (1 + 1e-9)


@given(PLACES, SPEEDS, SPEEDS, RATES, RATES, SHARES)
def test_position_is_the_integral_of_velocity(
    start: float, velocity: float, target: float, up: float, down: float, share: float
) -> None:
    profile = to_velocity(start, velocity, target, up, down)
    begin = share * profile.duration
    step = 1e-3
    middle = profile.at(begin + step / 2)
    assume(middle.acceleration == profile.at(begin).acceleration == profile.at(begin + step).acceleration)
    moved = profile.at(begin + step).position - profile.at(begin).position
    assert moved == pytest.approx(middle.velocity * step, abs=1e-6)


@given(PLACES, SPEEDS, SPEEDS, RATES, RATES, RATES, st.floats(0, 2e4))
def test_braking_begins_as_late_as_possible(
    start: float, velocity: float, target: float, up: float, down: float, rate: float, above: float
) -> None:
    limit = start + above
    profile = to_velocity(start, velocity, target, up, down)

    def rest(seconds: float) -> float:
        place, speed, _ = profile.at(seconds)
        return place + max(speed, 0) ** 2 / (2 * rate)

    found = profile.find_braking(limit, rate)
    end = profile.duration + 10 if found is None else found
    before = [rest(end * each / 40) for each in range(40)]
    slack = 1e-6 * max(1.0, abs(limit), abs(start))
    assert max(before, default=limit) <= limit + slack or found == 0
    if found:
        assert rest(found) == pytest.approx(limit, abs=slack)


def test_a_motion_to_the_limit_itself_needs_no_braking() -> None:
    assert to_position(0, 0, 100, 50, 10, 10).find_braking(100, 10) is None
    assert to_position(0, 0, 101, 50, 10, 10).find_braking(100, 10) is not None
    assert to_position(100, 0, 0, 50, 10, 10).find_braking(100, 10) is None
    assert to_position(0, 0, -101, 50, 10, 10).mirrored().find_braking(100, 10) is not None


def test_braking_in_the_past_does_not_count() -> None:
    profile = to_velocity(0, 10, -10, 10, 10)  # up to 5 in a second, then down
    assert profile.find_braking(4, 10) == 0
    assert profile.find_braking(4, 10, since=1.5) is None


def test_braking_for_a_limit_ends_exactly_there() -> None:
    profile = Profile(0, 10)
    begin = profile.find_braking(100, 10)
    assert begin is not None and begin == pytest.approx(9.5)
    assert to_rest_at(*profile.at(begin)[:2], 10, 100).end.position == 100
    assert to_rest(97, 10, 10).end.position == pytest.approx(102)
    assert to_rest_at(97, 10, 10, 100).end.position == pytest.approx(102), "it cannot stop before the limit"


def test_other_coordinates_leave_the_motion_as_it_is() -> None:
    profile = to_position(0, 0, 100, 20, 10, 10)
    for seconds in (0, 1, 3, 9):
        place, *others = profile.at(seconds)
        assert profile.shifted(-30).at(seconds) == (pytest.approx(place - 30), *others)
