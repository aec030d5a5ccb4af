"""Health: whether the service runs, what it sees of TIA Portal, and what it may do."""

from __future__ import annotations

import asyncio
import os
import platform
import sys
from typing import Annotated, Literal

from litestar import Response
from prometheus_client import CONTENT_TYPE_LATEST

from engineering_api import VERSION
from engineering_api.doctor.checks import State, on_windows
from engineering_api.doctor.system import ThisSystem
from engineering_api.features.system import health as health_of_parts
from engineering_api.features.system.health import Details
from engineering_api.observability.metrics import Metrics
from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Nothing, Request, named
from engineering_api.operations.terms import TOLD, Lock, Place, Reach, Right, Site, Undo
from engineering_api.settings import Settings
from engineering_api.web.identify import Call
from openness_bridge.errors import Kind, Problem
from openness_bridge.portal.loader import installed_versions

section = Section("Health & Status", Site.GATEWAY, reach=Reach.ALL, lock=Lock.NONE)
CONTRACT_VERSION = "2.2.840"
"""The latest version of the vendor's server whose routes are served here.

Facts: docs/facts/t-ia-connect.md#health-and-licence, docs/facts/t-ia-connect.md#product.
"""
GRACE = 0.2
"""Seconds from the answer to the end."""


class Build(Model):
    """Which build answers.

    Attributes:
        build_version: The version of the contract that is served: clients compare it with the least version that they need.
        service_version: The version of this service.
    """

    build_version: str
    service_version: str
    tia_version: str
    backend: str


class Health(Model):
    """Whether the service and its portal can be reached.

    Attributes:
        portals: How many TIA Portal processes run.
        connected: Whether the service is attached to one.
    """

    status: Build
    portals: int
    connected: bool


class Check(Model):
    """One thing that was checked.

    Attributes:
        state: "not applicable" on this system, or the result.
    """

    name: str
    state: State
    finding: str


class Machine(Model):
    """The computer that the service runs on."""

    system: str
    release: str
    python: str
    bits: int
    processors: int


class Diagnostics(Model):
    """Everything that decides whether Openness can work here."""

    machine: Machine
    backend: str
    tia_version: str
    checks: list[Check]


class InstalledVersion(Model):
    """A TIA Portal version that the service can use.

    Attributes:
        source: registry for an installed one, simulated for the stand-in.
    """

    version: str
    source: Literal["registry", "simulated"]
    in_use: bool


class Pong(Model):
    """The answer to a ping."""

    pong: bool


class Alive(Model):
    """The process answers."""

    alive: bool


class Ready(Model):
    """Requests can be served."""

    ready: bool


class Shutdown(Request):
    """What to do with unsaved changes; without a choice, ending is refused when there are some."""

    force: Annotated[bool, named("End even though changes that are not saved are lost.", destroys=True)] = False
    keep: Annotated[bool, named("Keep them in copies, in the folder rescued of the data folder.", vendor=True)] = False


class ShuttingDown(Model):
    """The process that ends.

    Attributes:
        copies: The folders of the copies that have changes that were not saved.
        message: What happens, in a sentence.
    """

    process_id: int
    copies: list[str]
    message: str


@section.operation(wait="GET /api/health", right=Right.PUBLIC, changes=False, reach=Reach.NOTHING)
def health(ctx: Context, _: Nothing) -> Health:
    """Check that the service runs and TIA Portal can be reached."""
    portals = ctx.service.portals
    return Health(status=_build(ctx), portals=len(portals.instances()), connected=portals.current is not None)


@section.operation(
    also="GET /api/health/live",
    right=Right.PUBLIC,
    place=Place.LOOP,
    changes=False,
    reach=Reach.NOTHING,
)
def live(_ctx: Context, _: Nothing) -> Alive:
    """Report that the process answers. A supervisor restarts a server that does not answer."""
    return Alive(alive=True)


@section.operation(
    also="GET /api/health/ready",
    right=Right.PUBLIC,
    place=Place.LOOP,
    changes=False,
    reach=Reach.NOTHING,
)
async def ready(ctx: Context, _: Nothing) -> Ready:
    """Report whether requests can be served: the database can be written, and its disk has space. Otherwise the status is 503."""
    found = await health_of_parts.storage(ctx.service)
    if not found.writable or not found.enough_space:
        raise Problem(
            "server.not_ready",
            found.problem or "The disk of the data folder is almost full: free some space.",
            kind=Kind.UNAVAILABLE,
        )
    return Ready(ready=True)


@section.operation(also="GET /api/health/details", right=Right.VIEW, place=Place.LOOP, changes=False)
async def details(ctx: Context, _: Nothing) -> Details:
    """Report the state of each part: portals (idle, busy, hung or dead, and with what), the database, the disk, the jobs."""
    return await health_of_parts.details(ctx.service)


@section.operation(wait="GET /api/health/diagnostics", right=Right.VIEW, changes=False)
def diagnostics(ctx: Context, _: Nothing) -> Diagnostics:
    """Get the full report: machine, backend, connectivity and permissions.

    On systems other than Windows the checks of registry, group, firewall and .NET say "not applicable".
    """
    machine = Machine(
        system=platform.system(),
        release=platform.release(),
        python=platform.python_version(),
        bits=64 if sys.maxsize > 2**32 else 32,
        processors=os.cpu_count() or 1,
    )
    model = ctx.service.portals.model
    return Diagnostics(machine=machine, backend=model.backend, tia_version=model.version, checks=_checks(ctx))


@section.operation(
    wait="GET /api/health/versions",
    right=Right.VIEW,
    site=Site.WORKER,
    changes=False,
    reach=Reach.NOTHING,
)
def versions(ctx: Context, _: Nothing) -> list[InstalledVersion]:
    """List the TIA Portal versions that can be used here."""
    model = ctx.service.portals.model
    found = [InstalledVersion(version=v, source="registry", in_use=v == model.version) for v in installed_versions()]
    if any(entry.in_use for entry in found):
        return found
    return [*found, InstalledVersion(version=model.version, source="simulated", in_use=True)]


@section.operation(
    wait="GET /api/health/ping",
    right=Right.PUBLIC,
    place=Place.LOOP,
    changes=False,
    done="pong",
    reach=Reach.NOTHING,
)
def ping(_ctx: Context, _: Nothing) -> Pong:
    """Answer immediately, without a call to TIA Portal."""
    return Pong(pong=True)


@section.operation(
    also="POST /api/health/shutdown",
    right=Right.ADMINISTER,
    done=TOLD,
    destroys=True,
    undo=Undo.NEVER,
    example={"force": False},
    no_tool="it ends the server that runs the tools",
)
async def shutdown(ctx: Context, request: Shutdown) -> ShuttingDown:
    """End this server, and the portals without user interface that it started. This is refused while they have unsaved changes."""
    stop = ctx.service.stop
    if stop is None:
        raise Problem(
            "server.not_served", "This service runs inside another program, which has to end it.", kind=Kind.UNSUPPORTED
        )
    portals, copies = ctx.service.portals, []
    if request.keep and not request.force:
        copies = [str(each) for each in await asyncio.to_thread(portals.rescue)]
    elif not request.force:
        await asyncio.to_thread(portals.require_saved)
    loop = asyncio.get_running_loop()
    loop.call_later(GRACE, ctx.service.hub.close)
    loop.call_later(GRACE, stop)
    kept = f". Copies with the changes that were not saved: {', '.join(copies)}" if copies else ""
    return ShuttingDown(process_id=os.getpid(), copies=copies, message=f"Shutting down{kept}")


def _build(ctx: Context) -> Build:
    model = ctx.service.portals.model
    return Build(
        build_version=CONTRACT_VERSION, service_version=VERSION, tia_version=model.version, backend=model.backend
    )


def _checks(ctx: Context) -> list[Check]:
    portals, workspace = ctx.service.portals, ctx.roots.workspace
    running = len(portals.instances())
    attached = portals.current
    return [
        Check(name="TIA Portal processes", state="ok" if running else "warning", finding=f"{running} running"),
        Check(
            name="Connection",
            state="ok" if attached else "warning",
            finding=f"attached to process {attached.process_id}" if attached else "not attached",
        ),
        Check(name="Workspace", state="ok" if os.access(workspace, os.W_OK) else "error", finding=str(workspace)),
        *_windows_checks(),
    ]


def _windows_checks() -> list[Check]:
    return [Check(name=each.check, state=each.state, finding=each.text) for each in on_windows(ThisSystem())]


def _is_scraper_here(settings: Settings, caller: Caller) -> bool:
    return settings.metrics_local and caller.local is not None


@section.endpoint("GET /metrics", reach=Reach.NOTHING, media="text/plain", open_to=_is_scraper_here)
async def metrics(ctx: Context, _: Call) -> Response[bytes]:
    """Send counters and durations in Prometheus' text format."""
    text = ctx.service.part(Metrics).text(await ctx.service.jobs.counts())
    return Response(text, headers={"Content-Type": CONTENT_TYPE_LATEST})
