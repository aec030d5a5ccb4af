"""Split start values as declared into single values that have a path and a type without parts."""

from __future__ import annotations

import re
from collections.abc import Iterator
from math import prod

from simatic_xml.program.types.start_paths import follow, step
from simatic_xml.program.types.types import Array, DataType, Elementary, Structure, Unknown
from simatic_xml.scl.start_lists import KEPT, StartListError, inside, list_values, place_values, split_name

__all__ = ["StartListError", "single_values", "split_value"]

_HEXADECIMAL = re.compile(r"[0-9A-Fa-f]+")
_NONE = (0, -1)
"""Limits of a dimension without elements: an open one."""


def split_value(starts: list[tuple[str, str]], data_type: DataType) -> Iterator[tuple[str, str]]:
    """Yield path and text of single values; a value that cannot be split stays as it is: the check refuses it.

    Args:
        starts: start values by path as declared.
        data_type: the type that the paths begin in.
    """
    for path, text in starts:
        way = follow(data_type, path)
        try:
            yield from [(path, text)] if way is None else list(single_values(text, way.type, path))
        except StartListError:
            yield path, text


def single_values(text: str, data_type: DataType, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield path and text of each single value of a start value.

    Args:
        text: the start value as written.
        data_type: type of its target; for a type without parts it is the value itself.
        path: the path of its target.

    Raises:
        StartListError: it has more values than the type, other brackets, or names a member that does not exist.
    """
    match data_type:
        case _ if path and text.strip() in KEPT:
            return
        case Array():
            bounds, element = _dimensions(data_type)
            text = _read_hexadecimal(text, bounds, element)
            for indices, value in place_values(text, bounds):
                yield from single_values(value, element, f"{path}[{','.join(map(str, indices))}]")
        case Structure() if (within := inside(text, "()")) is not None:
            yield from _members(within, data_type, path)
        case _:
            yield path, text.strip()


def _read_hexadecimal(text: str, bounds: tuple[tuple[int, int], ...], element: DataType) -> str:
    """Return a list for two hexadecimal digits for each byte of an array, as exports of web server DBs have; else the text."""
    count = prod(max(high - low + 1, 0) for low, high in bounds)
    is_bytes = isinstance(element, Elementary) and element.name == "Byte" and count > 1
    if not (is_bytes and len(text.strip()) == 2 * count and _HEXADECIMAL.fullmatch(text.strip())):
        return text
    return ", ".join(f"16#{byte:02X}" for byte in bytes.fromhex(text.strip()))


def _dimensions(array: Array) -> tuple[tuple[tuple[int, int], ...], DataType]:
    """Return the dimensions of an array and of the arrays that are its elements, and what their elements are."""
    bounds, element = array.bounds, array.element
    while isinstance(element, Array):
        bounds, element = (*bounds, *element.bounds), element.element
    return tuple(each or _NONE for each in bounds), element


def _members(text: str, structure: Structure, path: str) -> Iterator[tuple[str, str]]:
    for number, part in enumerate(list_values(text)):
        name, value = split_name(part)
        inner = structure.members[number : number + 1] if not name else tuple(filter(None, [structure.member(name)]))
        if not inner or (name and isinstance(inner[0].type, Unknown)):
            what = f"a member '{name}'" if name else f"more than {len(structure.members)} members"
            raise StartListError(f"The start value has {what}, which the structure does not have.")
        yield from single_values(value, inner[0].type, f"{path}{step(inner[0].name)}")
