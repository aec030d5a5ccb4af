"""Texts of alarms as TIA Portal writes them: places such as `@1R%5.1f@` are filled with associated values.

Facts: docs/facts/alarms.md#texts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

LONGEST: Final = 4000
LONGEST_VALUE: Final = 200
_PLACE: Final = re.compile(
    r"@(?P<number>\d{1,2})[A-Za-z]?%(?P<zeros>0?)(?P<width>\d{0,2})(?:\.(?P<digits>\d{1,2}))?(?P<form>[duXxbfsc])@"
)
_NUMERIC: Final = {"d": "d", "u": "d", "X": "X", "x": "x", "b": "b"}


def fill(texts: Mapping[str, str], values: Sequence[Any]) -> dict[str, str]:
    """Return texts with their places filled; a place without a value, or with an entry of a text list, stays as it is.

    Args:
        texts: a text for each language.
        values: the associated values, the first one has the number 1; None where there is none.
    """
    return {
        language: _PLACE.sub(lambda place: _written(place, values), text)[:LONGEST] for language, text in texts.items()
    }


def _written(place: re.Match[str], values: Sequence[Any]) -> str:
    number = int(place["number"])
    value = values[number - 1] if 0 < number <= len(values) else None
    if value is None:
        return place[0]
    form, width = place["form"], f"{place['zeros']}{place['width']}"
    if form in _NUMERIC and isinstance(value, int | float):
        return format(int(value), f"{width}{_NUMERIC[form]}")
    if form == "f" and isinstance(value, int | float):
        return format(float(value), f"{width}.{place['digits'] or 6}f")
    return str(value)[:LONGEST_VALUE].rjust(int(place["width"] or 0))
