"""A service with a virtual CPU whose program has the tags that the user's document names."""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

import httpx
from litestar.testing import TestClient

import simatic_xml
from engineering_api.app import create_app
from engineering_api.operations.context import Service
from engineering_api.web.application import App
from runtime_data.runtime import Runtime
from runtime_data.sources.memory import MemorySource, MemoryTag
from simatic_xml import scl
from simatic_xml.program.workspace import Workspace
from tests.fakes.fake_plcsim.kit import Simulated
from tests.support.service import KEY, settings
from virtual_plc.memory.program import program_of

T = TypeVar("T")
BASE = "/system/webdev/default"
SCL = """
DATA_BLOCK "Plant"
VAR
  Temperature : Real := 24.5;
  Pressure : Real := 1.25;
  FlowRate : Real := 3.0;
  Status : Int := 2;
  Setpoint : Int := 10;
END_VAR
BEGIN
END_DATA_BLOCK

DATA_BLOCK "Config"
VAR
  API : STRUCT
    ValidTokens : String := 'alpha,beta';
  END_STRUCT;
END_VAR
BEGIN
END_DATA_BLOCK

DATA_BLOCK "Data"
VAR
  list : Array[0..5] of Int := [0, 10, 20, 30, 40, 50];
  wide : ULInt := 18446744073709551615;
  on : Bool;
END_VAR
BEGIN
END_DATA_BLOCK

ORGANIZATION_BLOCK "Main"
BEGIN
END_ORGANIZATION_BLOCK
"""


@cache
def _program() -> Workspace:
    made, generated = Workspace(), scl.generate(SCL)
    assert generated.diagnostics == []
    for document in generated.documents:
        made.put_document(simatic_xml.load(document))
    return made


class Plant:
    """The running service, as a client of Ignition sees it."""

    def __init__(self, http: TestClient[App]) -> None:
        self.http = http
        self.service: Service = http.app.state["service"]
        self.headers = {"Authorization": f"Bearer {KEY}"}

    def start_cpu(self, name: str = "PLC_1") -> None:
        simulation = self.service.simulation
        with simulation.register(name, "CPU1511").use() as api:
            api.PowerOn(60_000)
        interface = simulation.model.SimulationRuntimeManager.CreateInterface(name)
        Simulated.behind(interface)._load(program_of(_program()), _program())
        with simulation.handle(name).use() as api:
            api.Run(60_000)

    def memory(self, **tags: str) -> MemorySource:
        """Define tags of `memory`, each with its type."""
        memory = self.service.part(Runtime).sources.find("memory")
        assert isinstance(memory, MemorySource)
        for path, data_type in tags.items():
            memory.define(MemoryTag(path.replace("__", "."), data_type))
        return memory

    def do(self, work: Callable[..., Awaitable[T]], *given: Any) -> T:
        """Do something on the event loop of the service."""
        return self.http.blocking_portal.call(work, *given)

    def send(self, method: str, path: str, body: Any = None, /, **query: Any) -> httpx.Response:
        address = path if path.startswith("/system") else f"{BASE}{path}"
        return self.http.request(method, address, json=body, params=query or None, headers=self.headers)

    def get(self, path: str, /, **query: Any) -> Any:
        """What a read answers that must succeed."""
        answer = self.send("GET", path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def post(self, path: str, body: Any) -> Any:
        """What a change answers that must succeed."""
        answer = self.send("POST", path, body)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def refused(self, status: int, method: str, path: str, body: Any = None, /, **query: Any) -> str:
        """The error of an answer that must be a refusal, in the printed form."""
        answer = self.send(method, path, body, **query)
        document = answer.json()
        assert (answer.status_code, list(document)) == (status, ["error"]), document
        return str(document["error"])


@contextmanager
def plant_in(folder: Path, **given: Any) -> Iterator[Plant]:
    """A service in a folder of its own, with these settings."""
    with TestClient(create_app(settings(folder / "data", **given))) as http:
        plant = Plant(http)
        plant.start_cpu()
        yield plant


def until(condition: Callable[[], bool], seconds: float = 60) -> None:
    """Wait for a condition."""
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "it did not happen"
        time.sleep(0.01)


def scripts_in(folder: Path, **scripts: str) -> Path:
    """Put handlers of the project `default` into a folder; two underscores part folders."""
    for name, text in scripts.items():
        file = folder / "handlers" / "default" / f"{name.replace('__', '/')}.py"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(text)
    return folder / "handlers"


def make_key(plant: Plant, role: str, **more: Any) -> str:
    body = {"name": role, "right": role} | more
    made = plant.http.post("/api/api-keys", json=body, headers={"X-API-Key": KEY})
    assert made.status_code == 200, made.text
    return str(made.json()["data"]["apiKey"])
