"""A receiver of webhooks on a loopback socket, which does with each request what the test wants."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Answer = int | Callable[["Handler"], None]


@dataclass
class Received:
    """One request as it came."""

    headers: dict[str, str]
    body: bytes

    @property
    def payload(self) -> Any:
        return json.loads(self.body)


@dataclass
class Receiver:
    """What came, and what is answered: the planned answers in their order, then 200."""

    url: str
    planned: list[Answer] = field(default_factory=list)
    received: list[Received] = field(default_factory=list)

    def wait(self, count: int, seconds: float = 20) -> list[Received]:
        """What came, once it is so many requests."""
        end = time.monotonic() + seconds
        while len(self.received) < count:
            assert time.monotonic() < end, f"{len(self.received)} of {count} requests came"
            time.sleep(0.01)
        return list(self.received)


class Handler(BaseHTTPRequestHandler):
    receiver: Receiver

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.receiver.received.append(Received(dict(self.headers.items()), body))
        answer = self.receiver.planned.pop(0) if self.receiver.planned else 200
        if isinstance(answer, int):
            self.send_response(answer)
            self.send_header("Location", "http://127.0.0.1:9/elsewhere")
            self.send_header("Content-Length", "0")
            self.end_headers()
        else:
            answer(self)

    def log_message(self, *args: Any) -> None:
        """Say nothing."""


def cut(handler: Handler) -> None:
    """Close the connection without an answer."""
    handler.close_connection = True


def held(gate: threading.Event) -> Answer:
    """Answer when the gate opens."""

    def answer(handler: Handler) -> None:
        gate.wait(30)
        handler.close_connection = True

    return answer


@contextmanager
def receiving(port: int = 0) -> Iterator[Receiver]:
    handler = type("OwnHandler", (Handler,), {})
    with ThreadingHTTPServer(("127.0.0.1", port), handler) as server:
        server.daemon_threads = True
        handler.receiver = receiver = Receiver(f"http://127.0.0.1:{server.server_port}/hook")
        thread = threading.Thread(target=server.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield receiver
        finally:
            server.shutdown()
            thread.join()
