"""Checks every use of a public member of a handle: a dead handle refuses."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from types import FunctionType
from typing import Any, TypeVar

Kind = TypeVar("Kind", bound=type)


def guard_members(kind: Kind) -> Kind:
    """Put the public members of a class, and of those that it inherits from, behind `_enter`."""
    members = {name: member for base in reversed(kind.__mro__) for name, member in vars(base).items()}
    for name, member in members.items():
        if not name[0].isupper() or name == "Dispose":
            continue
        if isinstance(member, property):
            setattr(kind, name, property(_entering(member.fget), _entering(member.fset), None, member.__doc__))
        elif isinstance(member, FunctionType):
            setattr(kind, name, _entering(member))
    return kind


def _entering(function: Callable[..., Any] | None) -> Any:
    if function is None:
        return None

    @wraps(function)
    def enter(self: Any, *arguments: Any, **named: Any) -> Any:
        self._enter()
        return function(self, *arguments, **named)

    return enter
