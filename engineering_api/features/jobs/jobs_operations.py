"""Async Jobs: list jobs, stop them, and run any operation by its name."""

from __future__ import annotations

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Annotated

import msgspec

from engineering_api.execution.refusals import Refusals
from engineering_api.execution.runner import Runner
from engineering_api.features.jobs.showing import show_job
from engineering_api.features.tags import tag_tables_operations
from engineering_api.operations import wire
from engineering_api.operations.binding import bind_document
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Operation, Section, answers_secret, name_of
from engineering_api.operations.fields import JsonObject, Request, carrying, named
from engineering_api.operations.jobs import RUNNING, JobRecord, JobStatus
from engineering_api.operations.streaming.streams import Listening, Message
from engineering_api.operations.terms import Lock, Reach, Right, Site, Task, Undo
from engineering_api.security.scopes import Scopes
from engineering_api.storage.clock import now
from openness_bridge.errors import Kind, Place, Problem

section = Section("Async Jobs", Site.GATEWAY, lock=Lock.NONE)


class JobAddress(Request):
    """Which job."""

    job_id: Annotated[str, named("The job's id.")]


class JobFilter(Request):
    """Which jobs."""

    status: Annotated[JobStatus | None, named("Only jobs in this state.")] = None
    operation: Annotated[str | None, named("Only jobs of this operation.")] = None
    limit: Annotated[int, named("How many at most, newest first.", ge=1, le=1000)] = 100


class Execute(Request):
    """Which operation to run, with what."""

    operation: Annotated[
        str, named("The operation's name, such as tag_tables.create; GET /api/command/list has all.", "command")
    ]
    arguments: Annotated[JsonObject, carrying("Its path, query and body fields together.", "parameters")] = {}


class ExecuteNow(Execute):
    """Which operation to run or to try, with what."""

    dry_run: Annotated[bool, named("Change nothing, only report what would be done.")] = False


@section.operation(
    wait="GET /api/jobs/{jobId}",
    right=Right.VIEW,
    changes=False,
    example={"jobId": "784f4bc8-332e-4c26-a366-10db37298890"},
    reach=Reach.OWN,
    tool="get_job",
    task=Task.READ,
    when="if an answer has `job`: call it until completedAt is set.",
    unless="for other calls: they have answered already.",
)
async def get(ctx: Context, request: JobAddress) -> JobRecord:
    """Get a job's state, progress, result or error. It stays readable after its end.

    Message, result and error need the right of the job's operation; `withheld` names it where the caller lacks it.
    """
    await ctx.service.part(Scopes).require_own(ctx.caller, request.job_id)
    return _show(ctx, await ctx.service.part(Runner).job(request.job_id))


@section.operation(
    also="GET /api/jobs",
    right=Right.VIEW,
    changes=False,
    example={"status": "Running"},
    reach=Reach.OWN,
)
async def list_(ctx: Context, request: JobFilter) -> list[JobRecord]:
    """List the latest jobs, newest first; callers who are limited to some projects or tags see only their own."""
    mine = ctx.caller.name if ctx.caller.is_limited else None
    found = await ctx.service.jobs.latest(request.status, request.operation, request.limit, mine)
    return [_show(ctx, record) for record in found]


@section.operation(
    also=("POST /api/jobs/{jobId}/actions/cancel", "DELETE /api/jobs/{jobId}"),
    destroys=False,
    undo=Undo.NEEDLESS,
    example={"jobId": "784f4bc8-332e-4c26-a366-10db37298890"},
    reach=Reach.OWN,
    tool="cancel_job",
)
async def cancel(ctx: Context, request: JobAddress) -> JobRecord:
    """Stop a job. A waiting job does not start; a running job stops at its next step, and its changes are undone.

    It also stops a request that its client still waits for, by its X-Request-Id.
    """
    awaiting = ctx.service.awaited.cancel(ctx.caller.name, request.job_id)
    if awaiting is not None:
        return JobRecord(
            request.job_id,
            awaiting.op.name,
            RUNNING,
            awaiting.progress.percent,
            "Asked to stop.",
            None,
            None,
            None,
            now(),
            None,
            None,
        )
    await ctx.service.part(Scopes).require_own(ctx.caller, request.job_id)
    return _show(ctx, await ctx.service.part(Runner).cancel(request.job_id))


@section.operation(
    wait="POST /api/jobs/execute-sync",
    changes=False,
    example={
        "operation": name_of(tag_tables_operations.create),
        "arguments": {"deviceName": "PLC_1", "name": "Inputs"},
    },
    reach=Reach.NOTHING,
    no_tool="call_operation runs any operation, with its checks",
    step=False,
)
async def execute_sync(ctx: Context, request: ExecuteNow) -> msgspec.Raw:
    """Run any operation by its name and wait for it. The answer's data is that of the operation, or the report of a dry run."""
    op, arguments = await _resolve(ctx, request)
    if request.dry_run and op.changes:
        return msgspec.Raw(
            await ctx.service.part(Runner).preview(op, arguments, ctx.caller, ctx.instance, within=ctx.progress)
        )
    answer = await ctx.service.part(Runner).wait(op, arguments, ctx.caller, ctx.instance, within=ctx.progress)
    return msgspec.Raw(msgspec.json.encode({"jobId": answer}) if isinstance(answer, str) else answer)


@section.operation(
    also="POST /api/jobs/execute",
    changes=False,
    example={
        "operation": name_of(tag_tables_operations.create),
        "arguments": {"deviceName": "PLC_1", "name": "Inputs"},
    },
    reach=Reach.NOTHING,
    no_tool="call_operation runs any operation, with its checks",
    step=False,
)
async def execute(ctx: Context, request: Execute) -> dict[str, str]:
    """Run any operation by its name as a job."""
    op, arguments = await _resolve(ctx, request)
    return {"jobId": await ctx.service.part(Runner).submit(op, arguments, ctx.caller, ctx.instance)}


def _show(ctx: Context, record: JobRecord) -> JobRecord:
    return show_job(record, ctx.caller.right, ctx.service.catalogue)


async def _resolve(ctx: Context, request: Execute) -> tuple[Operation, Request]:
    found = ctx.service.catalogue.named(request.operation) or next(
        iter(ctx.service.catalogue.at(request.operation)), None
    )
    if found is None:
        msg = f"There is no operation '{request.operation}'. GET /api/command/list lists all."
        raise Problem("operation.not_found", msg, kind=Kind.MISSING, place=Place(pointer="/operation"))
    if answers_secret(found):
        msg = "Its answer has a key or token, which jobs and pipelines would store: use the route of the operation."
        raise Problem("job.secret", msg, kind=Kind.REFUSED, place=Place(pointer="/operation"))
    await ctx.service.part(Refusals).require(ctx.caller, found)
    try:
        return found, bind_document(found.request, request.arguments)
    except Problem as problem:
        pointer = problem.place.pointer if problem.place else None
        raise Problem(
            problem.code,
            problem.message,
            kind=Kind.INVALID,
            details=problem.details,
            place=Place(pointer=f"/arguments{pointer or ''}"),
        ) from None


@section.stream("GET /api/jobs/{jobId}/events", reach=Reach.OWN)
async def events(listening: Listening) -> AsyncIterator[Message]:
    """Stream the progress of one job until it ends."""
    service, job_id = listening.context.service, listening.path["jobId"]
    await service.part(Scopes).require_own(listening.context.caller, job_id)
    await service.part(Runner).job(job_id)
    return _job_events(listening.context, job_id)


async def _job_events(ctx: Context, job_id: str) -> AsyncGenerator[Message]:
    """First the state as it is, then each change, and the end."""
    service = ctx.service
    with service.hub.subscribe(job_id) as changes:
        record = await service.part(Runner).job(job_id)
        yield _job_message(_show(ctx, record))
        while not record.completed_at and await anext(changes, None) is not None:
            record = await service.part(Runner).job(job_id)
            yield _job_message(_show(ctx, record))


def _job_message(record: JobRecord) -> Message:
    return Message(wire.encode(record), "job.status")
