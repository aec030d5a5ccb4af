"""A gateway with two workers, one with TIA Portal V17 and one with V20, on each kind of queue."""

from __future__ import annotations

import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api import app as wiring
from engineering_api.gateway import start
from engineering_api.gateway.exchange import Embedded, Exchange
from engineering_api.gateway.saq_exchange import connected
from engineering_api.gateway.sealing import Seal
from engineering_api.settings import Settings
from tests.api.conftest import KEY, Client
from tests.gateway import servers, trial

SECRET = "a secret that gateway and workers have in common"  # noqa: S105 - of the tests
LEASE = 3.0
Ends = Callable[[], Exchange] | None
"""Makes ends of an exchange; None for one in memory, which belongs to one event loop."""
KINDS = ("embedded", "redis", "postgresql")


@pytest.fixture(scope="session", params=KINDS[1:])
def server(request: pytest.FixtureRequest) -> servers.Server:
    found: servers.Server = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="session")
def redis() -> Iterator[servers.Server]:
    yield from _served(servers.redis)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[servers.Server]:
    yield from _served(servers.postgresql)


def _served(kind: Callable[[Path], AbstractContextManager[servers.Server | None]]) -> Iterator[servers.Server]:
    """A server in a folder whose parents its user may pass, unlike those of pytest."""
    with tempfile.TemporaryDirectory(prefix="tia-") as folder:
        Path(folder).chmod(0o755)
        with kind(Path(folder) / "server") as found:
            if found is None:
                pytest.skip("it is not installed here")
            yield found


@pytest.fixture(scope="session", params=[KINDS[0], KINDS[1], pytest.param(KINDS[2], marks=pytest.mark.slow)])
def queue(request: pytest.FixtureRequest) -> Ends:
    """Makes ends of an exchange."""
    return fresh(request.param, request)


def fresh(kind: str, request: pytest.FixtureRequest) -> Ends:
    if kind == "embedded":
        return None
    server: servers.Server = request.getfixturevalue(kind)
    return partial(connected, server.fresh(server.url))


@pytest.fixture
def another(request: pytest.FixtureRequest, queue: object) -> Ends:
    """Makes ends of an exchange of the same kind, where nobody else is."""
    return fresh(request.node.callspec.params["queue"], request)


@pytest.fixture(scope="package", autouse=True)
def with_trial_operations() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(wiring, "catalogue", trial.catalogue)
        yield


@pytest.fixture(autouse=True)
def trials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """Where the trial operations leave their traces and are let go."""
    folder = tmp_path / "trial"
    folder.mkdir()
    monkeypatch.setenv(trial.VARIABLE, str(folder))
    return folder


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
    seal, ends = Seal(SECRET), ends or Embedded().end

    def beside(name: str, version: str) -> Any:
        return start.working(settings(folder / name, tia_version=version), name, ends(), seal)

    each = [partial(beside, name, version) for name, version in workers.items()]
    return TestClient(start.app(settings(folder / "gateway"), ends(), seal, each))


@pytest.fixture(scope="package")
def shared(
    queue: Ends, with_trial_operations: None, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[TestClient[Any]]:
    with plant(tmp_path_factory.mktemp("plant"), queue, PC17="17", PC20="20") as http:
        yield http


@pytest.fixture
def two(shared: TestClient[Any]) -> Iterator[Plant]:
    """A gateway with a V17 and a V20, where nothing is open, and no choice was made by a client of this name."""
    plant = Plant(shared)
    plant.extra = {"X-Client-Id": uuid.uuid4().hex}
    yield plant
    for name, worker in plant.workers().items():
        plant.at(name).ok("POST", f"/api/workers/{name}/actions/resume")
        if worker["projects"]:
            plant.at(name).ok("POST", "/api/projects/actions/close-sync", {"discard": True})


def until(true: Callable[[], Any], seconds: float = 90) -> Any:
    """What is true at last."""
    deadline = time.monotonic() + seconds
    while not (found := true()):
        assert time.monotonic() < deadline, "it did not come true"
        time.sleep(0.02)
    return found
