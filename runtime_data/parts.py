"""Reads a part of a definition, such as the connection of a source, so that each error has its place in the whole."""

from __future__ import annotations

from typing import Any

import msgspec

from engineering_api.operations.binding import bind_document
from openness_bridge.errors import Detail, Kind, Place, Problem


def read_part(form: type[msgspec.Struct], document: dict[str, Any], pointer: str) -> Any:
    """Read a part as a struct.

    Args:
        form: The struct.
        document: Its fields by any accepted name.
        pointer: Where the part is in the whole, such as /send.

    Raises:
        Problem: A field does not fit; its pointers begin with that of the part.
    """
    wanted: Any = form
    try:
        return bind_document(wanted, document)
    except Problem as problem:
        raise below(pointer, problem) from None


def below(pointer: str, problem: Problem) -> Problem:
    """Return a problem of a part with the places of the whole."""
    own = (problem.place.pointer or "") if problem.place else ""
    details = [shift(each, pointer) for each in problem.details]
    where = own if own.startswith(f"{pointer}/") else pointer + own
    return Problem(problem.code, problem.message, kind=Kind.INVALID, place=Place(pointer=where), details=details)


def shift(detail: Detail, pointer: str) -> Detail:
    """Return an error of a part with its place in the whole."""
    own = (detail.place.pointer or "") if detail.place else ""
    return Detail(detail.code, detail.message, Place(pointer=pointer + own))


def refuse_unsound(code: str, pointer: str, found: list[Detail]) -> None:
    """Refuse a part that has errors.

    Args:
        code: The code of the problem.
        pointer: Where the part is in the whole.
        found: The errors, with pointers below the part; none where it is sound.

    Raises:
        Problem: It has errors; all of them are its details.
    """
    if not found:
        return
    moved = [shift(each, pointer) for each in found]
    raise Problem(code, moved[0].message, kind=Kind.INVALID, place=moved[0].place, details=moved)
