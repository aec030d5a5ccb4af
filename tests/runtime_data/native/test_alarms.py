"""Alarms over HTTP, raised by the values of a virtual CPU."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.operations.context import Service
from runtime_data.rules import Rule
from runtime_data.runtime import Runtime
from tests.fakes.fake_plcsim.kit import load
from tests.support.service import Client, settings

ALARMS, DEFINITIONS = "/api/runtime/alarms", "/api/runtime/alarm-definitions"
FLAG = {
    "name": "Flag",
    "tag": "PLC_1:Flag",
    "trigger": "bit",
    "texts": {"en-US": "{tag} is on", "de-DE": "{tag} ist an"},
}
SPEED = {"name": "Too fast", "tag": "PLC_1:Data.motor.speed", "trigger": "greater", "limit": 10, "priority": 900}


class Plant:
    """A service with the virtual CPU PLC_1 in RUN."""

    def __init__(self, client: Client) -> None:
        self.client = client
        service = client.http.app.state["service"]
        assert isinstance(service, Service)
        self.service = service

    def start_cpu(self) -> None:
        """Switch a virtual CPU on, load the program of the kit and start it."""
        simulation = self.service.simulation
        handle = simulation.register("PLC_1", "CPU1511")
        with handle.use() as api:
            api.PowerOn(60_000)
        load(simulation.model.SimulationRuntimeManager.CreateInterface("PLC_1"))
        with handle.use() as api:
            api.Run(60_000)

    def write(self, **values: Any) -> None:
        """Write tags of the CPU."""
        source = self.service.part(Runtime).sources.find("PLC_1")
        paths = [(path.replace("__", "."), value) for path, value in values.items()]
        assert source.write(paths, {}, atomic=True) == [None] * len(paths)

    def until(self, condition: Callable[[list[Any]], bool], **query: Any) -> list[Any]:
        """Return the alarms, once they fulfil a condition."""
        deadline = time.monotonic() + 60
        while not condition(found := self.client.ok("GET", ALARMS, **query)):
            assert time.monotonic() < deadline, found
            time.sleep(0.05)
        return list(found)


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    with TestClient(create_app(settings(tmp_path))) as http:
        plant = Plant(Client(http))
        plant.start_cpu()
        yield plant


def test_an_alarm_from_its_definition_to_the_journal(plant: Plant) -> None:
    client = plant.client
    made = client.ok("POST", DEFINITIONS, FLAG)
    assert (made["tag"], made["enabled"]) == ("PLC_1:Flag", True)
    client.refused(409, "runtime.alarm_exists", "POST", DEFINITIONS, FLAG | {"name": "FLAG"})
    plant.write(Flag=True)
    (raised,) = plant.until(bool, language="de-DE")
    assert (raised["state"], raised["text"], raised["value"]) == ("ActiveUnacknowledged", "PLC_1:Flag ist an", True)
    done = client.ok("POST", f"{ALARMS}/actions/acknowledge", {"ids": [raised["id"], "nope"], "comment": "seen"})
    assert (done["done"], done["refused"]) == (1, 1)
    assert done["results"][0]["alarm"]["state"] == "ActiveAcknowledged"
    assert done["results"][1]["error"]["code"] == "runtime.alarm_not_found"
    again = client.ok("POST", f"{ALARMS}/actions/acknowledge", {"ids": [raised["id"]]})
    assert again["results"][0]["error"]["code"] == "runtime.alarm_state"
    plant.write(Flag=False)
    plant.until(lambda found: not found)
    events = client.ok("GET", f"{ALARMS}/journal", order="oldest")["events"]
    assert [each["event"] for each in events] == ["raised", "acknowledged", "cleared"]
    assert (events[1]["comment"], events[0]["user"]) == ("seen", "") and events[1]["user"]


def test_the_journal_is_read_page_by_page(plant: Plant) -> None:
    client = plant.client
    client.ok("POST", DEFINITIONS, FLAG)
    for action in ("suppress", "unsuppress", "suppress", "unsuppress", "suppress"):
        assert client.ok("POST", f"{ALARMS}/actions/{action}", {"ids": ["Flag"]})["done"] == 1
    seen, after = [], 0
    while True:
        page = client.ok("GET", f"{ALARMS}/journal", limit=2, after=after)
        seen += [each["number"] for each in page["events"]]
        if page["next"] is None:
            break
        after = page["next"]
    assert len(seen) == 5 and seen == sorted(seen, reverse=True)
    client.refused(400, "request.time", "GET", f"{ALARMS}/journal", since="yesterday")
    client.refused(400, "request.period", "GET", f"{ALARMS}/journal", since="2026-01-02", until="2026-01-01")


def test_shelved_alarms_are_hidden(plant: Plant) -> None:
    client = plant.client
    client.ok("POST", DEFINITIONS, SPEED)
    plant.write(Data__motor__speed=20.0)
    plant.until(bool)
    client.ok("POST", f"{ALARMS}/actions/shelve", {"ids": ["too fast"], "seconds": 3600})
    assert client.ok("GET", ALARMS) == []
    (hidden,) = client.ok("GET", ALARMS, hidden="only")
    assert hidden["shelvedUntil"] > hidden["raisedAt"] and hidden["active"]
    client.ok("POST", f"{ALARMS}/actions/unshelve", {"ids": ["too fast"]})
    assert len(client.ok("GET", ALARMS, lowest=900)) == 1
    assert client.ok("GET", ALARMS, lowest=901) == []
    assert client.ok("GET", ALARMS, tag="PLC_1:Other*") == client.ok("GET", ALARMS, state="Latched,Normal") == []
    client.refused(400, "request.term", "GET", ALARMS, state="Active")


def test_definitions_are_replaced_and_removed(plant: Plant) -> None:
    client = plant.client
    client.ok("PUT", f"{DEFINITIONS}/Too%20fast", SPEED)
    plant.write(Data__motor__speed=20.0)
    plant.until(bool)
    client.ok("PUT", f"{DEFINITIONS}/TOO%20FAST", SPEED | {"limit": 30})
    assert [(each["name"], each["limit"]) for each in client.ok("GET", DEFINITIONS)] == [("Too fast", 30)]
    (cleared,) = plant.until(lambda found: bool(found))
    assert cleared["state"] == "ClearedUnacknowledged"
    client.ok("DELETE", f"{DEFINITIONS}/too%20fast")
    assert client.ok("GET", ALARMS, hidden="with") == []
    client.refused(404, "alarm_definition.not_found", "GET", f"{DEFINITIONS}/too%20fast")
    client.refused(400, "runtime.alarm_definition", "POST", DEFINITIONS, SPEED | {"limit": None})


def test_rules_keep_alarms_from_callers(plant: Plant) -> None:
    client = plant.client
    client.ok("POST", DEFINITIONS, SPEED)
    plant.write(Data__motor__speed=20.0)
    plant.until(bool)
    plant.service.part(Runtime).rules.replace([Rule("PLC_1:Data.*", read=["nobody"])])
    assert client.ok("GET", ALARMS) == client.ok("GET", DEFINITIONS) == []
    assert client.ok("GET", f"{ALARMS}/journal")["events"] == []
    assert client.ok("GET", f"{ALARMS}/statistics")["summary"]["raised"] == 0
    refused = client.ok("POST", f"{ALARMS}/actions/acknowledge", {"ids": ["Too fast"]})
    assert refused["results"][0]["error"]["code"] == "runtime.alarm_not_found"
    client.refused(403, "runtime.read_denied", "PUT", f"{DEFINITIONS}/Too%20fast", SPEED | {"tag": "PLC_1:Flag"})


def test_alarms_of_an_hmi_are_imported(plant: Plant) -> None:
    client = plant.client
    good = {
        "ID": 7,
        "Name": "Flag_Alarm",
        "Alarm text [en-US], Alarm text": "Flag",
        "Class": "Warnings",
        "Trigger tag": "HMI_Flag",
        "Trigger bit": 0,
        "Group": "<No value>",
    }
    bad = {"Name": "Broken", "Trigger tag": "Flag", "Limit": 3}
    body = {"rows": [good, bad], "source": "PLC_1", "tags": {"HMI_Flag": "Flag"}}
    refused = client.refused(422, "runtime.alarm_rows", "POST", f"{DEFINITIONS}/actions/import", body)
    assert refused["details"][0]["place"]["row"] == 2 and client.ok("GET", DEFINITIONS) == []
    report = client.ok("POST", f"{DEFINITIONS}/actions/import", body | {"partial": True})
    assert report["defined"] == ["Flag_Alarm"] and report["errors"][0]["column"] == "Limit mode"
    (made,) = client.ok("GET", DEFINITIONS)
    assert (made["tag"], made["number"], made["area"]) == ("PLC_1:Flag", 7, "")
    assert made["needsAcknowledge"] is False and made["texts"] == {"en-US": "Flag"}
