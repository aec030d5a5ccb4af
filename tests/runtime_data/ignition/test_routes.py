"""The WebDev routes for tags over a virtual CPU: bare answers, in the printed forms."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from tests.runtime_data.ignition.plant import BASE, Plant, plant_in
from tests.support.service import KEY


def test_tags_by_their_names(plant: Plant) -> None:
    found = plant.get("/api/tags", path=["[default]Plant/Temperature", "[PLC_1]Plant/Status", "[PLC_1]nope"])
    assert {name: (each["value"], each["quality"]) for name, each in found.items()} == {
        "Temperature": (24.5, "Good"),
        "Status": (2, "Good"),
        "nope": (None, "Bad_NotFound"),
    }
    assert found["Temperature"]["timestamp"].endswith("Z")


def test_tags_as_a_list(plant: Plant) -> None:
    paths = ["[PLC_1]Data/list[3]", "[PLC_1]Data/wide", "[PLC_1]Data/list[3]"]
    found = plant.get("/api/tags", path=paths, flat="false")
    assert [(each["path"], each["value"]) for each in found] == [
        (paths[0], 30),
        (paths[1], 18446744073709551615),
        (paths[2], 30),
    ]
    assert "one name" in plant.refused(400, "GET", "/api/tags", path=paths)


def test_a_cpu_in_stop_has_no_good_values(plant: Plant) -> None:
    with plant.service.simulation.handle("PLC_1").use() as api:
        api.Stop(60_000)
    assert plant.get("/api/tags", path="[PLC_1]Plant/Status")["Status"]["quality"] == "Bad_Disabled"


def test_writes(plant: Plant) -> None:
    writes = [
        {"path": "[default]Plant/Setpoint", "value": 1},
        {"path": "[PLC_1]Plant/Status", "value": "quick"},
        {"path": "[PLC_1]nope", "value": 1},
    ]
    assert plant.post("/api/write", {"writes": writes}) == {
        "status": "completed",
        "results": [
            {"path": "[default]Plant/Setpoint", "success": True, "quality": "Good"},
            {"path": "[PLC_1]Plant/Status", "success": False, "quality": "Error_TypeConversion"},
            {"path": "[PLC_1]nope", "success": False, "quality": "Bad_NotFound"},
        ],
    }
    assert plant.get("/api/tags", path="[PLC_1]Plant/Setpoint")["Setpoint"]["value"] == 1


def test_a_write_is_one_entry_of_the_audit_log(plant: Plant) -> None:
    _ = plant.post("/api/write", {"writes": [{"path": "[PLC_1]Plant/Setpoint", "value": 7}]})
    entries = plant.http.get("/api/audit", headers={"X-API-Key": KEY}).json()["data"]
    (written,) = [each for each in entries if each["operation"] == "ignition.write"]
    assert '"value":7' in str(written["arguments"]).replace(" ", "").replace("'", '"')


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ({}, "Missing 'writes' field"),
        ({"writes": [{"path": "[PLC_1]x"}]}, "value"),
        ({"writes": {"[PLC_1]x": 1}}, "list"),
        ({"writes": [{"path": "[PLC_1", "value": 1}]}, "closing bracket"),
        ({"writes": [{"path": "[PLC_1]x", "value": [1]}]}, "value"),
    ],
)
def test_writes_that_are_refused(plant: Plant, body: Any, words: str) -> None:
    assert words in plant.refused(400, "POST", "/api/write", body)


def test_too_many_tags(plant: Plant) -> None:
    writes = [{"path": "[PLC_1]Plant/Setpoint", "value": 1}] * 1001
    assert "1000" in plant.refused(413, "POST", "/api/write", {"writes": writes})


def test_browsing(plant: Plant) -> None:
    assert plant.get("/api/browse", filter="PLC*") == [
        {"name": "PLC_1", "fullPath": "[PLC_1]", "tagType": "Provider", "dataType": "", "hasChildren": True}
    ]
    top = {each["name"]: each for each in plant.get("/api/browse", path="[PLC_1]")}
    assert top["Plant"]["tagType"] == "Folder" and top["Plant"]["hasChildren"] is True
    below = {each["name"]: each for each in plant.get("/api/browse", path="[default]Plant")}
    assert below["Temperature"] == {
        "name": "Temperature",
        "fullPath": "[PLC_1]Plant/Temperature",
        "tagType": "AtomicTag",
        "dataType": "Float4",
        "hasChildren": False,
    }
    found = plant.get("/api/browse", path="[PLC_1]", filter="valid*", recursive="true")
    assert [each["fullPath"] for each in found] == ["[PLC_1]Config/API/ValidTokens"]


def test_every_tag_that_a_browse_lists_can_be_read_by_its_path(plant: Plant) -> None:
    nodes = plant.get("/api/browse", path="[PLC_1]", recursive="true")
    paths = [each["fullPath"] for each in nodes if each["tagType"] == "AtomicTag"]
    assert len(paths) == 14
    found = plant.get("/api/tags", path=paths, flat="false")
    bad = [each["path"] for each in found if each["quality"] != "Good"]
    assert bad == ["[PLC_1]Config/API/ValidTokens"], "a simulated PLC gives no texts"


def test_what_is_not_there(plant: Plant) -> None:
    assert "no source" in plant.refused(404, "GET", "/api/tags", path="[PLC_9]x").casefold()
    _ = plant.refused(404, "GET", "/api/browse", path="[PLC_1]nope")
    _ = plant.refused(404, "GET", "/api/nope")
    _ = plant.refused(404, "POST", "/nope/deep", {})
    _ = plant.refused(404, "GET", "/api/alarms/nope")
    _ = plant.refused(400, "GET", "/api/tags", path="[PLC_1]x", flat="perhaps")


# -- forms --------------------------------------------------------------------------------


def test_answers_and_requests_in_xml(plant: Plant) -> None:
    found = plant.send("GET", "/api/tags", path="[PLC_1]Plant/Status", format="xml")
    assert found.headers["content-type"].startswith("application/xml")
    assert etree.fromstring(found.content).findtext("Status/value") == "2"
    body = b"<request><writes><item><path>[PLC_1]Plant/Status</path><value type='number'>5</value></item>"
    body += b"<item><path>[PLC_1]Plant/Setpoint</path><value type='number'>6</value></item></writes></request>"
    headers = plant.headers | {"Content-Type": "application/xml", "Accept": "application/xml"}
    done = plant.http.post(f"{BASE}/api/write", content=body, headers=headers)
    assert etree.fromstring(done.content).xpath("results/item/success/text()") == ["true", "true"]
    refused = plant.http.post(f"{BASE}/api/write", content=b"<r><x>1</x></r>", headers=headers)
    assert (refused.status_code, etree.fromstring(refused.content).findtext("error")) == (
        400,
        "Missing 'writes' field",
    )


# -- projects -----------------------------------------------------------------------------


def test_projects_are_default_and_the_open_one(plant: Plant) -> None:
    address = "/system/webdev/Conveyor/api/browse"
    assert "default" in plant.refused(404, "GET", address)
    made = plant.http.post("/api/projects/actions/create-sync", json={"name": "Conveyor"}, headers={"X-API-Key": KEY})
    assert made.status_code == 200
    assert plant.get(address) == plant.get("/api/browse")
    _ = plant.http.post("/api/projects/actions/close-sync", json={}, headers={"X-API-Key": KEY})
    _ = plant.refused(404, "GET", address)


def test_odd_spellings_of_an_address(plant: Plant) -> None:
    listed = plant.get("/api/browse")
    assert plant.get("/system//webdev/default/api//browse/") == listed
    assert plant.get("/system/webdev/d%65fault/api/browse") == listed
    _ = plant.refused(404, "GET", "/system/webdev/default%2Fx/api/browse")


def test_projects_by_the_setting(tmp_path: Path) -> None:
    with plant_in(tmp_path, ignition_projects=["line-1"]) as plant:
        assert plant.get("/system/webdev/line-1/api/browse")
        assert "TIA_IGNITION_PROJECTS" in plant.refused(404, "GET", "/api/browse")
