"""A service with a virtual CPU that runs the program of the simulation's kit, and users of each right."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import msgspec
from argon2 import PasswordHasher
from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.operations.context import Service
from engineering_api.security.identities import Identities
from engineering_api.web.application import App
from runtime_data.runtime import Runtime
from runtime_data.sources.memory import MemorySource, MemoryTag
from runtime_data.values import now
from tests.fakes.fake_plcsim.kit import load
from tests.support.service import KEY, settings

WORD = "correct horse battery staple"
HERE = {"client": ("127.0.0.1", 50000), "server": ("127.0.0.1", 9000)}
"""The ends of a connection from this computer."""


class Wincc:
    """A client that speaks to a service as one of WinCC does.

    Attributes:
        http: Sends requests without any key.
    """

    def __init__(self, app: App, http: TestClient[App]) -> None:
        self.app, self.http = app, http
        self.service: Service = app.state.service

    @property
    def runtime(self) -> Runtime:
        return self.service.part(Runtime)

    def start_cpu(self, name: str = "PLC_1") -> None:
        simulation = self.service.simulation
        handle = simulation.register(name, "CPU1511")
        with handle.use() as api:
            api.PowerOn(60_000)
        load(simulation.model.SimulationRuntimeManager.CreateInterface(name))
        with handle.use() as api:
            api.Run(60_000)

    def stop_cpu(self, name: str = "PLC_1") -> None:
        with self.service.simulation.handle(name).use() as api:
            api.PowerOff(60_000)

    def memory(self, *tags: MemoryTag) -> None:
        memory = self.runtime.sources.find("memory")
        assert isinstance(memory, MemorySource)
        for tag in tags:
            # kept as it is: other sources have names that `define` refuses here, with slashes and blanks
            memory._publish([[tag if tag.value is None else msgspec.structs.replace(tag, time=now())]])

    def make_user(self, name: str, right: str) -> None:
        body = {"userName": name, "password": WORD, "right": right}
        assert self.http.post("/api/users", json=body, headers={"X-API-Key": KEY}).status_code == 200

    def ask(self, method: str, path: str, body: Any = None, status: int = 200, **more: Any) -> Any:
        """The answer to a request, which must have a status."""
        answer = self.http.request(method, path, json=body, **more)
        assert answer.status_code == status, (answer.status_code, answer.text)
        return answer.json() if answer.content else None


@contextlib.contextmanager
def wincc_in(folder: Path, address: str = "127.0.0.1", **given: Any) -> Iterator[Wincc]:
    app = create_app(settings(folder, auth_limit=0, **given))
    app.state.service.part(Identities).users._passwords._hasher = PasswordHasher(1, 8, 1)

    async def from_there(scope: Any, receive: Any, send: Any) -> None:
        await app(scope | HERE | {"client": (address, 50000)} if scope["type"] == "http" else scope, receive, send)

    with TestClient(app, base_url="http://127.0.0.1:9000") as http:
        http.app = from_there
        transport: Any = http._transport
        transport.app = from_there
        yield Wincc(app, http)
