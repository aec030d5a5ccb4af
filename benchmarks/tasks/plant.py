"""A service on the fake with one project, in this process: where an attempt happens, and where a judge reads."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import msgspec
from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.execution.runner import Runner
from engineering_api.operations import binding
from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from engineering_api.settings import Settings
from engineering_api.web.application import App
from openness_bridge.errors import Kind, Problem

ENGINEER = Caller("engineer", Right.ADMINISTER)
KEY = "the-key-of-the-benchmark"
CPU, FIRMWARE = "6ES7 511-1AK02-0AB0", "V2.9"


@dataclass(frozen=True, slots=True)
class Call:
    """An operation by its name, such as tags.add, with its arguments."""

    operation: str
    arguments: dict[str, Any]


def call(operation: str, **arguments: Any) -> Call:
    """Return a call on PLC_1."""
    return Call(operation, {"deviceName": "PLC_1"} | arguments)


class Plant:
    """A project with PLC_1.

    Attributes:
        http: The service's client.
    """

    def __init__(self, http: TestClient[App]) -> None:
        """Make a new project in a service that runs."""
        self.http = http
        self.run("projects.create", name="Plant")
        self.run("devices.add", orderNumber=CPU, version=FIRMWARE, name="PLC_1")

    def run(self, operation: str, **arguments: Any) -> Any:
        """Return the answer of an operation.

        Raises:
            Problem: There is no such operation, it was refused, it failed, or it continues as a job.
        """
        service = self.http.app.state.service
        op = service.catalogue.named(operation)
        if op is None:
            raise Problem("tool.not_found", f"There is no operation '{operation}'.", kind=Kind.MISSING)
        request = binding.bind_document(op.request, arguments)
        answer = self.http.blocking_portal.call(service.part(Runner).wait, op, request, ENGINEER, None)
        if isinstance(answer, str):
            raise Problem("tool.slow", f"'{operation}' continues as the job {answer}.", kind=Kind.UNAVAILABLE)
        return msgspec.json.decode(answer)

    def parts(self) -> set[tuple[str, str]]:
        """Return kind and name of each block, type and tag table."""
        state = self.run("mcp.project_state")
        return {(part["kind"], part["name"]) for part in state["parts"]}


@contextmanager
def open_plant(start: Iterable[Call]) -> Iterator[Plant]:
    """Yield a plant with a program that was compiled and saved; its data folder is deleted at the end."""
    with tempfile.TemporaryDirectory(prefix="tasks-", ignore_cleanup_errors=True) as folder:
        settings = Settings(backend="fake", data_dir=Path(folder), api_key=KEY, headless=True)
        with TestClient(create_app(settings)) as http:
            http.headers["X-API-Key"] = KEY
            plant = Plant(http)
            for call in start:
                plant.run(call.operation, **call.arguments)
            plant.run("devices.compile_", deviceName="PLC_1")
            plant.run("projects.save")
            yield plant
            with suppress(Problem):  # nothing is open any more
                plant.run("projects.save")
