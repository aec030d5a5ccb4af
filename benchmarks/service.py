"""Compare the service with a bare application, in one run: `python -m benchmarks.service`.

Prints four figures with their goals:
1. from start to the first answer, compared with a bare Litestar application with as many routes (at most 2x);
2. a read route, compared with the same JSON from a bare handler (at least 0.6 of its rate);
3. 100,000 tags imported from a workbook, compared with only reading the sheet with calamine (at most 3x);
4. the project overview at 500, 5,000 and 50,000 blocks (linear: the cost of a block stays the same).
"""

from __future__ import annotations

import asyncio
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from engineering_api.app import catalogue
from engineering_api.client import Client

KEY = "bench"
REQUESTS, CONNECTIONS, ROUNDS = 4000, 16, 5


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def running(command: list[str], url: str, **environment: str) -> Iterator[float]:
    """A server process; gives the seconds from its start to its first answer."""
    begin = time.perf_counter()
    compiled = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with subprocess.Popen([sys.executable, "-m", *command], env=compiled | environment) as process:
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


async def rate(port: int, path: str) -> float:
    """Requests a second over kept connections; a bounded number of them."""
    request = f"GET {path} HTTP/1.1\r\nHost: x\r\nX-API-Key: {KEY}\r\n\r\n".encode()

    async def client() -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        for _ in range(REQUESTS // CONNECTIONS):
            writer.write(request)
            head = await reader.readuntil(b"\r\n\r\n")
            assert head.startswith(b"HTTP/1.1 200"), head
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0])
            await reader.readexactly(length)
        writer.close()

    begin = time.perf_counter()
    await asyncio.gather(*(client() for _ in range(CONNECTIONS)))
    return REQUESTS / (time.perf_counter() - begin)


def plc(api: Client, name: str) -> None:
    api.send("POST", "/api/projects/actions/create-sync", {"name": name})
    body = {"orderNumber": "6ES7 511-1AK02-0AB0", "version": "V2.9", "name": "PLC_1"}
    api.send("POST", "/api/projects/devices/actions/add-sync", body)


READS = {
    "the open project": "/api/projects",
    "the devices": "/api/projects/devices",
    "21 tag tables": "/api/devices/PLC_1/tag-tables",
}


def start_and_read(folder: Path) -> None:
    body = folder / "body.json"
    with service(folder / "read") as (api, _, port):
        plc(api, "Read")
        for number in range(20):
            api.send("POST", "/api/devices/PLC_1/tag-tables/actions/create-sync", {"name": f"Table {number}"})
        for name, path in READS.items():
            body.write_bytes(answer(port, path))
            with bare(body) as (_, bare_port):
                ratios = [
                    asyncio.run(rate(port, path)) / asyncio.run(rate(bare_port, "/answer")) for _ in range(ROUNDS)
                ]
            report(f"read {name}, requests a second / bare handler", statistics.median(ratios), ">= 0.6")
    starts = []
    for number in range(ROUNDS + 1):
        with service(folder / f"start{number}") as (_, ours, _), bare(body) as (floor, _):
            starts.append(ours / floor)
    report(
        "start to first answer / bare Litestar (the first start compiles: left out)",
        statistics.median(starts[1:]),
        "<= 2",
    )


def answer(port: int, path: str) -> bytes:
    request = urllib.request.Request(f"http://127.0.0.1:{port}{path}", headers={"X-API-Key": KEY})
    body: bytes = urllib.request.urlopen(request).read()
    return body


def import_tags(folder: Path) -> None:
    from benchmarks.tag_files import bare_read, tags
    from engineering_api.features.tags.files import write_xlsx

    count = 100_000
    book = folder / "import" / "workspace" / "tags.xlsx"
    book.parent.mkdir(parents=True)
    write_xlsx(book, tags(count), [])
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
    report(f"{count:,} tags imported / sheet only read ({passed:.1f} s / {floor:.1f} s)", passed / floor, "<= 3")


def overview(folder: Path) -> None:
    costs: dict[int, float] = {}
    for count in (500, 5_000, 50_000):
        with service(folder / f"blocks{count}") as (api, _, _):
            plc(api, f"Blocks{count}")
            fill(api, count)
            times = []
            for _ in range(3):
                begin = time.perf_counter()
                found = api.send("GET", "/api/projects/overview")
                times.append(time.perf_counter() - begin)
            assert len(found["devices"][0]["blocks"]) >= count
            costs[count] = min(times) / count
    for count, cost in costs.items():
        report(f"overview of {count:,} blocks: {cost * 1e6:.1f} us a block / at 500", cost / costs[500], "~ 1 or less")


def fill(api: Client, count: int) -> None:
    """Empty FCs, a thousand to a source."""
    for first in range(0, count, 1000):
        text = "\n".join(
            f'FUNCTION "Block_{number}" : Void\nBEGIN\nEND_FUNCTION\n'
            for number in range(first, min(first + 1000, count))
        )
        api.send("POST", "/api/devices/PLC_1/external-sources/import-and-generate", {"sclContent": text})


def report(what: str, value: Any, goal: str) -> None:
    print(f"{what:75} {value:7.2f}   goal {goal}", flush=True)


def main() -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start_and_read(folder)
        import_tags(folder)
        overview(folder)


if __name__ == "__main__":
    main()
