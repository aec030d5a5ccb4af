"""Axes that follow a leading axis: gears and cams, from the job that waits to synchronous motion.

The position of an axis that follows is a function of the position of its leading axis. A gear without positions
(MC_GearIn) first reaches the velocity; jobs with positions wait until the leading axis reaches their start, and then take a
transition. Facts and decisions: docs/facts/motion.md#synchronous-operation.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from enum import IntEnum
from typing import Any, Final

from virtual_plc.motion import errors
from virtual_plc.motion.cams import Cam
from virtual_plc.motion.commands import begin, finish, flatten, forget_waiting
from virtual_plc.motion.curves import Curve, Following, Line, Offset, Transition
from virtual_plc.motion.profile import Profile, to_position, to_velocity
from virtual_plc.motion.state import SECOND, Axis, Command, Dynamics, Kind, Motion, Result, State, nanoseconds

_GRID: Final = 0.01
"""Seconds between the moments at which the velocity of a leading axis is compared that follows a cam itself."""
_CLOSE: Final = 1e-6

Leading = Callable[[Any], Axis]
"""Returns the present axis behind a data block."""


class Way(IntEnum):
    """How axes become synchronous (`SyncProfileReference`)."""

    DYNAMICS = 0
    AHEAD = 1
    AT_ONCE = 2
    BEHIND = 3
    BEHIND_FROM_HERE = 4
    AT_END = 5
    AHEAD_FROM_HERE = 6


@dataclass(frozen=True, slots=True)
class Wait:
    """What a job waits for, and how it then reaches its curve.

    Attributes:
        way: how the axes become synchronous.
        position: synchronous position of the leading axis.
        distance: distance of the leading axis meanwhile.
        dynamics: velocity and accelerations of the axis, for `Way.DYNAMICS`.
        direction: 1 positive, 2 negative, 3 the shortest way, for a modulo axis.
        modulo: modulo length of the leading axis, 0 without one.
        own_modulo: the same of the axis itself.
        seen: position of the leading axis when it was last asked.
    """

    way: Way
    position: float
    distance: float
    dynamics: Dynamics
    direction: int
    modulo: float
    own_modulo: float
    seen: float


@dataclass(frozen=True, slots=True)
class Phasing:
    """A job that offsets the leading value (MC_PhasingAbsolute, MC_PhasingRelative).

    Attributes:
        number: its number.
        before: offset when it began.
        target: offset that it reaches.
        distance: distance of the leading value meanwhile; 0: a motion in time.
        position: leading value at which it begins, None for the present one.
        direction: 1 positive, 2 negative, 3 any.
        dynamics: of the axis.
        seen: leading value when it was last asked.
        active: whether it has begun.
        towards: direction of the leading value, 1 or -1, when it began.
    """

    number: int
    before: float
    target: float
    distance: float
    position: float | None
    direction: int
    dynamics: Dynamics
    seen: float
    active: bool = False
    towards: float = 0.0


@dataclass(frozen=True, slots=True)
class Link:
    """How a command follows a leading axis.

    Attributes:
        master: data block of the leading axis.
        number: its number, 0 if it is not known.
        leader: the leading axis when the motion was planned.
        curve: what the axis makes of the leading value when it is synchronous.
        synchronous: whether it is.
        meets: when a gear without positions reaches the velocity, None if not or if it has.
        until: leading value at which a transition ends, and its direction.
        wait: what the job waits for, None once it has begun.
        phasing: the last offset of the leading value.
        cycle: number of whole runs through a cam, to see that one has ended.
        ended: whether a run through the cam has just ended.
    """

    master: Any
    number: int
    leader: Axis
    curve: Curve
    synchronous: bool = False
    meets: int | None = None
    until: tuple[float, float] = (0.0, 0.0)
    wait: Wait | None = None
    phasing: Phasing | None = None
    cycle: int = 0
    ended: bool = False


def link_of(axis: Axis) -> Link | None:
    """Return how an axis follows now, None when it does not."""
    return axis.command.link if axis.command is not None else None


def _set_link(axis: Axis, link: Link) -> Axis:
    assert axis.command is not None  # noqa: S101 - a link belongs to a command
    return replace(axis, command=replace(axis.command, link=link))


# Gears without positions ---------------------------------------------------------------------------------------------


def gear_in(axis: Axis, link: Link, ratio: float, dynamics: Dynamics) -> Axis:
    """MC_GearIn: reach the velocity of the leading axis, then follow it from there."""
    axis = flatten(forget_waiting(axis))
    profile, meets = _reach(axis, link.leader, ratio, dynamics)
    axis = begin(axis, Kind.GEAR, dynamics, ratio, profile, link=replace(link, meets=meets))
    return couple(axis) if meets == axis.now else axis


def _reach(axis: Axis, leader: Axis, ratio: float, dynamics: Dynamics) -> tuple[Motion, int | None]:
    """Return how an axis reaches the velocity of its leading axis, and when; None: it is not fast enough."""
    position, velocity, _ = axis.base

    def missing(moment: int) -> float:
        return ratio * leader.at(moment).velocity

    wanted = missing(axis.now)
    if math.isclose(velocity, wanted, abs_tol=_CLOSE):
        return Profile(position, velocity), axis.now
    sign = math.copysign(1.0, wanted - velocity)
    plan = to_velocity(position, velocity, sign * dynamics.velocity, dynamics.acceleration, dynamics.deceleration)

    def ahead(moment: int) -> float:
        return sign * (plan.at((moment - axis.now) / SECOND).velocity - missing(moment))

    before = axis.now
    for moment in sorted({*_breaks(plan, axis.now), *_leader_breaks(leader)}):
        if moment > before:
            first, last = ahead(before), ahead(moment)
            if last >= 0:
                return plan, before + round((moment - before) * (-first / (last - first) if last > first else 0.0))
            before = moment
    return plan, None


def _breaks(profile: Profile, begun: int) -> Iterator[int]:
    """Yield the moments at which an acceleration changes."""
    for each in profile.phases:
        begun += nanoseconds(each.duration)
        yield begun


def _leader_breaks(leader: Axis) -> Iterator[int]:
    """Yield the moments at which the acceleration of a leading axis changes, and a grid where it changes always."""
    if isinstance(leader.profile, Profile):
        yield from _breaks(leader.profile, leader.begun)
    else:
        yield from (leader.now + nanoseconds(_GRID * each) for each in range(1, 1001))
    if leader.overlay is not None:
        yield from _breaks(leader.overlay.profile, leader.overlay.begun)


def couple(axis: Axis) -> Axis:
    """Return the axis that has reached the velocity of its leading axis and follows from here."""
    link = link_of(axis)
    assert link is not None and axis.command is not None  # noqa: S101 - only a gear meets
    curve = Line(link.leader.at(axis.now).position, axis.base.position, axis.command.target)
    axis = replace(axis, begun=axis.now, profile=Following(link.leader, axis.now, curve))
    return _set_link(axis, replace(link, curve=curve, synchronous=True, meets=None))


# Jobs with positions -------------------------------------------------------------------------------------------------


def wait_for(axis: Axis, kind: Kind, link: Link) -> Axis:
    """MC_GearInPos, MC_CamIn: wait until the leading axis reaches the start; the motion that runs continues."""
    axis = forget_waiting(axis)
    assert link.wait is not None  # noqa: S101 - the caller has set it
    number = axis.count + 1
    axis = replace(axis, count=number, waiting=Command(number, kind, link.wait.dynamics, link=link))
    return _start_waiting(axis, link.leader)


def _start_waiting(axis: Axis, leader: Axis) -> Axis:
    """Begin the job that waits if the leading axis has reached its start."""
    waiting = axis.waiting
    assert waiting is not None  # noqa: S101 - the caller has looked
    link, wait = waiting.link, waiting.link.wait
    here, speed, _ = leader.point
    towards = math.copysign(1.0, here - wait.seen or speed or 1.0)
    if wait.way is Way.AT_ONCE:
        curve = link.curve.moved(here - wait.position, axis.base.position - link.curve.at(wait.position).position)
        return _begin_link(axis, leader, replace(link, curve=curve), here, here)
    if wait.way is Way.AT_END:
        return axis
    target = wait.position + _whole(here - wait.position, wait.modulo)
    goal = _reachable(axis, link.curve.moved(target - wait.position, 0.0), target, wait)
    if abs(here - target) < _CLOSE and abs(goal.at(target).position - axis.base.position) < _CLOSE:
        return _begin_link(axis, leader, replace(link, curve=goal), here, here)
    if wait.way in (Way.BEHIND_FROM_HERE, Way.AHEAD_FROM_HERE):
        if not speed:
            return axis
        end = here + towards * wait.distance
        moved = end - wait.position if wait.way is Way.AHEAD_FROM_HERE else 0.0
        curve = _reachable(axis, link.curve.moved(moved, 0.0), end, wait)
        return _begin_link(axis, leader, replace(link, curve=curve), here, end)
    distance = _needed(axis, link.curve, wait, speed) if wait.way is Way.DYNAMICS else wait.distance
    ahead = 0.0 if wait.way is Way.BEHIND else distance
    start = wait.position - towards * ahead
    start = _next(start, wait.seen, towards, wait.modulo)
    moved_on = (here - start) * towards >= 0 and here != wait.seen
    if wait.way is Way.DYNAMICS:
        sync = _next(wait.position, here, towards, wait.modulo)
        reached, start, end = 0 < (sync - here) * towards <= distance, here, sync
    else:
        reached = (start - wait.seen) * towards >= 0 and moved_on
        end = start + towards * distance
    if not reached or not speed:
        return replace(axis, waiting=replace(waiting, link=replace(link, wait=replace(wait, seen=here))))
    anchor = start if wait.way is Way.BEHIND else end
    curve = _reachable(axis, link.curve.moved(anchor - wait.position, 0.0), end, wait)
    return _begin_link(axis, leader, replace(link, curve=curve), start, end)


def _whole(distance: float, length: float) -> float:
    """Return whole modulo lengths in a distance, rounded."""
    return length * round(distance / length) if length else 0.0


def _next(position: float, seen: float, towards: float, length: float) -> float:
    """Return the next place of a position for a modulo axis that moves in a direction."""
    if not length:
        return position
    return seen + towards * ((towards * (position - seen)) % length)


def _reachable(axis: Axis, curve: Curve, leading: float, wait: Wait) -> Curve:
    """Return the curve at the place of a modulo axis that is next in the direction of the job."""
    if not wait.own_modulo:
        return curve
    here, target = axis.base.position, curve.at(leading).position
    forward = (target - here) % wait.own_modulo
    if wait.direction == 2 or (wait.direction == 3 and forward > wait.own_modulo / 2):
        forward -= wait.own_modulo if forward else 0.0
    return curve.moved(0.0, here + forward - target)


def _needed(axis: Axis, curve: Curve, wait: Wait, speed: float) -> float:
    """Return the distance of the leading axis while the axis moves to the start of its run-up, and runs up."""
    last, slope, _ = curve.at(wait.position)
    wanted, dynamics = slope * speed, wait.dynamics
    run_up = wanted * abs(wanted) / (2 * dynamics.acceleration)
    position, velocity, _ = axis.base
    way = to_position(
        position, velocity, last - run_up, dynamics.velocity, dynamics.acceleration, dynamics.deceleration
    )
    return abs(speed) * (way.duration + abs(wanted) / dynamics.acceleration)


def _begin_link(axis: Axis, leader: Axis, link: Link, start: float, end: float) -> Axis:
    """Begin the job that has waited: what runs is aborted, and the axis takes the transition to its curve."""
    waiting = axis.waiting
    assert waiting is not None  # noqa: S101 - the caller has looked
    position, velocity, _ = axis.point
    leading = leader.point
    slope = velocity / leading.velocity if leading.velocity else 0.0
    first = position - slope * (leading.position - start)
    curve = Transition(start, end, (first, slope), link.curve) if start != end else link.curve
    link = replace(link, leader=leader, wait=None, until=(end, end - start), synchronous=start == end)
    link = replace(link, cycle=_cycle_of(link.curve, leading.position))
    motion = Following(leader, axis.now, curve)
    axis = replace(axis, waiting=None)
    return begin(axis, waiting.kind, waiting.dynamics, 0.0, motion, link=link, number=waiting.number)


# Time ----------------------------------------------------------------------------------------------------------------


def lead(axis: Axis, leading: Leading) -> Axis:
    """Let an axis follow the present motion of its leading axis."""
    link = link_of(axis)
    if link is None or not isinstance(axis.profile, Following):
        return axis
    return replace(axis, profile=replace(axis.profile, leader=leading(link.master)))


def watch(axis: Axis, leading: Leading) -> Axis:
    """Begin what waits for the leading axis, and end what has reached it; the axis is at the present."""
    if axis.waiting is not None:
        axis = _start_waiting(axis, leading(axis.waiting.link.master))
    link = link_of(axis)
    if link is None or axis.command is None:
        return axis
    leader = leading(link.master)
    if not isinstance(axis.profile, Following):
        known = link.leader
        if (leader.profile, leader.begun, leader.overlay) == (known.profile, known.begun, known.overlay):
            return axis
        profile, meets = _reach(axis, leader, axis.command.target, axis.command.dynamics)
        axis = replace(axis, begun=axis.now, profile=profile)
        axis = _set_link(axis, replace(link, leader=leader, meets=meets))
        return couple(axis) if meets == axis.now else axis
    here = leader.point.position
    end, way = link.until
    if not link.synchronous and (here - end) * way >= 0:
        link = replace(link, synchronous=True, cycle=_cycle_of(link.curve, end + math.copysign(_CLOSE, way)))
        axis = replace(_set_link(axis, link), profile=replace(axis.profile, curve=link.curve))
    axis = _watch_phasing(axis, leader)
    return _watch_cam(axis)


def _cycle_of(curve: Curve, leading: float) -> int:
    """Return in which run through a cam a leading value is, 0 for a gear."""
    return curve.cycle_of(leading) if isinstance(curve, Cam) else 0


def _watch_cam(axis: Axis) -> Axis:
    """Notice that a run through a cam has ended; one that is used once ends the job, or begins the next cam."""
    link, motion, command = link_of(axis), axis.profile, axis.command
    if link is None or command is None or not isinstance(motion, Following):
        return axis
    curve = link.curve
    if not isinstance(curve, Cam) or not link.synchronous:
        return axis
    here = motion.leading(axis.now).position
    cycle = curve.cycle_of(here)
    ended = cycle != link.cycle
    axis = _set_link(axis, replace(link, cycle=cycle, ended=ended))
    waiting = axis.waiting
    if ended and waiting is not None and waiting.link.wait.way is Way.AT_END:
        (leading, following), wait, other = curve.edge(link.cycle, cycle), waiting.link.wait, waiting.link.curve
        moved = other.moved(leading - wait.position, following - other.at(wait.position).position)
        made = replace(waiting.link, curve=moved)
        return _begin_link(axis, motion.leader, made, here, here)
    if ended and not curve.cyclic:
        axis = flatten(axis) if axis.overlay is not None and axis.overlay.finished else axis
        rest = replace(axis, command=None, state=State.STANDSTILL, begun=axis.now)
        return finish(replace(rest, profile=Profile(axis.base.position)), command.number, Result.DONE)
    return axis


# Offsets of the leading value ----------------------------------------------------------------------------------------


def shift(axis: Axis, phasing: Phasing) -> Axis:
    """MC_PhasingAbsolute, MC_PhasingRelative: offset the leading value; one that runs is aborted."""
    link = link_of(axis)
    assert link is not None  # noqa: S101 - the instruction has checked it
    if link.phasing is not None and link.phasing.number:
        axis = finish(axis, link.phasing.number, Result.ABORTED)
    number = axis.count + 1
    axis = _set_link(replace(axis, count=number), replace(link, phasing=replace(phasing, number=number)))
    assert isinstance(axis.profile, Following)  # noqa: S101 - a synchronous axis follows
    return _watch_phasing(axis, axis.profile.leader)


def cancel_waiting_shift(axis: Axis) -> Axis:
    """Abort the offset of the leading value that waits for its start."""
    link = link_of(axis)
    if link is None or link.phasing is None or link.phasing.active or not link.phasing.number:
        return axis
    axis = finish(axis, link.phasing.number, Result.ABORTED)
    return _set_link(axis, replace(link, phasing=None))


def offset_of(axis: Axis) -> float:
    """Return the present offset of the leading value."""
    if not isinstance(axis.profile, Following):
        return 0.0
    return axis.profile.offset.at(axis.now, axis.profile.leader.point).position


def _watch_phasing(axis: Axis, leader: Axis) -> Axis:
    """Begin and end the offset of the leading value."""
    link, motion = link_of(axis), axis.profile
    phasing = link.phasing if link is not None else None
    if link is None or phasing is None or not phasing.number or not isinstance(motion, Following):
        return axis
    here, speed, _ = leader.point
    if not phasing.active:
        offset = _begin_offset(axis, phasing, here, speed)
        phasing = replace(phasing, seen=here, active=offset is not None, towards=math.copysign(1.0, speed))
        if offset is not None:
            axis = replace(axis, profile=replace(motion, offset=offset))
        axis = _set_link(axis, replace(link, phasing=phasing))
        motion = axis.profile
    if not phasing.active or not isinstance(motion, Following):
        return axis
    number, ended = phasing.number, replace(link, phasing=replace(phasing, number=0))
    offset = motion.offset
    if offset.way is not None and speed * phasing.towards < 0:
        way = Offset(Profile(offset.at(axis.now, leader.point).position))
        axis = replace(_set_link(axis, ended), profile=replace(motion, offset=way))
        return finish(axis, number, Result.ERROR, errors.LEADER_REVERSED)
    if offset.way is None:
        done = axis.now - offset.begun >= nanoseconds(offset.profile.duration)
    else:
        assert isinstance(offset.way, Transition)  # noqa: S101 - `_begin_offset` makes it
        done = (here - offset.way.end) * phasing.towards >= 0
    if not done:
        return axis
    axis = replace(_set_link(axis, ended), profile=replace(motion, offset=Offset(Profile(phasing.target))))
    return finish(axis, number, Result.DONE)


def _begin_offset(axis: Axis, phasing: Phasing, here: float, speed: float) -> Offset | None:
    """Return the offset when it begins, None while it waits."""
    if not phasing.distance:
        assert axis.command is not None  # noqa: S101 - it has a link
        link, dynamics = axis.command.link, phasing.dynamics
        ratio = abs(link.curve.at(here).velocity) or 1.0
        own = (each / ratio for each in (dynamics.velocity, dynamics.acceleration, dynamics.deceleration))
        return Offset(to_position(phasing.before, 0.0, phasing.target, *own), axis.now)
    towards = math.copysign(1.0, speed)
    if not speed or (phasing.direction != 3 and towards != (1.0 if phasing.direction == 1 else -1.0)):
        return None
    begin_at = here
    if phasing.position is not None:
        passed = (phasing.position - phasing.seen) * towards >= 0 and (here - phasing.position) * towards >= 0
        if not passed:
            return None
        begin_at = phasing.position
    end = begin_at + towards * phasing.distance
    way = Transition(begin_at, end, (phasing.before, 0.0), Line(0.0, phasing.target, 0.0))
    return Offset(way=way)
