"""The way of a request is the table of steps that docs/architecture.md shows."""

from pathlib import Path

from litestar.testing import TestClient

from engineering_api.app import create_app
from tests.api.conftest import CPU, FIRMWARE, Client, settings
from tests.structure.tracing import traced


def test_a_change(tmp_path: Path) -> None:
    with traced("features/tags/tags_operations.py:add") as trace, TestClient(create_app(settings(tmp_path))) as http:
        client = Client(http)
        client.ok("POST", "/api/projects/actions/create-sync", {"name": "Conveyor"})
        client.ok(
            "POST",
            "/api/projects/devices/actions/add-sync",
            {"articleNumber": CPU, "version": FIRMWARE, "deviceName": "PLC_1"},
        )
        tag = {"tableName": "Default tag table", "name": "T", "dataType": "Bool"}
        client.ok("POST", "/api/devices/PLC_1/tags", tag)
        trace.on = True
        client.ok("POST", "/api/devices/PLC_1/tags", tag | {"name": "U"})
    for each in trace.crossings:
        print(each)
    print(len(trace.crossings))
    assert 0
