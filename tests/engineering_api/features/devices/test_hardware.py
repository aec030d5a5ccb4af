"""The inside of devices over HTTP: details, slots, modules, and hardware as AML files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from tests.engineering_api.features.devices.kit import ADD, at, names, picture
from tests.support.service import CPU, FIRMWARE, Client
from tests.support.service import settings as service_settings

DETAILS = "/api/devices/PLC_1/hardware-details"
MODULES = "/api/devices/PLC_1/modules"
SLOTS = "/api/devices/compatible-slots"
EXPORT = "/api/devices/PLC_1/actions/export-hardware"
IMPORT = "/api/projects/devices/actions/import-hardware-sync"
DI = "6ES7 521-1BH00-0AB0"


def walk(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in items:
        yield item
        yield from walk(item["items"])


def modules(client: Client) -> dict[str, dict[str, Any]]:
    return {item["name"]: item for item in client.ok("GET", DETAILS)["items"]}


# -- details and slots ----------------------------------------------------------------


def test_details_go_down_to_interfaces_and_ports(plc: Client) -> None:
    found = list(walk(plc.ok("GET", DETAILS)["items"]))
    cpu = next(item for item in found if item["classification"] == "CPU")
    assert (cpu["name"], cpu["orderNumber"], cpu["firmwareVersion"]) == ("PLC_1", CPU, FIRMWARE)
    assert (cpu["positionNumber"], cpu["isBuiltIn"], cpu["rack"]) == (1, False, "Rail_0")
    (interface,) = [item["interface"] for item in found if item["interface"]]
    assert (interface["label"], interface["address"], interface["module"]) == ("X1", "192.168.0.1", "PLC_1")
    assert {"Port_1", "Port_2"} <= {item["name"] for item in found}


def test_details_have_addresses_and_channels(plc: Client) -> None:
    plugged = plc.ok("POST", MODULES, {"orderNumber": DI, "name": "DI 16"})
    (submodule,) = plugged["items"]
    assert submodule["addresses"] == [{"ioType": "Input", "start": 0, "length": 16}]
    assert [channel["number"] for channel in submodule["channels"]] == list(range(16))
    assert modules(plc)["DI 16"] == plugged


def test_compatible_slots(plc: Client) -> None:
    (rack,) = plc.ok("GET", SLOTS, deviceName="PLC_1", orderNumber=DI)["racks"]
    fitting = [slot["position"] for slot in rack["slots"] if slot["fits"]]
    assert (rack["rack"], fitting, rack["truncated"]) == ("Rail_0", list(range(2, 32)), False)
    plc.ok("POST", MODULES, {"orderNumber": DI, "slot": 5})
    (rack,) = plc.ok("GET", SLOTS, deviceName="PLC_1", orderNumber=DI)["racks"]
    assert 5 not in {slot["position"] for slot in rack["slots"]}


def test_what_fits_can_be_plugged_and_what_does_not_is_refused(plc: Client) -> None:
    (rack,) = plc.ok("GET", SLOTS, deviceName="PLC_1", limit=3)["racks"]
    assert (rack["truncated"], len(rack["articles"])) == (True, 3)
    for slot in rack["slots"][:4]:
        for entry in rack["articles"]:
            body = {"typeIdentifier": entry["typeIdentifier"], "slot": slot["position"], "name": "Probe"}
            if entry["typeIdentifier"] in slot["fits"]:
                plc.ok("POST", MODULES, body)
                plc.ok("DELETE", f"{MODULES}/Probe")
            else:
                plc.refused(409, "module.does_not_fit", "POST", MODULES, body)


def test_slots_of_an_unknown_device(plc: Client) -> None:
    plc.refused(404, "device.not_found", "GET", SLOTS, deviceName="Nobody")
    plc.refused(400, "request.missing_field", "GET", SLOTS)
    plc.refused(400, "request.wrong_type", "GET", SLOTS, deviceName="PLC_1", limit=0)


# -- modules --------------------------------------------------------------------------


def test_plug_and_unplug(plc: Client) -> None:
    before = plc.ok("GET", DETAILS)
    body = {"orderNumber": DI, "version": "V2.1", "name": "DI/16 -a.b", "position": 4}
    plugged = plc.ok("POST", MODULES, body)
    assert (plugged["positionNumber"], plugged["firmwareVersion"], plugged["rack"]) == (4, "V2.1", "Rail_0")
    assert plc.ok("DELETE", f"{MODULES}/DI%2F16%20-a.b") == {"deviceName": "PLC_1", "itemName": "DI/16 -a.b"}
    assert plc.ok("GET", DETAILS) == before


def test_without_slot_and_name_modules_follow_each_other(plc: Client) -> None:
    made = [plc.ok("POST", MODULES, {"orderNumber": DI}) for _ in range(3)]
    assert [item["positionNumber"] for item in made] == [2, 3, 4]
    assert len({item["name"] for item in made}) == 3
    starts = [item["items"][0]["addresses"][0]["start"] for item in made]
    assert starts == [0, 2, 4]


def test_a_board_goes_into_its_cpu(project: Client) -> None:
    project.ok("POST", ADD, {"orderNumber": "6ES7 214-1AG40-0XB0", "name": "PLC_1"})
    plugged = project.ok("POST", MODULES, {"orderNumber": "6ES7 222-1BD30-0XB0"})
    assert plugged["rack"] == "PLC_1"


@pytest.mark.parametrize(
    ("status", "code", "body"),
    [
        (409, "module.does_not_fit", {"orderNumber": DI, "slot": 1}),
        (409, "module.does_not_fit", {"orderNumber": DI, "slot": 99}),
        (409, "module.does_not_fit", {"orderNumber": CPU}),
        (409, "module.does_not_fit", {"orderNumber": "6ES7 131-6BF01-0BA0"}),
        (409, "module.does_not_fit", {"orderNumber": DI, "rack": "No such rack"}),
        (409, "module.exists", {"orderNumber": DI, "name": "di 1"}),
        (409, "module.refused", {"orderNumber": DI, "name": 'a"b'}),
        (422, "catalog.unknown_article", {"orderNumber": "6ES7 521"}),
        (422, "catalog.unknown_firmware", {"orderNumber": DI, "version": "V0.1"}),
        (400, "catalog.no_article", {"name": "x"}),
        (400, "request.unknown_field", {"orderNumber": DI, "slott": 3}),
        (400, "request.wrong_type", {"orderNumber": DI, "slot": -1}),
        (400, "request.wrong_type", {"orderNumber": DI, "slot": "two"}),
    ],
)
def test_a_refused_module_changes_nothing(plc: Client, status: int, code: str, body: dict[str, Any]) -> None:
    plc.ok("POST", MODULES, {"orderNumber": DI, "name": "DI 1"})
    before = plc.ok("GET", DETAILS)
    plc.refused(status, code, "POST", MODULES, body)
    assert plc.ok("GET", DETAILS) == before


@pytest.mark.parametrize(
    ("status", "code", "name"),
    [
        (404, "module.not_found", "Nothing"),
        (404, "module.not_found", "CPU%20display_1"),
        (409, "module.head", "PLC_1"),
        (409, "module.head", "Rail_0"),
    ],
)
def test_what_cannot_be_unplugged_stays(plc: Client, status: int, code: str, name: str) -> None:
    before = plc.ok("GET", DETAILS)
    plc.refused(status, code, "DELETE", f"{MODULES}/{name}")
    assert plc.ok("GET", DETAILS) == before


@pytest.mark.parametrize("version", ["15.1", "17", "18", "21"])
def test_every_tia_version_does_it_its_own_way(tmp_path: Path, version: str) -> None:
    with TestClient(create_app(service_settings(tmp_path, tia_version=version))) as http:
        client = Client(http)
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "P"})
        client.ok("POST", ADD, {"orderNumber": CPU, "name": "PLC_1"})
        (rack,) = client.ok("GET", SLOTS, deviceName="PLC_1", orderNumber=DI)["racks"]
        fitting = next(slot for slot in rack["slots"] if slot["fits"])
        body = {"typeIdentifier": fitting["fits"][0], "name": "DI 1", "slot": fitting["position"]}
        plugged = client.ok("POST", MODULES, body)
        assert modules(client)["DI 1"] == plugged
        client.ok("POST", EXPORT, {"exportPath": "PLC_1.aml"})


# -- AML files ------------------------------------------------------------------------


def test_exported_hardware_is_imported_where_it_is_missing(plc: Client, workspace: Path) -> None:
    plc.ok("POST", MODULES, {"orderNumber": DI, "name": "DI 1", "slot": 7})
    before = plc.ok("GET", DETAILS)
    exported = plc.ok("POST", EXPORT, {"exportPath": "hardware/PLC_1.aml"})
    file = workspace / "hardware" / "PLC_1.aml"
    assert (exported["path"], exported["size"]) == (str(file), file.stat().st_size)
    assert [path.name for path in file.parent.iterdir()] == ["PLC_1.aml"]
    plc.ok("DELETE", "/api/devices/PLC_1")
    imported = plc.job("POST", "/api/projects/devices/actions/import-hardware", {"importFilePath": str(file)})["result"]
    assert imported["created"] == imported["devices"] == names(plc)
    after = plc.ok("GET", at(imported["created"][0]) + "/hardware-details")
    assert [item["name"] for item in walk(after["items"])] == [item["name"] for item in walk(before["items"])]


def test_export_as_a_job_and_by_the_other_route(plc: Client, workspace: Path) -> None:
    job = plc.job("POST", f"{EXPORT}-async", {"exportPath": "a.aml"})
    assert (job["status"], (workspace / "a.aml").is_file()) == ("Completed", True)
    plc.ok("POST", "/api/devices/PLC_1/hardware/actions/export", {"exportPath": "b.aml"})
    assert (workspace / "a.aml").read_text(encoding="utf-8").count("InternalElement") > 10


def test_a_file_is_replaced_only_when_asked(plc: Client, workspace: Path) -> None:
    file = workspace / "PLC_1.aml"
    file.write_text("mine", encoding="utf-8")
    plc.refused(409, "file.exists", "POST", EXPORT, {"exportPath": "PLC_1.aml"})
    assert file.read_text(encoding="utf-8") == "mine"
    plc.ok("POST", EXPORT, {"exportPath": "PLC_1.aml", "overwrite": True})
    assert "CAEXFile" in file.read_text(encoding="utf-8")


def test_a_client_that_names_files_xml_exports_replaces_and_imports_them(plc: Client, workspace: Path) -> None:
    file = workspace / "PLC_1_hardware.xml"
    file.write_text("mine", encoding="utf-8")
    body, station = {"exportPath": file.name}, names(plc)
    plc.refused(409, "file.exists", "POST", "/api/devices/PLC_1/hardware/actions/export", body)
    plc.http.headers["X-Client-Id"] = "vscode/1.4.2"
    plc.ok("POST", "/api/devices/PLC_1/hardware/actions/export", body)
    assert [path.name for path in workspace.glob("*.*")] == [file.name] and "CAEXFile" in file.read_text(
        encoding="utf-8"
    )
    plc.refused(409, "file.exists", "POST", EXPORT, body | {"overwrite": False})
    plc.ok("DELETE", "/api/devices/PLC_1")
    assert plc.ok("POST", IMPORT, {"importFilePath": file.name})["created"] == station
    assert file.is_file()


def test_options_for_a_device_that_is_there(plc: Client) -> None:
    plc.ok("POST", EXPORT, {"exportPath": "PLC_1.aml"})
    station = names(plc)[0]
    body = {"importFilePath": "PLC_1.aml"}
    plc.ok("POST", "/api/devices/PLC_1/actions/configure-network-sync", {"ipAddress": "10.0.0.9"})
    assert plc.ok("POST", IMPORT, body | {"option": "retain"})["created"] == []
    assert plc.ok("GET", at(station))["ipAddresses"] == ["10.0.0.9"]
    assert plc.ok("POST", IMPORT, body | {"option": "overwrite"})["devices"] == [station]
    assert plc.ok("GET", at(station))["ipAddresses"] == ["192.168.0.1"]
    parked = plc.ok("POST", "/api/devices/PLC_1/hardware/actions/import", body)["created"]
    listed = plc.ok("GET", "/api/projects/devices/parking-lot")["devices"]
    assert [device["name"] for device in listed] == parked


@pytest.mark.parametrize(
    ("status", "code", "path", "body"),
    [
        (403, "path.outside_roots", EXPORT, {"exportPath": "../../out.aml"}),
        (403, "path.outside_roots", EXPORT, {"exportPath": "/etc/out.aml"}),
        (422, "file.wrong_kind", EXPORT, {"exportPath": "out.txt"}),
        (404, "device.not_found", "/api/devices/Nobody/actions/export-hardware", {"exportPath": "out.aml"}),
        (400, "request.missing_field", EXPORT, {}),
        (403, "path.outside_roots", IMPORT, {"importFilePath": "../service.db"}),
        (404, "file.not_found", IMPORT, {"importFilePath": "none.aml"}),
        (422, "file.wrong_kind", IMPORT, {"importFilePath": "text.txt"}),
        (422, "hardware.import_refused", IMPORT, {"importFilePath": "broken.aml"}),
        (400, "hardware.import_option", IMPORT, {"importFilePath": "broken.aml", "option": "merge"}),
        (404, "device.not_found", "/api/devices/Nobody/hardware/actions/import", {"importFilePath": "broken.aml"}),
    ],
)
def test_refused_files_change_nothing(
    plc: Client, workspace: Path, status: int, code: str, path: str, body: dict[str, str]
) -> None:
    for name in ("text.txt", "broken.aml"):
        (workspace / name).write_text("<CAEXFile>", encoding="utf-8")
    before, files = picture(plc), sorted(workspace.rglob("*"))
    plc.refused(status, code, "POST", path, body)
    assert (picture(plc), sorted(workspace.rglob("*"))) == (before, files)


def test_a_failed_import_is_taken_back(plc: Client, workspace: Path) -> None:
    plc.ok("POST", "/api/devices/PLC_1/actions/configure-network-sync", {"subnet": "PN/IE_1", "ioSystem": "IO"})
    plc.ok("POST", EXPORT, {"exportPath": "PLC_1.aml"})
    file = workspace / "PLC_1.aml"
    file.write_text(file.read_text(encoding="utf-8").replace("511-1AK02-0AB0", "999-9XX99-9AB9"), encoding="utf-8")
    plc.ok("POST", "/api/projects/actions/close-sync", {"discard": True})
    plc.ok("POST", "/api/projects/actions/create-sync", {"name": "Empty"})
    before = picture(plc)
    error = plc.refused(422, "hardware.import_failed", "POST", IMPORT, {"importFilePath": "PLC_1.aml"})
    assert "999-9XX99-9AB9" in error["message"]
    assert picture(plc) == before == ([], {"subnets": [], "unconnected": [], "cables": []})


# -- start addresses ------------------------------------------------------------------


def starts(client: Client, item: str) -> list[tuple[str, int]]:
    """Return direction and first byte of the addresses of an item and its parts."""
    found = next(each for each in walk(client.ok("GET", DETAILS)["items"]) if each["name"] == item)
    return [(address["ioType"], address["start"]) for part in walk([found]) for address in part["addresses"]]


def test_start_addresses_are_set_and_read_back(plc: Client) -> None:
    for name, order in (("DI 1", DI), ("DI 2", DI), ("DQ 1", "6ES7 522-1BH00-0AB0")):
        plc.ok("POST", MODULES, {"orderNumber": order, "name": name})
    assert (starts(plc, "DI 1"), starts(plc, "DI 2"), starts(plc, "DQ 1")) == (
        [("Input", 0)],
        [("Input", 2)],
        [("Output", 0)],
    )
    answer = plc.ok("PUT", f"{MODULES}/di%202/start-addresses", {"input": 32766})
    assert (answer["name"], answer["items"][0]["addresses"][0]["start"]) == ("DI 2", 32766)
    plc.ok("PUT", f"{MODULES}/DQ%201/start-addresses", {"output": 2})
    assert (starts(plc, "DI 2"), starts(plc, "DQ 1")) == ([("Input", 32766)], [("Output", 2)])
    plc.ok("PUT", f"{MODULES}/DI%202/start-addresses?dryRun=true", {"input": 10})
    assert starts(plc, "DI 2") == [("Input", 32766)]


def test_a_board_and_the_inputs_of_a_cpu_move(project: Client) -> None:
    """The board of a CPU 1214C begins at byte 4; bytes 0 and 1 are those of the CPU until these move."""
    project.ok("POST", ADD, {"orderNumber": "6ES7 214-1AG40-0XB0", "name": "PLC_1"})
    board = project.ok("POST", MODULES, {"orderNumber": "6ES7 221-3BD30-0XB0", "name": "Board"})
    path = f"{MODULES}/{board['name']}/start-addresses"
    assert starts(project, "Board") == [("Input", 4)]
    project.ok("PUT", path, {"input": 2})
    project.refused(409, "address.refused", "PUT", path, {"input": 1})
    inside = next(
        each["name"]
        for each in walk(project.ok("GET", DETAILS)["items"])
        if [address["ioType"] for address in each["addresses"]] == ["Input", "Output"]
    )
    project.ok("PUT", f"{MODULES}/{inside.replace('/', '%2F')}/start-addresses", {"input": 100, "output": 100})
    project.ok("PUT", path, {"input": 0})
    assert (starts(project, "Board"), starts(project, inside)) == ([("Input", 0)], [("Input", 100), ("Output", 100)])
    project.refused(409, "address.ambiguous", "PUT", f"{MODULES}/PLC_1/start-addresses", {"input": 8})


@pytest.mark.parametrize(
    ("status", "code", "item", "body"),
    [
        (404, "module.not_found", "DI 3", {"input": 0}),
        (409, "address.refused", "DI 2", {"input": 1}),
        (409, "address.refused", "DI 2", {"input": 32767}),
        (409, "address.none", "DI 2", {"output": 8}),
        (409, "address.none", "DI 2", {"input": 8, "output": 8}),
        (400, "request.wrong_type", "DI 2", {"input": -1}),
        (400, "request.wrong_type", "DI 2", {"input": "%I2.0"}),
        (400, "request.unknown_field", "DI 2", {"input": 8, "inputs": 8}),
        (400, "request.missing_field", "DI 2", {}),
    ],
)
def test_a_refused_start_address_changes_nothing(
    plc: Client, status: int, code: str, item: str, body: dict[str, Any]
) -> None:
    for name in ("DI 1", "DI 2"):
        plc.ok("POST", MODULES, {"orderNumber": DI, "name": name})
    before = plc.ok("GET", DETAILS)
    plc.refused(status, code, "PUT", f"{MODULES}/{item.replace(' ', '%20')}/start-addresses", body)
    assert plc.ok("GET", DETAILS) == before
