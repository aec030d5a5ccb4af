"""Servers by fork, from one process for all tests; and a server in this process, as the tests of the API have it."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.reliability.forge import Forge


@pytest.fixture(scope="session")
def log(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the servers print."""
    return tmp_path_factory.mktemp("servers") / "servers.log"


@pytest.fixture(scope="session")
def forge(log: Path) -> Iterator[Forge]:
    """Starts servers and kills them."""
    if sys.platform != "linux":
        pytest.skip("servers are forked, and end with the process that forked them, on Linux only")
    made = Forge(log)
    yield made
    made.close()
