"""A drive with the basic positioner (EPOS): telegram 111, and an axis that follows its setpoint exactly.

Facts: docs/facts/drives.md#basic-positioner.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Final, NamedTuple

from virtual_plc.motion.profile import Profile, to_position, to_rest, to_velocity
from virtual_plc.surroundings.drives import telegram as t
from virtual_plc.surroundings.drives.parameters import Format, Parameter, Parameters
from virtual_plc.surroundings.drives.power import CONTROL, Power
from virtual_plc.surroundings.modules import Module

REFERENCE_SPEED, UNITS_OF_REVOLUTION = 2000, 2506
LARGEST_VELOCITY, ACCELERATION, DECELERATION = 2571, 2572, 2573
LOW_LIMIT, HIGH_LIMIT = 2580, 2581
JOG_VELOCITY, JOG_DISTANCE = (2585, 2586), (2587, 2588)
HOME_POSITION, HOME_VELOCITY = 2599, 2605
BLOCK_POSITION, BLOCK_VELOCITY, BLOCK_ACCELERATION, BLOCK_DECELERATION, BLOCK_TASK, BLOCK_MODE = (
    2617, 2618, 2619, 2620, 2621, 2623
)  # fmt: skip
BLOCKS: Final = 64
NOT_HOMED, NO_BLOCK, NO_TASK = 7461, 7462, 7467
BELOW_LIMIT, ABOVE_LIMIT, BOTH_DIRECTIONS = 7477, 7478, 7563
"""Numbers of alarms."""
_POSITIONING: Final = 1
_RELATIVE_BLOCK: Final = 0x100
_FULL_NIST: Final = 1 << 30
_SECOND: Final = 1_000_000_000
_THOUSAND_A_MINUTE: Final = 1000 / 60
_LOWEST_ACCELERATION: Final = 1.0


class Mode(Enum):
    """Operating mode of the positioner, with its bit in position status word 1."""

    NONE = 0
    JOG = t.IN_JOG
    HOMING = t.IN_HOMING
    BLOCK = t.IN_BLOCK
    SETUP = t.IN_SETUP
    MDI = t.IN_MDI


@dataclass(frozen=True, slots=True)
class Job:
    """What the axis has been ordered.

    Attributes:
        mode: operating mode.
        target: position, None for a velocity.
        velocity: signed for a velocity, in 1000 LU/min.
        acceleration: share of the largest one.
        deceleration: share of the largest one.
        block: number of the traversing block.
    """

    mode: Mode
    target: float | None
    velocity: float
    acceleration: float = 1.0
    deceleration: float = 1.0
    block: int = 0


class _Demand(NamedTuple):
    """What the axis does now: target or None, signed velocity, shares of acceleration and deceleration."""

    target: float | None = None
    velocity: float = 0.0
    acceleration: float = 1.0
    deceleration: float = 1.0


def _number(
    value: float, form: Format = Format.INTEGER32, low: float = -(2.0**31), high: float = 2.0**31 - 1
) -> Parameter:
    return Parameter(form, [value], low, high)


def _of_blocks(value: float, form: Format, low: float, high: float) -> Parameter:
    return Parameter(form, [value] * BLOCKS, low, high)


def _parameters() -> Parameters:
    positive = (1.0, 40_000_000.0)
    return Parameters(
        {
            REFERENCE_SPEED: _number(3000.0, Format.FLOAT, 6.0, 210_000.0),
            UNITS_OF_REVOLUTION: _number(10_000.0, Format.UNSIGNED32, 1.0),
            LARGEST_VELOCITY: _number(30_000.0, Format.UNSIGNED32, *positive),
            ACCELERATION: _number(100.0, Format.UNSIGNED32, 1.0, 2_000_000.0),
            DECELERATION: _number(100.0, Format.UNSIGNED32, 1.0, 2_000_000.0),
            LOW_LIMIT: _number(-2_147_482_648.0),
            HIGH_LIMIT: _number(2_147_482_647.0),
            JOG_VELOCITY[0]: _number(-300.0),
            JOG_VELOCITY[1]: _number(300.0),
            JOG_DISTANCE[0]: _number(1000.0, Format.UNSIGNED32, 0.0),
            JOG_DISTANCE[1]: _number(1000.0, Format.UNSIGNED32, 0.0),
            HOME_POSITION: _number(0.0),
            HOME_VELOCITY: _number(5000.0, Format.UNSIGNED32, *positive),
            BLOCK_POSITION: _of_blocks(0.0, Format.INTEGER32, -(2.0**31), 2.0**31 - 1),
            BLOCK_VELOCITY: _of_blocks(600.0, Format.INTEGER32, *positive),
            BLOCK_ACCELERATION: _of_blocks(100.0, Format.FLOAT, 1.0, 100.0),
            BLOCK_DECELERATION: _of_blocks(100.0, Format.FLOAT, 1.0, 100.0),
            BLOCK_TASK: _of_blocks(1.0, Format.INTEGER16, 1.0, 9.0),
            BLOCK_MODE: _of_blocks(0.0, Format.UNSIGNED16, 0.0, 0xFFFF),
        }
    )


class PositioningDrive:
    """An ideal drive with the basic positioner, for a linear axis.

    Attributes:
        parameters: its parameters.
        power: whether it is switched on, its fault and its alarm, which a test sets.
        position: in LU.
        velocity: in LU per second.
        homed: whether the position is known.
        distance_to_mark: LU that a reference point approach travels to the reference mark.
    """

    def __init__(self) -> None:
        """Begin switched off, at rest at 0."""
        self.parameters = _parameters()
        self.power = Power()
        self.position = self.velocity = 0.0
        self.homed = False
        self.distance_to_mark = 0.0
        self._profile, self._begun, self._now = Profile(), 0, 0
        self._demand = _Demand()
        self._job: Job | None = None
        self._reached = self._accepted = False
        self._last = t.Setpoints()

    def module(self, first_input: int, first_output: int) -> Module:
        """Return the module with the process data of the drive from these addresses on."""
        inputs, outputs = (range(first, first + t.SIZE) for first in (first_input, first_output))
        return Module(inputs, outputs, on_write=self.parameters.take_record, device=self)

    def pass_mark(self) -> None:
        """Let the axis pass the reference mark: flying homing takes the home position."""
        if self._is_flying:
            self._set_home()

    def exchange(self, now: int, content: bytes) -> bytes:
        """Take the setpoints at a virtual time in nanoseconds; return the actual values."""
        self._advance(now)
        given = t.setpoints(content)
        if given.word & CONTROL:
            if self.power.take(given.word, at_rest=self.velocity == 0):
                self._stop_at_once()
            self._order(given)
            self._last = given
            self._move()
        return self._actual().pack()

    # Motion -----------------------------------------------------------------------------------------------------------

    def _advance(self, now: int) -> None:
        self._now = now
        seconds = (now - self._begun) / _SECOND
        self.position, self.velocity, _ = self._profile.at(seconds)
        if seconds < self._profile.duration or self._job is None or self._interrupted or self.velocity:
            return
        if self._job.mode is Mode.HOMING and self._demand.target is not None:
            self._set_home()
        if self._demand.target is not None and self._job.mode is not Mode.JOG:
            self._job, self._reached = None, True
        elif self._demand.target is not None:
            self._reached = True

    def _move(self) -> None:
        """Begin a profile where something else is wanted than so far."""
        demand = self._wanted()
        if demand == self._demand:
            if self._job is None and not self.velocity and self.power.on:
                self._reached = True
            return
        self._demand, self._begun = demand, self._now
        target, velocity, up, down = demand
        rise = max(self.parameters[ACCELERATION] * 1000 * up, _LOWEST_ACCELERATION)
        fall = max(self.parameters[DECELERATION] * 1000 * down, _LOWEST_ACCELERATION)
        speed = min(abs(velocity), self.parameters[LARGEST_VELOCITY]) * _THOUSAND_A_MINUTE
        if not speed:
            self._profile = to_rest(self.position, self.velocity, fall)
        elif target is None:
            self._profile = to_velocity(self.position, self.velocity, speed if velocity > 0 else -speed, rise, fall)
        else:
            self._profile = to_position(self.position, self.velocity, target, speed, rise, fall)

    def _wanted(self) -> _Demand:
        job = self._job
        if job is None or not self.power.on or self.power.braking or self._interrupted:
            return _Demand(deceleration=1.0 if job is None else job.deceleration)
        target, velocity = job.target, job.velocity * self._last.override / t.HUNDRED_PERCENT
        if target is None and velocity and self._limited:
            target = self.parameters[HIGH_LIMIT if velocity > 0 else LOW_LIMIT]
        return _Demand(target, velocity, job.acceleration, job.deceleration)

    @property
    def _interrupted(self) -> bool:
        job = self._job
        return job is not None and job.mode is not Mode.JOG and not self._last.word & t.NOT_INTERRUPTED

    @property
    def _limited(self) -> bool:
        return self.homed and bool(self._last.position_word_2 & t.SOFTWARE_LIMITS)

    @property
    def _is_flying(self) -> bool:
        last = self._last
        return bool(last.word & t.HOME and last.position_word_2 & t.FLYING)

    def _stop_at_once(self) -> None:
        self._job, self.velocity = None, 0.0
        self._profile, self._begun = Profile(self.position), self._now
        self._demand = _Demand()

    def _set_home(self) -> None:
        shift = self.parameters[HOME_POSITION] - self.position
        self._profile = self._profile.shifted(shift)
        self.position += shift
        self.homed = True
        if self._demand.target is not None:
            self._demand = self._demand._replace(target=self._demand.target + shift)
        if self._job is not None and self._job.target is not None:
            self._job = replace(self._job, target=self._job.target + shift)

    # Orders -----------------------------------------------------------------------------------------------------------

    def _order(self, given: t.Setpoints) -> None:
        """Begin and end jobs by the control words."""
        before = self._last
        if given.position_word_2 & ~before.position_word_2 & t.SET_HOME and not self.velocity:
            self._set_home()
        if not self.power.on:
            self._job, self._accepted = None, False
            return
        job = self._job
        if job is not None and self._ends(job, given):
            self._job = job = None
        started = given.word & ~before.word & t.START
        if given.word & (t.JOG_1 | t.JOG_2):
            self._order_jog(given)
        elif given.word & ~before.word & t.HOME and not given.position_word_2 & t.FLYING:
            sign = -1 if given.position_word_2 & t.HOME_NEGATIVE else 1
            target = self.position + sign * self.distance_to_mark
            self._begin(Job(Mode.HOMING, target, self.parameters[HOME_VELOCITY]))
            self.homed = False
        elif given.position_word & t.MDI and given.word & t.NOT_REJECTED:
            continues = given.position_word & t.CONTINUOUS and given != before
            if started or continues:
                self._order_mdi(given)
        elif started and given.word & t.NOT_REJECTED:
            self._order_block(given)
        self._accepted = bool(given.word & t.START and (self._accepted or started))

    def _ends(self, job: Job, given: t.Setpoints) -> bool:
        match job.mode:
            case Mode.JOG:
                return not given.word & (t.JOG_1 | t.JOG_2)
            case Mode.HOMING:
                return not given.word & t.HOME or not given.word & t.NOT_REJECTED
            case Mode.MDI | Mode.SETUP:
                return not given.word & t.NOT_REJECTED or not given.position_word & t.MDI
        return not given.word & t.NOT_REJECTED or bool(given.position_word & t.MDI)

    def _begin(self, job: Job) -> None:
        self._job, self._reached, self.power.alarm = job, False, 0

    def _refuse(self, alarm: int) -> None:
        self.power.alarm = alarm

    def _order_jog(self, given: t.Setpoints) -> None:
        both = t.JOG_1 | t.JOG_2
        if given.word & both == both or self._last.word & both or self.velocity or self._job is not None:
            if given.word & both == both:
                self._job = None
            return
        which = 0 if given.word & t.JOG_1 else 1
        velocity = self.parameters[JOG_VELOCITY[which]]
        if given.position_word_2 & t.INCREMENTAL:
            distance = self.parameters[JOG_DISTANCE[which]]
            self._begin(Job(Mode.JOG, self.position + (distance if velocity > 0 else -distance), velocity))
        else:
            self._begin(Job(Mode.JOG, None, velocity))

    def _order_mdi(self, given: t.Setpoints) -> None:
        shares = (given.acceleration / t.HUNDRED_PERCENT, given.deceleration / t.HUNDRED_PERCENT)
        if given.position_word & t.SETUP:
            up, down = given.position_word & t.POSITIVE, given.position_word & t.NEGATIVE
            if up and down:
                self._job = None
                self._refuse(BOTH_DIRECTIONS)
                return
            velocity = float(given.velocity if up else -given.velocity if down else 0)
            self._begin(Job(Mode.SETUP, None, velocity, *shares))
            return
        absolute = given.position_word & t.ABSOLUTE
        target = given.position if absolute else self.position + given.position
        self._go_to(Job(Mode.MDI, float(target), float(given.velocity), *shares), needs_home=bool(absolute))

    def _order_block(self, given: t.Setpoints) -> None:
        block = given.position_word & t.BLOCK
        read = self.parameters.at
        if read(BLOCK_TASK, block) != _POSITIONING:
            self._refuse(NO_TASK)
            return
        relative = int(read(BLOCK_MODE, block)) & 0xF00 == _RELATIVE_BLOCK
        target = read(BLOCK_POSITION, block) + (self.position if relative else 0.0)
        shares = (read(BLOCK_ACCELERATION, block) / 100, read(BLOCK_DECELERATION, block) / 100)
        job = Job(Mode.BLOCK, target, read(BLOCK_VELOCITY, block), *shares, block=block)
        self._go_to(job, needs_home=True)

    def _go_to(self, job: Job, *, needs_home: bool) -> None:
        """Begin a positioning job, unless the axis is not homed or the target is behind a software limit switch."""
        assert job.target is not None  # noqa: S101 (a positioning job has one)
        if needs_home and not self.homed:
            self._refuse(NOT_HOMED)
        elif self._limited and job.target < self.parameters[LOW_LIMIT]:
            self._refuse(BELOW_LIMIT)
        elif self._limited and job.target > self.parameters[HIGH_LIMIT]:
            self._refuse(ABOVE_LIMIT)
        else:
            self._begin(replace(job, velocity=abs(job.velocity)))

    # Actual values ----------------------------------------------------------------------------------------------------

    def _actual(self) -> t.Actual:
        seconds = (self._now - self._begun) / _SECOND
        faster = self._profile.at(seconds).acceleration * (1 if self.velocity >= 0 else -1)
        moves = self.velocity != 0 or seconds < self._profile.duration
        job = self._job
        word = {
            t.FOLLOWS: True,
            t.AT_TARGET: self._reached and not moves,
            t.HOMED: self.homed,
            t.ACCEPTED: self._accepted,
            t.STANDSTILL: not self.velocity,
            t.ACCELERATES: moves and faster > 0,
            t.BRAKES: moves and faster < 0,
        }
        position_word = {t.IN_FLYING: self._is_flying and self.power.on}
        position_word_2 = {
            t.FOLLOW_UP: not self.power.on,
            t.STATIONARY: not moves,
            t.FORWARD: self.velocity > 0,
            t.BACKWARD: self.velocity < 0,
            t.AT_LOW: self._limited and self.position <= self.parameters[LOW_LIMIT],
            t.AT_HIGH: self._limited and self.position >= self.parameters[HIGH_LIMIT],
            t.TRAVERSES: job is not None and moves,
        }
        mode = self._mode()
        revolutions = self.velocity * 60 / self.parameters[UNITS_OF_REVOLUTION] / self.parameters[REFERENCE_SPEED]
        return t.Actual(
            self.power.status | _bits(word),
            _bits(position_word) | mode.value | (job.block if job is not None else 0),
            _bits(position_word_2),
            position=_signed(round(self.position)),
            velocity=max(-(1 << 31), min(round(revolutions * _FULL_NIST), (1 << 31) - 1)),
            fault=self.power.fault,
            alarm=self.power.alarm,
        )

    def _mode(self) -> Mode:
        """Return the mode of the job; without one MDI where it is selected."""
        if self._job is not None:
            return self._job.mode
        selected = self._last.position_word & t.MDI and self.power.on
        setup = self._last.position_word & t.SETUP
        return (Mode.SETUP if setup else Mode.MDI) if selected else Mode.NONE


def _bits(found: dict[int, bool]) -> int:
    return sum(bit for bit, is_set in found.items() if is_set)


def _signed(value: int) -> int:
    """Return the lowest 32 bits of a position."""
    return (value + (1 << 31)) % (1 << 32) - (1 << 31)
