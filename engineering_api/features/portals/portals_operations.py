"""TIA Portal Management: list, launch, attach, detach and shut down portals."""

from __future__ import annotations

from typing import Annotated, Literal

import msgspec

from engineering_api import VERSION
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Nothing, Request, named
from engineering_api.operations.terms import Lock, Place, Reach, Right, Task, Undo
from openness_bridge.errors import Problem
from openness_bridge.portal import firewall
from openness_bridge.portal.dialogs import Dialog
from openness_bridge.portal.portal import Instance, Session
from openness_bridge.project import projects

section = Section("TIA Portal Management", reach=Reach.ALL)
PATIENCE = 2.0
"""Seconds that the status waits for a portal that is busy."""
PortalState = Annotated[Literal["connected", "disconnected", "no project", "busy"], msgspec.Meta(title="PortalState")]


class Status(Model):
    """The connection, and the project that is open.

    Attributes:
        state: busy where a call has not ended: then nothing is known of the project for now.
    """

    is_connected: bool
    state: PortalState
    process_id: int | None
    tia_version: str
    backend: str
    project_name: str | None
    project_path: str | None
    is_modified: bool | None


class Version(Model):
    """The version of this API."""

    version: str
    tia_version: str


class ProcessDiagnostics(Model):
    """A portal process: its clients, and what the system says of it.

    Attributes:
        queued_calls: Calls that wait for the portal's thread.
        busy_seconds: How long the present call has run; 0 when none runs.
        dialogs: The portal's latest questions and messages while this service worked, with the answers.
        memory_mb: Memory of the process in MiB; null where the process is not one of this system's.
    """

    instance: Instance
    queued_calls: int
    busy_seconds: float
    dialogs: list[Dialog]
    memory_mb: float | None


class Attach(Request):
    """Which process to attach to."""

    process_id: Annotated[int, named("Process id from GET /api/instances.", "pid", "id")]


class Launch(Request):
    """How to start a portal."""

    with_ui: Annotated[bool, named("Start with user interface.", "withUserInterface")] = False


class Leave(Request):
    """Which portal to detach from."""

    process_id: Annotated[int | None, named("Process id; the current portal by default.", "pid")] = None
    force: Annotated[
        bool,
        named(
            "Detach even if changes that are not saved are lost, or a project that others opened is closed.",
            destroys=True,
        ),
    ] = False


class Connection(Model):
    """The portal that requests go to now."""

    process_id: int
    tia_version: str


class Left(Model):
    """The portal that the service detached from, and the one that requests go to now."""

    process_id: int
    current: int | None


class Whitelist(Request):
    """Whom to put on the firewall's whitelist."""

    executable: Annotated[str | None, named("Full path of the program; this service's interpreter by default.")] = None


@section.operation(wait="GET /api/instances", right=Right.VIEW, lock=Lock.NONE, changes=False)
def instances(ctx: Context, _: Nothing) -> list[Instance]:
    """List all running TIA Portal processes."""
    return ctx.service.portals.instances()


@section.operation(
    wait="GET /api/instance/status",
    right=Right.VIEW,
    lock=Lock.NONE,
    changes=False,
    reach=Reach.PROJECT,
    tool="get_project_status",
    task=Task.READ,
    when="first, to see whether TIA Portal is attached and which project is open.",
    unless="for what the project contains: get_project_overview.",
)
def status(ctx: Context, _: Nothing) -> Status:
    """Get whether the service is attached to a portal, and which project is open."""
    session, model = ctx.service.portals.current, ctx.service.portals.model
    project: projects.ProjectInfo | None = None
    state: PortalState = "disconnected"
    if session is not None:
        project, state = _project(session)
    return Status(
        is_connected=session is not None,
        state=state,
        process_id=session.process_id if session else None,
        tia_version=model.version,
        backend=model.backend,
        project_name=project.name if project else None,
        project_path=project.path if project else None,
        is_modified=project.is_modified if project else None,
    )


@section.operation(
    wait="GET /api/instance/version",
    right=Right.VIEW,
    lock=Lock.NONE,
    place=Place.LOOP,
    changes=False,
    reach=Reach.NOTHING,
)
def version(ctx: Context, _: Nothing) -> Version:
    """Get the version of this API."""
    return Version(version=VERSION, tia_version=ctx.service.portals.model.version)


@section.operation(wait="GET /api/instance/diagnostics", right=Right.VIEW, lock=Lock.NONE, changes=False)
def diagnostics(ctx: Context, _: Nothing) -> list[ProcessDiagnostics]:
    """Get details of the running portals: clients, queued calls and memory. This also works while a portal is busy."""
    portals = ctx.service.portals
    return [_process(instance, portals.find_session(instance.process_id)) for instance in portals.instances()]


@section.operation(
    wait="POST /api/instance/actions/attach",
    lock=Lock.NONE,
    example={"processId": 4711},
    destroys=False,
    undo=Undo.NEEDLESS,
)
def attach(ctx: Context, request: Attach) -> Connection:
    """Attach to a running portal; later requests use it."""
    return _connection(ctx, ctx.service.portals.attach(request.process_id))


@section.operation(
    destroys=False,
    undo=Undo.NEEDLESS,
    wait="POST /api/instance/actions/launch",
    also_job="POST /api/instance/actions/launch-async",
    lock=Lock.NONE,
    example={"withUi": False},
)
def launch(ctx: Context, request: Launch) -> Connection:
    """Start a new portal and attach to it. A real TIA Portal takes 30 to 120 seconds."""
    return _connection(ctx, ctx.service.portals.launch(with_ui=request.with_ui))


@section.operation(
    wait="POST /api/instance/actions/detach", lock=Lock.NONE, example={"force": False}, destroys=False, undo=Undo.NEVER
)
def detach(ctx: Context, request: Leave) -> Left:
    """Detach from a portal without closing it.

    A portal without user interface ends when its last client detaches. This is refused while a project
    has changes that are not saved, unless force is set.
    """
    gone = ctx.service.portals.detach(request.process_id, force=request.force)
    return _to_left(ctx, gone)


@section.operation(
    wait="POST /api/instance/actions/shutdown", lock=Lock.NONE, example={"force": False}, destroys=True, undo=Undo.NEVER
)
def shutdown(ctx: Context, request: Leave) -> Left:
    """End the process of a portal; with force also one that hangs.

    Refused while a project has changes that are not saved, or was not opened by this service, unless force is set.
    """
    gone = ctx.service.portals.shut_down(request.process_id, force=request.force)
    return _to_left(ctx, gone)


@section.operation(
    destroys=False,
    undo=Undo.NEVER,
    wait="POST /api/tia/firewall/whitelist",
    right=Right.ADMINISTER,
    lock=Lock.NONE,
)
def whitelist(ctx: Context, request: Whitelist) -> firewall.WhitelistEntry:
    """Add a program to the whitelist of the Openness firewall, so that no prompt appears.

    Needs Windows and an administrator. Elsewhere the entry that would be written is recorded and returned.
    """
    return firewall.allow(request.executable or str(firewall.interpreter()), ctx.service.portals.model.version)


def _project(session: Session) -> tuple[projects.ProjectInfo | None, PortalState]:
    """The primary project and the state; a portal that works on something long is not waited for."""
    try:
        open_now = session.call_within(PATIENCE, lambda: projects.open_projects(session))
    except Problem as problem:
        if problem.code == "portal.busy":
            return None, "busy"
        raise
    project = next((p for p in open_now if p.is_primary), None)
    return project, "connected" if project else "no project"


def _connection(ctx: Context, session: Session) -> Connection:
    return Connection(process_id=session.process_id, tia_version=ctx.service.portals.model.version)


def _process(instance: Instance, session: Session | None) -> ProcessDiagnostics:
    """A process, with the properties of its session where this service is attached."""
    return ProcessDiagnostics(
        instance=instance,
        memory_mb=_memory_mb(instance.process_id),
        queued_calls=session.apartment.waiting if session else 0,
        busy_seconds=round(session.apartment.busy, 1) if session else 0,
        dialogs=session.dialogs.since(0) if session else [],
    )


def _to_left(ctx: Context, process_id: int) -> Left:
    current = ctx.service.portals.current
    return Left(process_id=process_id, current=current.process_id if current else None)


def _memory_mb(process_id: int) -> float | None:
    """Resident memory as Linux reports it; null for a simulated process and on other systems."""
    try:
        with open(f"/proc/{process_id}/status", encoding="ascii") as lines:  # noqa: PTH123 - a kernel interface
            found = next((line for line in lines if line.startswith("VmRSS:")), None)
    except OSError:
        return None
    return None if found is None else round(int(found.split()[1]) / 1024, 1)
