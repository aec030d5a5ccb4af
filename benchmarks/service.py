"""Compare the service with a bare application: `python -m benchmarks.service`.

Start to the first answer and reads are compared with a bare Litestar application with as many routes, tags that are imported
from a workbook with the bare sheet, and the overview of a project with that of a small one: the cost of a block stays the same.
"""

from __future__ import annotations

import asyncio
import json
import os
import socket
import statistics
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

from benchmarks.figures import Figure, least_seconds, run
from benchmarks.tag_files import bare_read, tags
from engineering_api import processes
from engineering_api.app import catalogue
from engineering_api.client import Client
from engineering_api.features.tags.files import write_xlsx
from engineering_api.web.application import App
from engineering_api.web.http import handlers

KEY = "bench"
CONNECTIONS = 16


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], url: str, **environment: str) -> Iterator[float]:
    """A server process; gives the seconds from its start to its first answer."""
    begin = time.perf_counter()
    compiled = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with processes.start([sys.executable, "-m", *command], env=compiled | environment) as process:
        try:
            while not _answers(url):
                if process.poll() is not None:
                    sys.exit(f"{command[0]} ended before it answered.")
                time.sleep(0.002)
            yield time.perf_counter() - begin
        finally:
            process.terminate()


def _answers(url: str) -> bool:
    try:
        with urllib.request.urlopen(url) as answer:
            return bool(answer.status == 200)
    except (urllib.error.URLError, ConnectionError):
        return False


@contextmanager
def service(folder: Path) -> Iterator[tuple[Client, float, int]]:
    port = free_port()
    command = [
        "engineering_api",
        "serve",
        "--backend",
        "fake",
        "--port",
        str(port),
        "--data-dir",
        str(folder),
        "--quiet",
    ]
    url = f"http://127.0.0.1:{port}"
    with running(command, f"{url}/api/health/ping", TIA_API_KEY=KEY) as seconds, Client(url, KEY) as api:
        yield api, seconds, port


@contextmanager
def bare(body: Path) -> Iterator[tuple[float, int]]:
    port, routes = free_port(), sum(len(op.routes) for op in catalogue())
    with running(["benchmarks.bare", str(port), str(routes), str(body)], f"http://127.0.0.1:{port}/answer") as seconds:
        yield seconds, port


async def rate(port: int, path: str, requests: int) -> float:
    """Requests a second over kept connections; a bounded number of them."""
    request = f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX-API-Key: {KEY}\r\n\r\n".encode()

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(requests // CONNECTIONS):
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            await reader.readexactly(length)
        writer.close()

    begin = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CONNECTIONS)))
    return requests / (time.perf_counter() - begin)


def plc(api: Client, name: str) -> None:
    api.send("POST", "/api/projects/actions/create-sync", {"name": name})
    body = {"orderNumber": "6ES7 511-1AK02-0AB0", "version": "V2.9", "name": "PLC_1"}
    api.send("POST", "/api/projects/devices/actions/add-sync", body)


READS = {
    "reads of the open project": ("/api/projects", 0.8),
    "reads of the devices": ("/api/projects/devices", 0.6),
    "reads of 21 tag tables": ("/api/devices/PLC_1/tag-tables", 0.6),
}
"""Path and goal of each read."""


def reads(folder: Path, *, short: bool) -> Iterator[Figure]:
    """Rates of reads."""
    requests, rounds = (320, 1) if short else (4000, 5)
    body = folder / "body.json"
    with service(folder / "read") as (api, _, port):
        plc(api, "Read")
        for number in range(20):
            api.send("POST", "/api/devices/PLC_1/tag-tables/actions/create-sync", {"name": f"Table {number}"})
        for name, (path, goal) in READS.items():
            body.write_bytes(answer(port, path))
            with bare(body) as (_, other):
                ratios = [
                    asyncio.run(rate(port, path, requests)) / asyncio.run(rate(other, "/answer", requests))
                    for _ in range(rounds)
                ]
            yield Figure(name, "a bare handler with the same JSON", statistics.median(ratios), at_least=goal)


def starts(folder: Path, *, short: bool) -> Iterator[Figure]:
    """Starts to the first answer. The first one compiles, so it does not count."""
    body = folder / "body.json"
    body.write_bytes(b"{}")
    ratios = []
    for number in range(2 if short else 6):
        with service(folder / f"start{number}") as (_, ours, _), bare(body) as (floor, _):
            ratios.append(ours / floor)
    yield Figure(
        "start to the first answer", "Litestar with as many routes", statistics.median(ratios[1:]), at_most=1.5
    )


def registrations(_: Path, *, short: bool) -> Iterator[Figure]:
    """Litestar's registration of all routes, and of half as many more."""
    own = [SimpleNamespace(routes=op.routes) for op in catalogue()]
    more = [SimpleNamespace(routes=[replace(each, path=f"/more{each.path}") for each in op.routes]) for op in own]
    count, further = len(own), len(more) // 2
    once, more_routes = least_seconds(
        [lambda: register(own), lambda: register(own + more[:further])], 3 if short else 10
    )
    ratio = more_routes / (count + further) / (once / count)
    yield Figure("registration of a route of 900", "a route of 600", ratio, at_most=1.1, is_steady=True)


def register(operations: list[SimpleNamespace]) -> None:
    """Make the application with the routes of operations; nothing is served."""
    App(handlers(operations), openapi_config=None, logging_config=None)


def answer(port: int, path: str, *, fresh: bool = False) -> bytes:
    headers = {"X-API-Key": KEY, **({"Cache-Control": "no-cache"} if fresh else {})}
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers=headers)
    body: bytes = urllib.request.urlopen(request).read()
    return body


def import_tags(folder: Path, *, short: bool) -> Iterator[Figure]:
    """An import of many tags, the workbook in the workspace."""
    count = 3_000 if short else 100_000
    book = folder / "import" / "workspace" / "tags.xlsx"
    book.parent.mkdir(parents=True)
    write_xlsx(book, (replace(each, table="Imported") for each in tags(count)), [])
    begin = time.perf_counter()
    bare_read(book)
    floor = time.perf_counter() - begin
    with service(folder / "import") as (api, _, _):
        plc(api, "Import")
        api.send("POST", "/api/devices/PLC_1/tag-tables/actions/create-sync", {"name": "Imported"})
        begin = time.perf_counter()
        result = api.send(
            "POST", "/api/devices/PLC_1/tag-tables/Imported/actions/import-xlsx", {"filePath": "tags.xlsx"}
        )
        passed = time.perf_counter() - begin
    assert result["created"] == count, result
    yield Figure("import of 100,000 tags", "their sheet read by calamine", passed / floor, at_most=3)


def overviews(folder: Path, *, short: bool) -> Iterator[Figure]:
    """The overview of a project with more and more blocks."""
    costs: dict[int, float] = {}
    for count in (100, 200, 400) if short else (500, 5_000, 50_000):
        with service(folder / f"blocks{count}") as (api, _, port):
            plc(api, f"Blocks{count}")
            fill(api, count)
            costs[count] = min(_time_overview(port, count) for _ in range(3)) / count
    first, middle, last = costs.values()
    yield Figure("overview, a block of 5,000", "a block of 500", middle / first, at_most=1.1)
    yield Figure("overview, a block of 50,000", "a block of 500", last / first, at_most=1.1)


def _time_overview(port: int, blocks: int) -> float:
    """Return the seconds of an overview that TIA Portal is asked for."""
    begin = time.perf_counter()
    found = json.loads(answer(port, "/api/projects/overview", fresh=True))
    passed = time.perf_counter() - begin
    assert len(found["data"]["devices"][0]["blocks"]) >= blocks
    return passed


def fill(api: Client, count: int) -> None:
    """Empty FCs, a thousand to a source."""
    for first in range(0, count, 1000):
        text = "\n".join(
            f'FUNCTION "Block_{number}" : Void\nBEGIN\nEND_FUNCTION\n'
            for number in range(first, min(first + 1000, count))
        )
        api.send("POST", "/api/devices/PLC_1/external-sources/import-and-generate", {"sclContent": text})


def measure(short: bool) -> Iterator[Figure]:
    """Measure one part after the other."""
    with tempfile.TemporaryDirectory() as name:
        for part in (reads, starts, registrations, import_tags, overviews):
            yield from part(Path(name), short=short)


if __name__ == "__main__":
    run(measure)
