"""What nobody wants any more stops: by its job, by the id of its request, or because its client has gone; and it is undone."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api.app import catalogue, create_app
from engineering_api.execution.runner import Runner
from engineering_api.operations.declaration import Operation
from openness_bridge.lookup import plc
from openness_bridge.portal.transaction import transaction
from simatic_xml.interruption import checkpoint
from tests.support.service import Client, settings

TABLES = "/api/devices/PLC_1/tag-tables"
CPU = {"orderNumber": "6ES7 511-1AK02-0AB0", "version": "V2.9", "name": "PLC_1"}
PATIENCE = 30.0


class Held:
    """Operations that go on until they are released or stopped, asking at each step whether they are wanted."""

    def __init__(self) -> None:
        self.begun, self.released = threading.Event(), threading.Event()
        self.runs = 0
        self._replaced: list[tuple[Operation, Any]] = []

    def hold(self, name: str) -> None:
        """Have an operation held before it does anything."""

        def holding(run: Callable[[Any, Any], Any], ctx: Any, request: Any) -> Any:
            self.wait()
            return run(ctx, request)

        self.replace(name, holding)

    def replace(self, name: str, function: Callable[..., Any]) -> None:
        """Have something else done in the place of an operation, which is its first argument."""
        op = catalogue().named(name)
        assert op is not None
        self._replaced.append((op, op.run))
        object.__setattr__(op, "run", partial(function, op.run))

    def wait(self) -> None:
        self.runs += 1
        self.begun.set()
        while not self.released.wait(0.005):
            checkpoint()

    def let_go(self) -> None:
        self.released.set()
        for op, run in self._replaced:
            object.__setattr__(op, "run", run)


@pytest.fixture
def held() -> Iterator[Held]:
    made = Held()
    yield made
    made.let_go()


@pytest.fixture
def http(tmp_path: Path) -> Iterator[TestClient[Any]]:
    with TestClient(create_app(settings(tmp_path, wait_limit=PATIENCE))) as made:
        client = Client(made)
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "Line"})
        client.ok("POST", "/api/projects/devices/actions/add-sync", CPU)
        yield made


@pytest.fixture
def pool() -> Iterator[ThreadPoolExecutor]:
    with ThreadPoolExecutor(8) as made:
        yield made


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.005)


def in_background(
    pool: ThreadPoolExecutor, http: TestClient[Any], method: str, path: str, name: str, body: Any = None
) -> Future[Any]:
    return pool.submit(http.request, method, path, json=body, headers={"X-Request-Id": name})


def test_a_read_is_cancelled_by_the_id_of_its_request(
    http: TestClient[Any], pool: ThreadPoolExecutor, held: Held
) -> None:
    held.hold("tag_tables.list_")
    answer = in_background(pool, http, "GET", TABLES, "mine")
    assert held.begun.wait(PATIENCE)
    told = http.delete("/api/jobs/mine").json()["data"]
    assert (told["jobId"], told["operation"], told["completedAt"]) == ("mine", "tag_tables.list_", None)
    refused = answer.result(PATIENCE)
    assert (refused.status_code, refused.json()["error"]["code"]) == (409, "request.cancelled")
    held.let_go()
    assert http.get(TABLES).status_code == 200
    assert http.delete("/api/jobs/mine").status_code == 404


def test_an_edit_that_is_cancelled_is_undone_and_its_lock_released(
    http: TestClient[Any], pool: ThreadPoolExecutor, held: Held
) -> None:
    def within(_run: Any, ctx: Any, _: Any) -> None:
        with transaction(ctx.session, "held"):
            plc(ctx.session, "PLC_1").TagTableGroup.TagTables.Create("Half")
            held.wait()

    held.replace("tag_tables.create", within)
    answer = in_background(pool, http, "POST", TABLES, "edit", {"name": "Half"})
    assert held.begun.wait(PATIENCE)
    http.delete("/api/jobs/edit")
    assert answer.result(PATIENCE).json()["error"]["code"] == "request.cancelled"
    held.let_go()
    assert "Half" not in {each["name"] for each in http.get(TABLES).json()["data"]}
    assert http.post(TABLES, json={"name": "Whole"}).status_code == 200


def test_what_waits_for_the_lock_or_the_portal_is_let_go_before_it_begins(
    http: TestClient[Any], pool: ThreadPoolExecutor, held: Held
) -> None:
    held.hold("tag_tables.create")
    first = in_background(pool, http, "POST", TABLES, "first", {"name": "First"})
    assert held.begun.wait(PATIENCE)
    others = [
        in_background(pool, http, "POST", TABLES, "lock", {"name": "Second"}),
        in_background(pool, http, "GET", TABLES, "portal"),
    ]
    admission = http.app.state.service.part(Runner).execution.admission
    until(lambda: admission.inside == 3)
    for name, answer in zip(("lock", "portal"), others, strict=True):
        assert http.delete(f"/api/jobs/{name}").status_code == 200
        assert answer.result(PATIENCE).json()["error"]["code"] == "request.cancelled"
    assert admission.inside == 1
    assert held.runs == 1
    held.let_go()
    assert first.result(PATIENCE).status_code == 200
    assert {"First", "Second"} & {each["name"] for each in http.get(TABLES).json()["data"]} == {"First"}


def test_somebody_elses_request_is_not_cancelled(http: TestClient[Any], pool: ThreadPoolExecutor, held: Held) -> None:
    key = http.post("/api/api-keys", json={"name": "other", "right": "engineer"}).json()["data"]["apiKey"]
    held.hold("tag_tables.list_")
    answer = in_background(pool, http, "GET", TABLES, "mine")
    assert held.begun.wait(PATIENCE)
    assert http.delete("/api/jobs/mine", headers={"X-API-Key": key}).status_code == 404
    held.let_go()
    assert answer.result(PATIENCE).status_code == 200


def test_a_job_that_runs_stops_at_a_checkpoint(http: TestClient[Any], held: Held) -> None:
    held.hold("tag_tables.create")
    job = http.post(TABLES, json={"name": "Half"}, headers={"Prefer": "respond-async"}).json()["data"]["jobId"]
    assert held.begun.wait(PATIENCE)
    http.delete(f"/api/jobs/{job}")
    until(lambda: http.get(f"/api/jobs/{job}").json()["data"]["completedAt"] is not None)
    assert http.get(f"/api/jobs/{job}").json()["data"]["status"] == "Cancelled"


def test_a_job_that_waits_for_the_portal_is_cancelled_at_once(
    http: TestClient[Any], held: Held, pool: ThreadPoolExecutor
) -> None:
    held.hold("tag_tables.list_")
    first = in_background(pool, http, "GET", TABLES, "first")
    assert held.begun.wait(PATIENCE)
    job = http.post(TABLES, json={"name": "Late"}, headers={"Prefer": "respond-async"}).json()["data"]["jobId"]
    until(lambda: http.get(f"/api/jobs/{job}").json()["data"]["status"] == "Running")
    http.delete(f"/api/jobs/{job}")
    until(lambda: http.get(f"/api/jobs/{job}").json()["data"]["status"] == "Cancelled")
    assert not first.done()
    held.let_go()
    first.result(PATIENCE)


def test_a_read_that_cannot_begin_is_refused_with_what_it_waits_for(
    tmp_path: Path, held: Held, pool: ThreadPoolExecutor
) -> None:
    with TestClient(create_app(settings(tmp_path, wait_limit=1.0))) as http:
        client = Client(http)
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "Line"})
        client.ok("POST", "/api/projects/devices/actions/add-sync", CPU)
        held.hold("tag_tables.create")
        first = in_background(pool, http, "POST", TABLES, "first", {"name": "First"})
        assert held.begun.wait(PATIENCE)
        refused = http.get(TABLES)
        assert (refused.status_code, refused.json()["error"]["code"]) == (503, "portal.busy")
        assert "tag_tables.create" in refused.json()["message"]
        assert "TIA_WAIT_LIMIT" in refused.json()["message"]
        second = http.post(TABLES, json={"name": "Second"})
        assert second.status_code == 202
        assert "tag_tables.create" in second.json()["message"]
        found = http.get("/api/health/details").json()["data"]["underWay"]
        assert [(each["operation"], each["begun"]) for each in found[:1]] == [("tag_tables.create", True)]
        assert {each["begun"] for each in found if each["job"] or each["operation"] == "tag_tables.create"} == {
            True,
            False,
        }
        held.let_go()
        assert first.result(PATIENCE).json()["status"] in {200, 202}


def test_a_full_queue_says_what_it_waits_for(tmp_path: Path, held: Held, pool: ThreadPoolExecutor) -> None:
    with TestClient(create_app(settings(tmp_path, queue_limit=2))) as http:
        client = Client(http)
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "Line"})
        client.ok("POST", "/api/projects/devices/actions/add-sync", CPU)
        held.hold("tag_tables.create")
        waiting = [in_background(pool, http, "POST", TABLES, name, {"name": name}) for name in ("a", "b")]
        assert held.begun.wait(PATIENCE)
        until(lambda: http.app.state.service.part(Runner).execution.admission.inside == 2)
        refused = http.get(TABLES).json()
        assert refused["error"]["code"] == "server.busy"
        assert "tag_tables.create" in refused["message"]
        assert "TIA_QUEUE_LIMIT" in refused["message"]
        held.let_go()
        assert {each.result(PATIENCE).status_code for each in waiting} == {200}
