"""One server process for the tests of each module, whose limits are small, so that little has to be sent to pass them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.limits.peer import Server
from tests.reliability.conftest import forge, log
from tests.reliability.forge import Forge

__all__ = ["forge", "log"]
SMALL = {
    "max_headers": 20,
    "max_header_bytes": 8 << 10,
    "max_url": 1 << 10,
    "max_body": 1 << 20,
    "max_message": 64 << 10,
    "max_json_depth": 20,
    "max_json_values": 50_000,
    "max_connections": 40,
    "head_timeout": 3.0,
    "body_timeout": 3.0,
    "keep_alive": 30,
}


@pytest.fixture(scope="module")
def server(forge: Forge, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with small limits."""
    pid, port = forge.start(tmp_path_factory.mktemp("limits"), **SMALL)
    yield Server(pid, port)
    assert psutil.pid_exists(pid)
    forge.kill(pid)


@pytest.fixture(scope="module")
def usual(forge: Forge, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server with the limits that it has when nothing is set, which tells how its event loop does."""
    folder: Path = tmp_path_factory.mktemp("usual")
    pid, port = forge.start(folder, lag=str(folder / "lag.json"))
    yield Server(pid, port, folder / "lag.json")
    assert psutil.pid_exists(pid)
    forge.kill(pid)
