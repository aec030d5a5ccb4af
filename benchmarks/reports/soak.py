"""Run a server for minutes: `python -m benchmarks.reports.soak --minutes 5`.

Twelve clients add, change and delete tags, take and remove snapshots and save the project, waiting and as jobs, and listen to
events for moments. After the warm-up, memory, threads, open files and listeners must not grow. Prints a row of a Markdown table.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import re
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.reports.load import TABLES, TAGS, Gone, Link, memory
from tests.reliability.forge import KEY, Forge
from tests.reliability.wire import Wire

CLIENTS = 12
EVERY = 1.0
"""Seconds between two measurements of the server."""


@dataclass
class Figures:
    """The measurements.

    Attributes:
        looks: Memory in bytes, threads, descriptors and listeners, once a second after the warm-up.
        answers: Requests that were answered.
        faults: Unexpected results.
    """

    looks: list[dict[str, int]] = field(default_factory=list)
    answers: int = 0
    faults: list[str] = field(default_factory=list)

    def growth(self, name: str) -> int:
        """How much more there is in the last fifth of the time than in the first, by the middle values."""
        first, last = self.ends(name)
        return last - first

    def ends(self, name: str) -> tuple[int, int]:
        """The middle values of the first and of the last fifth of the time."""
        values = [look[name] for look in self.looks]
        fifth = max(1, len(values) // 5)
        return sorted(values[:fifth])[fifth // 2], sorted(values[-fifth:])[fifth // 2]


def look(pid: int, port: int) -> dict[str, int]:
    """What a server has now, seen from outside and as it says itself."""
    request = urllib.request.Request(f"http://127.0.0.1:{port}/metrics", headers={"X-API-Key": KEY})
    with urllib.request.urlopen(request) as answer:
        listeners = re.search(r"^tia_open_streams (\d+)", answer.read().decode(), re.MULTILINE)
    tasks, files = (len(list(Path(f"/proc/{pid}/{name}").iterdir())) for name in ("task", "fd"))
    return {
        "memory": memory(pid),
        "threads": tasks,
        "descriptors": files,
        "listeners": int(listeners[1]) if listeners else -1,
    }


async def work(port: int, number: int, end: float, figures: Figures) -> None:
    """One client: adds, reads, changes and deletes its tags; keeps, lists and removes snapshots; listens; starts jobs."""
    link, name = Link(port), f"Soak_{number}"

    async def send(method: str, path: str, body: Any = None) -> Any:
        status, _, document = await link.send(method, path, body)
        figures.answers += 1
        if status >= 400:
            figures.faults.append(f"{method} {path}: {status} {document['message']}")
            return None
        return document["data"]

    turn = 0
    while time.monotonic() < end:
        turn += 1
        tag = f"{name}_{turn % 5}"
        await send("POST", TAGS, {"tableName": "Soak", "name": tag, "dataType": "Int"})
        await send("PUT", f"{TABLES}/Soak/tags/{tag}", {"comment": f"{turn}"})
        await send("GET", f"{TABLES}/Soak/tags")
        await send("GET", "/api/projects/overview")
        await send("DELETE", f"{TABLES}/Soak/tags/{tag}")
        kept = await send("POST", "/api/history/tags/PLC_1/Watched/actions/snapshot", {"note": f"{turn}"})
        await send("DELETE", f"/api/history/snapshots/{kept['snapshotId']}") if kept else None
        if number == 0 and turn % 5 == 0:
            await send("POST", "/api/projects/actions/save-sync")
        if number == 1:
            await send("POST", "/api/projects/actions/save")
        await _listen_shortly(port)
    link.close()


async def _listen_shortly(port: int) -> None:
    """Listen to events for a moment, and go without a word."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET /api/events HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {KEY}\r\n\r\n".encode())
    await reader.read(100)
    writer.close()


async def _play(port: int, pid: int, seconds: float, warm: float, figures: Figures) -> None:
    begin = time.monotonic()
    clients = [asyncio.create_task(work(port, n, begin + seconds, figures)) for n in range(CLIENTS)]
    while time.monotonic() < begin + seconds:
        await asyncio.sleep(EVERY)
        if time.monotonic() > begin + warm:
            figures.looks.append(await asyncio.to_thread(look, pid, port))
    for outcome in await asyncio.gather(*clients, return_exceptions=True):
        if isinstance(outcome, Gone | Exception):
            figures.faults.append(repr(outcome))


def run(forge: Forge, folder: Path, seconds: float, warm: float) -> Figures:
    """Send requests to a separate server, and measure it after the warm-up."""
    figures = Figures()
    pid, port = forge.start(folder / "data")
    with Wire(port, KEY) as wire:
        wire.send("POST", "/api/projects/actions/create-sync", {"name": "Soak"})
        plc = {"orderNumber": "6ES7 511-1AK02-0AB0", "version": "V2.9", "name": "PLC_1"}
        wire.send("POST", "/api/projects/devices/actions/add-sync", plc)
        for table in ("Soak", "Watched"):
            wire.send("POST", f"{TABLES}/actions/create-sync", {"name": table})
    asyncio.run(_play(port, pid, seconds, warm, figures))
    forge.kill(pid)
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reports.soak")
    parser.add_argument("--minutes", type=float, default=5)
    minutes = min(parser.parse_args().minutes, 60)
    with tempfile.TemporaryDirectory() as name:
        forge = Forge(Path(name) / "servers.log")
        figures = run(forge, Path(name), minutes * 60, min(60, minutes * 15))
        forge.close()
    ends = {name: "{:,} to {:,}".format(*figures.ends(name)) for name in ("threads", "descriptors", "listeners")}
    before, after = (each / 2**20 for each in figures.ends("memory"))
    print(
        f"| soak of {minutes:g} min, {CLIENTS} clients | {figures.answers:,} answers | {len(figures.faults)} faults | "
        f"memory {before:.1f} to {after:.1f} MB | " + " | ".join(f"{name} {text}" for name, text in ends.items()) + " |"
    )
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", file=sys.stderr)
    for fault in figures.faults[:10]:
        print(f"FAULT {fault}", file=sys.stderr)
    sys.exit(bool(figures.faults))


if __name__ == "__main__":
    main()
