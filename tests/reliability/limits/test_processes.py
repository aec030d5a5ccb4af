"""Servers as processes: a client that hangs up, and an end whatever operations do."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from engineering_api.execution.ending import FORCED
from tests.reliability.forge import KEY, Forge
from tests.reliability.limits.peer import PATIENCE, Server, head
from tests.reliability.wire import Wire

CPU = {"orderNumber": "6ES7 511-1AK02-0AB0", "version": "V2.9", "name": "PLC_1"}
TABLES = "/api/devices/PLC_1/tag-tables"
LIMIT = 3


def started(forge: Forge, folder: Path, **given: Any) -> Server:
    pid, port = forge.start(folder, **given)
    with Wire(port, KEY) as wire:
        wire.send("POST", "/api/projects/actions/create-sync", {"name": "Line"})
        wire.send("POST", "/api/projects/devices/actions/add-sync", CPU)
    return Server(pid, port)


def ask_without_waiting(server: Server, method: str, path: str, body: Any = None) -> Any:
    content = b"" if body is None else json.dumps(body).encode()
    connection = server.connect()
    connection.sendall(head(method, path, f"Content-Length: {len(content)}".encode()) + content)
    return connection


def under_way(server: Server) -> list[tuple[str, bool]]:
    found = server.ask("GET", "/api/health/details").document["data"]["underWay"]
    return [(each["operation"], each["begun"]) for each in found]


def until(condition: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE
    while not condition():
        assert time.monotonic() < deadline
        time.sleep(0.01)


def test_what_a_client_abandoned_stops(forge: Forge, tmp_path: Path) -> None:
    server = started(
        forge, tmp_path, stuck={"tag_tables.list_": "asks", "tag_tables.create": "asks", "plc_tests.run": "asks"}
    )
    try:
        for method, path, body, name in (
            ("GET", TABLES, None, "tag_tables.list_"),
            ("POST", TABLES, {"name": "New"}, "tag_tables.create"),
            ("POST", "/api/plc-tests/actions/run-sync", {"tests": "-"}, "plc_tests.run"),
            ("POST", "/api/jobs/execute-sync", {"operation": "plc_tests.run", "arguments": {}}, "plc_tests.run"),
            ("POST", f"{TABLES}?dryRun=true", {"name": "New"}, "tag_tables.create"),
        ):
            with closing(ask_without_waiting(server, method, path, body)):
                until(lambda name=name: name in dict(under_way(server)))
                with closing(ask_without_waiting(server, "GET", "/api/devices/PLC_1/blocks")):
                    if name != "plc_tests.run":
                        until(lambda: not dict(under_way(server)).get("blocks.list_", True))
            until(lambda: under_way(server) == [])
        assert server.ask("GET", "/api/devices/PLC_1/blocks").status == 200
    finally:
        forge.kill(server.pid)


def test_a_server_that_does_nothing_ends_in_order(forge: Forge, tmp_path: Path) -> None:
    server = started(forge, tmp_path)
    assert forge.end(server.pid) == 0
    assert list((tmp_path / "rescued").iterdir())
    assert json.loads((tmp_path / "instances.json").read_bytes()) == []


PLACES = {
    "tag_tables.list_": TABLES,  # on the portal's thread
    "history.stats": "/api/history/stats",  # in a worker thread
    "health.ping": "/api/health/ping",  # on the event loop itself
}


@pytest.mark.parametrize(
    ("name", "how", "status"),
    [
        ("tag_tables.list_", "waits", 0),
        ("tag_tables.list_", "calculates", 0),
        ("tag_tables.list_", "asks", 0),
        ("history.stats", "waits", FORCED),
        ("history.stats", "asks", 0),
        ("health.ping", "calculates", FORCED),
    ],
)
def test_a_server_ends_whatever_its_operations_do(
    forge: Forge, tmp_path: Path, name: str, how: str, status: int
) -> None:
    server = started(forge, tmp_path, stuck={name: how}, shutdown_limit=LIMIT)
    with closing(ask_without_waiting(server, "GET", PLACES[name])):
        if name != "health.ping":
            until(lambda: any(begun for _, begun in under_way(server)))
        begin = time.monotonic()
        assert forge.end(server.pid) == status
        assert time.monotonic() - begin < LIMIT + PATIENCE
    assert json.loads((tmp_path / "instances.json").read_bytes()) == []
