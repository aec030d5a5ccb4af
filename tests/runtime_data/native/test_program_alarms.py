"""Alarms that the program of a virtual CPU raises, over HTTP: from Program_Alarm to the journal, and back by acknowledgement."""

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
from simatic_xml.program.workspace import Workspace
from tests.fakes.fake_plcsim.kit import Simulated
from tests.support.service import Client, settings
from virtual_plc.memory.program import program_of

ALARMS, DEFINITIONS = "/api/runtime/alarms", "/api/runtime/alarm-definitions"
HIGH = "PLC_1:Plant.high"
PROGRAM = """
DATA_BLOCK "D" VAR level : Real; state : Byte; wrong : Bool; status : Word; END_VAR BEGIN END_DATA_BLOCK
FUNCTION_BLOCK "Tank"
VAR
   high : Program_Alarm;  // Level @1R%5.1f@ above @2I%d@
END_VAR
BEGIN
  #high(SIG := "D".level > 90.0, SD_1 := "D".level, SD_2 := 90);
  Get_AlarmState(Alarm := #high, AlarmState => "D".state, Error => "D".wrong, STATUS => "D".status);
END_FUNCTION_BLOCK
DATA_BLOCK "Plant" "Tank" BEGIN END_DATA_BLOCK
ORGANIZATION_BLOCK "Main" BEGIN "Plant"(); END_ORGANIZATION_BLOCK
"""
WITHOUT = """
DATA_BLOCK "D" VAR level : Real; state : Byte; wrong : Bool; status : Word; END_VAR BEGIN END_DATA_BLOCK
ORGANIZATION_BLOCK "Main" BEGIN "D".state := 0; END_ORGANIZATION_BLOCK
"""


class Plant:
    """A service with the virtual CPU PLC_1 in RUN."""

    def __init__(self, client: Client) -> None:
        self.client = client
        service = client.http.app.state["service"]
        assert isinstance(service, Service)
        self.service = service

    def start_cpu(self, source: str = PROGRAM) -> None:
        """Switch a virtual CPU on, load a program and start it."""
        handle = self.service.simulation.register("PLC_1", "CPU1511")
        with handle.use() as api:
            api.PowerOn(60_000)
        self.load(source)
        self.run()

    def load(self, source: str) -> None:
        """Download a program."""
        workspace = Workspace()
        assert workspace.put_source(source) == []
        manager = self.service.simulation.model.SimulationRuntimeManager
        Simulated.behind(manager.CreateInterface("PLC_1"))._load(program_of(workspace), workspace)

    def run(self) -> None:
        with self.service.simulation.handle("PLC_1").use() as api:
            api.Run(60_000)

    def write(self, level: float) -> None:
        """Write the level of the tank."""
        source = self.service.part(Runtime).sources.find("PLC_1")
        assert source.write([("D.level", level)], {}, atomic=True) == [None]

    def read(self, path: str) -> Any:
        (found,) = self.service.part(Runtime).sources.find("PLC_1").read([path])
        return found.value

    def until(self, condition: Callable[[list[Any]], bool], **query: Any) -> list[Any]:
        """Return the alarms of the program, once they fulfil a condition."""
        wait_for(lambda: condition(self.alarms(**query)))
        return self.alarms(**query)

    def alarms(self, **query: Any) -> list[Any]:
        return [each for each in self.client.ok("GET", ALARMS, **query) if each["origin"] == "program"]

    def journal(self) -> list[tuple[str, str]]:
        events = self.client.ok("GET", f"{ALARMS}/journal", order="oldest")["events"]
        return [(each["alarm"]["name"], each["event"]) for each in events if each["alarm"]["origin"] == "program"]


def wait_for(condition: Callable[[], Any]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.05)


def states(found: list[Any]) -> list[str]:
    return [each["state"] for each in found]


@pytest.fixture
def plant(tmp_path: Path) -> Iterator[Plant]:
    with TestClient(create_app(settings(tmp_path))) as http:
        plant = Plant(Client(http))
        plant.start_cpu()
        yield plant


def test_a_program_alarm_from_its_edge_to_the_journal_and_back_to_the_program(plant: Plant) -> None:
    client = plant.client
    plant.write(95.5)
    (raised,) = plant.until(bool)
    assert (raised["name"], raised["tag"], raised["state"]) == (HIGH, HIGH, "ActiveUnacknowledged")
    assert (raised["text"], raised["values"][:3], raised["value"]) == ("Level  95.5 above 90", [95.5, 90, None], 95.5)
    assert (raised["alarmClass"], raised["area"], raised["count"]) == ("Errors", "PLC_1/Program", 1)
    wait_for(lambda: plant.read("D.state") == 0x01)
    done = client.ok("POST", f"{ALARMS}/actions/acknowledge", {"ids": [raised["id"]], "comment": "seen"})
    assert done["results"][0]["alarm"]["state"] == "ActiveAcknowledged"
    wait_for(lambda: plant.read("D.state") == 0x05)
    plant.write(50.0)
    plant.until(lambda found: not found)
    wait_for(lambda: plant.read("D.state") == 0)
    assert plant.journal() == [(HIGH, "raised"), (HIGH, "acknowledged"), (HIGH, "cleared")]


def test_an_alarm_that_has_gone_waits_for_its_acknowledgement(plant: Plant) -> None:
    plant.write(95.0)
    plant.until(bool)
    plant.write(50.0)
    (gone,) = plant.until(lambda found: states(found) == ["ClearedUnacknowledged"])
    wait_for(lambda: plant.read("D.state") == 0x02)
    plant.write(96.0)
    (again,) = plant.until(lambda found: states(found) == ["ActiveUnacknowledged"])
    assert (again["id"], again["count"], again["values"][0]) == (gone["id"], 2, 96.0)
    plant.write(50.0)
    plant.until(lambda found: states(found) == ["ClearedUnacknowledged"])
    plant.client.ok("POST", f"{ALARMS}/actions/acknowledge", {"ids": [HIGH]})
    assert plant.alarms() == []
    wait_for(lambda: plant.read("D.state") == 0)


def test_time_is_real_time_and_the_clock_of_the_cpu_is_told_too(plant: Plant) -> None:
    before = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime())
    plant.write(95.0)
    (raised,) = plant.until(bool)
    assert before <= raised["raisedAt"] <= time.strftime("%Y-%m-%dT%H:%M:%S~", time.gmtime())
    assert raised["cpuTime"] != raised["raisedAt"]
    assert raised["cpuTime"] is not None


def test_a_definition_gives_a_program_alarm_its_text_class_and_duty_to_acknowledge(plant: Plant) -> None:
    client = plant.client
    plant.write(95.0)
    plant.until(bool)
    own = {
        "name": "Overflow",
        "tag": HIGH,
        "trigger": "program",
        "priority": 900,
        "alarmClass": "Warnings",
        "needsAcknowledge": False,
        "texts": {"de-DE": "Füllstand @1R%4.1f@", "en-US": "{name}: {value}"},
    }
    client.ok("POST", DEFINITIONS, own)
    (found,) = plant.until(lambda found: "Overflow" in [each["name"] for each in found], lowest=900, language="de-DE")
    assert (found["state"], found["text"], found["texts"]["en-US"]) == (
        "ActiveAcknowledged",
        "Füllstand 95.0",
        "Overflow: 95.0",
    )
    wait_for(lambda: plant.read("D.state") == 0x05)
    plant.until(lambda found: [each["name"] for each in found] == ["Overflow"])
    assert (HIGH, "cleared") in plant.journal()
    plant.write(50.0)
    plant.until(lambda found: not found)
    client.refused(400, "runtime.alarm_definition", "POST", DEFINITIONS, own | {"name": "Late", "delayOn": 1})


def test_a_program_alarm_is_shelved_by_its_name_and_hidden_by_rules(plant: Plant) -> None:
    client = plant.client
    plant.write(95.0)
    plant.until(bool)
    assert client.ok("POST", f"{ALARMS}/actions/shelve", {"ids": [HIGH], "seconds": 60})["done"] == 1
    assert plant.alarms() == []
    (hidden,) = plant.alarms(hidden="only")
    assert hidden["state"] == "ActiveUnacknowledged"
    client.ok("POST", f"{ALARMS}/actions/unshelve", {"ids": [HIGH.upper()]})
    plant.service.part(Runtime).rules.replace([Rule("PLC_1:Plant.*", read=["nobody"])])
    assert plant.alarms(hidden="with") == [] == plant.journal()


def test_a_stop_clears_the_alarms_of_the_program_and_is_one_itself(plant: Plant) -> None:
    client = plant.client
    plant.write(95.0)
    plant.until(bool)
    with plant.service.simulation.handle("PLC_1").use() as api:
        api.Stop(60_000)
    plant.until(lambda found: states(found) == ["ClearedUnacknowledged"])

    def stops() -> list[Any]:
        return [each for each in client.ok("GET", ALARMS) if each["name"] == "PLC_1:System.Stop"]

    wait_for(stops)
    (stop,) = stops()
    assert (stop["state"], stop["alarmClass"], stop["origin"]) == ("ActiveAcknowledged", "System", "system")
    assert stop["text"] == "STOP was requested from outside."
    plant.run()
    wait_for(lambda: not stops())


def test_a_download_without_the_alarm_clears_it_and_keeps_what_is_unacknowledged(plant: Plant) -> None:
    plant.write(95.0)
    plant.until(bool)
    plant.load(PROGRAM)
    assert states(plant.alarms()) == ["ActiveUnacknowledged"]
    plant.load(WITHOUT)
    plant.until(lambda found: states(found) == ["ClearedUnacknowledged"])


def test_unacknowledged_alarms_survive_a_restart_of_the_service(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path))) as http:
        plant = Plant(Client(http))
        plant.start_cpu()
        plant.write(95.0)
        (before,) = plant.until(bool)
    with TestClient(create_app(settings(tmp_path))) as http:
        plant = Plant(Client(http))
        (after,) = plant.until(lambda found: states(found) == ["ClearedUnacknowledged"])
        assert (after["id"], after["text"]) == (before["id"], before["text"])
        plant.start_cpu()
        plant.write(97.0)
        (again,) = plant.until(lambda found: states(found) == ["ActiveUnacknowledged"])
        assert (again["id"], again["count"]) == (before["id"], 2)
        assert plant.client.ok("POST", f"{ALARMS}/actions/acknowledge", {"ids": [before["id"]]})["done"] == 1
        wait_for(lambda: plant.read("D.state") == 0x05)


def test_a_burst_of_more_events_than_the_cpu_keeps_ends_in_its_states(plant: Plant) -> None:
    """The service has missed events, so it compares all alarms."""
    plant.until(lambda found: found == [])
    with plant.service.simulation.handle("PLC_1").use() as api:
        alarms = api._controller.cpu.surroundings.alarms
    with alarms._lock:
        for _ in range(2000):
            assert alarms.raise_("Burst.one", 0)
            alarms.clear("Burst.one", 0)
        assert alarms.raise_("Burst.two", 0)
    found = plant.until(lambda found: len(found) == 2)
    assert {each["name"]: each["state"] for each in found} == {
        "PLC_1:Burst.one": "ClearedUnacknowledged",
        "PLC_1:Burst.two": "ActiveUnacknowledged",
    }


def test_all_alarms_of_a_plc_that_is_removed_are_cleared(plant: Plant) -> None:
    plant.write(95.0)
    plant.until(bool)
    plant.service.simulation.unregister("PLC_1")
    plant.until(lambda found: states(found) == ["ClearedUnacknowledged"])
