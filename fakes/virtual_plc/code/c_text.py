"""The only writer of C.

C is made of templates, which are literals of our own, and of what fills their holes: numbers, names, bytes and other
pieces. A string is refused, so that no text of a program can become code, a comment or a literal.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from string import Formatter

from virtual_plc.code.naming import Name


@dataclass(frozen=True, slots=True)
class C:
    """A piece of C; `c` makes it."""

    text: str


_One = C | Name | int | float | bytes
Hole = _One | Sequence[_One]
"""What a hole of a template takes; several are written with commas between, and bytes as their numbers."""


def c(template: str, *holes: Hole) -> C:
    """Return a piece of C.

    Args:
        template: a literal of our own with a `{}` for each value.
        holes: the values.

    Raises:
        TypeError: a value is no code, such as a string; there are too many or too few.
    """
    pieces, numbers = _parse(template)
    if max(numbers, default=-1) + 1 != len(holes):
        raise TypeError(f"{template!r} does not have {len(holes)} holes.")
    found = [pieces[0]]
    for number, piece in zip(numbers, pieces[1:], strict=True):
        found += [_render(holes[number]), piece]
    return C("".join(found))


def c_literal(text: str) -> C:
    """Return a literal of our own that has no holes."""
    return C(text)


def text_of(pieces: Iterable[C]) -> str:
    """Return pieces as lines."""
    return "\n".join(each.text for each in pieces) + "\n"


@cache
def _parse(template: str) -> tuple[list[str], list[int]]:
    """Return the pieces around the holes of a template, and which value each hole takes."""
    pieces, numbers = [""], list[int]()
    for literal, name, _, _ in Formatter().parse(template):
        pieces[-1] += literal
        if name is not None:
            numbers.append(int(name) if name else len(numbers))
            pieces.append("")
    return pieces, numbers


def _render(value: Hole) -> str:
    if type(value) is C:
        return value.text
    if type(value) is Name:
        return value.text
    if isinstance(value, int):
        return int.__repr__(int(value))
    if isinstance(value, float) and math.isfinite(value):
        return float.hex(value)
    if isinstance(value, bytes):
        return ",".join(map(str, value))
    if isinstance(value, list | tuple):
        return ", ".join(map(_render, value))
    raise TypeError(f"{value if isinstance(value, float) else type(value).__name__} is not a piece of C.")


def join_pieces(template: str, pieces: Sequence[C]) -> C:
    """Return several pieces as one, joined two by two with a template of two holes."""
    first, *others = pieces
    for each in others:
        first = c(template, first, each)
    return first


CERTAIN = c("1")
"""C of what is always right."""
NOTHING = c("0")
TRUTH = c("const uint8_t")
EMPTY = c("")
