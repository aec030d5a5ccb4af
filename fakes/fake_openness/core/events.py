"""Events and delegates as pythonnet shows them: an event takes functions with +=, a delegate wraps one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Self

from fake_dotnet.objects import NetObject
from fake_openness.core.errors import NonRecoverableException
from fake_openness.core.machine import Process


class Event:
    """An event: handlers come with += and go with -=."""

    def __init__(self) -> None:
        """Have no handler."""
        self._handlers: list[Callable[..., None]] = []

    def __iadd__(self, handler: Callable[..., None]) -> Self:
        """Add a handler."""
        self._handlers.append(handler)
        return self

    def __isub__(self, handler: Callable[..., None]) -> Self:
        """Remove a handler."""
        self._handlers.remove(handler)
        return self

    def _raise(self, *arguments: Any) -> None:
        for handler in list(self._handlers):
            handler(*arguments)


class Delegate(NetObject):
    """A .NET delegate that calls a Python function."""

    def __init__(self, function: Callable[..., None]) -> None:
        """Refuse what cannot be called."""
        if not callable(function):
            msg = f"No constructor of {type(self).__name__} takes a {type(function).__name__}"
            raise TypeError(msg)
        self._function = function

    def Invoke(self, *arguments: Any) -> None:
        """Call the function."""
        self._function(*arguments)


def ask_by(delegate: Delegate, portal: Process | None) -> Callable[[Any], None]:
    """Return a function that asks a delegate; a delegate that raises ends the portal's process.

    Facts: docs/facts/tia-operations.md#download.
    """

    def ask(question: Any) -> None:
        try:
            delegate.Invoke(question)
        except Exception as error:
            if portal is not None:
                portal.end()
            msg = "Unexpected exception: there is no message for it."
            raise NonRecoverableException(msg) from error

    return ask
