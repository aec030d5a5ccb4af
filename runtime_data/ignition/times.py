"""Times as the Ignition family writes and reads them: RFC 3339 outside, microseconds since 1970 inside."""

from __future__ import annotations

import datetime as dt
from typing import Any

from openness_bridge.errors import Kind, Place, Problem
from runtime_data.values import microseconds, moment

_LONGEST = 40
"""Characters of a time."""


def written(time: int) -> str:
    """Return a moment in UTC as text, with microseconds and Z."""
    return moment(time).isoformat(timespec="microseconds").replace("+00:00", "Z")


def read(given: Any, name: str) -> int:
    """Return the moment that a client gives, in microseconds since 1970.

    Args:
        given: RFC 3339 or ISO 8601 text, without a zone in that of the server; or milliseconds since 1970, as Ignition's
            dates are passed.
        name: The name of the parameter, for the refusal.

    Raises:
        Problem: It is no time.
    """
    try:
        if isinstance(given, bool):
            raise TypeError
        if isinstance(given, int | float) or str(given).lstrip("-").isdecimal():
            return microseconds(moment(int(given) * 1000))
        found = dt.datetime.fromisoformat(str(given)[:_LONGEST])
        return microseconds(found if found.tzinfo else found.astimezone())
    except (ValueError, OverflowError, TypeError, OSError):
        msg = f"{name} is not a time: write 2026-11-22T17:30:00Z, or milliseconds since 1970."
        raise Problem("ignition.time", msg, kind=Kind.INVALID, place=Place(pointer=f"/{name}")) from None
