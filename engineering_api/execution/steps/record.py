"""The step that keeps the audit log: every change has an entry, also where it fails."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from engineering_api.execution.run import Run, Work
from engineering_api.operations.progress import Cancelled
from openness_bridge.errors import Problem


@asynccontextmanager
async def record(work: Work, run: Run) -> AsyncIterator[None]:
    """Write how a change ended.

    Raises:
        Problem: The log cannot be written.
    """
    entry = run.entry = work.entry_of(run)
    begin, outcome = time.perf_counter(), "ok"
    try:
        yield
    except Cancelled:
        outcome = "cancelled"
        raise
    except asyncio.CancelledError:
        outcome = "interrupted"
        raise
    except Problem as problem:
        outcome = problem.code
        raise
    finally:
        await entry.end(outcome, int((time.perf_counter() - begin) * 1000))
