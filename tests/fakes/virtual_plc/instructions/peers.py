"""Partners of a CPU on this computer: plain sockets, and waiting for what they do."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from virtual_plc.cpu.cpu import VirtualCpu

LIMIT = 30.0
"""Seconds after which a test gives up; it matters only when something is wrong."""


def run_until(cpu: VirtualCpu, condition: Callable[[], Any]) -> Any:
    """Run cycles until a condition holds, and return it."""
    end = time.monotonic() + LIMIT
    while not (found := condition()):
        assert time.monotonic() < end, "the condition does not come true"
        cpu.run_cycles(1)
        time.sleep(0.0005)
    return found


@contextmanager
def listening() -> Iterator[tuple[socket.socket, int]]:
    """Yield a listening socket on a free port of the loopback address."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        made.listen(4)
        made.settimeout(LIMIT)
        yield made, made.getsockname()[1]


@contextmanager
def accepted(listener: socket.socket) -> Iterator[socket.socket]:
    """Yield the connection that the CPU has made."""
    made, _ = listener.accept()
    with made:
        made.settimeout(LIMIT)
        yield made


@contextmanager
def connected(port: int) -> Iterator[socket.socket]:
    """Yield a connection to a port of the CPU."""
    with socket.create_connection(("127.0.0.1", port), LIMIT) as made:
        yield made


def read_exactly(connection: socket.socket, count: int) -> bytes:
    """Return a number of bytes from a socket."""
    found = b""
    while len(found) < count:
        part = connection.recv(count - len(found))
        assert part, "the partner has ended the connection"
        found += part
    return found


def free_port() -> int:
    """Return a port that nothing listens on."""
    with socket.socket() as made:
        made.bind(("127.0.0.1", 0))
        return int(made.getsockname()[1])
