"""Limits how long a test may take: counts its cycles from its text, before anything runs."""

from __future__ import annotations

from engineering_api.features.plc_tests.files import durations
from engineering_api.features.plc_tests.files.model import AlarmCheck, Check, Step, Test
from simatic_xml import limits

DEFAULT_CYCLE = 10 * durations.MILLISECOND
"""Nanoseconds from one cycle to the next where a test says nothing."""
_DAY = 86_400 * durations.SECOND


def cycle_of(test: Test) -> int:
    """Return the nanoseconds from one cycle of a test to the next; at least 1."""
    return DEFAULT_CYCLE if test.cycle is None else max(durations.nanoseconds(test.cycle), 1)


def require_moderate(test: Test, line: int | None = None) -> None:
    """Refuse a test that would take too many cycles, or too much virtual time.

    Args:
        test: the test.
        line: where it begins, where that is known.

    Raises:
        LimitError: it would.
    """
    cycles = count_cycles(test)
    limits.require("test_cycles", cycles, line=line, what=f"The test '{test.name}'")
    limits.require(
        "test_days", -(-cycles * cycle_of(test) // _DAY), line=line, what=f"The virtual time of '{test.name}'"
    )


def count_cycles(test: Test) -> int:
    """Return the most cycles that a test may take."""
    cycle = cycle_of(test)
    return sum(_cycles(step, cycle) for step in test.steps)


def _cycles(step: Step, cycle: int) -> int:
    """Return the most cycles that a step may take."""
    least = (step.run or 0) + _count_cycles(step.wait, cycle)
    checks = [each for each in step.expect.values() if isinstance(each, Check)]
    alarms = [each for each in step.alarm.values() if isinstance(each, AlarmCheck)]
    return max(
        [
            least,
            1,
            *(_count_cycles(each.within, cycle) + 1 for each in checks),
            *(_count_cycles(each.within, cycle) + 1 for each in alarms),
            *(each.at_cycle or 0 for each in checks),
        ]
    )


def _count_cycles(duration: str | float | None, cycle: int) -> int:
    return 0 if duration is None else -(-durations.nanoseconds(duration) // cycle)
