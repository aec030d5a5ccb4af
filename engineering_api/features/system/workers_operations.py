"""Workers: the machines behind a gateway, what they do for whom, and taking one out for maintenance."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated, Literal, cast

import msgspec

from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Nothing, Request, named
from engineering_api.operations.terms import Lock, Reach, Right, Site, Undo
from openness_bridge.errors import Kind, Problem
from openness_bridge.portal.portal import PortalMode

if TYPE_CHECKING:
    from engineering_api.gateway.fleet import Member
    from engineering_api.gateway.gateway import Gateway

section = Section("Workers", Site.GATEWAY, reach=Reach.ALL)
WorkerStatus = Annotated[Literal["ready", "draining", "drained", "unreachable"], msgspec.Meta(title="WorkerStatus")]


class WorkerName(Request):
    """Which worker."""

    name: Annotated[str, named("The worker's name.", "worker")]


class WorkerPortal(Model):
    """A portal at a worker.

    Attributes:
        instance: Its number behind the gateway: X-TIA-Instance names it.
        process_id: Its process id on its own machine.
    """

    instance: int
    process_id: int
    mode: PortalMode
    project_path: str | None
    is_attached: bool
    is_current: bool


class WorkerTask(Model):
    """An operation that a worker does now.

    Attributes:
        job_id: The job that it is; null where its caller waits.
        since: When it began, ISO 8601.
    """

    operation: str
    caller: str
    job_id: str | None
    since: str


class WorkerInfo(Model):
    """A worker, as it last reported.

    Attributes:
        status: drained when nothing is open or runs there any more.
        silent_seconds: Seconds since its last sign of life; null before the first.
        waiting: Requests in its queue; null while the queue server cannot be reached.
        load: Load average of a minute for each core; null where its system has none.
    """

    name: str
    status: WorkerStatus
    tia_version: str
    service_version: str
    machine: str
    silent_seconds: float | None
    portals: list[WorkerPortal]
    projects: list[str]
    running: list[WorkerTask]
    waiting: int | None
    load: float | None


@section.operation(also="GET /api/workers", right=Right.VIEW, lock=Lock.NONE, changes=False)
async def list_(ctx: Context, _: Nothing) -> list[WorkerInfo]:
    """List the workers behind this gateway: versions, portals, projects, and what each does for whom."""
    gateway = _gateway(ctx)
    return [await _describe_worker(gateway, member) for member in gateway.fleet]


@section.operation(
    also="POST /api/workers/{name}/actions/drain",
    right=Right.ADMINISTER,
    lock=Lock.NONE,
    destroys=False,
    undo=Undo.NEVER,
    example={"name": "PC1"},
)
async def drain(ctx: Context, request: WorkerName) -> WorkerInfo:
    """Open no more projects at a worker, for maintenance. Running operations finish; open projects can be saved and closed.

    The answer names what still runs or is open there; `GET /api/workers` reports when the worker is drained.
    """
    gateway = _gateway(ctx)
    return await _describe_worker(gateway, await gateway.fleet.drain(request.name, on=True))


@section.operation(
    also="POST /api/workers/{name}/actions/resume",
    right=Right.ADMINISTER,
    lock=Lock.NONE,
    destroys=False,
    undo=Undo.NEVER,
    example={"name": "PC1"},
)
async def resume(ctx: Context, request: WorkerName) -> WorkerInfo:
    """Allow a worker to open projects again."""
    gateway = _gateway(ctx)
    return await _describe_worker(gateway, await gateway.fleet.drain(request.name, on=False))


def _gateway(ctx: Context) -> Gateway:
    gateway = ctx.service.gateway
    if gateway is None:
        msg = (
            "This server runs all operations itself. `tia gateway` has workers on other machines; see docs/gateway.md."
        )
        raise Problem("gateway.none", msg, kind=Kind.CONFLICT)
    return cast("Gateway", gateway)


async def _describe_worker(gateway: Gateway, member: Member) -> WorkerInfo:
    state = member.state
    return WorkerInfo(
        name=member.name,
        status=_status(member),
        tia_version=member.version,
        service_version=state.service if state else "",
        machine=state.machine if state else "",
        silent_seconds=round(time.monotonic() - member.heard, 1) if state else None,
        portals=[
            WorkerPortal(
                instance=member.wide(each.process_id),
                process_id=each.process_id,
                mode=each.mode,
                project_path=each.project_path,
                is_attached=each.is_attached,
                is_current=each.is_current,
            )
            for each in member.portals
        ],
        projects=member.projects,
        running=[
            WorkerTask(operation=each.operation, caller=each.caller, job_id=each.job or None, since=each.since)
            for each in (state.running if state else [])
        ],
        waiting=await gateway.waiting(member),
        load=state.load if state and state.load >= 0 else None,
    )


def _status(member: Member) -> WorkerStatus:
    if not member.is_there:
        return "unreachable"
    if not member.draining:
        return "ready"
    return "draining" if member.projects or member.out or (member.state and member.state.running) else "drained"
