"""Families of routes that other systems have: their errors have the form of that system, and it may spell paths its own way."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Response
from litestar.utils import normalize_path

from openness_bridge.errors import Problem


def _keep(path: str) -> str:
    return path


@dataclass(frozen=True, slots=True)
class Family:
    """The routes below a prefix.

    Attributes:
        prefix: In lower case, with the slash at its end; case does not matter.
        refuse: (problem, HTTP request) -> the answer to a problem.
        spell: Returns an undecoded path as the routes are declared.
    """

    prefix: str
    refuse: Callable[[Problem, Any], Response[Any]]
    spell: Callable[[str], str] = _keep


def find_family(families: Sequence[Family], path: str) -> Family | None:
    """Return the family that a path belongs to; None for the service's own routes."""
    folded = normalize_path(path.casefold())  # as Litestar routes it
    return next((each for each in families if folded.startswith(each.prefix)), None)
