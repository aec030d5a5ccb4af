"""Workers: the machines behind a gateway, what they do for whom, and taking one out for maintenance."""

from __future__ import annotations

from typing import Annotated, Literal, Protocol, cast

import msgspec

from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Nothing, Request, named
from engineering_api.operations.terms import Lock, Reach, Right, Site, Undo
from openness_bridge.errors import Kind, Problem
from openness_bridge.portal.portal import PortalMode

section = Section("Workers", Site.GATEWAY, reach=Reach.ALL, lock=Lock.NONE)
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


class Workers(Protocol):
    """The workers behind a gateway."""

    async def describe(self) -> list[WorkerInfo]:
        """Describe all workers."""

    async def drain(self, name: str, *, on: bool) -> WorkerInfo:
        """Open no more projects at a worker, or do it again; describes the worker.

        Raises:
            Problem: There is no such worker.
        """


@section.operation(also="GET /api/workers", right=Right.VIEW, changes=False)
async def list_(ctx: Context, _: Nothing) -> list[WorkerInfo]:
    """List the workers behind this gateway: versions, portals, projects, and what each does for whom."""
    return await _workers(ctx).describe()


@section.operation(
    also="POST /api/workers/{name}/actions/drain",
    right=Right.ADMINISTER,
    destroys=False,
    undo=Undo.NEVER,
    example={"name": "PC1"},
)
async def drain(ctx: Context, request: WorkerName) -> WorkerInfo:
    """Open no more projects at a worker, for maintenance. Running operations finish; open projects can be saved and closed.

    The answer names what still runs or is open there; `GET /api/workers` reports when the worker is drained.
    """
    return await _workers(ctx).drain(request.name, on=True)


@section.operation(
    also="POST /api/workers/{name}/actions/resume",
    right=Right.ADMINISTER,
    destroys=False,
    undo=Undo.NEVER,
    example={"name": "PC1"},
)
async def resume(ctx: Context, request: WorkerName) -> WorkerInfo:
    """Allow a worker to open projects again."""
    return await _workers(ctx).drain(request.name, on=False)


def _workers(ctx: Context) -> Workers:
    gateway = ctx.service.gateway
    if gateway is None:
        msg = (
            "This server runs all operations itself. `tia gateway` has workers on other machines; see docs/gateway.md."
        )
        raise Problem("gateway.none", msg, kind=Kind.CONFLICT)
    return cast("Workers", gateway)
