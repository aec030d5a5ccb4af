"""Calls from a lower room of the fake into a higher one, such as from a collection of blocks into the libraries.

The lower room declares the call, the higher room defines what it does. Importing `fake_openness` imports every room, so
that a call is defined before anybody makes it.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class UpwardCall(Generic[P, R]):
    """A function that a lower room calls and a higher room defines."""

    _function: Callable[P, R]

    def defined_by(self, function: Callable[P, R]) -> Callable[P, R]:
        """Take the definition; to be used as a decorator."""
        self._function = function
        return function

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call what the higher room defined."""
        return self._function(*args, **kwargs)
