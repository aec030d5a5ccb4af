"""Servers that show tags to other programs as a PLC does: OPC UA, S7 and Web API."""

from __future__ import annotations

from typing import Annotated

from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import JsonObject, Model, Nothing, Request, carrying, named
from engineering_api.operations.terms import Lock, Reach, Right, Site, Undo
from runtime_data.servers.server import ServerClient, ServerState
from runtime_data.servers.servers import ServerReport, Servers

section = Section(
    "Runtime Servers", Site.WORKER, reach=Reach.ALL, no_tool="an administrator decides what listens", lock=Lock.NONE
)


class OnServer(Request):
    """Which server."""

    server: Annotated[str, named("The server: opcua, s7 or webapi.", max_length=20)]


class Set(OnServer):
    """How a server runs."""

    enabled: Annotated[bool, named("Whether it runs.")]
    settings: Annotated[
        JsonObject,
        carrying(
            "The fields of this server; those that are left out have their default values, and empty secrets are kept."
        ),
    ] = {}


class RuntimeServer(Model):
    """A server.

    Attributes:
        name: opcua, s7 or webapi.
        enabled: Whether it is to run.
        message: Why it does not run although it is enabled, or why it has no values to show; empty otherwise.
        endpoints: The addresses that clients connect to.
        settings: Its fields, without secrets.
    """

    name: str
    enabled: bool
    state: ServerState
    message: str
    endpoints: list[str]
    settings: JsonObject


@section.operation(also="GET /api/runtime/servers", right=Right.ENGINEER, changes=False)
async def list_(ctx: Context, _: Nothing) -> list[RuntimeServer]:
    """List the servers that show tags to other programs. All are off until an administrator enables them."""
    return [_show(each) for each in await ctx.service.part(Servers).reports()]


@section.operation(
    also="GET /api/runtime/servers/{server}",
    right=Right.ENGINEER,
    changes=False,
    example={"server": "webapi"},
)
async def get(ctx: Context, request: OnServer) -> RuntimeServer:
    """Get a server: its settings, and whether it runs."""
    return _show(await ctx.service.part(Servers).report(request.server))


@section.operation(
    also="PUT /api/runtime/servers/{server}",
    right=Right.ADMINISTER,
    destroys=True,
    undo=Undo.NEVER,
    example={"server": "webapi", "enabled": False},
    done="Server set",
)
async def set_(ctx: Context, request: Set) -> RuntimeServer:
    """Replace the settings of a server, and start it or stop it.

    If it cannot start with them, the former settings are kept.
    """
    found = await ctx.service.part(Servers).set(request.server, enabled=request.enabled, settings=request.settings)
    return _show(found)


@section.operation(
    also="GET /api/runtime/servers/{server}/clients",
    right=Right.ENGINEER,
    changes=False,
    example={"server": "webapi"},
)
async def list_clients(ctx: Context, request: OnServer) -> list[ServerClient]:
    """List the clients that are connected to a server."""
    return ctx.service.part(Servers).clients(request.server)


def _show(report: ServerReport) -> RuntimeServer:
    return RuntimeServer(
        name=report.name,
        enabled=report.enabled,
        state=report.state,
        message=report.message,
        endpoints=report.endpoints,
        settings=report.settings,
    )
