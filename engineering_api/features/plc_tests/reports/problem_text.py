"""A problem as lines of text, the same ones in `tia test` and in pytest."""

from __future__ import annotations

from collections.abc import Iterator

from openness_bridge.errors import Detail, Problem


def lines(problem: Problem) -> list[str]:
    """Return a problem's sentence with its code, then each further cause, indented and with its place in a file."""
    return [f"{problem.message} [{problem.code}]", *(f"  {each}" for each in _causes(problem))]


def _causes(problem: Problem) -> Iterator[str]:
    for detail in problem.details:
        if detail.message != problem.message:
            yield _locate(detail) + detail.message


def _locate(detail: Detail) -> str:
    """Return path, line and column, as editors make links of them; empty where the message has the path already."""
    place = detail.place
    if place is None or place.path is None or place.path in detail.message:
        return ""
    parts = (place.path, place.line, place.column if place.line is not None else None)
    return ":".join(str(part) for part in parts if part is not None) + ": "
