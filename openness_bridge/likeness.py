"""Finds names similar to a text: the search grows with the length of the text, so long texts have none."""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from simatic_xml.interruption import checkpoint

LONGEST = 200
"""Characters of a text that may be a name."""


def find_near(text: str, names: Iterable[str], most: int = 1, cutoff: float = 0.6) -> list[str]:
    """Return the names that are most like a text, the likeliest first.

    Args:
        text: The written text.
        names: The names that may be meant.
        most: How many are wanted.
        cutoff: How like they must be, from 0 to 1.
    """
    checkpoint()
    return difflib.get_close_matches(text, list(names), most, cutoff) if len(text) <= LONGEST else []
