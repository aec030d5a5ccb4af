"""Work that outlives a request inherits nothing of it: neither the caller in its log lines nor the check that stops it."""

from __future__ import annotations

import asyncio
import re
from contextvars import ContextVar

import pytest

from engineering_api import background
from tests import ROOT

_BEGINS = re.compile(r"(?:asyncio|get_running_loop\(\)|loop)\.(?:create_task|ensure_future|run_coroutine_threadsafe)\(")
ENDS_WITH_ITS_REQUEST = {
    "engineering_api/features/assistant/assistant.py": "answers a question as its caller, whose lines it logs",
    "runtime_data/ignition/scripting/link.py": "calls back within a request",
    "engineering_api/features/mcp/transports.py": "begins with the server, not with a request",
    "engineering_api/features/tools/running.py": "waits within a call",
    "engineering_api/features/tools/toolbox.py": "waits within a call",
    "runtime_data/unified/socket.py": "serves one socket",
    "engineering_api/gateway/calls.py": "waits within a request",
    "engineering_api/gateway/exchange.py": "begins with the process, not with a request",
    "engineering_api/gateway/saq_exchange.py": "begins with the process, not with a request",
    "engineering_api/operations/awaited.py": "watches one request",
    "engineering_api/execution/runner.py": "runs a job, which logs the request that submitted it",
    "engineering_api/execution/steps/hold.py": "waits within a request",
    "engineering_api/operations/streaming/beats.py": "waits within a stream",
    "engineering_api/operations/streaming/streams.py": "waits within a stream",
    "runtime_data/alarms/table.py": "shields a step of a request",
    "runtime_data/servers/opcua/home.py": "hands over what a client of the server sent",
    "runtime_data/servers/opcua/monitoring.py": "hands values over to the thread of the server",
    "runtime_data/servers/webapi/server.py": "waits within the start",
    "runtime_data/sinks/mqtt/connection.py": "waits within a push",
    "runtime_data/sources/webapi/exchange.py": "waits within a read",
    "engineering_api/security/users.py": "is shared by those who log in, and ends with them",
    "engineering_api/web/listening/gate.py": "begins with a connection, not with a request",
    "engineering_api/web/sockets.py": "serves one socket",
    "engineering_api/background.py": "is the place where all others begin",
}


def test_what_outlives_a_request_begins_in_the_background() -> None:
    found = {
        path.relative_to(ROOT).as_posix()
        for package in ("engineering_api", "runtime_data")
        for path in (ROOT / package).rglob("*.py")
        if _BEGINS.search(path.read_text("utf-8"))
    }
    assert found - {"engineering_api/cli/demo/runtime.py"} == set(ENDS_WITH_ITS_REQUEST)


KNOWN: ContextVar[str] = ContextVar("known", default="")


@pytest.mark.parametrize("way", ["begin", "submit", "detached"])
def test_the_background_knows_no_request(way: str) -> None:
    async def look() -> str:
        return KNOWN.get()

    async def request() -> str:
        KNOWN.set("a caller")
        if way == "begin":
            return await background.begin(look())
        if way == "submit":
            return await asyncio.wrap_future(background.submit(look(), asyncio.get_running_loop()))
        return background.detached(KNOWN.get)

    assert asyncio.run(request()) == ""
