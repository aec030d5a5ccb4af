"""The settings of the S7 server by the routes: off at first, this computer only, and never open without an allow list."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from litestar.testing import TestClient
from snap7 import Client as S7Client
from snap7.error import S7Error

from engineering_api.app import create_app
from engineering_api.operations.context import Service
from tests.runtime_data.servers.s7.kit import PLANT, workspace
from tests.support.service import Client, settings
from virtual_plc.memory.program import program_of

SERVER = "/api/runtime/servers/s7"


@pytest.fixture
def http(tmp_path: Path) -> Iterator[TestClient[Any]]:
    with TestClient(create_app(settings(tmp_path))) as http:
        service: Service = http.app.state["service"]
        handle = service.simulation.register("PLC_1", "CPU1511")
        with handle.use() as api:
            api.PowerOn(60_000)
        made: Any = service.simulation.model.SimulationRuntimeManager.CreateInterface("PLC_1")
        made._load(program_of(workspace()), workspace())
        yield http


def test_off_until_an_administrator_enables_it(http: TestClient[Any]) -> None:
    client = Client(http)
    found = client.ok("GET", SERVER)
    assert (found["enabled"], found["state"], found["endpoints"]) == (False, "off", [])
    assert (
        found["settings"]["host"] == "127.0.0.1"
        and found["settings"]["port"] == 1102
        and not found["settings"]["write"]
    )


def test_it_serves_reads_only_until_writes_are_allowed(http: TestClient[Any]) -> None:
    client = Client(http)
    found = client.ok("PUT", SERVER, {"enabled": True, "settings": {"port": 0, "source": "PLC_1", "firmware": "2.9.4"}})
    assert found["state"] == "running"
    other = S7Client().connect("127.0.0.1", 0, 1, int(found["endpoints"][0].rpartition(":")[2]))
    assert bytes(other.db_read(PLANT, 0, 4)) == bytes(4)
    assert other.get_order_code().V1 == 2
    with pytest.raises(S7Error):
        other.db_write(PLANT, 6, bytearray(2))
    (seen,) = client.ok("GET", f"{SERVER}/clients")
    assert seen["address"].startswith("127.0.0.1:")

    found = client.ok("PUT", SERVER, {"enabled": True, "settings": {"port": 0, "source": "PLC_1", "write": True}})
    other.disconnect()
    other = S7Client().connect("127.0.0.1", 0, 1, int(found["endpoints"][0].rpartition(":")[2]))
    other.db_write(PLANT, 6, bytearray(b"\0\7"))
    other.disconnect()
    assert client.ok("PUT", SERVER, {"enabled": False})["state"] == "off"
    entries = client.ok("GET", "/api/audit")
    writes = [each for each in entries if each["operation"] == "runtime_servers.s7_write"]
    assert writes[0]["arguments"]["written"] == 1


@pytest.mark.parametrize(
    ("given", "pointer"),
    [
        ({"host": "0.0.0.0"}, "/settings/allow"),  # noqa: S104 - it is refused
        ({"host": "plc.example"}, "/settings/host"),
        ({"allow": ["192.168.0.0/33"]}, "/settings/allow"),
        ({"port": 70_000}, "/settings/port"),
        ({"clients": 65}, "/settings/clients"),
        ({"firmware": "V2"}, "/settings/firmware"),
    ],
)
def test_settings_that_do_not_fit(http: TestClient[Any], given: dict[str, Any], pointer: str) -> None:
    answer = http.put(
        SERVER, json={"enabled": True, "settings": {"source": "PLC_1"} | given}, headers=Client(http).http.headers
    )
    assert answer.status_code == 400, answer.text
    assert pointer in answer.text
    assert Client(http).ok("GET", SERVER)["state"] == "off"


def test_a_port_that_is_used_and_a_source_that_is_no_plc(http: TestClient[Any]) -> None:
    client = Client(http)
    with socket.create_server(("127.0.0.1", 0)) as taken:
        given = {"port": taken.getsockname()[1], "source": "PLC_1"}
        client.refused(409, "runtime.server_failed", "PUT", SERVER, {"enabled": True, "settings": given})
    error = client.refused(
        409, "runtime.server_failed", "PUT", SERVER, {"enabled": True, "settings": {"source": "memory"}}
    )
    assert error["code"] == "runtime.server_failed"
