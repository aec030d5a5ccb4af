"""A server on a loopback socket, and the SDK's client on each of its transports."""

from __future__ import annotations

import asyncio
import sys
import threading
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx2
import uvicorn
from mcp.client.client import Client
from mcp.client.sse import sse_client
from mcp.client.stdio import StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from engineering_api.app import create_app
from engineering_api.cli.serve import Server, listening_socket
from engineering_api.web.application import App
from tests.support.service import CPU, FIRMWARE, KEY, settings

Connect = Callable[..., AbstractAsyncContextManager[Client]]
HEADERS = {"X-API-Key": KEY}


@dataclass
class Served:
    """A running server."""

    url: str
    app: App
    folder: Path

    @asynccontextmanager
    async def streamable(self, mode: str = "auto", **given: Any) -> AsyncIterator[Client]:
        """A client over streamable HTTP."""
        async with (
            httpx2.AsyncClient(headers=HEADERS, timeout=60) as http,
            Client(streamable_http_client(f"{self.url}/mcp", http_client=http), mode=mode, **given) as client,
        ):
            yield client

    @asynccontextmanager
    async def sse(self, mode: str = "auto") -> AsyncIterator[Client]:
        """A client over the older pair of routes."""
        async with Client(sse_client(f"{self.url}/mcp/sse", headers=HEADERS), mode=mode) as client:
            yield client

    @asynccontextmanager
    async def proxied(self, mode: str = "auto") -> AsyncIterator[Client]:
        """A client over `tia mcp --url`."""
        async with Client(tia("mcp", "--url", self.url, "--data-dir", str(self.folder), key=KEY), mode=mode) as client:
            yield client


@contextmanager
def served(folder: Path, **given: Any) -> Iterator[Served]:
    """A server on a loopback socket within the block."""
    app = create_app(settings(folder, **given))
    sock = listening_socket("127.0.0.1", 0)
    config = uvicorn.Config(app, log_level="error", access_log=False, timeout_graceful_shutdown=5)
    server = Server(config, app.state.service)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [sock]})
    thread.start()
    try:
        while not server.started and thread.is_alive():
            time.sleep(0.01)
        url = app.state.service.address = f"http://127.0.0.1:{sock.getsockname()[1]}"
        yield Served(url, app, folder)
    finally:
        server.should_exit = True
        thread.join()
        sock.close()


def tia(*arguments: str, key: str = "") -> StdioServerParameters:
    """The program tia as a server over standard input and output."""
    environment = {"TIA_API_KEY": key} if key else {}
    return StdioServerParameters(command=sys.executable, args=["-m", "engineering_api", *arguments], env=environment)


def run(steps: Callable[[Client], Awaitable[None]], connect: AbstractAsyncContextManager[Client]) -> None:
    """Do steps with a client."""

    async def main() -> None:
        async with connect as client:
            await steps(client)

    asyncio.run(main())


async def ok(client: Client, tool: str, /, **arguments: Any) -> dict[str, Any]:
    """The structured answer of a call that must go well."""
    answer = await client.call_tool(tool, arguments)
    assert not answer.is_error, (tool, answer.content)
    return answer.structured_content


async def refused(client: Client, code: str, tool: str, /, **arguments: Any) -> str:
    """The text of a call that must be refused with this code."""
    answer = await client.call_tool(tool, arguments)
    assert answer.is_error, (tool, answer.structured_content)
    assert answer.structured_content["error"]["code"] == code, answer.structured_content
    return answer.content[0].text


async def with_plc(client: Client) -> None:
    """Make a project with one PLC, over MCP."""
    await ok(client, "create_project", name="Plant")
    await ok(client, "add_device", orderNumber=CPU, version=FIRMWARE, name="PLC_1")
