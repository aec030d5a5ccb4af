"""Notes the writes of S7 clients for the audit log: many in one entry, because clients write more often than it can be written.

An entry is written after each second with writes. While none can be written, writes are refused.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from typing import Any

from engineering_api import background
from engineering_api.audit.log import Audit
from engineering_api.storage.clock import now
from openness_bridge.errors import Problem

log = logging.getLogger(__name__)
PERIOD = 1.0
"""Seconds between two entries."""
MOST_IN_ENTRY = 200
MOST_WAITING = 5000
"""Writes that wait for their entry; beyond, writes are refused."""
MOST_TAGS = 20
"""Tags of one write that are named; their number is always there."""
OPERATION = "runtime_servers.s7_write"


class WriteLog:
    """What waits for its entry. `note` and `full` from any thread, the rest on the service's event loop."""

    def __init__(self, audit: Audit, source: str, caller: str) -> None:
        """Begin with nothing.

        Args:
            audit: The audit log.
            source: Name of the source that is written.
            caller: Who writes.
        """
        self._audit, self._source, self._caller = audit, source, caller
        self._waiting: list[dict[str, Any]] = []
        self._lock = threading.Lock()
        self._is_failing = False
        self._task: asyncio.Task[None] | None = None

    @property
    def full(self) -> bool:
        """Whether nothing more may be written now."""
        return self._is_failing or len(self._waiting) >= MOST_WAITING

    def note(self, client: str, what: str, tags: list[str], **more: Any) -> None:
        """Note a write, or a refused one.

        Args:
            client: Address of the client.
            what: Absolute address, or start or stop.
            tags: The tags that it touches.
            more: Bytes before and after, or why it was refused.
        """
        row = {"at": now(), "client": client, "what": what, "tags": tags[:MOST_TAGS], "touched": len(tags)} | more
        with self._lock:
            if len(self._waiting) < MOST_WAITING or "refused" not in more:
                self._waiting.append(row)

    def start(self) -> None:
        """Write entries from now on."""
        self._task = background.begin(self._run())

    async def stop(self) -> None:
        """Write what waits, and no more entries."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self.flush()

    async def flush(self) -> None:
        """Write what waits."""
        while self._waiting:
            rows = self._waiting[:MOST_IN_ENTRY]
            refused = sum("refused" in each for each in rows)
            try:
                await self._audit.event(
                    OPERATION,
                    "ok" if refused < len(rows) else "runtime.write_denied",
                    self._caller,
                    source=self._source,
                    written=len(rows) - refused,
                    refused=refused,
                    writes=rows,
                )
            except Problem as problem:
                self._is_failing = True
                log.error("The writes of S7 clients cannot be noted: %s", problem.message)
                return
            self._is_failing = False
            with self._lock:
                del self._waiting[: len(rows)]

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(PERIOD)
            await self.flush()
