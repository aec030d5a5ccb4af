"""Moments and spans as WinCC Unified's clients write them."""

from __future__ import annotations

import datetime as dt

from openness_bridge.errors import Kind, Problem
from runtime_data.values import microseconds, moment

NEVER = 0
"""1970, which clients send for a time that they do not name."""


def show_time(when: int) -> str | None:
    """Return a moment with microseconds, such as 2026-06-01T10:30:00.123456Z; None where it has not been."""
    return f"{moment(when):%Y-%m-%dT%H:%M:%S.%f}Z" if when else None


def parse_time(text: str) -> int:
    """Return a moment in microseconds since 1970; without a zone it is of the server's zone.

    Raises:
        Problem: It is none.
    """
    try:
        return microseconds(dt.datetime.fromisoformat(text).astimezone())
    except (ValueError, OverflowError, OSError):
        msg = f"'{text[:50]}' is not a time: write one such as 2026-06-01T10:30:00Z."
        raise Problem("unified.time", msg, kind=Kind.INVALID) from None


def show_span(begin: int, end: int) -> tuple[int | None, str | None]:
    """Return the time between two moments as 100 ns and in ISO 8601; None where one of them has not been."""
    if not begin or not end or end < begin:
        return None, None
    return (end - begin) * 10, f"PT{(end - begin) / 1e6:g}S"
