"""Runs operations for callers who wait, and as jobs.

A job is a row before it is a task. After a start, jobs that were running
fail with that reason and waiting jobs are run: nothing is lost, nothing runs twice.
"""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Collection
from functools import partial
from typing import Any

import msgspec

from engineering_api.execution.admission import LATER, require_room_for_job
from engineering_api.execution.execution import Execution
from engineering_api.execution.refusals import Refusals
from engineering_api.operations import wire
from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Cancelled, Context, Progress, Service
from engineering_api.operations.declaration import Operation, answers_secret
from engineering_api.operations.fields import Request
from engineering_api.operations.jobs import (
    CANCELLED,
    COMPLETED,
    ENDED,
    FAILED,
    RUNNING,
    JobRecord,
    JobStatus,
    Submission,
)
from engineering_api.operations.resources import Condition
from engineering_api.operations.secret_fields import without_secrets
from engineering_api.operations.selection import Selection
from engineering_api.operations.terms import Lock, Right
from engineering_api.security.authority import Authority
from engineering_api.security.identities import Identities
from engineering_api.settings import variable
from openness_bridge.errors import Kind, Problem
from openness_bridge.portal.apartment import QUEUED, WAITED_FOR

log = logging.getLogger(__name__)
PARALLEL_JOBS = 4
AGAIN = 1.0
"""Seconds after which it is tried again to write how a job ended."""


class Runner:
    """Runs every operation of the service."""

    def __init__(self, service: Service, execution: Execution | None = None, parallel: int = PARALLEL_JOBS) -> None:
        """Run on these parts.

        Args:
            service: The parts.
            execution: Does the operations; here by default.
            parallel: How many jobs run at once.
        """
        self._service = service
        self._execution = execution or Execution(service)
        self._free = asyncio.Semaphore(parallel)
        self._live: dict[str, Progress] = {}
        self._awaited: dict[str, asyncio.Future[bytes]] = {}
        self._tasks: set[asyncio.Task[Any]] = set()

    @property
    def execution(self) -> Execution:
        """What does the operations."""
        return self._execution

    def addressed(self, instance: int | None, worker: str) -> int | None:
        """Return the portal that a request's headers name: X-TIA-Instance, X-TIA-Worker.

        Raises:
            Problem: There are no workers here.
        """
        if worker:
            raise Problem(
                "worker.none",
                "X-TIA-Worker names a worker behind a gateway, which this server is not.",
                kind=Kind.INVALID,
            )
        return instance

    # -- waiting ----------------------------------------------------------------------

    async def wait(
        self,
        op: Operation,
        request: Request,
        caller: Caller,
        instance: int | None = None,
        *,
        selection: Selection | None = None,
        condition: Condition | None = None,
        limit: float | None = None,
        within: Progress | None = None,
    ) -> bytes | str:
        """Run an operation for a caller who waits.

        Args:
            op: The operation.
            request: Its request.
            caller: Who asks.
            instance: The portal's process id; the current portal without it.
            selection: Which entries of a list are wanted.
            condition: What must still be true.
            limit: Seconds to wait; by default what the settings say, and for reads that have begun any time.
            within: What stops this operation, too, as long as it is waited for.

        Returns:
            The encoded answer, or the id of a job when the wait limit has passed: the work continues there.

        Raises:
            Problem: The operation was refused or failed, or was cancelled.
        """
        await self._service.part(Refusals).require(caller, op, request)
        becomes_job = not answers_secret(op) and (op.changes or limit is not None)
        progress = self._progress(job := str(uuid.uuid4())) if becomes_job else Progress()
        if within is not None:
            within.when_stopped(progress.cancel)
        context = Context(self._service, caller, progress, instance, selection)
        try:
            if not becomes_job:
                return await self._read(op, request, context)
            task: asyncio.Task[bytes] = self._spawn(self._execution.run(op, request, context, WAITED_FOR, condition))
            done, _ = await asyncio.wait({task}, timeout=self._service.settings.wait_limit if limit is None else limit)
            if done:
                return task.result()
        except Cancelled:
            raise _refuse_cancelled(op) from None
        except asyncio.CancelledError:
            progress.cancel()
            raise
        arguments = wire.encode(without_secrets(request))
        await self._service.jobs.add(
            op.name,
            arguments,
            caller.name,
            caller.right.name,
            instance,
            scope=Authority.of(caller).encode(),
            status=RUNNING,
            job_id=job,
        )
        self._live[job] = progress
        _ = self._spawn(self._conclude(op, job, task))
        return job

    async def _read(self, op: Operation, request: Request, context: Context) -> bytes:
        """Run what never becomes a job: where it cannot even begin within the wait limit, it is refused."""
        if op.lock is Lock.NONE:
            return await self._execution.run(op, request, context, WAITED_FOR)
        seconds, progress = self._service.settings.wait_limit, context.progress
        limit = asyncio.get_running_loop().call_later(seconds, progress.give_up)
        try:
            return await self._execution.run(op, request, context, WAITED_FOR)
        except Cancelled:
            if not progress.given_up:
                raise
            msg = f"TIA Portal was busy for {seconds:g} s ({variable('wait_limit')}), and this has not begun. {self._waiting(context.instance)}"
            raise Problem("portal.busy", msg, kind=Kind.UNAVAILABLE, retry_after=LATER) from None
        finally:
            limit.cancel()

    def why(self, job_id: str, instance: int | None) -> str:
        """Return what a job that became of a request still waits for, in a sentence; empty where it has begun."""
        progress = self._live.get(job_id)
        return "" if progress is None or progress.begun else self._waiting(instance)

    def _waiting(self, instance: int | None) -> str:
        return self._execution.admission.waiting(instance)

    async def preview(
        self,
        op: Operation,
        request: Request,
        caller: Caller,
        instance: int | None = None,
        *,
        within: Progress | None = None,
    ) -> bytes:
        """Return what an operation would do as an encoded DryRun, and do nothing.

        Raises:
            Problem: The operation would be refused, as far as that can be known.
        """
        await self._service.part(Refusals).require(caller, op, request)
        context = Context(self._service, caller, within or Progress(), instance, trial=True)
        try:
            return await self._execution.preview(op, request, context)
        except Cancelled:
            raise _refuse_cancelled(op) from None

    def condition(self, op: Operation, request: Request, wanted: str) -> Condition | None:
        """Return what If-Match demands of an edit; None where nothing was sent.

        Raises:
            Problem: No read shows what the operation changes.
        """
        return self._execution.condition(op, request, wanted)

    # -- jobs -------------------------------------------------------------------------

    async def submit(
        self,
        op: Operation,
        request: Request,
        caller: Caller,
        instance: int | None = None,
        condition: Condition | None = None,
    ) -> str:
        """Write a job and queue it. Returns its id.

        Raises:
            Problem: The request holds a password, which the job would keep, or the condition is not met already.
        """
        await self._service.part(Refusals).require(caller, op, request)
        _require_no_secrets(op, request)
        require_room_for_job(len(self._live))
        if condition is not None:
            await self._execution.require(condition, Context(self._service, caller, Progress(), instance))
        kept = _encode_arguments(request, condition)
        job = await self._service.jobs.add(
            op.name, kept, caller.name, caller.right.name, instance, scope=Authority.of(caller).encode()
        )
        self._service.hub.publish("job.created", job.job_id, operation=op.name)
        _ = self._spawn(self._run_job(op, job, caller))
        return job.job_id

    async def submit_and_wait(
        self,
        op: Operation,
        request: Request,
        caller: Caller,
        instance: int | None,
        condition: Condition | None,
        seconds: float,
    ) -> tuple[str, bytes | None]:
        """Write a job, queue it, and wait for its end for some seconds.

        Returns:
            Its id, and the encoded answer; None when it has not ended.

        Raises:
            Problem: As submit; or what the job failed with.
        """
        job_id = await self.submit(op, request, caller, instance, condition)
        awaited = self._awaited[job_id] = asyncio.get_running_loop().create_future()
        done, _ = await asyncio.wait({awaited}, timeout=seconds)
        del self._awaited[job_id]
        return job_id, (awaited.result() if done else None)

    async def recover(self, going_on: Collection[str] = ()) -> int:
        """Settle what an earlier process left: returns how many waiting jobs were queued again.

        Args:
            going_on: Running jobs that do not end with this process.
        """
        reason = Problem(
            "job.interrupted",
            "The server ended while this job was running. Check its effect, then submit it again.",
            kind=Kind.FAILED,
        )
        waiting = await self._service.jobs.recover(wire.encode(wire.fault(reason)), reason.message, going_on)
        for job in waiting:
            op = self._service.catalogue.named(job.operation)
            if op is None:
                gone = Problem(
                    "job.unknown_operation", f"This version has no operation '{job.operation}'.", kind=Kind.FAILED
                )
                await self._fail(job.job_id, gone)
            else:
                _ = self._spawn(self._run_job(op, job, restore_caller(job)))
        return len(waiting)

    async def job(self, job_id: str) -> JobRecord:
        """Return a job with its live progress.

        Raises:
            Problem: There is no such job.
        """
        record = await self._service.jobs.get(job_id)
        if record is None:
            raise Problem("job.not_found", f"There is no job '{job_id}'.", kind=Kind.MISSING)
        live = self._live.get(job_id)
        if live is None or record.status in ENDED:
            return record
        return msgspec.structs.replace(record, progress=live.percent, message=live.message)

    async def cancel(self, job_id: str) -> JobRecord:
        """Ask a job to stop: a waiting one never starts, a running one stops at its next step.

        Raises:
            Problem: There is no such job, or it has ended.
        """
        record = await self.job(job_id)
        if record.status in ENDED:
            raise Problem("job.ended", f"The job has ended already ({record.status}).", kind=Kind.CONFLICT)
        live = self._live.get(job_id)
        if live is not None:
            live.cancel()
        if await self._service.jobs.start(job_id):
            await self._end(job_id, CANCELLED, "Cancelled before it started.")
        return await self.job(job_id)

    async def close(self) -> None:
        """Cancel what can be cancelled and wait for what runs."""
        for progress in self._live.values():
            progress.cancel()
        for task in list(self._tasks):
            task.cancel()
        self._execution.close()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def _run_job(self, op: Operation, job: Submission, caller: Caller) -> None:
        progress = self._live[job.job_id] = self._progress(job.job_id)
        try:
            request = msgspec.json.decode(job.arguments, type=op.request)
            wanted = msgspec.json.decode(job.arguments, type=StoredCondition).if_match
            condition = self.condition(op, request, wanted)
            async with self._free:
                if not await self._service.jobs.start(job.job_id):
                    return
                caller = await self._lower(op, request, caller)
                context = Context(self._service, caller, progress, job.instance, job=job.job_id)
                self._publish(job.job_id, RUNNING)
                task = self._spawn(self._execution.run(op, request, context, QUEUED, condition))
                await self._conclude(op, job.job_id, task)
        except Problem as problem:
            await self._fail(job.job_id, problem)
        except msgspec.ValidationError as error:
            msg = f"The arguments of this job do not fit this version: {error}."
            await self._fail(job.job_id, Problem("job.arguments", msg))
        finally:
            self._live.pop(job.job_id, None)

    async def _lower(self, op: Operation, request: Request, caller: Caller) -> Caller:
        """Return the caller of a stored request with what it may do now.

        Raises:
            Problem: 403, that is less than the request needs, or its key or user is not valid any more.
        """
        present = self._service.part(Identities).lower(caller)
        await self._service.part(Refusals).require(present, op, request)
        return present

    async def _conclude(self, op: Operation, job_id: str, task: asyncio.Task[bytes]) -> None:
        try:
            result = await task
        except Cancelled:
            await self._end(job_id, CANCELLED, "Cancelled.")
            self._deliver(job_id, Problem("job.cancelled", "The job was cancelled.", kind=Kind.CONFLICT))
        except Problem as problem:
            await self._fail(job_id, problem)
        except Exception:
            log.exception("Job %s failed for a reason of this service", job_id)
            msg = f"An internal error of this service; its log has the details of job {job_id}."
            await self._fail(job_id, Problem("internal", msg, kind=Kind.FAILED))
        else:
            message = "Completed." if op.done else wire.sentence(op.done, result)
            await self._end(job_id, COMPLETED, message, result=result)
            self._deliver(job_id, result)
        finally:
            self._live.pop(job_id, None)

    def _deliver(self, job_id: str, outcome: bytes | Problem) -> None:
        """Give a job's outcome to the request that waits for it, if one does."""
        awaited = self._awaited.get(job_id)
        if awaited is None or awaited.done():
            return
        if isinstance(outcome, Problem):
            awaited.set_exception(outcome)
        else:
            awaited.set_result(outcome)

    async def _fail(self, job_id: str, problem: Problem) -> None:
        await self._end(job_id, FAILED, problem.message, error=wire.encode(wire.fault(problem)))
        self._deliver(job_id, problem)

    async def _end(
        self, job_id: str, status: JobStatus, message: str, *, result: bytes | None = None, error: bytes | None = None
    ) -> None:
        while True:
            try:
                await self._service.jobs.end(job_id, status, message=message, result=result, error=error)
                break
            except Problem as problem:  # a full disk: the end is written when there is space again
                log.warning("The end of job %s cannot be written yet: %s", job_id, problem.message)
                await asyncio.sleep(AGAIN)
        self._publish(job_id, status, message=message)

    def _publish(self, job_id: str, status: str, **data: Any) -> None:
        self._service.hub.publish("job.status", job_id, status=status, **data)

    def _progress(self, job_id: str) -> Progress:
        loop = asyncio.get_running_loop()
        publish = partial(self._service.hub.publish, "job.progress", job_id)

        def tell(percent: int, message: str) -> None:
            loop.call_soon_threadsafe(partial(publish, progress=percent, message=message))

        return Progress(tell)

    def _spawn(self, coroutine: Any) -> asyncio.Task[Any]:
        task = asyncio.create_task(coroutine)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task


def restore_caller(job: Submission) -> Caller:
    """Return the caller of a job's row, as it was when the job was submitted."""
    return Authority.decode(job.scope, job.caller, Right[job.right]).lend(job.caller)


def _refuse_cancelled(op: Operation) -> Problem:
    msg = f"{op.name} was cancelled before its end: what it had begun in a transaction is undone."
    return Problem("request.cancelled", msg, kind=Kind.CONFLICT)


class StoredCondition(msgspec.Struct):
    """What a job keeps in addition to its operation's fields."""

    if_match: str = msgspec.field(name="@ifMatch", default="")


def _encode_arguments(request: Request, condition: Condition | None) -> bytes:
    """Return a request as a job keeps it, with its condition."""
    if condition is None:
        return wire.encode(request)
    return wire.encode(msgspec.to_builtins(request, enc_hook=str) | {"@ifMatch": condition.wanted})


def _require_no_secrets(op: Operation, request: Request) -> None:
    if answers_secret(op):
        msg = "A job keeps its answer, so a key or token cannot be a part of it: use the route that waits."
        raise Problem("job.secret", msg, kind=Kind.REFUSED)
    if without_secrets(request) != request:
        msg = (
            "A job keeps its request, so a password cannot be a part of it: use the route that waits, or name a secret "
            "of the service where the operation takes one."
        )
        raise Problem("job.secret", msg, kind=Kind.REFUSED)
