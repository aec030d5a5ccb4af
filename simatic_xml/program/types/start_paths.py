"""The place of a start value: the path of a declaration (`.motor.speed`, `.list[3]`), written and followed here.

The check of declarations and the memory of the virtual CPU both follow paths here, so that both accept the same
paths.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from simatic_xml.program.types.types import UNKNOWN, Array, DataType, Structure, Unknown, Variable

_INDICES = re.compile(r"\[\s*(-?\d+(?:\s*,\s*-?\d+)*)\s*\]")
_END_OF_NAME = re.compile(r"[.\[]|\Z")


@dataclass(frozen=True, slots=True)
class Way:
    """The way from some data to one of their parts.

    Attributes:
        members: the members that it goes through, from the outside in.
        indices: the indices of all arrays on it, from the outside in.
        type: type of its target.
    """

    members: tuple[Variable, ...]
    indices: tuple[int, ...]
    type: DataType


def step(name: str) -> str:
    """Return the piece of a path that names a member; a name with signs that a path uses is in quotes."""
    return f'."{name}"' if any(char in name for char in '.[]"') or not name else f".{name}"


def follow(data_type: DataType, path: str) -> Way | None:
    """Return the target of a path, None when it leads to nothing; within an unknown type the target is unknown.

    Args:
        data_type: type of the data in which it begins.
        path: `.motor.speed`, `.list[3]`; the indices of all arrays on the way may be together at the end, as exports
            have them. A name may be in quotes.
    """
    members: list[Variable] = []
    indices: list[int] = []
    rest = path
    while rest:
        found = _INDICES.match(rest)
        if found:
            indices += map(int, found[1].split(","))
            rest = rest[found.end() :]
            continue
        holder = _innermost(members[-1].type if members else data_type)
        member, rest = _member(holder, rest)
        if member is None:
            return Way(tuple(members), tuple(indices), UNKNOWN) if isinstance(holder, Unknown) else None
        members.append(member)
    return _finish_way(data_type, members, indices)


def _finish_way(data_type: DataType, members: list[Variable], indices: list[int]) -> Way | None:
    """Return the way when its indices are those of the arrays on it, and within their limits."""
    left = list(indices)
    for holder in (data_type, *(each.type for each in members))[:-1]:
        if not isinstance(_element(holder, left, whole=True), Structure):
            return None
    reached = _element(members[-1].type if members else data_type, left, whole=False)
    return None if reached is None or left else Way(tuple(members), tuple(indices), reached)


def _element(data_type: DataType, indices: list[int], *, whole: bool) -> DataType | None:
    """Return the element that the first indices lead to and take them away; None when it does not exist.

    Args:
        data_type: an array, or anything else, which takes no indices.
        indices: those of this array and of the arrays within.
        whole: whether all dimensions need an index.
    """
    while isinstance(data_type, Array) and (indices or whole):
        own, indices[:] = indices[: len(data_type.bounds)], indices[len(data_type.bounds) :]
        if len(own) < len(data_type.bounds):
            return None
        if not all(each and each[0] <= index <= each[1] for each, index in zip(data_type.bounds, own, strict=True)):
            return None
        data_type = data_type.element
    return data_type


def _innermost(data_type: DataType) -> DataType:
    while isinstance(data_type, Array):
        data_type = data_type.element
    return data_type


def _member(data_type: DataType, path: str) -> tuple[Variable | None, str]:
    """Return the member that a path begins with, and the rest of the path."""
    if not isinstance(data_type, Structure) or not path.startswith("."):
        return None, path
    if path[1:2] == '"':
        name, _, rest = path[2:].partition('"')
        return data_type.member(name), rest
    for end in _ends_of_name(path):
        member = data_type.by_name.get(path[1:end].casefold())
        if member is not None:
            return member, path[end:]
    first = next(_ends_of_name(path))
    return data_type.member(path[1:first]), path[first:]


def _ends_of_name(path: str) -> Iterator[int]:
    """Yield where the first name of a path may end; names that hold points or brackets end later than the first."""
    return (found.start() for found in _END_OF_NAME.finditer(path, 1))
