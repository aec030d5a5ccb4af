"""Output_PWM of PID_Compact: pulses of whole sampling times, with what is missing added to a later period.

Facts: docs/facts/pid.md#sampling-times. A pulse is rounded down to whole sampling times (this project's decision).
"""

from __future__ import annotations

import math
from dataclasses import dataclass

from virtual_plc.instructions.closed_loop.sampling import calls_of
from virtual_plc.instructions.closed_loop.tags import Tags, clamp


@dataclass(frozen=True, slots=True)
class Pulse:
    """The period that runs: number of the call in it, its calls, how many are on, and what is still to be output."""

    call: int = 0
    calls: int = 0
    on: int = 0
    missing: float = 0.0


def advance_pulse(tags: Tags, last: Pulse, output: float, calls: int) -> tuple[bool, Pulse]:
    """Return whether the pulse is on in this call, and the period.

    Args:
        tags: of the controller.
        last: period after the last call.
        output: in percent.
        calls: duration of a new period.
    """
    period = last
    if last.call >= last.calls:
        wanted = clamp(output, 0.0, 100.0) / 100.0 * calls + last.missing
        on = _shape(tags, wanted, calls)
        period = Pulse(0, calls, on, clamp(wanted - on, -calls, calls))
    is_on = period.call < period.on
    return is_on, Pulse(period.call + 1, period.calls, period.on, period.missing)


def _shape(tags: Tags, wanted: float, calls: int) -> int:
    """Return the calls of a pulse: none, all, or as many as the shortest pulse and pause allow."""
    shortest_on = min(calls_of(tags, tags["Config.MinimumOnTime"], 0), calls)
    shortest_off = min(calls_of(tags, tags["Config.MinimumOffTime"], 0), calls)
    on = min(math.floor(wanted + 1e-9), calls)
    if on < max(shortest_on, 1):
        return 0
    return calls if calls - on < shortest_off else on
