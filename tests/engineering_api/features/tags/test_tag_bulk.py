"""Many tags: calls into the portal, time, and a PLC that exports nothing because it is online."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar.testing import TestClient

import fake_openness
from engineering_api.app import create_app
from engineering_api.features.tags.files import TagRow, write_xlsx
from fake_openness.core.machine import Machine
from fake_openness.software.plc_software import PlcSoftware
from openness_bridge.model import Model
from tests.support.service import CPU, FIRMWARE, Client, settings

DEVICE = "/api/devices/PLC_1"
DEFAULT = f"{DEVICE}/tag-tables/Default%20tag%20table"
MANY = 100_000
SECONDS = 60
"""The aim is 15; the rest is for machines that are slow or busy."""


class Bench:
    """A client, and the simulated computer behind its server."""

    def __init__(self, client: Client, machine: Machine) -> None:
        self.client, self.machine = client, machine

    def calls(self, method: str, path: str) -> int:
        """How many accesses to the object model a request takes."""
        self.machine.calls = Counter()
        self.client.ok(method, path)
        return self.machine.calls.total()


@pytest.fixture
def bench(tmp_path: Path) -> Iterator[Bench]:
    installation = fake_openness.install("20")
    model = Model("20", installation.types.__getitem__, "fake")
    with TestClient(create_app(settings(tmp_path), model)) as http:
        client = Client(http)
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "Conveyor"})
        body = {"orderNumber": CPU, "version": FIRMWARE, "name": "PLC_1"}
        client.ok("POST", "/api/projects/devices/actions/add-sync", body)
        yield Bench(client, installation.machine)


def tags(number: int, first: int = 0) -> list[dict[str, str]]:
    return [{"name": f"T{n}", "dataType": "Bool", "logicalAddress": f"%M{n}.0"} for n in range(first, first + number)]


def test_reading_more_tags_takes_no_more_calls(bench: Bench) -> None:
    bench.client.ok("POST", f"{DEVICE}/tags/actions/import-sync", {"tags": tags(5)})
    few = bench.calls("GET", f"{DEVICE}/tags/all")
    bench.client.ok("POST", f"{DEVICE}/tags/actions/import-sync", {"tags": tags(500)})
    assert bench.calls("GET", f"{DEVICE}/tags/all") == few


def test_tags_are_read_while_the_plc_is_online(bench: Bench, monkeypatch: pytest.MonkeyPatch) -> None:
    bench.client.ok("POST", f"{DEVICE}/tags", {"name": "A", "logicalAddress": "%I0.0", "comment": "c"})
    before = bench.client.ok("GET", f"{DEVICE}/tags/all")
    monkeypatch.setattr(PlcSoftware, "_device_name", lambda _: "PLC_1")
    monkeypatch.setattr(PlcSoftware, "_require_offline", _online)
    bench.client.refused(409, "tag_table.export_refused", "GET", f"{DEFAULT}/export-xml")
    assert bench.client.ok("GET", f"{DEVICE}/tags/all") == before
    bench.client.refused(
        409, "tag_table.export_refused", "POST", f"{DEVICE}/tags/actions/import-sync", {"tags": tags(1)}
    )
    assert bench.client.ok("GET", f"{DEVICE}/tags/all") == before


def _online(software: PlcSoftware, action: str) -> None:
    software._context.online.add("PLC_1")
    software._context.require_offline("PLC_1", action)


@pytest.mark.slow
def test_hundred_thousand_tags_come_in_from_one_workbook(bench: Bench, tmp_path: Path) -> None:
    file = tmp_path / "workspace" / "many.xlsx"
    rows = (TagRow(0, "", f"Tag_{n}", "Bool", f"%M{n // 8 % 8192}.{n % 8}", f"Comment of tag {n}") for n in range(MANY))
    write_xlsx(file, rows)
    begin = time.process_time()
    answer = bench.client.http.post(f"{DEFAULT}/actions/import-xlsx", json={"filePath": "many.xlsx"})
    job = bench.client.ended(answer.json()["data"]["jobId"], SECONDS)
    assert (job["status"], job["result"]["created"]) == ("Completed", MANY)
    assert time.process_time() - begin < SECONDS
    (table,) = bench.client.ok("GET", f"{DEVICE}/tag-tables")
    assert table["tagCount"] == MANY
