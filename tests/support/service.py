"""A service on the fake, in this process, with an empty data folder. Loaded for all tests by tests/conftest.py."""

from __future__ import annotations

import asyncio
import os
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from engineering_api.settings import Settings

if TYPE_CHECKING:
    from litestar.testing import TestClient

    from engineering_api.web.application import App

KEY = "the-key-of-the-tests"
CPU = "6ES7 511-1AK02-0AB0"
FIRMWARE = "V2.5" if os.environ.get("TIA_TEST_CLR_VERSION") in {"15.1", "16"} else "V2.9"
BACKEND = "openness" if os.environ.get("TIA_TEST_BACKEND") == "clr" else "fake"
"""What a server of these tests says that it works with: the C# double is loaded as an installed TIA Portal is."""


class Client:
    """What a user of the API does, with an assertion about the outcome in every call."""

    def __init__(self, http: TestClient[App]) -> None:
        self.http = http
        self.http.headers["X-API-Key"] = KEY

    def ok(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The data of an answer that must be a success."""
        answer = self._send(method, path, body, query)
        document = answer.json()
        assert answer.status_code == 200, document
        assert document["success"] is True
        assert document["response"]["data"] == document["data"]
        return document["data"]

    def refused(self, status: int, code: str, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The error of an answer that must be a refusal with this status and code."""
        answer = self._send(method, path, body, query)
        document = answer.json()
        assert (answer.status_code, document["success"]) == (status, False), document
        assert document["error"]["code"] == code, document
        assert document["message"]
        return document["error"]

    def job(self, method: str, path: str, body: Any = None, **query: Any) -> Any:
        """The ended job that a route starts."""
        answer = self._send(method, path, body, query)
        assert answer.status_code == 202, answer.json()
        job_id = answer.json()["data"]["jobId"]
        assert answer.headers["Location"] == f"/api/jobs/{job_id}"
        return self.ended(job_id)

    def ended(self, job_id: str, seconds: float = 90) -> Any:
        """The job, once it has ended."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            job = self.ok("GET", f"/api/jobs/{job_id}")
            if job["completedAt"]:
                return job
            time.sleep(0.01)
        raise AssertionError(f"job {job_id} did not end in {seconds} s")

    def _send(self, method: str, path: str, body: Any, query: dict[str, Any]) -> Any:
        return self.http.request(method, path, json=body, params=query or None)


def settings(folder: Path, **given: Any) -> Settings:
    return Settings(**({"backend": "fake", "data_dir": folder, "api_key": KEY, "headless": True} | given))


@pytest.fixture
def after_events(monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Let actions happen while values are streamed: one after the first event, one after the second, and so on."""

    from engineering_api.web import value_stream

    def plan(*actions: Callable[[], object]) -> None:
        given, waiting = value_stream.values, list(actions)

        async def values(*args: Any, **more: Any) -> AsyncIterator[Any]:
            async for message in given(*args, **more):
                yield message
                if waiting:
                    await asyncio.to_thread(waiting.pop(0))

        monkeypatch.setattr(value_stream, "values", values)

    return plan


@pytest.fixture
def client(tmp_path: Path) -> Iterator[Client]:
    from litestar.testing import TestClient

    from engineering_api.app import create_app

    with TestClient(create_app(settings(tmp_path))) as http:
        yield Client(http)


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    return tmp_path / "workspace"


@pytest.fixture
def project(client: Client) -> Client:
    """A client with an open project."""
    client.ok("POST", "/api/projects/actions/create-sync", {"name": "Conveyor"})
    return client


@pytest.fixture
def plc(project: Client) -> Client:
    """A client with an open project that has one CPU, PLC_1."""
    body = {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"}
    project.ok("POST", "/api/projects/devices/actions/add-sync", body)
    return project
