"""Numbers in attributes."""

from __future__ import annotations

_MOST_DIGITS = 9


def whole_number(text: str | None) -> int | None:
    """Return a number of up to nine digits; None for any other text."""
    return int(text) if text and len(text) <= _MOST_DIGITS and text.isascii() and text.isdigit() else None
