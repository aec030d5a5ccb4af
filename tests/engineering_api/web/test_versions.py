"""Version 2 of the API, and the one copy of the envelope: the same answers, data alone."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from tests.support.service import KEY, settings

CPU = {"orderNumber": "6ES7 511-1AK02-0AB0", "version": "V2.9", "name": "PLC_1"}


class Both:
    """A client of both versions."""

    def __init__(self, http: Any) -> None:
        self._http = http

    def send(self, method: str, path: str, body: Any = None, **headers: str) -> httpx.Response:
        sent = {"X-API-Key": KEY} | {name.replace("_", "-"): value for name, value in headers.items()}
        found: httpx.Response = self._http.request(method, path, json=body, headers=sent)
        return found


@pytest.fixture
def both(tmp_path: Path) -> Iterator[Both]:
    with TestClient(create_app(settings(tmp_path))) as http:
        made = Both(http)
        assert made.send("POST", "/api/v2/projects/actions/create-sync", {"name": "Plant"}).status_code == 200
        assert made.send("POST", "/api/v2/projects/devices/actions/add-sync", CPU).status_code == 200
        yield made


READS = (
    "/projects/overview",
    "/projects/devices",
    "/devices/PLC_1/blocks",
    "/devices/PLC_1/tag-tables",
    "/devices/PLC_1/blocks?filter=type%3DOB&page=1",
    "/command/list",
)


@pytest.mark.parametrize("path", READS)
def test_a_read_answers_the_data_of_version_1(both: Both, path: str) -> None:
    one, two = both.send("GET", f"/api{path}"), both.send("GET", f"/api/v2{path}")
    assert (one.status_code, two.status_code) == (200, 200)
    assert two.json() == one.json()["data"] == one.json()["response"]["data"]
    for name in ("etag", "x-total-count", "x-page-count"):
        assert two.headers.get(name) == one.headers.get(name)


def test_a_client_may_read_one_copy_of_the_envelope(both: Both) -> None:
    single = both.send("GET", "/api/projects/overview", X_TIA_Envelope="single").json()
    double = both.send("GET", "/api/projects/overview").json()
    assert set(double) - set(single) == {"response"}
    assert single["data"] == double["data"]
    refused = both.send("GET", "/api/devices/PLC_9/blocks", X_TIA_Envelope="single").json()
    assert refused["error"]["code"] == "device.not_found" and "response" not in refused


def test_a_job_has_its_own_status_and_type(both: Both) -> None:
    begun = both.send("POST", "/api/v2/projects/actions/save", {})
    assert begun.status_code == 202
    assert set(begun.json()) == {"jobId"}
    assert begun.headers["location"] == f"/api/v2/jobs/{begun.json()['jobId']}"
    job = both.send("GET", f"/api/v2/jobs/{begun.json()['jobId']}").json()
    assert job["operation"] == "projects.save"
    asked = both.send("POST", "/api/v2/projects/actions/save-sync", {}, Prefer="respond-async")
    assert asked.status_code == 202 and set(asked.json()) == {"jobId"}


def test_a_request_that_does_not_end_in_time_names_its_job(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path, wait_limit=0.0))) as http:
        refused = Both(http).send("POST", "/api/v2/projects/actions/create-sync", {"name": "Slow"})
        assert refused.status_code == 504
        problem = refused.json()
        assert problem["code"] == "job.continues"
        assert refused.headers["location"] == f"/api/v2/jobs/{problem['jobId']}"
        assert Both(http).send("GET", refused.headers["location"]).json()["operation"] == "projects.create"


def test_a_problem_is_one_of_rfc_9457(both: Both) -> None:
    refused = both.send("GET", "/api/v2/devices/PLC_2/blocks")
    assert refused.headers["content-type"] == "application/problem+json"
    problem = refused.json()
    assert {"type", "title", "status", "detail", "code"} <= set(problem)
    assert (problem["status"], problem["title"]) == (refused.status_code, "Not Found")
    assert (problem["code"], problem["candidates"], problem["sent"]) == ("device.not_found", ["PLC_1"], "PLC_2")
    assert problem["type"].endswith(":device.not_found")
    assert both.send("GET", "/api/devices/PLC_2/blocks").json()["error"]["code"] == problem["code"]


@pytest.mark.parametrize(
    ("body", "pointer", "candidates", "sent"),
    [
        (
            {"userName": "eva", "password": "correct horse battery", "right": "boss"},
            "/right",
            ["administrator", "engineer", "operator", "viewer"],
            "boss",
        ),
        ({"userName": 5, "password": "correct horse battery"}, "/userName", [], 5),
        ({"userName": "eva", "password": 12345}, "/password", [], None),
    ],
)
def test_a_wrong_value_comes_with_the_possible_ones(
    both: Both, body: Any, pointer: str, candidates: list[str], sent: Any
) -> None:
    problem = both.send("POST", "/api/v2/users", body).json()
    assert (problem["code"], problem["place"]["pointer"]) == ("request.wrong_type", pointer)
    assert problem.get("candidates", []) == candidates
    assert problem.get("sent") == sent
    assert "12345" not in str(problem)


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/api/v2/nothing/here", 404, "route.not_found"),
        ("PUT", "/api/v2/projects/overview", 405, "route.method"),
        ("GET", "/api/v2/files/none.txt", 404, "file.not_found"),
    ],
)
def test_what_no_operation_answers_is_a_problem_too(both: Both, method: str, path: str, status: int, code: str) -> None:
    refused = both.send(method, path)
    assert refused.headers["content-type"] == "application/problem+json"
    assert (refused.status_code, refused.json()["code"]) == (status, code)


def test_without_a_key(both: Both) -> None:
    refused = both.send("GET", "/api/v2/projects/overview", X_API_Key="wrong")
    assert (refused.status_code, refused.headers["content-type"]) == (401, "application/problem+json")
    assert refused.headers["www-authenticate"] == "Bearer"


def test_a_list_as_csv_and_a_dry_run(both: Both) -> None:
    listed = both.send("GET", "/api/v2/devices/PLC_1/blocks?format=csv")
    assert listed.text == both.send("GET", "/api/devices/PLC_1/blocks?format=csv").text
    tried = both.send("POST", "/api/v2/devices/PLC_1/tag-tables?dryRun=true", {"name": "Inputs"}).json()
    assert (tried["operation"], tried["basis"]) == ("tag_tables.create", "undone")
