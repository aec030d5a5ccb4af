"""The gate that every use of a public member passes: dead handles raise, calls are counted, faults strike.

Private members are not the object model's and cost nothing extra. Members that a member uses for its work run inside
the called process, and are not counted.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial, wraps
from types import FunctionType, MethodType
from typing import Any


class GatedMethod:
    """A public method: each use passes the gate of its object, and its refusal spoils an open transaction."""

    def __init__(self, name: str, function: Callable[..., Any]) -> None:
        self._member, self._function = name, function
        self.__doc__ = function.__doc__

    def __get__(self, owner: Any, kind: type | None = None) -> Any:
        if owner is None:
            return self._function
        owner._enter(self._member)
        context = owner._context
        method = MethodType(self._function, owner)
        whole = partial(context.run_whole, method)
        used: Callable[..., Any] = whole if context.journal is None else context.watch(method)
        used = context.machine.as_method(used) if context.machine.hooks else used
        return used if context.machine.calls is None else context.machine.as_one_call(used)


def _guard_read(name: str, read: Callable[[Any], Any]) -> Callable[[Any], Any]:
    """Return a getter behind the gate. Most uses are reads, so an open gate costs one comparison."""

    @wraps(read)
    def get(owner: Any) -> Any:
        if not owner._alive or owner._context.guarded or name in owner._VERSIONED:
            owner._enter(name, by_method=False)
            if owner._context.machine.calls is not None:
                return owner._context.machine.as_one_call(read)(owner)
        return read(owner)

    return get


def _guard_write(name: str, write: Callable[[Any, Any], None]) -> Callable[[Any, Any], None]:
    def put(owner: Any, value: Any) -> None:
        owner._enter(name, by_method=False)
        owner._context.run_whole(write, owner, value)

    return put


def gate(kind: type) -> None:
    """Put the public members that a type defines behind the gate."""
    for name, member in list(vars(kind).items()):
        if not name[0].isupper():
            continue
        if isinstance(member, property) and member.fget is not None:
            write = None if member.fset is None else _guard_write(name, member.fset)
            setattr(kind, name, property(_guard_read(name, member.fget), write, None, member.__doc__))
        elif isinstance(member, FunctionType):
            setattr(kind, name, GatedMethod(name, member))
