"""Sources of values: simulated PLCs, and tags that the service itself keeps."""

from __future__ import annotations

import asyncio
import time
from contextlib import suppress
from typing import Annotated, Literal

import msgspec

from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import JsonObject, Model, Nothing, Request, carrying, named
from engineering_api.operations.terms import Lock, Reach, Right, Undo
from openness_bridge.errors import Kind, Place, Problem
from openness_bridge.plcsim.runtime import OperatingState
from runtime_data.runtime import Runtime
from runtime_data.sources.registry import SourceDefinition, Sources
from runtime_data.sources.simulated import SimulatedSource
from runtime_data.sources.source import Certified, Connecting, Diagnosing, Diagnostics, SourceStatus, State
from simatic_xml.lazy.plugins import NAME_PATTERN

section = Section("Runtime Data", reach=Reach.TAGS, lock=Lock.NONE)
NAME = "Name of the source: what its tags begin with, before the colon; case does not matter."
NO_TOOL = "an administrator decides where values come from"
INSTANCE = "The simulated PLC whose tags it gives; only of the kind simulated."
DEFAULT = "Whether tags that name no source are its tags; no other source is the default one then."
CONNECTION = "Where and how it connects; only of the kinds webapi, opcua and s7, and of plugins, which each have their own fields."
LARGEST_NAME = 100
MOST_DIAGNOSTICS = 1000


class OnSource(Request):
    """Which source."""

    source: Annotated[str, named(NAME, "name", min_length=1, max_length=LARGEST_NAME)]


class Create(Request):
    """A new source."""

    name: Annotated[str, named(NAME, "source", min_length=1, max_length=LARGEST_NAME)]
    kind: Annotated[
        str,
        named(
            "memory for tags that the service keeps, simulated for a simulated PLC under another name; webapi, opcua or s7 for"
            " a real PLC or another server; or the name of a plugin.",
            pattern=f"^{NAME_PATTERN}$",
        ),
    ]
    instance: Annotated[str, named(INSTANCE, max_length=LARGEST_NAME)] = ""
    default: Annotated[bool, named(DEFAULT)] = False
    connection: Annotated[JsonObject, carrying(CONNECTION)] = {}


class Update(OnSource):
    """Changes of a source; fields that are left out keep their values."""

    instance: Annotated[Annotated[str, msgspec.Meta(max_length=LARGEST_NAME)] | None, named(INSTANCE)] = None
    default: Annotated[bool | None, named(DEFAULT)] = None
    connection: Annotated[
        JsonObject | None, carrying(CONNECTION + " The whole connection; empty secrets are kept.")
    ] = None


class OnDiagnostics(OnSource):
    """Which entries of a diagnostic buffer."""

    count: Annotated[int, named("How many entries.", ge=1, le=MOST_DIAGNOSTICS)] = 50
    language: Annotated[str, named("The language of the texts, one of the project's.", max_length=20)] = "en-US"


class RuntimeSource(Model):
    """A source of values.

    Attributes:
        name: What its tags begin with.
        kind: virtual or plcsim for a simulated PLC, memory for tags that the service keeps, webapi, opcua, s7 or the
            name of a plugin for a connection.
        instance: The simulated PLC; empty for other kinds.
        connection: Of a kind with a connection, without its secrets.
        default: Whether tags that name no source are its tags by definition.
        defined: Whether an administrator made it. The others are there by themselves: one for each simulated PLC, and memory.
        real: Whether writing to it moves something outside of this computer.
        atomic: Whether it can write several tags between two cycles, all or none.
    """

    name: str
    kind: str
    instance: str
    connection: JsonObject
    default: bool
    defined: bool
    real: bool
    atomic: bool


class SourceTest(Model):
    """What a test of a source found.

    Attributes:
        message: Why it is not connected; empty otherwise.
        operating_state: Of a CPU; empty for other sources.
        tags: How many tags with a value it has; null where it is not connected.
        milliseconds: How long the source took to answer.
        fingerprint: The SHA-256 fingerprint of the certificate that a host shows, trusted or not; empty for other sources. To
            trust it, compare it with the one of the CPU, then set it as the fingerprint of the connection.
    """

    state: State
    message: str
    operating_state: OperatingState | Literal[""]
    tags: int | None
    milliseconds: int
    fingerprint: str


def sources_of(ctx: Context) -> Sources:
    """Return the sources of a service."""
    return ctx.service.part(Runtime).sources


@section.operation(also="GET /api/runtime/sources", right=Right.VIEW, changes=False)
def list_(ctx: Context, _: Nothing) -> list[RuntimeSource]:
    """List the sources of values: those that were defined, one for each simulated PLC, and memory."""
    return [_show(sources_of(ctx), name) for name in sources_of(ctx).names()]


@section.operation(
    also="GET /api/runtime/sources/{source}",
    right=Right.VIEW,
    changes=False,
    example={"source": "PLC_1"},
)
def get(ctx: Context, request: OnSource) -> RuntimeSource:
    """Get a source: its kind, and what it can do."""
    return _show(sources_of(ctx), request.source)


@section.operation(
    also="POST /api/runtime/sources",
    right=Right.ADMINISTER,
    reach=Reach.ALL,
    resource=list_,
    destroys=False,
    undo=Undo.NEEDLESS,
    no_tool=NO_TOOL,
    example={"name": "ERP", "kind": "memory"},
    done="Source created",
)
def create(ctx: Context, request: Create) -> RuntimeSource:
    """Define a source: tags that the service keeps, or a simulated PLC under another name."""
    definition = SourceDefinition(request.name, request.kind, request.instance, request.default, request.connection)
    return _show(sources_of(ctx), sources_of(ctx).create(definition).name)


@section.operation(
    also="PATCH /api/runtime/sources/{source}",
    right=Right.ADMINISTER,
    reach=Reach.ALL,
    destroys=True,
    undo=Undo.NEVER,
    no_tool=NO_TOOL,
    example={"source": "ERP", "default": True},
    done="Source changed",
)
def update(ctx: Context, request: Update) -> RuntimeSource:
    """Change a source that was defined: the simulated PLC behind it, or whether it is the default one."""
    found = sources_of(ctx).update(
        request.source, instance=request.instance, default=request.default, connection=request.connection
    )
    return _show(sources_of(ctx), found.name)


@section.operation(
    also="DELETE /api/runtime/sources/{source}",
    right=Right.ADMINISTER,
    reach=Reach.ALL,
    destroys=True,
    undo=Undo.NEVER,
    no_tool=NO_TOOL,
    example={"source": "ERP"},
    done="Source removed",
)
async def delete(ctx: Context, request: OnSource) -> RuntimeSource:
    """Remove a source that was defined; of a memory source its tags, too."""
    gone = await asyncio.to_thread(_show, sources_of(ctx), request.source)
    await ctx.service.part(Runtime).remove_source(request.source)
    return gone


@section.operation(
    also="GET /api/runtime/sources/{source}/status",
    right=Right.VIEW,
    changes=False,
    example={"source": "PLC_1"},
)
def status(ctx: Context, request: OnSource) -> SourceStatus:
    """Get whether a source is connected; of a CPU also its operating state."""
    return sources_of(ctx).find(request.source).status()


@section.operation(
    also="POST /api/runtime/sources/{source}/actions/test",
    right=Right.ENGINEER,
    changes=False,
    example={"source": "PLC_1"},
)
def test(ctx: Context, request: OnSource) -> SourceTest:
    """Ask a source for its state and its list of tags, and measure how long it takes. Of a CPU's web server also the certificate."""
    begun = time.perf_counter()
    source = sources_of(ctx).find(request.source)
    fingerprint = ""
    if isinstance(source, Certified):
        with suppress(Problem):  # the state says why
            fingerprint = source.fingerprint()
    found = source.status()
    tags = len(source.tags()) if found.state == "connected" else None
    took = int((time.perf_counter() - begun) * 1000)
    return SourceTest(
        state=found.state,
        message=found.message,
        operating_state=found.operating_state,
        tags=tags,
        milliseconds=took,
        fingerprint=fingerprint,
    )


@section.operation(
    also="POST /api/runtime/sources/{source}/actions/connect",
    right=Right.OPERATE,
    destroys=False,
    undo=Undo.NEEDLESS,
    no_tool=NO_TOOL,
    example={"source": "Press"},
    done="Source connected",
)
def connect(ctx: Context, request: OnSource) -> SourceStatus:
    """Connect a source now: after it was disconnected, or without waiting for the next attempt after a failure."""
    source = _connecting(ctx, request.source)
    source.connect()
    return sources_of(ctx).find(request.source).status()


@section.operation(
    also="POST /api/runtime/sources/{source}/actions/disconnect",
    right=Right.OPERATE,
    destroys=False,
    undo=Undo.NEEDLESS,
    no_tool=NO_TOOL,
    example={"source": "Press"},
    done="Source disconnected",
)
def disconnect(ctx: Context, request: OnSource) -> SourceStatus:
    """End the connection of a source, until it is connected again or the service restarts. Its tags are Bad meanwhile."""
    _connecting(ctx, request.source).disconnect()
    return sources_of(ctx).find(request.source).status()


@section.operation(
    also="GET /api/runtime/sources/{source}/diagnostics",
    right=Right.VIEW,
    changes=False,
    example={"source": "Press", "count": 10},
)
def diagnostics(ctx: Context, request: OnDiagnostics) -> Diagnostics:
    """Get the newest entries of the diagnostic buffer of a CPU, from a source of the kind webapi."""
    source = sources_of(ctx).find(request.source)
    if not isinstance(source, Diagnosing):
        msg = f"'{source.name}' shows no diagnostic buffer: define a source of the kind webapi for the CPU."
        raise Problem("runtime.no_diagnostics", msg, kind=Kind.UNSUPPORTED, place=Place(object=source.name))
    return source.read_diagnostics(request.count, request.language)


def _connecting(ctx: Context, name: str) -> Connecting:
    source = sources_of(ctx).find(name)
    if not isinstance(source, Connecting):
        msg = f"'{source.name}' keeps no connection: only the kinds webapi, opcua and s7 do."
        raise Problem("runtime.no_connection", msg, kind=Kind.REFUSED, place=Place(object=source.name))
    return source


def _show(sources: Sources, name: str) -> RuntimeSource:
    found, defined = sources.find(name), sources.definition(name)
    return RuntimeSource(
        name=found.name,
        kind=found.kind,
        instance=found.instance if isinstance(found, SimulatedSource) else "",
        connection=sources.shown_connection(name),
        default=defined is not None and defined.default,
        defined=defined is not None,
        real=found.real,
        atomic=found.atomic,
    )
