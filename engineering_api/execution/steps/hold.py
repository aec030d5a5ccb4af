"""The step that reserves the object for a change: its lock, its condition, and its state before and after."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from functools import partial

from engineering_api.execution.run import Run, Work, make_look, make_read_context
from engineering_api.operations.progress import Progress
from engineering_api.operations.resources import tag_of
from openness_bridge.errors import Problem
from openness_bridge.portal.apartment import HOLDING


@asynccontextmanager
async def hold(work: Work, run: Run) -> AsyncIterator[None]:
    """Hold the lock for changes, refuse one whose caller has seen another state, and note the state before and after.

    Raises:
        Problem: 412, the condition is not met; or the audit log cannot be written.
        Cancelled: The change is not wanted any more.
    """
    entry = run.entry
    assert entry is not None, "record comes first"  # noqa: S101 - for the type checker
    async with hold_lock(work, run):
        before = make_look(work, make_read_context(run.context), run.rank)
        if run.condition is not None:
            run.condition.require(tag_of(await before(run.condition.read, run.condition.request)))
        await entry.begin(before, await work.project_of(run))
        yield
        # The change is made, wanted or not.
        after = make_look(work, replace(make_read_context(run.context), progress=Progress()), run.rank)
        await entry.done(after, run.answer)
        if run.condition is not None:
            with suppress(Problem):  # it is deleted or renamed
                run.condition.after = tag_of(await after(run.condition.read, run.condition.request))


@asynccontextmanager
async def hold_lock(work: Work, run: Run) -> AsyncIterator[None]:
    """Hold the lock of a run, which then goes first on the portal's thread.

    Raises:
        Cancelled: It is not wanted any more.
    """
    lock = await work.lock_of(run)
    if lock is None:
        yield
        return
    await _acquire(lock, run.context.progress)
    run.rank = HOLDING
    try:
        yield
    finally:
        lock.release()


async def _acquire(lock: asyncio.Lock, progress: Progress) -> None:
    if not lock.locked():
        await lock.acquire()
        return
    loop, waiting = asyncio.get_running_loop(), asyncio.ensure_future(lock.acquire())
    progress.when_stopped(partial(loop.call_soon_threadsafe, waiting.cancel))
    try:
        await waiting
    except asyncio.CancelledError:
        if waiting.done() and not waiting.cancelled():
            lock.release()
        progress.check()
        raise
