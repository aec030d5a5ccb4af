"""Let the caller that started long work stop it: reading, typing and generating call `checkpoint` where they repeat.

A thread cannot be ended from outside. Work that may take long therefore asks at each step whether it is still wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_check: ContextVar[Callable[[], None] | None] = ContextVar("interruption_check", default=None)


def checkpoint() -> None:
    """Ask whether the work is still wanted.

    Raises:
        Exception: the error that the check of `interruptible` raises.
    """
    check = _check.get()
    if check is not None:
        check()


@contextmanager
def interruptible(check: Callable[[], None]) -> Iterator[None]:
    """Have `checkpoint` call a check, in this context.

    Args:
        check: Raises an exception when the work is not wanted any more.
    """
    token = _check.set(check)
    try:
        yield
    finally:
        _check.reset(token)
