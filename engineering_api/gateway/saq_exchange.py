"""The exchange over a server: SAQ's queues on Redis or PostgreSQL, one queue for each address.

SAQ gives a key that is in a queue once, a move from waiting to taken that no two receivers share, and both servers with
one interface. A message that was taken and not finished, because its receiver was killed, waits again once that address
receives again. Everything that is sent may be sent twice: messages carry tickets.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar
from urllib.parse import urlsplit

import msgspec

from engineering_api.extras import Extra
from engineering_api.gateway.exchange import Exchange, Handler, unreachable
from openness_bridge.errors import Kind, Problem

with Extra("gateway"):
    from saq import Job, Queue, Status

log = logging.getLogger(__name__)
T = TypeVar("T")
PATIENCE = 3.0
"""Seconds that sending may take before it is refused."""
SHORTEST_PAUSE, LONGEST_PAUSE = 0.05, 2.0
"""Seconds between two attempts while the server is away."""
TAKE = 5.0
"""Seconds after which a receiver that got nothing asks again."""
LOOK, IDLE_LOOK = 0.02, 0.1
"""Seconds between looks into a queue on PostgreSQL, and into one where nothing came lately. (NOTIFY is no
quicker in sum: SAQ listens again for each message, and a notice that is sent meanwhile is lost.)"""
ENDING = 10.0
"""Seconds that handlers get at the end."""


@dataclass(frozen=True)
class Server:
    """What differs between the servers.

    Attributes:
        queue: Makes the queue of a name.
        failures: What is raised while the server is away.
        take_back: Lets wait again what an earlier receiver took and did not finish.
        polled: Whether a receiver looks again and again, instead of being handed what comes.
    """

    open: Callable[[], Awaitable[None]]
    close: Callable[[], Awaitable[None]]
    queue: Callable[[str], Queue]
    take_back: Callable[[Any], Awaitable[None]]
    failures: tuple[type[BaseException], ...]
    polled: bool = False


def connect(url: str) -> Exchange:
    """Return the exchange on a server.

    Args:
        url: redis://, rediss:// or postgresql://, with user, password and TLS settings as its client library has them.

    Raises:
        Problem: It is neither, or its client library is not installed.
    """
    makers = {"redis": _redis, "rediss": _redis, "unix": _redis, "postgresql": _postgres, "postgres": _postgres}
    scheme = urlsplit(url).scheme
    if scheme not in makers:
        raise Problem(
            "queue.url", "The queue is redis://..., rediss://..., postgresql://... or embedded.", kind=Kind.INVALID
        )
    logging.getLogger("saq").setLevel(logging.WARNING)  # it logs every message
    return SaqExchange(makers[scheme](url))


class SaqExchange:
    """Messages by way of a server."""

    def __init__(self, server: Server) -> None:
        """Use a server, which need not be there yet."""
        self._server = server
        self._queues: dict[str, Queue] = {}
        self._tasks: set[asyncio.Task[Any]] = set()
        self._busy: set[asyncio.Task[None]] = set()
        self._up_since: float | None = None
        self._closing = False

    @property
    def up_for(self) -> float:
        """Seconds since when the server answers; 0 while it does not."""
        return 0.0 if self._up_since is None else time.monotonic() - self._up_since

    async def open(self) -> None:
        """Begin to use the server."""
        await self._server.open()

    async def send(self, to: str, key: str, message: bytes) -> None:
        """Leave a message, unless one with that key is there already.

        Raises:
            Problem: The server cannot be reached.
        """

        async def leave() -> None:
            queue = await self._queue(to)
            job = Job("message", key=f"{to}:{key}", kwargs={"message": message}, timeout=0, ttl=-1)
            await queue.enqueue(job)

        await self._retry(leave, PATIENCE)

    async def depth(self, at: str) -> int:
        """Return how many messages wait at an address.

        Raises:
            Problem: The server cannot be reached.
        """

        async def count() -> int:
            return await (await self._queue(at)).count("queued")

        return await self._retry(count, PATIENCE)

    def receive(self, at: str, handle: Handler, parallel: int = 1) -> None:
        """Hand what arrives to a handler."""
        self._spawn(self._receive(at, handle, parallel))

    async def close(self) -> None:
        """Receive nothing more, let handlers finish, and leave the server."""
        self._closing = True
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._busy:
            await asyncio.wait(self._busy, timeout=ENDING)
        with suppress(*self._server.failures):
            await self._server.close()

    async def _receive(self, at: str, handle: Handler, parallel: int) -> None:
        queue = await self._retry(lambda: self._queue(at))
        await self._retry(lambda: self._server.take_back(queue))
        free, look = asyncio.Semaphore(parallel), LOOK
        while not self._closing:
            await free.acquire()
            job = await self._retry(partial(queue.dequeue, TAKE, look if self._server.polled else 0.0))
            look = IDLE_LOOK if job is None else LOOK
            if job is None:
                free.release()
                continue
            task = asyncio.create_task(self._handle(queue, job, handle, free))
            self._busy.add(task)
            task.add_done_callback(self._busy.discard)

    async def _handle(self, queue: Queue, job: Job, handle: Handler, free: asyncio.Semaphore) -> None:
        try:
            await handle((job.kwargs or {})["message"])
            with suppress(Problem):
                await self._retry(lambda: queue.finish(job, Status.COMPLETE))
        finally:
            free.release()

    async def _queue(self, address: str) -> Queue:
        """Return the queue of an address. It is made once it can be reached."""
        if address not in self._queues:
            queue = self._server.queue(f"tia.{address}")
            await queue.connect()
            self._queues[address] = queue
        return self._queues[address]

    async def _retry(self, action: Callable[[], Awaitable[T]], patience: float | None = None) -> T:
        """Do something, again and again while the server is away.

        Raises:
            Problem: The patience is over, or the exchange is being closed.
        """
        pause, begin = SHORTEST_PAUSE, time.monotonic()
        while True:
            try:
                done = await action()
            except self._server.failures as error:
                if self._up_since is not None:
                    log.warning("The queue server cannot be reached: %s", type(error).__name__)
                self._up_since = None
                if self._closing or (patience is not None and time.monotonic() - begin + pause > patience):
                    raise unreachable("try again later. Operations that run continue.") from None
                await asyncio.sleep(pause)
                pause = min(pause * 2, LONGEST_PAUSE)
            else:
                self._up_since = self._up_since or time.monotonic()
                return done

    def _spawn(self, coroutine: Any) -> None:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


_dump = msgspec.msgpack.Encoder().encode
"""Messages are bytes, which JSON has none of."""


def _load(content: bytes | str) -> Any:
    return msgspec.msgpack.decode(content if isinstance(content, bytes) else content.encode())


def _redis(url: str) -> Server:
    with Extra("gateway"):
        from redis.asyncio import Redis
        from redis.exceptions import RedisError
        from saq.queue.redis import RedisQueue
    client = Redis.from_url(url, socket_connect_timeout=PATIENCE)

    async def nothing() -> None:
        """Do nothing: the first message connects to Redis."""

    async def take_back(queue: Any) -> None:
        taken, waiting = queue.namespace("active"), queue.namespace("queued")
        while await client.lmove(taken, waiting, "RIGHT", "LEFT") is not None:
            pass

    def make(name: str) -> Queue:
        return RedisQueue(client, name, _dump, _load)

    return Server(nothing, client.aclose, make, take_back, (RedisError, OSError, TimeoutError))


def _postgres(url: str) -> Server:
    with Extra("gateway"):
        from psycopg import Error
        from psycopg_pool import AsyncConnectionPool
        from saq.queue.postgres import PostgresQueue

    async def set_up(connection: Any) -> None:
        """Wait for no disk: a message that a crash of the server takes is sent again, and one that it brings back is known."""
        await connection.set_autocommit(True)
        await connection.execute("SET synchronous_commit TO off")

    pool = AsyncConnectionPool(
        url, open=False, configure=set_up, min_size=2, max_size=16, timeout=PATIENCE, reconnect_timeout=1e9
    )

    async def open_pool() -> None:
        await pool.open(wait=False)

    async def take_back(queue: Any) -> None:
        async for job in queue.iter_jobs([Status.ACTIVE]):
            await queue.retry(job, None)

    def make(name: str) -> Queue:
        return PostgresQueue(pool, name=name, dump=_dump, load=_load)

    return Server(open_pool, pool.close, make, take_back, (Error, OSError, TimeoutError), polled=True)
