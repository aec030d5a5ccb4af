"""Velocity profiles of one axis: trapezoids and triangles, as formulas of time.

A profile is made once, when a command begins, and then asked for any moment; so the result does not depend on how often
it is asked. Positions, velocities (per second) and accelerations (per second squared) share one unit of length. Jerk is
not limited (docs/facts/motion.md#profiles).
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

_TOLERANCE: Final = 1e-9
"""How far behind a limit an axis may come to rest, because numbers are rounded."""


class Point(NamedTuple):
    """Where an axis is at a moment: position, velocity and acceleration."""

    position: float
    velocity: float
    acceleration: float


@dataclass(frozen=True, slots=True)
class Phase:
    """A time of constant acceleration in which the axis does not turn round.

    Attributes:
        duration: seconds, more than 0.
        position: at the beginning.
        velocity: at the beginning.
        end_position: at the end.
        end_velocity: at the end.
    """

    duration: float
    position: float
    velocity: float
    end_position: float
    end_velocity: float

    @property
    def acceleration(self) -> float:
        """Acceleration during the phase."""
        return (self.end_velocity - self.velocity) / self.duration

    def at(self, seconds: float) -> Point:
        """Return where the axis is, between the values at both ends in any case.

        While it slows down the position is counted from the end, so that it is never behind the target.
        """
        a, left = self.acceleration, self.duration - seconds
        if abs(self.end_velocity) < abs(self.velocity):
            position = self.end_position - self.end_velocity * left + a * left * left / 2
            velocity = self.end_velocity - a * left
        else:
            position = self.position + self.velocity * seconds + a * seconds * seconds / 2
            velocity = self.velocity + a * seconds
        return Point(
            _between(position, self.position, self.end_position),
            _between(velocity, self.velocity, self.end_velocity),
            a,
        )

    def after(self, seconds: float) -> Phase:
        """Return what is left of the phase, which takes longer than that."""
        position, velocity, _ = self.at(seconds)
        return Phase(self.duration - seconds, position, velocity, self.end_position, self.end_velocity)


def _between(value: float, one: float, other: float) -> float:
    return min(max(value, min(one, other)), max(one, other))


@dataclass(frozen=True, slots=True)
class Profile:
    """The motion of one command; behind its phases the velocity stays.

    Attributes:
        position: where it begins.
        velocity: velocity at the beginning, which stays if there is no phase.
        phases: one after the other.
    """

    position: float = 0.0
    velocity: float = 0.0
    phases: tuple[Phase, ...] = field(default=())

    @property
    def duration(self) -> float:
        """Seconds until the last velocity is reached."""
        return sum(each.duration for each in self.phases)

    @property
    def end(self) -> Point:
        """Where the axis is when the last velocity is reached."""
        if not self.phases:
            return Point(self.position, self.velocity, 0.0)
        return Point(self.phases[-1].end_position, self.phases[-1].end_velocity, 0.0)

    def at(self, seconds: float) -> Point:
        """Return where the axis is so many seconds after the beginning."""
        duration = self.duration
        if seconds >= duration or not self.phases:
            position, velocity, _ = self.end
            return Point(position + velocity * (seconds - duration), velocity, 0.0)
        for phase in self.phases[:-1]:
            if seconds < phase.duration:
                return phase.at(max(seconds, 0.0))
            seconds -= phase.duration
        return self.phases[-1].at(min(seconds, self.phases[-1].duration))

    def shifted(self, distance: float) -> Profile:
        """Return the same motion with other coordinates."""
        phases = (
            replace(each, position=each.position + distance, end_position=each.end_position + distance)
            for each in self.phases
        )
        return Profile(self.position + distance, self.velocity, tuple(phases))

    def find_braking(self, limit: float, deceleration: float, since: float = 0.0) -> float | None:
        """Return when the axis has to brake so that it comes to rest at an upper limit, None when it never has to.

        Args:
            limit: the position; ask the mirrored profile for a lower limit.
            deceleration: how it would brake.
            since: seconds from which on the answer counts.
        """
        begin = 0.0
        for phase in (*self.phases, *self._rest()):
            done = max(since - begin, 0.0)
            if done < phase.duration and phase.velocity >= 0 and phase.end_velocity >= 0:
                found = _first_too_far(phase.after(done), limit + _TOLERANCE, deceleration)
                if found is not None:
                    return begin + done + found
            begin += phase.duration
        return None

    def mirrored(self) -> Profile:
        """Return the same motion in the other direction."""
        phases = (
            Phase(each.duration, -each.position, -each.velocity, -each.end_position, -each.end_velocity)
            for each in self.phases
        )
        return Profile(-self.position, -self.velocity, tuple(phases))

    def _rest(self) -> Iterator[Phase]:
        """Yield the time behind the last phase as a very long phase, if the axis moves then."""
        position, velocity, _ = self.end
        if velocity:
            yield Phase(1e9, position, velocity, position + velocity * 1e9, velocity)


def _first_too_far(phase: Phase, limit: float, deceleration: float) -> float | None:
    """Return when position and braking distance reach a limit: the first root of a quadratic equation."""
    a, v = phase.acceleration, phase.velocity
    missing = phase.position + v * v / (2 * deceleration) - limit
    if missing >= 0:
        return 0.0
    linear, square = v * (1 + a / deceleration), a / 2 * (1 + a / deceleration)
    if square == 0:
        root = -missing / linear if linear > 0 else math.inf
    else:
        inside = linear * linear - 4 * square * missing
        if inside < 0:
            return None
        root = 2 * -missing / (linear + math.sqrt(inside)) if linear + math.sqrt(inside) > 0 else math.inf
    return root if root <= phase.duration else None


class _Plan:
    """Puts phases together."""

    def __init__(self, position: float, velocity: float) -> None:
        self.first = (position, velocity)
        self.position, self.velocity = position, velocity
        self.phases: list[Phase] = []

    def change(self, velocity: float, rate: float) -> None:
        """Reach a velocity with an acceleration, without turning round."""
        duration = abs(velocity - self.velocity) / rate
        self._add(duration, self.position + (self.velocity + velocity) / 2 * duration, velocity)

    def hold(self, position: float) -> None:
        """Keep the velocity up to a position."""
        if (position - self.position) * self.velocity > 0:
            self._add((position - self.position) / self.velocity, position, self.velocity)

    def rest_at(self, position: float, rate: float) -> None:
        """Brake; the axis comes to rest exactly at a position."""
        self._add(abs(self.velocity) / rate, position, 0.0)

    def _add(self, duration: float, position: float, velocity: float) -> None:
        if duration > 0:
            self.phases.append(Phase(duration, self.position, self.velocity, position, velocity))
        self.position, self.velocity = position, velocity

    def profile(self) -> Profile:
        return Profile(*self.first, tuple(self.phases)) if self.phases else Profile(self.position, self.velocity)


def to_velocity(position: float, velocity: float, target: float, acceleration: float, deceleration: float) -> Profile:
    """Return how an axis reaches a velocity; it turns round through standstill.

    Args:
        position: where it is.
        velocity: its velocity now.
        target: velocity to reach, signed.
        acceleration: more than 0.
        deceleration: more than 0.
    """
    plan = _Plan(position, velocity)
    if velocity * target < 0 or (velocity and not target):
        plan.change(0.0, deceleration)
    faster = abs(target) > abs(plan.velocity)
    plan.change(target, acceleration if faster else deceleration)
    return plan.profile()


def to_rest(position: float, velocity: float, deceleration: float) -> Profile:
    """Return how an axis brakes."""
    return to_velocity(position, velocity, 0.0, deceleration, deceleration)


def to_rest_at(position: float, velocity: float, deceleration: float, limit: float) -> Profile:
    """Return how an axis brakes that began in time to rest at a limit: exactly there, for all rounding.

    One that cannot stop before the limit rests behind it.
    """
    plan = _Plan(position, velocity)
    rest = position + velocity * abs(velocity) / (2 * deceleration)
    plan.rest_at(limit if math.isclose(rest, limit, rel_tol=1e-9, abs_tol=1e-6) else rest, deceleration)
    return plan.profile()


def to_position(
    position: float, velocity: float, target: float, limit: float, acceleration: float, deceleration: float
) -> Profile:
    """Return how an axis reaches a position and rests there.

    An axis that moves away from the target, or is too fast to stop before it, brakes first and then comes back.

    Args:
        position: where it is.
        velocity: its velocity now.
        target: where it shall come to rest.
        limit: velocity that it must not exceed, more than 0. It slows down to it if it is faster.
        acceleration: more than 0.
        deceleration: more than 0.
    """
    plan = _Plan(position, velocity)
    missing = target - position - velocity * abs(velocity) / (2 * deceleration)
    if missing * velocity < 0:
        plan.change(0.0, deceleration)
    distance, speed = abs(target - plan.position), abs(plan.velocity)
    if distance:
        direction = math.copysign(1.0, target - plan.position)
        highest = (distance + speed * speed / (2 * acceleration)) / (1 / (2 * acceleration) + 1 / (2 * deceleration))
        reached = min(max(math.sqrt(highest), speed), limit)
        plan.change(direction * reached, acceleration if reached > speed else deceleration)
        plan.hold(target - direction * reached * reached / (2 * deceleration))
    plan.rest_at(target, deceleration)
    return plan.profile()


__all__ = ["Phase", "Point", "Profile", "to_position", "to_rest", "to_rest_at", "to_velocity"]
