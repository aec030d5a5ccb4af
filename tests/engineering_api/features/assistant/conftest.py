"""A server with a project, and a provider that it asks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.features.assistant.assistant import Assistant
from engineering_api.features.assistant.wire import Wire
from tests.engineering_api.features.assistant.provider import Act, FakeProvider, Script, serving
from tests.engineering_api.features.assistant.talk import PROVIDER_KEY, Talk
from tests.support.service import CPU, FIRMWARE, Client, settings


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Client]:
    """A server that does not wait between attempts."""
    with TestClient(create_app(settings(tmp_path))) as http:
        http.app.state.service.part(Assistant).wire = Wire((0.0, 0.0, 0.0))
        yield Client(http)


@pytest.fixture
def talk(server: Client) -> Iterator[Callable[..., Talk]]:
    """Makes a conversation with a provider that plays a script."""
    with ExitStack() as stack:

        def made(*acts: Act | Script, provider: str = "custom", **given: Any) -> Talk:
            fake = stack.enter_context(serving(FakeProvider(*acts)))
            body = {"provider": provider, "endpoint": fake.url, "model": "small", "apiKey": PROVIDER_KEY, **given}
            assert server.ok("POST", "/api/assistant/settings", body)["ready"] is True
            return Talk(server, fake)

        yield made


@pytest.fixture
def plc(server: Client) -> Client:
    """An open project with one CPU, PLC_1."""
    server.ok("POST", "/api/projects/actions/create-sync", {"name": "Conveyor"})
    body = {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"}
    server.ok("POST", "/api/projects/devices/actions/add-sync", body)
    return server
