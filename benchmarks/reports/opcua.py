"""What the OPC UA server carries: python -m benchmarks.reports.opcua [--short]

A service in a separate process changes all tags of a memory source each second; a client in this process monitors them all.
Printed are the changes that arrive a second, the CPU time and the memory of the service, reads in bulk, single reads under
that load, and the time to make nodes.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import statistics
import sys
import tempfile
import time
from functools import partial
from pathlib import Path
from typing import Any

import psutil
from asyncua import Client, Server, ua

from engineering_api.app import create_app
from engineering_api.settings import Settings
from runtime_data.runtime import Runtime
from runtime_data.servers.opcua.address_space import Nodes
from runtime_data.servers.opcua.nodes import entries
from runtime_data.servers.servers import Servers
from runtime_data.sources.memory import MemorySource, MemoryTag
from runtime_data.values import TagInfo

TAGS, NODES = (1000, 3000, 5000), (5000, 20_000)
SECONDS, READS = 10, 100
SETTINGS = {"port": 0, "source": "memory", "anonymous": "read", "unsecured": True, "maxItems": 20_000}


class Counting:
    """Counts changes."""

    count = 0

    def datachange_notification(self, _node: object, _value: object, _data: object) -> None:
        self.count += 1


def name(number: int) -> str:
    return f"DB{number // 100}.v{number}"


async def serve(tags: int, folder: Path) -> None:
    """Run the service until its input ends, and print where it listens."""
    app = create_app(Settings(backend="fake", data_dir=folder, api_key="benchmark", quiet=True))
    service = app.state.service
    async with app.lifespan():
        memory = await asyncio.to_thread(service.part(Runtime).sources.find, "memory")
        assert isinstance(memory, MemorySource)
        for number in range(tags):
            await asyncio.to_thread(memory.define, MemoryTag(name(number), "Real", retain=False))
        report = await service.part(Servers).set("opcua", enabled=True, settings=SETTINGS)
        print(report.endpoints[0], flush=True)
        loop = asyncio.get_running_loop()
        ended = loop.run_in_executor(None, sys.stdin.read)
        turn = 0.0
        while not ended.done():
            begin, turn = time.monotonic(), turn + 1
            values = [(name(number), turn) for number in range(tags)]
            await asyncio.to_thread(partial(memory.write, values, {}, atomic=False))
            await asyncio.sleep(max(0.0, begin + 1 - time.monotonic()))


async def measure(tags: int, seconds: float) -> dict[str, float]:
    """The figures for so many tags."""
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "benchmarks.reports.opcua", "--serve", str(tags), "--folder", folder]
        pipe = asyncio.subprocess.PIPE
        process = await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe)
        assert process.stdout is not None and process.stdin is not None
        try:
            url = (await process.stdout.readline()).decode().strip()
            async with Client(url, timeout=60, watchdog_intervall=60) as client:
                return await _measure(client, tags, seconds, psutil.Process(process.pid))
        finally:
            process.stdin.close()
            await process.wait()


async def _measure(client: Client, tags: int, seconds: float, process: Any) -> dict[str, float]:
    nodes = [client.get_node(ua.NodeId('"' + name(number).replace(".", '"."') + '"', 3)) for number in range(tags)]
    begin = time.perf_counter()
    for _ in range(3):
        for at in range(0, tags, 1000):
            await client.read_values(nodes[at : at + 1000])
    bulk = 3 * tags / (time.perf_counter() - begin)
    heard = Counting()
    subscription = await client.create_subscription(100, heard)
    for at in range(0, tags, 1000):
        await subscription.subscribe_data_change(nodes[at : at + 1000], queuesize=1)
    await asyncio.sleep(2)
    used, count, begin, reads = sum(process.cpu_times()[:2]), heard.count, time.perf_counter(), []
    while time.perf_counter() - begin < seconds:
        at = time.perf_counter()
        await nodes[0].read_value()
        reads.append((time.perf_counter() - at) * 1000)
        await asyncio.sleep(seconds / READS)
    took = time.perf_counter() - begin
    return {
        "changes": (heard.count - count) / took,
        "cpu": 100 * (sum(process.cpu_times()[:2]) - used) / took,
        "memory": process.memory_info().rss / 1e6,
        "bulk": bulk,
        "median": statistics.median(reads),
        "worst": max(reads),
    }


async def make(count: int) -> float:
    """Seconds to make so many nodes."""
    server = Server()
    await server.init()
    infos = [
        TagInfo(f"PLC_1:DB{number // 1000}.v{number}", f"v{number}", "Real", area="DataBlock")
        for number in range(count)
    ]
    begin = time.perf_counter()
    await Nodes(server.iserver.aspace).replace("PLC_1", entries(infos))
    return time.perf_counter() - begin


def main() -> None:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--short", action="store_true", help="measure less")
    parser.add_argument("--serve", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--folder", default="", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.serve:
        asyncio.run(serve(given.serve, Path(given.folder)))
        return
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(f"{'tags':>6}{'changes/s':>11}{'CPU %':>7}{'MB':>6}{'bulk reads/s':>14}{'single ms':>11}{'worst ms':>10}")
    for tags in TAGS[:1] if given.short else TAGS:
        found = asyncio.run(measure(tags, 2 if given.short else SECONDS))
        row = f"{found['changes']:11,.0f}{found['cpu']:7.0f}{found['memory']:6.0f}{found['bulk']:14,.0f}"
        print(f"{tags:6,}{row}{found['median']:11.1f}{found['worst']:10.1f}", flush=True)
    for count in NODES[:1] if given.short else NODES:
        print(f"{count:,} nodes in {asyncio.run(make(count)):.1f} s", flush=True)


if __name__ == "__main__":
    main()
