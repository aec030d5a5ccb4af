"""Many clients at once on one server: `python -m benchmarks.reports.load --clients 200 --seconds 20`.

Clients read, edit, count (each with If-Match, so that none may take another's count away), run jobs, listen to events,
listen without taking anything, and vanish in the middle of a request. At the end every acknowledged edit must be there,
every count must be counted, no answer may be one that nobody expects, and the server's memory must be bounded. Prints rows of a
Markdown table, with the load of the machine. Everything stays on this computer, and is bounded in number and time.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.reliability import lag
from tests.reliability.forge import KEY, Forge
from tests.reliability.wire import Wire

TABLES = "/api/devices/PLC_1/tag-tables"
TAGS = "/api/devices/PLC_1/tags"
COUNTERS = 4
LATER = (503,)
"""Statuses that ask a client to send the request again later."""


class Gone(Exception):  # noqa: N818 - a server that does not answer
    """The server closed the connection."""


class Link:
    """One kept connection."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def send(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[int, dict[str, str], Any]:
        """Status, headers in lower case, and the answer's document."""
        reader, writer = await self.open()
        content = b"" if body is None else json.dumps(body).encode()
        given = {
            "Host": "localhost",
            "X-API-Key": KEY,
            "Content-Type": "application/json",
            "Content-Length": f"{len(content)}",
        }
        lines = [f"{method} {path} HTTP/1.1", *(f"{name}: {value}" for name, value in (given | headers).items())]
        writer.write("\r\n".join([*lines, "", ""]).encode() + content)
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            got = {name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:] if line)}
            answer = await reader.readexactly(int(got.get("content-length", 0)))
        except (asyncio.IncompleteReadError, ConnectionError) as error:
            self.close()
            raise Gone(f"{method} {path}") from error
        return int(head[0].split()[1]), got, json.loads(answer) if answer else None

    async def open(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port, limit=1 << 24)
        return self._streams

    def close(self) -> None:
        if self._streams is not None:
            self._streams[1].close()
            self._streams = None


@dataclass
class Course:
    """What happened in a run.

    Attributes:
        times: Seconds of each answer, by the kind of client.
        statuses: Answers that are no success, by the kind of client and status.
        edits: Names of tags whose adding was acknowledged.
        counts: Counts that were acknowledged, by counter.
        events: Events that listeners got.
        memory: Bytes of the server before and after.
    """

    times: dict[str, list[float]] = field(default_factory=dict)
    statuses: Counter[tuple[str, int, str]] = field(default_factory=Counter)
    edits: set[str] = field(default_factory=set)
    counts: Counter[int] = field(default_factory=Counter)
    jobs: int = 0
    events: int = 0
    lost: list[str] = field(default_factory=list)
    memory: tuple[int, int] = (0, 0)
    lag: lag.Lag = field(default_factory=lag.Lag)

    def note_answer(self, kind: str, seconds: float, status: int, document: Any) -> bool:
        """Note an answer; whether it is a success."""
        self.times.setdefault(kind, []).append(seconds)
        if status < 400:
            return True
        self.statuses[kind, status, document["error"]["code"] if document else ""] += 1
        return False


class Client:
    """One client of a kind."""

    def __init__(self, kind: str, number: int, port: int, course: Course, end: float) -> None:
        self.kind, self.number, self.port, self.course, self.end = kind, number, port, course, end
        self.link, self.chance = Link(port), random.Random(number)  # noqa: S311
        self.done = 0

    async def run(self) -> None:
        try:
            while time.monotonic() < self.end:
                await KINDS[self.kind](self)
        finally:
            self.link.close()

    async def ask(self, method: str, path: str, body: Any = None, **headers: str) -> tuple[bool, dict[str, str], Any]:
        begin = time.monotonic()
        status, got, document = await self.link.send(method, path, body, **headers)
        good = self.course.note_answer(self.kind, time.monotonic() - begin, status, document)
        if status in LATER:
            await asyncio.sleep(float(got["retry-after"]) * self.chance.random())
        return good, got, document["data"] if good and document else None


async def read(client: Client) -> None:
    await client.ask("GET", client.chance.choice((TABLES, "/api/projects", f"{TABLES}/Edited/tags", "/api/jobs")))
    await asyncio.sleep(client.chance.random() * 0.2)


async def edit(client: Client) -> None:
    name = f"T_{client.number}_{client.done}"
    client.done += 1
    if (await client.ask("POST", TAGS, {"tableName": "Edited", "name": name, "dataType": "Bool"}))[0]:
        client.course.edits.add(name)
    await asyncio.sleep(client.chance.random() * 0.2)


async def count(client: Client) -> None:
    """Count up, if nobody has meanwhile."""
    which = client.chance.randrange(COUNTERS)
    good, got, tags = await client.ask("GET", f"{TABLES}/Counter_{which}/tags")
    if good:
        value = int(tags[0]["comment"]) + 1
        path = f"{TABLES}/Counter_{which}/tags/Count_{which}"
        if (await client.ask("PUT", path, {"comment": f"{value}"}, **{"If-Match": got["etag"]}))[0]:
            client.course.counts[which] += 1
    await asyncio.sleep(client.chance.random() * 0.1)


async def run_job(client: Client) -> None:
    note = f"{client.number}-{client.done}"
    client.done += 1
    body = {
        "operation": "history.snapshot_tags",
        "arguments": {"deviceName": "PLC_1", "tableName": "Counter_0", "note": note},
    }
    good, _, made = await client.ask("POST", "/api/jobs/execute", body)
    while good:
        good, _, job = await client.ask("GET", f"/api/jobs/{made['jobId']}")
        if good and job["completedAt"]:
            client.course.jobs += 1
            if job["status"] != "Completed":
                client.course.lost.append(f"job {job}")
            return
        await asyncio.sleep(0.2)


async def listen(client: Client) -> None:
    """Take all events until the end."""
    reader = await _listening(client)
    while (left := client.end - time.monotonic()) > 0:
        try:
            line = await asyncio.wait_for(reader.readline(), left)
        except TimeoutError:
            return
        if not line:
            break
        client.course.events += line.startswith(b"id:")
    client.link.close()


async def sleep_listening(client: Client) -> None:
    """Ask for all events, and take none."""
    await _listening(client)
    await asyncio.sleep(max(0.0, client.end - time.monotonic()))


async def vanish(client: Client) -> None:
    """Ask for something, and go before the answer."""
    _, writer = await client.link.open()
    name = f"V_{client.number}_{client.done}"
    client.done += 1
    body = json.dumps({"tableName": "Edited", "name": name, "dataType": "Bool"})
    writer.write(
        f"POST {TAGS} HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {KEY}\r\nContent-Length: {len(body)}\r\n\r\n{body}".encode()
    )
    await asyncio.sleep(client.chance.random() * 0.05)
    client.link.close()
    await asyncio.sleep(1 + client.chance.random() * 2)


async def _listening(client: Client) -> asyncio.StreamReader:
    reader, writer = await client.link.open()
    writer.write(f"GET /api/events HTTP/1.1\r\nHost: localhost\r\nX-API-Key: {KEY}\r\n\r\n".encode())
    head = await reader.readuntil(b"\r\n\r\n")
    if b" 200 " not in head.splitlines()[0]:
        client.course.lost.append(f"{client.kind}: {head.splitlines()[0]!r}")
    return reader


KINDS: dict[str, Callable[[Client], Coroutine[Any, Any, None]]] = {
    "read": read,
    "edit": edit,
    "count": count,
    "job": run_job,
    "listen": listen,
    "listen, take nothing": sleep_listening,
    "vanish": vanish,
}
SHARES = {
    "read": 0.5,
    "edit": 0.2,
    "count": 0.1,
    "job": 0.1,
    "listen": 0.04,
    "listen, take nothing": 0.03,
    "vanish": 0.03,
}
"""Which part of the clients is of which kind; at least one is."""


async def play(port: int, clients: int, seconds: float, course: Course) -> None:
    """Let all clients do what they do."""
    end = time.monotonic() + seconds
    kinds = [kind for kind, share in SHARES.items() for _ in range(max(1, round(share * clients)))][:clients]
    made = [Client(kind, number, port, course, end) for number, kind in enumerate(kinds)]
    outcomes = await asyncio.gather(*(each.run() for each in made), return_exceptions=True)
    course.lost += [f"{each.kind}: {error!r}" for each, error in zip(made, outcomes, strict=True) if error is not None]


def memory(pid: int) -> int:
    """Bytes of memory that a process has."""
    text = Path(f"/proc/{pid}/status").read_text()
    return int(next(line.split()[1] for line in text.splitlines() if line.startswith("VmRSS"))) << 10


def run(forge: Forge, folder: Path, clients: int, seconds: float, **settings: Any) -> Course:
    """Run once, on a separate server."""
    course, told = Course(), folder / "lag.json"
    pid, port = forge.start(folder / "data", lag=str(told), **settings)
    with Wire(port, KEY) as wire:
        wire.send("POST", "/api/projects/actions/create-sync", {"name": "Load"})
        plc = {"orderNumber": "6ES7 511-1AK02-0AB0", "version": "V2.9", "name": "PLC_1"}
        wire.send("POST", "/api/projects/devices/actions/add-sync", plc)
        wire.send("POST", f"{TABLES}/actions/create-sync", {"name": "Edited"})
        for which in range(COUNTERS):
            wire.send("POST", f"{TABLES}/actions/create-sync", {"name": f"Counter_{which}"})
            tag = {"tableName": f"Counter_{which}", "name": f"Count_{which}", "dataType": "Int", "comment": "0"}
            wire.send("POST", TAGS, tag)
    before = memory(pid)
    asyncio.run(play(port, clients, seconds, course))
    with Wire(port, KEY) as wire:
        names = {tag["name"] for tag in wire.send("GET", f"{TABLES}/Edited/tags")}
        counts = {n: int(wire.send("GET", f"{TABLES}/Counter_{n}/tags")[0]["comment"]) for n in range(COUNTERS)}
        wire.send("POST", "/api/projects/actions/save-sync")
        time.sleep(1.2)
        course.memory, course.lag = (before, memory(pid)), lag.read(told)
    forge.kill(pid)
    course.lost += [f"{len(gone)} edits"] if (gone := course.edits - names) else []
    course.lost += [
        f"counter {n} is {counts[n]} after {course.counts[n]} counts" for n in counts if counts[n] != course.counts[n]
    ]
    unexpected = {each: n for each, n in course.statuses.items() if each[1] not in LATER and each[2] not in EXPECTED}
    course.lost += [f"{n} times {each}" for each, n in unexpected.items()]
    return course


EXPECTED = ("request.precondition_failed",)
"""Codes of refusals that belong to the game: another has counted meanwhile."""


def quantile(times: list[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.reports.load")
    parser.add_argument("--clients", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=20)
    given = parser.parse_args()
    clients, seconds = min(given.clients, 500), min(given.seconds, 300)
    with tempfile.TemporaryDirectory() as name:
        forge = Forge(Path(name) / "servers.log")
        course = run(forge, Path(name), clients, seconds)
        forge.close()
    busy = sum(n for (_, status, _), n in course.statuses.items() if status in LATER)
    beat = course.lag
    for kind, times in course.times.items():
        cells = [
            f"{clients} clients: {kind}",
            f"{len(times) / seconds:.0f} answers/s",
            *(f"p{int(share * 100)} {quantile(times, share) * 1000:.0f} ms" for share in (0.5, 0.99)),
            f"worst {max(times) * 1000:.0f} ms",
        ]
        print(f"| {' | '.join(cells)} |")
    print(
        f"| {clients} clients: errors | {len(course.lost)} faults | {busy} asked to try again | "
        f"{course.jobs} jobs ended | {course.events:,} events heard |"
    )
    print(
        f"| {clients} clients: event loop | {beat.blocked} of {beat.beats} beats blocked over 50 ms by the service | "
        f"longest {beat.worst_own * 1000:.0f} ms | by the clock {beat.late}, longest {beat.worst * 1000:.0f} ms | "
        f"memory {course.memory[0] >> 20} to {course.memory[1] >> 20} MB |"
    )
    print(f"load of the machine: {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores", file=sys.stderr)
    for place, times_seen in sorted(beat.seen.items(), key=lambda each: -each[1])[:12]:
        print(f"  {times_seen:4} {place}", file=sys.stderr)
    for fault in course.lost[:20]:
        print(f"FAULT {fault}", file=sys.stderr)
    sys.exit(bool(course.lost))


if __name__ == "__main__":
    main()
