"""Online, download, upload, comparison, CPU state and live values over HTTP, against a virtual controller."""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from tests import ROOT
from tests.support import sse
from tests.support.service import CPU as CPU_1511
from tests.support.service import Client, settings

DEVICE = "/api/devices/PLC_1"
ONLINE = f"{DEVICE}/online"
DOWNLOAD = f"{DEVICE}/actions/download-sync"
COMPARE = f"{DEVICE}/actions/compare"
CPU = f"{DEVICE}/cpu"
WATCH = f"{DEVICE}/watch-tables"
AGREED = {"StopModules": "StopAll", "StartModules": "StartModule"}
PROGRAM = """FUNCTION_BLOCK "Counting"
VAR_INPUT step : Int := 1; END_VAR
VAR total : DInt; hold : Bool; END_VAR
BEGIN
IF NOT #hold THEN #total := #total + #step; END_IF;
END_FUNCTION_BLOCK
DATA_BLOCK "Counting_DB"
"Counting"
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "Cycle"
BEGIN
"Counting_DB"();
"Lamp" := "Switch";
"Level" := 16#00FF;
END_ORGANIZATION_BLOCK
"""


def generate(client: Client, text: str) -> None:
    """Make the blocks of an SCL source."""
    client.ok("POST", f"{DEVICE}/external-sources/import-and-generate", {"sclContent": text})


@pytest.fixture
def program(plc: Client) -> Client:
    """A client with a PLC that has a program."""
    table = f"{DEVICE}/tag-tables/Default%20tag%20table/tags"
    for name, data_type, address in (
        ("Switch", "Bool", "%I0.0"),
        ("Lamp", "Bool", "%Q0.0"),
        ("Level", "Word", "%MW10"),
    ):
        plc.ok("POST", table, {"name": name, "dataType": data_type, "address": address})
    generate(plc, PROGRAM)
    return plc


@pytest.fixture
def simulated(program: Client) -> Iterator[Client]:
    """The same with a virtual controller that is on and has no program."""
    program.ok("POST", "/api/simulation/instances/create", {"name": "Twin"})
    program.ok("POST", "/api/simulation/instances/Twin/power-on")
    yield program
    program.http.delete("/api/simulation/instances/Twin")


@pytest.fixture
def running(simulated: Client) -> Client:
    """The same, loaded and in RUN."""
    simulated.ok("POST", DOWNLOAD)
    simulated.ok("POST", f"{CPU}/actions/start")
    return simulated


def prompts(answer: Any) -> dict[str, tuple[str, bool]]:
    return {each["type"]: (each["answer"], each["answered"]) for each in answer["prompts"]}


def value(client: Client, tag: str) -> Any:
    (found,) = client.ok("POST", f"{ONLINE}/values/actions/read", {"tags": [tag]})
    return found["value"]


def eventually(client: Client, tag: str, wanted: Any) -> None:
    deadline = time.monotonic() + 60
    while value(client, tag) != wanted:
        assert time.monotonic() < deadline, f"{tag} is {value(client, tag)}"
        time.sleep(0.02)


# -- online ---------------------------------------------------------------------------


def test_ways_are_listed(simulated: Client) -> None:
    first, second = simulated.ok("GET", f"{ONLINE}/interfaces")
    assert (first["name"], first["targetInterfaces"], first["devices"]) == ("PLCSIM", ["1 X1"], None)
    found = simulated.ok("GET", f"{ONLINE}/interfaces", search="true")
    assert [device["address"] for device in found[0]["devices"]] == ["192.168.0.1"]
    assert found[1]["devices"] == []
    assert second["mode"] == "PN/IE"


def test_online_and_offline(simulated: Client) -> None:
    assert simulated.ok("GET", f"{ONLINE}/status")["state"] == "Offline"
    report = simulated.ok("POST", ONLINE)
    assert (report["state"], report["isOnline"], report["isConfigured"]) == ("Online", True, True)
    assert simulated.ok("POST", f"{ONLINE}/connect")["state"] == "Online"
    assert simulated.ok("DELETE", ONLINE)["state"] == "Offline"
    assert simulated.ok("POST", f"{ONLINE}/disconnect")["state"] == "Offline"


def test_a_cpu_that_does_not_answer_is_not_connected(program: Client) -> None:
    error = program.refused(409, "online.not_reachable", "POST", ONLINE)
    assert error["place"] == {"device": "PLC_1"}
    assert program.ok("GET", f"{ONLINE}/status")["state"] == "Offline"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"pcInterface": "Nothing"}, "online.pc_interface"),
        ({"mode": "CAN"}, "online.mode"),
        ({"targetInterface": "9 X9"}, "online.target_interface"),
    ],
)
def test_unknown_ways_are_named(program: Client, body: Any, code: str) -> None:
    program.refused(422, code, "POST", ONLINE, body)


def test_a_connection_is_lost_when_the_cpu_is_switched_off(simulated: Client) -> None:
    simulated.ok("POST", ONLINE)
    simulated.ok("POST", "/api/simulation/instances/Twin/power-off")
    assert simulated.ok("GET", f"{ONLINE}/status")["isOnline"] is False


def test_what_needs_offline_is_refused_while_online(simulated: Client) -> None:
    simulated.ok("POST", ONLINE)
    simulated.refused(409, "compile.refused", "POST", f"{DEVICE}/actions/compile-sync")
    simulated.ok("DELETE", ONLINE)
    simulated.ok("POST", f"{DEVICE}/actions/compile-sync")


def test_a_certificate_is_trusted_only_when_that_is_said(simulated: Client) -> None:
    simulated.ok("POST", "/api/simulation/instances/Twin/power-off")
    simulated.ok("PUT", "/api/simulation/instances/Twin/config", {"communicationInterface": "TCPIP"})
    simulated.ok("POST", "/api/simulation/instances/Twin/power-on")
    way = {"pcInterface": "Siemens PLCSIM Virtual Ethernet Adapter"}
    error = simulated.refused(409, "online.not_reachable", "POST", ONLINE, way)
    assert error["details"][0]["message"].startswith("TlsVerificationConfiguration: ")
    assert "NonVerified" in error["details"][0]["message"]
    trusting = way | {"prompts": {"tlsVerificationConfiguration": "trusted"}}
    report = simulated.ok("POST", ONLINE, trusting)
    assert prompts(report) == {"TlsVerificationConfiguration": ("Trusted", True)}
    assert report["isOnline"] is True


# -- download -------------------------------------------------------------------------


def test_first_download_loads_everything(simulated: Client) -> None:
    report = simulated.ok("POST", DOWNLOAD)
    assert (report["state"], report["errorCount"]) == ("Success", 0)
    said = [each["message"] for each in report["messages"][0]["messages"]]
    assert "'Counting' was loaded." in said
    assert "The hardware configuration was loaded." in said
    assert set(prompts(report)) == {"AllBlocksDownload", "AlarmTextLibrariesDownload"}
    again = simulated.ok("POST", DOWNLOAD)
    assert (again["state"], len(again["messages"][0]["messages"])) == ("Success", 1)


def test_download_as_a_job(simulated: Client) -> None:
    job = simulated.job("POST", f"{DEVICE}/actions/download", {"Scope": "HardwareAndSoftware"})
    assert job["status"] == "Completed", job


def test_a_running_cpu_is_stopped_only_when_that_is_agreed_to(running: Client) -> None:
    generate(running, PROGRAM.replace("+ #step", "+ 2 * #step"))
    body = {"scope": "Software"}
    error = running.refused(409, "download.prompt_open", "POST", DOWNLOAD, body)
    (detail,) = [each for each in error["details"] if each["code"] == "download.prompt_open"]
    assert detail["place"]["object"] == "StopModules"
    assert "StopAll" in detail["message"]
    assert running.ok("GET", f"{CPU}/status")["cpuState"] == "Run"
    report = running.ok("POST", DOWNLOAD, body | {"prompts": AGREED})
    assert prompts(report)["StopModules"] == ("StopAll", True)
    assert prompts(report)["StartModules"] == ("StartModule", True)
    assert running.ok("GET", f"{CPU}/status")["cpuState"] == "Run"


def test_changes_are_loaded_in_run(running: Client) -> None:
    generate(running, PROGRAM.replace("+ #step", "- #step"))
    report = running.ok("POST", DOWNLOAD, {"scope": "SoftwareOnlyChanges"})
    assert "StopModules" not in prompts(report)
    said = [each["message"] for each in report["messages"][0]["messages"]]
    assert "'Counting' was loaded." in said
    assert "'Cycle' was loaded." not in said
    assert running.ok("GET", f"{CPU}/status")["cpuState"] == "Run"


def test_lost_values_have_to_be_agreed_to(running: Client) -> None:
    generate(running, PROGRAM.replace("hold : Bool;", "hold : Bool; more : Int;"))
    body: dict[str, Any] = {"scope": "SoftwareOnlyChanges"}
    error = running.refused(409, "download.prompt_open", "POST", DOWNLOAD, body)
    assert "Counting_DB" in error["details"][0]["message"]
    agreed = AGREED | {"DataBlockReinitialization": "StopPlcAndReinitialize"}
    report = running.ok("POST", DOWNLOAD, body | {"prompts": agreed})
    assert report["state"] == "Warning"


def test_errors_come_with_their_places_and_nothing_is_loaded(running: Client) -> None:
    wrong = PROGRAM.replace("#total + #step", "#total + #nothing")
    generate(running, wrong)
    error = running.refused(422, "download.compile_errors", "POST", DOWNLOAD)
    place = error["details"][0]["place"]
    assert (place["block"], place["pointer"]) == ("Counting", "/sclContent")
    at = wrong.find("#nothing")
    assert (place["line"], place["column"]) == (wrong.count("\n", 0, at) + 1, at - wrong.rfind("\n", 0, at))
    assert f"{place['path']}:{place['line']}:{place['column']}: " in error["message"]
    assert running.ok("GET", f"{CPU}/status")["cpuState"] == "Run"


def test_a_download_goes_offline_and_online_again(simulated: Client) -> None:
    simulated.ok("POST", ONLINE)
    assert simulated.ok("POST", DOWNLOAD)["wasOnline"] is True
    assert simulated.ok("GET", f"{ONLINE}/status")["isOnline"] is True


def test_program_needs_the_hardware_first(simulated: Client) -> None:
    simulated.refused(409, "download.refused", "POST", DOWNLOAD, {"scope": "Software"})


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"scope": "Everything"}, 400, "download.scope"),
        ({"prompts": {"StopTheWorld": "Yes"}}, 400, "prompt.unknown"),
        ({"passwords": {"ModuleWriteAccessPassword": "NOWHERE"}}, 422, "secret.unknown"),
        ({"passwords": {"ModuleWriteAccessPassword": "../PATH"}}, 422, "secret.unknown"),
        ({}, 409, "download.refused"),
    ],
)
def test_refused_downloads(program: Client, body: Any, status: int, code: str) -> None:
    program.refused(status, code, "POST", DOWNLOAD, body)


def test_a_wrong_answer_is_told(running: Client) -> None:
    generate(running, PROGRAM.replace("+ #step", "+ 3"))
    body = {"scope": "Software", "prompts": {"StopModules": "Perhaps"}}
    error = running.refused(409, "download.prompt_open", "POST", DOWNLOAD, body)
    assert "'Perhaps' is none of the choices" in error["details"][0]["message"]


def test_prompts_are_listed(plc: Client) -> None:
    known = {each["type"]: each for each in plc.ok("GET", "/api/download/prompts")}
    assert known["StopModules"]["choices"] == ["NoAction", "StopAll"]
    assert known["CheckBeforeDownload"]["kind"] == "check"
    assert known["TlsVerificationConfiguration"]["choices"] == ["NonVerified", "Trusted", "NonTrusted"]
    assert known["ModuleWriteAccessPassword"]["kind"] == "password"
    assert known["AllBlocksDownload"]["default"] == "DownloadAllBlocks"
    assert "DataBlockReinitializationOrKeepActualValues" not in known


def test_download_to_a_folder(program: Client, workspace: Path) -> None:
    body = {"folderPath": "card", "prompts": {"TargetForSoftware": "PlcSimulationAdvanced"}}
    route = f"{DEVICE}/actions/download-to-folder"
    report = program.ok("POST", route, body)
    assert prompts(report)["TargetForSoftware"] == ("PlcSimulationAdvanced", True)
    assert (workspace / "card" / "SIMATIC_MC" / "card.zip").is_file()
    program.refused(409, "download.prompt_open", "POST", route, body)
    program.ok("POST", route, body | {"prompts": {"OverwriteOnMemoryCard": "Load"}})
    program.refused(403, "path.outside_roots", "POST", route, {"folderPath": "../card"})
    (workspace / "file").write_bytes(b"")
    program.refused(400, "file.wrong_kind", "POST", route, {"folderPath": "file"})


# -- CPU ------------------------------------------------------------------------------


def test_cpu_without_a_simulation(program: Client) -> None:
    status = program.ok("GET", f"{CPU}/status")
    assert (status["cpuState"], status["instance"], status["onlineState"]) == ("unknown", None, "Offline")
    program.refused(501, "cpu.no_command", "POST", f"{CPU}/actions/start")
    program.refused(501, "cpu.no_command", "POST", f"{CPU}/actions/stop")


def test_cpu_is_started_and_stopped(simulated: Client) -> None:
    simulated.refused(409, "plcsim.empty", "POST", f"{CPU}/actions/start")
    simulated.ok("POST", DOWNLOAD)
    assert simulated.ok("POST", f"{CPU}/actions/start")["cpuState"] == "Run"
    assert simulated.ok("POST", f"{CPU}/actions/stop")["cpuState"] == "Stop"
    assert simulated.ok("GET", f"{CPU}/status")["instance"] == "Twin"


# -- upload and comparison ------------------------------------------------------------


def test_a_station_is_uploaded_as_a_new_one(running: Client) -> None:
    report = running.ok("POST", f"{DEVICE}/actions/upload-sync")
    assert (report["state"], report["address"]) == ("Success", "192.168.0.1")
    devices = {device["name"] for device in running.ok("GET", "/api/projects/devices")}
    assert report["station"] in devices
    assert len(devices) == 2
    same = running.ok("POST", COMPARE, {"otherDevice": report["station"]})
    assert (same["identical"], same["differences"]) == (True, [])
    assert same["compared"] > 3


def test_an_upload_as_a_job_names_the_address(running: Client) -> None:
    assert running.job("POST", f"{DEVICE}/actions/upload", {"ipAddress": "192.168.0.1"})["status"] == "Completed"
    running.refused(409, "upload.refused", "POST", f"{DEVICE}/actions/upload-sync", {"ipAddress": "192.168.0.77"})
    running.refused(400, "tia.argument", "POST", f"{DEVICE}/actions/upload-sync", {"ipAddress": "nowhere"})


def test_comparison_names_the_differences(running: Client) -> None:
    assert running.ok("POST", COMPARE)["identical"] is True
    generate(running, PROGRAM.replace("+ #step", "+ 5"))
    running.ok("DELETE", f"{DEVICE}/blocks/Cycle")
    running.ok("POST", f"{DEVICE}/blocks", {"kind": "DB", "name": "Extra", "members": [{"name": "x", "type": "Int"}]})
    report = running.ok("POST", COMPARE)
    found = {each["name"]: each["difference"] for each in report["differences"]}
    assert found == {
        "Counting": "different",
        "Cycle": "missing in the project",
        "Extra": "missing on the other side",
    }
    assert report["identical"] is False
    (counting,) = [each for each in report["differences"] if each["name"] == "Counting"]
    assert (counting["path"], counting["detail"]) == ("Program blocks", "line changed (Counting/network 1)")


def test_comparison_needs_an_answer(program: Client) -> None:
    program.refused(409, "compare.refused", "POST", COMPARE)


# -- values ---------------------------------------------------------------------------


def test_values_are_read_and_written(running: Client) -> None:
    written = running.ok("POST", f"{ONLINE}/values/actions/write", {"values": [{"name": "Switch", "value": True}]})
    assert written[0]["value"] is True
    eventually(running, "Lamp", True)
    read = running.ok("POST", f"{ONLINE}/values/actions/read", {"tags": ["Level", "Counting_DB.total", "Nothing"]})
    assert (read[0]["value"], read[0]["text"]) == (255, "16#FF")
    assert read[1]["value"] > 0
    assert read[2]["error"]["code"] == "plcsim.tag_not_found"


def test_a_watch_table_has_live_values(running: Client) -> None:
    running.ok("POST", WATCH, {"name": "W"})
    rows = [
        {"name": "Switch", "displayFormat": "Bool"},
        {"comment": "levels"},
        {"address": "%MW10", "displayFormat": "Hex"},
        {"name": "Level", "displayFormat": "Bin"},
        {"address": "%DB1.DBW0"},
        {"name": "Nothing"},
    ]
    running.ok("POST", f"{WATCH}/W/entries", {"entries": rows})
    eventually(running, "Level", 255)
    found = {each["number"]: each for each in running.ok("GET", f"{WATCH}/W/values")}
    assert set(found) == {1, 3, 4, 5, 6}
    assert (found[1]["value"], found[1]["text"]) == (False, "FALSE")
    assert (found[3]["value"], found[3]["text"]) == (255, "16#00FF")
    assert found[4]["text"] == "2#0000_0000_1111_1111"
    assert found[5]["error"]["code"] == "watch.address"
    assert found[6]["error"]["code"] == "plcsim.tag_not_found"


def test_a_watch_table_modifies(running: Client) -> None:
    running.ok("POST", WATCH, {"name": "W"})
    rows = [
        {"name": "Switch", "modifyValue": True, "modifyIntention": True},
        {"address": "%MW20", "displayFormat": "DEC_signed", "modifyValue": "-5", "modifyIntention": True},
        {"name": "Counting_DB.hold", "modifyValue": "TRUE"},
        {"address": "%I0.7", "modifyValue": "1"},
        {"name": "Lamp"},
        {"address": "%MB30", "modifyValue": "300"},
    ]
    running.ok("POST", f"{WATCH}/W/entries", {"entries": rows})
    modify = f"{WATCH}/W/actions/modify"
    first, second = running.ok("POST", modify)
    assert (first["value"], second["value"], second["text"]) == (True, -5, "-5")
    eventually(running, "Lamp", True)
    values = running.ok("POST", modify, {"numbers": [3, 4]})
    assert [each["value"] for each in values] == [True, True]
    running.refused(422, "watch.no_modify_value", "POST", modify, {"numbers": [5, 1]})
    running.refused(422, "watch.modify_value", "POST", modify, {"numbers": [6]})
    running.refused(422, "watch.no_rows", "POST", modify, {"numbers": [9]})


def test_nothing_is_forced(running: Client) -> None:
    error = running.refused(501, "force_table.no_command", "POST", f"{DEVICE}/force-tables/Force%20table/actions/force")
    assert "inputs" in error["message"]


def test_values_need_a_simulation(program: Client) -> None:
    program.ok("POST", WATCH, {"name": "W"})
    program.refused(501, "cpu.no_command", "GET", f"{WATCH}/W/values")
    program.refused(501, "cpu.no_command", "POST", f"{ONLINE}/values/actions/read", {"tags": ["Lamp"]})


# -- streams --------------------------------------------------------------------------


def stream(client: Client, path: str, count: int) -> list[Any]:
    """The data of the first events."""
    with client.http.stream("GET", path) as answer:
        assert answer.status_code == 200, answer.read()
        return [data for _, data in islice(sse.messages(answer.iter_lines()), count)]


@pytest.fixture
def ending(running: Client, after_events: Callable[..., None]) -> Client:
    """While values are streamed the lamp is switched on, and then the instance is deleted, so that the stream ends."""
    write = {"values": [{"name": "Switch", "value": True}]}
    after_events(
        lambda: running.ok("POST", f"{ONLINE}/values/actions/write", write),
        lambda: running.ok("DELETE", "/api/simulation/instances/Twin"),
    )
    return running


def test_tags_of_a_plc_are_streamed(ending: Client) -> None:
    eventually(ending, "Level", 255)
    path = f"{ONLINE}/values/stream?tag=Lamp&tag=Level&period=20&changeOnly=true"
    first, second, last = stream(ending, path, 3)
    assert {each["name"]: each["value"] for each in first}["Lamp"] is False
    assert {"name": "Lamp", "value": True, "online": "equal"} in second
    assert last["code"] == "plcsim.instance_gone"


def test_rows_of_a_watch_table_are_streamed(ending: Client) -> None:
    ending.ok("POST", WATCH, {"name": "W"})
    rows = [{"name": "Lamp"}, {"address": "%MW10", "displayFormat": "Hex"}, {"name": "Nothing"}]
    ending.ok("POST", f"{WATCH}/W/entries", {"entries": rows})
    eventually(ending, "Level", 255)
    first, second, *_, last = stream(ending, f"{WATCH}/W/values/stream?period=20&changeOnly=true", 99)
    shown = {each["name"]: each["value"] for each in first}
    assert shown["%MW10"] == {"value": 255, "text": "16#00FF", "error": None}
    assert shown['"Nothing"']["error"]["code"] == "plcsim.tag_not_found"
    assert [each["name"] for each in second] == ['"Lamp"']
    assert last["code"] in ("plcsim.instance_not_found", "plcsim.instance_gone")


def test_streams_that_cannot_be(running: Client) -> None:
    values = f"{ONLINE}/values/stream"
    running.refused(400, "request.missing_field", "GET", values)
    running.refused(404, "plcsim.tag_not_found", "GET", values, tag="Nothing")
    running.refused(400, "request.period", "GET", values, tag="Lamp", period="1")
    running.refused(404, "device.not_found", "GET", "/api/devices/PLC_9/online/values/stream", tag="Lamp")
    running.refused(404, "watch_table.not_found", "GET", f"{WATCH}/W/values/stream")
    assert running.http.get(f"{values}?tag=Lamp", headers={"X-API-Key": "wrong"}).status_code == 401


# -- the page -------------------------------------------------------------------------


def test_every_request_of_the_page_succeeds(program: Client) -> None:
    text = (ROOT / "docs" / "online.md").read_text(encoding="utf-8")
    requests = re.findall(r"```http\n(\w+) (\S+)\n(.*?)```", text, re.DOTALL)
    assert len(requests) > 15
    for method, path, body in requests:
        program.ok(method, path, json.loads(body) if body.strip() else None)
    program.http.delete("/api/simulation/instances/Twin")


# -- start values ---------------------------------------------------------------------


def test_start_values_are_loaded_into_a_cpu_that_is_online(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path, tia_version="21"))) as http:
        client = Client(http)
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "Conveyor"})
        client.ok("POST", "/api/projects/devices/actions/add-sync", {"orderNumber": CPU_1511, "name": "PLC_1"})
        members = [{"name": "x", "type": "Int", "default": 5}]
        client.ok("POST", f"{DEVICE}/blocks", {"kind": "DB", "name": "Data", "members": members})
        client.ok("POST", "/api/simulation/instances/create", {"name": "Twin"})
        client.ok("POST", "/api/simulation/instances/Twin/power-on")
        client.ok("POST", DOWNLOAD)
        client.ok("POST", f"{ONLINE}/values/actions/write", {"values": [{"name": "Data.x", "value": 9}]})
        load = f"{DEVICE}/blocks/Data/actions/load-start-values"
        client.refused(409, "device.offline", "POST", load)
        client.ok("POST", ONLINE)
        client.ok("POST", load)
        assert value(client, "Data.x") == 5


# -- passwords ------------------------------------------------------------------------


def test_a_protected_cpu_is_loaded_with_a_secret_of_the_service(
    running: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    word = "Opensesame1!"
    body = {"protectionLevel": "ReadAccess", "passwords": {"FullAccess": word}}
    running.ok("POST", f"{DEVICE}/security/configure", body)
    agreed = AGREED | {"CheckBeforeDownload": True, "OverwriteSystemData": "Overwrite"}
    running.ok("POST", DOWNLOAD, {"prompts": agreed})
    generate(running, PROGRAM.replace("+ #step", "+ 4"))
    error = running.refused(409, "download.prompt_open", "POST", DOWNLOAD, {"prompts": AGREED})
    asked = [each["place"]["object"] for each in error["details"] if each["code"] == "download.prompt_open"]
    assert asked == ["OnlineAuthenticationConfiguration", "ModuleWriteAccessPassword"]
    monkeypatch.setenv("TIA_SECRET_PLANT", "Wrong1234!")
    named = {"scope": "Software", "prompts": AGREED, "passwords": {"ModuleWriteAccessPassword": "plant"}}
    running.refused(409, "download.refused", "POST", DOWNLOAD, named)
    monkeypatch.setenv("TIA_SECRET_PLANT", word)
    report = running.ok("POST", DOWNLOAD, named)
    assert prompts(report)["ModuleWriteAccessPassword"] == ("", True)
    assert word not in json.dumps(report)
    assert running.job("POST", f"{DEVICE}/actions/download", named)["status"] == "Completed"
    generate(running, PROGRAM.replace("+ #step", "+ 5"))
    first = named | {"passwords": {"OnlineAuthenticationConfiguration": "plant"}}
    report = running.ok("POST", DOWNLOAD, first)
    assert prompts(report)["OnlineAuthenticationConfiguration"] == ("PasswordOnly", True)
    assert "ModuleWriteAccessPassword" not in prompts(report)
