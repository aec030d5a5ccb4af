"""Blocks that a source names by their number, as STEP 7 does: `FB 1`, `DB5`, `UDT 3`, `SFB 4`.

A block of a number that the program has keeps the name that it has there; any other one is named after its number
(`FB 1` is `"FB1"`).
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_ABSOLUTE = re.compile(r"(?P<kind>[A-Z]{2,3})[ \t]*(?P<number>\d{1,5})", re.IGNORECASE)


def read_numbered(text: str, kinds: tuple[str, ...]) -> tuple[str, int] | None:
    """Return kind and number of an absolute name (`FB 1`), None for any other text."""
    found = _ABSOLUTE.fullmatch(text)
    return (found["kind"].upper(), int(found["number"])) if found and found["kind"].upper() in kinds else None


def name_of(kind: str, number: int, numbered: Mapping[str, str]) -> str:
    """Return the name of the block with a number; `numbered` has the names in the program by absolute name."""
    absolute = f"{kind}{number}"
    return numbered.get(absolute, absolute)
