"""MCP & AI Assistant: what MCP clients find here, how they are set up, who is connected, and the endpoints of the protocol."""

from __future__ import annotations

import os
from contextlib import suppress
from typing import Annotated, Literal

from engineering_api import VERSION
from engineering_api.extras import Extra
from engineering_api.features.mcp import setups
from engineering_api.features.mcp.endpoint import QUERY, Delegated, McpTransports
from engineering_api.features.mcp.prompts import PROMPTS
from engineering_api.features.mcp.sessions import IDLE, MESSAGES, Session, Sessions
from engineering_api.features.mcp.setups import Setup
from engineering_api.features.tools.resources import FIXED, TEMPLATES
from engineering_api.features.tools.toolbox import Toolbox
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import EVENTS, Section
from engineering_api.operations.fields import Model, Nothing, Request, named
from engineering_api.operations.terms import Lock, Place, Reach, Right, Site, Undo
from engineering_api.settings import DEFAULT_PORT, ToolProfile, default_data_dir
from engineering_api.web.identify import Call
from openness_bridge.errors import Kind, Problem
from openness_bridge.program import program_state
from openness_bridge.program.program_state import ProjectState

section = Section("MCP & AI Assistant", Site.GATEWAY, reach=Reach.ALL, no_tool="it is about the tools themselves")


class OnSession(Request, kw_only=True):
    """Which session."""

    session_id: Annotated[str, named("The session's id, with or without hyphens.", "id")]


class Cleanup(Request, kw_only=True):
    """Which sessions are to end."""

    idle_minutes: Annotated[
        float,
        named(
            "Minutes without a request after which a session ends; 0 ends all.",
            "olderThanMinutes",
            "maxIdleMinutes",
            ge=0,
        ),
    ] = IDLE / 60
    session_id: Annotated[str, named("Only this session, however busy it is.", "id")] = ""


class OfClient(Request, kw_only=True):
    """Which client."""

    client: Annotated[str, named("Only this client: claude-desktop, claude-code, cursor, vscode or continue.")] = ""


class Transport(Model):
    """A transport.

    Attributes:
        address: A URL, or a command.
        messages: Where clients of sse post.
    """

    kind: Literal["streamable-http", "sse", "stdio"]
    address: str
    messages: str = ""


class McpInfo(Model):
    """What this server offers to MCP clients.

    Attributes:
        writing: Whether tools may change anything.
        protocol_versions: Newest last.
        tool_profile: The set of tools that a client sees which chooses no other one.
        tools: Names of the tools of that set that are listed to this caller.
        all_tools: How many tools there are with those that find_operations finds.
        resources: URIs and templates of URIs.
    """

    name: str
    version: str
    writing: bool
    tool_profile: ToolProfile
    protocol_versions: list[str]
    transports: list[Transport]
    tools: list[str]
    all_tools: int
    prompts: list[str]
    resources: list[str]
    sessions: int


class McpConfig(Model):
    """How clients are set up."""

    server: str
    url: str
    clients: list[Setup]


class SessionInfo(Model):
    """A session.

    Attributes:
        transport: streamable-http or sse.
        caller: Whose key it was opened with.
        client: Name and version that the client gave itself.
        protocol: The version of the protocol that is spoken.
        calls: Requests so far.
        active: Whether a request or stream is open at the moment.
    """

    session_id: str
    transport: str
    caller: str
    client: str
    protocol: str
    started_at: str
    last_seen_at: str
    idle_seconds: float
    calls: int
    active: bool


class Cleaned(Model):
    """Sessions that were ended."""

    removed: int
    sessions: list[SessionInfo]


class McpInstance(Model):
    """The server that answers, and the portal that its tools reach.

    Attributes:
        project: The open project's name; null for none.
        portal_process_id: Of the attached TIA Portal; null for none.
    """

    process_id: int
    url: str
    version: str
    backend: str
    tia_version: str
    writing: bool
    portal_process_id: int | None
    project: str | None


TOOLS = {QUERY: "The tools that are listed: read, code, simulate or all; X-TIA-Tools does the same."}
SESSION = {"sessionId": "0f8fad5bd9cb469fa16570867728950e"}


@section.operation(wait="GET /mcp/info", right=Right.VIEW, lock=Lock.NONE, changes=False, reach=Reach.NOTHING)
def info(ctx: Context, _: Nothing) -> McpInfo:
    """Get what this server offers to MCP clients: transports, tools, prompts, resources, and whether tools may change anything."""
    with Extra("mcp"):
        from mcp_types.version import KNOWN_PROTOCOL_VERSIONS

    toolbox, settings, url = ctx.service.part(Toolbox), ctx.service.settings, _url(ctx)
    return McpInfo(
        name=setups.SERVER,
        version=VERSION,
        writing=settings.mcp_write,
        tool_profile=settings.mcp_tools,
        protocol_versions=list(KNOWN_PROTOCOL_VERSIONS),
        transports=[
            Transport(kind="streamable-http", address=f"{url}/mcp"),
            Transport(kind="sse", address=f"{url}/mcp/sse", messages=f"{url}{MESSAGES}"),
            Transport(kind="stdio", address=f"tia {' '.join(_arguments(ctx))}"),
        ],
        tools=[
            tool.name for tool in toolbox.list_tools(ctx.caller, writing=settings.mcp_write, profile=settings.mcp_tools)
        ],
        all_tools=len(toolbox.tools(ctx.caller, everything=True)),
        prompts=list(PROMPTS),
        resources=[*FIXED, *(each.uri for each, _ in TEMPLATES)],
        sessions=len(ctx.service.part(Sessions).all()),
    )


@section.operation(
    wait="GET /mcp/config",
    right=Right.VIEW,
    lock=Lock.NONE,
    changes=False,
    example={"client": "claude-code"},
    items="clients",
    reach=Reach.NOTHING,
)
def config(ctx: Context, request: OfClient) -> McpConfig:
    """Get a block for the settings of each common MCP client, ready to copy. None contains the key."""
    url = _url(ctx)
    found = setups.setups(setups.Server(url, _arguments(ctx)))
    wanted = request.client.casefold().replace("_", "-")
    chosen = [each for each in found if wanted in {"", each.client}]
    known = ", ".join(each.client for each in found)
    ctx.require(
        chosen,
        "mcp.unknown_client",
        f"There is no settings block for '{request.client}': use one of {known}.",
        Kind.MISSING,
    )
    return McpConfig(server=setups.SERVER, url=f"{url}/mcp", clients=chosen)


@section.operation(wait="GET /mcp/sessions", right=Right.VIEW, lock=Lock.NONE, place=Place.LOOP, changes=False)
def sessions(ctx: Context, _: Nothing) -> list[SessionInfo]:
    """List the sessions of MCP clients over HTTP, the oldest first. Clients of the newest protocol have none."""
    return [_to_session_info(each) for each in ctx.service.part(Sessions).all()]


@section.operation(
    wait="GET /mcp/sessions/{sessionId}",
    right=Right.VIEW,
    lock=Lock.NONE,
    place=Place.LOOP,
    changes=False,
    example=SESSION,
)
def session(ctx: Context, request: OnSession) -> SessionInfo:
    """Get a session of an MCP client."""
    return _to_session_info(_find_session(ctx, request.session_id))


@section.operation(
    wait="POST /mcp/sessions/cleanup",
    right=Right.ADMINISTER,
    lock=Lock.NONE,
    example={"idleMinutes": 30},
    destroys=True,
    undo=Undo.NEVER,
    done="Sessions ended",
)
async def cleanup(ctx: Context, request: Cleanup) -> Cleaned:
    """End sessions that have been idle, or one session. Their clients begin a new one."""
    known = ctx.service.part(Sessions)
    going = [_find_session(ctx, request.session_id)] if request.session_id else known.all()
    if not request.session_id:
        going = [each for each in going if each.idle >= request.idle_minutes * 60]
    ended = [_to_session_info(each) for each in going]
    for each in going:
        await each.end()
        known.forget(each.session_id)
    return Cleaned(removed=len(ended), sessions=ended)


@section.operation(wait="GET /mcp/instance", right=Right.VIEW, lock=Lock.NONE, site=Site.WORKER, changes=False)
def instance(ctx: Context, _: Nothing) -> McpInstance:
    """Get which server answers, and which TIA Portal and project its tools use."""
    service = ctx.service
    current = service.portals.current
    project = None
    if current is not None:
        with suppress(Problem):
            project = str(current.call(lambda: current.project.Name))
    return McpInstance(
        process_id=os.getpid(),
        url=_url(ctx),
        version=VERSION,
        backend=service.portals.model.backend,
        tia_version=service.portals.model.version,
        writing=service.settings.mcp_write,
        portal_process_id=None if current is None else current.process_id,
        project=project,
    )


@section.operation(also="GET /mcp/project-state", right=Right.VIEW, changes=False, items="parts")
def project_state(ctx: Context, _: Nothing) -> ProjectState:
    """Get the parts of the open project with the time of their last change, so that two states can be compared."""
    return program_state.state(ctx.session)


def _url(ctx: Context) -> str:
    """Where programs on this computer reach this server."""
    settings = ctx.service.settings
    return ctx.service.address or f"http://{settings.host}:{settings.port or DEFAULT_PORT}"


def _arguments(ctx: Context) -> tuple[str, ...]:
    """The arguments of `tia` by which a client on this computer reaches this server, its key included by its folder."""
    folder = ctx.service.settings.data_dir
    where = () if folder == default_data_dir() else ("--data-dir", str(folder))
    return ("mcp", "--url", _url(ctx), *where)


def _find_session(ctx: Context, session_id: str) -> Session:
    found = ctx.service.part(Sessions).get(session_id)
    if found is None:
        msg = f"There is no MCP session '{session_id}': GET /mcp/sessions lists all."
        raise Problem("mcp.session_not_found", msg, kind=Kind.MISSING)
    return found


def _to_session_info(each: Session) -> SessionInfo:
    return SessionInfo(
        session_id=each.session_id,
        transport=each.transport,
        caller=each.caller.name,
        client=each.client,
        protocol=each.protocol,
        started_at=each.started_at,
        last_seen_at=each.last_seen_at,
        idle_seconds=round(each.idle, 1),
        calls=each.calls,
        active=each.open > 0,
    )


@section.endpoint(
    "GET /mcp", "POST /mcp", "DELETE /mcp", reach=Reach.OWN, media=EVENTS, query=TOOLS, body="application/json"
)
async def streamable(ctx: Context, request: Call) -> Delegated:
    """Serve an MCP client by streamable HTTP."""
    return Delegated((await ctx.service.part(McpTransports).ready(request, ctx.caller)).streamable)


@section.endpoint("GET /mcp/sse", reach=Reach.OWN, media=EVENTS, query=TOOLS)
async def sse(ctx: Context, request: Call) -> Delegated:
    """Serve an MCP client by server-sent events, with its messages at /mcp/messages."""
    return Delegated((await ctx.service.part(McpTransports).ready(request, ctx.caller)).sse)


@section.endpoint(
    f"POST {MESSAGES}",
    also=["session_id", "sessionId", "tools"],
    reach=Reach.OWN,
    media="application/json",
    body="application/json",
)
async def messages(ctx: Context, request: Call) -> Delegated:
    """Take a message of an MCP client that listens at /mcp/sse."""
    return Delegated((await ctx.service.part(McpTransports).ready(request, ctx.caller)).messages)
