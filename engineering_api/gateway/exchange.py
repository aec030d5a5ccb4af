"""How messages travel: an address, a key that is there once, bytes. In memory here; saq_exchange.py has the servers.

A message is handled once its handler returns; until then it is the exchange's. Handlers do not raise.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Protocol

from openness_bridge.errors import Kind, Problem

Handler = Callable[[bytes], Awaitable[None]]


class Exchange(Protocol):
    """A place where messages wait for those that they are for."""

    @property
    def up_for(self) -> float:
        """Seconds since when messages can be sent and received; 0 while they cannot."""

    async def open(self) -> None:
        """Begin to use the exchange; it need not be reachable yet."""

    async def send(self, to: str, key: str, message: bytes) -> None:
        """Leave a message, unless one with that key waits there already.

        Raises:
            Problem: The exchange cannot be reached (queue.unreachable).
        """

    def receive(self, at: str, handle: Handler, parallel: int = 1) -> None:
        """Pass each message that arrives to a handler: in order, or so many at the same time."""

    async def depth(self, at: str) -> int:
        """Return how many messages wait at an address.

        Raises:
            Problem: The exchange cannot be reached.
        """

    async def close(self) -> None:
        """Receive nothing more; what is being handled is finished first."""


class EmbeddedExchange:
    """Messages within one process. What waits is gone with it."""

    def __init__(self) -> None:
        """Make an exchange that gateway and workers of this process share."""
        self._boxes: dict[str, asyncio.Queue[tuple[str, bytes]]] = {}
        self._waiting: set[tuple[str, str]] = set()

    def end(self) -> Exchange:
        """Return an exchange for one of those who share it."""
        return _End(self)

    def box(self, address: str) -> asyncio.Queue[tuple[str, bytes]]:
        """Return what waits at an address."""
        return self._boxes.setdefault(address, asyncio.Queue())

    def put(self, address: str, key: str, message: bytes) -> None:
        """Leave a message, unless its key waits there."""
        if (address, key) not in self._waiting:
            self._waiting.add((address, key))
            self.box(address).put_nowait((key, message))

    async def take(self, address: str) -> bytes:
        """Return the next message."""
        key, message = await self.box(address).get()
        self._waiting.discard((address, key))
        return message


class _End:
    """One user's end of an embedded exchange."""

    def __init__(self, shared: EmbeddedExchange) -> None:
        self._shared = shared
        self._receivers: list[asyncio.Task[None]] = []
        self._busy: set[asyncio.Task[None]] = set()
        self._opened = 0.0

    @property
    def up_for(self) -> float:
        return asyncio.get_running_loop().time() - self._opened

    async def open(self) -> None:
        self._opened = asyncio.get_running_loop().time()

    async def send(self, to: str, key: str, message: bytes) -> None:
        self._shared.put(to, key, message)

    def receive(self, at: str, handle: Handler, parallel: int = 1) -> None:
        self._receivers += [asyncio.create_task(self._each(at, handle)) for _ in range(parallel)]

    async def _each(self, at: str, handle: Handler) -> None:
        while True:
            message = await self._shared.take(at)
            task = asyncio.ensure_future(handle(message))
            self._busy.add(task)
            task.add_done_callback(self._busy.discard)
            await asyncio.shield(task)

    async def depth(self, at: str) -> int:
        return self._shared.box(at).qsize()

    async def close(self) -> None:
        for task in self._receivers:
            task.cancel()
        await asyncio.gather(*self._receivers, *self._busy, return_exceptions=True)


def unreachable(action: str) -> Problem:
    """Return the problem that the queue server is not there."""
    msg = f"The queue server between gateway and workers cannot be reached: {action}"
    return Problem("queue.unreachable", msg, kind=Kind.UNAVAILABLE)


async def ignore_unreachable(awaited: Awaitable[None]) -> None:
    """Wait for something whose failure to reach the exchange does not matter: it is repeated anyway."""
    with suppress(Problem):
        await awaited
