"""Let the caller that started long work stop it: reading, typing and generating call `checkpoint` where they repeat.

A thread cannot be ended from outside. Work that may take long therefore asks at each step whether it is still wanted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar

_check: ContextVar[Callable[[], None] | None] = ContextVar("interruption_check", default=None)
_settle: ContextVar[Callable[[], None] | None] = ContextVar("interruption_settle", default=None)


def checkpoint() -> None:
    """Ask whether the work is still wanted.

    Raises:
        Exception: the error that the check of `interruptible` raises.
    """
    check = _check.get()
    if check is not None:
        check()


def settle() -> None:
    """Report that the work has made a change that nothing rolls back: from here on it can only be completed."""
    settled = _settle.get()
    if settled is not None:
        settled()


@contextmanager
def interruptible(check: Callable[[], None], settled: Callable[[], None] | None = None) -> Iterator[None]:
    """Have `checkpoint` call a check, in this context.

    Args:
        check: Raises an exception when the work is not wanted any more.
        settled: What `settle` calls; the check raises nothing afterwards.
    """
    tokens = _check.set(check), _settle.set(settled)
    try:
        yield
    finally:
        _check.reset(tokens[0])
        _settle.reset(tokens[1])


@contextmanager
def on_a_copy() -> Iterator[None]:
    """Change a copy that only this work has, such as a temporary project: it can still be stopped after `settle`."""
    token = _settle.set(None)
    try:
        yield
    finally:
        _settle.reset(token)
