"""The time as stored rows and answers have it."""

from __future__ import annotations

import datetime as dt


def now(timestamp: float | None = None) -> str:
    """Return this moment, or that of a POSIX timestamp, in UTC, ISO 8601."""
    moment = dt.datetime.now(dt.UTC) if timestamp is None else dt.datetime.fromtimestamp(timestamp, dt.UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")
