"""A gateway with two workers, one with TIA Portal V17 and one with V20, on each kind of queue."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api import app as wiring
from tests.engineering_api.gateway import servers, trial
from tests.engineering_api.gateway.plant import KINDS, Ends, Plant, _served, fresh, plant


@pytest.fixture(scope="session")
def server(request: pytest.FixtureRequest) -> servers.Server:
    """A queue server, of the kind that a test names, or Redis."""
    found: servers.Server = request.getfixturevalue(getattr(request, "param", KINDS[1]))
    return found


@pytest.fixture(scope="session")
def redis() -> Iterator[servers.Server]:
    yield from _served(servers.redis)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[servers.Server]:
    yield from _served(servers.postgresql)


@pytest.fixture(scope="session", params=[KINDS[0], KINDS[1], pytest.param(KINDS[2], marks=pytest.mark.slow)])
def queue(request: pytest.FixtureRequest) -> Ends:
    """Makes ends of an exchange."""
    return fresh(request.param, request)


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
