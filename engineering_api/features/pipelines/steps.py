"""Runs one step: its operation with the caller's rights, within its time, again where that was asked for."""

from __future__ import annotations

import asyncio
import math
import time
from contextlib import suppress
from typing import Any

import msgspec

from engineering_api.execution.refusals import Refusals
from engineering_api.execution.runner import Runner
from engineering_api.features.pipelines import expressions, scope, validation
from engineering_api.features.pipelines.model import CANCELLED, COMPLETED, FAILED, SKIPPED, Step, StepResult
from engineering_api.operations import wire
from engineering_api.operations.binding import bind_document
from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Cancelled, Context, Progress
from engineering_api.operations.declaration import Operation
from engineering_api.operations.fields import Request
from engineering_api.operations.jobs import JobRecord
from engineering_api.security.identities import Identities
from engineering_api.storage.clock import now
from openness_bridge.errors import Kind, Place, Problem

INTERNAL = "An error of this service; its log has the details."
LARGEST_RESULT = 64 << 10
"""Bytes of an answer that an execution keeps."""
SOON = 0.2
"""Seconds after which an operation continues as a job, which can be followed and stopped."""
GRACE = 10.0
"""Seconds in which an operation that was asked to stop has to end."""
LOOK = 0.1
"""Seconds between two checks of an operation, and whether the execution was asked to stop."""


class StillRunning(Problem):
    """An operation did not end although it was asked to: nobody may begin it again."""


class StepRun:
    """One step under way."""

    def __init__(
        self, step: Step, context: Context, names: dict[str, Any], done: StepResult, *, begin: float, share: float
    ) -> None:
        """Run a step.

        Args:
            step: What is to be done.
            context: Its caller, and the progress that the step is a part of.
            names: What its expressions may read.
            done: Where its outcome is noted.
            begin: Percentage of the whole at which the step begins.
            share: How many of its percents the step has.
        """
        self.step, self.context, self.names, self.done = step, context, names, done
        self._begin, self._share = begin, share
        self.answer: Any = None

    async def run(self) -> None:
        """Run it to its end, which `done` and `answer` hold afterwards.

        Raises:
            Cancelled: The execution was asked to stop.
        """
        begin = time.perf_counter()
        try:
            await self._run()
        except Cancelled:
            self.done.status, self.done.result_message = CANCELLED, "Cancelled."
            raise
        except Problem as problem:
            self.done.status, self.done.error, self.done.problem = FAILED, problem.message, wire.fault(problem)
        except Exception:
            self.done.status, self.done.error = FAILED, INTERNAL
            raise
        finally:
            self.done.completed_at = now()
            self.done.duration_ms = int((time.perf_counter() - begin) * 1000)

    async def _run(self) -> None:
        condition = self.step.condition
        if condition and not expressions.evaluate(condition, self.names):
            self.done.status, self.done.result_message = SKIPPED, f"The condition is not met: {condition}"
            return
        op = validation.resolve(self.step.action, self.context.service.catalogue)
        await self.context.service.part(Refusals).require(self._caller(), op)
        await self._attempts(op, self._request(op))
        self.done.status, self.done.result_message = COMPLETED, op.done

    def _caller(self) -> Caller:
        """Return whom the step runs for, with what it may do now.

        Raises:
            Problem: 403, the key or user of the owner, or of who started the run, is not valid any more.
        """
        return self.context.service.part(Identities).lower(self.context.caller)

    def _request(self, op: Operation) -> Request:
        params = self.step.params
        hidden = validation.secret_fields(op, params)
        open_ = {name: expressions.fill(value, self.names) for name, value in params.items() if name not in hidden}
        try:
            given = open_ | {name: scope.reveal(params[name], f"/{name}") for name in hidden}
            return bind_document(op.request, given)
        except Problem as problem:
            where = problem.place.pointer if problem.place and problem.place.pointer else ""
            raise Problem(
                problem.code,
                problem.message,
                kind=problem.kind,
                details=problem.details,
                place=Place(pointer=f"/params{where}"),
            ) from None

    async def _attempts(self, op: Operation, request: Request) -> None:
        while True:
            self.done.attempts += 1
            try:
                await self._attempt(op, request)
            except StillRunning:
                raise
            except Problem:
                if self.done.attempts > self.step.retry_count:
                    raise
                await self._pause(self.step.retry_delay_ms / 1000)
            else:
                return

    async def _attempt(self, op: Operation, request: Request) -> None:
        self.answer = self.done.result = None
        answer = await self._answer(op, request)
        self.answer = msgspec.json.decode(answer)
        self.done.result = self.answer if len(answer) <= LARGEST_RESULT else None
        expected = self.step.expect
        if expected and not expressions.evaluate(expected, self.names | {scope.RESULT: self.answer}):
            raise Problem("pipeline.expectation", f"The result does not meet the expectation: {expected}")

    async def _answer(self, op: Operation, request: Request) -> bytes:
        """Run the operation and return its answer within the step's time.

        Raises:
            Problem: It failed or took too long.
            Cancelled: The execution was asked to stop.
        """
        begun, limit, context = time.monotonic(), self.step.timeout_seconds or math.inf, self.context
        runner = context.service.part(Runner)
        soon = min(SOON, limit)
        answer = await runner.wait(op, request, self._caller(), context.instance, limit=soon)
        if not isinstance(answer, str):
            return answer
        while (job := await runner.job(answer)).completed_at is None:
            if _is_stopped(context.progress):
                await self._stop(op, answer)
                raise Cancelled
            if time.monotonic() - begun > limit:
                return _outcome(await self._stop(op, answer), limit)
            self._report(job)
            await asyncio.sleep(LOOK)
        return _outcome(job, limit)

    async def _stop(self, op: Operation, job_id: str) -> JobRecord:
        """Ask the operation to stop, and wait for its end.

        Raises:
            StillRunning: It did not end.
        """
        runner = self.context.service.part(Runner)
        with suppress(Problem):  # it has ended meanwhile
            await runner.cancel(job_id)
        end = time.monotonic() + GRACE
        while (job := await runner.job(job_id)).completed_at is None:
            if time.monotonic() > end:
                msg = f"{op.name} was asked to stop and still runs as job {job_id}: check that job before you run this again."
                raise StillRunning("pipeline.timeout", msg, kind=Kind.TIMED_OUT)
            await asyncio.sleep(LOOK)
        return job

    def _report(self, job: JobRecord) -> None:
        if job.message:
            percent = self._begin + self._share * job.progress / 100
            self.context.progress.report(percent, f"{self.step.name}: {job.message}")

    async def _pause(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            self.context.progress.check()
            await asyncio.sleep(min(LOOK, left))


def _outcome(job: JobRecord, limit: float) -> bytes:
    """Return what a job came to.

    Raises:
        Problem: It failed, or was stopped because its time was over.
    """
    if job.status == COMPLETED:
        return bytes(job.result or b"null")
    if job.problem is None:
        raise Problem("pipeline.timeout", f"It was stopped after {limit:g} s.", kind=Kind.TIMED_OUT)
    fault = job.problem
    raise wire.problem_of(fault, Kind.REFUSED)


def _is_stopped(progress: Progress) -> bool:
    try:
        progress.check()
    except Cancelled:
        return True
    return False
