"""Sessions of MCP clients have a ceiling, in total and for each caller."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import httpx
import pytest
from litestar.testing import TestClient

from engineering_api.app import create_app
from engineering_api.features.mcp.sessions import SSE, STREAMABLE, Session, Sessions
from engineering_api.operations.caller import Caller
from engineering_api.operations.terms import Right
from openness_bridge.errors import Problem
from tests.support.service import KEY, settings

OPENING = {
    "jsonrpc": "2.0",
    "id": 1,
    "method": "initialize",
    "params": {
        "protocolVersion": "2025-06-18",
        "capabilities": {},
        "clientInfo": {"name": "test", "version": "1"},
    },
}
OWN = "http://127.0.0.1:9000"
HEADERS = {"X-API-Key": KEY, "Accept": "application/json, text/event-stream"}


async def _end() -> None:
    return


def _session(name: str, caller: str, transport: str = STREAMABLE) -> Session:
    return Session(name, transport, Caller(caller, Right.VIEW), _end)


def test_a_caller_loses_the_session_that_was_idle_for_longest() -> None:
    sessions = Sessions()
    for name in ("a", "b", "c"):
        assert sessions.begin(_session(name, "olga"), 3) == []
    sessions.begin(_session("other", "victor"), 3)
    for each in map(sessions.get, ("a", "c")):
        assert each is not None
        each.touch()
    assert [each.session_id for each in sessions.begin(_session("d", "olga"), 3)] == ["b"]


def test_there_are_so_many_sessions_in_total() -> None:
    sessions = Sessions()
    for name in ("a", "b"):
        sessions.require_room(2)
        sessions.begin(_session(name, name, SSE))
    with pytest.raises(Problem) as caught:
        sessions.require_room(2)
    assert caught.value.code == "mcp.session_limit"


def _open(http: Any) -> httpx.Response:
    answer: httpx.Response = http.post("/mcp", json=OPENING, headers=HEADERS)
    return answer


def test_sessions_over_http_stay_below_the_ceilings(tmp_path: Path) -> None:
    with TestClient(create_app(settings(tmp_path, max_caller_mcp_sessions=4)), base_url=OWN) as http:
        for _ in range(12):
            assert _open(http).status_code == 200
        listed = http.get("/mcp/sessions", headers=HEADERS).json()["data"]
    assert len(listed) == 4


def test_the_sdk_keeps_no_more_sessions_than_are_listed(tmp_path: Path) -> None:
    with TestClient(
        create_app(settings(tmp_path, max_mcp_sessions=3, max_caller_mcp_sessions=0)), base_url=OWN
    ) as http:
        answers = [_open(http).status_code for _ in range(6)]
        assert answers == [200] * 3 + [503] * 3
        refused = http.get("/mcp/sse", headers=HEADERS)
    assert (refused.status_code, refused.json()["error"]["code"]) == (503, "mcp.session_limit")
