"""The contract's transport as its clients use it: key, licence, statuses, jobs, further spellings, the end of the server."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import msgspec
import pytest
from litestar.testing import TestClient

from engineering_api import processes
from engineering_api.app import catalogue, create_app
from engineering_api.operations.terms import PARAMETER
from engineering_api.security.origins import is_loopback
from engineering_api.security.rate_limit import RateLimit, TooMany
from engineering_api.web.registry import Instance, Registry
from tests.support.service import KEY, Client, settings

NO_PROJECT = re.compile(r"not connected|not available|aucun projet|no project", re.IGNORECASE)
KEY_WORDS = re.compile(r"401|API Key|Unauthorized|authentication", re.IGNORECASE)
SPELLINGS = (
    "POST /api/devices/{}/online/connect", "POST /api/devices/{}/online/disconnect", "POST /api/catalog/search",
    "POST /api/projects/devices", "POST /api/devices/{}/tag-tables/{}/tags", "GET /api/simulation/plcsim/tags/{}",
    "POST /api/simulation/plcsim/tags/{}", "POST /api/tests/run", "POST /api/devices/{}/blocks/{}/export",
    "POST /api/devices/{}/blocks/generate-and-import", "POST /api/devices/{}/hardware/actions/export",
    "POST /api/devices/{}/hardware/actions/import", "POST /api/projects/actions/retrieve", "POST /api/projects/open",
    "POST /api/blocks/compile", "GET /api/projects/files", "GET /api/devices/{}/blocks/{}/source",
    "POST /api/devices/{}/blocks/{}/actions/compile", "POST /api/devices/{}/blocks/{}/actions/export",
)  # fmt: skip


# -- the key ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("host", "loopback"),
    [
        ("localhost", True),
        ("127.0.0.53", True),
        ("::1", True),
        ("10.0.0.1", False),
        ("localhost.example", False),
        ("", False),
    ],
)
def test_loopback(host: str, loopback: bool) -> None:
    assert is_loopback(host) is loopback


def test_everything_is_enabled(client: Client) -> None:
    licence = client.ok("GET", "/api/license/features")
    assert licence["isValid"] is True
    assert licence["edition"] in {"free", "trial", "standard", "pro", "professional", "premium", "enterprise"}
    enabled = {feature["key"] for feature in licence["features"] if feature["enabled"]}
    assert {"ai", "hasVcs", "hasTestHarness"} <= enabled


def test_the_version_is_one_that_clients_of_the_contract_take(client: Client) -> None:
    version = client.ok("GET", "/api/health")["status"]["buildVersion"]
    assert tuple(map(int, version.split("."))) >= (2, 1, 620)


def test_telemetry_does_not_exist(client: Client) -> None:
    body = {"eventName": "VSCode_Activated", "extensionVersion": "1.0.0"}
    client.refused(404, "route.not_found", "POST", "/api/telemetry/client-events", body)


# -- statuses -----------------------------------------------------------------------------


@pytest.mark.parametrize("headless", [True, False])
def test_no_project_is_told_in_the_words_that_clients_know(tmp_path: Path, headless: bool) -> None:
    with TestClient(create_app(settings(tmp_path, headless=headless))) as http:
        http.headers["X-API-Key"] = KEY
        for path in ("/api/projects/overview", "/api/projects/devices", "/api/devices/PLC_1/blocks/tree"):
            answer = http.get(path)
            assert answer.status_code == 409
            assert NO_PROJECT.search(answer.json()["message"])
            assert not KEY_WORDS.search(answer.json()["message"])


def test_a_right_that_is_missing_is_403_and_a_key_that_is_missing_401(client: Client) -> None:
    del client.http.headers["X-API-Key"]
    client.refused(401, "auth.required", "GET", "/signalr/ping")
    client.refused(403, "auth.not_local", "GET", "/api/auth/local-key")


def test_too_many_requests_are_told_when_to_come_again(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path, rate_limit=3))) as http:
        http.headers["X-API-Key"] = KEY
        answers = [http.get("/api/health/ping") for _ in range(8)]
        refused = [answer for answer in answers if answer.status_code == 429]
        assert len(refused) >= 2
        assert refused[0].json()["success"] is False
        assert refused[0].json()["error"]["code"] == "request.too_many"
        assert 0 < int(refused[0].headers["X-RateLimit-Reset"]) - time.time() <= 60
        assert 1 <= int(refused[0].headers["Retry-After"]) <= 60


def test_requests_are_counted_by_address_and_minute() -> None:
    now = [600.0]
    limit = RateLimit(2, lambda: now[0])
    limit.take("a")
    limit.take("a")
    limit.take("b")
    with pytest.raises(TooMany) as caught:
        limit.take("a")
    assert caught.value.reset == 660
    now[0] = 660.0
    limit.take("a")
    for _ in range(1000):
        RateLimit(0).take("a")


# -- jobs and spellings -------------------------------------------------------------------


def test_a_job_has_the_shape_that_clients_read(project: Client) -> None:
    job = project.job("POST", "/api/projects/actions/save")
    assert {"jobId", "status", "progress", "message", "result", "error", "createdAt", "completedAt"} <= set(job)
    assert re.fullmatch(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}", job["jobId"])
    assert (job["status"], job["progress"], set(job["result"])) == ("Completed", 100, {"name", "path"})
    failed = project.job("POST", "/api/projects/actions/open", {"Path": "missing.ap20"})
    assert (failed["status"], bool(failed["error"])) == ("Failed", True)


@pytest.mark.parametrize("spelling", SPELLINGS)
def test_both_spellings_are_served(spelling: str) -> None:
    known = {f"{r.method} {PARAMETER.sub('{}', r.path)}" for op in catalogue() for r in op.routes}
    assert spelling in known


def test_a_block_as_text_and_compiled_by_its_name(plc: Client) -> None:
    scl = 'FUNCTION "Add" : Int\nVAR_INPUT\n a : Int;\nEND_VAR\nBEGIN\n #Add := #a + 1;\nEND_FUNCTION\n'
    plc.ok("POST", "/api/devices/PLC_1/external-sources/import-and-generate", {"SclContent": scl})
    assert (
        plc.ok("POST", "/api/blocks/compile", {"deviceName": "PLC_1", "blockName": "Add"})["result"]["errorCount"] == 0
    )
    path = "/api/devices/PLC_1/blocks/Add/export"
    assert plc.ok("POST", path, {"Format": "xml"}).lstrip().startswith("<?xml")
    assert "#a + 1" in plc.ok("POST", path, {"Format": "scl"})
    plc.refused(400, "block.format", "POST", path, {"Format": "pdf"})


# -- the list of servers, and the end -----------------------------------------------------


def test_the_list_keeps_those_that_answer(tmp_path: Path) -> None:
    file = tmp_path / "sub" / "instances.json"
    one, two, three = (Instance(n, 9000 + n, f"http://127.0.0.1:{9000 + n}", str(n)) for n in (1, 2, 3))
    alive = Registry(file, lambda _: True)
    alive.enter(one)
    alive.enter(two)
    alive.enter(two)
    assert [entry["Pid"] for entry in json.loads(file.read_text())] == [1, 2]
    Registry(file, lambda each: each.pid == 2).enter(three)
    assert [each.pid for each in alive.read()] == [2, 3]
    alive.leave(two)
    assert json.loads(file.read_text()) == [{"Pid": 3, "Port": 9003, "Url": "http://127.0.0.1:9003", "InstanceId": "3"}]
    file.write_text("nonsense")
    alive.enter(one)
    assert [each.pid for each in alive.read()] == [1]


def test_a_list_that_cannot_be_written_stops_nobody(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").write_text("x")
    Registry(tmp_path / "file" / "instances.json").enter(Instance(1, 2, "http://127.0.0.1:2"))
    assert "cannot be written" in caplog.text


@contextmanager
def process(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [
        sys.executable,
        "-m",
        "engineering_api",
        "serve",
        "--backend",
        "fake",
        "--port",
        "0",
        "--data-dir",
        str(folder),
        "--headless",
    ]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TIA_")}
    with processes.start(command, stdout=subprocess.PIPE, text=True, env=clean) as running:
        try:
            assert running.stdout is not None
            address = re.search(r"http://[^ ]+", running.stdout.readline())
            assert address
            yield running, address[0]
        finally:
            running.kill()


def send(url: str, method: str, path: str, key: str = "", body: Any = None) -> Any:
    content = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(url + path, method=method, data=content, headers={"X-API-Key": key} if key else {})
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:
            return answer.status, msgspec.json.decode(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, msgspec.json.decode(error.read())


@pytest.mark.slow
def test_a_client_finds_the_server_reads_the_key_and_ends_it(tmp_path: Path) -> None:
    with process(tmp_path) as (running, url):
        entry = json.loads((tmp_path / "instances.json").read_text())[0]
        assert (entry["Pid"], entry["Url"]) == (running.pid, url)
        key = (tmp_path / "api.key").read_text()
        assert send(url, "POST", "/api/health/shutdown")[0] == 401
        assert send(url, "POST", "/api/projects/actions/create-sync", key, {"name": "Line"})[0] == 200
        device = {"orderNumber": "6ES7 511-1AK02-0AB0", "version": "V2.9", "name": "PLC_1"}
        assert send(url, "POST", "/api/projects/devices", key, device)[0] == 200
        status, answer = send(url, "POST", "/api/health/shutdown", key)
        assert (status, answer["error"]["code"]) == (409, "project.not_saved")
        status, answer = send(url, "POST", "/api/health/shutdown", key, {"force": True})
        assert (status, answer["success"], answer["data"]["processId"]) == (200, True, running.pid)
        assert running.wait(20) == 0
    assert json.loads((tmp_path / "instances.json").read_text()) == []


def test_the_end_of_a_server_keeps_changes_of_a_client_without_a_field_for_them(plc: Client) -> None:
    plc.http.app.state.service.stop = lambda: None
    plc.refused(409, "project.not_saved", "POST", "/api/health/shutdown")
    answer = plc.http.post("/api/health/shutdown", headers={"X-Client-Id": "vscode/1.4.2"}).json()
    (copy,) = answer["data"]["copies"]
    assert copy in answer["message"] and list(Path(copy).glob("*.ap*"))
    assert [each["isModified"] for each in plc.ok("GET", "/api/projects")] == [False]


@pytest.mark.slow
def test_a_server_that_is_terminated_leaves_the_list(tmp_path: Path) -> None:
    with process(tmp_path) as (running, _):
        assert Registry(tmp_path / "instances.json").read()[0].pid == running.pid
        running.terminate()
        running.wait(20)
    assert Registry(tmp_path / "instances.json").read() == []


def test_a_service_within_another_program_does_not_end_it(client: Client) -> None:
    client.refused(501, "server.not_served", "POST", "/api/health/shutdown")
