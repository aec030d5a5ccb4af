"""Uses of members that an object does not have: the methods of its properties and events, and who observes the others.

pythonnet shows a property also as the methods get_Name and set_Name, an event as add_Name and remove_Name.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from inspect import isdatadescriptor
from typing import Any

Observer = Callable[[type | str, str], None]
OBSERVERS: list[Observer] = []
"""Called with the type (or the name of a namespace) and the member at each use of a member that the type or its version does not have."""


def report(kind: type | str, member: str) -> None:
    """Let the observers know of a use."""
    for observer in OBSERVERS:
        observer(kind, member)


def accessor(obj: Any, name: str) -> Callable[..., Any] | None:
    """Return the method of a property or event that a name such as get_Name or add_Name means, or None."""
    prefix, _, member = name.partition("_")
    make = _ACCESSORS.get(prefix)
    if make is None or not (
        isdatadescriptor(getattr(type(obj), member, None)) or member in getattr(obj, "__dict__", {})
    ):
        return None
    return partial(make, obj, member)


def _add(obj: Any, event: str, handler: Callable[..., None]) -> None:
    held = getattr(obj, event)
    held += handler


def _remove(obj: Any, event: str, handler: Callable[..., None]) -> None:
    held = getattr(obj, event)
    held -= handler


_ACCESSORS: dict[str, Callable[..., Any]] = {"get": getattr, "set": setattr, "add": _add, "remove": _remove}
