"""Redis and PostgreSQL as Debian has them, started for the tests: in a folder of their own, on Unix sockets only."""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from glob import glob
from itertools import count
from pathlib import Path

from engineering_api import processes

NOBODY = 65534
_numbers = count(1)


@dataclass
class Server:
    """A queue server that can be stopped and started again, with what it has on disk."""

    url: str
    command: list[str]
    folder: Path
    answers: Callable[[str], None]
    fresh: Callable[[str], str]
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        with (self.folder / "log").open("ab") as log:
            self.process = processes.start(
                self.command,
                how=signal.SIGINT,
                cwd=self.folder,
                stdout=log,
                stderr=log,
                user=_user(),
                start_new_session=True,
            )
        deadline = time.monotonic() + 120
        while True:
            try:
                self.answers(self.url)
            except Exception:  # noqa: BLE001 - each client library has its own
                assert time.monotonic() < deadline, (self.folder / "log").read_text()[-2000:]
                time.sleep(0.05)
            else:
                return

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        if self.process is not None:
            self.process.send_signal(how)
            self.process.wait(30)
            assert self.process.stdin is not None
            self.process.stdin.close()
            self.process = None


def _user() -> int | None:
    """PostgreSQL refuses to run as root."""
    return NOBODY if sys.platform != "win32" and os.geteuid() == 0 else None


@contextlib.contextmanager
def redis(folder: Path) -> Iterator[Server | None]:
    program = shutil.which("redis-server")
    if program is None:
        yield None
        return
    folder = _open_to_all(folder)
    socket = folder / "redis.sock"
    command = [
        program,
        "--port",
        "0",
        "--unixsocket",
        str(socket),
        "--dir",
        str(folder),
        "--appendonly",
        "yes",
        "--save",
        "",
    ]
    yield from _running(Server(f"unix://{socket}", command, folder, _redis_answers, _redis_fresh))


@contextlib.contextmanager
def postgresql(folder: Path) -> Iterator[Server | None]:
    found = sorted(glob("/usr/lib/postgresql/*/bin/postgres"))  # noqa: PTH207
    if not found:
        yield None
        return
    folder, programs = _open_to_all(folder), Path(found[-1]).parent
    make = [str(programs / "initdb"), "-D", str(folder / "data"), "-U", "tia", "--auth=trust", "-N", "-E", "UTF8"]
    subprocess.run(make, check=True, capture_output=True, user=_user(), cwd=folder)
    command = [
        str(programs / "postgres"),
        "-D",
        str(folder / "data"),
        "-k",
        str(folder),
        "-c",
        "listen_addresses=",
        "-c",
        "fsync=off",
    ]
    url = f"postgresql://tia@/postgres?host={folder}"
    yield from _running(Server(url, command, folder, _postgresql_answers, _postgresql_fresh))


def _open_to_all(folder: Path) -> Path:
    """A folder that the server's user may use, and whose path is short enough for a socket."""
    folder.mkdir()
    folder.chmod(0o777)
    return folder


def _running(server: Server) -> Iterator[Server]:
    server.start()
    try:
        yield server
    finally:
        server.stop()


def _redis_answers(url: str) -> None:
    from redis import Redis

    with Redis.from_url(url) as client:
        client.ping()


def _redis_fresh(url: str) -> str:
    """Another of the server's sixteen databases."""
    return f"{url}?db={next(_numbers) % 16}"


def _postgresql_answers(url: str) -> None:
    import psycopg

    psycopg.connect(url, connect_timeout=1).close()


def _postgresql_fresh(url: str) -> str:
    """Another database of the server."""
    import psycopg

    name = f"tia{next(_numbers)}"
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}")
    return url.replace("/postgres?", f"/{name}?")
