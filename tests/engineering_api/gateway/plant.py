"""A gateway with workers in this process, and what its users do."""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api.cli import gateway as start
from engineering_api.gateway.exchange import EmbeddedExchange, Exchange
from engineering_api.gateway.saq_exchange import connect
from engineering_api.gateway.sealing import Seal
from engineering_api.settings import Settings
from tests.engineering_api.gateway import servers
from tests.support.service import KEY, Client

SECRET = "a secret that gateway and workers have in common"  # noqa: S105 - of the tests
LEASE = 3.0
Ends = Callable[[], Exchange] | None
"""Makes ends of an exchange; None for one in memory, which belongs to one event loop."""
KINDS = ("embedded", "redis", "postgresql")


def _served(kind: Callable[[Path], AbstractContextManager[servers.Server | None]]) -> Iterator[servers.Server]:
    """A server in a folder whose parents its user may pass, unlike those of pytest."""
    with tempfile.TemporaryDirectory(prefix="tia-") as folder:
        Path(folder).chmod(0o755)
        with kind(Path(folder) / "server") as found:
            if found is None:
                pytest.skip("it is not installed here")
            yield found


def fresh(kind: str, request: pytest.FixtureRequest) -> Ends:
    if kind == "embedded":
        return None
    server: servers.Server = request.getfixturevalue(kind)
    return partial(connect, server.fresh(server.url))


def settings(folder: Path, **given: Any) -> Settings:
    usual = {"backend": "fake", "data_dir": folder, "api_key": KEY, "headless": True, "worker_lease": LEASE}
    return Settings(**(usual | given))


class Plant(Client):
    """What a user of the gateway does, and what its administrator sees."""

    def workers(self) -> dict[str, Any]:
        return {each["name"]: each for each in self.ok("GET", "/api/workers")}

    def at(self, worker: str) -> Plant:
        """The same user, naming a worker in each request."""
        other = Plant(self.http)
        other.extra = self.extra | {"X-TIA-Worker": worker}
        return other

    def called(self, client: str) -> Plant:
        """Another program of the same user."""
        other = Plant(self.http)
        other.extra = {"X-Client-Id": client}
        return other

    extra: dict[str, str] = {}

    def _send(self, method: str, path: str, body: Any, query: dict[str, Any]) -> Any:
        return self.http.request(method, path, json=body, params=query or None, headers=self.extra)

    def submitted(self, path: str, body: Any) -> str:
        answer = self._send("POST", path, body, {})
        assert answer.status_code == 202, answer.json()
        return str(answer.json()["data"]["jobId"])


def plant(folder: Path, ends: Ends, **workers: str) -> TestClient[Any]:
    """A gateway with workers in this process, by name and version."""
    seal, ends = Seal(SECRET), ends or EmbeddedExchange().end

    def beside(name: str, version: str) -> Any:
        return start.working(settings(folder / name, tia_version=version), name, ends(), seal)

    each = [partial(beside, name, version) for name, version in workers.items()]
    return TestClient(start.app(settings(folder / "gateway"), ends(), seal, each))


def until(true: Callable[[], Any], seconds: float = 90) -> Any:
    """What is true at last."""
    deadline = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.02)
    return found
