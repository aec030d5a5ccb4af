"""Servers by fork: one process imports everything once, and each server that is asked for starts in a tenth of a second.

What a forked server runs is what `tia serve` runs. Run as a program, this module takes orders as lines of JSON.
"""

from __future__ import annotations

import asyncio
import ctypes
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from engineering_api import processes
from tests.reliability.lag import Monitor

KEY = "the-key-of-the-kill-test"
PATIENCE = 60.0
END_WITH_PARENT = 1
"""Of prctl: no server outlives the process that forked it."""


class Forge:
    """Starts servers and kills them."""

    def __init__(self, log: Path) -> None:
        """Import everything, once. What the servers print goes to a file."""
        self._log = log.open("ab")
        self._process = processes.start(
            [sys.executable, "-m", "tests.reliability.forge"],
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )

    def start(self, data_dir: Path, **settings: Any) -> tuple[int, int]:
        """A server that answers. Returns its process id and its port.

        Args:
            data_dir: Its data folder.
            settings: Further settings of the service; `lag` is a file that tells how its event loop does (lag.py), `stuck`
                says which operations never end (stuck.py).
        """
        pid = self._order(start={"data_dir": str(data_dir), **settings})
        return pid, _port(data_dir, pid)

    def kill(self, pid: int, *, group: bool = False) -> None:
        """End a server at once, with the programs that it runs where the whole group is meant."""
        self._order(kill=pid, group=group)

    def end(self, pid: int) -> int:
        """Ask a server to end, as a supervisor does, and wait for it. Returns its exit status."""
        return self._order(end=pid)

    def close(self) -> None:
        """End the process that forks."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.close()
        self._process.wait(30)
        self._process.stdout.close()
        self._log.close()

    def _order(self, **order: Any) -> int:
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        return int(self._process.stdout.readline())


def _port(data_dir: Path, pid: int) -> int:
    """The port of a server, from the list of running servers."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        try:
            listed = json.loads((data_dir / "instances.json").read_bytes())
        except (FileNotFoundError, ValueError):
            listed = []
        for entry in listed:
            if entry["Pid"] == pid:
                return int(entry["Port"])
        time.sleep(0.005)
    msg = f"The server {pid} did not start: see its log."
    raise TimeoutError(msg)


def _serve(given: dict[str, Any]) -> None:
    from engineering_api.cli import serve
    from engineering_api.settings import Settings
    from tests.reliability import stuck

    os.setsid()
    ctypes.CDLL(None).prctl(END_WITH_PARENT, signal.SIGKILL)
    data_dir = Path(given.pop("data_dir"))
    if "lag" in given:
        _watch_loop(serve, Path(given.pop("lag")))
    stuck.replace(given.pop("stuck", {}))
    serve.serve(Settings(backend="fake", port=0, data_dir=data_dir, api_key=KEY, quiet=True, headless=True, **given))


def _watch_loop(serve: Any, file: Path) -> None:
    """Measure the server's event loop from its start on."""

    class Watched(serve.Server):
        async def startup(self, sockets: Any = None) -> None:
            self._monitor = asyncio.create_task(Monitor(file).run())
            await super().startup(sockets)

    serve.Server = Watched


def main() -> None:
    """Fork servers, and kill them, as asked."""
    import uvicorn.protocols.http.httptools_impl  # noqa: F401 - imported before the fork

    import fake_plcsim  # noqa: F401 - likewise
    from engineering_api.app import catalogue

    catalogue()
    for line in sys.stdin:
        order = json.loads(line)
        if "start" in order:
            sys.stdout.flush()
            pid = os.fork()
            if pid == 0:
                sys.stdin.close()
                os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
                _serve(order["start"])
                os._exit(0)
        elif "end" in order:
            os.kill(order["end"], signal.SIGTERM)
            pid = os.waitstatus_to_exitcode(os.waitpid(order["end"], 0)[1])
        else:
            pid = order["kill"]
            if order["group"]:
                os.killpg(pid, signal.SIGKILL)
            else:
                os.kill(pid, signal.SIGKILL)
            os.waitpid(pid, 0)
        sys.stdout.write(f"{pid}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
