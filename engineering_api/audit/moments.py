"""Moments as clients write them, and as the audit log does."""

from __future__ import annotations

import datetime as dt

from openness_bridge.errors import Kind, Place, Problem


def moment(text: str | None, field: str) -> str | None:
    """Return a moment as the log writes it: UTC, ISO 8601 with milliseconds; None without one.

    Args:
        text: ISO 8601; UTC when it names no zone.
        field: The field that it was sent in.

    Raises:
        Problem: It is none.
    """
    if not text:
        return None
    try:
        found = dt.datetime.fromisoformat(text)
    except ValueError:
        msg = f"'{text}' is not a date or time: write 2026-01-31, or 2026-01-31T08:00:00Z."
        raise Problem("request.wrong_type", msg, kind=Kind.INVALID, place=Place(pointer=f"/{field}")) from None
    aware = found if found.tzinfo else found.replace(tzinfo=dt.UTC)
    return aware.astimezone(dt.UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
