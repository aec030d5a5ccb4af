"""MCP over standard input and output, as a proxy to a running server: nothing of the service is needed here.

Standard output belongs to the protocol; everything else goes to standard error.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit, urlunsplit

import anyio
import click

from engineering_api.extras import Extra
from openness_bridge.errors import Kind, Problem

with Extra("mcp"):
    from mcp.client.sse import sse_client
    from mcp.server.stdio import stdio_server
    from mcp_types import JSONRPCRequest

if TYPE_CHECKING:
    from engineering_api.settings import Settings

PATIENCE = 3600.0
"""Seconds without a sign of the server, whose heartbeat comes every 15, after which the proxy gives up."""


def proxy(url: str, settings: Settings, tools: str = "") -> None:
    """Pass messages between standard input and output and a running server until either side ends.

    Args:
        url: The server, with or without a path of its MCP routes.
        settings: Where the server's key is: given, or in its data folder.
        tools: The set of tools that is listed; that of the server when empty.

    Raises:
        Problem: There is no key, the server cannot be reached, or it refuses the key.
    """
    logging.basicConfig(level=logging.CRITICAL, stream=sys.stderr)
    file = settings.data_dir / "api.key"
    if not (settings.api_key or file.exists()):
        msg = f"There is no API key: set TIA_API_KEY, or name the server's data folder with --data-dir ({file} is missing)."
        raise Problem("mcp.no_key", msg, kind=Kind.UNIDENTIFIED)
    chosen = {"X-TIA-Tools": tools} if tools else {}
    key = settings.api_key or file.read_text(encoding="ascii").strip()
    asyncio.run(_proxy(sse_url(url), {"X-API-Key": key, "X-Client-Id": "tia-mcp-proxy", **chosen}))


def sse_url(url: str) -> str:
    """Return the stream of a server, whichever of its MCP routes was named."""
    parts = urlsplit(url if "://" in url else f"http://{url}")
    base = parts.path.rstrip("/").removesuffix("/sse").removesuffix("/mcp")
    return urlunsplit((parts.scheme, parts.netloc, f"{base}/mcp/sse", "", ""))


async def _proxy(url: str, headers: dict[str, str]) -> None:
    connected = False
    try:
        async with sse_client(url, headers=headers, timeout=30.0, sse_read_timeout=PATIENCE) as remote:
            connected = True
            click.echo(f"Connected. Endpoint: {url}", err=True)
            async with stdio_server() as local:
                if not await _join(local, remote):
                    click.echo("The server ended.", err=True)
                    os._exit(3)  # a thread waits for input and cannot be asked to stop
                await local[1].aclose()
    except Exception as error:
        if connected:
            raise
        msg = f"{url} does not answer as an MCP server ({_cause(error)}): is the server started, and is the key right?"
        raise Problem("mcp.not_reached", msg, kind=Kind.UNAVAILABLE) from None


async def _join(local: tuple[Any, Any], remote: tuple[Any, Any]) -> bool:
    """Pass messages both ways until the server ends, or the client does and has its answers. Returns whether it was the client."""
    waiting: set[Any] = set()
    answered = anyio.Event()
    over = False

    async def outward() -> None:
        nonlocal over
        async for message in local[0]:
            if isinstance(message, Exception):
                click.echo(f"Not a message of the protocol: {message}", err=True)
                continue
            if isinstance(message.message, JSONRPCRequest):
                waiting.add(message.message.id)
            await remote[1].send(message)
        over = True
        if waiting:
            await answered.wait()
        both.cancel_scope.cancel()

    async def inward() -> None:
        async for message in remote[0]:
            if isinstance(message, Exception):
                click.echo(f"The connection broke: {message}", err=True)
                continue
            await local[1].send(message)
            waiting.discard(getattr(message.message, "id", None))
            if over and not waiting:
                answered.set()
        both.cancel_scope.cancel()

    async with anyio.create_task_group() as both:
        both.start_soon(outward)
        both.start_soon(inward)
    return over


def _cause(error: BaseException) -> str:
    while isinstance(error, BaseExceptionGroup):
        error = error.exceptions[0]
    return str(error) or type(error).__name__
