"""Jobs behind a gateway: work at a worker continues when the gateway ends, and the next one collects its answer."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from typing import Protocol

import msgspec

from engineering_api.execution.runner import Runner, StoredCondition, restore_caller
from engineering_api.gateway.calls import Calls, NotStarted
from engineering_api.gateway.execution import RemoteExecution
from engineering_api.gateway.fleet import Fleet
from engineering_api.gateway.messages import WorkRequest
from engineering_api.gateway.routing import Routing
from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Context, Progress, Service
from engineering_api.operations.declaration import Operation
from engineering_api.operations.fields import Request
from engineering_api.operations.jobs import SentJob, WorkerTicket
from engineering_api.operations.resources import Condition
from engineering_api.operations.selection import Selection
from engineering_api.operations.terms import Site
from openness_bridge.portal.apartment import QUEUED

PARALLEL = 64
"""Jobs that the gateway runs at the same time; each worker has its own limit."""


class Line(Protocol):
    """The gateway, which receives the messages of workers."""

    async def start(self) -> None:
        """Begin to receive messages."""

    async def close(self) -> None:
        """Receive no more of them."""


class GatewayRunner(Runner):
    """Runs every operation, at workers."""

    def __init__(self, service: Service, fleet: Fleet, routing: Routing, calls: Calls, line: Line) -> None:
        """Run at these workers, which are heard by a line."""
        self._remote = RemoteExecution(service, fleet, routing, calls)
        super().__init__(service, self._remote, PARALLEL)
        self._fleet, self._routing, self._calls, self._line = fleet, routing, calls, line

    def addressed(self, instance: int | None, worker: str) -> int | None:
        """Return the gateway-wide number of the portal or worker that the headers name."""
        return self._routing.addressed(instance, worker)

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
        """Run an operation for a caller who waits; a job that becomes of it knows where it runs."""
        done = await super().wait(
            op, request, caller, instance, selection=selection, condition=condition, limit=limit, within=within
        )
        if isinstance(done, str) and (progress := self._live.get(done)) and (call := self._calls.of(progress)):
            await self._service.jobs.note_sent(
                done, WorkerTicket(call.member.name, call.asked.ticket, call.asked.epoch)
            )
        return done

    async def submit(
        self,
        op: Operation,
        request: Request,
        caller: Caller,
        instance: int | None = None,
        condition: Condition | None = None,
    ) -> str:
        """Write a job and queue it. Where it will run is decided now, unless it opens a project."""
        if op.site is Site.WORKER and self._routing.is_pinned(op):
            await self._fleet.wait_until_settled()
            member, process = await self._routing.choose(op, request, caller, instance)
            instance = member.wide(process)
        return await super().submit(op, request, caller, instance, condition)

    async def recover(self, going_on: Collection[str] = ()) -> int:
        """Settle what an earlier gateway left; what runs at workers is waited for."""
        await self._fleet.load()
        await self._routing.load()
        remote = await self._service.jobs.at_workers()
        for job in remote:
            op = self._service.catalogue.named(job.submission.operation)
            if op is not None:
                progress = self._live[job.submission.job_id] = self._progress(job.submission.job_id)
                collecting = self._spawn(self._collect(op, job, progress))
                _ = self._spawn(self._conclude(op, job.submission.job_id, collecting))
        waiting = await super().recover([*going_on, *(job.submission.job_id for job in remote)])
        await self._line.start()
        return waiting

    async def _collect(self, op: Operation, job: SentJob, progress: Progress) -> bytes:
        """Return the answer to what an earlier gateway asked for."""
        kept, sent = job.submission, job.sent
        caller = restore_caller(kept)
        wanted = msgspec.json.decode(kept.arguments, type=StoredCondition).if_match
        member = self._fleet.find(sent.worker)
        asked = WorkRequest(
            ticket=sent.ticket,
            epoch=sent.epoch,
            operation=op.name,
            arguments=kept.arguments,
            caller=caller,
            job=kept.job_id,
            process=(kept.instance or 0) - member.wide(0) if kept.instance else 0,
            if_match=wanted,
            rank=QUEUED,
        )
        context = Context(self._service, caller, progress, kept.instance, job=kept.job_id)
        try:
            answer = await self._calls.ask(member, asked, progress, patient=True, sent=True)
        except NotStarted:
            request = msgspec.json.decode(kept.arguments, type=op.request)
            context = replace(context, caller=await self._lower(op, request, caller))
            return await self._remote.run(op, request, context, QUEUED, self.condition(op, request, wanted))
        return self._remote.accept_answer(op, answer, member, context)

    async def close(self) -> None:
        """Wait for nothing more: what runs at workers continues there."""
        self._calls.close()
        await super().close()
        await self._line.close()
