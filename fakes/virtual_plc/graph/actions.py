"""What actions of GRAPH steps do with counters and timers: each is an edge.

Facts: S7-GRAPH manual on actions and events.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from simatic_xml.program.types.moments import s5time
from virtual_plc.instructions.control import s5_counters, s5_timers

_LONGEST = 9_990_000

Operation = Callable[[Any, int, int], None]
"""Takes the reference to a counter or timer, the count or the milliseconds of the action, and virtual time."""


def count_up(place: Any, _: int, __: int) -> None:
    """Count up."""
    _count(place, s5_counters.UP)


def count_down(place: Any, _: int, __: int) -> None:
    """Count down."""
    _count(place, s5_counters.DOWN)


def _count(place: Any, way: int) -> None:
    for given in (False, True):
        s5_counters.count(place.container, int(place.key), way, given)


def set_counter(place: Any, value: int, _: int) -> None:
    """Set a counter to a count."""
    for given in (False, True):
        s5_counters.preset(place.container, int(place.key), given, value)


def reset_counter(place: Any, _: int, __: int) -> None:
    """Set a counter to 0."""
    s5_counters.reset(place.container, int(place.key))


def reset_timer(place: Any, _: int, __: int) -> None:
    """Stop a timer."""
    s5_timers.reset(place.container, int(place.key))


def start_extended_pulse(place: Any, milliseconds: int, now: int) -> None:
    """Start a timer as an extended pulse."""
    _start(place, s5_timers.EXTENDED, milliseconds, now, (False, True))


def start_latching_delay(place: Any, milliseconds: int, now: int) -> None:
    """Start a timer as a latching on-delay."""
    _start(place, s5_timers.LATCHING, milliseconds, now, (False, True))


def start_off_delay(place: Any, milliseconds: int, now: int) -> None:
    """Start a timer as an off-delay."""
    _start(place, s5_timers.OFF_DELAY, milliseconds, now, (True, False))


def _start(place: Any, kind: int, milliseconds: int, now: int, edge: tuple[bool, bool]) -> None:
    word = s5time(min(max(milliseconds, 0), _LONGEST)) or 0
    for given in edge:
        s5_timers.operate(place.container, int(place.key), kind, given, word, now)


OPERATIONS: dict[str, Operation] = {
    "CU": count_up,
    "CD": count_down,
    "CS": set_counter,
    "CR": reset_counter,
    "TL": start_extended_pulse,
    "TD": start_latching_delay,
    "TF": start_off_delay,
    "TR": reset_timer,
}
"""By qualifier."""
