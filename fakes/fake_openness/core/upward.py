"""Calls from a lower layer of the fake into a higher one, such as from a collection of blocks into the libraries.

The lower layer declares the call, the higher layer defines what it does. Importing `fake_openness` imports every
layer, so that each call is defined before its first use.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Generic, ParamSpec, TypeVar

P = ParamSpec("P")
R = TypeVar("R")


class UpwardCall(Generic[P, R]):
    """A function that a lower layer calls and a higher layer defines."""

    _function: Callable[P, R]

    def defined_by(self, function: Callable[P, R]) -> Callable[P, R]:
        """Set the definition; used as a decorator."""
        self._function = function
        return function

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the function of the higher layer."""
        return self._function(*args, **kwargs)
