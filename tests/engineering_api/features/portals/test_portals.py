"""Portals over HTTP: several at once, each with its own project, none ended by mistake."""

from pathlib import Path

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from tests.support.service import Client, settings

LAUNCH, ATTACH = "/api/instance/actions/launch", "/api/instance/actions/attach"
DETACH, SHUTDOWN = "/api/instance/actions/detach", "/api/instance/actions/shutdown"
CREATE = "/api/projects/actions/create-sync"


def running(client: Client) -> list[int]:
    return [instance["processId"] for instance in client.ok("GET", "/api/instances")]


def test_two_portals_have_two_projects(client: Client) -> None:
    first = client.ok("POST", LAUNCH)["processId"]
    client.ok("POST", CREATE, {"name": "One"})
    second = client.ok("POST", LAUNCH, {"withUi": True})["processId"]
    assert client.ok("GET", "/api/projects") == []
    client.ok("POST", CREATE, {"name": "Two"})
    client.ok("POST", ATTACH, {"pid": first})
    assert client.ok("GET", "/api/instance/status")["projectName"] == "One"
    assert client.ok("GET", "/mcp/instance")["project"] == "One"
    client.http.headers["X-TIA-Instance"] = str(second)
    assert [project["name"] for project in client.ok("GET", "/api/projects")] == ["Two"]
    assert sorted(running(client)) == sorted([first, second])


def test_a_portal_that_is_not_there(client: Client) -> None:
    client.refused(404, "portal.not_found", "POST", ATTACH, {"processId": 99999})


def test_leaving_a_headless_portal_with_changes_is_refused(plc: Client) -> None:
    (pid,) = running(plc)
    plc.refused(409, "project.not_saved", "POST", DETACH)
    plc.refused(409, "project.not_saved", "POST", SHUTDOWN)
    assert running(plc) == [pid]
    assert plc.ok("POST", DETACH, {"force": True}) == {"processId": pid, "current": None}
    assert running(plc) == []


def test_a_portal_with_a_user_interface_lives_on(client: Client) -> None:
    pid = client.ok("POST", LAUNCH, {"withUi": True})["processId"]
    client.ok("POST", DETACH)
    assert running(client) == [pid]
    client.ok("POST", ATTACH, {"processId": pid})
    assert client.ok("POST", SHUTDOWN)["processId"] == pid
    assert running(client) == []
    client.refused(409, "portal.none", "POST", SHUTDOWN)


def test_without_leave_to_launch_nothing_is_launched(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path, headless=False))) as http:
        client = Client(http)
        error = client.refused(409, "portal.none", "GET", "/api/projects")
        assert "not connected" in error["message"]
        assert client.ok("GET", "/api/instance/status")["state"] == "disconnected"
        assert running(client) == []


@pytest.mark.parametrize(("version", "suffix"), [("15.1", ".ap15_1"), ("17", ".ap17"), ("21", ".ap21")])
def test_the_version_is_chosen_at_start(tmp_path: Path, version: str, suffix: str) -> None:
    with TestClient(create_app(settings(tmp_path, tia_version=version))) as http:
        client = Client(http)
        assert client.ok("POST", CREATE, {"name": "P"})["path"].endswith(suffix)
        assert client.ok("GET", "/api/instance/version")["tiaVersion"] == version
        assert client.ok("GET", "/api/health/versions") == [{"version": version, "source": "simulated", "inUse": True}]
        support = "/api/projects/actions/simulation-support"
        if version == "15.1":
            client.refused(501, "project.no_simulation_setting", "POST", support)
        else:
            assert client.ok("POST", support)["enabled"] is True


def test_diagnostics_name_the_process(project: Client) -> None:
    (process,) = project.ok("GET", "/api/instance/diagnostics")
    assert process["instance"]["isCurrent"] is True
    checks = {check["name"]: check["state"] for check in project.ok("GET", "/api/health/diagnostics")["checks"]}
    assert checks["Connection"] == "ok"


def test_the_whitelist_entry_is_told(client: Client, tmp_path: Path) -> None:
    program = tmp_path / "python.exe"
    program.write_bytes(b"MZ")
    entry = client.ok("POST", "/api/tia/firewall/whitelist", {"executable": str(program)})
    assert entry["key"].endswith(r"\Openness\20.0\Whitelist\python.exe\Entry")
    assert entry["fileHash"] == "LsoMEXl2S8rR3p9ZG6IKtXH+TnbzFo8mTb3nPvqHuz0=" or len(entry["fileHash"]) == 44
    client.refused(404, "file.not_found", "POST", "/api/tia/firewall/whitelist", {"executable": "/no/such"})
