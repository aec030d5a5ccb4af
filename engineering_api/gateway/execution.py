"""Does at workers what belongs there. To everything else in the service it is an `Execution` like any other.

The worker takes the locks, checks conditions and scopes, and notes the state before and after in its own audit log. The
gateway's log has who asked for what, and the result.
"""

from __future__ import annotations

import asyncio
import uuid
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import PurePosixPath, PureWindowsPath
from typing import Any

import msgspec

from engineering_api.execution.entries import Entry
from engineering_api.execution.execution import Execution
from engineering_api.execution.run import Run, Step
from engineering_api.execution.steps.admit import admit
from engineering_api.execution.steps.record import record
from engineering_api.features.mcp import mcp_operations
from engineering_api.features.portals import portals_operations
from engineering_api.features.system import health_operations
from engineering_api.gateway.calls import Calls, NotStarted, WorkerLost
from engineering_api.gateway.fleet import Fleet, Member
from engineering_api.gateway.messages import WorkRequest, WorkResult, ticket
from engineering_api.gateway.routing import Routing
from engineering_api.operations import wire
from engineering_api.operations.context import Context, Service
from engineering_api.operations.declaration import Operation, name_of
from engineering_api.operations.fields import Request
from engineering_api.operations.jobs import WorkerTicket
from engineering_api.operations.resources import Condition
from engineering_api.operations.terms import Site
from openness_bridge.errors import Kind, Problem
from openness_bridge.portal.apartment import QUEUED, WAITED_FOR

EVERYWHERE = frozenset(
    map(name_of, (portals_operations.instances, portals_operations.diagnostics, health_operations.versions))
)
"""Reads that every worker answers, where none is named."""
NUMBERED = ("processId", "portalProcessId", "current")
"""Fields of answers that hold a portal's process id."""
WITH_NUMBERS = frozenset({name_of(mcp_operations.instance), *(op.name for op in portals_operations.section.operations)})
"""The operations whose answers have them."""
ATTEMPTS = 3
PARALLEL_JOBS = 4
"""Jobs that one worker runs at the same time."""


class RemoteExecution(Execution):
    """Does operations at workers."""

    def __init__(self, service: Service, fleet: Fleet, routing: Routing, calls: Calls) -> None:
        """Ask these workers."""
        super().__init__(service)
        self._fleet, self._routing, self._calls = fleet, routing, calls
        self._slots: dict[int, asyncio.Semaphore] = defaultdict(lambda: asyncio.Semaphore(PARALLEL_JOBS))

    def steps_of(self, op: Operation) -> tuple[Step, ...]:
        """Return the steps around an operation; a worker itself takes the lock and checks the condition."""
        if op.site is Site.GATEWAY:
            return super().steps_of(op)
        return (admit, record) if op.changes else (admit,)

    async def preview(self, op: Operation, request: Request, context: Context) -> bytes:
        """Return what an operation would do, and do nothing."""
        if op.site is Site.GATEWAY:
            return await super().preview(op, request, context)
        return await self._ask_worker(Run(op, request, context, WAITED_FOR))

    def entry_of(self, run: Run) -> Entry:
        """Make the audit entry of a run; the state before and after is in the worker's own log."""
        if run.op.site is Site.GATEWAY:
            return super().entry_of(run)
        return Entry(self._service.audit, self._resources, run.op, run.request, run.context, "none")

    async def perform(self, run: Run) -> bytes:
        """Run an operation where it belongs."""
        if run.op.site is Site.GATEWAY:
            return await super().perform(run)
        if run.op.name in EVERYWHERE and run.context.instance is None:
            return await self._ask_all(run.op, run.request, run.context)
        return await self._ask_worker(run)

    async def _ask_worker(self, run: Run) -> bytes:
        """Run an operation at a worker; once more at another worker where that is safe."""
        await self._fleet.wait_until_settled()
        job = run.context.job or str(uuid.uuid4())
        for fence in range(1, ATTEMPTS + 1):
            member, process = await self._routing.choose(run.op, run.request, run.context.caller, run.context.instance)
            if run.entry is not None and fence == 1:
                await run.entry.begin(_refuse_look, _project(member))
            epoch = _epoch(member)
            try:
                return await self._at(member, run, ticket(job, fence), process)
            except NotStarted:
                if fence == ATTEMPTS:
                    raise
                await self._fleet.wait_for_renewal(member, epoch)
            except WorkerLost:
                if not run.op.repeatable or fence == ATTEMPTS:
                    raise
        raise AssertionError("unreachable")

    async def _at(self, member: Member, run: Run, name: str, process: int) -> bytes:
        """Run an operation at a worker."""
        op, request, context, condition = run.op, run.request, run.context, run.condition
        asked = WorkRequest(
            ticket=name,
            epoch=_epoch(member),
            operation=op.name,
            arguments=_arguments(request, process),
            process=process,
            caller=context.caller,
            job=context.job,
            trial=context.trial,
            rank=run.rank,
            selection=context.selection.given if context.selection else {},
            if_match=condition.wanted if condition else "",
        )
        async with self._slot(member, run.rank):
            with self._routing.reserve_project(op, request, member):
                if context.job:
                    await self._service.jobs.note_sent(
                        context.job, WorkerTicket(member.name, asked.ticket, asked.epoch)
                    )
                patient = op.changes or bool(context.job)
                answer = await self._calls.ask(member, asked, context.progress, patient=patient)
        return self.accept_answer(op, answer, member, context, condition)

    def accept_answer(
        self, op: Operation, answer: WorkResult, member: Member, context: Context, condition: Condition | None = None
    ) -> bytes:
        """Return a worker's answer as this service's, with numbers of portals that are unique behind the gateway."""
        if context.selection is not None:
            context.selection.total = answer.total
        if condition is not None:
            condition.after = answer.after
        data = answer.data or b""
        return _widen(data, member) if op.name in WITH_NUMBERS and not context.trial else data

    async def _ask_all(self, op: Operation, request: Request, context: Context) -> bytes:
        """Return what all workers answer, in one list."""
        plain = msgspec.structs.replace(request)
        asked = [
            self._at(member, Run(op, plain, _drop_selection(context), WAITED_FOR), ticket(str(uuid.uuid4()), 1), 0)
            for member in self._fleet
            if member.is_there
        ]
        lists: list[list[Any]] = [msgspec.json.decode(answer) for answer in await asyncio.gather(*asked)]
        whole = [entry for each in lists for entry in each]
        return wire.encode(whole if context.selection is None else context.selection.apply(whole))

    @asynccontextmanager
    async def _slot(self, member: Member, rank: int) -> AsyncIterator[None]:
        """Hold a job's place at a worker; callers who wait for an operation come first."""
        if rank != QUEUED:
            yield
            return
        async with self._slots[member.number]:
            yield


def _drop_selection(context: Context) -> Context:
    return Context(context.service, context.caller, context.progress, context.instance)


def _epoch(member: Member) -> str:
    return member.state.epoch if member.state else ""


def _arguments(request: Request, process: int) -> bytes:
    """Return the request as JSON, with the number that the portal has on its own machine."""
    if getattr(request, "process_id", None) is not None and type(request).__module__.endswith(".portals_operations"):
        request = msgspec.structs.replace(request, process_id=process)
    return wire.encode(request)


def _widen(data: bytes, member: Member) -> bytes:
    return wire.encode(_widen_numbers(msgspec.json.decode(data), member))


def _widen_numbers(value: Any, member: Member) -> Any:
    if isinstance(value, list):
        return [_widen_numbers(each, member) for each in value]
    if not isinstance(value, dict):
        return value
    return {
        name: member.wide(each) if name in NUMBERED and isinstance(each, int) else _widen_numbers(each, member)
        for name, each in value.items()
    }


def _project(member: Member) -> str:
    """Return the name of the project at a worker, for the log; empty with none, or more than one."""
    if len(member.projects) != 1:
        return ""
    path = member.projects[0]
    return (PureWindowsPath(path) if "\\" in path else PurePosixPath(path)).stem


async def _refuse_look(_: Operation, __: Request) -> bytes:
    raise Problem("worker.looks", "The state before the change is in the audit log of the worker.", kind=Kind.MISSING)
