"""A server in this process that is asked from any address, and callers of each kind."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.settings import Settings
from tests.api.conftest import Client


@contextmanager
def server(settings: Settings, address: str = "testclient") -> Iterator[Client]:
    """A client of a server, which sees it at an address."""
    app = create_app(settings)

    async def from_there(scope: Any, receive: Any, send: Any) -> None:
        await app(scope | ({"client": (address, 50000)} if scope["type"] == "http" else {}), receive, send)

    with TestClient(app) as http:
        http.app = from_there  # type: ignore[assignment]
        http._transport.app = from_there  # type: ignore[attr-defined]
        yield Client(http)
