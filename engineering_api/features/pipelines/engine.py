"""The part of the service that knows all pipelines: keeps them, starts them when their time or their event comes.

An execution is a row before it is a job. Schedules and events start one execution of a pipeline at a time: a schedule that
comes meanwhile is noted as skipped, events that come meanwhile are joined into one further execution.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import logging
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.asyncio import AsyncIOScheduler

from engineering_api import background
from engineering_api.execution.runner import Runner
from engineering_api.features.pipelines import triggers, validation
from engineering_api.features.pipelines.model import (
    FAILED,
    SKIPPED,
    Definition,
    PipelineDefinition,
    PipelineExecution,
    PipelineStatus,
    Schedule,
)
from engineering_api.features.pipelines.running import Execution, is_pipeline
from engineering_api.features.pipelines.store import Order, OwnedPipeline, PipelineStore
from engineering_api.features.pipelines.triggers import Trigger
from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Context, Service
from engineering_api.operations.declaration import name_of
from engineering_api.operations.events import Event, matches
from engineering_api.operations.jobs import CANCELLED
from engineering_api.security.authority import Authority
from engineering_api.security.identities import Identities
from openness_bridge.errors import Kind, Place, Problem, not_found

log = logging.getLogger(__name__)
LATE = 60
"""Seconds that a schedule may be late, such as on a busy computer, and is still kept."""
MOST_KEPT = 1000
"""Executions of one pipeline that are kept."""
INTERRUPTED = "The server ended while this execution was running. Check what its last step did, then run it again."


class Pipelines:
    """All pipelines of the service. On the event loop only."""

    def __init__(self, store: PipelineStore, begin: Callable[..., Any]) -> None:
        """Keep them in this store; nothing is started yet.

        Args:
            store: It.
            begin: The function of the operation that runs an execution.
        """
        self.store, self._running = store, begin
        self._section = name_of(begin).partition(".")[0]
        self._service: Service | None = None
        self._scheduler: AsyncIOScheduler | None = None
        self._following: asyncio.Task[None] | None = None
        self._by_event: dict[str, Trigger] = {}
        self._again: dict[str, dict[str, Any]] = {}
        self._starting, self._saving = asyncio.Lock(), asyncio.Lock()

    # -- life -------------------------------------------------------------------------

    async def start(self, service: Service, scheduler: AsyncIOScheduler, *, alone: bool = True) -> None:
        """Settle what an earlier process left, take up the schedules, and listen for events.

        Args:
            service: What the steps are done by.
            scheduler: Fires schedules.
            alone: Whether no other process works with the data folder; schedules and what runs are the other's.
        """
        self._service, self._scheduler = service, scheduler if alone else None
        if alone:
            await self.store.recover(INTERRUPTED)
        for stored in await self.store.all():
            try:
                await self._take_up(stored.definition)
            except Problem as problem:
                log.warning("Nothing starts the pipeline '%s': %s", stored.definition.name, problem.message)
        if alone:
            scheduler.add_job(self.remove_old, "cron", hour=3, minute=10, misfire_grace_time=3600, coalesce=True)
        self._following = background.begin(service.hub.follow(self._handle_event, service.hub.number))

    async def stop(self) -> None:
        """Start nothing any more. What runs is stopped by the runner, as all jobs are."""
        following, self._following = self._following, None
        if following is not None:
            following.cancel()
            with suppress(asyncio.CancelledError):
                await following

    # -- definitions ------------------------------------------------------------------

    async def save(self, definition: Definition, caller: Caller) -> PipelineDefinition:
        """Check a pipeline and keep it; it replaces the one of its name.

        Raises:
            Problem: It has errors.
        """
        validation.require_valid(definition, self._require_service().catalogue, caller)
        async with self._saving:
            await self.store.put(definition, caller.name, Authority.of(caller))
            await self._take_up((await self._get_stored(definition.name)).definition)
            return await self.get(definition.name)

    async def get(self, name: str) -> PipelineDefinition:
        """Return a pipeline.

        Raises:
            Problem: The name is unknown.
        """
        return (await self._get_stored(name)).definition

    async def schedules(self) -> list[Schedule]:
        """Return what starts pipelines by itself, by their names."""
        known = [stored.definition for stored in await self.store.all()]
        return [
            Schedule(pipeline_name=each.name, trigger=each.trigger, next_run_at=self._next_run(each.name))
            for each in known
            if each.name in self._by_event or self._next_run(each.name)
        ]

    def _next_run(self, name: str) -> str | None:
        job = None if self._scheduler is None else self._scheduler.get_job(_job(name))
        moment = None if job is None else job.next_run_time
        return None if moment is None else moment.astimezone(dt.UTC).isoformat(timespec="seconds")

    async def delete(self, name: str) -> PipelineDefinition:
        """Delete a pipeline. Running executions continue, and all are kept.

        Raises:
            Problem: The name is unknown.
        """
        async with self._saving:
            definition = await self.get(name)
            await self.store.remove(name)
            self._let_go(name)
        return definition

    # -- executions -------------------------------------------------------------------

    async def prepare(self, name: str, variables: dict[str, Any], caller: Caller, instance: int | None = None) -> Order:
        """Write an execution for a caller; it has not begun.

        Raises:
            Problem: There is no such pipeline, or it cannot be run with these variables or by this caller.
        """
        if is_pipeline(caller.name):
            raise Problem(
                "pipeline.nested", "A pipeline cannot start pipelines: put the other one's steps into this one."
            )
        stored = await self._get_stored(name)
        starter = self._lend(stored).meet(Authority.of(caller)).lend(caller.name)
        return await self._order(stored, variables, starter, cause="manual", instance=instance)

    def _lend(self, stored: OwnedPipeline) -> Authority:
        """Return what a pipeline may do now.

        Raises:
            Problem: 403, its owner's key or user is not valid any more.
        """
        return stored.authority.now(self._require_service().part(Identities).now)

    async def submit(self, order: Order, caller: Caller) -> str:
        """Begin an execution as a job. Returns the job's id."""
        service = self._require_service()
        operation = service.catalogue.of(self._running)
        request = operation.request(execution_id=order.id)
        job = await service.part(Runner).submit(operation, request, caller, order.instance)
        await self.store.update(order.id, job_id=job)
        return job

    async def execute(self, execution_id: str, context: Context) -> PipelineExecution:
        """Run an execution to its end.

        Raises:
            Problem: The id is unknown, or the execution has begun already.
            Cancelled: It was asked to stop.
        """
        order = await self.store.take(execution_id)
        if order is None:
            found = await self.execution(execution_id)
            msg = f"The execution has begun already ({found.status}): run the pipeline again."
            raise Problem("pipeline.execution_begun", msg, kind=Kind.CONFLICT)
        try:
            return await Execution(order, context, self.store).run()
        finally:
            await self._next(order.definition.name)

    async def execution(self, execution_id: str) -> PipelineExecution:
        """Return an execution as far as it is known.

        Raises:
            Problem: The id is unknown.
        """
        found = await self.store.execution(execution_id)
        if found is None:
            msg = f"There is no execution '{execution_id}': GET /api/pipelines/executions lists the latest."
            raise Problem("pipeline.execution_not_found", msg, kind=Kind.MISSING, place=Place(object=execution_id))
        return found

    async def remove_old(self) -> int:
        """Remove executions that ended longer ago than jobs are kept, and those that are too many; returns how many."""
        days = self._require_service().settings.keep_jobs_days
        limit = dt.datetime.now(dt.UTC) - dt.timedelta(days=days)
        return await self.store.remove_old(limit.isoformat(timespec="milliseconds"), MOST_KEPT)

    # -- schedules and events ---------------------------------------------------------

    async def _take_up(self, definition: PipelineDefinition) -> None:
        self._let_go(definition.name)
        if not definition.enabled:
            return
        trigger = triggers.parse(definition.trigger)
        if trigger.events:
            self._by_event[definition.name] = trigger
        last = await self.store.last_start(definition.name) if trigger.every else None
        schedule = trigger.schedule(last)
        if schedule is not None and self._scheduler is not None:
            background.detached(  # its timers begin in the context of the call
                self._scheduler.add_job,
                self._due,
                schedule,
                args=[definition.name],
                id=_job(definition.name),
                coalesce=True,
                misfire_grace_time=LATE,
                replace_existing=True,
            )

    def _let_go(self, name: str) -> None:
        self._by_event.pop(name, None)
        if self._scheduler is not None:
            with suppress(JobLookupError):
                self._scheduler.remove_job(_job(name))

    async def _due(self, name: str) -> None:
        async with self._starting:
            if await self.store.is_active(name):
                await self._not_begun(name, "schedule", SKIPPED, "The execution before was still under way.")
            else:
                await self._begin(name, "schedule")

    async def _handle_event(self, event: Event) -> None:
        """Start the pipelines that an event starts; what pipelines do themselves starts none."""
        if event.kind == "job.status" and event.data.get("status") == CANCELLED:
            await self._give_up(event.subject)
        if self._is_own(event):
            return
        about = {"kind": event.kind, "subject": event.subject, "data": event.data}
        for name, trigger in list(self._by_event.items()):
            if matches(trigger.events, event.kind):
                async with self._starting:
                    await self._begin_or_join(name, about)

    async def _begin_or_join(self, name: str, about: dict[str, Any]) -> None:
        if await self.store.is_active(name):
            self._again[name] = about
        else:
            await self._begin(name, about["kind"], about)

    async def _give_up(self, job_id: str) -> None:
        name = await self.store.give_up(job_id)
        if name is not None:
            await self._next(name)

    async def _next(self, name: str) -> None:
        """Start one more execution for the events that came during one."""
        async with self._starting:
            about = self._again.pop(name, None)
            if about is not None and name in self._by_event and self._following is not None:
                await self._begin(name, about["kind"], about)

    def _is_own(self, event: Event) -> bool:
        """Return whether an event comes of pipelines, or may: what they do starts none of them."""
        section = str(event.data.get("operation", "")).partition(".")[0]
        by_pipeline = is_pipeline(str(event.data.get("caller", "")))
        return by_pipeline or triggers.is_refused(event.kind) or section == self._section

    async def _begin(self, name: str, cause: str, event: dict[str, Any] | None = None) -> None:
        """Start a pipeline for its owner. That it cannot be started is an execution that failed."""
        try:
            stored = await self._get_stored(name)
            owner = self._lend(stored).lend(stored.definition.owner, client="pipeline")
            order = await self._order(stored, {}, owner, cause=cause, event=event)
            await self.submit(order, owner)
        except Problem as problem:
            log.warning("The pipeline '%s' could not be started: %s", name, problem.message)
            await self._not_begun(name, cause, FAILED, problem.message)

    async def _not_begun(self, name: str, cause: str, status: PipelineStatus, why: str) -> None:
        stored = await self.store.get(name)
        if stored is not None:
            order = _build_order(stored, {}, stored.authority.lend(stored.definition.owner), cause=cause)
            await self.store.order(order, status=status, error=why)

    async def _order(
        self,
        stored: OwnedPipeline,
        variables: dict[str, Any],
        caller: Caller,
        *,
        cause: str,
        instance: int | None = None,
        event: dict[str, Any] | None = None,
    ) -> Order:
        wrong = validation.check_variables(stored.definition, variables)
        if wrong:
            raise Problem(wrong[0].code, wrong[0].message, place=wrong[0].place, details=wrong)
        order = _build_order(stored, variables, caller, cause=cause, instance=instance, event=event)
        await self.store.order(order)
        return order

    async def _get_stored(self, name: str) -> OwnedPipeline:
        found = await self.store.get(name)
        if found is None:
            raise not_found("pipeline", name)
        return found

    def _require_service(self) -> Service:
        if self._service is None:
            raise Problem("pipeline.not_started", "The service has not started yet.", kind=Kind.UNAVAILABLE)
        return self._service


def _build_order(
    stored: OwnedPipeline,
    variables: dict[str, Any],
    caller: Caller,
    *,
    cause: str,
    instance: int | None = None,
    event: dict[str, Any] | None = None,
) -> Order:
    """Return an order for the definition as it is now."""
    plain = {name: getattr(stored.definition, name) for name in Definition.__struct_fields__}
    return Order(
        id=str(uuid.uuid4()),
        definition=Definition(**plain),
        cause=cause,
        caller=caller.name,
        authority=Authority.of(caller),
        instance=instance,
        variables=variables,
        event=event,
    )


def _job(name: str) -> str:
    return f"pipeline {name}"
