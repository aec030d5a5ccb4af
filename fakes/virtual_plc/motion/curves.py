"""Functions from a leading value to a following value: lines of gears, transitions, and offsets of the leading value.

A curve returns for a leading value a `Point`: value, first and second derivative. So an axis that follows has a formula,
too, and its position never depends on how often it is asked for. Facts: docs/facts/motion.md#synchronous-operation.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Final, Protocol, Self

from virtual_plc.motion.profile import Point, Profile
from virtual_plc.motion.state import SECOND, Axis, nanoseconds

_STEP: Final = 0.004
_STEPS: Final = 50
_HALVINGS: Final = 30
"""How far ahead a motion without phases is searched for a limit switch: seconds of a step, steps, and their halving."""
_TOLERANCE: Final = 1e-9


class Curve(Protocol):
    """A following value for each leading value."""

    def at(self, leading: float) -> Point:
        """Return the following value and its derivatives."""

    def moved(self, leading: float, following: float) -> Self:
        """Return the same curve at another place."""


@dataclass(frozen=True, slots=True)
class Line:
    """A gear: the following value changes in proportion.

    Attributes:
        leading: a leading value.
        following: the following value there.
        ratio: change of the following value for each unit of the leading value.
    """

    leading: float
    following: float
    ratio: float

    def at(self, leading: float) -> Point:
        """Return the following value and its derivatives."""
        return Point(self.following + self.ratio * (leading - self.leading), self.ratio, 0.0)

    def moved(self, leading: float, following: float) -> Line:
        """Return the same line at another place."""
        return replace(self, leading=self.leading + leading, following=self.following + following)


@dataclass(frozen=True, slots=True)
class Transition:
    """The way to a curve, with continuous velocity and acceleration: a polynomial of the fifth degree.

    Attributes:
        begin: leading value at which it begins.
        end: leading value from which on the curve counts.
        start: following value and slope at the beginning.
        then: the curve.
    """

    begin: float
    end: float
    start: tuple[float, float]
    then: Curve

    def at(self, leading: float) -> Point:
        """Return the following value and its derivatives; before the beginning it rests there."""
        length = self.end - self.begin
        share = (leading - self.begin) / length if length else 1.0
        if share >= 1.0:
            return self.then.at(leading)
        if share <= 0.0:
            return Point(self.start[0], 0.0, 0.0)
        last = self.then.at(self.end)
        first, slope = self.start[0], self.start[1] * length
        way, speed, bend = last.position - first - slope, last.velocity * length - slope, last.acceleration * length**2
        cubic = 10 * way - 4 * speed + bend / 2
        fourth = -15 * way + 7 * speed - bend
        fifth = 6 * way - 3 * speed + bend / 2
        return Point(
            first + share * (slope + share**2 * (cubic + share * (fourth + share * fifth))),
            (slope + share**2 * (3 * cubic + share * (4 * fourth + share * 5 * fifth))) / length,
            share * (6 * cubic + share * (12 * fourth + share * 20 * fifth)) / length**2,
        )

    def moved(self, leading: float, following: float) -> Transition:
        """Return the same transition at another place."""
        start = (self.start[0] + following, self.start[1])
        then = self.then.moved(leading, following)
        return Transition(self.begin + leading, self.end + leading, start, then)


@dataclass(frozen=True, slots=True)
class Offset:
    """An offset of the leading value: a motion in time, or a way of the leading value.

    Attributes:
        profile: the motion in time.
        begun: when it began.
        way: the same as a curve of the leading value, None for a motion in time.
    """

    profile: Profile = field(default_factory=Profile)
    begun: int = 0
    way: Curve | None = None

    def at(self, moment: int, leading: Point) -> Point:
        """Return the offset and its derivatives in time."""
        if self.way is None:
            return self.profile.at((moment - self.begun) / SECOND)
        return _chain(self.way, leading)


def _chain(curve: Curve, leading: Point) -> Point:
    """Return a curve along the motion of its leading value, with derivatives in time."""
    value, slope, bend = curve.at(leading.position)
    return Point(value, slope * leading.velocity, bend * leading.velocity**2 + slope * leading.acceleration)


@dataclass(frozen=True, slots=True)
class Following:
    """The motion of an axis that follows another one.

    Attributes:
        leader: the leading axis, as it is now.
        begun: when the motion began, nanoseconds.
        curve: what it makes of the leading value.
        offset: what is added to the leading value.
    """

    leader: Axis
    begun: int
    curve: Curve
    offset: Offset = field(default_factory=Offset)

    @property
    def duration(self) -> float:
        """Return 0: it has no end."""
        return 0.0

    @property
    def phases(self) -> tuple[()]:
        """Return nothing: it has no phases."""
        return ()

    @property
    def end(self) -> Point:
        """Where the axis is now."""
        return self.at((self.leader.now - self.begun) / SECOND)

    def leading(self, moment: int) -> Point:
        """Return the leading value with its offset."""
        real = self.leader.at(moment)
        more = self.offset.at(moment, real)
        return Point(
            real.position + more.position, real.velocity + more.velocity, real.acceleration + more.acceleration
        )

    def at(self, seconds: float) -> Point:
        """Return where the axis is so many seconds after the beginning."""
        return _chain(self.curve, self.leading(self.begun + nanoseconds(seconds)))

    def shifted(self, distance: float) -> Following:
        """Return the same motion with other coordinates."""
        return replace(self, curve=self.curve.moved(0.0, distance))


@dataclass(frozen=True, slots=True)
class Trace:
    """A motion that is no list of phases: it follows an axis, or another motion is superimposed."""

    axis: Axis
    sign: float = 1.0

    def find_braking(self, limit: float, deceleration: float, since: float = 0.0) -> float | None:
        """Return when the axis has to brake so that it comes to rest at an upper limit, looking 0.2 s ahead."""

        def too_far(seconds: float) -> bool:
            position, velocity, _ = self.axis.at(self.axis.begun + nanoseconds(seconds))
            position, velocity = self.sign * position, self.sign * velocity
            return velocity > 0 and position + velocity * velocity / (2 * deceleration) > limit + _TOLERANCE

        if too_far(since):
            return since
        steps = (since + _STEP * each for each in range(1, _STEPS + 1))
        late = next((each for each in steps if too_far(each)), None)
        if late is None:
            return None
        early = late - _STEP
        for _ in range(_HALVINGS):
            middle = (early + late) / 2
            early, late = (early, middle) if too_far(middle) else (middle, late)
        return early

    def mirrored(self) -> Trace:
        """Return the same motion in the other direction."""
        return Trace(self.axis, -self.sign)


def trace(axis: Axis) -> Profile | Trace:
    """Return the whole motion of an axis as limit switches see it."""
    return axis.profile if isinstance(axis.profile, Profile) and axis.overlay is None else Trace(axis)
