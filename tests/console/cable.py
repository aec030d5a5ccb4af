"""A cable between browser and server that can be cut: the browser's own "offline" leaves streams open that are there already."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from urllib.parse import urlsplit


class Cable:
    """Forwards connections on a loopback port to a server, until it is cut."""

    def __init__(self, server: str) -> None:
        split = urlsplit(server)
        self._server = (split.hostname or "127.0.0.1", split.port or 80)
        self._open: list[socket.socket] = []
        self._is_cut = False
        self._flows = threading.Event()
        self._flows.set()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.address = f"http://127.0.0.1:{self._listener.getsockname()[1]}"
        self._threads = [threading.Thread(target=self._accept)]
        self._threads[0].start()

    def cut(self) -> None:
        """End all connections, and each new one at once."""
        self._is_cut = True
        for end in self._open:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
        self._open.clear()

    def freeze(self) -> None:
        """Keep all connections, and new ones, but forward nothing from the server: it looks like one that hangs."""
        self._flows.clear()

    def join(self) -> None:
        """Forward again."""
        self._is_cut = False
        self._flows.set()

    def close(self) -> None:
        """End the port and all connections."""
        self._listener.shutdown(socket.SHUT_RDWR)
        self._threads[0].join()
        self._listener.close()
        self.join()
        self.cut()
        for thread in self._threads[1:]:
            thread.join()

    def _accept(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._listener.accept()
                if self._is_cut:
                    near.close()
                    continue
                far = socket.create_connection(self._server)
                self._open += [near, far]
                self._threads.append(threading.Thread(target=_connect, args=(near, far, self._flows)))
                self._threads[-1].start()


def _connect(near: socket.socket, far: socket.socket, flows: threading.Event) -> None:
    """Copy both ways until both ends are closed."""
    with near, far:
        back = threading.Thread(target=_copy, args=(far, near, flows))
        back.start()
        _copy(near, far)
        back.join()


def _copy(one: socket.socket, other: socket.socket, flows: threading.Event | None = None) -> None:
    with contextlib.suppress(OSError):
        while piece := one.recv(65536):
            if flows is not None:
                flows.wait()
            other.sendall(piece)
    for end in (one, other):
        with contextlib.suppress(OSError):
            end.shutdown(socket.SHUT_RDWR)


@contextlib.contextmanager
def cable(server: str) -> Iterator[Cable]:
    """Lay a cable to a server."""
    laid = Cable(server)
    try:
        yield laid
    finally:
        laid.close()
