"""Durations as test files write them: `2s`, `500ms`, `1m30s`, `T#2s`; a bare number is milliseconds."""

from __future__ import annotations

import re

MILLISECOND, SECOND = 1_000_000, 1_000_000_000
PATTERN = r"^(?:[Tt]#)?(?:\d+(?:\.\d+)?(?:ns|us|ms|s|m|h|d)_?)+$"
_UNITS = {
    "ns": 1,
    "us": 1_000,
    "ms": MILLISECOND,
    "s": SECOND,
    "m": 60 * SECOND,
    "h": 3600 * SECOND,
    "d": 86_400 * SECOND,
}
_WHOLE = re.compile(PATTERN)
_PART = re.compile(r"(\d+(?:\.\d+)?)(ns|us|ms|s|m|h|d)")


def nanoseconds(duration: str | float) -> int:
    """Return a duration in nanoseconds.

    Raises:
        ValueError: it is none, or negative.
    """
    if isinstance(duration, int | float):
        if duration < 0:
            raise ValueError(f"{duration} ms is negative.")
        return round(duration * MILLISECOND)
    if not _WHOLE.match(duration):
        raise ValueError(f"'{duration}' is not a duration: write a number with a unit, such as 2s, 500ms or 1m30s.")
    return sum(round(float(number) * _UNITS[unit]) for number, unit in _PART.findall(duration))


def text(duration: int) -> str:
    """Return nanoseconds as people write them: `1.5 s`, `20 ms`."""
    for unit in ("s", "ms", "us"):
        if duration >= _UNITS[unit] or (unit == "us" and duration):
            return f"{duration / _UNITS[unit]:.6g} {unit}"
    return "0 s"
