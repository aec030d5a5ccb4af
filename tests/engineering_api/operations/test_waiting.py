"""Any route can be waited for or answered with a job, as its caller prefers."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from engineering_api.web.application import App
from tests.support.service import Client

DEVICE = "/api/devices/PLC_1"


def test_a_route_that_waits_can_answer_with_a_job(plc: Client) -> None:
    headers = {"Prefer": "respond-async"}
    answer = plc.http.post(f"{DEVICE}/tag-tables", json={"name": "Motors"}, headers=headers)
    assert (answer.status_code, answer.headers["Preference-Applied"]) == (202, "respond-async")
    assert plc.ended(answer.json()["data"]["jobId"])["result"]["name"] == "Motors"


def test_a_read_can_be_a_job(plc: Client) -> None:
    job = plc.job("GET", DEVICE, None, wait=0)
    assert job["result"] == plc.ok("GET", DEVICE)


def test_a_job_route_can_be_waited_for(plc: Client) -> None:
    answer = plc.http.post("/api/projects/actions/save?wait=30")
    assert answer.status_code == 200
    assert answer.json()["data"]["name"] == "Conveyor"
    job = plc.ok("GET", answer.headers["Location"])
    assert job["status"] == "Completed"


def test_preferring_to_wait_is_the_same(plc: Client) -> None:
    answer = plc.http.post("/api/projects/actions/save", headers={"Prefer": "respond-async, wait=30"})
    assert (answer.status_code, answer.headers["Preference-Applied"]) == (200, "wait=30")


def test_what_fails_while_it_is_waited_for_fails_as_it_would(project: Client) -> None:
    error = project.refused(404, "device.not_found", "POST", "/api/devices/None/actions/compile", None, wait=30)
    assert error["message"]


def test_the_wait_ends_and_the_job_goes_on(plc: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    app: App = plc.http.app
    op = app.state["service"].catalogue.named("projects.save")
    goes_on = threading.Event()

    def slow_project(session: Any) -> object:
        goes_on.wait(60)
        return next(iter(session.portal.Projects))

    monkeypatch.setattr(type(app.state["service"].portals.current), "project", property(slow_project))
    answer = plc.http.post("/api/projects/actions/save?wait=0.05")
    assert op is not None
    assert answer.status_code == 202
    goes_on.set()
    assert plc.ended(answer.json()["data"]["jobId"])["status"] == "Completed"


def test_a_password_is_never_kept_for_the_sake_of_a_preference(plc: Client) -> None:
    headers = {"Prefer": "respond-async"}
    body = {"userName": "Ada", "roles": ["Engineering Standard"], "password": "Very-Secret-1"}
    answer = plc.http.post("/api/security/users", json=body, headers=headers)
    assert answer.status_code != 202
    assert answer.json()["error"]["code"] != "job.secret"
    assert "Very-Secret-1" not in plc.http.get("/api/jobs").text


@pytest.mark.parametrize("value", ["-1", "soon", "601", "true", "false", "nan", ""])
def test_a_wait_that_is_none_is_refused(plc: Client, value: str) -> None:
    plc.refused(400, "request.wrong_type", "POST", "/api/projects/actions/save", None, wait=value)
