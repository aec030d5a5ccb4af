"""MCP over standard input and output, with a separate service in this process.

Standard output belongs to the protocol; everything else goes to standard error.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from typing import TYPE_CHECKING

import click

from engineering_api.app import create_app
from engineering_api.execution.runner import Runner
from engineering_api.extras import Extra
from engineering_api.features.mcp.sessions import Sessions
from engineering_api.features.projects import projects_operations
from engineering_api.operations.binding import bind_document
from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from engineering_api.storage.private import write_for_owner_alone
from openness_bridge.errors import Problem

with Extra("mcp"):
    from mcp.server.stdio import stdio_server

    from engineering_api.features.mcp.server import make

if TYPE_CHECKING:
    from engineering_api.operations.context import Service
    from engineering_api.settings import Settings

WHO = "mcp-stdio"


def serve_embedded(settings: Settings, project: str = "") -> None:
    """Serve one client until it closes standard input.

    Args:
        settings: How the service is made.
        project: A project to open at the start, which a client of a server that only reads could not.

    Raises:
        Problem: The backend or the project is not available.
    """
    write_for_owner_alone()
    logging.basicConfig(level=logging.WARNING, stream=sys.stderr)
    asyncio.run(_serve(settings, project))


async def _serve(settings: Settings, project: str) -> None:
    app = create_app(settings)
    service: Service = app.state.service
    async with app.lifespan():
        local = Caller(WHO, Right.ADMINISTER, WHO)
        await _begin(service, local, project)
        server = make(service, service.part(Sessions), local)
        async with stdio_server() as (reading, writing):
            await server.run(reading, writing, server.create_initialization_options())


async def _begin(service: Service, local: Caller, project: str) -> None:
    """Open the project, or attach to the portal where just one runs."""
    if project:
        op = service.catalogue.of(projects_operations.open_)
        await service.part(Runner).wait(op, bind_document(op.request, {"path": project}), local)
        return
    try:
        running = await asyncio.to_thread(service.portals.instances)
        if len(running) == 1:
            await asyncio.to_thread(service.portals.attach, running[0].process_id)
    except Problem as problem:
        click.echo(f"Not attached: {problem.message} [{problem.code}]", err=True)
