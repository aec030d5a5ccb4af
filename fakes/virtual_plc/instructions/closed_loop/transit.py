"""The measurement of the transition time of PID_3Step: from one end to the other, or between two positions.

Facts: docs/facts/pid.md#pid_3step; GetTransitTime: the valve opens, closes and opens again, with InvertDirection the other way
round; the time of the second and third movement counts. With SelectFeedback it moves to NewOutput, and the time counts for
the share of the way.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from virtual_plc.instructions.closed_loop.sampling import seconds_of
from virtual_plc.instructions.closed_loop.tags import Tags
from virtual_plc.instructions.closed_loop.valve import Valve, has_feedback

OPENING, CLOSING, POSITIONING, SUCCESSFUL, CANCELED = 1, 2, 3, 4, 5
UNSUITABLE, TOO_NEAR = 0x400, 0x800


@dataclass(frozen=True, slots=True)
class Transit:
    """The measurement that runs.

    Attributes:
        phase: GetTransitTime.State.
        movement: number of the movement from end to end, from 0.
        seconds: duration of the movements that count.
        origin: position at the start.
        result: transition time in seconds, once it is known.
    """

    phase: int
    movement: int = 0
    seconds: float = 0.0
    origin: float = 0.0
    result: float | None = None


def begin_transit(tags: Tags, position: float) -> tuple[Transit | None, int]:
    """Return the measurement, None where the actuator does not allow it, and bits of Warning."""
    if not tags["GetTransitTime.SelectFeedback"]:
        first = CLOSING if tags["GetTransitTime.InvertDirection"] else OPENING
        return (Transit(first), 0) if tags["Config.ActuatorEndStopOn"] else (None, UNSUITABLE)
    if not has_feedback(tags):
        return None, UNSUITABLE
    extent = float(tags["Config.OutputUpperLimit"]) - float(tags["Config.OutputLowerLimit"])
    near = abs(float(tags["GetTransitTime.NewOutput"]) - position) < 0.5 * extent
    return Transit(POSITIONING, origin=position), TOO_NEAR if near else 0


def advance_transit(tags: Tags, last: Transit, valve: Valve) -> tuple[Transit, int]:
    """Return the measurement after one call, and the direction of the motor."""
    seconds = seconds_of(tags)
    if last.phase == POSITIONING:
        return _position(tags, last, valve, seconds)
    counts = last.movement > 0 and valve.direction != 0
    now = replace(last, seconds=last.seconds + (seconds if counts else 0.0))
    direction = 1 if now.phase == OPENING else -1
    if not tags["Actuator_H" if direction > 0 else "Actuator_L"]:
        return now, direction
    if now.movement == 2:
        return replace(now, phase=SUCCESSFUL, result=now.seconds / 2), 0
    other = CLOSING if now.phase == OPENING else OPENING
    return replace(now, phase=other, movement=now.movement + 1), -direction


def _position(tags: Tags, last: Transit, valve: Valve, seconds: float) -> tuple[Transit, int]:
    now = replace(last, seconds=last.seconds + (seconds if valve.direction else 0.0))
    target = float(tags["GetTransitTime.NewOutput"])
    direction = 1 if target > last.origin else -1
    if (valve.position - target) * direction < 0:
        return now, direction
    way = abs(valve.position - last.origin)
    result = now.seconds * 100.0 / way if way > 0 and now.seconds > 0 else float(tags["Retain.TransitTime"])
    return replace(now, phase=SUCCESSFUL, result=result), 0
