"""However an operation ends, its request is answered, its locks are released and the portal can be used."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api.app import catalogue, create_app
from engineering_api.execution.runner import Runner
from engineering_api.features.plc_tests.benches.controller import Controller
from openness_bridge.portal.apartment import Apartment
from tests.support.service import Client, settings
from virtual_plc.cpu.cycle import Cycle

TABLES = "/api/devices/PLC_1/tag-tables"
CPU = {"orderNumber": "6ES7 511-1AK02-0AB0", "version": "V2.9", "name": "PLC_1"}
PATIENCE = 30.0


class NobodyKnowsError(BaseException):
    """Of no kind that anybody catches."""


RAISED = [
    KeyboardInterrupt(),
    SystemExit(3),
    GeneratorExit(),
    StopIteration(1),
    StopAsyncIteration(),
    RecursionError("deep"),
    MemoryError(),
    NobodyKnowsError("x"),
    AssertionError(),
    OSError("odd"),
    UnicodeDecodeError("utf-8", b"\xff", 0, 1, "odd"),
]
OPERATIONS = {
    "tag_tables.list_": ("GET", TABLES, None),  # on the portal's thread
    "tag_tables.create": ("POST", TABLES, {"name": "New"}),  # with the project's lock
    "source_control.status": ("GET", "/api/source-control/status", None),  # in a worker thread
    "health.ping": ("GET", "/api/health/ping", None),  # on the event loop
    "jobs.list_": ("GET", "/api/jobs", None),  # a coroutine
}


@pytest.fixture(scope="module")
def http(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient[Any]]:
    folder: Path = tmp_path_factory.mktemp("endings")
    with TestClient(create_app(settings(folder)), raise_server_exceptions=False) as made:
        client = Client(made)
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "Line"})
        client.ok("POST", "/api/projects/devices/actions/add-sync", CPU)
        yield made


@pytest.mark.parametrize("error", RAISED, ids=lambda each: type(each).__name__)
@pytest.mark.parametrize("name", OPERATIONS)
def test_whatever_is_raised_is_answered_and_the_portal_goes_on(
    http: TestClient[Any], name: str, error: BaseException
) -> None:
    op = catalogue().named(name)
    assert op is not None
    run, admission = op.run, http.app.state.service.part(Runner).execution.admission

    def raising(*_: Any) -> Any:
        raise error

    async def raising_later(*_: Any) -> Any:
        raise error

    object.__setattr__(op, "run", raising_later if name == "jobs.list_" else raising)
    try:
        method, path, body = OPERATIONS[name]
        answer = http.request(method, path, json=body, headers={"Cache-Control": "no-cache"})
        assert (answer.status_code, answer.json()["error"]["code"]) == (500, "internal")
        job = http.post("/api/jobs/execute", json={"operation": name, "arguments": _arguments(name)}).json()["data"][
            "jobId"
        ]
        ended = Client(http).ended(job)
        assert (ended["status"], ended["problem"]["code"]) == ("Failed", "internal")
    finally:
        object.__setattr__(op, "run", run)
    assert (admission.inside, admission.turns) == (0, [])
    client = Client(http)
    before = {each["name"] for each in client.ok("GET", TABLES)}
    client.ok("POST", TABLES, {"name": "After"})
    client.ok("DELETE", f"{TABLES}/After")
    assert {each["name"] for each in client.ok("GET", TABLES)} == before


def _arguments(name: str) -> dict[str, str]:
    return (
        {"deviceName": "PLC_1", "name": "New"}
        if name == "tag_tables.create"
        else ({"deviceName": "PLC_1"} if name.startswith("tag_tables") else {})
    )


def test_a_thread_of_a_portal_survives_a_caller_who_cannot_be_told() -> None:
    apartment, done = Apartment("test"), threading.Event()

    def refuse(*_: Any) -> None:
        raise ValueError

    apartment.post(lambda: 1, refuse)
    apartment.post(lambda: 2, lambda *_: done.set())
    assert done.wait(PATIENCE)
    apartment.stop()


TEST = """
tests:
- name: First
  steps: [{run: 2}, {run: 2}]
- name: Second
  steps: [{run: 2}]
"""
SOURCE = "ORGANIZATION_BLOCK Main\nBEGIN\nEND_ORGANIZATION_BLOCK\n"


@pytest.mark.parametrize(
    "error", [AttributeError("no such"), SystemExit(1), RecursionError("deep")], ids=lambda e: type(e).__name__
)
def test_a_scan_that_fails_for_a_reason_of_python_fails_its_test_alone(
    http: TestClient[Any], monkeypatch: pytest.MonkeyPatch, error: BaseException
) -> None:
    run_blocks, measure_cycle, failing = Cycle._run_blocks, Controller.measure_cycle, list[int]()

    def measured(controller: Controller) -> None:
        measure_cycle(controller)
        failing.append(threading.get_ident())

    def sometimes(cycle: Cycle) -> None:
        if failing == [threading.get_ident()]:  # a CPU of another test may still run on its own thread
            failing.clear()
            raise error
        run_blocks(cycle)

    monkeypatch.setattr(Cycle, "_run_blocks", sometimes)
    monkeypatch.setattr(Controller, "measure_cycle", measured)  # after it the tests begin
    answer = Client(http).ok(
        "POST",
        "/api/plc-tests/actions/run-sync",
        {
            "tests": TEST,
            "sources": [{"name": "main.scl", "content": SOURCE}],
        },
    )
    assert [each["passed"] for each in answer["results"]] == [False, True]
    assert "STOP" in answer["results"][0]["error"]
    assert Client(http).ok("GET", TABLES) is not None
