"""The requests that clients wait for: each can be cancelled, by hanging up or by the id that its client gave it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from engineering_api.operations.declaration import Operation
from engineering_api.operations.progress import Progress
from openness_bridge.errors import Problem

Receive = Callable[[], Awaitable[Any]]
UNWATCHED = 0.25
"""Seconds before the service checks whether a client is still connected: most requests are answered by then."""


@dataclass(frozen=True, slots=True)
class AwaitedRequest:
    """A request that a client waits for.

    Attributes:
        progress: What stops its work.
    """

    op: Operation
    progress: Progress


class AwaitedRequests:
    """All of them. On the event loop only."""

    def __init__(self) -> None:
        """Begin without any."""
        self._named: dict[tuple[str, str], AwaitedRequest] = {}

    @contextmanager
    def watched(self, op: Operation, caller: str, request_id: str, receive: Receive) -> Iterator[Progress]:
        """Stop the work of a request when its client hangs up, or cancels it.

        Args:
            op: The requested operation.
            caller: The name of the caller.
            request_id: The name that the client gave it; empty for none.
            receive: Its messages, of ASGI.
        """
        progress = Progress()
        name = (caller, request_id)
        if request_id:
            self._named.setdefault(name, AwaitedRequest(op, progress))
        watching: list[asyncio.Task[None]] = []
        watch = asyncio.get_running_loop().call_later(
            UNWATCHED, lambda: watching.append(asyncio.create_task(_watch(receive, progress)))
        )
        try:
            yield progress
        finally:
            watch.cancel()
            for task in watching:
                task.cancel()
            if request_id and self._named[name].progress is progress:
                del self._named[name]

    def cancel(self, caller: str, request_id: str) -> AwaitedRequest | None:
        """Cancel a request of a caller; None where there is no such."""
        found = self._named.get((caller, request_id))
        if found is not None:
            found.progress.cancel()
        return found


async def _watch(receive: Receive, progress: Progress) -> None:
    try:
        while (await receive())["type"] != "http.disconnect":
            pass
    except Problem:  # it sends more than it may
        pass
    progress.cancel()
