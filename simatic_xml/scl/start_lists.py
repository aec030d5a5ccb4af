"""Start values that consist of several values: `[1, 2, 3(0)]`, `(1, 'a')`, and classic lists without brackets.

Facts: STEP 7 manual "SCL for S7-300 and S7-400", initialization of arrays: values with commas between them, `n(a, b)`
repeats them; brackets around an array and a structure are those of TIA Portal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import islice
from math import prod

from simatic_xml import limits

_PIECE = re.compile(r"""'(?:\$.|[^'$])*'|"[^"]*"|[\[(\]),]""", re.S)
_REPEATED = re.compile(r"(?P<count>\d(?:_?\d)*)\s*(?P<values>\(.*\))", re.S)
_NAMED = re.compile(r'(?:"(?P<quoted>[^"]+)"|#?(?P<plain>[^\W\d]\w*))\s*:=\s*(?P<value>.*)', re.S)
_DEEPEST = 32
KEPT = ("", "()")
"""A value in a list that keeps the default of its member or element."""


class StartListError(ValueError):
    """A start value that does not fit its type; the text names the reason in a sentence."""


def split(text: str) -> list[str]:
    """Return the parts between the commas of a list; a comma within brackets, texts and names does not count."""
    parts, depth, start = [], 0, 0
    for piece in _PIECE.finditer(text):
        sign = piece.group()
        depth += (sign in "[(") - (sign in "])")
        if sign == "," and depth == 0:
            parts.append(text[start : piece.start()].strip())
            start = piece.end()
    last = text[start:].strip()
    return [*parts, last] if last or parts else []


def inside(text: str, brackets: str) -> str | None:
    """Return the text within the brackets (`[]` or `()`) around the whole text; None if there are none."""
    text = text.strip()
    if not (text.startswith(brackets[0]) and text.endswith(brackets[1])):
        return None
    depth = 0
    for piece in _PIECE.finditer(text):
        depth += (piece.group() in "[(") - (piece.group() in "])")
        if depth == 0:
            return text[1:-1] if piece.end() == len(text) else None
    return None


def list_values(text: str, depth: int = 0) -> Iterator[str]:
    """Yield the values of a list in their order, repeated ones as often as written; those in brackets stay whole.

    Args:
        text: the list without the brackets around it.
        depth: the number of repetitions around it.

    Raises:
        StartListError: repetitions are nested too deep.
    """
    if depth > _DEEPEST:
        raise StartListError(f"Repetitions are nested deeper than {_DEEPEST} levels; write the values out.")
    for part in split(text):
        found = _REPEATED.fullmatch(part)
        values = inside(found["values"], "()") if found else None
        if found is None or not values:
            yield part
            continue
        for _ in range(int(found["count"].replace("_", ""))):
            yield from list_values(values, depth + 1)


def place_values(
    text: str, bounds: Sequence[tuple[int, int]], outer: tuple[int, ...] = ()
) -> Iterator[tuple[tuple[int, ...], str]]:
    """Yield the indices and the text of each value in a list for an array; empty ones are left out.

    Args:
        text: the list, with or without brackets around it.
        bounds: lowest and highest index of each dimension.
        outer: indices of the dimensions around.

    Raises:
        StartListError: it has more values than the array, or other brackets.
    """
    within = inside(text, "[]")
    most = limits.most("start_values")
    elements = prod(max(high - low + 1, 0) for low, high in bounds)
    values = list(islice(list_values(text if within is None else within), min(elements, most) + 1))
    if elements > most:
        limits.require("start_values", len(values))
    rows = len(bounds) > 1 and any(each.startswith("[") for each in values)
    places = _places(bounds[:1] if rows else bounds)
    for value in values:
        place = next(places, None)
        if place is not None and value in KEPT:
            continue
        if place is None:
            raise StartListError("The start value has more values than the array has elements; remove the others.")
        if rows != (inside(value, "[]") is not None):
            raise StartListError(f"The brackets around {value[:40]} do not match the dimensions of the array.")
        if rows:
            yield from place_values(value, bounds[1:], (*outer, *place))
        else:
            yield (*outer, *place), value


def _places(bounds: Sequence[tuple[int, int]]) -> Iterator[tuple[int, ...]]:
    """Yield the indices of all elements, the last dimension running fastest; one after the other, in any number."""
    sizes = [max(high - low + 1, 0) for low, high in bounds]
    for number in range(prod(sizes)):
        indices: list[int] = []
        rest = number
        for (low, _), size in zip(reversed(bounds), reversed(sizes), strict=True):
            rest, at = divmod(rest, size)
            indices.insert(0, low + at)
        yield tuple(indices)


def split_name(text: str) -> tuple[str, str]:
    """Return the member that a value in a structure names (empty for none), and the value."""
    found = _NAMED.fullmatch(text)
    return ("", text) if found is None else (found["quoted"] or found["plain"], found["value"].strip())
