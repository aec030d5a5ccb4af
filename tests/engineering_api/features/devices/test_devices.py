"""Devices over HTTP: what was added is read back, what is refused leaves everything as it was."""

from __future__ import annotations

from typing import Any

import pytest

from tests.engineering_api.features.devices.kit import ADD, DEVICES, at, names, picture
from tests.support.service import CPU, FIRMWARE, Client

RENAME = "/api/devices/actions/rename"
ODD = "Förder/band '1' -a.b"
QUOTED = 'Förder/band "1" -a.b'


def test_an_added_device_is_read_back(project: Client) -> None:
    body = {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1", "deviceName": "Packaging", "group": "Hall 1/East"}
    added = project.ok("POST", ADD, body)
    assert project.ok("GET", DEVICES) == [added]
    assert (added["name"], added["cpuName"], added["softwareName"]) == ("Packaging", "PLC_1", "PLC_1")
    assert (added["articleNumber"], added["version"], added["folder"]) == (CPU, FIRMWARE, "Hall 1/East")
    assert added["ipAddresses"] == ["192.168.0.1"]
    assert {"name": "PLC_1", "typeIdentifier": f"OrderNumber:{CPU}/{FIRMWARE}"} in added["deviceItems"]


def test_without_names_the_defaults_count_up(project: Client) -> None:
    made = [project.ok("POST", DEVICES, {"OrderNumber": CPU}) for _ in range(2)]
    assert [device["cpuName"] for device in made] == ["PLC_1", "PLC_2"]
    assert len(set(names(project))) == 2


def test_the_newest_firmware_is_the_default_and_blanks_do_not_matter(project: Client) -> None:
    offered = [entry["version"] for entry in project.ok("POST", "/api/catalog/actions/find-sync", {"orderNumber": CPU})]
    added = project.ok("POST", ADD, {"orderNumber": CPU.replace(" ", "").lower()})
    assert added["version"] == offered[0]
    assert offered == sorted(offered, key=lambda version: [-int(part) for part in version[1:].split(".")])


def test_a_type_identifier_in_place_of_the_order_number(project: Client) -> None:
    added = project.ok("POST", ADD, {"typeIdentifier": "OrderNumber:6ES7 155-6AU01-0BN0/V4.2", "name": "IO_1"})
    assert (added["articleNumber"], added["cpuName"], added["softwareName"]) == ("6ES7 155-6AU01-0BN0", "IO_1", None)


def test_a_panel(project: Client) -> None:
    added = project.ok("POST", ADD, {"orderNumber": "6AV2 124-0GC01-0AX0"})
    assert (added["cpuName"], added["articleNumber"]) == ("HMI_1", "6AV2 124-0GC01-0AX0")


@pytest.mark.parametrize(
    "kind",
    [
        "OrderNumber:6ES7 155-6AU01-0BN0/V4.2",
        "OrderNumber:6AV2 124-0GC01-0AX0/15.1.0.0",
        f"OrderNumber:{CPU}/{FIRMWARE}",
    ],
)
def test_every_name_of_a_device_leads_to_it(project: Client, kind: str) -> None:
    added = project.ok("POST", ADD, {"typeIdentifier": kind, "name": "Part_1", "deviceName": "Station_1"})
    assert added["cpuName"] == "Part_1"
    for name in ("Part_1", "part_1", "Station_1"):
        assert project.ok("GET", at(name)) == added
    project.ok("POST", RENAME, {"deviceName": "Part_1", "cpuName": "Part_2"})
    project.refused(404, "device.not_found", "GET", at("Part_1"))
    assert project.ok("GET", at("PART_2"))["name"] == "Station_1"


def test_add_as_a_job(project: Client) -> None:
    job = project.job("POST", f"{DEVICES}/actions/add", {"orderNumber": CPU, "deviceName": "Line"})
    assert (job["status"], job["result"]["name"]) == ("Completed", "Line")
    assert names(project) == ["Line"]


def test_list_as_a_job(plc: Client) -> None:
    assert plc.job("GET", f"{DEVICES}/async")["result"] == plc.ok("GET", DEVICES)


@pytest.mark.parametrize(
    ("status", "code", "body"),
    [
        (422, "catalog.unknown_article", {"orderNumber": "6ES7 999-9XX99-9AB9"}),
        (422, "catalog.unknown_firmware", {"orderNumber": CPU, "version": "V9.9"}),
        (422, "device.refused", {"typeIdentifier": f"OrderNumber:{CPU}/V9.9"}),
        (422, "device.refused", {"typeIdentifier": "nonsense"}),
        (422, "device.refused", {"orderNumber": "6ES7 521-1BH00-0AB0"}),
        (422, "device.refused", {"orderNumber": CPU, "name": "New", "deviceName": "n" * 200}),
        (422, "device.refused", {"orderNumber": CPU, "name": " blank"}),
        (422, "device.refused", {"orderNumber": CPU, "name": QUOTED, "group": "New group"}),
        (409, "device.exists", {"orderNumber": CPU, "name": "plc_1"}),
        (409, "device.exists", {"orderNumber": CPU, "name": "Other", "deviceName": "PLC_1"}),
        (400, "catalog.no_article", {"name": "PLC_2"}),
        (400, "catalog.no_article", {"orderNumber": CPU, "typeIdentifier": f"OrderNumber:{CPU}/{FIRMWARE}"}),
        (400, "request.unknown_field", {"orderNumber": CPU, "nmae": "PLC_2"}),
        (400, "request.wrong_type", {"orderNumber": CPU, "name": 5}),
    ],
)
def test_a_refused_add_changes_nothing(plc: Client, status: int, code: str, body: dict[str, Any]) -> None:
    before = picture(plc)
    error = plc.refused(status, code, "POST", ADD, body)
    assert error["message"]
    assert picture(plc) == before


def test_what_is_wrong_with_a_request_is_pointed_at(plc: Client) -> None:
    unknown = plc.refused(400, "request.unknown_field", "POST", ADD, {"orderNumber": CPU, "nmae": "PLC_2"})
    assert unknown["place"] == {"pointer": "/nmae"}
    wrong = plc.refused(400, "request.wrong_type", "POST", ADD, {"orderNumber": CPU, "name": 5})
    assert wrong["place"] == {"pointer": "/name"}


def test_a_wrong_firmware_names_the_right_ones(project: Client) -> None:
    error = project.refused(422, "catalog.unknown_firmware", "POST", ADD, {"orderNumber": CPU, "version": "V9.9"})
    assert FIRMWARE in error["message"]


def test_malformed_json_changes_nothing(plc: Client) -> None:
    before = picture(plc)
    answer = plc.http.post(ADD, content=b'{"orderNumber": ', headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()["error"]["code"]) == (400, "request.malformed_json")
    assert picture(plc) == before


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", DEVICES, None),
        ("GET", f"{DEVICES}/parking-lot", None),
        ("POST", ADD, {"orderNumber": CPU}),
        ("DELETE", "/api/devices/PLC_1", None),
        ("POST", RENAME, {"deviceName": "PLC_1", "newName": "X"}),
        ("POST", "/api/devices/PLC_1/actions/compile-sync", None),
        ("GET", "/api/devices/PLC_1/hardware-details", None),
    ],
)
def test_without_a_project_the_message_says_so(client: Client, method: str, path: str, body: Any) -> None:
    assert "No project" in client.refused(409, "project.none", method, path, body)["message"]


@pytest.mark.parametrize("name", [ODD, "-minus", "a.b", "100%", "a+b&c=d?e#f", "ÄÖÜ ß 中文", "%2F"])
def test_any_name_travels_percent_encoded(project: Client, name: str) -> None:
    project.ok("POST", ADD, {"orderNumber": CPU, "name": "CPU", "deviceName": name})
    assert project.ok("GET", at(name))["name"] == name
    assert project.ok("GET", at(name) + "/hardware-details")["name"] == name
    assert (
        project.ok("POST", at(name) + "/actions/configure-network-sync", {"ipAddress": "10.1.2.3"})["address"]
        == "10.1.2.3"
    )
    assert project.ok("DELETE", at(name)) == {"deviceName": name}
    assert names(project) == []


def test_quotation_marks_reach_the_portal_which_refuses_them(plc: Client) -> None:
    error = plc.refused(404, "device.not_found", "GET", at(QUOTED))
    assert error["place"]["object"] == QUOTED
    assert QUOTED in plc.refused(422, "device.refused", "POST", ADD, {"orderNumber": CPU, "name": QUOTED})["message"]


def test_a_device_is_found_by_station_cpu_and_program_in_any_case(project: Client) -> None:
    project.ok("POST", ADD, {"orderNumber": CPU, "name": "PLC_1", "deviceName": "Packaging"})
    assert {project.ok("GET", at(name))["name"] for name in ("Packaging", "plc_1", "PACKAGING")} == {"Packaging"}


def test_rename_station_and_cpu(plc: Client) -> None:
    renamed = plc.ok("POST", RENAME, {"deviceName": "PLC_1", "newName": ODD, "cpuName": "Press"})
    assert (renamed["name"], renamed["cpuName"], renamed["softwareName"]) == (ODD, "Press", "Press")
    plc.refused(404, "device.not_found", "GET", "/api/devices/PLC_1")
    assert plc.ok("GET", at("Press")) == plc.ok("GET", at(ODD)) == renamed


def test_rename_to_another_case_and_as_a_job(plc: Client) -> None:
    plc.ok("POST", RENAME, {"oldName": "PLC_1", "newName": "press"})
    job = plc.job("POST", f"{RENAME}-async", {"deviceName": "press", "newName": "PRESS"})
    assert (job["status"], names(plc)) == ("Completed", ["PRESS"])


@pytest.mark.parametrize(
    ("status", "code", "body"),
    [
        (404, "device.not_found", {"deviceName": "Nobody", "newName": "X"}),
        (409, "device.exists", {"deviceName": "PLC_1", "newName": "plc_2"}),
        (409, "device.exists", {"deviceName": "PLC_1", "newName": "X", "cpuName": "PLC_2"}),
        (422, "device.rename_refused", {"deviceName": "PLC_1", "newName": QUOTED}),
        (422, "device.rename_refused", {"deviceName": "PLC_1", "newName": "Fine", "cpuName": ""}),
        (400, "device.no_name", {"deviceName": "PLC_1"}),
        (400, "request.missing_field", {"newName": "X"}),
    ],
)
def test_a_refused_rename_changes_nothing(plc: Client, status: int, code: str, body: dict[str, str]) -> None:
    plc.ok("POST", ADD, {"orderNumber": CPU, "name": "PLC_2"})
    before = picture(plc)
    plc.refused(status, code, "POST", RENAME, body)
    assert picture(plc) == before


def test_delete(plc: Client) -> None:
    plc.ok("POST", ADD, {"orderNumber": CPU, "name": "PLC_2"})
    job = plc.job("POST", "/api/devices/PLC_2/actions/delete-async")
    assert job["status"] == "Completed"
    plc.ok("DELETE", "/api/devices/PLC_1")
    assert names(plc) == []
    plc.refused(404, "device.not_found", "DELETE", "/api/devices/PLC_1")


def test_the_parking_lot_is_listed_and_cleared(plc: Client) -> None:
    plc.ok(
        "POST", ADD, {"orderNumber": CPU, "name": "Parked", "deviceName": "Parked station", "group": "Parking lot/Old"}
    )
    listed = plc.ok("GET", f"{DEVICES}/parking-lot")
    assert [(device["name"], device["folder"]) for device in listed["devices"]] == [
        ("Parked station", "Parking lot/Old")
    ]
    assert plc.ok("GET", f"{DEVICES}/parking-lot", folder="Elsewhere")["devices"] == []
    assert plc.ok("POST", f"{DEVICES}/parking-lot/actions/clear") == listed
    assert plc.ok("GET", f"{DEVICES}/parking-lot")["devices"] == []
    assert [device["cpuName"] for device in plc.ok("GET", DEVICES)] == ["PLC_1"]


def test_compile_tells_the_result_as_tree_and_list(plc: Client) -> None:
    report = plc.ok("POST", "/api/devices/PLC_1/actions/compile-sync")
    assert report["result"]["errorCount"] == 0
    assert report["result"]["messages"][0]["path"] == "PLC_1"
    warnings = [found for found in report["diagnostics"] if found["severity"] == "Warning"]
    assert len(warnings) == report["result"]["warningCount"]
    assert all(found["text"].startswith(found["path"]) for found in warnings)


def test_compile_scopes(plc: Client) -> None:
    def paths(scope: str) -> str:
        body = {"scope": scope}
        return str(plc.job("POST", "/api/devices/PLC_1/actions/compile", body)["result"]["result"]["messages"])

    assert "Program blocks" not in paths("hardware")
    assert "Hardware configuration" not in paths("software")
    plc.refused(400, "compile.scope", "POST", "/api/devices/PLC_1/actions/compile-sync", {"scope": "everything"})


def test_two_nodes_with_one_address_are_a_compile_error(plc: Client) -> None:
    plc.ok("POST", ADD, {"orderNumber": CPU, "name": "PLC_2"})
    body = {"ipAddress": "10.0.0.1", "subnet": "PN/IE_1", "allowCollision": True}
    for name in ("PLC_1", "PLC_2"):
        plc.ok("POST", f"/api/devices/{name}/actions/configure-network-sync", body)
    report = plc.ok("POST", "/api/devices/PLC_1/actions/compile-sync", {"scope": "hardware"})
    assert report["result"]["state"] == "Error"
    errors = [found for found in report["diagnostics"] if found["severity"] == "Error"]
    assert len(errors) == report["result"]["errorCount"] > 0
    assert any("10.0.0.1" in found["message"] for found in errors)
