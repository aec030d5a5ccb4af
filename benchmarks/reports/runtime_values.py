"""What it costs to stream and to read values of the runtime: python -m benchmarks.reports.runtime_values [--seconds 5] [--clients 20]

First 5,000 tags of the service that all change each second, to 20 clients over server-sent events, each with all tags. The
computing time of the server's process, less that of the same writes without clients, is compared with a bare loop that
makes the same JSON for each client, and with one that makes it once and joins it for each client. The clients are another
process. Then readings of tags of a virtual CPU.
"""

from __future__ import annotations

import argparse
import asyncio
import multiprocessing
import tempfile
import time
from collections.abc import Callable
from multiprocessing.connection import Connection
from pathlib import Path
from urllib.parse import urlencode

import msgspec

import simatic_xml
from engineering_api.app import create_app
from engineering_api.cli.serve import Server, configuration, listening_socket
from engineering_api.operations.caller import Caller
from engineering_api.operations.context import Service
from engineering_api.operations.terms import Right
from engineering_api.settings import Settings
from engineering_api.storage.database import Database
from engineering_api.storage.runtime_definitions import RuntimeDefinitions
from runtime_data.documents import show
from runtime_data.runtime import Runtime
from runtime_data.sources.memory import KIND, MemorySource, MemoryTag
from runtime_data.sources.registry import SourceDefinition
from simatic_xml import scl
from simatic_xml.program.workspace import Workspace
from virtual_plc.memory.program import program_of

TAGS, STEPS, KEY = 5000, 5, "benchmark"
SOURCE, NAMES = "m", [str(number) for number in range(TAGS)]
CALLER = Caller("benchmark", Right.ADMINISTER)
BIG = """
DATA_BLOCK "Big"
VAR
  r : Array[0..4999] of Real;
END_VAR
BEGIN
END_DATA_BLOCK
ORGANIZATION_BLOCK "Main"
BEGIN
  "Big".r[0] := "Big".r[0] + 1.0;
END_ORGANIZATION_BLOCK
"""


def listen(port: int, clients: int, control: Connection) -> None:
    """Listen in another process; say when all clients have first values, and at the end how many values came."""
    query = urlencode({"tag": [f"{SOURCE}:{name}" for name in NAMES]}, doseq=True, safe=":")
    request = f"GET /api/runtime/values/stream?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\nX-API-Key: {KEY}\r\n\r\n".encode()

    async def one(ready: asyncio.Semaphore) -> int:
        reader, writer = await asyncio.open_connection("127.0.0.1", port, limit=1 << 24)
        writer.write(request)
        assert b"200 OK" in await reader.readline()
        values, rest = 0, b""
        while data := await reader.read(1 << 18):
            data = rest + data
            values += data.count(b'"tag":')
            rest = data[-5:]
            if values >= TAGS:
                ready.release()
        return values

    async def all_of_them() -> int:
        ready = asyncio.Semaphore(0)
        tasks = [asyncio.create_task(one(ready)) for _ in range(clients)]
        for _ in tasks:
            await ready.acquire()
        control.send("ready")
        return sum(await asyncio.gather(*tasks))

    control.send(asyncio.run(all_of_them()))


async def write(memory: MemorySource, seconds: int) -> float:
    """Change all tags each second; return the computing time of this process for a second."""
    begun = time.process_time()
    for second in range(seconds):
        due = time.monotonic()
        for step in range(STEPS):
            part = [(name, second + number / 7 + time.monotonic()) for number, name in enumerate(NAMES[step::STEPS])]
            await asyncio.to_thread(memory.write, part, {}, atomic=False)
            await asyncio.sleep(max(0.0, due + (step + 1) / STEPS - time.monotonic()))
    return (time.process_time() - begun) / seconds


def bare(service: Service, clients: int, *, shared: bool) -> float:
    """Return the computing time of a loop that makes the JSON of all values for all clients."""
    values = asyncio.run(service.part(Runtime).read(CALLER, [f"{SOURCE}:{name}" for name in NAMES]))
    encoder = msgspec.json.Encoder()
    begun = time.process_time()
    for step in range(STEPS):
        part = values[step::STEPS]
        if shared:
            made = [encoder.encode(show(value)) for value in part]
            for _ in range(clients):
                b"[" + b",".join(made) + b"]"
        else:
            for _ in range(clients):
                encoder.encode([show(value) for value in part])
    return time.process_time() - begun


def stream(folder: Path, seconds: int, clients: int) -> None:
    """Print what streams cost."""
    given = {"runtime_stream_tags": TAGS, "max_url": 0, "max_header_bytes": 0}
    settings = Settings(backend="fake", data_dir=folder, api_key=KEY, port=0, quiet=True, **given)
    database = Database(folder / "service.db")
    definitions = RuntimeDefinitions(database)
    definitions.put("source", SOURCE, SourceDefinition(SOURCE, "memory"))
    definitions.put_all(f"{KIND}:{SOURCE}", {name: MemoryTag(name, "LReal", retain=False) for name in NAMES})
    database.close()
    app = create_app(settings)
    service: Service = app.state.service
    memory = service.part(Runtime).sources.find(SOURCE)
    assert isinstance(memory, MemorySource)
    memory.write([(name, 0.5) for name in NAMES], {}, atomic=False)
    once, each = (min(bare(service, clients, shared=shared) for _ in range(3)) for shared in (True, False))

    async def served() -> tuple[float, float, int]:
        sock = listening_socket("127.0.0.1", 0)
        server = Server(configuration(app, settings), service)
        task = asyncio.create_task(server.serve([sock]))
        while not server.started:  # noqa: ASYNC110 - it has no event
            await asyncio.sleep(0.01)
        alone = await write(memory, seconds)
        here, there = multiprocessing.Pipe()
        process = multiprocessing.get_context("spawn").Process(
            target=listen, args=(sock.getsockname()[1], clients, there)
        )
        process.start()
        there.close()
        assert await asyncio.to_thread(here.recv) == "ready"
        busy = await write(memory, seconds)
        server.should_exit = True
        await task
        received = await asyncio.to_thread(here.recv)
        process.join()
        return alone, busy, received

    alone, busy, received = asyncio.run(served())
    expected = clients * TAGS * (seconds + 1)
    assert received >= 0.9 * expected, f"{received} of {expected} values came"
    cost = busy - alone
    print(f"{TAGS} changing tags a second to {clients} clients, {received} values in {seconds} s and the first ones")
    print(f"  writes without clients             {alone * 1000:8.0f} ms of computing a second")
    print(f"  streams                            {cost * 1000:8.0f} ms")
    print(f"  bare loop, JSON for each client    {each * 1000:8.0f} ms   streams take {cost / each:5.2f} times as long")
    print(f"  bare loop, JSON made once          {once * 1000:8.0f} ms   streams take {cost / once:5.2f} times as long")


def best(call: Callable[[], object], rounds: int) -> float:
    """Return the seconds of a call, in the quickest of some rounds."""
    times = []
    for _ in range(rounds):
        begun = time.perf_counter()
        call()
        times.append(time.perf_counter() - begun)
    return min(times)


def read(folder: Path, rounds: int) -> None:
    """Print what reading a virtual CPU costs."""
    app = create_app(Settings(backend="fake", data_dir=folder, api_key=KEY))
    service: Service = app.state.service
    handle = service.simulation.register("PLC_1", "CPU1511")
    with handle.use() as api:
        api.PowerOn(60_000)
        workspace = Workspace()
        for document in scl.generate(BIG).documents:
            workspace.put_document(simatic_xml.load(document))
        api._load(program_of(workspace), workspace)  # noqa: SLF001 - as TIA Portal's download does
        api.Run(60_000)
    runtime = service.part(Runtime)
    print("readings of a virtual CPU")
    for count in (1000, TAGS):
        tags = [f"PLC_1:Big.r[{number}]" for number in range(count)]
        values = asyncio.run(runtime.read(CALLER, tags))
        assert all(value.is_good for value in values)
        seconds = best(lambda: asyncio.run(runtime.read(CALLER, tags)), rounds)  # noqa: B023 - it is called here
        print(f"  {count} tags   {seconds * 1000:8.1f} ms   {1 / seconds:8.1f} readings a second")
    service.simulation.close()


def main() -> None:
    """Measure."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--clients", type=int, default=20)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "stream").mkdir()
        stream(Path(folder) / "stream", given.seconds, given.clients)
        read(Path(folder) / "read", max(3, given.seconds * 2))


if __name__ == "__main__":
    main()
