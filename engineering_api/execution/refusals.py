"""Writes attempts without a key or right into the audit log: so many a minute, and the number of the others.

Anybody can send requests without a key, so an entry for each would let strangers fill the disk.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from engineering_api.audit.log import Audit
from engineering_api.operations.declaration import Operation
from openness_bridge.errors import Kind, Problem

if TYPE_CHECKING:
    from engineering_api.operations.caller import Caller
    from engineering_api.operations.fields import Request

A_MINUTE = 60
MOST = 30
"""Entries a minute."""
UNCOUNTED = "audit.refusals_left_out"


class Refusals:
    """Notes refused attempts. On the event loop only."""

    def __init__(self, audit: Audit, most: int = MOST, clock: Callable[[], float] = time.time) -> None:
        """Limit the entries to so many a minute."""
        self._audit, self._most, self._clock = audit, most, clock
        self._minute, self._written, self._left_out = 0, 0, 0

    async def require(self, caller: Caller, op: Operation, request: Request | None = None) -> None:
        """Refuse a caller an operation that needs more than its right; an attempt to change something is noted.

        Args:
            caller: Who asks.
            op: The operation.
            request: What is asked of it, where that is known: it may need more than the operation as such.

        Raises:
            Problem: 403, it has too little right.
        """
        needed = op.right if request is None else op.right_for(request)
        if caller.right >= needed:
            return
        what = "This operation" if needed is op.right else "Writing a file with this operation"
        problem = Problem("auth.right", f"{what} needs the right '{needed.word}'.", kind=Kind.FORBIDDEN)
        if op.changes:
            await self.note(op.name, problem.code, caller.name, caller.address)
        raise problem

    async def note(self, operation: str, code: str, caller: str, address: str) -> None:
        """Note that the service refused a caller a changing operation.

        Raises:
            Problem: The log cannot be written.
        """
        minute = int(self._clock()) // A_MINUTE
        if minute != self._minute:
            left_out, self._minute, self._written, self._left_out = self._left_out, minute, 0, 0
            if left_out:
                await self._audit.event(UNCOUNTED, count=left_out)
        if self._written >= self._most:
            self._left_out += 1
            return
        self._written += 1
        await self._audit.event(operation, code, caller, address)
