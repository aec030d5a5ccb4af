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
    "features/assistant/assistant.py": "answers a question as its caller, whose lines it logs",
    "features/ignition/scripting/link.py": "calls back within a request",
    "features/runtime/socket_session.py": "serves one socket",
    "features/mcp/transports.py": "begins with the server, not with a request",
    "features/tools/running.py": "waits within a call",
    "features/tools/toolbox.py": "waits within a call",
    "features/unified/socket.py": "serves one socket",
    "gateway/calls.py": "waits within a request",
    "gateway/exchange.py": "begins with the process, not with a request",
    "gateway/saq_exchange.py": "begins with the process, not with a request",
    "operations/awaited.py": "watches one request",
    "execution/runner.py": "runs a job, which logs the request that submitted it",
    "execution/steps/hold.py": "waits within a request",
    "operations/streaming/beats.py": "waits within a stream",
    "operations/streaming/streams.py": "waits within a stream",
    "runtime/alarms/table.py": "shields a step of a request",
    "runtime/servers/opcua/home.py": "hands over what a client of the server sent",
    "runtime/servers/opcua/monitoring.py": "hands values over to the thread of the server",
    "runtime/servers/webapi/server.py": "waits within the start",
    "runtime/sinks/mqtt/connection.py": "waits within a push",
    "runtime/sources/webapi/exchange.py": "waits within a read",
    "security/users.py": "is shared by those who log in, and ends with them",
    "web/listening/gate.py": "begins with a connection, not with a request",
    "features/jobs/signalr/session.py": "serves one socket",
    "background.py": "is the place where all others begin",
}


def test_what_outlives_a_request_begins_in_the_background() -> None:
    root = ROOT / "engineering_api"
    found = {
        path.relative_to(root).as_posix() for path in root.rglob("*.py") if _BEGINS.search(path.read_text("utf-8"))
    }
    assert found - {"cli/demo/runtime.py"} == set(ENDS_WITH_ITS_REQUEST)


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
