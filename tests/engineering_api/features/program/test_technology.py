"""Technology objects over HTTP: made, parametrised, exported, imported, used by programs, kept in a repository."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from tests.support.service import CPU, FIRMWARE, Client, settings

DEVICE = "/api/devices/PLC_1"
OBJECTS = f"{DEVICE}/technology-objects"
HEATER = {"name": "Heater", "type": "PID_Compact", "version": "2.3"}
BELT = {"name": "Belt", "type": "TO_PositioningAxis", "version": "5.0"}
SOURCE = """ORGANIZATION_BLOCK "Cycle"
BEGIN
  "Heater".Retain.CtrlParams.Gain := 2.0;
END_ORGANIZATION_BLOCK
"""


@pytest.fixture
def latest(tmp_path: Path) -> Iterator[Client]:
    """A PLC in TIA Portal V21, which has folders of technology objects."""
    with TestClient(create_app(settings(tmp_path / "new", tia_version="21"))) as http:
        client = Client(http)
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "Conveyor"})
        client.ok(
            "POST",
            "/api/projects/devices/actions/add-sync",
            {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"},
        )
        yield client


def parameter(client: Client, name: str, path: str) -> Any:
    return {each["name"]: each["value"] for each in client.ok("GET", f"{OBJECTS}/{name}/parameters")}[path]


def compiled(client: Client) -> None:
    assert client.ok("POST", f"{DEVICE}/actions/compile-sync")["result"]["errorCount"] == 0


def test_an_object_is_made_and_listed(plc: Client) -> None:
    made = plc.ok("POST", OBJECTS, HEATER)
    assert (made["name"], made["type"], made["version"], made["axis"]) == ("Heater", "PID_Compact", "2.3", None)
    assert plc.ok("GET", OBJECTS) == [made] == [plc.ok("GET", f"{OBJECTS}/heater")]
    plc.refused(404, "technology_object.not_found", "GET", f"{OBJECTS}/Cooler")


@pytest.mark.parametrize(
    "other",
    [{"type": "PID_Nothing"}, {"version": "1.0"}, {"name": "Main"}, {"type": "TO_Cam", "version": "5.0"}],
)
def test_what_the_cpu_lacks_is_refused(plc: Client, other: dict[str, str]) -> None:
    plc.refused(422, "technology_object.refused", "POST", OBJECTS, HEATER | other)
    assert plc.ok("GET", OBJECTS) == []


def test_parameters_are_set_all_or_none(plc: Client) -> None:
    plc.ok("POST", OBJECTS, HEATER)
    path = f"{OBJECTS}/Heater/parameters"
    shown = plc.ok("PUT", path, {"values": {"Retain.CtrlParams.Ti": 5, "Mode": 3, "Config.InvertControl": True}})
    assert [(each["name"], each["value"]) for each in shown] == [
        ("Retain.CtrlParams.Ti", 5.0),
        ("Mode", 3),
        ("Config.InvertControl", True),
    ]
    wrong = {"values": {"Retain.CtrlParams.Ti": 7.0, "Mode": 9}}
    plc.refused(422, "technology_object.parameter_refused", "PUT", path, wrong)
    plc.refused(404, "technology_object.no_parameter", "PUT", path, {"values": {"Nothing": 1}})
    assert parameter(plc, "Heater", "Retain.CtrlParams.Ti") == 5.0


def test_an_axis_has_cams(plc: Client) -> None:
    plc.ok("POST", OBJECTS, BELT)
    cam = {"name": "Cam", "type": "TO_OutputCam", "version": "5.0"}
    plc.refused(422, "technology_object.refused", "POST", OBJECTS, cam)
    plc.refused(409, "technology_object.no_container", "POST", OBJECTS, HEATER | {"axis": "Belt"})
    assert plc.ok("POST", OBJECTS, cam | {"axis": "Belt"})["axis"] == "Belt"
    compiled(plc)
    plc.ok("POST", f"{OBJECTS}/Cam/actions/export", {"exportPath": "Cam.xml"})
    plc.ok("DELETE", f"{OBJECTS}/Cam")
    back = plc.ok("POST", f"{OBJECTS}/actions/import", {"importFilePath": "Cam.xml", "axis": "Belt"})
    assert [(each["name"], each["axis"]) for each in back] == [("Cam", "Belt")]
    plc.ok("DELETE", f"{OBJECTS}/Belt")
    assert plc.ok("GET", OBJECTS) == []


def test_an_export_comes_back_by_either_import(plc: Client) -> None:
    plc.ok("POST", OBJECTS, HEATER)
    plc.ok("PUT", f"{OBJECTS}/Heater/parameters", {"values": {"Config.InputUpperLimit": 90.5}})
    plc.refused(
        409, "technology_object.export_refused", "POST", f"{OBJECTS}/Heater/actions/export", {"exportPath": "H.xml"}
    )
    compiled(plc)
    written = plc.ok("POST", f"{OBJECTS}/Heater/actions/export", {"exportPath": "H.xml"})
    assert written["size"] > 0
    plc.refused(
        422, "technology_object.import_refused", "POST", f"{OBJECTS}/actions/import", {"importFilePath": "H.xml"}
    )
    plc.ok("DELETE", f"{OBJECTS}/Heater")
    plc.ok("POST", f"{OBJECTS}/actions/import", {"importFilePath": "H.xml"})
    assert parameter(plc, "Heater", "Config.InputUpperLimit") == 90.5


def test_programs_that_use_an_object_are_cross_referenced(plc: Client) -> None:
    plc.ok("POST", OBJECTS, HEATER)
    plc.ok("POST", f"{DEVICE}/external-sources/import-and-generate", {"sclContent": SOURCE})
    compiled(plc)
    found = plc.ok("GET", f"{DEVICE}/blocks/Cycle/cross-references")
    assert "Heater" in str(found)


def test_folders_exist_from_v21_on(plc: Client, latest: Client) -> None:
    plc.refused(501, "technology_object.no_folders", "POST", OBJECTS, HEATER | {"folder": "Line 1"})
    assert latest.ok("POST", OBJECTS, HEATER | {"folder": "Line 1/Oven"})["folder"] == "Line 1/Oven"
    assert [each["folder"] for each in latest.ok("GET", OBJECTS)] == ["Line 1/Oven"]
