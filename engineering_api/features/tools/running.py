"""Runs an operation for a tool: long ones as jobs, with their progress, until they end or the caller's time is over."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any

import msgspec

from engineering_api.execution.runner import Runner
from engineering_api.operations import jobs
from engineering_api.operations.declaration import Operation
from engineering_api.operations.fields import Request
from engineering_api.operations.jobs import ENDED, FAILED, JobRecord
from engineering_api.operations.progress import Progress as Wanted
from engineering_api.operations.selection import Selection
from engineering_api.operations.terms import Mode
from engineering_api.operations.wire import Fault
from openness_bridge.errors import Kind, Problem

if TYPE_CHECKING:
    from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Service

PATIENCE = 50.0
"""Seconds after which a call is answered with its job: clients give up after 60."""
CANCELLED = "tool.cancelled"
"""The code of the answer to a call that its caller cancelled."""
Progress = Callable[[int, str], Awaitable[None]]
"""Gets how far a call is: percent and what is being done."""


@dataclass(frozen=True, slots=True)
class Run:
    """For whom a tool runs, and what it may do.

    Attributes:
        instance: The portal's process id that the caller chose, or None for the current one.
        writing: Whether tools that change something may run.
        report: Called with the progress.
        cancelled: Is set when the caller does not want the answer any more.
    """

    service: Service
    caller: Caller
    instance: int | None = None
    writing: bool = False
    report: Progress | None = None
    cancelled: asyncio.Event = field(default_factory=asyncio.Event)

    async def operation(self, op: Operation, request: Request, selection: Selection | None = None) -> bytes | str:
        """Run an operation. Returns its encoded answer, or the id of a job that continues.

        Raises:
            Problem: It was refused, it failed, or the caller cancelled it.
        """
        runner = self.service.part(Runner)
        if not (op.changes and any(route.mode is Mode.JOB for route in op.routes)):
            wanted = Wanted()
            work = runner.wait(op, request, self.caller, self.instance, selection=selection, within=wanted)
            return await self._await_end(work, partial(asyncio.to_thread, wanted.cancel))
        job_id = await runner.submit(op, request, self.caller, self.instance)
        try:
            return await self._await_end(self._follow_job(job_id), partial(self._stop, job_id), PATIENCE)
        except TimeoutError:
            return job_id

    async def perform(self, function: Callable[..., Any], **fields: Any) -> Any:
        """Run the operation that a function is declared to be for the toolbox's own use; wait for its answer, decoded.

        Raises:
            Problem: As the operation.
        """
        op = self.service.catalogue.of(function)
        answer = await self.service.part(Runner).wait(op, op.request(**fields), self.caller, self.instance)
        if isinstance(answer, str):
            msg = f"This takes longer than the service waits: the job {answer} continues."
            raise Problem("tool.slow", msg, kind=Kind.UNAVAILABLE)
        return msgspec.json.decode(answer)

    async def _await_end(
        self, work: Coroutine[Any, Any, bytes | str], stop: Callable[[], Awaitable[None]], limit: float | None = None
    ) -> bytes | str:
        """Return the work's answer. It is stopped where the caller cancels, and waited for until it has ended.

        Raises:
            Problem: As the work, also tool.cancelled.
            TimeoutError: It lasts longer than the limit.
        """
        task = asyncio.create_task(work)
        cancelled = asyncio.create_task(self.cancelled.wait())
        try:
            await asyncio.wait({task, cancelled}, return_when=asyncio.FIRST_COMPLETED, timeout=limit)
            if cancelled.done():
                await stop()
            elif not task.done():
                task.cancel()
                raise TimeoutError
            return await task
        except Problem as problem:
            if problem.code == "request.cancelled":
                raise _build_cancelled() from problem
            raise
        finally:
            cancelled.cancel()

    async def _follow_job(self, job_id: str) -> bytes:
        with self.service.hub.subscribe(job_id) as events:
            record = await self.service.part(Runner).job(job_id)
            while record.status not in ENDED and (event := await anext(events, None)) is not None:
                if event.kind == "job.progress" and self.report is not None and not self.cancelled.is_set():
                    with suppress(Exception):  # its client has hung up: the job is followed to its end anyway
                        await self.report(event.data["progress"], event.data["message"])
                record = await self.service.part(Runner).job(job_id)
        return _result(record)

    async def _stop(self, job_id: str) -> None:
        with suppress(Problem):
            await self.service.part(Runner).cancel(job_id)


def _result(record: JobRecord) -> bytes:
    if record.status == jobs.CANCELLED:
        raise _build_cancelled()
    if record.status == FAILED:
        fault = record.problem or Fault("job.failed", record.message)
        raise Problem(fault.code, fault.message, place=fault.place, details=fault.details)
    return bytes(record.result or b"null")


def _build_cancelled() -> Problem:
    return Problem(CANCELLED, "The call was cancelled.", kind=Kind.CONFLICT)
