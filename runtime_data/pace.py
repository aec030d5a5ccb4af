"""How often, and after which change, a client wants values: what it says, within its limits."""

from __future__ import annotations

import math

from openness_bridge.errors import Kind, Problem
from runtime_data.feeds import Pace
from runtime_data.subscriptions import PERIOD

SHORTEST, LONGEST = 10.0, 3_600_000.0
"""Milliseconds that a period may have."""


def pace_of(period: float | None, deadband: float | None, *, every: bool) -> Pace:
    """Return the pace that a client asks for.

    Args:
        period: Milliseconds from one reading to the next; None for the usual ones.
        deadband: By how much a number must change; None for every change.
        every: Whether it wants unchanged values, too.

    Raises:
        Problem: A number is out of range.
    """
    milliseconds = PERIOD * 1000 if period is None else period
    if not SHORTEST <= milliseconds <= LONGEST:
        msg = f"The period is {milliseconds:g}: use {SHORTEST:g} to {LONGEST:g} milliseconds."
        raise Problem("request.period", msg, kind=Kind.INVALID)
    if deadband is not None and not 0 <= deadband < math.inf:
        msg = f"The deadband is {deadband:g}: use a number that is not negative."
        raise Problem("request.deadband", msg, kind=Kind.INVALID)
    return Pace(milliseconds / 1000, deadband or 0.0, every)
