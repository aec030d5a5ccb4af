"""One run of an operation, as it passes through the steps of its execution."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from typing import Any, Protocol

from engineering_api.execution.admission import Admission
from engineering_api.execution.entries import Entry, Look
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Operation
from engineering_api.operations.fields import Request
from engineering_api.operations.progress import Progress
from engineering_api.operations.resources import Condition


@dataclass(slots=True)
class Run:
    """An operation with its request, its caller, and what the steps have found.

    Attributes:
        rank: Its place in the portal's queue: apartment.WAITED_FOR where a caller waits, apartment.QUEUED for a job.
        condition: What must still be true (If-Match).
        entry: Its entry in the audit log; None where it changes nothing.
        answer: The encoded answer, once it is there.
        given: What the operation has read of the request before the lock; empty where it reads nothing.
    """

    op: Operation
    request: Request
    context: Context
    rank: int
    condition: Condition | None = None
    entry: Entry | None = None
    answer: bytes = b""
    given: tuple[Any, ...] = ()


class Work(Protocol):
    """What the steps need of the execution."""

    admission: Admission

    def entry_of(self, run: Run) -> Entry:
        """Make the audit entry of a run."""

    async def lock_of(self, run: Run) -> asyncio.Lock | None:
        """Find the lock that a run has to hold; None for none."""

    async def project_of(self, run: Run) -> str:
        """Read the name of the project that a run works in; empty where it needs none."""

    async def read(self, run: Run) -> tuple[Any, ...]:
        """Read the files and texts of a request, as its operation declares."""

    async def perform(self, run: Run) -> bytes:
        """Run the operation's function where it belongs."""


Step = Callable[[Work, Run], AbstractAsyncContextManager[None]]
"""What has to hold around an operation: entered before it, left after it."""


def make_read_context(context: Context) -> Context:
    """Make the context for a read on the way of something else, which is wanted as long as that is."""
    progress = Progress()
    context.progress.when_stopped(progress.cancel)
    return replace(context, selection=None, trial=False, progress=progress)


def make_look(work: Work, context: Context, rank: int) -> Look:
    """Make a function that asks reads in a context, each once."""
    seen: dict[str, bytes] = {}

    async def look(read: Operation, request: Request) -> bytes:
        if read.name not in seen:
            seen[read.name] = await work.perform(Run(read, request, replace(context, aside=True), rank))
        return seen[read.name]

    return look
