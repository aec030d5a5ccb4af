"""Compare the same requests to one service, and through a gateway with queues in memory, Redis and PostgreSQL.

    python -m benchmarks.reports.gateway [--requests 300] [--at-once 16]

Gateway and worker share this process, so that the benchmark compares only the queues between them. It leaves out servers that
are not installed. The ratios count; the times depend on the computer.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import logging
import statistics
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import Any

import httpx

from engineering_api.app import create_app
from engineering_api.cli import gateway as start
from engineering_api.gateway.exchange import EmbeddedExchange, Exchange
from engineering_api.gateway.saq_exchange import connect
from engineering_api.gateway.sealing import Seal
from engineering_api.settings import Settings
from tests.engineering_api.gateway import servers

KEY = "the-key-of-the-benchmark"
READ = ("GET", "/api/projects")
CHANGE = ("POST", "/api/projects/actions/save-sync")


def settings(folder: Path) -> Settings:
    return Settings(backend="fake", data_dir=folder, api_key=KEY, headless=True, hang_limit=0, auth_limit=0)


def local(folder: Path) -> Any:
    return create_app(settings(folder))


def gateway(folder: Path, end: Callable[[], Exchange]) -> Any:
    seal = Seal("the secret of the benchmark")
    return start.app(
        settings(folder / "g"), end(), seal, [lambda: start.working(settings(folder / "w"), "PC1", end(), seal)]
    )


async def measure(make: Callable[[], Any], requests: int, at_once: int) -> tuple[float, float, float, float]:
    """Milliseconds of a read (median, 95 %), of a change (median), and reads a second with so many at once."""
    app = make()
    async with app.lifespan(), httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://gateway") as http:
        http.headers["X-API-Key"] = KEY
        made = await http.post("/api/projects/actions/create-sync", json={"name": "Conveyor"})
        assert made.status_code == 200, made.text

        async def one(method: str, path: str) -> float:
            begin = time.perf_counter()
            answer = await http.request(method, path, json={} if method == "POST" else None)
            assert answer.status_code == 200, answer.text
            return (time.perf_counter() - begin) * 1000

        reads = sorted([await one(*READ) for _ in range(requests)])
        changes = [await one(*CHANGE) for _ in range(requests // 10)]
        begin = time.perf_counter()
        await asyncio.gather(*(_several(one, requests // at_once) for _ in range(at_once)))
        rate = (requests // at_once) * at_once / (time.perf_counter() - begin)
        return statistics.median(reads), reads[int(len(reads) * 0.95)], statistics.median(changes), rate


async def _several(one: Callable[..., Any], count: int) -> None:
    for _ in range(count):
        await one(*READ)


@contextlib.contextmanager
def ways() -> Iterator[dict[str, Callable[[Path], Any]]]:
    """The ways that there are on this machine."""
    found: dict[str, Callable[[Path], Any]] = {
        "local": local,
        "memory": lambda folder: gateway(folder, EmbeddedExchange().end),
    }
    with contextlib.ExitStack() as running:
        folder = Path(running.enter_context(tempfile.TemporaryDirectory(prefix="tia-")))
        folder.chmod(0o755)
        kinds: dict[str, Callable[[Path], AbstractContextManager[servers.Server | None]]] = {
            "redis": servers.redis,
            "postgresql": servers.postgresql,
        }
        for name, kind in kinds.items():
            server = running.enter_context(kind(folder / name))
            if server is not None:
                found[name] = partial(gateway, end=partial(connect, server.url))
        yield found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--requests", type=int, default=300)
    parser.add_argument("--at-once", type=int, default=16)
    given = parser.parse_args()
    logging.disable(logging.WARNING)
    print(f"{'way':12}{'read ms':>10}{'95 %':>10}{'save ms':>10}{'reads/s':>10}{'read ratio':>12}")
    usual = 0.0
    with ways() as found:
        for name, make in found.items():
            with tempfile.TemporaryDirectory() as folder:
                read, late, change, rate = asyncio.run(
                    measure(partial(make, Path(folder)), given.requests, given.at_once)
                )
            usual = usual or read
            print(f"{name:12}{read:10.2f}{late:10.2f}{change:10.2f}{rate:10.0f}{read / usual:12.1f}")


if __name__ == "__main__":
    main()
