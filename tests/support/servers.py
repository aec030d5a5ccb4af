"""Server processes on loopback ports, for tests that talk to them as other programs do."""

from __future__ import annotations

import contextlib
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from engineering_api import processes
from tests.support.service import KEY


@pytest.fixture(scope="session")
def server_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("server")


@contextlib.contextmanager
def serving(folder: Path, **settings: str) -> Iterator[str]:
    """Run a server process whose data are in this folder, with these environment variables, and give its address."""
    command = [sys.executable, "-m", "engineering_api", "serve", "--backend", "fake", "--headless"]
    command += ["--port", "0", "--data-dir", str(folder / "data")]
    clean = {name: value for name, value in os.environ.items() if not name.startswith("TIA_")}
    with processes.start(
        command, stdout=subprocess.PIPE, text=True, env={**clean, "TIA_API_KEY": KEY, **settings}
    ) as process:
        assert process.stdout is not None
        address = re.search(r"http://[^ ]+", process.stdout.readline())
        assert address
        try:
            yield address[0]
        finally:
            process.terminate()


@pytest.fixture(scope="session")
def url(server_folder: Path) -> Iterator[str]:
    with serving(server_folder) as address:
        yield address


@pytest.fixture
def empty_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that no other test used: for a page whose reader begins with nothing."""
    with serving(tmp_path_factory.mktemp("server")) as address:
        yield address
