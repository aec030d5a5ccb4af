"""The step that reads the files and texts of a request, on a separate thread and before the lock is taken.

What a client sent may take long to read. While it is read, others change the project, and TIA Portal works for them.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from engineering_api.execution.run import Run, Work


@asynccontextmanager
async def read(work: Work, run: Run) -> AsyncIterator[None]:
    """Read what the operation is declared to read.

    Raises:
        Problem: It cannot be read, or is above a limit.
        Cancelled: It is not wanted any more.
    """
    run.given = await work.read(run)
    yield
