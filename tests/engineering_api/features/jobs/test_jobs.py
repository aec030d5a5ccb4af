"""Jobs: persisted before they are answered, followed, cancelled, and settled after a restart."""

import json
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api import app as wiring
from engineering_api.app import create_app
from engineering_api.operations.catalogue import Catalogue
from engineering_api.operations.context import Context
from engineering_api.operations.declaration import Section
from engineering_api.operations.fields import Model, Request
from engineering_api.operations.terms import Lock, Reach, Undo
from openness_bridge.errors import Kind, Problem
from tests.support import sse
from tests.support.service import Client, settings

trial = Section("Trial", reach=Reach.ALL)
gate = threading.Event()
started = threading.Event()
runs: list[str] = []


class Ask(Request):
    name: str = ""


class Told(Model):
    name: str


@trial.operation(
    also="POST /trial/hold-sync", also_job="POST /trial/hold", lock=Lock.NONE, destroys=False, undo=Undo.NEEDLESS
)
def hold(ctx: Context, request: Ask) -> Told:
    """Wait until the test lets it go on."""
    runs.append(request.name)
    ctx.progress.report(10, "begun")
    started.set()
    while not gate.wait(0.01):
        ctx.progress.check()
    ctx.progress.report(90, "nearly done")
    return Told(name=request.name)


@trial.operation(
    also="POST /trial/fail-sync", also_job="POST /trial/fail", lock=Lock.NONE, destroys=False, undo=Undo.NEEDLESS
)
def fail(_ctx: Context, request: Ask) -> Told:
    """Refuse."""
    raise Problem("trial.refused", f"Not {request.name}.", kind=Kind.CONFLICT)


@trial.operation(
    also="POST /trial/crash-sync", also_job="POST /trial/crash", lock=Lock.NONE, destroys=False, undo=Undo.NEEDLESS
)
def crash(_ctx: Context, _request: Ask) -> Told:
    """Fail as code fails."""
    raise ZeroDivisionError("a secret detail")


@pytest.fixture(autouse=True)
def with_trial_operations(monkeypatch: pytest.MonkeyPatch) -> None:
    sections = wiring.SECTIONS
    monkeypatch.setattr(wiring, "catalogue", lambda: Catalogue((*sections, trial)))
    gate.clear()
    started.clear()
    runs.clear()


def submit(client: Client, path: str, name: str = "") -> str:
    answer = client.http.post(path, json={"name": name})
    assert answer.status_code == 202
    job_id: str = answer.json()["data"]["jobId"]
    return job_id


def test_a_job_is_followed_to_its_end(client: Client) -> None:
    job_id = submit(client, "/trial/hold", "A")
    started.wait(60)
    job = client.ok("GET", f"/api/jobs/{job_id}")
    assert (job["status"], job["progress"], job["message"]) == ("Running", 10, "begun")
    gate.set()
    job = client.ended(job_id)
    assert (job["status"], job["progress"], job["result"], job["error"]) == ("Completed", 100, {"name": "A"}, None)
    assert [entry["jobId"] for entry in client.ok("GET", "/api/jobs", status="completed")] == [job_id]


def test_a_failed_job_keeps_its_reason(client: Client) -> None:
    job = client.ended(submit(client, "/trial/fail", "now"))
    assert (job["status"], job["error"]) == ("Failed", "Not now.")
    assert job["problem"] == {"code": "trial.refused", "message": "Not now."}


def test_an_internal_error_tells_no_detail(client: Client) -> None:
    job = client.ended(submit(client, "/trial/crash"))
    assert job["problem"]["code"] == "internal"
    error = client.refused(500, "internal", "POST", "/trial/crash-sync", {})
    assert "secret" not in json.dumps([job, error])


def test_a_running_job_is_cancelled(client: Client) -> None:
    job_id = submit(client, "/trial/hold")
    started.wait(60)
    client.ok("POST", f"/api/jobs/{job_id}/actions/cancel")
    assert client.ended(job_id)["status"] == "Cancelled"
    client.refused(409, "job.ended", "DELETE", f"/api/jobs/{job_id}")


def test_a_waiting_job_is_cancelled_and_never_runs(client: Client) -> None:
    running = [submit(client, "/trial/hold", str(number)) for number in range(4)]
    waiting = submit(client, "/trial/hold", "late")
    assert client.ok("GET", f"/api/jobs/{waiting}")["status"] == "Pending"
    assert client.ok("DELETE", f"/api/jobs/{waiting}")["status"] == "Cancelled"
    gate.set()
    assert all(client.ended(job)["status"] == "Completed" for job in running)
    assert "late" not in runs


def test_an_unknown_job(client: Client) -> None:
    client.refused(404, "job.not_found", "GET", "/api/jobs/784f4bc8-332e-4c26-a366-10db37298890")
    client.refused(404, "job.not_found", "POST", "/api/jobs/nothing/actions/cancel")


def test_the_events_of_a_job_end_with_it(client: Client) -> None:
    job_id = submit(client, "/trial/hold")
    started.wait(60)
    hub = client.http.app.state.service.hub
    before = hub.listening

    def go_on_when_it_is_followed() -> None:
        while hub.listening == before:
            time.sleep(0.01)
        gate.set()

    with ThreadPoolExecutor() as pool:
        pool.submit(go_on_when_it_is_followed)
        with client.http.stream("GET", f"/api/jobs/{job_id}/events") as stream:
            events = [data for _, data in sse.messages(stream.iter_lines())]
    assert (events[0]["status"], events[-1]["status"]) == ("Running", "Completed")


def test_past_the_wait_limit_the_answer_is_a_job(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path, wait_limit=0.1))) as http:
        client = Client(http)
        job_id = submit(client, "/trial/hold-sync", "slow")
        assert client.ok("GET", f"/api/jobs/{job_id}")["status"] == "Running"
        gate.set()
        assert client.ended(job_id)["result"] == {"name": "slow"}
        assert runs == ["slow"]


def test_any_operation_is_run_by_its_name(client: Client) -> None:
    gate.set()
    body: dict[str, Any] = {"operation": "test_jobs.hold", "arguments": {"NAME": "x"}}
    assert client.ok("POST", "/api/jobs/execute-sync", body) == {"name": "x"}
    assert client.ended(client.ok("POST", "/api/jobs/execute", body)["jobId"])["result"] == {"name": "x"}
    client.refused(404, "operation.not_found", "POST", "/api/jobs/execute-sync", {"operation": "no.such"})
    error = client.refused(
        400,
        "request.unknown_field",
        "POST",
        "/api/jobs/execute-sync",
        {"operation": "test_jobs.hold", "arguments": {"nome": "x"}},
    )
    assert error["place"] == {"pointer": "/arguments/nome"}


def test_after_a_restart_running_jobs_have_failed_and_waiting_ones_run_once(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path))) as http:
        client = Client(http)
        held = [submit(client, "/trial/hold", f"held {number}") for number in range(4)]
        started.wait(60)
        waiting = submit(client, "/trial/hold", "waiting")
        portal = client.http.app
        database = tmp_path / "service.db"
        copy = {name: (database.parent / name).read_bytes() for name in ("service.db", "service.db-wal")}
        gate.set()
        assert portal is not None
        for job in [*held, waiting]:
            client.ended(job)
    gate.set()
    runs.clear()
    for name, content in copy.items():
        (tmp_path / name).write_bytes(content)
    (tmp_path / "service.db-shm").unlink(missing_ok=True)
    with TestClient(create_app(settings(tmp_path))) as http:
        client = Client(http)
        assert client.ended(waiting)["status"] == "Completed"
        states = [client.ok("GET", f"/api/jobs/{job}") for job in held]
        assert {(s["status"], s["problem"]["code"]) for s in states} == {("Failed", "job.interrupted")}
        assert runs == ["waiting"]


def test_changes_are_audited(client: Client) -> None:
    client.refused(409, "trial.refused", "POST", "/trial/fail-sync", {"name": "x"})
    audit = client.http.app.state.service.audit
    entries = client.http.blocking_portal.call(audit.latest, 10)
    assert [(entry.operation, entry.outcome) for entry in entries] == [("test_jobs.fail", "trial.refused")]


def test_of_a_large_request_the_audit_keeps_size_and_checksum(client: Client) -> None:
    client.refused(409, "trial.refused", "POST", "/trial/fail-sync", {"name": "x" * 200_000})
    audit = client.http.app.state.service.audit
    (entry,) = client.http.blocking_portal.call(audit.latest, 10)
    assert json.loads(bytes(entry.arguments))["bytes"] > 200_000


def test_a_large_body_is_read_as_any_other(client: Client) -> None:
    gate.set()
    assert client.ok("POST", "/trial/hold-sync", {"NAME": "x" * 200_000}) == {"name": "x" * 200_000}
    error = client.refused(400, "request.unknown_field", "POST", "/trial/hold-sync", {"nme": "x" * 200_000})
    assert error["place"] == {"pointer": "/nme"}
