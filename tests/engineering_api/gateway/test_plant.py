"""Requests find the worker that they are about, whatever the queue is."""

from __future__ import annotations

import threading
import uuid
from pathlib import Path
from typing import Any

import pytest

from engineering_api.execution.runner import Runner
from openness_bridge.errors import Problem
from tests.engineering_api.gateway import trial
from tests.engineering_api.gateway.plant import Ends, Plant, plant, until
from tests.support.service import CPU, FIRMWARE


def named(operation: str, **arguments: Any) -> dict[str, Any]:
    return {"operation": operation, "arguments": arguments}


def created(client: Plant, name: str, worker: str) -> dict[str, Any]:
    body = {"name": name, "directory": f"projects/{uuid.uuid4().hex}"}
    made: dict[str, Any] = client.at(worker).ok("POST", "/api/projects/actions/create-sync", body)
    return made


def test_each_worker_tells_what_it_has(two: Plant) -> None:
    shown = two.workers()
    assert {name: each["tiaVersion"] for name, each in shown.items()} == {"PC17": "17", "PC20": "20"}
    assert {each["status"] for each in shown.values()} == {"ready"}


def test_the_summary_of_a_gateway_has_its_workers(two: Plant) -> None:
    found = two.ok("GET", "/api/status/summary")
    assert {each["name"]: each["status"] for each in found["workers"]} == {"PC17": "ready", "PC20": "ready"}
    assert found["backend"] == "gateway"
    assert {found[part] for part in ("sources", "plcs", "alarms", "lastTestRun")} == {None}


def test_a_project_lives_at_the_worker_of_its_version(two: Plant) -> None:
    """Created at V17; a later open finds that version by the extension, the session follows it."""
    project = created(two, "Old", "V17")
    assert project["path"].endswith(".ap17")
    body = {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"}
    two.ok("POST", "/api/projects/devices/actions/add-sync", body)
    two.job("POST", "/api/projects/actions/save", {})
    assert two.workers()["PC17"]["projects"] == [project["path"]]
    two.ok("POST", "/api/projects/actions/close-sync", {})
    assert two.workers()["PC17"]["projects"] == []
    created(two, "New", "PC20")
    assert two.ok("GET", "/api/projects")[0]["name"] == "New"
    two.ok("POST", "/api/projects/actions/open-sync", {"path": project["path"]})
    assert two.ok("GET", "/api/projects")[0]["name"] == "Old"
    assert [each["name"] for each in two.at("PC20").ok("GET", "/api/projects")] == ["New"]
    tables = two.ok("GET", "/api/devices/PLC_1/tag-tables", page=1, pageSize=1)
    assert [each["name"] for each in tables] == ["Default tag table"]


def test_a_version_that_nobody_has_is_refused_with_what_there_is(two: Plant) -> None:
    error = two.refused(503, "worker.none", "POST", "/api/projects/actions/open-sync", {"path": "projects/A/A.ap19"})
    assert "V19" in error["message"]
    assert "PC17 (V17), PC20 (V20)" in error["message"]
    two.at("V18").refused(503, "worker.none", "POST", "/api/projects/actions/create-sync", {"name": "A"})
    two.at("PC9").refused(404, "worker.not_found", "GET", "/api/projects")


def test_two_programs_work_at_two_workers(two: Plant) -> None:
    left, right = two.called("left"), two.called("right")
    assert left.ok("POST", "/api/projects/actions/create-sync", {"name": "A", "directory": uuid.uuid4().hex})
    right_project = right.ok("POST", "/api/projects/actions/create-sync", {"name": "B", "directory": uuid.uuid4().hex})
    assert [left.ok("GET", "/api/projects")[0]["name"], right.ok("GET", "/api/projects")[0]["name"]] == ["A", "B"]
    error = two.called("third").refused(409, "worker.ambiguous", "GET", "/api/projects")
    assert right_project["path"] in error["message"]


def test_an_opened_project_goes_to_a_busy_worker_without_one(two: Plant) -> None:
    left, right = two.called("left"), two.called("right")
    left.ok("POST", "/api/projects/actions/create-sync", {"name": "A", "directory": uuid.uuid4().hex})
    fleet = two.http.app.state.service.gateway.fleet
    (empty,) = [member for member in fleet if not member.projects]
    busy = {"busy-1", "busy-2"}
    empty.out |= busy
    try:
        right.ok("POST", "/api/projects/actions/create-sync", {"name": "B", "directory": uuid.uuid4().hex})
    finally:
        empty.out -= busy
    assert right.ok("GET", "/api/projects")[0]["name"] == "B"


def test_portals_have_one_number_behind_the_gateway(two: Plant) -> None:
    created(two, "A", "PC17")
    created(two, "B", "PC20")
    found = two.ok("GET", "/api/instances")
    assert len({each["processId"] for each in found}) == 2
    for each in found:
        answer = two.http.get("/api/projects", headers={"X-TIA-Instance": str(each["processId"])}).json()
        assert answer["data"][0]["path"] == each["projectPath"]
        assert two.http.get("/api/instances", headers={"X-TIA-Instance": str(each["processId"])}).json()["data"] == [
            each
        ]
    numbers = {portal["instance"] for worker in two.workers().values() for portal in worker["portals"]}
    assert numbers == {each["processId"] for each in found}
    left = two.ok("POST", "/api/instance/actions/detach", {"processId": found[0]["processId"], "force": True})
    assert left["processId"] == found[0]["processId"]
    two.refused(404, "worker.not_found", "POST", "/api/instance/actions/attach", {"processId": 4711})


def test_a_project_has_one_writer(two: Plant) -> None:
    """The path is open at one worker of this machine: another does not open it, and says where it is."""
    path = created(two, "A", "PC20")["path"]
    error = two.at("PC17").refused(
        409, "project.open_elsewhere", "POST", "/api/projects/actions/open-sync", {"path": path}
    )
    assert "PC20" in error["message"]


def test_of_two_who_open_a_project_at_once_the_slower_is_refused(two: Plant) -> None:
    """Both workers were chosen before either began."""
    path = created(two, "A", "PC20")["path"]
    two.ok("POST", "/api/projects/actions/close-sync", {})
    service = two.http.app.state.service
    routing, (first, second) = service.part(Runner)._routing, service.gateway.fleet
    op = service.catalogue.named("projects.open_")
    request = op.request(path=path)
    with routing.reserve_project(op, request, first):
        with routing.reserve_project(op, request, first):
            pass
        with pytest.raises(Problem, match=first.name), routing.reserve_project(op, request, second):
            pass
    with routing.reserve_project(op, request, second):
        pass


def test_nothing_of_a_refusal_is_lost(two: Plant) -> None:
    error = two.refused(409, "trial.refused", "POST", "/trial/refuse-sync", {"name": "it"})
    assert error["message"] == "Not it."
    assert error["place"] == {"device": "PLC_1"}
    assert error["details"][0] == {
        "code": "trial.one",
        "message": "The first.",
        "place": {"block": "Motor", "network": 2},
    }
    job = two.job("POST", "/trial/refuse", {"name": "it"})
    assert job["problem"] == error


def test_a_list_is_paged_and_an_edit_is_bound_to_what_was_seen(two: Plant) -> None:
    created(two, "A", "PC20")
    two.ok("POST", "/api/projects/devices/actions/add-sync", {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"})
    for name in ("One", "Two", "Three"):
        two.ok("POST", "/api/jobs/execute-sync", named("tag_tables.create", deviceName="PLC_1", name=name))
    answer = two.http.get("/api/devices/PLC_1/tag-tables", params={"page": 2, "pageSize": 3, "sort": "name"})
    assert (answer.headers["X-Total-Count"], answer.headers["X-Page-Count"]) == ("4", "2")
    assert [each["name"] for each in answer.json()["data"]] == ["Two"]
    path = "/api/devices/PLC_1/tag-tables"
    seen = two.http.get(path).headers["ETag"]
    first = two.http.post(path, json={"name": "Four"}, headers={"If-Match": seen})
    assert (first.status_code, first.headers["ETag"]) == (200, two.http.get(path).headers["ETag"])
    stale = two.http.post(path, json={"name": "Five"}, headers={"If-Match": seen})
    assert (stale.status_code, stale.json()["error"]["code"]) == (412, "request.precondition_failed")
    assert two.ok("DELETE", f"{path}/Two", dryRun=True)
    assert two.http.get(f"{path}/Two/tags").status_code == 200


def test_the_caller_arrives_with_name_right_and_client(two: Plant) -> None:
    assert two.called("line 4").ok("POST", "/trial/who", {})["text"].endswith("ADMINISTER line 4")


def test_a_password_travels_sealed(two: Plant) -> None:
    assert two.ok("POST", "/trial/password", {"password": "correct horse"})["text"] == "13"


def test_large_answers_are_bounded(two: Plant) -> None:
    assert len(two.ok("POST", "/trial/large", {"length": 3_000_000})["text"]) == 3_000_000
    two.refused(413, "gateway.too_large", "POST", "/trial/large", {"length": 70_000_000})


def test_a_job_reports_and_ends(two: Plant, trials: Path) -> None:
    job_id = two.submitted("/trial/hold", {"name": "J"})
    job = until(lambda: (found := two.ok("GET", f"/api/jobs/{job_id}"))["progress"] and found)
    assert (job["status"], job["progress"], job["message"]) == ("Running", 10, "begun")
    (trials / "go-J").touch()
    job = two.ended(job_id)
    assert (job["status"], job["result"]["name"]) == ("Completed", "J")
    assert trial.runs() == [f"J {job['result']['where']}"]


def test_progress_reaches_those_who_listen(two: Plant, trials: Path) -> None:
    job_id = two.submitted("/trial/hold", {"name": "J"})
    threading.Timer(1, (trials / "go-J").touch).start()
    stream = two.http.get(f"/api/jobs/{job_id}/events").text
    assert '"message":"begun"' in stream
    assert '"status":"Completed"' in stream


def test_who_does_what_is_seen(two: Plant, trials: Path) -> None:
    job_id = two.at("PC17").submitted("/trial/hold", {"name": "J"})
    task = until(lambda: [each for each in two.workers()["PC17"]["running"] if each["jobId"] == job_id])[0]
    assert task["operation"] == "trial.hold"
    assert task["caller"]
    (trials / "go-J").touch()
    two.ended(job_id)


def test_a_running_job_is_cancelled(two: Plant) -> None:
    job_id = two.submitted("/trial/hold", {"name": "J"})
    until(trial.runs)
    two.ok("POST", f"/api/jobs/{job_id}/actions/cancel")
    assert two.ended(job_id)["status"] == "Cancelled"
    until(lambda: not any(each["running"] for each in two.workers().values()))


def test_a_request_that_takes_too_long_becomes_a_job(two: Plant, trials: Path) -> None:
    answer = two.http.post("/trial/hold-sync", json={"name": "J"}, params={"wait": 0.3})
    assert answer.status_code == 202
    (trials / "go-J").touch()
    assert two.ended(answer.json()["data"]["jobId"])["status"] == "Completed"


def test_a_worker_is_emptied_for_maintenance(two: Plant, trials: Path) -> None:
    path = created(two, "A", "PC20")["path"]
    running = two.at("PC20").submitted("/trial/hold", {"name": "J"})
    until(trial.runs)
    told = two.ok("POST", "/api/workers/PC20/actions/drain")
    assert (told["status"], told["projects"]) == ("draining", [path])
    two.at("PC20").refused(409, "worker.draining", "POST", "/api/projects/actions/create-sync", {"name": "B"})
    (trials / "go-J").touch()
    assert two.ended(running)["status"] == "Completed"
    two.ok("POST", "/api/projects/actions/save-sync", {})
    two.ok("POST", "/api/projects/actions/close-sync", {})
    until(lambda: two.workers()["PC20"]["status"] == "drained")
    two.ok("POST", "/api/projects/actions/create-sync", {"name": "C", "directory": uuid.uuid4().hex})
    assert len(two.workers()["PC17"]["projects"]) == 1
    assert two.ok("POST", "/api/workers/PC20/actions/resume")["status"] == "ready"


def test_what_is_the_gateways_own_stays_there(two: Plant) -> None:
    created(two, "A", "PC20")
    entries = two.ok("POST", "/api/jobs/execute-sync", named("system.audit"))
    assert "projects.create" in str(entries)
    assert two.ok("GET", "/api/health")["status"]["backend"] == "gateway"
    assert {each["version"] for each in two.ok("GET", "/api/health/versions")} == {"17", "20"}
    two.refused(501, "gateway.not_passed_on", "GET", "/api/simulation/stream", tag="x", instance="P")


def test_without_a_worker_it_says_so(tmp_path: Path, another: Ends) -> None:
    with plant(tmp_path, another) as http:
        client = Plant(http)
        assert "tia worker" in client.refused(503, "worker.none", "GET", "/api/projects")["message"]
        assert client.workers() == {}


@pytest.mark.slow
def test_choices_outlive_the_gateway(tmp_path: Path, another: Ends) -> None:
    with plant(tmp_path, another, PC17="17", PC20="20") as http:
        created(Plant(http), "A", "PC17")
    with plant(tmp_path, another, PC17="17", PC20="20") as http:
        assert Plant(http).ok("POST", "/trial/quick", {})["where"] == "V17"
