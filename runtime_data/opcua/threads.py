"""A thread with a separate event loop, for a library that must not share the one of the service."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Coroutine
from concurrent.futures import Future
from typing import Any, TypeVar

from engineering_api import background

T = TypeVar("T")


class LoopThread:
    """A thread that runs an event loop from `start` until `stop`.

    Attributes:
        loop: The event loop; use it from other threads by `post` and `submit` only.
    """

    def __init__(self, name: str) -> None:
        """Begin the thread."""
        self.loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def submit(self, work: Coroutine[Any, Any, T]) -> Future[T]:
        """Run a coroutine there."""
        return background.submit(work, self.loop)

    async def run(self, work: Coroutine[Any, Any, T]) -> T:
        """Run a coroutine there, and wait for it here."""
        return await asyncio.wrap_future(self.submit(work))

    def stop(self, patience: float = 5.0) -> None:
        """End what still runs there, and the thread; wait for that for so many seconds."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self._thread.join(patience)

    def _run(self) -> None:
        asyncio.set_event_loop(self.loop)
        try:
            self.loop.run_forever()
        finally:
            left = asyncio.all_tasks(self.loop)
            for each in left:
                each.cancel()
            self.loop.run_until_complete(asyncio.gather(*left, return_exceptions=True))
            self.loop.run_until_complete(self.loop.shutdown_asyncgens())
            self.loop.close()
