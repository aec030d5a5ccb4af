"""A server in this process that is asked from any address, and callers of each kind."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

from argon2 import PasswordHasher
from litestar.testing import TestClient

from engineering_api import app as wiring
from engineering_api.app import create_app
from engineering_api.execution.runner import Runner
from engineering_api.operations.context import Service
from engineering_api.security.identities import Identities
from engineering_api.settings import Settings
from engineering_api.web.application import App
from tests.support.service import Client, settings


@contextmanager
def server(settings: Settings, address: str = "testclient") -> Iterator[Client]:
    """A client of a server, which sees it at an address."""
    app = create_app(settings)

    async def from_there(scope: Any, receive: Any, send: Any) -> None:
        await app(scope | ({"client": (address, 50000)} if scope["type"] == "http" else {}), receive, send)

    with TestClient(app) as http:
        http.app = from_there
        http._transport.app = from_there
        yield Client(http)


@asynccontextmanager
async def serving(
    folder: Path, *, make_runner: Callable[[Service, Any], Runner] | None = None, **given: Any
) -> AsyncIterator[App]:
    app = wiring.create_app(settings(folder, auth_limit=0, **given), make_runner=make_runner)
    app.state.service.part(Identities).users._passwords._hasher = PasswordHasher(1, 8, 1)
    async with app.lifespan():
        yield app
