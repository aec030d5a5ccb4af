"""Programs that ask a server: one that asks itself, and relays of several kinds. It runs as a process of its own.

ask PORT [NAME=VALUE ...]   asks for the key with these headers and prints status and body
holds PORT WAY              asks while it holds another socket, which a relay would need
relay PORT                  takes connections on a port, which it prints, and hands each on
forking PORT                the same, each connection in a child that has no listening socket
"""

from __future__ import annotations

import contextlib
import http.client
import os
import socket
import sys
import threading

LOCAL = "127.0.0.1"


def ask(port: int, *headers: str) -> None:
    connection = http.client.HTTPConnection(LOCAL, port, timeout=30)
    connection.request("GET", "/api/auth/local-key", headers=dict(each.split("=", 1) for each in headers))
    answer = connection.getresponse()
    sys.stdout.write(f"{answer.status} {answer.getheader('Cache-Control')} {answer.read().decode()}\n")


def holds(port: int, way: str) -> None:
    with contextlib.ExitStack() as stack:
        for each in _open(way):
            stack.enter_context(each)
        ask(port)


def _open(way: str) -> list[socket.socket]:
    """A socket by which somebody else could reach this process; the ends of others are a part of it."""
    if way == "unix":
        found = socket.socket(socket.AF_UNIX)
        found.bind(f"\0relay-{os.getpid()}")
        found.listen()
        return [found]
    if way == "udp":
        found = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        found.bind((LOCAL, 0))
        return [found]
    listening = socket.create_server((LOCAL, 0))
    if way == "listening":
        return [listening]
    out = socket.create_connection(listening.getsockname())
    accepted = listening.accept()[0]
    listening.close()
    return [out, accepted]


def relay(port: int, *, fork: bool = False) -> None:
    listening = socket.create_server((LOCAL, 0))
    sys.stdout.write(f"{listening.getsockname()[1]}\n")
    sys.stdout.flush()
    while True:
        client = listening.accept()[0]
        if not fork:
            threading.Thread(target=_hand_on, args=(client, port), daemon=True).start()
        elif os.fork() == 0:
            listening.close()
            _hand_on(client, port)
            os._exit(0)
        else:
            client.close()


def _hand_on(client: socket.socket, port: int) -> None:
    server = socket.create_connection((LOCAL, port))
    back = threading.Thread(target=_copy, args=(server, client))
    back.start()
    _copy(client, server)
    back.join()


def _copy(source: socket.socket, target: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            target.sendall(data)
        target.shutdown(socket.SHUT_WR)


if __name__ == "__main__":
    what, port, *more = sys.argv[1:]
    if what == "ask":
        ask(int(port), *more)
    elif what == "holds":
        holds(int(port), *more)
    else:
        relay(int(port), fork=what == "forking")
