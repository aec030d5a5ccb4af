"""Health: a portal that is idle, busy, hung or dead, told from outside while it is; a database and a disk that do not take any more."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from engineering_api.features.system import health
from tests.support.faults import Plant
from tests.support.service import Client

TABLES = "/api/devices/PLC_1/tag-tables"


def details(client: Client) -> Any:
    return client.ok("GET", "/api/health/details")


@pytest.fixture
def asked(plant: Plant) -> Iterator[threading.Thread]:
    """A request that runs beside the test."""
    plant.with_plc()
    thread = threading.Thread(target=lambda: plant.client.http.post(TABLES, json={"name": "Line"}))
    yield thread
    thread.join(30)


def test_a_portal_is_idle_then_busy_then_hung_then_given_up(plant: Plant, asked: threading.Thread) -> None:
    (portal,) = details(plant.client)["portals"]
    assert (portal["state"], portal["operation"], portal["since"], portal["current"]) == ("idle", "", None, True)
    hang = plant.hang("Create", of="PlcTagTableComposition")
    asked.start()
    assert hang.wait_until_reached()
    found = details(plant.client)
    (portal,) = found["portals"]
    assert (found["state"], portal["state"], portal["operation"]) == ("busy", "busy", "tag_tables.create")
    assert portal["since"] is not None
    plant.client.http.app.state.service.settings.hung_after = 0.001
    found = details(plant.client)
    assert (found["state"], found["portals"][0]["state"]) == ("hung", "hung")
    assert plant.client.ok("GET", "/api/health/ready") == {"ready": True}
    plant.wait_long()
    asked.join(60)
    found = details(plant.client)
    assert found["portals"] == []
    assert [(each["processId"], each["state"], each["code"]) for each in found["lost"]] == [
        (portal["processId"], "hung", "tia.hangs")
    ]


def test_a_portal_whose_process_is_gone_is_dead(plant: Plant) -> None:
    plant.with_plc()
    for process in list(plant.machine.processes.values()):
        process.end()
    found = details(plant.client)
    assert (found["state"], [each["state"] for each in found["portals"]]) == ("dead", ["dead"])
    plant.client.refused(503, "tia.portal_lost", "GET", TABLES)
    found = details(plant.client)
    assert (found["portals"], [each["state"] for each in found["lost"]]) == ([], ["dead"])


def test_a_call_that_only_takes_long_is_busy(plant: Plant, asked: threading.Thread) -> None:
    entered, goes_on = threading.Event(), threading.Event()

    def slow() -> None:
        entered.set()
        goes_on.wait(60)

    plant.faults.at("Create", slow, of="PlcTagTableComposition")
    asked.start()
    assert entered.wait(60)
    assert details(plant.client)["portals"][0]["state"] == "busy"
    goes_on.set()
    asked.join(60)
    found = details(plant.client)
    assert (found["state"], found["portals"][0]["state"], found["lost"]) == ("ok", "idle", [])
    assert "Line" in plant.tables()


def test_a_disk_without_space_makes_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    assert client.ok("GET", "/api/health/ready") == {"ready": True}
    monkeypatch.setattr(health, "shutil", SimpleNamespace(disk_usage=lambda _: shutil._ntuple_diskusage(100, 99, 1)))
    client.refused(503, "server.not_ready", "GET", "/api/health/ready")
    assert details(client)["state"] == "not ready"
    assert client.ok("GET", "/api/health/live") == {"alive": True}


def test_a_database_that_does_not_answer_makes_not_ready(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    goes_on = threading.Event()
    database = client.http.app.state.service.audit._database
    held = database._thread.submit(goes_on.wait, 60)
    try:
        with monkeypatch.context() as impatient:
            impatient.setattr(health, "PATIENCE", 0.05)
            client.refused(503, "server.not_ready", "GET", "/api/health/ready")
        assert client.ok("GET", "/api/health/live") == {"alive": True}
    finally:
        goes_on.set()
        held.result()
    assert client.ok("GET", "/api/health/ready") == {"ready": True}


def test_only_details_need_a_key(client: Client) -> None:
    answers = {
        name: client.http.get(f"/api/health/{name}", headers={"X-API-Key": ""}).status_code
        for name in ("live", "ready", "details")
    }
    assert answers == {"live": 200, "ready": 200, "details": 401}
