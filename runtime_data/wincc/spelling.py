"""Paths of /WinCCRestService in the spelling of the routes: clients write tagManagement and TagManagement, Values and values."""

from __future__ import annotations

from functools import cache

from engineering_api.operations.terms import PARAMETER
from runtime_data.wincc import (
    rest_alarms_operations,
    rest_archives_operations,
    rest_tags_operations,
)

SECTIONS = (rest_tags_operations.section, rest_archives_operations.section, rest_alarms_operations.section)


def spell(path: str) -> str:
    """Return an undecoded path with the fixed segments of its route as that is declared; the names in it stay."""
    segments = [each for each in path.split("/") if each]
    for route in _routes().get(len(segments), ()):
        if all(
            fixed is None or fixed.casefold() == each.casefold() for fixed, each in zip(route, segments, strict=True)
        ):
            return "/" + "/".join(fixed or each for fixed, each in zip(route, segments, strict=True))
    return path


@cache
def _routes() -> dict[int, list[tuple[str | None, ...]]]:
    """Return the segments of the routes by their number; a parameter is None."""
    paths = {route.path for section in SECTIONS for each in section.endpoints for route in each.routes}
    found: dict[int, list[tuple[str | None, ...]]] = {}
    for path in sorted(paths, key=lambda path: path.count("{")):
        segments = tuple(None if PARAMETER.fullmatch(each) else each for each in path.strip("/").split("/"))
        found.setdefault(len(segments), []).append(segments)
    return found
