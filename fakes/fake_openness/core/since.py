"""The TIA version that brought a type.

Facts: docs/facts/openness.md#version-gates.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

E = TypeVar("E", bound=type[Any])


def since(version: str) -> Callable[[E], E]:
    """Return a decorator for an enum that exists from a TIA version on; other types set `_SINCE` in their body.

    In the body of an enum it would be a member.
    """

    def mark(kind: E) -> E:
        kind._SINCE = version
        return kind

    return mark
