"""A server on a loopback port in the test's own event loop, so that the test can change what it serves."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from websockets.asyncio.client import ClientConnection, connect

from engineering_api.app import create_app
from engineering_api.cli.serve import Server, configuration, listening_socket
from engineering_api.operations.context import Service
from engineering_api.settings import Settings
from runtime_data.runtime import Runtime
from runtime_data.sources.memory import MemorySource, MemoryTag
from tests.support.service import KEY

SUBPROTOCOL = "tia.runtime.v1"


@dataclass
class Live:
    """A running server."""

    url: str
    service: Service
    server: Server
    http: httpx.AsyncClient

    @property
    def memory(self) -> MemorySource:
        found = self.service.part(Runtime).sources.find("memory")
        assert isinstance(found, MemorySource)
        return found

    async def define(self, **tags: str) -> None:
        """Define tags of `memory`, each with its type."""
        for path, data_type in tags.items():
            await asyncio.to_thread(self.memory.define, MemoryTag(path, data_type))

    async def put(self, **values: Any) -> None:
        """Write tags of `memory`."""
        done = await asyncio.to_thread(self.memory.write, list(values.items()), {}, atomic=False)
        assert done == [None] * len(values), done

    @asynccontextmanager
    async def events(self, headers: Mapping[str, str] | None = None, **query: Any) -> AsyncIterator[Events]:
        """Listen to the stream of values."""
        request = self.http.stream("GET", "/api/runtime/values/stream", params=query, headers=headers)
        async with request as answer:
            assert answer.status_code == 200, await answer.aread()
            yield Events(answer.aiter_lines())

    @asynccontextmanager
    async def socket(self, key: str = KEY, **options: Any) -> AsyncIterator[Socket]:
        """Connect by WebSocket, and log in."""
        address = self.url.replace("http", "ws") + "/api/runtime/ws"
        async with connect(address, subprotocols=[SUBPROTOCOL], **options) as connection:  # type: ignore[list-item]  # a plain text is enough
            socket = Socket(connection)
            if key:
                assert (await socket.ask("login", key=key))["type"] == "done"
            yield socket


class Events:
    """The messages of a stream."""

    def __init__(self, lines: AsyncIterator[str]) -> None:
        self._lines = lines
        self.last = ""
        self.beats: list[Any] = []

    async def take(self) -> Any:
        """The data of the next message of values; the beats before it are kept."""
        async with asyncio.timeout(60):
            kind = ""
            async for line in self._lines:
                name, _, value = line.partition(": ")
                if name == "id":
                    self.last = value
                elif name == "event":
                    kind = value
                elif name == "data":
                    assert kind == "values", line
                    return json.loads(value)
                elif line.startswith(": beat "):
                    self.beats.append(json.loads(line.removeprefix(": beat ")))
        raise EOFError

    async def listen(self, beats: int) -> None:
        """Take beats until there are so many; nothing else may come."""
        async with asyncio.timeout(60):
            async for line in self._lines:
                assert not line or line.startswith(": beat "), line
                self.beats += [json.loads(line.removeprefix(": beat "))] if line else []
                if len(self.beats) == beats:
                    return

    async def until(self, **wanted: Any) -> dict[str, Any]:
        """Take values until each tag of `memory` has the value that is named; return the newest of each."""
        seen: dict[str, Any] = {}
        while any(seen.get(f"memory:{name}", {}).get("value", ...) != value for name, value in wanted.items()):
            seen |= {each["tag"]: each for each in await self.take()}
        return seen


@dataclass
class Socket:
    """A WebSocket of a client."""

    connection: ClientConnection
    values: dict[str, Any] = field(default_factory=dict)
    messages: int = 0
    beats: list[Any] = field(default_factory=list)
    _number: int = 0

    async def send(self, kind: str, **fields: Any) -> int:
        self._number += 1
        await self.connection.send(json.dumps({"type": kind, "id": self._number, **fields}))
        return self._number

    async def receive(self) -> Any:
        """The next message that is no beat; of values, the newest of each tag is remembered."""
        message: Any = {"type": "beat"}
        async with asyncio.timeout(60):
            while message["type"] == "beat":
                message = json.loads(await self.connection.recv())
                self.beats += [message] if message["type"] == "beat" else []
        if message["type"] == "values":
            self.messages += 1
            self.values |= {each["tag"]: each for each in message["values"]}
        return message

    async def ask(self, kind: str, **fields: Any) -> Any:
        """The answer to a message."""
        number = await self.send(kind, **fields)
        while (answer := await self.receive()).get("id") != number:
            assert answer["type"] == "values", answer
        return answer

    async def until(self, **wanted: Any) -> None:
        """Take messages until each tag of `memory` has the value that is named."""
        while any(self.values.get(f"memory:{name}", {}).get("value", ...) != value for name, value in wanted.items()):
            await self.receive()


@asynccontextmanager
async def live(folder: Path, **given: Any) -> AsyncIterator[Live]:
    """A server with an empty data folder."""
    settings = Settings(**({"backend": "fake", "data_dir": folder, "api_key": KEY, "port": 0, "quiet": True} | given))
    app = create_app(settings)
    sock = listening_socket(settings.host, settings.port)
    url = f"http://127.0.0.1:{sock.getsockname()[1]}"
    service = app.state.service
    service.address = url
    server = Server(configuration(app, settings), service)
    task = asyncio.create_task(server.serve([sock]))
    try:
        while not server.started:
            assert not task.done(), task.result()
            await asyncio.sleep(0.01)
        async with httpx.AsyncClient(base_url=url, headers={"X-API-Key": KEY}, timeout=60) as http:
            yield Live(url, service, server, http)
    finally:
        server.should_exit = True
        await asyncio.wait_for(task, 60)
