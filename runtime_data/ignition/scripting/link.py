"""How the thread of a handler asks the event loop, and when it no longer may."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any, TypeVar

from engineering_api.operations.context import Context
from openness_bridge.errors import Kind, Problem

T = TypeVar("T")


class Link:
    """The way from a handler to the service, with the rights of its caller."""

    def __init__(self, ctx: Context, loop: asyncio.AbstractEventLoop) -> None:
        """Ask for this caller on this loop."""
        self.ctx, self._loop, self._ended = ctx, loop, threading.Event()

    def ask(self, work: Callable[[Context], Awaitable[T]]) -> T:
        """Do something on the event loop and wait for it. Any thread but the event loop's.

        Raises:
            Problem: What the work raises; or the request has ended, so that nothing may be done for it.
        """
        if self._ended.is_set():
            raise _ended()

        async def do() -> T:
            if self._ended.is_set():
                raise _ended()
            return await work(self.ctx)

        coroutine: Coroutine[Any, Any, T] = do()
        try:
            answer = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        except RuntimeError:  # the loop has ended
            coroutine.close()
            raise _ended() from None
        try:
            return answer.result()
        except CancelledError:
            raise _ended() from None

    def deliver(self, work: Callable[[], None]) -> None:
        """Do something on the event loop soon; nothing where the loop has ended."""
        with suppress(RuntimeError):
            self._loop.call_soon_threadsafe(work)

    def end(self) -> None:
        """Refuse everything from now on: the request was answered."""
        self._ended.set()


def _ended() -> Problem:
    msg = "The request of this handler has ended, so the service does nothing more for it."
    return Problem("ignition.handler_ended", msg, kind=Kind.CONFLICT)
