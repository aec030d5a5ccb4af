"""One server process for the tests of each module, whose limits are small, so that little has to be sent to pass them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from tests.reliability.forge import Forge
from tests.reliability.limits.peer import Server
from tests.reliability.limits.small import SMALL


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
