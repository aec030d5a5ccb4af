"""Begins work that outlives the request that causes it, such as the tasks of a server that a request starts.

A task and a call in another thread inherit the context of their maker: its caller in log lines, and the check that stops
the work of a caller who has gone. Work that belongs to no request begins here, with an empty context.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import Future
from contextvars import Context
from typing import Any, TypeVar

T = TypeVar("T")


def begin(work: Coroutine[Any, Any, T], name: str | None = None) -> asyncio.Task[T]:
    """Begin a task of no request on this event loop."""
    return asyncio.get_running_loop().create_task(work, name=name, context=Context())


def submit(work: Coroutine[Any, Any, T], loop: asyncio.AbstractEventLoop) -> Future[T]:
    """Run a coroutine of no request on the event loop of another thread."""
    return Context().run(asyncio.run_coroutine_threadsafe, work, loop)


def detached(work: Callable[..., T], *values: Any, **named: Any) -> T:
    """Call a function, such as one that begins timers, without the context of a request."""
    return Context().run(work, *values, **named)
