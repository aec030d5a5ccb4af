"""PLCSim Simulation over HTTP: every route, what it refuses, and virtual time."""

from __future__ import annotations

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.fakes.fake_plcsim.kit import load
from tests.support import sse
from tests.support.service import Client

SIM = "/api/simulation"
PLC = f"{SIM}/instances/PLC_1"


def download(client: Client, name: str = "PLC_1") -> None:
    """What a download does: it has routes of its own."""
    service = client.http.app.state["service"]
    load(service.simulation.model.SimulationRuntimeManager.CreateInterface(name))


@pytest.fixture
def on(client: Client) -> Client:
    """A client with the instance PLC_1, on and with a program in STOP, connected."""
    client.ok("POST", f"{SIM}/instances/create", {"name": "PLC_1", "powerOn": True})
    download(client)
    client.ok("POST", f"{SIM}/connect")
    return client


@pytest.fixture
def frozen(on: Client) -> Client:
    """The same, with the program at its first synchronization point."""
    on.ok("POST", f"{PLC}/actions/freeze")
    on.ok("POST", f"{PLC}/run")
    return on


def value(client: Client, tag: str) -> Any:
    return client.ok("GET", f"{SIM}/tags/{quote(tag, safe='')}")["value"]


# -- runtime --------------------------------------------------------------------------------


def test_status_has_the_fields_that_clients_read(client: Client) -> None:
    for path in ("status", "runtime/status"):
        status = client.ok("GET", f"{SIM}/{path}")
        assert status["apiAvailable"] is True
        assert status["runtimeManagerRunning"] is True
        assert status["apiVersion"] == "5.0"
        assert status["registeredInstances"] == []
        assert status["connectedInstance"] is None
    client.ok("POST", f"{SIM}/instances/create", {"name": "PLC_1"})
    client.ok("POST", f"{SIM}/connect", {"instanceName": "plc_1"})
    status = client.ok("GET", f"{SIM}/status")
    assert [each["name"] for each in status["registeredInstances"]] == ["PLC_1"]
    assert status["connectedInstance"] == "PLC_1"


def test_the_runtime_is_started_and_configured(client: Client) -> None:
    assert client.ok("POST", f"{SIM}/runtime/start")["runtimeManagerRunning"] is True
    assert client.ok("GET", f"{SIM}/runtime/config") == {
        "port": 0,
        "networkMode": None,
        "defaults": {"storagePath": "", "communicationInterface": "", "cpuType": ""},
    }
    body = {"defaultCpuType": "cpu1516", "defaultCommunicationInterface": "tcpip", "defaultStoragePath": "cards"}
    defaults = client.ok("PUT", f"{SIM}/runtime/config", body)["defaults"]
    assert (defaults["cpuType"], defaults["communicationInterface"]) == ("CPU1516", "TCPIP")
    assert defaults == client.ok("GET", f"{SIM}/runtime/config")["defaults"]
    made = client.ok("POST", f"{SIM}/instances/create", {"name": "A"})
    assert (made["cpuType"], made["communicationInterface"]) == ("CPU1516", "TCPIP")
    assert made["storagePath"].endswith("/cards/A")
    client.refused(422, "plcsim.argument", "PUT", f"{SIM}/runtime/config", {"cpuType": "CPU9"})
    client.refused(501, "plcsim.version", "PUT", f"{SIM}/runtime/config", {"networkMode": "Softbus"})
    client.refused(403, "path.outside_roots", "PUT", f"{SIM}/runtime/config", {"storagePath": "/etc"})


def test_the_port(client: Client) -> None:
    assert client.ok("POST", f"{SIM}/runtime/port", {"port": 50000}) == {"port": 50000}
    assert client.ok("POST", f"{SIM}/runtime/port", {"port": 50001}) == {"port": 50001}
    assert client.ok("GET", f"{SIM}/runtime/config")["port"] == 50001
    assert client.ok("POST", f"{SIM}/runtime/port", {"port": 0}) == {"port": 0}
    client.refused(422, "plcsim.argument", "POST", f"{SIM}/runtime/port", {"port": 80})
    client.refused(400, "request.wrong_type", "POST", f"{SIM}/runtime/port", {"port": 70000})


# -- instances ------------------------------------------------------------------------------


def test_an_instance_through_its_states(client: Client) -> None:
    made = client.ok("POST", f"{SIM}/instances/create", {"instanceName": "PLC_1", "cpuType": "CPU1511"})
    assert (made["id"], made["name"], made["cpuType"], made["operatingMode"]) == (0, "PLC_1", "CPU1511", "Default")
    assert client.ok("GET", f"{PLC}/state")["operatingState"] == "Off"
    client.refused(409, "plcsim.off", "POST", f"{PLC}/run")
    assert client.ok("POST", f"{PLC}/power-on")["operatingState"] == "Stop"
    client.refused(409, "plcsim.empty", "POST", f"{PLC}/run")
    download(client)
    assert client.ok("POST", f"{PLC}/run", {"timeoutMs": 5000})["operatingState"] == "Run"
    assert client.ok("GET", f"{SIM}/instances")[0]["operatingState"] == "Run"
    assert client.ok("POST", f"{PLC}/stop")["operatingState"] == "Stop"
    assert client.ok("POST", f"{PLC}/memory-reset")["operatingState"] == "Stop"
    assert client.ok("POST", f"{PLC}/power-off")["operatingState"] == "Off"
    assert client.ok("DELETE", PLC)["name"] == "PLC_1"
    assert client.ok("GET", f"{SIM}/instances") == []
    client.refused(404, "plcsim.instance_not_found", "GET", f"{PLC}/state")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"name": "x" * 64}, 422, "plcsim.argument"),
        ({"name": "A", "cpuType": "CPU1"}, 422, "plcsim.argument"),
        ({"name": "A", "communicationInterface": "Radio"}, 422, "plcsim.argument"),
        ({"name": "A", "storagePath": "/etc"}, 403, "path.outside_roots"),
        ({"name": "A", "library": "none.dll"}, 404, "file.not_found"),
        ({"nam": "A"}, 400, "request.unknown_field"),
    ],
)
def test_instances_that_cannot_be_made(client: Client, body: Any, status: int, code: str) -> None:
    client.refused(status, code, "POST", f"{SIM}/instances/create", body)
    assert client.ok("GET", f"{SIM}/instances") == []


def test_a_library_that_cannot_be_loaded(client: Client, workspace: Path) -> None:
    (workspace / "own.dll").write_bytes(b"MZ")
    client.refused(422, "plcsim.dll", "POST", f"{SIM}/instances/create", {"library": "own.dll"})


def test_names_and_the_seventeenth(client: Client) -> None:
    for number in range(16):
        assert client.ok("POST", f"{SIM}/instances/create", {})["name"] == f"Instance_{number}"
    client.refused(409, "plcsim.limit", "POST", f"{SIM}/instances/create", {})
    client.refused(409, "plcsim.limit", "POST", f"{SIM}/instances/create", {"name": "Instance_0"})
    client.ok("DELETE", f"{SIM}/instances/instance_3")
    client.refused(409, "plcsim.exists", "POST", f"{SIM}/instances/create", {"name": "INSTANCE_0"})


def test_settings(on: Client) -> None:
    body = {"scaleFactor": 10, "systemTime": "2030-01-02T03:04:05Z", "minimalCycleTimeMs": 20}
    changed = on.ok("PUT", f"{PLC}/config", body)
    assert (changed["scaleFactor"], changed["minimalCycleTimeMs"]) == (10, 20)
    assert changed["systemTime"] == "2030-01-02T03:04:05Z"
    assert on.ok("PUT", f"{PLC}/config", {"operatingMode": "singlestep_c"})["operatingMode"] == "SingleStep_C"
    on.refused(409, "plcsim.state", "PUT", f"{PLC}/config", {"cpuType": "CPU1516"})
    on.refused(400, "request.wrong_type", "PUT", f"{PLC}/config", {"scaleFactor": 1000})
    assert on.ok("GET", f"{PLC}/config")["cpuType"] == "CPU1500_Unspecified"


def test_network(on: Client) -> None:
    changed = on.ok("PUT", f"{PLC}/network", {"ip": "192.168.0.10", "mask": "255.255.255.0"})
    assert changed["interfaces"][0]["ipAddress"] == "192.168.0.10"
    assert on.ok("GET", f"{PLC}/network") == changed
    on.refused(422, "plcsim.argument", "PUT", f"{PLC}/network", {"ipAddress": "somewhere"})
    on.refused(422, "plcsim.range", "PUT", f"{PLC}/network", {"ipAddress": "10.0.0.1", "interfaceId": 4})
    on.ok("POST", f"{PLC}/power-off")
    on.refused(409, "plcsim.off", "PUT", f"{PLC}/network", {"ipAddress": "192.168.0.11"})


def test_two_interfaces_at_once_are_refused(on: Client) -> None:
    on.ok("POST", f"{SIM}/instances/create", {"name": "B", "communicationInterface": "TCPIP"})
    on.refused(409, "plcsim.interface", "POST", f"{SIM}/instances/B/power-on")


# -- session --------------------------------------------------------------------------------


def test_a_session(client: Client) -> None:
    assert client.ok("GET", f"{SIM}/state") == {"isConnected": False, "isRunning": False, "instance": None}
    client.refused(400, "plcsim.not_connected", "POST", f"{SIM}/start")
    client.ok("POST", f"{SIM}/instances/create", {"name": "PLC_1"})
    assert client.ok("POST", f"{SIM}/connect")["tagCount"] == 0
    client.refused(409, "plcsim.empty", "POST", f"{SIM}/start")
    download(client)
    started = client.ok("POST", f"{SIM}/start", {"name": "PLC_1"})
    assert (started["isConnected"], started["isRunning"], started["instance"]["operatingState"]) == (True, True, "Run")
    assert client.ok("POST", f"{SIM}/connect", {"instance": "PLC_1"})["tagCount"] > 20
    assert client.ok("POST", f"{SIM}/stop", {"powerOff": False})["instance"]["operatingState"] == "Stop"
    assert client.ok("POST", f"{SIM}/stop")["instance"]["operatingState"] == "Off"
    assert client.ok("POST", f"{SIM}/disconnect")["instance"]["name"] == "PLC_1"
    assert client.ok("POST", f"{SIM}/disconnect") == {"instance": None}
    client.refused(409, "plcsim.not_connected", "GET", f"{SIM}/tags")
    client.refused(409, "plcsim.not_connected", "POST", f"{SIM}/stop")


# -- tags -----------------------------------------------------------------------------------


def test_tags_are_listed_in_pages(on: Client) -> None:
    page = on.ok("GET", f"{SIM}/tags", search="motor")
    assert [tag["name"] for tag in page["tags"]] == ["Data.motor", "Data.motor.speed", "Data.motor.on"]
    second = on.ok("GET", f"{SIM}/tags", filter="MOTOR", offset=1, limit=1, instance="PLC_1")
    assert (second["total"], second["tags"][0]["dataType"], second["tags"][0]["primitiveType"]) == (3, "Real", "Float")
    assert on.ok("POST", f"{SIM}/tags/refresh", {"areas": ["IO"]}) == {"count": 4}
    assert on.ok("GET", f"{SIM}/tags")["total"] == 4


def test_values_are_read_and_written(frozen: Client) -> None:
    assert frozen.ok("PUT", f"{SIM}/tags/In", {"value": True})["value"] is True
    written = frozen.ok("PUT", f"{SIM}/tags/Data.delay", {"value": "T#5s"})
    assert (written["value"], written["text"], written["dataType"]) == (5000, "T#5s", "Time")
    frozen.ok("POST", f"{PLC}/actions/step")
    assert value(frozen, "Out") is True
    assert value(frozen, '"Data".list[-1]') == 0
    assert value(frozen, "Data.grid[1,2]") == 0


def test_the_other_spelling_of_the_tag_routes(on: Client) -> None:
    assert on.ok("POST", f"{SIM}/plcsim/tags/In", {"Value": "true"})["value"] is True
    assert on.ok("GET", f"{SIM}/plcsim/tags/In")["value"] is True
    assert on.ok("POST", f"{SIM}/plcsim/tags/Level", {"Value": "16#10"})["value"] == 16


@pytest.mark.parametrize(
    ("tag", "given", "status", "code"),
    [
        ("Nothing", 1, 404, "plcsim.tag_not_found"),
        ("Data.motor", 1, 422, "plcsim.not_supported"),
        ("Data.text", "x", 422, "plcsim.not_supported"),
        ("Level", 70000, 422, "plcsim.value"),
        ("Level", "many", 422, "plcsim.value"),
        ("Level", None, 400, "request.wrong_type"),
    ],
)
def test_values_that_cannot_be_written(on: Client, tag: str, given: Any, status: int, code: str) -> None:
    on.refused(status, code, "PUT", f"{SIM}/tags/{tag}", {"value": given})


def test_many_at_once(on: Client) -> None:
    values = [{"name": "In", "value": True}, {"tag": "Level", "value": 7}, {"tagName": "Speed", "value": 2}]
    written = on.ok("POST", f"{SIM}/tags/batch-write", {"signals": values})
    assert [each["value"] for each in written] == [True, 7, 2.0]
    read = on.ok("POST", f"{SIM}/tags/batch-read", {"tagNames": ["In", "Level", "Nothing"]})
    assert [each.get("value") for each in read] == [True, 7, None]
    assert read[2]["error"]["code"] == "plcsim.tag_not_found"
    error = on.refused(
        422,
        "plcsim.value",
        "POST",
        f"{SIM}/tags/batch-write",
        {"values": [{"name": "In", "value": False}, {"name": "Level", "value": 70000}]},
    )
    assert error["details"][0]["place"]["pointer"] == "/values/1"
    assert value(on, "In") is True


def test_an_instance_that_is_off_has_no_values(on: Client) -> None:
    on.ok("POST", f"{PLC}/power-off")
    on.refused(409, "plcsim.off", "GET", f"{SIM}/tags/In")
    on.refused(409, "plcsim.off", "POST", f"{SIM}/tags/refresh")


# -- virtual time ---------------------------------------------------------------------------


def test_cycles_time_and_steps(frozen: Client) -> None:
    done = frozen.ok("POST", f"{PLC}/actions/run-cycles", {"cycles": 5})
    assert (done["cycles"], done["operatingState"]) == (5, "Freeze")
    assert value(frozen, "Data.count") == 5
    frozen.ok("POST", f"{PLC}/actions/step")
    assert value(frozen, "Data.count") == 6
    done = frozen.ok("POST", f"{PLC}/actions/run-for", {"duration": "1m30s"})
    assert done["virtualTimeMs"] == pytest.approx(90_000, abs=20)
    assert value(frozen, "Data.count") == pytest.approx(9006, abs=2)
    done = frozen.ok("POST", f"{PLC}/actions/run-cycles", {"count": 10, "cycleTimeMs": 1000})
    assert done["virtualTimeMs"] == pytest.approx(9_010)


def test_a_timer_in_virtual_time(frozen: Client) -> None:
    frozen.ok("PUT", f"{SIM}/tags/In", {"value": 1})
    frozen.ok("POST", f"{PLC}/actions/run-for", {"duration": 1900})
    assert value(frozen, "Blink_DB.timer.Q") is False
    frozen.ok("POST", f"{PLC}/actions/run-for", {"duration": "T#200ms"})
    assert value(frozen, "Blink_DB.timer.Q") is True


@pytest.mark.parametrize("duration", ["soon", -1, "T#400d", "D#2024-01-01", "16#10"])
def test_durations_that_are_none(frozen: Client, duration: Any) -> None:
    error = frozen.refused(400, "request.duration", "POST", f"{PLC}/actions/run-for", {"duration": duration})
    assert error["place"]["pointer"] == "/duration"


def test_freeze_resume_and_scale(frozen: Client) -> None:
    assert frozen.ok("PUT", f"{PLC}/scale-factor", {"factor": 100})["operatingState"] == "Freeze"
    assert frozen.ok("POST", f"{PLC}/actions/resume")["operatingState"] == "Run"
    while value(frozen, "Data.count") < 20:
        pass
    assert frozen.ok("POST", f"{PLC}/actions/freeze")["operatingState"] == "Freeze"
    frozen.refused(400, "request.wrong_type", "PUT", f"{PLC}/scale-factor", {"factor": 0})


def test_only_a_running_instance_moves(on: Client) -> None:
    on.refused(409, "plcsim.not_in_run", "POST", f"{PLC}/actions/step")


def test_a_trace(frozen: Client) -> None:
    frozen.refused(404, "plcsim.no_trace", "GET", f"{PLC}/trace")
    started = frozen.ok("POST", f"{PLC}/trace/start", {"tags": ["Data.count", "in"]})
    assert [channel["name"] for channel in started["channels"]] == ["Data.count", "In"]
    frozen.ok("POST", f"{PLC}/actions/run-cycles", {"cycles": 3})
    data = frozen.ok("GET", f"{PLC}/trace", after=2)
    assert [sample["values"] for sample in data["samples"]] == [[2, False], [3, False]]
    assert data["active"] is True
    assert frozen.ok("POST", f"{PLC}/trace/stop")["active"] is False
    frozen.refused(404, "plcsim.tag_not_found", "POST", f"{PLC}/trace/start", {"tags": ["Nothing"]})


# -- archives -------------------------------------------------------------------------------


def test_archive_and_import(frozen: Client, workspace: Path) -> None:
    frozen.ok("POST", f"{PLC}/actions/run-cycles", {"cycles": 4})
    frozen.refused(409, "plcsim.state", "POST", f"{PLC}/actions/archive", {"path": "cards/PLC_1.zip"})
    frozen.ok("POST", f"{PLC}/power-off")
    made = frozen.ok("POST", f"{PLC}/actions/archive", {"path": "cards/PLC_1.zip"})
    assert Path(made["path"]).stat().st_size == made["size"]
    frozen.refused(409, "file.exists", "POST", f"{PLC}/actions/archive", {"path": "cards/PLC_1.zip"})
    frozen.ok("POST", f"{PLC}/actions/retrieve", {"path": "cards/PLC_1.zip"})
    imported = frozen.ok("POST", f"{SIM}/import-legacy", {"path": "cards/PLC_1.zip", "instance": "Copy"})
    assert imported["name"] == "Copy"
    frozen.ok("POST", f"{SIM}/instances/Copy/power-on")
    assert frozen.ok("GET", f"{SIM}/tags/Data.count", instance="Copy")["value"] == 4
    frozen.refused(409, "plcsim.state", "POST", f"{SIM}/import-legacy", {"path": "cards/PLC_1.zip", "instance": "Copy"})


def test_what_cannot_be_imported(client: Client, workspace: Path) -> None:
    error = client.refused(501, "plcsim.classic", "POST", f"{SIM}/import-legacy", {"path": "old/Station.plc"})
    assert "download" in error["message"].lower()
    client.refused(404, "file.not_found", "POST", f"{SIM}/import-legacy", {"path": "none.zip"})
    client.refused(403, "path.outside_roots", "POST", f"{SIM}/import-legacy", {"path": "../x.zip"})
    (workspace / "wrong.zip").write_bytes(b"PK")
    client.refused(422, "plcsim.archive", "POST", f"{SIM}/import-legacy", {"path": "wrong.zip"})
    assert client.ok("GET", f"{SIM}/instances") == []


# -- profiles -------------------------------------------------------------------------------

LINE = {
    "name": "Line 1",
    "description": "press and robot",
    "instances": [
        {"name": "Press", "cpuType": "CPU1511", "ipAddress": "192.168.0.20", "powerOn": True, "scaleFactor": 2},
        {"name": "Robot", "operatingMode": "SingleStep_C"},
    ],
}


def test_profiles_are_kept_listed_and_applied(client: Client) -> None:
    assert client.ok("GET", f"{SIM}/profiles") == []
    saved = client.ok("POST", f"{SIM}/profiles", LINE)
    assert (saved["fileName"], len(saved["instances"])) == ("Line 1.json", 2)
    assert client.ok("GET", f"{SIM}/profiles/Line%201") == saved
    assert client.ok("GET", f"{SIM}/profiles/Line%201.json") == saved
    assert client.ok("GET", f"{SIM}/profiles") == [
        {"fileName": "Line 1.json", "name": "Line 1", "description": "press and robot", "instanceCount": 2}
    ]
    applied = client.ok("POST", f"{SIM}/profiles/Line%201/actions/apply")
    assert applied == [
        {"name": "Press", "created": True, "operatingState": "Stop"},
        {"name": "Robot", "created": True, "operatingState": "Off"},
    ]
    assert client.ok("GET", f"{SIM}/instances")[0]["addresses"] == ["192.168.0.20"]
    assert client.ok("GET", f"{SIM}/instances/Robot/config")["operatingMode"] == "SingleStep_C"
    again = client.ok("POST", f"{SIM}/profiles/Line%201/actions/apply")
    assert [each["created"] for each in again] == [False, False]
    assert client.ok("DELETE", f"{SIM}/profiles/Line%201")["name"] == "Line 1"
    client.refused(404, "profile.not_found", "GET", f"{SIM}/profiles/Line%201")


def test_profiles_that_cannot_be(client: Client, tmp_path: Path) -> None:
    client.ok("POST", f"{SIM}/profiles", LINE)
    client.refused(409, "profile.exists", "POST", f"{SIM}/profiles", LINE)
    assert client.ok("POST", f"{SIM}/profiles", LINE | {"overwrite": True, "instances": []})["instances"] == []
    for name in ("..%2Fservice", "..%5Cx", ".hidden", "a%00b"):
        client.refused(400, "profile.name", "GET", f"{SIM}/profiles/{name}")
    client.refused(400, "profile.name", "POST", f"{SIM}/profiles", LINE | {"fileName": "../x.json"})
    client.refused(400, "request.wrong_type", "POST", f"{SIM}/profiles", LINE | {"instances": [{"name": "A"}] * 17})
    (tmp_path / "simulation-profiles" / "broken.json").write_text("{", encoding="utf-8")
    client.refused(422, "profile.unreadable", "GET", f"{SIM}/profiles/broken")
    assert len(client.ok("GET", f"{SIM}/profiles")) == 1


# -- stream ---------------------------------------------------------------------------------


def events(client: Client, path: str, count: int) -> list[tuple[str, Any]]:
    with client.http.stream("GET", path) as answer:
        assert answer.status_code == 200
        return list(islice(sse.messages(answer.iter_lines()), count))


def test_a_stream_sends_what_changes_and_ends_with_the_instance(
    frozen: Client, after_events: Callable[..., None]
) -> None:
    path = f"{SIM}/stream?tag=Data.count&tag=In&period=10&changeOnly=true"

    after_events(lambda: frozen.ok("POST", f"{PLC}/actions/step"), lambda: frozen.ok("DELETE", PLC))
    first, second, last = events(frozen, path, 3)
    named = {"online": "unknown"}
    assert first == ("values", [{"name": "Data.count", "value": 0} | named, {"name": "In", "value": False} | named])
    assert second == ("values", [{"name": "Data.count", "value": 1} | named])
    assert (last[0], last[1]["code"]) == ("error", "plcsim.instance_gone")


def test_streams_that_cannot_be(frozen: Client) -> None:
    frozen.refused(400, "request.missing_field", "GET", f"{SIM}/stream")
    frozen.refused(404, "plcsim.tag_not_found", "GET", f"{SIM}/stream", tag="Nothing")
    frozen.refused(400, "request.period", "GET", f"{SIM}/stream", tag="In", period="1")
    frozen.refused(404, "plcsim.instance_not_found", "GET", f"{SIM}/stream", tag="In", instance="X")
    assert frozen.http.get(f"{SIM}/stream?tag=In", headers={"X-API-Key": "wrong"}).status_code == 401
