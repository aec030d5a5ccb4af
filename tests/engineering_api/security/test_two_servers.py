"""Two servers on one data folder: what one of them ends, the other one refuses with the next request, and its streams end."""

from __future__ import annotations

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest

from engineering_api.operations.streaming import streams
from engineering_api.operations.terms import Right
from engineering_api.security.identities import Identities
from engineering_api.web.application import App
from tests.engineering_api.security.kit import serving
from tests.support.service import KEY

WORD = "correct horse battery staple"
SOON = 30
Headers = dict[str, str]


class Two:
    """Two servers, and what callers send to one of them."""

    def __init__(self, first: App, second: App) -> None:
        self.first, self.second = first, second

    @property
    def identities(self) -> Identities:
        """Those of the first server, where everything is changed."""
        found: Identities = self.first.state.service.part(Identities)
        return found

    async def status(self, headers: Headers, path: str = "/api/auth/me", method: str = "GET", body: bytes = b"") -> int:
        """The status with which the second server answers."""
        async with self.asking(headers, path, method, body) as answer:
            return int((await answer.get())["status"])

    @asynccontextmanager
    async def asking(
        self, headers: Headers, path: str, method: str = "GET", body: bytes = b""
    ) -> AsyncIterator[asyncio.Queue[Any]]:
        """What the second server sends."""
        answer: asyncio.Queue[Any] = asyncio.Queue()
        sent = False

        async def receive() -> Any:
            nonlocal sent
            if sent:
                await asyncio.Event().wait()
            sent = True
            return {"type": "http.request", "body": body, "more_body": False}

        pairs = [(b"host", b"127.0.0.1"), *((k.lower().encode(), v.encode()) for k, v in headers.items())]
        scope = {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http", "method": method,
            "path": path, "raw_path": path.encode(), "query_string": b"", "root_path": "", "headers": pairs,
            "client": ("127.0.0.1", 5), "server": ("127.0.0.1", 9000),
        }  # fmt: skip
        task = asyncio.create_task(self.second(scope, receive, answer.put))
        try:
            async with asyncio.timeout(SOON):
                yield answer
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)


@asynccontextmanager
async def two(folder: Path) -> AsyncIterator[Two]:
    async with serving(folder) as first, serving(folder) as second:
        yield Two(first, second)


async def by_key(servers: Two, name: str) -> Headers:
    _, text = await servers.identities.keys.make(name, Right.ADMINISTER, "test")
    return {"X-API-Key": text}


async def by_user(servers: Two, name: str) -> Headers:
    await servers.identities.users.make(name, WORD, Right.ADMINISTER, "test")
    return {"Authorization": f"Bearer {(await servers.identities.users.login(name, WORD, '')).access}"}


def id_of(identities: Identities, name: str) -> str:
    return next(row.id for row in identities.keys.all() if row.name == name)


Identify = Callable[[Two, str], Awaitable[Headers]]
ENDS: dict[str, tuple[Identify, Callable[[Identities, str], Awaitable[object]], int]] = {
    "revoked": (by_key, lambda known, name: known.keys.revoke(id_of(known, name)), 401),
    "rotated": (by_key, lambda known, name: known.keys.rotate(id_of(known, name)), 401),
    "logged out": (by_user, lambda known, name: known.users.end_all(name), 401),
    "removed": (by_user, lambda known, name: known.users.remove(name), 401),
    "disabled": (by_user, lambda known, name: known.users.change(name, enabled=False), 401),
    "another password": (by_user, lambda known, name: known.users.change(name, password=WORD + "!"), 401),
    "lowered": (by_user, lambda known, name: known.users.change(name, right=Right.VIEW), 403),
    "limited": (by_user, lambda known, name: known.users.change(name, projects=["Line3*"]), 403),
}
ADMINISTERED = "/api/users"


def test_what_one_server_ends_the_other_refuses_at_once(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with two(tmp_path) as servers:
            for name, (identify, end, status) in ENDS.items():
                headers = await identify(servers, name)
                before = await servers.status(headers, ADMINISTERED)
                await end(servers.identities, name)
                assert (name, before, await servers.status(headers, ADMINISTERED)) == (name, 200, status)

    asyncio.run(scenario())


@pytest.mark.filterwarnings("ignore:.*MemoryObject.*")  # the SDK of MCP leaves those of a session to the collector
@pytest.mark.parametrize("path", ["/api/events", "/mcp/sse"])
def test_a_silent_stream_of_the_other_server_ends(tmp_path: Path, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody says anything to it: it ends within streams.LOOK seconds."""
    monkeypatch.setattr(streams, "LOOK", 0.01)

    async def scenario() -> None:
        async with two(tmp_path) as servers:
            for name, (identify, end, _) in ENDS.items():
                headers = await identify(servers, name)
                async with servers.asking(headers, path) as answer:
                    assert (await answer.get())["status"] == 200
                    await end(servers.identities, name)
                    await ended(answer)

    asyncio.run(scenario())
    gc.collect()


async def ended(answer: asyncio.Queue[Any]) -> None:
    while (await answer.get()).get("more_body", False):
        continue


def test_what_one_server_makes_the_other_knows(tmp_path: Path) -> None:
    """A key, a user with a login, a right that was raised, a refresh token that is good once at both together."""

    async def scenario() -> None:
        async with two(tmp_path) as servers:
            assert await servers.status(await by_key(servers, "build")) == 200
            assert await servers.status(await by_user(servers, "eva")) == 200
            users = servers.identities.users
            await users.make("ada", WORD, Right.VIEW, "test")
            pair = await users.login("ada", WORD, "")
            ada = {"Authorization": f"Bearer {pair.access}"}
            assert await servers.status(ada, ADMINISTERED) == 403
            await users.change("ada", right=Right.ADMINISTER)
            assert await servers.status(ada, ADMINISTERED) == 200
            await users.refresh(pair.refresh)
            stolen = msgspec.json.encode({"refreshToken": pair.refresh})
            assert await servers.status({}, "/api/auth/refresh", "POST", stolen) == 401
            assert await servers.status(ada, ADMINISTERED) == 401

    asyncio.run(scenario())


def test_a_login_under_way_does_not_bring_a_removed_user_back(tmp_path: Path) -> None:
    async def scenario() -> None:
        async with two(tmp_path) as servers:
            await by_user(servers, "eva")
            other = servers.second.state.service.part(Identities).users
            original = other._passwords.fits

            async def slow(password: str, hashed: str | None) -> bool:
                good = await original(password, hashed)
                await servers.identities.users.remove("eva")
                return bool(good)

            other._passwords.fits = slow
            body = msgspec.json.encode({"userName": "eva", "password": WORD})
            assert await servers.status({}, "/api/auth/login", "POST", body) == 401
            assert servers.identities.users.all() == other.all() == []
            assert await servers.status({"X-API-Key": KEY}, "/api/users/eva") == 404

    asyncio.run(scenario())
