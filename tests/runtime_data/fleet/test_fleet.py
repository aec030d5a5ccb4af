"""The overview of all CPUs: what each source says, what has changed since, and what cannot be known."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.operations.context import Service
from engineering_api.operations.events import Event
from openness_bridge.errors import Kind, Problem
from runtime_data.fleet.cpu import FleetDevice, Noted, describe
from runtime_data.fleet.fleet import Fleet
from runtime_data.sources.about import CpuAbout
from runtime_data.sources.source import SourceStatus
from tests.runtime_data.servers.s7.kit import serve, workspace
from tests.support.service import CPU, FIRMWARE, Client, settings
from virtual_plc.memory.program import program_of

FLEET = "/api/runtime/fleet"
NOW = dt.datetime(2026, 11, 24, tzinfo=dt.UTC)


@pytest.fixture
def http(tmp_path: Path) -> Iterator[TestClient[Any]]:
    (tmp_path / "shared").mkdir()
    with TestClient(create_app(settings(tmp_path / "data", roots=[tmp_path / "shared"]))) as http:
        yield http


def service_of(http: TestClient[Any]) -> Service:
    service: Service = http.app.state["service"]
    return service


def start(http: TestClient[Any]) -> None:
    simulation = service_of(http).simulation
    with simulation.register("PLC_1", "CPU1511").use() as api:
        api.PowerOn(60_000)
    load(http)


def load(http: TestClient[Any], without: str = "") -> None:
    """Download the program, without one of its tags if wanted."""
    made: Any = service_of(http).simulation.model.SimulationRuntimeManager.CreateInterface("PLC_1")
    source = workspace()
    if without:
        source = type(source)()
        for each in workspace():
            if getattr(each, "name", "") != without:
                source.put(each)
    made._load(program_of(source), source)


def test_a_simulated_plc_and_its_program(http: TestClient[Any]) -> None:
    client = Client(http)
    assert client.ok("GET", FLEET) == []
    start(http)
    (found,) = client.ok("GET", FLEET)
    assert (found["source"], found["kind"], found["state"], found["operatingState"]) == (
        "PLC_1",
        "virtual",
        "connected",
        "Stop",
    )
    assert len(found["checksum"]) == 64 and found["program"] == "unknown" and "note" in found["programMessage"]
    assert (found["orderNumber"], found["certificateDays"], found["device"]) == ("", None, None)

    assert client.ok("POST", f"{FLEET}/PLC_1/actions/note")["checksum"] == found["checksum"]
    assert client.ok("GET", FLEET)[0]["program"] == "same"
    load(http, without="Speed")
    (changed,) = client.ok("GET", FLEET)
    assert changed["program"] == "changed" and changed["checksum"] != found["checksum"]
    assert changed["noted"]["checksum"] == found["checksum"]
    load(http)
    assert client.ok("GET", FLEET)[0]["program"] == "same"


def test_changes_are_events_and_metrics(http: TestClient[Any]) -> None:
    client = Client(http)
    start(http)
    client.ok("POST", f"{FLEET}/PLC_1/actions/note")
    client.ok("GET", FLEET)
    with service_of(http).hub.subscribe("PLC_1") as events:
        load(http, without="Speed")
        client.ok("GET", FLEET)
        event = events.queue.get_nowait()
        client.ok("GET", FLEET)
        assert events.queue.empty()
    assert event is not None and event.kind == "fleet.changed"
    assert event.data["changes"] == ["checksum", "program"] and event.data["program"] == "changed"
    text = http.get("/metrics", headers=client.http.headers).text
    assert 'tia_fleet_connected{source="PLC_1"} 1.0' in text
    assert 'tia_fleet_program_changed{source="PLC_1"} 1.0' in text


def test_a_download_notes_the_checksum(http: TestClient[Any]) -> None:
    client = Client(http)
    start(http)
    service = service_of(http)

    async def downloaded() -> None:
        fleet = service.part(Fleet)
        await fleet._hear(Event(1, "download.finished", "online.download", {"target": {"deviceName": "plc_1"}}))
        await fleet._hear(Event(2, "download.finished", "online.download", {"target": {"deviceName": "PLC_9"}}))
        await fleet._hear(Event(3, "project.saved", "projects.save", {}))

    with http.portal() as portal:
        portal.call(downloaded)
    assert client.ok("GET", FLEET)[0]["program"] == "same"


def test_a_backup_where_the_source_offers_one(http: TestClient[Any], tmp_path: Path) -> None:
    client = Client(http)
    start(http)
    body = {"path": str(tmp_path / "shared" / "PLC_1.zip")}
    answer = http.post(f"{FLEET}/PLC_1/actions/backup", json=body, headers=client.http.headers)
    assert answer.status_code == 409, answer.text  # it is on
    with service_of(http).simulation.handle("PLC_1").use() as api:
        api.PowerOff(60_000)
    assert client.ok("POST", f"{FLEET}/PLC_1/actions/backup", body)["source"] == "PLC_1"
    assert zipfile.is_zipfile(tmp_path / "shared" / "PLC_1.zip")
    other = {"path": str(tmp_path / "shared" / "other.zip")}
    client.refused(422, "fleet.no_cpu", "POST", f"{FLEET}/memory/actions/backup", other)
    client.refused(422, "fleet.no_cpu", "POST", f"{FLEET}/memory/actions/note")
    client.refused(404, "source.not_found", "POST", f"{FLEET}/nope/actions/note")


def test_a_cpu_by_the_s7_protocol(http: TestClient[Any], tmp_path: Path) -> None:
    client = Client(http)
    with serve(tmp_path / "plant") as served:
        connection = {"host": "127.0.0.1", "port": served.server.port}
        client.ok("POST", "/api/runtime/sources", {"name": "Press", "kind": "s7", "connection": connection})
        (found,) = client.ok("GET", FLEET)
        assert (found["orderNumber"], found["firmware"], found["operatingState"]) == (
            "6ES7 511-1AK02-0AB0",
            "2.9.4",
            "Run",
        )
        assert found["program"] == "unknown" and "checksum" in found["programMessage"]
        assert not found["backup"] and "webapi" in found["backupMessage"]
        client.refused(501, "fleet.no_checksum", "POST", f"{FLEET}/Press/actions/note")
        client.refused(
            501,
            "fleet.no_backup",
            "POST",
            f"{FLEET}/Press/actions/backup",
            {"path": str(tmp_path / "shared" / "x.zip")},
        )
    (gone,) = client.ok("GET", FLEET)
    assert gone["state"] == "failed" and "does not answer" in gone["message"]


def test_devices_of_the_open_project(http: TestClient[Any], tmp_path: Path) -> None:
    client = Client(http)
    client.ok(
        "POST", "/api/projects/actions/create-sync", {"name": "Plant", "path": str(tmp_path / "shared" / "projects")}
    )
    body = {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"}
    client.ok("POST", "/api/projects/devices/actions/add-sync", body)
    (found,) = client.ok("GET", FLEET)
    assert (found["source"], found["device"]["name"], found["device"]["matches"]) == ("", "PLC_1", None)
    assert "No source" in found["message"]
    start(http)
    (found,) = client.ok("GET", FLEET)
    assert found["source"] == "PLC_1" and found["device"]["orderNumber"] == CPU


class Press:
    """A CPU that says what a test wants."""

    name, kind, real, atomic = "Press", "webapi", True, False

    def __init__(self, about: CpuAbout | Problem) -> None:
        self._about = about

    def status(self) -> SourceStatus:
        return SourceStatus("connected", "", "Run")

    def about(self) -> CpuAbout:
        if isinstance(self._about, Problem):
            raise self._about
        return self._about


def described(about: CpuAbout | Problem, noted: Noted | None = None, device: FleetDevice | None = None) -> Any:
    source: Any = Press(about)
    return describe(source, noted, device, NOW)


@pytest.mark.parametrize(
    ("firmware", "wanted", "matches"),
    [
        ("2.9.4", "V2.9", True),
        ("2.9.4", "V2.9.4", True),
        ("2.90.1", "V2.9", False),
        ("3.1.0", "V2.9", False),
        ("", "V2.9", None),
    ],
)
def test_the_firmware_of_the_project(firmware: str, wanted: str, matches: bool | None) -> None:
    device = FleetDevice(name="Press", order_number="6ES7 511-1AK02-0AB0", firmware=wanted, matches=None)
    found = described(CpuAbout("6ES7511-1AK02-0AB0", firmware), device=device)
    assert found.device.matches is matches


@pytest.mark.parametrize(("expires", "days"), [("2026-12-24T00:00:00Z", 30), ("2026-11-23T12:00:00Z", -1), ("", None)])
def test_days_of_a_certificate(expires: str, days: int | None) -> None:
    assert described(CpuAbout(certificate_expires=expires)).certificate_days == days


def test_a_cpu_that_fails_while_it_is_asked() -> None:
    found = described(Problem("s7.unreachable", "The CPU does not answer.", kind=Kind.UNAVAILABLE), Noted("a", ""))
    assert (found.state, found.message, found.program) == ("failed", "The CPU does not answer.", "unknown")
    assert found.program_message == "The CPU does not answer."
