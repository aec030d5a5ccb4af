"""Memory comes back: a server under mixed load for a while needs no more at the end than in the middle.

The load of good and hostile requests lasts a minute here, or as many seconds as TIA_SOAK_SECONDS says; `-m exploration` runs
ten minutes. `test_sessions_over_http_stay_below_the_ceilings` is the short sibling.
"""

from __future__ import annotations

import json
import os
import time
from contextlib import closing
from http.client import HTTPConnection

import pytest

from tests.reliability.forge import KEY
from tests.reliability.limits.peer import PATIENCE, Server

MINUTE, LONG = float(os.environ.get("TIA_SOAK_SECONDS", "60")), 600.0
MORE = 24 << 20
"""Bytes by which the last third may exceed the middle one: what allocators of this size vary by."""
OPENING = json.dumps(
    {
        "jsonrpc": "2.0",
        "id": 1,
        "method": "initialize",
        "params": {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}},
    }
).encode()
MCP = "application/json, text/event-stream"
TAG = {"tableName": "Default tag table", "dataType": "Bool"}


def _ask(server: Server, method: str, path: str, body: object = None, **more: str) -> int:
    content = body if isinstance(body, bytes) else None if body is None else json.dumps(body).encode()
    connection = HTTPConnection("127.0.0.1", server.port, timeout=PATIENCE)
    with closing(connection):
        connection.request(method, path, content, {"X-API-Key": KEY, "Content-Type": "application/json"} | more)
        answer = connection.getresponse()
        answer.read()
        return answer.status


def _begin(server: Server) -> None:
    device = {"orderNumber": "6ES7 511-1AK02-0AB0", "version": "V2.9", "name": "PLC_1"}
    assert _ask(server, "POST", "/api/projects/actions/create-sync", {"name": "Soak"}) == 200
    assert _ask(server, "POST", "/api/projects/devices/actions/add-sync", device) == 200
    for name, content in {"good.csv": _table(200), "wide.csv": b";" * 300_000, "quoted.csv": b'"' * 300_000}.items():
        assert _ask(server, "PUT", f"/api/files/{name}", content) < 300


def _table(rows: int) -> bytes:
    lines = "".join(f"T{i};Bool;%M{i // 8}.{i % 8}\n" for i in range(rows))
    return f"Name;Data Type;Logical Address\n{lines}".encode()


def _round(server: Server, number: int) -> None:
    """Send what good and hostile clients send."""
    for _ in range(10):
        assert _ask(server, "POST", "/mcp", OPENING, Accept=MCP) == 200
    table = "/api/devices/PLC_1/tag-tables/Default%20tag%20table"
    assert _ask(server, "POST", f"{table}/actions/import-csv-sync", {"filePath": "good.csv"}) == 200
    for name in ("wide.csv", "quoted.csv"):
        assert _ask(server, "POST", f"{table}/actions/import-csv-sync", {"filePath": name}) == 422
    assert _ask(server, "POST", "/api/devices/PLC_1/tags", TAG | {"name": f"Own{number}"}) == 200
    assert _ask(server, "DELETE", f"{table}/tags/Own{number}") == 200
    assert _ask(server, "GET", f"{table}/tags?pageSize=50") == 200
    assert _ask(server, "GET", f"/api/nothing/{number}") == 404
    assert _ask(server, "POST", "/api/jobs/execute-sync", b"[" * 10_000) == 400
    server.say([b"GET /api/health HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: wrong-%d\r\n\r\n" % number])


@pytest.mark.parametrize(
    "seconds",
    [
        pytest.param(MINUTE, marks=[pytest.mark.slow], id="a minute"),
        pytest.param(LONG, marks=[pytest.mark.exploration], id="ten minutes"),
    ],
)
def test_memory_comes_back(usual: Server, seconds: float) -> None:
    _begin(usual)
    needed: list[int] = []
    end = time.monotonic() + seconds  # time: how long the load lasts
    while time.monotonic() < end or len(needed) < 12:
        _round(usual, len(needed))
        needed.append(usual.memory)
    third = len(needed) // 3
    middle, last = max(needed[third : 2 * third]), max(needed[2 * third :])
    sessions = usual.ask("GET", "/mcp/sessions").document["data"]
    assert len(sessions) <= 50
    assert last <= middle + MORE, f"{middle >> 20} MB, then {last >> 20} MB after {len(needed)} rounds"
