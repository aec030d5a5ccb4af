"""What an axis is at a moment: its state in PLCopen's diagram, its motion, its command and the outcomes of others.

All of it are values, which the functions in `commands` and `axis` replace by new ones.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Protocol

from virtual_plc.motion.errors import Error
from virtual_plc.motion.profile import Point, Profile

SECOND: Final = 1_000_000_000
"""Nanoseconds."""


class State(StrEnum):
    """State of an axis in PLCopen's diagram."""

    DISABLED = "Disabled"
    STANDSTILL = "Standstill"
    HOMING = "Homing"
    DISCRETE_MOTION = "DiscreteMotion"
    CONTINUOUS_MOTION = "ContinuousMotion"
    SYNCHRONIZED_MOTION = "SynchronizedMotion"
    STOPPING = "Stopping"
    ERROR_STOP = "ErrorStop"


class Kind(StrEnum):
    """What a command does."""

    POSITION = "position"
    VELOCITY = "velocity"
    JOG = "jog"
    HALT = "halt"
    STOP = "stop"
    HOMING = "homing"
    GEAR = "gear"
    GEAR_POSITION = "gear with positions"
    CAM = "cam"


class Result(StrEnum):
    """How a command ended."""

    DONE = "done"
    ABORTED = "aborted"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Dynamics:
    """How a command moves the axis: velocity, acceleration and deceleration, all in units of length and seconds."""

    velocity: float
    acceleration: float
    deceleration: float


@dataclass(frozen=True, slots=True)
class Limits:
    """Software limit switches, and how the axis brakes for them and in an emergency.

    Attributes:
        active: whether they are switched on; they act on a homed axis only.
        low: position of the lower one.
        high: position of the upper one.
        deceleration: how the axis brakes before it reaches one; None: as the command does.
        emergency: emergency deceleration.
    """

    active: bool = False
    low: float = 0.0
    high: float = 0.0
    deceleration: float | None = None
    emergency: float = 1.0


class Motion(Protocol):
    """How an axis moves: a profile of its command, or what it makes of the motion of a leading axis."""

    @property
    def duration(self) -> float:
        """Seconds until it has reached what its command wants; 0 for a motion that follows."""

    @property
    def phases(self) -> tuple[Any, ...]:
        """Its phases; empty if it has none."""

    @property
    def end(self) -> Point:
        """Where the axis is when it has reached that."""

    def at(self, seconds: float) -> Point:
        """Return where the axis is so many seconds after the beginning."""

    def shifted(self, distance: float) -> Motion:
        """Return the same motion with other coordinates."""


@dataclass(frozen=True, slots=True)
class Command:
    """The command that moves the axis.

    Attributes:
        number: its number, by which its instruction asks for the outcome.
        kind: what it does.
        dynamics: how.
        target: position or signed velocity that it reaches, or the position of the home mark.
        ending: whether it only brakes any more: a jog or a stop that was released, a homing behind its mark.
        finished: whether its outcome is known, although it still holds the axis (MC_Stop).
        relative: whether its target moves with the coordinates (MC_MoveRelative).
        link: how it follows a leading axis, None for an independent motion (`coupling.Link`).
    """

    number: int
    kind: Kind
    dynamics: Dynamics
    target: float = 0.0
    ending: bool = False
    finished: bool = False
    relative: bool = False
    link: Any = None


@dataclass(frozen=True, slots=True)
class Overlay:
    """A superimposed motion: what it adds to the motion of the axis.

    Attributes:
        number: number of its command.
        begun: when it began.
        profile: its distance, velocity and acceleration.
        halting: whether MC_HaltSuperimposed brakes it.
        finished: whether its command has ended; its distance stays until the basic motion has ended, too.
    """

    number: int
    begun: int
    profile: Profile
    halting: bool = False
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Outcome:
    """How a command ended; `error` explains `Result.ERROR`."""

    number: int
    result: Result
    error: Error | None = None


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis at a moment.

    Attributes:
        state: state in PLCopen's diagram.
        now: virtual time up to which it has been advanced, nanoseconds.
        begun: when its profile began.
        profile: its motion.
        command: command that moves it.
        enabled: whether it is enabled.
        disabling: whether it brakes to be disabled then.
        homed: whether its position has a reference.
        passive: number and position of a passive homing that waits for the home mark.
        alarm: what stopped it and is not acknowledged.
        limited: whether a value of a command was limited since the last acknowledgement.
        override: share of the velocity of a command that the axis moves with.
        highest: velocity that the override does not exceed.
        owner: number of the MC_Power that controls it.
        count: number of the last command.
        outcomes: how commands ended whose instructions have not asked yet.
        overlay: the superimposed motion.
        waiting: command that waits for the leading axis to begin.
        torque: number of the MC_TorqueLimiting that acts, and its limit.
        torque_reached: whether the drive works at the limit.
    """

    state: State = State.DISABLED
    now: int = 0
    begun: int = 0
    profile: Motion = field(default_factory=Profile)
    command: Command | None = None
    enabled: bool = False
    disabling: bool = False
    homed: bool = False
    passive: tuple[int, float] | None = None
    alarm: Error | None = None
    limited: bool = False
    override: float = 1.0
    highest: float = math.inf
    owner: int = 0
    count: int = 0
    outcomes: tuple[Outcome, ...] = ()
    overlay: Overlay | None = None
    waiting: Command | None = None
    torque: tuple[int, float] | None = None
    torque_reached: bool = False

    @property
    def point(self) -> Point:
        """Where it is now."""
        return self.at(self.now)

    @property
    def base(self) -> Point:
        """Where it would be now without its superimposed motion."""
        return self.profile.at((self.now - self.begun) / SECOND)

    @property
    def reached(self) -> bool:
        """Whether the velocity at the end of its profile is reached."""
        return self.now - self.begun >= nanoseconds(self.profile.duration)

    def at(self, moment: int) -> Point:
        """Return where it is at a moment of its present motion."""
        point, overlay = self.profile.at((moment - self.begun) / SECOND), self.overlay
        if overlay is None:
            return point
        more = overlay.profile.at((moment - overlay.begun) / SECOND)
        return Point(
            point.position + more.position, point.velocity + more.velocity, point.acceleration + more.acceleration
        )

    def outcome(self, number: int) -> Outcome | None:
        """Return how a command ended, None while it runs."""
        return next((each for each in self.outcomes if each.number == number), None)


def nanoseconds(seconds: float) -> int:
    """Return whole nanoseconds."""
    return round(seconds * SECOND)
