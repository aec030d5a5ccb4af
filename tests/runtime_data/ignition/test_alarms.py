"""Alarms by the routes and by system.alarm: what is there, what an operator acknowledges, and the journal."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from runtime_data.alarms.definition import AlarmDefinition
from runtime_data.alarms.engine import Alarms
from runtime_data.rules import Rule
from runtime_data.runtime import Runtime
from tests.runtime_data.ignition.plant import Plant, make_key, plant_in, scripts_in, until
from tests.support.service import KEY

HANDLER = """
def doGet(request, session):
    found = system.alarm.queryStatus(priority=["High", "Critical"], state="ActiveUnacked", path="*Tank/level*")
    return {"json": [[each.name, each.getSource(), each.getPriority(), each.state] for each in found]}

def doPost(request, session):
    ids = [each.id for each in system.alarm.queryStatus()]
    failed = system.alarm.acknowledge(ids + ["nothing"], "seen", "otto")
    events = system.alarm.queryJournal(state=["ActiveAcked"])
    return {"json": {"failed": failed, "journal": [[each.eventType, each.ackUser, each.notes] for each in events]}}
"""


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    with plant_in(tmp_path, ignition_handlers=scripts_in(tmp_path, own__alarms=HANDLER)) as made:
        _ = made.memory(Tank__level="Int", Tank__pump="Bool")
        texts = {"en-US": "The level is {value}"}
        high = AlarmDefinition(
            name="High",
            tag="memory:Tank.level",
            trigger="greater",
            limit=80,
            priority=700,
            area="North/Tank",
            texts=texts,
        )
        dry = AlarmDefinition(name="Dry", tag="memory:Tank.pump", trigger="equal", limit=True, priority=100)
        made.do(made.service.part(Alarms).define, high, dry)
        writes = [{"path": "[memory]Tank/level", "value": 90}, {"path": "[memory]Tank/pump", "value": True}]
        assert all(each["success"] for each in made.post("/api/write", {"writes": writes})["results"])
        until(lambda: len(made.get("/api/alarms")) == 2)
        yield made


def names(plant: Plant, **query: Any) -> list[str]:
    return [each["name"] for each in plant.get("/api/alarms", **query)]


def test_alarms_as_ignition_names_them(plant: Plant) -> None:
    high, dry = plant.get("/api/alarms")
    assert high["source"] == "prov:memory:/tag:Tank/level:/alm:High"
    assert (high["displayPath"], high["label"]) == ("North/Tank/High", "The level is 90")
    assert (high["priority"], high["state"], high["eventValue"]) == ("High", "ActiveUnacked", 90)
    assert high["activeTime"].endswith("Z") and high["ackTime"] is None
    assert (dry["name"], dry["displayPath"], dry["priority"]) == ("Dry", "Dry", "Diagnostic")


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ({"priority": "High"}, ["High"]),
        ({"priority": ["0", "critical"]}, ["Dry"]),
        ({"state": ["ActiveUnacked"]}, ["High", "Dry"]),
        ({"state": "3"}, []),
        ({"path": "tag:Tank/*"}, ["High", "Dry"]),
        ({"path": "level"}, ["High"]),
        ({"source": "prov:memory:/tag:tank/pump:/alm:*"}, ["Dry"]),
        ({"displaypath": "North/*"}, ["High"]),
        ({"provider": "memory"}, ["High", "Dry"]),
        ({"provider": "PLC_1"}, []),
    ],
)
def test_filters(plant: Plant, query: dict[str, Any], expected: list[str]) -> None:
    assert names(plant, **query) == expected


def test_filters_that_are_none(plant: Plant) -> None:
    assert "Critical" in plant.refused(400, "GET", "/api/alarms", priority="urgent")
    assert "ActiveAcked" in plant.refused(400, "GET", "/api/alarms", state="9")
    assert plant.refused(400, "GET", "/api/alarms", nonsense="1")
    assert plant.refused(400, "GET", "/api/alarms/journal", startDate="never")


def test_acknowledging(plant: Plant) -> None:
    high, dry = plant.get("/api/alarms")
    done = plant.post("/api/alarms/acknowledge", {"alarmIds": [high["id"], "nothing"], "notes": "on my way"})
    assert done["results"][0] == {"id": high["id"], "success": True, "error": ""}
    assert done["results"][1]["success"] is False and "nothing" in done["results"][1]["error"]
    found = {each["name"]: each for each in plant.get("/api/alarms")}
    assert (found["High"]["state"], found["High"]["ackUser"], found["High"]["notes"]) == (
        "ActiveAcked",
        "api-key",
        "on my way",
    )
    assert found["Dry"]["state"] == "ActiveUnacked" and found["Dry"]["id"] == dry["id"]
    entries = plant.http.get("/api/audit", headers={"X-API-Key": KEY}).json()["data"]
    assert [each["operation"] for each in entries].count("ignition.acknowledge") == 1
    _ = plant.post("/api/write", {"writes": [{"path": "[memory]Tank/level", "value": 1}]})
    until(lambda: names(plant) == ["Dry"])


def test_the_journal(plant: Plant) -> None:
    (high,) = plant.get("/api/alarms", priority="High")
    _ = plant.post("/api/alarms/acknowledge", {"alarmIds": [high["id"]], "notes": "seen"})
    events = plant.get("/api/alarms/journal", path="level")
    assert [(each["eventType"], each["state"]) for each in events] == [
        ("acknowledged", "ActiveAcked"),
        ("raised", "ActiveUnacked"),
    ]
    assert events[0]["eventTime"] >= events[1]["eventTime"]
    assert len(plant.get("/api/alarms/journal", limit="1")) == 1
    assert plant.get("/api/alarms/journal", startDate="2001-01-01T00:00:00Z", endDate="2001-01-02T00:00:00Z") == []


def test_a_viewer_acknowledges_nothing(plant: Plant) -> None:
    (high,) = plant.get("/api/alarms", priority="High")
    plant.headers = {"X-API-Key": make_key(plant, "viewer")}
    _ = plant.refused(403, "POST", "/api/alarms/acknowledge", {"alarmIds": [high["id"]]})
    assert plant.get("/api/alarms", priority="High")[0]["state"] == "ActiveUnacked"


def test_a_rule_keeps_alarms_from_a_caller(plant: Plant) -> None:
    plant.service.part(Runtime).rules.replace([Rule("memory:Tank.level", ["administrator"])])
    plant.headers = {"X-API-Key": make_key(plant, "viewer")}
    assert names(plant) == ["Dry"]
    assert {each["name"] for each in plant.get("/api/alarms/journal")} == {"Dry"}


def test_handlers_ask_for_alarms_and_acknowledge(plant: Plant) -> None:
    assert plant.get("/own/alarms") == [["High", "prov:memory:/tag:Tank/level:/alm:High", "High", "ActiveUnacked"]]
    found = plant.post("/own/alarms", {})
    assert found["failed"] == ["nothing"]
    assert found["journal"] == [["acknowledged", "otto (api-key)", "seen"]] * 2
