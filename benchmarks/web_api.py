"""What values cost over the Web API: python -m benchmarks.web_api

A service serves 500 tags by its Web API server over TLS on loopback, and reads them with its source of the kind webapi: all at once,
one at a time, and one at a time with a bare HTTPS client that sends the same request and does nothing with the answer.
"""

from __future__ import annotations

import ssl
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
from litestar.testing import TestClient

from benchmarks.figures import Figure, run
from engineering_api.app import create_app
from engineering_api.settings import Settings
from engineering_api.web.application import App
from runtime_data.runtime import Runtime
from runtime_data.sources.memory import MemorySource, MemoryTag

TAGS, ROUNDS = 500, 40
WANTED_RATE, LONGEST = 5000, 20.0
"""Values a second of a bulk read, and milliseconds of a single one, that are good enough for a CPU."""
PASSWORD = "benchmark-Password-1"  # noqa: S105


def middle(work: Callable[[], object], rounds: int) -> float:
    """Return the time of some work in seconds, in the middle of several rounds."""
    times = []
    for _ in range(rounds):
        begin = time.perf_counter()
        work()
        times.append(time.perf_counter() - begin)
    return statistics.median(times)


def measure(short: bool) -> Iterator[Figure]:
    """Serve and read."""
    rounds = ROUNDS // 8 if short else ROUNDS
    with tempfile.TemporaryDirectory() as name:
        settings = Settings(backend="fake", data_dir=Path(name), api_key="benchmark", headless=True)
        with TestClient(create_app(settings)) as client:
            client.headers["X-API-Key"] = "benchmark"
            yield from _figures(client, rounds)


def _figures(client: TestClient[App], rounds: int) -> Iterator[Figure]:
    sources = client.app.state["service"].part(Runtime).sources
    memory = sources.find("memory")
    assert isinstance(memory, MemorySource)
    paths = [f"Line{number // 50}.value{number % 50}" for number in range(TAGS)]
    for number, path in enumerate(paths):
        memory.define(MemoryTag(path, "Real", value=number * 0.5))
    port, connection = _serve(client)
    fingerprint = client.post("/api/runtime/sources/Press/actions/test").json()["data"]["fingerprint"]
    client.patch("/api/runtime/sources/Press", json={"connection": connection | {"fingerprint": fingerprint}})
    press = sources.find("Press")
    assert [each.value for each in press.read(paths)] == [number * 0.5 for number in range(TAGS)]
    bulk = middle(lambda: press.read(paths), rounds)
    print(f"{TAGS / bulk:,.0f} values/s in reads of {TAGS}")
    yield Figure("bulk read of 500 values", f"{WANTED_RATE} values/s", TAGS / bulk / WANTED_RATE, at_least=1)
    single = middle(lambda: press.read(paths[:1]), rounds * 5)
    print(f"{single * 1000:.2f} ms for a single read")
    yield Figure("single read", f"{LONGEST:g} ms", single * 1000 / LONGEST, at_most=1)
    bare = middle(_bare(port), rounds * 5)
    print(f"{bare * 1000:.2f} ms for the same request by httpx alone")
    yield Figure("single read by the source", "the same request by httpx alone", single / bare, at_most=3)


def _serve(client: TestClient[App]) -> tuple[int, dict[str, Any]]:
    """Start the server, and define the source; return the port, and the connection."""
    client.post("/api/users", json={"name": "reader", "password": PASSWORD, "role": "viewer"}).raise_for_status()
    settings = {"port": 0, "source": "memory"}
    served = client.put("/api/runtime/servers/webapi", json={"enabled": True, "settings": settings}).json()
    port = int(httpx.URL(served["data"]["endpoints"][0]).port or 0)
    connection = {"host": "127.0.0.1", "port": port, "user": "reader", "password": PASSWORD}
    body = {"name": "Press", "kind": "webapi", "connection": connection}
    client.post("/api/runtime/sources", json=body).raise_for_status()
    return port, connection


def _bare(port: int) -> Callable[[], object]:
    """Return what sends the two calls of a single read, on a connection that stays open."""
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    http = httpx.Client(verify=context, trust_env=False)
    url = f"https://127.0.0.1:{port}/api/jsonrpc"
    login = {"jsonrpc": "2.0", "id": 1, "method": "Api.Login", "params": {"user": "reader", "password": PASSWORD}}
    http.headers["X-Auth-Token"] = http.post(url, json=login).json()["result"]["token"]
    read = {"jsonrpc": "2.0", "method": "PlcProgram.Read", "params": {"var": '"Line0".value0', "mode": "simple"}}
    calls = [{"jsonrpc": "2.0", "id": 1, "method": "Plc.ReadOperatingMode", "params": {}}, read | {"id": 2}]
    return lambda: http.post(url, json=calls)


if __name__ == "__main__":
    run(measure)
