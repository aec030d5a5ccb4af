"""The valve of PID_3Step: where it is, and the signals that move its motor.

Facts: docs/facts/pid.md#pid_3step. Without position feedback the position is counted from the signals and the transition time.
A movement begins when it would last the minimum ON time and one call, and ends in the call that reaches its target; the
pause lasts the minimum OFF time (this project's decisions).
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace

from virtual_plc.instructions.closed_loop.readings import is_valid_analog, scale
from virtual_plc.instructions.closed_loop.sampling import calls_of, seconds_of
from virtual_plc.instructions.closed_loop.tags import Tags, clamp

BAD_FEEDBACK_PER, BAD_FEEDBACK, BAD_ENDS = 0x2000, 0x4000, 0x8000
TOO_LONG = 0x2000
"""Bit of Warning: the motor ran in one direction for longer than VirtualActuatorLimit allows."""


@dataclass(frozen=True, slots=True)
class Valve:
    """What is known of the valve after a call.

    Attributes:
        position: in percent.
        direction: 1 while Output_UP is on, -1 while Output_DN is on, else 0.
        calls: since the direction changed.
        travel: seconds that the motor has run in the last direction without a movement in the other one.
        last: the last direction that was not 0.
    """

    position: float = 0.0
    direction: int = 0
    calls: int = 1_000_000
    travel: float = 0.0
    last: int = 0


def step_of(tags: Tags) -> float:
    """Return how far the motor moves the valve in one call, in percent."""
    transit = float(tags["Retain.TransitTime"])
    return min(100.0 * seconds_of(tags) / transit, 100.0) if transit > 0 else 100.0


def has_feedback(tags: Tags) -> bool:
    """Return whether the position is measured."""
    return bool(tags["Config.FeedbackOn"])


def locate(tags: Tags, valve: Valve) -> tuple[Valve, int]:
    """Return the valve at its position of now, and the errors of its signals."""
    ends = _read_ends(tags)
    errors = BAD_ENDS if ends == (True, True) else 0
    travel = valve.travel + seconds_of(tags) if valve.direction else valve.travel
    moved = replace(valve, travel=travel, calls=valve.calls + 1)
    if has_feedback(tags):
        position, bad = _read_feedback(tags, valve.position)
        return replace(moved, position=position), errors | bad
    position = valve.position + valve.direction * step_of(tags)
    if not errors and any(ends):
        position = 100.0 if ends[0] else 0.0
    return replace(moved, position=clamp(position, 0.0, 100.0)), errors


def _read_ends(tags: Tags) -> tuple[bool, bool]:
    """Return whether the valve is at its upper and at its lower end, as far as signals show it."""
    used = tags["Config.ActuatorEndStopOn"]
    return bool(used and tags["Actuator_H"]), bool(used and tags["Actuator_L"])


def _read_feedback(tags: Tags, last: float) -> tuple[float, int]:
    if tags["Config.FeedbackPerOn"]:
        counts = tags["Feedback_PER"]
        valid = is_valid_analog(counts)
        return (scale(tags, counts, "Config.FeedbackScaling"), 0) if valid else (last, BAD_FEEDBACK_PER)
    value = tags["Feedback"]
    return (float(value), 0) if math.isfinite(value) else (last, BAD_FEEDBACK)


def approach(tags: Tags, valve: Valve, target: float) -> int:
    """Return the direction that moves the valve to a position, with the shortest pulse and pause; 0 when it is there."""
    one_call, distance = step_of(tags), target - valve.position
    on = calls_of(tags, tags["Config.MinimumOnTime"])
    wanted = 1 if distance > 0 else -1
    if valve.direction:
        rest = 0.5 * one_call
        goes_on = wanted == valve.direction and abs(distance) >= rest
        return valve.direction if goes_on or valve.calls < on else 0
    pause = calls_of(tags, tags["Config.MinimumOffTime"], 0)
    return wanted if abs(distance) >= max(on - 0.5, 0.5) * one_call and valve.calls >= pause else 0


def is_near(tags: Tags, valve: Valve, target: float) -> bool:
    """Return whether the valve is at a position, as near as one call can move it."""
    return abs(target - valve.position) < step_of(tags)


def by_hand(tags: Tags, valve: Valve) -> int:
    """Return the direction that Manual_UP and Manual_DN demand; a movement lasts the minimum ON time at least."""
    demanded = int(bool(tags["Manual_UP"])) - int(bool(tags["Manual_DN"]))
    if valve.direction and demanded != valve.direction:
        return valve.direction if valve.calls < calls_of(tags, tags["Config.MinimumOnTime"]) else 0
    return demanded


def end_travel(tags: Tags, valve: Valve, direction: int, *, use_ends: bool = True) -> tuple[int, int]:
    """Return the direction that ends and the longest travel allow, and the warning about the latter."""
    up, down = _read_ends(tags)
    if use_ends and ((direction > 0 and up) or (direction < 0 and down)):
        return 0, 0
    share = float(tags["Config.VirtualActuatorLimit"])
    if not direction or direction != valve.last or share <= 0 or tags["Config.OutputPerOn"]:
        return direction, 0
    if valve.travel < share * float(tags["Retain.TransitTime"]) / 100.0:
        return direction, 0
    measured = has_feedback(tags) or bool(tags["Config.ActuatorEndStopOn"])
    return (direction if measured else 0), TOO_LONG


def move(valve: Valve, direction: int) -> Valve:
    """Return the valve with the signals of this call."""
    if direction == valve.direction:
        return valve
    travel = 0.0 if direction and direction != valve.last else valve.travel
    return replace(valve, direction=direction, calls=0, travel=travel, last=direction or valve.last)
