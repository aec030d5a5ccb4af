"""What starts pipelines by itself: schedules, which survive a restart, and events, of which none is forgotten."""

import sqlite3
import time
from pathlib import Path

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.features.pipelines import engine
from engineering_api.features.pipelines.engine import Pipelines
from tests.engineering_api.features.pipelines.trial import bench, keep, run, statuses, step, until
from tests.support.service import Client, settings


def executions(client: Client, name: str = "P", **query: object) -> list[dict[str, object]]:
    return list(client.ok("GET", "/api/pipelines/executions", name=name, **query))


def save(client: Client) -> None:
    client.ok("POST", "/api/projects/actions/save-sync", {})


def test_a_schedule_starts_it_again_and_again(client: Client) -> None:
    keep(client, step("A"), trigger="every 1s")
    (schedule,) = client.ok("GET", "/api/pipelines/schedules")
    assert schedule["nextRunAt"]
    assert (schedule["pipelineName"], schedule["trigger"]) == ("P", "every 1s")
    found = until(lambda: (done := executions(client, status="completed")) and len(done) >= 2 and done)
    assert {each["cause"] for each in found} == {"schedule"}
    keep(client, step("A"), trigger="every 1s", enabled=False)
    assert client.ok("GET", "/api/pipelines/schedules") == []


def test_a_schedule_survives_a_restart(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path))) as http:
        keep(Client(http), step("A"), trigger="every 2s")
        keep(Client(http), step("A"), name="C", trigger="cron 0 2 * * * UTC")
    with TestClient(create_app(settings(tmp_path))) as http:
        client = Client(http)
        assert client.ok("GET", "/api/pipelines/schedules")[0]["nextRunAt"].endswith("T02:00:00+00:00")
        assert until(lambda: executions(client, status="completed"))


def test_a_schedule_that_comes_too_early_is_noted_as_skipped(client: Client) -> None:
    keep(client, step("A", "trial.hold"), trigger="every 1s")
    skipped = until(lambda: executions(client, status="skipped"))
    assert skipped[0]["error"] == "The execution before was still under way."
    assert len(executions(client, status="running")) == 1
    client.ok("DELETE", "/api/pipelines/P")
    bench.gate.set()
    until(lambda: executions(client, status="completed"))


def test_an_event_starts_it_and_is_told(project: Client) -> None:
    keep(
        project,
        step("A", params={"text": "${event.data.target.name}", "deep": {"kind": "${event.kind}"}}),
        trigger="event project.changed",
    )
    project.ok(
        "POST",
        "/api/projects/devices/actions/add-sync",
        {"orderNumber": "6ES7 511-1AK02-0AB0", "version": "V2.9", "name": "PLC_7"},
    )
    (done,) = until(lambda: executions(project, status="completed"))
    assert done["cause"] == "project.changed"
    assert done["stepResults"][0]["result"] == {"text": "PLC_7", "number": 0, "deep": {"kind": "project.changed"}}


def test_events_that_come_meanwhile_are_joined_into_one_more_run(project: Client) -> None:
    keep(project, step("A", "trial.hold"), trigger="event project.saved")
    for _ in range(5):
        save(project)
        bench.started.wait(60)
    assert len(executions(project)) == 1
    bench.gate.set()
    until(lambda: len(executions(project, status="completed")) == 2)
    save(project)
    until(lambda: len(executions(project, status="completed")) == 3)
    assert len(executions(project)) == 3


def test_what_a_pipeline_does_starts_no_pipeline(project: Client) -> None:
    keep(project, step("A", "projects.save"), trigger="event *")
    keep(project, step("A", "projects.save"), name="Q", trigger="event project.saved")
    assert run(project, "Q")["status"] == "Completed"
    keep(project, step("A"), name="Last", trigger="event project.changed")
    project.ok(
        "POST",
        "/api/projects/devices/actions/add-sync",
        {"orderNumber": "6ES7 511-1AK02-0AB0", "version": "V2.9", "name": "PLC_7"},
    )
    until(lambda: executions(project, "Last", status="completed"))
    assert len(executions(project, "Q")) == 1
    until(lambda: executions(project, "P", status="completed"))
    time.sleep(0.3)  # time: nothing may happen meanwhile
    assert [each["cause"] for each in executions(project, "P")] == ["project.changed"]


def test_a_deleted_or_disabled_pipeline_is_not_started(project: Client) -> None:
    keep(project, step("A"), trigger="event project.saved", enabled=False)
    keep(project, step("A"), name="Q", trigger="event project.saved")
    project.ok("DELETE", "/api/pipelines/Q")
    keep(project, step("A"), name="R", trigger="event project.saved")
    save(project)
    until(lambda: executions(project, "R", status="completed"))
    assert executions(project, "P") == executions(project, "Q") == []
    assert run(project, "P")["status"] == "Completed"


def test_a_pipeline_that_cannot_be_started_is_an_execution_that_failed(project: Client) -> None:
    keep(project, step("A", params={"text": "${who}"}), trigger="event project.saved", variables={"who": None})
    save(project)
    (failed,) = until(lambda: executions(project, status="failed"))
    assert (failed["cause"], statuses(failed)) == ("project.saved", ["Pending"])
    assert "'who' has no value" in str(failed["error"])


def test_a_cancelled_wait_lets_the_joined_events_go_on(project: Client) -> None:
    keep(project, step("A", "trial.hold"), name="Busy")
    busy = [project.ok("POST", "/api/pipelines/Busy/run") for _ in range(4)]
    keep(project, step("A"), trigger="event project.saved")
    save(project)
    (waiting,) = until(lambda: [each for each in executions(project, status="pending") if each["jobId"]])
    save(project)
    until(lambda: project.http.app.state.service.part(Pipelines)._again)
    project.ok("POST", f"/api/jobs/{waiting['jobId']}/actions/cancel")
    until(lambda: len(executions(project)) == 2)
    bench.gate.set()
    until(lambda: [each["status"] for each in executions(project)] == ["Completed", "Cancelled"])
    for each in busy:
        project.ended(each["jobId"])


def test_executions_are_removed_with_the_jobs_or_when_they_are_too_many(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("P", "Q"):
        keep(client, step("A"), name=name)
    ids = [run(client, name)["id"] for name in "PPQP"]
    service = client.http.app.state.service
    monkeypatch.setattr(engine, "MOST_KEPT", 2)
    assert client.http.blocking_portal.call(service.part(Pipelines).remove_old) == 1
    assert [each["id"] for each in client.ok("GET", "/api/pipelines/executions")] == ids[:0:-1]
    service.settings.keep_jobs_days = -1
    assert client.http.blocking_portal.call(service.part(Pipelines).remove_old) == 3
    assert executions(client) == []


def test_a_kept_trigger_that_this_version_does_not_know_keeps_no_server_from_starting(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path))) as http:
        keep(Client(http), step("A"), trigger="every 1s")
    with sqlite3.connect(tmp_path / "service.db") as database:
        database.execute(
            "update pipelines set definition = cast(replace(definition, 'every 1s', 'when ready') as blob)"
        )
    database.close()
    with TestClient(create_app(settings(tmp_path))) as http:
        client = Client(http)
        assert client.ok("GET", "/api/pipelines/P")["trigger"] == "when ready"
        assert client.ok("GET", "/api/pipelines/schedules") == []
        assert statuses(run(client)) == ["Completed"]


def test_a_second_process_leaves_schedules_and_what_runs_to_the_first(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path))) as http:
        first = Client(http)
        keep(first, step("A", "trial.hold"), trigger="every 1s")
        until(lambda: executions(first, status="running"))
        with TestClient(create_app(settings(tmp_path))) as other:
            assert Client(other).ok("GET", "/api/pipelines/schedules") == []
            (running,) = executions(Client(other), status="running")
            assert running["cause"] == "schedule"
