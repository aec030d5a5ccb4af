"""A client that sends bytes as it likes, and what it hears."""

from __future__ import annotations

import json
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil

from tests.reliability.forge import KEY

PATIENCE = 30.0


@dataclass(frozen=True, slots=True)
class Heard:
    """An answer; status 0 where the connection ended without one."""

    status: int
    document: Any

    @property
    def code(self) -> str:
        """The code of the problem."""
        return str(self.document["error"]["code"])

    @property
    def message(self) -> str:
        """What it says."""
        return str(self.document["message"])


@dataclass(frozen=True, slots=True)
class Server:
    """A server process.

    Attributes:
        lag: The file that tells how its event loop does.
    """

    pid: int
    port: int
    lag: Path | None = None

    @property
    def memory(self) -> int:
        """Bytes of it that are in memory."""
        return int(psutil.Process(self.pid).memory_info().rss)

    def connect(self) -> socket.socket:
        """A connection."""
        return socket.create_connection(("127.0.0.1", self.port), timeout=PATIENCE)

    def say(self, pieces: Iterable[bytes]) -> Heard:
        """Send pieces on a connection until it ends or all are sent, and hear the answer."""
        with self.connect() as connection:
            try:
                for piece in pieces:
                    connection.sendall(piece)
            except OSError:
                pass  # refused meanwhile: the answer is there already
            return hear(connection)

    def ask(self, method: str, path: str, body: bytes = b"", *lines: bytes) -> Heard:
        """A request with a key."""
        return self.say([head(method, path, f"Content-Length: {len(body)}".encode(), *lines), body])


def head(method: str, path: str, *lines: bytes) -> bytes:
    """The head of a request with a key."""
    usual = [f"{method} {path} HTTP/1.1".encode(), b"Host: 127.0.0.1", b"X-API-Key: " + KEY.encode()]
    return b"\r\n".join([*usual, *lines, b"", b""])


def hear(connection: socket.socket) -> Heard:
    """The next answer on a connection."""
    came = b""
    try:
        while b"\r\n\r\n" not in came:
            came += (piece := connection.recv(65536))
            if not piece:
                return Heard(0, None)
        first, _, rest = came.partition(b"\r\n\r\n")
        lines = first.decode().lower().split("\r\n")
        size = next((int(line.partition(":")[2]) for line in lines if line.startswith("content-length:")), 0)
        while len(rest) < size:
            rest += (piece := connection.recv(65536))
            if not piece:
                return Heard(0, None)
    except ConnectionError:
        return Heard(0, None)
    return Heard(int(lines[0].split()[1]), json.loads(rest) if rest else None)
