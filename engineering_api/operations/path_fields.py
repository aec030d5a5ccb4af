"""Finds the paths of a request, at any place in it."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any, get_args

import msgspec

from engineering_api.operations.fields import metas


def paths_in(value: Any) -> Iterator[str]:
    """Yield the texts, but empty ones, that a request or its parts give in fields that `path_field` describes."""
    if isinstance(value, list | tuple):
        for entry in value:
            yield from paths_in(entry)
    elif isinstance(value, msgspec.Struct):
        for name, is_path in _fields(type(value)):
            given = getattr(value, name)
            yield from _texts(given) if is_path else paths_in(given)


def own_paths(request: msgspec.Struct) -> Iterator[str]:
    """Yield the same of the fields of a request itself, without those of its parts."""
    for name, is_path in _fields(type(request)):
        if is_path:
            yield from _texts(getattr(request, name))


def has_path(struct: type[msgspec.Struct]) -> bool:
    """Return whether a request can have a path at any place in it."""
    return bool(_fields(struct))


def _texts(given: Any) -> Iterator[str]:
    if isinstance(given, str):
        yield from (given,) if given else ()
    elif isinstance(given, list | tuple):
        yield from (each for each in given if isinstance(each, str))


@cache
def _fields(struct: type[msgspec.Struct]) -> tuple[tuple[str, bool], ...]:
    """Return the fields that are paths, and those with parts that may have some."""
    found = ((field, is_path(field.type)) for field in msgspec.structs.fields(struct))
    return tuple((field.name, marked) for field, marked in found if marked or _can_have_path(field.type, set()))


def is_path(kind: Any) -> bool:
    """Return whether a field's type was described by `path_field`."""
    return any((meta.extra or {}).get("path") for meta in metas(kind))


def _can_have_path(kind: Any, seen: set[Any]) -> bool:
    """Return whether a value of a type can have a part with a path."""
    if isinstance(kind, type) and issubclass(kind, msgspec.Struct) and kind not in seen:
        seen.add(kind)
        fields = msgspec.structs.fields(kind)
        return any(is_path(field.type) or _can_have_path(field.type, seen) for field in fields)
    return any(_can_have_path(part, seen) for part in get_args(kind))
