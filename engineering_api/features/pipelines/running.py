"""Runs an execution from its first step to its last, and keeps what is known of it after every step."""

from __future__ import annotations

import datetime as dt
import time
from typing import Any

from engineering_api.features.pipelines import scope
from engineering_api.features.pipelines.model import (
    CANCELLED,
    CLEANUP,
    COMPLETED,
    CONTINUE,
    FAILED,
    PENDING,
    RUNNING,
    SKIPPED,
    PipelineExecution,
    PipelineStatus,
    Step,
    StepResult,
)
from engineering_api.features.pipelines.steps import INTERNAL, StepRun
from engineering_api.features.pipelines.store import Order, PipelineStore
from engineering_api.features.pipelines.validation import right_of
from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Cancelled, Context
from engineering_api.operations.terms import Right
from engineering_api.security.authority import Authority
from engineering_api.storage.clock import now
from openness_bridge.errors import Kind, Problem

VIA = " via pipeline "
"""Text in the audit log between who started a pipeline and its name."""


def caller_of(order: Order, starter: Caller) -> Caller:
    """Return whom the steps run for: with the authority that the order was given, never more than who begins it has."""
    authority = order.authority.meet(Authority.of(starter))
    return authority.lend(f"{order.caller}{VIA}{order.definition.name}", client="pipeline")


def is_pipeline(caller: str) -> bool:
    """Return whether a caller's name is that of a pipeline."""
    return VIA in caller


class Execution:
    """One execution under way."""

    def __init__(self, order: Order, context: Context, store: PipelineStore) -> None:
        """Run an order for a caller."""
        self._order, self._store, self._definition = order, store, order.definition
        instance = order.instance if context.instance is None else context.instance
        self._context = Context(context.service, caller_of(order, context.caller), context.progress, instance)
        self._steps = [_plan_result(index, step) for index, step in enumerate(self._definition.steps)]
        self._names: dict[str, Any] = (
            self._definition.variables
            | order.variables
            | {
                scope.RUN: scope.about_run(order.id, self._definition.name, order.cause, dt.datetime.now(dt.UTC)),
                scope.EVENT: order.event,
                scope.STEPS: {},
            }
        )

    async def run(self) -> PipelineExecution:
        """Run it to its end; its status reports failed steps.

        A server that ends meanwhile leaves it as it is: the next start finds it interrupted.

        Raises:
            Cancelled: It was asked to stop, and has stopped.
        """
        begin = time.perf_counter()
        try:
            await self._all()
        except Cancelled:
            await self._end(CANCELLED, "Cancelled.", begin)
            raise
        except Exception:
            await self._end(FAILED, INTERNAL, begin)
            raise
        error = self._failure()
        await self._end(COMPLETED if error is None else FAILED, error, begin)
        done = await self._store.execution(self._order.id)
        if done is None:
            raise Problem("pipeline.execution_not_found", "The execution was removed while it ran.", kind=Kind.MISSING)
        return done

    async def _end(self, status: PipelineStatus, error: str | None, begin: float) -> None:
        self._skip_rest()
        await self._store.note(self._order.id, self._steps)
        await self._store.update(
            self._order.id,
            status=status,
            error=error,
            completed_at=now(),
            duration_ms=int((time.perf_counter() - begin) * 1000),
        )
        failed = [step.action for step in self._steps if step.status == FAILED]
        needed = max((right_of(each, self._context.service.catalogue) for each in failed), default=Right.VIEW)
        self._publish("pipeline.finished", status=status, error=error, right=needed.word)

    async def _all(self) -> None:
        self._publish("pipeline.started")
        steps, how = self._definition.steps, self._definition.on_failure
        for index, step in enumerate(steps):
            await self._step(step, self._steps[index])
            if self._steps[index].status == FAILED and how != CONTINUE:
                break
        if self._failure() is not None and how == CLEANUP:
            await self._clean_up()

    async def _clean_up(self) -> None:
        """Run all cleanup steps, each even where the ones before it failed."""
        self._skip_rest()
        first = len(self._steps)
        for index, step in enumerate(self._definition.cleanup_steps, first):
            self._steps.append(_plan_result(index, step))
        for step, done in zip(self._definition.cleanup_steps, self._steps[first:], strict=True):
            await self._step(step, done)

    async def _step(self, step: Step, done: StepResult) -> None:
        progress, share = self._context.progress, 100 / len(self._steps)
        begin = share * done.step_index
        progress.report(begin, f"{step.name} ({done.step_index + 1} of {len(self._steps)})")
        done.status, done.started_at = RUNNING, now()
        await self._store.note(self._order.id, self._steps)
        run = StepRun(step, self._context, self._names, done, begin=begin, share=share)
        try:
            await run.run()
        finally:
            self._names[scope.STEPS][step.name] = scope.about_step(done, run.answer)
            await self._store.note(self._order.id, self._steps)

    def _failure(self) -> str | None:
        """Return what failed, in one sentence; None when nothing did."""
        failed = [step for step in self._steps if step.status == FAILED]
        if not failed:
            return None
        first = f"Step {failed[0].step_index + 1} ({failed[0].step_name}) failed: {failed[0].error}"
        return first if len(failed) == 1 else f"{len(failed)} of {len(self._steps)} steps failed. {first}"

    def _skip_rest(self) -> None:
        for step in self._steps:
            if step.status == PENDING:
                step.status, step.result_message = SKIPPED, "Not reached."

    def _publish(self, kind: str, **data: Any) -> None:
        self._context.service.hub.publish(
            kind, self._definition.name, executionId=self._order.id, caller=self._context.caller.name, **data
        )


def _plan_result(index: int, step: Step) -> StepResult:
    return StepResult(step_index=index, step_name=step.name, action=step.action)
