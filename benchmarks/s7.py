"""What the S7 server and the S7 source cost: python -m benchmarks.s7

The client of python-snap7 asks our server over the virtual CPU, and its own server over byte arrays, in turns: reads of 200
bytes, writes of 4 bytes, and reads of 20 kB. Then a source reads 1000 tags of our server, against as many bytes in one read.
"""

from __future__ import annotations

import contextlib
import socket
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path

from snap7 import Client
from snap7.server import Server
from snap7.type import SrvArea

from benchmarks.figures import Figure, run
from runtime_data.sources.s7.connection import Connection
from runtime_data.sources.s7.source import S7Source
from tests.runtime_data.servers.s7.kit import PAIR, serve

LARGE = 20_000
ROUNDS, OPERATIONS = 5, 1000
TAGS = 1000


@contextlib.contextmanager
def peer() -> Iterator[int]:
    """The server of python-snap7; its port."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = int(free.getsockname()[1])
    server = Server()
    server.register_area(SrvArea.DB, PAIR, bytearray(LARGE + 8))
    server.start(port)
    try:
        yield port
    finally:
        server.stop()
        server.destroy()


def rate(work: Callable[[], object], count: int) -> float:
    """Operations a second."""
    begin = time.perf_counter()
    for _ in range(count):
        work()
    return count / (time.perf_counter() - begin)


def rates(works: list[Callable[[], object]], count: int) -> list[float]:
    """The best rate of each, in turns, so that all meet the same load."""
    best = [0.0] * len(works)
    for _ in range(ROUNDS):
        for number, work in enumerate(works):
            best[number] = max(best[number], rate(work, count))
    return best


def say(what: str, ours: float, theirs: float) -> None:
    """Print the rates behind a ratio."""
    sys.stdout.write(f"  {what}: {ours:,.0f}/s, the other {theirs:,.0f}/s\n")


def measure(short: bool) -> Iterator[Figure]:
    """Ask both servers, then read by a source."""
    count = OPERATIONS // 10 if short else OPERATIONS
    with tempfile.TemporaryDirectory() as folder, serve(Path(folder)) as served, peer() as port:
        clients = [Client().connect("127.0.0.1", 0, 1, each) for each in (served.server.port, port)]
        works: dict[str, tuple[int, Callable[[Client], object]]] = {
            "S7 reads of 200 bytes": (count, lambda client: client.db_read(PAIR, 8, 200)),
            "S7 writes of 4 bytes": (count, lambda client: client.db_write(PAIR, 8, bytearray(4))),
            "S7 reads of 20 kB": (count // 20, lambda client: client.db_read(PAIR, 8, LARGE)),
        }
        for what, (times, work) in works.items():
            ours, theirs = rates([partial(work, each) for each in clients], times)
            say(what, ours, theirs)
            yield Figure(what, "the server of python-snap7", ours / theirs, at_least=0.1)
        connection = Connection(lambda: ["127.0.0.1"], served.server.port, 0, 1, "basic")
        source = S7Source("CPU", connection, {})
        paths = [f"DB{PAIR}.DBD{8 + 4 * number}:DInt" for number in range(TAGS)]
        ours, theirs = rates([lambda: source.read(paths), lambda: clients[0].db_read(PAIR, 8, 4 * TAGS)], count // 20)
        say("reads of 1000 tags by a source", ours, theirs)
        yield Figure("1000 tags of an S7 source", "one read of their bytes", theirs / ours, at_most=10)
        source.close()
        for each in clients:
            each.disconnect()


if __name__ == "__main__":
    run(measure)
