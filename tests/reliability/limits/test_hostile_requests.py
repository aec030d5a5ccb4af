"""One hostile request after the other, at a server as it is set up by default: memory stays bounded, others are answered.

How long the event loop was held up is what its own thread computed between two beats, which other load on the machine does
not change.
"""

from __future__ import annotations

import json
import logging
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from itertools import chain, repeat
from typing import Any

import pytest

from tests.reliability import lag
from tests.reliability.forge import KEY
from tests.reliability.limits.peer import Server, head
from tests.reliability.wire import Wire
from tests.support.pace import slowness

log = logging.getLogger(__name__)
MOST_MEMORY = 1536 << 20
HELD_UP = 1.0
"""Seconds that the event loop of a quiet computer may compute at once."""
PATIENCE = 60.0
MIB = 1 << 20
SYNC = "/api/jobs/execute-sync"
MCP = (b"Content-Type: application/json", b"Accept: application/json, text/event-stream")
RUN = {
    "tests": "tests:\n- name: Long\n  steps: [{run: 2000000000}]\n",
    "sources": [{"name": "a.scl", "content": "ORGANIZATION_BLOCK Main\nBEGIN\nEND_ORGANIZATION_BLOCK\n"}],
}


def sent(method: str, path: str, body: bytes, *lines: bytes) -> list[bytes]:
    return [head(method, path, f"Content-Length: {len(body)}".encode(), *lines), body]


def named(name: str, **arguments: Any) -> bytes:
    return json.dumps({"operation": name, "arguments": arguments}).encode()


def requests(size: int) -> dict[str, Any]:
    """Requests of about so many bytes, by what is hostile in them."""
    inside = b'{"operation": "health.ping", "arguments": {"x": '
    many = size // 3
    return {
        "header lines": lambda: chain([b"GET / HTTP/1.1\r\n"], repeat(b"a: " + b"b" * 1000 + b"\r\n", size // 1000)),
        "one header line": lambda: chain([b"GET / HTTP/1.1\r\na: "], repeat(b"b" * 65536, size >> 16)),
        "a URL": lambda: chain([b"GET /"], repeat(b"b" * 65536, size >> 16)),
        "a body of no JSON": lambda: sent("POST", SYNC, b"x" * size),
        "chunks": lambda: chain(
            [head("POST", SYNC, b"Transfer-Encoding: chunked")],
            repeat(b"10000\r\n" + b"x" * 65536 + b"\r\n", size >> 16),
            [b"0\r\n\r\n"],
        ),
        "one long text": lambda: sent("POST", SYNC, inside + b'"' + b"x" * size + b'"}}'),
        "a text of escapes": lambda: sent("POST", SYNC, inside + b'"' + rb"\"" * (size // 2) + b'"}}'),
        "a text of commas": lambda: sent("POST", SYNC, inside + b'"' + b",[" * (size // 2) + b'"}}'),
        "many lists": lambda: sent("POST", SYNC, inside + b"[" + b"[]," * many + b"[]]}}"),
        "many texts": lambda: sent("POST", SYNC, inside + b"[" + b'"",' * many + b'""]}}'),
        "as many lists as there may be": lambda: sent("POST", SYNC, inside + b"[" + b"[]," * 450_000 + b"[]]}}"),
        "many names": lambda: sent(
            "POST", SYNC, inside + b"{" + b",".join(b'"%d":0' % n for n in range(size // 9)) + b"}}}"
        ),
        "many unknown fields": lambda: sent(
            "POST",
            "/api/devices/PLC_1/tag-tables",
            b"{" + b",".join(b'"f%d":0' % n for n in range(min(size // 10, 300_000))) + b"}",
        ),
        "an unknown field with a long name": lambda: sent(
            "POST", "/api/devices/PLC_1/tag-tables", b'{"' + b"x" * size + b'": 1}'
        ),
        "a wrong value": lambda: sent(
            "POST", "/api/devices/PLC_1/actions/compile-sync", b'{"scope": "' + b"x" * size + b'"}'
        ),
        "depth": lambda: sent("POST", SYNC, inside + b"[" * (size // 2) + b"]" * (size // 2) + b"}}"),
        "an MCP message": lambda: sent(
            "POST",
            "/mcp",
            b'{"jsonrpc":"2.0","id":1,"method":"ping","params":{"x":['
            + b"[]," * (min(size, 4 * MIB - 100) // 3)
            + b"[]]}}",
            *MCP,
        ),
        "a larger MCP message": lambda: sent("POST", "/mcp", b"x" * size, *MCP),
        "a PLC test without an end": lambda: sent("POST", "/api/plc-tests/actions/run-sync", json.dumps(RUN).encode()),
    }


def answered(server: Server, over: threading.Event) -> list[float]:
    """How long others waited for an answer, until it is over."""
    waited = []
    while not over.is_set():
        begin = time.monotonic()
        with Wire(server.port, KEY, PATIENCE) as wire:
            wire.send("GET", "/api/health")
        waited.append(time.monotonic() - begin)
        over.wait(0.05)
    return waited


def highest(server: Server, over: threading.Event) -> int:
    most = 0
    while not over.wait(0.02):
        most = max(most, server.memory)
    return most


def check(server: Server, size: int) -> None:
    faults: list[str] = []
    slow = slowness()
    assert server.lag is not None
    for name, make in requests(size).items():
        over, pieces = threading.Event(), make()
        with ThreadPoolExecutor(2) as pool:
            others, memory = pool.submit(answered, server, over), pool.submit(highest, server, over)
            begin = time.monotonic()
            try:
                heard = server.say(pieces)
            finally:
                took = time.monotonic() - begin
                over.set()
            worst = max(others.result(PATIENCE))
            if not 400 <= heard.status < 500:
                faults.append(f"{name}: answered with {heard.status}")
            if (most := memory.result(PATIENCE)) > MOST_MEMORY:
                faults.append(f"{name}: {most >> 20} MiB")
        slow = max(slow, slowness())
        log.info("%s: %s, %.2f s; others waited %.2f s; %s MiB", name, heard.status, took, worst, most >> 20)
    time.sleep(1.5)  # time: the server writes its beats each second
    found = lag.read(server.lag)
    log.info("The loop computed %.3f s at once, and was %.3f s late; pace %.1f", found.worst_own, found.worst, slow)
    if found.worst_own > HELD_UP * slow:
        faults.append(f"the event loop was held up for {found.worst_own:.2f} s: {found.seen}")
    assert faults == []
    assert server.ask("GET", "/api/health").status == 200


def test_no_single_request_holds_up_a_server_or_fills_its_memory(usual: Server) -> None:
    check(usual, 2 * MIB)


@pytest.mark.slow
def test_no_large_request_holds_up_a_server_or_fills_its_memory(usual: Server) -> None:
    check(usual, 100 * MIB)


@pytest.mark.slow
def test_no_request_as_large_as_it_may_be_holds_up_a_server_or_fills_its_memory(usual: Server) -> None:
    check(usual, 32 * MIB - 200)
