"""A server with tags of `memory`, an alarm and users, and a client that speaks GraphQL to it over HTTP and a socket."""

from __future__ import annotations

import asyncio
import itertools
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
from argon2 import PasswordHasher
from websockets.asyncio.client import ClientConnection, connect

from engineering_api.security.identities import Identities
from runtime_data.alarms.definition import AlarmDefinition
from runtime_data.alarms.engine import Alarms
from runtime_data.sources.memory import MemoryTag
from tests.runtime_data.native.live import Live, live
from tests.support.service import KEY

WORD = "correct horse battery staple"
HOT = AlarmDefinition(
    name="Tank hot",
    tag="memory:Level",
    trigger="greater",
    limit=50.0,
    priority=800,
    alarm_class="Errors",
    area="Plant/Tank",
    texts={"en-US": "{value} is too hot", "de-DE": "{value} ist zu heiß"},
)


class Unified:
    """A client of WinCC Unified."""

    def __init__(self, server: Live) -> None:
        self.server, self.token = server, ""

    async def send(self, query: str, status: int = 200, **variables: Any) -> Any:
        """The answer to a document."""
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        async with httpx.AsyncClient(base_url=self.server.url, headers=headers, timeout=60) as http:
            answer = await http.post("/graphql", json={"query": query, "variables": variables})
        assert answer.status_code == status, answer.text
        return answer.json()

    async def ask(self, query: str, **variables: Any) -> Any:
        """The data of the answer, which has no errors."""
        answer = await self.send(query, **variables)
        assert "errors" not in answer, answer
        return answer["data"]

    async def login(self, name: str) -> None:
        self.token = ""
        query = "mutation($n: String!, $p: String!) { login(username: $n, password: $p) { token error { code } } }"
        found = (await self.ask(query, n=name, p=WORD))["login"]
        assert found["error"] == {"code": "0"}
        self.token = found["token"]

    @asynccontextmanager
    async def socket(self) -> AsyncIterator[Subscriber]:
        """A connection that has been acknowledged."""
        async with self.connection() as connection:
            await connection.send(
                json.dumps({"type": "connection_init", "payload": {"Authorization": f"Bearer {self.token}"}})
            )
            assert json.loads(await connection.recv()) == {"type": "connection_ack"}
            yield Subscriber(connection)

    def connection(self) -> connect:
        address = self.server.url.replace("http", "ws") + "/graphql"
        return connect(address, subprotocols=["graphql-transport-ws"])  # type: ignore[list-item]  # a plain text is enough

    async def alarms_until(self, good: Callable[[Any], bool]) -> Any:
        """The active alarms, once they are as wanted."""
        query = "{ activeAlarms { name instanceID state priority eventText value userResponse suppressionState } }"
        async with asyncio.timeout(60):
            while True:
                found = (await self.ask(query))["activeAlarms"]
                if good(found):
                    return found
                await asyncio.sleep(0.02)


class Subscriber:
    """One connection with subscriptions."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self._numbers = itertools.count(1)

    async def start(self, query: str, **variables: Any) -> str:
        name = str(next(self._numbers))
        payload = {"query": query, "variables": variables}
        await self.connection.send(json.dumps({"id": name, "type": "subscribe", "payload": payload}))
        return name

    async def take(self) -> Any:
        async with asyncio.timeout(60):
            return json.loads(await self.connection.recv())

    async def until(self, good: Callable[[Any], bool]) -> list[Any]:
        """All messages up to the first one that is as wanted."""
        found = [await self.take()]
        while not good(found[-1]):
            found.append(await self.take())
        return found


def run(folder: Path, scenario: Callable[[Unified], Awaitable[None]], **given: Any) -> None:
    """Do a scenario with a client of a server."""

    async def whole() -> None:
        async with live(folder, auth_limit=0, **given) as server:
            server.service.part(Identities).users._passwords._hasher = PasswordHasher(1, 8, 1)
            tags = (
                MemoryTag("Level", "Real", 20.5, unit="cm"),
                MemoryTag("Count", "DInt", 7),
                MemoryTag("Name", "String", "Tank"),
                MemoryTag("Big", "LInt", (1 << 53) + 1),
            )
            for tag in tags:
                await asyncio.to_thread(server.memory.define, tag)
            await server.service.part(Alarms).define(HOT)
            for name, right in (("olga", "operator"), ("victor", "viewer")):
                body = {"userName": name, "password": WORD, "right": right}
                answer = await server.http.post("/api/users", json=body, headers={"X-API-Key": KEY})
                assert answer.status_code == 200, answer.text
            await asyncio.wait_for(scenario(Unified(server)), 240)

    asyncio.run(whole())
